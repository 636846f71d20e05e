package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flow sets objects side by side and goes on in the next row when one is full. It needs
// no more width than its widest object, so give it a whole width (VBox, a form), not a
// place in an HBox.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flowLayout{gap: gap}, objects...)
}

// flowLayout knows its height only at its width, like wrapped text. (Fyne's own keeps
// asking for the widest row that it ever had, so that the window could not shrink.)
type flowLayout struct {
	laid
	gap float32
}

func (f *flowLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	f.note(s, needs(objects))
	f.rows(objects, s.Width, func(o fyne.CanvasObject, x, y, w, h float32) { place(o, x, y, w, h) })
}

func (f *flowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	mins := needs(objects)
	if f.stale(mins) {
		f.Layout(objects, f.size)
	}
	width := f.size.Width
	if width == 0 {
		width = 1 << 16 // not laid out yet: one row
	}
	var s fyne.Size
	for _, m := range mins {
		s.Width = max(s.Width, m.Width)
	}
	s.Height = f.rows(objects, width, nowhere)
	return s
}

// rows hands each visible object its place, in the middle of its row, and tells how high
// all rows are.
func (f *flowLayout) rows(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	var row []fyne.CanvasObject
	var x, y, high float32
	end := func() {
		at := float32(0)
		for _, o := range row {
			m := o.MinSize()
			w := min(m.Width, width)
			put(o, at, y+(high-m.Height)/2, w, m.Height)
			at += w + f.gap
		}
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		w := min(m.Width, width)
		if len(row) > 0 && x+f.gap+w > width {
			end()
			row, x, y, high = nil, 0, y+high+f.gap, 0
		}
		if len(row) > 0 {
			x += f.gap
		}
		row, x, high = append(row, o), x+w, max(high, m.Height)
	}
	end()
	return y + high
}

func nowhere(fyne.CanvasObject, float32, float32, float32, float32) {}
