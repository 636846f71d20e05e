// Package goals is what partners want to reach and how far they came.
package goals

import (
	"math"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Goal attainment scaling (Kiresuk & Sherman 1968): levels from −2 to +2 with 0 as
// what was hoped for, and the usual assumed correlation between goals.
const (
	MinLevel           = -2
	MaxLevel           = 2
	assumedCorrelation = 0.3
)

// Rating is one goal's weight (1 and up) and the level reached (−2 to +2).
type Rating struct {
	Weight int
	Level  int
}

// T is the goal attainment score of several goals together: 50 means what was hoped
// for on the whole, 10 points are one standard deviation.
//
//	T = 50 + 10·Σwx / √((1−ρ)Σw² + ρ(Σw)²), ρ = 0.3
//
// T is for the coach only; clients see levels in words. No goals, a weight below 1 or
// a level outside −2 to +2 are fault.BadInput.
func T(ratings []Rating) (float64, error) {
	if len(ratings) == 0 {
		return 0, fault.Input("goals", text.T("goals.none", "There is no goal to rate yet."))
	}
	var wx, w, ww float64
	for i, r := range ratings {
		if r.Weight < 1 {
			return 0, fault.Input("weight", text.T("goals.weight", "Goal %d: the weight must be 1 or more.", i+1))
		}
		if r.Level < MinLevel || r.Level > MaxLevel {
			return 0, fault.Input("level", text.T("goals.level", "Goal %d: the level must be from -2 to +2.", i+1))
		}
		weight := float64(r.Weight)
		wx += weight * float64(r.Level)
		w += weight
		ww += weight * weight
	}
	return 50 + 10*wx/math.Sqrt((1-assumedCorrelation)*ww+assumedCorrelation*w*w), nil
}

// LevelWords says a level to a client.
func LevelWords(level int) string {
	switch level {
	case -2:
		return text.T("goals.level_m2", "much less than hoped for")
	case -1:
		return text.T("goals.level_m1", "less than hoped for")
	case 0:
		return text.T("goals.level_0", "as hoped for")
	case 1:
		return text.T("goals.level_1", "more than hoped for")
	case 2:
		return text.T("goals.level_2", "much more than hoped for")
	}
	return text.T("goals.level_none", "not rated")
}
