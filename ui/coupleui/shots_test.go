package coupleui

import (
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/sample"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// TestShotsOfRecords opens every record of the sample through every lens; with
// COUPLET_SHOTS set it keeps pictures of some.
func TestShotsOfRecords(t *testing.T) {
	a := uitest.NewApp(t)
	path := filepath.Join(t.TempDir(), "sample.couplet")
	recovery, err := sample.Casebook(ctx, path, casebook.New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF}, day.Day(a.Env.Today()), 1)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{Now: a.Env.Now})
	p := placeOver(t, a, cb, err)
	p.page.Open(kit.Route{Page: PageID})
	p.Settle()
	p.Capture("couples-none")
	list, err := p.clients.List(ctx, p.coach(), clients.Filter{Shelf: clients.Everything, Now: p.Env.Now()})
	p.ok(err)
	for i, r := range list.Rows {
		for _, l := range []kit.Lens{kit.LensCoach, kit.LensJoint, kit.LensA, kit.LensB} {
			p.open(r.ID, l)
			p.MustSay(r.Title)
			if cut := uitest.Clipped(t, p.page); len(cut) > 0 {
				t.Errorf("%s through %s: clipped %q", r.Title, l, cut)
			}
			if l == kit.LensCoach || i == 0 {
				p.Capture("couples-" + string(rune('1'+i)) + "-" + string(l))
			}
			if o := p.page.record.tab.(*overview); l == kit.LensCoach {
				o.scroll.ScrollToBottom()
				p.Capture("couples-" + string(rune('1'+i)) + "-below")
				o.scroll.ScrollToTop()
			}
		}
	}
	p.open(list.Rows[0].ID, kit.LensCoach)
	o := p.page.record.tab.(*overview)
	for name, form := range map[string]func(){
		"new": p.page.newCouple, "person": func() { o.editPerson(o.facts.People[0]) }, "edit": p.page.record.edit,
		"engagement": func() { o.editEngagement(o.facts.engagements[0]) },
		"agreement":  func() { o.editAgreement(practices.Agreement{State: practices.InForce, Agreed: p.coach().On()}) },
	} {
		form()
		if name == "new" {
			f := p.Field("A: Given name").(*kit.Entry)
			f.SetText("Thomas")
			p.Field("A: Family name").(*kit.Entry).SetText("Whitlow")
			p.Window.Canvas().Focus(f)
			p.Window.Canvas().FocusNext()
		}
		p.Settle()
		p.Capture("couples-form-" + name)
		p.Env.Dialogs.Dismiss()
	}
	p.quiet()
}
