package practices

import (
	"slices"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// Condition is something that makes a practice harmful at the moment.
type Condition string

// The conditions that locks name. Those about screens come from the screening rules;
// the others are what the coach has noted for either partner.
const (
	AnyScreenNotClear       Condition = "any_screen_not_clear"
	AnyScreenStop           Condition = "any_screen_stop"
	Bereavement12m          Condition = "bereavement_12m"
	Coercion                Condition = "coercion"
	Contempt                Condition = "contempt"
	ConversationStopped     Condition = "conversation_stopped"
	Dissociation            Condition = "dissociation"
	FearOfPartner           Condition = "fear_of_partner"
	HealthAnxiety           Condition = "health_anxiety"
	JointNotAllowed         Condition = "joint_not_allowed" // rule PV-30 says no
	LowMood                 Condition = "low_mood"
	OpenConflict            Condition = "open_conflict"
	PainWithSex             Condition = "pain_with_sex"
	Panic                   Condition = "panic"
	PartnerWantsNoSex       Condition = "partner_wants_no_sex"
	PressureSignal          Condition = "pressure_signal"
	RecentTrauma            Condition = "recent_trauma"
	SelfHarm                Condition = "self_harm"
	SeriousIllness          Condition = "serious_illness"
	Suicidality             Condition = "suicidality"
	UnpreparedInfidelity    Condition = "unprepared_infidelity"
	UnsupportedSexualTrauma Condition = "unsupported_sexual_trauma"
)

// What a lock closes.
const (
	scopeWhole  = ""
	scopeLevel3 = "level_3"
)

const bereavementMonths = 12

var conditions = []Condition{
	AnyScreenNotClear, AnyScreenStop, Bereavement12m, Coercion, Contempt, ConversationStopped, Dissociation, FearOfPartner, HealthAnxiety,
	JointNotAllowed, LowMood, OpenConflict, PainWithSex, Panic, PartnerWantsNoSex, PressureSignal, RecentTrauma, SelfHarm, SeriousIllness,
	Suicidality, UnpreparedInfidelity, UnsupportedSexualTrauma,
}

func (c Condition) known() bool { return slices.Contains(conditions, c) }

// Noteable are the conditions that a coach can note about a partner; the others follow
// from screens and from what happened in a conversation.
func Noteable() []Condition {
	return slices.DeleteFunc(slices.Clone(conditions), func(c Condition) bool {
		return c == AnyScreenNotClear || c == AnyScreenStop || c == ConversationStopped || c == JointNotAllowed
	})
}

// Words says the condition to the coach; empty for one that follows from elsewhere.
func (c Condition) Words() string {
	switch c {
	case Bereavement12m:
		return text.T("condition.bereavement", "A bereavement")
	case Coercion:
		return text.T("condition.coercion", "Pressure, control or threats")
	case Contempt:
		return text.T("condition.contempt", "Contempt in how they speak")
	case Dissociation:
		return text.T("condition.dissociation", "Feeling unreal or losing time")
	case FearOfPartner:
		return text.T("condition.fear", "Fear of the partner")
	case HealthAnxiety:
		return text.T("condition.health_anxiety", "Strong worry about health")
	case LowMood:
		return text.T("condition.low_mood", "Lasting low mood")
	case OpenConflict:
		return text.T("condition.open_conflict", "An open conflict")
	case PainWithSex:
		return text.T("condition.pain", "Pain with sex")
	case Panic:
		return text.T("condition.panic", "Panic attacks")
	case PartnerWantsNoSex:
		return text.T("condition.no_sex", "Does not want sex")
	case PressureSignal:
		return text.T("condition.pressure", "A sign that saying no is not free")
	case RecentTrauma:
		return text.T("condition.trauma", "A recent trauma")
	case SelfHarm:
		return text.T("condition.self_harm", "Self-harm")
	case SeriousIllness:
		return text.T("condition.illness", "A serious illness")
	case Suicidality:
		return text.T("condition.suicidality", "Thoughts of suicide")
	case UnpreparedInfidelity:
		return text.T("condition.infidelity", "An affair that is not prepared for")
	case UnsupportedSexualTrauma:
		return text.T("condition.sexual_trauma", "Sexual trauma without specialist support")
	}
	return ""
}

// Lock is a condition that closes a practice, or only its third level of questions
// when Scope is "level_3". Why is for the coach alone: it may tell of one partner's
// health, so it stands in nothing that a client sees.
type Lock struct {
	Condition Condition `json:"condition"`
	Scope     string    `json:"scope"`
	Why       string    `json:"why"`
}

// Situation is what holds for a couple on a day. Conditions has what was noted for
// either partner, and what the screening rules say.
type Situation struct {
	Single       bool // a client without a partner in the casebook
	JointAllowed bool // what rule PV-30 says
	Conditions   []Condition
}

// Together says whether the practice is joint work when it is given to target: done
// by two together, or given to both.
func (p *Practice) Together(target Target, single bool) bool {
	return !single && (target == ToBoth || p.Who == Both)
}

// Locked lists why p must not be given to target now; empty means that it may. The
// reasons are for the coach alone. Every joint practice is locked while rule PV-30
// forbids joint work. Locks on a part (level 3 of the questions) are not listed here;
// see LockedLevels.
func (p *Practice) Locked(target Target, s Situation) []Lock {
	var out []Lock
	if p.Together(target, s.Single) && !s.JointAllowed {
		out = append(out, Lock{Condition: JointNotAllowed, Why: text.T("practices.lock.joint", "Joint work is not open at the moment. Look at both safety screens.")})
	}
	return append(out, p.locks(scopeWhole, s)...)
}

// LockedLevels lists why the third level of questions is closed while the rest is open.
func (p *Practice) LockedLevels(s Situation) []Lock { return p.locks(scopeLevel3, s) }

func (p *Practice) locks(scope string, s Situation) []Lock {
	var out []Lock
	for _, l := range p.Locks {
		if l.Scope == scope && slices.Contains(s.Conditions, l.Condition) {
			out = append(out, l)
		}
	}
	return out
}

// BereavementLocks says whether a death on a day still locks on today: for twelve
// months, the anniversary not included.
func BereavementLocks(on, today day.Day) bool {
	return !on.IsZero() && today < on.AddMonths(bereavementMonths)
}
