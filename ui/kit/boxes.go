package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// The layouts of the house lay out again by themselves when something inside has become
// larger or smaller: the toolkit notes only one such parent at a time on its walk through
// the window and forgets it for the next, and then parts lie over one another.

// laid is what a layout last did: the room it had and what the objects needed.
type laid struct {
	size fyne.Size
	mins []fyne.Size
}

func (l *laid) note(size fyne.Size, mins []fyne.Size) { l.size, l.mins = size, mins }

// stale says whether the objects need something else than when they were laid out.
func (l *laid) stale(mins []fyne.Size) bool {
	if l.size.IsZero() {
		return false
	}
	if len(mins) != len(l.mins) {
		return true
	}
	for i := range mins {
		if mins[i] != l.mins[i] {
			return true
		}
	}
	return false
}

// needs are the smallest sizes of the objects; gone for one that is hidden or nil, and
// for a box with nothing in it to see, which shall leave no gap.
func needs(objects []fyne.CanvasObject) []fyne.Size {
	mins := make([]fyne.Size, len(objects))
	for i, o := range objects {
		if mins[i] = gone; seen(o) && !hollow(o) {
			mins[i] = o.MinSize()
		}
	}
	return mins
}

func hollow(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	if _, box := c.Layout.(*boxLayout); !box {
		return false
	}
	return !slices.ContainsFunc(c.Objects, func(x fyne.CanvasObject) bool { return seen(x) && !hollow(x) })
}

var gone = fyne.NewSize(-1, -1)

// VBox stacks objects with gap between them; Tab walks them in this order.
func VBox(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&boxLayout{gap: gap, down: true}, objects...)
}

// HBox sets objects side by side with gap between them.
func HBox(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&boxLayout{gap: gap}, objects...)
}

// Spacer takes the room that is left in a VBox or HBox.
func Spacer() fyne.CanvasObject { return layout.NewSpacer() }

type boxLayout struct {
	laid
	gap  float32
	down bool
}

// along is the part of a size in the direction of the box.
func (b *boxLayout) along(s fyne.Size) float32 {
	if b.down {
		return s.Height
	}
	return s.Width
}

func (b *boxLayout) stretches(o fyne.CanvasObject) bool {
	s, ok := o.(layout.SpacerObject)
	return ok && (b.down && s.ExpandVertical() || !b.down && s.ExpandHorizontal())
}

// total is what all objects need along the box, and how many take what is left.
func (b *boxLayout) total(objects []fyne.CanvasObject, mins []fyne.Size) (sum float32, spacers int) {
	n := 0
	for i, o := range objects {
		if mins[i] == gone {
			continue
		}
		n++
		if b.stretches(o) {
			spacers++
			continue
		}
		sum += b.along(mins[i])
	}
	return sum + b.gap*float32(max(0, n-1)), spacers
}

func (b *boxLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	mins := needs(objects)
	b.note(s, mins)
	sum, spacers := b.total(objects, mins)
	spare := float32(0)
	if spacers > 0 {
		room := b.along(s)
		if !b.down {
			room += lastOverhang(objects)
		}
		spare = max(0, room-sum) / float32(spacers)
	}
	at := float32(0)
	for i, o := range objects {
		if mins[i] == gone {
			continue
		}
		n := b.along(mins[i])
		if b.stretches(o) {
			n = spare
		}
		if b.down {
			place(o, 0, at, s.Width, n)
		} else {
			place(o, at, 0, n, s.Height)
		}
		at += n + b.gap
	}
}

func (b *boxLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	mins := needs(objects)
	if b.stale(mins) {
		b.Layout(objects, b.size)
	}
	var s fyne.Size
	for i, o := range objects {
		if mins[i] != gone && !b.stretches(o) {
			s = s.Max(mins[i])
		}
	}
	sum, _ := b.total(objects, mins)
	if b.down {
		s.Height = sum
	} else {
		s.Width = sum
	}
	return s
}

// Frame is a border layout whose parts stand in reading order, so that Tab goes top,
// left, centre, right, bottom (Fyne's own border begins with the centre). Any part
// but the centre may be nil.
func Frame(top, left, centre, right, bottom fyne.CanvasObject) *fyne.Container {
	parts := []fyne.CanvasObject{top, left, centre, right, bottom}
	c := container.New(&frameLayout{parts: parts})
	for _, o := range parts {
		if o != nil {
			c.Add(o)
		}
	}
	return c
}

type frameLayout struct {
	laid
	parts []fyne.CanvasObject
}

// The parts of a frame.
const (
	atTop = iota
	atLeft
	atCentre
	atRight
	atBottom
)

func seen(o fyne.CanvasObject) bool { return o != nil && o.Visible() }

func (f *frameLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	mins := needs(f.parts)
	f.note(s, mins)
	has := func(i int) bool { return mins[i] != gone }
	x, y, w, h := float32(0), float32(0), s.Width, s.Height
	if has(atTop) {
		n := mins[atTop].Height
		place(f.parts[atTop], 0, 0, w, n)
		y, h = y+n, h-n
	}
	if has(atBottom) {
		n := mins[atBottom].Height
		place(f.parts[atBottom], 0, s.Height-n, w, n)
		h -= n
	}
	if has(atLeft) {
		n := mins[atLeft].Width
		place(f.parts[atLeft], 0, y, n, h)
		x, w = x+n, w-n
	}
	if has(atRight) {
		n := mins[atRight].Width
		place(f.parts[atRight], s.Width-n+overhang(f.parts[atRight]), y, n, h)
		w -= n
	}
	if has(atCentre) {
		place(f.parts[atCentre], x, y, w, h)
	}
}

func (f *frameLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	mins := needs(f.parts)
	if f.stale(mins) {
		f.Layout(nil, f.size)
	}
	var s fyne.Size
	for _, i := range []int{atLeft, atCentre, atRight} {
		if mins[i] != gone {
			s.Width += mins[i].Width
			s.Height = max(s.Height, mins[i].Height)
		}
	}
	for _, i := range []int{atTop, atBottom} {
		if mins[i] != gone {
			s.Height += mins[i].Height
			s.Width = max(s.Width, mins[i].Width)
		}
	}
	return s
}
