package main

import (
	"context"

	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
)

// undoer is the open casebook as Ctrl+Z sees it.
type undoer struct{ *stores }

// Undoer undoes the last steps.
func (w *workspace) Undoer() ui.Undoer { return undoer{w.stores} }

func (u undoer) Last(ctx context.Context, before ui.Step) (ui.Step, error) {
	past, _ := before.Ref.(changes.Step)
	step, err := u.changes.Last(ctx, u.audience(kit.LensCoach), past)
	if err != nil || step.Action == "" {
		return ui.Step{}, err
	}
	return ui.Step{Words: changes.Words(step.Action), Ref: step}, nil
}

func (u undoer) Undo(ctx context.Context, s ui.Step) (string, error) {
	step, _ := s.Ref.(changes.Step)
	done, err := u.changes.Undo(ctx, u.audience(kit.LensCoach), step)
	if err != nil {
		return "", err
	}
	said := text.T("undo.done", "Undone: %s.", s.Words)
	if done.Left > 0 {
		said += " " + text.T("undo.left", "What was changed again since stays.")
	}
	if done.Reports > 0 {
		said += " " + text.N("undo.reports", done.Reports, "A report was made meanwhile: what it showed stays shown.", "%d reports were made meanwhile: what they showed stays shown.")
	}
	return said, nil
}
