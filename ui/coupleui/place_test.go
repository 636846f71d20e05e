package coupleui

import (
	"context"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

var ctx = context.Background()

// place is the page over a real casebook, with a navigator that goes there.
type place struct {
	*uitest.App
	page      *Page
	cb        *casebook.Casebook
	clients   *clients.Store
	practices *practices.Store
	intake    *intake.Store
	other     *otherTab
}

// walker shows the page's own routes at once, as the shell does.
type walker struct {
	*uitest.Nav
	p *place
}

func (w walker) Go(r kit.Route) {
	w.Nav.Go(r)
	if r.Page == PageID {
		w.p.page.Leave()
		w.p.page.Open(r)
		w.p.Settle()
	}
}

// otherTab stands for the tabs of other packages and remembers what it was asked.
type otherTab struct {
	widget.BaseWidget
	opened  []kit.Record
	reloads int
	left    int
}

func (o *otherTab) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(kit.NewLine("the other tab")))
}
func (o *otherTab) Open(r kit.Record) { o.opened = append(o.opened, r) }
func (o *otherTab) Reload()           { o.reloads++ }
func (o *otherTab) Leave()            { o.left++ }

func newPlace(t testing.TB) *place {
	t.Helper()
	a := uitest.NewApp(t)
	cb, _, err := casebook.Create(ctx, filepath.Join(t.TempDir(), "test.couplet"),
		casebook.New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF, Workspace: "Practice", Coach: "Noor Haddad"}, casebook.Options{Now: a.Env.Now})
	return placeOver(t, a, cb, err)
}

func placeOver(t testing.TB, a *uitest.App, cb *casebook.Casebook, err error) *place {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cb.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &place{App: a, cb: cb, clients: clients.New(cb)}
	p.practices = practices.NewStore(cb, p.clients)
	p.intake = intake.New(cb)
	p.Env.Nav = walker{a.Nav, p}
	p.other = &otherTab{}
	p.other.ExtendBaseWidget(p.other)
	p.page = NewPage(Deps{Env: p.Env, Clients: p.clients, Agreements: p.practices, Origins: p.intake, History: changes.New(cb, p.clients.MayBeginJoint), Access: accessui.Deps{Env: p.Env, Clients: p.clients, Me: cb.Me(), Role: clients.RoleOwner}, Tabs: []kit.TabSpec{{Key: "sessions", Title: "Sessions", New: func() kit.Tab { return p.other }}}})
	p.Show(p.page)
	return p
}

func (p *place) coach() clients.Audience {
	return clients.For(clients.CoachView, day.Day(p.Env.Today()))
}

func named(given, family string) *clients.Person {
	return &clients.Person{Name: clients.Name{Given: given, Family: family}}
}

func (p *place) ok(err error) {
	p.T.Helper()
	if err != nil {
		p.T.Fatal(err)
	}
}

// parsed is the id that a route names.
func (p *place) parsed(s string) ids.ID {
	p.T.Helper()
	id, err := ids.Parse(s)
	p.ok(err)
	return id
}

// couple stores a couple with an engagement.
func (p *place) couple(a, b *clients.Person, tags ...string) ids.ID {
	p.T.Helper()
	id, err := p.clients.CreateCouple(ctx, clients.NewCouple{A: a, B: b, Tags: tags, Engagement: &clients.Engagement{Policy: clients.NoSecrets, StartedOn: "2026-09-01"}})
	p.ok(err)
	return id
}

// open shows a record through a lens.
func (p *place) open(id ids.ID, l kit.Lens) {
	p.T.Helper()
	p.Env.Nav.Go(kit.Route{Page: PageID, ID: id.String(), Lens: l})
}

// changed is what the shell does after a change.
func (p *place) changed() {
	p.page.Reload()
	p.Settle()
}

func (p *place) save() {
	p.T.Helper()
	p.Env.Dialogs.Confirm()
	p.Settle()
	if p.Env.Dialogs.IsOpen() {
		return
	}
	p.changed()
}

func (p *place) header(id ids.ID, r clients.Reader) clients.Header {
	p.T.Helper()
	h, err := p.clients.Header(ctx, clients.For(r, p.coach().On()), id, p.Env.Now())
	p.ok(err)
	return h
}

func (p *place) screen(id ids.ID, s clients.Slot, o clients.Outcome, body string) {
	p.T.Helper()
	_, err := p.clients.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: p.header(id, clients.CoachView).Partner(s).PersonID, Outcome: o, HeldOn: "2026-11-01", Body: body})
	p.ok(err)
}

func (p *place) quiet() {
	p.T.Helper()
	if len(p.Said.Errors) > 0 {
		p.T.Fatalf("said %v", p.Said.Errors)
	}
}
