package accessui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Glass is the page of a record that is closed to a coach. It says that there is one, and
// nothing of what is in it, and opens it for a reason.
type Glass struct {
	widget.BaseWidget
	body   *fyne.Container
	deps   Deps
	reason *kit.Entry
	id     ids.ID
	opened func()
}

// NewGlass is the page without any I/O.
func NewGlass(d Deps) *Glass {
	g := &Glass{deps: d, reason: kit.NewEntry("")}
	g.reason.OnSubmitted = func(string) { g.open() }
	g.body = kit.Card(kit.VBox(12,
		kit.Section(text.T("glass.title", "A record of another coach")),
		kit.Paragraph(text.T("glass.closed", "This record is not yours, so it is closed.")),
		kit.Hint(text.T("glass.means", "In an emergency you can open it with a reason. Who opened it, when and why is kept, and the owner and its coaches read it on their first page. It closes when you lock, and at the end of the day.")),
		kit.VBox(3, kit.Soft(text.T("glass.reason", "Why you open it")), g.reason),
		kit.HBox(0, kit.Secondary(text.T("glass.open", "Open it with this reason"), g.open))))
	g.ExtendBaseWidget(g)
	return g
}

// CreateRenderer is Fyne's.
func (g *Glass) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.body) }

// Parts lets tests and focus look inside.
func (g *Glass) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{g.body} }

// First is where one types.
func (g *Glass) First() fyne.Focusable { return g.reason }

// For sets which record it is, and what follows when it is open.
func (g *Glass) For(id ids.ID, opened func()) {
	if id != g.id {
		g.reason.SetText("")
	}
	g.id, g.opened = id, opened
}

func (g *Glass) open() {
	id, reason, d := g.id, strings.TrimSpace(g.reason.Text), g.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Clients.BreakGlass(ctx, id, reason) }, func() {
		g.reason.SetText("")
		if id == g.id && g.opened != nil {
			g.opened()
		}
	})
}

// Commands are those of who may open another's record.
func Commands(d Deps) []kit.Command {
	if d.Role != clients.RoleCoach {
		return nil
	}
	return []kit.Command{{ID: "glass.find", Title: text.T("glass.command", "Open another coach's record…"), Run: func() { find(d) }}}
}

// find asks for the whole name of a client of somebody else's. It offers no names: whoever
// does not know one finds nothing.
func find(d Deps) {
	name := kit.NewEntry("")
	var found []ids.ID
	form := kit.NewForm(kit.Field{Key: "name", Label: text.T("glass.name", "The whole name of one of the clients"), Widget: name},
		kit.Field{Widget: kit.Hint(text.T("glass.name_hint", "You are told whether there is a record, and nothing of what is in it."))})
	d.Dialogs.Form(text.T("glass.find", "Open another coach's record"), text.T("glass.look", "Look for it"), form, func(ctx context.Context) (err error) {
		if found, err = d.Clients.FindClosed(ctx, name.Text); err == nil && len(found) == 0 {
			err = fault.Input("name", text.T("glass.none", "There is no closed record of somebody with exactly this name."))
		}
		return err
	}, func() {
		d.Nav.Go(kit.Route{Page: "couples", ID: found[0].String(), Lens: kit.LensCoach})
	})
}
