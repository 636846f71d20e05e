package pdf

import (
	"fmt"
	"slices"

	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/reports"
)

// piece is what stays whole on a page: a line of text, a row, a chart.
type piece struct {
	before float64 // white above, dropped at the top of a page
	height float64
	keep   bool   // on the same page as the next piece
	fresh  bool   // starts a page, unless the one before it is nearly empty
	heads  *piece // drawn again above the piece when it is the first of a page
	mark   string // bookmark, empty for none
	level  int    // of the bookmark
	draw   func(pp *paper, x, y float64)
}

// placed is a piece on a page.
type placed struct {
	piece
	y float64
}

// flow turns blocks into pieces.
type flow struct {
	clean   *glyph.Cleaner
	width   float64 // of the column
	room    float64 // height of a page's text
	section string
	pieces  []piece
	level   int // of the last bookmark
}

// keep holds the pieces from first on together on one page.
func (f *flow) keep(first int) {
	for i := first; i < len(f.pieces)-1; i++ {
		f.pieces[i].keep = true
	}
}

// text cleans a text of the current section.
func (f *flow) text(place, s string) string {
	if f.section != "" {
		place = f.section + ", " + place
	}
	return f.clean.Clean(place, s)
}

func (f *flow) add(p ...piece) { f.pieces = append(f.pieces, p...) }

// lines adds running text as one piece a line. The first two and the last two lines
// stay together.
func (f *flow) lines(lines []line, k ink, before, x, width float64) {
	n := len(lines)
	for i, l := range lines {
		pc := piece{height: k.lead, keep: n > 1 && (i == 0 || i == n-2), draw: drawLine(l, k, x, width)}
		if i == 0 {
			pc.before = before
		}
		f.add(pc)
	}
}

func drawLine(l line, k ink, dx, width float64) func(*paper, float64, float64) {
	return func(pp *paper, x, y float64) {
		pp.line(l, x+dx, y+baseline(k), width, k)
	}
}

// baseline is how far below the top of a line its letters stand.
func baseline(k ink) float64 { return k.lead/2 + k.size*0.34 }

// nearlyEmpty is how much of a page may be filled to go on with a new part on it: half
// a dozen lines have no page to themselves.
const nearlyEmpty = 0.4

// pages puts pieces on pages: a piece that does not fit, or that must stay with one
// that does not, starts a new page.
func pages(pieces []piece, room float64) [][]placed {
	out := [][]placed{nil}
	y := 0.0
	turn := func() {
		out = append(out, nil)
		y = 0
	}
	for i := 0; i < len(pieces); i++ {
		pc := pieces[i]
		last := len(out) - 1
		if pc.fresh && y > room*nearlyEmpty {
			turn()
		} else if len(out[last]) > 0 && y+need(pieces[i:], room) > room {
			turn()
		}
		last = len(out) - 1
		if len(out[last]) == 0 {
			pc.before = 0
			if pc.heads != nil {
				out[last] = append(out[last], placed{*pc.heads, y})
				y += pc.heads.height
			}
		}
		if pc.height == 0 && pc.draw == nil && len(out[last]) == 0 {
			continue // white space at the top of a page
		}
		y += pc.before
		out[last] = append(out[last], placed{pc, y})
		y += pc.height
	}
	return out
}

// tight are how much of the white between pieces is kept to save a page that would be
// nearly empty.
var tight = []float64{0.85, 0.7, 0.55}

// layOut puts pieces on pages, a little closer together where that saves a last page of
// a few lines.
func layOut(pieces []piece, room float64) [][]placed {
	out := pages(pieces, room)
	for _, k := range tight {
		last := out[len(out)-1]
		if len(out) < 2 || len(last) > 0 && last[len(last)-1].y > room*nearlyEmpty {
			break
		}
		closer := slices.Clone(pieces)
		for i := range closer {
			closer[i].before *= k
		}
		if saved := pages(closer, room); len(saved) < len(out) {
			return saved
		}
	}
	return out
}

// need is the height of the first piece and of all that must stay with it; a chain
// longer than a page asks only for its first piece.
func need(pieces []piece, room float64) float64 {
	sum := 0.0
	for _, pc := range pieces {
		sum += pc.before + pc.height
		if !pc.keep {
			break
		}
	}
	if sum > room {
		return pieces[0].before + pieces[0].height
	}
	return sum
}

func (f *flow) block(b reports.Block) {
	switch b := b.(type) {
	case reports.Cover:
		f.cover(b)
	case reports.Heading:
		f.heading(b)
	case reports.Paragraph:
		f.paragraph(b)
	case reports.Bullets:
		f.bullets(b)
	case reports.Table:
		f.table(b)
	case reports.KeyValues:
		f.keyValues(b)
	case reports.Chart:
		f.chart(b)
	case reports.LetterText:
		f.letter(b)
	case reports.PageBreak:
		f.add(piece{fresh: true, before: 12})
	case reports.Spacer:
		f.add(piece{before: b.Points})
	default:
		panic(fmt.Sprintf("no page for a %T", b)) // Render turns it into an error
	}
}
