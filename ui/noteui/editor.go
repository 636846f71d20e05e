package noteui

import (
	"context"
	"maps"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// idle is how long without a key until a revision is made.
const idle = 5 * time.Minute

// write starts the note of a session, or goes on with the one that was begun.
func (t *tab) write(x sessions.SessionRow, template string, about clients.Slot) {
	t.begin(sessions.NewNote{Couple: t.rec.Couple, Session: x.ID, Template: template, About: about})
}

func (t *tab) begin(n sessions.NewNote) {
	s, aud := t.deps.Sessions, t.rec.Coach()
	var note sessions.Note
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		note, err = s.Start(ctx, aud, n)
		return err
	}, func() { t.openEditor(note) })
}

func (t *tab) edit(v sessions.NoteView) {
	s, aud := t.deps.Sessions, t.rec.Coach()
	var note sessions.Note
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		note, err = s.Edit(ctx, aud, v.ID)
		return err
	}, func() { t.openEditor(note) })
}

// newContact begins a note between sessions.
func (t *tab) newContact() {
	var options []kit.Option[string]
	templates, err := sessions.Templates()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	for _, tpl := range templates {
		if tpl.ID != "discovery-call" {
			options = append(options, kit.Option[string]{Value: tpl.ID, Label: tpl.Title})
		}
	}
	kind := kit.NewChoice(options, nil)
	kind.SetValue("brief-contact")
	who := []kit.Option[clients.Slot]{{Value: "", Label: text.T("practices.both", "both")}, {Value: clients.SlotA, Label: t.rec.Header.Partner(clients.SlotA).Short}, {Value: clients.SlotB, Label: t.rec.Header.Partner(clients.SlotB).Short}}
	if t.rec.Header.Kind == clients.KindSingle {
		who = who[1:2]
	}
	with := kit.NewSegments(who, nil)
	form := kit.NewForm(kit.Field{Key: "template", Label: text.T("note.kind", "What it is"), Widget: kind}, kit.Field{Key: "about", Label: text.T("note.with", "With"), Widget: with})
	t.deps.Dialogs.Form(text.T("sessions.contact_title", "New contact"), text.T("note.begin", "Write"), form, func(context.Context) error { return nil }, func() {
		id, _ := kind.Value()
		t.begin(sessions.NewNote{Couple: t.rec.Couple, Template: id, About: with.Value(), At: t.deps.Now(), Zone: t.deps.Zone()})
	})
}

// editor is a note being written: a field an editor, each for its readers.
type editor struct {
	widget.BaseWidget
	tab    *tab
	note   sessions.Note
	fields []editorField
	chosen map[string]string // answers of the fields with given choices
	ended  bool
	forget func()
	body   fyne.CanvasObject
}

type editorField struct {
	key   string
	saved string
	edit  *kit.NoteEditor
}

func (t *tab) openEditor(n sessions.Note) {
	t.editor = newEditor(t, n)
	t.stack.Objects = []fyne.CanvasObject{t.editor}
	t.stack.Refresh()
	t.editor.load()
}

// closeEditor makes a revision of what was written and goes back.
func (t *tab) closeEditor() {
	if t.editor == nil {
		return
	}
	e := t.editor
	t.editor = nil
	e.end()
	t.stack.Objects = []fyne.CanvasObject{t.list}
	t.stack.Refresh()
}

func newEditor(t *tab, n sessions.Note) *editor {
	e := &editor{tab: t, note: n, chosen: map[string]string{}}
	done := func() {
		item := n.Session
		t.closeEditor()
		t.show(item)
	}
	head := kit.Insets(12, 8, 24, 24, kit.HBox(8, kit.Quiet(text.T("note.close", "Back"), done), kit.Section(n.Template.Title), kit.Spacer(), kit.Primary(text.T("note.done", "Done"), done)))
	objects := []fyne.CanvasObject{
		kit.Hint(text.T("note.safe", "What you type is kept within two seconds. It becomes part of the record when you are done.")),
	}
	for _, f := range n.Fields {
		objects = append(objects, e.field(f))
	}
	e.body = kit.Frame(head, nil, kit.ScrollPast(kit.Insets(8, 24, 24, 24, kit.AtMost(780, kit.VBox(12, objects...)))), nil, nil)
	e.ExtendBaseWidget(e)
	return e
}

// CreateRenderer is Fyne's.
func (e *editor) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(e.body) }

func (e *editor) field(f sessions.Field) fyne.CanvasObject {
	t := e.tab
	word, colour := t.seenBy(f.Access)
	head := kit.HBox(8, kit.NewLine(t.label(e.note.Template.ID, f.Key, e.note.About)), kit.NewChip(word, colour))
	if f.Carried {
		head.Add(kit.Soft(text.T("note.carried", "from last time")))
	}
	hint, rows := "", 3
	if tf, ok := e.note.Template.Field(f.Key); ok {
		hint = sessions.Named(tf.Hint, t.rec.Header.Partner(clients.SlotA).Short, t.rec.Header.Partner(clients.SlotB).Short, e.note.About)
		if tf.Kind == sessions.FieldChoice {
			return kit.VBox(4, head, e.choice(f, tf))
		}
		if tf.Kind == sessions.FieldNumber {
			rows = 1
		}
	}
	ed := kit.NewNoteEditor(t.deps.Schedule, hint, rows)
	ed.OnDraft = func(body string, saved func(time.Time, error)) { e.draft(f.Key, body, saved) }
	e.fields = append(e.fields, editorField{key: f.Key, saved: f.Body, edit: ed})
	return kit.VBox(4, head, ed)
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
		e.draft(f.Key, v, func(_ time.Time, err error) {
			if err != nil {
				e.tab.deps.Messages.Show(err)
			}
		})
	})
	c.SetValue(f.Body)
	return c
}

// load shows the texts once the editors have a size.
func (e *editor) load() {
	for _, f := range e.fields {
		f.edit.Load(f.saved)
	}
	if len(e.fields) > 0 {
		if o, ok := e.fields[0].edit.Focusable().(fyne.CanvasObject); ok {
			if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
				c.Focus(e.fields[0].edit.Focusable())
			}
		}
	}
}

// draft keeps what was typed on this computer; after a while without a key it becomes
// a revision.
func (e *editor) draft(key, body string, saved func(time.Time, error)) {
	if e.ended { // the revision that is being made has this text
		saved(e.tab.deps.Now(), nil)
		return
	}
	s, n := e.tab.deps.Sessions, e.note
	var at time.Time
	var err error
	e.tab.deps.Runner.Run(func(ctx context.Context) { at, err = s.SaveDraft(ctx, n, key, body) }, func() { saved(at, err) })
	if e.forget != nil {
		e.forget()
	}
	e.forget = e.tab.deps.Schedule.After(idle, e.revise)
}

// texts are what stands in the editors.
func (e *editor) texts() map[string]string {
	out := maps.Clone(e.chosen)
	for _, f := range e.fields {
		out[f.key] = f.edit.Text()
	}
	return out
}

// revise makes the texts part of the record. What is not stored yet stays a draft.
func (e *editor) revise() {
	d, s, n, texts := e.tab.deps, e.tab.deps.Sessions, e.note, e.texts()
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error {
		err := s.SaveRevision(ctx, n, texts)
		if fault.Is(err, fault.NotFound) {
			return nil // nothing was written yet
		}
		return err
	}, nil)
}

func (e *editor) end() {
	if e.forget != nil {
		e.forget()
	}
	e.ended = true
	for _, f := range e.fields {
		f.edit.Flush()
	}
	e.revise()
}
