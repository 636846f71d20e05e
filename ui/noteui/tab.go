// Package noteui is the tab of sessions in a record: when they met, what was written,
// and the editor, in which every keystroke is safe within two seconds.
package noteui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
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
	Notes(ctx context.Context, aud clients.Audience, couple ids.ID, before time.Time, limit int) ([]sessions.NoteRow, error)
	Note(ctx context.Context, aud clients.Audience, id ids.ID) (sessions.NoteView, error)
	Create(ctx context.Context, x sessions.Session) (ids.ID, error)
	Update(ctx context.Context, id ids.ID, change func(*sessions.Session) error) error
	Delete(ctx context.Context, id ids.ID) error
	Restore(ctx context.Context, id ids.ID) error
	Start(ctx context.Context, aud clients.Audience, n sessions.NewNote) (sessions.Note, error)
	Edit(ctx context.Context, aud clients.Audience, id ids.ID) (sessions.Note, error)
	SaveDraft(ctx context.Context, n sessions.Note, key, body string) (time.Time, error)
	SaveRevision(ctx context.Context, n sessions.Note, texts map[string]string) error
	DeleteNote(ctx context.Context, id ids.ID) error
	RestoreNote(ctx context.Context, id ids.ID) error
	LockNote(ctx context.Context, id ids.ID) error
	AddAddendum(ctx context.Context, note ids.ID, field string, access clients.Access, body string) (ids.ID, error)
	History(ctx context.Context, aud clients.Audience, note ids.ID) ([]sessions.Revision, error)
	SetVisibility(ctx context.Context, field ids.ID, to clients.Visibility, reason string) (ids.ID, error)
	UndoVisibility(ctx context.Context, change ids.ID) (int, error)
}

// Deps is what the tab needs.
type Deps struct {
	kit.Env
	Sessions Store
	Zone     func() string
}

// Tab is the tab "Sessions".
func Tab(d Deps) kit.TabSpec {
	return kit.TabSpec{Key: "sessions", Title: text.T("sessions.tab", "Sessions"), New: func() kit.Tab { return newTab(d) }}
}

// manyNotes is how many notes between sessions the list shows.
const manyNotes = 60

type state struct {
	sessions []sessions.SessionRow
	notes    []sessions.NoteRow
	open     *sessions.SessionView
	note     *sessions.NoteView
}

type tab struct {
	widget.BaseWidget
	deps   Deps
	load   *kit.Loader[state]
	rec    kit.Record
	state  state
	item   ids.ID // the session or note in view
	stack  *fyne.Container
	inner  *fyne.Container
	list   fyne.CanvasObject
	editor *editor
}

func newTab(d Deps) *tab {
	t := &tab{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages), inner: kit.VBox(12)}
	t.list = kit.Scroll(kit.Insets(16, 24, 24, 24, kit.AtMost(860, t.inner)))
	t.stack = container.NewStack(t.list)
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *tab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.stack) }

// Open loads the tab, and the one session or note that the record names.
func (t *tab) Open(r kit.Record) {
	t.closeEditor()
	// Another lens looks at the same session; another tab or record begins with the list.
	if sameAgain := r.Couple == t.rec.Couple && r.Lens != t.rec.Lens && r.Item == ""; !sameAgain {
		t.item, _ = ids.Parse(r.Item) // a route that names nothing shows the list
	}
	t.rec = r
	t.Reload()
}

// Leave makes a revision of what is being written.
func (t *tab) Leave() {
	t.load.Stop()
	t.closeEditor()
}

// Reload loads again, but not under the fingers of whoever writes.
func (t *tab) Reload() {
	if t.editor != nil {
		return
	}
	rec, s, item := t.rec, t.deps.Sessions, t.item
	far := t.deps.Now().AddDate(10, 0, 0)
	t.load.Load(func(ctx context.Context) (x state, err error) {
		if x.sessions, err = s.Sessions(ctx, rec.Audience, rec.Couple); err != nil {
			return x, err
		}
		if x.notes, err = s.Notes(ctx, rec.Audience, rec.Couple, far, manyNotes); err != nil || item.IsZero() {
			return x, err
		}
		if v, err := s.Session(ctx, rec.Audience, item); err == nil {
			x.open = &v
			return x, nil
		} else if !fault.Is(err, fault.NotFound) {
			return x, err
		}
		n, err := s.Note(ctx, rec.Audience, item)
		if fault.Is(err, fault.NotFound) {
			return x, nil
		}
		x.note = &n
		return x, err
	}, t.fill)
}

func (t *tab) coach() bool { return t.rec.Audience.IsCoach() }

func (t *tab) fill(s state) {
	t.state = s
	switch {
	case s.open != nil && s.open.Couple == t.rec.Couple:
		t.inner.Objects = t.sessionView(*s.open)
	case s.note != nil && s.note.Couple == t.rec.Couple:
		t.inner.Objects = append([]fyne.CanvasObject{t.back()}, t.noteView(*s.note))
	default:
		t.inner.Objects = t.listView()
	}
	t.inner.Refresh()
}

func (t *tab) back() fyne.CanvasObject {
	return kit.HBox(8, kit.Quiet(text.T("sessions.back", "All sessions"), func() { t.show(ids.Nil) }))
}

// show puts one session or note in view, or the list.
func (t *tab) show(id ids.ID) {
	t.item = id
	r := kit.Route{Page: "couples", ID: t.rec.Couple.String(), Tab: "sessions", Lens: t.rec.Lens}
	if !id.IsZero() {
		r.Item = id.String()
	}
	t.deps.Nav.Replace(r)
	t.Reload()
}

func (t *tab) listView() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if t.coach() {
		out = append(out, kit.HBox(8,
			kit.Primary(text.T("sessions.new", "New session…"), func() { t.editSession(sessions.SessionRow{}) }),
			kit.Secondary(text.T("sessions.contact", "New contact…"), t.newContact)))
	}
	for i := len(t.state.sessions) - 1; i >= 0; i-- {
		out = append(out, t.sessionLine(t.state.sessions[i]))
	}
	var between []fyne.CanvasObject
	for _, n := range t.state.notes {
		if n.Session.IsZero() {
			between = append(between, t.noteLine(n))
		}
	}
	if len(between) > 0 {
		out = append(out, kit.Section(text.T("sessions.between", "Between sessions")))
		out = append(out, between...)
	}
	if len(t.state.sessions)+len(between) == 0 {
		if t.coach() {
			out = append(out, kit.NewEmptyState("calendar", text.T("sessions.empty", "Sessions and what was written about them stand here."), text.T("sessions.new", "New session…"), func() { t.editSession(sessions.SessionRow{}) }))
		} else {
			out = append(out, kit.Hint(text.T("sessions.empty_reader", "No session is shared with this reader.")))
		}
	}
	return out
}

// who is the word and the colour of whom a session is with.
func (t *tab) who(k sessions.Kind, s clients.Slot) (string, fyne.ThemeColorName) {
	switch {
	case k == sessions.JointSession:
		return text.T("sessions.joint", "both"), kit.ColorBoth
	case s == clients.SlotB:
		return t.rec.Header.Partner(s).Short, kit.ColorB
	}
	return t.rec.Header.Partner(clients.SlotA).Short, kit.ColorA
}

func stateWords(s sessions.State) string {
	switch s {
	case sessions.Booked:
		return text.T("sessions.booked", "booked")
	case sessions.NoShow:
		return text.T("sessions.no_show", "did not come")
	case sessions.LateCancel:
		return text.T("sessions.late_cancel", "cancelled late")
	}
	return text.T("sessions.held", "held")
}

func (t *tab) sessionLine(x sessions.SessionRow) fyne.CanvasObject {
	word, colour := t.who(x.Kind, x.Slot)
	title := x.Local().Format("Monday, 2 January 2006, 15:04")
	if x.Number > 0 {
		title = fmt.Sprintf("%d. %s", x.Number, title)
	}
	facts := []string{stateWords(x.State), text.T("sessions.minutes", "%d minutes", x.Minutes)}
	if x.Notes > 0 {
		facts = append(facts, text.N("sessions.notes", x.Notes, "1 note", "%d notes"))
	}
	if x.Draft {
		facts = append(facts, text.T("sessions.draft", "a draft waits"))
	}
	buttons := kit.HBox(4, kit.Quiet(text.T("sessions.open", "Open"), func() { t.show(x.ID) }))
	if t.coach() {
		buttons = kit.HBox(4, kit.Secondary(text.T("sessions.write", "Write note"), func() { t.write(x, "", "") }), kit.Quiet(text.T("sessions.open", "Open"), func() { t.show(x.ID) }))
	}
	return kit.Card(kit.Frame(nil, nil, kit.VBox(4, kit.HBox(8, kit.NewChip(word, colour), kit.Bold(title)), kit.Soft(strings.Join(facts, " · "))), buttons, nil))
}

func (t *tab) noteLine(n sessions.NoteRow) fyne.CanvasObject {
	title := n.At.Local().Format("2 January 2006")
	if tpl, err := sessions.TemplateByID(n.Template); err == nil {
		title += " · " + tpl.Title
	}
	return kit.Card(kit.Frame(nil, nil, kit.VBox(4, kit.Bold(title), kit.Hint(n.Snippet)), kit.Quiet(text.T("sessions.open", "Open"), func() { t.show(n.ID) }), nil))
}

// sessionView is one session with everything that this reader may read about it.
func (t *tab) sessionView(v sessions.SessionView) []fyne.CanvasObject {
	word, colour := t.who(v.Kind, v.Slot)
	head := kit.VBox(6, kit.HBox(8, kit.NewChip(word, colour), kit.Section(v.Local().Format("Monday, 2 January 2006, 15:04"))),
		kit.Soft(strings.Join([]string{stateWords(v.State), text.T("sessions.minutes", "%d minutes", v.Minutes)}, " · ")))
	for _, a := range v.Attendance {
		head.Add(kit.Hint(a.Name + " · " + presenceWords(a.Presence)))
	}
	out := []fyne.CanvasObject{t.back(), head}
	if t.coach() {
		row := kit.HBox(6, kit.Primary(text.T("sessions.write", "Write note"), func() { t.write(v.SessionRow, "", "") }),
			kit.Secondary(text.T("sessions.reflect", "Your reflection"), func() { t.write(v.SessionRow, "reflection", "") }),
			kit.Quiet(text.T("record.edit", "Edit"), func() { t.editSession(v.SessionRow) }),
			kit.Quiet(text.T("sessions.book_next", "Book the next, a week later"), func() { t.bookNext(v) }),
			kit.Quiet(text.T("record.delete", "Delete"), func() { t.remove(v.ID) }))
		out = append(out, row)
	}
	for _, n := range v.Written {
		out = append(out, t.noteView(n))
	}
	return out
}

func presenceWords(p sessions.Presence) string {
	switch p {
	case sessions.Late:
		return text.T("presence.late", "came late")
	case sessions.LeftEarly:
		return text.T("presence.left", "left early")
	case sessions.LateAndLeft:
		return text.T("presence.both", "came late and left early")
	case sessions.Absent:
		return text.T("presence.absent", "absent")
	}
	return text.T("presence.present", "there")
}

func (t *tab) bookNext(v sessions.SessionView) {
	s := t.deps.Sessions
	x := sessions.Session{Couple: v.Couple, Kind: v.Kind, Slot: v.Slot, Start: v.Local().AddDate(0, 0, 7), Zone: v.Zone, Minutes: v.Minutes, Mode: v.Mode, Place: v.Place, State: sessions.Booked}
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { _, err := s.Create(ctx, x); return err }, func() {
		t.deps.Messages.Toast(text.T("sessions.booked_next", "Booked for %s.", x.Start.Format("Monday, 2 January, 15:04")))
	})
}

func (t *tab) remove(id ids.ID) {
	s := t.deps.Sessions
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Delete(ctx, id) }, func() {
		t.show(ids.Nil)
		t.deps.Messages.Undo(text.T("sessions.deleted", "The session was deleted with its notes."), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Restore(ctx, id) }, nil)
		})
	})
}

// with is who a session is with, as one choice.
type with struct {
	kind sessions.Kind
	slot clients.Slot
}

// editSession is the form of a session, new or changed.
func (t *tab) editSession(row sessions.SessionRow) {
	fresh := row.ID.IsZero()
	kinds := []kit.Option[with]{
		{Value: with{sessions.JointSession, ""}, Label: text.T("sessions.kind_joint", "Joint")},
		{Value: with{sessions.IndividualSession, clients.SlotA}, Label: t.rec.Header.Partner(clients.SlotA).Short},
		{Value: with{sessions.IndividualSession, clients.SlotB}, Label: t.rec.Header.Partner(clients.SlotB).Short},
	}
	if t.rec.Header.Kind == clients.KindSingle {
		kinds = kinds[1:2]
	}
	kind := kit.NewSegments(kinds, nil)
	states := []kit.Option[sessions.State]{}
	for _, s := range []sessions.State{sessions.Held, sessions.Booked, sessions.NoShow, sessions.LateCancel} {
		states = append(states, kit.Option[sessions.State]{Value: s, Label: stateWords(s)})
	}
	state := kit.NewChoice(states, nil)
	modes := []kit.Option[sessions.Mode]{{Value: "", Label: text.T("person.channel.any", "Not said")}, {Value: sessions.InPerson, Label: text.T("sheet.mode.in_person", "In person")}, {Value: sessions.Video, Label: text.T("sheet.mode.video", "Video")}, {Value: sessions.Phone, Label: text.T("sheet.mode.phone", "Phone")}, {Value: sessions.Hybrid, Label: text.T("sessions.hybrid", "One here, one away")}}
	mode := kit.NewChoice(modes, nil)
	on := kit.NewDateField(t.deps.Today, nil)
	at, minutes := kit.NewEntry("18:00"), kit.NewEntry("75")
	if fresh {
		now := t.deps.Now()
		row = sessions.SessionRow{Couple: t.rec.Couple, Kind: kinds[0].Value.kind, Slot: kinds[0].Value.slot, Start: now.Add(-time.Hour).Truncate(15 * time.Minute), Zone: t.deps.Zone(), Minutes: 60, State: sessions.Held}
	}
	kind.SetValue(with{row.Kind, row.Slot})
	state.SetValue(row.State)
	mode.SetValue(row.Mode)
	on.SetValue(dayOf(row))
	at.SetText(row.Local().Format("15:04"))
	minutes.SetText(strconv.Itoa(row.Minutes))
	presence := t.presenceChoices()
	fields := []kit.Field{
		{Key: "kind", Label: text.T("sessions.kind", "Kind"), Widget: kind},
		{Key: "start", Label: text.T("sessions.day", "Day"), Widget: on, Half: true},
		{Key: "at", Label: text.T("sessions.at", "Starts at"), Widget: at, Half: true},
		{Key: "minutes", Label: text.T("sessions.length", "Minutes"), Widget: minutes, Half: true},
		{Key: "state", Label: text.T("sessions.state", "What became of it"), Widget: state, Half: true},
		{Key: "mode", Label: text.T("sessions.mode", "How"), Widget: mode},
	}
	if fresh {
		for _, p := range t.rec.Header.Partners {
			fields = append(fields, kit.Field{Key: "attendance", Label: p.Short, Widget: presence[p.PersonID], Half: true})
		}
	}
	s := t.deps.Sessions
	id := row.ID
	t.deps.Dialogs.Form(text.T("sessions.title", "Session"), text.T("record.save", "Save"), kit.NewForm(fields...), func(ctx context.Context) error {
		start, err := startOf(on, at.Text, row.Zone)
		if err != nil {
			return err
		}
		long, err := strconv.Atoi(strings.TrimSpace(minutes.Text))
		if err != nil {
			return fault.Input("minutes", text.T("practices.times_number", "Write a number."))
		}
		change := func(x *sessions.Session) error {
			w := kind.Value()
			x.Kind, x.Slot, x.Start, x.Minutes = w.kind, w.slot, start, long
			x.State, _ = state.Value()
			x.Mode, _ = mode.Value()
			return nil
		}
		if !fresh {
			return s.Update(ctx, id, change)
		}
		x := sessions.Session{Couple: t.rec.Couple, Zone: row.Zone}
		if err := change(&x); err != nil {
			return err
		}
		for _, p := range t.rec.Header.Partners {
			if x.Kind == sessions.JointSession || x.Slot == p.Slot {
				v, _ := presence[p.PersonID].Value()
				x.Attendance = append(x.Attendance, sessions.Attendance{Person: p.PersonID, Presence: v})
			}
		}
		id, err = s.Create(ctx, x)
		return err
	}, func() { t.show(id) })
}

func (t *tab) presenceChoices() map[ids.ID]*kit.Choice[sessions.Presence] {
	out := map[ids.ID]*kit.Choice[sessions.Presence]{}
	var options []kit.Option[sessions.Presence]
	for _, p := range []sessions.Presence{sessions.Present, sessions.Late, sessions.LeftEarly, sessions.LateAndLeft, sessions.Absent} {
		options = append(options, kit.Option[sessions.Presence]{Value: p, Label: presenceWords(p)})
	}
	for _, p := range t.rec.Header.Partners {
		c := kit.NewChoice(options, nil)
		c.SetValue(sessions.Present)
		out[p.PersonID] = c
	}
	return out
}
