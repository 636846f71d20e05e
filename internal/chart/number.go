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

// ticks are the round values of a scale, about five, with both its ends.
func ticks(lo, hi float64) []float64 {
	if !(hi > lo) {
		return []float64{lo}
	}
	step := math.Pow(10, math.Floor(math.Log10(hi-lo)))
	for _, k := range []float64{0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5} {
		if s := step * k; (hi-lo)/s <= 5 && number(s) != "0" {
			step = s
			break
		}
	}
	out := []float64{lo}
	for v := (math.Floor(lo/step) + 1) * step; v < hi-step*0.4; v += step {
		if v > lo+step*0.4 {
			out = append(out, v)
		}
	}
	return append(out, hi)
}

// measurements prints n.
func measurements(n int) string {
	return text.N("chart.measurements", n, "1 measurement", "%d measurements")
}
