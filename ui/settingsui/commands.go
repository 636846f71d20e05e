package settingsui

import (
	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// The cards, as routes name them.
const (
	atCoaches    = "coaches"
	atSecurity   = "security"
	atBackups    = "backups"
	atBin        = "bin"
	atAppearance = "appearance"
)

// Commands lead the palette to what the settings hold.
func Commands(nav kit.Navigator) []kit.Command {
	to := func(id, title, at string) kit.Command {
		return kit.Command{ID: "settings." + id, Title: title, Run: func() { nav.Go(kit.Route{Page: PageID, Tab: at}) }}
	}
	return []kit.Command{
		to("coaches", text.T("cmd.coaches", "Coaches and who may open this casebook"), atCoaches),
		to("security", text.T("cmd.security", "Passphrase and recovery key"), atSecurity),
		to("backups", text.T("cmd.backups", "Backups: make one, restore, check the casebook"), atBackups),
		to("bin", text.T("cmd.bin", "Recycle bin"), atBin),
		to("appearance", text.T("cmd.appearance", "Appearance: light, dark, size of the text"), atAppearance),
	}
}

// goTo brings the card that the route named into view, with the focus in it.
func (p *Page) goTo() {
	card := p.named[p.at]
	p.at = ""
	first := kit.FirstFocusable(card)
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil && first != nil {
		c.Focus(first)
	}
}
