package ui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

func TestUndoGoesStepByStepThroughWhatWasDone(t *testing.T) {
	w := unlocked(t)
	book := w.opener.book
	book.steps = []string{"made a session", "!wrote in a locked note", "deleted a note"}
	book.tell()
	w.Clock.Wind(time.Second)
	title := func() string {
		for _, c := range w.shell.Commands() {
			if c.ID == "undo" {
				return c.Title
			}
		}
		return ""
	}
	w.Window.Canvas().Unfocus()
	if got := title(); got != "Undo: deleted a note" {
		t.Fatalf("the menu says %q", got)
	}
	for _, want := range []string{"deleted a note", "deleted a note", "deleted a note made a session"} {
		w.press(&fyne.ShortcutUndo{})
		w.Clock.Wind(time.Second)
		if got := strings.Join(book.undid, " "); got != want {
			t.Errorf("undone: %q, want %q", got, want)
		}
	}
	if got := title(); got != "Undo" {
		t.Errorf("the menu says %q", got)
	}
	w.press(&fyne.ShortcutUndo{})
	w.MustSay("There is nothing to undo.")
}
