package noteui

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// with is who a session is with, as one choice.
type with struct {
	kind sessions.Kind
	slot clients.Slot
}

// sessionForm is the form of a session, new or changed.
type sessionForm struct {
	tab      *tab
	was      sessions.SessionView
	kind     *kit.Segments[with]
	state    *kit.Choice[sessions.State]
	mode     *kit.Choice[sessions.Mode]
	on       *kit.DateField
	at       *kit.Entry
	zone     *kit.Entry
	minutes  *kit.Entry
	place    *kit.Entry
	partners map[ids.ID]*kit.Choice[sessions.Presence]
	modes    map[ids.ID]*kit.Choice[sessions.Mode] // of a partner who met in another way
	coaches  map[ids.ID]*kit.Choice[sessions.Presence]
}

// editSession opens the form; a session without an id is a new one.
func (t *tab) editSession(v sessions.SessionView) {
	f := t.newSessionForm(v)
	s, id := t.deps.Sessions, v.ID
	t.deps.Dialogs.Form(text.T("sessions.title", "Session"), text.T("record.save", "Save"), kit.NewForm(f.fields()...), func(ctx context.Context) (err error) {
		if id.IsZero() {
			x := sessions.Session{Couple: t.rec.Couple}
			if err := f.read(&x); err != nil {
				return err
			}
			id, err = s.Create(ctx, x)
			return err
		}
		return s.Update(ctx, id, f.read)
	}, func() { t.show(id) })
}

func (t *tab) newSessionForm(v sessions.SessionView) *sessionForm {
	f := &sessionForm{
		tab: t, at: kit.NewEntry("18:00"), zone: kit.NewEntry("Europe/Berlin"), minutes: kit.NewEntry("75"), place: kit.NewEntry(""),
		partners: map[ids.ID]*kit.Choice[sessions.Presence]{}, modes: map[ids.ID]*kit.Choice[sessions.Mode]{}, coaches: map[ids.ID]*kit.Choice[sessions.Presence]{},
	}
	kinds := t.kinds()
	if v.ID.IsZero() {
		v.Kind, v.Slot, v.State, v.Minutes = kinds[0].Value.kind, kinds[0].Value.slot, sessions.Held, 60
		v.Start, v.Zone = t.deps.Now().Add(-time.Hour).Truncate(15*time.Minute), t.deps.Zone()
		if len(t.state.sessions) > 0 { // as the last time
			last := t.state.sessions[0]
			v.Minutes, v.Mode, v.Place = last.Minutes, last.Mode, last.Place
		}
	}
	f.was = v
	f.kind = kit.NewSegments(kinds, func(with) { f.enable() })
	f.kind.SetValue(with{v.Kind, v.Slot})
	f.state = kit.NewChoice(stateOptions(), nil)
	f.state.SetValue(v.State)
	f.mode = kit.NewChoice(modeOptions(), nil)
	f.mode.SetValue(v.Mode)
	f.on = kit.NewDateField(t.deps.Today, f.dayChanged)
	f.on.SetValue(day.Of(v.Local()))
	f.at.SetText(v.Local().Format("15:04"))
	f.zone.SetText(v.Zone)
	f.minutes.SetText(strconv.Itoa(v.Minutes))
	f.place.SetText(v.Place)
	for _, p := range t.rec.Header.Partners {
		c := kit.NewChoice(presenceOptions(), nil)
		c.SetValue(presenceOf(v, p.PersonID, ids.Nil))
		f.partners[p.PersonID] = c
		if t.couple() {
			m := kit.NewChoice(personModeOptions(), nil)
			m.SetValue(modeOf(v, p.PersonID))
			f.modes[p.PersonID] = m
		}
	}
	for _, c := range t.rec.Header.Coaches {
		k := kit.NewChoice(presenceOptions(), nil)
		if k.SetValue(presenceOf(v, ids.Nil, c.ID)); v.ID.IsZero() && c.Left() {
			k.SetValue(sessions.Absent)
		}
		f.coaches[c.ID] = k
	}
	f.enable()
	return f
}

// presenceOf is how somebody attended; who is not listed in a stored session was not there.
func presenceOf(v sessions.SessionView, person, coach ids.ID) sessions.Presence {
	for _, a := range v.Attendance {
		if a.Person == person && a.Coach == coach {
			return a.Presence
		}
	}
	if !v.ID.IsZero() && len(v.Attendance) > 0 {
		return sessions.Absent
	}
	return sessions.Present
}

// modeOf is how a person met who did not meet as the session did; "" is as the session.
func modeOf(v sessions.SessionView, person ids.ID) sessions.Mode {
	for _, a := range v.Attendance {
		if a.Person == person {
			return a.Attendance.Mode
		}
	}
	return ""
}

func personModeOptions() []kit.Option[sessions.Mode] {
	out := modeOptions()
	out[0].Label = text.T("sessions.mode_same", "As the session")
	return slices.DeleteFunc(out, func(o kit.Option[sessions.Mode]) bool { return o.Value == sessions.Hybrid })
}

func (t *tab) kinds() []kit.Option[with] {
	var out []kit.Option[with]
	if t.couple() {
		out = append(out, kit.Option[with]{Value: with{sessions.JointSession, ""}, Label: text.T("sessions.kind_joint", "Joint")})
	}
	for _, p := range t.rec.Header.Partners {
		out = append(out, kit.Option[with]{Value: with{sessions.IndividualSession, p.Slot}, Label: p.Short})
	}
	return out
}

func stateOptions() []kit.Option[sessions.State] {
	var out []kit.Option[sessions.State]
	for _, s := range []sessions.State{sessions.Held, sessions.Booked, sessions.NoShow, sessions.LateCancel} {
		word, _ := stateWords(s)
		out = append(out, kit.Option[sessions.State]{Value: s, Label: kit.Upper(word)})
	}
	return out
}

func modeOptions() []kit.Option[sessions.Mode] {
	var out []kit.Option[sessions.Mode]
	for _, m := range []sessions.Mode{"", sessions.InPerson, sessions.Video, sessions.Phone, sessions.Hybrid} {
		out = append(out, kit.Option[sessions.Mode]{Value: m, Label: modeWords(m)})
	}
	return out
}

func presenceOptions() []kit.Option[sessions.Presence] {
	var out []kit.Option[sessions.Presence]
	for _, p := range []sessions.Presence{sessions.Present, sessions.Late, sessions.LeftEarly, sessions.LateAndLeft, sessions.Absent} {
		out = append(out, kit.Option[sessions.Presence]{Value: p, Label: kit.Upper(presenceWords(p))})
	}
	return out
}

func (f *sessionForm) fields() []kit.Field {
	fields := []kit.Field{
		{Key: "kind", Label: text.T("sessions.kind", "Kind"), Widget: f.kind},
		{Key: "start", Label: text.T("sessions.day", "Day"), Widget: f.on, Half: true},
		{Key: "at", Label: text.T("sessions.at", "Starts at"), Widget: f.at, Half: true},
		{Key: "minutes", Label: text.T("sessions.length", "Minutes"), Widget: f.minutes, Half: true},
		{Key: "zone", Label: text.T("sessions.zone", "Time zone"), Widget: f.zone, Half: true},
		{Key: "state", Label: text.T("sessions.state", "What became of it"), Widget: f.state, Half: true},
		{Key: "mode", Label: text.T("sessions.mode", "How"), Widget: f.mode, Half: true},
		{Key: "place", Label: text.T("sessions.place", "Place"), Widget: f.place},
	}
	for i, p := range f.tab.rec.Header.Partners {
		key := "attendance"
		if i > 0 {
			key = "attendance_b" // a fault of the whole list stands at the first
		}
		fields = append(fields, kit.Field{Key: key, Label: p.Short, Widget: f.partners[p.PersonID], Half: true})
		if m := f.modes[p.PersonID]; m != nil {
			fields = append(fields, kit.Field{Key: key + "_mode", Label: text.T("sessions.how_of", "How, %s", p.Short), Widget: m, Half: true})
		}
	}
	for _, c := range f.tab.rec.Header.Coaches {
		fields = append(fields, kit.Field{Key: "coach_" + c.ID.String(), Label: text.T("sessions.coach_of", "%s, coach", coachName(c.Name)), Widget: f.coaches[c.ID], Half: true})
	}
	return fields
}

// dayChanged: a day ahead is an appointment, not something that was held.
func (f *sessionForm) dayChanged() {
	d, err := f.on.Value()
	if err != nil || d.IsZero() || f.state == nil {
		return
	}
	switch s, _ := f.state.Value(); {
	case d > day.Day(f.tab.deps.Today()) && s == sessions.Held:
		f.state.SetValue(sessions.Booked)
	case d < day.Day(f.tab.deps.Today()) && s == sessions.Booked && f.was.ID.IsZero():
		f.state.SetValue(sessions.Held)
	}
}

// enable greys the attendance of whoever the session is not with.
func (f *sessionForm) enable() {
	for _, p := range f.tab.rec.Header.Partners {
		c, m := f.partners[p.PersonID], f.modes[p.PersonID]
		if f.includes(p.Slot) {
			c.Enable()
		} else {
			c.Disable()
		}
		switch {
		case m == nil:
		case f.includes(p.Slot):
			m.Enable()
		default:
			m.Disable()
		}
	}
}

func (f *sessionForm) includes(s clients.Slot) bool {
	w := f.kind.Value()
	return w.kind == sessions.JointSession || w.slot == s
}

// read sets what the form says into a session.
func (f *sessionForm) read(x *sessions.Session) error {
	start, err := startOf(f.on, f.at.Text, strings.TrimSpace(f.zone.Text))
	if err != nil {
		return err
	}
	long, err := strconv.Atoi(strings.TrimSpace(f.minutes.Text))
	if err != nil {
		return fault.Input("minutes", text.T("practices.times_number", "Write a number."))
	}
	w := f.kind.Value()
	x.Kind, x.Slot, x.Start, x.Minutes = w.kind, w.slot, start, long
	x.Zone, x.Place = strings.TrimSpace(f.zone.Text), strings.TrimSpace(f.place.Text)
	x.State, _ = f.state.Value()
	x.Mode, _ = f.mode.Value()
	x.Attendance = f.attendance(x.Attendance, x.State)
	return nil
}

// attendance is who was there, and how. Who is unknown to the form stays; an appointment that was not held yet has nobody in it.
func (f *sessionForm) attendance(was []sessions.Attendance, state sessions.State) []sessions.Attendance {
	if state == sessions.Booked {
		return nil
	}
	var out []sessions.Attendance
	for _, a := range was {
		if _, listed := f.coaches[a.Coach]; a.Person.IsZero() && !listed {
			out = append(out, a)
		}
	}
	for _, p := range f.tab.rec.Header.Partners {
		if f.includes(p.Slot) {
			a := sessions.Attendance{Person: p.PersonID}
			a.Presence, _ = f.partners[p.PersonID].Value()
			if m := f.modes[p.PersonID]; m != nil {
				a.Mode, _ = m.Value()
			}
			out = append(out, a)
		}
	}
	for _, c := range f.tab.rec.Header.Coaches {
		if how, _ := f.coaches[c.ID].Value(); how != sessions.Absent { // a coach who was not there does not stand in the list
			out = append(out, sessions.Attendance{Coach: c.ID, Presence: how})
		}
	}
	return out
}

// startOf reads a day and an hour on the clocks of a zone.
func startOf(on *kit.DateField, at, zone string) (time.Time, error) {
	d, err := on.FieldValue("start")
	if err != nil {
		return time.Time{}, err
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return time.Time{}, fault.Input("zone", text.T("sessions.zone_unknown", "Write a zone like Europe/Berlin."))
	}
	start, err := time.ParseInLocation("2006-01-02 15:04", string(d)+" "+strings.TrimSpace(at), loc)
	if err != nil {
		return start, fault.Input("at", text.T("call.hour", "Write the hour like 15:00."))
	}
	return start, nil
}
