package chart

import (
	"image/color"
	"math"
	"strings"
)

// View is where and how a chart is drawn. The zero value of W, H, Text and Palette
// takes a page's column, the chart's own height, 9 points and the light palette;
// Metrics must be set.
type View struct {
	W, H    float64 // points
	Text    float64 // size of labels in points
	Palette Palette
	Metrics Metrics
}

// DefaultWidth is the width of the column on an A4 page, in points.
const DefaultWidth = 471.28

// pen draws into one scene.
type pen struct {
	Scene
	p    Palette
	m    Metrics
	size float64
}

func (v View) pen(h float64) *pen {
	d := &pen{Scene: Scene{W: v.W, H: v.H}, p: v.Palette, m: v.Metrics, size: v.Text}
	if d.W <= 0 {
		d.W = DefaultWidth
	}
	if d.H <= 0 {
		d.H = h
	}
	if d.size <= 0 {
		d.size = 9
	}
	if d.p == (Palette{}) {
		d.p = Light
	}
	return d
}

// hair is the line of axes and grids.
func (d *pen) hair() Stroke { return Stroke{Color: d.p.Line, Width: 0.7} }

func (d *pen) line(s Stroke, pts ...Point) { d.Add(Path{Points: pts, Stroke: s}) }

func (d *pen) rect(x, y, w, h float64, s Stroke, fill color.NRGBA) {
	d.Add(Path{Points: []Point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, Closed: true, Stroke: s, Fill: fill})
}

func (d *pen) text(x, y float64, a Anchor, s string) {
	d.styled(x, y, a, s, d.p.InkSoft, false)
}

func (d *pen) ink(x, y float64, a Anchor, s string) { d.styled(x, y, a, s, d.p.Ink, false) }

func (d *pen) styled(x, y float64, a Anchor, s string, c color.NRGBA, bold bool) {
	if s != "" {
		d.Add(Text{At: Point{x, y}, S: s, Size: d.size, Bold: bold, Anchor: a, Color: c})
	}
}

func (d *pen) width(s string) float64 { return d.m.Width(s, d.size, false) }

// fit shortens s with an ellipsis to the width; the table beside a chart has it whole.
func (d *pen) fit(s string, w float64) string {
	s = strings.Join(strings.Fields(s), " ")
	if d.width(s) <= w {
		return s
	}
	r := []rune(s)
	lo, hi := 0, len(r)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if d.width(string(r[:mid])+"…") <= w {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return strings.TrimRight(string(r[:lo]), " ") + "…"
}

// wrap breaks s into at most n lines of the width; the last one is shortened.
func (d *pen) wrap(s string, w float64, n int) []string {
	words := strings.Fields(s)
	var lines []string
	for len(words) > 0 && len(lines) < n {
		if len(lines) == n-1 {
			return append(lines, d.fit(strings.Join(words, " "), w))
		}
		k := 1
		for k < len(words) && d.width(strings.Join(words[:k+1], " ")) <= w {
			k++
		}
		lines = append(lines, d.fit(strings.Join(words[:k], " "), w))
		words = words[k:]
	}
	return lines
}

// shape is the form of a mark: it tells series apart without colour.
type shape int

const (
	round shape = iota
	square
	diamond
	triangle
)

// shapeOf gives each tone its own mark.
func shapeOf(t Tone) shape {
	switch t {
	case B:
		return square
	case Both:
		return diamond
	case Coach:
		return triangle
	default:
		return round
	}
}

// dashOf gives each tone its own line.
func dashOf(t Tone) []float64 {
	switch t {
	case B:
		return []float64{7, 2}
	case Coach:
		return []float64{1, 2}
	default:
		return nil
	}
}

// mark draws one mark, hollow for a value that is wished for, earlier or not there.
func (d *pen) mark(sh shape, at Point, r float64, c color.NRGBA, hollow bool) {
	fill, st := c, Stroke{Color: c, Width: 1.3}
	if hollow {
		fill = d.p.Card
	}
	switch sh {
	case square:
		r *= 0.9
		d.Add(Path{Points: []Point{{at.X - r, at.Y - r}, {at.X + r, at.Y - r}, {at.X + r, at.Y + r}, {at.X - r, at.Y + r}}, Closed: true, Stroke: st, Fill: fill})
	case diamond:
		r *= 1.25
		d.Add(Path{Points: []Point{{at.X, at.Y - r}, {at.X + r, at.Y}, {at.X, at.Y + r}, {at.X - r, at.Y}}, Closed: true, Stroke: st, Fill: fill})
	case triangle:
		r *= 1.2
		d.Add(Path{Points: []Point{{at.X, at.Y - r}, {at.X + r, at.Y + r*0.8}, {at.X - r, at.Y + r*0.8}}, Closed: true, Stroke: st, Fill: fill})
	default:
		d.Add(Circle{Center: at, Radius: r, Stroke: st, Fill: fill})
	}
}

// scale maps a value to a coordinate; the full range is always shown.
type scale struct{ min, max, from, to float64 }

func (s scale) at(v float64) float64 {
	if s.max == s.min {
		return s.from
	}
	v = math.Max(s.min, math.Min(s.max, v))
	return s.from + (v-s.min)/(s.max-s.min)*(s.to-s.from)
}

// key is one entry of a legend.
type key struct {
	name   string
	tone   Tone
	sh     shape
	hollow bool
	dash   []float64
	noLine bool
}

// legendWidth is the width of a legend on one line.
func (d *pen) legendWidth(keys []key) float64 {
	w := -14.0
	for _, k := range keys {
		w += 26 + d.width(k.name) + 14
	}
	return w
}

// legend writes entries from x to the right on a baseline, wrapping at the scene's
// edge, and returns the next free baseline.
func (d *pen) legend(x0, y float64, keys []key) float64 {
	x := x0
	for _, k := range keys {
		name := d.fit(k.name, d.W-x0-26)
		w := 26 + d.width(name) + 14
		if x > x0 && x+w-14 > d.W {
			x, y = x0, y+d.size*1.5
		}
		mid := y - d.size*0.33
		c := d.p.Tone(k.tone)
		if !k.noLine {
			d.line(Stroke{Color: c, Width: 1.5, Dash: k.dash}, Point{x, mid}, Point{x + 20, mid})
		}
		d.mark(k.sh, Point{x + 10, mid}, 3, c, k.hollow)
		d.text(x+25, y, Start, name)
		x += w
	}
	return y + d.size*1.5
}
