package chart

import (
	"strings"

	"github.com/couplet-app/couplet/internal/text"
)

// DumbbellRow is one line with two values.
type DumbbellRow struct {
	Label    string
	Who      string // whose row it is, where a label has one for each partner
	From, To Value
	Tone     Tone
}

// name is the row in words.
func (r DumbbellRow) name() string {
	if r.Who == "" {
		return r.Label
	}
	return r.Label + ", " + r.Who
}

// DumbbellInput compares two values on each line: then and now, or what is felt
// and what is wished for.
type DumbbellInput struct {
	Title            string
	FromName, ToName string
	// Wish says that To is a wish (felt ● —— ○ wished); else From is earlier
	// (then ○ —— ● now).
	Wish      bool
	Min, Max  float64
	Direction string // "further right is more"
	Rows      []DumbbellRow
}

// Dumbbell draws two marks and the distance between them on each line.
func Dumbbell(in DumbbellInput, v View) Figure {
	size := v.pen(0).size
	step := size * 2.1
	who := in.who()
	if len(who) > 1 {
		step = size * 1.2
	}
	top := size * 3.2
	if len(who) > 1 {
		top += size * 1.1
	}
	d := v.pen(top + step*float64(len(in.Rows)) + size*2.9)
	step = (d.H - top - size*2.9) / max(1, float64(len(in.Rows)))
	labels := 0.0
	for _, r := range in.Rows {
		labels = max(labels, d.width(r.Label))
	}
	labels = min(labels, d.W*0.34)
	x := scale{in.Min, in.Max, labels + 16, d.W - size*1.6}
	bottom := d.H - size*2.8
	tone := Plain
	if len(in.Rows) > 0 && len(who) < 2 {
		tone = in.Rows[0].Tone
	}
	keys := []key{
		{name: in.FromName, tone: tone, sh: shapeOf(tone), hollow: !in.Wish, noLine: true},
		{name: in.ToName, tone: tone, sh: shapeOf(tone), hollow: in.Wish, noLine: true},
	}
	if len(who) > 1 {
		d.legend(0, size*2.4, keys)
		keys = who
	}
	d.legend(min(x.from, d.W-d.legendWidth(keys[:1])), size, keys)
	for i := range 5 {
		val := in.Min + (in.Max-in.Min)*float64(i)/4
		d.line(d.hair(), Point{x.at(val), top - size*0.8}, Point{x.at(val), bottom})
		d.text(x.at(val), bottom+size*1.15, Middle, number(val))
	}
	for i, r := range in.Rows {
		label := r.Label
		if i > 0 && in.Rows[i-1].Label == label {
			label = "" // the same channel, the other partner
		}
		d.dumbbell(in, r, label, x, labels, top+step*(float64(i)+0.5))
	}
	d.text(x.from, bottom+size*2.4, Start, d.fit(in.Direction, d.W-x.from))
	return Figure{Kind: "dumbbell", Title: in.Title, Caption: dumbbellCaption(in), Scene: d.Scene, Table: dumbbellTable(in)}
}

// who are the partners of the rows, with their marks.
func (in DumbbellInput) who() []key {
	var out []key
	seen := map[string]bool{}
	for _, r := range in.Rows {
		if r.Who != "" && !seen[r.Who] {
			seen[r.Who] = true
			out = append(out, key{name: r.Who, tone: r.Tone, sh: shapeOf(r.Tone), noLine: true})
		}
	}
	return out
}

func (d *pen) dumbbell(in DumbbellInput, r DumbbellRow, label string, x scale, labels, y float64) {
	base := y + d.size*0.35
	d.ink(labels, base, End, d.fit(label, labels))
	col := d.p.Tone(r.Tone)
	if r.From.OK && r.To.OK {
		d.line(Stroke{Color: Mix(d.p.Card, col, 0.55), Width: 2.2}, Point{x.at(r.From.V), y}, Point{x.at(r.To.V), y})
	}
	if !r.From.OK && !r.To.OK {
		d.text((x.from+x.to)/2, base, Middle, text.T("chart.not_scored", "not scored"))
		return
	}
	if r.From.OK && r.To.OK && r.From.V == r.To.V {
		// The same place: a filled mark in a ring, so that both are seen.
		d.mark(shapeOf(r.Tone), Point{x.at(r.To.V), y}, 5.4, col, true)
		d.mark(shapeOf(r.Tone), Point{x.at(r.To.V), y}, 2.6, col, false)
		d.text(x.at(r.To.V)+8.5, base, Start, number(r.To.V))
		return
	}
	d.dumbbellEnd(r.From, r.To, x, y, r.Tone, !in.Wish)
	d.dumbbellEnd(r.To, r.From, x, y, r.Tone, in.Wish)
}

// dumbbellEnd draws one mark with its number on the side away from the other.
func (d *pen) dumbbellEnd(v, other Value, x scale, y float64, t Tone, hollow bool) {
	if !v.OK {
		return
	}
	d.mark(shapeOf(t), Point{x.at(v.V), y}, 3.8, d.p.Tone(t), hollow)
	base := y + d.size*0.35
	if other.OK && v.V < other.V {
		d.text(x.at(v.V)-6.5, base, End, number(v.V))
		return
	}
	d.text(x.at(v.V)+6.5, base, Start, number(v.V))
}

func dumbbellCaption(in DumbbellInput) string {
	parts := []string{text.T("chart.dumbbell.hollow_first", "Hollow: %s. Filled: %s.", in.FromName, in.ToName)}
	if in.Wish {
		parts = []string{text.T("chart.dumbbell.filled_first", "Filled: %s. Hollow: %s.", in.FromName, in.ToName)}
	}
	var more, less, same, gone []string
	for _, r := range in.Rows {
		switch {
		case !r.From.OK || !r.To.OK:
			gone = append(gone, r.name())
		case r.To.V > r.From.V:
			more = append(more, r.name())
		case r.To.V < r.From.V:
			less = append(less, r.name())
		default:
			same = append(same, r.name())
		}
	}
	many := len(in.who()) > 1 // twelve names would be no help: the table has them all
	add := func(names []string, sentence func(string) string) {
		switch {
		case len(names) == 0:
		case many:
			parts = append(parts, sentence(text.T("chart.dumbbell.of", "%d of %d", len(names), len(in.Rows))))
		default:
			parts = append(parts, sentence(strings.Join(names, ", ")))
		}
	}
	if in.Wish {
		add(more, func(s string) string { return text.T("chart.dumbbell.wish_more", "Wished for more: %s.", s) })
		add(less, func(s string) string { return text.T("chart.dumbbell.wish_less", "Wished for less: %s.", s) })
		add(same, func(s string) string { return text.T("chart.dumbbell.wish_same", "As wished for: %s.", s) })
	} else {
		add(more, func(s string) string { return text.T("chart.dumbbell.more", "Higher now: %s.", s) })
		add(less, func(s string) string { return text.T("chart.dumbbell.less", "Lower now: %s.", s) })
		add(same, func(s string) string { return text.T("chart.dumbbell.same", "The same: %s.", s) })
	}
	if !many {
		parts = append(parts, text.T("chart.dumbbell.n", "%d of %d can be compared.", len(in.Rows)-len(gone), len(in.Rows)))
	}
	many = false
	add(gone, func(s string) string { return text.T("chart.dumbbell.gone", "Not scored: %s.", s) })
	return strings.Join(parts, " ")
}

func dumbbellTable(in DumbbellInput) Table {
	t := Table{Head: []string{text.T("chart.channel", "Channel"), in.FromName, in.ToName, text.T("chart.difference", "Difference")}}
	for _, r := range in.Rows {
		diff := "–"
		if r.From.OK && r.To.OK {
			diff = number(r.To.V - r.From.V)
			if r.To.V > r.From.V {
				diff = "+" + diff
			}
		}
		t.Rows = append(t.Rows, []string{r.name(), r.From.words(), r.To.words(), diff})
	}
	return t
}
