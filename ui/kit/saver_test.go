package kit_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

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
	s := kit.NewSaver(kit.Env{Runner: run, Schedule: clock, Messages: said}, func() func(context.Context) error {
		now := state
		return func(context.Context) error {
			if fails {
				return errors.New("full")
			}
			kept = append(kept, now)
			return nil
		}
	}, nil)
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
	if !slices.Equal(kept, []int{2, 3}) || done != 1 || s.Pending() {
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
	if done != 2 || s.Pending() || !slices.Equal(kept, []int{2, 3, 4}) {
		t.Errorf("after that: told %d, kept %v", done, kept)
	}
}
