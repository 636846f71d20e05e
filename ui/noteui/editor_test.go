package noteui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// status is what stands below the field of that key.
func (w *world) status(key string) string {
	w.T.Helper()
	for _, f := range w.tab.editor.fields {
		if f.key == key {
			return f.edit.Status()
		}
	}
	w.T.Fatalf("no field %s", key)
	return ""
}

func (w *world) note(session ids.ID) sessions.NoteView {
	w.T.Helper()
	v, err := w.Sessions.Session(context.Background(), w.Today(), session)
	w.Must(err)
	if len(v.Written) != 1 {
		w.T.Fatalf("%d notes", len(v.Written))
	}
	return v.Written[0]
}

func TestWhatIsTypedIsSafeWithinTwoSecondsAndPartOfTheRecordWhenDone(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	if w.tab.editor == nil {
		t.Fatal("the note was not opened")
	}
	if got := w.Nav.Replaced[len(w.Nav.Replaced)-1].Item; got != id.String() {
		t.Errorf("the history says %q: coming back would write again", got)
	}
	w.MustSay("Couple session (PACT)", "for Mara", "for Jonas", "for both", "for coaches alone", "safety, for coaches alone")
	w.typeInto("Note for Mara", "You were kind.")
	if got := w.status("note_a"); got != "Saving…" {
		t.Errorf("while typing: %q", got)
	}
	w.Clock.Wind(2 * time.Second)
	if got, want := w.status("note_a"), "Saved "+w.Clock.Now().Add(-time.Second).Local().Format("15:04"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	drafts, err := w.Sessions.Drafts(context.Background(), w.Today())
	if err != nil || len(drafts) != 1 {
		t.Fatalf("%v, %v", drafts, err)
	}
	w.Type(" Truly.")
	w.Env.Dialogs.Confirm() // Ctrl+Enter
	w.NoErrors()
	w.Settle()
	if w.tab.editor != nil || w.Env.Dialogs.CanConfirm() {
		t.Error("the editor is still there")
	}
	w.MustSay("You were kind. Truly.", "Who sees it…")
	if n := w.note(id); n.Draft || n.Fields[0].Body != "You were kind. Truly." || n.Fields[0].Access.Visibility != clients.PartnerA {
		t.Errorf("%+v", n)
	}
	w.Clock.Wind(time.Hour)
	w.NoErrors()
}

func TestDraftsAreFoundAgainAfterACrash(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.typeInto("Note for Mara", "Before the lights went out")
	w.Clock.Wind(2 * time.Second)
	w.typeInto("Your reflection", "never safe: too late") // within the last second
	w.Reopen()                                            // nobody left the page
	w.window()
	w.open(clients.CoachView, "")
	w.MustSay("Begun and not finished: Couple session (PACT)")
	w.Tap("Go on")
	w.NoErrors()
	texts := w.tab.editor.texts()
	if texts["note_a"] != "Before the lights went out" {
		t.Errorf("%q", texts)
	}
	w.MustSay("draft of")
	w.tab.Leave()
	if n := w.note(id); n.Draft || len(n.Fields) == 0 || n.Fields[0].Body != "Before the lights went out" {
		t.Errorf("%+v", n)
	}
}

func TestADraftBetweenSessionsOpensFromToday(t *testing.T) {
	w := newWorld(t)
	w.open(clients.CoachView, "")
	w.Tap("New contact…")
	w.Env.Dialogs.Confirm()
	w.typeInto(w.tab.label("brief-contact", "content", ""), "A short call.")
	w.Clock.Wind(2 * time.Second)
	drafts, err := w.Sessions.Drafts(context.Background(), w.Today())
	if err != nil || len(drafts) != 1 {
		t.Fatalf("%v, %v", drafts, err)
	}
	w.window()
	w.open(clients.CoachView, kit.WriteItem(drafts[0].Note))
	if w.tab.editor == nil || w.tab.editor.texts()["content"] != "A short call." {
		t.Fatal("the draft was not opened")
	}
	w.Tap("Done")
	w.MustSay("A short call.")
	w.NoErrors()
}

// TestWhatWasAskedForInOneLensIsNotShownInAnother: reading takes a moment, and the person
// may look through other eyes by then.
func TestWhatWasAskedForInOneLensIsNotShownInAnother(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_both": "For both.", "reflection": "TOKENCOACH"})
	slow := &later{}
	w.tab = newTab(Deps{Env: w.Env, Sessions: w.store, Releases: w.Clients, Zone: func() string { return "Europe/Berlin" }})
	w.tab.deps.Runner = slow
	w.App.Show(w.tab)
	for _, ask := range []func(){
		func() { w.tab.edit(w.note(id).ID) },
		func() { w.tab.history(w.note(id)) },
		func() { w.tab.write(sessions.SessionRow{ID: id}, "", "") },
	} {
		w.open(clients.CoachView, id.String())
		slow.catchUp()
		ask()
		w.open(clients.B, "")
		slow.catchUp()
		w.Settle()
		if w.tab.editor != nil || w.tab.past != nil {
			t.Error("it was shown to another")
		}
		w.MustNotSay("TOKENCOACH")
		ask()
		w.tab.Leave()
		slow.catchUp()
		if w.tab.editor != nil || w.tab.past != nil {
			t.Error("it was opened behind another page")
		}
	}
}

func TestLastAgreementsAreThereAndSayWhereTheyComeFrom(t *testing.T) {
	w := newWorld(t)
	before := w.session(sessions.JointSession, "", 8, sessions.Held)
	w.written(sessions.NewNote{Session: before}, map[string]string{"agreements": "Phones away at dinner"})
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.MustSay("Phones away at dinner", "from last time")
	w.tab.Leave()
	if v, err := w.Sessions.Session(context.Background(), w.Today(), id); err != nil || len(v.Written) != 0 {
		t.Errorf("a note that nobody wrote was kept: %v, %v", v.Written, err)
	}
}

func TestTheWholeNoteByKeyboard(t *testing.T) {
	w := newWorld(t)
	w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, "")
	w.Window.Canvas().FocusNext() // New session
	w.Key(fyne.KeyTab, fyne.KeyTab, fyne.KeyReturn)
	if w.tab.editor == nil {
		t.Fatalf("Tab and Enter did not begin the note: %T", w.Focused())
	}
	w.Type("both there")
	for range len(w.tab.editor.fields) - 1 {
		w.Key(fyne.KeyTab)
	}
	w.Key(fyne.KeyEscape)
	w.Type("last field")
	texts := w.tab.editor.texts()
	first, last := w.tab.editor.fields[0], w.tab.editor.fields[len(w.tab.editor.fields)-1]
	if texts[first.key] != "both there" || texts[last.key] != "last field" {
		t.Errorf("%q", texts)
	}
	w.Env.Dialogs.Confirm()
	w.MustSay("both there", "last field")
	w.NoErrors()
}

func TestAFieldIsFullAtItsCapAndSaysSo(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_both": strings.Repeat("ä", sessions.MaxField-2)})
	w.open(clients.CoachView, kit.WriteItem(id))
	w.typeInto("Shared note for both", "xyz")
	w.Clock.Wind(2 * time.Second)
	if got := w.status("note_both"); !strings.Contains(got, "0 characters left") {
		t.Errorf("%q", got)
	}
	w.Type("!")
	if got := w.status("note_both"); !strings.Contains(got, "full") {
		t.Errorf("%q", got)
	}
	if n := len([]rune(w.tab.editor.texts()["note_both"])); n != sessions.MaxField {
		t.Errorf("%d characters", n)
	}
}

func TestTheNextSessionIsBookedInOneClickAtTheEndOfTheNote(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.open(clients.CoachView, kit.WriteItem(id))
	w.Tap("Book the next: ")
	w.MustSay("The next appointment is Saturday, 28 November 2026")
	w.NoErrors()
	_, next, err := w.Sessions.Around(context.Background(), w.Today(), w.couple, w.Clock.Now())
	if err != nil || next == nil || next.State != sessions.Booked || next.Kind != sessions.JointSession {
		t.Fatalf("%+v, %v", next, err)
	}
	w.Screen(w.couple, clients.SlotA, clients.ScreenStop)
	w.Said.TakeBack()
	w.window()
	w.open(clients.CoachView, kit.WriteItem(id))
	w.Tap("Book the next: ")
	if len(w.Said.Errors) != 1 || !fault.Is(w.Said.Errors[0], fault.Refused) {
		t.Errorf("a joint session on hold: %v", w.Said.Errors)
	}
}

// TestNextAppointmentKeepsItsHour: a week later is the same hour on the clock although
// Berlin changes its clocks on 25 October 2026.
func TestNextAppointmentKeepsItsHour(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	v := sessions.SessionView{SessionRow: sessions.SessionRow{Start: time.Date(2026, 10, 20, 18, 0, 0, 0, berlin), Zone: "Europe/Berlin"}}
	if got := nextOf(v).Start.In(berlin).Format("2006-01-02 15:04"); got != "2026-10-27 18:00" {
		t.Error(got)
	}
}

func TestALockedNoteIsAddedTo(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_both": "As it was."})
	w.open(clients.CoachView, id.String())
	w.Tap("Lock now")
	w.Env.Dialogs.Confirm()
	w.MustSay("locked", "Add something…")
	w.Tap("Write note")
	if w.tab.editor != nil || len(w.Said.Toasts) == 0 {
		t.Error("a locked note was opened for writing")
	}
	w.Tap("Add something…")
	w.Env.Dialogs.Confirm()
	w.MustSay("There is nothing to keep yet.")
	w.Fill("What you add", "It came up again.")
	uitest.First[*kit.Choice[clients.Visibility]](w.App).SetValue(clients.Joint)
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("It came up again.", "Added on 22 November 2026 by Test coach")
	w.open(clients.B, "")
	w.MustSay("It came up again.")
	w.MustNotSay("locked")
}

func TestDeletingANoteCanBeUndone(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_both": "We laughed."})
	w.open(clients.CoachView, id.String())
	w.Tap("Delete")
	w.MustNotSay("We laughed.")
	w.Said.TakeBack()
	w.Settle()
	w.MustSay("We laughed.")
	w.NoErrors()
}
