package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Button is Fyne's button that Enter presses too and that passes Escape on.
type Button struct{ widget.Button }

func newButton(text string, icon fyne.Resource, i widget.Importance, f func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.Importance = text, icon, i
	b.OnTapped = func() {
		Touch()
		if f != nil {
			f()
		}
	}
	b.ExtendBaseWidget(b)
	return b
}

// Primary is the one clay button of a screen.
func Primary(text string, f func()) *Button { return newButton(text, nil, widget.HighImportance, f) }

// Secondary is a button like any other.
func Secondary(text string, f func()) *Button {
	return newButton(text, nil, widget.MediumImportance, f)
}

// Quiet is a button without a ground, for rare actions.
func Quiet(text string, f func()) *Button { return newButton(text, nil, widget.LowImportance, f) }

// IconButton is a quiet button with only a sign; pages give one only where the sign
// stands beside words that say the same.
func IconButton(icon IconName, f func()) *Button {
	return newButton("", Icon(icon, ColorInkSoft), widget.LowImportance, f)
}

// WithIcon sets the sign before the words and returns the button.
func (b *Button) WithIcon(icon IconName) *Button {
	c := ColorInk
	if b.Importance == widget.HighImportance {
		c = onPrimary
	}
	b.Icon = Icon(icon, c)
	return b
}

// FocusGained brings the button into view.
func (b *Button) FocusGained() {
	b.Button.FocusGained()
	showFocused(b)
}

// TypedKey presses the button for Space and Enter.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	Touch()
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped()
		}
	case fyne.KeyEscape:
		escape(b)
	default:
		b.Button.TypedKey(k)
	}
}

// Check is a tick box that passes Escape on.
type Check struct{ widget.Check }

// NewCheck is a tick box; changed may be nil.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text = text
	c.OnChanged = func(on bool) {
		Touch()
		if changed != nil {
			changed(on)
		}
	}
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained brings the box into view.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	showFocused(c)
}

// TypedKey passes Escape on.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	Touch()
	if k.Name == fyne.KeyEscape {
		escape(c)
		return
	}
	c.Check.TypedKey(k)
}

// escape closes the dialog that o stands in; elsewhere Escape does nothing, and
// never loses text.
func escape(o fyne.CanvasObject) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	if m, ok := c.Overlays().Top().(*modal); ok {
		m.cancel()
	}
}

// MinSize gives the words a little more room at the sides than Fyne does, where there is
// a ground to see.
func (b *Button) MinSize() fyne.Size {
	s := b.Button.MinSize()
	if b.Text != "" && b.Importance != widget.LowImportance {
		s.Width += 12
	}
	return s
}

// Flush sets a row that begins with a quiet button so that its word stands at the left
// edge.
func Flush(row fyne.CanvasObject) *fyne.Container {
	return Insets(0, 0, -theme.InnerPadding(), 0, row)
}

// QuietRow is a row of quiet buttons.
func QuietRow(buttons ...fyne.CanvasObject) *fyne.Container { return Flush(Flow(4, buttons...)) }

// overhang is how far o reaches beyond the right edge of what it stands in, so that the
// last word of a button without a ground stands at that edge.
func overhang(o fyne.CanvasObject) float32 {
	switch x := o.(type) {
	case *Button:
		if x.Importance == widget.LowImportance && x.Text != "" {
			return theme.InnerPadding()
		}
	case *fyne.Container:
		if b, ok := x.Layout.(*boxLayout); ok && !b.down {
			return lastOverhang(x.Objects)
		}
	}
	return 0
}

// lastOverhang is that of a row, which is that of its last object.
func lastOverhang(row []fyne.CanvasObject) float32 {
	for i := len(row) - 1; i >= 0; i-- {
		if row[i].Visible() {
			return overhang(row[i])
		}
	}
	return 0
}
