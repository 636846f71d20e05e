package practices

import (
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Every is the period that a cadence repeats in.
type Every string

// The periods. AsNeeded has no plan; Once is planned for the first day.
const (
	EveryOnce       Every = "once"
	EveryDay        Every = "day"
	EveryWeek       Every = "week"
	EveryTwoWeeks   Every = "two_weeks"
	EveryMonth      Every = "month"
	EveryFourMonths Every = "four_months"
	EveryYear       Every = "year"
	AsNeeded        Every = "as_needed"
)

// days is how many days a period has; a month counts 30 and four months 122, so that
// a plan does not depend on which months it falls into.
var days = map[Every]int{EveryDay: 1, EveryWeek: 7, EveryTwoWeeks: 14, EveryMonth: 30, EveryFourMonths: 122, EveryYear: 365}

// Cadence is how often: Times per period. AtMost marks an upper limit, which is never
// a plan, so that doing less cannot count against anybody.
type Cadence struct {
	Text   string `json:"text"` // in words, for the couple
	Times  int    `json:"times"`
	Every  Every  `json:"every"`
	AtMost bool   `json:"at_most"`
}

// Validate says whether the cadence can be planned with.
func (c Cadence) Validate() error {
	_, regular := days[c.Every]
	switch {
	case !regular && c.Every != EveryOnce && c.Every != AsNeeded:
		return fault.Input("cadence", text.T("practices.cadence", "Say how often."))
	case c.Every != AsNeeded && (c.Times < 1 || c.Times > 50):
		return fault.Input("times", text.T("practices.times", "The number of times must be between 1 and 50."))
	}
	return nil
}

// Planned is how many uses have come due from the first to the last day, both
// included. A period that is not over counts by its days, rounded down, so nothing is
// expected before its time: once a week is 0 after six days and 1 after seven.
func (c Cadence) Planned(from, to day.Day) int {
	n := to.Sub(from) + 1
	if n < 1 || from.IsZero() || to.IsZero() || c.AtMost {
		return 0
	}
	switch c.Every {
	case AsNeeded:
		return 0
	case EveryOnce:
		return c.Times
	}
	d := days[c.Every]
	if d == 0 {
		return 0
	}
	return n * c.Times / d
}
