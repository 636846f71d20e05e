package uitest

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Widest says why o needs its width: what in it needs the most, from the outside in.
func Widest(o fyne.CanvasObject) string {
	var chain []string
	for o != nil {
		chain = append(chain, fmt.Sprintf("%T %.0f %s", o, o.MinSize().Width, shortened(TextOf(o))))
		var inside []fyne.CanvasObject
		switch c := o.(type) {
		case *fyne.Container:
			inside = c.Objects
		case fyne.Widget:
			inside = test.WidgetRenderer(c).Objects()
		}
		o = nil
		for _, x := range inside {
			if x.Visible() && (o == nil || x.MinSize().Width > o.MinSize().Width) {
				o = x
			}
		}
	}
	return strings.Join(chain, "\n  ")
}

func shortened(s string) string { return string([]rune(s)[:min(40, len([]rune(s)))]) }
