package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/internal/ids"
)

// writing stands before the id in a route's item when it is to be written at once.
const writing = "write:"

// WriteItem is a route's item that opens the note of a session, or a note, for writing.
func WriteItem(id ids.ID) string { return writing + id.String() }

// ParseItem reads a route's item: which one, and whether to write at once. An item that
// names nothing is the zero id.
func ParseItem(item string) (id ids.ID, write bool) {
	name, write := strings.CutPrefix(item, writing)
	id, err := ids.Parse(name)
	if err != nil {
		return ids.Nil, false
	}
	return id, write
}

// BringIntoView scrolls page, which ScrollPast made, until o is inside it.
func BringIntoView(page *fyne.Container, o fyne.CanvasObject) {
	s, ok := page.Objects[0].(*container.Scroll)
	if !ok {
		return
	}
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.Content).Y
	bottom := top + o.Size().Height
	switch {
	case top < s.Offset.Y+GapPage:
		s.Offset.Y = max(0, top-3*GapPage)
	case bottom > s.Offset.Y+s.Size().Height:
		s.Offset.Y = min(top-3*GapPage, bottom-s.Size().Height+GapPage)
	default:
		return
	}
	s.Refresh()
}
