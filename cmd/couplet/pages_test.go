package main

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

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

// sampleWindow is the sample with its pages, but settings, which need a whole window.
type sampleWindow struct {
	*uitest.App
	open  *workspace
	views map[string]kit.View
	rows  []clients.Row
}

func newSample(t *testing.T) *sampleWindow {
	t.Helper()
	ctx := context.Background()
	s := &sampleWindow{App: uitest.NewApp(t), views: map[string]kit.View{}}
	path := filepath.Join(t.TempDir(), "sample.couplet")
	today := day.Day(s.Env.Today())
	recovery, err := sample.Casebook(ctx, path, casebook.New{Passphrase: passphrase, KDF: vault.FloorKDF}, today, 1)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{Now: s.Env.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cb.Close() })
	s.open = newWorkspace(cb, "Sample", path)
	var shell *ui.Shell
	for _, p := range pages(shell, s.open, s.Env) {
		if p.ID != pageSettings {
			s.views[p.ID] = p.Build()
		}
	}
	rows, err := s.open.stores.clients.List(ctx, clients.For(clients.CoachView, today), clients.Filter{Now: s.Env.Now()})
	if err != nil {
		t.Fatal(err)
	}
	s.rows = rows.Rows
	return s
}

// TestShotsOfEveryPage opens every place and every tab of the sample through every
// lens, without a display: each must say something, and nothing may go wrong. With
// COUPLET_SHOTS set it keeps pictures of them in light and dark.
func TestShotsOfEveryPage(t *testing.T) {
	ctx := context.Background()
	s := newSample(t)
	a, w, views := s.App, s.open, s.views
	for _, id := range []string{pageToday, pagePipeline, pageLibrary, pageSearch} {
		a.Show(views[id])
		views[id].Open(kit.Route{Page: id})
		a.Settle()
		a.Capture("page-" + id)
	}
	found, err := w.stores.Find(ctx, "e", 50)
	if err != nil || !slices.ContainsFunc(found, func(f ui.Found) bool { return f.Route.Page == pageCouples && f.Route.ID != "" }) {
		t.Errorf("the palette finds %v, %v", found, err)
	}
	for _, r := range s.rows {
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
	for _, r := range s.rows {
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

// TestEveryPageFitsTheSmallestWindow holds every place and tab of the sample to 1024 by
// 700: at usual sizes of text it needs no more, and at the largest no more than a
// third, to which the shell scrolls.
func TestEveryPageFitsTheSmallestWindow(t *testing.T) {
	const width, height = 1024 - 200, 700 - 64 // beside the rail, below the menu
	s := newSample(t)
	for _, scale := range []float32{kit.MinScale, 1, kit.MaxScale} {
		s.Settings().SetTheme(kit.NewTheme(kit.Light, scale))
		for id, v := range s.views {
			s.Show(v)
			routes := []kit.Route{{Page: id}}
			if id == pageCouples {
				for _, r := range s.rows {
					for _, tab := range []string{"overview", "sessions", "quizzes", "practices", "reports"} {
						routes = append(routes, kit.Route{Page: id, ID: r.ID.String(), Tab: tab, Lens: kit.LensCoach})
					}
				}
			}
			for _, r := range routes {
				v.Open(r)
				for range 3 { // wrapped text finds its height
					s.Window.Resize(fyne.NewSize(width, height))
					s.Window.Resize(fyne.NewSize(width, height-1))
				}
				most := fyne.NewSize(width, height)
				if scale > 1 {
					most = fyne.NewSize(width*4/3, height*7/5)
				}
				if m := v.MinSize(); m.Width > most.Width || m.Height > most.Height {
					t.Errorf("text size %g: %s needs %v:\n  %s", scale, r, m, uitest.Widest(v))
				}
			}
		}
	}
}
