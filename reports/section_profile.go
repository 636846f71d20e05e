package reports

import (
	"fmt"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/chart"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// span is the first and the last profile of one partner in the period.
type span struct {
	slot        clients.Slot
	first, last quizzes.Result
}

// twice says whether there is a then and a now that may be compared.
func (x span) twice() bool {
	return x.first.ID != x.last.ID && quizzes.SameVersion(&x.first.Administration, &x.last.Administration)
}

// spans are those of the partners who have a profile here. What stands in a joint report
// compares the same times only: a profile of one partner without the other's of that time
// is left out (rule PV-04).
func (f *facts) spans() []span {
	var out []span
	if f.joint() {
		if pairs := sameTimes(f.of(clients.SlotA, channelQuiz), f.of(clients.SlotB, channelQuiz)); len(pairs) > 0 {
			first, last := pairs[0], pairs[len(pairs)-1]
			return []span{{clients.SlotA, first[0], last[0]}, {clients.SlotB, first[1], last[1]}}
		}
		return nil
	}
	for _, s := range f.slots() {
		if all := f.of(s, channelQuiz); len(all) > 0 {
			out = append(out, span{s, all[0], all[len(all)-1]})
		}
	}
	return out
}

// sameTimeDays is how far apart two partners may have answered for it to be the same
// time: a quiz that looks back four weeks is not taken again earlier (rule Q-15).
const sameTimeDays = 21

// sameTimes pairs the results of both partners that belong to the same time, oldest
// first; each stands in one pair.
func sameTimes(a, b []quizzes.Result) [][2]quizzes.Result {
	apart := func(x, y quizzes.Result) int { return max(takenOn(x).Sub(takenOn(y)), takenOn(y).Sub(takenOn(x))) }
	var out [][2]quizzes.Result
	next := 0
	for i, x := range a {
		best := -1
		for j := next; j < len(b); j++ {
			closer := best < 0 || apart(x, b[j]) < apart(x, b[best])
			if closer && apart(x, b[j]) < sameTimeDays && (i+1 == len(a) || apart(x, b[j]) <= apart(a[i+1], b[j])) {
				best = j
			}
		}
		if best >= 0 {
			out = append(out, [2]quizzes.Result{x, b[best]})
			next = best + 1
		}
	}
	return out
}

// profile shows the channels: to a partner their own, to the coach both, and to the
// couple those that both released and both have (rules PV-04, PV-08).
func (f *facts) profile() []Block {
	channels := f.channels()
	if !f.mayShow(channelQuiz) || len(channels) == 0 {
		return nil
	}
	var blocks []Block
	if f.joint() && f.chosen(channels) {
		blocks = append(blocks, Heading{Level: 2, Text: text.T("report.chosen", "Channels chosen for this conversation")})
	}
	lead := text.T("report.profile_lead", "Each channel runs from 0 to 100. Higher means that you felt more of it, or wish for more of it.")
	if f.req.Reader == clients.CoachView {
		lead = text.T("report.profile_lead_coach", "Each channel runs from 0 to 100. Higher means that more of it was felt, or is wished for.")
	}
	blocks = append(blocks, Paragraph{Keep: true, Text: lead})
	if all := f.spans(); len(all) == 1 {
		blocks = append(blocks, f.oneProfile(all[0], channels)...)
	} else {
		blocks = append(blocks, f.twoProfiles(all[0], all[1], channels)...)
	}
	return append(blocks, f.lowPoints()...)
}

// lowPoints is the note that no report goes without: here where the coach has left out
// the section that has it (rule R-05).
func (f *facts) lowPoints() []Block {
	if !f.req.leaves(HowToRead) {
		return nil
	}
	return []Block{Paragraph{Soft: true, Text: lowPointNote()}}
}

func lowPointNote() string {
	return text.T("report.how_low", "People often answer at a low point when they start. Some of a later rise can come from that alone.")
}

// channels are those that this report may show, in the fixed order. In a joint report
// a channel that either partner did not release, has no score for, or that went down
// clearly and was not yet talked about (rule R-11) is missing for both, so that its
// absence says nothing; the coach may leave out more.
func (f *facts) channels() []quizzes.Channel {
	all := f.spans()
	if f.shown != nil || len(all) == 0 {
		return f.shown
	}
	f.shown = []quizzes.Channel{}
	for _, c := range all[len(all)-1].last.Definition.Profile.Channels {
		if f.joint() && !f.both(all, c.Code) {
			continue
		}
		if f.joint() && !f.req.ConfirmDrops && dropped(all, c.Code) {
			f.withheld = append(f.withheld, c.Name)
			continue
		}
		if f.joint() {
			f.offered = append(f.offered, c)
			if f.req.Hide[c.Code] {
				continue
			}
		}
		f.shown = append(f.shown, c)
	}
	return f.shown
}

// both says whether both partners have the channel, then and now.
func (f *facts) both(all []span, code string) bool {
	if len(all) < len(f.slots()) {
		return false
	}
	for _, x := range all {
		for _, q := range []quizzes.Result{x.first, x.last} {
			if s := q.Profile.Channel(code); s.Experienced == nil || s.Wanted == nil {
				return false
			}
		}
	}
	return true
}

func dropped(all []span, code string) bool {
	for _, x := range all {
		if c, ok := x.change(); ok {
			if j, ok := c.Channels[code]; ok && j.Class.IsDrop() {
				return true
			}
		}
	}
	return false
}

func (x span) change() (quizzes.ProfileChange, bool) {
	if !x.twice() {
		return quizzes.ProfileChange{}, false
	}
	c, err := quizzes.CompareProfiles(x.last.Definition, *x.first.Profile, *x.last.Profile)
	return c, err == nil
}

func (f *facts) chosen(channels []quizzes.Channel) bool {
	for _, q := range f.results {
		if q.Instrument == channelQuiz && (q.Partial() || len(channels) < len(q.Definition.Profile.Channels)) {
			return true
		}
	}
	return false
}

// oneProfile is what a partner reads about themselves: strengths, then the wish with a
// practice for it, then the pictures and what moved (rules ).
func (f *facts) oneProfile(x span, channels []quizzes.Channel) []Block {
	var blocks []Block
	if f.aud.Slot() == x.slot {
		blocks = append(blocks, Paragraph{Text: f.strengthAndWish(x), Keep: true})
	} else {
		blocks = append(blocks, Heading{Level: 2, Text: f.short(x.slot), Tone: toneOfSlot(x.slot)})
	}
	figures := append(f.radar(x, channels), f.thenAndNow(channels, x))
	cols := []Column{{Head: text.T("report.channel", "Channel")}}
	if x.twice() {
		cols = append(cols, Column{Head: text.T("report.felt_then", "Felt then"), Align: Right}, Column{Head: text.T("report.felt_now", "Felt now"), Align: Right})
	} else {
		cols = append(cols, Column{Head: text.T("report.felt", "Felt"), Align: Right})
	}
	t := Table{Small: true, Columns: append(cols, Column{Head: text.T("report.wished", "Wished for"), Align: Right}, Column{Head: text.T("report.in_words", "In words")})}
	own := f.aud.Slot() == x.slot
	if own {
		t.Columns = append(t.Columns, Column{Head: text.T("report.could_try", "You could try")})
	}
	for _, c := range channels {
		gap := x.last.Profile.Channel(c.Code).Gap
		row := append(append([]string{c.Name}, x.cells(c.Code)...), quizzes.GapWords(gap))
		if own {
			row = append(row, f.practiceForGap(c.Code, gap))
		}
		t.Rows = append(t.Rows, row)
	}
	return append(append(blocks, Chart{Figures: figures, NoTable: true}, t), f.profileChange(x, channels, "")...)
}

// twoProfiles lays both partners over each other, one table for both.
func (f *facts) twoProfiles(a, b span, channels []quizzes.Channel) []Block {
	figures := append(f.overlay(a, b, channels), f.thenAndNow(channels, a, b))
	t := Table{Small: true, Columns: []Column{{Head: text.T("report.channel", "Channel")}}}
	for _, x := range []span{a, b} {
		name := f.short(x.slot)
		if x.twice() {
			t.Columns = append(t.Columns, Column{Head: text.T("report.then_of", "%s then", name), Align: Right}, Column{Head: text.T("report.now_of", "%s now", name), Align: Right})
		} else {
			t.Columns = append(t.Columns, Column{Head: text.T("report.felt_of", "%s felt", name), Align: Right})
		}
		t.Columns = append(t.Columns, Column{Head: text.T("report.wish_of", "%s wished for", name), Align: Right})
	}
	for _, c := range channels {
		t.Rows = append(t.Rows, append(append([]string{c.Name}, a.cells(c.Code)...), b.cells(c.Code)...))
	}
	blocks := []Block{Chart{Figures: figures, NoTable: true}, t}
	blocks = append(blocks, f.profileChange(a, channels, f.short(a.slot))...)
	return append(blocks, f.profileChange(b, channels, f.short(b.slot))...)
}

// overlay is what both felt, as two outlines; what they wished for stands in the table.
func (f *facts) overlay(a, b span, channels []quizzes.Channel) []chart.Figure {
	if len(channels) < 3 {
		return nil
	}
	in := chart.RadarInput{Title: text.T("report.felt_now", "Felt now")}
	for _, x := range []span{a, b} {
		one := chart.RadarSeries{Name: f.header.Partner(x.slot).Short, Tone: toneOfSlot(x.slot)}
		for _, c := range channels {
			one.Values = append(one.Values, chart.Of(x.last.Profile.Channel(c.Code).Experienced))
		}
		in.Series = append(in.Series, one)
	}
	for _, c := range channels {
		in.Axes = append(in.Axes, c.Name)
	}
	return []chart.Figure{chart.Radar(in, f.view(f.req.Size.HalfColumn()))}
}

// cells are a channel's numbers: then, now and wished for.
func (x span) cells(code string) []string {
	now := x.last.Profile.Channel(code)
	out := []string{quizzes.ShowChannel(now.Experienced), quizzes.ShowChannel(now.Wanted)}
	if x.twice() {
		out = append([]string{quizzes.ShowChannel(x.first.Profile.Channel(code).Experienced)}, out...)
	}
	return out
}

// radar needs three axes to be a figure at all.
func (f *facts) radar(x span, channels []quizzes.Channel) []chart.Figure {
	if len(channels) < 3 {
		return nil
	}
	tone := toneOfSlot(x.slot)
	in := chart.RadarInput{Title: text.T("report.now", "Now")}
	felt := chart.RadarSeries{Name: text.T("report.felt", "Felt"), Tone: tone}
	wished := chart.RadarSeries{Name: text.T("report.wished", "Wished for"), Tone: tone, Wanted: true}
	for _, c := range channels {
		now := x.last.Profile.Channel(c.Code)
		in.Axes = append(in.Axes, c.Name)
		felt.Values = append(felt.Values, chart.Of(now.Experienced))
		wished.Values = append(wished.Values, chart.Of(now.Wanted))
	}
	in.Series = []chart.RadarSeries{felt, wished}
	return []chart.Figure{chart.Radar(in, f.view(f.req.Size.HalfColumn()))}
}

// thenAndNow shows what was felt at both ends, or what is felt beside what is wished
// for while there is only one time.
func (f *facts) thenAndNow(channels []quizzes.Channel, of ...span) chart.Figure {
	in := chart.DumbbellInput{Max: 100, Direction: text.T("report.right_more", "further right is more")}
	twice := true
	for _, x := range of {
		twice = twice && x.twice()
	}
	switch {
	case twice && len(of) == 1:
		in.Title, in.FromName, in.ToName = text.T("report.then_now", "Felt, then and now"), takenOn(of[0].first).Words(), takenOn(of[0].last).Words()
	case twice:
		in.Title, in.FromName, in.ToName = text.T("report.then_now", "Felt, then and now"), text.T("report.then", "then"), text.T("report.now_small", "now")
	default:
		in.Title, in.Wish, in.FromName, in.ToName = text.T("report.felt_wished", "Felt and wished for"), true, text.T("report.felt", "Felt"), text.T("report.wished", "Wished for")
	}
	for _, c := range channels {
		for _, x := range of {
			now := x.last.Profile.Channel(c.Code)
			row := chart.DumbbellRow{Label: c.Name, From: chart.Of(now.Experienced), To: chart.Of(now.Wanted), Tone: toneOfSlot(x.slot)}
			if twice {
				row.From, row.To = chart.Of(x.first.Profile.Channel(c.Code).Experienced), chart.Of(now.Experienced)
			}
			if len(of) > 1 {
				row.Who = f.header.Partner(x.slot).Short
			}
			in.Rows = append(in.Rows, row)
		}
	}
	return chart.Dumbbell(in, f.view(f.req.Size.HalfColumn()))
}

// profileChange says what became of the channels, judged by the questionnaire's own
// wobble (rule Q-08: over the channels that both times have). Channels that moved alike
// share one sentence of judgement.
func (f *facts) profileChange(x span, channels []quizzes.Channel, who string) []Block {
	if x.first.ID != x.last.ID && !x.twice() {
		return []Block{Paragraph{Soft: true, Text: text.T("report.versions", "The two times used different versions, so they are not compared.")}}
	}
	c, ok := x.change()
	if !ok {
		return nil
	}
	var order []string
	said := map[string][]string{}
	drop := false
	say := func(name string, j quizzes.Judgement) {
		verdict := j.Class.Sentence()
		if len(said[verdict]) == 0 {
			order = append(order, verdict)
		}
		said[verdict] = append(said[verdict], fmt.Sprintf("%s: %s.", name, moved(j.Difference)))
		drop = drop || j.Class.IsDrop()
	}
	for _, ch := range channels {
		if j, ok := c.Channels[ch.Code]; ok && j.Difference != 0 {
			say(ch.Name, j)
		}
	}
	if c.Total != nil && !x.last.Partial() && !(f.joint() && (c.Total.Class.IsDrop() || len(channels) < len(x.last.Definition.Profile.Channels))) {
		say(text.T("report.all_channels", "All channels together"), *c.Total)
	}
	var items []string
	for _, verdict := range order {
		line := strings.Join(said[verdict], " ") + " " + verdict
		if who != "" {
			line = text.T("report.answers_of", "Answers of **%s**", who) + " – " + line
		}
		items = append(items, strings.TrimSpace(line))
	}
	if len(items) == 0 {
		return nil
	}
	blocks := []Block{Bullets{Items: items}}
	if drop && f.aud.Slot() != "" {
		blocks = append(blocks, Paragraph{Text: gently()})
	}
	return blocks
}

// gently goes with a clear drop, which is told to the person alone first (rule R-11).
func gently() string {
	return text.T("report.gently", "Some of it went down. That can have many reasons, and it is no failure. Bring it to your coach when you like.")
}
