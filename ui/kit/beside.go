package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Beside sets what can be done with something at its right, on one level with it; where
// that leaves too little room for the words, below them. Give it a whole width.
func Beside(words fyne.CanvasObject, actions ...fyne.CanvasObject) *fyne.Container {
	return container.New(&besideLayout{flow: flowLayout{gap: 4}}, append([]fyne.CanvasObject{words}, actions...)...)
}

// besideLayout knows its height only at its width, like wrapped text.
type besideLayout struct {
	laid
	flow flowLayout
}

// leastWords is the part of the width that words keep beside actions.
const leastWords = 0.4

// beside is the width of all actions in a row, and whether there is room for it.
func (b *besideLayout) beside(objects []fyne.CanvasObject, width float32) (float32, bool) {
	row := float32(0)
	for _, o := range objects[1:] {
		if o.Visible() {
			row += o.MinSize().Width + b.flow.gap
		}
	}
	room := width - row - GapInside
	return row, width == 0 || room >= objects[0].MinSize().Width && room >= leastWords*width
}

func (b *besideLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	b.note(s, needs(objects))
	words, left, over, room := objects[0], float32(0), float32(0), s.Width
	row, fits := b.beside(objects, s.Width)
	if fits {
		room -= row + GapInside
		left, over = room+GapInside+b.flow.gap, lastOverhang(objects[1:])
	}
	words.Resize(fyne.NewSize(room, words.MinSize().Height)) // wrapped text knows its height only at its width
	h := words.MinSize().Height
	top := h + b.flow.gap
	if fits {
		top = max(0, (s.Height-b.flow.rows(objects[1:], row, nowhere))/2)
		place(words, 0, max(0, (s.Height-h)/2), room, h)
	} else {
		place(words, 0, 0, room, h)
	}
	b.flow.rows(objects[1:], s.Width-left, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, left+over+x, top+y, w, h) })
}

func (b *besideLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	mins := needs(objects)
	if b.stale(mins) {
		b.Layout(objects, b.size)
	}
	words, s := mins[0], fyne.Size{}
	for _, m := range mins {
		s.Width = max(s.Width, m.Width)
	}
	if row, fits := b.beside(objects, b.size.Width); fits {
		s.Height = max(words.Height, b.flow.rows(objects[1:], row, nowhere))
	} else {
		s.Height = words.Height + b.flow.gap + b.flow.rows(objects[1:], b.size.Width, nowhere)
	}
	return s
}

// Banner says quietly what there is to know, and what can be done about it.
func Banner(words string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	ground := NewPanel(ColorCare)
	ground.Tinted, ground.Radius = true, 6
	return container.NewStack(ground, Insets(4, 4, 10, 10, Beside(Wrapped(words, ColorCare), actions...)))
}
