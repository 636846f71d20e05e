package pdf

import (
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/reports"
)

// wholeRows is how many rows a small table may have to stay in one piece.
const wholeRows = 8

// figure is a chart made ready: title, picture, caption.
type figure struct {
	title, caption []line
	rest           []line // of a caption too long to stay whole with its picture
	scene          chart.Scene
	scale          float64
	width          float64
}

var (
	figTitle = ink{10.5, 15, p.Ink, plainStyle}.bold()
	figWords = softInk
)

func (f *flow) chart(b reports.Chart) {
	switch len(b.Figures) {
	case 0:
		return
	case 2:
		f.pair(b)
		return
	}
	for _, fig := range b.Figures {
		if !b.NoTable && f.beside(fig) {
			continue
		}
		r := f.ready(fig, f.width)
		h := r.height()
		f.add(piece{before: 10, height: h, draw: r.draw})
		f.lines(r.rest, figWords, 0, 0, f.width)
		if !b.NoTable {
			f.data(fig.Table)
		}
		f.add(piece{before: 8})
	}
}

// beside sets a narrow figure with its short table at its right, and says whether it
// could.
func (f *flow) beside(fig chart.Figure) bool {
	w := (f.width - reports.Gutter) / 2
	if fig.Scene.W > w+1 || len(fig.Table.Rows) > 2*wholeRows {
		return false
	}
	r := f.ready(fig, w)
	right := flow{clean: f.clean, width: w, room: f.room, section: f.section}
	right.data(fig.Table)
	top := r.top()
	if h := height(right.pieces); len(r.rest) == 0 && h <= r.height()*1.2 {
		f.add(piece{before: 10, height: max(r.height(), top+h), draw: func(pp *paper, x, y float64) {
			r.draw(pp, x, y)
			drawAll(pp, right.pieces, x+w+reports.Gutter, y+top)
		}}, piece{before: 8})
		return true
	}
	return false
}

// pair sets two figures side by side, their data under them.
func (f *flow) pair(b reports.Chart) {
	w := (f.width - reports.Gutter) / 2
	l, r := f.ready(b.Figures[0], w), f.ready(b.Figures[1], w)
	f.add(piece{before: 10, height: max(l.height(), r.height()), keep: !b.NoTable, draw: func(pp *paper, x, y float64) {
		l.draw(pp, x, y)
		r.draw(pp, x+w+reports.Gutter, y)
	}})
	for _, one := range []figure{l, r} {
		f.lines(one.rest, figWords, 0, 0, w)
	}
	if !b.NoTable {
		f.pairData(b.Figures[0].Table, b.Figures[1].Table, w)
	}
	f.add(piece{before: 8})
}

// pairData sets two short tables side by side, long ones one after the other.
func (f *flow) pairData(a, b chart.Table, w float64) {
	if len(a.Rows) > wholeRows || len(b.Rows) > wholeRows {
		f.data(a)
		f.data(b)
		return
	}
	left := flow{clean: f.clean, width: w, room: f.room, section: f.section}
	right := left
	left.data(a)
	right.data(b)
	if h := max(height(left.pieces), height(right.pieces)); h > 0 && h < f.room/2 {
		f.add(piece{before: 8, height: h, draw: func(pp *paper, x, y float64) {
			drawAll(pp, left.pieces, x, y)
			drawAll(pp, right.pieces, x+w+reports.Gutter, y)
		}})
		return
	}
	f.data(a)
	f.data(b)
}

// height is what pieces need one under the other at the top of a page.
func height(pieces []piece) float64 {
	sum := 0.0
	for i, pc := range pieces {
		sum += pc.height
		if i > 0 {
			sum += pc.before
		}
	}
	return sum
}

func drawAll(pp *paper, pieces []piece, x, y float64) {
	for i, pc := range pieces {
		if i > 0 {
			y += pc.before
		}
		if pc.draw != nil {
			pc.draw(pp, x, y)
		}
		y += pc.height
	}
}

func (f *flow) ready(fig chart.Figure, width float64) figure {
	r := figure{scene: fig.Scene, width: width, scale: 1}
	if fig.Title != "" {
		r.title = ltr(fill(oneLine(f.text(reports.Place(reports.AtChart, 0), fig.Title)), figTitle, width, true))
	}
	r.caption = ltr(fill(oneLine(f.text(reports.Place(reports.AtCaption, 0), fig.Caption)), figWords, width, false))
	items := make([]chart.Item, len(fig.Scene.Items))
	for i, it := range fig.Scene.Items {
		if t, ok := it.(chart.Text); ok {
			t.S = oneLine(f.text(reports.Place(reports.AtChart, 0), t.S))
			it = t
		}
		items[i] = it
	}
	r.scene.Items = items
	if r.scene.W > 0 {
		r.scale = min(1.15, width/r.scene.W)
	}
	// A picture and its words stay on one page.
	if room := f.room * 0.75; r.scene.H*r.scale > room {
		r.scale = room / r.scene.H
	}
	if most := max(1, int((f.room-r.scene.H*r.scale-60)/figWords.lead)); len(r.caption) > most {
		r.caption, r.rest = r.caption[:most], r.caption[most:]
	}
	return r
}

// top is where the picture begins, under its title.
func (r figure) top() float64 {
	if len(r.title) == 0 {
		return 0
	}
	return float64(len(r.title))*figTitle.lead + 6
}

func (r figure) height() float64 {
	return r.top() + r.scene.H*r.scale + 6 + float64(len(r.caption))*figWords.lead
}

func (r figure) draw(pp *paper, x, y float64) {
	stack(r.title, figTitle, 0, 0, r.width)(pp, x, y)
	y += r.top()
	pp.scene(r.scene, x, y, r.scale)
	y += r.scene.H*r.scale + 6
	stack(r.caption, figWords, 0, 0, r.width)(pp, x, y)
}

// data is the table of a chart: small, as wide as it needs to be.
func (f *flow) data(t chart.Table) {
	if len(t.Rows) == 0 || len(t.Head) == 0 {
		return
	}
	heads := make([]string, len(t.Head))
	for j, h := range t.Head {
		heads[j] = f.text(reports.Place(reports.AtData, 0), reports.Escape(h))
	}
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]string, len(heads))
		for j := range min(len(row), len(heads)) {
			rows[i][j] = f.text(reports.Place(reports.AtData, 0), reports.Escape(row[j]))
		}
	}
	g := grid{cell: dataInk, head: dataInk.bold(), pad: 1.3, gap: 8, names: true, align: make([]reports.Align, len(heads))}
	g.widths = natural(g, heads, rows, f.width)
	first := len(f.pieces)
	f.rows(g, heads, rows, 8)
	if len(rows) <= wholeRows {
		f.keep(first)
	}
}
