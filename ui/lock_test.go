package ui_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestAutoLock(t *testing.T) {
	w := unlocked(t)
	first := w.opener.book
	saved := false
	w.pages["today"].leave = func() { saved = true }
	w.Clock.Wind(9 * time.Minute)
	kit.Touch()
	w.Clock.Wind(9 * time.Minute)
	if first.closed != 0 {
		t.Fatal("a key puts the lock off")
	}
	w.shell.Go(kit.Route{Page: "couples", ID: "4"})
	w.Clock.Wind(10 * time.Minute)
	if first.closed != 1 || !saved {
		t.Fatalf("closed %d, draft saved %v", first.closed, saved)
	}
	w.MustSay("Unlock", "Passphrase")
	w.MustNotSay("Couples", "Mara")
	if title := w.Window.Title(); title != "Couplet" {
		t.Errorf("title %q", title)
	}
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	if got := w.shell.Where(); got.Page != "couples" || got.ID != "4" {
		t.Errorf("after unlocking at %v", got)
	}
}

func TestLockAfterSleep(t *testing.T) {
	w := unlocked(t)
	w.Clock.Jump(time.Hour)
	kit.Touch()
	if w.opener.book.closed != 1 {
		t.Error("the first touch after a long sleep locks")
	}
}

func TestLockClosesDialogsAndUndo(t *testing.T) {
	w := unlocked(t)
	w.shell.Env().Dialogs.Ask("Mara", "Secret words.", "Do it", func() {})
	w.shell.Env().Messages.Undo("Mara deleted.", func() { t.Error("not after the lock") })
	w.shell.Lock()
	w.Settle()
	w.MustNotSay("Mara", "Secret")
	w.press(&fyne.ShortcutUndo{})
}

// What was typed in a form when the window locked stands in it when it is opened again,
// over the same record of the same casebook and nowhere else.
func TestAFormOutlivesTheLock(t *testing.T) {
	w := unlocked(t)
	var name *kit.Entry
	var kind *kit.Segments[string]
	var shared *kit.Check
	open := func(title, stored string) {
		name, shared = kit.NewEntry(""), kit.NewCheck("They share a mailbox", nil)
		kind = kit.NewSegments([]kit.Option[string]{{Value: "couple", Label: "A couple"}, {Value: "single", Label: "One person"}}, nil)
		name.SetText(stored)
		w.shell.Env().Dialogs.Form(title, "Save", kit.NewForm(kit.Field{Key: "name", Label: "Name", Widget: name}, kit.Field{Key: "kind", Label: "Kind", Widget: kind}, kit.Field{Key: "shared", Widget: shared}),
			func(context.Context) error { return nil }, nil)
	}
	lock := func() {
		w.shell.Lock()
		w.Settle()
		w.MustNotSay("Zoë", "Edit a person")
		w.Type("kettle orbit walnut mosaic")
		w.Key(fyne.KeyReturn)
		w.Settle()
	}
	open("Edit a person", "Zoe")
	lock()
	w.MustNotSay("The window locked over") // nothing was changed in it
	open("Edit a person", "Zoe")
	name.SetText("Zoë")
	w.Tap("One person")
	shared.SetChecked(true)
	lock()
	w.MustSay("The window locked over “Edit a person”. Open it again: what you wrote stands in it.")
	open("Edit a person", "Ilan")
	if name.Text != "Ilan" {
		t.Error("it stands in the form of somebody else")
	}
	w.shell.Env().Dialogs.Dismiss()
	open("Edit a person", "Zoe")
	if name.Text != "Zoë" || kind.Value() != "single" || !shared.Checked {
		t.Errorf("%q, %q, %v", name.Text, kind.Value(), shared.Checked)
	}
	w.shell.Env().Dialogs.Dismiss()
	open("Edit a person", "Zoe")
	if name.Text != "Zoe" {
		t.Error("it comes back twice")
	}
	name.SetText("Zoë")
	w.opener.coach = "a colleague"
	lock()
	w.MustNotSay("The window locked over")
	open("Edit a person", "Zoe")
	if name.Text != "Zoe" {
		t.Error("a colleague is shown what was typed")
	}
	name.SetText("Zoë")
	w.shell.Lock()
	w.Settle()
	w.shell.Start("/books/Other.couplet")
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	w.Settle()
	open("Edit a person", "Zoe")
	if name.Text != "Zoe" {
		t.Error("it stands in another casebook")
	}
}

func TestLockWhenTheComputerSleptForShort(t *testing.T) {
	w := unlocked(t)
	w.Clock.Wind(30 * time.Second)
	w.Clock.Jump(3 * time.Minute) // less than the ten that a person may be away
	w.Clock.Wind(15 * time.Second)
	if w.opener.book.closed != 1 {
		t.Error("the window covers itself without a touch")
	}
}

// A window that was not drawn for minutes because the computer was busy did not sleep.
func TestABusyComputerDoesNotLock(t *testing.T) {
	w := unlocked(t)
	w.Clock.Wind(30 * time.Second)
	w.Clock.Stall(3 * time.Minute)
	w.Clock.Wind(15 * time.Second)
	kit.Touch()
	if w.opener.book.closed != 0 {
		t.Error("locked under the hands of who is at work")
	}
	w.Clock.Stall(10 * time.Minute) // but nobody was at work for the whole time
	w.Clock.Wind(15 * time.Second)
	if w.opener.book.closed != 1 {
		t.Error("not locked after the time without activity")
	}
}

func TestControlLLocksOverAForm(t *testing.T) {
	w := unlocked(t)
	w.shell.Env().Dialogs.Form("Enquiry", "Save", kit.NewForm(kit.Field{Key: "name", Label: "Name", Widget: kit.NewEntry("")}), func(context.Context) error { return nil }, nil)
	widget.ShowPopUp(widget.NewLabel("Mara"), w.Window.Canvas())
	w.press(ui.Ctrl(fyne.KeyL))
	if w.opener.book.closed != 1 || w.Window.Canvas().Overlays().Top() != nil {
		t.Errorf("closed %d, over the cover lies %T", w.opener.book.closed, w.Window.Canvas().Overlays().Top())
	}
}

func TestLockTimeCanBeChanged(t *testing.T) {
	w := unlocked(t)
	w.shell.SetLockAfter(0)
	w.Clock.Wind(100 * time.Hour)
	if w.opener.book.closed != 0 {
		t.Fatal("0 is never")
	}
	w.shell.SetLockAfter(time.Minute)
	w.Clock.Wind(time.Minute)
	if w.opener.book.closed != 1 {
		t.Error("one minute")
	}
}

func TestEscapeKeepsWhatWasTyped(t *testing.T) {
	w := unlocked(t)
	name := kit.NewEntry("")
	saved := ""
	open := func() {
		w.shell.Env().Dialogs.Form("Enquiry", "Save", kit.NewForm(kit.Field{Key: "name", Label: "Name", Widget: name}), func(context.Context) error { saved = name.Text; return nil }, nil)
	}
	open()
	w.Key(fyne.KeyEscape)
	w.MustNotSay("Closed without saving")
	open()
	w.Type("Mara")
	w.Key(fyne.KeyEscape)
	w.MustSay("Closed without saving")
	w.press(&fyne.ShortcutUndo{})
	if !w.shell.Env().Dialogs.IsOpen() || w.Focused() != name {
		t.Fatal("the form is there again")
	}
	w.press(ui.Ctrl(fyne.KeyReturn))
	if saved != "Mara" {
		t.Errorf("saved %q", saved)
	}
	w.MustNotSay("Closed without saving")
}

func TestTheBarGivesItsRoomBack(t *testing.T) {
	w := unlocked(t)
	high := w.pages["today"].Size().Height
	w.shell.Env().Messages.Toast("Saved.")
	w.Window.Content().MinSize() // as the window asks before it draws
	if got := w.pages["today"].Size().Height; got >= high {
		t.Fatalf("the page is %v high beside the bar, %v before", got, high)
	}
	w.Clock.Wind(kit.ToastTime)
	w.Window.Content().MinSize()
	if got := w.pages["today"].Size().Height; got != high {
		t.Errorf("the page is %v high after the bar, %v before", got, high)
	}
}

func TestShortcutsAreReadByKeysAlone(t *testing.T) {
	w := unlocked(t)
	w.press(ui.Ctrl(fyne.KeySlash))
	w.Settle()
	r, ok := w.Focused().(*kit.Reader)
	if !ok {
		t.Fatalf("%T has the keys", w.Focused())
	}
	last := uitest.Find[*kit.Line](r)
	y := func() float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(last[len(last)-1]).Y
	}
	before := y()
	w.Key(fyne.KeyPageDown)
	paged := y()
	w.Key(fyne.KeyEnd)
	if paged >= before || y() > paged {
		t.Errorf("the last line stood at %v, then %v and %v", before, paged, y())
	}
	w.Key(fyne.KeyEscape)
	if w.shell.Env().Dialogs.IsOpen() {
		t.Error("Escape closes")
	}
}

func TestWhoseAccessWasClosedIsLockedOut(t *testing.T) {
	w := unlocked(t)
	first := w.opener.book
	first.shut = true
	first.tell()
	w.Settle()
	w.MustSay("Unlock", "Your access to this casebook was closed.")
	if first.closed != 1 {
		t.Error("the casebook is still open")
	}
}

// Who came with a passphrase that somebody else knows is asked for one of their own.
func TestAGivenPassphraseIsReplaced(t *testing.T) {
	w := unlocked(t)
	w.shell.Lock()
	w.Settle()
	w.opener.given = true
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	w.MustSay("Choose your own passphrase")
	if w.opener.first != "account of "+w.opener.book.path {
		t.Errorf("tried first: %q", w.opener.first)
	}
	w.Fill("Your passphrase", "nine herons by the canal")
	w.Tap("Use it from now on")
	w.MustSay("The two are not the same.")
	w.Fill("The same passphrase again", "nine herons by the canal")
	w.Tap("Use it from now on")
	w.Settle()
	if w.opener.book.own != "nine herons by the canal" {
		t.Errorf("chosen: %q", w.opener.book.own)
	}
	w.MustNotSay("Choose your own passphrase")
}
