package kit

import (
	"image/color"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/assets"
)

// The colours of the house besides Fyne's own names. Colour never speaks alone: a
// partner's colour stands with the name or letter, coach with the lock sign.
const (
	ColorPaper   = theme.ColorNameBackground
	ColorInk     = theme.ColorNameForeground
	ColorClay    = theme.ColorNamePrimary
	ColorLine    = theme.ColorNameSeparator
	ColorInkSoft = fyne.ThemeColorName("coupletInkSoft")
	ColorCard    = fyne.ThemeColorName("coupletCard")
	ColorA       = fyne.ThemeColorName("coupletA")
	ColorB       = fyne.ThemeColorName("coupletB")
	ColorBoth    = fyne.ThemeColorName("coupletBoth")
	ColorCoach   = fyne.ThemeColorName("coupletCoach")
	ColorGood    = fyne.ThemeColorName("coupletGood")
	ColorCare    = fyne.ThemeColorName("coupletCare")
	ColorStop    = fyne.ThemeColorName("coupletStop")
	ColorScrim   = fyne.ThemeColorName("coupletScrim")
	ColorRail    = fyne.ThemeColorName("coupletRail")
	ColorChosen  = fyne.ThemeColorName("coupletChosen")
)

// The text sizes: body is Fyne's own name.
const (
	SizeBody    = theme.SizeNameText
	SizeSmall   = theme.SizeNameCaptionText
	SizeTitle   = theme.SizeNameHeadingText
	SizeSection = theme.SizeNameSubHeadingText
)

// Mode is which of the two colour sets is shown.
type Mode string

// The modes that a person can choose; the zero value follows the computer.
const (
	System Mode = ""
	Light  Mode = "light"
	Dark   Mode = "dark"
)

// Fonts are the four faces of the one family; a nil face is Fyne's own.
type Fonts struct{ Regular, Bold, Italic, BoldItalic fyne.Resource }

// Theme is how Couplet looks. The zero value follows the computer's light or dark
// at text size 1. It is immutable: to change something, set a new one.
type Theme struct {
	Mode  Mode
	Scale float32 // of all text, 0.8 to 2.0; 0 is 1
	Fonts Fonts
}

// MinScale and MaxScale bound the text size that a person can choose.
const (
	MinScale = 0.8
	MaxScale = 2.0
)

var _ fyne.Theme = (*Theme)(nil)

type palette map[fyne.ThemeColorName]color.NRGBA

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func alpha(c color.NRGBA, a uint8) color.NRGBA {
	c.A = a
	return c
}

var light = fill(palette{
	ColorPaper: rgb(0xFBF8F4), ColorCard: rgb(0xFFFFFF), ColorLine: rgb(0xE4DCD2),
	ColorInk: rgb(0x2B2622), ColorInkSoft: rgb(0x6B625A), ColorClay: rgb(0xA8481F),
	ColorA: rgb(0x1F6F6B), ColorB: rgb(0x7A3E72), ColorBoth: rgb(0x8A5F0C), ColorCoach: rgb(0x4A5568),
	ColorGood: rgb(0x2F6B3A), ColorCare: rgb(0x8A5F0C), ColorStop: rgb(0xA32A2A),
	ColorRail: rgb(0xF4EEE6), ColorChosen: rgb(0xF3E3D8),
	theme.ColorNameButton:              rgb(0xF1EAE1),
	theme.ColorNameInputBorder:         rgb(0x938879), // darker than a line: an empty tick box is seen by it alone
	theme.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	theme.ColorNameShadow:              {0x2B, 0x26, 0x22, 0x1c},
	ColorScrim:                         {0x2B, 0x26, 0x22, 0x66},
})

var dark = fill(palette{
	ColorPaper: rgb(0x1B1917), ColorCard: rgb(0x262320), ColorLine: rgb(0x3A352F),
	ColorInk: rgb(0xF0EAE2), ColorInkSoft: rgb(0xB3A99D), ColorClay: rgb(0xE58A5F),
	ColorA: rgb(0x5BB8B2), ColorB: rgb(0xC58ABD), ColorBoth: rgb(0xD9AE55), ColorCoach: rgb(0x9AA7BC),
	ColorGood: rgb(0x7DBE88), ColorCare: rgb(0xD9AE55), ColorStop: rgb(0xE98080),
	ColorRail: rgb(0x171513), ColorChosen: rgb(0x3B2A21),
	theme.ColorNameButton:              rgb(0x35302B),
	theme.ColorNameInputBorder:         rgb(0x857B70),
	theme.ColorNameForegroundOnPrimary: rgb(0x1B1917),
	theme.ColorNameShadow:              {0, 0, 0, 0x38},
	ColorScrim:                         {0, 0, 0, 0x77},
})

// fill derives Fyne's own names from the few colours that look.md gives.
func fill(p palette) palette {
	for name, from := range map[fyne.ThemeColorName]fyne.ThemeColorName{
		theme.ColorNameInputBackground: ColorCard, theme.ColorNameMenuBackground: ColorCard,
		theme.ColorNameOverlayBackground: ColorCard, theme.ColorNameHeaderBackground: ColorRail,
		theme.ColorNamePlaceHolder: ColorInkSoft,
		theme.ColorNameDisabled:    ColorInkSoft, theme.ColorNameHyperlink: ColorClay,
		theme.ColorNameError: ColorStop, theme.ColorNameWarning: ColorCare, theme.ColorNameSuccess: ColorGood,
		theme.ColorNameForegroundOnError:   theme.ColorNameForegroundOnPrimary,
		theme.ColorNameForegroundOnWarning: theme.ColorNameForegroundOnPrimary,
		theme.ColorNameForegroundOnSuccess: theme.ColorNameForegroundOnPrimary,
		theme.ColorNameDisabledButton:      ColorRail,
	} {
		p[name] = p[from]
	}
	p[theme.ColorNameFocus] = alpha(p[ColorClay], 0x40)
	p[theme.ColorNameSelection] = alpha(p[ColorClay], 0x2e)
	p[theme.ColorNameHover] = alpha(p[ColorInk], 0x0d)
	p[theme.ColorNamePressed] = alpha(p[ColorInk], 0x1a)
	p[theme.ColorNameScrollBar] = alpha(p[ColorInkSoft], 0x80)
	p[theme.ColorNameScrollBarBackground] = alpha(p[ColorInk], 0)
	return p
}

// IsDark says whether the dark set is shown for variant.
func (t *Theme) IsDark(variant fyne.ThemeVariant) bool {
	return t.Mode == Dark || t.Mode == System && variant == theme.VariantDark
}

// Color is the colour of that name; names of Fyne that the house has no word for
// keep Fyne's value.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p, v := light, theme.VariantLight
	if t.IsDark(variant) {
		p, v = dark, theme.VariantDark
	}
	if c, ok := p[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, v)
}

// Size is the size of that name in device-independent pixels; only text grows with Scale.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	scale := t.Scale
	if scale == 0 {
		scale = 1
	}
	scale = max(MinScale, min(MaxScale, scale))
	switch name {
	case SizeBody:
		return 14 * scale
	case SizeSmall:
		return 12 * scale
	case SizeTitle:
		return 22 * scale
	case SizeSection:
		return 16 * scale
	case theme.SizeNameInlineIcon:
		return 18 * scale
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNamePopupRadius, theme.SizeNameMenuRadius:
		return 6
	case theme.SizeNameCardRadius, theme.SizeNameDialogRadius:
		return 8
	case theme.SizeNameModalBlurRadius:
		return 0
	}
	return theme.DefaultTheme().Size(name)
}

// Font is the family's face for the style; monospace and symbols are Fyne's.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	face := t.Fonts.Regular
	switch {
	case s.Monospace || s.Symbol:
		face = nil
	case s.Bold && s.Italic:
		face = t.Fonts.BoldItalic
	case s.Bold:
		face = t.Fonts.Bold
	case s.Italic:
		face = t.Fonts.Italic
	}
	if face != nil {
		return face
	}
	return theme.DefaultTheme().Font(s)
}

// Icon is Fyne's icon of that name.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Color is the colour of that name in the theme in use.
func Color(name fyne.ThemeColorName) color.Color { return theme.Color(name) }

// IsDark says whether the dark colours are shown now, for what is drawn as a picture.
func IsDark() bool {
	s := fyne.CurrentApp().Settings()
	if t, ok := s.Theme().(*Theme); ok {
		return t.IsDark(s.ThemeVariant())
	}
	return s.ThemeVariant() == theme.VariantDark
}

// Tint is name mixed into the card at about an eighth: the ground of chips and bands.
func Tint(name fyne.ThemeColorName) color.Color { return mix(Color(name), Color(ColorCard), 0.12) }

func mix(a, b color.Color, part float32) color.NRGBA {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	m := func(p, q uint8) uint8 { return uint8(float32(p)*part + float32(q)*(1-part) + 0.5) }
	return color.NRGBA{m(x.R, y.R), m(x.G, y.G), m(x.B, y.B), 0xff}
}

// activity is told of every key and click in the kit's widgets, for the auto-lock.
var activity atomic.Pointer[func()]

// OnActivity sets who is told that the person is at work; nil for nobody.
func OnActivity(f func()) {
	if f == nil {
		activity.Store(nil)
		return
	}
	activity.Store(&f)
}

// Touch says that the person did something.
func Touch() {
	if f := activity.Load(); f != nil {
		(*f)()
	}
}

var house = sync.OnceValue(func() Fonts {
	face := func(name string) fyne.Resource { return fyne.NewStaticResource(name+".ttf", assets.Font(name)) }
	return Fonts{
		Regular: face("SourceSans3-Regular"), Bold: face("SourceSans3-Bold"),
		Italic: face("SourceSans3-Italic"), BoldItalic: face("SourceSans3-BoldItalic"),
	}
})

// NewTheme is the theme with the shipped family.
func NewTheme(m Mode, scale float32) *Theme { return &Theme{Mode: m, Scale: scale, Fonts: house()} }
