package noteui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// listWidth keeps lines short enough to read on a wide screen.
const listWidth = 860

// entry is a line of the list: a session, a note between sessions, or neither: the way
// to earlier notes.
type entry struct {
	at      time.Time
	session *sessions.SessionRow
	note    *sessions.NoteRow
}

func (t *tab) newList() *kit.List {
	return kit.NewList(kit.ListSpec{
		Length:  func() int { return len(t.rows) },
		Row:     func(i int) kit.Row { return t.row(t.rows[i]) },
		Columns: []float32{110, 64},
		Open:    t.openRow,
	})
}

// fillList sets out what this reader sees, the newest first: no line tells of another.
func (t *tab) fillList() {
	t.rows = t.rows[:0]
	for i := range t.state.sessions {
		x := &t.state.sessions[i]
		t.rows = append(t.rows, entry{at: x.Start, session: x})
	}
	for i := range t.state.notes {
		if n := &t.state.notes[i]; n.Session.IsZero() {
			t.rows = append(t.rows, entry{at: n.At, note: n})
		}
	}
	slices.SortStableFunc(t.rows, func(a, b entry) int { return b.at.Compare(a.at) })
	if len(t.state.notes) == t.limit {
		t.rows = append(t.rows, entry{})
	}
	t.head.Objects = t.listHead()
	t.head.Refresh()
	t.list.Reload()
}

func (t *tab) listHead() []fyne.CanvasObject {
	if !t.writes() {
		if len(t.rows) == 0 {
			return []fyne.CanvasObject{kit.Hint(text.T("sessions.empty_reader", "No session is shared with this reader."))}
		}
		return nil
	}
	fresh := func() { t.editSession(sessions.SessionView{}) }
	if len(t.rows)+len(t.state.drafts) == 0 {
		return []fyne.CanvasObject{
			kit.Sized(0, 180, kit.NewEmptyState("calendar", text.T("sessions.empty", "Sessions and what was written about them stand here."), text.T("sessions.new", "New session…"), fresh)),
			kit.HBox(0, kit.Spacer(), kit.Quiet(text.T("sessions.contact", "New contact…"), t.newContact), kit.Spacer()),
		}
	}
	head := []fyne.CanvasObject{kit.Flow(8, kit.Primary(text.T("sessions.new", "New session…"), fresh), kit.Secondary(text.T("sessions.contact", "New contact…"), t.newContact))}
	head = append(head, t.draftCards(ids.Nil)...)
	if x := t.unwritten(); x != nil {
		words := kit.VBox(2, kit.Bold(text.T("sessions.unwritten", "The last session has no note yet")).Short(), kit.Soft(when(x.Local())).Short())
		head = append(head, kit.Card(kit.Frame(nil, nil, words, kit.Secondary(text.T("sessions.write", "Write note"), func() { t.write(*x, "", "") }), nil)))
	}
	return head
}

// draftCards offer to go on with what was begun and not finished: in all of the record, or
// about one session those of which nothing can be read yet.
func (t *tab) draftCards(session ids.ID) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, d := range t.state.drafts {
		if !session.IsZero() && (d.Session != session || slices.ContainsFunc(t.state.open.Written, func(n sessions.NoteView) bool { return n.ID == d.Note })) {
			continue
		}
		title := templateTitle(d.Template)
		if d.About != "" {
			title = text.T("note.of", "%s · %s", title, t.name(d.About))
		}
		words := kit.VBox(2, kit.Bold(text.T("sessions.begun", "Begun and not finished: %s", title)).Short(), kit.Soft(text.T("today.typed", "typed %s", d.Typed.Local().Format("2 January, 15:04"))).Short())
		out = append(out, kit.Card(kit.Frame(nil, nil, words, kit.Secondary(text.T("today.go_on", "Go on"), func() { t.edit(d.Note) }), nil)))
	}
	return out
}

// unwritten is the latest session that has begun, if nothing was written about it.
func (t *tab) unwritten() *sessions.SessionRow {
	now := t.deps.Now()
	for i := range t.state.sessions {
		if x := &t.state.sessions[i]; !x.Start.After(now) {
			if x.Notes == 0 && !x.Draft && (x.State == sessions.Held || x.State == sessions.Booked) {
				return x
			}
			return nil
		}
	}
	return nil
}

func (t *tab) openRow(i int) {
	switch e := t.rows[i]; {
	case e.session != nil:
		t.show(e.session.ID)
	case e.note != nil:
		t.show(e.note.ID)
	default:
		t.limit *= 4
		t.Reload()
	}
}

func (t *tab) row(e entry) kit.Row {
	switch {
	case e.session != nil:
		return t.sessionRow(*e.session)
	case e.note != nil:
		return t.noteRow(*e.note)
	}
	return kit.Row{Title: text.T("sessions.earlier", "Show earlier notes"), Cells: make([]kit.Cell, 2)}
}

func (t *tab) sessionRow(x sessions.SessionRow) kit.Row {
	known := []string{when(x.Local()), text.T("sessions.minutes", "%d minutes", x.Minutes)}
	if x.Notes > 0 {
		known = append(known, text.N("sessions.notes", x.Notes, "1 note", "%d notes"))
	}
	if x.Draft {
		known = append(known, text.T("sessions.draft", "a draft waits"))
	}
	if x.Back {
		known = append(known, cameBack())
	}
	cells := make([]kit.Cell, 2)
	switch word, colour := stateWords(x.State); {
	case x.Twice:
		cells[0] = kit.Cell{Text: twoVersions(), Chip: kit.ColorCare}
	case x.State != sessions.Held:
		cells[0] = kit.Cell{Text: word, Chip: colour}
	}
	cells[1] = whoCell(x.Kind, x.Slot)
	return kit.Row{Title: t.sessionTitle(x), Detail: facts(known...), Cells: cells}
}

// sessionTitle is "7 · Joint session": those held are numbered for each reader anew
// (rule PV-06).
func (t *tab) sessionTitle(x sessions.SessionRow) string {
	title := text.T("sessions.joint_title", "Joint session")
	if x.Kind == sessions.IndividualSession {
		title = text.T("sessions.own_title", "Session with %s", t.name(x.Slot))
	}
	if x.Number > 0 {
		title = text.T("sessions.numbered", "%d · %s", x.Number, title)
	}
	return title
}

func (t *tab) noteRow(n sessions.NoteRow) kit.Row {
	cells := make([]kit.Cell, 2)
	if n.About != "" {
		cells[1] = whoCell(sessions.IndividualSession, n.About)
	}
	switch {
	case n.Twice:
		cells[0] = kit.Cell{Text: twoVersions(), Chip: kit.ColorCare}
	case n.Locked && t.coach():
		cells[0] = kit.Cell{Text: text.T("note.locked", "locked"), Chip: kit.ColorInkSoft}
	}
	back := ""
	if n.Back {
		back = cameBack()
	}
	return kit.Row{Title: templateTitle(n.Template), Detail: facts(onDay(n.At, n.Zone), back, snippet(n)), Cells: cells}
}

func whoCell(k sessions.Kind, s clients.Slot) kit.Cell {
	switch {
	case k == sessions.JointSession:
		return kit.Cell{Text: text.T("sessions.joint", "both"), Chip: kit.ColorBoth}
	case s == clients.SlotB:
		return kit.Cell{Text: "B", Chip: kit.ColorB}
	}
	return kit.Cell{Text: "A", Chip: kit.ColorA}
}

func templateTitle(id string) string {
	if tpl, err := sessions.TemplateByID(id); err == nil {
		return tpl.Title
	}
	return text.T("note.title", "Note")
}

// facts are what there is to say, side by side; what is not known leaves no gap.
func facts(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " · ")
}

// coachName is a coach's name, or the word when none was given.
func coachName(name string) string {
	if name == "" {
		return text.T("sessions.coach", "coach")
	}
	return name
}

// when is a day and an hour as they stand on the clocks of the session.
func when(at time.Time) string {
	return text.T("sessions.when", "%s, %s", at.Format("Monday, 2 January 2006"), at.Format("15:04"))
}

// onDay is the day of a note in the zone that it was written in.
func onDay(at time.Time, zone string) string {
	return day.Clock(at, zone).Format("2 January 2006")
}

func stateWords(s sessions.State) (string, fyne.ThemeColorName) {
	switch s {
	case sessions.Booked:
		return text.T("sessions.booked", "booked"), kit.ColorInkSoft
	case sessions.NoShow:
		return text.T("sessions.no_show", "did not come"), kit.ColorCare
	case sessions.LateCancel:
		return text.T("sessions.late_cancel", "cancelled late"), kit.ColorCare
	}
	return text.T("sessions.held", "held"), kit.ColorInkSoft
}
