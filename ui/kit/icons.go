package kit

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/assets/icons"
)

// IconName is a file of assets/icons without its ".svg".
type IconName string

// onPrimary is the colour of words on clay.
const onPrimary = theme.ColorNameForegroundOnPrimary

// Icon is the line drawing of that name in a theme colour; it follows the theme.
func Icon(name IconName, c fyne.ThemeColorName) fyne.Resource { return &lineIcon{name, c} }

type lineIcon struct {
	name  IconName
	color fyne.ThemeColorName
}

func (i *lineIcon) hex() string {
	c := color.NRGBAModel.Convert(Color(i.color)).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}

// Name carries the colour, because pictures are cached by name.
func (i *lineIcon) Name() string { return string(i.name) + i.hex()[1:] + ".svg" }

func (i *lineIcon) Content() []byte {
	return []byte(strings.ReplaceAll(icons.SVG(string(i.name)), "currentColor", i.hex()))
}
