package main

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// one opens one casebook that is open already.
type one struct {
	ui.Opener
	w ui.Workspace
}

func (o one) Open(context.Context, string, ui.Secret) (ui.Workspace, error) { return o.w, nil }
func (o one) IsShared(string) bool                                          { return false }

// shellOver is the whole window over a casebook.
func shellOver(t *testing.T, a *uitest.App, w *workspace) *ui.Shell {
	t.Helper()
	s := ui.New(ui.Config{
		Window: a.Window, Prefs: a.Preferences(), Runner: kit.Inline{}, Schedule: a.Clock, Now: a.Clock.Now, Awake: a.Clock.Awake,
		Opener: one{w: w}, Paper: newPaper(a.App), SetTheme: a.Settings().SetTheme, Exit: func() {}, Version: "0.0", Pages: pages,
	})
	t.Cleanup(func() { kit.OnActivity(nil); kit.OnCopy(nil, nil) })
	s.Start(w.Path())
	a.Type(passphrase)
	a.Key(fyne.KeyReturn)
	a.Settle()
	return s
}

// shown is everything that the window shows, over its pages and in its menus and title.
func shown(a *uitest.App) string {
	all := uitest.Texts(a.Window.Content())
	for _, o := range a.Window.Canvas().Overlays().List() {
		all = append(all, uitest.Texts(o)...)
	}
	all = append(all, a.Window.Title())
	for _, m := range a.Window.MainMenu().Items {
		for _, i := range m.Items {
			all = append(all, i.Label)
		}
	}
	return strings.Join(all, "\n")
}

// While the screen is shared, no page, menu, title, notice or search holds anything that
// those who look on must not have: of the record that is open what both may see, else
// nothing of anybody.
func TestPV12SharedScreenShowsNothingPrivate(t *testing.T) {
	p := plant(t)
	p.a.Window.Resize(tall)
	s := shellOver(t, p.a, p.w)
	record := p.Couple.String()
	before := 0
	for _, r := range []kit.Route{
		{Page: pageToday}, {Page: pagePipeline}, {Page: pageCouples}, {Page: pageLibrary}, {Page: pageSettings}, {Page: pageSearch}, {Page: "sharing"},
	} {
		s.Go(r)
		p.a.Window.Resize(tall)
		before += len(casebooktest.Words(shown(p.a)))
		s.Share(true)
		p.Check("nobody", "shared "+r.String(), shown(p.a))
		s.Share(false)
	}
	if before == 0 {
		t.Fatal("nothing was there to be hidden")
	}
	for _, tab := range []string{"overview", "sessions", "quizzes", "practices", "reports", "consent"} {
		s.Go(kit.Route{Page: pageCouples, ID: record, Tab: tab, Lens: kit.LensCoach})
		s.Share(true)
		p.a.Window.Resize(tall)
		p.Check("joint", "shared "+tab, shown(p.a))
		for _, lens := range []kit.Lens{kit.LensA, kit.LensB, kit.LensJoint, kit.LensCoach} {
			s.Go(kit.Route{Page: pageCouples, ID: record, Tab: tab, Lens: lens})
			reader := string(lens)
			if lens == kit.LensCoach { // is not to be had
				reader = "joint"
			}
			p.Check(reader, "shared "+tab+" as "+string(lens), shown(p.a))
		}
		if found := p.Check("joint", "shared "+tab, shown(p.a)); len(found) == 0 {
			t.Errorf("%s shows nothing at all", tab)
		}
		s.Run("record.lens.coach")
		p.Check("joint", "shared "+tab+" after the coach's lens was asked for", shown(p.a))
		s.Go(kit.Route{Page: pageCouples, ID: p.Other.String(), Tab: tab})
		p.Check("nobody", "shared, another record", shown(p.a))
		s.Back()
		s.Go(kit.Route{Page: pageCouples})
		p.Check("nobody", "shared, the list", shown(p.a))
		s.Go(kit.Route{Page: pageToday})
		p.Check("nobody", "shared, another page", shown(p.a))
		s.Go(kit.Route{Page: pageCouples, ID: record, Tab: tab})
		s.Run("view.present")
		p.Check("joint", "presented "+tab, shown(p.a))
		if p.a.Window.Canvas().Focused() != nil {
			t.Fatal("something takes the Escape that ends presenting")
		}
		p.a.Window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if p.Check("joint", "after presenting "+tab, shown(p.a)); !s.Shared() {
			t.Error("Escape ended more than presenting")
		}
		s.Share(false)
	}
}

// The palette finds no client and the search nothing beyond the record (rule PV-13), and
// what a page says about what was done says no more than that.
func TestPV13SearchObeysTheSharedScreen(t *testing.T) {
	p := plant(t)
	s := shellOver(t, p.a, p.w)
	find := func(reader string) {
		p.a.Window.Resize(tall)
		s.Run("palette")
		p.a.Type(casebooktest.Lantern)
		p.Check(reader, "palette", shown(p.a))
		p.a.Key(fyne.KeyEscape)
		s.Run("search")
		if reader == "nobody" {
			p.a.MustSay("Hidden while the screen is shared.")
			return
		}
		p.a.Type(casebooktest.Lantern)
		p.a.Key(fyne.KeyReturn)
		p.a.Clock.Wind(kit.ToastTime)
		p.Check(reader, "search", shown(p.a))
	}
	s.Share(true)
	find("nobody")
	s.Share(false)
	s.Go(kit.Route{Page: pageCouples, ID: p.Couple.String()})
	s.Share(true)
	find("joint")
	if found := p.Check("joint", "search", shown(p.a)); len(found) == 0 {
		t.Error("the record itself cannot be searched any more")
	}
}

// TestShotsOfTheSharedScreen keeps pictures of every page while the screen is shared.
func TestShotsOfTheSharedScreen(t *testing.T) {
	sw := newSample(t)
	s := shellOver(t, sw.App, sw.open)
	for _, id := range []string{pageToday, pagePipeline, pageLibrary, pageSettings, pageSearch, pageCouples} {
		s.Go(kit.Route{Page: id})
		s.Share(true)
		sw.Capture("shared-" + id)
		s.Share(false)
	}
	for _, r := range sw.rows {
		if r.Title != "Priya Raman & Thomas Whitlow" {
			continue
		}
		for _, tab := range []string{"overview", "sessions", "quizzes", "practices", "reports", "consent"} {
			s.Go(kit.Route{Page: pageCouples, ID: r.ID.String(), Tab: tab, Lens: kit.LensCoach})
			s.Share(true)
			sw.MustSay("Screen shared", r.Title)
			sw.MustNotSay("throat", "Coach only")
			sw.Capture("shared-couple-" + tab)
			s.Share(false)
		}
		s.Go(kit.Route{Page: pageCouples, ID: r.ID.String(), Tab: "overview", Lens: kit.LensCoach})
		s.Run("view.present")
		sw.MustSay("Presenting", r.Title)
		sw.Scale = 1.4
		sw.Capture("presented")
	}
}
