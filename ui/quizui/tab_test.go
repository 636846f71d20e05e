package quizui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

const (
	startA = "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2"
	endA   = "3,3,3,2,3,2,1,2,1,2,1,2,4,4,3,3,4,2"
	startB = "3,3,2,-,2,2,1,1,2,-,2,2,3,3,3,-,3,3"
	more   = "3,2,4,4,2,2,1,2,0,0,2,2,3,3,3,2,3,3"
)

// world is a couple in a real casebook with the tab of quizzes in a window.
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

func (s *shaky) Results(ctx context.Context, aud clients.Audience, couple ids.ID) ([]quizzes.Result, error) {
	if s.unread != nil {
		return nil, s.unread
	}
	return s.Store.Results(ctx, aud, couple)
}

func (s *shaky) Save(ctx context.Context, as ...*quizzes.Administration) error {
	if s.unsaved != nil {
		return s.unsaved
	}
	return s.Store.Save(ctx, as...)
}

func (s *shaky) Keep(ctx context.Context, as ...*quizzes.Administration) error {
	if s.full != nil {
		return s.full
	}
	return s.Store.Keep(ctx, as...)
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
	w.store = &shaky{Store: w.Quizzes}
	w.tab = newTab(Deps{Env: w.Env, Quizzes: w.store, Releases: w.Clients, Zone: func() string { return "Europe/Berlin" }})
	w.App.Show(w.tab)
}

func (w *world) open(r clients.Reader) {
	w.T.Helper()
	w.tab.Open(w.Record(w.couple, r))
	w.Settle()
}

// taken is a locked quiz of a partner some days ago.
func (w *world) taken(id string, s clients.Slot, daysAgo int, answers string) ids.ID {
	w.T.Helper()
	d, err := quizzes.ByID(id)
	w.Must(err)
	a := quizzes.NewAdministration(d, w.couple, w.Header(w.couple, clients.CoachView).Partner(s).PersonID, w.Clock.Now().AddDate(0, 0, -daysAgo), "Europe/Berlin", quizzes.Paper)
	a.Answers, err = quizzes.ParseAnswers(d, answers)
	w.Must(err)
	w.Must(w.Quizzes.Lock(context.Background(), &a))
	return a.ID
}

func (w *world) release(s clients.Slot, item ids.ID, channels ...string) {
	w.T.Helper()
	_, err := w.Clients.GiveRelease(context.Background(), clients.Release{CoupleID: w.couple, Partner: s, ItemID: item, State: clients.StateGiven, GivenOn: w.Today().On(), Way: "said so", Channels: channels})
	w.Must(err)
}

func (w *world) results() []quizzes.Result {
	w.T.Helper()
	all, err := w.Quizzes.Results(context.Background(), w.Today(), w.couple)
	w.Must(err)
	return all
}

// begin opens the sheet for both with two actions: a click, and Ctrl+Enter.
func (w *world) begin() {
	w.T.Helper()
	w.open(clients.CoachView)
	w.Tap("New quiz…")
	w.Env.Dialogs.Confirm()
	w.Clock.Wind(settle)
	if w.tab.sheet == nil {
		w.T.Fatal("the sheet did not open")
	}
}

func TestAnEmptyTabSaysWhatBelongsHere(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.MustSay("Quizzes and their profiles stand here", "New quiz…")
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		w.open(r)
		w.MustSay("No quiz is shared with this reader.")
		w.MustNotSay("New quiz…")
	}
}

func TestWhatCannotBeReadSaysSoAndTriesAgain(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.taken("icp-18", clients.SlotA, 1, startA)
	w.store.unread = uitest.DiskFault
	w.open(clients.CoachView)
	w.MustSay("Nothing was lost.")
	if len(w.Said.Errors) != 1 {
		t.Errorf("%v", w.Said.Errors)
	}
	w.store.unread = nil
	w.Tap("Try again")
	w.MustSay("Mara", "Intimacy Channels Profile (quick form)")
}

func TestBothAreEnteredSideBySideWithNumberKeysAlone(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.begin()
	w.MustSay("0 Not true · 1 Slightly true", "1. I could tell my partner")
	w.Type(strings.ReplaceAll(startA, ",", ""))
	w.MustSay("All channels: 37.5 (6 of 6 scored)", "Your strongest wishes at the moment are") // as they come
	w.Type(strings.ReplaceAll(startB, ",", ""))
	w.MustSay("All channels: 60.0 (5 of 6 scored)")
	w.Clock.Wind(time.Second)
	w.MustSay("Saved 14:03")
	w.NoErrors()
	w.Tap("Lock answers")
	w.NoErrors()
	all := w.results()
	if len(all) != 2 || !all[0].Locked() || !all[1].Locked() {
		t.Fatalf("%+v", all)
	}
	for _, r := range all {
		want := startA
		if r.Slot == clients.SlotB {
			want = startB
		}
		if got := quizzes.FormatAnswers(r.Answers); got != want {
			t.Errorf("%s: %s, want %s", r.Slot, got, want)
		}
		if r.KeyedBy.IsZero() || r.Zone != "Europe/Berlin" || r.Mode != quizzes.Paper || r.Seconds != 0 {
			t.Errorf("%+v", r.Administration)
		}
	}
	w.MustSay("22 November 2026", "not scored", "Side by side")
}

func TestAnswersSurviveACrashAsADraft(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.begin()
	w.Type("2")
	w.Clock.Wind(time.Second)
	w.Type("1")
	w.Clock.Wind(time.Second)
	w.Type("-4")
	w.Clock.Wind(time.Second)
	w.NoErrors()
	w.Reopen() // nobody left the page
	w.window()
	w.open(clients.CoachView)
	w.MustSay("not locked yet · a draft waits")
	typed := w.typed()
	if len(typed) != 1 || len(w.results()) != 0 {
		t.Fatalf("%d drafts: nobody had answered for Jonas; %d results", len(typed), len(w.results()))
	}
	if got := quizzes.FormatAnswers(typed[0].Answers); got != "2,1,-,4"+strings.Repeat(",", 14) {
		t.Errorf("%s", got)
	}
	w.MustNotSay("Felt, then and now") // no picture of what is not finished
	w.Tap("Go on")
	w.Clock.Wind(settle)
	w.Tap("Lock answers")
	w.MustSay("Not answered: Mara 5, 6, 7") // named before they stay so
	w.Env.Dialogs.Dismiss()
	w.Tap("Back to the quizzes")
	w.MustNotSay("a draft waits")
	if all := w.results(); len(all) != 1 || all[0].Locked() || len(w.typed()) != 0 {
		t.Error("locked all the same")
	}
}

func TestWhatCouldNotBeSavedIsNotForgotten(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.begin()
	w.store.unsaved, w.store.full = uitest.DiskFault, uitest.DiskFault
	w.Type("2")
	w.Clock.Wind(time.Second)
	if len(w.Said.Errors) != 1 || len(w.results()) != 0 {
		t.Fatalf("%v", w.Said.Errors)
	}
	w.Tap("Back to the quizzes")
	if w.tab.sheet == nil {
		t.Fatal("the answers were thrown away")
	}
	w.store.unsaved, w.store.full = nil, nil
	w.Tap("Back to the quizzes")
	if w.tab.sheet != nil || len(w.results()) != 1 {
		t.Errorf("%d saved", len(w.results()))
	}
}

func TestNothingAnsweredIsNotLocked(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.begin()
	w.Tap("Lock answers")
	if len(w.Said.Errors) != 1 || len(w.results()) != 0 {
		t.Errorf("%v, %d results", w.Said.Errors, len(w.results()))
	}
}

func TestALockedQuizIsCorrectedByANewOne(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	first := w.taken("ras", clients.SlotA, 3, "4,4,4,2,4,5,2")
	w.open(clients.CoachView)
	w.MustSay("score 29")
	w.Tap("Correct")
	w.Clock.Wind(settle)
	w.Type("5")
	w.Clock.Wind(time.Second)
	w.tab.Leave()
	w.open(clients.CoachView)
	w.MustSay("not locked yet", "score 29")
	w.Tap("Correct") // goes on with the one begun
	w.Clock.Wind(settle)
	w.Tap("Lock answers")
	w.NoErrors()
	all := w.results()
	if len(all) != 1 || all[0].Replaces != first || *all[0].Scores["sum"] != 30 {
		t.Fatalf("%+v", all)
	}
	w.Tap("Delete")
	if w.tab.Reload(); len(w.results()) != 1 || w.results()[0].ID != first {
		t.Error("the first answers are gone")
	}
	w.Said.TakeBack()
	if w.results()[0].ID == first {
		t.Error("Undo did not bring the correction back")
	}
}

func TestARetakeTooSoonIsSaidBeforehand(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.taken("icp-18", clients.SlotA, 20, startA)
	w.taken("icp-18", clients.SlotB, 21, startB)
	w.begin()
	w.MustSay("The last time was 20 days ago")
	w.MustNotSay("The last time was 21 days ago")
}

func TestHowLongItTookIsCountedForWhoAnswersAlone(t *testing.T) {
	w := newWorld(t, "Mara", "")
	w.open(clients.CoachView)
	w.MustNotSay("Jonas")
	w.Tap("New quiz…")
	uitest.First[*kit.Choice[string]](w.App).SetValue("icp-18")
	for _, c := range uitest.Find[*kit.Choice[quizzes.Mode]](w.Roots()[0]) {
		c.SetValue(quizzes.OnScreenAlone)
	}
	w.Env.Dialogs.Confirm()
	w.Clock.Wind(settle)
	for _, r := range strings.ReplaceAll(startA, ",", "") {
		w.Type(string(r))
		w.Clock.Jump(2 * time.Second)
	}
	w.MustSay("For you: Very quick.")
	w.Tap("Lock answers")
	w.NoErrors()
	if got := w.results(); len(got) != 1 || got[0].Seconds != 34 || !got[0].KeyedBy.IsZero() {
		t.Errorf("%+v", got)
	}
}

func (w *world) count(text string) (n int) {
	for _, s := range w.Texts() {
		if s == text {
			n++
		}
	}
	return n
}

func TestEveryQuizCanBeEnteredAndSeen(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	for _, d := range quizzes.Shipped() {
		var codes []string
		for _, it := range d.Items {
			set, _ := d.ResponseSet(it.ResponseSet)
			codes = append(codes, fmt.Sprint(set.Max))
		}
		w.taken(d.ID, clients.SlotA, 40, strings.Join(codes, ","))
		w.taken(d.ID, clients.SlotA, 4, strings.Join(codes, ","))
	}
	w.open(clients.CoachView)
	w.NoErrors()
	for _, d := range quizzes.Shipped() {
		w.MustSay(d.Name)
	}
	w.open(clients.A)
	w.NoErrors()
}
