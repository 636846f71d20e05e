package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// InTheMiddle sets o in the middle of the room there is, width wide at text size 1 and
// wider with larger text, as far as there is room.
func InTheMiddle(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(inTheMiddle(width), o)
}

type inTheMiddle float32

func (m inTheMiddle) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		w := min(float32(m)*max(1, theme.TextSize()/14), s.Width-2*GapCards)
		o.Resize(fyne.NewSize(w, o.Size().Height)) // wrapped text knows its height only at its width
		h := o.MinSize().Height
		place(o, (s.Width-w)/2, max(GapCards, (s.Height-h)/2), w, h)
	}
}

func (inTheMiddle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s.AddWidthHeight(2*GapCards, 2*GapCards)
}
