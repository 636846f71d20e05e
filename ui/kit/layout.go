package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// The grid of 4: inside a card, between cards, at the page's edge.
const (
	GapInside = 8
	GapCards  = 16
	GapPage   = 24
)

// Inset keeps n on all four sides of o.
func Inset(n float32, o fyne.CanvasObject) *fyne.Container { return Insets(n, n, n, n, o) }

// Insets keeps the given room around o.
func Insets(top, bottom, left, right float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}

// Columns gives each object its width; an object of width 0 takes the rest (several
// share it). All objects get the full height.
func Columns(gap float32, widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columnsLayout{gap, widths}, objects...)
}

type columnsLayout struct {
	gap    float32
	widths []float32
}

func (c *columnsLayout) width(i int) float32 {
	if i < len(c.widths) {
		return c.widths[i]
	}
	return 0
}

func (c *columnsLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	fixed, flexible := c.gap*float32(max(0, len(objects)-1)), 0
	for i := range objects {
		fixed += c.width(i)
		if c.width(i) == 0 {
			flexible++
		}
	}
	rest := float32(0)
	if flexible > 0 {
		rest = max(0, s.Width-fixed) / float32(flexible)
	}
	x := float32(0)
	for i, o := range objects {
		w := c.width(i)
		if w == 0 {
			w = rest
		}
		place(o, x, 0, w, s.Height)
		x += w + c.gap
	}
}

func (c *columnsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := fyne.NewSize(c.gap*float32(max(0, len(objects)-1)), 0)
	for i, o := range objects {
		m := o.MinSize()
		s.Height = max(s.Height, m.Height)
		if w := c.width(i); w > 0 {
			s.Width += w
		} else {
			s.Width += m.Width
		}
	}
	return s
}

// Fact is a name in a column of its own and beside it what is so; both may wrap.
func Fact(width float32, name, value string) *fyne.Container {
	const onTheLine = 2 // the small letters of the name stand on the line of the others
	return Columns(12, []float32{width, 0}, Insets(onTheLine, 0, 0, 0, Hint(name)), Paragraph(value))
}

// ReadingWidth keeps o at most 72 characters wide, at the left.
func ReadingWidth(o fyne.CanvasObject) *fyne.Container { return AtMost(readingWidth(), o) }

// AtMost keeps o at most w wide, at the left.
func AtMost(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(atMost(w), o)
}

type atMost float32

func (a atMost) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		place(o, 0, 0, min(float32(a), s.Width), s.Height)
	}
}

func (a atMost) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s
}

// Sized gives o at least that size.
func Sized(w, h float32, o fyne.CanvasObject) *fyne.Container {
	floor := canvas.NewRectangle(color.Transparent)
	floor.SetMinSize(fyne.NewSize(w, h))
	return container.NewStack(floor, o)
}

// Page is the frame of a page: its title, actions at the right (the one primary
// button last), and the body below.
func Page(title string, actions []fyne.CanvasObject, body fyne.CanvasObject) *fyne.Container {
	head := Frame(nil, nil, Title(title).Short(), HBox(GapInside, actions...), nil)
	return Insets(GapPage, GapPage, GapPage, GapPage, Frame(Insets(0, GapCards, 0, 0, head), nil, body, nil, nil))
}

// ScrollPage lets a page of cards scroll down; the bar stands in the page's edge.
func ScrollPage(top float32, o fyne.CanvasObject) *container.Scroll {
	return container.NewVScroll(Insets(top, GapPage, GapPage, GapPage, o))
}

// Scroll lets o scroll down and leaves room for the bar.
func Scroll(o fyne.CanvasObject) *container.Scroll {
	return container.NewVScroll(Insets(0, 0, 0, scrollBar, o))
}

// Rule is a thin line between parts.
func Rule() fyne.CanvasObject { return widget.NewSeparator() }

// Panel is a rectangle in a theme colour, which follows the theme when it changes.
type Panel struct {
	widget.BaseWidget
	Fill, Stroke fyne.ThemeColorName // empty: none
	Tinted       bool                // Fill is mixed into the card
	Radius       float32
	Minimum      fyne.Size
}

// NewPanel is a panel filled with name.
func NewPanel(name fyne.ThemeColorName) *Panel {
	p := &Panel{Fill: name}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{p: p, rect: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type panelRenderer struct {
	p    *Panel
	rect *canvas.Rectangle
}

func (r *panelRenderer) MinSize() fyne.Size           { return r.p.Minimum }
func (r *panelRenderer) Layout(s fyne.Size)           { r.rect.Resize(s) }
func (r *panelRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *panelRenderer) Destroy()                     {}

func (r *panelRenderer) Refresh() {
	th, v := r.p.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.rect.FillColor, r.rect.StrokeColor, r.rect.StrokeWidth = color.Transparent, color.Transparent, 0
	if r.p.Fill != "" {
		r.rect.FillColor = th.Color(r.p.Fill, v)
		if r.p.Tinted {
			r.rect.FillColor = Tint(r.p.Fill)
		}
	}
	if r.p.Stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = th.Color(r.p.Stroke, v), 1
	}
	r.rect.CornerRadius = r.p.Radius
	r.rect.Refresh()
}

// Card is a white card with a one-pixel line and no shadow around content.
func Card(content fyne.CanvasObject) *fyne.Container {
	ground := NewPanel(ColorCard)
	ground.Stroke, ground.Radius = ColorLine, 8
	return container.NewStack(ground, Inset(12, content))
}

// TitledCard is a card with a section title and, at its right, an action or nil.
func TitledCard(title string, action, content fyne.CanvasObject) *fyne.Container {
	return Card(VBox(GapInside, Frame(nil, nil, Section(title).Short(), action, nil), content))
}
