package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

const (
	railWide   = 200
	railNarrow = 60
)

// rail is the list of places at the left.
type rail struct {
	widget.BaseWidget
	shell  *Shell
	narrow bool
	items  map[string]*railItem
	stands *railStatus
	body   *fyne.Container
}

func newRail(s *Shell, narrow bool) *rail {
	r := &rail{shell: s, narrow: narrow, body: container.NewStack()}
	r.ExtendBaseWidget(r)
	r.build()
	return r
}

func (r *rail) build() {
	r.items = map[string]*railItem{}
	list := kit.VBox(2)
	for i, p := range r.shell.places() {
		hint := ""
		if i < 9 {
			hint = fmt.Sprint(i + 1)
		}
		item := newRailItem(p.Icon, p.Title, hint, r.narrow, func() { r.shell.Go(kit.Route{Page: p.ID}) })
		r.items[p.ID] = item
		list.Add(item)
	}
	fold := newRailItem("collapse", text.T("rail.collapse", "Collapse"), "", r.narrow, r.shell.toggleRail)
	lock := newRailItem("lock", text.T("rail.lock", "Lock"), "", r.narrow, r.shell.Lock)
	var head fyne.CanvasObject = kit.Insets(4, 14, 10, 6, kit.VBox(0,
		kit.Section("Couplet"), kit.Soft(r.shell.bookName()).Short(), kit.Soft(r.shell.me()).Short()))
	width := float32(railWide)
	if r.narrow {
		head, width = kit.Insets(4, 14, 8, 8, kit.Section("C")), railNarrow
	}
	edge := kit.NewPanel(kit.ColorLine)
	edge.Minimum = fyne.NewSize(1, 0)
	r.stands = newRailStatus(r.narrow, func() { r.shell.Go(kit.Route{Page: sharingPage}) })
	r.tell()
	inner := kit.Inset(10, kit.Frame(head, nil, list, nil, kit.VBox(2, r.stands, fold, lock)))
	r.body.Objects = []fyne.CanvasObject{
		kit.NewPanel(kit.ColorRail),
		kit.Frame(nil, nil, kit.Sized(width, 0, inner), edge, nil),
	}
	r.body.Refresh()
}

func (r *rail) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

// tell says how sharing stands.
func (r *rail) tell() {
	if s := r.shell.open.Sharing(); s != nil && !r.shell.shield.On() {
		r.stands.say(s.Standing())
	} else {
		r.stands.say("", false)
	}
}

func (r *rail) mark(id string) {
	for k, item := range r.items {
		item.choose(k == id)
	}
}

func (s *Shell) toggleRail() {
	if s.rail == nil {
		return
	}
	s.rail.narrow = !s.rail.narrow
	s.prefs.setCollapsed(s.rail.narrow)
	s.rail.build()
	s.rail.mark(s.placeOf(s.Where()))
	s.stage.Refresh()
}

// railItem is one place: sign and word, with its number for Ctrl.
type railItem struct {
	widget.BaseWidget
	icon    kit.IconName
	picture *widget.Icon
	words   *kit.Line
	number  *kit.Line
	ground  *kit.Panel
	body    *fyne.Container
	tap     func()
	chosen  bool
	focused bool
	hovered bool
}

func newRailItem(icon kit.IconName, title, hint string, narrow bool, tap func()) *railItem {
	i := &railItem{
		icon: icon, picture: widget.NewIcon(kit.Icon(icon, kit.ColorInkSoft)),
		words: kit.NewLine(title).Short(), number: kit.Soft(hint), ground: kit.NewPanel(""), tap: tap,
	}
	i.ground.Radius = 6
	row := kit.Frame(nil, kit.Insets(0, 0, 0, 10, kit.Sized(20, 22, i.picture)), container.New(roomForBold{}, i.words), kit.Insets(0, 0, 6, 0, i.number), nil)
	if narrow {
		row = container.NewCenter(kit.Sized(20, 22, i.picture))
	}
	i.body = container.NewStack(i.ground, kit.Insets(6, 6, 10, 10, row))
	i.ExtendBaseWidget(i)
	return i
}

// roomForBold gives the word of a place the room that it needs when it is the chosen one,
// so that the rail keeps its width and the word its end.
type roomForBold struct{}

func (roomForBold) MinSize(objects []fyne.CanvasObject) fyne.Size {
	words := objects[0].(*kit.Line)
	bold := fyne.MeasureText(words.Text, theme.TextSize(), fyne.TextStyle{Bold: true})
	return fyne.NewSize(bold.Width+1, words.MinSize().Height)
}

func (roomForBold) Layout(objects []fyne.CanvasObject, s fyne.Size) { objects[0].Resize(s) }

func (i *railItem) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(i.body) }

// Text is the place's word, for tests.
func (i *railItem) Text() string { return i.words.Text }

func (i *railItem) choose(on bool) {
	i.chosen = on
	i.paint()
}

func (i *railItem) paint() {
	color := kit.ColorInkSoft
	i.ground.Fill, i.ground.Stroke = "", ""
	i.words.ColorName, i.words.Style.Bold = kit.ColorInk, i.chosen
	switch {
	case i.chosen:
		i.ground.Fill, color = kit.ColorChosen, kit.ColorClay
		i.words.ColorName = kit.ColorClay
	case i.hovered:
		i.ground.Fill = kit.ColorLine
	}
	if i.focused {
		i.ground.Stroke = kit.ColorClay
	}
	i.picture.SetResource(kit.Icon(i.icon, color))
	i.ground.Refresh()
	i.words.Refresh()
}

// Tapped goes there.
func (i *railItem) Tapped(*fyne.PointEvent) { kit.Touch(); i.tap() }

// FocusGained rings the item.
func (i *railItem) FocusGained() { i.focused = true; i.paint() }

// FocusLost takes the ring away.
func (i *railItem) FocusLost() { i.focused = false; i.paint() }

// TypedRune is not used.
func (i *railItem) TypedRune(rune) {}

// TypedKey goes there with Enter or Space.
func (i *railItem) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		i.Tapped(nil)
	}
}
