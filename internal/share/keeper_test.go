package share_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/sessions"
)

// timer is the clock of all keepers of a test: what is due happens when it is wound.
type timer struct {
	clock *casebooktest.Clock
	calls []*call
}

type call struct {
	at time.Time
	f  func()
}

func (w *timer) after(d time.Duration, f func()) func() {
	c := &call{w.clock.Now().Add(d), f}
	w.calls = append(w.calls, c)
	return func() { w.calls = slices.DeleteFunc(w.calls, func(x *call) bool { return x == c }) }
}

func (w *timer) wind(d time.Duration) {
	end := w.clock.Now().Add(d)
	for {
		var next *call
		for _, c := range w.calls {
			if !c.at.After(end) && (next == nil || c.at.Before(next.at)) {
				next = c
			}
		}
		if next == nil {
			w.clock.Move(end.Sub(w.clock.Now()))
			return
		}
		w.calls = slices.DeleteFunc(w.calls, func(x *call) bool { return x == next })
		w.clock.Move(next.at.Sub(w.clock.Now()))
		next.f()
	}
}

// kept is a casebook that is kept in step.
type kept struct {
	*share.Keeper
	cb      *casebook.Casebook
	came    func(name string) // what the system tells of the folder
	watched []string
	told    []share.State
	events  []string
}

func (k *kept) Add(folder string) error { k.watched = append(k.watched, folder); return nil }

func (k *kept) Close() error { return nil }

func (o *office) keep(w *timer, cb *casebook.Casebook, opts share.Options) *kept {
	o.t.Helper()
	k := &kept{cb: cb}
	cb.Changes.Subscribe(func(c events.Changed) { k.events = append(k.events, c.Action) })
	k.Keeper = share.Keep(cb, share.Keeping{
		Options: opts, After: w.after, Told: func(s share.State) { k.told = append(k.told, s) },
		Watch: func(came func(string)) (share.Watcher, error) { k.came = came; return k, nil },
	})
	o.t.Cleanup(k.Keeper.Close)
	return k
}

// kept is an office with two computers that are kept in step and have nothing to do.
func newKept(t *testing.T) (*office, *timer, *kept, *kept) {
	t.Helper()
	o := newOffice(t)
	w := &timer{clock: o.clock}
	a, b := o.keep(w, o.cb[0], share.Options{}), o.keep(w, o.cb[1], share.Options{})
	if err := share.Announce(ctx, b.cb); err != nil {
		t.Fatal(err)
	}
	w.wind(2*time.Minute + 5*time.Second) // the folder was just looked through
	return o, w, a, b
}

// files are the names of all small files of the folder.
func (o *office) files() []string {
	o.t.Helper()
	found, err := filepath.Glob(filepath.Join(o.folder, "*.changes", "*"))
	if err != nil {
		o.t.Fatal(err)
	}
	return found
}

func TestACommitReachesTheOtherComputerByItself(t *testing.T) {
	o, w, a, b := newKept(t)
	had := len(o.files())
	couple := o.couple()
	o.note(0, couple, "told soon")
	w.wind(2 * time.Second)
	if n := len(o.files()); n != had {
		t.Fatalf("%d files at once", n-had)
	}
	w.wind(2 * time.Second)
	if n := len(o.files()); n != had+1 {
		t.Fatalf("%d files within five seconds, not one for both commits", n-had)
	}
	b.events = nil
	b.came(a.cb.Device().String() + "-000000000001.chg")
	w.wind(time.Second)
	if d := cmp.Diff(dumped(t, a.cb), dumped(t, b.cb)); d != "" {
		t.Fatalf("within two seconds of the arrival:\n%s", d)
	}
	if !slices.Equal(b.events, []string{"casebook.merge"}) {
		t.Errorf("pages were told %q", b.events)
	}
	s := b.State()
	if s.Trouble != nil || s.Working || s.At.IsZero() || s.Folder != o.folder || len(s.Devices) != 2 || s.Devices[1].Heard.IsZero() {
		t.Errorf("%+v", s)
	}
	if !slices.Contains(b.watched, o.folder) || !slices.Contains(b.watched, filepath.Dir(o.files()[0])) {
		t.Errorf("watched: %q", b.watched)
	}
}

func TestNetworkFoldersThatTellNothingAreLookedThrough(t *testing.T) {
	o, w, a, b := newKept(t)
	o.couple()
	w.wind(40 * time.Second)
	if d := cmp.Diff(dumped(t, a.cb), dumped(t, b.cb)); d != "" {
		t.Fatal(d)
	}
	// With nothing to do, nothing is written, and no page loads again.
	a.events, b.events = nil, nil
	files := o.files()
	w.wind(time.Hour)
	if len(a.events)+len(b.events) > 0 || !slices.Equal(files, o.files()) {
		t.Errorf("in an hour without work: %q %q, files %q", a.events, b.events, o.files())
	}
}

func TestAnAutosaveNeverPublishes(t *testing.T) {
	o, w, a, _ := newKept(t)
	couple := o.couple()
	w.wind(time.Minute)
	had := o.files()
	s := sessions.New(a.cb, nil)
	n, err := s.Start(ctx, clients.For(clients.CoachView, "2026-11-22"), sessions.NewNote{Couple: couple, Template: "brief-contact", At: o.clock.Now(), Zone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	key, body := n.Fields[0].Key, ""
	for range 150 { // five minutes of typing, kept every two seconds; the folder is looked through ten times
		body += "a word "
		if _, err := s.SaveDraft(ctx, n, key, body); err != nil {
			t.Fatal(err)
		}
		w.wind(2 * time.Second)
	}
	if got := o.files(); !slices.Equal(got, had) {
		t.Fatalf("while somebody types, %d files were written", len(got)-len(had))
	}
	if err := s.SaveRevision(ctx, n, map[string]string{key: body}); err != nil {
		t.Fatal(err)
	}
	w.wind(5 * time.Second)
	if got := o.files(); len(got) != len(had)+1 {
		t.Fatalf("the revision made %d files", len(got)-len(had))
	}
}

func TestAFolderThatVanishesIsNamedAndComesBack(t *testing.T) {
	o, w, a, b := newKept(t)
	away := o.folder + " away"
	if err := os.Rename(o.folder, away); err != nil {
		t.Fatal(err)
	}
	couple := o.couple()
	w.wind(time.Minute)
	if s := a.State(); s.Trouble == nil || !strings.Contains(s.Trouble.Error(), "not there") || s.At.IsZero() {
		t.Fatalf("%+v", s)
	}
	if err := os.Rename(away, o.folder); err != nil {
		t.Fatal(err)
	}
	w.wind(time.Minute)
	if s := a.State(); s.Trouble != nil {
		t.Fatal(s.Trouble)
	}
	w.wind(time.Minute)
	if _, err := clients.New(b.cb).Header(ctx, clients.For(clients.CoachView, "2026-11-22"), couple, o.clock.Now()); err != nil {
		t.Errorf("what was written meanwhile did not come: %v", err)
	}
}

func TestClosingTellsFirstAndThenNothing(t *testing.T) {
	o, w, a, b := newKept(t)
	o.couple()
	a.Keeper.Close()
	w.wind(time.Minute)
	if d := cmp.Diff(dumped(t, a.cb), dumped(t, b.cb)); d != "" {
		t.Fatal(d)
	}
	told, files := len(a.told), o.files()
	o.couple()
	a.came("anything.chg")
	w.wind(time.Hour)
	if len(a.told) != told || len(o.files()) != len(files) {
		t.Errorf("after the end: told %d times, %d files", len(a.told)-told, len(o.files())-len(files))
	}
}

func TestAFileThatComesSlowlyIsNamedOnlyIfItStays(t *testing.T) {
	o, w, a, b := newKept(t)
	o.couple()
	w.wind(time.Minute)
	whole, err := os.ReadFile(o.files()[0])
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(o.folder, "half.chg")
	if err := os.WriteFile(half, whole[:len(whole)-5], 0o600); err != nil {
		t.Fatal(err)
	}
	newer := append([]byte{}, whole...)
	newer[len("COUPLET-SHARE\x00")+3] = 9 // the oldest reader that can read it
	if err := os.WriteFile(filepath.Join(o.folder, "newer.chg"), newer, 0o600); err != nil {
		t.Fatal(err)
	}
	names := func(s share.State) (out []string) {
		for _, w := range s.Waiting {
			out = append(out, w.Name+": "+string(w.Kind))
		}
		return out
	}
	b.came("half.chg")
	w.wind(time.Second)
	if got := names(b.State()); !slices.Equal(got, []string{"newer.chg: newer"}) {
		t.Errorf("at once: %q", got)
	}
	w.wind(2 * time.Minute)
	if got := names(a.State()); !slices.Equal(got, []string{"half.chg: incomplete", "newer.chg: newer"}) {
		t.Errorf("after two minutes: %q", got)
	}
}

func TestARemovedComputerIsToldAndMayTakePartAgain(t *testing.T) {
	o, w, a, b := newKept(t)
	if err := share.Remove(ctx, a.cb, b.cb.Device()); err != nil {
		t.Fatal(err)
	}
	lost := clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Offline"}}}
	if _, err := clients.New(b.cb).CreateCouple(ctx, lost); err != nil {
		t.Fatal(err)
	}
	w.wind(time.Second) // before it hears of it
	w.wind(2 * time.Minute)
	s := b.State()
	if !errors.Is(s.Trouble, share.ErrRemoved) {
		t.Fatalf("the removed computer says %v", s.Trouble)
	}
	devices, err := share.Devices(ctx, a.cb)
	if err != nil || !slices.ContainsFunc(devices, func(d share.Device) bool { return !d.Own && !d.Removed.IsZero() }) {
		t.Errorf("%+v (%v)", devices, err)
	}
	if _, err := clients.New(b.cb).CreateCouple(ctx, lost); err != nil {
		t.Fatal(err)
	}
	had := len(o.files())
	w.wind(2 * time.Minute)
	if n := len(o.files()); n != had {
		t.Errorf("a removed computer wrote %d files", n-had)
	}
	if err := share.Share(ctx, b.cb, o.folder, share.Options{}); err != nil {
		t.Fatal(err)
	}
	w.wind(2 * time.Minute)
	if s := b.State(); s.Trouble != nil {
		t.Error(s.Trouble)
	}
	if d := cmp.Diff(dumped(t, a.cb), dumped(t, b.cb)); d != "" {
		t.Error(d)
	}
}

func TestLeavingTellsTheOthersAndLosesNothing(t *testing.T) {
	o, w, a, b := newKept(t)
	couple := o.couple()
	if err := share.Rename(ctx, a.cb, " Anna's laptop "); err != nil {
		t.Fatal(err)
	}
	if err := share.Rename(ctx, a.cb, " "); err == nil {
		t.Error("a computer may be called nothing")
	}
	a.Keeper.Close()
	if err := share.LeaveWell(ctx, a.cb, share.Options{}); err != nil {
		t.Fatal(err)
	}
	w.wind(time.Minute)
	if f, err := share.Folder(ctx, a.cb); err != nil || f != "" {
		t.Errorf("it still shares through %q (%v)", f, err)
	}
	found := slices.ContainsFunc(b.State().Devices, func(d share.Device) bool { return d.Name == "Anna's laptop" && !d.Removed.IsZero() })
	if !found {
		t.Errorf("%+v", b.State().Devices)
	}
	if _, err := clients.New(b.cb).Header(ctx, clients.For(clients.CoachView, "2026-11-22"), couple, o.clock.Now()); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff(dumped(t, a.cb), dumped(t, b.cb)); d != "" {
		t.Error(d)
	}
}
