package quizzes

import (
	"math"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// RoundChannel rounds a channel's value or gap for display: to the half, half away
// from zero (rule Q-17). Never compute with the result.
func RoundChannel(x float64) float64 { return math.Round(x*2)/2 + 0 }

// RoundTotal rounds a total for display: to one decimal, half away from zero (rule Q-17).
func RoundTotal(x float64) float64 { return math.Round(x*10)/10 + 0 }

// ShowChannel writes a channel's value or gap: "50", "62.5"; nil is "not scored".
func ShowChannel(x *float64) string {
	if x == nil {
		return NotScored()
	}
	return signed(strconv.FormatFloat(RoundChannel(*x), 'f', -1, 64))
}

// ShowTotal writes a total: "64.6", "60.0"; nil is "not scored".
func ShowTotal(x *float64) string {
	if x == nil {
		return NotScored()
	}
	return signed(strconv.FormatFloat(RoundTotal(*x), 'f', 1, 64))
}

// signed writes a true minus sign.
func signed(s string) string { return strings.Replace(s, "-", "−", 1) }

// ShowScore writes a score of any other scale: whole if it is whole, else with two
// decimals; nil is "not scored".
func ShowScore(x *float64) string {
	if x == nil {
		return NotScored()
	}
	if *x == math.Trunc(*x) {
		return strconv.FormatFloat(*x, 'f', 0, 64)
	}
	return strconv.FormatFloat(math.Round(*x*100)/100+0, 'f', 2, 64)
}

// Words name the usual line in whole points, and never call a couple anything (rules
//
func (c CutOff) Words() string {
	if c.Concern == "above" {
		return text.T("quiz.cutoff_above", "Many couples who look for help score above %d here.", int(math.Floor(c.Value)))
	}
	return text.T("quiz.cutoff_below", "Many couples who look for help score below %d here.", int(math.Ceil(c.Value)))
}
