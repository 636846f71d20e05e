package noteui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// sessionView is one session with everything that this reader may read about it.
func (t *tab) sessionView(v sessions.SessionView) []fyne.CanvasObject {
	who := whoCell(v.Kind, v.Slot)
	chips := kit.HBox(6, kit.NewChip(who.Text, who.Chip))
	if word, colour := stateWords(v.State); v.State != sessions.Held {
		chips.Add(kit.NewChip(word, colour))
	}
	mode, zone := "", ""
	if v.Mode != "" {
		mode = modeWords(v.Mode)
	}
	if v.Zone != t.deps.Zone() {
		zone = v.Zone
	}
	known := facts(when(v.Local()), text.T("sessions.minutes", "%d minutes", v.Minutes), mode, v.Place, zone)
	head := kit.VBox(6, kit.Frame(nil, nil, kit.Section(t.sessionTitle(v.SessionRow)).Short(), chips, nil), kit.Hint(known))
	if there := t.attendance(v); there != "" {
		head.Add(kit.Hint(there))
	}
	if v.Back {
		head.Add(t.backBanner("session", v.ID))
	}
	if t.writes() {
		head.Add(t.stateLine(v.SessionRow))
		head.Add(t.writeButtons(v))
		head.Add(kit.QuietRow(
			kit.Quiet(text.T("sessions.edit", "Edit the session"), func() { t.editSession(v) }),
			kit.Quiet(text.T("sessions.book_next", "Book the next, a week later"), func() { t.bookNext(v, nil) }),
			kit.Quiet(text.T("sessions.remove", "Delete the session"), func() { t.remove(v.ID) })))
	}
	out := append([]fyne.CanvasObject{t.back(), kit.Card(head)}, t.draftCards(v.ID)...)
	for _, n := range v.Written {
		out = append(out, t.noteView(n))
	}
	if len(v.Written) == 0 && !t.writes() {
		out = append(out, kit.Hint(text.T("sessions.nothing_shared", "No note of this session is shared with this reader.")))
	}
	return out
}

// attendance is who was there, and how.
func (t *tab) attendance(v sessions.SessionView) string {
	var words []string
	for _, a := range v.Attendance {
		w := a.Name
		if !a.Coach.IsZero() {
			w = coachName(w)
		}
		how := ""
		if m := a.Attendance.Mode; m != "" && m != v.Mode {
			how = modeWords(m)
		}
		if a.Presence != sessions.Present {
			how = listed(how, presenceWords(a.Presence))
		}
		if how != "" {
			w += " (" + how + ")"
		}
		words = append(words, w)
	}
	return facts(words...)
}

// writeButtons begin the notes that belong to the kind of session. What is written about
// one partner is a note of its own.
func (t *tab) writeButtons(v sessions.SessionView) fyne.CanvasObject {
	row := kit.Flow(8, kit.Primary(text.T("sessions.write", "Write note"), func() { t.write(v.SessionRow, "", "") }))
	if v.Kind == sessions.JointSession {
		for _, p := range t.rec.Header.Partners {
			row.Add(kit.Secondary(text.T("sessions.note_about", "Note about %s", p.Short), func() { t.write(v.SessionRow, "individual-contact", p.Slot) }))
		}
	}
	row.Add(kit.Secondary(text.T("sessions.reflect", "Your reflection"), func() { t.write(v.SessionRow, "reflection", "") }))
	row.Add(kit.Secondary(text.T("sessions.other_note", "Another note…"), func() { t.otherNote(&v) }))
	return row
}

// stateLine asks, one click each, what became of a session that is still booked although
// its time has come.
func (t *tab) stateLine(x sessions.SessionRow) fyne.CanvasObject {
	row := kit.Flow(4)
	if x.State != sessions.Booked || x.Start.After(t.deps.Now()) {
		row.Hide()
		return row
	}
	everybody := t.everybody(x)
	row.Add(kit.Soft(text.T("sessions.became", "What became of it?")).In(kit.ColorCare))
	for _, s := range []sessions.State{sessions.Held, sessions.NoShow, sessions.LateCancel} {
		word, _ := stateWords(s)
		row.Add(kit.Quiet(kit.Upper(word), func() {
			store, id := t.deps.Sessions, x.ID
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error {
				return store.Update(ctx, id, func(x *sessions.Session) error {
					if x.State = s; s == sessions.Held && len(x.Attendance) == 0 {
						x.Attendance = everybody
					}
					return nil
				})
			}, func() {
				row.Hide()
				t.deps.Messages.Toast(text.T("sessions.state_set", "Marked as %s.", word))
				t.Reload()
			})
		}))
	}
	return row
}

// everybody is who was at a session of which nothing else is said.
func (t *tab) everybody(x sessions.SessionRow) []sessions.Attendance {
	var out []sessions.Attendance
	for _, p := range t.rec.Header.Partners {
		if x.Kind == sessions.JointSession || x.Slot == p.Slot {
			out = append(out, sessions.Attendance{Person: p.PersonID, Presence: sessions.Present})
		}
	}
	for _, c := range clients.AtWork(t.rec.Header.Coaches) {
		out = append(out, sessions.Attendance{Coach: c.ID, Presence: sessions.Present})
	}
	return out
}

// listed sets words side by side; what is not said leaves no gap.
func listed(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), ", ")
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

func modeWords(m sessions.Mode) string {
	switch m {
	case sessions.InPerson:
		return text.T("sheet.mode.in_person", "In person")
	case sessions.Video:
		return text.T("sheet.mode.video", "Video")
	case sessions.Phone:
		return text.T("sheet.mode.phone", "Phone")
	case sessions.Hybrid:
		return text.T("sessions.hybrid", "One here, one away")
	}
	return text.T("person.channel.any", "Not said")
}

// nextOf is the same appointment a week later, on the clocks of its zone.
func nextOf(v sessions.SessionView) sessions.Session {
	return sessions.Session{
		Couple: v.Couple, Kind: v.Kind, Slot: v.Slot, Start: v.Local().AddDate(0, 0, 7), Zone: v.Zone,
		Minutes: v.Minutes, Mode: v.Mode, Place: v.Place, State: sessions.Booked,
	}
}

// bookNext books the same appointment a week later; booked, if not nil, is told.
func (t *tab) bookNext(v sessions.SessionView, booked func(sessions.Session)) {
	s, x := t.deps.Sessions, nextOf(v)
	var id ids.ID
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) (err error) {
		id, err = s.Create(ctx, x)
		return err
	}, func() {
		t.deps.Messages.Undo(text.T("sessions.booked_next", "Booked for %s.", x.Start.Format("Monday, 2 January, 15:04")), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Delete(ctx, id) }, nil)
		})
		if booked != nil {
			booked(x)
		}
	})
}

func (t *tab) remove(id ids.ID) {
	s, visit := t.deps.Sessions, t.visit
	here := func(show ids.ID) func() {
		return func() {
			if visit == t.visit { // and not somewhere else by now
				t.show(show)
			}
		}
	}
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Delete(ctx, id) }, func() {
		here(ids.Nil)()
		t.deps.Messages.Undo(text.T("sessions.deleted", "The session was deleted with its notes."), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Restore(ctx, id) }, here(id))
		})
	})
}

// otherNote asks which note to begin: about a session, or nil for one between sessions.
func (t *tab) otherNote(v *sessions.SessionView) {
	templates, err := sessions.Templates()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	var options []kit.Option[string]
	for _, tpl := range templates {
		joint, call := slices.Contains(tpl.For, "joint") && len(tpl.For) == 1, slices.Contains(tpl.For, "call") && len(tpl.For) == 1
		if (!joint || v != nil && t.couple()) && (!call || v == nil) {
			options = append(options, kit.Option[string]{Value: tpl.ID, Label: tpl.Title})
		}
	}
	kind := kit.NewChoice(options, nil)
	kind.SetValue("brief-contact")
	var who []kit.Option[clients.Slot]
	if t.couple() {
		who = append(who, kit.Option[clients.Slot]{Value: "", Label: kit.Upper(text.T("practices.both", "both"))})
	}
	for _, p := range t.rec.Header.Partners {
		who = append(who, kit.Option[clients.Slot]{Value: p.Slot, Label: p.Short})
	}
	with := kit.NewSegments(who, nil)
	title := text.T("sessions.contact_title", "New contact")
	if v != nil {
		title = text.T("sessions.other_title", "Another note of this session")
	}
	form := kit.NewForm(
		kit.Field{Key: "template", Label: text.T("note.kind", "What it is"), Widget: kind},
		kit.Field{Key: "about", Label: text.T("note.with", "With"), Widget: with})
	t.deps.Dialogs.Form(title, text.T("note.begin", "Write"), form, func(context.Context) error { return nil }, func() {
		id, _ := kind.Value()
		if v != nil {
			t.write(v.SessionRow, id, with.Value())
			return
		}
		t.begin(sessions.NewNote{Couple: t.rec.Couple, Template: id, About: with.Value(), At: t.deps.Now(), Zone: t.deps.Zone()})
	})
}

// newContact begins a note between sessions.
func (t *tab) newContact() { t.otherNote(nil) }
