package ui_test

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

const standing = "Up to date · Anna 2 minutes ago · Ben 3 days ago"

func TestTheRailSaysHowSharingStands(t *testing.T) {
	w := unlocked(t)
	w.MustNotSay("Up to date")
	w.opener.book.stands = standing
	w.opener.book.tellStanding()
	w.Settle()
	w.MustSay(standing)
	w.Capture("rail-sharing")
	w.Tap(standing)
	if got := w.shell.Where().Page; got != "sharing" {
		t.Errorf("a click on it shows %q", got)
	}
	w.opener.book.stands, w.opener.book.bad = "Waiting: The shared folder is not there", true
	w.opener.book.tellStanding()
	w.Settle()
	w.Capture("rail-sharing-waits")
	w.press(ui.Ctrl(fyne.KeyB)) // the sign alone
	w.Settle()
	w.Capture("rail-sharing-narrow")
	w.shell.Lock()
	w.opener.book.tellStanding() // told late
}

// folders makes a shared folder with a snapshot, and a place for the own casebook.
func folders(t *testing.T) (shared, mine string) {
	t.Helper()
	dir := t.TempDir()
	shared, mine = filepath.Join(dir, "shared"), filepath.Join(dir, "mine")
	for _, d := range []string{shared, mine, filepath.Join(dir, "Dropbox")} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(shared, "Two Rivers.couplet"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return shared, mine
}

func TestASharedCasebookIsJoined(t *testing.T) {
	shared, mine := folders(t)
	w := newWindow(t, "")
	w.Preferences().SetString("files.folder", mine)
	w.Tap("Join a shared casebook…")
	w.Tap("Join")
	w.MustSay("Choose the folder that the others share.")
	from := w.Field("Shared folder, or a file of it").(*kit.Entry)
	from.SetText(filepath.Join(shared, "nowhere"))
	w.Tap("Join")
	w.MustSay("There is no such folder.")
	from.SetText(shared)
	to := w.Field("Keep my own casebook as").(*kit.Entry)
	if to.Text != filepath.Join(mine, "Two Rivers.couplet") {
		t.Errorf("the place offered is %q", to.Text)
	}
	w.Tap("Join")
	w.MustSay("The passphrase is that of the others.")
	w.Capture("join")
	w.Fill("Passphrase of the shared casebook", "kettle")
	w.Tap("Join")
	w.MustSay("This passphrase does not open the casebook.")
	w.Focused().(*kit.Entry).SetText("kettle orbit walnut mosaic")
	name := w.Field("This computer is called").(*kit.Entry)
	name.SetText("Ben")
	to.SetText(filepath.Join(filepath.Dir(mine), "Dropbox", "Mine"))
	w.Tap("Join")
	w.MustSay("Keep it in a folder of Dropbox?", "share it through a folder of Dropbox instead")
	w.Capture("join-synced")
	w.Key(fyne.KeyEscape)
	w.shell.Env().Messages.Show(fault.New(fault.System, "The drive was gone.", "Try again."))
	w.Tap("Join")
	w.Tap("Keep it there")
	w.Settle()
	w.MustNotSay("The drive was gone.") // it is there again
	last := w.opener.joined[len(w.opener.joined)-1]
	if last.From != shared || last.Path != filepath.Join(filepath.Dir(mine), "Dropbox", "Mine.couplet") || last.Called != "Ben" || len(w.opener.joined) != 2 {
		t.Errorf("joined %+v", w.opener.joined)
	}
	w.MustSay("This casebook lies in a folder of Dropbox")
}

func TestASnapshotThatIsOpenedIsJoined(t *testing.T) {
	shared, _ := folders(t)
	path := filepath.Join(shared, "shared.couplet")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWindow(t, path) // as the argument of the program
	w.MustSay("Join a shared casebook", "Passphrase of the shared casebook")
	w.Type("kettle orbit walnut mosaic")
	w.Tap("Back")
	w.MustSay("Welcome to Couplet")
	w.Tap("Open a casebook…")
	w.Focused().(*kit.Entry).SetText(path)
	w.shell.Env().Dialogs.Confirm()
	w.Settle()
	w.MustSay("Join a shared casebook")
	if got := w.Field("Shared folder, or a file of it").(*kit.Entry).Text; got != path {
		t.Errorf("it would join %q", got)
	}
}

func TestJoiningFromTheMenuClosesWhatIsOpen(t *testing.T) {
	w := unlocked(t)
	if !w.shell.Run("casebook.join") {
		t.Fatal("it cannot be run")
	}
	w.Settle()
	w.MustSay("Join a shared casebook", "Keep my own casebook as")
	if w.opener.book.closed != 1 {
		t.Errorf("closed %d times", w.opener.book.closed)
	}
}

func TestACasebookInASyncedFolderIsOfferedToBeShared(t *testing.T) {
	shared, mine := folders(t)
	path := filepath.Join(filepath.Dir(shared), "Dropbox", "Practice.couplet")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWindow(t, path)
	w.Preferences().SetString("files.folder", filepath.Dir(path))
	w.Type("kettle orbit walnut mosaic")
	w.Key(fyne.KeyReturn)
	w.Settle()
	w.MustSay("This casebook lies in a folder of Dropbox", "Nothing is lost so far")
	w.Capture("synced-lies")
	w.Tap("Not now")
	w.MustSay("Today")
	if !w.shell.OfferMove() {
		t.Fatal("it is not offered again")
	}
	w.Settle()
	w.Tap("Move and share…")
	w.MustSay("Move it out, and share it")
	to := w.Field("Keep my own casebook as").(*kit.Entry)
	if filepath.Dir(to.Text) == filepath.Dir(path) {
		t.Errorf("it would be moved to %q", to.Text)
	}
	to.SetText(filepath.Join(mine, "Practice.couplet"))
	w.Capture("move")
	uitest.First[*kit.Entry](w.App)
	w.Fill("Passphrase of the casebook", "kettle orbit walnut mosaic")
	w.Tap("Move and share")
	w.Settle()
	if len(w.opener.moved) != 1 || w.opener.moved[0].From != path || w.opener.moved[0].Path != to.Text {
		t.Errorf("moved %+v", w.opener.moved)
	}
	w.MustSay("Today")
	w.MustNotSay("lies in a folder of")
}

func TestANewCasebookIsWarnedOfASyncedFolder(t *testing.T) {
	shared, _ := folders(t)
	w := newWindow(t, "")
	w.Tap("New casebook")
	w.Fill("Passphrase", "kettle orbit walnut mosaic")
	w.Fill("The same passphrase again", "kettle orbit walnut mosaic")
	w.Tap("Choose where to keep it…")
	w.Focused().(*kit.Entry).SetText(filepath.Join(filepath.Dir(shared), "Dropbox", "New.couplet"))
	w.shell.Env().Dialogs.Confirm()
	w.Settle()
	w.MustSay("Keep it in a folder of Dropbox?")
	if len(w.opener.created) != 0 {
		t.Fatal("it was made")
	}
	w.Tap("Keep it there")
	w.Settle()
	if len(w.opener.created) != 1 {
		t.Error("it was not made")
	}
}
