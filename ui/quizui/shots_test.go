package quizui

import (
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/ui/kit"
)

// TestShotsOfQuizzes draws the tab in each of its states; look at the pictures.
func TestShotsOfQuizzes(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.App.Show(kit.Frame(nil, kit.Sized(320, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // beside the list, as in the window
	w.open(clients.CoachView)
	w.Capture("quizzes-empty")
	w.Tap("New quiz…")
	w.Capture("quizzes-new")
	w.Env.Dialogs.Dismiss()
	w.begin()
	w.Type("21-4")
	w.Clock.Wind(time.Second)
	w.Capture("quizzes-sheet")
	w.Tap("Lock answers")
	w.Capture("quizzes-open-items")
	w.Env.Dialogs.Dismiss()
	w.tab.sheet.scroll.ScrollToBottom()
	w.Capture("quizzes-sheet-foot")
	w.tab.Leave()
	w.taken("icp-18", clients.SlotA, 60, startA)
	a := w.taken("icp-18", clients.SlotA, 2, endA)
	b := w.taken("icp-18", clients.SlotB, 2, startB)
	w.taken("csi-16", clients.SlotA, 60, "3,3,3,3,4,3,3,3,3,3,4,3,3,4,3,3")
	w.taken("csi-16", clients.SlotA, 2, "4,4,4,3,4,3,4,3,3,4,4,3,4,4,3,4")
	w.release(clients.SlotA, a)
	w.release(clients.SlotB, b)
	w.open(clients.CoachView)
	w.Capture("quizzes")
	for _, r := range []clients.Reader{clients.Us, clients.A} {
		w.open(r)
		w.Capture("quizzes-" + string(r))
	}
	w.App.Show(kit.Frame(nil, kit.Sized(540, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // beside rail and list
	w.open(clients.CoachView)
	w.Capture("quizzes-beside-list")
	w.open(clients.Us)
	w.Capture("quizzes-beside-list-joint")
	for name, room := range map[string]float32{"narrow": 256 + 60, "narrow-rail": 256 + 200} { // of a window of 1024, with the rail folded and open
		w.App.Show(kit.Frame(nil, kit.Sized(room, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil))
		w.open(clients.CoachView)
		w.Capture("quizzes-" + name)
	}
	w.App.Scale = 2
	w.Settings().SetTheme(kit.NewTheme(kit.Light, 2))
	w.open(clients.CoachView)
	w.Capture("quizzes-large-text")
	w.NoErrors()
}
