package noteui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// writing is what the editor opens with.
type writing struct {
	note    sessions.Note
	session *sessions.SessionView // nil for a note between sessions
	next    *sessions.SessionRow  // the next appointment, nil for none
}

// write starts the note of a session, or goes on with the one that was begun.
func (t *tab) write(x sessions.SessionRow, template string, about clients.Slot) {
	t.begin(sessions.NewNote{Couple: t.rec.Couple, Session: x.ID, Template: template, About: about})
}

func (t *tab) begin(n sessions.NewNote) {
	s, aud := t.deps.Sessions, t.rec.Coach()
	t.openWith(func(ctx context.Context) (sessions.Note, error) { return s.Start(ctx, aud, n) })
}

func (t *tab) edit(note ids.ID) {
	s, aud := t.deps.Sessions, t.rec.Coach()
	t.openWith(func(ctx context.Context) (sessions.Note, error) { return s.Edit(ctx, aud, note) })
}

// openWith gets a note and what its editor shows beside it, and opens it.
func (t *tab) openWith(get func(context.Context) (sessions.Note, error)) {
	s, aud, now, couple, visit := t.deps.Sessions, t.rec.Coach(), t.deps.Now(), t.rec.Couple, t.visit
	var w writing
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		if w.note, err = get(ctx); err != nil || w.note.Session.IsZero() {
			return err
		}
		v, err := s.Session(ctx, aud, w.note.Session)
		if err != nil {
			return err
		}
		w.session = &v
		_, w.next, err = s.Around(ctx, aud, couple, now)
		return err
	}, func() {
		switch {
		case visit != t.visit || t.editor != nil: // the person went on meanwhile
		case w.note.Locked():
			t.show(w.home())
			if w.note.Addition != "" {
				t.addendum(w.note)
				return
			}
			t.deps.Messages.Toast(text.T("note.is_locked", "This note is locked; you can add something to it."))
		default:
			t.openEditor(w)
		}
	})
}

// home is what stands in the editor's place afterwards.
func (w writing) home() ids.ID {
	if w.session != nil {
		return w.session.ID
	}
	return w.note.ID
}

// editor is a note being written: a field an editor, each for its readers.
type editor struct {
	widget.BaseWidget
	tab    *tab
	w      writing
	saver  *writer
	fields []editorField
	chosen map[string]string // answers of the fields with given choices
	ended  bool
	busy   bool

	choices map[string]*kit.Choice[string]
	above   *fyne.Container            // over all fields: what there is to know of the note
	banners map[string]*fyne.Container // by field, over its text
	looking bool
	locked  bool // on another computer, meanwhile

	forget func()
	pen    func() // lets the note lock again
	owed   bool   // it was left with texts that could not be saved
	again  func() // stops waiting for the next try
	page   *fyne.Container
	body   fyne.CanvasObject
}

type editorField struct {
	key  string
	text string
	edit *kit.NoteEditor
}

func (t *tab) openEditor(w writing) {
	t.load.Stop()
	t.place(w.home())
	t.item = w.home()
	t.editor = newEditor(t, w)
	t.face()
	t.editor.load()
	t.editor.look()
	t.deps.Dialogs.Otherwise(t.editor.finish)
}

// closeEditor makes a revision of what was written and goes back to reading.
func (t *tab) closeEditor() {
	e := t.editor
	if e == nil {
		return
	}
	t.gone()
	e.leave()
}

// owing is the editor of this record that was left with texts which could not be saved.
func (t *tab) owing() *editor {
	for _, e := range t.held {
		if t.writes() && e.w.note.Couple == t.rec.Couple {
			return e
		}
	}
	return nil
}

// reopen shows an editor again that was left, with all that stands in it.
func (t *tab) reopen(e *editor) {
	e.ended = false
	t.editor, t.item = e, e.w.home()
	t.face()
	t.deps.Dialogs.Otherwise(e.finish)
	for _, f := range e.fields {
		f.edit.Retry()
	}
}

// gone takes the editor away; everything in it is saved or under way.
func (t *tab) gone() {
	t.editor, t.past = nil, nil
	t.deps.Dialogs.Otherwise(nil)
	t.face()
}

func newEditor(t *tab, w writing) *editor {
	e := &editor{tab: t, w: w, saver: newWriter(t.deps.Sessions, w.note), chosen: map[string]string{}, choices: map[string]*kit.Choice[string]{}, banners: map[string]*fyne.Container{}, above: kit.VBox(0), pen: t.deps.Sessions.Writing(w.note.ID)}
	objects := []fyne.CanvasObject{e.above}
	if w.session != nil {
		objects = append(objects, t.stateLine(w.session.SessionRow))
	}
	objects = append(objects, kit.Hint(text.T("note.safe", "What you type is kept within two seconds. It becomes part of the record when you are done.")))
	for _, f := range w.note.Fields {
		objects = append(objects, e.field(f))
	}
	objects = append(objects, e.foot())
	e.page = kit.ScrollPast(kit.Insets(4, kit.GapPage, kit.GapPage, kit.GapPage, kit.AtMost(780, kit.VBox(14, objects...))))
	e.body = kit.Frame(e.head(), nil, e.page, nil, nil)
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer is Fyne's.
func (e *editor) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(e.body) }

// Parts lets tests and focus look inside.
func (e *editor) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{e.body} }

func (e *editor) head() fyne.CanvasObject {
	n := e.w.note
	title := n.Template.Title
	if title == "" {
		title = text.T("note.title", "Note")
	}
	if n.About != "" {
		title = text.T("note.of", "%s · %s", title, e.tab.name(n.About))
	}
	below := onDay(n.At, n.Zone)
	if e.w.session != nil {
		below = e.tab.sessionTitle(e.w.session.SessionRow) + " · " + when(e.w.session.Local())
	}
	words := kit.VBox(2, kit.Section(title).Short(), kit.Soft(below).Short())
	if p := e.tab.policy(n.About); p != "" {
		words.Add(kit.Wrapped(policyWords(p), kit.ColorCare))
	}
	return kit.Insets(12, 10, kit.GapPage, kit.GapPage, kit.Frame(nil, nil, words,
		kit.HBox(8, kit.Primary(text.T("note.done", "Done"), e.finish)), nil))
}

func (e *editor) field(f sessions.Field) fyne.CanvasObject {
	t := e.tab
	head := kit.HBox(8, kit.NewLine(t.label(e.w.note.Template.ID, f.Key, e.w.note.About)), t.chip(t.now(shown{id: f.ID, access: f.Access, sealed: !f.SealedTo.IsZero()})))
	switch {
	case f.Carried:
		head.Add(kit.Soft(text.T("note.carried", "from last time")))
	case !f.DraftAt.IsZero():
		head.Add(kit.Soft(text.T("note.draft_of", "draft of %s", f.DraftAt.Local().Format("2 January, 15:04"))))
	}
	e.banners[f.Key] = kit.VBox(0)
	hint, rows := "", 3
	if tf, ok := e.w.note.Template.Field(f.Key); ok {
		hint = sessions.Named(tf.Hint, t.name(clients.SlotA), t.name(clients.SlotB), e.w.note.About)
		switch tf.Kind {
		case sessions.FieldChoice:
			return kit.VBox(4, head, e.banners[f.Key], e.choice(f, tf))
		case sessions.FieldNumber:
			rows = 1
		}
	}
	ed := kit.NewNoteEditor(t.deps.Schedule, hint, rows)
	ed.OnDraft = func(body string, saved func(time.Time, error)) { e.draft(f.Key, body, saved) }
	box := kit.VBox(4, head, e.banners[f.Key], ed)
	ed.OnFocus = func() { kit.BringIntoView(e.page, box) }
	e.fields = append(e.fields, editorField{key: f.Key, text: f.Body, edit: ed})
	return box
}

// choice is a field with given answers; choosing keeps it at once as a draft.
func (e *editor) choice(f sessions.Field, tf sessions.TemplateField) fyne.CanvasObject {
	options := []kit.Option[string]{{Value: "", Label: "–"}}
	for _, c := range tf.Choices {
		options = append(options, kit.Option[string]{Value: c.Value, Label: c.Label})
	}
	e.chosen[f.Key] = f.Body
	c := kit.NewChoice(options, func(v string) {
		e.chosen[f.Key] = v
		e.keepChoice(f.Key, v, e.tab.deps.Messages.Show)
	})
	c.SetValue(f.Body)
	e.choices[f.Key] = c
	return c
}

// keepChoice keeps an answer and tries again, without words, until it is safe.
func (e *editor) keepChoice(key, v string, failed func(error)) {
	e.draft(key, v, func(_ time.Time, err error) {
		if err == nil {
			return
		}
		failed(err)
		e.tab.deps.Schedule.After(kit.RetryDelay, func() {
			if e.chosen[key] == v {
				e.keepChoice(key, v, func(error) {})
			}
		})
	})
}

// foot offers, one click, the same appointment a week later.
func (e *editor) foot() fyne.CanvasObject {
	done := kit.HBox(8, kit.Secondary(text.T("note.done_foot", "Done (Ctrl+Enter)"), e.finish))
	if e.w.session == nil {
		return done
	}
	if e.w.next != nil {
		return kit.VBox(8, kit.Hint(text.T("note.next_is", "The next appointment is %s.", when(e.w.next.Local()))), done)
	}
	words := kit.Hint("")
	words.Hide()
	var book *kit.Button
	book = kit.Secondary(text.T("note.book_next", "Book the next: %s", when(nextOf(*e.w.session).Start)), func() {
		e.tab.bookNext(*e.w.session, func(x sessions.Session) {
			book.Hide()
			words.SetText(text.T("note.next_is", "The next appointment is %s.", when(x.Start)))
			words.Show()
			e.body.Refresh()
		})
	})
	return kit.VBox(8, words, kit.HBox(8, book), done)
}

// load shows the texts once the editors have a size, and gives the first one the keys.
func (e *editor) load() {
	for _, f := range e.fields {
		f.edit.Load(f.text)
	}
	if len(e.fields) == 0 {
		return
	}
	// The tab is asked for its window: the real one does not know a field before it was drawn.
	if c := fyne.CurrentApp().Driver().CanvasForObject(e.tab); c != nil {
		c.Focus(e.fields[0].edit.Focusable())
	}
}
