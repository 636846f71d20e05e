package pdf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/reports"
)

func laying() *flow {
	_, h := reports.A4.Points()
	return &flow{clean: &glyph.Cleaner{}, width: reports.A4.Column(), room: h - bodyTop - bodyEnd, level: -1}
}

// laid puts blocks on pages.
func laid(blocks ...reports.Block) [][]placed {
	f := laying()
	for _, b := range blocks {
		f.block(b)
	}
	return layOut(f.pieces, f.room)
}

// A last page of a few lines is saved by a little less white.
func TestALastPageOfAFewLinesIsSaved(t *testing.T) {
	f := laying()
	for y := 0.0; y < f.room+60; y += 100 {
		f.add(piece{before: 20, height: 80})
	}
	if n := len(pages(f.pieces, f.room)); n != 2 {
		t.Fatalf("%d pages before", n)
	}
	if n := len(layOut(f.pieces, f.room)); n != 1 {
		t.Errorf("%d pages", n)
	}
}

// What is short stays in one piece: a small table, a list, a list of facts.
func TestWhatIsShortStaysInOnePiece(t *testing.T) {
	rows, facts := make([][]string, 6), make([]reports.KeyValue, 3)
	for i := range rows {
		rows[i] = []string{"Emotional", "75"}
	}
	for _, b := range []reports.Block{
		reports.Table{Small: true, Columns: []reports.Column{{Head: "Channel"}, {Head: "Felt"}}, Rows: rows},
		reports.Bullets{Items: []string{"one", "two", "three"}},
		reports.Bullets{Items: []string{"one", "two", "three", "four", "five", "six"}, Whole: true},
		reports.KeyValues{Items: facts},
	} {
		for filled := 0.9; filled < 1; filled += 0.01 {
			f := laying()
			f.add(piece{height: f.room * filled})
			first := len(f.pieces)
			f.block(b)
			for i, page := range pages(f.pieces, f.room) {
				if n := len(page); i == 0 && n > first && n < len(f.pieces) {
					t.Fatalf("%T at %.2f of a page: %d of %d pieces stayed behind", b, filled, n-first, len(f.pieces)-first)
				}
			}
		}
	}
}

// A part that starts a page goes on below a few lines.
func TestANewPartFollowsAFewLines(t *testing.T) {
	few := reports.Bullets{Items: []string{"one", "two"}}
	many := reports.Paragraph{Text: strings.Repeat("A line of a text that is long.\n", 30)}
	sheet := reports.Heading{Level: 1, Text: "Practice sheets"}
	if n := len(laid(few, reports.PageBreak{}, sheet)); n != 1 {
		t.Errorf("after a few lines: %d pages", n)
	}
	if n := len(laid(many, reports.PageBreak{}, sheet)); n != 2 {
		t.Errorf("after half a page: %d pages", n)
	}
}

// Two names of 400 characters stay on the first page, with all that is said of them.
func TestTheCoverStaysOnItsPage(t *testing.T) {
	for _, size := range []reports.PageSize{reports.A4, reports.Letter} {
		long := strings.Repeat("Maximiliana ", 33) + "& " + strings.Repeat("Wolfeschlegelsteinhausen", 16)
		doc := reports.Document{Title: "Progress report", Date: "2026-11-22", Size: size, Blocks: []reports.Block{
			reports.Cover{Title: "Progress report", Tone: chart.Both, Facts: []reports.KeyValue{{Key: "Prepared for", Value: long}, {Key: "Period", Value: "23 June 2026 to 25 November 2026"}, {Key: "Prepared by", Value: strings.Repeat("Harbour Light Coaching ", 9)}}},
			reports.Heading{Level: 1, Text: "In brief"},
			reports.Paragraph{Lead: true, Text: "We met 8 times."},
		}}
		file, _, err := Render(doc)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(file), "<</Type /Page\n"); n != 1 {
			t.Errorf("%s: %d pages", fmt.Sprint(size), n)
		}
	}
}
