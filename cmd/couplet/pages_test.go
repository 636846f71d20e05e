package main

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/sample"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/searchui"
	"github.com/couplet-app/couplet/ui/uitest"
)

// TestShotsOfEveryPage opens every place and every tab of the sample through every
// lens, without a display: each must say something, and nothing may go wrong. With
// COUPLET_SHOTS set it keeps pictures of them in light and dark.
func TestShotsOfEveryPage(t *testing.T) {
	ctx := context.Background()
	a := uitest.NewApp(t)
	path := filepath.Join(t.TempDir(), "sample.couplet")
	today := day.Day(a.Env.Today())
	recovery, err := sample.Casebook(ctx, path, casebook.New{Passphrase: passphrase, KDF: vault.FloorKDF}, today, 1)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{Now: a.Env.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer cb.Close()
	w := newWorkspace(cb, "Sample", path)
	var shell *ui.Shell
	views := map[string]kit.View{}
	for _, p := range pages(shell, w, a.Env) {
		if p.ID != pageSettings { // it needs the window's own settings
			views[p.ID] = p.Build()
		}
	}
	for _, id := range []string{pageToday, pagePipeline, pageLibrary, pageSearch} {
		a.Show(views[id])
		views[id].Open(kit.Route{Page: id})
		a.Settle()
		a.Capture("page-" + id)
	}
	rows, err := w.stores.clients.List(ctx, clients.For(clients.CoachView, today), clients.Filter{Now: a.Env.Now()})
	if err != nil {
		t.Fatal(err)
	}
	found, err := w.stores.Find(ctx, "e", 50)
	if err != nil || !slices.ContainsFunc(found, func(f ui.Found) bool { return f.Route.Page == pageCouples && f.Route.ID != "" }) {
		t.Errorf("the palette finds %v, %v", found, err)
	}
	for _, r := range rows.Rows {
		in, err := w.stores.Search(ctx, searchui.Query{Words: "session", Lens: kit.LensCoach, Record: r.ID.String(), Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range in.Hits {
			if h.Couple != r.Title {
				t.Errorf("searched in %q, found in %q", r.Title, h.Couple)
			}
		}
	}
	couples := views[pageCouples]
	a.Show(couples)
	for _, r := range rows.Rows {
		for _, tab := range []string{"overview", "sessions", "quizzes", "practices"} {
			for _, lens := range []kit.Lens{kit.LensCoach, kit.LensJoint, kit.LensA, kit.LensB} {
				couples.Open(kit.Route{Page: pageCouples, ID: r.ID.String(), Tab: tab, Lens: lens})
				a.MustSay(r.Title)
				if lens != kit.LensCoach {
					a.MustNotSay("throat", "Keep my face", "pain with sex", "Custody case", "fit_individual")
				}
				if r.Title == "Priya Raman & Thomas Whitlow" {
					a.Settle()
					a.Capture("couple-" + tab + "-" + string(lens))
				}
			}
		}
	}
}
