package chart

import (
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
)

// Reconnect is one conversation after a conflict.
type Reconnect struct {
	Day day.Day
	// Hours from the conflict to feeling close again; missing when not said.
	Hours Value
	// Kept says whether the agreement was kept; nil when there was none or it is
	// too early to say.
	Kept *bool
	Tone Tone
}

// ReconnectInput is the time to reconnect over the conversations of a period.
type ReconnectInput struct {
	Title    string
	From, To day.Day
	Items    []Reconnect
}

// ReconnectDots draws one dot a conversation: how many hours it took to feel close
// again. Filled: the agreement was kept. Hollow: not kept, or none yet. The scale
// starts at 0 and reaches over the longest time.
func ReconnectDots(in ReconnectInput, v View) Figure {
	d := v.pen(112)
	size := d.size
	s := Series{}
	top := 0.0
	for _, it := range in.Items {
		s.Points = append(s.Points, TimePoint{Day: it.Day, Value: it.Hours})
		if it.Hours.OK {
			top = max(top, it.Hours.V)
		}
	}
	from, to := span(in.From, in.To, s)
	top = niceTop(top)
	c := calendar{from, to, d.width(number(top)) + 14, d.W - 5}
	y := scale{0, top, d.H - size*2, size * 3.6}
	n := text.N("chart.conversations", len(in.Items), "1 conversation", "%d conversations")
	d.text(0, size, Start, d.fit(text.T("chart.reconnect.axis", "Hours to feel close again; lower is sooner"), d.W-d.width(n)-8))
	d.text(d.W, size, End, n)
	d.legend(0, size*2.4, []key{
		{name: text.T("chart.reconnect.kept", "agreement kept"), tone: Both, sh: diamond, noLine: true},
		{name: text.T("chart.reconnect.open", "not kept, or none yet"), tone: Both, sh: diamond, hollow: true, noLine: true},
	})
	d.months(c, y.to, y.from)
	for i := range 3 {
		val := top * float64(i) / 2
		d.line(d.hair(), Point{c.x0 - 5, y.at(val)}, Point{c.x1 + 5, y.at(val)})
		d.text(c.x0-9, y.at(val)+size*0.33, End, number(val))
	}
	for _, it := range in.Items {
		if !it.Hours.OK {
			continue
		}
		tone := it.Tone
		if tone == Plain {
			tone = Both
		}
		d.mark(shapeOf(tone), Point{c.at(it.Day), y.at(it.Hours.V)}, 3.4, d.p.Tone(tone), it.Kept == nil || !*it.Kept)
	}
	return Figure{Kind: "reconnect", Title: in.Title, Caption: in.caption(), Scene: d.Scene, Table: in.table()}
}

// niceTop is the end of a scale from 0 that holds v: 4, 8, 12, 24, 48 … hours.
func niceTop(v float64) float64 {
	for _, t := range []float64{4, 8, 12, 24, 48, 72, 96, 168, 336} {
		if v <= t {
			return t
		}
	}
	for t := 720.0; ; t *= 2 {
		if v <= t || t > 1e9 {
			return t
		}
	}
}

func (in ReconnectInput) caption() string {
	kept, said, timed := 0, 0, 0
	for _, it := range in.Items {
		if it.Kept != nil {
			said++
			if *it.Kept {
				kept++
			}
		}
		if it.Hours.OK {
			timed++
		}
	}
	s := text.T("chart.reconnect.read", "Each mark is one conversation; the lower it stands, the sooner both felt close again. %d of %d conversations have a time.", timed, len(in.Items))
	if said > 0 {
		s += " " + text.T("chart.reconnect.n", "Agreements kept: %d of %d.", kept, said)
	}
	return s
}

func (in ReconnectInput) table() Table {
	t := Table{Head: []string{
		text.T("chart.date", "Date"), text.T("chart.reconnect.hours", "Hours until close again"), text.T("chart.reconnect.agreement", "Agreement kept"),
	}}
	for _, it := range in.Items {
		hours, kept := "–", "–"
		if it.Hours.OK {
			hours = number(it.Hours.V)
		}
		if it.Kept != nil {
			kept = text.T("chart.no", "no")
			if *it.Kept {
				kept = text.T("chart.yes", "yes")
			}
		}
		t.Rows = append(t.Rows, []string{shortDay(it.Day), hours, kept})
	}
	return t
}
