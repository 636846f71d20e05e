package settingsui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/strength"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func (p *Page) security() fyne.CanvasObject {
	p.after = kit.NewChoice(nil, p.deps.SetLockAfter)
	p.oldKey = kit.Hint(text.T("settings.old_key", "Your recovery key is from an earlier version: it opens the casebook, but not your reflections. Make a new one."))
	return kit.TitledCard(text.T("settings.security", "Security"), nil, kit.VBox(12,
		kit.VBox(4, kit.Soft(text.T("settings.lock_after", "Lock the window when nobody is at it for")), kit.AtMost(240, p.after)),
		kit.Flow(8, kit.Secondary(text.T("settings.passphrase", "Change the passphrase…"), p.passphrase),
			kit.Secondary(text.T("settings.recovery", "Make a new recovery key…"), p.recovery),
			kit.Secondary(text.T("settings.traces", "Traces and copies"), func() { p.deps.Nav.Go(kit.Route{Page: "traces"}) })),
		p.oldKey,
		kit.Hint(text.T("settings.security_hint", "The passphrase and the recovery key are yours: they open the casebook as you, with your reflections. Nobody can open those without one of the two."))))
}

func (p *Page) passphrase() {
	old, fresh, again := kit.NewPassword(""), kit.NewPassword(""), kit.NewPassword("")
	honest := kit.Hint(strength.Of("").Sentence())
	fresh.OnChanged = func(s string) { honest.SetText(strength.Of(s).Sentence()) }
	form := kit.NewForm(
		kit.Field{Key: "old", Label: text.T("settings.old", "The passphrase so far, or your recovery key"), Widget: old},
		kit.Field{Key: "passphrase", Label: text.T("settings.new", "The new one"), Widget: fresh},
		kit.Field{Key: "strength", Widget: honest},
		kit.Field{Key: "again", Label: text.T("create.again", "The same passphrase again"), Widget: again})
	p.deps.Dialogs.Form(text.T("settings.passphrase_title", "Change the passphrase"), text.T("settings.passphrase_ok", "Change it"), form, func(ctx context.Context) error {
		if err := strength.Choose(fresh.Text, again.Text); err != nil {
			return err
		}
		return p.deps.Workspace.ChangePassphrase(ctx, old.Text, fresh.Text)
	}, func() {
		p.deps.Messages.Toast(text.T("settings.passphrase_done", "Changed. Older backups still open with the old one."))
		p.Reload()
	})
}

// recovery makes a new key for the person who has the passphrase.
func (p *Page) recovery() {
	pass, fresh := kit.NewPassword(""), ""
	form := kit.NewForm(kit.Field{
		Key: "passphrase", Label: text.T("unlock.passphrase", "Passphrase"), Widget: pass,
		Hint: text.T("settings.recovery_hint", "Whoever makes a new key must have the passphrase."),
	})
	w := p.deps.Workspace
	p.deps.Dialogs.Form(text.T("recovery.new_title", "A new recovery key"), text.T("settings.recovery_ok", "Make it"), form, func(ctx context.Context) (err error) {
		if pass.Text == "" {
			return fault.Input("passphrase", text.T("settings.recovery_empty", "Type the passphrase."))
		}
		fresh, err = w.NewRecoveryKey(ctx, pass.Text)
		return err
	}, func() {
		p.deps.ShowRecoveryKey(fresh, func(ctx context.Context) error { return w.SetRecoveryKey(ctx, fresh) })
	})
}
