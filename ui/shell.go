package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Config is what the program gives the window.
type Config struct {
	Window   fyne.Window
	Prefs    fyne.Preferences
	Runner   Runner
	Schedule kit.Scheduler
	Now      func() time.Time
	Awake    func() time.Duration // how long the computer was awake: awake.Time
	Opener   Opener
	// Pages makes the one list of pages for an open casebook.
	Pages func(*Shell, Workspace, kit.Env) []Page
	// Paper prints recovery keys.
	Paper Paper
	// SetTheme shows the theme; the program sets it on the app.
	SetTheme func(fyne.Theme)
	// Exit ends the program after everything was saved.
	Exit func()
	// Log is told references and Go types of unknown errors, never words.
	Log func(reference, kind string)
	// Version stands in the help.
	Version string
}

// Shell is the window.
type Shell struct {
	conf    Config
	prefs   prefs
	env     kit.Env
	notices *kit.Notices
	lock    *autoLock
	shield  *kit.Shield
	banner  *banner
	clip    *clipboard

	stage   *fyne.Container // the whole content of the window
	open    Workspace       // nil: the pages before a casebook
	pages   []Page
	views   map[string]kit.View
	view    kit.View
	history history
	rail    *rail
	centre  *kit.Room
	front   front // the page shown while no casebook is open

	locked     string // the casebook that was locked last, and by whom
	reloading  bool
	last, past Step   // what Ctrl+Z would undo, and the one that it was refused for
	closing    bool   // the casebook is being closed in the background
	afterwards func() // what waits for that
	quitTries  int
}

// New fills the window; Start shows its first page.
func New(c Config) *Shell {
	s := &Shell{conf: c, prefs: prefs{c.Prefs}, stage: container.NewStack(), shield: &kit.Shield{}}
	s.banner, s.clip = newBanner(s), &clipboard{shell: s}
	s.env = kit.Env{
		Runner: c.Runner, Schedule: c.Schedule, Nav: s, Now: c.Now,
		Today:   func() string { return c.Now().Format(time.DateOnly) },
		Dialogs: kit.NewDialogs(c.Window.Canvas(), c.Runner),
		Owed:    &kit.Owed{},
		Shield:  s.shield,
	}
	s.env.Dialogs.Refuse = s.refuseDialog
	s.notices = kit.NewNotices(c.Schedule, s.env.Dialogs)
	s.notices.Log, s.notices.Covered = c.Log, s.shield.On
	s.env.Dialogs.Kept = func(back func()) {
		s.notices.Undo(text.T("kit.kept", "Closed without saving. Undo brings back what you wrote."), back)
	}
	s.notices.Copy = func(words string) { fyne.CurrentApp().Clipboard().SetContent(words) }
	s.env.Messages = s.notices
	s.env.Files = &files{shell: s}
	s.lock = &autoLock{schedule: c.Schedule, now: c.Now, awake: c.Awake, after: s.prefs.lockAfter(), lock: s.Lock}
	kit.OnActivity(s.lock.touch)
	kit.OnCopy(s.clip.may, s.clip.copied)
	c.Window.SetPadded(false)
	c.Window.SetContent(s.stage)
	c.Window.SetCloseIntercept(s.Quit)
	s.applyTheme()
	return s
}

// Env is what pages are given.
func (s *Shell) Env() kit.Env { return s.env }

// Start shows the first page: the casebook at path to unlock, or without a path the
// page for a first run.
func (s *Shell) Start(path string) {
	if path == "" {
		s.showFront(newWelcome(s))
		return
	}
	s.openFile(path)
}

// openFile goes on to what opens the file at path: a casebook is unlocked, what lies in a
// shared folder is joined.
func (s *Shell) openFile(path string) {
	if s.conf.Opener.IsShared(path) {
		s.showFront(newJoin(s, path))
		return
	}
	s.showFront(newUnlock(s, path))
}

// StartUnlocked opens the casebook at path with a passphrase that a file gave; if it
// does not open, the page to unlock it stays.
func (s *Shell) StartUnlocked(path, passphrase string) {
	u := newUnlock(s, path)
	s.showFront(u)
	u.entry.SetText(passphrase)
	u.submit()
}

// StartSample opens the sample at once.
func (s *Shell) StartSample() {
	w := newWelcome(s)
	s.showFront(w)
	w.sample()
}

// Showing is the path of the casebook that is open or waits to be unlocked; empty if
// there is none, and for a sample.
func (s *Shell) Showing() string {
	if s.open != nil {
		return s.open.Path()
	}
	switch f := s.front.(type) {
	case *unlock:
		return f.path
	case *recovery:
		return f.open.Path()
	}
	return ""
}

func (s *Shell) showFront(f front) {
	s.front, s.view, s.rail, s.centre = f, nil, nil, nil
	s.furnish(kit.Frame(nil, nil, f, nil, s.notices.Bar))
	s.rebuildMenu()
	if first := f.first(); first != nil {
		s.conf.Window.Canvas().Focus(first)
	}
}

// enter shows an open casebook where the person was, or its first place.
func (s *Shell) enter(w Workspace) {
	s.open, s.front = w, nil
	s.prefs.addRecent(w.Path())
	s.prefs.setAccount(w.Account())
	w.OnChange(func() { s.conf.Runner.Post(s.changed) })
	if sh := w.Sharing(); sh != nil {
		sh.OnStanding(func() { s.conf.Runner.Post(func() { s.stands(w) }) })
	}
	s.views = map[string]kit.View{}
	s.pages = s.conf.Pages(s, w, s.env)
	s.centre = kit.NewRoom()
	s.furnishOpen()
	s.lock.start()
	s.last, s.past = Step{}, Step{}
	s.lookBack()
	r, ok := s.history.now()
	if !ok || s.page(r.Page) == nil {
		r = kit.Route{}
		if places := s.places(); len(places) > 0 {
			r.Page = places[0].ID
		}
	}
	s.show(r)
	s.sayLocked()
	s.OfferMove()
	if w.Given() {
		s.chooseOwn(w)
	}
}

// changed loads the shown page again, once for many changes.
func (s *Shell) changed() {
	if s.open != nil && s.open.ShutOut() {
		s.Lock()
		s.notices.Toast(text.T("shell.shut_out", "Your access to this casebook was closed."))
		return
	}
	if s.open != nil && s.open.Other() {
		s.Lock()
		s.notices.Toast(text.T("shell.other_role", "What you may see in this casebook was changed. Unlock it to go on."))
		return
	}
	if s.reloading || s.view == nil {
		return
	}
	s.reloading = true
	s.conf.Schedule.After(50*time.Millisecond, func() {
		s.reloading = false
		if s.view != nil {
			s.view.Reload()
			s.past = Step{}
			s.lookBack()
		}
	})
}

// sharingPage is the page that says more than the rail.
const sharingPage = "sharing"

// stands says in the rail, and on the pages that say it too, how sharing stands.
func (s *Shell) stands(w Workspace) {
	if s.open != w || s.rail == nil {
		return
	}
	s.rail.tell()
	if v, ok := s.view.(interface{ Stands() }); ok {
		v.Stands()
	}
}

func (s *Shell) page(id string) *Page {
	for i := range s.pages {
		if s.pages[i].ID == id {
			return &s.pages[i]
		}
	}
	return nil
}

func (s *Shell) places() []Page {
	var all []Page
	for _, p := range s.pages {
		if p.Place {
			all = append(all, p)
		}
	}
	return all
}

// Go shows what the route names and remembers it. A page that is not there changes
// nothing.
func (s *Shell) Go(r kit.Route) {
	if s.page(r.Page) == nil {
		return
	}
	kit.Touch()
	s.show(r)
}

// Back goes where the person was before.
func (s *Shell) Back() { s.step(-1) }

// Forward undoes Back.
func (s *Shell) Forward() { s.step(1) }

// Replace changes what the current place says.
func (s *Shell) Replace(r kit.Route) { s.history.replace(r) }

// Where is the route shown.
func (s *Shell) Where() kit.Route {
	r, _ := s.history.now()
	return r
}

func (s *Shell) step(n int) {
	if r, ok := s.history.move(n); ok && s.open != nil {
		s.show(r)
	}
}

func (s *Shell) show(r kit.Route) {
	p := s.page(r.Page)
	if p == nil {
		return
	}
	if s.view != nil {
		s.view.Leave()
	}
	r, covered := s.behind(r, p)
	v := s.built(p, covered)
	s.history.add(r)
	s.view = v
	s.centre.Show(v)
	s.rail.mark(s.placeOf(r))
	v.Open(r)
	s.rebuildMenu()
	if s.env.Dialogs.IsOpen() { // the page opened a form: its first field has the keys
		return
	}
	s.conf.Window.Canvas().Unfocus()
	if s.shield.Presents() { // Escape is the window's
		return
	}
	if f, ok := v.(kit.Focuser); ok && f.First() != nil {
		s.conf.Window.Canvas().Focus(f.First())
	}
}
