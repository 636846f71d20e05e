package intake

import "github.com/couplet-app/couplet/internal/day"

// FollowUpKind is what is to be done.
type FollowUpKind string

// The kinds of follow-up.
const (
	GentleMessage FollowUpKind = "gentle_message" // one friendly line, no pressure
	AskAgain      FollowUpKind = "ask_again"      // on the agreed date, and once more
	CloseQuietly  FollowUpKind = "close"          // no further message
	CheckBack     FollowUpKind = "check_back"     // optional, after a referral
)

// FollowUp is something to do on a day. On is zero for what is done only if the coach
// wishes. SafeContactOnly means: by the safe contact of that person or not at all.
type FollowUp struct {
	Kind            FollowUpKind
	On              day.Day
	SafeContactOnly bool
}

// FollowUps is what to do after a stage began on since. agreed is the date that was
// agreed while they consider, zero for none (then it is ten days after). Nobody is
// written to more than twice:
//
//   - did not come: a message on the next day, a second seven days later, then close;
//   - considering: on the agreed date, once more after ten days, then close;
//   - referred: checking back is optional, and only by the safe contact.
//
// Closing is due when the second message has gone unanswered for as long as the first.
func FollowUps(s Stage, since, agreed day.Day) []FollowUp {
	switch s {
	case ExitNoShow:
		first := since.Add(1)
		return []FollowUp{{Kind: GentleMessage, On: first}, {Kind: GentleMessage, On: first.Add(7)}, {Kind: CloseQuietly, On: first.Add(14)}}
	case StageConsidering:
		if agreed.IsZero() {
			agreed = since.Add(10)
		}
		return []FollowUp{{Kind: AskAgain, On: agreed}, {Kind: AskAgain, On: agreed.Add(10)}, {Kind: CloseQuietly, On: agreed.Add(20)}}
	case ExitReferredOut:
		return []FollowUp{{Kind: CheckBack, SafeContactOnly: true}}
	}
	return nil
}

// MayWriteTo says whether a message may go to an address: never to a shared one
// unless both agreed.
func MayWriteTo(shared, bothAgreed bool) bool { return !shared || bothAgreed }
