package ui

import (
	"time"

	"github.com/couplet-app/couplet/ui/kit"
)

// DefaultLock is how long the window waits for a key or click before it locks.
const DefaultLock = 10 * time.Minute

// beat is how often the clock on the wall is looked at, and slept how far it may run
// ahead in between before the computer must have slept.
const (
	beat  = 15 * time.Second
	slept = time.Minute
)

// autoLock calls lock after a time without activity, and when the computer has slept:
// timers stand still in sleep and clocks do not.
type autoLock struct {
	schedule kit.Scheduler
	now      func() time.Time
	after    time.Duration // 0: never
	lock     func()
	last     time.Time // of activity
	seen     time.Time // when the clock was last looked at
	forget   func()
}

// start begins to wait.
func (a *autoLock) start() {
	a.stop()
	a.last = a.now().Round(0)
	a.wait()
}

// stop waits no longer.
func (a *autoLock) stop() {
	if a.forget != nil {
		a.forget()
		a.forget = nil
	}
}

// touch says that the person is at work.
func (a *autoLock) touch() {
	if a.forget == nil {
		return
	}
	if now := a.now().Round(0); !a.expired(now) {
		a.last = now
		return
	}
	a.expire()
}

func (a *autoLock) expired(now time.Time) bool {
	return now.Sub(a.last) >= a.after || now.Sub(a.seen) >= beat+slept
}

// wait looks again and again; a touch in between only moves last, so that a key costs
// nothing.
func (a *autoLock) wait() {
	if a.after <= 0 {
		return
	}
	a.seen = a.now().Round(0)
	a.forget = a.schedule.After(min(beat, a.after-a.seen.Sub(a.last)), func() {
		if a.expired(a.now().Round(0)) {
			a.expire()
			return
		}
		a.wait()
	})
}

func (a *autoLock) expire() {
	a.stop()
	a.lock()
}
