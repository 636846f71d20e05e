package sessions

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Kind is who a session is with.
type Kind string

// The kinds of session. A single client's sessions are individual sessions of A.
const (
	JointSession      Kind = "joint"
	IndividualSession Kind = "individual"
)

// State is what became of a session.
type State string

// The states of a session.
const (
	Booked     State = "booked"
	Held       State = "held"
	NoShow     State = "no_show"
	LateCancel State = "late_cancel"
)

// Mode is how people meet; "" is not said.
type Mode string

// The modes.
const (
	InPerson Mode = "in_person"
	Video    Mode = "video"
	Phone    Mode = "phone"
	Hybrid   Mode = "hybrid"
)

// Presence is how somebody attended.
type Presence string

// The ways to attend.
const (
	Present     Presence = "present"
	Late        Presence = "late"
	LeftEarly   Presence = "left_early"
	LateAndLeft Presence = "late_and_left"
	Absent      Presence = "absent"
)

// Attendance is one person or one coach at a session; exactly one of the two is set.
type Attendance struct {
	Person   ids.ID
	Coach    ids.ID
	Presence Presence
	Mode     Mode // "" is that of the session
}

// Session is an appointment with both partners or with one of them. Who may see that
// it took place follows from its kind alone: a joint session everybody, an individual
// one that partner (rule PV-06).
type Session struct {
	ID         ids.ID
	Couple     ids.ID
	Kind       Kind
	Slot       clients.Slot // whose individual session it is; "" when joint
	Start      time.Time
	Zone       string // IANA name of the zone in which it was agreed
	Minutes    int
	Mode       Mode
	Place      string
	State      State
	Attendance []Attendance
}

// JointGuard refuses joint work with a couple, by the rule of the safety screens
// (rule PV-30); nil means that it may go on.
type JointGuard func(ctx context.Context, couple ids.ID) error

const (
	maxPlace   = 500
	maxMinutes = 24 * 60
)

// Access is whose session it is and who may see it.
func (s Session) Access() clients.Access {
	if s.Kind == IndividualSession && (s.Slot == clients.SlotA || s.Slot == clients.SlotB) {
		return clients.Access{Subject: s.Slot.Subject(), Visibility: s.Slot.Own(), Sensitivity: clients.Normal}
	}
	if s.Kind == JointSession && s.Slot == "" {
		return clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}
	}
	return clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}
}

// Validate names every field that cannot be taken: couple, kind, start, zone, minutes,
// mode, place, state, attendance.
func (s Session) Validate() error {
	var errs []error
	bad := func(is bool, field, sentence string) {
		if is {
			errs = append(errs, fault.Input(field, sentence))
		}
	}
	bad(s.Couple.IsZero(), "couple", text.T("session.couple", "A session needs a couple or a client."))
	individual := s.Kind == IndividualSession && (s.Slot == clients.SlotA || s.Slot == clients.SlotB)
	bad(!individual && (s.Kind != JointSession || s.Slot != ""), "kind", text.T("session.kind", "A session is with both partners or with one of them."))
	bad(s.Start.IsZero(), "start", text.T("session.start", "A session needs a day and a time."))
	_, err := time.LoadLocation(s.Zone)
	bad(s.Zone == "" || err != nil, "zone", text.T("session.zone", "This time zone is not known."))
	bad(s.Minutes < 1 || s.Minutes > maxMinutes, "minutes", text.T("session.minutes", "The length must be between 1 minute and 24 hours."))
	bad(!s.Mode.known(), "mode", text.T("session.mode", "This way of meeting is not known."))
	bad(utf8.RuneCountInString(s.Place) > maxPlace, "place", text.T("session.place", "The place can have up to %d characters.", maxPlace))
	bad(s.State != Booked && s.State != Held && s.State != NoShow && s.State != LateCancel, "state", text.T("session.state", "It must be clear whether the session was held."))
	bad(!attended(s.Attendance), "attendance", text.T("session.attendance", "Each person stands once in the list, with how they attended."))
	return errors.Join(errs...)
}

func (m Mode) known() bool {
	switch m {
	case "", InPerson, Video, Phone, Hybrid:
		return true
	}
	return false
}

func (p Presence) known() bool {
	switch p {
	case Present, Late, LeftEarly, LateAndLeft, Absent:
		return true
	}
	return false
}

// attended says whether a list of attendance can be stored.
func attended(list []Attendance) bool {
	seen := map[[2]ids.ID]bool{}
	for _, a := range list {
		who := [2]ids.ID{a.Person, a.Coach}
		if a.Person.IsZero() == a.Coach.IsZero() || seen[who] || !a.Presence.known() || !a.Mode.known() {
			return false
		}
		seen[who] = true
	}
	return true
}
