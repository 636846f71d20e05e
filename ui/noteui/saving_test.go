package noteui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

var fullDisk = fault.New(fault.System, "The disk is full.", "Make room; your text is kept here.")

func TestAFullDiskKeepsTheTextAndSavingGoesOnByItself(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.store.full = fullDisk
	w.typeInto("Note for Mara", "Typed on a full disk")
	w.Clock.Wind(2 * time.Second)
	if got := w.status("note_a"); !strings.HasPrefix(got, "Not saved yet: The disk is full.") {
		t.Errorf("%q", got)
	}
	w.Clock.Wind(time.Minute)
	w.store.full = nil
	w.Clock.Wind(kit.RetryDelay)
	if got := w.status("note_a"); !strings.HasPrefix(got, "Saved ") {
		t.Errorf("%q", got)
	}
	w.Reopen()
	w.window()
	w.open(clients.CoachView, kit.WriteItem(id))
	if got := w.tab.editor.texts()["note_a"]; got != "Typed on a full disk" {
		t.Errorf("%q", got)
	}
}

func TestLeavingOnAFullDiskLosesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.store.full = fullDisk
	w.typeInto("Note for Mara", "Not safe anywhere")
	w.tab.Leave()
	if len(w.Said.Errors) != 1 || !w.Env.Owed.Any() {
		t.Fatalf("%v, owed %v", w.Said.Errors, w.Env.Owed.Any())
	}
	w.Clock.Wind(time.Minute)
	if len(w.Said.Errors) != 1 {
		t.Errorf("every try was told: %v", w.Said.Errors)
	}
	w.open(clients.A, "")
	w.MustNotSay("Not safe anywhere")
	w.open(clients.CoachView, "") // the text is there again
	if w.tab.editor == nil || w.tab.editor.texts()["note_a"] != "Not safe anywhere" {
		t.Fatal("the text is not in the window")
	}
	w.typeInto("Note for Mara", " yet")
	w.tab.Leave()
	paid := false
	w.Env.Owed.WhenPaid(func() { paid = true })
	if paid {
		t.Error("a lock would have closed over the text")
	}
	w.store.full = nil
	w.Clock.Wind(kit.RetryDelay)
	if !paid || w.Env.Owed.Any() || len(w.tab.held) != 0 {
		t.Error("it is still owed")
	}
	if n := w.note(id); n.Draft || len(n.Fields) != 1 || n.Fields[0].Body != "Not safe anywhere yet" {
		t.Errorf("%+v", n)
	}
	w.open(clients.CoachView, "")
	if w.tab.editor != nil {
		t.Error("the editor came back although all is saved")
	}
	w.Clock.Wind(time.Hour)
	if got, err := w.Sessions.LockDue(context.Background(), w.Clock.Now().AddDate(0, 1, 0)); err != nil || got != 1 {
		t.Errorf("the note does not lock: %d, %v", got, err)
	}
}

func TestWhatIsAddedToALockedNoteIsSafeToo(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	note := w.written(sessions.NewNote{Session: id}, map[string]string{"view_a": "She left early.", "safety": "A word."})
	w.Must(w.Sessions.LockNote(context.Background(), note))
	w.open(clients.CoachView, id.String())
	w.Tap("Add something…")
	w.Type("Half a thou")
	w.Clock.Wind(2 * time.Second)
	w.Type("ght")
	w.Key(fyne.KeyEscape)
	w.tab.Leave()
	w.Reopen()
	w.window()
	w.open(clients.CoachView, kit.WriteItem(note)) // as from Today
	w.MustSay("Half a thought", "What you add")
	places := uitest.First[*kit.Choice[string]](w.App)
	sees := uitest.First[*kit.Choice[clients.Visibility]](w.App)
	places.SetValue("safety")
	sees.SetValue(clients.Joint)
	w.Env.Dialogs.Confirm()
	if !w.Env.Dialogs.IsOpen() {
		t.Fatal("what concerns safety was opened to both")
	}
	places.SetValue("view_a")
	w.Env.Dialogs.Confirm()
	if !w.Env.Dialogs.IsOpen() {
		t.Fatal("what is Mara's own was opened to both")
	}
	sees.SetValue(clients.PartnerA)
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.Clock.Wind(time.Minute)
	n := w.note(id)
	if len(n.Addenda) != 1 || n.Addenda[0].Body != "Half a thought" || n.Addenda[0].Access.Subject != clients.SubjectA || n.Draft {
		t.Errorf("%+v", n)
	}
}

func TestAnAnswerChosenOnAFullDiskIsKeptLater(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.IndividualSession, clients.SlotA, 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.store.full = fullDisk
	choice := uitest.First[*kit.Choice[string]](w.App)
	choice.SetSelected("By them first")
	w.Clock.Wind(time.Minute)
	if len(w.Said.Errors) != 1 {
		t.Errorf("%v", w.Said.Errors)
	}
	w.store.full = nil
	w.Clock.Wind(kit.RetryDelay)
	drafts, err := w.Sessions.Drafts(context.Background(), w.Today())
	if err != nil || len(drafts) != 1 {
		t.Errorf("%v, %v", drafts, err)
	}
}

func TestARefusedRevisionLosesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.store.unsaved = fault.New(fault.System, "The disk is full.", "Your text is safe.")
	w.typeInto("Note for Mara", "Typed just now")
	w.Tap("Done")
	if w.tab.editor == nil {
		t.Fatal("the editor closed over a text that is not part of the record")
	}
	if len(w.Said.Errors) != 1 {
		t.Fatal(w.Said.Errors)
	}
	w.tab.Leave()
	w.store.unsaved = nil
	w.open(clients.CoachView, kit.WriteItem(id))
	if got := w.tab.editor.texts()["note_a"]; got != "Typed just now" {
		t.Errorf("%q", got)
	}
}

func TestARevisionIsMadeOnLeavingAndAfterFiveMinutesWithoutAKey(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	revisions := func() int {
		w.T.Helper()
		r, err := w.Sessions.History(context.Background(), w.Today(), w.note(id).ID)
		w.Must(err)
		return len(r)
	}
	w.open(clients.CoachView, kit.WriteItem(id))
	w.typeInto("Note for Mara", "One")
	w.Clock.Wind(4 * time.Minute)
	w.Type(" two")
	w.Clock.Wind(4 * time.Minute)
	if v, err := w.Sessions.Session(context.Background(), w.Today(), id); err != nil || len(v.Written) != 0 {
		t.Fatalf("a revision was made too early: %v, %v", v.Written, err)
	}
	w.Clock.Wind(2 * time.Minute)
	if got := revisions(); got != 1 {
		t.Fatalf("%d revisions after five minutes", got)
	}
	w.Type(" three")
	w.tab.Leave()
	if got := revisions(); got != 2 || w.note(id).Fields[0].Body != "One two three" {
		t.Errorf("%d revisions, %q", got, w.note(id).Fields[0].Body)
	}
	w.NoErrors()
}

// TestHalfAnHourOfTypingMakesAHandfulOfRevisions has somebody type for half an hour into a
// note of a shared casebook: drafts are kept all the time and never published, revisions
// are made in the pauses, and each of them is published once.
func TestHalfAnHourOfTypingMakesAHandfulOfRevisions(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	told := w.Keep()
	w.Clock.Wind(time.Minute)
	before := told()
	w.open(clients.CoachView, kit.WriteItem(id))
	w.typeInto("Note for Mara", "Begun")
	for range 5 { // five times a word every ten seconds, each time until the next longer pause
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
	w.tab.Leave()
	w.Clock.Wind(time.Minute)
	r, err := w.Sessions.History(context.Background(), w.Today(), w.note(id).ID)
	w.Must(err)
	if len(r) != 5 || told()-before != 5 {
		t.Errorf("%d revisions in %d files", len(r), told()-before)
	}
	w.NoErrors()
}

func TestAnEarlierTextNeverLiesOverALaterOne(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	ctx := context.Background()
	n, err := w.Sessions.Start(ctx, w.Today(), sessions.NewNote{Session: id})
	w.Must(err)
	s := newWriter(w.store, n)
	first, second, third := s.turn(), s.turn(), s.turn()
	_, err = s.draft(ctx, second, "note_a", "second")
	w.Must(err)
	_, err = s.draft(ctx, first, "note_a", "first")
	w.Must(err)
	if got, err := w.Sessions.Edit(ctx, w.Today(), n.ID); err != nil {
		t.Fatal(err)
	} else if f, _ := got.Field("note_a"); f.Body != "second" {
		t.Errorf("%q", f.Body)
	}
	late := s.turn()
	w.Must(s.revise(ctx, late, map[string]string{"note_a": "fourth"}))
	_, err = s.draft(ctx, third, "note_a", "third")
	w.Must(err)
	if got, err := w.Sessions.Edit(ctx, w.Today(), n.ID); err != nil {
		t.Fatal(err)
	} else if f, _ := got.Field("note_a"); f.Body != "fourth" {
		t.Errorf("%q", f.Body)
	}
}
