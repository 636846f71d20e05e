package reportui

import (
	"context"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/preview"
)

// TestShotsOfReports draws the tab in each of its states; look at the pictures.
func TestShotsOfReports(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	look := new(preview.Renderer)
	w.tab.deps.Draw = look.Draw
	defer look.Close()
	w.sessionOn(30)
	w.sessionOn(9)
	const answers = "3,3,2,1,2,3,1,1,2,3,2,1,3,3,4,2,3,3"
	w.release(clients.SlotA, w.took(clients.SlotA, answers, 20))
	w.release(clients.SlotB, w.took(clients.SlotB, answers, 20))
	w.letter(clients.Us, "You came with two calendars and left with one evening.")
	w.open(clients.CoachView)
	w.Capture("report-joint")
	const secret = "the old job was never really finished for him"
	_, err := w.Sessions.QuickNote(context.Background(), w.couple, clients.B, "He said that "+secret+".", w.Clock.Now(), "Europe/Berlin")
	w.Must(err)
	w.letter(clients.A, "Remember that "+secret+".")
	w.tab.choose(clients.A)
	w.Capture("report-leak")
	w.Must(w.Clients.PauseEngagement(context.Background(), w.Header(w.couple, clients.CoachView).Engagement.ID, true))
	w.tab.choose(clients.Us)
	w.Capture("report-refused")
}
