package chart

import (
	"strings"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// MaxPanels is how many lines are shown at most, each in its own panel (domain.md
// §6.3: never five on one).
const MaxPanels = 5

// Panel is one question of the pulse: its own small picture with its own lines.
type Panel struct {
	Name     string
	Min, Max float64
	Low      string // what the lower end means, in words
	High     string
	Series   []Series // one a partner
}

// PulseInput is the weekly pulse as small multiples over one time axis.
type PulseInput struct {
	Title    string
	From, To day.Day // zero: as the points reach
	Panels   []Panel // those after MaxPanels stand in the table only
}

// Pulse draws one panel a question, side by side where the page is wide enough, all
// over the same true time axis. A missing answer is a gap.
func Pulse(in PulseInput, v View) Figure {
	size := v.pen(0).size
	shown := in.Panels[:min(len(in.Panels), MaxPanels)]
	const gutter = 18
	columns := max(1, min(int(v.pen(0).W/(size*15)), len(shown)))
	lines := max(1, (len(shown)+columns-1)/columns)
	keys := pulseKeys(shown)
	top := 0.0
	if len(keys) > 1 {
		top = v.pen(0).legend(0, size, keys) - size*0.4
	}
	d := v.pen(top + float64(lines)*size*7.4)
	var all []Series
	for _, p := range shown {
		all = append(all, p.Series...)
	}
	from, to := span(in.From, in.To, all...)
	if len(keys) > 1 {
		d.legend(0, size, keys)
	}
	width := (d.W - gutter*float64(columns-1)) / float64(columns)
	step := (d.H - top) / float64(lines)
	for i, p := range shown {
		x := float64(i%columns) * (width + gutter)
		d.panel(p, calendar{from, to, x + 9 + d.width("10"), x + width - 5}, x, width, top+step*float64(i/columns), step)
	}
	return Figure{Kind: "pulse", Title: in.Title, Caption: pulseCaption(in, shown), Scene: d.Scene, Table: pulseTable(in)}
}

// panel draws one question in its cell: its name, its full scale, its lines.
func (d *pen) panel(p Panel, c calendar, x, width, top, step float64) {
	y := scale{p.Min, p.Max, top + step - d.size*2.1, top + d.size*2.2}
	d.ink(x, top+d.size*1.1, Start, d.fit(p.Name, width))
	d.between(c, x, x+width, y.to, y.from)
	for _, v := range []float64{p.Min, (p.Min + p.Max) / 2, p.Max} {
		d.line(d.hair(), Point{c.x0, y.at(v)}, Point{c.x1, y.at(v)})
	}
	normal := d.size
	d.size *= 0.85
	for _, v := range []float64{p.Min, p.Max} {
		d.text(c.x0-5, y.at(v)+d.size*0.35, End, number(v))
	}
	d.size = normal
	for _, s := range p.Series {
		d.curve(s, c, y, 1.4, 2.2)
	}
	if p.known() == 0 {
		d.text((c.x0+c.x1)/2, (y.from+y.to)/2+d.size*0.35, Middle, d.fit(text.T("chart.no_answers", "no answers in this period"), c.x1-c.x0))
	}
}

func pulseKeys(panels []Panel) []key {
	var keys []key
	seen := map[string]bool{}
	for _, p := range panels {
		for _, s := range p.Series {
			if s.Name != "" && !seen[s.Name] {
				seen[s.Name] = true
				keys = append(keys, key{name: s.Name, tone: s.Tone, sh: shapeOf(s.Tone), dash: dashOf(s.Tone)})
			}
		}
	}
	return keys
}

func pulseCaption(in PulseInput, shown []Panel) string {
	c := text.T("chart.pulse.read", "Each panel is one question over time. A gap is a week without an answer.")
	ends := func(p Panel) string {
		return text.T("chart.pulse.ends", "from %s (%s) to %s (%s)", number(p.Min), p.Low, number(p.Max), p.High)
	}
	alike := true
	var counts []string
	for _, p := range shown {
		alike = alike && ends(p) == ends(shown[0])
		counts = append(counts, p.Name+" "+number(float64(p.known())))
	}
	switch {
	case len(shown) == 0:
	case alike:
		c += " " + text.T("chart.pulse.alike", "Each runs %s.", ends(shown[0]))
	default:
		for _, p := range shown {
			c += " " + text.T("chart.pulse.panel", "%s runs %s.", p.Name, ends(p))
		}
	}
	same := len(counts) > 1
	for _, p := range shown {
		same = same && p.known() == shown[0].known()
	}
	switch {
	case len(shown) == 0:
	case same:
		c += " " + text.N("chart.pulse.each", shown[0].known(), "1 answer to each question.", "%d answers to each question.")
	default:
		c += " " + text.T("chart.pulse.n", "Answers: %s.", strings.Join(counts, ", "))
	}
	if keys := pulseKeys(shown); len(keys) > 1 {
		names := make([]string, len(keys))
		for i, k := range keys {
			names[i] = k.name
		}
		c += " " + text.T("chart.pulse.cells", "In the table: %s.", strings.Join(names, " / "))
	}
	if n := len(in.Panels) - len(shown); n > 0 {
		c += " " + text.T("chart.pulse.more", "%d more in the table.", n)
	}
	return c
}

// pulseTable has one column a question. The answers of several partners share a cell,
// in the order of the legend, so that the table stays as narrow as there are questions.
func pulseTable(in PulseInput) Table {
	keys := pulseKeys(in.Panels)
	t := Table{Head: []string{text.T("chart.week", "Week of")}}
	var all []Series
	for _, p := range in.Panels {
		t.Head = append(t.Head, p.Name)
		if len(keys) < 2 {
			all = append(all, append(p.Series, Series{})[0])
			continue
		}
		for _, k := range keys {
			all = append(all, p.of(k.name))
		}
	}
	rows(&t, all, true)
	if n := len(keys); n > 1 {
		for i, row := range t.Rows {
			cells := row[:1]
			for j := 1; j < len(row); j += n {
				cells = append(cells, strings.Join(row[j:j+n], " / "))
			}
			t.Rows[i] = cells
		}
	}
	if len(t.Rows) <= lyingWeeks {
		return lying(t)
	}
	return t
}

// lyingWeeks is how many weeks a table of the pulse may have to lie on its side.
const lyingWeeks = 9

// lying turns rows into columns: few questions over some weeks need less height so.
func lying(t Table) Table {
	out := Table{Head: []string{t.Head[0]}}
	year := ""
	for _, row := range t.Rows {
		// The year stands only where it begins: the heads are narrow.
		date := []rune(row[0])
		short, of := string(date[:max(0, len(date)-5)]), string(date[max(0, len(date)-4):])
		if of != year {
			short += "\u00a0’" + of[min(2, len(of)):]
		}
		year = of
		out.Head = append(out.Head, short)
	}
	for j := 1; j < len(t.Head); j++ {
		line := []string{t.Head[j]}
		for _, row := range t.Rows {
			line = append(line, row[j])
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// known counts the answers of a panel.
func (p Panel) known() int {
	n := 0
	for _, s := range p.Series {
		n += s.known()
	}
	return n
}

// of is the line of one partner.
func (p Panel) of(name string) Series {
	for _, s := range p.Series {
		if s.Name == name {
			return s
		}
	}
	return Series{Name: name}
}
