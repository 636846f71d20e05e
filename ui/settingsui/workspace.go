package settingsui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
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
		p.coaches, kit.QuietRow(add)))
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
	if len(p.coachRows) > len(p.state.coaches) {
		p.coachRows = nil
		p.coaches.RemoveAll()
	}
	for i := len(p.coachRows); i < len(p.state.coaches); i++ {
		r := coachRow{kit.NewLine(""), kit.Soft(""), kit.Quiet("", func() { p.coachLeft(i) })}
		p.coachRows = append(p.coachRows, r)
		p.coaches.Add(kit.Frame(nil, nil, kit.VBox(2, r.what, r.name.Short()),
			kit.HBox(4, r.left, kit.Quiet(text.T("settings.change", "Change"), func() { p.renameCoach(i) })), nil))
	}
	for i, c := range p.state.coaches {
		p.coachRows[i].show(c)
	}
	p.coaches.Refresh()
}

// coachRow is one coach: the name, and whether they still work here.
type coachRow struct {
	name, what *kit.Line
	left       *kit.Button
}

func (r coachRow) show(c clients.Coach) {
	r.name.Set(c.Name, kit.ColorInk)
	r.what.SetText(text.T("settings.coach", "Coach"))
	r.left.SetText(text.T("settings.coach_leaves", "Has left"))
	if c.Left() {
		r.name.Set(c.Name, kit.ColorInkSoft)
		r.what.SetText(text.T("settings.coach_left", "Coach who left; stays with what they did"))
		r.left.SetText(text.T("settings.coach_back", "Is back"))
	}
	r.left.Hidden = c.Owner()
}

// coachLeft marks a coach as gone, or as back.
func (p *Page) coachLeft(i int) {
	c, d := p.state.coaches[i], p.deps
	set := func(left bool, then func()) {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Workspace.CoachLeft(ctx, c.ID, left) }, then)
	}
	set(!c.Left(), func() {
		p.Reload()
		said := text.T("settings.coach_gone", "%s is not offered for new work any more.", c.Name)
		if c.Left() {
			said = text.T("settings.coach_here", "%s is offered for new work again.", c.Name)
		}
		d.Messages.Undo(said, func() { set(c.Left(), p.Reload) })
	})
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
