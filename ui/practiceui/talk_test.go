package practiceui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func (w *world) talks(r clients.Reader) []practices.Talk {
	w.T.Helper()
	all, err := w.Practices.Talks(context.Background(), clients.For(r, w.Today().On()), w.couple, "", "")
	w.Must(err)
	return all
}

// after is what takes keys next after that label; a chip may stand between.
func (w *world) after(label string) fyne.Focusable {
	w.T.Helper()
	var found fyne.Focusable
	seen := false
	for _, root := range w.Roots() {
		uitest.Walk(root, func(o fyne.CanvasObject, _ []fyne.CanvasObject) bool {
			seen = seen || uitest.TextOf(o) == label
			if f, ok := o.(fyne.Focusable); ok && seen && found == nil {
				found = f
			}
			return found == nil
		})
	}
	if found == nil {
		w.T.Fatalf("nothing takes keys after %q; there is:\n%s", label, strings.Join(w.Texts(), "\n"))
	}
	return found
}

// answer taps what is offered in the field with that label.
func (w *world) answer(label, word string) {
	w.T.Helper()
	w.Window.Canvas().Focus(w.after(label))
	switch f := w.Focused().(type) {
	case *kit.Segments[string]:
		for range 6 {
			if f.Value() == word {
				return
			}
			w.Key(fyne.KeyRight)
		}
		w.T.Fatalf("%s: no %s", label, word)
	case *kit.Choice[string]:
		f.SetSelected(word)
	default:
		w.Type(word)
	}
}

// ready opens the form of a new conversation and lets both say yes.
func (w *world) ready() {
	w.T.Helper()
	w.open(clients.CoachView)
	w.Tap("New conversation…")
	w.NoErrors()
	w.answer("Mara is ready", "yes")
	w.answer("Jonas is ready", "yes")
}

func (w *world) next(n int) {
	w.T.Helper()
	for range n {
		w.Tap("Next step")
	}
	w.NoErrors()
}

func TestTheNineStepsFromConflictToConnection(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.Tap("New conversation…")
	w.MustSay("0  Ready?", "Both say yes to now", "Held on")
	w.Tap("Next step")
	if len(w.Said.Errors) != 1 || w.tab.form.step != 0 {
		t.Fatalf("it went on without a yes: %v", w.Said.Errors)
	}
	w.Said.Errors = nil
	w.answer("Mara is ready", "yes")
	w.answer("Jonas is ready", "yes")
	w.answer("Topic in a few words", "The dishes")
	w.next(1)
	w.MustSay("1  Pause", "Leaving without a return time is not a pause.")
	w.answer("A pause was used", "yes")
	w.answer("Called by", "A")
	w.answer("Minutes", "soon")
	w.MustSay("This does not fit the question.")
	w.Tap("Next step")
	if w.tab.form.step != 1 {
		t.Fatal("what does not fit was left behind")
	}
	w.Said.Errors = nil
	w.Window.Canvas().Focus(w.after("Minutes"))
	w.Key(fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace, fyne.KeyBackspace)
	w.Type("30")
	w.MustNotSay("This does not fit the question.")
	w.answer("Returned on time", "yes")
	w.next(3)
	w.MustSay("4  Take turns", "How understood I felt")
	w.answer("Mara: How understood I felt", "7")
	w.MustSay("Entered. It is shown when both have entered it.")
	w.answer("Jonas: How understood I felt", "8")
	w.MustNotSay("Entered.")
	w.next(3)
	w.answer("What we agreed on", "experiment")
	w.answer("In words", "Whoever cooks does not wash up")
	w.answer("Who does it", "both")
	w.answer("Review on", "2026-12-06")
	w.next(1)
	w.MustSay("8  Reconnect", "for coaches alone")
	w.answer("Minutes until we felt connected", "40")
	w.Tap("Done for today")
	w.NoErrors()
	if w.tab.form != nil {
		t.Fatal("the form is still there")
	}
	w.MustSay("The dishes · held · follow up between 23 November 2026 and 25 November 2026", "1 held · pauses back on time: 1 of 1 · with an agreement: 1 of 1", "usual time until connected: 40 minutes", "felt understood, middle value: 7.5 of 10")
	agreed, err := w.Practices.Agreements(context.Background(), w.Today(), w.couple)
	if err != nil || len(agreed) != 1 || agreed[0].Body != "Whoever cooks does not wash up" || agreed[0].Review != "2026-12-06" || agreed[0].Who != "both" {
		t.Fatalf("%+v, %v", agreed, err)
	}
	for r, words := range map[clients.Reader]string{clients.Us: "1 held", clients.A: "1 held", clients.B: "1 held"} {
		w.open(r)
		w.MustSay(words)
		w.MustNotSay("felt understood", "Open", "afraid")
	}
	w.open(clients.CoachView)
	w.Tap("Open")
	w.MustSay("9  Follow up")
	w.answer("It held", "partly")
	w.answer("At review, the agreement was", "kept")
	w.answer("This conversation is closed", "yes")
	w.Tap("Done")
	w.NoErrors()
	w.MustSay("held and closed", "kept at review: 1 of 1")
	if agreed, _ = w.Practices.Agreements(context.Background(), w.Today(), w.couple); len(agreed) != 1 || agreed[0].State != practices.Kept {
		t.Errorf("%+v", agreed)
	}
}

func TestAConversationSurvivesACrash(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.ready()
	w.answer("Topic in a few words", "The dishes")
	w.Clock.Wind(time.Second)
	w.MustSay("Saved 14:03")
	w.next(2)
	w.answer("Mara: Feeling words", "tired, alone")
	w.Clock.Wind(time.Second)
	w.Reopen() // nobody left the page
	w.window()
	w.open(clients.CoachView)
	w.MustSay("The dishes · begun · step 2 of 9 · a draft waits")
	w.Tap("Open")
	w.MustSay("2  Name it", "tired, alone")
	for _, a := range w.talks(clients.CoachView)[0].Answers {
		if a.Value == "tired, alone" {
			t.Error("what was only typed is part of the record")
		}
	}
	w.Tap("Back to the practices")
	w.MustSay("The dishes · begun · step 2 of 9")
	w.MustNotSay("a draft waits")
	if w.typed() != 0 {
		t.Error("it is still a draft")
	}
	for _, a := range w.talks(clients.CoachView)[0].Answers {
		if a.Value == "tired, alone" {
			return
		}
	}
	t.Error("what was typed is lost")
}

func (w *world) typed() int {
	w.T.Helper()
	all, err := w.Practices.TypedTalks(context.Background(), w.Today(), w.couple)
	w.Must(err)
	if other, err := w.Practices.TypedTalks(context.Background(), clients.For(clients.Us, w.Today().On()), w.couple); err != nil || len(other) != 0 {
		w.T.Errorf("a reader has %d drafts (%v)", len(other), err)
	}
	return len(all)
}

// TestHalfAnHourOfFillingInMakesAHandfulOfVersions: a conversation is kept on this computer
// all the time and never published; it becomes rows in the pauses, and is told once each time.
func TestHalfAnHourOfFillingInMakesAHandfulOfVersions(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	told := w.Keep()
	w.Clock.Wind(time.Minute)
	before := told()
	w.open(clients.CoachView)
	w.Tap("New conversation…")
	w.answer("Topic in a few words", "Begun")
	for range 5 {
		had := told()
		for range 18 {
			w.Type(" word")
			w.Clock.Wind(2 * time.Second)
			if w.typed() != 1 {
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
	w.Type(" and left")
	w.tab.Leave()
	w.Clock.Wind(time.Minute)
	events, err := w.Changes.History(context.Background(), w.Today(), w.talks(clients.CoachView)[0].ID)
	w.Must(err)
	versions := 0
	for _, e := range events {
		if e.Action == "conversation.save" {
			versions++
		}
	}
	if versions != 6 || told()-before != 6 || w.typed() != 0 {
		t.Errorf("%d versions in %d files", versions, told()-before)
	}
	w.NoErrors()
}

// A step that is finished is part of the record, without a pause.
func TestAFinishedStepIsPartOfTheRecord(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.ready()
	w.answer("Topic in a few words", "The dishes")
	w.next(1)
	if all := w.talks(clients.CoachView); len(all) != 1 || all[0].Topic != "The dishes" || w.typed() != 0 {
		t.Errorf("%+v", all)
	}
}

func TestAConversationLeftOnAFullDiskIsNotLost(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.ready()
	w.store.unsaved, w.store.full = uitest.DiskFault, uitest.DiskFault
	w.answer("Topic in a few words", "The dishes")
	w.tab.Leave()
	if len(w.Said.Errors) != 1 || !w.Env.Owed.Any() {
		t.Fatalf("%v, owed %v", w.Said.Errors, w.Env.Owed.Any())
	}
	w.open(clients.Us)
	w.MustNotSay("The dishes")
	w.open(clients.CoachView)
	if w.tab.form == nil || w.tab.form.talk.Topic != "The dishes" {
		t.Fatal("what is owed is not on the screen")
	}
	w.tab.Leave()
	w.store.unsaved, w.store.full = nil, nil
	w.Clock.Wind(kit.RetryDelay)
	if all := w.talks(clients.CoachView); w.Env.Owed.Any() || len(all) != 1 || all[0].Topic != "The dishes" {
		t.Errorf("%+v, owed %v", all, w.Env.Owed.Any())
	}
}

// What is only a draft yet goes to the bin like any other conversation.
func TestADraftOfAConversationCanBeDeleted(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.Must(w.Practices.KeepTalk(context.Background(), practices.Talk{ID: ids.New(), Couple: w.couple, Zone: "Europe/Berlin", Topic: "The dishes", Record: practices.Record{At: w.Clock.Now(), State: practices.ConversationOpen}}))
	w.open(clients.CoachView)
	w.MustSay("The dishes · begun · step 0 of 9 · a draft waits")
	w.Tap("Delete")
	w.reload()
	w.MustNotSay("The dishes")
	if w.typed() != 0 {
		t.Error("the draft stayed")
	}
	w.Said.TakeBack()
	if all := w.talks(clients.CoachView); len(all) != 1 || all[0].Topic != "The dishes" {
		t.Errorf("%+v", all)
	}
}

func TestWhatCouldNotBeSavedStaysOnTheScreen(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.ready()
	w.store.unsaved = uitest.DiskFault
	w.answer("Topic in a few words", "The dishes")
	w.Tap("Back to the practices")
	if w.tab.form == nil || len(w.Said.Errors) == 0 {
		t.Fatal("it was thrown away")
	}
	w.store.unsaved = nil
	w.Tap("Back to the practices")
	if all := w.talks(clients.CoachView); len(all) != 1 || all[0].Topic != "The dishes" {
		t.Errorf("%+v", all)
	}
}

// Nothing at the place where it is asked shows what was answered (rule PV-34).
func TestThePrivateQuestionShowsNoAnswer(t *testing.T) {
	var screens []string
	for _, answer := range []string{"yes", "no"} {
		t.Run(answer, func(t *testing.T) { screens = append(screens, privately(t, answer)) })
	}
	if screens[0] != screens[1] {
		t.Errorf("the screens differ:\n%s\n---\n%s", screens[0], screens[1])
	}
}

// privately gives an answer and returns all that could be read afterwards.
func privately(t *testing.T, answer string) string {
	w := newWorld(t, "Mara", "Jonas")
	w.ready()
	w.next(8)
	w.Tap(answer)
	if now, err := w.Practices.ToSeeAlone(context.Background(), w.Today(), 9); err != nil || (len(now) == 1) != (answer == "yes") {
		t.Errorf("%s: at once %v, %v", answer, now, err)
	}
	w.Clock.Wind(time.Second)
	w.MustSay("Answered. Nothing here shows what.")
	before := strings.Join(w.Texts(), "\n")
	w.Tap("Done for today")
	w.NoErrors()
	after := strings.Join(w.Texts(), "\n")
	w.Tap("Open")
	w.Tap("Back")
	w.MustSay("Answered. Nothing here shows what.")
	alone, err := w.Practices.ToSeeAlone(context.Background(), w.Today(), 9)
	if err != nil || (len(alone) == 1) != (answer == "yes") {
		t.Errorf("%s: %v, %v", answer, alone, err)
	}
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		for _, k := range w.talks(r) {
			if k.Value("afraid", clients.SlotA) != "" {
				t.Errorf("%s reads the answer", r)
			}
		}
	}
	return before + "\n" + after
}

func TestAStopClosesTheNextConversation(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.ready()
	w.next(4)
	w.Tap("Stop here…")
	w.MustSay("One of you is afraid.", "Any pushing, holding or hitting.", "Each contacts the coach alone.")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("ended early")
	w.Tap("New conversation…")
	if len(w.Said.Errors) != 1 || !fault.Is(w.Said.Errors[0], fault.Refused) || w.tab.form != nil {
		t.Fatalf("%v", w.Said.Errors)
	}
	w.Said.Errors = nil
	w.Clock.Jump(time.Hour)
	w.Screen(w.couple, clients.SlotA, clients.ScreenClear)
	w.Screen(w.couple, clients.SlotB, clients.ScreenClear)
	w.open(clients.CoachView)
	w.Tap("New conversation…")
	w.NoErrors()
	if w.tab.form == nil {
		t.Error("still closed after new screens")
	}
}

func TestItCanBePutOffWithinADay(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.Tap("New conversation…")
	w.answer("Mara is ready", "yes")
	w.Tap("Put it off")
	if len(w.Said.Errors) != 1 {
		t.Fatalf("%v", w.Said.Errors)
	}
	w.Said.Errors = nil
	w.answer("Postponed to", "2026-11-23")
	w.MustSay("Write the day and the time")
	w.Key(fyne.KeyTab, fyne.KeyTab)
	w.Type("9:30")
	w.MustNotSay("Write the day and the time")
	w.Tap("Put it off")
	w.NoErrors()
	all := w.talks(clients.CoachView)
	if len(all) != 1 || all[0].State != practices.ConversationPostponed || all[0].Value("postponed_to", "") != "2026-11-23T09:30:00+01:00" {
		t.Errorf("%+v", all)
	}
	w.MustSay("put off")
}

func TestATalkAtHomeIsToldLater(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.Tap("New conversation…")
	w.Window.Canvas().Focus(w.after("Held on"))
	w.Key(fyne.KeyEnd)
	for range 10 {
		w.Key(fyne.KeyBackspace)
	}
	w.Type("2026-11-19")
	w.Tap("Back to the practices")
	w.NoErrors()
	w.MustSay("19 November 2026 · begun")
}

func TestADeletedConversationComesBack(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	for range fewTalks + 2 {
		w.Must(w.Practices.SaveTalk(context.Background(), practices.Talk{ID: ids.New(), Couple: w.couple, Zone: "Europe/Berlin", Record: practices.Record{At: w.Clock.Now(), State: practices.ConversationHeld}}))
	}
	w.open(clients.CoachView)
	if n := w.count("Open"); n != fewTalks {
		t.Errorf("%d at once", n)
	}
	w.Tap("Show all 7 conversations")
	if n := w.count("Open"); n != fewTalks+2 {
		t.Errorf("%d lines", n)
	}
	w.Tap("Delete")
	w.reload()
	if n := len(w.talks(clients.CoachView)); n != fewTalks+1 {
		t.Errorf("%d left", n)
	}
	w.Said.TakeBack()
	if n := len(w.talks(clients.CoachView)); n != fewTalks+2 {
		t.Errorf("%d after Undo", n)
	}
}
