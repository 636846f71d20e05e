package chart

import (
	"math"
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// RadarSeries is one outline on a radar: one value for each axis.
type RadarSeries struct {
	Name   string // "Now", "What Ana wishes for"
	Tone   Tone
	Wanted bool // drawn as a dashed outline with hollow marks
	Values []Value
}

// RadarInput is a profile on axes that all run from 0 to 100 (domain.md §2.5). The
// axes stand from 12 o'clock clockwise in the given order: EM IN AF SX EX SP.
type RadarInput struct {
	Title  string
	Axes   []string
	Series []RadarSeries
}

// Radar draws a profile: what is felt as a filled area, what is wished for as a
// dashed outline; of two people what each felt, as two outlines. An axis that was not scored is a gap in the outline and a hollow
// mark at the rim, never a point at 0.
func Radar(in RadarInput, v View) Figure {
	d := v.pen(0)
	side := (d.W/2 - d.sideNames(in.Axes) - d.size*1.4) / reach(len(in.Axes))
	if d.H == 0 {
		d.H = 2*math.Min(side, 100) + d.size*7.2
	}
	keysTop := d.H - d.size*0.6
	c := Point{d.W / 2, (keysTop - d.size*2.8) / 2}
	r := math.Max(math.Min(c.Y-d.size*1.9, side), 10)
	n := len(in.Axes)
	over := in.overlay()
	for _, s := range in.Series {
		if !over {
			d.radarFill(c, r, n, s)
		}
	}
	d.radarGrid(c, r, in)
	keys := make([]key, 0, len(in.Series))
	for i, s := range in.Series {
		k := key{name: s.Name, tone: s.Tone, sh: shapeOf(s.Tone), hollow: s.Wanted || over && i > 0, dash: radarDash(s, over)}
		d.radarLine(c, r, n, s, k.dash)
		if !over {
			d.radarMarks(c, r, n, s)
		}
		keys = append(keys, k)
	}
	if over {
		d.overlayMarks(c, r, n, in.Series)
		d.overlayNames(c, r, n, in.Series, keysTop-d.size)
	}
	d.legend(math.Max(0, (d.W-d.legendWidth(keys))/2), keysTop, keys)
	return Figure{Kind: "radar", Title: in.Title, Caption: radarCaption(in), Scene: d.Scene, Table: radarTable(in)}
}

func radarDash(s RadarSeries, over bool) []float64 {
	switch {
	case s.Wanted:
		return []float64{3, 2.5}
	case over:
		return dashOf(s.Tone)
	}
	return nil
}

func radarPoint(c Point, r float64, i, n int, v float64) Point {
	a := 2 * math.Pi * float64(i) / float64(n)
	return Point{c.X + r*v/100*math.Sin(a), c.Y - r*v/100*math.Cos(a)}
}

func (d *pen) radarGrid(c Point, r float64, in RadarInput) {
	n := len(in.Axes)
	for ring := 25.0; ring <= 100; ring += 25 {
		pts := make([]Point, n)
		for i := range pts {
			pts[i] = radarPoint(c, r, i, n, ring)
		}
		d.Add(Path{Points: pts, Closed: true, Stroke: d.hair()})
	}
	for i, name := range in.Axes {
		end := radarPoint(c, r, i, n, 100)
		d.line(d.hair(), c, end)
		d.axisName(c, end, r, name, in.unscored(i))
	}
	small := d.size
	d.size *= 0.8
	for ring := 0.0; ring <= 100; ring += 25 {
		p := radarPoint(c, r, 0, n, ring)
		d.text(p.X+7, p.Y+d.size*1.1, Start, number(ring))
	}
	d.size = small
}

// reach is how far to the side the rim of n axes goes, of its radius.
func reach(n int) float64 {
	most := math.Sin(math.Pi / 3)
	for i := range n {
		most = math.Max(most, math.Abs(math.Sin(2*math.Pi*float64(i)/float64(n))))
	}
	return most
}

// sideNames is the room that names left and right of the radar need, wrapped where
// they have several words.
func (d *pen) sideNames(axes []string) float64 {
	w := 0.0
	for _, name := range axes {
		if d.width(name) <= d.W*0.22 {
			w = math.Max(w, d.width(name))
			continue
		}
		for _, word := range strings.Fields(name) {
			w = math.Max(w, d.width(word))
		}
	}
	return math.Min(w, d.W*0.25)
}

// unscored says whether some series has no value on axis i.
func (in RadarInput) unscored(i int) bool {
	for _, s := range in.Series {
		if i >= len(s.Values) || !s.Values[i].OK {
			return true
		}
	}
	return false
}

func (d *pen) axisName(c, end Point, r float64, name string, unscored bool) {
	dx, dy := (end.X-c.X)/r, (end.Y-c.Y)/r
	x, y := end.X+dx*d.size*1.2, end.Y+dy*d.size*1.2
	a := Middle
	room := d.W
	switch {
	case dx > 0.1:
		a, room = Start, d.W-x
	case dx < -0.1:
		a, room = End, x
	}
	lines := d.wrap(name, room, 2)
	if unscored {
		d.mark(round, Point{end.X + dx*4, end.Y + dy*4}, 2.6, d.p.InkSoft, true)
		lines = append(lines, d.fit(text.T("chart.not_scored", "not scored"), room))
	}
	y += d.size * 0.35
	switch {
	case dy < -0.9:
		y -= d.size * 1.15 * float64(len(lines)-1)
	case dy > 0.9:
		y += d.size * 0.5
	}
	for i, s := range lines {
		d.ink(x, y+float64(i)*d.size*1.15, a, s)
	}
}

// radarFill shades what is felt: a triangle to the middle between each two
// neighbouring axes that both have a value, so that a gap stays white.
func (d *pen) radarFill(c Point, r float64, n int, s RadarSeries) {
	if s.Wanted {
		return
	}
	fill := Mix(d.p.Card, d.p.Tone(s.Tone), 0.18)
	if whole := s.outline(c, r, n); len(whole) == 1 && len(whole[0]) == n {
		d.Add(Path{Points: whole[0], Closed: true, Fill: fill})
		return
	}
	for _, run := range s.outline(c, r, n) {
		if len(run) > 1 {
			d.Add(Path{Points: append([]Point{c}, run...), Closed: true, Fill: fill})
		}
	}
}

func (d *pen) radarLine(c Point, r float64, n int, s RadarSeries, dash []float64) {
	st := Stroke{Color: d.p.Tone(s.Tone), Width: 1.6, Dash: dash}
	for _, run := range s.outline(c, r, n) {
		if len(run) > 1 {
			d.Add(Path{Points: run, Closed: len(run) == n, Stroke: st})
		}
	}
}

func (d *pen) radarMarks(c Point, r float64, n int, s RadarSeries) {
	for _, run := range s.outline(c, r, n) {
		for _, p := range run {
			d.mark(shapeOf(s.Tone), p, 3, d.p.Tone(s.Tone), s.Wanted)
		}
	}
}

// outline is the runs of neighbouring axes that have a value, going round: one
// closed run of n when all have.
func (s RadarSeries) outline(c Point, r float64, n int) [][]Point {
	ok := func(i int) bool { return i < len(s.Values) && s.Values[i].OK }
	start := -1
	for i := range n {
		if !ok(i) {
			start = i
			break
		}
	}
	var runs [][]Point
	var open []Point
	for k := range n {
		i := (start + 1 + k) % n
		if !ok(i) {
			if len(open) > 0 {
				runs = append(runs, open)
			}
			open = nil
			continue
		}
		open = append(open, radarPoint(c, r, i, n, math.Max(0, math.Min(100, s.Values[i].V))))
	}
	if len(open) > 0 {
		runs = append(runs, open)
	}
	return runs
}

func radarCaption(in RadarInput) string {
	parts := []string{text.T("chart.radar.read", "Further out means more: the middle is 0, the rim is 100.")}
	for _, s := range in.Series {
		switch {
		case s.Wanted:
			parts = append(parts, text.T("chart.radar.wanted", "Dashed: %s.", s.Name))
		case in.overlay():
			parts = append(parts, overlayWords(s))
		default:
			parts = append(parts, text.T("chart.radar.felt", "Shaded: %s.", s.Name))
		}
	}
	scored := 0
	for i := range in.Axes {
		if !in.unscored(i) {
			scored++
		}
	}
	parts = append(parts, text.T("chart.radar.n", "%d of %d channels have a score.", scored, len(in.Axes)))
	var missing []string
	for i, a := range in.Axes {
		if in.unscored(i) {
			missing = append(missing, a+in.whoOpen(i))
		}
	}
	if len(missing) > 0 {
		parts = append(parts, text.T("chart.radar.gap", "Not scored, so left open: %s.", strings.Join(missing, ", ")))
	}
	return strings.Join(parts, " ")
}

func radarTable(in RadarInput) Table {
	t := Table{Head: []string{text.T("chart.channel", "Channel")}}
	for _, s := range in.Series {
		t.Head = append(t.Head, s.Name)
	}
	for i, a := range in.Axes {
		row := []string{a}
		for _, s := range in.Series {
			v := Value{}
			if i < len(s.Values) {
				v = s.Values[i]
			}
			row = append(row, v.words())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
