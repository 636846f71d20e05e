package settingsui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func (p *Page) workspace() fyne.CanvasObject {
	p.name = kit.NewLine("")
	return kit.TitledCard(text.T("settings.workspace", "Workspace"), nil, kit.VBox(10,
		row(text.T("settings.business", "Your business"), p.name, func() {
			p.ask(text.T("settings.business", "Your business"), text.T("settings.business_name", "As it stands on reports"), p.state.name, "name", p.deps.Workspace.SetName)
		})))
}

func (p *Page) showName() {
	if p.state.name == "" {
		p.name.Set(text.T("settings.no_name", "not named yet"), kit.ColorInkSoft)
		return
	}
	p.name.Set(p.state.name, kit.ColorInk)
}

func (p *Page) notes() fyne.CanvasObject {
	p.days = kit.NewLine("")
	return kit.TitledCard(text.T("settings.notes", "Notes"), nil, kit.VBox(8,
		row(text.T("settings.lock_days", "Notes lock after"), p.days, p.askLockDays),
		kit.Hint(text.T("settings.lock_hint", "A locked note stays as it is; what comes later is added below it. A change counts from the next day or start; notes that are locked stay locked."))))
}

func (p *Page) askLockDays() {
	p.ask(text.T("settings.lock_days", "Notes lock after"), text.T("settings.how_many_days", "Days"), strconv.Itoa(p.state.lockDays), "lock_days", func(ctx context.Context, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil {
			return fault.Input("lock_days", text.T("practices.times_number", "Write a number."))
		}
		return p.deps.Workspace.SetLockDays(ctx, n)
	})
}
