package kit_test

import (
	"image"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestEveryIconDrawsInItsColour(t *testing.T) {
	a := uitest.NewApp(t)
	files, err := filepath.Glob("../../assets/icons/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatal("no icons", err)
	}
	for _, f := range files {
		n := strings.TrimSuffix(filepath.Base(f), ".svg")
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
