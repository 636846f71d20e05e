package noteui

import (
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// TestShotsOfSessions draws the tab in each of its states; look at the pictures.
func TestShotsOfSessions(t *testing.T) {
	w := newWorld(t)
	w.App.Show(kit.Frame(nil, kit.Sized(320, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // beside the list, as in the window
	w.open(clients.CoachView, "")
	w.Capture("sessions-empty")
	for i := range 6 {
		id := w.session(sessions.JointSession, "", 50-7*i, sessions.Held)
		w.revised(id, "We named the pattern: one asks, the other goes quiet.")
	}
	w.session(sessions.IndividualSession, clients.SlotB, 9, sessions.LateCancel)
	alone := w.session(sessions.IndividualSession, clients.SlotA, 8, sessions.Held)
	w.written(sessions.NewNote{Session: alone}, map[string]string{"content": "She wants to talk about her mother first.", "note_own": "Bring one letter."})
	w.written(sessions.NewNote{Template: "brief-contact"}, map[string]string{"kind": "email", "content": "Jonas asks to move Thursday to six; both agree."})
	last := w.session(sessions.JointSession, "", 1, sessions.Booked)
	w.session(sessions.JointSession, "", -6, sessions.Booked)
	w.open(clients.CoachView, "")
	w.Capture("sessions-list")
	w.open(clients.Us, "")
	w.Capture("sessions-list-both")
	w.open(clients.CoachView, kit.WriteItem(last))
	w.typeInto("Topics", "Evenings\nThe letter")
	w.Clock.Wind(2 * time.Second)
	w.Settle()
	w.Capture("note-editor")
	w.typeInto("Your reflection", "Slow down.")
	w.Clock.Wind(2 * time.Second)
	w.Settle()
	w.Capture("note-editor-foot")
	w.tab.Leave()
	w.written(sessions.NewNote{Session: last}, map[string]string{
		"view_a": "“I stop asking when you look at the phone.”", "agreements": "Phones in the drawer at dinner\nFriday walk", "note_a": "You waited, and he came.",
		"reflection": "Slow down. Let silence work.", "safety": "Nothing today.",
	})
	w.open(clients.CoachView, last.String())
	w.Capture("session")
	w.Tap("Who sees it…")
	w.Capture("note-visibility")
	w.Env.Dialogs.Dismiss()
	w.Tap("Edit the session")
	w.Capture("session-form")
	w.Env.Dialogs.Dismiss()
	w.open(clients.A, "")
	w.Capture("session-a")
	w.open(clients.CoachView, "")
	w.Clock.Wind(time.Minute)
	w.written(sessions.NewNote{Session: last}, map[string]string{
		"reflection": "Slow down. Let the silence do its work, and name it when it does.\nAsk A about the letter.", "view_a": "“I stop asking when you look at your phone.” Said quietly.",
	})
	w.tab.Reload()
	w.Tap("History")
	w.Capture("note-history")
	w.NoErrors()
}
