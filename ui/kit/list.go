package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Row is one row of a List: two lines, then the cells of the fixed columns.
type Row struct {
	Title  string // in ink
	Detail string // facts, in ink soft
	Strong bool   // the title in bold
	Marked bool   // on a tinted ground: where the keys of a field above would go
	Cells  []Cell // as many as ListSpec.Columns
}

// Cell is a word in a column: plain, or a chip if it has a colour.
type Cell struct {
	Text string
	Chip fyne.ThemeColorName
}

// ListSpec says what a list shows.
type ListSpec struct {
	Length  func() int
	Row     func(i int) Row
	Columns []float32 // widths of the columns at the right
	Open    func(i int)
	// Keeps leaves the opened row marked, for a list beside its record.
	Keeps bool
	// Empty stands in the list's place while it has no rows.
	Empty fyne.CanvasObject
}

// List is two lines a row with fixed columns. Up and Down walk, Enter or a click
// opens. Only the visible rows exist, so ten thousand cost what ten do.
type List struct {
	widget.BaseWidget
	spec ListSpec
	list *rowList
	body *fyne.Container
}

// NewList is an empty list until the first Reload.
func NewList(spec ListSpec) *List {
	l := &List{spec: spec}
	l.list = &rowList{}
	l.list.Length = spec.Length
	l.list.CreateItem = func() fyne.CanvasObject { return newListRow(spec.Columns) }
	l.list.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < spec.Length() {
			o.(*listRow).set(spec.Row(i))
		}
	}
	l.list.OnSelected = func(i widget.ListItemID) {
		Touch()
		if !spec.Keeps {
			l.list.UnselectAll()
		}
		if spec.Open != nil && i < spec.Length() {
			spec.Open(i)
		}
	}
	l.list.OnHighlighted = func(i widget.ListItemID) { l.list.at = i }
	l.list.ExtendBaseWidget(l.list)
	l.body = container.NewStack(l.list)
	if spec.Empty != nil {
		l.body.Add(spec.Empty)
		spec.Empty.Hide()
	}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer is Fyne's.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.body) }

// Parts lets tests and focus look inside.
func (l *List) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{l.body} }

// MinSize lets a list shrink to three rows.
func (l *List) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

// Focusable is what takes the keys.
func (l *List) Focusable() fyne.Focusable { return l.list }

// Reload shows the rows anew.
func (l *List) Reload() {
	empty := l.spec.Length() == 0
	if l.spec.Empty != nil {
		if empty {
			l.list.Hide()
			l.spec.Empty.Show()
		} else {
			l.spec.Empty.Hide()
			l.list.Show()
		}
	}
	l.list.Refresh()
	l.body.Refresh()
}

// Mark marks row i (below 0: none) without opening it and scrolls to it.
func (l *List) Mark(i int) {
	opened := l.list.OnSelected
	l.list.OnSelected = nil
	if i < 0 {
		l.list.UnselectAll()
	} else {
		l.list.Select(i)
		l.list.ScrollTo(i)
	}
	l.list.OnSelected = opened
}

// ScrollTo brings row i into view.
func (l *List) ScrollTo(i int) { l.list.ScrollTo(i) }

// Activate opens row i as a click does.
func (l *List) Activate(i int) {
	l.list.UnselectAll()
	l.list.Select(i)
}

type rowList struct {
	widget.List
	at int
}

// TypedKey opens the row under the highlight for Enter and passes Escape on.
func (l *rowList) TypedKey(k *fyne.KeyEvent) {
	Touch()
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		l.UnselectAll()
		l.Select(l.at)
	case fyne.KeyEscape:
		escape(l)
	default:
		l.List.TypedKey(k)
	}
}

// listRow is the template of all rows.
type listRow struct {
	widget.BaseWidget
	title, detail *Line
	ground        *Panel
	cells         []*Line
	chips         []*Chip
	body          *fyne.Container
}

func newListRow(columns []float32) *listRow {
	r := &listRow{title: NewLine("Ag").Short(), detail: Soft("Ag").Short(), ground: NewPanel("")}
	r.ground.Radius = 6
	words := container.NewCenter()
	words.Layout = middle{}
	words.Add(VBox(2, r.title, r.detail))
	objects, widths := []fyne.CanvasObject{words}, []float32{0}
	for _, w := range columns {
		cell, chip := Soft("").Short(), NewChip("Ag", ColorInkSoft)
		r.cells, r.chips = append(r.cells, cell), append(r.chips, chip)
		slot := container.New(middle{}, cell)
		chipSlot := container.New(middleLeft{}, chip)
		objects, widths = append(objects, container.NewStack(slot, chipSlot)), append(widths, w)
	}
	r.body = stack(r.ground, Insets(6, 6, 10, 10, Columns(GapInside, widths, objects...)))
	r.ExtendBaseWidget(r)
	return r
}

func (r *listRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *listRow) set(row Row) {
	r.title.Style.Bold = row.Strong
	r.title.Text, r.detail.Text = row.Title, row.Detail
	r.title.Refresh()
	r.detail.Refresh()
	r.ground.Fill = ""
	if row.Marked {
		r.ground.Fill = ColorChosen
	}
	r.ground.Refresh()
	for i := range r.cells {
		var c Cell
		if i < len(row.Cells) {
			c = row.Cells[i]
		}
		if c.Chip != "" {
			r.cells[i].SetText("")
			r.chips[i].Set(c.Text, c.Chip)
		} else {
			r.cells[i].SetText(c.Text)
			r.chips[i].Hide()
		}
	}
	r.body.Refresh()
}

// middle sets objects in the middle of the height, over the whole width.
type middle struct{}

func (middle) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		h := o.MinSize().Height
		place(o, 0, (s.Height-h)/2, s.Width, h)
	}
}

func (middle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s
}

// middleLeft sets objects at the left in the middle of the height, at their own width.
type middleLeft struct{ middle }

func (middleLeft) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		m := o.MinSize()
		place(o, 0, (s.Height-m.Height)/2, min(m.Width, s.Width), m.Height)
	}
}

// Column is a column of a Table.
type Column struct {
	Title  string
	Width  float32 // 0 shares the rest
	Number bool    // set at the right
}

// NewTable is a small table that is there whole: a head, a line, the rows. For many
// rows there is List.
func NewTable(columns []Column, rows [][]string) *fyne.Container {
	var widths []float32
	head := make([]fyne.CanvasObject, len(columns))
	for i, c := range columns {
		widths = append(widths, c.Width)
		head[i] = cell(Soft(c.Title), c)
	}
	t := VBox(6, Columns(GapCards, widths, head...), Rule())
	for _, row := range rows {
		line := make([]fyne.CanvasObject, len(columns))
		for i, c := range columns {
			word := ""
			if i < len(row) {
				word = row[i]
			}
			line[i] = cell(NewLine(word), c)
		}
		t.Add(Columns(GapCards, widths, line...))
	}
	return t
}

func cell(l *Line, c Column) *Line {
	if c.Number {
		l.Align = fyne.TextAlignTrailing
	}
	return l.Short()
}
