package reportui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
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
