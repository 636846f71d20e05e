package ui_test

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui"
)

func TestQuitSavesFirst(t *testing.T) {
	w := unlocked(t)
	var order []string
	w.pages["today"].leave = func() { order = append(order, "draft") }
	w.press(ui.Ctrl(fyne.KeyQ))
	if w.exits != 1 || w.opener.book.closed != 1 || len(order) == 0 {
		t.Errorf("exits %d, closed %d, %v", w.exits, w.opener.book.closed, order)
	}
}

func TestQuitStaysWhenSavingWentWrong(t *testing.T) {
	w := unlocked(t)
	w.pages["today"].leave = func() {
		w.shell.Env().Messages.Show(fault.New(fault.System, "The disk is full.", "Free some space."))
	}
	w.shell.Quit()
	w.MustSay("The disk is full.")
	if w.exits != 0 || w.opener.book.closed != 0 {
		t.Fatal("it must stay")
	}
	w.shell.Quit()
	if w.exits != 1 {
		t.Error("the second time it ends")
	}
}

func TestWhatIsOwedKeepsTheCasebookOpenBehindTheLock(t *testing.T) {
	w := unlocked(t)
	owed := w.shell.Env().Owed
	owed.Add()
	w.shell.Lock()
	w.MustSay("Unlock")
	w.MustSay("A text is not saved yet.")
	if w.opener.book.closed != 0 {
		t.Fatal("the casebook was closed over an unsaved text")
	}
	w.shell.Quit()
	if w.exits != 0 {
		t.Fatal("it must stay")
	}
	owed.Paid()
	if w.opener.book.closed != 1 {
		t.Error("the keys are still there")
	}
	w.shell.Quit()
	if w.exits != 1 {
		t.Error("it does not end")
	}
}

func TestQuitTwiceEndsWithWhatIsOwed(t *testing.T) {
	w := unlocked(t)
	opened := len(w.pages["today"].opened)
	w.shell.Env().Owed.Add()
	w.shell.Quit()
	if w.exits != 0 || len(w.pages["today"].opened) == opened {
		t.Fatal("it must stay, with the text in the window")
	}
	w.shell.Quit()
	if w.exits != 1 {
		t.Error("the second time it ends")
	}
}

func TestQuitStaysWhenClosingWentWrong(t *testing.T) {
	w := unlocked(t)
	w.opener.book.closeErr = errors.New("no")
	w.shell.Quit()
	if w.exits != 0 {
		t.Fatal("it must stay and say so")
	}
	w.shell.Quit()
	if w.exits != 1 {
		t.Error("the second time it ends")
	}
}
