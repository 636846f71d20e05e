package quizzes

import (
	"math"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// How many first administrations a practice needs before its own spread and alpha
// may be used, and below how many they stay shaky.
const (
	minLocal   = 30
	shakyLocal = 100
)

// Alpha is Cronbach's alpha (Cronbach 1951) of points, one row a person and one column an item, with the
// variances of items and of the total (n − 1). It needs two persons and two items, no
// missing points, and totals that differ; else fault.BadInput.
func Alpha(rows [][]float64) (alpha float64, itemVariances []float64, totalVariance float64, err error) {
	if len(rows) < 2 || len(rows[0]) < 2 {
		return 0, nil, 0, fault.New(fault.BadInput, text.T("quiz.alpha_small", "Alpha needs at least two people and two items."), "")
	}
	items := len(rows[0])
	totals := make([]float64, len(rows))
	columns := make([][]float64, items)
	for r, row := range rows {
		if len(row) != items {
			return 0, nil, 0, fault.New(fault.BadInput, text.T("quiz.alpha_ragged", "Row %d has %d answers, not %d.", r+1, len(row), items), "")
		}
		for i, v := range row {
			columns[i] = append(columns[i], v)
			totals[r] += v
		}
	}
	sum := 0.0
	for _, column := range columns {
		v := variance(column)
		itemVariances = append(itemVariances, v)
		sum += v
	}
	totalVariance = variance(totals)
	if totalVariance == 0 {
		return 0, nil, 0, fault.New(fault.BadInput, text.T("quiz.alpha_flat", "All totals are the same, so alpha says nothing."), "")
	}
	k := float64(items)
	return k / (k - 1) * (1 - sum/totalVariance), itemVariances, totalVariance, nil
}

// LocalParameters are spread and alpha of a practice's own first administrations.
// Fewer than 30 are fault.Refused; below 100 the result is marked unverified.
// Callers take only people who agreed to their numbers being used for this.
func LocalParameters(rows [][]float64) (Parameters, error) {
	n := len(rows)
	if n < minLocal {
		return Parameters{}, fault.New(fault.Refused,
			text.T("quiz.local_few", "Own numbers need %d first answers; there are %d.", minLocal, n),
			text.T("quiz.local_few_hint", "Until then the published numbers are used."))
	}
	alpha, _, totalVariance, err := Alpha(rows)
	if err != nil {
		return Parameters{}, err
	}
	sd := math.Sqrt(totalVariance)
	p := Parameters{
		SD: &sd, Reliability: &alpha, Kind: "alpha", Unverified: n < shakyLocal,
		Source: text.T("quiz.local_source", "This practice's own first answers"),
		Sample: text.T("quiz.local_sample", "n = %d", n),
	}
	if err := p.check(); err != nil {
		return Parameters{}, fault.Wrap(fault.BadInput, err, text.T("quiz.local_unusable", "The answers do not give usable numbers."), "")
	}
	return p, nil
}

func variance(values []float64) float64 {
	m, sum := average(values), 0.0
	for _, v := range values {
		sum += (v - m) * (v - m)
	}
	return sum / float64(len(values)-1)
}
