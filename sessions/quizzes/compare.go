package quizzes

import (
	"math"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// One answer step of a single item is 25 points of a channel; two steps are 50.
const (
	oneStep  = 25.0
	twoSteps = 50.0
)

// GapWords says a gap in plain words (rule Q-11); nil is "not scored".
func GapWords(gap *float64) string {
	switch {
	case gap == nil:
		return NotScored()
	case *gap >= twoSteps:
		return text.T("quiz.gap_strong", "strong wish for more")
	case *gap >= oneStep:
		return text.T("quiz.gap_wish", "wish for more")
	case *gap > -oneStep:
		return text.T("quiz.gap_right", "about right")
	}
	return text.T("quiz.gap_surplus", "more than you want")
}

// NotScored is what stands where a score is missing. It is never 0.
func NotScored() string { return text.T("quiz.not_scored", "not scored") }

// LeadSentence says the lead of a profile to the person it came from: always of the
// moment, never what somebody is.
func LeadSentence(d *Definition, p ProfileScores) string {
	switch {
	case len(p.Lead) == 0:
		return text.T("quiz.lead_none", "No wish stands out at the moment.")
	case p.Lead[0] == Balanced:
		return text.T("quiz.lead_balanced", "Your wishes are balanced at the moment.")
	case len(p.Lead) == 1:
		return text.T("quiz.lead_one", "Your strongest wish at the moment is %s.", d.channelName(p.Lead[0]))
	case len(p.Lead) == 2:
		return text.T("quiz.lead_two", "Your strongest wishes at the moment are %s and %s.", d.channelName(p.Lead[0]), d.channelName(p.Lead[1]))
	}
	return text.T("quiz.lead_three", "Your strongest wishes at the moment are %s, %s and %s.", d.channelName(p.Lead[0]), d.channelName(p.Lead[1]), d.channelName(p.Lead[2]))
}

func (d *Definition) channelName(code string) string {
	c, ok := d.Channel(code)
	if !ok {
		return code
	}
	return c.Name
}

// Difference is one channel of two partners, A − B (rule Q-12); nil where one of
// them is not scored.
type Difference struct {
	Code        string
	Experienced *float64
	Wanted      *float64
}

// Differences compares two partners channel by channel. It is derived from both:
// show it only to the coach, or when both have released these very answers.
func Differences(a, b ProfileScores) []Difference {
	var all []Difference
	for _, ca := range a.Channels {
		cb := b.Channel(ca.Code)
		all = append(all, Difference{ca.Code, minus(ca.Experienced, cb.Experienced), minus(ca.Wanted, cb.Wanted)})
	}
	return all
}

// DifferenceWords says how far apart two partners are, without saying who is
// higher (rule Q-12).
func DifferenceWords(difference *float64) string {
	switch {
	case difference == nil:
		return NotScored()
	case math.Abs(*difference) >= twoSteps:
		return text.T("quiz.apart_clearly", "clearly different")
	case math.Abs(*difference) >= oneStep:
		return text.T("quiz.apart_somewhat", "somewhat different")
	}
	return text.T("quiz.apart_little", "much alike")
}

// ProfileChange is what became of a profile from a first to a second time.
type ProfileChange struct {
	Common   []string             // channels scored both times, in channel order
	Channels map[string]Judgement // change of experienced, common channels only
	From, To float64              // totals over the common channels
	Total    *Judgement           // nil if too few channels are common (rule Q-08)
}

// CompareProfiles compares the same quiz at two times over the channels that are
// scored both times (rule Q-08): leaving out a low channel once would otherwise look
// like a change.
func CompareProfiles(d *Definition, first, second ProfileScores) (ProfileChange, error) {
	if d.Profile == nil {
		return ProfileChange{}, fault.New(fault.BadInput, text.T("quiz.no_channels", "%s has no channels to compare.", d.Name), "")
	}
	c := ProfileChange{Common: []string{}, Channels: map[string]Judgement{}}
	from, to := map[string]float64{}, map[string]float64{}
	for _, ch := range d.Profile.Channels {
		before, after := first.Channel(ch.Code).Experienced, second.Channel(ch.Code).Experienced
		if before == nil || after == nil {
			continue
		}
		scale, _ := d.Scale(ch.Experienced)
		j, err := d.JudgeScale(scale, *before, *after)
		if err != nil {
			return ProfileChange{}, err
		}
		c.Common = append(c.Common, ch.Code)
		c.Channels[ch.Code] = j
		from[ch.Code], to[ch.Code] = *before, *after
	}
	start, end := meanOf(from, d.Profile.MinChannels), meanOf(to, d.Profile.MinChannels)
	if start == nil || end == nil {
		return c, nil
	}
	c.From, c.To = *start, *end
	j, err := Judge(c.From, c.To, d.Profile.TotalChange, nil, d.Direction)
	c.Total = &j
	return c, err
}
