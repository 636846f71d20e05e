package reports

import (
	"fmt"
	"math"

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

// profile shows the channels: to a partner their own, to the coach both, and to the
// couple those that both released and both have (rules PV-04, PV-08).
func (f *facts) profile() []Block {
	if !f.mayShow(channelQuiz) {
		return nil
	}
	var blocks []Block
	channels := f.channels()
	if len(channels) == 0 {
		return nil
	}
	if f.joint() && f.chosen(channels) {
		blocks = append(blocks, Heading{Level: 2, Text: text.T("report.chosen", "Channels chosen for this conversation")})
	}
	blocks = append(blocks, Paragraph{Text: text.T("report.profile_lead", "Each channel runs from 0 to 100. Higher means that you felt more of it, or wish for more of it. The numbers describe a few weeks, not a person.")})
	for _, s := range f.slots() {
		if all := f.of(s, channelQuiz); len(all) > 0 {
			blocks = append(blocks, f.profileOf(s, all[0], all[len(all)-1], channels)...)
		}
	}
	return blocks
}

// channels are the codes that this report may show, in the fixed order. In a joint
// report a channel that either partner did not release or has no score for is missing
// for both, so that its absence says nothing.
func (f *facts) channels() []quizzes.Channel {
	var d *quizzes.Definition
	for _, q := range f.results {
		if q.Instrument == channelQuiz {
			d = q.Definition
		}
	}
	if d == nil {
		return nil
	}
	var out []quizzes.Channel
	for _, c := range d.Profile.Channels {
		keep := true
		if f.joint() {
			for _, s := range f.slots() {
				for _, q := range ends(f.of(s, channelQuiz)) {
					keep = keep && q.Profile.Channel(c.Code).Experienced != nil && q.Profile.Channel(c.Code).Wanted != nil
				}
			}
		}
		if keep {
			out = append(out, c)
		}
	}
	return out
}

// ends are the first and the last of several results.
func ends(all []quizzes.Result) []quizzes.Result {
	if len(all) < 2 {
		return all
	}
	return []quizzes.Result{all[0], all[len(all)-1]}
}

func (f *facts) chosen(channels []quizzes.Channel) bool {
	for _, q := range f.results {
		if q.Instrument == channelQuiz && (q.Partial() || len(channels) < len(q.Definition.Profile.Channels)) {
			return true
		}
	}
	return false
}

func (f *facts) profileOf(s clients.Slot, first, last quizzes.Result, channels []quizzes.Channel) []Block {
	p, d := *last.Profile, last.Definition
	blocks := []Block{Heading{Level: 2, Text: f.heading(s), Tone: toneOfSlot(s)}}
	if f.aud.Slot() == s {
		blocks = append(blocks, Paragraph{Text: quizzes.LeadSentence(d, p), Keep: true})
	}
	tone := toneOfSlot(s)
	var axes []string
	felt := chart.RadarSeries{Name: text.T("report.felt", "Felt"), Tone: tone}
	wished := chart.RadarSeries{Name: text.T("report.wished", "Wished for"), Tone: tone, Wanted: true}
	dumb := chart.DumbbellInput{Title: text.T("report.then_now", "Felt, then and now"), FromName: takenOn(first).Words(), ToName: takenOn(last).Words(), Max: 100, Direction: text.T("report.right_more", "further right is more")}
	twice := first.ID != last.ID
	if !twice {
		dumb.Title, dumb.Wish, dumb.FromName, dumb.ToName = text.T("report.felt_wished", "Felt and wished for"), true, felt.Name, wished.Name
	}
	t := Table{Small: true, Columns: []Column{{Head: text.T("report.channel", "Channel"), Weight: 1.6}, {Head: felt.Name, Align: Right}, {Head: wished.Name, Align: Right}, {Head: text.T("report.in_words", "In words"), Weight: 2}}}
	for _, c := range channels {
		now, before := p.Channel(c.Code), first.Profile.Channel(c.Code)
		axes = append(axes, c.Name)
		felt.Values = append(felt.Values, chart.Of(now.Experienced))
		wished.Values = append(wished.Values, chart.Of(now.Wanted))
		row := chart.DumbbellRow{Label: c.Name, From: chart.Of(before.Experienced), To: chart.Of(now.Experienced), Tone: tone}
		if !twice {
			row.From, row.To = chart.Of(now.Experienced), chart.Of(now.Wanted)
		}
		dumb.Rows = append(dumb.Rows, row)
		t.Rows = append(t.Rows, []string{c.Name, quizzes.ShowChannel(now.Experienced), quizzes.ShowChannel(now.Wanted), quizzes.GapWords(now.Gap)})
	}
	half := f.view(f.req.Size.HalfColumn())
	figures := []chart.Figure{chart.Dumbbell(dumb, half)}
	if len(axes) >= 3 {
		figures = append([]chart.Figure{chart.Radar(chart.RadarInput{Title: text.T("report.now", "Now"), Axes: axes, Series: []chart.RadarSeries{felt, wished}}, half)}, figures...)
	}
	blocks = append(blocks, Chart{Figures: figures, NoTable: true}, t)
	if twice {
		blocks = append(blocks, f.profileChange(first, last, channels)...)
	}
	return blocks
}

func (f *facts) heading(s clients.Slot) string {
	if f.aud.Slot() == s {
		return text.T("report.your_profile", "Your profile")
	}
	return f.short(s)
}

// profileChange says what became of the channels, judged by the questionnaire's own
// wobble (rule Q-08: over the channels that both times have).
func (f *facts) profileChange(first, last quizzes.Result, channels []quizzes.Channel) []Block {
	if !quizzes.SameVersion(&first.Administration, &last.Administration) {
		return []Block{Paragraph{Soft: true, Text: text.T("report.versions", "The two times used different versions, so they are not compared.")}}
	}
	c, err := quizzes.CompareProfiles(last.Definition, *first.Profile, *last.Profile)
	if err != nil {
		return nil
	}
	var items []string
	for _, ch := range channels {
		j, ok := c.Channels[ch.Code]
		if !ok || j.Difference == 0 {
			continue
		}
		if f.joint() && j.Class.IsDrop() && !f.req.ConfirmDrops {
			f.withheld = append(f.withheld, ch.Name)
			continue
		}
		items = append(items, fmt.Sprintf("%s: %s. %s", ch.Name, moved(j.Difference), j.Class.Sentence()))
	}
	if c.Total != nil && !last.Partial() && !(f.joint() && (c.Total.Class.IsDrop() || len(channels) < len(last.Definition.Profile.Channels))) {
		items = append(items, fmt.Sprintf("%s: %s. %s", text.T("report.all_channels", "All channels together"), moved(c.Total.Difference), c.Total.Class.Sentence()))
	}
	if len(items) == 0 {
		return nil
	}
	return []Block{Bullets{Items: items}}
}

// moved says a difference before its judgement, in whole points (rule R-03).
func moved(d float64) string {
	n := int(math.Round(math.Abs(d)))
	switch {
	case n == 0:
		return text.T("report.same", "much the same")
	case d > 0:
		return text.T("report.more", "%d points more", n)
	}
	return text.T("report.less", "%d points less", n)
}

// pulse shows the weekly lines: small pictures, no total.
func (f *facts) pulse() []Block {
	if !f.mayShow(pulseQuiz) {
		return nil
	}
	in := chart.PulseInput{Title: text.T("report.pulse_title", "The weekly pulse, 0 to 10")}
	n := 0
	for _, s := range f.slots() {
		all := f.of(s, pulseQuiz)
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
	lead := text.T("report.pulse_lead", "Each small picture is one question. Higher means more of it that week.")
	if n < 3 {
		lead += " " + text.T("report.pulse_few", "There are too few weeks to speak of a direction.")
	}
	return []Block{Paragraph{Text: lead}, Chart{Figures: []chart.Figure{chart.Pulse(in, f.view(f.req.Size.Column()))}, NoTable: f.req.Reader != clients.CoachView && n > 8}}
}

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
	blocks := []Block{Heading{Level: 2, Text: d.Name}, Paragraph{Keep: true, Text: text.T("report.measure_lead", "The score runs from %s. %s", scale.Range.String(), direction(d))}}
	for _, s := range f.slots() {
		all := f.of(s, d.ID)
		if len(all) == 0 {
			continue
		}
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
			in.CutoffWords = text.T("report.cutoff", "Many couples who look for help score below %s here", quizzes.ShowScore(&scale.CutOffs[0].Value))
		}
		blocks = append(blocks, Chart{Figures: []chart.Figure{chart.Outcome(in, f.view(f.req.Size.Column()))}})
		blocks = append(blocks, f.judged(d, scale, all)...)
	}
	return blocks
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

func (f *facts) judged(d *quizzes.Definition, scale quizzes.Scale, all []quizzes.Result) []Block {
	j, ok := judge(d, scale, all)
	if !ok {
		return nil
	}
	var blocks []Block
	sentence := j.Class.Sentence()
	if sentence == "" {
		sentence = text.T("report.not_judged", "For this questionnaire we show the scores without a judgement.")
	}
	blocks = append(blocks, Paragraph{Text: text.T("report.then_now_words", "Then and now: %s. %s", moved(j.Difference), sentence)})
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
