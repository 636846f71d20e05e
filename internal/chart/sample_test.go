package chart

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/glyph"
)

func view() View { return View{Metrics: glyph.Metrics{}} }

func half() View { return View{W: 225, Metrics: glyph.Metrics{}} }

var channels = []string{"Emotional", "Intellectual", "Affectionate touch", "Sexual", "Experiential", "Spiritual"}

func nums(v ...float64) []Value {
	out := make([]Value, len(v))
	for i, x := range v {
		if x >= 0 {
			out[i] = Num(x)
		}
	}
	return out
}

// v1 is vector V1 of the quiz, v5 vector V5 with one channel not scored.
func sampleRadar() RadarInput {
	return RadarInput{Title: "Your six channels", Axes: channels, Series: []RadarSeries{
		{Name: "what you feel now", Tone: A, Values: nums(37.5, 12.5, 50, 50, 25, 50)},
		{Name: "what you wish for", Tone: A, Wanted: true, Values: nums(100, 100, 75, 75, 100, 50)},
	}}
}

func gappedRadar() RadarInput {
	return RadarInput{Title: "Your six channels", Axes: channels, Series: []RadarSeries{
		{Name: "what you feel now", Tone: B, Values: nums(75, 75, 50, -1, 50, 50)},
		{Name: "what you wish for", Tone: B, Wanted: true, Values: nums(75, 75, 75, -1, 75, 75)},
	}}
}

// twoRadars is what both felt: vectors V1 and V2, the same on two axes.
func twoRadars() RadarInput {
	return RadarInput{Title: "Felt now", Axes: channels, Series: []RadarSeries{
		{Name: "Ana", Tone: A, Values: nums(37.5, 12.5, 50, 50, 25, 50)},
		{Name: "Ben", Tone: B, Values: nums(50, 37.5, 75, 50, 50, 50)},
	}}
}

func sampleDumbbell() DumbbellInput {
	in := DumbbellInput{
		Title: "Then and now", FromName: "March", ToName: "now", Min: 0, Max: 100,
		Direction: "Further right: you feel this closeness more.",
	}
	from, to := nums(37.5, 12.5, 50, 50, 25, -1), nums(75, 62.5, 75, 50, 12.5, 50)
	for i, c := range channels {
		in.Rows = append(in.Rows, DumbbellRow{Label: c, Tone: A, From: from[i], To: to[i]})
	}
	return in
}

func weekly(start day.Day, v ...float64) []TimePoint {
	var out []TimePoint
	for i, x := range nums(v...) {
		out = append(out, TimePoint{Day: start.Add(7 * i), Value: x})
	}
	return out
}

func samplePulse() PulseInput {
	in := PulseInput{Title: "Week by week"}
	for i, name := range []string{"Felt close", "Felt heard", "Handled conflict well", "Had fun", "Felt desired"} {
		f := float64(i)
		in.Panels = append(in.Panels, Panel{Name: name, Min: 0, Max: 10, Low: "not at all", High: "very much", Series: []Series{
			{Name: "Ana", Tone: A, Gap: 10, Points: weekly("2026-03-02", 3+f/2, 4, 3, -1, 5, 6, 5, 6, 7, 6, 7, 8)},
			{Name: "Ben", Tone: B, Gap: 10, Points: weekly("2026-03-03", 5, 5, 4, 6, 6-f/2, -1, -1, 6, 6, 7, 7, 9)},
		}})
	}
	return in
}

func sampleOutcome() OutcomeInput {
	return OutcomeInput{
		Title: "How satisfied you are together", Min: 0, Max: 81, HigherIsBetter: true,
		Threshold: Num(6.664), Cutoff: Num(51.5), CutoffWords: "many couples who look for help score below 52 here.",
		Series: []Series{{Name: "Ana", Tone: A, Points: []TimePoint{
			{"2026-03-02", Num(44), "1"},
			{"2026-04-13", Num(48), "1"},
			{"2026-05-25", Value{}, "1"},
			{"2026-07-06", Num(55), "1"},
			{"2026-09-14", Num(58), "2"},
		}}},
	}
}

func samplePractice() PracticeInput {
	in := PracticeInput{Title: "What you did", From: "2026-03-02", To: "2026-06-14"}
	for i, name := range []string{"Daily appreciation", "A walk without phones, on any day that fits you both"} {
		row := PracticeRow{Name: name, Tone: Both, Days: map[day.Day]Done{}}
		for k := range 105 {
			row.Days[in.From.Add(k)] = Done((k*k*(i+3) + k/5) % 7 % 6)
		}
		in.Rows = append(in.Rows, row)
	}
	return in
}

func sampleGoals() GoalsInput {
	return GoalsInput{Title: "Your goals", Goals: []Goal{
		{Name: "Talk about the day before the phones come out", Tone: Both, Levels: [5]string{"never", "once a week", "three times a week", "five times a week", "every day"}, Start: Num(-2), Now: Num(0)},
		{Name: "Say sorry sooner", Tone: A, Levels: [5]string{"", "within days", "the same day", "", ""}, Start: Num(-1), Now: Num(-1)},
		{Name: "A weekend away", Tone: B, Start: Num(-1)},
	}}
}

func sampleReconnect() ReconnectInput {
	yes, no := true, false
	return ReconnectInput{Title: "Finding back to each other", Items: []Reconnect{
		{Day: "2026-03-10", Hours: Num(48), Kept: &no},
		{Day: "2026-04-02", Hours: Num(30), Kept: &yes},
		{Day: "2026-04-21"},
		{Day: "2026-05-11", Hours: Num(12), Kept: &yes},
		{Day: "2026-06-01", Hours: Num(3)},
	}}
}

func sampleLevels() LevelsInput {
	return LevelsInput{Title: "Appreciations", Parts: []string{"for a thing done", "for a quality", "for being there"}, Bars: []LevelsBar{
		{Label: "Ana", Tone: A, Counts: []int{12, 7, 3}},
		{Label: "Ben", Tone: B, Counts: []int{9, 4, 0}},
	}}
}

// samples draws one of every kind in a view.
func samples(v View) map[string]Figure {
	return map[string]Figure{
		"radar": Radar(sampleRadar(), v), "radar-gap": Radar(gappedRadar(), v), "radar-two": Radar(twoRadars(), v),
		"dumbbell": Dumbbell(sampleDumbbell(), v), "pulse": Pulse(samplePulse(), v),
		"outcome": Outcome(sampleOutcome(), v), "practice": Practice(samplePractice(), v),
		"goals": Goals(sampleGoals(), v), "reconnect": ReconnectDots(sampleReconnect(), v),
		"levels": Levels(sampleLevels(), v),
	}
}

func texts(s Scene) []Text {
	var out []Text
	for _, it := range s.Items {
		if t, ok := it.(Text); ok {
			out = append(out, t)
		}
	}
	return out
}

func says(s Scene, want string) bool {
	for _, t := range texts(s) {
		if strings.Contains(t.S, want) {
			return true
		}
	}
	return false
}

func must(t *testing.T, ok bool, format string, args ...any) {
	t.Helper()
	if !ok {
		t.Errorf(format, args...)
	}
}
