package quizui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// settle is how long the sheet waits before it takes the keys: the form that opened it
// has to go first.
const settle = 150 * time.Millisecond

// sheet is the entering of a quiz: a column for each partner, number keys, and the
// scores as they come.
type sheet struct {
	widget.BaseWidget
	tab    *tab
	def    *quizzes.Definition
	as     []*quizzes.Administration
	rows   [][]*kit.Answers // by partner, then item
	picks  [][]*kit.Check
	scores []*kit.Prose
	live   []*kit.Line // the same in one line, always in view
	status *kit.Line
	saver  *kit.Saver
	kept   []bool      // by partner: it stands in the casebook
	begun  []time.Time // by partner: the first answer in this window
	spent  []int       // by partner: seconds before that
	scroll *container.Scroll
	body   fyne.CanvasObject
}

func newSheet(t *tab, d *quizzes.Definition, as []*quizzes.Administration) *sheet {
	s := &sheet{tab: t, def: d, as: as, status: kit.Soft("")}
	s.rows, s.picks = make([][]*kit.Answers, len(as)), make([][]*kit.Check, len(as))
	s.begun, s.spent = make([]time.Time, len(as)), make([]int, len(as))
	s.kept = make([]bool, len(as))
	for i, a := range as {
		s.spent[i], s.kept[i] = a.Seconds, !untouched(a) && a.Replaces.IsZero()
	}
	store := t.deps.Quizzes
	s.saver = kit.NewSaver(t.deps.Env, kit.Saving{Keep: s.with(store.Keep), Save: s.with(store.Save), Told: func() {
		s.status.SetText(text.T("quizzes.saved", "Saved %s", t.deps.Now().Format("15:04")))
	}})
	head := kit.HBox(8, kit.Quiet(text.T("quizzes.back", "Back to the quizzes"), s.leave), kit.Spacer(), s.status,
		kit.Primary(text.T("quizzes.lock", "Lock answers"), s.lock))
	objects := []fyne.CanvasObject{kit.Section(d.Name)}
	if d.Intro != "" {
		objects = append(objects, kit.Paragraph(d.Intro))
	}
	for _, a := range as {
		s.scores = append(s.scores, kit.Hint(""))
		if w := s.warning(a); w != "" {
			objects = append(objects, kit.Wrapped(w, kit.ColorCare))
		}
	}
	objects = append(objects, kit.Hint(text.T("quizzes.keys", "Number keys answer and move on; “-” is “prefer not to say”; Backspace clears. Tab goes to the other column.")))
	for i, it := range d.Items {
		objects = append(objects, s.item(i, it)...)
	}
	if d.Profile != nil && d.Profile.Pick.Max > 0 {
		objects = append(objects, s.pickRow()...)
	}
	foot := kit.VBox(4, kit.Rule())
	for i := range as {
		s.live = append(s.live, kit.Soft("").Short())
		foot.Add(kit.Frame(nil, kit.HBox(8, kit.NewChip(s.name(i), slotColor(s.slot(i))), kit.Spacer()), s.live[i], nil, nil))
		objects = append(objects, kit.HBox(8, kit.NewChip(s.name(i), slotColor(s.slot(i))), kit.Bold(text.T("quizzes.so_far", "So far"))), s.scores[i])
	}
	s.scroll = kit.ScrollPage(8, kit.VBox(10, objects...))
	s.body = kit.Frame(kit.Insets(12, 8, 24, 24, head), nil, s.scroll, nil, kit.Insets(0, 8, 24, 24, foot))
	s.ExtendBaseWidget(s)
	s.score()
	return s
}

// Parts lets tests and focus look inside.
func (s *sheet) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{s.body} }

// CreateRenderer is Fyne's.
func (s *sheet) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }

func (s *sheet) slot(i int) clients.Slot {
	if s.as[i].Person == s.tab.rec.Header.Partner(clients.SlotB).PersonID {
		return clients.SlotB
	}
	return clients.SlotA
}

func (s *sheet) name(i int) string { return s.tab.short(s.slot(i)) }

// warning says that the quiz is taken again too soon (rule Q-15).
func (s *sheet) warning(a *quizzes.Administration) string {
	for _, r := range slices.Backward(s.tab.state.results) {
		if r.Locked() && r.Instrument == a.Instrument && r.Person == a.Person && r.ID != a.ID && r.ID != a.Replaces && !r.TakenAt.After(a.TakenAt) {
			return quizzes.RetakeWarning(s.def, &r.Administration, a)
		}
	}
	return ""
}

// item is one line: the words, and a row of boxes for each partner.
func (s *sheet) item(i int, it quizzes.Item) []fyne.CanvasObject {
	words := it.Text
	if words == "" {
		words = text.T("quiz.item", "Item %s", it.ID)
	} else {
		words = fmt.Sprintf("%d. %s", i+1, words)
	}
	set, _ := s.def.ResponseSet(it.ResponseSet)
	row := kit.Flow(24)
	for p := range s.as {
		a := kit.NewAnswers(set.Min, set.Max, nil, slotColor(s.slot(p)))
		switch given := s.as[p].Answers[i]; given.Status {
		case quizzes.Answered:
			a.SetValue(given.Code)
		case quizzes.PreferNot:
			a.TypedRune('-')
		}
		a.OnSet = func(v int, answered bool) { s.set(p, i, a, v, answered) }
		a.OnMove = func() { s.next(p, i) }
		s.rows[p] = append(s.rows[p], a)
		row.Add(kit.VBox(2, kit.Soft(s.name(p)), a))
	}
	out := []fyne.CanvasObject{kit.Paragraph(words)}
	if i == 0 || it.ResponseSet != s.def.Items[i-1].ResponseSet {
		if words := labelWords(set); words != "" {
			out = append(out, kit.Hint(words))
		}
	}
	return append(out, row)
}

// labelWords are the answers that have words: "0 Not true · 4 Very true".
func labelWords(set quizzes.ResponseSet) string {
	var out []string
	for code := set.Min; code <= set.Max; code++ {
		if w := set.Labels[code]; w != "" {
			out = append(out, fmt.Sprintf("%d %s", code, w))
		}
	}
	return strings.Join(out, " · ")
}

func (s *sheet) pickRow() []fyne.CanvasObject {
	out := []fyne.CanvasObject{kit.Paragraph(s.def.Profile.Pick.Text)}
	for p := range s.as {
		row := kit.Flow(8)
		for _, c := range s.def.Profile.Channels {
			k := kit.NewCheck(c.Name, nil)
			k.SetChecked(slices.Contains(s.as[p].Picks, c.Code))
			k.OnChanged = func(bool) { s.picked(p) }
			s.picks[p] = append(s.picks[p], k)
			row.Add(k)
		}
		out = append(out, kit.HBox(0, kit.NewChip(s.name(p), slotColor(s.slot(p)))), row)
	}
	return out
}

func (s *sheet) set(p, i int, a *kit.Answers, v int, answered bool) {
	given := quizzes.Answer{}
	switch {
	case answered:
		given = quizzes.Is(v)
	case a.LeftOut():
		given = quizzes.Answer{Status: quizzes.PreferNot}
	}
	if err := s.as[p].SetAnswer(s.def, i, given); err != nil {
		s.tab.deps.Messages.Show(err)
		return
	}
	s.time(p)
	s.changed()
}

// time counts how long a partner took who answers alone on the screen; what a coach
// keys in from paper says nothing about it.
func (s *sheet) time(p int) {
	if s.as[p].Mode != quizzes.OnScreenAlone {
		return
	}
	now := s.tab.deps.Now()
	if s.begun[p].IsZero() {
		s.begun[p] = now
	}
	s.as[p].Seconds = s.spent[p] + int(now.Sub(s.begun[p]).Seconds())
}

func (s *sheet) picked(p int) {
	var codes []string
	for i, k := range s.picks[p] {
		if k.Checked {
			codes = append(codes, s.def.Profile.Channels[i].Code)
		}
	}
	if err := s.as[p].SetPicks(s.def, codes); err != nil {
		s.tab.deps.Messages.Show(err)
		return
	}
	s.changed()
}

// next goes down the same column.
func (s *sheet) next(p, i int) {
	if i+1 < len(s.rows[p]) {
		s.focus(s.rows[p][i+1])
		return
	}
	if p+1 < len(s.rows) {
		s.focus(s.rows[p+1][0])
	}
}

func (s *sheet) focus(a *kit.Answers) {
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(a)
	if c == nil {
		return
	}
	c.Focus(a)
	// Who types does not look for the wheel: the row comes into the middle by itself.
	at := driver.AbsolutePositionForObject(a).Y - driver.AbsolutePositionForObject(s.scroll).Y
	if room := s.scroll.Size().Height; at < 60 || at > room-120 {
		s.scroll.ScrollToOffset(fyne.NewPos(0, max(0, s.scroll.Offset.Y+at-room/2)))
	}
}

func (s *sheet) focusFirst() {
	if len(s.rows) > 0 && len(s.rows[0]) > 0 { // once the form before it has gone and the page is laid out
		s.tab.deps.Schedule.After(settle, func() { s.focus(s.rows[0][0]) })
	}
}

func (s *sheet) changed() {
	s.score()
	s.saver.Changed()
}

// score shows what the answers come to so far; flags and prompts are the coach's, and
// so is this sheet.
func (s *sheet) score() {
	for i, a := range s.as {
		s.scores[i].SetText(s.words(a))
		s.live[i].SetText(s.liveWords(a))
	}
}

// liveWords are how far somebody has come and what it comes to, in one line.
func (s *sheet) liveWords(a *quizzes.Administration) string {
	given := 0
	for _, x := range a.Answers {
		if x.Status != quizzes.Skipped {
			given++
		}
	}
	words := []string{text.T("quizzes.given", "%d of %d answered", given, len(a.Answers))}
	if s.def.Profile == nil {
		return strings.Join(append(words, s.words(a)), " · ")
	}
	p, err := quizzes.ScoreProfile(s.def, a.Answers, a.Picks, a.Seconds)
	if err != nil {
		return words[0]
	}
	words = append(words, text.T("quizzes.all", "All channels: %s", quizzes.ShowTotal(p.TotalExperienced)))
	for _, c := range p.Channels {
		if c.Experienced != nil {
			ch, _ := s.def.Channel(c.Code)
			words = append(words, ch.Name+" "+quizzes.ShowChannel(c.Experienced))
		}
	}
	return strings.Join(words, " · ")
}

func (s *sheet) words(a *quizzes.Administration) string {
	if s.def.Profile == nil {
		scores, err := quizzes.Score(s.def, a.Answers)
		if err != nil {
			return ""
		}
		var out []string
		for _, sc := range s.def.Scales {
			out = append(out, sc.Name+": "+quizzes.ShowScore(scores.Scales[sc.ID]))
		}
		return strings.Join(out, " · ")
	}
	p, err := quizzes.ScoreProfile(s.def, a.Answers, a.Picks, a.Seconds)
	if err != nil {
		return ""
	}
	var out []string
	for _, c := range p.Channels {
		if c.Experienced == nil && c.Wanted == nil {
			continue
		}
		ch, _ := s.def.Channel(c.Code)
		out = append(out, fmt.Sprintf("%s %s / %s", ch.Name, quizzes.ShowChannel(c.Experienced), quizzes.ShowChannel(c.Wanted)))
	}
	if len(out) == 0 {
		return text.T("quizzes.nothing_yet", "Nothing can be scored yet.")
	}
	lines := []string{strings.Join(out, " · "), totalWords(p), quizzes.LeadSentence(s.def, p)}
	return strings.Join(append(lines, coachWords(s.def, p)...), "\n")
}
