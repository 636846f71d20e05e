package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// unlock covers the window while the casebook is locked.
type unlock struct {
	widget.BaseWidget
	shell    *Shell
	path     string
	entry    *kit.Entry
	button   *kit.Button
	other    *kit.Button
	label    *kit.Line
	problem  *fyne.Container
	body     fyne.CanvasObject
	recovery bool
	busy     bool
}

func newUnlock(s *Shell, path string) *unlock {
	u := &unlock{shell: s, path: path, entry: kit.NewPassword(""), label: kit.Soft(""), problem: kit.VBox(2)}
	u.button = kit.Primary("", u.submit)
	u.entry.OnSubmitted = func(string) { u.submit() }
	u.other = kit.Quiet("", u.swap)
	another := kit.Quiet(text.T("unlock.another", "Another casebook"), func() { s.showFront(newWelcome(s)) })
	u.problem.Hide()
	u.words()
	u.body = frontCard(kit.VBox(kit.GapCards,
		s.whichBook(path),
		kit.VBox(4, u.label, u.entry),
		u.problem, u.button, kit.Flush(kit.HBox(4, u.other, kit.Spacer(), another))))
	u.ExtendBaseWidget(u)
	return u
}

// Parts lets focus look inside.
func (u *unlock) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{u.body} }

func (u *unlock) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(u.body) }

func (u *unlock) first() fyne.Focusable { return u.entry }

func (u *unlock) words() {
	if u.recovery {
		u.label.SetText(text.T("unlock.recovery", "Recovery key, as it was printed"))
		u.other.SetText(text.T("unlock.use_passphrase", "Use the passphrase"))
	} else {
		u.label.SetText(text.T("unlock.passphrase", "Passphrase"))
		u.other.SetText(text.T("unlock.use_recovery", "Use the recovery key"))
	}
	u.button.SetText(text.T("unlock.open", "Unlock"))
	u.entry.Password = !u.recovery
	u.entry.Refresh()
}

func (u *unlock) swap() {
	u.recovery = !u.recovery
	u.entry.SetText("")
	u.words()
	u.shell.conf.Window.Canvas().Focus(u.entry)
}

func (u *unlock) submit() {
	if u.busy || u.entry.Text == "" {
		return
	}
	secret := Secret{Passphrase: u.entry.Text, First: u.shell.prefs.account()}
	if u.recovery {
		secret = Secret{RecoveryKey: u.entry.Text}
	}
	u.setBusy(true)
	var w Workspace
	var err error
	s := u.shell
	s.whenClosed(func() {
		s.conf.Runner.Run(func(ctx context.Context) { w, err = s.conf.Opener.Open(ctx, u.path, secret) }, func() {
			u.setBusy(false)
			if err != nil {
				u.refuse(err)
				if fault.Is(err, fault.Damaged) {
					u.lookForBackup(secret)
				}
				return
			}
			u.entry.SetText("")
			s.enter(w)
			if u.recovery {
				s.notices.Toast(text.T("unlock.after_recovery", "Opened with the recovery key. Choose a new passphrase in Settings."))
			}
		})
	})
}

func (u *unlock) setBusy(on bool) {
	u.busy = on
	if on {
		u.shell.conf.Window.Canvas().Unfocus() // a blinking cursor takes time from the key
		u.button.SetText(text.T("unlock.opening", "Opening…"))
		u.button.Disable()
		u.problem.Hide()
		return
	}
	u.button.SetText(text.T("unlock.open", "Unlock"))
	u.button.Enable()
}

func (u *unlock) refuse(err error) {
	sentence, hint := fault.Words(err)
	u.problem.Objects = []fyne.CanvasObject{kit.Wrapped(sentence, kit.ColorStop), kit.Hint(hint)}
	if fault.Is(err, fault.WrongKey) { // which casebooks are shared is not known before one opens
		u.problem.Add(kit.Hint(text.T("unlock.elsewhere", "A passphrase that was given or changed on another computer opens this casebook once it has heard of that: open it with the one before, or with another coach's, a last time.")))
	}
	u.problem.Show()
	u.body.Refresh()
	u.shell.conf.Window.Canvas().Focus(u.entry)
	u.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}
