package rightsui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Partners says who is in a record: clients.Store.
type Partners interface {
	Couple(ctx context.Context, aud clients.Audience, id ids.ID) (clients.Couple, error)
	Person(ctx context.Context, aud clients.Audience, id ids.ID) (clients.Person, error)
}

// Part is the card of rights in the tab of people: what was asked for, and the way to the page.
type Part struct {
	Deps     Deps
	Partners Partners
}

// Read reads it for the coach; other lenses show nothing.
func (x Part) Read(ctx context.Context, rec kit.Record) (func() []fyne.CanvasObject, error) {
	if !rec.Audience.IsCoach() {
		return func() []fyne.CanvasObject { return nil }, nil
	}
	c, err := x.Partners.Couple(ctx, rec.Audience, rec.Couple)
	if err != nil {
		return nil, err
	}
	restricted, err := x.Deps.Rights.Restricted(ctx, rec.Audience)
	if err != nil {
		return nil, err
	}
	type line struct {
		id         ids.ID
		name, says string
	}
	var lines []line
	for _, id := range []ids.ID{c.A, c.B} {
		if id.IsZero() {
			continue
		}
		p, err := x.Partners.Person(ctx, rec.Audience, id)
		if err != nil {
			continue // who is no longer there asks for nothing
		}
		requests, err := x.Deps.Rights.Requests(ctx, rec.Audience, id)
		if err != nil {
			return nil, err
		}
		l := line{id: id, name: name(p.Name), says: text.T("rights.none", "Nothing was asked for.")}
		for _, r := range requests {
			if r.State == rights.Open {
				l.says = r.Kind.Words() + " · " + stateWords(r)
			}
		}
		if _, is := restricted[id]; is {
			l.says = text.T("rights.restricted_line", "Restricted") + " · " + l.says
		}
		lines = append(lines, l)
	}
	return func() []fyne.CanvasObject {
		box := kit.VBox(10)
		for _, l := range lines {
			box.Add(kit.Beside(kit.VBox(2, kit.NewLine(l.name).Short(), kit.Soft(l.says).Short()), kit.Quiet(text.T("rights.open", "File, pause, erasure…"), func() {
				x.Deps.Nav.Go(kit.Route{Page: PageID, ID: l.id.String()})
			})))
		}
		return []fyne.CanvasObject{kit.TitledCard(text.T("rights.card", "Rights"), nil, box)}
	}, nil
}

// Commands are the page from anywhere.
func Commands(d Deps) []kit.Command {
	return []kit.Command{{ID: "rights.open", Title: text.T("cmd.rights", "Rights and retention"), Menu: "file", Run: func() { d.Nav.Go(kit.Route{Page: PageID}) }}}
}
