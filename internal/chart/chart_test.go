package chart

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/day"
)

func TestRadarStandsInTheFixedOrderFromTwelveOClock(t *testing.T) {
	in := RadarInput{Axes: channels, Series: []RadarSeries{{Name: "now", Tone: A, Values: nums(100, 100, 100, 100, 100, 100)}}}
	f := Radar(in, view())
	outline := strokes(f.Scene, Light.A)[0]
	must(t, outline.Closed && len(outline.Points) == 6, "six scored axes make one closed outline, got %+v", outline)
	c := centre(outline.Points)
	top, second := outline.Points[0], outline.Points[1]
	must(t, math.Abs(top.X-c.X) < 1e-6 && top.Y < c.Y, "the first axis stands at 12 o'clock, got %+v around %+v", top, c)
	must(t, second.X > c.X && second.Y < c.Y, "the second axis is clockwise, got %+v", second)
	for i, want := range channels {
		must(t, says(f.Scene, want), "axis %d %q has no name", i, want)
	}
}

// However many axes are chosen, their names stand whole beside the rim.
func TestRadarNamesAreWholeWithAnyNumberOfAxes(t *testing.T) {
	names := []string{"Emotional", "Intellectual", "Affectionate", "Sexual", "Experiential", "Meaning"}
	for n := 3; n <= len(names); n++ {
		for _, width := range []float64{225, 317, 520} {
			v := view()
			v.W, v.Text = width, 11
			f := Radar(RadarInput{Axes: names[:n], Series: []RadarSeries{{Name: "now", Values: nums(50, 50, 50, 50, 50, 50)[:n]}}}, v)
			for _, name := range names[:n] {
				must(t, says(f.Scene, name), "of %d axes at %v %q is cut", n, width, name)
			}
		}
	}
}

func TestRadarRingsAtTwentyFive(t *testing.T) {
	f := Radar(sampleRadar(), view())
	for _, ring := range []string{"0", "25", "50", "75", "100"} {
		must(t, says(f.Scene, ring), "ring %s is not named", ring)
	}
	rings := 0
	for _, p := range strokes(f.Scene, Light.Line) {
		if p.Closed && len(p.Points) == 6 {
			rings++
		}
	}
	must(t, rings == 4, "%d rings, want 4", rings)
}

func TestRadarWishIsDashedAndFeltIsFilled(t *testing.T) {
	f := Radar(sampleRadar(), view())
	var dashed, filled int
	for _, it := range f.Scene.Items {
		p, ok := it.(Path)
		switch {
		case !ok:
		case p.Stroke.Dash != nil && len(p.Points) == 6:
			dashed++
			must(t, p.Fill.A == 0, "the wish has a fill")
		case p.Fill.A > 0 && p.Stroke.Width == 0:
			filled++
		}
	}
	must(t, dashed == 1 && filled == 1, "dashed %d, filled %d", dashed, filled)
}

func TestRadarLeavesAGapForANotScoredAxis(t *testing.T) {
	f := Radar(gappedRadar(), view())
	for _, p := range strokes(f.Scene, Light.B) {
		if len(p.Points) < 5 {
			continue // a mark
		}
		must(t, !p.Closed && len(p.Points) == 5, "an outline with a gap is open and has five points, got %d, closed %v", len(p.Points), p.Closed)
	}
	must(t, says(f.Scene, "not scored"), "the gap is not said")
	must(t, strings.Contains(f.Caption, "Not scored, so left open: Sexual."), "caption %q", f.Caption)
	must(t, strings.Contains(f.Caption, "5 of 6"), "n is missing in %q", f.Caption)
	must(t, f.Table.Rows[3][1] == "not scored", "the table shows %q", f.Table.Rows[3][1])
}

// What two people felt is told apart on a grey print, by line and mark, and each outline
// has its name beside it and in the legend, on no other word.
func TestTwoPeopleAreTwoOutlines(t *testing.T) {
	for _, v := range []View{view(), half()} {
		f := Radar(twoRadars(), v)
		outline := func(tone color.NRGBA) (out Path) {
			for _, p := range strokes(f.Scene, tone) {
				if p.Closed && len(p.Points) == 6 {
					out = p
				}
			}
			return out
		}
		a, b := outline(Light.A), outline(Light.B)
		must(t, len(a.Points) == 6 && a.Stroke.Dash == nil && len(b.Points) == 6 && b.Stroke.Dash != nil, "the lines are %+v and %+v", a.Stroke, b.Stroke)
		for _, it := range f.Scene.Items {
			if p, ok := it.(Path); ok && p.Fill.A > 0 && p.Stroke.Width == 0 {
				t.Error("an area hides the other outline")
			}
		}
		names := map[string]int{}
		var beside, other []Item
		for _, it := range f.Scene.Items {
			if x, ok := it.(Text); ok {
				names[x.S]++
				if x.Bold {
					beside = append(beside, it)
				} else {
					other = append(other, it)
				}
			}
		}
		written := func(items []Item) []box { return (&pen{Scene: Scene{Items: items}, m: v.Metrics}).written() }
		for _, name := range written(beside) {
			must(t, !name.meetsAny(written(other)), "a name lies on other words")
		}
		must(t, names["Ana"] == 2 && names["Ben"] == 2, "named %v", names)
		must(t, strings.Contains(f.Caption, "Whole line, round marks: Ana. Broken line, square marks: Ben."), "caption %q", f.Caption)
		must(t, !strings.Contains(f.Caption, "Shaded"), "caption %q", f.Caption)
	}
	in := twoRadars()
	in.Series[1].Values[3] = Value{}
	f := Radar(in, view())
	must(t, strings.Contains(f.Caption, "left open: Sexual (Ben)."), "caption %q", f.Caption)
}

func TestDumbbellShowsBothEndsAndMissingOnes(t *testing.T) {
	f := Dumbbell(sampleDumbbell(), view())
	for _, want := range []string{"37.5", "75", "Further right", "March", "now"} {
		must(t, says(f.Scene, want), "%q is not drawn", want)
	}
	if got := f.Table.Rows[0]; strings.Join(got, "|") != "Emotional|37.5|75|+37.5" {
		t.Errorf("table row %v", got)
	}
	if got := f.Table.Rows[5]; strings.Join(got, "|") != "Spiritual|not scored|50|–" {
		t.Errorf("table row %v", got)
	}
	must(t, strings.Contains(f.Caption, "5 of 6 can be compared"), "caption %q", f.Caption)
}

func TestLinesBreakWhereAnAnswerIsMissing(t *testing.T) {
	tests := []struct {
		name string
		s    Series
		want []int
	}{
		{"whole", Series{Points: weekly("2026-03-02", 1, 2, 3)}, []int{3}},
		{"missing", Series{Points: weekly("2026-03-02", 1, 2, -1, 3)}, []int{2, 1}},
		{"too long a gap", Series{Gap: 10, Points: []TimePoint{{Day: "2026-03-02", Value: Num(1)}, {Day: "2026-04-02", Value: Num(2)}}}, []int{1, 1}},
		{"another version", Series{Points: []TimePoint{{"2026-03-02", Num(1), "1"}, {"2026-03-09", Num(2), "2"}}}, []int{1, 1}},
		{"none", Series{Points: weekly("2026-03-02", -1, -1)}, nil},
	}
	for _, tt := range tests {
		segs := tt.s.segments()
		if len(segs) != len(tt.want) {
			t.Errorf("%s: %d segments, want %d", tt.name, len(segs), len(tt.want))
			continue
		}
		for i := range segs {
			must(t, len(segs[i]) == tt.want[i], "%s: segment %d has %d points, want %d", tt.name, i, len(segs[i]), tt.want[i])
		}
	}
}

func TestTheTimeAxisIsTrue(t *testing.T) {
	c := calendar{"2026-01-01", "2026-01-31", 0, 300}
	must(t, c.at("2026-01-11") == 100 && c.at("2026-01-31") == 300, "days are not evenly spaced")
	for _, tk := range c.ticks(40) {
		must(t, tk.day >= c.from && tk.day <= c.to, "tick %v is outside", tk)
	}
}

func TestPulseHasOnePanelAQuestionAndFiveAtMost(t *testing.T) {
	in := samplePulse()
	in.Panels = append(in.Panels, Panel{Name: "Sixth", Max: 10, Series: []Series{{Name: "Ana", Tone: A, Points: weekly("2026-03-02", 1)}}})
	f := Pulse(in, view())
	must(t, says(f.Scene, "Felt desired"), "the fifth panel is missing")
	must(t, !says(f.Scene, "Sixth"), "a sixth panel is drawn")
	must(t, strings.Contains(f.Caption, "1 more in the table"), "caption %q", f.Caption)
	must(t, len(f.Table.Head) == 7, "the table has %d columns", len(f.Table.Head))
	must(t, f.Table.Rows[3][1] == "– / 6", "a missing answer shows %q", f.Table.Rows[3])
	must(t, strings.Contains(f.Caption, "In the table: Ana / Ben."), "caption %q", f.Caption)
}

func TestOutcomeShowsFullScaleCutoffBandAndDirection(t *testing.T) {
	f := Outcome(sampleOutcome(), view())
	for _, want := range []string{"Higher means closer", "4 measurements", "0", "81", "51.5"} {
		must(t, says(f.Scene, want), "%q is not drawn", want)
	}
	must(t, strings.Contains(f.Caption, "changes inside it may be chance"), "caption %q", f.Caption)
	must(t, strings.Contains(f.Caption, "do not compare across it"), "the break is not said in %q", f.Caption)
	band := f.Scene.Items[2].(Path)
	y0, y1 := band.Points[0].Y, band.Points[2].Y
	whole := 0.0
	for _, it := range f.Scene.Items {
		if p, ok := it.(Path); ok && len(p.Points) == 2 && p.Points[0].X == p.Points[1].X && p.Stroke.Color == Light.Line {
			whole = math.Abs(p.Points[0].Y - p.Points[1].Y)
		}
	}
	must(t, math.Abs((y1-y0)/whole-2*6.664/81) < 1e-9, "the band is %v of the scale, want %v", (y1-y0)/whole, 2*6.664/81)
	in := sampleOutcome()
	in.HigherIsBetter = false
	must(t, says(Outcome(in, view()).Scene, "Lower means closer"), "the direction is not said")
}

func TestPracticeSignsDifferInShape(t *testing.T) {
	kinds := map[int]Done{}
	for d := NoDay; d <= Fully; d++ {
		p := view().pen(20)
		p.cell(d, Both, 0, 0, 10)
		sum := 0
		for i, it := range p.Items {
			switch it := it.(type) {
			case Circle:
				sum += 1000
			case Path:
				sum += (i + 1) * 10 * len(it.Points)
				if it.Stroke.Width > 0 {
					sum++
				}
				if it.Fill == Light.Both {
					sum += 100000
				}
			}
		}
		if was, ok := kinds[sum]; ok {
			t.Errorf("days %v and %v look alike", was, d)
		}
		kinds[sum] = d
	}
}

func TestPracticeTableCountsByMonth(t *testing.T) {
	in := PracticeInput{From: "2026-03-30", To: "2026-04-02", Rows: []PracticeRow{{Name: "Walk", Days: map[day.Day]Done{
		"2026-03-30": Fully, "2026-03-31": Partly, "2026-04-01": Fully, "2026-04-02": Skipped,
	}}}}
	f := Practice(in, view())
	got := ""
	for _, r := range f.Table.Rows {
		got += strings.Join(r, ",") + ";"
	}
	if want := "Mar 2026,1,1,0;Apr 2026,1,0,1;"; got != want {
		t.Errorf("table %q, want %q", got, want)
	}
	must(t, says(f.Scene, "3 days"), "the number is not drawn")
	must(t, says(f.Scene, "skipped") && !says(f.Scene, "tried"), "the legend has not just the signs of the picture")
	must(t, strings.HasSuffix(f.Caption, "Walk: done fully on 2 days, partly on 1 day, skipped on 1 day."), "caption %q", f.Caption)
}

func TestGoalsAreInWords(t *testing.T) {
	f := Goals(sampleGoals(), view())
	for _, want := range []string{"as hoped", "three times a week", "not rated yet"} {
		must(t, says(f.Scene, want), "%q is not drawn", want)
	}
	must(t, f.Table.Rows[0][2] == "as hoped: three times a week", "table %v", f.Table.Rows[0])
	must(t, strings.Contains(f.Caption, "2 of 3 goals rated"), "caption %q", f.Caption)
}

func TestReconnectCountsWhatWasSaid(t *testing.T) {
	f := ReconnectDots(sampleReconnect(), view())
	must(t, strings.Contains(f.Caption, "4 of 5 conversations have a time"), "caption %q", f.Caption)
	must(t, strings.Contains(f.Caption, "Agreements kept: 2 of 3"), "caption %q", f.Caption)
	must(t, says(f.Scene, "5 conversations"), "n is not drawn")
	must(t, f.Table.Rows[2][1] == "–" && f.Table.Rows[2][2] == "–", "table %v", f.Table.Rows[2])
}

func TestNumbersRoundHalfAwayFromZeroForDisplay(t *testing.T) {
	for v, want := range map[float64]string{37.5: "37.5", 50: "50", 60.75: "61", -12.5: "−12.5", 0.4: "0", -0.2: "0", 64.5833: "65", -2.5: "−2.5"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestScalesAreWholeAndRound(t *testing.T) {
	for _, r := range [][2]float64{{0, 100}, {0, 81}, {6, 45}, {1, 5}, {0, 21}, {-100, 100}, {17, 170}, {3, 3}} {
		got := ticks(r[0], r[1])
		must(t, got[0] == r[0] && got[len(got)-1] == r[1], "ticks(%v) = %v: not the full scale", r, got)
		must(t, len(got) <= 7, "ticks(%v) = %v", r, got)
	}
}

// TestEveryTextStaysInItsScene: no label of a usual chart is cut at an edge.
func TestEveryTextStaysInItsScene(t *testing.T) {
	for size, v := range map[string]View{"wide": view(), "half": half()} {
		for name, f := range samples(v) {
			for _, tx := range texts(f.Scene) {
				w := v.Metrics.Width(tx.S, tx.Size, tx.Bold)
				left := tx.At.X - w*float64(tx.Anchor)/2
				if left < -0.5 || left+w > f.Scene.W+0.5 || tx.At.Y-tx.Size*0.6 < 0 || tx.At.Y+tx.Size*0.25 > f.Scene.H {
					t.Errorf("%s %s: %q at %.1f–%.1f × %.1f leaves %.1f × %.1f", size, name, tx.S, left, left+w, tx.At.Y, f.Scene.W, f.Scene.H)
				}
			}
			must(t, f.Caption != "" && len(f.Table.Rows) > 0, "%s has no words or no table", name)
		}
	}
}

func TestAbsurdInputDrawsWithoutPanic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"", strings.Repeat("W", 200), "😀‍🚀", "יוסף (12)", "李小龙", "<>&\"\n", "\xff\xfe", "a\x00b"}).Draw(rt, "name")
		val := func() Value {
			if rapid.Bool().Draw(rt, "known") {
				return Num(rapid.Float64Range(-1000, 1000).Draw(rt, "value"))
			}
			return Value{}
		}
		d := day.Day("2026-01-01").Add(rapid.IntRange(0, 20000).Draw(rt, "days"))
		pts := []TimePoint{{"2026-01-01", val(), ""}, {d, val(), name}}
		v := view()
		v.W = rapid.Float64Range(0, 600).Draw(rt, "w")
		figs := []Figure{
			Radar(RadarInput{Axes: []string{name, "b", name}, Series: []RadarSeries{{Name: name, Values: []Value{val(), val()}}}}, v),
			Radar(RadarInput{Axes: []string{name, "b", name}, Series: []RadarSeries{{Name: name, Values: []Value{val(), val(), val()}}, {Name: "b", Tone: B, Values: []Value{val(), val()}}}}, v),
			Dumbbell(DumbbellInput{FromName: name, Min: 0, Max: 100, Rows: []DumbbellRow{{Label: name, From: val(), To: val()}}}, v),
			Pulse(PulseInput{Panels: []Panel{{Name: name, Max: 10, Series: []Series{{Name: name, Points: pts}}}}}, v),
			Outcome(OutcomeInput{Max: 81, Series: []Series{{Points: pts}}, Threshold: val(), Cutoff: val(), CutoffWords: name}, v),
			Practice(PracticeInput{From: "2026-01-01", To: day.Day("2026-01-01").Add(rapid.IntRange(0, 800).Draw(rt, "period")), Rows: []PracticeRow{{Name: name}}}, v),
			Goals(GoalsInput{Goals: []Goal{{Name: name, Start: val(), Now: val()}}}, v),
			ReconnectDots(ReconnectInput{Items: []Reconnect{{Day: d, Hours: val()}}}, v),
			Levels(LevelsInput{Parts: []string{name, name}, Bars: []LevelsBar{{Label: name, Counts: []int{3, -1, 7}}}}, v),
		}
		for _, f := range figs {
			for _, it := range f.Scene.Items {
				if p, ok := it.(Path); ok {
					for _, q := range p.Points {
						if math.IsNaN(q.X) || math.IsNaN(q.Y) || math.IsInf(q.X, 0) || math.IsInf(q.Y, 0) {
							rt.Fatalf("%s has a point at %v", f.Kind, q)
						}
					}
				}
			}
			if f.Kind != "practice" {
				Raster(f.Scene, 60, 40)
			}
		}
	})
}

func TestEmptyChartsAreDrawn(t *testing.T) {
	v := view()
	for _, f := range []Figure{
		Radar(RadarInput{}, v), Dumbbell(DumbbellInput{}, v), Pulse(PulseInput{}, v), Outcome(OutcomeInput{}, v),
		Practice(PracticeInput{}, v), Practice(PracticeInput{Rows: []PracticeRow{{Name: "Walk"}}}, v), Goals(GoalsInput{}, v), ReconnectDots(ReconnectInput{}, v), Levels(LevelsInput{}, v),
	} {
		must(t, f.Scene.W > 0 && f.Scene.H > 0, "%s has no size", f.Kind)
		Raster(f.Scene, 50, 50)
	}
}

func TestRasterDrawsInkAndKeepsTheGroundClear(t *testing.T) {
	s := Scene{W: 10, H: 10}
	s.Add(Path{Points: []Point{{2, 2}, {8, 2}, {8, 8}, {2, 8}}, Closed: true, Fill: color.NRGBA{R: 255, A: 255}})
	img := Raster(s, 100, 100)
	must(t, img.RGBAAt(50, 50) == color.RGBA{R: 255, A: 255}, "the middle is %v", img.RGBAAt(50, 50))
	must(t, img.RGBAAt(5, 5) == color.RGBA{}, "the ground is %v", img.RGBAAt(5, 5))
	letter := Scene{W: 20, H: 20}
	letter.Add(Text{At: Point{2, 16}, S: "Mب李", Size: 12, Color: color.NRGBA{A: 255}})
	ink := 0
	for _, px := range Raster(letter, 80, 80).Pix {
		if px > 128 {
			ink++
		}
	}
	must(t, ink > 50, "letters leave %d dark pixels", ink)
}

func TestDashesKeepTheirPattern(t *testing.T) {
	parts := dashes([]Point{{0, 0}, {10, 0}}, []float64{2, 1}, 1)
	must(t, len(parts) == 4, "%d dashes on 10 points of 2 on, 1 off", len(parts))
	must(t, len(dashes([]Point{{0, 0}, {10, 0}}, nil, 1)) == 1, "a whole line was cut")
}

// strokes are the paths drawn in a colour.
func strokes(s Scene, c color.NRGBA) []Path {
	var out []Path
	for _, it := range s.Items {
		if p, ok := it.(Path); ok && p.Stroke.Width > 0 && p.Stroke.Color == c {
			out = append(out, p)
		}
	}
	return out
}

func centre(pts []Point) Point {
	c := Point{}
	for _, p := range pts {
		c.X += p.X / float64(len(pts))
		c.Y += p.Y / float64(len(pts))
	}
	return c
}
