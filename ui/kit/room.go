package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewRoom shows one page in the room that the window has. A page is offered that room
// first and may leave something out; what it still needs more is scrolled to, so that
// nothing is out of reach and no page makes the window grow.
func NewRoom() *Room {
	r := &Room{}
	r.page = container.New(r)
	r.Scroll = container.NewScroll(r.page)
	r.Scroll.SetMinSize(fyne.NewSize(480, 320))
	return r
}

// Room is what NewRoom makes; Scroll is the widget.
type Room struct {
	Scroll *container.Scroll
	page   *fyne.Container
}

// Show shows o from its top.
func (r *Room) Show(o fyne.CanvasObject) {
	r.page.Objects = []fyne.CanvasObject{o}
	r.Scroll.Offset = fyne.Position{}
	r.page.Refresh()
	r.Scroll.Refresh()
}

// Layout is of the page inside the scroll.
func (r *Room) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	for _, o := range objects {
		room := r.Scroll.Size()
		o.Resize(room)
		if m := o.MinSize(); m.Width > room.Width || m.Height > room.Height {
			o.Resize(room.Max(m))
		}
	}
}

// MinSize is what the page needs as it is now.
func (r *Room) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s
}
