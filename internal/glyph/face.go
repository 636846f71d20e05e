package glyph

import (
	"bytes"
	"sync"

	"github.com/go-text/typesetting/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/couplet-app/couplet/assets"
)

// Style chooses a cut of a family.
type Style struct{ Bold, Italic bool }

// Face is one embedded TrueType file. Faces are shared and safe for concurrent use.
type Face struct {
	// File is the name to ask assets.Font for.
	File string
	// Shaped faces are drawn as outlines of shaped glyphs; the others rune by rune.
	Shaped bool
	// FauxBold says that the family has no bold cut and this face stands for one:
	// it is drawn with a thin outline of its own colour.
	FauxBold bool

	load  func() *parsed
	extra sync.Map // rune -> glyphAdvance, outside the table
}

type parsed struct {
	sfnt  *sfnt.Font
	upem  fixed.Int26_6
	table [tableEnd]glyphAdvance
	mu    sync.Mutex // guards shape
	shape *font.Face
}

type glyphAdvance struct {
	gid uint16
	em  float32
}

// tableEnd is the end of the range looked up once: Latin, Greek and Cyrillic.
const tableEnd = 0x530

func newFace(file string, shaped, fauxBold bool) *Face {
	f := &Face{File: file, Shaped: shaped, FauxBold: fauxBold}
	f.load = sync.OnceValue(f.parse)
	return f
}

// parse reads the file. A shipped face that does not parse is a broken build; the
// tests load every one.
func (f *Face) parse() *parsed {
	data := assets.Font(f.File)
	s, err := sfnt.Parse(data)
	if err != nil {
		panic("glyph: " + f.File + ": " + err.Error())
	}
	p := &parsed{sfnt: s, upem: fixed.I(int(s.UnitsPerEm()))}
	if f.Shaped {
		p.shape, err = font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			panic("glyph: " + f.File + ": " + err.Error())
		}
	}
	var buf sfnt.Buffer
	for r := rune(0x20); r < tableEnd; r++ {
		p.table[r] = p.lookup(&buf, r)
	}
	return p
}

func (p *parsed) lookup(buf *sfnt.Buffer, r rune) glyphAdvance {
	gid, err := p.sfnt.GlyphIndex(buf, r)
	if err != nil || gid == 0 {
		return glyphAdvance{}
	}
	adv, err := p.sfnt.GlyphAdvance(buf, gid, p.upem, 0)
	if err != nil {
		return glyphAdvance{}
	}
	return glyphAdvance{uint16(gid), float32(adv) / float32(p.upem)}
}

func (f *Face) rune(r rune) glyphAdvance {
	p := f.load()
	if r >= 0 && r < tableEnd {
		return p.table[r]
	}
	if r > 0xFFFF {
		return glyphAdvance{} // the PDF writer knows sixteen bits a character
	}
	if ga, ok := f.extra.Load(r); ok {
		return ga.(glyphAdvance)
	}
	ga := p.lookup(&sfnt.Buffer{}, r)
	f.extra.Store(r, ga)
	return ga
}

// Has says whether the face draws r.
func (f *Face) Has(r rune) bool { return f.rune(r).gid != 0 }

// Advance is the width of r in em, 0 for a rune that the face lacks.
func (f *Face) Advance(r rune) float64 { return float64(f.rune(r).em) }

// family is the four cuts of one design, in the order of Style.index.
type family [4]*Face

func (s Style) index() int {
	i := 0
	if s.Bold {
		i = 1
	}
	if s.Italic {
		i += 2
	}
	return i
}

// pair is a family that has no italic.
func pair(name string, shaped bool) family {
	regular, bold := newFace(name+"-Regular", shaped, false), newFace(name+"-Bold", shaped, false)
	return family{regular, bold, regular, bold}
}

// single is a family of one cut.
func single(file string) family {
	regular, bold := newFace(file, false, false), newFace(file, false, true)
	bold.load = regular.load
	return family{regular, bold, regular, bold}
}

var (
	sans = family{
		newFace("SourceSans3-Regular", false, false), newFace("SourceSans3-Bold", false, false),
		newFace("SourceSans3-Italic", false, false), newFace("SourceSans3-BoldItalic", false, false),
	}
	arabic     = pair("NotoSansArabic", true)
	hebrew     = pair("NotoSansHebrew", true)
	devanagari = pair("NotoSansDevanagari", true)
	bengali    = pair("NotoSansBengali", true)
	tamil      = pair("NotoSansTamil", true)
	thai       = pair("NotoSansThai", true)
	armenian   = pair("NotoSansArmenian", false)
	georgian   = pair("NotoSansGeorgian", false)
	symbols    = single("NotoSansSymbols2-Regular")
	cjk        = single("DroidSansFallbackFull")
)

// Sans is the program's own family in a style.
func Sans(s Style) *Face { return sans[s.index()] }

// blocks says which family draws a block that the program's own family lacks.
var blocks = []struct {
	from, to rune
	family   *family
}{
	{0x0530, 0x058F, &armenian},
	{0x0590, 0x05FF, &hebrew},
	{0x0600, 0x06FF, &arabic},
	{0x0750, 0x077F, &arabic},
	{0x08A0, 0x08FF, &arabic},
	{0x0900, 0x097F, &devanagari},
	{0x0980, 0x09FF, &bengali},
	{0x0B80, 0x0BFF, &tamil},
	{0x0E00, 0x0E7F, &thai},
	{0x10A0, 0x10FF, &georgian},
	{0x1C90, 0x1CBF, &georgian},
	{0x2000, 0x2BFF, &symbols},
	{0x2D00, 0x2D2F, &georgian},
	{0x2E80, 0x9FFF, &cjk},
	{0xA8E0, 0xA8FF, &devanagari},
	{0xF900, 0xFAFF, &cjk},
	{0xFB13, 0xFB17, &armenian},
	{0xFB1D, 0xFB4F, &hebrew},
	{0xFB50, 0xFDFF, &arabic},
	{0xFE30, 0xFE4F, &cjk},
	{0xFE70, 0xFEFC, &arabic},
	{0xFF00, 0xFFEF, &cjk},
}

// FaceFor is the face that draws r in a style, nil if none does.
func FaceFor(r rune, s Style) *Face {
	own := sans[s.index()]
	if own.Has(r) {
		return own
	}
	for _, b := range blocks {
		if r >= b.from && r <= b.to {
			if f := b.family[s.index()]; f.Has(r) {
				return f
			}
			return nil
		}
	}
	return nil
}
