package reports

import (
	"math"
	"slices"
	"strconv"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

const (
	channelQuiz = "icp-18"
	pulseQuiz   = "pulse"
)

// moved says a difference before its judgement, in whole points (rule R-03); a channel
// moves by half points too, as they stand in its table (rule Q-17).
func moved(d float64) string {
	size := math.Abs(d)
	if half := size * 2; half == math.Trunc(half) && size != math.Trunc(size) {
		points := strconv.FormatFloat(size, 'f', 1, 64)
		if d > 0 {
			return text.T("report.more_half", "%s points more", points)
		}
		return text.T("report.less_half", "%s points less", points)
	}
	n := int(math.Round(size))
	switch {
	case n == 0:
		return text.T("report.same", "much the same")
	case d > 0:
		return text.N("report.more", n, "1 point more", "%d points more")
	}
	return text.N("report.less", n, "1 point less", "%d points less")
}

// pulse shows the weekly lines: small pictures, no total.
func (f *facts) pulse() []Block {
	if !f.mayShow(pulseQuiz) {
		return nil
	}
	in := chart.PulseInput{}
	n := 0
	for _, s := range f.slots() {
		all := f.weekly(s)
		n = max(n, len(all))
		for i, item := range pulseItems(all) {
			if len(in.Panels) <= i {
				in.Panels = append(in.Panels, chart.Panel{Name: item, Max: 10, Low: text.T("report.pulse_low", "not at all"), High: text.T("report.pulse_high", "completely")})
			}
			in.Panels[i].Series = append(in.Panels[i].Series, f.pulseLine(s, all, i))
		}
	}
	if len(in.Panels) == 0 {
		return nil
	}
	lead := text.T("report.pulse_lead", "Your weekly answers, from 0 to 10. Higher means more of it that week.")
	if f.req.Reader == clients.CoachView {
		lead = text.T("report.pulse_lead_coach", "The weekly answers, from 0 to 10. Higher means more of it that week.")
	}
	if n < 3 {
		lead += " " + text.T("report.pulse_few", "There are too few weeks to speak of a direction.")
	}
	return []Block{Paragraph{Text: lead, Keep: true}, Chart{Figures: []chart.Figure{chart.Pulse(in, f.view(f.req.Size.Column()))}}}
}

// weekly are a partner's answers to the pulse; in a joint report of the weeks that both
// answered and released, so that a gap tells nothing of either (rule PV-04).
func (f *facts) weekly(s clients.Slot) []quizzes.Result {
	all := f.of(s, pulseQuiz)
	if !f.joint() {
		return all
	}
	theirs := map[day.Day]bool{}
	for _, q := range f.of(s.Other(), pulseQuiz) {
		theirs[monday(takenOn(q))] = true
	}
	return slices.DeleteFunc(all, func(q quizzes.Result) bool { return !theirs[monday(takenOn(q))] })
}

func monday(d day.Day) day.Day { return d.Add(-(int(d.Time().Weekday()) + 6) % 7) }

func pulseItems(all []quizzes.Result) []string {
	var out []string
	if len(all) > 0 {
		for _, it := range all[0].Definition.Items {
			out = append(out, it.Label)
		}
	}
	return out
}

func (f *facts) pulseLine(s clients.Slot, all []quizzes.Result, item int) chart.Series {
	line := chart.Series{Name: f.header.Partner(s).Short, Tone: toneOfSlot(s), Gap: 21}
	for _, q := range all {
		pt := chart.TimePoint{Day: takenOn(q), Version: q.Version}
		if item < len(q.Answers) && q.Answers[item].Status == quizzes.Answered {
			pt.Value = chart.Num(float64(q.Answers[item].Code))
		}
		line.Points = append(line.Points, pt)
	}
	return line
}

// measures shows each outcome questionnaire: its line with the band of chance, and
// what the change amounts to in the closed set of sentences (rules ).
func (f *facts) measures() []Block {
	var blocks []Block
	for _, d := range quizzes.Shipped() {
		if d.Use == "outcome" && f.mayShow(d.ID) {
			blocks = append(blocks, f.measure(d)...)
		}
	}
	if len(blocks) > 0 {
		blocks = append(blocks, f.lowPoints()...)
	}
	return blocks
}

func (f *facts) measure(d *quizzes.Definition) []Block {
	scale, ok := d.Scale(d.Total)
	if !ok {
		return nil
	}
	if f.joint() && f.anyDrop(d, scale) && !f.req.ConfirmDrops {
		f.withheld = append(f.withheld, d.Name)
		return nil
	}
	blocks := []Block{Heading{Level: 2, Text: d.Name}, Paragraph{Keep: true, Text: text.T("report.measure_lead", "The score runs from %s to %s. %s", plain(scale.Range.Min), plain(scale.Range.Max), direction(d))}}
	var figures []chart.Figure
	var words []Block
	for _, s := range f.slots() {
		if all := f.of(s, d.ID); len(all) > 0 {
			figures = append(figures, f.scoreLine(d, scale, s, all))
			words = append(words, f.judged(d, scale, s, all)...)
		}
	}
	words = append(words, cutOffSource(scale)...)
	for i := range len(words) - 1 {
		p := words[i].(Paragraph) // what is said of one picture stays on one page
		p.Keep = true
		words[i] = p
	}
	return append(append(blocks, Chart{Figures: figures}), words...)
}

// plain is a number without needless decimals.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// scoreLine is the line of one partner with the band of chance and the usual line.
func (f *facts) scoreLine(d *quizzes.Definition, scale quizzes.Scale, s clients.Slot, all []quizzes.Result) chart.Figure {
	in := chart.OutcomeInput{Title: f.ownTitle(s), Min: scale.Range.Min, Max: scale.Range.Max, HigherIsBetter: d.Direction == quizzes.Up}
	line := chart.Series{Name: f.header.Partner(s).Short, Tone: toneOfSlot(s)}
	for _, q := range all {
		line.Points = append(line.Points, chart.TimePoint{Day: takenOn(q), Value: chart.Of(q.Scores[scale.ID]), Version: q.Version})
	}
	in.Series = []chart.Series{line}
	if scale.Change != nil {
		in.Threshold = chart.Num(scale.Change.Points())
	}
	if len(scale.CutOffs) > 0 {
		in.Cutoff = chart.Num(scale.CutOffs[0].Value)
		in.CutoffWords = scale.CutOffs[0].Words()
	}
	return chart.Outcome(in, f.view(f.req.Size.HalfColumn()))
}

// cutOffSource says where the usual line comes from, and from whom (rule R-07).
func cutOffSource(scale quizzes.Scale) []Block {
	if len(scale.CutOffs) == 0 {
		return nil
	}
	c := scale.CutOffs[0]
	s := text.T("report.cutoff_source", "The dashed line comes from %s", shortSource(c.Source))
	if p := scale.Change; p != nil && p.Source == c.Source && p.Sample != "" {
		s += " " + text.T("report.cutoff_sample", "It rests on %s.", p.Sample)
	}
	return []Block{Paragraph{Soft: true, Text: Escape(s)}}
}

func (f *facts) ownTitle(s clients.Slot) string {
	if f.aud.Slot() == s {
		return text.T("report.your_score", "Your score")
	}
	return f.header.Partner(s).Short
}

func direction(d *quizzes.Definition) string {
	if d.Direction == quizzes.Down {
		return text.T("report.lower", "Lower means closer.")
	}
	return text.T("report.higher", "Higher means closer.")
}

func (f *facts) anyDrop(d *quizzes.Definition, scale quizzes.Scale) bool {
	for _, s := range f.slots() {
		if j, ok := judge(d, scale, f.of(s, d.ID)); ok && j.Class.IsDrop() {
			return true
		}
	}
	return false
}

// judge compares the first and the last score of one version.
func judge(d *quizzes.Definition, scale quizzes.Scale, all []quizzes.Result) (quizzes.Judgement, bool) {
	if len(all) < 2 {
		return quizzes.Judgement{}, false
	}
	first, last := all[0], all[len(all)-1]
	from, to := first.Scores[scale.ID], last.Scores[scale.ID]
	if from == nil || to == nil || !quizzes.SameVersion(&first.Administration, &last.Administration) {
		return quizzes.Judgement{}, false
	}
	j, err := d.JudgeScale(scale, *from, *to)
	return j, err == nil
}

func (f *facts) judged(d *quizzes.Definition, scale quizzes.Scale, s clients.Slot, all []quizzes.Result) []Block {
	j, ok := judge(d, scale, all)
	if !ok {
		return nil
	}
	sentence := j.Class.Sentence()
	if sentence == "" {
		sentence = text.T("report.not_judged", "For this questionnaire we show the scores without a judgement.")
	}
	said := text.T("report.then_now_words", "Then and now: %s. %s", moved(j.Difference), sentence)
	if f.aud.Slot() == "" {
		said = text.T("report.then_now_of", "Then and now, **%s**: %s. %s", f.short(s), moved(j.Difference), sentence)
	}
	if j.Class.IsDrop() && f.aud.Slot() != "" {
		said += " " + gently()
	}
	blocks := []Block{Paragraph{Text: said}}
	for _, w := range quizzes.ComparisonWarnings(&all[0].Administration, &all[len(all)-1].Administration) {
		blocks = append(blocks, Paragraph{Soft: true, Text: w})
	}
	if f.req.Reader == clients.CoachView {
		blocks = append(blocks, Paragraph{Soft: true, Text: f.judgementDetails(d, scale, j)})
	}
	return blocks
}

// lastDay is the day of the newest result of a quiz, zero without any.
func (f *facts) lastDay(s clients.Slot, instrument string) day.Day {
	all := f.of(s, instrument)
	if len(all) == 0 {
		return ""
	}
	return takenOn(all[len(all)-1])
}
