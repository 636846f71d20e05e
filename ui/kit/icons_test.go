package kit_test

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/assets/icons"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestEveryIconDrawsInItsColour(t *testing.T) {
	a := uitest.NewApp(t)
	for _, n := range icons.Names() {
		r := kit.Icon(kit.IconName(n), kit.ColorClay)
		if s := string(r.Content()); strings.Contains(s, "currentColor") || !strings.Contains(s, "#a8481f") {
			t.Errorf("%s: %s", n, s)
		}
		icon := widget.NewIcon(r)
		a.Window.SetContent(icon)
		a.Window.Resize(fyne.NewSize(32, 32))
		if img := a.Window.Canvas().Capture(); oneColour(img) {
			t.Errorf("%s draws nothing", n)
		}
	}
}

func oneColour(img image.Image) bool {
	b := img.Bounds()
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) != first {
				return false
			}
		}
	}
	return true
}
