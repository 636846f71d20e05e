package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Ctrl is the shortcut of the computer's command key with k.
func Ctrl(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault}
}

func ctrlShift(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

func alt(k fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt}
}

// The menus, in order.
const (
	MenuFile   = "file"
	MenuEdit   = "edit"
	MenuGo     = "go"
	MenuRecord = "record"
	MenuView   = "view"
	MenuHelp   = "help"
)

func menuTitles() []struct{ id, title string } {
	return []struct{ id, title string }{
		{MenuFile, text.T("menu.file", "Casebook")},
		{MenuEdit, text.T("menu.edit", "Edit")},
		{MenuGo, text.T("menu.go", "Go")},
		{MenuRecord, text.T("menu.record", "Record")},
		{MenuView, text.T("menu.view", "View")},
		{MenuHelp, text.T("menu.help", "Help")},
	}
}

// Commands is the one list of everything that can be done now: it makes the menu,
// the palette and the shortcut help.
func (s *Shell) Commands() []kit.Command {
	opened := func() bool { return s.open != nil }
	all := []kit.Command{
		{ID: "casebook.lock", Title: text.T("cmd.lock", "Lock"), Menu: MenuFile, Shortcut: Ctrl(fyne.KeyL), Enabled: opened, Run: s.Lock, InDialogs: true},
		{ID: "casebook.other", Title: text.T("cmd.other", "Open another casebook…"), Menu: MenuFile, Shortcut: Ctrl(fyne.KeyO), Enabled: opened, Run: s.Leave},
		{ID: "casebook.join", Title: text.T("cmd.join", "Join a shared casebook…"), Menu: MenuFile, Enabled: s.mayJoin, Run: s.join},
		{ID: "quit", Title: text.T("cmd.quit", "Quit"), Menu: MenuFile, Shortcut: Ctrl(fyne.KeyQ), Run: s.Quit, InDialogs: true},
		{ID: "undo", Title: s.undoTitle(), Menu: MenuEdit, Shortcut: &fyne.ShortcutUndo{}, Run: s.undo, InDialogs: true},
		{ID: "search", Title: text.T("cmd.search", "Search"), Menu: MenuEdit, Shortcut: Ctrl(fyne.KeyF), Enabled: s.has("search"), Run: s.search},
		{
			ID: "confirm", Title: text.T("cmd.confirm", "Confirm, or finish what is being written"), Menu: MenuEdit, Shortcut: Ctrl(fyne.KeyReturn),
			Enabled: s.env.Dialogs.CanConfirm, Run: s.env.Dialogs.Confirm, InDialogs: true,
		},
		{ID: "palette", Title: text.T("cmd.palette", "Find anything…"), Menu: MenuGo, Shortcut: Ctrl(fyne.KeyK), Enabled: opened, Run: s.palette},
		{ID: "back", Title: text.T("cmd.back", "Back"), Menu: MenuGo, Shortcut: alt(fyne.KeyLeft), Enabled: opened, Run: s.Back},
		{ID: "forward", Title: text.T("cmd.forward", "Forward"), Menu: MenuGo, Shortcut: alt(fyne.KeyRight), Enabled: opened, Run: s.Forward},
	}
	for i, p := range s.places() {
		c := kit.Command{ID: "go." + p.ID, Title: p.Title, Menu: MenuGo, Enabled: opened, Run: s.goTo(p.ID)}
		if i < 9 {
			c.Shortcut = Ctrl(fyne.KeyName(fmt.Sprint(i + 1)))
		}
		all = append(all, c)
	}
	for _, p := range s.pages {
		all = append(all, p.Commands...)
	}
	if v, ok := s.view.(kit.Commander); ok {
		all = append(all, v.Commands()...)
	}
	all = append(all, s.viewCommands()...)
	if s.shield.On() {
		all = slices.DeleteFunc(all, func(c kit.Command) bool { return !beforeOthers(c.ID) })
	}
	return all
}

func (s *Shell) viewCommands() []kit.Command {
	mode := func(m kit.Mode) func() {
		return func() {
			_, scale := s.Appearance()
			s.SetAppearance(m, scale)
		}
	}
	return []kit.Command{
		{ID: "view.share", Title: s.shareTitle(), Menu: MenuView, Shortcut: ctrlShift(fyne.KeyH), Run: s.ToggleShare, InDialogs: true},
		{ID: "view.present", Title: s.presentTitle(), Menu: MenuView, Shortcut: ctrlShift(fyne.KeyP), Enabled: s.mayPresent, Run: s.TogglePresent, InDialogs: true},
		{ID: "view.light", Title: text.T("cmd.light", "Light colours"), Menu: MenuView, Run: mode(kit.Light)},
		{ID: "view.dark", Title: text.T("cmd.dark", "Dark colours"), Menu: MenuView, Run: mode(kit.Dark)},
		{ID: "view.system", Title: text.T("cmd.system", "Colours as on this computer"), Menu: MenuView, Run: mode(kit.System)},
		{ID: "view.larger", Title: text.T("cmd.larger", "Larger text"), Menu: MenuView, Shortcut: Ctrl(fyne.KeyEqual), Run: func() { s.textSize(textStep) }},
		{ID: "view.smaller", Title: text.T("cmd.smaller", "Smaller text"), Menu: MenuView, Shortcut: Ctrl(fyne.KeyMinus), Run: func() { s.textSize(-textStep) }},
		{ID: "view.rail", Title: text.T("cmd.rail", "Collapse or widen the rail"), Menu: MenuView, Shortcut: Ctrl(fyne.KeyB), Enabled: func() bool { return s.open != nil }, Run: s.toggleRail},
		{ID: "help.keys", Title: text.T("cmd.keys", "Keyboard shortcuts"), Menu: MenuHelp, Shortcut: Ctrl(fyne.KeySlash), Run: s.help},
		{ID: "help.about", Title: text.T("cmd.about", "About Couplet"), Menu: MenuHelp, Run: s.about},
	}
}

func (s *Shell) has(page string) func() bool {
	return func() bool { return s.open != nil && s.page(page) != nil }
}

// search goes on with the eyes that a record is looked at with, and then in that record
// alone.
func (s *Shell) search() {
	r := kit.Route{Page: "search"}
	if here := s.Where(); here.Lens.IsClient() {
		r.ID, r.Lens = here.ID, here.Lens
	}
	s.Go(r)
}

func (s *Shell) goTo(page string) func() { return func() { s.Go(kit.Route{Page: page}) } }

// Run runs the command of that id as its shortcut would and tells whether it could.
func (s *Shell) Run(id string) bool {
	for _, c := range s.Commands() {
		if c.ID == id {
			return s.run(c)
		}
	}
	return false
}

// run respects what menus of the toolkit do not: that a command is disabled, and that
// a dialog is open.
func (s *Shell) run(c kit.Command) bool {
	kit.Touch()
	if s.env.Dialogs.IsOpen() && !c.InDialogs {
		return false
	}
	if !c.IsEnabled() {
		return false
	}
	c.Run()
	return true
}

// rebuildMenu makes the main menu; shortcuts live on it because a focused entry
// swallows every other kind.
func (s *Shell) rebuildMenu() {
	byMenu := map[string][]*fyne.MenuItem{}
	for _, c := range s.Commands() {
		if c.Menu == "" {
			continue
		}
		item := fyne.NewMenuItem(c.Title, func() { s.run(c) })
		item.Shortcut = c.Shortcut
		item.IsQuit = c.ID == "quit"
		item.Disabled = c.ID != "undo" && c.ID != "confirm" && !c.IsEnabled()
		byMenu[c.Menu] = append(byMenu[c.Menu], item)
	}
	main := fyne.NewMainMenu()
	for _, m := range menuTitles() {
		if items := byMenu[m.id]; len(items) > 0 {
			if at := slices.IndexFunc(items, func(i *fyne.MenuItem) bool { return i.IsQuit }); at >= 0 { // else the toolkit puts one there itself
				quit := items[at]
				items = append(slices.Delete(items, at, at+1), fyne.NewMenuItemSeparator(), quit)
			}
			main.Items = append(main.Items, fyne.NewMenu(m.title, items...))
		}
	}
	s.conf.Window.SetMainMenu(main)
}

// keys is how a shortcut is written: "Ctrl+Shift+N".
func keys(sh fyne.Shortcut) string {
	switch k := sh.(type) {
	case *fyne.ShortcutUndo:
		return "Ctrl+Z"
	case *desktop.CustomShortcut:
		var parts []string
		for _, m := range []struct {
			mod  fyne.KeyModifier
			word string
		}{{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, "Cmd"}, {fyne.KeyModifierAlt, "Alt"}, {fyne.KeyModifierShift, "Shift"}} {
			if k.Modifier&m.mod != 0 {
				parts = append(parts, m.word)
			}
		}
		name := string(k.KeyName)
		if word, ok := map[fyne.KeyName]string{fyne.KeyReturn: "Enter", fyne.KeyLeft: "←", fyne.KeyRight: "→", fyne.KeyEqual: "+", fyne.KeyMinus: "−"}[k.KeyName]; ok {
			name = word
		}
		return strings.Join(append(parts, name), "+")
	}
	return ""
}
