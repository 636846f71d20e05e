package quizui

import (
	"context"
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

// savePause is how long after an answer the sheet is saved.
const savePause = time.Second

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
	status *kit.Line
	dirty  bool
	forget func()
	scroll *container.Scroll
	body   fyne.CanvasObject
}

func newSheet(t *tab, d *quizzes.Definition, as []*quizzes.Administration) *sheet {
	s := &sheet{tab: t, def: d, as: as, status: kit.Soft("")}
	s.rows, s.picks = make([][]*kit.Answers, len(as)), make([][]*kit.Check, len(as))
	head := kit.HBox(8, kit.Quiet(text.T("quizzes.back", "Back to the quizzes"), t.done), kit.Spacer(), s.status,
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
	for i := range as {
		objects = append(objects, kit.HBox(8, kit.NewChip(s.name(i), slotColor(s.slot(i))), kit.Bold(text.T("quizzes.so_far", "So far"))), s.scores[i])
	}
	s.scroll = kit.Scroll(kit.Insets(8, 24, 24, 24, kit.VBox(10, objects...)))
	s.body = kit.Frame(kit.Insets(12, 8, 24, 24, head), nil, s.scroll, nil, nil)
	s.ExtendBaseWidget(s)
	s.score()
	return s
}

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
		if r.Instrument == a.Instrument && r.Person == a.Person && r.ID != a.ID && r.ID != a.Replaces {
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
	row := kit.HBox(24)
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
	if low, high := set.Labels[set.Min], set.Labels[set.Max]; low != "" && i == 0 {
		out = append(out, kit.Hint(fmt.Sprintf("%d %s … %d %s", set.Min, low, set.Max, high)))
	}
	return append(out, row)
}

func (s *sheet) pickRow() []fyne.CanvasObject {
	out := []fyne.CanvasObject{kit.Paragraph(s.def.Profile.Pick.Text)}
	for p := range s.as {
		row := kit.HBox(8, kit.NewChip(s.name(p), slotColor(s.slot(p))))
		for _, c := range s.def.Profile.Channels {
			k := kit.NewCheck(c.Name, nil)
			k.SetChecked(slices.Contains(s.as[p].Picks, c.Code))
			k.OnChanged = func(bool) { s.picked(p) }
			s.picks[p] = append(s.picks[p], k)
			row.Add(k)
		}
		out = append(out, row)
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
	s.changed()
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
	s.dirty = true
	s.score()
	if s.forget != nil {
		s.forget()
	}
	s.forget = s.tab.deps.Schedule.After(savePause, s.save)
}

// score shows what the answers come to so far; flags and prompts are the coach's, and
// so is this sheet.
func (s *sheet) score() {
	for i, a := range s.as {
		s.scores[i].SetText(s.words(a))
	}
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
		ch, _ := s.def.Channel(c.Code)
		out = append(out, fmt.Sprintf("%s %s / %s", ch.Name, quizzes.ShowChannel(c.Experienced), quizzes.ShowChannel(c.Wanted)))
	}
	lines := []string{strings.Join(out, " · "), text.T("quizzes.all", "All channels: %s", quizzes.ShowTotal(p.TotalExperienced)), quizzes.LeadSentence(s.def, p)}
	for _, f := range p.Flags {
		lines = append(lines, text.T("quizzes.flag", "For you: %s.", f.Words()))
	}
	for _, code := range p.CoachPrompts {
		ch, _ := s.def.Channel(code)
		lines = append(lines, text.T("quizzes.prompt", "For you: %s – ask privately about comfort and pressure.", ch.Name))
	}
	return strings.Join(lines, "\n")
}

// save keeps what was entered so far; it is not locked.
func (s *sheet) save() {
	if !s.dirty {
		return
	}
	s.dirty = false
	as := make([]*quizzes.Administration, len(s.as))
	for i, a := range s.as {
		c := *a
		c.Answers, c.Picks = slices.Clone(a.Answers), slices.Clone(a.Picks)
		as[i] = &c
	}
	d := s.tab.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Quizzes.Save(ctx, as...) }, func() {
		s.status.SetText(text.T("quizzes.saved", "Saved %s", d.Now().Format("15:04")))
	})
}

// lock makes the answers final.
func (s *sheet) lock() {
	if s.forget != nil {
		s.forget()
	}
	s.dirty = false
	d, as := s.tab.deps, s.as
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Quizzes.Lock(ctx, as...) }, func() {
		d.Messages.Toast(text.T("quizzes.locked", "Locked. A correction keeps the first answers."))
		s.tab.done()
	})
}

// done goes back to the list.
func (t *tab) done() {
	t.closeSheet()
	t.Reload()
}
