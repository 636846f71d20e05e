package chart

import (
	"math"
	"strconv"

	"github.com/couplet-app/couplet/internal/text"
)

// number writes a value as reports do: no decimals except .5, half away from zero
// (rule Q-17).
func number(v float64) string {
	half := math.Round(v*2) / 2
	if half == math.Trunc(half) {
		return minus(strconv.FormatFloat(half, 'f', 0, 64))
	}
	if math.Abs(v-half) < 1e-9 {
		return minus(strconv.FormatFloat(half, 'f', 1, 64))
	}
	return minus(strconv.FormatFloat(math.Round(v), 'f', 0, 64))
}

// minus writes a true minus sign.
func minus(s string) string {
	if s == "-0" {
		return "0"
	}
	if len(s) > 0 && s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}

// words is the value, or that there is none; a missing value is never 0.
func (v Value) words() string {
	if !v.OK {
		return text.T("chart.not_scored", "not scored")
	}
	return number(v.V)
}

// measurements prints n.
func measurements(n int) string {
	return text.N("chart.measurements", n, "1 measurement", "%d measurements")
}
