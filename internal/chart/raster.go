package chart

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"

	"github.com/couplet-app/couplet/internal/glyph"
)

// Raster draws a scene w pixels wide and h high, on a transparent ground, with the
// same faces as the PDF. The scene keeps its proportions and stands in the middle.
func Raster(s Scene, w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, max(w, 0), max(h, 0)))
	if w <= 0 || h <= 0 || s.W <= 0 || s.H <= 0 {
		return img
	}
	k := math.Min(float64(w)/s.W, float64(h)/s.H)
	r := raster{img: img, k: k, dx: (float64(w) - s.W*k) / 2, dy: (float64(h) - s.H*k) / 2}
	for _, it := range s.Items {
		switch it := it.(type) {
		case Path:
			r.path(it)
		case Circle:
			r.circle(it)
		case Text:
			r.text(it)
		}
	}
	return img
}

type raster struct {
	img       *image.RGBA
	k, dx, dy float64
	z         vector.Rasterizer
	ox, oy    int // the corner of z on img
}

func (r *raster) px(p Point) Point { return Point{p.X*r.k + r.dx, p.Y*r.k + r.dy} }

// begin sets the rasteriser over the box of the points only: small marks are cheap.
func (r *raster) begin(minX, minY, maxX, maxY float64) bool {
	b := image.Rect(int(math.Floor(minX))-1, int(math.Floor(minY))-1, int(math.Ceil(maxX))+2, int(math.Ceil(maxY))+2).Intersect(r.img.Bounds())
	if b.Empty() {
		return false
	}
	r.ox, r.oy = b.Min.X, b.Min.Y
	r.z.Reset(b.Dx(), b.Dy())
	r.z.DrawOp = draw.Over
	return true
}

func (r *raster) local(p Point) (float32, float32) {
	return float32(p.X - float64(r.ox)), float32(p.Y - float64(r.oy))
}

func (r *raster) end(c color.NRGBA) {
	sz := r.z.Size()
	r.z.Draw(r.img, image.Rectangle{Min: image.Pt(r.ox, r.oy), Max: image.Pt(r.ox+sz.X, r.oy+sz.Y)}, image.NewUniform(c), image.Point{})
}

func (r *raster) path(p Path) {
	if len(p.Points) < 2 {
		return
	}
	pts := make([]Point, len(p.Points))
	for i, q := range p.Points {
		pts[i] = r.px(q)
	}
	if p.Closed && p.Fill.A > 0 {
		r.polygon(p.Fill, pts)
	}
	if p.Stroke.Width > 0 {
		if p.Closed {
			pts = append(pts, pts[0])
		}
		r.stroke(p.Stroke, pts)
	}
}

func (r *raster) polygon(c color.NRGBA, pts ...[]Point) {
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, ring := range pts {
		for _, p := range ring {
			minX, maxX = math.Min(minX, p.X), math.Max(maxX, p.X)
			minY, maxY = math.Min(minY, p.Y), math.Max(maxY, p.Y)
		}
	}
	if !(minX <= maxX) || !r.begin(minX, minY, maxX, maxY) {
		return
	}
	for _, ring := range pts {
		r.z.MoveTo(r.local(ring[0]))
		for _, p := range ring[1:] {
			r.z.LineTo(r.local(p))
		}
		r.z.ClosePath()
	}
	r.end(c)
}

// stroke draws every dash as one filled outline: quads along the line and discs at
// the joints, all wound the same way, so that nothing is painted twice.
func (r *raster) stroke(s Stroke, pts []Point) {
	half := math.Max(s.Width*r.k, 0.8) / 2
	var rings [][]Point
	for _, line := range dashes(pts, s.Dash, r.k) {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			l := math.Hypot(b.X-a.X, b.Y-a.Y)
			if l == 0 {
				continue
			}
			nx, ny := (b.Y-a.Y)/l*half, -(b.X-a.X)/l*half
			rings = append(rings, []Point{{a.X + nx, a.Y + ny}, {b.X + nx, b.Y + ny}, {b.X - nx, b.Y - ny}, {a.X - nx, a.Y - ny}})
			if i > 1 && half > 0.5 {
				rings = append(rings, disc(a, half))
			}
		}
	}
	r.polygon(s.Color, rings...)
}

// dashes cuts a line in pixels by a pattern in points.
func dashes(pts []Point, pattern []float64, k float64) [][]Point {
	total := 0.0
	for _, d := range pattern {
		total += d
	}
	if total <= 0 {
		return [][]Point{pts}
	}
	var out [][]Point
	open := []Point{pts[0]}
	i, left := 0, pattern[0]*k
	for j := 1; j < len(pts); j++ {
		a, b := pts[j-1], pts[j]
		for {
			l := math.Hypot(b.X-a.X, b.Y-a.Y)
			if l <= left || l == 0 {
				left -= l
				open = append(open, b)
				break
			}
			a = Point{a.X + (b.X-a.X)*left/l, a.Y + (b.Y-a.Y)*left/l}
			if i%2 == 0 {
				out = append(out, append(open, a))
			}
			open = []Point{a}
			i++
			left = math.Max(pattern[i%len(pattern)]*k, 0.1)
		}
	}
	if i%2 == 0 && len(open) > 1 {
		out = append(out, open)
	}
	return out
}

// disc winds the same way as the quads of stroke.
func disc(c Point, radius float64) []Point {
	n := max(8, int(radius*3))
	pts := make([]Point, n)
	for i := range pts {
		a := 2 * math.Pi * float64(i) / float64(n)
		pts[i] = Point{c.X + radius*math.Cos(a), c.Y + radius*math.Sin(a)}
	}
	return pts
}

func (r *raster) circle(c Circle) {
	at, rad := r.px(c.Center), c.Radius*r.k
	fine := disc(at, math.Max(rad, 6))
	for i, p := range fine {
		f := rad / math.Max(rad, 6)
		fine[i] = Point{at.X + (p.X-at.X)*f, at.Y + (p.Y-at.Y)*f}
	}
	if c.Fill.A > 0 {
		r.polygon(c.Fill, fine)
	}
	if c.Stroke.Width > 0 {
		r.stroke(c.Stroke, append(fine, fine[0]))
	}
}

func (r *raster) text(t Text) {
	var clean glyph.Cleaner
	s := clean.Clean("", t.S)
	runs := glyph.Order(glyph.Split(s, glyph.Style{Bold: t.Bold, Italic: t.Italic}), glyph.BaseRTL(s))
	em := 0.0
	for _, run := range runs {
		em += run.Em
	}
	x := t.At.X - em*t.Size*anchorShare(t.Anchor)
	for _, run := range runs {
		for _, g := range run.Placements() {
			r.outline(run.Face.Outline(g.ID), Point{x + g.X*t.Size, t.At.Y - g.Y*t.Size}, t.Size, t.Color)
		}
		x += run.Em * t.Size
	}
}

// anchorShare is the part of the width left of the anchor.
func anchorShare(a Anchor) float64 { return float64(a) / 2 }

func (r *raster) outline(segs []glyph.Segment, at Point, size float64, c color.NRGBA) {
	if len(segs) == 0 {
		return
	}
	p := func(q struct{ X, Y float64 }) Point { return r.px(Point{at.X + q.X*size, at.Y - q.Y*size}) }
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range segs {
		for i := range s.Len() {
			q := p(s.P[i])
			minX, maxX = math.Min(minX, q.X), math.Max(maxX, q.X)
			minY, maxY = math.Min(minY, q.Y), math.Max(maxY, q.Y)
		}
	}
	if !r.begin(minX, minY, maxX, maxY) {
		return
	}
	for i, s := range segs {
		x0, y0 := r.local(p(s.P[0]))
		x1, y1 := r.local(p(s.P[1]))
		x2, y2 := r.local(p(s.P[2]))
		switch s.Op {
		case glyph.MoveTo:
			if i > 0 {
				r.z.ClosePath()
			}
			r.z.MoveTo(x0, y0)
		case glyph.LineTo:
			r.z.LineTo(x0, y0)
		case glyph.QuadTo:
			r.z.QuadTo(x0, y0, x1, y1)
		default:
			r.z.CubeTo(x0, y0, x1, y1, x2, y2)
		}
	}
	r.z.ClosePath()
	r.end(c)
}
