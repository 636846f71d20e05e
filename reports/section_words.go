package reports

import (
	"fmt"
	"strconv"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
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
		say = append(say, text.N("report.brief_kept", n, "You kept one agreement that you made.", "You kept %d agreements that you made."))
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
		return text.N("report.brief_met_joint", n, "You met once together.", "You met %d times together.")
	case f.req.Reader == clients.CoachView:
		return text.N("report.brief_met_coach", n, "There was one session in this period.", "There were %d sessions in this period.")
	}
	return text.N("report.brief_met_own", n, "We met once in this period.", "We met %d times in this period.")
}

// practisedMost names the practice that was done most often, as this reader may count.
func (f *facts) practisedMost() string {
	best, most := "", 0
	for _, p := range f.board {
		n := p.Joint.Confirmed
		if s := f.aud.Slot(); s != "" {
			n = p.Own[s]
		}
		if f.req.Reader == clients.CoachView {
			n = max(n, p.Own[clients.SlotA], p.Own[clients.SlotB])
		}
		if n > most {
			best, most = Escape(p.Title), n
		}
	}
	switch {
	case most == 0:
		return ""
	case most == 1:
		return text.T("report.brief_practice_one", "You practised **%s** once.", best)
	}
	return text.T("report.brief_practice", "The practice that you did most often was **%s**, %d times.", best, most)
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
	best, most := "", 0.0
	for _, c := range f.channels() {
		least := 0.0
		for i, x := range f.spans() {
			change, _ := x.change()
			if d := change.Channels[c.Code].Difference; i == 0 || d < least {
				least = d
			}
		}
		if least > most {
			best, most = c.Name, least
		}
	}
	if best == "" {
		return ""
	}
	return text.T("report.brief_both", "While you practised, you both came to feel more in the channel %s.", best)
}

func (f *facts) nextInBrief() string {
	if going := f.going(); len(going) > 0 {
		return text.T("report.brief_next", "Next, you go on with **%s**.", Escape(going[0].Title))
	}
	for _, a := range f.agreements {
		if f.toReview(a) {
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
	a, b := f.of(clients.SlotA, channelQuiz), f.of(clients.SlotB, channelQuiz)
	shown := map[string]string{}
	for _, c := range f.channels() {
		shown[c.Code] = c.Name
	}
	var alike, apart []string
	for _, d := range quizzes.Differences(*a[len(a)-1].Profile, *b[len(b)-1].Profile) {
		name, ok := shown[d.Code]
		if !ok || d.Wanted == nil {
			continue
		}
		if *d.Wanted >= 25 || *d.Wanted <= -25 {
			apart = append(apart, text.T("report.apart", "**%s**: your wishes are %s. What would you each like the other to know?", name, quizzes.DifferenceWords(d.Wanted)))
		} else {
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
	if f.req.Reader == clients.CoachView {
		blocks = append(blocks, f.gapTable(a[len(a)-1], b[len(b)-1]))
	}
	return blocks
}

// gapTable is the coach's: both gaps and the differences A − B.
func (f *facts) gapTable(a, b quizzes.Result) Block {
	t := Table{Small: true, Columns: []Column{
		{Head: text.T("report.channel", "Channel"), Weight: 1.6},
		{Head: text.T("report.gap_of", "Gap, %s", f.short(clients.SlotA)), Align: Right},
		{Head: text.T("report.gap_of", "Gap, %s", f.short(clients.SlotB)), Align: Right},
		{Head: text.T("report.felt_ab", "Felt, A − B"), Align: Right},
		{Head: text.T("report.wished_ab", "Wished for, A − B"), Align: Right},
	}}
	for _, d := range quizzes.Differences(*a.Profile, *b.Profile) {
		ch, _ := a.Definition.Channel(d.Code)
		t.Rows = append(t.Rows, []string{ch.Name, quizzes.ShowChannel(a.Profile.Channel(d.Code).Gap), quizzes.ShowChannel(b.Profile.Channel(d.Code).Gap), quizzes.ShowChannel(d.Experienced), quizzes.ShowChannel(d.Wanted)})
	}
	return t
}

// howToRead is the note that every report carries (rules ).
func (f *facts) howToRead() []Block {
	items := []string{
		lowPointNote(),
		text.T("report.how_wobble", "Every questionnaire wobbles a little. Small changes may mean nothing."),
		text.T("report.how_while", "We can say what changed while you practised. We cannot say why it changed."),
		text.T("report.how_person", "The numbers describe some weeks of your life. They do not describe who you are."),
	}
	if f.req.Reader != clients.CoachView {
		items = append(items,
			text.T("report.how_rights", "You may ask at any time what is kept about you. You may ask to have it corrected."),
			text.T("report.how_urgent", "This report is no help in an emergency. Please call the emergency number of your country."))
	}
	return []Block{Bullets{Items: items}}
}

// coachNotes are remarks on the answers, for the coach alone (rules ).
func (f *facts) coachNotes() []Block {
	var items []string
	for _, s := range f.slots() {
		for _, q := range f.results {
			if q.Slot != s || q.Profile == nil {
				continue
			}
			for _, flag := range q.Profile.Flags {
				items = append(items, fmt.Sprintf("%s, %s: %s", takenOn(q).Words(), f.short(s), flag.Words()))
			}
			for _, code := range q.Profile.CoachPrompts {
				ch, _ := q.Definition.Channel(code)
				items = append(items, text.T("report.prompt", "%s, %s, %s: ask privately about comfort and pressure.", takenOn(q).Words(), f.short(s), ch.Name))
			}
		}
		if last := f.lastDay(s, channelQuiz); last.IsZero() {
			items = append(items, text.T("report.missing", "No profile in this period: %s.", f.short(s)))
		}
	}
	unconfirmed := 0
	for _, p := range f.board {
		unconfirmed += p.Joint.Unconfirmed
	}
	if unconfirmed > 0 {
		items = append(items, text.N("report.unconfirmed", unconfirmed, "One joint practice was confirmed by one partner only.", "%d joint practices were confirmed by one partner only."))
	}
	alone := 0
	for _, x := range f.sessions {
		if x.Kind != sessions.JointSession {
			alone++
		}
	}
	items = append(items, text.T("report.coach_sessions", "Sessions: %d joint, %d with one partner.", len(f.sessions)-alone, alone))
	if f.fit != "" {
		items = append(items, f.fit)
	}
	blocks := []Block{Bullets{Items: items}}
	if t := f.missingTable(); len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	return blocks
}

// missingTable says how often each questionnaire was answered and how many questions
// stayed open, by partner.
func (f *facts) missingTable() Table {
	t := Table{Small: true, Columns: []Column{{Head: text.T("report.quiz", "Questionnaire")}}}
	for _, s := range f.slots() {
		t.Columns = append(t.Columns, Column{Head: text.T("report.taken_by", "%s: times", f.short(s)), Align: Right}, Column{Head: text.T("report.open_of", "%s: left open", f.short(s)), Align: Right})
	}
	for _, d := range quizzes.Shipped() {
		row, any := []string{d.Name}, false
		for _, s := range f.slots() {
			all := f.of(s, d.ID)
			left := 0
			for _, q := range all {
				for _, a := range q.Answers {
					if a.Status != quizzes.Answered {
						left++
					}
				}
			}
			any = any || len(all) > 0
			row = append(row, strconv.Itoa(len(all)), strconv.Itoa(left))
		}
		if any {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// judgementDetails are the numbers behind a judgement, for the coach.
func (f *facts) judgementDetails(d *quizzes.Definition, scale quizzes.Scale, j quizzes.Judgement) string {
	if scale.Change == nil || j.Threshold == nil {
		return text.T("report.no_parameters", "No parameters: change not judged.")
	}
	s := text.T("report.threshold", "Threshold %s points. Class: %s.", strconv.FormatFloat(*j.Threshold, 'f', 2, 64), j.Class.Words(d.Direction))
	if p := scale.Change; p.SD != nil && p.Reliability != nil {
		s += " " + text.T("report.sem", "SD %s, r %s (%s), SEM %s, RC %s. %s", num(*p.SD), num(*p.Reliability), p.Kind, num(quizzes.SEM(*p.SD, *p.Reliability)), num(*j.RC), p.Source)
	} else {
		s += " " + scale.Change.Source
	}
	if scale.Change.Unverified {
		s += " " + text.T("report.unverified", "Unverified.")
	}
	return Escape(s)
}

func num(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// sources lists what was used, with versions, for the coach.
func (f *facts) sources() []Block {
	var out []Block
	seen := map[string]bool{}
	for _, q := range f.results {
		key := q.Instrument + q.Version
		if seen[key] {
			continue
		}
		seen[key] = true
		line := text.T("report.source", "%s, version %s", q.Definition.Name, q.Version)
		for _, src := range q.Definition.Sources {
			line += ". " + src.Citation
		}
		out = append(out, Paragraph{Soft: true, Text: Escape(line)})
	}
	return out
}
