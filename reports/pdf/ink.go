package pdf

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/jung-kurt/gofpdf"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/glyph"
)

// paper is the PDF under the pen. All measures are points, y down.
type paper struct {
	*gofpdf.Fpdf
	w, h  float64
	faces map[*glyph.Face]string // face -> family in the PDF, loaded when first used
	font  string
	size  float64
	text  color.NRGBA
}

// use makes a face current. A face is given to the PDF when a page first needs it:
// Chinese is 4 MB that most reports never touch.
func (pp *paper) use(f *glyph.Face, size float64) {
	name, ok := pp.faces[f]
	if !ok {
		name = strings.ToLower(f.File)
		pp.AddUTF8FontFromBytes(name, "", assets.Font(f.File))
		pp.faces[f] = name
	}
	if pp.font != name || pp.size != size {
		pp.SetFont(name, "", size)
		pp.font, pp.size = name, size
	}
}

func (pp *paper) textColor(c color.NRGBA) {
	if pp.text != c {
		pp.SetTextColor(int(c.R), int(c.G), int(c.B))
		pp.text = c
	}
}

// run draws one run with its left end at x on the baseline y.
func (pp *paper) run(r glyph.Run, x, y, size float64, c color.NRGBA) {
	if r.Text == "" {
		return
	}
	pp.textColor(c)
	if r.Face.Shaped {
		pp.shaped(r, x, y, size, c)
		return
	}
	pp.use(r.Face, size)
	if !r.Face.FauxBold {
		pp.Text(x, y, r.Text)
		return
	}
	pp.RawWriteStr("q 2 Tr " + rgb(c, "RG") + fmt.Sprintf(" %.3f w", size*0.028))
	pp.Text(x, y, r.Text)
	pp.RawWriteStr("Q")
}

// shaped draws the outlines of a shaped run, and its letters invisibly over them, so
// that the words can be found and copied.
func (pp *paper) shaped(r glyph.Run, x, y, size float64, c color.NRGBA) {
	var b strings.Builder
	b.WriteString("q " + rgb(c, "rg") + "\n")
	for _, g := range r.Glyphs {
		o := outlinePen{b: &b, x: x + g.X*size, y: pp.h - y + g.Y*size, size: size}
		for _, seg := range r.Face.Outline(g.ID) {
			o.step(seg)
		}
		if o.open {
			b.WriteString("h f\n")
		}
	}
	b.WriteString("Q")
	pp.RawWriteStr(b.String())
	pp.hidden(r, x, y, size)
}

// outlinePen writes an outline as a path; it remembers where the path is, to turn
// a quadratic curve into a cubic one, the only kind that a PDF has.
type outlinePen struct {
	b          *strings.Builder
	x, y, size float64
	cx, cy     float64
	open       bool
}

func (o *outlinePen) step(s glyph.Segment) {
	at := func(n int) (float64, float64) { return o.x + s.P[n].X*o.size, o.y + s.P[n].Y*o.size }
	x0, y0 := at(0)
	x1, y1 := at(1)
	x2, y2 := at(2)
	switch s.Op {
	case glyph.MoveTo:
		if o.open {
			o.b.WriteString("h ")
		}
		o.open = true
		fmt.Fprintf(o.b, "%.3f %.3f m ", x0, y0)
		o.cx, o.cy = x0, y0
	case glyph.LineTo:
		fmt.Fprintf(o.b, "%.3f %.3f l ", x0, y0)
		o.cx, o.cy = x0, y0
	case glyph.QuadTo:
		fmt.Fprintf(o.b, "%.3f %.3f %.3f %.3f %.3f %.3f c ",
			o.cx+(x0-o.cx)*2/3, o.cy+(y0-o.cy)*2/3, x1+(x0-x1)*2/3, y1+(y0-y1)*2/3, x1, y1)
		o.cx, o.cy = x1, y1
	default:
		fmt.Fprintf(o.b, "%.3f %.3f %.3f %.3f %.3f %.3f c ", x0, y0, x1, y1, x2, y2)
		o.cx, o.cy = x2, y2
	}
}

// hidden writes the letters of a shaped run without ink, squeezed to its width, in
// the order they stand on the page: that is how readers of PDF expect a script
// that runs to the left.
func (pp *paper) hidden(r glyph.Run, x, y, size float64) {
	letters := []rune(r.Text)
	if r.RTL() {
		for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
			letters[i], letters[j] = letters[j], letters[i]
		}
	}
	pp.use(glyph.Sans(glyph.Style{}), size)
	natural := pp.GetStringWidth(string(letters))
	if natural <= 0 {
		return
	}
	pp.RawWriteStr(fmt.Sprintf("q 3 Tr %.2f Tz", 100*r.Em*size/natural))
	pp.Text(x, y, string(letters))
	pp.RawWriteStr("Q")
}

// rgb is a colour operator.
func rgb(c color.NRGBA, op string) string {
	return fmt.Sprintf("%.3f %.3f %.3f %s", float64(c.R)/255, float64(c.G)/255, float64(c.B)/255, op)
}

// line draws a line of text with its left end at x; a line that runs to the left
// ends at x + room.
func (pp *paper) line(l line, x, y, room float64, k ink) {
	if len(l.atoms) == 0 {
		return
	}
	if l.rtl {
		x += room - l.width
	}
	for _, r := range glyph.Order(merge(l), l.rtl) {
		pp.run(r, x, y, k.size, k.color)
		x += r.Em * k.size
	}
}

// merge joins neighbouring words of one face, so that a line is a few long texts
// and words stay whole when they are copied.
func merge(l line) []glyph.Run {
	var out []glyph.Run
	var text strings.Builder
	var style glyph.Style
	flush := func() {
		if text.Len() > 0 {
			out = append(out, glyph.Split(text.String(), style)...)
			text.Reset()
		}
	}
	for i, a := range l.atoms {
		if i > 0 && a.style != style {
			flush()
		}
		style = a.style
		if a.space > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(a.text)
	}
	flush()
	return out
}

// rect fills a rectangle.
func (pp *paper) rect(x, y, w, h float64, c color.NRGBA) {
	pp.SetFillColor(int(c.R), int(c.G), int(c.B))
	pp.Rect(x, y, w, h, "F")
}

// rule draws a hair line.
func (pp *paper) rule(x0, x1, y, width float64, c color.NRGBA) {
	pp.SetDrawColor(int(c.R), int(c.G), int(c.B))
	pp.SetLineWidth(width)
	pp.Line(x0, y, x1, y)
}
