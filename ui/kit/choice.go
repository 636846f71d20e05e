package kit

import (
	"image/color"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Option is a value and the words for it.
type Option[T comparable] struct {
	Value T
	Label string
}

// Upper begins words that stand alone with a capital: an option, a button.
func Upper(words string) string {
	first, n := utf8.DecodeRuneInString(words)
	if n == 0 || first == utf8.RuneError {
		return words
	}
	return string(unicode.ToTitle(first)) + words[n:]
}

// Choice lets one of several values be chosen from a list that drops down.
type Choice[T comparable] struct {
	widget.Select
	options []Option[T]
	changed func(T)
	focused bool
}

// CreateRenderer is Fyne's, with the edge of an entry.
func (c *Choice[T]) CreateRenderer() fyne.WidgetRenderer {
	r := &edged{WidgetRenderer: c.Select.CreateRenderer(), edge: canvas.NewRectangle(color.Transparent), colour: func() fyne.ThemeColorName {
		switch {
		case c.focused:
			return theme.ColorNamePrimary
		case c.Disabled():
			return ColorLine
		}
		return theme.ColorNameInputBorder
	}}
	r.draw()
	return r
}

// edged draws the edge of a field around what has none.
type edged struct {
	fyne.WidgetRenderer
	edge   *canvas.Rectangle
	colour func() fyne.ThemeColorName
}

// Objects are what is drawn, the edge last.
func (r *edged) Objects() []fyne.CanvasObject {
	return append(slices.Clone(r.WidgetRenderer.Objects()), r.edge)
}

// Layout sets the edge where an entry has it.
func (r *edged) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	w := theme.Size(theme.SizeNameInputBorder)
	r.edge.Move(fyne.NewSquareOffsetPos(w / 2))
	r.edge.Resize(s.Subtract(fyne.NewSquareSize(w)))
}

// Refresh draws it in the colours of now.
func (r *edged) Refresh() {
	r.draw()
	r.WidgetRenderer.Refresh()
}

func (r *edged) draw() {
	r.edge.StrokeWidth, r.edge.CornerRadius = theme.Size(theme.SizeNameInputBorder), theme.Size(theme.SizeNameInputRadius)
	r.edge.StrokeColor = Color(r.colour())
	r.edge.Refresh()
}

// NewChoice offers the options, none chosen yet; changed may be nil and is called
// only for what the person does.
func NewChoice[T comparable](options []Option[T], changed func(T)) *Choice[T] {
	c := &Choice[T]{changed: changed}
	c.PlaceHolder = "–"
	c.OnChanged = func(string) { c.picked() }
	c.ExtendBaseWidget(c)
	c.SetOptions(options)
	return c
}

// SetOptions changes what is offered.
func (c *Choice[T]) SetOptions(options []Option[T]) {
	c.options = options
	c.Select.Options = nil
	for _, o := range options {
		c.Select.Options = append(c.Select.Options, o.Label)
	}
	c.Refresh()
}

func (c *Choice[T]) picked() {
	Touch()
	if v, ok := c.Value(); ok && c.changed != nil {
		c.changed(v)
	}
}

// Value is what is chosen.
func (c *Choice[T]) Value() (T, bool) {
	if i := c.SelectedIndex(); i >= 0 && i < len(c.options) {
		return c.options[i].Value, true
	}
	var none T
	return none, false
}

// Text is the label of what is chosen.
func (c *Choice[T]) Text() string { return c.Selected }

func (c *Choice[T]) answer() string { return c.Selected }

func (c *Choice[T]) restore(said string) { c.SetSelected(said) }

// SetValue chooses v without calling changed; a value not offered clears the choice.
func (c *Choice[T]) SetValue(v T) {
	tell := c.changed
	c.changed = nil
	defer func() { c.changed = tell }()
	for i, o := range c.options {
		if o.Value == v {
			c.SetSelectedIndex(i)
			return
		}
	}
	c.ClearSelected()
}

// FocusGained brings the choice into view.
func (c *Choice[T]) FocusGained() {
	c.focused = true
	c.Select.FocusGained()
	showFocused(c)
}

// FocusLost takes the ring away.
func (c *Choice[T]) FocusLost() {
	c.focused = false
	c.Select.FocusLost()
}

// TypedKey passes Escape on.
func (c *Choice[T]) TypedKey(k *fyne.KeyEvent) {
	Touch()
	if k.Name == fyne.KeyEscape {
		escape(c)
		return
	}
	c.Select.TypedKey(k)
}

// Segments shows a few options side by side, in rows where there is no room, one of
// them chosen. Left and Right choose while it has the focus. Like Flow it wants a whole
// width.
type Segments[T comparable] struct {
	widget.BaseWidget
	options []Option[T]
	colors  []fyne.ThemeColorName
	at      int
	focused bool
	changed func(T)
	OnEnter func() // what Enter does, nil for nothing
	parts   []*segment
	body    *fyne.Container
}

// NewSegments offers the options with the first chosen.
func NewSegments[T comparable](options []Option[T], changed func(T)) *Segments[T] {
	return newSegments(options, nil, changed)
}

func newSegments[T comparable](options []Option[T], colors []fyne.ThemeColorName, changed func(T)) *Segments[T] {
	s := &Segments[T]{options: options, colors: colors, changed: changed, body: Flow(4)}
	s.ExtendBaseWidget(s)
	s.SetOptions(options, colors)
	return s
}

// SetOptions changes what is offered and keeps the chosen value if it still is there.
func (s *Segments[T]) SetOptions(options []Option[T], colors []fyne.ThemeColorName) {
	var keep T
	if s.at < len(s.options) {
		keep = s.options[s.at].Value
	}
	s.options, s.colors, s.parts, s.body.Objects = options, colors, nil, nil
	s.at = 0
	for i, o := range options {
		color := ColorClay
		if i < len(colors) {
			color = colors[i]
		}
		g := newSegment(o.Label, color, func() { s.choose(i) })
		s.parts = append(s.parts, g)
		s.body.Add(g)
		if o.Value == keep {
			s.at = i
		}
	}
	s.mark()
}

// Value is what is chosen.
func (s *Segments[T]) Value() T { return s.options[s.at].Value }

// SetValue chooses v without calling changed; a value not offered changes nothing.
func (s *Segments[T]) SetValue(v T) {
	for i, o := range s.options {
		if o.Value == v {
			s.at = i
			s.mark()
		}
	}
}

func (s *Segments[T]) answer() string { return strconv.Itoa(s.at) }

func (s *Segments[T]) restore(said string) {
	if i, err := strconv.Atoi(said); err == nil {
		s.choose(i)
	}
}

func (s *Segments[T]) choose(i int) {
	Touch()
	if i < 0 || i >= len(s.options) || i == s.at {
		return
	}
	s.at = i
	s.mark()
	if s.changed != nil {
		s.changed(s.options[i].Value)
	}
}

func (s *Segments[T]) mark() {
	for i, g := range s.parts {
		g.set(i == s.at, s.focused && i == s.at)
	}
}

// CreateRenderer is Fyne's.
func (s *Segments[T]) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }

// FocusGained rings the chosen segment.
func (s *Segments[T]) FocusGained() { s.focused = true; s.mark(); showFocused(s) }

// FocusLost takes the ring away.
func (s *Segments[T]) FocusLost() { s.focused = false; s.mark() }

// TypedRune is not used.
func (s *Segments[T]) TypedRune(rune) {}

// TypedKey chooses with Left and Right; Enter does what the choice is for.
func (s *Segments[T]) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if s.OnEnter != nil {
			s.OnEnter()
		}
	case fyne.KeyLeft:
		s.choose(s.at - 1)
	case fyne.KeyRight:
		s.choose(s.at + 1)
	case fyne.KeyEscape:
		escape(s)
	}
}

type segment struct {
	widget.BaseWidget
	color  fyne.ThemeColorName
	ground *Panel
	words  *Line
	body   *fyne.Container
	on     bool
	tap    func()
}

func newSegment(label string, c fyne.ThemeColorName, tap func()) *segment {
	g := &segment{color: c, ground: NewPanel(""), words: NewLine(brief(label)), tap: tap}
	g.ground.Radius = 6
	g.body = stack(g.ground, Insets(5, 5, 12, 12, g.words))
	g.ExtendBaseWidget(g)
	return g
}

// longestSegment is how many characters a segment says: a name of two hundred must leave
// room for the others.
const longestSegment = 32

func brief(label string) string {
	r := []rune(label)
	if len(r) <= longestSegment {
		return label
	}
	return strings.TrimSpace(string(r[:longestSegment-1])) + "…"
}

func (g *segment) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.body) }

// Tapped chooses the segment.
func (g *segment) Tapped(*fyne.PointEvent) { g.tap() }

// Text is the label, for tests.
func (g *segment) Text() string { return g.words.Text }

// Chosen tells whether it is the chosen one, for tests.
func (g *segment) Chosen() bool { return g.on }

func (g *segment) set(on, ring bool) {
	g.on = on
	g.ground.Fill, g.ground.Stroke, g.ground.Tinted = "", ColorLine, true
	color := ColorInkSoft
	if on {
		g.ground.Fill, g.ground.Stroke, color = g.color, g.color, g.color
	}
	if ring {
		g.ground.Stroke = ColorInk
	}
	g.words.ColorName, g.words.Style.Bold = color, on
	g.ground.Refresh()
	g.words.Refresh()
	g.body.Refresh()
}
