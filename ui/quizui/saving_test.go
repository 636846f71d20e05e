package quizui

import (
	"context"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func (w *world) typed() []quizzes.Result {
	w.T.Helper()
	all, err := w.Quizzes.Typed(context.Background(), w.Today(), w.couple)
	w.Must(err)
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		if other, err := w.Quizzes.Typed(context.Background(), clients.For(r, w.Today().On()), w.couple); err != nil || len(other) != 0 {
			w.T.Errorf("%s has %d drafts (%v)", r, len(other), err)
		}
	}
	return all
}

// TestHalfAnHourOfKeyingInMakesAHandfulOfVersions: a quiz is kept on this computer all the
// time and never published; it becomes rows in the pauses, and is told once each time.
func TestHalfAnHourOfKeyingInMakesAHandfulOfVersions(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	told := w.Keep()
	w.Clock.Wind(time.Minute)
	before := told()
	w.begin()
	for range 5 {
		had := told()
		for i := range 18 {
			w.tab.sheet.rows[0][i].TypedRune('1' + rune(had+i)%3)
			w.Clock.Wind(2 * time.Second)
			if len(w.typed()) != 1 {
				t.Fatal("it was not kept within two seconds")
			}
			w.Clock.Wind(8 * time.Second)
		}
		if n := told(); n != had {
			t.Fatalf("while somebody types, %d files were published", n-had)
		}
		w.Clock.Wind(kit.Rest + 10*time.Second)
		if n := told(); n != had+1 {
			t.Fatalf("after a pause %d files were published", n-had)
		}
	}
	w.tab.sheet.rows[0][0].TypedRune('0')
	w.tab.Leave()
	w.Clock.Wind(time.Minute)
	events, err := w.Changes.History(context.Background(), w.Today(), w.results()[0].ID)
	w.Must(err)
	versions := 0
	for _, e := range events {
		if e.Action == "quiz.save" {
			versions++
		}
	}
	if versions != 6 || told()-before != 6 || len(w.typed()) != 0 {
		t.Errorf("%d versions in %d files", versions, told()-before)
	}
	w.NoErrors()
}

func TestAQuizLeftOnAFullDiskIsNotLost(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.begin()
	w.store.unsaved, w.store.full = uitest.DiskFault, uitest.DiskFault
	w.Type("2")
	w.tab.Leave()
	if len(w.Said.Errors) != 1 || !w.Env.Owed.Any() {
		t.Fatalf("%v, owed %v", w.Said.Errors, w.Env.Owed.Any())
	}
	w.open(clients.A)
	if w.tab.sheet != nil {
		t.Fatal("a partner has the sheet")
	}
	w.open(clients.CoachView)
	if w.tab.sheet == nil {
		t.Fatal("what is owed is not on the screen")
	}
	w.tab.Leave()
	w.store.unsaved, w.store.full = nil, nil
	w.Clock.Wind(kit.RetryDelay)
	if all := w.results(); w.Env.Owed.Any() || len(all) != 1 {
		t.Errorf("%+v, owed %v", all, w.Env.Owed.Any())
	}
}

// What was entered here while another computer locked it is not lost: it is a draft, and
// the correction begins with it.
func TestWhatWasEnteredWhileItWasLockedElsewhereIsInTheCorrection(t *testing.T) {
	w := newWorld(t, "Mara", "")
	w.open(clients.CoachView)
	w.Tap("New quiz…")
	w.Env.Dialogs.Confirm()
	w.Clock.Wind(settle)
	w.Type("2")
	w.Tap("Back to the quizzes")
	first := w.results()[0]
	w.Tap("Go on")
	w.Clock.Wind(settle)
	w.Type("31")
	locked := first.Administration
	w.Must(w.Quizzes.Lock(context.Background(), &locked))
	w.Tap("Back to the quizzes")
	if len(w.Said.Errors) != 1 || w.tab.sheet != nil {
		t.Fatalf("%v", w.Said.Errors)
	}
	w.MustSay("a draft waits")
	w.Said.Errors = nil
	w.Tap("Correct")
	w.Tap("Lock answers")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	all := w.results()
	if len(all) != 1 || all[0].Replaces != first.ID || len(w.typed()) != 0 {
		t.Fatalf("%+v", all)
	}
	if got := quizzes.FormatAnswers(all[0].Answers); got[:4] != "3,1," {
		t.Errorf("%s", got)
	}
}

// What is only a draft yet goes to the bin like any other quiz.
func TestADraftOfAQuizCanBeDeleted(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.begin()
	w.Type("2")
	w.Clock.Wind(2 * time.Second)
	w.Reopen()
	w.window()
	w.open(clients.CoachView)
	w.Tap("Delete")
	w.NoErrors()
	if len(w.typed()) != 0 || len(w.results()) != 0 {
		t.Error("it stayed")
	}
	w.Said.TakeBack()
	if len(w.results()) != 1 {
		t.Error("Undo did not bring it back")
	}
}
