package kit_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// held keeps work until the test lets it go.
type held struct{ jobs []func() }

func (h *held) Run(work func(context.Context), done func()) {
	h.jobs = append(h.jobs, func() { work(context.Background()); done() })
}
func (h *held) Post(f func()) { f() }

func (h *held) next() {
	f := h.jobs[0]
	h.jobs = h.jobs[1:]
	f()
}

func TestSaverSavesInOrderAndLosesNothing(t *testing.T) {
	clock, said, run := uitest.NewClock(), &uitest.Said{}, &held{}
	state, fails := 0, false
	var kept []int
	into := func(to *[]int) func() func(context.Context) error {
		return func() func(context.Context) error {
			now := state
			return func(context.Context) error {
				if fails {
					return errors.New("full")
				}
				*to = append(*to, now)
				return nil
			}
		}
	}
	var drafts []int
	owed := &kit.Owed{}
	s := kit.NewSaver(kit.Env{Runner: run, Schedule: clock, Messages: said, Owed: owed}, kit.Saving{Keep: into(&drafts), Save: into(&kept), Told: func() {}})
	change := func() { state++; s.Changed() }
	change()
	change()
	if len(run.jobs) != 0 {
		t.Fatal("saved before the pause")
	}
	clock.Wind(time.Second)
	change() // while the first save is under way
	done := 0
	s.Flush(func() { done++ })
	if len(run.jobs) != 1 {
		t.Fatalf("%d saves at once", len(run.jobs))
	}
	run.next()
	run.next()
	if !slices.Equal(drafts, []int{2}) || !slices.Equal(kept, []int{3}) || done != 1 || s.Pending() {
		t.Errorf("kept %v, told %d times, pending %v", kept, done, s.Pending())
	}
	fails = true
	change()
	s.Flush(func() { done++ })
	run.next()
	if done != 1 || !s.Pending() || len(said.Errors) != 1 {
		t.Errorf("a failed save: told %d, pending %v, errors %v", done, s.Pending(), said.Errors)
	}
	fails = false
	s.Flush(func() { done++ })
	run.next()
	if done != 2 || s.Pending() || !slices.Equal(kept, []int{3, 4}) {
		t.Errorf("after that: told %d, kept %v", done, kept)
	}
	// Left on a full disk it is owed, told once and tried again.
	fails = true
	change()
	s.Leave()
	run.next()
	clock.Wind(kit.RetryDelay)
	run.next()
	if !owed.Any() || !s.Stuck() || len(said.Errors) != 2 {
		t.Errorf("owed %v, errors %v", owed.Any(), said.Errors)
	}
	fails = false
	clock.Wind(kit.RetryDelay)
	run.next()
	if owed.Any() || s.Pending() || !slices.Equal(kept, []int{3, 4, 5}) || len(run.jobs) != 0 {
		t.Errorf("it is still owed: kept %v", kept)
	}
}

// A draft is never older than two seconds, however long somebody goes on without a pause,
// and it becomes part of the record once nothing was entered for a while.
func TestWhatIsEnteredIsKeptWithinTwoSecondsAndRests(t *testing.T) {
	clock, run := uitest.NewClock(), &held{}
	kept, saved := 0, 0
	count := func(n *int) func() func(context.Context) error {
		return func() func(context.Context) error { return func(context.Context) error { *n++; return nil } }
	}
	s := kit.NewSaver(kit.Env{Runner: run, Schedule: clock}, kit.Saving{Keep: count(&kept), Save: count(&saved), Told: func() {}})
	for range 20 {
		s.Changed()
		clock.Wind(500 * time.Millisecond)
		for len(run.jobs) > 0 {
			run.next()
		}
	}
	if kept != 10 || saved != 0 {
		t.Errorf("kept %d times in ten seconds, saved %d times", kept, saved)
	}
	clock.Wind(kit.Rest)
	for len(run.jobs) > 0 {
		run.next()
	}
	if saved != 1 || s.Pending() {
		t.Errorf("saved %d times", saved)
	}
	// What refuses it though it is kept holds nobody back, but finishes nothing.
	refused := fault.New(fault.Refused, "Locked.", "")
	s = kit.NewSaver(kit.Env{Runner: run, Schedule: clock, Messages: &uitest.Said{}}, kit.Saving{Keep: count(&kept), Save: func() func(context.Context) error {
		return func(context.Context) error { return refused }
	}, Told: func() {}})
	left, ended := false, false
	s.Changed()
	s.End(func(context.Context) error { return refused }, func() { ended = true })
	run.next()
	s.Flush(func() { left = true })
	run.next()
	if !left || ended {
		t.Errorf("left %v, ended %v", left, ended)
	}
}
