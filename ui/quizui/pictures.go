package quizui

import (
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/chart"
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
		v := chart.View{W: float64(width), Text: labelSize(), Palette: chart.Light, Metrics: glyph.Metrics{}}
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

// labelSize is the size of the words in a picture: they grow with the text of the window,
// as far as the room for them goes.
func labelSize() float64 { return min(16, 11*float64(theme.Size(kit.SizeBody))/14) }

// The width of a picture over time, and what stands beside it: margins of page and card.
const (
	widest    = 820
	narrowest = 380
	beside    = 90
)

// room is how wide a picture may be in the window as it is now.
func (t *tab) room() float32 { return max(narrowest, min(widest, t.Size().Width-beside)) }

// column is how wide one partner's profile may be: half of the room where that is enough
// for both to stand side by side.
func (t *tab) column() float32 {
	const enough, most, wide, gap = 380, 400, 520, 16
	if half := (t.room() - gap) / 2; half >= enough && labelSize() < 14 {
		return min(most, half)
	}
	return min(wide, t.room())
}

// Resize draws the pictures anew for a window that became wider or narrower.
func (t *tab) Resize(s fyne.Size) {
	before := t.room()
	t.BaseWidget.Resize(s)
	if t.room() != before && len(t.state.results) > 0 && t.sheet == nil {
		t.fill(t.state)
	}
}

func tone(s clients.Slot) chart.Tone {
	if s == clients.SlotB {
		return chart.B
	}
	return chart.A
}

func (t *tab) slots() []clients.Slot { return []clients.Slot{clients.SlotA, clients.SlotB} }

// locked are the finished results of one quiz and partner, oldest first: a picture is never
// made of answers that are still being entered.
func (t *tab) locked(d *quizzes.Definition, s clients.Slot) []quizzes.Result {
	return slices.DeleteFunc(t.of(d, s), func(r quizzes.Result) bool { return !r.Locked() })
}

// codes are the channels that this reader's pictures show. To both together a channel is
// shown only where both have it, so that a missing one says nothing (rule PV-08).
func (t *tab) codes(d *quizzes.Definition) []string {
	var out []string
	for _, c := range d.Profile.Channels {
		keep := true
		for _, s := range t.slots() {
			for _, r := range ends(t.locked(d, s)) {
				keep = keep && (t.rec.Lens != kit.LensJoint || has(r, c.Code))
			}
		}
		if keep {
			out = append(out, c.Code)
		}
	}
	return out
}

func has(r quizzes.Result, code string) bool {
	c := r.Profile.Channel(code)
	return c.Experienced != nil && c.Wanted != nil
}

// ends are the first and the last of several results.
func ends(all []quizzes.Result) []quizzes.Result {
	if len(all) < 2 {
		return all
	}
	return []quizzes.Result{all[0], all[len(all)-1]}
}

// profiles shows the newest profile of each partner, and then and now where there are
// two. Both together see them when both have released theirs (rule PV-04).
func (t *tab) profiles(d *quizzes.Definition) []fyne.CanvasObject {
	a, b := t.locked(d, clients.SlotA), t.locked(d, clients.SlotB)
	var out []fyne.CanvasObject
	codes := t.codes(d)
	chosen := len(codes) < len(d.Profile.Channels)
	row := kit.Flow(16)
	for _, s := range t.slots() {
		all := t.locked(d, s)
		if len(all) == 0 {
			continue
		}
		first, last := all[0], all[len(all)-1]
		chosen = chosen || last.Partial()
		column := kit.VBox(6, kit.HBox(8, kit.NewChip(t.short(s), slotColor(s)), kit.Soft(last.TakenOn().Words())))
		if n := shown(last, codes); n >= 3 {
			column.Add(t.radar(s, last, codes))
		}
		column.Add(t.dumbbell(s, first, last, codes))
		column.Add(kit.Sized(t.column(), 0, kit.VBox(6, append([]fyne.CanvasObject{profileTable(last, codes)}, t.said(s, last, codes)...)...)))
		row.Add(column)
	}
	if len(row.Objects) == 0 {
		return nil
	}
	if chosen {
		out = append(out, kit.Bold(text.T("report.chosen", "Channels chosen for this conversation")))
	}
	out = append(out, row)
	if len(a) > 0 && len(b) > 0 && (t.coach() || t.rec.Lens == kit.LensJoint) && quizzes.SameVersion(&a[len(a)-1].Administration, &b[len(b)-1].Administration) {
		out = append(out, kit.AtMost(620, t.apart(a[len(a)-1], b[len(b)-1], codes)))
	}
	for _, s := range t.slots() {
		if all := t.locked(d, s); len(all) > 1 && t.rec.Lens != kit.LensJoint {
			out = append(out, t.changed(s, all[0], all[len(all)-1])...)
		}
	}
	return out
}

// shown counts the channels of a result that stand in a picture.
func shown(r quizzes.Result, codes []string) (n int) {
	for _, c := range r.Profile.Channels {
		if slices.Contains(codes, c.Code) {
			n++
		}
	}
	return n
}

func (t *tab) radar(s clients.Slot, r quizzes.Result, codes []string) fyne.CanvasObject {
	return figure(t.column()-20, 300, func(v chart.View) chart.Figure {
		in := chart.RadarInput{}
		felt := chart.RadarSeries{Name: text.T("report.felt", "Felt"), Tone: tone(s)}
		wished := chart.RadarSeries{Name: text.T("report.wished", "Wished for"), Tone: tone(s), Wanted: true}
		for _, c := range r.Profile.Channels {
			if !slices.Contains(codes, c.Code) {
				continue
			}
			ch, _ := r.Definition.Channel(c.Code)
			in.Axes = append(in.Axes, ch.Name)
			felt.Values = append(felt.Values, chart.Of(c.Experienced))
			wished.Values = append(wished.Values, chart.Of(c.Wanted))
		}
		in.Series = []chart.RadarSeries{felt, wished}
		return chart.Radar(in, v)
	})
}

func (t *tab) dumbbell(s clients.Slot, first, last quizzes.Result, codes []string) fyne.CanvasObject {
	return figure(t.column()-20, 220, func(v chart.View) chart.Figure {
		in := chart.DumbbellInput{Max: 100, Direction: text.T("report.right_more", "further right is more"), FromName: first.TakenOn().Words(), ToName: last.TakenOn().Words(), Title: text.T("report.then_now", "Felt, then and now")}
		if first.ID == last.ID {
			in.Wish, in.FromName, in.ToName, in.Title = true, text.T("report.felt", "Felt"), text.T("report.wished", "Wished for"), text.T("report.felt_wished", "Felt and wished for")
		}
		for _, c := range last.Profile.Channels {
			if !slices.Contains(codes, c.Code) {
				continue
			}
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

// changed judges the change in words, over the channels scored both times (rule Q-08).
func (t *tab) changed(s clients.Slot, first, last quizzes.Result) []fyne.CanvasObject {
	out := warnings(first, last)
	if !quizzes.SameVersion(&first.Administration, &last.Administration) || last.Partial() || first.Partial() {
		return out
	}
	c, err := quizzes.CompareProfiles(last.Definition, *first.Profile, *last.Profile)
	if err != nil || c.Total == nil {
		return out
	}
	words := text.T("quizzes.change_common", "%s, over the %d channels of both times: %s to %s.", t.short(s), len(c.Common), quizzes.ShowTotal(&c.From), quizzes.ShowTotal(&c.To))
	out = append(out, kit.Hint(join(words, c.Total.Class.Sentence())))
	if !t.coach() {
		return out
	}
	for _, code := range c.Common {
		if j := c.Channels[code]; j.Class != nil && *j.Class != quizzes.NoReliableChange {
			ch, _ := last.Definition.Channel(code)
			out = append(out, kit.Hint(text.T("quizzes.change_channel", "For you: %s %s.", ch.Name, signed(&j.Difference, j.Class.Words(last.Definition.Direction)))))
		}
	}
	if p := last.Definition.Profile.TotalChange; p != nil && p.Unverified {
		out = append(out, kit.Hint(unverified()))
	}
	return out
}

// unverified says that the numbers behind a judgement are nobody's yet.
func unverified() string {
	return text.T("quizzes.unverified", "For you: judged by unverified numbers. Nobody has compared them with a paper, or they are planning values.")
}

func join(words ...string) string { return strings.TrimSpace(strings.Join(words, " ")) }

// warnings say why two times are hard to compare.
func warnings(first, last quizzes.Result) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, w := range quizzes.ComparisonWarnings(&first.Administration, &last.Administration) {
		out = append(out, kit.Hint(w))
	}
	return out
}

func (t *tab) pulse(d *quizzes.Definition) []fyne.CanvasObject {
	return []fyne.CanvasObject{figure(t.room(), 300, func(v chart.View) chart.Figure {
		in := chart.PulseInput{}
		for i, it := range d.Items {
			panel := chart.Panel{Name: it.Label, Max: 10, Low: text.T("report.pulse_low", "not at all"), High: text.T("report.pulse_high", "completely")}
			for _, s := range t.slots() {
				line := chart.Series{Name: t.short(s), Tone: tone(s), Gap: 21}
				for _, r := range t.locked(d, s) {
					pt := chart.TimePoint{Day: r.TakenOn(), Version: r.Version}
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
		all := t.locked(d, s)
		if len(all) == 0 {
			continue
		}
		out = append(out, figure(t.room(), 240, func(v chart.View) chart.Figure {
			in := chart.OutcomeInput{Title: t.short(s), Min: scale.Range.Min, Max: scale.Range.Max, HigherIsBetter: d.Direction == quizzes.Up}
			line := chart.Series{Name: t.short(s), Tone: tone(s)}
			for _, r := range all {
				line.Points = append(line.Points, chart.TimePoint{Day: r.TakenOn(), Value: chart.Of(r.Scores[scale.ID]), Version: r.Version})
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
					words := join(text.T("quizzes.judged_pair", "%s: %s to %s.", t.short(s), quizzes.ShowScore(from), quizzes.ShowScore(to)), j.Class.Sentence())
					if t.coach() {
						words = join(words, text.T("quizzes.for_you", "For you: %s.", j.Class.Words(d.Direction)))
					}
					out = append(out, kit.Hint(words))
					if t.coach() && scale.Change != nil && scale.Change.Unverified {
						out = append(out, kit.Hint(unverified()))
					}
				}
			}
			out = append(out, warnings(first, last)...)
		}
	}
	return out
}
