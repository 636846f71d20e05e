package ui

import (
	"context"

	"github.com/couplet-app/couplet/internal/strength"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// chooseOwn asks whoever came with a passphrase that somebody else knows for one of their
// own. It can wait: then nothing is kept for their eyes alone.
func (s *Shell) chooseOwn(w Workspace) {
	fresh, again := kit.NewPassword(""), kit.NewPassword("")
	honest := kit.Hint(strength.Of("").Sentence())
	fresh.OnChanged = func(v string) { honest.SetText(strength.Of(v).Sentence()) }
	form := kit.NewForm(
		kit.Field{Widget: kit.Hint(text.T("own.text", "Somebody else chose the passphrase that you came with. With one that only you know, your reflections are yours alone; until then they cannot be kept."))},
		kit.Field{Key: "passphrase", Label: text.T("own.passphrase", "Your passphrase"), Widget: fresh},
		kit.Field{Key: "strength", Widget: honest},
		kit.Field{Key: "again", Label: text.T("create.again", "The same passphrase again"), Widget: again})
	s.env.Dialogs.Form(text.T("own.title", "Choose your own passphrase"), text.T("own.ok", "Use it from now on"), form, func(ctx context.Context) error {
		if err := strength.Choose(fresh.Text, again.Text); err != nil {
			return err
		}
		return w.ChooseOwn(ctx, fresh.Text)
	}, func() {
		s.notices.Toast(text.T("own.done", "From now on your own passphrase opens the casebook. Nobody can open your reflections without it: make a recovery key in Settings, too."))
	})
}
