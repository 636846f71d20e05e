package chart

import (
	"math"
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// overlay says whether the radar lays what several people felt over each other: two
// outlines without an area, told apart by line and mark, each with its name beside it.
func (in RadarInput) overlay() bool {
	n := 0
	for _, s := range in.Series {
		if !s.Wanted {
			n++
		}
	}
	return n > 1
}

// overlayMarks draws the marks so that two on one spot are both seen: the first filled,
// the others hollow around it.
func (d *pen) overlayMarks(c Point, r float64, n int, series []RadarSeries) {
	for i := len(series) - 1; i >= 0; i-- {
		s := series[i]
		for _, run := range s.outline(c, r, n) {
			for _, p := range run {
				if i == 0 {
					d.mark(shapeOf(s.Tone), p, 2.6, d.p.Tone(s.Tone), false)
				} else {
					d.mark(shapeOf(s.Tone), p, 4.2, d.p.Tone(s.Tone), true)
				}
			}
		}
	}
}

// box is the room that a label takes.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

func (b box) within(o box) bool {
	return b.x0 >= o.x0 && b.x1 <= o.x1 && b.y0 >= o.y0 && b.y1 <= o.y1
}

// crosses says whether the line from p to q goes through the box.
func (b box) crosses(p, q Point) bool {
	const steps = 24
	for i := range steps + 1 {
		f := float64(i) / steps
		x, y := p.X+(q.X-p.X)*f, p.Y+(q.Y-p.Y)*f
		if x > b.x0 && x < b.x1 && y > b.y0 && y < b.y1 {
			return true
		}
	}
	return false
}

// written are the boxes of the words that stand there already.
func (d *pen) written() []box {
	var out []box
	for _, it := range d.Items {
		t, ok := it.(Text)
		if !ok {
			continue
		}
		w := d.m.Width(t.S, t.Size, t.Bold)
		x := t.At.X
		switch t.Anchor {
		case Middle:
			x -= w / 2
		case End:
			x -= w
		}
		out = append(out, box{x, t.At.Y - t.Size, x + w, t.At.Y + t.Size*0.25})
	}
	return out
}

// overlayNames writes the name of each outline at one of its points, where it covers no
// words, no mark and as little of the lines as can be; a name without such a place stands
// in the legend alone.
func (d *pen) overlayNames(c Point, r float64, n int, series []RadarSeries, bottom float64) {
	var marks []box
	var lines [][2]Point
	for _, s := range series {
		for _, run := range s.outline(c, r, n) {
			for i, p := range run {
				marks = append(marks, box{p.X - 5, p.Y - 5, p.X + 5, p.Y + 5})
				if i > 0 {
					lines = append(lines, [2]Point{run[i-1], p})
				}
			}
			if len(run) == n {
				lines = append(lines, [2]Point{run[n-1], run[0]})
			}
		}
	}
	page := box{0, 0, d.W, bottom}
	for k, s := range series {
		name := d.fit(s.Name, r)
		w := d.width(name)
		taken := append(d.written(), marks...)
		best, cost := box{}, math.Inf(1)
		for i := range n {
			if i >= len(s.Values) || !s.Values[i].OK {
				continue
			}
			p := radarPoint(c, r, i, n, s.Values[i].V)
			for a := 0.0; a < 2*math.Pi; a += math.Pi / 8 {
				x, y := p.X+math.Cos(a)*(8+w/2), p.Y+math.Sin(a)*(7+d.size/2)
				b := box{x - w/2 - 1, y - d.size*0.55, x + w/2 + 1, y + d.size*0.55}
				if !b.within(page) || b.meetsAny(taken) {
					continue
				}
				if v := d.nameCost(b, lines) - 0.02*apart(series, k, i); v < cost {
					best, cost = b, v
				}
			}
		}
		if !math.IsInf(cost, 1) {
			d.styled((best.x0+best.x1)/2, best.y1-d.size*0.25, Middle, name, d.p.Tone(s.Tone), true)
		}
	}
}

func (b box) meetsAny(all []box) bool {
	for _, o := range all {
		if b.meets(o) {
			return true
		}
	}
	return false
}

// nameCost counts the lines of the outlines that a name at b would lie on.
func (d *pen) nameCost(b box, lines [][2]Point) float64 {
	cost := 0.0
	for _, l := range lines {
		if b.crosses(l[0], l[1]) {
			cost += 10
		}
	}
	return cost
}

// apart is how far outline k lies from the nearest other one on axis i.
func apart(series []RadarSeries, k, i int) float64 {
	out := 100.0
	for j, o := range series {
		if j != k && i < len(o.Values) && o.Values[i].OK {
			out = math.Min(out, math.Abs(series[k].Values[i].V-o.Values[i].V))
		}
	}
	return out
}

// whoOpen names whose outline is open at axis i, where there are several.
func (in RadarInput) whoOpen(i int) string {
	var who []string
	for _, s := range in.Series {
		if i >= len(s.Values) || !s.Values[i].OK {
			who = append(who, s.Name)
		}
	}
	if !in.overlay() || len(who) == len(in.Series) {
		return ""
	}
	return " (" + strings.Join(who, ", ") + ")"
}

// overlayWords say which line is whose.
func overlayWords(s RadarSeries) string {
	if dashOf(s.Tone) != nil {
		return text.T("chart.radar.broken_line", "Broken line, square marks: %s.", s.Name)
	}
	return text.T("chart.radar.whole_line", "Whole line, round marks: %s.", s.Name)
}
