package kit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// later keeps the work of a Runner until the test does it.
type later struct{ jobs []func() }

func (l *later) Run(work func(context.Context), done func()) {
	l.jobs = append(l.jobs, func() { work(context.Background()); done() })
}
func (l *later) Post(f func()) { f() }

func TestLoaderDropsOvertakenResults(t *testing.T) {
	run, said := &later{}, &uitest.Said{}
	l := kit.NewLoader[string](run, said)
	var shown []string
	for _, v := range []string{"old", "new"} {
		l.Load(func(context.Context) (string, error) { return v, nil }, func(s string) { shown = append(shown, s) })
	}
	run.jobs[1]()
	run.jobs[0]()
	if len(shown) != 1 || shown[0] != "new" {
		t.Errorf("shown %v, want only the new one", shown)
	}
}

func TestLoaderStopsAndCancels(t *testing.T) {
	run, said := &later{}, &uitest.Said{}
	l := kit.NewLoader[int](run, said)
	var ended error
	l.Load(func(ctx context.Context) (int, error) { <-ctx.Done(); ended = ctx.Err(); return 0, ended },
		func(int) { t.Error("a stopped load shows nothing") })
	l.Stop()
	run.jobs[0]()
	if !errors.Is(ended, context.Canceled) || len(said.Errors) != 0 {
		t.Errorf("ended with %v, said %v", ended, said.Errors)
	}
}

func TestLoaderHasOneErrorPath(t *testing.T) {
	said, own := &uitest.Said{}, 0
	l := kit.NewLoader[int](kit.Inline{}, said)
	bad := errors.New("bad")
	l.LoadOr(func(context.Context) (int, error) { return 0, bad }, func(int) { t.Error("no value") }, func(error) { own++ })
	if len(said.Errors) != 1 || said.Errors[0] != bad || own != 1 {
		t.Errorf("said %v, own %d", said.Errors, own)
	}
}

func TestDoShowsErrorInsteadOfDone(t *testing.T) {
	said, done := &uitest.Said{}, 0
	kit.Do(kit.Inline{}, said, func(context.Context) error { return errors.New("bad") }, func() { done++ })
	kit.Do(kit.Inline{}, said, func(context.Context) error { return nil }, func() { done++ })
	if done != 1 || len(said.Errors) != 1 {
		t.Errorf("done %d times, said %v", done, said.Errors)
	}
}

func TestRouteInWords(t *testing.T) {
	for want, r := range map[string]kit.Route{
		"today":                               {Page: "today"},
		"couple/0192/sessions?lens=a&item=77": {Page: "couple", ID: "0192", Tab: "sessions", Lens: kit.LensA, Item: "77"},
	} {
		if got := r.String(); got != want {
			t.Errorf("%+v is %q, want %q", r, got, want)
		}
	}
}

func TestDrainWaitsForWhatIsBeingSaved(t *testing.T) {
	uitest.NewApp(t)
	b := kit.NewBackground()
	release, saved, order := make(chan struct{}), make(chan struct{}), make(chan string, 2)
	b.Run(func(context.Context) { <-release; order <- "saved" }, func() { close(saved) })
	ended := make(chan struct{})
	b.Drain(func() { order <- "closed" }, func() { close(ended) })
	close(release)
	<-saved
	<-ended
	if first, second := <-order, <-order; first != "saved" || second != "closed" {
		t.Errorf("%s before %s", first, second)
	}
	b.Stop()
	stopped := make(chan error)
	b.Run(func(ctx context.Context) { stopped <- ctx.Err() }, nil)
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Errorf("after Stop the context says %v", err)
	}
}
