package glyph

import (
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Placed is a glyph of a shaped run: where it stands, in em from the run's left
// end on the baseline, y up.
type Placed struct {
	ID   uint16
	X, Y float64
}

// shapeSize is the size texts are shaped at: large, so that rounding is far below
// what a print shows.
const shapeSize = 1024

// shape turns a run of one script into placed glyphs, left to right on the page.
func (f *Face) shape(text []rune, rtl bool) (glyphs []Placed, em float64) {
	p := f.load()
	p.mu.Lock()
	defer p.mu.Unlock()
	dir := di.DirectionLTR
	if rtl {
		dir = di.DirectionRTL
	}
	script := language.Common
	for _, r := range text {
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited {
			script = s
			break
		}
	}
	var shaper shaping.HarfbuzzShaper
	out := shaper.Shape(shaping.Input{
		Text: text, RunEnd: len(text), Direction: dir, Face: p.shape,
		Size: fixed.I(shapeSize), Script: script,
	})
	const unit = 64 * shapeSize
	x := 0.0
	for _, g := range out.Glyphs {
		glyphs = append(glyphs, Placed{
			ID: uint16(g.GlyphID),
			X:  x + float64(g.XOffset)/unit,
			Y:  float64(g.YOffset) / unit,
		})
		x += float64(g.Advance) / unit
	}
	return glyphs, x
}

// Op is a step of an outline.
type Op int

// The steps of an outline.
const (
	MoveTo  Op = iota // P[0]
	LineTo            // P[0]
	QuadTo            // P[0] control, P[1] end
	CurveTo           // P[0], P[1] controls, P[2] end
)

// Segment is one step of an outline in em, y up.
type Segment struct {
	Op Op
	P  [3]struct{ X, Y float64 }
}

// Outline is the shape of a glyph of the face, in em, y up. A glyph without one (a
// space) gives none.
func (f *Face) Outline(id uint16) []Segment {
	p := f.load()
	if f.Shaped {
		return p.shapedOutline(id)
	}
	segs, err := p.sfnt.LoadGlyph(&sfnt.Buffer{}, sfnt.GlyphIndex(id), p.upem, nil)
	if err != nil {
		return nil // a glyph that cannot be read has nothing to draw
	}
	out := make([]Segment, len(segs))
	for i, s := range segs {
		out[i].Op = Op(s.Op)
		for j, a := range s.Args {
			out[i].P[j].X = float64(a.X) / float64(p.upem)
			out[i].P[j].Y = -float64(a.Y) / float64(p.upem)
		}
	}
	return out
}

func (p *parsed) shapedOutline(id uint16) []Segment {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, ok := p.shape.GlyphData(font.GID(id)).(font.GlyphOutline)
	if !ok {
		return nil
	}
	upem := float64(p.shape.Upem())
	out := make([]Segment, len(g.Segments))
	for i, s := range g.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			out[i].Op = MoveTo
		case opentype.SegmentOpLineTo:
			out[i].Op = LineTo
		case opentype.SegmentOpQuadTo:
			out[i].Op = QuadTo
		default:
			out[i].Op = CurveTo
		}
		for j, a := range s.Args {
			out[i].P[j].X = float64(a.X) / upem
			out[i].P[j].Y = float64(a.Y) / upem
		}
	}
	return out
}

// Len is how many points of P the step uses.
func (s Segment) Len() int {
	switch s.Op {
	case QuadTo:
		return 2
	case CurveTo:
		return 3
	default:
		return 1
	}
}

// Placements are the glyphs of any run with their places, for drawing outlines.
func (r Run) Placements() []Placed {
	if r.Face.Shaped {
		return r.Glyphs
	}
	var out []Placed
	x := 0.0
	for _, c := range r.Text {
		ga := r.Face.rune(c)
		out = append(out, Placed{ID: ga.gid, X: x})
		x += float64(ga.em)
	}
	return out
}
