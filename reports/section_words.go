package reports

import (
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// inBrief is the page that can be read alone: what went well, what changed, what is
// next, in a few sentences and strengths first (rules ).
func (f *facts) inBrief() []Block {
	var say []string
	if n := len(f.sessions); n > 0 {
		say = append(say, f.metWords(n))
	}
	if s := f.practisedMost(); s != "" {
		say = append(say, s)
	}
	if n := f.keptAgreements(); n > 0 {
		say = append(say, f.keptWords(n))
	}
	if s := f.whatChanged(); s != "" {
		say = append(say, s)
	}
	if s := f.nextInBrief(); s != "" {
		say = append(say, s)
	}
	if len(say) == 0 {
		say = []string{text.T("report.brief_none", "There is not much to tell about this period yet.")}
	}
	out := make([]Block, 0, len(say))
	for i, s := range say {
		out = append(out, Paragraph{Text: s, Lead: i == 0})
	}
	return out
}

func (f *facts) metWords(n int) string {
	switch {
	case f.joint():
		return text.N("report.brief_met_joint", n, "We met once, with both of you.", "We met %d times, with both of you.")
	case f.req.Reader == clients.CoachView:
		return text.N("report.brief_met_coach", n, "There was one session in this period.", "There were %d sessions in this period.")
	}
	return text.N("report.brief_met_own", n, "We met once in this period.", "We met %d times in this period.")
}

// practisedMost names the practice that was done most often, as this reader may count.
func (f *facts) practisedMost() string {
	best, most, done := "", 0, 0
	for _, p := range f.board {
		n := p.Joint.Confirmed
		if s := f.aud.Slot(); s != "" {
			n = p.Own[s]
		}
		if f.req.Reader == clients.CoachView {
			n = max(n, p.Own[clients.SlotA], p.Own[clients.SlotB])
		}
		if n > 0 {
			done++
		}
		if n > most {
			best, most = Escape(p.Title), n
		}
	}
	coach := f.req.Reader == clients.CoachView
	switch {
	case most == 0:
		return ""
	case most == 1 && coach:
		return text.T("report.brief_practice_one_coach", "**%s** was practised once.", best)
	case most == 1:
		return text.T("report.brief_practice_one", "You practised **%s** once.", best)
	case done == 1 && coach:
		return text.T("report.brief_only_coach", "**%s** was practised %d times.", best, most)
	case done == 1:
		return text.T("report.brief_only", "You practised **%s** %d times.", best, most)
	case coach:
		return text.T("report.brief_most_coach", "**%s** was practised most often, %d times.", best, most)
	}
	return text.T("report.brief_most", "What you practised most was **%s**, %d times.", best, most)
}

func (f *facts) keptWords(n int) string {
	if f.req.Reader == clients.CoachView {
		return text.N("report.brief_kept_coach", n, "One agreement was kept.", "%d agreements were kept.")
	}
	return text.N("report.brief_kept", n, "You kept one agreement that you made.", "You kept %d agreements that you made.")
}

func (f *facts) keptAgreements() int {
	n := 0
	for _, a := range f.agreements {
		if a.State == practices.Kept && a.Agreed >= f.req.From && a.Agreed <= f.req.To {
			n++
		}
	}
	return n
}

// whatChanged tells of the channel that moved most beyond the questionnaire's wobble:
// to a partner their own, to the coach whose it was, to both only a channel in which
// both felt more and that both released. Nothing here tells of a drop (rule R-11).
func (f *facts) whatChanged() string {
	if f.joint() {
		return f.bothFeltMore()
	}
	best, who, most, twice := "", "", 0.0, false
	for _, x := range f.spans() {
		c, ok := x.change()
		twice = twice || ok
		for _, code := range c.Common {
			j := c.Channels[code]
			if j.Class != nil && *j.Class != quizzes.NoReliableChange && !j.Class.IsDrop() && j.Difference > most {
				ch, _ := x.last.Definition.Channel(code)
				best, who, most = ch.Name, f.short(x.slot), j.Difference
			}
		}
	}
	switch {
	case best == "" && twice:
		return text.T("report.brief_still", "The answers about closeness stayed within the questionnaire's usual wobble.")
	case best == "":
		return ""
	case f.aud.Slot() != "":
		return text.T("report.brief_moved", "While you practised, your answers moved most in the channel %s.", best)
	}
	return text.T("report.brief_moved_coach", "The answers of %s moved most in the channel %s, beyond the questionnaire's wobble.", who, best)
}

func (f *facts) bothFeltMore() string {
	if !f.mayShow(channelQuiz) || f.req.leaves(ProfileNow) {
		return ""
	}
	best, higher, most, bestMost := "", "", 0.0, 0.0
	sure, twice := false, true
	for _, c := range f.channels() {
		least, gains := 0.0, true
		for i, x := range f.spans() {
			change, ok := x.change()
			j := change.Channels[c.Code]
			twice = twice && ok
			clear := j.Class != nil && *j.Class != quizzes.NoReliableChange
			sure, gains = sure || clear, gains && clear
			if i == 0 || j.Difference < least {
				least = j.Difference
			}
		}
		if least > most {
			higher, most = c.Name, least
		}
		if gains && least > bestMost {
			best, bestMost = c.Name, least
		}
	}
	switch {
	case best != "":
		return text.T("report.brief_both", "While you practised, you both came to feel more in the channel %s.", best)
	case !twice || len(f.channels()) == 0:
		return ""
	case !sure:
		return text.T("report.brief_still", "The answers about closeness stayed within the questionnaire's usual wobble.")
	case higher != "":
		return text.T("report.brief_higher", "In the channel %s, both of you answered higher than at the start. The details stand further on.", higher)
	}
	return ""
}

func (f *facts) nextInBrief() string {
	coach := f.req.Reader == clients.CoachView
	if going := f.going(); len(going) > 0 {
		if coach {
			return text.T("report.brief_next_coach", "Next, **%s** goes on.", Escape(going[0].Title))
		}
		return text.T("report.brief_next", "Next, you go on with **%s**.", Escape(going[0].Title))
	}
	for _, a := range f.agreements {
		if f.toReview(a) {
			if coach {
				return text.T("report.brief_review_coach", "Next, on %s, an agreement is looked at again.", a.Review.Words())
			}
			return text.T("report.brief_review", "Next, on %s, you look again at what you agreed.", a.Review.Words())
		}
	}
	return ""
}

// meetAndDiffer asks at most three questions about wishes, from a closed set of
// neutral sentences (rules Q-12, PV-10). Both partners' wishes are needed.
func (f *facts) meetAndDiffer() []Block {
	if f.header.Kind != clients.KindCouple || !f.bothHave(channelQuiz) {
		return nil
	}
	both := f.spans()
	if len(both) < 2 {
		return nil
	}
	a, b := both[0].last, both[1].last
	shown := map[string]string{}
	for _, c := range f.channels() {
		shown[c.Code] = c.Name
	}
	var alike, apart []string
	coach := f.req.Reader == clients.CoachView
	for _, d := range quizzes.Differences(*a.Profile, *b.Profile) {
		name, ok := shown[d.Code]
		if !ok || d.Wanted == nil {
			continue
		}
		different := *d.Wanted >= 25 || *d.Wanted <= -25
		switch {
		case coach && different:
			apart = append(apart, text.T("report.apart_coach", "**%s**: their wishes are %s. What would each like the other to know?", name, quizzes.DifferenceWords(d.Wanted)))
		case coach:
			alike = append(alike, text.T("report.alike_coach", "**%s**: their wishes are much alike. What would be a small first step?", name))
		case different:
			apart = append(apart, text.T("report.apart", "**%s**: your wishes are %s. What would you each like the other to know?", name, quizzes.DifferenceWords(d.Wanted)))
		default:
			alike = append(alike, text.T("report.alike", "**%s**: your wishes are much alike. What would be a small first step?", name))
		}
	}
	const most = 3
	items := append(apart, alike...)
	if len(items) == 0 {
		return nil
	}
	items = items[:min(most, len(items))]
	blocks := []Block{Bullets{Items: items}}
	if coach {
		blocks = append(blocks, f.gapTable(a, b))
	}
	return blocks
}

// gapTable is the coach's: both gaps and the differences between the partners.
func (f *facts) gapTable(a, b quizzes.Result) Block {
	t := Table{Small: true, Columns: []Column{
		{Head: text.T("report.channel", "Channel"), Weight: 1.6},
		{Head: text.T("report.gap_of", "Gap, %s", f.short(clients.SlotA)), Align: Right},
		{Head: text.T("report.gap_of", "Gap, %s", f.short(clients.SlotB)), Align: Right},
		{Head: text.T("report.felt_between", "Felt, %s − %s", f.short(clients.SlotA), f.short(clients.SlotB)), Align: Right},
		{Head: text.T("report.wished_between", "Wished for, %s − %s", f.short(clients.SlotA), f.short(clients.SlotB)), Align: Right},
	}}
	for _, d := range quizzes.Differences(*a.Profile, *b.Profile) {
		ch, _ := a.Definition.Channel(d.Code)
		t.Rows = append(t.Rows, []string{ch.Name, quizzes.ShowChannel(a.Profile.Channel(d.Code).Gap), quizzes.ShowChannel(b.Profile.Channel(d.Code).Gap), quizzes.ShowChannel(d.Experienced), quizzes.ShowChannel(d.Wanted)})
	}
	return t
}

// howToRead is the note that every report carries (rules ).
func (f *facts) howToRead() []Block {
	items := []string{lowPointNote(), text.T("report.how_wobble", "Every questionnaire wobbles a little. Small changes may mean nothing.")}
	if f.req.Reader == clients.CoachView {
		items = append(items,
			text.T("report.how_while_coach", "It says what changed while they practised. It cannot say why it changed."),
			text.T("report.how_person_coach", "The numbers describe some weeks. They do not describe who somebody is."))
	} else {
		items = append(items,
			text.T("report.how_while", "We can say what changed while you practised. We cannot say why it changed."),
			text.T("report.how_person", "The numbers describe some weeks of your life. They do not describe who you are."),
			text.T("report.how_rights", "You may ask at any time what is kept about you. You may ask to have it corrected."),
			text.T("report.how_urgent", "This report is no help in an emergency. Please call the emergency number of your country."))
	}
	return []Block{Bullets{Items: items, Whole: true}}
}
