package noteui

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// A partner's own text is released by a form that shows all of it, and taken back again:
// the other sees it in between and neither before nor after (rule PV-18).
func TestPV18ATextIsReleasedAndTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_a": "Her mother's letters.", "reflection": "What I think of it."})
	w.open(clients.B, id.String())
	w.MustNotSay("Her mother's letters.")
	w.open(clients.CoachView, "")
	w.Tap("Release…") // one: the reflection is nobody's to release
	w.MustSay("Mara lets", "Her mother's letters.", "in this record, in search and in reports")
	w.Field("How Mara gave it").(*kit.Entry).SetText(" ")
	w.Env.Dialogs.Confirm()
	w.MustSay("Say how it was given.")
	w.Field("How Mara gave it").(*kit.Entry).SetText("by e-mail")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("released by Mara")
	for _, r := range []clients.Reader{clients.B, clients.Us} {
		w.open(r, "")
		w.MustSay("Her mother's letters.")
		w.MustNotSay("What I think of it.", "released by", "Take back…")
	}
	w.open(clients.CoachView, "")
	w.Tap("Take back…")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.open(clients.B, "")
	w.MustNotSay("Her mother's letters.")
	w.open(clients.A, "")
	w.MustSay("Her mother's letters.")
}

// A text that was set to "for both" on a release closes with it, and the coach is told so
// where it stands.
func TestATextForBothIsTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_a": "Her mother's letters."})
	w.open(clients.CoachView, id.String())
	w.Tap("Release…")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.Tap("Who sees it…")
	w.Field("Who may see it").(*kit.Choice[clients.Visibility]).SetValue(clients.Joint)
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("for both", "released by Mara")
	w.Tap("Take back…")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("for Mara", "Release…")
	w.MustNotSay("for both", "released by Mara")
	for _, r := range []clients.Reader{clients.B, clients.Us} {
		w.open(r, "")
		w.MustNotSay("Her mother's letters.")
	}
}

// Who closes a text is told in which reports it may stand already, of those whose reader
// loses it.
func TestPV16ClosingNamesTheReportsThatKeepIt(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"agreements": "Sundays are ours."})
	for i, r := range []clients.Reader{clients.Us, clients.B, clients.A, clients.Us, clients.B, clients.Us, clients.B} {
		w.store.made = append(w.store.made, sessions.ShownIn{Reader: r, On: day.Day("2026-11-21").Add(-i)})
	}
	w.open(clients.CoachView, id.String())
	w.Tap("Who sees it…")
	sees := w.Field("Who may see it").(*kit.Choice[clients.Visibility])
	w.MustNotSay("It may stand")
	choose := func(label string) {
		sees.SetSelected(label)
		w.Settle()
	}
	choose("For Mara")
	w.MustSay("It may stand in reports that were made: for both, of 21 November 2026; for Jonas, of 20 November 2026; for both, of 18 November 2026; for Jonas, of 17 November 2026; 2 earlier. They keep it.")
	w.Capture("notes-narrowing")
	w.MustNotSay("for Mara, of")
	choose("For both")
	w.MustNotSay("It may stand")
}

// A text about both that was the coach's alone is opened once both have agreed: the form
// shows the text, asks who agreed, when and how, and either of them can take it back.
func TestATextAboutBothIsOpenedWhenBothAgree(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"pattern": "Rule, verdict, door."})
	sees := func(r clients.Reader, want bool) {
		t.Helper()
		w.open(r, id.String())
		if want {
			w.MustSay("Rule, verdict, door.")
		} else {
			w.MustNotSay("Rule, verdict, door.")
		}
	}
	open := func(label string) {
		t.Helper()
		w.open(clients.CoachView, id.String())
		w.Tap("Who sees it…")
		w.Field("Who may see it").(*kit.Choice[clients.Visibility]).SetSelected(label)
		w.Settle()
	}
	open("For you alone")
	w.MustNotSay("Mara lets Jonas see this", "Given on")
	w.Tap("Cancel")
	open("For both")
	w.MustSay("Rule, verdict, door.", "Mara lets Jonas see this", "Jonas lets Mara see this", "Given on")
	w.Capture("notes-widening")
	w.Tap("Mara lets Jonas see this")
	w.Env.Dialogs.Confirm()
	w.MustSay("tick who lets the other see it")
	w.Tap("Cancel")
	sees(clients.Us, false)
	open("For both")
	w.Tap("Mara lets Jonas see this")
	w.Tap("Jonas lets Mara see this")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("for both", "released by Mara", "released by Jonas")
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		sees(r, true)
	}
	w.open(clients.CoachView, id.String())
	w.Tap("Take back…") // Mara's, the first
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("for Mara", "released by Jonas")
	w.MustNotSay("released by Mara")
	sees(clients.B, false)
	sees(clients.Us, false)
	open("For both")
	w.MustNotSay("Jonas lets Mara see this") // has agreed
	w.Tap("Mara lets Jonas see this")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	sees(clients.Us, true)
}
