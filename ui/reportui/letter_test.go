package reportui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui/kit"
)

// held does nothing before it is told to, and then one thing after the other: the last
// begun first, as goroutines may.
type held struct{ jobs []func() }

func (h *held) Run(work func(context.Context), done func()) {
	h.jobs = append(h.jobs, func() {
		work(context.Background())
		if done != nil {
			done()
		}
	})
}

func (h *held) Post(f func()) { f() }

func (h *held) all() {
	for len(h.jobs) > 0 {
		last := h.jobs[len(h.jobs)-1]
		h.jobs = h.jobs[:len(h.jobs)-1]
		last()
	}
}

// reads is what the letter to a reader says.
func (w *world) reads(r clients.Reader, want string) {
	w.T.Helper()
	if got, err := w.Reports.Letter(context.Background(), clients.For(r, w.Today().On()), w.couple); err != nil || got != want {
		w.T.Errorf("the letter says %q (%v)", got, err)
	}
}

// Save pressed right after typing takes the focus from the letter: the press counts, and
// what is saved has the last word that was typed.
func TestSavePressedFromTheLetterSavesItsLastWord(t *testing.T) {
	run := &held{}
	w := newWorldOn(t, "Mara", "Jonas", run)
	w.open(clients.Us)
	run.all()
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("You came with two calendars.")
	w.Files.Path = filepath.Join(t.TempDir(), "j.pdf")
	w.Tap("Save the PDF…")
	if len(w.Files.Asked) > 0 {
		t.Fatal("the pages before the letter were offered")
	}
	run.all()
	if len(w.Files.Asked) != 1 {
		t.Fatalf("the press was lost; errors %v", w.Said.Errors)
	}
	file, err := os.ReadFile(w.Files.Path)
	if err != nil || !bytes.Equal(file, w.drawn[len(w.drawn)-1]) {
		t.Fatalf("what was saved is not what is shown (%v)", err)
	}
	words := ""
	w.tab.current.report.Document.Walk(func(_, s string) { words += s })
	if !strings.Contains(words, "two calendars.") {
		t.Error("the last words are missing")
	}
	// Nothing is left over: another reader's pages are not saved by themselves.
	w.tab.choose(clients.A)
	run.all()
	if len(w.Files.Asked) != 1 {
		t.Error("saving was asked for again")
	}
}

// Leaving the letter as it was makes nothing anew.
func TestALetterLeftAsItWasChangesNothing(t *testing.T) {
	run := &held{}
	w := newWorldOn(t, "Mara", "Jonas", run)
	w.open(clients.Us)
	run.all()
	drawn := len(w.drawn)
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Window.Canvas().Focus(w.tab.readers)
	if run.all(); len(w.drawn) != drawn || w.tab.save.Disabled() {
		t.Error("the pages were made again")
	}
}

// TestHalfAnHourOfTypingALetterMakesAHandfulOfVersions: it is kept on this computer all the
// time and never published; it becomes the letter in the pauses, and is told once each time.
func TestHalfAnHourOfTypingALetterMakesAHandfulOfVersions(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	told := w.Keep()
	w.Clock.Wind(time.Minute)
	before := told()
	w.open(clients.Us)
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("Begun")
	for range 5 {
		had := told()
		for range 18 {
			w.Type(" word")
			w.Clock.Wind(10 * time.Second)
		}
		if n := told(); n != had {
			t.Fatalf("while somebody types, %d files were published", n-had)
		}
		w.Clock.Wind(5*time.Minute + 10*time.Second)
		if n := told(); n != had+1 {
			t.Fatalf("after a pause %d files were published", n-had)
		}
	}
	w.Type(" and sent")
	w.tab.Leave()
	w.Clock.Wind(time.Minute)
	if n := told() - before; n != 6 {
		t.Errorf("%d files were published", n)
	}
	events, err := w.Changes.History(context.Background(), w.Today(), w.couple)
	w.Must(err)
	versions := 0
	for _, e := range events {
		if e.Action == "letter.save" {
			versions++
		}
	}
	if versions != 6 {
		t.Errorf("%d versions stand in the history", versions)
	}
	w.NoErrors()
}

// What was typed when the program was killed is the letter when its page is opened again.
func TestALetterSurvivesACrash(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.letter(clients.A, "As it was.")
	w.open(clients.CoachView)
	w.tab.choose(clients.A)
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("More. ")
	w.Clock.Wind(2 * time.Second) // kept, and then the program is gone
	w.Reopen()
	w.reads(clients.A, "As it was.")
	w.window(nil)
	w.open(clients.CoachView)
	w.tab.choose(clients.A)
	if got := w.tab.letter.Text(); got != "More. As it was." {
		t.Errorf("the editor says %q", got)
	}
	w.reads(clients.A, "More. As it was.")
	if _, there, err := w.Reports.Typed(context.Background(), clients.For(clients.A, w.Today().On()), w.couple); there || err != nil {
		t.Error("it is still a draft", err)
	}
}

// Typing back to what the letter says leaves nothing behind that could lie over what another
// computer writes later.
func TestALetterTypedBackIsNoDraft(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.letter(clients.Us, "As it was.")
	w.open(clients.Us)
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("x")
	w.Clock.Wind(2 * time.Second)
	w.Key(fyne.KeyBackspace)
	w.Clock.Wind(2 * time.Second)
	if _, there, err := w.Reports.Typed(context.Background(), clients.For(clients.Us, w.Today().On()), w.couple); there || err != nil {
		t.Error("a draft equal to the letter stayed", err)
	}
	w.letter(clients.Us, "Written elsewhere.")
	w.tab.Reload()
	if got := w.tab.letter.Text(); got != "Written elsewhere." {
		t.Errorf("the editor still says %q", got)
	}
	w.tab.Leave()
	w.reads(clients.Us, "Written elsewhere.")
}

func TestALetterLeftOnAFullDiskIsNotLost(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.Us)
	w.store.full = fault.New(fault.System, "The disk is full.", "Make room; your text is kept here.")
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("Not safe anywhere")
	w.tab.Leave()
	if len(w.Said.Errors) != 1 || !w.Env.Owed.Any() {
		t.Fatalf("%v, owed %v", w.Said.Errors, w.Env.Owed.Any())
	}
	w.Clock.Wind(time.Minute)
	if len(w.Said.Errors) != 1 {
		t.Errorf("every try was told: %v", w.Said.Errors)
	}
	w.open(clients.Us)
	if got := w.tab.letter.Text(); got != "Not safe anywhere" {
		t.Fatalf("the editor says %q", got)
	}
	w.tab.Leave()
	w.store.full = nil
	w.Clock.Wind(kit.RetryDelay)
	if w.Env.Owed.Any() || len(w.tab.held) > 0 {
		t.Error("it is still owed")
	}
	w.reads(clients.Us, "Not safe anywhere")
}

// A letter that is too long to be sent is kept as it is, and does not hold the casebook open.
func TestATooLongLetterIsKept(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.Must(w.Reports.KeepLetter(context.Background(), w.couple, clients.Us, strings.Repeat("word ", 1700)))
	for range 2 {
		w.Said.Errors = nil
		w.open(clients.Us)
		if len(w.Said.Errors) != 1 || len(w.tab.letter.Text()) != 8500 {
			t.Errorf("said: %v; %d of 8500 letters are left", w.Said.Errors, len(w.tab.letter.Text()))
		}
		if w.tab.Leave(); w.Env.Owed.Any() {
			t.Fatal("it is owed")
		}
	}
}
