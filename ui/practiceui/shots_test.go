package practiceui

import (
	"context"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// TestShotsOfPractices draws the tab in each of its states; look at the pictures.
func TestShotsOfPractices(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.App.Show(kit.Frame(nil, kit.Sized(320, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // beside the list, as in the window
	w.open(clients.CoachView)
	w.Capture("practices-empty")
	w.Tap("Assign…")
	w.Type("li")
	w.Capture("practices-assign")
	w.Env.Dialogs.Dismiss()
	both := w.assigned("pr-12", practices.ToBoth, 12)
	w.assigned("pr-07", practices.ToA, 5)
	for i := range 6 {
		w.logged(both, clients.SlotA, 10-i, "He put the phone away first.")
		w.logged(both, clients.SlotB, 10-i, "")
	}
	w.Must(w.Practices.Note(context.Background(), practices.Noted{ID: ids.New(), Couple: w.couple, Person: w.Header(w.couple, clients.CoachView).Partner(clients.SlotA).PersonID, Condition: practices.SeriousIllness}))
	w.open(clients.CoachView)
	w.Tap("More…")
	w.Capture("practices-log")
	w.Env.Dialogs.Dismiss()
	w.ready()
	w.answer("Topic in a few words", "The dishes")
	w.Capture("talk-0")
	w.next(4)
	w.answer("Mara: How understood I felt", "7")
	w.Capture("talk-4")
	w.next(3)
	w.Capture("talk-7")
	w.next(1)
	w.Tap("no")
	w.Capture("talk-8")
	w.Tap("Stop here…")
	w.Capture("talk-stop")
	w.Env.Dialogs.Dismiss()
	w.Tap("Done for today")
	w.Capture("practices")
	w.open(clients.Us)
	w.Capture("practices-joint")
	w.open(clients.CoachView)
	w.App.Show(kit.Frame(nil, kit.Sized(256+200, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // of a window of 1024, the list gone
	w.open(clients.CoachView)
	w.Capture("practices-narrow")
	w.App.Scale = 2
	w.Settings().SetTheme(kit.NewTheme(kit.Light, 2))
	w.open(clients.CoachView)
	w.Capture("practices-large-text")
	w.Tap("More…")
	w.Capture("practices-large-text-log")
	w.Env.Dialogs.Dismiss()
	w.Tap("Assign…")
	w.Capture("practices-large-text-assign")
	w.Env.Dialogs.Dismiss()
	w.Tap("End it")
	w.Capture("practices-large-text-end")
	w.Env.Dialogs.Dismiss()
	w.Tap("Open")
	w.Capture("talk-large-text")
	w.NoErrors()
}
