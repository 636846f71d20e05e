package quizui

import (
	"slices"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// The pictures are drawn for the room there is and never keep a window wide; no word of
// the numbers is cut, whatever the text size.
func TestProfilesYieldToTheWindow(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	a, b := w.taken("icp-18", clients.SlotA, 2, startA), w.taken("icp-18", clients.SlotB, 2, startB)
	w.taken("pulse", clients.SlotA, 2, "5,6,7,8,9")
	w.release(clients.SlotA, a)
	w.release(clients.SlotB, b)
	show := func(width float32) {
		w.App.Show(kit.Frame(nil, kit.Sized(1280-width, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil))
		w.open(clients.CoachView)
		w.App.Settle()
	}
	show(960)
	if need := w.tab.MinSize().Width; need > 620 {
		t.Errorf("once wide, the tab needs %v", need)
	}
	for _, scale := range []float32{1, 2} {
		w.Settings().SetTheme(kit.NewTheme(kit.Light, scale))
		show(740) // what a window of 1280 leaves beside rail and list
		if _, beside := w.tab.column(pictureWidth); beside != (scale == 1) {
			t.Errorf("at text size %v side by side is %v", scale, beside)
		}
		names := 0
		for _, l := range uitest.Find[*kit.Line](w.tab) {
			if !slices.Contains([]string{"Intellectual", "Affectionate", "Experiential"}, l.Text) || !l.Visible() || l.Size().Width == 0 {
				continue
			}
			if names++; l.Size().Width < kit.NewLine(l.Text).MinSize().Width {
				t.Errorf("at text size %v %q is cut", scale, l.Text)
			}
		}
		if names < 6 {
			t.Errorf("%d names of channels stand in tables", names)
		}
	}
}
