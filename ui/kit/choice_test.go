package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// A choice has the edge of an entry: on a card of the same colour nothing else shows it.
func TestAChoiceHasTheEdgeOfAnEntry(t *testing.T) {
	a := uitest.NewApp(t)
	c, e := kit.NewChoice([]kit.Option[int]{{Value: 1, Label: "One"}}, nil), kit.NewEntry("")
	for _, m := range []kit.Mode{kit.Light, kit.Dark} {
		a.Settings().SetTheme(kit.NewTheme(m, 1))
		a.Show(kit.VBox(8, c, e))
		want := edge(t, e)
		if got := edge(t, c); got.StrokeColor != want.StrokeColor || got.StrokeWidth != want.StrokeWidth || got.CornerRadius != want.CornerRadius {
			t.Errorf("%v: %+v, an entry has %+v", m, got, want)
		}
		a.Window.Canvas().Focus(c)
		if got := edge(t, c); got.StrokeColor != kit.Color(theme.ColorNamePrimary) {
			t.Errorf("%v: with the focus %v", m, got.StrokeColor)
		}
		a.Window.Canvas().Unfocus()
		if got := edge(t, c); got.StrokeColor != want.StrokeColor {
			t.Errorf("%v: without the focus again %v", m, got.StrokeColor)
		}
	}
}

func edge(t *testing.T, w fyne.Widget) *canvas.Rectangle {
	t.Helper()
	for _, o := range test.WidgetRenderer(w).Objects() {
		if r, ok := o.(*canvas.Rectangle); ok && r.StrokeWidth > 0 {
			return r
		}
	}
	t.Fatal("no edge")
	return nil
}
