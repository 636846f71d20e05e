package practices

import (
	"errors"
	"unicode/utf8"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"

	"github.com/couplet-app/couplet/clients"
)

// Target is whom a practice is given to.
type Target string

// The targets. A single client is A.
const (
	ToA    Target = "A"
	ToB    Target = "B"
	ToBoth Target = "both"
)

// State is where an assignment stands.
type State string

// The states.
const (
	Active  State = "active"
	Resting State = "resting"
	Ended   State = "ended"
)

const maxShort = 500 // characters of a cue, a size, a line in a log

// Assignment is a practice given to a couple or a partner. Cue is what starts it
// ("when the kettle boils"), Size how small it may be ("one sentence is enough").
type Assignment struct {
	ID              ids.ID
	CoupleID        ids.ID
	Practice        string // id in the library
	PracticeVersion string
	Target          Target
	Cue             string
	Size            string
	Cadence         Cadence
	Starts          day.Day
	Ends            day.Day // the last day; the zero value is open
	State           State
	Reason          string // why it ended or rests, for the coach
	Access          clients.Access
}

// DefaultAccess is the audience of an assignment: both partners for both, otherwise
// the partner whose it is.
func (t Target) DefaultAccess() clients.Access {
	switch t {
	case ToA, ToB:
		s := clients.Slot(t)
		return clients.Access{Subject: s.Subject(), Visibility: s.Own(), Sensitivity: clients.Normal}
	}
	return clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}
}

// Validate returns one fault.BadInput per field, joined; nil when it can be saved.
// Whether the practice is locked is another question: see Practice.Locked.
func (a *Assignment) Validate() error {
	var errs []error
	bad := func(is bool, field, sentence string) {
		if is {
			errs = append(errs, fault.Input(field, sentence))
		}
	}
	bad(a.Practice == "", "practice", text.T("assignment.practice", "Choose a practice."))
	bad(a.Target != ToA && a.Target != ToB && a.Target != ToBoth, "target", text.T("assignment.target", "Choose whom it is for."))
	bad(a.State != Active && a.State != Resting && a.State != Ended, "state", text.T("assignment.state", "It is active, resting or ended."))
	bad(a.Starts.IsZero(), "starts", text.T("assignment.starts", "Choose the first day."))
	bad(!a.Ends.IsZero() && a.Ends < a.Starts, "ends", text.T("assignment.ends", "The last day is before the first."))
	bad(utf8.RuneCountInString(a.Cue) > maxShort, "cue", text.T("assignment.long", "Keep it under %d characters.", maxShort))
	bad(utf8.RuneCountInString(a.Size) > maxShort, "size", text.T("assignment.long", "Keep it under %d characters.", maxShort))
	bad(utf8.RuneCountInString(a.Reason) > maxShort, "reason", text.T("assignment.long", "Keep it under %d characters.", maxShort))
	if err := a.Cadence.Validate(); err != nil {
		errs = append(errs, err)
	}
	if err := a.Access.Validate(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Stop lets the assignment rest or ends it. What has ended is planned for no longer.
func (a *Assignment) Stop(s State, reason string, today day.Day) {
	a.State, a.Reason = s, reason
	if s == Ended && a.Starts <= today && (a.Ends.IsZero() || today < a.Ends) {
		a.Ends = today
	}
}

// Resume makes it active again, without an end if that day has gone by.
func (a *Assignment) Resume(today day.Day) {
	a.State, a.Reason = Active, ""
	if a.Ends < today {
		a.Ends = ""
	}
}

// Planned is how many uses came due in the period from from to to, both days
// included. Neighbouring periods add up: what falls due in June is not counted in May.
func (a *Assignment) Planned(from, to day.Day) int {
	if !a.Ends.IsZero() && a.Ends < to {
		to = a.Ends
	}
	if from < a.Starts {
		from = a.Starts
	}
	if to < from {
		return 0
	}
	return a.Cadence.Planned(a.Starts, to) - a.Cadence.Planned(a.Starts, from.Add(-1))
}
