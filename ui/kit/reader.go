package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Reader scrolls something to read that holds nothing else to Tab to: it takes the
// focus itself, and the arrows, Page Up and Down, Space, Home and End move it.
type Reader struct {
	widget.BaseWidget
	scroll *container.Scroll
	ring   *Panel
	low    float32
}

// NewReader is a reader of o that is at least low high; 0 is as high as it is given.
func NewReader(o fyne.CanvasObject, low float32) *Reader {
	r := &Reader{scroll: Scroll(o), ring: NewPanel(""), low: low}
	r.ring.Radius = 6
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's.
func (r *Reader) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(Inset(-6, r.ring), r.scroll))
}

// MinSize lets the reader be as low as was said.
func (r *Reader) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	return fyne.NewSize(r.scroll.MinSize().Width, max(r.low, r.scroll.MinSize().Height))
}

// Parts lets tests and focus look inside.
func (r *Reader) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{r.scroll} }

// FocusGained rings the reader.
func (r *Reader) FocusGained() { r.edge(ColorClay) }

// FocusLost takes the ring away.
func (r *Reader) FocusLost() { r.edge("") }

func (r *Reader) edge(c fyne.ThemeColorName) {
	r.ring.Stroke = c
	r.ring.Refresh()
}

// TypedRune is not used.
func (r *Reader) TypedRune(rune) {}

// TypedKey moves what is read.
func (r *Reader) TypedKey(k *fyne.KeyEvent) {
	Touch()
	const line = 40
	page := r.scroll.Size().Height - line
	switch k.Name {
	case fyne.KeyDown:
		r.to(r.scroll.Offset.Y + line)
	case fyne.KeyUp:
		r.to(r.scroll.Offset.Y - line)
	case fyne.KeyPageDown, fyne.KeySpace:
		r.to(r.scroll.Offset.Y + page)
	case fyne.KeyPageUp:
		r.to(r.scroll.Offset.Y - page)
	case fyne.KeyHome:
		r.to(0)
	case fyne.KeyEnd:
		r.to(r.scroll.Content.Size().Height)
	case fyne.KeyEscape:
		escape(r)
	}
}

func (r *Reader) to(y float32) {
	r.scroll.Offset.Y = max(0, min(y, r.scroll.Content.Size().Height-r.scroll.Size().Height))
	r.scroll.Refresh()
}
