package coupleui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

const (
	paneWidth = 320
	rowWidth  = paneWidth - 2*16 - 2*10 // of the words in a row
	rowChips  = 6                       // more never fit
)

// listRow is one record in the list: the names, and below them the states as chips and
// when they come or came.
type listRow struct {
	widget.BaseWidget
	title, when *kit.Line
	chips       []*kit.Chip
	body        fyne.CanvasObject
}

func newListRow() *listRow {
	r := &listRow{title: kit.NewLine("Ag").Short(), when: kit.Soft("Ag")}
	chips := kit.HBox(4)
	for range rowChips {
		c := kit.NewChip("Ag", kit.ColorInkSoft)
		r.chips = append(r.chips, c)
		chips.Add(c)
	}
	for _, c := range r.chips[1:] {
		c.Hide()
	}
	r.body = kit.Insets(6, 6, 10, 10, kit.VBox(3, r.title, kit.HBox(8, chips, kit.Spacer(), r.when)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's.
func (r *listRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

// MinSize leaves the width to the list.
func (r *listRow) MinSize() fyne.Size {
	return fyne.NewSize(0, r.body.MinSize().Height)
}

// set shows a record; chips that have no room are left out, the tags first.
func (r *listRow) set(x clients.Row, d Deps) {
	r.title.SetText(x.Title)
	r.when.SetText(whenWords(x, d))
	room := rowWidth - r.when.MinSize().Width - 8
	words := rowWords(x)
	for i, c := range r.chips {
		if i >= len(words) {
			c.Set("", "")
			continue
		}
		c.Set(words[i].Text, words[i].Chip)
		if room -= c.MinSize().Width + 4; room < 0 {
			c.Set("", "")
		}
	}
	r.body.Refresh()
}

// rowWords are the chips of a record, the most telling first.
func rowWords(x clients.Row) []kit.Cell {
	stage := intake.Stage(x.Stage)
	out := []kit.Cell{{Text: stage.Words(), Chip: kit.ColorBoth}}
	if x.OnHold && stage != intake.StagePaused {
		out = append(out, kit.Cell{Text: text.T("record.on_hold", "On hold"), Chip: kit.ColorCare})
	}
	if x.Archived {
		out = append(out, kit.Cell{Text: text.T("couples.is_archived", "archived"), Chip: kit.ColorInkSoft})
	}
	for _, t := range x.Tags {
		out = append(out, kit.Cell{Text: t, Chip: kit.ColorInkSoft})
	}
	return out
}

// whenWords says when they come next, else when they were here last; the year only when
// it is not this one.
func whenWords(x clients.Row, d Deps) string {
	short := func(t time.Time) string {
		if t.Year() == d.Now().Year() {
			return t.Format("2 Jan")
		}
		return t.Format("2 Jan 2006")
	}
	switch {
	case !x.NextAt.IsZero():
		return text.T("couples.next", "next %s", short(x.NextAt))
	case !x.LastAt.IsZero():
		return text.T("couples.last", "last %s", short(x.LastAt))
	}
	return ""
}
