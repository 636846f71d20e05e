package practices

import (
	"slices"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
)

// SituationOf puts together what locks look at: the rule on joint work (rule PV-30),
// the screens that nothing replaces, and the conditions that the coach noted for
// either partner. A screen that is missing, declined, to be discussed or older than
// six months is not clear, also where an override opened joint work.
func SituationOf(f clients.JointFacts, noted []Condition, today day.Day) Situation {
	s := Situation{
		Single:       f.Kind == clients.KindSingle,
		JointAllowed: clients.JointRule(f, today).Verdict == clients.JointOpen,
		Conditions:   slices.Clone(noted),
	}
	partners := [][]clients.Screen{f.A, f.B}
	if s.Single {
		partners = partners[:1]
	}
	if slices.ContainsFunc(partners, func(heads []clients.Screen) bool { return !allClear(heads, today) }) {
		s.Conditions = append(s.Conditions, AnyScreenNotClear)
	}
	if slices.ContainsFunc(slices.Concat(partners...), stops) {
		s.Conditions = append(s.Conditions, AnyScreenStop)
	}
	return s
}

func allClear(heads []clients.Screen, today day.Day) bool {
	return len(heads) > 0 && !slices.ContainsFunc(heads, func(x clients.Screen) bool {
		return x.Outcome != clients.ScreenClear || x.HeldOn.AddMonths(clients.ScreenMonths) < today
	})
}

// stops is true for a stop and for whatever a later version may add.
func stops(x clients.Screen) bool {
	return x.Outcome != clients.ScreenClear && x.Outcome != clients.ScreenDiscuss && x.Outcome != clients.ScreenDeclined
}
