package kit_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(n.R) + 0.7152*lin(n.G) + 0.0722*lin(n.B)
}

// over lays a translucent colour on an opaque one.
func over(top, ground color.Color) color.Color {
	t, g := color.NRGBAModel.Convert(top).(color.NRGBA), color.NRGBAModel.Convert(ground).(color.NRGBA)
	a := float64(t.A) / 255
	m := func(p, q uint8) uint8 { return uint8(float64(p)*a + float64(q)*(1-a) + 0.5) }
	return color.NRGBA{m(t.R, g.R), m(t.G, g.G), m(t.B, g.B), 255}
}

func TestTextReachesContrast(t *testing.T) {
	a := uitest.NewApp(t)
	words := []fyne.ThemeColorName{
		kit.ColorInk, kit.ColorInkSoft, kit.ColorClay, kit.ColorA, kit.ColorB, kit.ColorBoth, kit.ColorCoach,
		kit.ColorGood, kit.ColorCare, kit.ColorStop, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNameHyperlink,
	}
	for _, mode := range []kit.Mode{kit.Light, kit.Dark} {
		a.Settings().SetTheme(kit.NewTheme(mode, 1))
		check := func(what string, text, ground color.Color) {
			t.Helper()
			if r := contrast(text, ground); r < 4.5 {
				t.Errorf("%s: %s has %.2f:1", mode, what, r)
			}
		}
		paper, card := kit.Color(kit.ColorPaper), kit.Color(kit.ColorCard)
		for _, w := range words {
			check(string(w)+" on paper", kit.Color(w), paper)
			check(string(w)+" on card", kit.Color(w), card)
		}
		for _, ground := range []color.Color{paper, card} {
			if r := contrast(kit.Color(theme.ColorNameInputBorder), ground); r < 3 {
				t.Errorf("%s: the edge of a field has %.2f:1", mode, r)
			}
		}
		for _, w := range words[1:10] {
			check(string(w)+" on its chip", kit.Color(w), kit.Tint(w))
		}
		for _, ground := range []fyne.ThemeColorName{theme.ColorNameButton, kit.ColorRail, kit.ColorChosen} {
			check("ink on "+string(ground), kit.Color(kit.ColorInk), kit.Color(ground))
			check("ink soft on "+string(ground), kit.Color(kit.ColorInkSoft), kit.Color(ground))
		}
		check("clay on the chosen place", kit.Color(kit.ColorClay), kit.Color(kit.ColorChosen))
		check("ink on a selection", kit.Color(kit.ColorInk), over(kit.Color(theme.ColorNameSelection), card))
		check("words on clay", kit.Color(theme.ColorNameForegroundOnPrimary), kit.Color(kit.ColorClay))
		for on, ground := range map[fyne.ThemeColorName]fyne.ThemeColorName{
			theme.ColorNameForegroundOnError:   theme.ColorNameError,
			theme.ColorNameForegroundOnWarning: theme.ColorNameWarning,
			theme.ColorNameForegroundOnSuccess: theme.ColorNameSuccess,
		} {
			check(string(on), kit.Color(on), kit.Color(ground))
		}
	}
}

func TestTextSizeHasBounds(t *testing.T) {
	for _, c := range []struct{ scale, body float32 }{{0, 14}, {1, 14}, {0.8, 11.2}, {2, 28}, {0.1, 11.2}, {9, 28}} {
		th := &kit.Theme{Scale: c.scale}
		if got := th.Size(kit.SizeBody); math.Abs(float64(got-c.body)) > 0.01 {
			t.Errorf("scale %g: body is %g, not %g", c.scale, got, c.body)
		}
	}
}

func TestModeWinsOverSystem(t *testing.T) {
	for _, c := range []struct {
		mode    kit.Mode
		variant fyne.ThemeVariant
		dark    bool
	}{
		{kit.System, theme.VariantDark, true},
		{kit.System, theme.VariantLight, false},
		{kit.Light, theme.VariantDark, false},
		{kit.Dark, theme.VariantLight, true},
	} {
		if got := (&kit.Theme{Mode: c.mode}).IsDark(c.variant); got != c.dark {
			t.Errorf("mode %q, variant %d: dark is %v", c.mode, c.variant, got)
		}
	}
}

func TestFamilyIsTheShippedOne(t *testing.T) {
	th := kit.NewTheme(kit.Light, 1)
	seen := map[string]bool{}
	for _, s := range []fyne.TextStyle{{}, {Bold: true}, {Italic: true}, {Bold: true, Italic: true}} {
		seen[th.Font(s).Name()] = true
	}
	if len(seen) != 4 {
		t.Errorf("the four styles have %d faces: %v", len(seen), seen)
	}
}
