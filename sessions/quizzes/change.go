package quizzes

import (
	"errors"
	"math"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Class is what a change comes to.
type Class string

// The classes. Crossing a cut-off without a reliable change is no gain.
const (
	ReliableGainCrossed Class = "reliable_gain_crossed"
	ReliableGain        Class = "reliable_gain"
	NoReliableChange    Class = "no_reliable_change"
	ReliableDrop        Class = "reliable_drop"
	ReliableDropCrossed Class = "reliable_drop_crossed"
)

// Judgement is a change with what it was judged by. RC is nil where a published
// threshold was used; Threshold and Class are nil where there is nothing to judge by.
type Judgement struct {
	Difference float64  `json:"difference"` // to − from, whatever the direction
	RC         *float64 `json:"rc"`         // difference in standard errors of a difference
	Threshold  *float64 `json:"threshold"`  // points that a change must exceed
	Class      *Class   `json:"class"`      // oriented: a gain is better, also where lower is better
}

// twoSided95 is how many standard errors a change must exceed to be reliable.
const twoSided95 = 1.96

// SEM is the standard error of measurement, SD·√(1 − r) (Jacobson & Truax 1991).
func SEM(sd, reliability float64) float64 { return sd * math.Sqrt(1-reliability) }

// SDiff is the standard error of a difference, √2·SEM (Christensen & Mendoza 1986).
func SDiff(sd, reliability float64) float64 { return math.Sqrt2 * SEM(sd, reliability) }

// ThresholdPoints is the change in points that must be exceeded, 1.96·SDiff.
func ThresholdPoints(sd, reliability float64) float64 { return twoSided95 * SDiff(sd, reliability) }

// CutOffA lies two standard deviations from the mean of those who look for help,
// towards the others (Jacobson & Truax 1991, cut-off a).
func CutOffA(meanHelp, sdHelp float64, dir Direction) float64 {
	return meanHelp + dir.sign()*2*sdHelp
}

// CutOffB lies two standard deviations from the mean of those content, towards those
// who look for help (Jacobson & Truax 1991, cut-off b).
func CutOffB(meanContent, sdContent float64, dir Direction) float64 {
	return meanContent - dir.sign()*2*sdContent
}

// CutOffC lies between both means, nearer to the group with the smaller spread
// (Jacobson & Truax 1991, cut-off c).
func CutOffC(meanHelp, sdHelp, meanContent, sdContent float64) float64 {
	return (sdContent*meanHelp + sdHelp*meanContent) / (sdContent + sdHelp)
}

func (d Direction) sign() float64 {
	if d == Down {
		return -1
	}
	return 1
}

// Points is the threshold that the parameters come to.
func (p Parameters) Points() float64 {
	if p.Threshold != nil {
		return *p.Threshold
	}
	return ThresholdPoints(*p.SD, *p.Reliability)
}

func (p Parameters) check() error {
	spread := p.SD != nil || p.Reliability != nil
	switch {
	case spread && p.Threshold != nil:
		return errors.New(text.T("quiz.change_both", "give a spread with a reliability, or a published threshold, not both"))
	case p.Threshold != nil:
		if !positive(*p.Threshold) {
			return errors.New(text.T("quiz.change_threshold", "the threshold must be above 0"))
		}
	case p.SD == nil || p.Reliability == nil:
		return errors.New(text.T("quiz.change_half", "a spread and a reliability go together"))
	case !positive(*p.SD):
		return errors.New(text.T("quiz.change_sd", "the spread must be above 0"))
	case !(*p.Reliability >= 0 && *p.Reliability < 1):
		return errors.New(text.T("quiz.change_reliability", "the reliability must be from 0 to below 1"))
	}
	return nil
}

func positive(x float64) bool { return x > 0 && finite(x) }

func finite(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }

// Judge compares two scores of one person on one scale. Without parameters nothing
// is judged (RC, Threshold and Class nil). The change is reliable if it exceeds the
// threshold; equal to it is not. A score equal to the cut-off is on the good side.
// Impossible numbers are fault.BadInput.
func Judge(from, to float64, p *Parameters, cutOff *float64, dir Direction) (Judgement, error) {
	if !finite(from) || !finite(to) || cutOff != nil && !finite(*cutOff) {
		return Judgement{}, fault.Input("change", text.T("quiz.change_number", "Scores and cut-off must be ordinary numbers."))
	}
	if dir != Up && dir != Down {
		return Judgement{}, fault.Input("direction", text.T("quiz.change_direction", "The direction is up or down, not %q.", string(dir)))
	}
	j := Judgement{Difference: to - from}
	if p == nil {
		return j, nil
	}
	if err := p.check(); err != nil {
		return Judgement{}, fault.Wrap(fault.BadInput, err, text.T("quiz.change_parameters", "The change cannot be judged by these numbers."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	threshold := p.Points()
	j.Threshold = &threshold
	if p.Threshold == nil {
		rc := j.Difference / SDiff(*p.SD, *p.Reliability)
		j.RC = &rc
	}
	class := classify(from, to, threshold, cutOff, dir)
	j.Class = &class
	return j, nil
}

func classify(from, to, threshold float64, cutOff *float64, dir Direction) Class {
	gain := (to - from) * dir.sign()
	if !exceeds(math.Abs(gain), threshold) {
		return NoReliableChange
	}
	crossed := cutOff != nil && onGoodSide(from, *cutOff, dir) != onGoodSide(to, *cutOff, dir)
	switch {
	case gain > 0 && crossed:
		return ReliableGainCrossed
	case gain > 0:
		return ReliableGain
	case crossed:
		return ReliableDropCrossed
	}
	return ReliableDrop
}

// exceeds is a strict >, in which numbers that differ only by the rounding of binary
// fractions are equal: 51.58 − 40 does not exceed 11.58.
func exceeds(a, b float64) bool { return a > b && !near(a, b) }

// onGoodSide counts the cut-off itself as good.
func onGoodSide(score, cutOff float64, dir Direction) bool {
	return near(score, cutOff) || (score > cutOff) == (dir == Up)
}

// JudgeScale judges a change on one scale of the quiz, by the scale's own numbers and
// its first cut-off.
func (d *Definition) JudgeScale(s Scale, from, to float64) (Judgement, error) {
	var cutOff *float64
	if len(s.CutOffs) > 0 {
		cutOff = &s.CutOffs[0].Value
	}
	return Judge(from, to, s.Change, cutOff, d.Direction)
}

// Words names the class for the coach; nil is "change not judged".
func (c *Class) Words(dir Direction) string {
	if c == nil {
		return text.T("quiz.class_none", "change not judged")
	}
	switch *c {
	case ReliableGainCrossed:
		if dir == Down {
			return text.T("quiz.class_gain_below", "clear gain, now below the usual cut-off")
		}
		return text.T("quiz.class_gain_above", "clear gain, now above the usual cut-off")
	case ReliableGain:
		return text.T("quiz.class_gain", "clear gain")
	case ReliableDrop:
		return text.T("quiz.class_drop", "clear drop")
	case ReliableDropCrossed:
		if dir == Down {
			return text.T("quiz.class_drop_above", "clear drop, now above the usual cut-off")
		}
		return text.T("quiz.class_drop_below", "clear drop, now below the usual cut-off")
	}
	return text.T("quiz.class_wobble", "no change beyond what the questionnaire's own wobble explains")
}

// Sentence says a change to a client: one of two sentences (rule R-04), and none
// where nothing was judged.
func (c *Class) Sentence() string {
	switch {
	case c == nil:
		return ""
	case *c == NoReliableChange:
		return text.T("quiz.change_within", "This is within the usual wobble, so we can't tell yet.")
	}
	return text.T("quiz.change_beyond", "This is a bigger change than the questionnaire's usual wobble.")
}

// IsDrop says whether a class is a reliable drop, which is shown to the person alone
// before it may be shown jointly (rule R-11).
func (c *Class) IsDrop() bool {
	return c != nil && (*c == ReliableDrop || *c == ReliableDropCrossed)
}
