package uitest

import (
	"image/png"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/ui/kit"
)

// Capture draws the window in light and in dark into build/screenshots, if the
// environment variable COUPLET_SHOTS is set; else it does nothing. The pictures are
// for looking, not for passing.
func (a *App) Capture(name string) {
	a.T.Helper()
	if os.Getenv("COUPLET_SHOTS") == "" {
		return
	}
	dir := filepath.Join(moduleRoot(a.T.Fatal), "build", "screenshots")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		a.T.Fatal(err)
	}
	scale := a.Scale
	if scale == 0 {
		scale = 1
	}
	before := a.Settings().Theme()
	for _, m := range []kit.Mode{kit.Light, kit.Dark} {
		a.Settings().SetTheme(kit.NewTheme(m, scale))
		a.refreshAll()
		f, err := os.Create(filepath.Join(dir, name+"-"+string(m)+".png"))
		if err != nil {
			a.T.Fatal(err)
		}
		if err := png.Encode(f, a.Window.Canvas().Capture()); err != nil {
			a.T.Fatal(err)
		}
		if err := f.Close(); err != nil {
			a.T.Fatal(err)
		}
	}
	a.Settings().SetTheme(before)
	a.refreshAll()
}

func (a *App) refreshAll() {
	a.Settle()
	for _, root := range append(a.Window.Canvas().Overlays().List(), a.Window.Content()) {
		Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
			o.Refresh()
			return true
		})
	}
	for _, o := range a.Window.Canvas().Overlays().List() {
		o.Resize(a.Window.Canvas().Size())
	}
}

// moduleRoot is the folder of go.mod above the test.
func moduleRoot(fatal func(...any)) string {
	dir, err := os.Getwd()
	if err != nil {
		fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			fatal("no go.mod above the test")
		}
		dir = up
	}
}
