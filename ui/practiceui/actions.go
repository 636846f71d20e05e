package practiceui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// actions end, rest, change or delete an assignment.
func (t *tab) actions(p practices.Progress) fyne.CanvasObject {
	row := kit.Flow(4, kit.Quiet(text.T("record.edit", "Edit"), func() { t.edit(p.Assignment) }))
	if p.State == practices.Active {
		rest, end := text.T("practices.rest", "Let it rest"), text.T("practices.end", "End it")
		row.Add(kit.Quiet(rest, func() { t.stop(p.Assignment, practices.Resting, rest) }))
		row.Add(kit.Quiet(end, func() { t.stop(p.Assignment, practices.Ended, end) }))
	} else {
		row.Add(kit.Quiet(text.T("practices.resume", "Go on with it"), func() {
			a, store := p.Assignment, t.deps.Practices
			a.Resume(t.rec.Today())
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.Assign(ctx, a) }, nil)
		}))
	}
	row.Add(kit.Quiet(text.T("record.delete", "Delete"), func() {
		store := t.deps.Practices
		kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.DeleteAssignment(ctx, p.ID) }, func() {
			t.deps.Messages.Undo(text.T("practices.deleted", "The practice was taken away."), func() {
				kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.RestoreAssignment(ctx, p.ID) }, nil)
			})
		})
	}))
	return row
}

// stop ends an assignment or lets it rest, and asks why; nobody has to say.
func (t *tab) stop(a practices.Assignment, to practices.State, words string) {
	why := kit.NewEntry(text.T("practices.reason_hint", "it became a habit"))
	why.OnSubmitted = func(string) { t.deps.Dialogs.Confirm() }
	form := kit.NewForm(kit.Field{Key: "reason", Label: text.T("practices.reason", "Why (for coaches alone, if you like)"), Widget: why})
	store := t.deps.Practices
	t.deps.Dialogs.Form(words, words, form, func(ctx context.Context) error {
		a.Stop(to, strings.TrimSpace(why.Text), t.rec.Today())
		return store.Assign(ctx, a)
	}, nil)
}
