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

// The width of a picture over time, and the margins of page and card beside it.
const (
	widest    = 820
	narrowest = 380
	margins   = 90
)

// room is how wide a picture may be in the window as it is now.
func (t *tab) room() float32 { return max(narrowest, min(widest, t.Size().Width-margins)) }

// yielding needs no more width than the narrowest picture: what it holds is drawn anew for
// the room there is, and must not keep the window from becoming narrower.
type yielding struct{}

func (yielding) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := objects[0].MinSize()
	return fyne.NewSize(min(s.Width, narrowest), s.Height)
}

func (yielding) Layout(objects []fyne.CanvasObject, s fyne.Size) { objects[0].Resize(s) }

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
