package pdf

import (
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/reports"
)

var channels = []string{"Emotional", "Intellectual", "Affectionate touch", "Sexual", "Experiential", "Spiritual"}

func nums(v ...float64) []chart.Value {
	out := make([]chart.Value, len(v))
	for i, x := range v {
		if x >= 0 {
			out[i] = chart.Num(x)
		}
	}
	return out
}

func weekly(start day.Day, v ...float64) []chart.TimePoint {
	var out []chart.TimePoint
	for i, x := range nums(v...) {
		out = append(out, chart.TimePoint{Day: start.Add(7 * i), Value: x})
	}
	return out
}

func radar(w float64, t chart.Tone, name string, e, wish []chart.Value) chart.Figure {
	return chart.Radar(chart.RadarInput{Title: name, Axes: channels, Series: []chart.RadarSeries{
		{Name: "felt now", Tone: t, Values: e}, {Name: "wished for", Tone: t, Wanted: true, Values: wish},
	}}, chart.View{W: w, Metrics: glyph.Metrics{}})
}

// figures are six charts of every kind that a coach's report has.
func figures(size reports.PageSize) []chart.Figure {
	v := chart.View{W: size.Column(), Metrics: glyph.Metrics{}}
	from, to := nums(37.5, 12.5, 50, 50, 25, 50), nums(75, 62.5, 75, 50, 75, -1)
	bell := chart.DumbbellInput{Title: "Six channels, then and now", FromName: "March", ToName: "August", Max: 100, Direction: "Further right: you feel this closeness more."}
	for i, c := range channels {
		bell.Rows = append(bell.Rows, chart.DumbbellRow{Label: c, Tone: chart.A, From: from[i], To: to[i]})
	}
	pulse := chart.PulseInput{Title: "Week by week"}
	for i, name := range []string{"Felt close", "Felt heard", "Handled conflict well", "Had fun", "Felt desired"} {
		f := float64(i)
		pulse.Panels = append(pulse.Panels, chart.Panel{Name: name, Max: 10, Low: "not at all", High: "very much", Series: []chart.Series{
			{Name: "Ana", Tone: chart.A, Gap: 10, Points: weekly("2026-03-02", 3+f/2, 4, 3, -1, 5, 6, 5, 6, 7, 6, 7, 8)},
			{Name: "Ben", Tone: chart.B, Gap: 10, Points: weekly("2026-03-03", 5, 5, 4, 6, 6-f/2, -1, -1, 6, 6, 7, 7, 9)},
		}})
	}
	done := map[day.Day]chart.Done{}
	for k := range 150 {
		done[day.Day("2026-03-02").Add(k)] = chart.Done(k * k * 3 % 7 % 6)
	}
	return []chart.Figure{
		chart.Dumbbell(bell, v),
		chart.Pulse(pulse, v),
		chart.Outcome(chart.OutcomeInput{
			Title: "How satisfied Ana is", Max: 81, HigherIsBetter: true, Threshold: chart.Num(6.664), Cutoff: chart.Num(51.5),
			CutoffWords: "many couples who look for help score below 52 here.",
			Series:      []chart.Series{{Name: "Ana", Tone: chart.A, Points: weekly("2026-03-02", 44, 46, 45, -1, 49, 55, 56, 58)}},
		}, v),
		chart.Practice(chart.PracticeInput{Title: "What you did", From: "2026-03-02", To: "2026-07-29", Rows: []chart.PracticeRow{{Name: "Daily appreciation", Tone: chart.Both, Days: done}}}, v),
		chart.Goals(chart.GoalsInput{Title: "Your goals", Goals: []chart.Goal{
			{Name: "Talk about the day before the phones come out", Tone: chart.Both, Levels: [5]string{"never", "once a week", "three times a week", "five times a week", "every day"}, Start: chart.Num(-2), Now: chart.Num(0)},
			{Name: "Say sorry sooner", Tone: chart.A, Start: chart.Num(-1), Now: chart.Num(-1)},
		}}, v),
		chart.ReconnectDots(chart.ReconnectInput{Title: "Finding back to each other", Items: []chart.Reconnect{
			{Day: "2026-03-10", Hours: chart.Num(48)}, {Day: "2026-04-02", Hours: chart.Num(30)}, {Day: "2026-05-11", Hours: chart.Num(12)}, {Day: "2026-06-01", Hours: chart.Num(3)},
		}}, v),
	}
}

const prose = "You came in March because the evenings had become quiet. Since then you have **talked on most days**, and you have found " +
	"words for what you miss. *Ana* felt heard more often while you practised; Ben says the mornings are lighter. " +
	"Not everything moved: one channel stands where it stood, and that is worth a calm look together."

// sample is a report of about eight pages.
func sample(size reports.PageSize) reports.Document {
	w := size.HalfColumn()
	figs := figures(size)
	blocks := []reports.Block{
		reports.Cover{
			Title: "Ana and Ben", Subtitle: "Where you stand after five months", Tone: chart.Both,
			Facts: []reports.KeyValue{{Key: "Prepared for", Value: "Ana and Ben"}, {Key: "Period", Value: "2 March to 29 July 2026"}, {Key: "Prepared by", Value: "Lindenhof Coaching"}},
			Note:  "Written for a conversation between you. It is not a verdict on either of you.",
		},
		reports.Heading{Level: 1, Text: "In brief"},
		reports.Paragraph{Lead: true, Text: "You feel closer than in March, above all in how you talk. Touch is where your wishes differ most."},
		reports.Bullets{Items: []string{
			"You kept the evening walk on most weeks, also in the hard ones.",
			"Ana feels heard more often. **This is a bigger change than the questionnaire's usual wobble.**",
			"Your next step: one question a day, asked with time to listen to the answer, before either of you looks at a phone or gets up from the table.",
		}},
		reports.Heading{Level: 1, Text: "Your six channels"},
		reports.Chart{Figures: []chart.Figure{
			radar(w, chart.A, "Ana", nums(75, 62.5, 75, 50, 75, 50), nums(100, 100, 75, 75, 100, 50)),
			radar(w, chart.B, "Ben", nums(75, 75, 50, -1, 50, 50), nums(75, 75, 75, -1, 75, 75)),
		}},
		reports.Paragraph{Text: prose},
	}
	for i, fig := range figs {
		blocks = append(blocks, reports.Heading{Level: 2, Text: fig.Title, Tone: []chart.Tone{chart.A, chart.Both, chart.A, chart.Both, chart.Both, chart.B}[i]})
		fig.Title = ""
		blocks = append(blocks, reports.Paragraph{Text: prose}, reports.Chart{Figures: []chart.Figure{fig}})
	}
	blocks = append(
		blocks,
		reports.Heading{Level: 1, Text: "What you agreed"},
		reports.Table{
			Columns: []reports.Column{{Head: "Agreement", Weight: 3}, {Head: "Since"}, {Head: "Looked at", Align: reports.Right}},
			Rows: [][]string{
				{"No phones at the table, except when a child is out", "4 April 2026", "weekly"},
				{"Whoever gets loud takes the break, and says when they come back", "18 April 2026", "monthly"},
				{"Sunday walk, also in the rain", "2 May 2026", "monthly"},
			},
			Note: "An agreement can be changed by either of you at any time.",
		},
		reports.KeyValues{Items: []reports.KeyValue{{Key: "Sessions together", Value: "11 of 12 planned"}, {Key: "Conversations", Value: "4, three with an agreement"}}},
		reports.Heading{Level: 1, Text: "A letter"},
		reports.LetterText{Greeting: "Dear Ana, dear Ben,", Text: prose + "\n\n" + prose, Signature: "Your coach"},
		reports.PageBreak{},
		reports.Heading{Level: 1, Text: "Scripts"},
		reports.Paragraph{Text: "Ελένη και Νίκος μιλούν. Наталья и Игорь разговаривают. 李小龙和王芳每天散步，他们感觉更亲近。 **粗体汉字** Zoë, Ğülşen, Łukasz."},
		reports.Paragraph{Text: "With Arabic يوسف ومريم (2026) inside a line, Hebrew דנה ואבי, and Hindi अंजलि और विक्रम, Thai สมชาย, Georgian ნინო."},
		reports.Paragraph{Text: "يوسف ومريم يتحدثان كل يوم بعد العشاء، وهذا يساعدهما (كما يقولان) 2026."},
		reports.Paragraph{Soft: true, Text: "Well done 😀 — and 𝓐 ሰላም."},
	)
	return reports.Document{
		Title: "Progress report", Subtitle: "March to July 2026", Reader: "For Ana and Ben together", Tone: chart.Both,
		Author: "Lindenhof Coaching", Date: "2026-08-01", Size: size, ID: "R-2026-014", Blocks: blocks,
	}
}
