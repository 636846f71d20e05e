package ui_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// page is a placeholder that counts.
type page struct {
	widget.BaseWidget
	env     kit.Env
	title   string
	body    fyne.CanvasObject
	opened  []kit.Route
	reloads int
	leaves  int
	leave   func()
}

func newPage(env kit.Env, title string) *page {
	p := &page{env: env, title: title}
	p.body = kit.Page(title, []fyne.CanvasObject{kit.Secondary("Other", nil), kit.Primary("New couple", nil)},
		kit.VBox(kit.GapCards,
			kit.TitledCard("Next: Mara & Jonas, 15:00", kit.NewChip("Couple session", kit.ColorBoth), kit.VBox(8,
				kit.NewLine("Session 7 of 12 · last agreement: twenty minutes on Sunday evening"), kit.Soft("Two practices due, one reply arrived"))),
			kit.TitledCard("To do", nil, kit.NewEntry("Type here"))))
	p.ExtendBaseWidget(p)
	return p
}

func (p *page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }
func (p *page) Open(r kit.Route)                    { p.opened = append(p.opened, r) }
func (p *page) Reload()                             { p.reloads++ }
func (p *page) Leave() {
	p.leaves++
	if p.leave != nil {
		p.leave()
	}
}

type window struct {
	*uitest.App
	shell  *ui.Shell
	opener *opener
	paper  *paper
	pages  map[string]*page
	exits  int
}

func newWindow(t *testing.T, path string) *window {
	t.Helper()
	w := &window{App: uitest.NewApp(t), opener: &opener{}, paper: &paper{}, pages: map[string]*page{}}
	w.shell = ui.New(ui.Config{
		Window: w.Window, Prefs: w.Preferences(), Runner: kit.Inline{}, Schedule: w.Clock, Now: w.Clock.Now, Awake: w.Clock.Awake,
		Opener: w.opener, Paper: w.paper, SetTheme: w.Settings().SetTheme, Exit: func() { w.exits++ }, Version: "0.0",
		Pages: func(_ *ui.Shell, _ ui.Workspace, env kit.Env) []ui.Page {
			var all []ui.Page
			for _, p := range []struct{ id, title, icon string }{
				{"today", "Today", "today"},
				{"pipeline", "Pipeline", "pipeline"},
				{"couples", "Couples", "couples"},
				{"library", "Library", "library"},
				{"settings", "Settings", "settings"},
			} {
				all = append(all, ui.Page{ID: p.id, Title: p.title, Icon: kit.IconName(p.icon), Place: true, Build: func() kit.View {
					w.pages[p.id] = newPage(env, p.title)
					return w.pages[p.id]
				}})
			}
			for id, title := range map[string]string{"note": "Note", "search": "Search", "sharing": "Sharing"} {
				all = append(all, ui.Page{ID: id, Title: title, Build: func() kit.View {
					w.pages[id] = newPage(env, title)
					return w.pages[id]
				}})
			}
			return all
		},
	})
	t.Cleanup(func() { kit.OnActivity(nil); kit.OnCopy(nil, nil) })
	w.shell.Start(path)
	w.Settle()
	return w
}

// unlocked is a window with an open casebook.
func unlocked(t *testing.T) *window {
	t.Helper()
	w := newWindow(t, "/books/Practice.couplet")
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	w.Settle()
	return w
}

// press does what the window does with a shortcut: the menu's item with that name.
func (w *window) press(sh fyne.Shortcut) {
	w.T.Helper()
	for _, m := range w.Window.MainMenu().Items {
		for _, i := range m.Items {
			if i.Shortcut != nil && i.Shortcut.ShortcutName() == sh.ShortcutName() {
				i.Action()
				w.Settle()
				return
			}
		}
	}
	w.T.Fatalf("no menu item has %s", sh.ShortcutName())
}

func TestTheWindowKnowsItsCasebook(t *testing.T) {
	if got := newWindow(t, "").shell.Showing(); got != "" {
		t.Errorf("at a first run it shows %q", got)
	}
	const path = "/books/Practice.couplet"
	w := newWindow(t, path)
	locked := w.shell.Showing()
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	w.Settle()
	open := w.shell.Showing()
	w.shell.Lock()
	if again := w.shell.Showing(); locked != path || open != path || again != path {
		t.Errorf("it shows %q, then %q, then %q", locked, open, again)
	}
	if got := ui.LastCasebook(w.Preferences()); got != path {
		t.Errorf("the last casebook is %q", got)
	}
	w.shell.Leave()
}

func TestPlacesHistoryAndLeave(t *testing.T) {
	w := unlocked(t)
	w.Capture("shell")
	w.press(ui.Ctrl("3"))
	if got := w.shell.Where().Page; got != "couples" || w.pages["today"].leaves != 1 {
		t.Fatalf("at %q, today left %d times", got, w.pages["today"].leaves)
	}
	w.Tap("Library")
	w.shell.Go(kit.Route{Page: "note", ID: "7"})
	w.shell.Go(kit.Route{Page: "nowhere"})
	for _, want := range []string{"library", "couples", "today", "today"} {
		w.shell.Back()
		if got := w.shell.Where().Page; got != want {
			t.Fatalf("back at %q, not %q", got, want)
		}
	}
	w.shell.Forward()
	if got := w.shell.Where().Page; got != "couples" || len(w.pages["couples"].opened) != 3 {
		t.Errorf("forward at %q, opened %v", got, w.pages["couples"].opened)
	}
}

func TestEveryCommandIsInMenuOrPaletteWithItsOwnShortcut(t *testing.T) {
	w := unlocked(t)
	taken, ids := map[string]string{}, map[string]bool{}
	for _, c := range w.shell.Commands() {
		if c.Title == "" || c.Run == nil || ids[c.ID] {
			t.Errorf("command %q: title %q, or twice", c.ID, c.Title)
		}
		ids[c.ID] = true
		if c.Shortcut == nil {
			continue
		}
		n := c.Shortcut.ShortcutName()
		if other, ok := taken[n]; ok {
			t.Errorf("%s and %s share %s", other, c.ID, n)
		}
		taken[n] = c.ID
		if c.Menu == "" {
			t.Errorf("%s has a shortcut but no menu, so a focused field would swallow it", c.ID)
		}
	}
	w.press(ui.Ctrl(fyne.KeySlash))
	w.MustSay("Keyboard shortcuts", "Ctrl+K", "Ctrl+Enter")
	w.Capture("help")
}

func TestWhoLooksAsAClientIsToldOfNoOther(t *testing.T) {
	w := unlocked(t)
	w.shell.Go(kit.Route{Page: "couples", ID: "7", Lens: kit.LensA})
	w.press(ui.Ctrl(fyne.KeyK))
	w.Type("mar")
	w.MustNotSay("Mara & Jonas")
	w.Key(fyne.KeyEscape)
	w.shell.Run("search")
	if got := w.shell.Where(); got.Page != "search" || got.Lens != kit.LensA || got.ID != "7" {
		t.Errorf("the search goes on as %v", got)
	}
}

// The licence of a face must come with it.
func TestAboutShowsTheLicencesOfTheFaces(t *testing.T) {
	w := unlocked(t)
	i := slices.IndexFunc(w.shell.Commands(), func(c kit.Command) bool { return c.ID == "help.about" })
	w.shell.Commands()[i].Run()
	w.MustSay("SIL OPEN FONT LICENSE", "Apache License")
}

func TestPaletteReachesCommandsAndRecords(t *testing.T) {
	w := unlocked(t)
	w.press(ui.Ctrl(fyne.KeyK))
	w.Capture("palette")
	w.Type("libr")
	w.MustSay("Library")
	w.Key(fyne.KeyReturn)
	if got := w.shell.Where().Page; got != "library" {
		t.Fatalf("the palette went to %q", got)
	}
	w.press(ui.Ctrl(fyne.KeyK))
	w.Type("mar")
	w.MustSay("Mara & Jonas")
	w.Key(fyne.KeyReturn)
	if got := w.shell.Where(); got.Page != "couples" || got.ID != "1" {
		t.Fatalf("the palette went to %v", got)
	}
	w.press(ui.Ctrl(fyne.KeyK))
	w.Type("zzz")
	w.MustSay("Nothing has that name.")
	w.Key(fyne.KeyReturn, fyne.KeyEscape)
	if w.shell.Env().Dialogs.IsOpen() {
		t.Error("Escape closes the palette")
	}
}

func TestShortcutsWaitWhileADialogIsOpen(t *testing.T) {
	w := unlocked(t)
	asked := 0
	w.shell.Env().Dialogs.Ask("Sure?", "Really.", "Do it", func() { asked++ })
	w.press(ui.Ctrl("2"))
	if got := w.shell.Where().Page; got != "today" {
		t.Fatalf("went to %q behind the dialog", got)
	}
	w.press(ui.Ctrl(fyne.KeyReturn))
	if asked != 1 {
		t.Error("Ctrl+Enter confirms")
	}
}

func TestUndo(t *testing.T) {
	w := unlocked(t)
	undone := 0
	w.shell.Env().Messages.Undo("Couple deleted.", func() { undone++ })
	w.Settle()
	w.Capture("undo")
	e := uitest.First[*kit.Entry](w.App)
	w.Window.Canvas().Focus(e)
	w.Type("ab")
	w.press(&fyne.ShortcutUndo{})
	if undone != 0 || e.Text == "ab" {
		t.Fatalf("in a field Ctrl+Z takes back typing: %q", e.Text)
	}
	w.Window.Canvas().Unfocus()
	w.press(&fyne.ShortcutUndo{})
	if undone != 1 {
		t.Error("elsewhere it takes back what the bar offers")
	}
}

func TestChangesReloadOnce(t *testing.T) {
	w := unlocked(t)
	for range 20 {
		w.opener.book.tell()
	}
	w.Clock.Wind(time.Second)
	if n := w.pages["today"].reloads; n != 1 {
		t.Errorf("%d reloads", n)
	}
}

// TestTheMenuEndsWithOneQuit: where it does not end with one, the toolkit adds another.
func TestTheMenuEndsWithOneQuit(t *testing.T) {
	w := newWindow(t, "")
	items := w.Window.MainMenu().Items[0].Items
	quits := 0
	for _, i := range items {
		if i.IsQuit {
			quits++
		}
	}
	if quits != 1 || !items[len(items)-1].IsQuit {
		t.Errorf("%d items of %d quit, the last of them %v", quits, len(items), items[len(items)-1].IsQuit)
	}
}
