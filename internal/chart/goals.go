package chart

import "github.com/couplet-app/couplet/internal/text"

// Goal is one goal with its levels −2 to +2 in the couple's own words.
type Goal struct {
	Name   string
	Tone   Tone
	Levels [5]string // words for −2, −1, 0, +1, +2; may be empty
	Start  Value     // −2 … +2
	Now    Value
}

// GoalsInput is the goals ladder.
type GoalsInput struct {
	Title string
	Goals []Goal
}

// ladderWords are the rungs from −2 to +2; 0 is what was hoped for.
func ladderWords() [5]string {
	return [5]string{
		text.T("chart.goals.m2", "much less than hoped"), text.T("chart.goals.m1", "less than hoped"),
		text.T("chart.goals.0", "as hoped"), text.T("chart.goals.p1", "more than hoped"),
		text.T("chart.goals.p2", "much more than hoped"),
	}
}

// Goals draws five rungs in words for each goal: a hollow mark where it began, a
// filled one where it is now.
func Goals(in GoalsInput, v View) Figure {
	size := v.pen(0).size
	top := size * 5.4
	step := size * 4.4
	d := v.pen(top + step*float64(len(in.Goals)))
	step = (d.H - top) / max(1, float64(len(in.Goals)))
	names := d.W * 0.3
	x := scale{-2, 2, names + 34, d.W - 34}
	d.legend(names+8, size, []key{
		{name: text.T("chart.start", "Start"), tone: Plain, hollow: true, noLine: true},
		{name: text.T("chart.now", "Now"), tone: Plain, noLine: true},
	})
	room := (x.to - x.from) / 4
	for i, w := range ladderWords() {
		if room < size*6 {
			if i%2 == 1 {
				continue // a narrow ladder names its ends and its middle
			}
		}
		lines := d.wrap(w, max(room-4, min(size*6, room*2-4)), 3)
		for j, s := range lines {
			d.text(x.at(float64(i-2)), top-size*(1.0+1.1*float64(len(lines)-1-j)), Middle, s)
		}
	}
	for i, g := range in.Goals {
		d.goal(g, x, names, top+step*float64(i), step)
	}
	return Figure{Kind: "goals", Title: in.Title, Caption: goalsCaption(in), Scene: d.Scene, Table: goalsTable(in)}
}

func (d *pen) goal(g Goal, x scale, names, top, step float64) {
	d.line(d.hair(), Point{0, top}, Point{d.W, top})
	y := top + step*0.42
	lines := d.wrap(g.Name, names, 3)
	for i, s := range lines {
		d.ink(0, top+step/2+d.size*(0.35+1.15*(float64(i)-float64(len(lines)-1)/2)), Start, s)
	}
	d.line(Stroke{Color: d.p.Line, Width: 1.6}, Point{x.from, y}, Point{x.to, y})
	for i := -2; i <= 2; i++ {
		at := x.at(float64(i))
		d.line(Stroke{Color: d.p.Line, Width: 1.6}, Point{at, y - 4}, Point{at, y + 4})
	}
	col := d.p.Tone(g.Tone)
	sh := shapeOf(g.Tone)
	if g.Start.OK && g.Now.OK && g.Start.V != g.Now.V {
		d.line(Stroke{Color: col, Width: 2.2}, Point{x.at(g.Start.V), y}, Point{x.at(g.Now.V), y})
	}
	if g.Start.OK {
		r := 4.0
		if g.Now.OK && g.Now.V == g.Start.V {
			r = 6
		}
		d.mark(sh, Point{x.at(g.Start.V), y}, r, col, true)
	}
	if !g.Now.OK {
		d.text(x.at(0), y+d.size*1.9, Middle, text.T("chart.goals.unrated", "not rated yet"))
		return
	}
	d.mark(sh, Point{x.at(g.Now.V), y}, 3.6, col, false)
	words := d.fit(g.level(g.Now), d.W-names)
	half := d.width(words) / 2
	d.text(min(max(x.at(g.Now.V), names+half), d.W-half), y+d.size*1.9, Middle, words)
}

// level is the goal's own words for a level, or none.
func (g Goal) level(v Value) string {
	if i := int(v.V) + 2; v.OK && i >= 0 && i < 5 {
		return g.Levels[i]
	}
	return ""
}

// rung names a level in words: its own, or those of the ladder.
func (g Goal) rung(v Value) string {
	if !v.OK {
		return "–"
	}
	i := min(max(int(v.V)+2, 0), 4)
	s := ladderWords()[i]
	if own := g.level(v); own != "" {
		s += ": " + own
	}
	return s
}

func goalsCaption(in GoalsInput) string {
	s := text.T("chart.goals.read", "From left to right: much less than hoped, to much more than hoped. The middle is what you hoped for.")
	rated := 0
	for _, g := range in.Goals {
		if g.Now.OK {
			rated++
		}
	}
	return s + " " + text.T("chart.goals.n", "%d of %d goals rated.", rated, len(in.Goals))
}

func goalsTable(in GoalsInput) Table {
	t := Table{Head: []string{text.T("chart.goal", "Goal"), text.T("chart.start", "Start"), text.T("chart.now", "Now")}}
	for _, g := range in.Goals {
		t.Rows = append(t.Rows, []string{g.Name, g.rung(g.Start), g.rung(g.Now)})
	}
	return t
}
