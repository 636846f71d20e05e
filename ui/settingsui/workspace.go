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
	p.name, p.coaches = kit.NewLine(""), kit.VBox(10)
	add := kit.Quiet(text.T("settings.add_coach", "Add a coach"), func() {
		p.ask(text.T("settings.add_coach", "Add a coach"), text.T("settings.coach_name", "Name"), "", "name", func(ctx context.Context, v string) error {
			_, err := p.deps.Workspace.AddCoach(ctx, v)
			return err
		})
	})
	return kit.TitledCard(text.T("settings.workspace", "Workspace"), nil, kit.VBox(10,
		row(text.T("settings.business", "Your business"), p.name, func() {
			p.ask(text.T("settings.business", "Your business"), text.T("settings.business_name", "As it stands on reports"), p.state.name, "name", p.deps.Workspace.SetName)
		}),
		p.coaches, kit.HBox(0, add)))
}

func (p *Page) showName() {
	if p.state.name == "" {
		p.name.Set(text.T("settings.no_name", "not named yet"), kit.ColorInkSoft)
		return
	}
	p.name.Set(p.state.name, kit.ColorInk)
}

// showCoaches keeps the rows that there are, with whatever has the focus in them.
func (p *Page) showCoaches() {
	if len(p.coachNames) > len(p.state.coaches) {
		p.coachNames = nil
		p.coaches.RemoveAll()
	}
	for i := len(p.coachNames); i < len(p.state.coaches); i++ {
		name := kit.NewLine("")
		p.coachNames = append(p.coachNames, name)
		p.coaches.Add(row(text.T("settings.coach", "Coach"), name, func() { p.renameCoach(i) }))
	}
	for i, c := range p.state.coaches {
		p.coachNames[i].SetText(c.Name)
	}
	p.coaches.Refresh()
}

func (p *Page) renameCoach(i int) {
	c := p.state.coaches[i]
	p.ask(text.T("settings.coach", "Coach"), text.T("settings.coach_name", "Name"), c.Name, "name", func(ctx context.Context, v string) error {
		return p.deps.Workspace.RenameCoach(ctx, c.ID, v)
	})
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
