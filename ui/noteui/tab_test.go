package noteui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// world is a couple in a real casebook with the tab of sessions in a window.
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
	unread, unsaved, full error
	made                  []sessions.ShownIn
}

func (s *shaky) Shown(context.Context, clients.Audience, ids.ID) ([]sessions.ShownIn, error) {
	return s.made, nil
}

func (s *shaky) Sessions(ctx context.Context, aud clients.Audience, couple ids.ID) ([]sessions.SessionRow, error) {
	if s.unread != nil {
		return nil, s.unread
	}
	return s.Store.Sessions(ctx, aud, couple)
}

func (s *shaky) SaveRevision(ctx context.Context, n sessions.Note, texts map[string]string) error {
	if err := errors.Join(s.unsaved, s.full); err != nil {
		return err
	}
	return s.Store.SaveRevision(ctx, n, texts)
}

func (s *shaky) SaveDraft(ctx context.Context, n sessions.Note, key, body string) (time.Time, error) {
	if s.full != nil {
		return time.Time{}, s.full
	}
	return s.Store.SaveDraft(ctx, n, key, body)
}

// later is a Runner whose work is done when the test says so.
type later struct {
	kit.Inline
	waiting []func()
}

func (r *later) Run(work func(context.Context), done func()) {
	r.waiting = append(r.waiting, func() { r.Inline.Run(work, done) })
}

// catchUp does everything that waits.
func (r *later) catchUp() {
	for len(r.waiting) > 0 {
		next := r.waiting[0]
		r.waiting = r.waiting[1:]
		next()
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{App: uitest.NewApp(t)}
	w.Book = w.App.Book()
	w.couple = w.Couple("Mara", "Jonas")
	w.window()
	return w
}

// window makes the tab anew, as after a start of the program.
func (w *world) window() {
	w.store = &shaky{Store: w.Sessions}
	w.tab = newTab(Deps{Env: w.Env, Sessions: w.store, Releases: w.Clients, Zone: func() string { return "Europe/Berlin" }})
	w.App.Show(w.tab)
}

func (w *world) open(r clients.Reader, item string) {
	w.T.Helper()
	rec := w.Record(w.couple, r)
	rec.Item = item
	w.tab.Open(rec)
	w.Settle()
}

func (w *world) session(k sessions.Kind, s clients.Slot, daysAgo int, state sessions.State) ids.ID {
	w.T.Helper()
	id, err := w.Sessions.Create(context.Background(), sessions.Session{
		Couple: w.couple, Kind: k, Slot: s, Start: w.Clock.Now().AddDate(0, 0, -daysAgo).Add(-2 * time.Hour), Zone: "Europe/Berlin", Minutes: 60, State: state,
	})
	w.Must(err)
	return id
}

func (w *world) written(n sessions.NewNote, texts map[string]string) ids.ID {
	w.T.Helper()
	ctx := context.Background()
	if n.Session.IsZero() {
		n.Couple, n.At, n.Zone = w.couple, w.Clock.Now(), "Europe/Berlin"
	}
	note, err := w.Sessions.Start(ctx, w.Today(), n)
	w.Must(err)
	w.Must(w.Sessions.SaveRevision(ctx, note, texts))
	return note.ID
}

// rows are the titles and details of the list, also of rows outside the window.
func (w *world) rows() string {
	var all []string
	for _, e := range w.tab.rows {
		r := w.tab.row(e)
		all = append(all, r.Title+" | "+r.Detail+" | "+r.Cells[0].Text+" "+r.Cells[1].Text)
	}
	return strings.Join(all, "\n")
}

// focused is the text of the note editor that has the focus.
func (w *world) typeInto(label, text string) {
	w.T.Helper()
	for _, f := range w.tab.editor.fields {
		if w.tab.label(w.tab.editor.w.note.Template.ID, f.key, w.tab.editor.w.note.About) == label {
			w.Window.Canvas().Focus(f.edit.Focusable())
			w.Type(text)
			return
		}
	}
	w.T.Fatalf("no field %q", label)
}

func TestAnEmptyTabSaysWhatItIsForAndBegins(t *testing.T) {
	w := newWorld(t)
	w.open(clients.CoachView, "")
	w.MustSay("Sessions and what was written about them stand here.")
	w.Tap("New session…")
	w.MustSay("Starts at", "Mara", "Jonas", "Test coach")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.MustSay("1 · Joint session", "Mara · Jonas · Test coach")
	w.open(clients.Us, "")
	w.MustNotSay("New session…", "Write note")
}

func TestNumbersAndLinesAreThoseOfTheReader(t *testing.T) {
	w := newWorld(t)
	w.session(sessions.JointSession, "", 20, sessions.Held)
	w.session(sessions.IndividualSession, clients.SlotA, 15, sessions.Held)
	w.session(sessions.IndividualSession, clients.SlotB, 12, sessions.Held)
	w.session(sessions.JointSession, "", 10, sessions.NoShow)
	w.session(sessions.JointSession, "", 5, sessions.Held)
	w.session(sessions.JointSession, "", -5, sessions.Booked)
	titles := func(r clients.Reader) []string {
		w.open(r, "")
		var all []string
		for _, e := range w.tab.rows {
			all = append(all, w.tab.row(e).Title)
		}
		return all
	}
	for r, want := range map[clients.Reader][]string{
		clients.CoachView: {"Joint session", "4 · Joint session", "Joint session", "3 · Session with Jonas", "2 · Session with Mara", "1 · Joint session"},
		clients.Us:        {"Joint session", "2 · Joint session", "Joint session", "1 · Joint session"},
		clients.A:         {"Joint session", "3 · Joint session", "Joint session", "2 · Session with Mara", "1 · Joint session"},
		clients.B:         {"Joint session", "3 · Joint session", "Joint session", "2 · Session with Jonas", "1 · Joint session"},
	} {
		if got := titles(r); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", r, got, want)
		}
	}
	w.open(clients.CoachView, "")
	for _, want := range []string{"booked both", "did not come both"} {
		if !strings.Contains(w.rows(), want) {
			t.Errorf("no %q in\n%s", want, w.rows())
		}
	}
}

func TestEachLensReadsOnlyWhatIsItsOwn(t *testing.T) {
	w := newWorld(t)
	joint := w.session(sessions.JointSession, "", 3, sessions.Held)
	alone := w.session(sessions.IndividualSession, clients.SlotA, 2, sessions.Held)
	w.written(sessions.NewNote{Session: joint}, map[string]string{
		"agreements": "TOKENJOINT.", "note_a": "TOKENA.", "note_b": "TOKENB.", "reflection": "TOKENCOACH.", "safety": "TOKENSAFE.",
	})
	w.written(sessions.NewNote{Session: alone}, map[string]string{"note_own": "TOKENOWN.", "content": "TOKENTOLD."})
	w.written(sessions.NewNote{Template: "brief-contact"}, map[string]string{"content": "TOKENMAIL."})
	all := []string{"TOKENJOINT.", "TOKENA.", "TOKENB.", "TOKENCOACH.", "TOKENSAFE.", "TOKENOWN.", "TOKENTOLD.", "TOKENMAIL."}
	for r, sees := range map[clients.Reader][]string{
		clients.CoachView: all, clients.Us: {"TOKENJOINT."}, clients.A: {"TOKENJOINT.", "TOKENA.", "TOKENOWN."}, clients.B: {"TOKENJOINT.", "TOKENB."},
	} {
		w.tab.item = ids.Nil
		w.open(r, "")
		got := w.rows()
		items := []string{joint.String(), alone.String()}
		for _, e := range w.tab.rows {
			if e.note != nil {
				items = append(items, e.note.ID.String())
			}
		}
		for _, item := range items {
			w.tab.item = ids.Nil
			w.open(r, item)
			got += strings.Join(w.Texts(), "\n")
		}
		for _, token := range all {
			if is, may := strings.Contains(got, token), slices.Contains(sees, token); is != may {
				t.Errorf("%s reads %s: %v\n%s", r, token, is, got)
			}
		}
		if r != clients.CoachView {
			for _, word := range []string{"Who sees it", "locked", "History", "Lock now", "draft", "for coaches alone", "for both"} {
				if strings.Contains(got, word) {
					t.Errorf("%s is told %q", r, word)
				}
			}
		}
	}
	if w.open(clients.B, alone.String()); w.Says("Mara") || len(w.tab.rows) != 1 {
		t.Errorf("a session of A alone shows B something: %q", w.Texts())
	}
	w.NoErrors()
}

func TestAnotherLensShowsNothingOfTheOneBefore(t *testing.T) {
	w := newWorld(t)
	joint := w.session(sessions.JointSession, "", 3, sessions.Held)
	w.written(sessions.NewNote{Session: joint}, map[string]string{"reflection": "TOKENCOACH"})
	w.open(clients.CoachView, joint.String())
	w.MustSay("TOKENCOACH")
	w.Tap("History")
	w.MustSay("TOKENCOACH")
	w.store.unread = uitest.DiskFault
	w.tab.item = ids.Nil
	w.open(clients.B, "")
	w.MustNotSay("TOKENCOACH")
	if w.open(clients.CoachView, ""); len(w.Said.Errors) == 0 {
		t.Error("an error was not shown")
	}
	w.MustSay("could not be read", "Try again")
	w.store.unread = nil
	w.Tap("Try again")
	w.MustSay("1 · Joint session")
}

func TestAJointSessionOnHoldIsRefusedWithTheNeutralSentence(t *testing.T) {
	w := newWorld(t)
	w.Screen(w.couple, clients.SlotB, clients.ScreenStop)
	want := ""
	if err := w.Clients.MayBeginJoint(context.Background(), w.couple); err == nil {
		t.Fatal("joint work is not on hold")
	} else {
		want, _ = fault.Words(err)
	}
	w.open(clients.CoachView, "")
	w.Tap("New session…")
	w.Env.Dialogs.Confirm()
	if !w.Env.Dialogs.IsOpen() {
		t.Fatal("the form closed")
	}
	w.MustSay(want)
	for _, word := range []string{"safety", "screen", "stop", "Jonas told"} {
		if strings.Contains(strings.ToLower(want), word) {
			t.Errorf("the sentence says %q: %s", word, want)
		}
	}
	w.Env.Dialogs.Dismiss()
	if rows, err := w.Sessions.Sessions(context.Background(), w.Today(), w.couple); err != nil || len(rows) != 0 {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestDeletingASessionCanBeUndone(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 3, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_both": "We walked."})
	w.open(clients.CoachView, id.String())
	w.Tap("Delete the session")
	w.MustNotSay("We walked.")
	w.Said.TakeBack()
	w.Settle()
	w.MustSay("We walked.")
	w.NoErrors()
}

func TestUndoElsewhereStaysElsewhere(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 3, sessions.Held)
	w.open(clients.CoachView, id.String())
	w.Tap("Delete the session")
	w.tab.Leave()
	moves := len(w.Nav.Replaced)
	w.Said.TakeBack()
	if len(w.Nav.Replaced) != moves {
		t.Errorf("the place on another page was rewritten: %v", w.Nav.Replaced[moves:])
	}
	if v, err := w.Sessions.Session(context.Background(), w.Today(), id); err != nil || v.ID != id {
		t.Errorf("it did not come back: %v", err)
	}
}

func TestHeldInOneClickNotesWhoWasThere(t *testing.T) {
	w := newWorld(t)
	joint := w.session(sessions.JointSession, "", 1, sessions.Booked)
	own := w.session(sessions.IndividualSession, clients.SlotB, 2, sessions.Booked)
	for id, want := range map[ids.ID]string{joint: "Mara · Jonas · Test coach", own: "Jonas · Test coach"} {
		w.open(clients.CoachView, id.String())
		w.Tap("Held")
		w.MustSay(want)
	}
	w.NoErrors()
}

func TestWhatBecameOfABookedSessionIsOneClick(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Booked)
	w.open(clients.CoachView, id.String())
	w.MustSay("What became of it?")
	w.Tap("Did not come")
	w.MustNotSay("What became of it?")
	if v, err := w.Sessions.Session(context.Background(), w.Today(), id); err != nil || v.State != sessions.NoShow {
		t.Errorf("%s, %v", v.State, err)
	}
}

func TestTwoHundredSessionsCostTheRowsInView(t *testing.T) {
	w := newWorld(t)
	for i := range 200 {
		w.session(sessions.JointSession, "", i+1, sessions.Held)
	}
	w.open(clients.CoachView, "")
	w.MustSay("200 · Joint session")
	w.MustNotSay("100 · Joint session")
	w.Window.Canvas().Focus(w.tab.list.Focusable())
	w.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	w.MustSay("Write note")
	w.Tap("All sessions")
	w.MustSay("200 · Joint session")
	w.NoErrors()
}

// TestLargeTextDoesNotWidenTheWindow: beside rail and list about 700 are left of 1280.
func TestLargeTextDoesNotWidenTheWindow(t *testing.T) {
	w := newWorld(t)
	w.Settings().SetTheme(kit.NewTheme(kit.Light, kit.MaxScale))
	id := w.session(sessions.JointSession, "", 1, sessions.Booked)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_both": "We laughed.", "reflection": "Slow down."})
	for _, item := range []string{"", id.String(), kit.WriteItem(id)} {
		w.open(clients.CoachView, item)
		if got := w.tab.MinSize().Width; got > 700 {
			t.Errorf("%q wants %v", item, got)
		}
	}
}

func TestLongNamesAreCutNowhereElse(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("Maximiliana Cleopatra ", 6)
	w.couple = w.Couple(long, "王晓梅")
	id := w.session(sessions.IndividualSession, clients.SlotA, 3, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"content": strings.Repeat("A long evening by the lake. ", 200)})
	w.open(clients.CoachView, id.String())
	w.MustSay("Session with Maximiliana")
	w.open(clients.CoachView, "")
	if cut := uitest.Clipped(t, w.tab); len(cut) > 0 {
		t.Errorf("clipped: %q", cut)
	}
	w.NoErrors()
}
