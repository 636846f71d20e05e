package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// showFocused scrolls what o stands in, of a dialog or of a page that says what it is
// made of (Parts), until o is in view: Tab never leads to where nobody sees it.
func showFocused(o fyne.CanvasObject) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		m, ok := top.(*modal)
		if !ok {
			return
		}
		root = m.spec.Content
	}
	for _, s := range scrollsAround(root, o) {
		scrollTo(s, o)
	}
}

// scrollsAround are the scrolls between root and o, the innermost first.
func scrollsAround(root, o fyne.CanvasObject) []*container.Scroll {
	all, _ := around(root, o)
	return all
}

func around(root, o fyne.CanvasObject) (all []*container.Scroll, found bool) {
	if root == o {
		return nil, true
	}
	if root == nil || !root.Visible() {
		return nil, false
	}
	for _, child := range Children(root) {
		if all, found = around(child, o); found {
			break
		}
	}
	if s, ok := root.(*container.Scroll); ok && found {
		all = append(all, s)
	}
	return all, found
}

// scrollTo moves s as little as shows the whole of o with its label; of what is larger
// than s the top and the left.
func scrollTo(s *container.Scroll, o fyne.CanvasObject) {
	const above, below = 2 * GapPage, GapPage
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.Content).Y
	bottom, room := top+o.Size().Height+below, s.Size().Height
	y := s.Offset.Y
	if bottom > y+room {
		y = bottom - room
	}
	if top-above < y {
		y = top - above
	}
	y = max(0, min(y, s.Content.Size().Height-room))
	x := s.Offset.X
	if s.Direction == container.ScrollBoth {
		left := d.AbsolutePositionForObject(o).X - d.AbsolutePositionForObject(s.Content).X
		x = max(x, left+o.Size().Width+GapPage-s.Size().Width)
		x = max(0, min(x, left-GapPage))
	}
	if y != s.Offset.Y || x != s.Offset.X {
		s.Offset = fyne.NewPos(x, y)
		s.Refresh()
	}
}

// FirstFocusable is the first field in reading order that can take keys.
func FirstFocusable(o fyne.CanvasObject) fyne.Focusable {
	if o == nil || !o.Visible() {
		return nil
	}
	if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
		return nil
	}
	if f, ok := o.(fyne.Focusable); ok {
		return f
	}
	for _, child := range Children(o) {
		if f := FirstFocusable(child); f != nil {
			return f
		}
	}
	return nil
}

// Children are the objects directly inside o that the kit can know: of a container,
// of a scroll, of a widget that says so.
func Children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch c := o.(type) {
	case *fyne.Container:
		return c.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{c.Content}
	case interface{ Parts() []fyne.CanvasObject }:
		return c.Parts()
	}
	return nil
}
