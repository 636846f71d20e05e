package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Line is one line of text in one of the house's colours and sizes, without the
// padding of a Label. A Line that may shrink ends with an ellipsis when it must.
type Line struct {
	widget.BaseWidget
	Text      string
	ColorName fyne.ThemeColorName // empty: ink
	SizeName  fyne.ThemeSizeName  // empty: body
	Style     fyne.TextStyle
	Align     fyne.TextAlign
	Shrinks   bool
}

// NewLine is a line in ink at body size.
func NewLine(text string) *Line { return styled(text, "", "", fyne.TextStyle{}) }

// Soft is a second line: ink soft, small.
func Soft(text string) *Line { return styled(text, ColorInkSoft, SizeSmall, fyne.TextStyle{}) }

// Bold is a line in bold ink.
func Bold(text string) *Line { return styled(text, "", "", fyne.TextStyle{Bold: true}) }

// Title is the name of a record or page.
func Title(text string) *Line { return styled(text, "", SizeTitle, fyne.TextStyle{Bold: true}) }

// Section is the heading of a part of a page.
func Section(text string) *Line { return styled(text, "", SizeSection, fyne.TextStyle{Bold: true}) }

func styled(text string, c fyne.ThemeColorName, s fyne.ThemeSizeName, st fyne.TextStyle) *Line {
	l := &Line{Text: text, ColorName: c, SizeName: s, Style: st}
	l.ExtendBaseWidget(l)
	return l
}

// Short lets the line shrink and returns it.
func (l *Line) Short() *Line {
	l.Shrinks = true
	return l
}

// In sets the colour and returns the line.
func (l *Line) In(c fyne.ThemeColorName) *Line {
	l.ColorName = c
	return l
}

// SetText changes the text.
func (l *Line) SetText(text string) {
	if l.Text != text {
		l.Text = text
		l.Refresh()
	}
}

// Set changes text and colour at once.
func (l *Line) Set(text string, c fyne.ThemeColorName) {
	l.Text, l.ColorName = text, c
	l.Refresh()
}

// CreateRenderer is Fyne's.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{line: l, text: canvas.NewText("", color.Transparent)}
	r.Refresh()
	return r
}

type lineRenderer struct {
	line *Line
	text *canvas.Text
	full fyne.Size
}

func (r *lineRenderer) MinSize() fyne.Size {
	if r.line.Shrinks {
		return fyne.NewSize(fyne.MeasureText("…", r.text.TextSize, r.text.TextStyle).Width, r.full.Height)
	}
	return r.full
}

func (r *lineRenderer) Layout(s fyne.Size) {
	r.text.Text = r.fit(s.Width)
	r.text.Resize(fyne.NewSize(s.Width, r.full.Height))
	r.text.Move(fyne.NewPos(0, (s.Height-r.full.Height)/2))
}

// fit cuts the text to width, at a rune, with an ellipsis.
func (r *lineRenderer) fit(width float32) string {
	text := inOrder(oneLine(r.line.Text))
	if !r.line.Shrinks || r.full.Width <= width+0.5 {
		return text
	}
	runes := []rune(text)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if fyne.MeasureText(string(runes[:mid])+"…", r.text.TextSize, r.text.TextStyle).Width <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:lo]), " ,·") + "…"
}

func (r *lineRenderer) Refresh() {
	l := r.line
	color, size := l.ColorName, l.SizeName
	if color == "" {
		color = ColorInk
	}
	if size == "" {
		size = SizeBody
	}
	th := l.Theme()
	r.text.Color = th.Color(color, fyne.CurrentApp().Settings().ThemeVariant())
	r.text.TextSize, r.text.TextStyle, r.text.Alignment = th.Size(size), l.Style, l.Align
	r.full = fyne.MeasureText(inOrder(oneLine(l.Text)), r.text.TextSize, r.text.TextStyle)
	r.Layout(l.Size())
	r.text.Refresh()
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *lineRenderer) Destroy()                     {}

func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\t") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// Prose is wrapped text without the padding of a Label, so that it stands in line with
// what is above and below.
type Prose struct {
	widget.BaseWidget
	said string
	rich *widget.RichText
	body *fyne.Container
}

// Paragraph is wrapped text in ink.
func Paragraph(text string) *Prose { return newProse(text, ColorInk, SizeBody) }

// Hint is wrapped text in ink soft, small.
func Hint(text string) *Prose { return newProse(text, ColorInkSoft, SizeSmall) }

// Name is the name of a record: no ellipsis, however long it is.
func Name(text string) *Prose { return newProse(text, ColorInk, SizeTitle).Strong() }

// Wrapped is wrapped text in a theme colour.
func Wrapped(text string, c fyne.ThemeColorName) *Prose { return newProse(text, c, SizeBody) }

func newProse(text string, c fyne.ThemeColorName, s fyne.ThemeSizeName) *Prose {
	p := &Prose{said: text, rich: widget.NewRichText(&widget.TextSegment{Text: inOrder(text), Style: widget.RichTextStyle{ColorName: c, SizeName: s}})}
	p.rich.Wrapping = fyne.TextWrapWord
	p.body = bleed(p.rich)
	p.ExtendBaseWidget(p)
	return p
}

func (p *Prose) segment() *widget.TextSegment { return p.rich.Segments[0].(*widget.TextSegment) }

// Text is what it says.
func (p *Prose) Text() string { return p.said }

// SetText changes what it says.
func (p *Prose) SetText(text string) {
	if p.said != text {
		p.said, p.segment().Text = text, inOrder(text)
		p.rich.Refresh()
		p.Refresh()
	}
}

// Set changes text and colour at once.
func (p *Prose) Set(text string, c fyne.ThemeColorName) {
	p.segment().Style.ColorName = c
	p.said, p.segment().Text = text, inOrder(text)
	p.rich.Refresh()
	p.Refresh()
}

// Centred sets the lines in the middle and returns the text.
func (p *Prose) Centred() *Prose {
	p.segment().Style.Alignment = fyne.TextAlignCenter
	return p
}

// Strong sets the text in bold and returns it.
func (p *Prose) Strong() *Prose {
	p.segment().Style.TextStyle.Bold = true
	return p
}

// CreateRenderer is Fyne's.
func (p *Prose) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// bleed takes the inner padding of a text widget away.
func bleed(o fyne.CanvasObject) *fyne.Container { return container.New(bleedLayout{}, o) }

type bleedLayout struct{}

func (bleedLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	p := theme.Size(theme.SizeNameInnerPadding)
	for _, o := range objects {
		place(o, -p, -p, s.Width+2*p, s.Height+2*p)
	}
}

func (bleedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	p := theme.Size(theme.SizeNameInnerPadding)
	var s fyne.Size
	for _, o := range objects {
		m := o.MinSize()
		s = s.Max(fyne.NewSize(max(0, m.Width-2*p), max(0, m.Height-2*p)))
	}
	return s
}

// readingWidth is about 72 characters of body text.
func readingWidth() float32 {
	return fyne.MeasureText(strings.Repeat("n", 72), theme.Size(SizeBody), fyne.TextStyle{}).Width
}

// ShortName keeps a name on a chip or a switch to a width that leaves room for others.
func ShortName(name string) string {
	const most = 16
	if r := []rune(name); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return name
}
