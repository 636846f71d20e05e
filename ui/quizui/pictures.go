package quizui

import (
	"image"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/glyph"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// pictures are the charts of a quiz for this reader, made only of what the reader has.
func (t *tab) pictures(d *quizzes.Definition) []fyne.CanvasObject {
	switch {
	case d.Profile != nil:
		return t.profiles(d)
	case d.Use == "pulse":
		return t.pulse(d)
	}
	return t.outcomes(d)
}

// figure is a chart in the window: drawn for its size and theme, its table one key away.
func figure(width, height float32, make func(v chart.View) chart.Figure) fyne.CanvasObject {
	view := func() chart.View {
		v := chart.View{W: float64(width), Text: 11, Palette: chart.Light, Metrics: glyph.Metrics{}}
		if kit.IsDark() {
			v.Palette = chart.Dark
		}
		return v
	}
	f := make(view())
	if h := float32(f.Scene.H); h > 0 {
		height = h
	}
	spec := kit.ChartSpec{Width: width, Height: height, Caption: f.Caption, Rows: f.Table.Rows, Draw: func(w, h int) image.Image { return chart.Raster(make(view()).Scene, w, h) }}
	for _, h := range f.Table.Head {
		spec.Columns = append(spec.Columns, kit.Column{Title: h})
	}
	return kit.NewChart(spec)
}

func tone(s clients.Slot) chart.Tone {
	if s == clients.SlotB {
		return chart.B
	}
	return chart.A
}

func on(r quizzes.Result) day.Day { return day.Of(r.TakenAt.Local()) }

func (t *tab) slots() []clients.Slot { return []clients.Slot{clients.SlotA, clients.SlotB} }

// profiles shows the newest profile of each partner, and then and now where there are two.
func (t *tab) profiles(d *quizzes.Definition) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	row := kit.Flow(16)
	for _, s := range t.slots() {
		all := t.of(d, s)
		if len(all) == 0 {
			continue
		}
		first, last := all[0], all[len(all)-1]
		row.Add(kit.VBox(6, kit.HBox(8, kit.NewChip(t.short(s), slotColor(s)), kit.Soft(on(last).Words())), t.radar(s, last), t.dumbbell(s, first, last)))
		if last.Partial() {
			out = append(out, kit.Bold(text.T("report.chosen", "Channels chosen for this conversation")))
		}
	}
	out = append(out, row)
	for _, s := range t.slots() {
		if all := t.of(d, s); len(all) > 1 && t.rec.Lens != kit.LensJoint {
			out = append(out, t.changed(s, all[0], all[len(all)-1])...)
		}
	}
	return out
}

func (t *tab) radar(s clients.Slot, r quizzes.Result) fyne.CanvasObject {
	return figure(360, 300, func(v chart.View) chart.Figure {
		in := chart.RadarInput{}
		felt := chart.RadarSeries{Name: text.T("report.felt", "Felt"), Tone: tone(s)}
		wished := chart.RadarSeries{Name: text.T("report.wished", "Wished for"), Tone: tone(s), Wanted: true}
		for _, c := range r.Profile.Channels {
			ch, _ := r.Definition.Channel(c.Code)
			in.Axes = append(in.Axes, ch.Name)
			felt.Values = append(felt.Values, chart.Of(c.Experienced))
			wished.Values = append(wished.Values, chart.Of(c.Wanted))
		}
		in.Series = []chart.RadarSeries{felt, wished}
		return chart.Radar(in, v)
	})
}

func (t *tab) dumbbell(s clients.Slot, first, last quizzes.Result) fyne.CanvasObject {
	return figure(360, 220, func(v chart.View) chart.Figure {
		in := chart.DumbbellInput{Max: 100, Direction: text.T("report.right_more", "further right is more"), FromName: on(first).Words(), ToName: on(last).Words(), Title: text.T("report.then_now", "Felt, then and now")}
		if first.ID == last.ID {
			in.Wish, in.FromName, in.ToName, in.Title = true, text.T("report.felt", "Felt"), text.T("report.wished", "Wished for"), text.T("report.felt_wished", "Felt and wished for")
		}
		for _, c := range last.Profile.Channels {
			ch, _ := last.Definition.Channel(c.Code)
			row := chart.DumbbellRow{Label: ch.Name, Tone: tone(s), From: chart.Of(first.Profile.Channel(c.Code).Experienced), To: chart.Of(c.Experienced)}
			if in.Wish {
				row.From, row.To = chart.Of(c.Experienced), chart.Of(c.Wanted)
			}
			in.Rows = append(in.Rows, row)
		}
		return chart.Dumbbell(in, v)
	})
}

// changed judges the change in words (rule Q-08).
func (t *tab) changed(s clients.Slot, first, last quizzes.Result) []fyne.CanvasObject {
	if !quizzes.SameVersion(&first.Administration, &last.Administration) || last.Partial() || first.Partial() {
		return nil
	}
	c, err := quizzes.CompareProfiles(last.Definition, *first.Profile, *last.Profile)
	if err != nil || c.Total == nil {
		return nil
	}
	words := text.T("quizzes.change", "%s, all channels: %s to %s. %s", t.short(s), quizzes.ShowTotal(&c.From), quizzes.ShowTotal(&c.To), c.Total.Class.Sentence())
	return []fyne.CanvasObject{kit.Hint(words)}
}

func (t *tab) pulse(d *quizzes.Definition) []fyne.CanvasObject {
	return []fyne.CanvasObject{figure(760, 300, func(v chart.View) chart.Figure {
		in := chart.PulseInput{}
		for i, it := range d.Items {
			panel := chart.Panel{Name: it.Label, Max: 10, Low: text.T("report.pulse_low", "not at all"), High: text.T("report.pulse_high", "completely")}
			for _, s := range t.slots() {
				line := chart.Series{Name: t.short(s), Tone: tone(s), Gap: 21}
				for _, r := range t.of(d, s) {
					pt := chart.TimePoint{Day: on(r), Version: r.Version}
					if i < len(r.Answers) && r.Answers[i].Status == quizzes.Answered {
						pt.Value = chart.Num(float64(r.Answers[i].Code))
					}
					line.Points = append(line.Points, pt)
				}
				if len(line.Points) > 0 {
					panel.Series = append(panel.Series, line)
				}
			}
			in.Panels = append(in.Panels, panel)
		}
		return chart.Pulse(in, v)
	})}
}

func (t *tab) outcomes(d *quizzes.Definition) []fyne.CanvasObject {
	scale, ok := d.Scale(d.Total)
	if !ok {
		return nil
	}
	var out []fyne.CanvasObject
	for _, s := range t.slots() {
		all := t.of(d, s)
		if len(all) == 0 {
			continue
		}
		out = append(out, figure(760, 240, func(v chart.View) chart.Figure {
			in := chart.OutcomeInput{Title: t.short(s), Min: scale.Range.Min, Max: scale.Range.Max, HigherIsBetter: d.Direction == quizzes.Up}
			line := chart.Series{Name: t.short(s), Tone: tone(s)}
			for _, r := range all {
				line.Points = append(line.Points, chart.TimePoint{Day: on(r), Value: chart.Of(r.Scores[scale.ID]), Version: r.Version})
			}
			in.Series = []chart.Series{line}
			if scale.Change != nil {
				in.Threshold = chart.Num(scale.Change.Points())
			}
			if len(scale.CutOffs) > 0 {
				in.Cutoff = chart.Num(scale.CutOffs[0].Value)
				in.CutoffWords = scale.CutOffs[0].Words()
			}
			return chart.Outcome(in, v)
		}))
		if len(all) > 1 {
			first, last := all[0], all[len(all)-1]
			if from, to := first.Scores[scale.ID], last.Scores[scale.ID]; from != nil && to != nil && quizzes.SameVersion(&first.Administration, &last.Administration) {
				if j, err := d.JudgeScale(scale, *from, *to); err == nil {
					words := text.T("quizzes.judged", "%s: %s to %s. %s", t.short(s), quizzes.ShowScore(from), quizzes.ShowScore(to), j.Class.Sentence())
					if t.coach() {
						words += " " + j.Class.Words(d.Direction)
					}
					out = append(out, kit.Hint(words))
				}
			}
			for _, w := range quizzes.ComparisonWarnings(&first.Administration, &last.Administration) {
				out = append(out, kit.Hint(w))
			}
		}
	}
	return out
}
