package kit

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
)

// PagePreview shows the real pages of a document, one at a time: Page Up and Page
// Down turn, + and − change the size.
type PagePreview struct {
	widget.BaseWidget
	load    *Loader[image.Image]
	render  func(ctx context.Context, page, widthPx int) (image.Image, error)
	pages   int
	page    int
	width   float32 // chosen with + and −, 0: as wide as there is room
	drawn   float32 // the width of the picture
	picture *canvas.Image
	sheet   *fyne.Container
	where   *Line
	bar     *fyne.Container
	scroll  *container.Scroll
	body    *fyne.Container
}

const (
	previewWidth = 820 // at most, unless it is made larger
	previewLeast = 400
	previewMost  = 1400
)

// NewPagePreview is empty until Set.
func NewPagePreview(r Runner, m Messenger) *PagePreview {
	p := &PagePreview{load: NewLoader[image.Image](r, m), where: Soft("")}
	p.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth}
	ground := NewPanel(ColorCard)
	ground.Stroke = ColorLine
	p.sheet = container.NewStack(ground, p.picture)
	p.scroll = container.NewScroll(container.NewCenter(p.sheet))
	p.bar = Flow(4,
		Quiet(text.T("preview.previous", "Previous"), func() { p.Turn(-1) }).WithIcon("back"),
		p.where,
		Quiet(text.T("preview.next", "Next"), func() { p.Turn(1) }).WithIcon("next"),
		Quiet(text.T("preview.smaller", "Smaller"), func() { p.Zoom(1 / 1.25) }).WithIcon("zoomout"),
		Quiet(text.T("preview.larger", "Larger"), func() { p.Zoom(1.25) }).WithIcon("zoomin"))
	p.bar.Hide()
	p.body = Frame(p.bar, nil, p.scroll, nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

// OnFull offers to show the pages alone.
func (p *PagePreview) OnFull(f func()) {
	p.bar.Add(Quiet(text.T("preview.full", "Full window"), f).WithIcon("zoomin"))
}

// Set shows a document of that many pages. render draws page (from 0) that many
// pixels wide, elsewhere.
func (p *PagePreview) Set(pages int, render func(ctx context.Context, page, widthPx int) (image.Image, error)) {
	p.pages, p.render = pages, render
	p.sheet.Show()
	p.bar.Show()
	p.page = min(p.page, max(0, pages-1))
	p.draw()
}

// Clear shows nothing.
func (p *PagePreview) Clear() {
	p.load.Stop()
	p.pages, p.page = 0, 0
	p.picture.Image = nil
	p.sheet.Hide() // an empty page would look like one
	p.bar.Hide()
	p.where.SetText("")
	p.picture.Refresh()
}

// Page is the page shown, from 0.
func (p *PagePreview) Page() int { return p.page }

// Turn goes n pages on.
func (p *PagePreview) Turn(n int) {
	to := p.page + n
	if to < 0 || to >= p.pages {
		return
	}
	p.page = to
	p.scroll.ScrollToTop()
	p.draw()
}

// Zoom changes the size.
func (p *PagePreview) Zoom(by float32) {
	p.width = max(previewLeast, min(previewMost, p.wide()*by))
	p.draw()
}

// wide is how wide a page is shown: all of it is seen, until somebody wants it otherwise.
func (p *PagePreview) wide() float32 {
	if p.width > 0 {
		return p.width
	}
	room := p.scroll.Size().Width
	if room <= 0 {
		return previewWidth
	}
	return max(previewLeast, min(previewWidth, room-scrollBar))
}

// Resize is Fyne's: a page that follows the room is drawn anew when there is another.
func (p *PagePreview) Resize(s fyne.Size) {
	p.BaseWidget.Resize(s)
	if p.pages > 0 && p.width == 0 && p.wide() != p.drawn {
		p.draw()
	}
}

func (p *PagePreview) draw() {
	if p.pages == 0 {
		p.Clear()
		return
	}
	p.where.SetText(text.T("preview.page", "Page %d of %d", p.page+1, p.pages))
	p.bar.Refresh()
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		scale = c.Scale()
	}
	p.drawn = p.wide()
	page, wide, px := p.page, p.drawn, int(p.drawn*scale)
	p.load.Load(func(ctx context.Context) (image.Image, error) { return p.render(ctx, page, px) }, func(img image.Image) {
		b := img.Bounds()
		p.picture.Image = img
		p.picture.SetMinSize(fyne.NewSize(wide, wide*float32(b.Dy())/float32(max(1, b.Dx()))))
		p.picture.Refresh()
		p.scroll.Refresh()
	})
}

// FocusGained is Fyne's.
func (p *PagePreview) FocusGained() {}

// FocusLost is Fyne's.
func (p *PagePreview) FocusLost() {}

// TypedRune changes the size with + and −.
func (p *PagePreview) TypedRune(r rune) {
	switch r {
	case '+', '=':
		p.Zoom(1.25)
	case '-', '−':
		p.Zoom(1 / 1.25)
	}
}

// TypedKey turns the pages.
func (p *PagePreview) TypedKey(k *fyne.KeyEvent) {
	Touch()
	switch k.Name {
	case fyne.KeyPageDown, fyne.KeyRight:
		p.Turn(1)
	case fyne.KeyPageUp, fyne.KeyLeft:
		p.Turn(-1)
	case fyne.KeyEscape:
		escape(p)
	}
}

// CreateRenderer is Fyne's.
func (p *PagePreview) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Parts lets tests and focus look inside.
func (p *PagePreview) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.body} }
