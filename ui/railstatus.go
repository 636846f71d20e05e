package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui/kit"
)

// railStatus says at the foot of the rail how sharing stands; a click opens its page. It
// is hidden while there is nothing to say.
type railStatus struct {
	widget.BaseWidget
	picture *widget.Icon
	words   *kit.Prose
	ground  *kit.Panel
	body    *fyne.Container
	tap     func()
	bad     bool
	focused bool
}

func newRailStatus(narrow bool, tap func()) *railStatus {
	r := &railStatus{picture: widget.NewIcon(nil), words: kit.Hint(""), ground: kit.NewPanel(""), tap: tap}
	r.ground.Radius = 6
	sign := kit.Sized(20, 20, r.picture)
	var row fyne.CanvasObject = kit.Frame(nil, kit.Insets(0, 0, 0, 10, kit.VBox(0, sign)), r.words, nil, nil)
	if narrow {
		row = container.NewCenter(sign)
	}
	r.body = container.NewStack(r.ground, kit.Insets(6, 6, 10, 10, row))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's.
func (r *railStatus) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

// Text is what it says, for tests and for a rail that shows the sign alone.
func (r *railStatus) Text() string { return r.words.Text() }

func (r *railStatus) say(words string, bad bool) {
	r.bad = bad
	color := kit.ColorInkSoft
	if bad {
		color = kit.ColorStop
	}
	if r.words.Text() != words {
		r.words.Set(words, color)
	}
	if words == "" {
		r.Hide()
		return
	}
	r.Show()
	r.paint()
}

func (r *railStatus) paint() {
	icon, color := kit.IconName("share"), kit.ColorInkSoft
	if r.bad {
		icon, color = "care", kit.ColorStop
	}
	r.ground.Stroke = ""
	if r.focused {
		r.ground.Stroke = kit.ColorClay
	}
	r.picture.SetResource(kit.Icon(icon, color))
	r.ground.Refresh()
}

// Tapped opens the page.
func (r *railStatus) Tapped(*fyne.PointEvent) { kit.Touch(); r.tap() }

// FocusGained rings it.
func (r *railStatus) FocusGained() { r.focused = true; r.paint() }

// FocusLost takes the ring away.
func (r *railStatus) FocusLost() { r.focused = false; r.paint() }

// TypedRune is not used.
func (r *railStatus) TypedRune(rune) {}

// TypedKey opens the page with Enter or Space.
func (r *railStatus) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.Tapped(nil)
	}
}
