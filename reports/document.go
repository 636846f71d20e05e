// Package reports says what leaves the casebook: which sections a reader gets, in
// which words, and which pages they make. It knows no PDF and no window.
package reports

import (
	"strings"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/glyph"
)

// PageSize is the paper of a document; the zero value is A4.
type PageSize int

// The paper sizes.
const (
	A4 PageSize = iota
	Letter
)

// Margin is the width of the white edge left and right, in points.
const Margin = 62

// Points is width and height of the paper in points (1/72 inch).
func (s PageSize) Points() (w, h float64) {
	if s == Letter {
		return 612, 792
	}
	return 595.28, 841.89
}

// Column is the width of the text on the page in points: charts are made this wide.
func (s PageSize) Column() float64 {
	w, _ := s.Points()
	return w - 2*Margin
}

// HalfColumn is the width of one of two figures side by side.
func (s PageSize) HalfColumn() float64 { return (s.Column() - Gutter) / 2 }

// Gutter is the space between two figures side by side, in points.
const Gutter = 20

// Document is a report as neutral blocks: what the PDF draws, what the leak check
// reads. The same Document gives the same bytes.
type Document struct {
	Title    string // also the PDF's metadata title: the caller leaves names out where the reader may not carry them
	Subtitle string
	Reader   string     // "for A", as a label in the footer
	Tone     chart.Tone // the reader's colour band
	Author   string     // the workspace's name
	Date     day.Day    // the day on the cover and in the metadata
	Size     PageSize
	Language string // of the texts: "en"
	ID       string // a short reference in the footer; no name
	// LatinForms are the entered Latin forms of names in scripts that no embedded
	// face draws: "ሰላም" -> "Selam". They are used only where needed, and listed.
	LatinForms map[string]string
	Blocks     []Block
}

// Block is one piece of a document. Texts of blocks may carry **bold** and
// *italic*; text typed by a person goes through Escape first.
type Block interface {
	// texts calls f for each text of the block.
	texts(f func(place, s string))
}

// Cover is the top of the first page; what follows it stays on that page.
type Cover struct {
	Title    string
	Subtitle string
	Facts    []KeyValue // "Prepared for", "Period", "Date"
	Note     string     // "for conversation, not a verdict"
	Tone     chart.Tone
}

// Heading starts a section (level 1) or a part of it (2, 3); levels 1 and 2 are
// bookmarked and never stand alone at the foot of a page.
type Heading struct {
	Level int
	Text  string
	Tone  chart.Tone
}

// Paragraph is running text; an empty line in it starts a new paragraph.
type Paragraph struct {
	Text string
	Lead bool // larger, for the sentence that must be read
	Soft bool // smaller and in ink soft, for notes and sources
	Keep bool // stays on the page of the next block
}

// Bullets is a list.
type Bullets struct {
	Items   []string
	Ordered bool
	Whole   bool // on one page
	Keep    bool // its end on the page of what follows
}

// Align is where a column's text stands.
type Align int

// The alignments of a column.
const (
	Left Align = iota
	Center
	Right
)

// Column of a Table; Weight is its share of the width, 0 counts as 1.
type Column struct {
	Head   string
	Weight float64
	Align  Align
}

// Table is drawn with its head repeated on every page it reaches. A row shorter
// than Columns has empty cells at its end.
type Table struct {
	Columns []Column
	Rows    [][]string
	Note    string
	Small   bool // the data table under a chart
}

// KeyValue is a name and what it is.
type KeyValue struct{ Key, Value string }

// KeyValues is a short list of facts in two columns.
type KeyValues struct{ Items []KeyValue }

// Chart shows one figure, or two side by side, with captions and data tables.
// A figure is as wide as Column or HalfColumn.
type Chart struct {
	Figures []chart.Figure
	NoTable bool // the data stand in a table elsewhere in the document
}

// LetterText is the coach's letter: set a little larger, signed.
type LetterText struct {
	Greeting  string
	Text      string // an empty line starts a new paragraph
	Signature string
}

// PageBreak starts a new page.
type PageBreak struct{}

// Spacer is white space; it is dropped at the top of a page.
type Spacer struct{ Points float64 }

// Substitution is one replaced text; see glyph.Substitution.
type Substitution = glyph.Substitution

// Escape makes typed text safe inside a block: its stars are stars, not markup.
func Escape(s string) string {
	if !strings.ContainsAny(s, `\*`) {
		return s
	}
	return stars.Replace(s)
}

var stars = strings.NewReplacer(`\`, `\\`, `*`, `\*`)

// Walk calls f for each text that the document's pages or metadata carry, with its
// place in words; the leak check reads a document this way.
func (d Document) Walk(f func(place, s string)) {
	f(Place(AtTitle, 0), d.Title)
	f(Place(AtSubtitle, 0), d.Subtitle)
	f(Place(AtFooter, 0), d.Reader)
	f(Place(AtFooter, 0), d.Author)
	f(Place(AtFooter, 0), d.ID)
	section := ""
	for _, b := range d.Blocks {
		if h, ok := b.(Heading); ok && h.Level <= 1 {
			section = h.Text
		}
		b.texts(func(place, s string) {
			if s == "" {
				return
			}
			if section != "" && place != section {
				place = section + ", " + place
			}
			f(place, s)
		})
	}
}

func (b Cover) texts(f func(place, s string)) {
	f(Place(AtCover, 0), b.Title)
	f(Place(AtCover, 0), b.Subtitle)
	for _, kv := range b.Facts {
		f(Place(AtCover, 0), kv.Key)
		f(Place(AtCover, 0), kv.Value)
	}
	f(Place(AtCover, 0), b.Note)
}

func (b Heading) texts(f func(place, s string))   { f(Place(AtHeading, 0), b.Text) }
func (b Paragraph) texts(f func(place, s string)) { f(Place(AtText, 0), b.Text) }

func (b Bullets) texts(f func(place, s string)) {
	for i, s := range b.Items {
		f(Place(AtListItem, i+1), s)
	}
}

func (b Table) texts(f func(place, s string)) {
	for _, c := range b.Columns {
		f(Place(AtTableHead, 0), c.Head)
	}
	for i, row := range b.Rows {
		for _, s := range row {
			f(Place(AtTableRow, i+1), s)
		}
	}
	f(Place(AtTableNote, 0), b.Note)
}

func (b KeyValues) texts(f func(place, s string)) {
	for _, kv := range b.Items {
		f(Place(AtFacts, 0), kv.Key)
		f(Place(AtFacts, 0), kv.Value)
	}
}

func (b Chart) texts(f func(place, s string)) {
	for _, fig := range b.Figures {
		f(Place(AtChart, 0), fig.Title)
		for _, it := range fig.Scene.Items {
			if t, ok := it.(chart.Text); ok {
				f(Place(AtChart, 0), t.S)
			}
		}
		f(Place(AtCaption, 0), fig.Caption)
		if b.NoTable {
			continue
		}
		for _, s := range fig.Table.Head {
			f(Place(AtData, 0), s)
		}
		for _, row := range fig.Table.Rows {
			for _, s := range row {
				f(Place(AtData, 0), s)
			}
		}
	}
}

func (b LetterText) texts(f func(place, s string)) {
	f(Place(AtLetter, 0), b.Greeting)
	f(Place(AtLetter, 0), b.Text)
	f(Place(AtLetter, 0), b.Signature)
}

func (PageBreak) texts(func(place, s string)) {}
func (Spacer) texts(func(place, s string))    {}
