package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

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
	return container.NewVScroll(kit.InTheMiddle(frontWidth, container.NewStack(ground, kit.Inset(32, o))))
}
