package accessui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// people is a practice in memory.
type people struct {
	coaches []clients.Coach
	rows    []clients.Row
	lent    []clients.Lending
	broken  string
	closed  map[string]ids.ID
}

func (p *people) Coaches(context.Context) ([]clients.Coach, error) { return p.coaches, nil }

func (p *people) List(context.Context, clients.Audience, clients.Filter) (clients.List, error) {
	return clients.List{Rows: p.rows, Total: len(p.rows)}, nil
}

func (p *people) Lend(_ context.Context, all ...clients.Lending) error {
	for _, l := range all {
		if err := l.Validate(""); err != nil {
			return err
		}
	}
	p.lent = append(p.lent, all...)
	return nil
}

func (p *people) TakeBack(_ context.Context, id ids.ID) error {
	p.lent = p.lent[:0]
	return nil
}

func (p *people) BreakGlass(_ context.Context, _ ids.ID, reason string) error {
	if reason == "" {
		return fault.Input("reason", "Write why you open it.")
	}
	p.broken = reason
	return nil
}

func (p *people) Closed(context.Context, ids.ID) (bool, error) { return true, nil }

func (p *people) FindClosed(_ context.Context, name string) ([]ids.ID, error) {
	if id, ok := p.closed[name]; ok {
		return []ids.ID{id}, nil
	}
	return nil, nil
}

func practice(t *testing.T) (*uitest.App, *people, Deps) {
	t.Helper()
	a := uitest.NewApp(t)
	p := &people{closed: map[string]ids.ID{"Samira Haddad": ids.New()}, coaches: []clients.Coach{
		{ID: ids.New(), Name: "Ada Winter", Role: clients.RoleOwner}, {ID: ids.New(), Name: "Mara Holt", Role: clients.RoleCoach}, {ID: ids.New(), Name: "Bartholomew Featherstonehaugh-Cholmondeley", Role: clients.RoleSupervisor},
	}}
	for _, title := range []string{"Samira Haddad & Jonas Lindqvist", "Maximiliane Freifrau von Hohenstaufen-Wittelsbach & Konstantinos Papadimitriou-Theodorakis", "Thomas Whitlow"} {
		p.rows = append(p.rows, clients.Row{ID: ids.New(), Title: title})
	}
	return a, p, Deps{Env: a.Env, Clients: p, Me: p.coaches[0].ID, Role: clients.RoleOwner}
}

func TestARecordIsHandedOverByTheKeyboard(t *testing.T) {
	a, p, d := practice(t)
	a.Window.SetContent(kit.VBox(0))
	a.Window.Resize(fyne.NewSize(1000, 800))
	HandOver(d, p.rows[0].ID, nil)
	a.Env.Dialogs.Confirm()
	if len(p.lent) != 0 {
		t.Fatal("handed over without a last day")
	}
	a.MustSay("Say until which day. It ends by itself then.")
	a.Fill("Until, that day included", "2026-12-06")
	a.Env.Dialogs.Confirm()
	if len(p.lent) != 1 || p.lent[0].CoachID != p.coaches[1].ID || p.lent[0].CoupleID != p.rows[0].ID || p.lent[0].Until != "2026-12-06" {
		t.Errorf("handed over: %+v", p.lent)
	}
}

func TestThereMustBeSomebodyToGiveARecordTo(t *testing.T) {
	a, p, d := practice(t)
	a.Window.SetContent(kit.VBox(0))
	p.coaches = p.coaches[:1]
	Supervise(d, ids.Nil, nil)
	if a.Env.Dialogs.IsOpen() {
		t.Error("a form is open in which nobody can be chosen")
	}
}

func TestAClosedRecordOpensForAReasonAlone(t *testing.T) {
	a, p, d := practice(t)
	g, opened := NewGlass(d), false
	a.Window.SetContent(g)
	g.For(p.rows[0].ID, func() { opened = true })
	g.open()
	if opened {
		t.Fatal("opened without a reason")
	}
	g.reason.SetText("An urgent call")
	g.open()
	if !opened || p.broken != "An urgent call" || g.reason.Text != "" {
		t.Errorf("opened %v, reason %q, left %q", opened, p.broken, g.reason.Text)
	}
}

func TestShots(t *testing.T) {
	a, p, d := practice(t)
	a.Window.Resize(fyne.NewSize(1000, 800))
	g := NewGlass(d)
	card := NewCard(d, func() {})
	card.Fill([]clients.Lending{
		{ID: ids.New(), Coach: "Mara Holt", Title: p.rows[0].Title, Kind: clients.HandOver, From: "2026-11-22", Until: "2026-12-06"},
		{ID: ids.New(), Coach: p.coaches[2].Name, Title: p.rows[1].Title, Kind: clients.Supervision, From: "2026-11-01", Veiled: true, Safety: true},
	})
	a.Window.SetContent(kit.Inset(24, kit.VBox(24, g, card)))
	a.Capture("access")
	Supervise(d, p.rows[1].ID, nil)
	a.Capture("access-supervise")
}
