package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// ScrollPast is Scroll for a page with text fields: the wheel moves the page also while
// the pointer is over a field, which would keep it for itself.
func ScrollPast(o fyne.CanvasObject) *fyne.Container {
	s := container.NewVScroll(o)
	w := &wheel{to: s}
	w.ExtendBaseWidget(w)
	return container.NewStack(s, w)
}

// wheel lies over everything, shows nothing, and takes nothing but the wheel.
type wheel struct {
	widget.BaseWidget
	to *container.Scroll
}

// Scrolled hands the movement to the page.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) { w.to.Scrolled(e) }

// CreateRenderer is Fyne's.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
