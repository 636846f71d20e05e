package chart

import "github.com/couplet-app/couplet/internal/text"

// LevelsBar is one bar of counts.
type LevelsBar struct {
	Label  string
	Tone   Tone
	Counts []int // one for each part
}

// LevelsInput is how often each level of appreciation was used.
type LevelsInput struct {
	Title string
	Parts []string
	Bars  []LevelsBar
}

// Levels draws stacked bars from 0. The parts follow in the order of the legend,
// darker from left to right, each with its count; the longest bar fills the width.
func Levels(in LevelsInput, v View) Figure {
	size := v.pen(0).size
	keys := v.pen(0).levelsKeys(in.Parts)
	d := v.pen(keys + size*2.2 + size*2.8*float64(len(in.Bars)))
	d.levelsKeys(in.Parts)
	names, longest := 0.0, 1
	for _, b := range in.Bars {
		names = max(names, d.width(b.Label))
		longest = max(longest, b.total())
	}
	names = min(names, d.W*0.3)
	x := scale{0, float64(longest), names + 12, d.W - d.width("0000") - 6}
	for i, b := range in.Bars {
		d.bar(b, x, names, keys+size*1.4+size*2.8*float64(i), len(in.Parts))
	}
	return Figure{Kind: "levels", Title: in.Title, Caption: in.caption(), Scene: d.Scene, Table: in.table()}
}

// levelsKeys writes the legend and returns its last baseline.
func (d *pen) levelsKeys(parts []string) float64 {
	x, y := 0.0, d.size
	for i, p := range parts {
		name := d.fit(p, d.W*0.6)
		w := d.size*1.1 + d.width(name)
		if x > 0 && x+w > d.W {
			x, y = 0, y+d.size*1.5
		}
		d.rect(x, y-d.size*0.8, d.size*0.8, d.size*0.8, Stroke{}, d.shade(Plain, i, len(parts)))
		d.text(x+d.size*1.1, y, Start, name)
		x += w + 12
	}
	return y
}

func (d *pen) bar(b LevelsBar, x scale, names, top float64, parts int) {
	h := d.size * 1.9
	base := top + h/2 + d.size*0.35
	d.ink(names, base, End, d.fit(b.Label, names))
	sum := 0
	for i, n := range b.Counts {
		if n <= 0 {
			continue
		}
		x0, x1 := x.at(float64(sum)), x.at(float64(sum+n))
		d.rect(x0, top, x1-x0, h, Stroke{Color: d.p.Card, Width: 1}, d.shade(b.Tone, i, parts))
		if label := number(float64(n)); d.width(label)+4 < x1-x0 {
			c := d.p.Ink
			if i*2 >= parts {
				c = d.p.Card
			}
			d.styled((x0+x1)/2, base, Middle, label, c, false)
		}
		sum += n
	}
	d.text(x.at(float64(sum))+5, base, Start, number(float64(sum)))
}

func (b LevelsBar) total() int {
	sum := 0
	for _, n := range b.Counts {
		sum += max(0, n)
	}
	return sum
}

func (in LevelsInput) caption() string {
	n := 0
	for _, b := range in.Bars {
		n += b.total()
	}
	return text.T("chart.levels.read", "Each bar counts from 0; longer is more often. %d in all.", n)
}

func (in LevelsInput) table() Table {
	t := Table{Head: append([]string{""}, in.Parts...)}
	for _, b := range in.Bars {
		row := []string{b.Label}
		for i := range in.Parts {
			n := 0
			if i < len(b.Counts) {
				n = b.Counts[i]
			}
			row = append(row, number(float64(n)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
