package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// NewListOf is a List whose rows the page draws: row makes an empty one as high as all
// are, set fills it for row i. The keys, and what spec says of anything else, are List's.
func NewListOf(spec ListSpec, row func() fyne.CanvasObject, set func(i int, o fyne.CanvasObject)) *List {
	l := NewList(spec)
	l.list.CreateItem = row
	l.list.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < spec.Length() {
			set(i, o)
		}
	}
	return l
}
