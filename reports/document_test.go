package reports

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/chart"
)

func TestWalkMeetsEveryText(t *testing.T) {
	doc := Document{Title: "t-title", Subtitle: "t-sub", Reader: "t-reader", Author: "t-author", ID: "t-id", Blocks: []Block{
		Cover{Title: "t-cover", Subtitle: "t-coversub", Facts: []KeyValue{{"t-factkey", "t-factvalue"}}, Note: "t-covernote"},
		Heading{Level: 1, Text: "t-heading"},
		Paragraph{Text: "t-para"},
		Bullets{Items: []string{"t-bullet"}},
		Table{Columns: []Column{{Head: "t-head"}}, Rows: [][]string{{"t-cell"}}, Note: "t-note"},
		KeyValues{Items: []KeyValue{{"t-key", "t-value"}}},
		Chart{Figures: []chart.Figure{{
			Title: "t-figure", Caption: "t-caption",
			Scene: chart.Scene{Items: []chart.Item{chart.Text{S: "t-label"}}},
			Table: chart.Table{Head: []string{"t-datahead"}, Rows: [][]string{{"t-data"}}},
		}}},
		LetterText{Greeting: "t-dear", Text: "t-letter", Signature: "t-sign"},
		PageBreak{},
		Spacer{},
	}}
	seen := map[string]string{}
	doc.Walk(func(place, s string) { seen[s] = place })
	want := "title sub reader author id cover coversub factkey factvalue covernote heading para bullet head cell note key value figure caption label datahead data dear letter sign"
	for _, w := range strings.Fields(want) {
		if _, ok := seen["t-"+w]; !ok {
			t.Errorf("Walk misses t-%s", w)
		}
	}
	if got := seen["t-cell"]; got != "t-heading, table row 1" {
		t.Errorf("place of a cell is %q", got)
	}
}

func TestHalfColumnsFillTheColumn(t *testing.T) {
	for _, s := range []PageSize{A4, Letter} {
		if got := 2*s.HalfColumn() + Gutter; got != s.Column() {
			t.Errorf("two halves and a gutter are %v of %v", got, s.Column())
		}
	}
}
