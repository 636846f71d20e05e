package todayui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

type world struct {
	*uitest.App
	*uitest.Book
	page  *Page
	store *shaky
}

// shaky is the real store, until a test takes reading away from it.
type shaky struct {
	SessionStore
	unread error
	reads  int
}

func (s *shaky) Today(ctx context.Context, aud clients.Audience, now time.Time) (sessions.Today, error) {
	s.reads++
	if s.unread != nil {
		return sessions.Today{}, s.unread
	}
	return s.SessionStore.Today(ctx, aud, now)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{App: uitest.NewApp(t)}
	w.Book = w.App.Book()
	w.store = &shaky{SessionStore: w.Sessions}
	w.page = NewPage(Deps{Env: w.Env, Stores: w.reads()})
	w.App.Show(w.page)
	return w
}

func (w *world) reads() Stores {
	return Stores{Sessions: w.store, Practices: w.Practices, Intake: w.Intake, Clients: w.Clients, Traces: w.Traces}
}

// What was read while the casebook was opened is shown without asking again, but only once
// and not when it is old.
func TestTheFirstReadingIsTheFirstPages(t *testing.T) {
	w := newWorld(t)
	first, err := w.reads().Read(t.Context(), w.page.audience(), w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	open := func() *Page {
		p := NewPage(Deps{Env: w.Env, Stores: w.reads(), First: first})
		w.App.Show(p)
		p.Open(kit.Route{Page: PageID})
		w.Settle()
		return p
	}
	w.store.reads = 0
	p := open()
	if w.store.reads != 0 || p.shown != first {
		t.Errorf("asked %d times though it had been read", w.store.reads)
	}
	p.Reload()
	w.Settle()
	if w.store.reads != 1 || p.shown == first {
		t.Errorf("a second look asked %d times", w.store.reads)
	}
	w.Clock.Jump(fresh)
	if p = open(); w.store.reads != 2 || p.shown == first {
		t.Errorf("an old reading was shown")
	}
}

func (w *world) open() {
	w.page.Open(kit.Route{Page: PageID})
	w.Settle()
}

func (w *world) session(couple ids.ID, in time.Duration, state sessions.State) ids.ID {
	w.T.Helper()
	id, err := w.Sessions.Create(context.Background(), sessions.Session{Couple: couple, Kind: sessions.JointSession, Start: w.Clock.Now().Add(in), Zone: "UTC", Minutes: 60, State: state})
	w.Must(err)
	return id
}

const daily = 24 * time.Hour

func TestAnEmptyDaySaysWhatItIsForAndBegins(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.MustSay("Sunday, 22 November 2026", "Your day stands here")
	w.Tap("New enquiry")
	if got := w.Nav.Last(); got.Page != "pipeline" {
		t.Errorf("%+v", got)
	}
	w.NoErrors()
}

func TestTheDayShowsWhatWaits(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	next, waits, begun := w.Couple("Mara", "Jonas"), w.Couple("Ines", "Tom"), w.Couple("Zoë", "")
	held := w.session(next, -8*daily, sessions.Held)
	n, err := w.Sessions.Start(ctx, w.Today(), sessions.NewNote{Session: held})
	w.Must(err)
	w.Must(w.Sessions.SaveRevision(ctx, n, map[string]string{"agreements": "Phones in the drawer\n- Friday walk", "note_both": "x"}))
	upcoming := w.session(next, 2*daily, sessions.Booked)
	written := w.session(waits, -3*time.Hour, sessions.Held)
	w.Must(w.Practices.Assign(ctx, practices.Assignment{
		ID: ids.New(), CoupleID: next, Practice: firstPractice(t), Target: practices.ToBoth, Cue: "after dinner", Size: "ten minutes",
		Cadence: practices.Cadence{Every: practices.EveryDay, Times: 1}, Starts: w.Today().On().Add(-10), State: practices.Active, Access: practices.ToBoth.DefaultAccess(),
	}))
	contact, err := w.Sessions.Start(ctx, w.Today(), sessions.NewNote{Couple: begun, Template: "brief-contact", About: clients.SlotA, At: w.Clock.Now(), Zone: "UTC"})
	w.Must(err)
	_, err = w.Sessions.SaveDraft(ctx, contact, "content", "half a sen")
	w.Must(err)
	_, err = w.Intake.Create(ctx, intake.Enquiry{A: clients.Person{Name: clients.Name{Given: "Petra"}}, Kind: clients.KindCouple, BookedBy: "a", Source: "friend", ReceivedAt: w.Clock.Now()})
	w.Must(err)
	w.open()
	w.NoErrors()
	w.MustSay("Next session", "Mara & Jonas", "Tuesday 24 November, 14:03", "Last agreed", "– Phones in the drawer", "– Friday walk", "Practices now",
		"Sessions without a note", "Ines & Tom", "Begun and not finished", "Zoë", "Nothing booked", "Practices that wait for a word", "Enquiries", "Petra", "to be answered")
	w.MustNotSay("half a sen")
	w.Tap("Write the note")
	if got, want := w.Nav.Last(), (kit.Route{Page: "couples", ID: waits.String(), Tab: "sessions", Lens: kit.LensCoach, Item: kit.WriteItem(written)}); got != want {
		t.Errorf("%+v", got)
	}
	w.Tap("Go on")
	if got := w.Nav.Last(); got.Item != kit.WriteItem(contact.ID) || got.ID != begun.String() {
		t.Errorf("%+v", got)
	}
	w.Tap("Open")
	if got := w.Nav.Last(); got.Item != upcoming.String() {
		t.Errorf("%+v", got)
	}
	for _, r := range w.Nav.Went {
		if s := r.String(); strings.Contains(s, "Ines") || strings.Contains(s, "Petra") {
			t.Errorf("a name stands in the route %s", s)
		}
	}
}

func firstPractice(t *testing.T) string {
	t.Helper()
	all, err := practices.All()
	if err != nil {
		t.Fatal(err)
	}
	return all[0].ID
}

func TestControlNWritesTheNoteOfTheSessionJustHeld(t *testing.T) {
	w := newWorld(t)
	c := Commands(w.page)[0]
	c.Run()
	if len(w.Nav.Went) != 0 || len(w.Said.Toasts) != 1 {
		t.Fatalf("with nothing to write: %v, %v", w.Nav.Went, w.Said.Toasts)
	}
	couple := w.Couple("Mara", "Jonas")
	w.session(couple, -5*time.Hour, sessions.Held)
	last := w.session(couple, -2*time.Hour, sessions.Held)
	c.Run()
	if got := w.Nav.Last(); got.Item != kit.WriteItem(last) || got.Lens != kit.LensCoach {
		t.Errorf("%+v", got)
	}
	running := w.session(couple, -30*time.Minute, sessions.Booked)
	w.session(couple, 2*time.Hour, sessions.Booked)
	c.Run()
	if got := w.Nav.Last(); got.Item != kit.WriteItem(running) {
		t.Errorf("the session that is going on: %+v", got)
	}
	w.NoErrors()
}

func TestNotesThatAreDueLockOnceADay(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.session(w.Couple("Mara", "Jonas"), -3*daily, sessions.Held)
	n, err := w.Sessions.Start(ctx, w.Today(), sessions.NewNote{Session: id})
	w.Must(err)
	w.Must(w.Sessions.SaveRevision(ctx, n, map[string]string{"note_both": "x"}))
	locked := func() bool {
		v, err := w.Sessions.Note(ctx, w.Today(), n.ID)
		w.Must(err)
		return v.Locked()
	}
	if w.open(); locked() {
		t.Fatal("locked too early")
	}
	w.Clock.Jump(8 * daily)
	if w.open(); !locked() {
		t.Error("the note did not lock although days went by with the window open")
	}
	w.NoErrors()
}

func TestADayThatCannotBeReadSaysSo(t *testing.T) {
	w := newWorld(t)
	w.store.unread = fault.New(fault.System, "The disk does not answer.", "Try again.")
	w.open()
	if len(w.Said.Errors) != 1 {
		t.Errorf("%v", w.Said.Errors)
	}
	w.MustSay("Your day could not be read just now. Nothing was lost.")
	w.store.unread = nil
	w.Tap("Try again")
	w.MustSay("Your day stands here")
}

func TestTheDayByKeyboard(t *testing.T) {
	w := newWorld(t)
	couple := w.Couple("Mara", "Jonas")
	w.session(couple, -2*time.Hour, sessions.Held)
	w.session(couple, daily, sessions.Booked)
	w.open()
	w.Window.Canvas().FocusNext()
	w.Key(fyne.KeyReturn)
	if got := w.Nav.Last().Item; !strings.HasPrefix(got, "write:") {
		t.Errorf("the first stop is %T, and goes to %q", w.Focused(), got)
	}
	w.Key(fyne.KeyTab, fyne.KeyReturn)
	if got := w.Nav.Last().Item; got == "" || strings.HasPrefix(got, "write:") {
		t.Errorf("the second stop goes to %q", got)
	}
}

func TestManyAndLongNamesStayInTheirCards(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		couple := w.Couple(fmt.Sprintf("%s %d", strings.Repeat("Maximiliana Cleopatra ", 5), i), "王晓梅")
		w.session(couple, -2*time.Hour, sessions.Held)
	}
	w.open()
	w.MustSay("and 35 more")
	if cut := uitest.Clipped(t, w.page); len(cut) > 0 {
		t.Errorf("clipped: %q", cut)
	}
	if got := w.page.MinSize().Width; got > 800 {
		t.Errorf("the page needs %v", got)
	}
	if w.store.reads != 1 {
		t.Errorf("read %d times", w.store.reads)
	}
	w.NoErrors()
}

func TestShotsOfToday(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	rail := kit.Sized(200, 0, kit.NewPanel(kit.ColorLine))
	w.App.Show(kit.Frame(nil, rail, w.page, nil, nil))
	w.open()
	w.Capture("today-empty")
	couples := []ids.ID{w.Couple("Mara", "Jonas"), w.Couple("Ines", "Tom"), w.Couple("Zoë", "王晓梅"), w.Couple("Aleksandra", "Maximilian")}
	held := w.session(couples[0], -8*daily, sessions.Held)
	n, err := w.Sessions.Start(ctx, w.Today(), sessions.NewNote{Session: held})
	w.Must(err)
	w.Must(w.Sessions.SaveRevision(ctx, n, map[string]string{"agreements": "Phones in the drawer at dinner\nA walk on Friday, without a plan"}))
	w.session(couples[0], 27*time.Hour, sessions.Booked)
	w.session(couples[2], 50*time.Hour, sessions.Booked)
	w.session(couples[1], -3*time.Hour, sessions.Held)
	w.session(couples[3], -27*time.Hour, sessions.Held)
	w.Must(w.Practices.Assign(ctx, practices.Assignment{
		ID: ids.New(), CoupleID: couples[0], Practice: firstPractice(t), Target: practices.ToBoth, Cue: "after dinner", Size: "ten minutes",
		Cadence: practices.Cadence{Every: practices.EveryDay, Times: 1}, Starts: w.Today().On().Add(-10), State: practices.Active, Access: practices.ToBoth.DefaultAccess(),
	}))
	contact, err := w.Sessions.Start(ctx, w.Today(), sessions.NewNote{Couple: couples[2], Template: "brief-contact", At: w.Clock.Now(), Zone: "UTC"})
	w.Must(err)
	_, err = w.Sessions.SaveDraft(ctx, contact, "content", "half a sentence")
	w.Must(err)
	_, err = w.Intake.Create(ctx, intake.Enquiry{A: clients.Person{Name: clients.Name{Given: "Petra"}}, Kind: clients.KindCouple, BookedBy: "a", Source: "friend", ReceivedAt: w.Clock.Now()})
	w.Must(err)
	w.open()
	w.Capture("today")
	w.NoErrors()
}

// A copy that nobody ticked off is asked about after so many days, and no more once it is.
func TestPV47TodayAsksAboutCopies(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.Must(w.Traces.Exported(ctx, traces.Export{Kind: traces.KindReport, Reader: "a", Name: "progress-A.pdf"}))
	w.Must(w.Traces.Exported(ctx, traces.Export{Kind: traces.KindCopy, Reader: "a"}))
	w.Clock.Wind(29 * 24 * time.Hour)
	w.page.Reload()
	w.MustNotSay("Copies outside the casebook")
	w.Clock.Wind(2 * 24 * time.Hour)
	w.page.Reload()
	w.MustSay("Copies outside the casebook", "1 file is not ticked off as deleted")
	l, err := w.Traces.Exports(ctx, w.page.audience(), traces.Filter{})
	w.Must(err)
	for _, c := range l {
		w.Must(w.Traces.SetDeleted(ctx, c.ID, "2026-12-20"))
	}
	w.page.Reload()
	w.MustNotSay("Copies outside the casebook")
	w.NoErrors()
}

// A reminder of a talk alone says the same after a stop as after any other (rule PV-31),
// and what was told alone comes up on its day.
func TestPV31WhatIsToBeLookedAtDoesNotTellAStop(t *testing.T) {
	w := newWorld(t)
	clear, stopped := w.Couple("Mara", "Jonas"), w.Couple("Ines", "Tom")
	w.Screen(stopped, clients.SlotA, clients.ScreenStop)
	n, err := w.Sessions.Start(context.Background(), w.Today(), sessions.NewNote{Couple: clear, Template: "individual-contact", About: clients.SlotA, At: w.Clock.Now(), Zone: "UTC"})
	w.Must(err)
	w.Must(w.Sessions.SaveRevision(context.Background(), n, map[string]string{"content": "SECRET"}))
	w.Must(w.Clients.SetPlan(context.Background(), clients.Plan{NoteID: n.ID, State: clients.PlanCoach, By: w.Today().On().Add(2)}))
	w.open()
	w.MustSay("look at the scope again")
	w.MustNotSay("something told alone", "a talk with each alone is due")
	w.Clock.Jump(190 * daily)
	w.open()
	if got := strings.Count(strings.Join(w.Texts(), "|"), "a talk with each alone is due"); got != 2 {
		t.Errorf("%d talks are due, want 2", got)
	}
	w.MustSay("something told alone is for you to say, by 24 November 2026")
	w.MustNotSay("SECRET", "stop", "hold")
	w.NoErrors()
}
