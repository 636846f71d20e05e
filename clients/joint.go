package clients

import (
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// ScreenMonths is how long a safety screen counts, in months (rule PV-30).
const ScreenMonths = 6

// JointVerdict is whether the two may be worked with together.
type JointVerdict int

// The verdicts on joint work, the stricter the later. OnHold does not say why: an
// ordinary pause and a stop look the same (rule PV-31).
const (
	JointOpen       JointVerdict = iota
	JointScreensDue              // a screen is missing, declined or too old; may be overridden
	JointDiscuss                 // a screen waits for a supervisor; reports on what was done may be made
	JointOnHold                  // nothing ends it but the end of the pause or a new screen
	JointSingle                  // there is one person only
	JointParted                  // the two have parted
)

// JointFacts is what the rule on joint work looks at.
type JointFacts struct {
	Kind     Kind
	Paused   bool
	A, B     []Screen // the screens of each that nothing replaces
	Override day.Day  // the last day of an override, zero for none
	Parted   day.Day  // when the two parted, zero while they are together
	Released bool     // of two who parted: both released a joint report anew
}

// JointState is the verdict with what the coach needs to act on it.
type JointState struct {
	Verdict    JointVerdict
	Due        []Slot // whose screen is due; the coach's business alone
	Overridden bool   // open only because the coach overrode screens that are due
	Released   bool   // of two who parted: a joint report may be made
}

// JointRule decides on joint work (rule PV-30): both screens exist, are at most six
// months old, and neither stops it; a screen that is to be discussed holds until a
// supervisor is named; an override counts for screens that are due, never for a stop.
func JointRule(f JointFacts, today day.Day) JointState {
	if f.Kind == KindSingle {
		return JointState{Verdict: JointSingle}
	}
	if !f.Parted.IsZero() {
		// A stop outlives the parting, and does not show.
		stopped := max(screenVerdict(f.A, today), screenVerdict(f.B, today)) >= JointOnHold
		return JointState{Verdict: JointParted, Released: f.Released && !stopped}
	}
	if f.Paused {
		return JointState{Verdict: JointOnHold}
	}
	verdict := JointOpen
	var due []Slot
	for _, p := range []struct {
		slot  Slot
		heads []Screen
	}{{SlotA, f.A}, {SlotB, f.B}} {
		v := screenVerdict(p.heads, today)
		if v == JointScreensDue {
			due = append(due, p.slot)
		}
		verdict = max(verdict, v)
	}
	if verdict == JointOnHold {
		return JointState{Verdict: JointOnHold} // nothing that a pause would not show
	}
	if verdict == JointScreensDue && f.Override != "" && f.Override >= today {
		return JointState{Verdict: JointOpen, Due: due, Overridden: true}
	}
	return JointState{Verdict: verdict, Due: due}
}

// screenVerdict is the verdict on one partner: the strictest among the screens in force.
func screenVerdict(heads []Screen, today day.Day) JointVerdict {
	if len(heads) == 0 {
		return JointScreensDue
	}
	verdict := JointOpen
	for _, s := range heads {
		v := JointOpen
		switch {
		case s.Outcome.strictness() >= ScreenStop.strictness():
			v = JointOnHold
		case s.Outcome == ScreenDiscuss && s.Supervisor == "":
			v = JointDiscuss
		case s.Outcome == ScreenDeclined, s.HeldOn.AddMonths(ScreenMonths) < today:
			v = JointScreensDue
		}
		verdict = max(verdict, v)
	}
	return verdict
}

// MayBegin is nil when a joint session, practice or programme may begin, else the
// refusal to show.
func (s JointState) MayBegin() error {
	switch s.Verdict {
	case JointOpen:
		return nil
	case JointScreensDue:
		return fault.New(fault.Refused, text.T("joint.due", "Joint work begins after a talk with each partner alone."),
			text.T("joint.due_hint", "Hold the talks, or say why you go ahead. Nothing was changed."))
	case JointSingle:
		return fault.New(fault.Refused, text.T("joint.single", "There is one client in this record."),
			text.T("joint.single_hint", "Add the partner first, or choose an individual one. Nothing was changed."))
	case JointParted:
		return errParted()
	}
	return holdRefusal()
}

// MayReport is nil when a joint report may be made, else the neutral refusal, the
// same for a pause and for a stop. Screens that are due do not stand in its way.
func (s JointState) MayReport() error {
	if s.Verdict < JointOnHold || s.Released {
		return nil
	}
	return holdRefusal()
}

// OnHold says whether the record shows the neutral "On hold".
func (s JointState) OnHold() bool { return s.Verdict == JointOnHold }

// holdRefusal is the one refusal for whatever holds joint work.
func holdRefusal() error {
	return fault.New(fault.Refused, text.T("joint.hold", "This is not available at the moment."),
		text.T("joint.hold_hint", "The programme is on hold. What was saved stays as it is."))
}
