package ui

import (
	"time"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// DefaultLock is how long the window waits for a key or click before it locks.
const DefaultLock = 10 * time.Minute

// beat is how often the clocks are looked at, and slept how far the one on the wall may
// run ahead of the time awake before the computer must have slept.
const (
	beat  = 15 * time.Second
	slept = time.Minute
)

// autoLock calls lock after a time without activity, and when the computer has slept. A
// busy computer calls late too, so lateness alone is no sleep.
type autoLock struct {
	schedule kit.Scheduler
	now      func() time.Time
	awake    func() time.Duration
	after    time.Duration // 0: never
	lock     func()
	last     time.Time     // of activity
	ahead    time.Duration // of the clock on the wall before the time awake, when both were last looked at
	forget   func()
}

// start begins to wait.
func (a *autoLock) start() {
	a.stop()
	a.last = a.wall()
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
	if now := a.wall(); !a.expired(now) {
		a.last = now
		return
	}
	a.expire()
}

func (a *autoLock) wall() time.Time { return a.now().Round(0) }

func (a *autoLock) lead(now time.Time) time.Duration {
	return time.Duration(now.UnixNano()) - a.awake()
}

func (a *autoLock) expired(now time.Time) bool {
	return now.Sub(a.last) >= a.after || a.lead(now)-a.ahead >= slept
}

// wait looks again and again; a touch in between only moves last, so that a key costs
// nothing.
func (a *autoLock) wait() {
	if a.after <= 0 {
		return
	}
	now := a.wall()
	a.ahead = a.lead(now)
	a.forget = a.schedule.After(min(beat, a.after-now.Sub(a.last)), func() {
		if a.expired(a.wall()) {
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

// Lock covers the window at once, saves drafts, and closes the casebook, which wipes
// its keys.
func (s *Shell) Lock() {
	if s.open == nil {
		return
	}
	w := s.leave()
	s.locked = whose(w)
	var f front = newWelcome(s)
	if w.Path() != "" {
		f = newUnlock(s, w.Path())
	}
	s.showFront(f)
	s.closeAway(w)
}

// whose is a casebook as one coach opened it: what somebody typed is not for a colleague.
func whose(w Workspace) string { return w.Account() + " " + w.Path() }

// sayLocked tells of a form over which the window locked.
func (s *Shell) sayLocked() {
	if s.open.Path() == "" || whose(s.open) != s.locked {
		s.env.Dialogs.Forget()
	}
	if title := s.env.Dialogs.Locked(); title != "" {
		s.notices.Say(text.T("lock.form", "The window locked over “%s”. Open it again: what you wrote stands in it.", title))
	}
}
