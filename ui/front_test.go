package ui_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestFirstRunMakesACasebook(t *testing.T) {
	w := newWindow(t, "")
	w.Capture("welcome")
	w.MustSay("Welcome to Couplet", "Try the sample")
	w.Key(fyne.KeyReturn)
	w.Settle()
	w.Type("Harbour Coaching")
	w.Key(fyne.KeyTab, fyne.KeyTab)
	w.Type("password1")
	w.MustSay("Weak: somebody with the file")
	w.Tap("Choose where to keep it…")
	w.MustSay("tried first")
	w.Key("BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace")
	w.Type("kettle orbit walnut mosaic")
	w.MustSay("Good: somebody")
	w.Key(fyne.KeyTab)
	w.Type("kettle orbit walnut")
	w.Key(fyne.KeyReturn)
	w.MustSay("The two are not the same.")
	w.Type(" mosaic")
	w.Capture("create")
	w.Key(fyne.KeyReturn)
	dir := t.TempDir()
	entry := w.Focused().(*kit.Entry)
	if filepath.Base(entry.Text) != "Harbour Coaching.couplet" {
		t.Errorf("the name offered is %q", entry.Text)
	}
	entry.SetText(filepath.Join(dir, "Mine"))
	w.shell.Env().Dialogs.Confirm()
	w.Settle()
	if len(w.opener.created) != 1 || w.opener.created[0].Path != filepath.Join(dir, "Mine.couplet") || w.opener.created[0].Business != "Harbour Coaching" {
		t.Fatalf("created %+v", w.opener.created)
	}
	w.Capture("recovery")
	w.MustSay("AAAA-BBBB-CCCC")
	w.Type("BBBB")
	w.Key(fyne.KeyReturn)
	w.MustSay("not the last group")
	w.Tap("Save as PDF…")
	w.Focused().(*kit.Entry).SetText(filepath.Join(dir, "key.pdf"))
	w.Key(fyne.KeyReturn)
	saved, err := os.ReadFile(filepath.Join(dir, "key.pdf"))
	if err != nil || !strings.Contains(string(saved), "Mine: AAAA-BBBB-CCCC") {
		t.Fatalf("the key's page: %q, %v", saved, err)
	}
	w.Tap("Print…")
	w.MustSay("print it there", "a copy lies in the folder for temporary files")
	if len(w.paper.printed) != 1 || w.paper.forgot != 0 {
		t.Fatalf("printed %v, forgot %d", w.paper.printed, w.paper.forgot)
	}
	check := uitest.First[*kit.Entry](w.App)
	check.SetText("cccc")
	w.Tap("I have the key")
	w.MustSay("Today", "Couples")
	if w.paper.forgot == 0 {
		t.Error("the copy for printing must go")
	}
}

func TestPrintingSaysWhenThereIsNoProgramForIt(t *testing.T) {
	w := unlocked(t)
	w.paper.err = fault.New(fault.System, "This computer has no program that opens a PDF.", "Save the page instead.")
	w.shell.ShowRecoveryKey("AAAA-BBBB-CCCC", func(context.Context) error { return nil })
	w.Settle()
	w.Tap("Print…")
	w.MustSay("no program that opens a PDF", "Save the page instead.")
}

func TestANewRecoveryKeyIsKeptOnlyByWhoHasIt(t *testing.T) {
	w := unlocked(t)
	kept := 0
	var refuse error
	w.shell.ShowRecoveryKey("AAAA-BBBB-CCCC", func(context.Context) error { kept++; return refuse })
	w.Settle()
	w.Capture("recovery-new")
	w.MustSay("AAAA-BBBB-CCCC", "Nothing changes until you go on.")
	w.Type("AAAA")
	w.press(ui.Ctrl(fyne.KeyReturn))
	if kept != 0 {
		t.Fatal("the group was wrong")
	}
	w.MustSay("not the last group")
	w.Focused().(*kit.Entry).SetText("cccc")
	w.Tap("Save as PDF…") // over the dialog with the key
	w.MustSay("Nothing that exists is written over.")
	w.Key(fyne.KeyEscape)
	w.MustSay("AAAA-BBBB-CCCC")
	refuse = fault.New(fault.System, "The disk is full.", "Free some space.")
	w.press(ui.Ctrl(fyne.KeyReturn))
	w.MustSay("The disk is full.", "AAAA-BBBB-CCCC")
	refuse = nil
	w.press(ui.Ctrl(fyne.KeyReturn))
	w.MustSay("From now on the new recovery key")
	w.MustNotSay("AAAA-BBBB-CCCC")
	if kept != 2 || w.paper.forgot == 0 {
		t.Errorf("kept %d, forgot %d", kept, w.paper.forgot)
	}
}

func TestPagesBeforeACasebookAreReachedAtEverySize(t *testing.T) {
	for _, path := range []string{"", "/books/Practice.couplet", "/shared/shared.couplet"} {
		w := newWindow(t, path)
		w.shell.SetAppearance(kit.Light, kit.MaxScale)
		if path == "" {
			w.Tap("New casebook")
		}
		for range 3 { // until wrapped text has found its height
			w.Window.Resize(fyne.NewSize(1024, 700))
			w.Window.Resize(fyne.NewSize(1024, 699))
		}
		if m := w.Window.Content().MinSize(); m.Width > 1024 || m.Height > 660 { // the menu needs the rest
			t.Errorf("%q: the window needs %v", path, m)
		}
		for range 12 { // Tab shows each field
			w.Key(fyne.KeyTab)
			o := w.Focused().(fyne.CanvasObject)
			if y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y; y < 0 || y+o.Size().Height > 700 {
				t.Errorf("%q: %T has the keys out of view, at %v", path, o, y)
			}
		}
	}
}

func TestCreateNeverOffersAnExistingFile(t *testing.T) {
	w := newWindow(t, "")
	path := filepath.Join(t.TempDir(), "there.couplet")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	chosen := ""
	w.shell.Env().Files.Save("Save", "a.couplet", func(p string) { chosen = p })
	w.Focused().(*kit.Entry).SetText(path)
	w.shell.Env().Dialogs.Confirm()
	w.MustSay("There is already a file of that name.")
	if chosen != "" {
		t.Errorf("chose %q", chosen)
	}
}

func TestUnlock(t *testing.T) {
	w := newWindow(t, "/books/Practice.couplet")
	w.Capture("unlock")
	w.Type("wrong")
	w.Key(fyne.KeyReturn)
	w.MustSay("does not open the casebook", "recovery key")
	w.Type("kettle orbit walnut mosaic") // the refused words are selected, so typing replaces them
	w.Key(fyne.KeyReturn)
	w.Settle()
	w.MustSay("Today", "Practice")
	if len(w.opener.opened) != 1 || w.Window.Title() != "Practice – Couplet" {
		t.Errorf("opened %v, title %q", w.opener.opened, w.Window.Title())
	}
	if got := w.Preferences().StringList("casebooks.recent"); len(got) != 1 {
		t.Errorf("recent %v", got)
	}
}

func TestUnlockWithRecoveryKey(t *testing.T) {
	w := newWindow(t, "/books/Practice.couplet")
	w.Tap("Use the recovery key")
	w.Type("AAAA-BBBB-CCCC")
	w.Key(fyne.KeyReturn)
	w.MustSay("Today", "Choose a new passphrase in Settings")
}

func TestSampleOpensAtOnce(t *testing.T) {
	w := newWindow(t, "")
	w.Tap("Try the sample")
	w.MustSay("Today")
	if got := w.Preferences().StringList("casebooks.recent"); len(got) != 0 {
		t.Errorf("a sample is not remembered: %v", got)
	}
}
