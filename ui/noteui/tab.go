// Package noteui is the tab of sessions in a record: when they met, what was written,
// who may see it, its history, and the editor, in which every keystroke is safe within
// two seconds.
package noteui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// Store is what the tab needs: sessions.Store.
type Store interface {
	Sessions(ctx context.Context, aud clients.Audience, couple ids.ID) ([]sessions.SessionRow, error)
	Session(ctx context.Context, aud clients.Audience, id ids.ID) (sessions.SessionView, error)
	Around(ctx context.Context, aud clients.Audience, couple ids.ID, now time.Time) (last, next *sessions.SessionRow, err error)
	Notes(ctx context.Context, aud clients.Audience, couple ids.ID, before time.Time, limit int) ([]sessions.NoteRow, error)
	Note(ctx context.Context, aud clients.Audience, id ids.ID) (sessions.NoteView, error)
	Create(ctx context.Context, x sessions.Session) (ids.ID, error)
	Update(ctx context.Context, id ids.ID, change func(*sessions.Session) error) error
	Delete(ctx context.Context, id ids.ID) error
	Restore(ctx context.Context, id ids.ID) error
	Keep(ctx context.Context, table string, id ids.ID) error
	NoteStore
}

// NoteStore is the part of it that notes need.
type NoteStore interface {
	Start(ctx context.Context, aud clients.Audience, n sessions.NewNote) (sessions.Note, error)
	Edit(ctx context.Context, aud clients.Audience, id ids.ID) (sessions.Note, error)
	Drafts(ctx context.Context, aud clients.Audience) ([]sessions.DraftRow, error)
	SaveDraft(ctx context.Context, n sessions.Note, key, body string) (time.Time, error)
	SaveRevision(ctx context.Context, n sessions.Note, texts map[string]string) error
	DeleteNote(ctx context.Context, id ids.ID) error
	RestoreNote(ctx context.Context, id ids.ID) error
	Writing(note ids.ID) (done func())
	LockNote(ctx context.Context, id ids.ID) error
	AddAddendum(ctx context.Context, note ids.ID, field string, access clients.Access, body string) (ids.ID, error)
	AddLate(ctx context.Context, n sessions.Note, texts map[string]string) (added bool, err error)
	Meanwhile(ctx context.Context, aud clients.Audience, n sessions.Note) (came []sessions.Incoming, locked bool, err error)
	Compare(ctx context.Context, aud clients.Audience, field, with ids.ID) (sessions.Comparison, error)
	Join(ctx context.Context, aud clients.Audience, field, left, right ids.ID, body string) error
	History(ctx context.Context, aud clients.Audience, note ids.ID) ([]sessions.Revision, error)
	SetVisibility(ctx context.Context, text ids.ID, to clients.Visibility, reason string) (ids.ID, error)
	UndoVisibility(ctx context.Context, change ids.ID) (int, error)
	Shown(ctx context.Context, aud clients.Audience, text ids.ID) ([]sessions.ShownIn, error)
}

// Deps is what the tab needs.
type Deps struct {
	kit.Env
	Sessions Store
	Releases Releases
	Zone     func() string
}

// Tab is the tab "Sessions". A route's item is a session or a note; kit.WriteItem opens
// it for writing at once.
func Tab(d Deps) kit.TabSpec {
	return kit.TabSpec{Key: tabKey, Title: text.T("sessions.tab", "Sessions"), New: func() kit.Tab { return newTab(d) }}
}

const (
	tabKey = "sessions"
	// manyNotes is how many notes the list looks back at first.
	manyNotes = 200
)

type state struct {
	sessions []sessions.SessionRow
	notes    []sessions.NoteRow
	drafts   []sessions.DraftRow // of this record; the coach's alone
	open     *sessions.SessionView
	note     *sessions.NoteView
	begun    ids.ID                                    // a note of which there is only a draft yet
	released map[ids.ID]map[clients.Slot]clients.Scope // the coach's alone
	plans    map[ids.ID]clients.Plan                   // the coach's alone
}

type tab struct {
	widget.BaseWidget
	deps    Deps
	load    *kit.Loader[state]
	rec     kit.Record
	state   state
	item    ids.ID // the session or note in view
	toWrite bool   // what is in view is to be written as soon as it is there
	limit   int    // of notes in the list
	rows    []entry
	visit   int             // counts openings and leavings: what was asked for before is not shown after
	adding  *kit.NoteEditor // what is being added to a locked note, the last time it was
	held    []*editor       // whose texts could not be saved when they were left

	stack  *fyne.Container // one of the four below
	front  *fyne.Container // the list
	detail *container.Scroll
	past   fyne.CanvasObject // the history of a note, or two versions of a text; nil unless shown
	editor *editor

	head  *fyne.Container
	list  *kit.List
	inner *fyne.Container
}

func newTab(d Deps) *tab {
	t := &tab{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages), inner: kit.VBox(kit.GapCards), head: kit.VBox(kit.GapInside)}
	t.list = t.newList()
	t.front = kit.Insets(kit.GapCards, kit.GapCards, kit.GapPage, kit.GapPage, kit.AtMost(listWidth, kit.Frame(kit.Insets(0, kit.GapInside, 0, 0, t.head), nil, t.list, nil, nil)))
	t.detail = kit.ScrollPage(kit.GapCards, kit.AtMost(listWidth, t.inner))
	t.stack = container.NewStack(t.front)
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *tab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.stack) }

// Parts lets tests and focus look inside.
func (t *tab) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.stack} }

// Open loads the tab, and the one session or note that the record names.
func (t *tab) Open(r kit.Record) {
	t.closeEditor()
	t.past = nil
	t.visit++
	// Another lens looks at the same session; another tab or record begins with the list.
	if sameAgain := r.Couple == t.rec.Couple && r.Lens != t.rec.Lens && r.Item == ""; !sameAgain {
		t.item, t.toWrite = kit.ParseItem(r.Item)
	}
	t.rec, t.limit = r, manyNotes
	t.clear() // what the lens before saw is gone before anything is loaded
	if e := t.owing(); e != nil {
		t.reopen(e)
		return
	}
	t.Reload()
}

func (t *tab) clear(instead ...fyne.CanvasObject) {
	t.state, t.rows = state{}, nil
	t.head.Objects, t.inner.Objects = instead, nil
	t.head.Refresh()
	t.list.Reload()
	t.face()
}

// Leave makes a revision of what is being written.
func (t *tab) Leave() {
	t.visit++
	t.load.Stop()
	if t.adding != nil {
		t.adding.Flush()
		t.adding = nil
	}
	t.closeEditor()
}

// Reload loads again, but not under the fingers of whoever writes: the editor says what came.
func (t *tab) Reload() {
	if t.editor != nil {
		t.editor.look()
		return
	}
	rec, s, item, limit := t.rec, t.deps.Sessions, t.item, t.limit
	t.load.LoadOr(func(ctx context.Context) (x state, err error) {
		if x, err = read(ctx, s, rec, item, limit); err == nil && rec.Audience.IsCoach() {
			if x.released, err = t.deps.Releases.ReleasedOf(ctx, rec.Couple, rec.Today()); err == nil {
				x.plans, err = t.deps.Releases.Plans(ctx, rec.Audience, rec.Couple)
			}
		}
		return x, err
	}, t.fill, func(error) {
		t.clear(kit.Hint(text.T("sessions.not_read", "The sessions could not be read just now. Nothing was lost.")),
			kit.HBox(0, kit.Secondary(text.T("kit.again", "Try again"), t.Reload)))
	})
}

// read is what is in view: a session, a note, or the list. What is not for this reader is
// as if it were not there.
func read(ctx context.Context, s Store, rec kit.Record, item ids.ID, limit int) (x state, err error) {
	if x.drafts, err = drafts(ctx, s, rec); err != nil {
		return x, err
	}
	if !item.IsZero() {
		switch v, err := s.Session(ctx, rec.Audience, item); {
		case err == nil && v.Couple == rec.Couple:
			x.open = &v
			return x, nil
		case err != nil && !fault.Is(err, fault.NotFound):
			return x, err
		}
		switch n, err := s.Note(ctx, rec.Audience, item); {
		case err == nil && n.Couple == rec.Couple:
			x.note = &n
			return x, nil
		case err != nil && !fault.Is(err, fault.NotFound):
			return x, err
		}
		if slices.ContainsFunc(x.drafts, func(d sessions.DraftRow) bool { return d.Note == item }) {
			x.begun = item
		}
	}
	if x.sessions, err = s.Sessions(ctx, rec.Audience, rec.Couple); err != nil {
		return x, err
	}
	x.notes, err = s.Notes(ctx, rec.Audience, rec.Couple, time.Time{}, limit)
	return x, err
}

// drafts are what the coach began in this record and did not finish.
func drafts(ctx context.Context, s Store, rec kit.Record) ([]sessions.DraftRow, error) {
	all, err := s.Drafts(ctx, rec.Audience)
	return slices.DeleteFunc(all, func(d sessions.DraftRow) bool { return d.Couple != rec.Couple }), err
}

func (t *tab) coach() bool { return t.rec.Audience.IsCoach() }

func (t *tab) writes() bool { return t.rec.Writes() }

func (t *tab) name(s clients.Slot) string { return t.rec.Header.Partner(s).Short }

func (t *tab) couple() bool { return t.rec.Header.Kind != clients.KindSingle }

func (t *tab) fill(s state) {
	t.state = s
	switch {
	case s.open != nil:
		t.inner.Objects = t.sessionView(*s.open)
	case s.note != nil:
		t.inner.Objects = []fyne.CanvasObject{t.back(), t.noteView(*s.note)}
	default:
		t.fillList()
	}
	t.inner.Refresh()
	if t.past == nil {
		t.face()
	}
	if t.toWrite && t.writes() {
		t.toWrite = false
		switch {
		case s.open != nil:
			t.write(s.open.SessionRow, "", "")
		case s.note != nil:
			t.edit(s.note.ID)
		case !s.begun.IsZero():
			t.edit(s.begun)
		}
	}
}

// face shows what is in view: the history or two versions, the editor, one session or note, or the list.
func (t *tab) face() {
	var o fyne.CanvasObject = t.front
	switch {
	case t.past != nil:
		o = t.past
	case t.editor != nil:
		o = t.editor
	case t.state.open != nil || t.state.note != nil:
		o = t.detail
	}
	t.stack.Objects = []fyne.CanvasObject{o}
	t.stack.Refresh()
}

func (t *tab) back() fyne.CanvasObject {
	return kit.QuietRow(kit.Quiet(text.T("sessions.back", "All sessions"), func() { t.show(ids.Nil) }).WithIcon("back"))
}

// show puts one session or note in view, or the list.
func (t *tab) show(id ids.ID) {
	if t.item != id {
		t.detail.Offset.Y = 0
	}
	t.item, t.past = id, nil
	t.place(id)
	t.Reload()
}

// place says in the history where the person is now.
func (t *tab) place(id ids.ID) {
	r := kit.Route{Page: "couples", ID: t.rec.Couple.String(), Tab: tabKey, Lens: t.rec.Lens}
	if !id.IsZero() {
		r.Item = id.String()
	}
	t.deps.Nav.Replace(r)
}
