package settingsui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/strength"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

const (
	shownBackups = 5
	// firstTried is how many bits a passphrase must exceed, as for a new casebook.
	firstTried = 14
)

func (p *Page) security() fyne.CanvasObject {
	p.after = kit.NewChoice(nil, p.deps.SetLockAfter)
	p.backups = kit.VBox(4)
	p.making = kit.Secondary(text.T("settings.backup", "Make a backup now"), p.makeBackup)
	return kit.TitledCard(text.T("settings.security", "Security"), nil, kit.VBox(12,
		kit.VBox(4, kit.Soft(text.T("settings.lock_after", "Lock the window when nobody is at it for")), kit.AtMost(240, p.after)),
		kit.Flow(8, kit.Secondary(text.T("settings.passphrase", "Change the passphrase…"), p.passphrase),
			kit.Secondary(text.T("settings.recovery", "Make a new recovery key…"), p.recovery)),
		kit.Rule(),
		kit.VBox(8, kit.Bold(text.T("settings.backups", "Backups")), p.backups, kit.HBox(8, p.making))))
}

func (p *Page) makeBackup() {
	d := p.deps
	kit.Do(d.Runner, d.Messages, d.Workspace.MakeBackup, func() {
		d.Messages.Toast(text.T("settings.backup_done", "A backup was made and checked."))
		p.Reload()
	})
}

func (p *Page) showBackups() {
	p.backups.RemoveAll()
	for i, b := range p.state.backups {
		if i == shownBackups {
			more := len(p.state.backups) - shownBackups
			p.backups.Add(kit.Hint(text.N("settings.more_backups", more, "and 1 older", "and %d older")))
			break
		}
		p.backups.Add(kit.Frame(nil, nil, kit.NewLine(b.At.In(p.deps.Now().Location()).Format("2 January 2006, 15:04")).Short(), kit.Soft(age(p.deps.Now().Sub(b.At))+" · "+size(b.Size)), nil))
	}
	if len(p.state.backups) == 0 {
		p.backups.Add(kit.Hint(text.T("settings.no_backup", "No backup yet. One is made with the first change of every hour.")))
	}
	p.backups.Refresh()
}

// age says how long ago in whole hours or days, rounded down.
func age(d time.Duration) string {
	switch hours := int(d.Hours()); {
	case hours < 1:
		return text.T("settings.just_now", "within the hour")
	case hours < 24:
		return text.N("settings.hours_ago", hours, "1 hour ago", "%d hours ago")
	default:
		return text.N("settings.days_ago", hours/24, "1 day ago", "%d days ago")
	}
}

// size is in decimal units, as file managers show it.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// checkFresh refuses what a new casebook refuses: nothing, what is tried first, and two
// that differ.
func checkFresh(fresh, again string) error {
	switch e := strength.Of(fresh); {
	case e.Level == strength.Empty:
		return fault.Input("passphrase", text.T("create.empty", "Choose a passphrase."))
	case e.Bits < firstTried:
		return fault.Input("passphrase", text.T("create.first", "This one is tried first. Choose another."))
	case fresh != again:
		return fault.Input("again", text.T("create.differs", "The two are not the same."))
	}
	return nil
}

func (p *Page) passphrase() {
	old, fresh, again := kit.NewPassword(""), kit.NewPassword(""), kit.NewPassword("")
	honest := kit.Hint(strength.Of("").Sentence())
	fresh.OnChanged = func(s string) { honest.SetText(strength.Of(s).Sentence()) }
	form := kit.NewForm(
		kit.Field{Key: "old", Label: text.T("settings.old", "The passphrase so far"), Widget: old},
		kit.Field{Key: "passphrase", Label: text.T("settings.new", "The new one"), Widget: fresh},
		kit.Field{Key: "strength", Widget: honest},
		kit.Field{Key: "again", Label: text.T("create.again", "The same passphrase again"), Widget: again})
	p.deps.Dialogs.Form(text.T("settings.passphrase_title", "Change the passphrase"), text.T("settings.passphrase_ok", "Change it"), form, func(ctx context.Context) error {
		if err := checkFresh(fresh.Text, again.Text); err != nil {
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
