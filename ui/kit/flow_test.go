package kit_test

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func sized(w, h float32) fyne.CanvasObject { return kit.Sized(w, h, kit.Spacer()) }

func TestFlowGoesOnBelowAndLetsTheWindowShrink(t *testing.T) {
	uitest.NewApp(t)
	a, b, c := sized(100, 20), sized(100, 30), sized(60, 20)
	f := kit.Flow(8, a, b, c)
	f.Resize(fyne.NewSize(400, 100))
	if m := f.MinSize(); m != fyne.NewSize(100, 30) || c.Position() != fyne.NewPos(216, 5) { // in the middle of the row
		t.Errorf("in one row it needs %v, the last stands at %v", m, c.Position())
	}
	f.Resize(fyne.NewSize(210, 100))
	if m := f.MinSize(); m != fyne.NewSize(100, 58) || c.Position() != fyne.NewPos(0, 38) {
		t.Errorf("in two rows it needs %v, the last stands at %v", m, c.Position())
	}
	b.Hide()
	f.Refresh()
	if c.Position() != fyne.NewPos(108, 0) {
		t.Errorf("what is hidden takes room: the last stands at %v", c.Position())
	}
}

func TestActionsStandBesideOrBelow(t *testing.T) {
	uitest.NewApp(t)
	words, one, two := kit.Paragraph(strings.Repeat("words ", 20)), sized(80, 30), sized(80, 30)
	b := kit.Beside(words, one, two)
	b.Resize(fyne.NewSize(600, 60))
	if two.Position().X+two.Size().Width > 600 || words.Size().Width+8 > one.Position().X || one.Position().Y != 15 {
		t.Errorf("words %v, one at %v, two at %v", words.Size(), one.Position(), two.Position())
	}
	b.Resize(fyne.NewSize(200, 300))
	if one.Position() != fyne.NewPos(0, words.Size().Height+4) || two.Position().Y != one.Position().Y || words.Size().Width != 200 {
		t.Errorf("words %v, one at %v, two at %v", words.Size(), one.Position(), two.Position())
	}
	if m := b.MinSize(); m.Width > 80 || m.Height != words.Size().Height+34 {
		t.Errorf("it needs %v below words of %v", m, words.Size())
	}
}

func TestAWideChartShrinksWithTheWindow(t *testing.T) {
	a := uitest.NewApp(t)
	c := kit.NewChart(kit.ChartSpec{Width: 760, Height: 200, Draw: func(w, h int) image.Image { return image.NewNRGBA(image.Rect(0, 0, w, h)) }})
	a.Show(c)
	wide := c.MinSize()
	c.Resize(fyne.NewSize(500, 400))
	if m := c.MinSize(); wide.Width > 420 || m.Height >= wide.Height {
		t.Errorf("the chart needs %v, and %v where it is narrower", wide, m)
	}
}

func TestPickerOffersWhatFits(t *testing.T) {
	a := uitest.NewApp(t)
	chosen := ""
	p := &kit.Picker{Env: a.Env, Hint: "Type", Now: func(q string) []kit.PickRow {
		return []kit.PickRow{{Row: kit.Row{Title: "all"}, Run: func() { chosen = "all" }}, {Row: kit.Row{Title: "like " + q}, Run: func() { chosen = q }}}
	}}
	p.Open()
	a.Type("mo")
	a.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if chosen != "mo" || a.Env.Dialogs.IsOpen() {
		t.Errorf("chose %q, still open %v", chosen, a.Env.Dialogs.IsOpen())
	}
}

// fold is a page that leaves its list out where there is no room for it.
type fold struct {
	widget.BaseWidget
	list, text fyne.CanvasObject
	body       *fyne.Container
}

func newFold(list, text float32) *fold {
	f := &fold{list: sized(list, 100), text: sized(text, 100)}
	f.body = kit.HBox(0, f.list, f.text)
	f.ExtendBaseWidget(f)
	return f
}

func (f *fold) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.body) }

func (f *fold) Resize(s fyne.Size) {
	f.list.Show()
	if s.Width < f.body.MinSize().Width {
		f.list.Hide()
	}
	f.BaseWidget.Resize(s)
}

func TestARoomOffersWhatThereIsAndScrollsToTheRest(t *testing.T) {
	a := uitest.NewApp(t)
	r := kit.NewRoom()
	a.Show(r.Scroll)
	at := func(w float32) { r.Scroll.Resize(fyne.NewSize(w, 300)); r.Scroll.Refresh() }
	page := newFold(300, 600)
	r.Show(page)
	at(1000)
	if !page.list.Visible() || page.Size() != fyne.NewSize(1000, 300) {
		t.Errorf("wide: %v", page.Size())
	}
	at(700)
	if page.list.Visible() || page.Size().Width != 700 {
		t.Errorf("narrow: %v, the list is seen: %v", page.Size(), page.list.Visible())
	}
	at(500)
	if page.list.Visible() || page.Size().Width != 600 {
		t.Errorf("too narrow: %v, the list is seen: %v", page.Size(), page.list.Visible())
	}
	at(1000)
	if !page.list.Visible() || page.Size().Width != 1000 {
		t.Errorf("wide again: %v", page.Size())
	}
	if m := r.Scroll.MinSize(); m.Width > 480 || m.Height > 320 {
		t.Errorf("the page makes the window %v", m)
	}
}

// What is shown, hidden or said inside is laid out again when the window next asks what
// everything needs, whatever else changed.
func TestLayoutsFollowWhatChangesInside(t *testing.T) {
	uitest.NewApp(t)
	first, words, below := sized(50, 40), kit.NewLine("a"), sized(50, 20)
	rest := sized(50, 20)
	box := kit.VBox(4, first, kit.HBox(4, words, below))
	frame := kit.Frame(box, nil, rest, nil, nil)
	frame.Resize(fyne.NewSize(400, 300))
	x, y := below.Position().X, rest.Position().Y
	first.Hide()
	words.SetText("a longer word")
	frame.MinSize()
	if rest.Position().Y != y-44 || rest.Size().Height != 300-y+44 || below.Position().X <= x {
		t.Errorf("the centre at %v of %v, beside the words %v", rest.Position(), rest.Size(), below.Position())
	}
	first.Show()
	frame.MinSize()
	if rest.Position().Y != y {
		t.Errorf("the centre at %v again, not %v", rest.Position().Y, y)
	}
	spread := kit.HBox(0, sized(10, 10), kit.Spacer(), first)
	spread.Resize(fyne.NewSize(300, 40))
	if first.Position().X != 250 {
		t.Errorf("after the spacer at %v", first.Position())
	}
}
