package ui

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// undo takes back typing in the field that has the focus; elsewhere what the bar
// offers, or else the last step.
func (s *Shell) undo() {
	type undoer interface{ Undo() }
	if e, ok := s.conf.Window.Canvas().Focused().(undoer); ok {
		e.Undo()
		return
	}
	switch {
	case s.env.Dialogs.IsOpen():
	case s.notices.CanUndo():
		s.notices.UndoLast()
	case s.shield.On(): // what would be undone is not said to others
	default:
		s.undoStep()
	}
}

var _ interface{ Undo() } = (*widget.Entry)(nil)

// undoTitle names what would be undone.
func (s *Shell) undoTitle() string {
	if s.last.Words == "" || s.shield.On() {
		return text.T("cmd.undo", "Undo")
	}
	return text.T("cmd.undo_step", "Undo: %s", s.last.Words)
}

// lookBack finds what can be undone next.
func (s *Shell) lookBack() {
	w := s.open
	if w == nil || w.Undoer() == nil {
		return
	}
	var next Step
	var err error
	s.conf.Runner.Run(func(ctx context.Context) { next, err = w.Undoer().Last(ctx, s.past) }, func() {
		if s.open != w || err != nil { // nothing to name is nothing to say
			return
		}
		named := next.Words != s.last.Words
		if s.last = next; named {
			s.rebuildMenu()
		}
	})
}

// undoStep undoes the last step. Where that is refused, the one before comes next.
func (s *Shell) undoStep() {
	w, step := s.open, s.last
	if w == nil || w.Undoer() == nil {
		return
	}
	if step.Words == "" {
		s.notices.Toast(text.T("undo.nothing", "There is nothing to undo."))
		return
	}
	var said string
	s.last = Step{} // once
	var err error
	s.conf.Runner.Run(func(ctx context.Context) { said, err = w.Undoer().Undo(ctx, step) }, func() {
		if s.open != w {
			return
		}
		if err != nil {
			s.notices.Show(err)
			s.past = step
			s.lookBack()
			return
		}
		s.notices.Toast(said)
	})
	kit.Touch()
}
