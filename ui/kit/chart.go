package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
)

// Chart shows a picture that is drawn for its size in pixels, a caption in words, and
// one button away the same as a table.
type Chart struct {
	widget.BaseWidget
	raster  *canvas.Raster
	caption *Prose
	picture *fyne.Container
	table   *fyne.Container
	toggle  *Button
	body    *fyne.Container
	spec    ChartSpec
	tabled  bool
}

// ChartSpec is what a chart shows. Draw is called again whenever size or theme
// changes, on the drawing thread; IsDark tells it which colours to take.
type ChartSpec struct {
	Draw    func(w, h int) image.Image
	Width   float32
	Height  float32
	Caption string
	Columns []Column
	Rows    [][]string
}

// NewChart is a chart.
func NewChart(spec ChartSpec) *Chart {
	c := &Chart{caption: Hint(""), table: stack(), body: VBox(6)}
	c.raster = canvas.NewRaster(func(w, h int) image.Image {
		if c.spec.Draw == nil || w <= 0 || h <= 0 {
			return image.NewNRGBA(image.Rect(0, 0, max(1, w), max(1, h)))
		}
		return c.spec.Draw(w, h)
	})
	c.picture = container.New(&pictureLayout{&c.spec, 0}, c.raster)
	c.toggle = Quiet("", c.Toggle).WithIcon("table")
	c.body.Objects = []fyne.CanvasObject{c.picture, c.table, c.caption, QuietRow(c.toggle)}
	c.ExtendBaseWidget(c)
	c.Set(spec)
	return c
}

// leastPicture is how narrow a chart may become where it has no room; its table says the
// same in words that do not shrink.
const leastPicture = 400

// pictureLayout draws a chart in its own size, or as wide as there is room.
type pictureLayout struct {
	spec  *ChartSpec
	width float32
}

func (p *pictureLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	p.width = min(s.Width, p.spec.Width)
	for _, o := range objects {
		place(o, 0, 0, p.width, p.height())
	}
}

func (p *pictureLayout) height() float32 {
	if p.width == 0 || p.spec.Width == 0 {
		return p.spec.Height
	}
	return p.spec.Height * p.width / p.spec.Width
}

func (p *pictureLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(min(p.spec.Width, leastPicture), p.height())
}

// Set shows something else.
func (c *Chart) Set(spec ChartSpec) {
	c.spec = spec
	c.caption.SetText(spec.Caption)
	c.table.Objects = []fyne.CanvasObject{NewTable(spec.Columns, spec.Rows)}
	c.mark()
}

// Toggle changes between the picture and the table.
func (c *Chart) Toggle() {
	c.tabled = !c.tabled
	c.mark()
}

func (c *Chart) mark() {
	if c.tabled {
		c.picture.Hide()
		c.table.Show()
		c.toggle.SetText(text.T("chart.show_picture", "Show as a chart"))
	} else {
		c.table.Hide()
		c.picture.Show()
		c.toggle.SetText(text.T("chart.show_table", "Show as a table"))
	}
	if len(c.spec.Rows) == 0 {
		c.toggle.Hide()
	} else {
		c.toggle.Show()
	}
	c.body.Refresh()
}

// Refresh draws the picture again, for a changed theme.
func (c *Chart) Refresh() {
	c.raster.Refresh()
	c.BaseWidget.Refresh()
}

// CreateRenderer is Fyne's.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// Parts lets tests and focus look inside.
func (c *Chart) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }
