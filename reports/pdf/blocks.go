package pdf

import (
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/reports"
)

// oneLine makes a title of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (f *flow) cover(b reports.Cover) {
	c := p.Tone(b.Tone)
	f.add(piece{height: 14, keep: true, draw: func(pp *paper, x, y float64) {
		pp.rect(x, y, 44, 4, c)
	}})
	title := ltr(fill(oneLine(f.text(reports.Place(reports.AtCover, 0), b.Title)), titleInk, f.width, true))
	f.lines(title, titleInk, 0, 0, f.width)
	if b.Subtitle != "" {
		f.lines(ltr(fill(f.text(reports.Place(reports.AtCover, 0), b.Subtitle), subInk, readWidth, true)), subInk, 2, 0, readWidth)
	}
	if len(b.Facts) > 0 {
		f.add(piece{height: 8, keep: true})
		f.facts(b.Facts)
	}
	if b.Note != "" {
		f.lines(fill(f.text(reports.Place(reports.AtCover, 0), b.Note), softInk.italic(), readWidth, true), softInk.italic(), 4, 0, readWidth)
	}
	f.add(piece{before: 8, height: 1, draw: func(pp *paper, x, y float64) {
		pp.rule(x, x+f.width, y, 0.7, p.Line)
	}})
}

// facts are set side by side where one row has room for all, else in two columns, and
// very long ones each across the page; each name stands small above its value.
func (f *flow) facts(items []reports.KeyValue) {
	const gap = 14
	keys, values := make([]string, len(items)), make([]string, len(items))
	var want []float64
	for i, kv := range items {
		keys[i], values[i] = f.text(reports.Place(reports.AtCover, 0), kv.Key), f.text(reports.Place(reports.AtCover, 0), kv.Value)
		want = append(want, max(widest(fill(keys[i], keyInk, f.width, true)), widest(fill(values[i], valueInk, f.width, true)))+gap)
	}
	columns := len(items)
	if spare := f.width - total(want); spare >= 0 {
		for i := range want {
			want[i] += min(spare/float64(columns), 30)
		}
	} else {
		columns, want = 2, []float64{f.width / 2, f.width / 2}
		for i := range items {
			if len(fill(values[i], valueInk, want[0]-gap, true)) > 3 {
				columns, want = 1, []float64{f.width}
				break
			}
		}
	}
	for i := 0; i < len(items); i += columns {
		var cells []func(*paper, float64, float64)
		height, x := 0.0, 0.0
		for j := i; j < min(i+columns, len(items)); j++ {
			w := want[j-i] - gap
			k, v := ltr(fill(keys[j], keyInk, w, true)), ltr(fill(values[j], valueInk, w, true))
			top := float64(len(k)) * keyInk.lead
			cells = append(cells, stack(k, keyInk, x, 0, w), stack(v, valueInk, x, top, w))
			height = max(height, top+float64(len(v))*valueInk.lead)
			x += w + gap
		}
		f.add(piece{height: min(height+6, f.room), draw: func(pp *paper, x, y float64) {
			for _, cell := range cells {
				cell(pp, x, y)
			}
		}})
	}
}

// widest is the width of the longest line.
func widest(lines []line) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, l.width)
	}
	return w
}

// stack draws lines one under the other.
func stack(lines []line, k ink, dx, dy, width float64) func(*paper, float64, float64) {
	return func(pp *paper, x, y float64) {
		for i, l := range lines {
			pp.line(l, x+dx, y+dy+float64(i)*k.lead+baseline(k), width, k)
		}
	}
}

func (f *flow) heading(b reports.Heading) {
	text := oneLine(f.text(reports.Place(reports.AtHeading, 0), b.Text))
	if b.Level <= 1 {
		f.section = plainText(text)
	}
	k, before := headInk(b.Level, b.Tone)
	first := len(f.pieces)
	f.lines(ltr(fill(text, k, f.width, true)), k, before, 0, f.width)
	for i := first; i < len(f.pieces); i++ {
		f.pieces[i].keep = true
	}
	f.add(piece{height: 3, keep: true})
	if b.Level <= 2 && text != "" {
		level := max(0, b.Level-1)
		f.level = min(level, f.level+1)
		f.pieces[first].mark, f.pieces[first].level = plainText(text), f.level
	}
}

// plainText is a text without its markup.
func plainText(s string) string {
	var b strings.Builder
	for _, sp := range markup(s) {
		b.WriteString(sp.text)
	}
	return b.String()
}

func (f *flow) paragraph(b reports.Paragraph) {
	k, width := bodyInk, float64(readWidth)
	switch {
	case b.Lead:
		k, width = leadInk, f.width
	case b.Soft:
		k = softInk
	}
	first := len(f.pieces)
	f.prose(f.text(reports.Place(reports.AtText, 0), b.Text), k, width, 0, k.size*0.5)
	if b.Keep && len(f.pieces) > first {
		f.pieces[len(f.pieces)-1].keep = true
	}
}

// prose sets text whose empty lines part paragraphs.
func (f *flow) prose(text string, k ink, width, dx, before float64) {
	for _, para := range paragraphs(text) {
		f.lines(fill(para, k, width, true), k, before, dx, width)
	}
}

func paragraphs(text string) []string {
	var out []string
	for _, s := range strings.Split(text, "\n\n") {
		if s = strings.Trim(s, "\n"); strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}

func (f *flow) bullets(b reports.Bullets) {
	const indent = 16
	top := len(f.pieces)
	for i, s := range b.Items {
		lines := fill(f.text(reports.Place(reports.AtListItem, i+1), s), bodyInk, readWidth-indent, true)
		first := len(f.pieces)
		before := 2.5
		if i == 0 {
			before = 6
		}
		f.lines(lines, bodyInk, before, indent, readWidth-indent)
		draw := f.pieces[first].draw
		sign := "•"
		if b.Ordered {
			sign = strconv.Itoa(i+1) + "."
		}
		mark := fill(sign, bodyInk.toned(p.Clay), indent, false)[0]
		f.pieces[first].draw = func(pp *paper, x, y float64) {
			pp.line(mark, x, y+baseline(bodyInk), indent, bodyInk.toned(p.Clay))
			draw(pp, x, y)
		}
	}
	if b.Whole || len(b.Items) <= fewItems {
		f.keep(top)
	}
	if n := len(f.pieces); b.Keep && n > top {
		f.pieces[n-1].keep = true
	}
}

// fewItems is how many items a list may have to stay in one piece.
const fewItems = 3

func (f *flow) letter(b reports.LetterText) {
	k := letterInk
	if b.Greeting != "" {
		f.lines(fill(f.text(reports.Place(reports.AtLetter, 0), b.Greeting), k, readWidth, true), k, 6, 0, readWidth)
		f.pieces[len(f.pieces)-1].keep = true
	}
	f.prose(f.text(reports.Place(reports.AtLetter, 0), b.Text), k, readWidth, 0, 7)
	if b.Signature != "" {
		if n := len(f.pieces); n > 0 {
			f.pieces[n-1].keep = true
		}
		f.lines(fill(f.text(reports.Place(reports.AtLetter, 0), b.Signature), k.italic(), readWidth, true), k.italic(), 10, 0, readWidth)
	}
}
