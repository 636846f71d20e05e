package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/ui/kit"
)

// front is a page that is shown while no casebook is open.
type front interface {
	fyne.CanvasObject
	first() fyne.Focusable
}

// frontWidth is how wide the card in the middle is at text size 1; it grows with the
// text as far as the window lets it.
const frontWidth = 520

// frontCard is the card in the middle of the pages before a casebook. In a window that
// is too low for it, it scrolls.
func frontCard(o fyne.CanvasObject) fyne.CanvasObject {
	ground := kit.NewPanel(kit.ColorCard)
	ground.Stroke, ground.Radius = kit.ColorLine, 8
	return container.NewVScroll(container.New(inTheMiddle{}, container.NewStack(ground, kit.Inset(32, o))))
}

// inTheMiddle sets a card in the middle of the page.
type inTheMiddle struct{}

func (inTheMiddle) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		w := min(frontWidth*max(1, theme.TextSize()/14), s.Width-2*kit.GapCards)
		o.Resize(fyne.NewSize(w, o.Size().Height)) // wrapped text knows its height only at its width
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos((s.Width-w)/2, max(kit.GapCards, (s.Height-h)/2)))
	}
}

func (inTheMiddle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s.AddWidthHeight(2*kit.GapCards, 2*kit.GapCards)
}
