package chart

import (
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// OutcomeInput is the total of one questionnaire over time.
type OutcomeInput struct {
	Title    string
	From, To day.Day // zero: as the points reach
	Min, Max float64 // the full range of the questionnaire
	Series   []Series
	// Threshold is how many points a change must exceed to be more than the
	// questionnaire's own wobble; a band of ± Threshold lies around the first
	// score of a chart with one series.
	Threshold Value
	// Cutoff is a usual line with its words: "many couples who look for help score
	// below 52 here" (rule R-08).
	Cutoff      Value
	CutoffWords string
	// HigherIsBetter is a property of the questionnaire.
	HigherIsBetter bool
}

// Outcome draws scores over time with the band of chance and the cut-off line.
// Scores of different versions of a questionnaire are not joined; a break mark
// stands between them.
func Outcome(in OutcomeInput, v View) Figure {
	d := v.pen(124)
	size := d.size
	from, to := span(in.From, in.To, in.Series...)
	marks := ticks(in.Min, in.Max)
	names := 0.0
	for _, m := range marks {
		names = max(names, d.width(number(m)))
	}
	c := calendar{from, to, names + 14, d.W - 10}
	if in.Cutoff.OK {
		c.x1 -= d.width(number(in.Cutoff.V))
	}
	top := size * 2.4
	if len(in.Series) > 1 {
		keys := make([]key, len(in.Series))
		for i, s := range in.Series {
			keys[i] = key{name: s.Name, tone: s.Tone, sh: shapeOf(s.Tone), dash: dashOf(s.Tone)}
		}
		top = d.legend(c.x0, size*2.3, keys) + size*0.3
	}
	y := scale{in.Min, in.Max, d.H - size*2, top}
	d.text(0, size, Start, d.fit(in.direction(), d.W*0.68))
	d.text(d.W, size, End, measurements(in.n()))
	first, banded := in.first()
	if banded {
		hi, lo := y.at(first.Value.V+in.Threshold.V), y.at(first.Value.V-in.Threshold.V)
		d.rect(c.x0-5, hi, c.x1-c.x0+10, lo-hi, Stroke{}, Mix(d.p.Card, d.p.Line, 0.65))
	}
	d.months(c, y.to, y.from)
	for _, val := range marks {
		d.line(d.hair(), Point{c.x0 - 5, y.at(val)}, Point{c.x1 + 5, y.at(val)})
		d.text(c.x0-9, y.at(val)+size*0.33, End, number(val))
	}
	if in.Cutoff.OK {
		at := y.at(in.Cutoff.V)
		d.line(Stroke{Color: d.p.Clay, Width: 1.2, Dash: []float64{5, 3}}, Point{c.x0 - 5, at}, Point{c.x1 + 5, at})
		d.styled(c.x1+8, at+size*0.33, Start, number(in.Cutoff.V), d.p.Clay, false)
	}
	for _, s := range in.Series {
		d.curve(s, c, y, 1.6, 3.2)
		d.breaks(s, c, y)
		d.scores(s, c, y, in.Cutoff)
	}
	return Figure{Kind: "outcome", Title: in.Title, Caption: in.caption(banded), Scene: d.Scene, Table: in.table()}
}

// first is the first score, and whether a band is drawn around it.
func (in OutcomeInput) first() (TimePoint, bool) {
	if len(in.Series) != 1 || !in.Threshold.OK {
		return TimePoint{}, false
	}
	for _, p := range in.Series[0].Points {
		if p.Value.OK {
			return p, true
		}
	}
	return TimePoint{}, false
}

func (in OutcomeInput) n() int {
	n := 0
	for _, s := range in.Series {
		n += s.known()
	}
	return n
}

func (in OutcomeInput) direction() string {
	if in.HigherIsBetter {
		return text.T("chart.higher", "Higher means closer")
	}
	return text.T("chart.lower", "Lower means closer")
}

// breaks marks where the version of the questionnaire changed.
func (d *pen) breaks(s Series, c calendar, y scale) {
	for i := 1; i < len(s.Points); i++ {
		a, b := s.Points[i-1], s.Points[i]
		if a.Version == b.Version {
			continue
		}
		x := (c.at(a.Day) + c.at(b.Day)) / 2
		for _, dx := range []float64{-1.5, 1.5} {
			d.line(Stroke{Color: d.p.InkSoft, Width: 0.9}, Point{x + dx - 1.5, y.from}, Point{x + dx + 1.5, y.to})
		}
	}
}

// scores writes the numbers of the first and the last point, and of all when they
// are few.
func (d *pen) scores(s Series, c calendar, y scale, cutoff Value) {
	var known []TimePoint
	for _, p := range s.Points {
		if p.Value.OK {
			known = append(known, p)
		}
	}
	for i, p := range known {
		if len(known) > 8 && i > 0 && i < len(known)-1 {
			continue
		}
		at := Point{c.at(p.Day), y.at(p.Value.V) - d.size*0.75}
		crossed := cutoff.OK && y.at(cutoff.V) > at.Y-d.size && y.at(cutoff.V) < at.Y+d.size*0.3
		if at.Y < y.to+d.size*0.4 || crossed {
			at.Y += d.size * 2.2 // under its mark, clear of the edge and of the line
		}
		name := number(p.Value.V)
		half := d.width(name) / 2
		at.X = min(max(at.X, half), d.W-half)
		d.styled(at.X, at.Y, Middle, name, d.p.Tone(s.Tone), true)
	}
}

func (in OutcomeInput) caption(banded bool) string {
	s := text.T("chart.outcome.read", "The scale runs from %s to %s. %s.", number(in.Min), number(in.Max), in.direction())
	if banded {
		s += " " + text.T("chart.outcome.band", "Grey band: changes inside it may be chance.")
	}
	if in.Cutoff.OK {
		s += " " + text.T("chart.outcome.cutoff", "Dashed line at %s: %s", number(in.Cutoff.V), in.CutoffWords)
	}
	for _, one := range in.Series {
		for i := 1; i < len(one.Points); i++ {
			if one.Points[i].Version != one.Points[i-1].Version {
				return s + " " + text.T("chart.outcome.break", "Double stroke: another version of the questionnaire; do not compare across it.")
			}
		}
	}
	return s
}

func (in OutcomeInput) table() Table {
	t := Table{Head: []string{text.T("chart.date", "Date")}}
	for _, s := range in.Series {
		name := s.Name
		if name == "" {
			name = text.T("chart.score", "Score")
		}
		t.Head = append(t.Head, name)
	}
	rows(&t, in.Series, false)
	return t
}
