package chart

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// TimePoint is one measurement on a day; a Value that is not there leaves a gap.
// Points of different versions of a questionnaire are never joined.
type TimePoint struct {
	Day     day.Day
	Value   Value
	Version string
}

// Series is one line over time. Points are in order of days.
type Series struct {
	Name   string
	Tone   Tone
	Points []TimePoint
	// Gap is the number of days without a point above which the line is broken;
	// 0 never breaks it.
	Gap int
}

// segments cuts a series where a value is missing, where too many days lie
// between two points, and where the version changes.
func (s Series) segments() [][]TimePoint {
	var out [][]TimePoint
	var open []TimePoint
	flush := func() {
		if len(open) > 0 {
			out = append(out, open)
		}
		open = nil
	}
	for _, p := range s.Points {
		if !p.Value.OK {
			flush()
			continue
		}
		if n := len(open); n > 0 {
			last := open[n-1]
			if s.Gap > 0 && p.Day.Sub(last.Day) > s.Gap || p.Version != last.Version {
				flush()
			}
		}
		open = append(open, p)
	}
	flush()
	return out
}

// known counts the points that have a value.
func (s Series) known() int {
	n := 0
	for _, p := range s.Points {
		if p.Value.OK {
			n++
		}
	}
	return n
}

// span is the period of an axis: from and to, widened to the points, never empty.
func span(from, to day.Day, series ...Series) (day.Day, day.Day) {
	for _, s := range series {
		for _, p := range s.Points {
			if from.IsZero() || p.Day < from {
				from = p.Day
			}
			if to.IsZero() || p.Day > to {
				to = p.Day
			}
		}
	}
	if from.Sub(to) == 0 && !from.IsZero() {
		from, to = from.Add(-3), to.Add(3)
	}
	return from, to
}

// calendar is a true time axis.
type calendar struct {
	from, to day.Day
	x0, x1   float64
}

func (c calendar) at(d day.Day) float64 {
	s := scale{0, float64(c.to.Sub(c.from)), c.x0, c.x1}
	return s.at(float64(d.Sub(c.from)))
}

type tick struct {
	day  day.Day
	name string
}

// ticks are weeks, months, quarters or years, whichever leaves room for names of
// the width.
func (c calendar) ticks(width float64) []tick {
	days := c.to.Sub(c.from)
	if days <= 0 {
		return nil
	}
	if days < 7 {
		return []tick{c.week(c.from.Add(days/2), true)} // the day of a single score
	}
	room := (c.x1 - c.x0) / (width + 8)
	if float64(days)/7 <= room && days <= 70 {
		return c.weeks()
	}
	months := 1
	for _, m := range []int{1, 2, 3, 6, 12, 24, 60, 120} {
		months = m
		if float64(days)/(30.44*float64(m)) <= room {
			break
		}
	}
	t := c.from.Time()
	first := time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	out := []tick{{c.from, monthTick(c.from, months, true)}}
	for i := 0; ; i += months {
		m := day.Of(first.AddDate(0, i, 0))
		switch {
		case m > c.to:
			return out
		case m <= c.from:
		case len(out) == 1 && c.at(m)-c.at(c.from) < width*1.2:
			// The first month or year is too short for its name: the next one has it.
			out = []tick{{m, monthTick(m, months, true)}}
		default:
			out = append(out, tick{m, monthTick(m, months, false)})
		}
	}
}

func (c calendar) weeks() []tick {
	var out []tick
	for d := c.from; d <= c.to; d = d.Add(7) {
		out = append(out, c.week(d, len(out) == 0))
	}
	return out
}

func (calendar) week(d day.Day, year bool) tick {
	t := d.Time()
	name := strconv.Itoa(t.Day()) + " " + monthNames()[t.Month()-1]
	if year {
		name += " " + strconv.Itoa(t.Year())
	}
	return tick{d, name}
}

func monthTick(d day.Day, months int, first bool) string {
	t := d.Time()
	if months >= 12 {
		return strconv.Itoa(t.Year())
	}
	name := monthNames()[t.Month()-1]
	if first || t.Month() == time.January {
		name += " " + strconv.Itoa(t.Year())
	}
	return name
}

func monthNames() [12]string {
	return [12]string{
		text.T("month.jan", "Jan"), text.T("month.feb", "Feb"), text.T("month.mar", "Mar"), text.T("month.apr", "Apr"),
		text.T("month.may", "May"), text.T("month.jun", "Jun"), text.T("month.jul", "Jul"), text.T("month.aug", "Aug"),
		text.T("month.sep", "Sep"), text.T("month.oct", "Oct"), text.T("month.nov", "Nov"), text.T("month.dec", "Dec"),
	}
}

// months draws the ticks of c between top and bottom, names under the bottom.
func (d *pen) months(c calendar, top, bottom float64) { d.between(c, 0, d.W, top, bottom) }

// between draws the ticks of c; their names stay between left and right.
func (d *pen) between(c calendar, left, right, top, bottom float64) {
	free := -1.0
	for _, t := range c.ticks(d.width("Sep 2026")) {
		x := c.at(t.day)
		d.line(d.hair(), Point{x, top}, Point{x, bottom})
		w := d.width(t.name)
		at := min(max(x-w/2, left), right-w)
		if at < free {
			continue
		}
		free = at + w + 4
		d.text(at, bottom+d.size*1.4, Start, t.name)
	}
}

// curve draws the segments of a series as lines, then its marks.
func (d *pen) curve(s Series, c calendar, y scale, lineWidth, r float64) {
	col := d.p.Tone(s.Tone)
	for _, seg := range s.segments() {
		pts := make([]Point, len(seg))
		for i, p := range seg {
			pts[i] = Point{c.at(p.Day), y.at(p.Value.V)}
		}
		if len(pts) > 1 {
			d.line(Stroke{Color: col, Width: lineWidth, Dash: dashOf(s.Tone)}, pts...)
		}
		for _, p := range pts {
			d.mark(shapeOf(s.Tone), p, r, col, false)
		}
	}
}

// shortDay is a day for a narrow column: "2 Mar 2026", never broken.
func shortDay(d day.Day) string {
	t := d.Time()
	return fmt.Sprintf("%d\u00a0%s\u00a0%d", t.Day(), monthNames()[t.Month()-1], t.Year())
}

// rows adds the points of the series to a table: one row a day (or a week, under
// its Monday), one column a series. A series that has two points in a week shows
// both.
func rows(t *Table, series []Series, week bool) {
	at := map[day.Day][]string{}
	var days []day.Day
	for i, s := range series {
		for _, p := range s.Points {
			d := p.Day
			if week {
				d = d.Add(-weekday(d))
			}
			row, ok := at[d]
			if !ok {
				row = make([]string, len(series))
				at[d] = row
				days = append(days, d)
			}
			v := "–"
			if p.Value.OK {
				v = number(p.Value.V)
			}
			if row[i] == "" || row[i] == "–" {
				row[i] = v
			} else if p.Value.OK {
				row[i] += ", " + v
			}
		}
	}
	slices.Sort(days)
	for _, d := range days {
		row := at[d]
		for i := range row {
			if row[i] == "" {
				row[i] = "–"
			}
		}
		t.Rows = append(t.Rows, append([]string{shortDay(d)}, row...))
	}
}
