package pdf

import (
	"image/color"
	"math"
	"strconv"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/glyph"
)

// scene draws a chart with its left upper corner at x, y, k times its size. Paths
// are written between q and Q: no colour, width, dash or cap of a chart reaches
// what is drawn after it.
func (pp *paper) scene(s chart.Scene, x, y, k float64) {
	o := ops{h: pp.h, x: x, y: y, k: k}
	for _, it := range s.Items {
		switch it := it.(type) {
		case chart.Path:
			o.path(it)
		case chart.Circle:
			o.circle(it)
		case chart.Text:
			pp.flush(&o)
			pp.label(it, x, y, k)
		}
	}
	pp.flush(&o)
}

func (pp *paper) flush(o *ops) {
	if len(o.b) > 0 {
		pp.RawWriteStr("q 1 J 1 j\n" + string(o.b) + "Q")
		o.b = o.b[:0]
	}
}

func (pp *paper) label(t chart.Text, x, y, k float64) {
	runs := glyph.Order(glyph.Split(t.S, glyph.Style{Bold: t.Bold, Italic: t.Italic}), glyph.BaseRTL(t.S))
	em := 0.0
	for _, r := range runs {
		em += r.Em
	}
	size := t.Size * k
	x += t.At.X * k
	switch t.Anchor {
	case chart.Middle:
		x -= em * size / 2
	case chart.End:
		x -= em * size
	}
	for _, r := range runs {
		pp.run(r, x, y+t.At.Y*k, size, t.Color)
		x += r.Em * size
	}
}

// ops gathers path operators.
type ops struct {
	b          []byte
	h, x, y, k float64
}

func (o *ops) num(v float64) {
	o.b = strconv.AppendFloat(o.b, math.Round(v*100)/100, 'f', -1, 64)
	o.b = append(o.b, ' ')
}

func (o *ops) op(s string) {
	o.b = append(o.b, s...)
	o.b = append(o.b, '\n')
}

func (o *ops) at(p chart.Point) {
	o.num(o.x + p.X*o.k)
	o.num(o.h - o.y - p.Y*o.k)
}

func (o *ops) colour(c color.NRGBA, op string) {
	for _, v := range []uint8{c.R, c.G, c.B} {
		o.b = strconv.AppendFloat(o.b, math.Round(float64(v)/255*1000)/1000, 'f', -1, 64)
		o.b = append(o.b, ' ')
	}
	o.op(op)
}

// pens sets colours, width and dash, and returns the operator that paints.
func (o *ops) pens(s chart.Stroke, fill color.NRGBA, closed bool) string {
	filled := closed && fill.A > 0
	if filled {
		o.colour(fill, "rg")
	}
	if s.Width <= 0 {
		if filled {
			return "f"
		}
		return "n"
	}
	o.colour(s.Color, "RG")
	o.num(s.Width * o.k)
	o.op("w")
	o.b = append(o.b, '[')
	for _, d := range s.Dash {
		o.num(d * o.k)
	}
	o.op("] 0 d")
	if len(s.Dash) > 0 {
		o.op("0 J")
	} else {
		o.op("1 J")
	}
	switch {
	case filled:
		return "b"
	case closed:
		return "s"
	default:
		return "S"
	}
}

func (o *ops) path(p chart.Path) {
	if len(p.Points) < 2 {
		return
	}
	paint := o.pens(p.Stroke, p.Fill, p.Closed)
	for i, q := range p.Points {
		o.at(q)
		if i == 0 {
			o.op("m")
		} else {
			o.op("l")
		}
	}
	o.op(paint)
}

// circle is four curves; c is how far a control point stands from its end.
func (o *ops) circle(k chart.Circle) {
	const c = 0.5522847498
	paint := o.pens(k.Stroke, k.Fill, true)
	at := func(dx, dy float64) { o.at(chart.Point{X: k.Center.X + dx*k.Radius, Y: k.Center.Y + dy*k.Radius}) }
	at(1, 0)
	o.op("m")
	for _, q := range [][6]float64{{1, c, c, 1, 0, 1}, {-c, 1, -1, c, -1, 0}, {-1, -c, -c, -1, 0, -1}, {c, -1, 1, -c, 1, 0}} {
		at(q[0], q[1])
		at(q[2], q[3])
		at(q[4], q[5])
		o.op("c")
	}
	o.op(paint)
}
