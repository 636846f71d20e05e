package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// The words of buttons without a ground stand at the edges, where text and chips stand.
func TestQuietWordsStandAtTheEdges(t *testing.T) {
	uitest.NewApp(t)
	edge := func(b *kit.Button) float32 { return b.Position().X + b.Size().Width - theme.InnerPadding() }
	quiet, plain := kit.Quiet("Change", nil), kit.Secondary("Open", nil)
	kit.Frame(nil, nil, kit.NewLine("name"), quiet, nil).Resize(fyne.NewSize(400, 40))
	kit.HBox(8, kit.NewLine("name"), kit.Spacer(), plain).Resize(fyne.NewSize(400, 40))
	if edge(quiet) != 400 || plain.Position().X+plain.Size().Width != 400 {
		t.Errorf("the word ends at %v, the ground at %v", edge(quiet), plain.Position().X+plain.Size().Width)
	}
	row := kit.HBox(8, kit.Spacer(), kit.Quiet("Edit", nil), quiet)
	row.Resize(fyne.NewSize(300, 40))
	beside := kit.Quiet("Delete", nil)
	kit.Beside(kit.Paragraph("words"), beside).Resize(fyne.NewSize(500, 40))
	if edge(quiet) != 300 || edge(beside) != 500 {
		t.Errorf("the words end at %v of 300 and %v of 500", edge(quiet), edge(beside))
	}
	first := kit.Quiet("All", nil)
	in := kit.QuietRow(first)
	in.Resize(fyne.NewSize(300, 40))
	if x := in.Objects[0].Position().X + first.Position().X + theme.InnerPadding(); x != 0 {
		t.Errorf("the first word begins at %v", x)
	}
}

func TestABoxOfNothingLeavesNoGap(t *testing.T) {
	uitest.NewApp(t)
	hint := kit.Hint("not yet")
	hint.Hide()
	inner, last := kit.VBox(3, hint), sized(10, 10)
	box := kit.VBox(12, sized(10, 10), inner, last)
	box.Resize(fyne.NewSize(200, 300))
	if box.MinSize().Height != 32 || last.Position().Y != 22 {
		t.Errorf("it needs %v, the last stands at %v", box.MinSize(), last.Position())
	}
	hint.Show()
	if h := inner.MinSize().Height; box.MinSize().Height != 44+h || last.Position().Y != 34+h {
		t.Errorf("shown it needs %v, the last stands at %v", box.MinSize(), last.Position())
	}
}
