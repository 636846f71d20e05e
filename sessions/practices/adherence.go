package practices

import (
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Adherence is done / planned, at most 1. It is not known (ok is false, shown as "–")
// when nothing was planned. It is shown as "how it went", never as a mark.
func Adherence(done, planned int) (rate float64, ok bool) {
	if planned <= 0 {
		return 0, false
	}
	return min(1, float64(done)/float64(planned)), true
}

// MinLogsForPercent is how many logs a percentage needs (rule R-09).
const MinLogsForPercent = 5

// Percent is Adherence in whole percent, rounded half up. It is not shown (ok is
// false) for fewer than five logs (rule R-09) or when nothing was planned.
func Percent(done, planned, logs int) (percent int, ok bool) {
	rate, ok := Adherence(done, planned)
	if !ok || logs < MinLogsForPercent {
		return 0, false
	}
	return int(rate*100 + 0.5), true
}

// AnswerDays is how long the other partner has to answer before a joint use that one
// has confirmed counts as unconfirmed.
const AnswerDays = 7

// JointUse is one use of a joint practice: what each partner said, nil where they
// have not answered.
type JointUse struct {
	AssignmentID ids.ID
	On           day.Day
	A, B         *Result
}

// JointCount is how often a joint practice was done. Only Confirmed may stand in what
// clients see together (rule PV-09); Unconfirmed is shown separately to the coach;
// Waiting still has days to be answered and counts nowhere.
type JointCount struct {
	Confirmed, Unconfirmed, Waiting int
}

// CountJoint counts by the rule: a use counts when both confirm; when one confirms
// and the other has not answered within seven days it is unconfirmed. A use that
// either partner says did not happen does not count.
func CountJoint(uses []JointUse, today day.Day) JointCount {
	var c JointCount
	for _, u := range uses {
		a, b := u.A != nil && u.A.Counts(), u.B != nil && u.B.Counts()
		switch {
		case a && b:
			c.Confirmed++
		case (a && u.B == nil) || (b && u.A == nil):
			if today.Sub(u.On) > AnswerDays {
				c.Unconfirmed++
			} else {
				c.Waiting++
			}
		}
	}
	return c
}

// Pair puts the logs of both partners together: on each day of each assignment the
// first log of A with the first of B, the second with the second. The order of the
// uses is that of their first log.
func Pair(logs []Log) []JointUse {
	type slot struct {
		assignment ids.ID
		on         day.Day
		n          int
	}
	type who struct {
		slot
		partner clients.Slot
	}
	seen := map[who]int{}
	at := map[slot]int{}
	var out []JointUse
	for i := range logs {
		l := &logs[i]
		k := slot{assignment: l.AssignmentID, on: l.On}
		w := who{slot: k, partner: l.Partner}
		k.n = seen[w]
		seen[w]++
		j, ok := at[k]
		if !ok {
			j = len(out)
			at[k] = j
			out = append(out, JointUse{AssignmentID: l.AssignmentID, On: l.On})
		}
		if l.Partner == clients.SlotB {
			out[j].B = &l.Result
		} else {
			out[j].A = &l.Result
		}
	}
	return out
}
