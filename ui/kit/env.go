package kit

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// Env is what every page is given by the shell. A page's Deps embeds it beside the
// two to five methods of the stores that the page needs.
type Env struct {
	Runner   Runner
	Schedule Scheduler
	Nav      Navigator
	Messages Messenger
	Dialogs  *Dialogs
	Files    Files
	Owed     *Owed
	Shield   *Shield
	Now      func() time.Time
	Today    func() string // "2026-11-22", the day on the wall
}

// Navigator moves between pages. The history keeps routes, never widgets.
type Navigator interface {
	Go(Route)
	Back()
	// Replace changes what the current place in the history says without a move:
	// a tab or a lens was chosen.
	Replace(Route)
}

// Messenger speaks to the person.
type Messenger interface {
	// Show says what went wrong, that the text is safe, and what to do.
	Show(err error)
	// Toast says that something was done.
	Toast(sentence string)
	// Undo says what was done and offers to take it back. Nothing is asked before.
	Undo(sentence string, undo func())
}

// Files asks where to read and write. Paths are whole; an empty answer never comes:
// a person who changes their mind ends the question.
type Files interface {
	// Open asks for an existing file with one of the extensions (".couplet").
	Open(title string, extensions []string, then func(path string))
	// Save asks for a folder and a name and never touches the file itself: the
	// caller writes through internal/durable.
	Save(title, name string, then func(path string))
	// Folder asks for a folder.
	Folder(title string, then func(path string))
}

// Route names what is shown: a page, and on it a record, a tab, a lens, and one
// item to put in view. It is kept in the history and in the preferences: ids only,
// never a name.
type Route struct {
	Page string
	ID   string
	Tab  string
	Lens Lens
	Item string
}

// String is "page/id/tab?lens=a&item=…".
func (r Route) String() string {
	s := r.Page
	if r.ID != "" || r.Tab != "" {
		s += "/" + r.ID
	}
	if r.Tab != "" {
		s += "/" + r.Tab
	}
	var q []string
	if r.Lens != "" {
		q = append(q, "lens="+string(r.Lens))
	}
	if r.Item != "" {
		q = append(q, "item="+r.Item)
	}
	if len(q) > 0 {
		s += "?" + strings.Join(q, "&")
	}
	return s
}

// View is a page: built once at the first visit, without any I/O.
type View interface {
	fyne.CanvasObject
	// Open shows what the route names; it is called at every visit and loads.
	Open(Route)
	// Reload loads again what is shown: something changed underneath.
	Reload()
	// Leave saves drafts; it is called before another page, a lock or the end.
	Leave()
}

// Focuser is a View that knows which widget takes the keys first.
type Focuser interface{ First() fyne.Focusable }

// Commander is a View with commands of its own; they stand in the menu and in the
// palette while the page is shown.
type Commander interface{ Commands() []Command }

// Command is something a person can do, wherever it is offered: one list makes the
// menu, the palette, the shortcut help and the tests.
type Command struct {
	ID       string
	Title    string
	Menu     string // the menu it stands in; empty: palette only
	Shortcut fyne.Shortcut
	Enabled  func() bool // nil is always
	Run      func()
	// InDialogs lets it run while a dialog is open.
	InDialogs bool
}

// IsEnabled says whether it can be run now.
func (c Command) IsEnabled() bool { return c.Run != nil && (c.Enabled == nil || c.Enabled()) }
