package consentui

import (
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// TestShotsOfConsent opens the tab of every record of the sample through every lens; with
// COUPLET_SHOTS set it keeps pictures.
func TestShotsOfConsent(t *testing.T) {
	a := uitest.NewApp(t)
	path := filepath.Join(t.TempDir(), "sample.couplet")
	today := day.Day(a.Env.Today())
	recovery, err := sample.Casebook(ctx, path, casebook.New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF}, today, 1)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{Now: a.Env.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cb.Close() })
	s := clients.New(cb)
	tab := newTab(Deps{Env: a.Env, Clients: s, Quizzes: quizzes.NewStore(cb), Traces: traces.New(cb)})
	a.Show(tab)
	coach := clients.For(clients.CoachView, today)
	list, err := s.List(ctx, coach, clients.Filter{Shelf: clients.Everything, Now: a.Env.Now()})
	if err != nil {
		t.Fatal(err)
	}
	open := func(id ids.ID, l kit.Lens) {
		aud := clients.For(clients.Reader(l), today)
		h, err := s.Header(ctx, aud, id, a.Env.Now())
		if err != nil {
			t.Fatal(err)
		}
		tab.Open(kit.Record{Couple: id, Header: h, Audience: aud, Lens: l})
		a.Settle()
	}
	for i, r := range list.Rows {
		for _, l := range []kit.Lens{kit.LensCoach, kit.LensJoint, kit.LensA, kit.LensB} {
			if r.Kind == clients.KindSingle && (l == kit.LensB || l == kit.LensJoint) {
				continue
			}
			open(r.ID, l)
			if cut := uitest.Clipped(t, tab); len(cut) > 0 {
				t.Errorf("%s through %s: clipped %q", r.Title, l, cut)
			}
			stop := r.Title == "Dana Whitcombe & Kieran Moss"
			if stop && l != kit.LensCoach {
				a.MustNotSay("throat", "Ruth", "Harbour advice", "Safety", "stop", "refer")
			}
			if l == kit.LensCoach || stop {
				a.Capture("consent-" + string(rune('1'+i)) + "-" + string(l))
			}
			if l == kit.LensCoach {
				tab.scroll.ScrollToBottom()
				a.Capture("consent-" + string(rune('1'+i)) + "-below")
				tab.scroll.ScrollToTop()
			}
		}
	}
	for _, r := range list.Rows {
		if r.Title != "Dana Whitcombe & Kieran Moss" {
			continue
		}
		open(r.ID, kit.LensCoach)
		for name, form := range map[string]func(){
			"screen": func() { tab.screen(tab.state.People[0]) }, "sign": func() { tab.sign(tab.state.People[:1], clients.PurposeRecords) },
			"contact": func() { tab.editContact(tab.state.People[0]) }, "history": func() { tab.screenHistory(tab.state.People[0]) },
			"scope": tab.checkScope, "separate": tab.separate, "merge": tab.chooseDuplicate,
		} {
			form()
			a.Settle()
			a.Capture("consent-form-" + name)
			a.Env.Dialogs.Dismiss()
		}
	}
	dir, texts := NewDirectory(a.Env, s), NewTexts(a.Env, s)
	a.Show(kit.ScrollPage(24, kit.AtMost(760, kit.VBox(kit.GapCards, dir, texts))))
	dir.Stands()
	texts.Stands()
	a.Settle()
	a.Capture("consent-settings")
	a.NoErrors()
}
