package quizzes

import (
	"math"
	"slices"

	"github.com/couplet-app/couplet/internal/text"
)

// ChannelScore is one channel of a profile, 0 to 100 (Gap −100 to +100); nil is
// "not scored".
type ChannelScore struct {
	Code        string
	Experienced *float64 // rule Q-02
	Wanted      *float64 // rule Q-03
	Gap         *float64 // rule Q-04: wanted − experienced
}

// Flag is a coach-only remark on the quality of the answers (rule Q-14). A flag
// never removes data.
type Flag string

// The flags.
const (
	SameAnswer    Flag = "same_answer"
	Contradicting Flag = "contradicting"
	VeryQuick     Flag = "very_quick"
)

// Words says the flag to the coach.
func (f Flag) Words() string {
	switch f {
	case SameAnswer:
		return text.T("quiz.flag_same", "Same answer throughout")
	case Contradicting:
		return text.T("quiz.flag_contradicting", "Contradicting answers")
	case VeryQuick:
		return text.T("quiz.flag_quick", "Very quick")
	}
	return string(f)
}

// Balanced stands in Lead instead of channels when more than three share the
// highest wish (rule Q-09).
const Balanced = "balanced"

const (
	maxCoLeads       = 3
	contradictFrom   = 2.0 // answer steps, rule Q-14
	surplusPromptGap = -25.0
)

// ProfileScores is a scored profile. All lists are in channel order.
type ProfileScores struct {
	Channels         []ChannelScore
	TotalExperienced *float64 // rule Q-07
	Scored           int      // channels with a value for experienced
	Lead             []string // rule Q-09; empty when nothing is wanted
	TopWish          []string // rule Q-10; empty when no gap is above 0
	Flags            []Flag   // rule Q-14, for the coach only
	CoachPrompts     []string // rule Q-13, for the coach only
	Inconsistency    *float64 // mean distance of the two ways of asking, in answer steps
}

// ScoreProfile scores a quiz of channels. picks are the channels of the unscored
// last item; seconds is how long it took, 0 if not timed.
func ScoreProfile(d *Definition, answers []Answer, picks []string, seconds int) (ProfileScores, error) {
	if err := CheckPicks(d, picks); err != nil {
		return ProfileScores{}, err
	}
	scores, err := Score(d, answers)
	if err != nil {
		return ProfileScores{}, err
	}
	p := ProfileScores{Lead: []string{}, TopWish: []string{}, Flags: []Flag{}, CoachPrompts: []string{}}
	for _, c := range d.Profile.Channels {
		cs := ChannelScore{Code: c.Code, Experienced: scores.Scales[c.Experienced], Wanted: scores.Scales[c.Wanted]}
		cs.Gap = minus(cs.Wanted, cs.Experienced)
		p.Channels = append(p.Channels, cs)
		if c.PromptOnSurplus && cs.Gap != nil && *cs.Gap <= surplusPromptGap {
			p.CoachPrompts = append(p.CoachPrompts, c.Code)
		}
	}
	experienced := p.values(func(c ChannelScore) *float64 { return c.Experienced })
	p.Scored = len(experienced)
	p.TotalExperienced = meanOf(experienced, d.Profile.MinChannels)
	p.Lead = p.lead(picks)
	p.TopWish, _ = p.highest(func(c ChannelScore) *float64 { return c.Gap })
	p.Inconsistency = inconsistency(d, answers)
	p.Flags = flags(d, answers, p.Inconsistency, seconds)
	return p, nil
}

// Channel finds a channel's scores; a channel that is not there is not scored.
func (p ProfileScores) Channel(code string) ChannelScore {
	for _, c := range p.Channels {
		if c.Code == code {
			return c
		}
	}
	return ChannelScore{Code: code}
}

// codes are the channels there are.
func (p ProfileScores) codes() []string {
	out := make([]string, 0, len(p.Channels))
	for _, c := range p.Channels {
		out = append(out, c.Code)
	}
	return out
}

func (p ProfileScores) values(of func(ChannelScore) *float64) map[string]float64 {
	m := map[string]float64{}
	for _, c := range p.Channels {
		if v := of(c); v != nil {
			m[c.Code] = *v
		}
	}
	return m
}

// highest lists the channels that share the highest value, if that is above 0.
func (p ProfileScores) highest(of func(ChannelScore) *float64) ([]string, float64) {
	best, codes := 0.0, []string{}
	for _, c := range p.Channels {
		v := of(c)
		switch {
		case v == nil || *v <= 0 || *v < best:
		case *v > best:
			best, codes = *v, []string{c.Code}
		default:
			codes = append(codes, c.Code)
		}
	}
	return codes, best
}

// lead is rule Q-09: the highest wish; of several, those picked; of more than three
// still tied, none stands out.
func (p ProfileScores) lead(picks []string) []string {
	tied, _ := p.highest(func(c ChannelScore) *float64 { return c.Wanted })
	picked := []string{}
	for _, code := range tied {
		if slices.Contains(picks, code) {
			picked = append(picked, code)
		}
	}
	if len(picked) > 0 {
		tied = picked
	}
	if len(tied) > maxCoLeads {
		return []string{Balanced}
	}
	return tied
}

func flags(d *Definition, answers []Answer, inconsistency *float64, seconds int) []Flag {
	found := []Flag{}
	if sameThroughout(answers) {
		found = append(found, SameAnswer)
	}
	if inconsistency != nil && *inconsistency >= contradictFrom {
		found = append(found, Contradicting)
	}
	if seconds > 0 && seconds < d.Profile.QuickBelow {
		found = append(found, VeryQuick)
	}
	return found
}

// sameThroughout needs every item answered: not answering is no answer.
func sameThroughout(answers []Answer) bool {
	return answers[0].Status == Answered &&
		!slices.ContainsFunc(answers, func(a Answer) bool { return a != answers[0] })
}

// inconsistency is the mean over channels of |E+ − (4 − E−)|: how far apart the
// plain and the reversed items of a channel lie. Channels without both are left out.
func inconsistency(d *Definition, answers []Answer) *float64 {
	points := itemPoints(d, answers)
	distances := map[string]float64{}
	for _, c := range d.Profile.Channels {
		scale, _ := d.Scale(c.Experienced)
		var plain, reversed []float64
		for _, id := range scale.Items {
			it, _ := d.Item(id)
			v, ok := points[id]
			switch {
			case !ok:
			case it.Reverse:
				reversed = append(reversed, v)
			default:
				plain = append(plain, v)
			}
		}
		if len(plain) > 0 && len(reversed) > 0 {
			distances[c.Code] = math.Abs(average(plain) - average(reversed))
		}
	}
	return meanOf(distances, 1)
}

// meanOf is the mean of the values, nil if there are fewer than need. It adds them
// in a fixed order so that the same answers give the same bits.
func meanOf(values map[string]float64, need int) *float64 {
	if len(values) < need {
		return nil
	}
	sorted := make([]float64, 0, len(values))
	for _, v := range values {
		sorted = append(sorted, v)
	}
	slices.Sort(sorted)
	m := average(sorted)
	return &m
}

func average(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func minus(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	v := *a - *b
	return &v
}
