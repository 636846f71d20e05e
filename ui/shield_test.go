package ui_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func shareKey() fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyH, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// One key hides the pages, the casebook's name, what the bar says and what would be
// undone; the bar above says so, until the same key is pressed again.
func TestPV12OneKeySharesTheScreen(t *testing.T) {
	w := unlocked(t)
	w.opener.book.steps = []string{"deleted a session of Mara"}
	w.opener.book.tell()
	w.Clock.Wind(time.Second)
	w.shell.Env().Messages.Undo("Mara was deleted.", func() {})
	w.press(shareKey())
	w.MustSay("Screen shared", "Hidden while the screen is shared.", "Today", "Pipeline")
	w.MustNotSay("Mara", "Practice")
	if got := w.Window.Title(); got != "Couplet" {
		t.Errorf("the title says %q", got)
	}
	w.shell.Env().Messages.Toast("Mara was saved.")
	w.MustSay("Done.")
	w.MustNotSay("Mara")
	w.shell.Env().Messages.Show(errors.New("Jonas stands elsewhere"))
	w.MustSay("Something could not be done.")
	w.MustNotSay("Jonas")
	w.shell.Go(kit.Route{Page: "couples", ID: "1"})
	w.MustSay("Screen shared", "Hidden while the screen is shared.")
	for _, c := range w.shell.Commands() {
		if strings.Contains(c.Title, "Mara") || c.ID == "casebook.other" {
			t.Errorf("the command %q is there", c.Title)
		}
	}
	if w.shell.Run("go.library"); !w.shell.Shared() {
		t.Error("another page turned it off")
	}
	w.shell.Lock()
	w.MustSay("Screen shared", "Locked")
	w.MustNotSay("Practice", "/books")
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	w.Settle()
	w.MustSay("Screen shared")
	w.press(shareKey())
	w.MustNotSay("Screen shared", "Hidden while")
	if got := w.Window.Title(); got != "Practice – Couplet" || w.shell.Shared() {
		t.Errorf("the title says %q", got)
	}
}

// What could not be said while the screen was shared is said afterwards.
func TestPV12WhatWasNotSaidIsSaidLater(t *testing.T) {
	w := unlocked(t)
	w.shell.Share(true)
	w.shell.Env().Messages.Toast("Mara was saved.")
	w.shell.Share(false)
	w.MustSay("Mara was saved.")
	taken := false
	w.shell.Env().Messages.Undo("Jonas was deleted.", func() { taken = true })
	w.shell.Share(true)
	w.MustNotSay("Jonas")
	w.shell.Share(false)
	w.MustSay("Jonas was deleted.")
	if w.Tap("Undo"); !taken {
		t.Error("it can no longer be taken back")
	}
}

// A form that is open goes, keeps its words, and none opens while the screen is shared.
func TestPV12NoFormOpensOnASharedScreen(t *testing.T) {
	w := unlocked(t)
	form := func() {
		entry := kit.NewEntry("")
		w.shell.Env().Dialogs.Open(kit.Dialog{Title: "About Mara", Content: entry, OK: "Save", OnOK: func(*kit.Handle) {}})
	}
	form()
	w.shell.Share(true)
	w.MustNotSay("Mara")
	form()
	w.MustNotSay("Mara")
	w.MustSay("Not while the screen is shared")
	w.Clock.Wind(kit.ToastTime)
	w.MustSay("Other clients and what is private are hidden.")
	if !w.shell.Run("help.keys") || !w.Says("Keyboard shortcuts") {
		t.Error("the keys are not explained")
	}
}

// What is copied from the casebook leaves the clipboard after a minute, at the lock and
// when the screen is shared, unless something else stands there; and nothing is copied
// while it is shared (rule PV-14).
func TestPV14TheClipboardForgets(t *testing.T) {
	w := unlocked(t)
	board := w.Clipboard()
	entry := kit.NewEntry("")
	w.shell.Env().Dialogs.Open(kit.Dialog{Title: "A note", Content: entry})
	put := func() string {
		entry.SetText("She is afraid of him")
		entry.TypedShortcut(&fyne.ShortcutSelectAll{})
		entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: board})
		return board.Content()
	}
	if got := put(); got != "She is afraid of him" {
		t.Fatalf("copied %q", got)
	}
	if w.Clock.Wind(59 * time.Second); board.Content() == "" {
		t.Error("it went too soon")
	}
	if w.Clock.Wind(time.Second); board.Content() != "" {
		t.Error("it stays on the clipboard")
	}
	put()
	board.SetContent("something else")
	if w.Clock.Wind(time.Minute); board.Content() != "something else" {
		t.Error("what somebody else copied went")
	}
	put()
	if w.shell.Share(true); board.Content() != "" {
		t.Error("it stays while the screen is shared")
	}
	if got := put(); got != "" {
		t.Errorf("%q was copied while the screen is shared", got)
	}
	w.shell.Share(false)
	put()
	if w.shell.Lock(); board.Content() != "" {
		t.Error("it stays after the lock")
	}
}

func TestTheBannerFitsEveryTheme(t *testing.T) {
	w := unlocked(t)
	w.shell.Share(true)
	w.Capture("shared-bar")
	for _, o := range uitest.Find[*kit.Line](w.Window.Content()) {
		if o.Text == "Screen shared" && o.Size().Width < o.MinSize().Width {
			t.Error("the state is cut off")
		}
	}
}
