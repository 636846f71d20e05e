package ui_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestTextSizeComesBackToWhereItWas(t *testing.T) {
	w := unlocked(t)
	for range 7 {
		w.press(ui.Ctrl(fyne.KeyEqual))
	}
	for range 7 {
		w.press(ui.Ctrl(fyne.KeyMinus))
	}
	if _, scale := w.shell.Appearance(); scale != 1 {
		t.Errorf("text size %v", scale)
	}
}

func TestAppearance(t *testing.T) {
	w := unlocked(t)
	w.shell.Run("view.dark")
	if !kit.IsDark() {
		t.Error("dark")
	}
	for range 30 {
		w.press(ui.Ctrl(fyne.KeyEqual))
	}
	if _, scale := w.shell.Appearance(); fmt.Sprintf("%.1f", scale) != "2.0" {
		t.Errorf("text size %g", scale)
	}
	w.shell.SetAppearance(kit.Light, 1)
	if kit.IsDark() {
		t.Error("light")
	}
}

func TestRailCollapses(t *testing.T) {
	w := unlocked(t)
	w.MustSay("Pipeline")
	w.press(ui.Ctrl(fyne.KeyB))
	w.Capture("shell-narrow")
	before := w.Window.Content().MinSize().Width
	w.Tap("Library")
	if got := w.shell.Where().Page; got != "library" {
		t.Errorf("a sign went to %q", got)
	}
	w.press(ui.Ctrl(fyne.KeyB))
	if after := w.Window.Content().MinSize().Width; after-before != 140 {
		t.Errorf("widening takes %g", after-before)
	}
}

func TestSmallestWindowFits(t *testing.T) {
	w := unlocked(t)
	if m := w.Window.Content().MinSize(); m.Width > 1024 || m.Height > 700 {
		t.Errorf("the window needs %v", m)
	}
}

func TestLargestTextFits(t *testing.T) {
	w := unlocked(t)
	w.shell.SetAppearance(kit.Light, kit.MaxScale)
	w.Settle()
	if m := w.Window.Content().MinSize(); m.Width > 1280 || m.Height > 800 {
		t.Errorf("the window needs %v", m)
	}
	for _, place := range []string{"Today", "Pipeline", "Couples", "Library", "Settings"} {
		bold := fyne.MeasureText(place, theme.TextSize(), fyne.TextStyle{Bold: true}).Width
		for _, root := range w.Roots() {
			uitest.Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
				if l, ok := o.(*kit.Line); ok && l.Text == place && l.SizeName == "" && l.Size().Width < bold {
					t.Errorf("%q has %v for %v when it is chosen", place, l.Size().Width, bold)
				}
				return true
			})
		}
	}
	w.Scale = kit.MaxScale
	w.Capture("shell-large")
}
