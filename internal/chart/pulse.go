package chart

import (
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

// Pulse draws one panel a question, all over the same true time axis. A missing
// answer is a gap.
func Pulse(in PulseInput, v View) Figure {
	size := v.pen(0).size
	shown := in.Panels[:min(len(in.Panels), MaxPanels)]
	d := v.pen(size*3.6 + float64(len(shown))*size*6.6)
	var all []Series
	for _, p := range shown {
		all = append(all, p.Series...)
	}
	from, to := span(in.From, in.To, all...)
	names := 0.0
	for _, p := range shown {
		names = max(names, d.width(p.Name))
	}
	names = min(names, d.W*0.26)
	c := calendar{from, to, names + 12 + d.width("100"), d.W - 5}
	top := size * 0.6
	if keys := pulseKeys(shown); len(keys) > 1 {
		top = d.legend(c.x0, size, keys) - size*0.2
	}
	step := (d.H - top - size*1.8) / max(1, float64(len(shown)))
	for i, p := range shown {
		last := i == len(shown)-1
		d.panel(p, c, names, top+step*float64(i), step, last)
	}
	return Figure{Kind: "pulse", Title: in.Title, Caption: pulseCaption(in, shown), Scene: d.Scene, Table: pulseTable(in)}
}

func (d *pen) panel(p Panel, c calendar, names, top, step float64, last bool) {
	y := scale{p.Min, p.Max, top + step - d.size*0.7, top + d.size*0.5}
	d.months(c, y.to, y.from, last)
	for _, v := range []float64{p.Min, (p.Min + p.Max) / 2, p.Max} {
		d.line(d.hair(), Point{c.x0, y.at(v)}, Point{c.x1, y.at(v)})
	}
	mid := (y.from + y.to) / 2
	lines := d.wrap(p.Name, names, 2)
	for i, s := range lines {
		d.ink(0, mid+d.size*(0.35+1.15*(float64(i)-float64(len(lines)-1)/2)), Start, s)
	}
	small := d.size
	d.size *= 0.85
	d.text(c.x0-5, y.from+d.size*0.3, End, number(p.Min))
	d.text(c.x0-5, y.to+d.size*0.5, End, number(p.Max))
	d.size = small
	n := 0
	for _, s := range p.Series {
		d.curve(s, c, y, 1.4, 2.4)
		n += s.known()
	}
	if n == 0 {
		d.text((c.x0+c.x1)/2, mid+d.size*0.35, Middle, text.T("chart.no_answers", "no answers in this period"))
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
	for _, p := range shown {
		n := 0
		for _, s := range p.Series {
			n += s.known()
		}
		c += " " + text.T("chart.pulse.panel", "%s: from %s (%s) to %s (%s), %s.",
			p.Name, number(p.Min), p.Low, number(p.Max), p.High, measurements(n))
	}
	if n := len(in.Panels) - len(shown); n > 0 {
		c += " " + text.T("chart.pulse.more", "%d more in the table.", n)
	}
	return c
}

func pulseTable(in PulseInput) Table {
	t := Table{Head: []string{text.T("chart.week", "Week of")}}
	var all []Series
	for _, p := range in.Panels {
		for _, s := range p.Series {
			name := p.Name
			if len(p.Series) > 1 {
				name += ", " + s.Name
			}
			t.Head = append(t.Head, name)
			all = append(all, s)
		}
	}
	rows(&t, all, true)
	return t
}
