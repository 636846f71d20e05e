package pdf

import (
	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/reports"
)

// grid is a table whose column widths are known.
type grid struct {
	widths []float64
	align  []reports.Align
	cell   ink
	head   ink
	pad    float64 // above and below a row
	gap    float64 // right of a cell
	names  bool    // the cells are names and numbers, not prose
}

func (f *flow) table(b reports.Table) {
	if len(b.Columns) == 0 {
		return
	}
	texts := make([][]string, len(b.Rows))
	for i, row := range b.Rows {
		texts[i] = make([]string, len(b.Columns))
		for j := range min(len(row), len(b.Columns)) {
			texts[i][j] = f.text(reports.Place(reports.AtTableRow, i+1), row[j])
		}
	}
	heads := make([]string, len(b.Columns))
	g := grid{cell: cellInk, head: softInk.bold(), pad: 2.6, gap: 10}
	if b.Small {
		g = grid{cell: dataInk, head: dataInk.bold(), pad: 1.3, gap: 8, names: true}
	}
	for j, c := range b.Columns {
		heads[j] = f.text(reports.Place(reports.AtTableHead, 0), c.Head)
		g.align = append(g.align, c.Align)
	}
	g.widths = f.shares(b.Columns)
	if b.Small {
		g.widths = natural(g, heads, texts, f.width)
	}
	first := len(f.pieces)
	f.rows(g, heads, texts, 8)
	if b.Small && len(texts) <= wholeRows {
		f.keep(first)
	}
	if b.Note != "" {
		f.lines(fill(f.text(reports.Place(reports.AtTableNote, 0), b.Note), softInk, f.width, true), softInk, 5, 0, f.width)
	}
}

// shares gives each column its part of the width.
func (f *flow) shares(cols []reports.Column) []float64 {
	sum := 0.0
	for _, c := range cols {
		sum += weight(c)
	}
	out := make([]float64, len(cols))
	for i, c := range cols {
		out[i] = f.width * weight(c) / sum
	}
	return out
}

func weight(c reports.Column) float64 {
	if c.Weight <= 0 {
		return 1
	}
	return c.Weight
}

// natural gives each column of a data table what its longest cell needs; where that
// is too much, each keeps the width of its longest word and the rest is shared.
func natural(g grid, heads []string, rows [][]string, width float64) []float64 {
	least, want := make([]float64, len(heads)), make([]float64, len(heads))
	measure := func(j int, s string, k ink) {
		for _, l := range fill(s, k, width, true) {
			want[j] = max(want[j], l.width+g.gap)
			for _, a := range l.atoms {
				least[j] = max(least[j], a.width+g.gap)
			}
		}
	}
	for j, h := range heads {
		measure(j, h, g.head)
		want[j] = min(want[j], width*0.3)
		for _, row := range rows {
			measure(j, row[j], g.cell)
		}
		want[j] = max(min(want[j], width*0.5), 18)
		least[j] = min(least[j], want[j])
	}
	all, bare := total(want), total(least)
	switch {
	case all <= width:
		spread := min((width-all)/float64(len(want)), 26)
		for j := range want {
			want[j] += spread
		}
		return want
	case bare >= width:
		for j := range least {
			least[j] *= width / bare
		}
		return least
	}
	for j := range least {
		least[j] += (want[j] - least[j]) * (width - bare) / (all - bare)
	}
	return least
}

// rows adds a head, repeated on every page, and the rows under it.
func (f *flow) rows(g grid, heads []string, rows [][]string, before float64) {
	named := g
	named.names = true
	head := f.rowPieces(named, heads, g.head)[0]
	draw, h := head.draw, head.height
	head.draw = func(pp *paper, x, y float64) {
		draw(pp, x, y)
		pp.rule(x, x+total(g.widths), y+h, 0.9, p.InkSoft)
	}
	head.before, head.keep = before, true
	f.add(head)
	again := head
	again.before = 0
	for i, row := range rows {
		parts := f.rowPieces(g, row, g.cell)
		for k := range parts {
			parts[k].heads = &again
			parts[k].keep = i == 0 && len(rows) > 1 || i == len(rows)-2
		}
		last := &parts[len(parts)-1]
		draw, h := last.draw, last.height
		last.draw = func(pp *paper, x, y float64) {
			draw(pp, x, y)
			pp.rule(x, x+total(g.widths), y+h, 0.5, p.Line)
		}
		f.add(parts...)
	}
}

func total(widths []float64) float64 {
	sum := 0.0
	for _, w := range widths {
		sum += w
	}
	return sum
}

// rowPieces is one piece for a row, more for one that is higher than half a page.
func (f *flow) rowPieces(g grid, cells []string, k ink) []piece {
	cols := make([][]line, len(g.widths))
	longest := 1
	for j := range cols {
		if j < len(cells) {
			cols[j] = fill(cells[j], k, g.widths[j]-g.gap, true)
			if g.names {
				ltr(cols[j])
			}
			longest = max(longest, len(cols[j]))
		}
	}
	chunk := max(1, int(f.room/2/k.lead))
	var out []piece
	for from := 0; from < longest; from += chunk {
		n := min(chunk, longest-from)
		top, foot := 0.0, 0.0
		if from == 0 {
			top = g.pad
		}
		if from+n == longest {
			foot = g.pad
		}
		out = append(out, piece{height: top + float64(n)*k.lead + foot, draw: func(pp *paper, x, y float64) {
			g.draw(pp, cols, from, n, x, y+top, k)
		}})
	}
	return out
}

func (g grid) draw(pp *paper, cols [][]line, from, n int, x, y float64, k ink) {
	for j, lines := range cols {
		room := g.widths[j] - g.gap
		for i := from; i < min(from+n, len(lines)); i++ {
			l := lines[i]
			dx := 0.0
			switch g.align[j] {
			case reports.Center:
				dx = (room - l.width) / 2
			case reports.Right:
				dx = room - l.width
			}
			if l.rtl {
				dx = 0
			}
			pp.line(l, x+dx, y+float64(i-from)*k.lead+baseline(k), room, k)
		}
		x += g.widths[j]
	}
}

func (f *flow) keyValues(b reports.KeyValues) {
	first := len(f.pieces)
	if len(b.Items) <= wholeRows {
		defer func() { f.keep(first) }()
	}
	keys, names := 96.0, make([]string, len(b.Items))
	for i, kv := range b.Items {
		names[i] = f.text(reports.Place(reports.AtFacts, 0), kv.Key)
		keys = max(keys, min(widest(fill(names[i], keyInk, 190, true))+16, 190))
	}
	g := grid{widths: []float64{keys, f.width - keys}, align: []reports.Align{reports.Left, reports.Left}, cell: bodyInk, gap: 12, pad: 2}
	for i, kv := range b.Items {
		key := fill(names[i], keyInk, keys-12, true)
		parts := f.rowPieces(g, []string{"", f.text(reports.Place(reports.AtFacts, 0), kv.Value)}, bodyInk)
		draw := parts[0].draw
		parts[0].height = max(parts[0].height, 2*g.pad+float64(len(key))*keyInk.lead)
		parts[0].draw = func(pp *paper, x, y float64) {
			draw(pp, x, y)
			stack(key, keyInk, 0, g.pad+baseline(bodyInk)-baseline(keyInk), keys-12)(pp, x, y)
		}
		if i == 0 {
			parts[0].before = 6
		}
		f.add(parts...)
	}
}

// plainStyle is the upright cut.
var plainStyle = glyph.Style{}
