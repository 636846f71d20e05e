package quizzes

import "slices"

// Scores are the scales of one administration. A nil value is "not scored", which
// is never 0 (rule Q-06).
type Scores struct {
	Scales   map[string]*float64
	Answered int
}

// Score computes every scale from the answers, unrounded. Answers that are missing
// or that the form does not offer are refused as CheckAnswers says.
func Score(d *Definition, answers []Answer) (Scores, error) {
	if err := CheckAnswers(d, answers); err != nil {
		return Scores{}, err
	}
	points := itemPoints(d, answers)
	s := Scores{Scales: map[string]*float64{}, Answered: len(points)}
	for _, scale := range d.Scales {
		s.Scales[scale.ID] = d.scaleScore(scale, points)
	}
	return s, nil
}

// ItemPoints are the points of every answered item after value map and reversing,
// by item id.
func ItemPoints(d *Definition, answers []Answer) (map[string]float64, error) {
	if err := CheckAnswers(d, answers); err != nil {
		return nil, err
	}
	return itemPoints(d, answers), nil
}

func itemPoints(d *Definition, answers []Answer) map[string]float64 {
	points := map[string]float64{}
	for i, a := range answers {
		if a.Status == Answered {
			set, _ := d.ResponseSet(d.Items[i].ResponseSet)
			points[d.Items[i].ID] = d.Items[i].points(a.Code, set)
		}
	}
	return points
}

func (d *Definition) scaleScore(s Scale, points map[string]float64) *float64 {
	answered, sum := 0, 0.0
	for _, id := range s.Items {
		if p, ok := points[id]; ok {
			answered++
			sum += p
		}
	}
	if answered < s.MinAnswered {
		return nil
	}
	var score float64
	switch s.Aggregate {
	case Mean:
		score = sum / float64(answered)
	case MeanTimes:
		score = sum / float64(answered) * s.Factor
	default:
		score = sum
		if answered < len(s.Items) {
			score = d.prorated(s, points)
		}
	}
	return &score
}

// prorated fills up a sum in proportion to the maximum of what was answered:
// Tmin + Σ(answer − min)/Σ(max − min) × (Tmax − Tmin).
func (d *Definition) prorated(s Scale, points map[string]float64) float64 {
	var above, possible float64
	for _, id := range s.Items {
		if p, ok := points[id]; ok {
			r := d.itemRange(id)
			above += p - r.Min
			possible += r.Max - r.Min
		}
	}
	if possible == 0 {
		return s.Range.Min
	}
	return s.Range.Min + above/possible*(s.Range.Max-s.Range.Min)
}

// Band is the band that a score lies in.
func (s Scale) Band(score float64) (Band, bool) {
	i := slices.IndexFunc(s.Bands, func(b Band) bool {
		return (score > b.Min || b.IncludeMin && score == b.Min) && (score < b.Max || b.IncludeMax && score == b.Max)
	})
	if i < 0 {
		return Band{}, false
	}
	return s.Bands[i], true
}

// Flags says whether a score lies on the side of concern. The cut-off itself does
// not: a score of exactly 51.5 is not below 51.5, however it was computed.
func (c CutOff) Flags(score float64) bool {
	dir := Up
	if c.Concern == "above" {
		dir = Down
	}
	return !onGoodSide(score, c.Value, dir)
}
