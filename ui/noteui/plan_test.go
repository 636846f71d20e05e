package noteui

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// What one partner told alone asks for a plan under a policy without secrets; it reminds,
// and nobody but the coach sees the banner, the plan, or more of the note.
func TestANoteOfOneAloneAsksForAPlanAndOpensNothing(t *testing.T) {
	w := newWorld(t)
	alone := w.session(sessions.IndividualSession, clients.SlotA, 1, sessions.Held)
	joint := w.session(sessions.JointSession, "", 2, sessions.Held)
	w.written(sessions.NewNote{Session: alone}, map[string]string{"content": "The letter is in the drawer.", "note_own": "You may choose the day."})
	w.written(sessions.NewNote{Session: joint}, map[string]string{"agreements": "Sundays are ours."})
	w.open(clients.CoachView, joint.String())
	w.MustNotSay("No secrets was agreed")
	w.open(clients.CoachView, alone.String())
	w.MustSay("No secrets was agreed", "No plan yet.")
	w.Tap("Plan…")
	w.Field("What happens with it").(*kit.Choice[clients.PlanState]).SetValue(clients.PlanClient)
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("The client says it, by")
	for _, r := range []clients.Reader{clients.A, clients.B, clients.Us} {
		w.open(r, alone.String())
		w.MustNotSay("No secrets was agreed", "The client says it", "Plan…", "The letter is in the drawer.")
	}
	w.open(clients.B, alone.String())
	w.MustNotSay("You may choose the day.")
}
