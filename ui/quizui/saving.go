package quizui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// begunOnes are the administrations with something entered: a column that nobody
// touched is no quiz that was taken.
func (s *sheet) begunOnes() []*quizzes.Administration {
	var out []*quizzes.Administration
	for _, a := range s.as {
		if !untouched(a) || !a.Replaces.IsZero() {
			out = append(out, a)
		}
	}
	return out
}

func untouched(a *quizzes.Administration) bool {
	return len(a.Picks) == 0 && !slices.ContainsFunc(a.Answers, func(x quizzes.Answer) bool { return x.Status != quizzes.Skipped })
}

// with holds what was entered still for a save; it is not locked.
func (s *sheet) with(save func(context.Context, ...*quizzes.Administration) error) func() func(context.Context) error {
	return func() func(context.Context) error {
		as := s.still()
		return func(ctx context.Context) error { return save(ctx, as...) }
	}
}

// still is what was entered. A column whose answers were all taken back is saved as well,
// so that the casebook does not keep them.
func (s *sheet) still() []*quizzes.Administration {
	var as []*quizzes.Administration
	for i, a := range s.as {
		if untouched(a) && !s.kept[i] {
			continue
		}
		s.kept[i] = true
		c := *a
		c.Answers, c.Picks = slices.Clone(a.Answers), slices.Clone(a.Picks)
		as = append(as, &c)
	}
	return as
}

// lock makes the answers final. What was left open is named first, for it stays so.
func (s *sheet) lock() {
	as := s.begunOnes()
	if len(as) == 0 {
		s.tab.deps.Messages.Show(fault.New(fault.Refused, text.T("quizzes.nothing", "Nothing is answered yet."), text.T("quizzes.nothing_hint", "Enter an answer, or go back: nothing was saved.")))
		return
	}
	open := s.openWords(as)
	if open == "" {
		s.final(as)
		return
	}
	s.tab.deps.Dialogs.Ask(text.T("quizzes.lock_title", "Lock with open items?"), text.T("quizzes.lock_open", "Not answered: %s. Locked answers stay as they are; a correction can add to them.", open), text.T("quizzes.lock", "Lock answers"), func() { s.final(as) })
}

// openWords names the items that nobody came to, by partner.
func (s *sheet) openWords(as []*quizzes.Administration) string {
	var out []string
	for i, a := range s.as {
		if !slices.Contains(as, a) {
			continue
		}
		var items []string
		for n, x := range a.Answers {
			if x.Status == quizzes.Skipped {
				items = append(items, s.def.Items[n].ID)
			}
		}
		if len(items) > 0 {
			out = append(out, s.name(i)+" "+strings.Join(items, ", "))
		}
	}
	return strings.Join(out, "; ")
}

func (s *sheet) final(as []*quizzes.Administration) {
	d := s.tab.deps
	emptied := slices.DeleteFunc(s.still(), func(a *quizzes.Administration) bool {
		return slices.ContainsFunc(as, func(x *quizzes.Administration) bool { return x.ID == a.ID })
	})
	s.saver.End(func(ctx context.Context) error {
		if len(emptied) > 0 {
			if err := d.Quizzes.Save(ctx, emptied...); err != nil {
				return err
			}
		}
		return d.Quizzes.Lock(ctx, as...)
	}, func() {
		d.Messages.Toast(text.T("quizzes.locked", "Locked. A correction keeps the first answers."))
		s.tab.done()
	})
}

// leave goes back once all is saved.
func (s *sheet) leave() { s.saver.Flush(s.tab.done) }

// takeIn lets what is open stand as it was entered last on this computer.
func (s *state) takeIn(typed []quizzes.Result) {
	s.typed = map[ids.ID]quizzes.Result{}
	for _, x := range typed {
		s.typed[x.ID] = x
		switch i := slices.IndexFunc(s.results, func(r quizzes.Result) bool { return r.ID == x.ID }); {
		case i < 0:
			s.results = append(s.results, x)
		case !s.results[i].Locked():
			s.results[i] = x
		}
	}
	slices.SortStableFunc(s.results, func(a, b quizzes.Result) int { return a.TakenAt.Compare(b.TakenAt) })
}

func (t *tab) enter(d *quizzes.Definition, as []*quizzes.Administration) {
	s := newSheet(t, d, as)
	t.show(s)
	s.focusFirst()
	for _, a := range as {
		if _, ok := t.state.typed[a.ID]; ok { // it becomes part of the record when it is left
			s.saver.Changed()
		}
	}
}

func (t *tab) show(s *sheet) {
	t.sheet = s
	t.stack.Objects = []fyne.CanvasObject{s}
	t.stack.Refresh()
}

func (t *tab) closeSheet() {
	if t.sheet == nil {
		return
	}
	t.sheet.saver.Leave()
	t.sheet = nil
	t.stack.Objects = []fyne.CanvasObject{t.list}
	t.stack.Refresh()
}

// done goes back to the list.
func (t *tab) done() {
	t.closeSheet()
	t.Reload()
}
