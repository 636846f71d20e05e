package chart

import (
	"image/color"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// Done says how a practice went on a day.
type Done int

// The ways a practice can go; Planned is a planned day without a log.
const (
	NoDay Done = iota
	Planned
	Skipped
	Tried
	Partly
	Fully
)

// PracticeRow is one practice or one person.
type PracticeRow struct {
	Name string
	Tone Tone
	Days map[day.Day]Done
}

// PracticeInput is what was done on which day.
type PracticeInput struct {
	Title    string
	From, To day.Day
	Rows     []PracticeRow
}

// Practice draws a calendar for each row: weeks from left to right, Monday to
// Sunday from top to bottom. The signs differ in shape, not only in shade.
func Practice(in PracticeInput, v View) Figure {
	size := v.pen(0).size
	in.From, in.To = in.period()
	monday := in.From.Add(-weekday(in.From))
	weeks := max(1, in.To.Sub(monday)/7+1)
	w := v.pen(0).W
	names := w * 0.24
	cell := min(size*1.5, (w-names-12)/float64(weeks))
	block := cell*7 + size*1.3
	keys := v.pen(0).practiceKeys(in.used(), names+12, cell)
	d := v.pen(keys + size*1.6 + block*float64(len(in.Rows)) + size*1.2)
	c := calendar{monday, monday.Add(weeks * 7), names + 12, names + 12 + cell*float64(weeks)}
	d.practiceKeys(in.used(), c.x0, cell)
	for i, row := range in.Rows {
		top := keys + size*1.2 + block*float64(i)
		d.practiceRow(row, in, c, cell, names, top)
		if i == len(in.Rows)-1 {
			d.months(c, top+cell*7, top+cell*7)
		}
	}
	return Figure{Kind: "practice", Title: in.Title, Caption: practiceCaption(in), Scene: d.Scene, Table: practiceTable(in)}
}

// period is From to To; an open end reaches to the logs, and without any it is one
// day that shows nothing.
func (in PracticeInput) period() (from, to day.Day) {
	from, to = in.From, in.To
	for _, r := range in.Rows {
		for d := range r.Days {
			if in.From.IsZero() && (from.IsZero() || d < from) {
				from = d
			}
			if in.To.IsZero() && d > to {
				to = d
			}
		}
	}
	if from.IsZero() {
		from = "2000-01-01"
	}
	return from, max(from, to)
}

// weekday counts from Monday, 0.
func weekday(d day.Day) int { return (int(d.Time().Weekday()) + 6) % 7 }

func (d *pen) practiceRow(row PracticeRow, in PracticeInput, c calendar, cell, names, top float64) {
	lines := d.wrap(row.Name, names, 3)
	for i, s := range lines {
		d.ink(0, top+d.size*(0.9+1.2*float64(i)), Start, s)
	}
	counts := row.counts()
	y := top + d.size*(1.0+1.2*float64(len(lines)))
	d.text(0, y, Start, d.fit(text.N("chart.practice.days", counts[Fully]+counts[Partly], "1 day", "%d days"), names))
	for t := in.From; t <= in.To; t = t.Add(1) {
		d.cell(row.Days[t], row.Tone, c.at(t.Add(-weekday(t))), top+cell*float64(weekday(t)), cell)
	}
}

// cell draws one day: full square, half square, dot, cross, frame; an empty day is
// a faint square.
func (d *pen) cell(done Done, t Tone, x, y, cell float64) {
	col := d.p.Tone(t)
	g := cell * 0.09
	x, y, s := x+g, y+g, cell-2*g
	faint := Mix(d.p.Card, d.p.Line, 0.55)
	switch done {
	case Fully:
		d.rect(x, y, s, s, Stroke{}, col)
	case Partly:
		d.rect(x, y, s, s, Stroke{}, Mix(d.p.Card, col, 0.25))
		d.Add(Path{Points: []Point{{x, y + s}, {x, y}, {x + s, y + s}}, Closed: true, Fill: col})
	case Tried:
		d.rect(x, y, s, s, Stroke{}, Mix(d.p.Card, col, 0.2))
		d.Add(Circle{Center: Point{x + s/2, y + s/2}, Radius: s * 0.2, Fill: col})
	case Skipped:
		d.rect(x, y, s, s, Stroke{}, faint)
		st := Stroke{Color: d.p.InkSoft, Width: 0.9}
		d.line(st, Point{x + s*0.28, y + s*0.28}, Point{x + s*0.72, y + s*0.72})
		d.line(st, Point{x + s*0.72, y + s*0.28}, Point{x + s*0.28, y + s*0.72})
	case Planned:
		d.rect(x+0.4, y+0.4, s-0.8, s-0.8, Stroke{Color: col, Width: 0.8}, color.NRGBA{})
	default:
		d.rect(x, y, s, s, Stroke{}, faint)
	}
}

// doneName is a sign in words.
type doneName struct {
	done Done
	name string
	on   func(days int) string
}

// doneNames are the signs in the order of the legend.
func doneNames() []doneName {
	return []doneName{
		{Fully, text.T("chart.done.fully", "done fully"), func(n int) string {
			return text.N("chart.done.fully_on", n, "done fully on 1 day", "done fully on %d days")
		}},
		{Partly, text.T("chart.done.partly", "partly"), func(n int) string {
			return text.N("chart.done.partly_on", n, "partly on 1 day", "partly on %d days")
		}},
		{Tried, text.T("chart.done.tried", "tried"), func(n int) string {
			return text.N("chart.done.tried_on", n, "tried on 1 day", "tried on %d days")
		}},
		{Skipped, text.T("chart.done.skipped", "skipped"), func(n int) string {
			return text.N("chart.done.skipped_on", n, "skipped on 1 day", "skipped on %d days")
		}},
		{Planned, text.T("chart.done.planned", "planned, no entry"), func(n int) string {
			return text.N("chart.done.planned_on", n, "planned without an entry on 1 day", "planned without an entry on %d days")
		}},
	}
}

// used are the signs that the picture has; a legend of others would be a riddle.
func (in PracticeInput) used() []doneName {
	var n [Fully + 1]int
	for _, r := range in.Rows {
		for i, k := range r.counts() {
			n[i] += k
		}
	}
	return slices.DeleteFunc(doneNames(), func(k doneName) bool { return n[k.done] == 0 })
}

// practiceKeys writes the legend and returns its last baseline.
func (d *pen) practiceKeys(used []doneName, x0, cell float64) float64 {
	cell = min(max(cell, d.size*0.8), d.size*1.1)
	x, y := x0, d.size*0.95
	for _, k := range used {
		w := cell + 4 + d.width(k.name)
		if x > x0 && x+w > d.W {
			x, y = x0, y+d.size*1.5
		}
		d.cell(k.done, Plain, x, y-cell*0.85, cell)
		d.text(x+cell+4, y, Start, k.name)
		x += w + 11
	}
	return y
}

func (r PracticeRow) counts() [Fully + 1]int {
	var n [Fully + 1]int
	for _, d := range r.Days {
		n[d]++
	}
	return n
}

func practiceCaption(in PracticeInput) string {
	s := text.T("chart.practice.read", "Each square is a day from %s to %s. Each column is a week from Monday to Sunday.", in.From.Words(), in.To.Words())
	for _, r := range in.Rows {
		n := r.counts()
		var said []string
		for _, k := range doneNames() {
			if n[k.done] > 0 {
				said = append(said, k.on(n[k.done]))
			}
		}
		if len(said) > 0 {
			s += " " + text.T("chart.practice.row", "%s: %s.", r.Name, strings.Join(said, ", "))
		}
	}
	return s
}

// practiceTable counts by month: a row for each day would be no help to a reader.
func practiceTable(in PracticeInput) Table {
	t := Table{Head: []string{text.T("chart.month", "Month")}}
	if len(in.Rows) > 1 {
		t.Head = []string{text.T("chart.practice.row_name", "Who or what"), text.T("chart.month", "Month")}
	}
	names := slices.DeleteFunc(in.used(), func(k doneName) bool { return k.done == Planned }) // a planned day without an entry is no entry
	for _, k := range names {
		t.Head = append(t.Head, k.name)
	}
	for _, r := range in.Rows {
		for m := firstOfMonth(in.From); m <= in.To; m = m.AddMonths(1) {
			counts := map[Done]int{}
			for d, done := range r.Days {
				if firstOfMonth(d) == m {
					counts[done]++
				}
			}
			row := []string{monthTick(m, 1, true)}
			if len(in.Rows) > 1 {
				row = []string{r.Name, row[0]}
			}
			for _, k := range names {
				row = append(row, number(float64(counts[k.done])))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func firstOfMonth(d day.Day) day.Day {
	t := d.Time()
	return day.Of(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
}
