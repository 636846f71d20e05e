// Package uitest is what tests of pages use: a window without a display, the real
// theme, a Runner that works at once, a clock that the test winds, and helpers that
// find, click and type as a person would.
package uitest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui/kit"
)

// App is a window of 1280 × 800 with what a page is given.
type App struct {
	fyne.App
	T      testing.TB
	Window fyne.Window
	Env    kit.Env
	Clock  *Clock
	Nav    *Nav
	Said   *Said
	Files  *Files
	Scale  float32 // of text, for Capture; 0 is 1
}

// NewApp makes the window of one test; it is closed with the test.
func NewApp(t testing.TB) *App {
	t.Helper()
	a := &App{App: test.NewTempApp(t), T: t, Clock: NewClock(), Nav: &Nav{}, Said: &Said{}, Files: &Files{}}
	a.Settings().SetTheme(kit.NewTheme(kit.Light, 1))
	a.Window = a.NewWindow("Couplet")
	a.Window.SetPadded(false)
	t.Cleanup(a.Window.Close)
	a.Window.Resize(fyne.NewSize(1280, 800))
	a.Env = kit.Env{
		Runner: kit.Inline{}, Schedule: a.Clock, Nav: a.Nav, Messages: a.Said,
		Dialogs: kit.NewDialogs(a.Window.Canvas(), kit.Inline{}), Files: a.Files, Owed: &kit.Owed{},
		Now:   a.Clock.Now,
		Today: func() string { return a.Clock.Now().Format(time.DateOnly) },
	}
	return a
}

// Show sets o as the whole content and lays it out.
func (a *App) Show(o fyne.CanvasObject) {
	a.Window.SetContent(o)
	a.Settle()
}

// DiskFault is what a store says whose disk a test has taken away.
var DiskFault = fault.New(fault.System, "The disk does not answer.", "Try again.")

// NoErrors ends the test when the window has shown one.
func (a *App) NoErrors() {
	a.T.Helper()
	if len(a.Said.Errors) > 0 {
		a.T.Fatalf("%v", a.Said.Errors)
	}
}

// Settle lays everything out anew; the window of tests, unlike the real one, does not
// when something inside grows.
func (a *App) Settle() {
	a.Window.Resize(fyne.NewSize(1281, 800))
	a.Window.Resize(fyne.NewSize(1280, 800))
	a.Window.Content().Refresh()
}

// Clock is the Scheduler of tests; it begins on 2026-11-22 at 14:03 UTC.
type Clock struct {
	mu   sync.Mutex
	now  time.Time
	lain time.Duration // asleep
	wait []*call
}

type call struct {
	at time.Time
	f  func()
}

// NewClock is a clock that stands still.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 11, 22, 14, 3, 0, 0, time.UTC)} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After calls f once the clock has been wound by d.
func (c *Clock) After(d time.Duration, f func()) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := &call{c.now.Add(d), f}
	c.wait = append(c.wait, k)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.wait = slices.DeleteFunc(c.wait, func(x *call) bool { return x == k })
	}
}

// Wind lets d pass and calls what is due, in order, in the caller's place.
func (c *Clock) Wind(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	c.mu.Unlock()
	for {
		k := c.due(end)
		if k == nil {
			return
		}
		k.f()
	}
}

// Jump moves the clock without calling anything: the computer slept.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.lain += d
}

// Stall moves the clock without calling anything: the computer was busy elsewhere.
func (c *Clock) Stall(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Awake is how long the computer was awake.
func (c *Clock) Awake() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.now.UnixNano()) - c.lain
}

func (c *Clock) due(end time.Time) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	best := -1
	for i, k := range c.wait {
		if !k.at.After(end) && (best < 0 || k.at.Before(c.wait[best].at)) {
			best = i
		}
	}
	if best < 0 {
		c.now = end
		return nil
	}
	k := c.wait[best]
	c.wait = slices.Delete(c.wait, best, best+1)
	if k.at.After(c.now) {
		c.now = k.at
	}
	return k
}

// Waiting counts what is yet to be called.
func (c *Clock) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.wait)
}

// Nav remembers where a page wanted to go.
type Nav struct {
	Went     []kit.Route
	Replaced []kit.Route
	Backs    int
}

// Go remembers r.
func (n *Nav) Go(r kit.Route) { n.Went = append(n.Went, r) }

// Back counts.
func (n *Nav) Back() { n.Backs++ }

// Replace remembers r.
func (n *Nav) Replace(r kit.Route) { n.Replaced = append(n.Replaced, r) }

// Last is the route last gone to.
func (n *Nav) Last() kit.Route {
	if len(n.Went) == 0 {
		return kit.Route{}
	}
	return n.Went[len(n.Went)-1]
}

// Said remembers what was said to the person.
type Said struct {
	Errors []error
	Toasts []string
	Undos  []string
	undo   func()
}

// Show remembers err.
func (s *Said) Show(err error) { s.Errors = append(s.Errors, err) }

// Toast remembers the sentence.
func (s *Said) Toast(sentence string) { s.Toasts = append(s.Toasts, sentence) }

// Undo remembers the sentence and the way back.
func (s *Said) Undo(sentence string, undo func()) {
	s.Undos = append(s.Undos, sentence)
	s.undo = undo
}

// TakeBack does the last Undo.
func (s *Said) TakeBack() {
	if s.undo != nil {
		s.undo()
	}
}

// Files answers every question with Path; an empty Path is a person who cancels.
type Files struct {
	Path  string
	Asked []string
}

func (f *Files) answer(title string, then func(string)) {
	f.Asked = append(f.Asked, title)
	if f.Path != "" {
		then(f.Path)
	}
}

// Open answers Path.
func (f *Files) Open(title string, _ []string, then func(string)) { f.answer(title, then) }

// Save answers Path.
func (f *Files) Save(title, _ string, then func(string)) { f.answer(title, then) }

// Folder answers Path.
func (f *Files) Folder(title string, then func(string)) { f.answer(title, then) }
