package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// A note's field is as high as its text, within half of the window, whether the text is
// typed or was there; a short text has the rows that were asked for.
func TestANoteGrowsWithItsText(t *testing.T) {
	a := uitest.NewApp(t)
	n := kit.NewNoteEditor(a.Clock, "", 3)
	a.Show(kit.Scroll(kit.AtMost(780, kit.VBox(0, n))))

	a.Settle()
	height := func() float32 { return n.MinSize().Height }
	least := height()
	n.Load("one line")
	if height() != least {
		t.Errorf("one line is %v high, none %v", height(), least)
	}
	n.Load(strings.Repeat("She said what she had not said before. ", 20)) // some eight rows
	mid := height()
	a.Settle()
	a.Capture("note-rows")
	if mid < least*1.8 || mid > least*4 {
		t.Errorf("eight rows are %v high, three %v", mid, least)
	}
	n.Load(strings.Repeat("She said what she had not said before. ", 480))
	most := height()
	if most <= mid || most > 430 {
		t.Errorf("a long text is %v high in a window of 800", most)
	}
	n.Load("short again")
	if height() != least {
		t.Errorf("a short text after it is %v high, want %v", height(), least)
	}
	followed := 0
	n.OnFocus = func() { followed++ }
	a.Window.Canvas().Focus(n.Focusable())
	a.Type("x")
	for range 6 {
		a.Key(fyne.KeyReturn)
	}
	a.Clock.Wind(0)
	if height() <= least || followed < 2 {
		t.Errorf("after six Enters %v high, the page followed %d times", height(), followed)
	}
}
