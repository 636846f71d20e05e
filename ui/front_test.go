package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

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
	w.Tap("Save a page to print…")
	w.Focused().(*kit.Entry).SetText(filepath.Join(dir, "key.txt"))
	w.shell.Env().Dialogs.Confirm()
	saved, err := os.ReadFile(filepath.Join(dir, "key.txt"))
	if err != nil || !strings.Contains(string(saved), "AAAA-BBBB-CCCC") {
		t.Fatalf("the key's page: %q, %v", saved, err)
	}
	check := uitest.First[*kit.Entry](w.App)
	check.SetText("cccc")
	w.Tap("I have the key")
	w.MustSay("Today", "Couples")
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
