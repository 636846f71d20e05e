package practiceui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// world is a couple in a real casebook with the tab of practices in a window.
type world struct {
	*uitest.App
	*uitest.Book
	couple ids.ID
	tab    *tab
	store  *shaky
}

// shaky is the real store, until a test takes something away from it.
type shaky struct {
	Store
	unread, unsaved error
	full            error // nor is there room for a draft
}

func (s *shaky) Board(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]practices.Progress, error) {
	if s.unread != nil {
		return nil, s.unread
	}
	return s.Store.Board(ctx, aud, couple, from, to)
}

func (s *shaky) SaveTalk(ctx context.Context, t practices.Talk) error {
	if s.unsaved != nil {
		return s.unsaved
	}
	return s.Store.SaveTalk(ctx, t)
}

func (s *shaky) KeepTalk(ctx context.Context, t practices.Talk) error {
	if s.full != nil {
		return s.full
	}
	return s.Store.KeepTalk(ctx, t)
}

func newWorld(t *testing.T, a, b string) *world {
	t.Helper()
	w := &world{App: uitest.NewApp(t)}
	w.Book = w.App.Book()
	w.couple = w.Couple(a, b)
	w.window()
	return w
}

// window makes the tab anew, as after a start of the program.
func (w *world) window() {
	w.store = &shaky{Store: w.Practices}
	w.tab = newTab(Deps{Env: w.Env, Practices: w.store, Zone: func() string { return "Europe/Berlin" }})
	w.App.Show(w.tab)
}

func (w *world) open(r clients.Reader) {
	w.T.Helper()
	w.tab.Open(w.Record(w.couple, r))
	w.Settle()
}

// reload is what the window does after each write.
func (w *world) reload() {
	w.T.Helper()
	w.NoErrors()
	w.tab.Reload()
	w.Settle()
}

func (w *world) board(r clients.Reader) []practices.Progress {
	w.T.Helper()
	all, err := w.Practices.Board(context.Background(), clients.For(r, w.Today().On()), w.couple, "", "")
	w.Must(err)
	return all
}

func (w *world) assigned(id string, to practices.Target, daysAgo int) ids.ID {
	w.T.Helper()
	a := practices.Assignment{ID: ids.New(), CoupleID: w.couple, Practice: id, PracticeVersion: "1", Target: to, Cue: "when the kettle boils", Cadence: practices.Cadence{Text: "daily", Times: 1, Every: practices.EveryDay}, Starts: w.Today().On().Add(-daysAgo), State: practices.Active}
	w.Must(w.Practices.Assign(context.Background(), a))
	return a.ID
}

func (w *world) logged(a ids.ID, s clients.Slot, daysAgo int, noticed string) {
	w.T.Helper()
	w.Must(w.Practices.SaveLog(context.Background(), practices.Log{ID: ids.New(), AssignmentID: a, CoupleID: w.couple, Partner: s, On: w.Today().On().Add(-daysAgo), Zone: "Europe/Berlin", Result: practices.Done, Noticed: noticed}))
}

func (w *world) count(text string) (n int) {
	for _, s := range w.Texts() {
		if s == text {
			n++
		}
	}
	return n
}

func TestAnEmptyTabSaysWhatBelongsHere(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.MustSay("Assign…", "New conversation…")
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		w.open(r)
		w.MustSay("No practice is shared with this reader.")
		w.MustNotSay("Assign…", "New conversation…", "closes a practice")
	}
}

func TestWhatCannotBeReadSaysSoAndTriesAgain(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.assigned("pr-12", practices.ToBoth, 3)
	w.store.unread = uitest.DiskFault
	w.open(clients.CoachView)
	w.MustSay("Nothing was lost.")
	w.store.unread = nil
	w.Tap("Try again")
	w.MustSay("Listen to understand")
}

// Two actions: Assign, then two letters with Enter. The keys alone do it.
func TestAPracticeIsAssignedWithTwoLettersAndEnter(t *testing.T) {
	for letters, want := range map[string]string{"li": "pr-12", "ap": "pr-02", "ev": "pr-01", "re": "pr-03", "fr": "pr-14"} {
		t.Run(letters, func(t *testing.T) {
			w := newWorld(t, "Mara", "Jonas")
			w.open(clients.CoachView)
			w.Tap("Assign…")
			w.Type(letters)
			w.Key(fyne.KeyReturn)
			w.NoErrors()
			if w.Env.Dialogs.IsOpen() {
				t.Fatal("Enter did not assign")
			}
			all := w.board(clients.CoachView)
			if len(all) != 1 || all[0].Practice != want || all[0].Target != practices.ToBoth || all[0].Starts != w.Today().On() || all[0].Ends != w.Today().On().Add(20) {
				t.Errorf("%+v", all)
			}
		})
	}
}

func TestAnAssignmentHasCueSizeCadenceAndDates(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.Tap("Assign…")
	w.Type("own l")
	w.Tap("Jonas")
	w.Fill("What starts it", "after breakfast")
	w.Fill("How small it may be", "one line")
	w.Env.Dialogs.Confirm()
	w.reload()
	w.MustSay("Own life, own needs", "Jonas", "once a week · after breakfast · one line", "22 November 2026 to 12 December 2026", "Jonas 0 times")
	for r, n := range map[clients.Reader]int{clients.A: 0, clients.Us: 0, clients.B: 1} {
		if got := len(w.board(r)); got != n {
			t.Errorf("%s sees %d", r, got)
		}
	}
	w.Tap("Edit")
	w.Fill("How small it may be", " only")
	w.Env.Dialogs.Confirm()
	w.reload()
	w.Tap("Let it rest")
	w.Fill("Why (for coaches alone, if you like)", " exams until May ")
	w.Env.Dialogs.Confirm()
	w.reload()
	w.MustSay("resting", "onlyone line · exams until May")
	w.MustNotSay("Jonas today:")
	w.open(clients.B)
	w.MustSay("resting")
	w.MustNotSay("exams") // why is for the coach
	w.open(clients.CoachView)
	w.Tap("Go on with it")
	w.reload()
	w.MustNotSay("exams")
	w.Tap("End it")
	w.Env.Dialogs.Confirm() // nobody has to say why
	w.reload()
	w.MustSay("ended")
	w.Tap("Go on with it")
	w.reload()
	w.Tap("Delete")
	w.reload()
	w.MustNotSay("Own life")
	w.Said.TakeBack()
	w.reload()
	w.MustSay("Own life, own needs")
}

func TestACheckInIsOneClickAPartner(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.assigned("pr-12", practices.ToBoth, 6)
	w.open(clients.CoachView)
	w.MustSay("together 0 of 7 · Mara 0 of 7 · Jonas 0 of 7", "Mara today:", "Jonas today:")
	w.Tap("done fully")
	w.reload()
	w.MustSay("together 0 of 7 · Mara 1 of 7 · Jonas 0 of 7")
	w.Said.TakeBack()
	w.reload()
	w.MustSay("Mara 0 of 7")
}

func TestAsNeededHasNoPlanToFallBehind(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.Must(w.Practices.Assign(context.Background(), practices.Assignment{ID: ids.New(), CoupleID: w.couple, Practice: "pr-06", PracticeVersion: "1", Target: practices.ToBoth, Cadence: practices.Cadence{Text: "as needed", Every: practices.AsNeeded}, Starts: w.Today().On(), State: practices.Active}))
	w.open(clients.CoachView)
	w.MustSay("together 0 times · Mara 0 times")
	w.MustNotSay("of 0")
}

// A log has everything that is asked after a use, and its writer chooses who sees it.
func TestALogTellsHowItWentAndToWhom(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.assigned("pr-12", practices.ToBoth, 6)
	w.open(clients.CoachView)
	w.Tap("More…")
	w.MustSay("Doing less is fine", "What got in the way", "How helpful, 0 to 10", "How hard, 0 to 10", "The next small change", "Who may see it", "Mara and you")
	w.Fill("Minutes", "12")
	w.Fill("How helpful, 0 to 10", "8")
	w.Fill("How hard, 0 to 10", "3")
	w.Fill("What was noticed", "TOKEN she waited")
	w.Fill("The next small change", "in the garden")
	w.Env.Dialogs.Confirm()
	w.reload()
	w.MustSay("Mara · done fully · helped 8 of 10 – TOKEN she waited")
	l := w.board(clients.CoachView)[0].Logs[0]
	if l.Minutes != 12 || *l.Helpfulness != 8 || *l.Difficulty != 3 || l.NextChange != "in the garden" || l.Zone != "Europe/Berlin" || !l.At.Equal(w.Clock.Now()) {
		t.Errorf("%+v", l)
	}
	for r, sees := range map[clients.Reader]bool{clients.A: true, clients.B: false, clients.Us: false} {
		w.open(r)
		if w.Says("TOKEN") != sees {
			t.Errorf("%s sees it: %v", r, !sees)
		}
	}
	w.open(clients.CoachView)
	w.Tap("Edit")
	w.MustSay("A practice of Mara")
	for _, c := range uitest.Find[*kit.Choice[clients.Visibility]](w.Roots()[0]) {
		c.SetValue(clients.Joint)
	}
	w.Env.Dialogs.Confirm()
	if !w.Env.Dialogs.IsOpen() {
		t.Error("what was Mara's own was opened without her release")
	}
}

func TestEachReaderSeesTheirPart(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	both := w.assigned("pr-12", practices.ToBoth, 20)
	a := w.assigned("pr-07", practices.ToA, 20)
	for i := range 3 {
		w.logged(both, clients.SlotA, 10+i, "TOKENA")
	}
	w.logged(both, clients.SlotB, 10, "TOKENB")
	w.logged(a, clients.SlotA, 2, "TOKENOWN")
	w.open(clients.CoachView)
	w.MustSay("together 1 of 21 · Mara 3 of 21 · Jonas 1 of 21 · 2 unconfirmed", "TOKENA", "TOKENB", "TOKENOWN")
	w.open(clients.Us)
	w.MustSay("together 1 of 21")
	w.MustNotSay("Mara", "Jonas", "unconfirmed", "TOKEN", "Own life", "today:", "Edit", "Delete")
	w.open(clients.B)
	w.MustSay("Jonas 1 of 21", "TOKENB")
	w.MustNotSay("together", "Mara 3", "TOKENA", "TOKENOWN", "unconfirmed", "Own life")
}

// What closes a practice is noted for the coach alone; the practice is refused with the
// reason in the form, and no client reads any of it.
func TestLocksSayWhyToTheCoachAlone(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.Tap("Note what closes a practice…")
	for _, c := range uitest.Find[*kit.Choice[practices.Condition]](w.Roots()[0]) {
		c.SetValue(practices.Bereavement12m)
	}
	w.Env.Dialogs.Confirm()
	w.MustSay("Enter the day it happened.")
	w.Fill("Since", "2026-03-01")
	w.Env.Dialogs.Confirm()
	w.reload()
	w.MustSay("Noted, for coaches alone", "Mara · A bereavement · 1 March 2026")
	w.Tap("Assign…")
	w.Type("if you")
	w.MustSay("Closed at the moment: A bereavement less than twelve months ago.")
	w.Env.Dialogs.Confirm()
	w.MustSay("This practice is closed for this couple at the moment.")
	w.Env.Dialogs.Dismiss()
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		w.open(r)
		w.MustNotSay("bereavement", "Noted", "closed")
	}
	w.open(clients.CoachView)
	w.Tap("It is over")
	w.reload()
	w.Tap("Assign…")
	w.Type("if you")
	w.MustNotSay("Closed at the moment")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	if n := len(w.board(clients.CoachView)); n != 1 {
		t.Errorf("%d assigned", n)
	}
}

func TestTheThirdLevelWaitsInOpenConflict(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.Must(w.Practices.Note(context.Background(), practices.Noted{ID: ids.New(), Couple: w.couple, Person: w.Header(w.couple, clients.CoachView).Partner(clients.SlotA).PersonID, Condition: practices.OpenConflict}))
	w.open(clients.CoachView)
	w.Tap("Assign…")
	w.Type("bet")
	w.MustSay("Level 3 waits while the two of you are in open conflict.")
	w.Key(fyne.KeyReturn)
	if n := len(w.board(clients.CoachView)); n != 1 {
		t.Errorf("the rest of it was closed as well: %d", n)
	}
}

func TestASingleClientHasNoConversationForTwo(t *testing.T) {
	w := newWorld(t, "Mara", "")
	w.open(clients.CoachView)
	w.MustNotSay("New conversation…")
	w.Tap("Assign…")
	w.MustNotSay("both")
	w.Type("ev")
	w.Key(fyne.KeyReturn)
	w.NoErrors()
	if all := w.board(clients.CoachView); len(all) != 1 || all[0].Target != practices.ToA {
		t.Errorf("%+v", all)
	}
}

func TestManyPracticesAndLogsAndLongNames(t *testing.T) {
	w := newWorld(t, strings.Repeat("Maximiliane-Theodora ", 9), "乔纳斯 <b>&\"")
	for i := range 60 {
		w.assigned(fmt.Sprintf("pr-%02d", 1+i%3), practices.ToBoth, 300-i)
	}
	last := w.assigned("pr-12", practices.ToBoth, 200)
	for i := range 200 {
		w.logged(last, clients.SlotB, i, "")
	}
	w.open(clients.CoachView)
	w.NoErrors()
	if n := w.count("More…"); n != 2*fewCards {
		t.Errorf("%d rows at once", n)
	}
	w.Tap("Show all 200 logs")
	if n := len(w.board(clients.CoachView)[0].Logs); n != 200 || w.count("Show all 200 logs") != 0 {
		t.Errorf("%d logs", n)
	}
	w.Tap("Show all 61 practices")
	if n := w.count("More…"); n != 122 {
		t.Errorf("%d rows", n)
	}
	w.App.Show(kit.Frame(nil, kit.Sized(440, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // what a narrow window leaves
	if need, have := w.tab.MinSize().Width, w.tab.Size().Width; need > have {
		t.Errorf("the tab needs %v of %v", need, have)
	}
}

// A window of 1024 with the largest text leaves the tab this much beside the rail.
func TestTheLargestTextFitsANarrowWindow(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.Settings().SetTheme(kit.NewTheme(kit.Light, 2))
	w.App.Show(kit.Frame(nil, kit.Sized(1280-760, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil))
	id := w.assigned("pr-11", practices.ToBoth, 6)
	w.logged(id, clients.SlotA, 3, "He put the phone away first.")
	fits := func(what string) {
		t.Helper()
		w.App.Settle()
		if need, have := w.tab.MinSize().Width, w.tab.Size().Width; have != 760 || need > have {
			t.Errorf("%s needs %v of %v", what, need, have)
		}
	}
	w.open(clients.CoachView)
	fits("the tab")
	w.ready()
	for i := range 9 {
		w.next(1)
		fits(fmt.Sprint("step ", i+1))
	}
}
