package ui

import (
	"time"

	"github.com/couplet-app/couplet/ui/kit"
)

// DefaultLock is how long the window waits for a key or click before it locks.
const DefaultLock = 10 * time.Minute

// autoLock calls lock after a time without activity. A computer that slept longer
// locks at the first touch, because timers stand still in sleep and clocks do not.
type autoLock struct {
	schedule kit.Scheduler
	now      func() time.Time
	after    time.Duration // 0: never
	lock     func()
	last     time.Time
	forget   func()
}

// start begins to wait.
func (a *autoLock) start() {
	a.stop()
	a.last = a.now().Round(0)
	a.wait(a.after)
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
	now := a.now().Round(0)
	if now.Sub(a.last) >= a.after {
		a.expire()
		return
	}
	a.last = now
}

// wait looks again after d; a touch in between only moves last, so that a key costs
// nothing.
func (a *autoLock) wait(d time.Duration) {
	if a.after <= 0 {
		return
	}
	a.forget = a.schedule.After(d, func() {
		idle := a.now().Round(0).Sub(a.last)
		if idle >= a.after {
			a.expire()
			return
		}
		a.wait(a.after - idle)
	})
}

func (a *autoLock) expire() {
	a.stop()
	a.lock()
}
