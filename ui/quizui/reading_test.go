package quizui

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestFlagsAndPromptsAreForTheCoachAlone(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	a, b := w.taken("icp-18", clients.SlotA, 5, more), w.taken("icp-18", clients.SlotB, 5, strings.Repeat("2,", 17)+"2")
	w.release(clients.SlotA, a)
	w.release(clients.SlotB, b)
	w.open(clients.CoachView)
	w.MustSay("For you: Affectionate – ask privately about comfort and pressure.", "For you: Sexual – ask", "For you: Same answer throughout.", "+50 · clearly different")
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		w.open(r)
		w.MustSay("Mara", "Jonas")
		w.MustNotSay("For you", "privately", "Same answer", "Correct", "Show to both")
	}
	w.open(clients.Us)
	w.MustSay("somewhat different", "much alike", "clearly different")
	w.MustNotSay("-50", "+50", "Your strongest")
}

// What one would not say looks like a channel not chosen, for both (rules PV-04, PV-08).
func TestPV04PV08BothTogetherSeeOnlyWhatBothHave(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	a, b := w.taken("icp-18", clients.SlotA, 5, startA), w.taken("icp-18", clients.SlotB, 5, startB)
	w.release(clients.SlotA, a)
	w.open(clients.Us)
	w.MustSay("No quiz is shared with this reader.") // not even that one has answered
	w.MustNotSay("Mara", "Jonas")
	w.release(clients.SlotB, b)
	w.open(clients.Us)
	w.MustSay("Channels chosen for this conversation", "Emotional", "Mara", "Jonas", "What both felt", "Whole line, round marks: Mara. Broken line, square marks: Jonas.")
	w.MustNotSay("Sexual", "not scored", "of 6 scored")
	w.open(clients.A)
	w.MustSay("Sexual", "Emotional") // her own
	w.MustNotSay("not scored", "5 of 6", "What both felt")
	w.open(clients.B)
	w.MustSay("not scored", "5 of 6") // his own
}

func TestChangeIsJudgedOverTheChannelsOfBothTimes(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.taken("icp-18", clients.SlotA, 60, startA)
	w.taken("icp-18", clients.SlotA, 2, endA)
	w.taken("icp-18", clients.SlotB, 60, startB)
	w.taken("icp-18", clients.SlotB, 2, "3,3,2,1,2,2,1,1,2,2,2,2,3,3,3,2,3,3")
	w.open(clients.CoachView)
	w.MustSay("Mara, over the 6 channels of both times: 37.5 to 64.6. This is a bigger change", "Jonas, over the 5 channels of both times: 60.0 to 60.0. This is within the usual wobble",
		"unverified numbers", "Intellectual +50 · clear gain")
	w.open(clients.A)
	w.MustSay("Mara, over the 6 channels")
	w.MustNotSay("Jonas", "unverified", "clear gain")
}

func TestReleasesAreGivenInPartAndTakenBack(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.taken("icp-18", clients.SlotA, 5, startA)
	w.open(clients.CoachView)
	w.Tap("Show to both…")
	w.Tap("Sexual")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.tab.Reload()
	w.MustSay("Shown in part")
	w.open(clients.B)
	w.MustSay("Channels chosen for this conversation", "Emotional")
	w.MustNotSay("Sexual", "All channels")
	w.open(clients.CoachView)
	w.Tap("Shown in part")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.open(clients.B)
	w.MustSay("No quiz is shared with this reader.")
}

// Four years of weekly pulses and names as long as they get: the newest stand there at
// once, the rest one key away.
func TestManyResultsAndLongNames(t *testing.T) {
	long := strings.Repeat("Maximiliane-Theodora ", 9)
	w := newWorld(t, long, "乔纳斯 <b>&\"")
	for i := range 200 {
		w.taken("pulse", clients.Slot([]string{"A", "B"}[i%2]), 3+7*(i/2), "5,6,7,8,9")
	}
	w.open(clients.CoachView)
	w.NoErrors()
	if n := w.count("Delete"); n != fewLines {
		t.Errorf("%d lines at once", n)
	}
	w.Tap("Show all 200")
	if n := w.count("Delete"); n != 200 {
		t.Errorf("%d lines", n)
	}
	if cut := uitest.Clipped(t, w.tab); len(cut) > 0 {
		t.Logf("shortened: %d", len(cut)) // names end in an ellipsis
	}
	w.App.Show(kit.Frame(nil, kit.Sized(440, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // what a narrow window leaves
	if need, have := w.tab.MinSize().Width, w.tab.Size().Width; need > have {
		t.Errorf("the tab needs %v of %v", need, have)
	}
}
