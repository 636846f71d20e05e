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
	Rests           []Rest // when nothing was planned, oldest first
	Reason          string // why it ended or rests, for the coach
	Access          clients.Access
}

// Rest is a time for which nothing is planned, both days included; without To it goes on.
type Rest struct {
	From day.Day `json:"from"`
	To   day.Day `json:"to,omitempty"`
}

// plan is what is stored of how often: the cadence and when it rested.
type plan struct {
	Cadence
	Rests []Rest `json:"rests,omitempty"`
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

// Stop lets the assignment rest or ends it. What has ended is planned for no longer, and
// what rests is not until it goes on; the day itself still counts.
func (a *Assignment) Stop(s State, reason string, today day.Day) {
	a.State, a.Reason = s, reason
	if s == Resting && a.resting() == nil {
		a.Rests = append(a.Rests, Rest{From: max(today.Add(1), a.Starts)})
	}
	if s == Ended && a.Starts <= today && (a.Ends.IsZero() || today < a.Ends) {
		a.Ends = today
	}
}

// Resume makes it active again, without an end if that day has gone by. Nothing was
// planned meanwhile.
func (a *Assignment) Resume(today day.Day) {
	gone := !a.Ends.IsZero() && a.Ends < today
	if a.State == Ended && gone && a.resting() == nil {
		a.Rests = append(a.Rests, Rest{From: a.Ends.Add(1)})
	}
	if r := a.resting(); r != nil {
		r.To = today.Add(-1)
		if r.To < r.From { // it went on before a day was missed
			a.Rests = a.Rests[:len(a.Rests)-1]
		}
	}
	a.State, a.Reason = Active, ""
	if gone {
		a.Ends = ""
	}
}

// resting is the rest that goes on, nil for none.
func (a *Assignment) resting() *Rest {
	if n := len(a.Rests); n > 0 && a.Rests[n-1].To.IsZero() {
		return &a.Rests[n-1]
	}
	return nil
}

// Planned is how many uses came due in the period from from to to, both days
// included, without those of the days when it rested. Neighbouring periods add up: what
// falls due in June is not counted in May.
func (a *Assignment) Planned(from, to day.Day) int {
	if !a.Ends.IsZero() && a.Ends < to {
		to = a.Ends
	}
	if from < a.Starts {
		from = a.Starts
	}
	n := a.due(from, to)
	for _, r := range a.Rests {
		until := to
		if !r.To.IsZero() {
			until = min(to, r.To)
		}
		n -= a.due(max(from, r.From), until)
	}
	return n
}

func (a *Assignment) due(from, to day.Day) int {
	if to < from {
		return 0
	}
	return a.Cadence.Planned(a.Starts, to) - a.Cadence.Planned(a.Starts, from.Add(-1))
}
