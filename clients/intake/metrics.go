package intake

import (
	"math"
	"slices"

	"github.com/couplet-app/couplet/internal/day"
)

// Case is what the figures need to know of one enquiry.
type Case struct {
	Cohort         day.Day // the day of the enquiry
	Source         string
	Booked         bool
	Held           bool
	Decision       Decision
	Enrolled       bool // reached active
	EndedEarly     bool
	DaysToDecision *int // from the held call to the decision; nil while open
	FollowUpsDue   int
	FollowUpsDone  int // on time
}

// Rate is a share with its counts, which are always shown beside it.
type Rate struct{ Count, Of int }

// MinForPercent is the smallest group for which a percentage is shown.
const MinForPercent = 5

// Value is the share; ok is false when there is nothing to share.
func (r Rate) Value() (v float64, ok bool) {
	if r.Of == 0 {
		return 0, false
	}
	return float64(r.Count) / float64(r.Of), true
}

// ShowPercent says whether the share may be shown in percent: for five or more.
func (r Rate) ShowPercent() bool { return r.Of >= MinForPercent }

// Wilson is the 95 % interval of the share (Wilson 1927, Journal of the American
// Statistical Association 22); 0 to 1 when there is nothing to share.
func (r Rate) Wilson() (low, high float64) {
	if r.Of == 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	n, p := float64(r.Of), float64(r.Count)/float64(r.Of)
	mid := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	d := 1 + z*z/n
	return (mid - half) / d, (mid + half) / d
}

// Metrics are the figures of a period. Conversion leaves out who was referred, so that
// a good referral does not count against the coach.
type Metrics struct {
	From, To        day.Day // the cohort: enquiries from and to these days
	Enquiries       int
	Show            Rate // held of booked
	Fit             Rate // fit of held
	ConversionHeld  Rate // enrolled of held
	ConversionFit   Rate // enrolled of fit
	EndedEarly      Rate // of enrolled
	FollowUpsOnTime Rate
	MedianDays      *float64 // from the held call to the decision; nil without any
}

// Measure computes the figures of the enquiries from the first to the last day, both
// included. A zero day leaves that side open.
func Measure(cases []Case, from, to day.Day) Metrics {
	m := Metrics{From: from, To: to}
	var days []int
	count := func(r *Rate, of, is bool) {
		if of {
			r.Of++
			if is {
				r.Count++
			}
		}
	}
	for _, c := range cases {
		if c.Cohort < from || (!to.IsZero() && c.Cohort > to) {
			continue
		}
		referred := c.Decision == DecisionReferOut
		m.Enquiries++
		count(&m.Show, c.Booked, c.Held)
		count(&m.Fit, c.Held, c.Decision.Fits())
		count(&m.ConversionHeld, c.Held && !referred, c.Enrolled)
		count(&m.ConversionFit, c.Held && c.Decision.Fits(), c.Enrolled)
		count(&m.EndedEarly, c.Enrolled, c.EndedEarly)
		m.FollowUpsOnTime.Of += c.FollowUpsDue
		m.FollowUpsOnTime.Count += c.FollowUpsDone
		if c.DaysToDecision != nil {
			days = append(days, *c.DaysToDecision)
		}
	}
	m.MedianDays = median(days)
	return m
}

// MeasureBySource is Measure for each source.
func MeasureBySource(cases []Case, from, to day.Day) map[string]Metrics {
	groups := map[string][]Case{}
	for _, c := range cases {
		groups[c.Source] = append(groups[c.Source], c)
	}
	out := map[string]Metrics{}
	for source, cs := range groups {
		if m := Measure(cs, from, to); m.Enquiries > 0 {
			out[source] = m
		}
	}
	return out
}

func median(xs []int) *float64 {
	if len(xs) == 0 {
		return nil
	}
	s := slices.Sorted(slices.Values(xs))
	m := float64(s[len(s)/2])
	if len(s)%2 == 0 {
		m = (m + float64(s[len(s)/2-1])) / 2
	}
	return &m
}
