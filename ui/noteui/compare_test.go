package noteui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

const (
	begun = "They came late.\n\nHe spoke first.\n\nNext: the letter."
	mine  = "They came early.\n\nHe spoke first.\n\nNext: the letter."
	his   = "They came late.\n\nHe spoke first.\n\nNext: the long letter."
	both  = "They came early.\n\nHe spoke first.\n\nNext: the long letter."
)

// twice is a session whose joint text two coaches changed at the same time, on two
// computers that are in step again; Ben's casebook is the other.
func (w *world) twice(key, begun, mine, his string) (session, note ids.ID, ben *uitest.Book) {
	w.T.Helper()
	session = w.session(sessions.JointSession, "", 1, sessions.Held)
	note = w.written(sessions.NewNote{Session: session}, map[string]string{key: begun})
	ben = w.Elsewhere("Ben")
	w.saves(w.Book, note, key, mine)
	w.saves(ben, note, key, his)
	w.InStep()
	return session, note, ben
}

// saves lets somebody write a text of a note on their computer.
func (w *world) saves(b *uitest.Book, note ids.ID, key, body string) {
	w.T.Helper()
	w.Clock.Jump(time.Minute)
	n, err := b.Sessions.Edit(context.Background(), w.Today(), note)
	w.Must(err)
	w.Must(b.Sessions.SaveRevision(context.Background(), n, map[string]string{key: body}))
}

// says is what a text of a note says in a casebook.
func (w *world) says(b *uitest.Book, note ids.ID, key string) string {
	w.T.Helper()
	n, err := b.Sessions.Edit(context.Background(), w.Today(), note)
	w.Must(err)
	f, _ := n.Field(key)
	return f.Saved
}

func TestWhatTwoWroteAtTheSameTimeStandsSideBySide(t *testing.T) {
	w := newWorld(t)
	session, note, ben := w.twice("note_both", begun, mine, his)
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		w.open(r, session.String())
		w.MustSay("Next: the long letter.")
		w.MustNotSay("at the same time", "early")
	}
	w.open(clients.CoachView, session.String())
	w.MustSay("Ben and Test coach wrote this at the same time.")
	w.Tap("Look at both…")
	w.NoErrors()
	w.MustSay("“Shared note for both”, written twice", "Ben", "desk", "Test coach", "this computer", "Keep the left one", "Keep the right one", "They came", "the long letter.")
	if under, struck := styled(w.tab.past.(*comparison).scroll); under != "late|early|long |" || struck != "" {
		t.Errorf("marked is %q %q", under, struck)
	}
	w.Tap("Both changes in one text…")
	w.MustSay("They came early.", "Next: the long letter.")
	if w.says(w.Book, note, "note_both") != his {
		t.Error("the offer was taken before anybody took it")
	}
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.Settle()
	w.MustNotSay("at the same time")
	w.MustSay("They came early.", "Next: the long letter.")
	w.InStep()
	if a, b := w.says(w.Book, note, "note_both"), w.says(ben, note, "note_both"); a != both || b != both {
		t.Errorf("here %q, there %q", a, b)
	}
	all, err := ben.Sessions.History(context.Background(), w.Today(), note)
	w.Must(err)
	if len(all) != 4 {
		t.Errorf("%d revisions in Ben's history", len(all))
	}
}

func TestEitherVersionIsKeptAndBothOneAfterTheOther(t *testing.T) {
	for _, c := range []struct {
		tap, want string
		shown     bool // before it is taken
	}{
		{"Keep the left one", "His evening.", false},
		{"Keep the right one", "My evening.", false},
		{"Both, one after the other…", "His evening.\n\nMy evening.", true},
	} {
		t.Run(c.tap, func(t *testing.T) {
			w := newWorld(t)
			session, note, _ := w.twice("note_both", "An evening.", "My evening.", "His evening.")
			w.open(clients.CoachView, session.String())
			w.Tap("Look at both…")
			w.MustNotSay("Both changes in one text…")
			w.MustSay("only you can make one text of them")
			w.Tap("Back to the note")
			w.Tap("Look at both…")
			w.Tap(c.tap)
			if c.shown {
				w.Env.Dialogs.Confirm()
			}
			w.NoErrors()
			w.MustNotSay("at the same time", "Keep the left one")
			if got := w.says(w.Book, note, "note_both"); got != c.want {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestThreeVersionsAreComparedTwoAtATime(t *testing.T) {
	w := newWorld(t)
	session := w.session(sessions.JointSession, "", 1, sessions.Held)
	note := w.written(sessions.NewNote{Session: session}, map[string]string{"note_both": "An evening."})
	ben, carl := w.Elsewhere("Ben"), w.Elsewhere("Carl")
	w.saves(w.Book, note, "note_both", "My evening.")
	w.saves(ben, note, "note_both", "Ben's evening.")
	w.saves(carl, note, "note_both", "Carl's evening.")
	w.InStep()
	w.open(clients.CoachView, session.String())
	w.MustSay("Ben, Carl, Test coach wrote this at the same time.")
	w.Tap("Look at both…")
	w.MustSay("3 versions; at the right:", "Carl's", "Ben's")
	w.tab.compare(w.tab.past.(*comparison).of, w.tab.past.(*comparison).both.Versions[2].ID)
	w.Settle()
	w.MustSay("Carl's", "My")
	w.Tap("Keep the right one")
	w.NoErrors()
	w.MustSay("Ben and Test coach wrote this at the same time.", "My evening.")
	w.Tap("Look at both…")
	w.Tap("Keep the left one")
	w.NoErrors()
	w.MustNotSay("at the same time")
	w.InStep()
	if got := w.says(carl, note, "note_both"); got != "My evening." {
		t.Errorf("Carl reads %q", got)
	}
}

func TestAnOpenNoteIsNotWrittenOver(t *testing.T) {
	w := newWorld(t)
	session := w.session(sessions.JointSession, "", 1, sessions.Held)
	note := w.written(sessions.NewNote{Session: session}, map[string]string{"note_both": begun, "agreements": "Phones away"})
	ben := w.Elsewhere("Ben")
	w.open(clients.CoachView, session.String())
	w.Tap("Edit")
	w.typeInto("Shared note for both", "I say: ")
	w.Clock.Wind(2 * time.Second)
	w.saves(ben, note, "note_both", his)
	w.saves(ben, note, "agreements", "Phones away\nA walk on Friday")
	w.InStep()
	w.tab.Reload() // as the window does after every commit
	w.Settle()
	w.NoErrors()
	w.MustSay("Ben wrote here meanwhile", "You changed nothing in it.", "Ben wrote here, too, at", "What you type stays.")
	w.Tap("Show the new text")
	texts := w.tab.editor.texts()
	if texts["agreements"] != "Phones away\nA walk on Friday" || !strings.HasPrefix(texts["note_both"], "I say: ") {
		t.Errorf("%q", texts)
	}
	w.MustNotSay("You changed nothing in it.")
	w.Tap("Look at both…")
	w.NoErrors()
	w.MustSay("Keep the left one", "I say:")
	w.Tap("Back to the note")
	w.Tap("Look at both…")
	w.Tap("Both changes in one text…")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	want := "I say: They came late.\n\nHe spoke first.\n\nNext: the long letter."
	if got := w.tab.editor.texts()["note_both"]; got != want {
		t.Errorf("the editor shows %q", got)
	}
	w.typeInto("Shared note for both", "Well, ")
	w.Tap("Done")
	w.NoErrors()
	w.InStep()
	if a, b := w.says(ben, note, "note_both"), w.says(ben, note, "agreements"); !strings.Contains(a, "Well, ") || !strings.Contains(a, "long letter") || b != "Phones away\nA walk on Friday" {
		t.Errorf("Ben reads %q and %q", a, b)
	}
	w.MustNotSay("at the same time")
}

func TestWhatIsWrittenInANoteThatIsLockedElsewhereIsAdded(t *testing.T) {
	w := newWorld(t)
	session := w.session(sessions.JointSession, "", 1, sessions.Held)
	note := w.written(sessions.NewNote{Session: session}, map[string]string{"note_both": begun})
	ben := w.Elsewhere("Ben")
	w.open(clients.CoachView, session.String())
	w.Tap("Edit")
	w.Must(ben.Sessions.LockNote(context.Background(), note))
	w.InStep()
	w.tab.Reload()
	w.Settle()
	w.MustSay("locked on another computer meanwhile")
	w.typeInto("Shared note for both", "I add: ")
	w.Clock.Wind(kit.Rest + time.Minute)
	w.NoErrors()
	w.Tap("Done")
	w.NoErrors()
	w.MustSay("They came late.", "I add: They came late.", "Added on")
	w.InStep()
	v, err := ben.Sessions.Note(context.Background(), w.Today(), note)
	w.Must(err)
	if len(v.Addenda) != 1 || v.Addenda[0].Field != "note_both" || v.Addenda[0].Access.Visibility != clients.Joint {
		t.Errorf("%+v", v.Addenda)
	}
}

func TestLongVersionsAreShownInGoes(t *testing.T) {
	a := uitest.NewApp(t)
	parts := edited(5000, 50)
	c := newComparison(newTab(Deps{Env: a.Env}), compared{}, sessions.Comparison{Beside: sessions.Beside{Versions: make([]sessions.Version, 2)}})
	a.Show(c)
	c.more(parts, 0)
	shown := func() int { return len(uitest.Find[*widget.RichText](c.shown)) / 2 }
	if first := shown(); first < 1 || first >= len(parts) {
		t.Errorf("%d of %d parts at once", first, len(parts))
	}
	a.Clock.Wind(time.Minute)
	if got := shown(); got != len(parts) {
		t.Errorf("%d shown of %d parts", got, len(parts))
	}
	var left, right fyne.CanvasObject
	for _, row := range c.shown.Objects {
		o := row.(*fyne.Container).Objects[0].(*fyne.Container)
		left, right = o.Objects[0], o.Objects[1]
	}
	if left.Position().Y != right.Position().Y {
		t.Error("the two sides of a paragraph do not stand on one level")
	}
}

// TestShotsOfVersions draws what two wrote at the same time; look at the pictures.
func TestShotsOfVersions(t *testing.T) {
	w := newWorld(t)
	long := begun + "\n\nShe said that the evenings are the worst of it, and he looked out of the window for a while.\n\nWhat helps: a word before the door closes. What does not: the phone on the table."
	session, note, ben := w.twice("note_both", long, strings.Replace(long, "late", "early, and laughed about it", 1)+"\n\nThe letter waits in the drawer until they are both ready for it.", strings.Replace(long, "first", "first, for the first time", 1))
	w.open(clients.CoachView, session.String())
	w.Capture("versions-banner")
	w.Tap("Look at both…")
	w.Capture("versions")
	w.Tap("Both changes in one text…")
	w.Capture("versions-offer")
	w.Env.Dialogs.Dismiss()
	w.Tap("Back to the note")
	w.Tap("Edit")
	w.typeInto("Shared note for both", "I say: ")
	w.Clock.Wind(2 * time.Second)
	w.saves(ben, note, "agreements", "Phones away")
	w.InStep()
	w.tab.Reload()
	w.Capture("versions-editor")
	w.NoErrors()
}

func TestWhatCameBackFromTheBinIsMarked(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	session := w.session(sessions.JointSession, "", 1, sessions.Held)
	other := w.session(sessions.JointSession, "", 8, sessions.Held)
	contact := w.written(sessions.NewNote{Template: "brief-contact"}, map[string]string{"content": "Jonas asks to move Thursday."})
	ben := w.Elsewhere("Ben")
	w.Must(w.Sessions.Delete(ctx, session))
	w.Must(w.Sessions.DeleteNote(ctx, contact))
	w.Must(w.Sessions.Delete(ctx, other))
	w.Must(w.Sessions.Restore(ctx, other))
	w.Clock.Jump(time.Minute)
	w.Must(ben.Sessions.Update(ctx, session, func(x *sessions.Session) error { x.Place = "Room 2"; return nil }))
	w.saves(ben, contact, "content", "Jonas asks to move Thursday to six.")
	w.InStep()
	w.open(clients.CoachView, "")
	if got := strings.Count(w.rows(), "came back from the recycle bin"); got != 2 {
		t.Errorf("%d are marked:\n%s", got, w.rows())
	}
	w.open(clients.Us, "")
	if strings.Contains(w.rows(), "came back") {
		t.Error("clients are told")
	}
	for _, item := range []ids.ID{session, contact} {
		w.open(clients.CoachView, item.String())
		w.MustSay("deleted on one computer and changed on another")
		w.Tap("Keep it")
		w.NoErrors()
		w.MustNotSay("deleted on one computer")
	}
	w.InStep()
	for _, b := range []*uitest.Book{w.Book, ben} {
		n, err := b.Sessions.Note(ctx, w.Today(), contact)
		w.Must(err)
		s, err := b.Sessions.Session(ctx, w.Today(), session)
		w.Must(err)
		if n.Back || s.Back || s.Place != "Room 2" {
			t.Errorf("marked still: %v %v", n.Back, s.Back)
		}
	}
}

// TestANoteWhoseShownVersionIsEmptyIsFoundByItsOther: the lists say that there are two, the
// note can be opened, and what the other version says is one step away.
func TestANoteWhoseShownVersionIsEmptyIsFoundByItsOther(t *testing.T) {
	w := newWorld(t)
	contact := w.written(sessions.NewNote{Template: "brief-contact"}, map[string]string{"content": begun})
	session := w.session(sessions.JointSession, "", 1, sessions.Held)
	note := w.written(sessions.NewNote{Session: session}, map[string]string{"note_both": begun})
	plain := w.written(sessions.NewNote{Session: w.session(sessions.JointSession, "", 8, sessions.Held)}, map[string]string{"note_both": begun})
	w.saves(w.Book, plain, "note_both", mine)
	ben := w.Elsewhere("Ben")
	w.saves(w.Book, note, "note_both", mine)
	w.saves(w.Book, contact, "content", mine)
	w.saves(ben, note, "note_both", "")
	w.saves(ben, contact, "content", "")
	w.InStep()
	if got := w.says(w.Book, note, "note_both"); got != "" {
		t.Fatalf("what is shown is %q", got)
	}
	w.open(clients.CoachView, "")
	if got := strings.Count(w.rows(), "two versions"); got != 2 {
		t.Errorf("%d are marked:\n%s", got, w.rows())
	}
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		w.open(r, "")
		if strings.Contains(w.rows(), "two versions") {
			t.Errorf("%s is told", r)
		}
	}
	for _, item := range []ids.ID{session, contact} {
		w.open(clients.CoachView, item.String())
		w.MustSay("two versions", "wrote this at the same time")
		w.Tap("Look at both…")
		w.MustSay("They came early.")
		w.NoErrors()
	}
	// One that was emptied knowingly says nothing any more.
	w.saves(w.Book, plain, "note_both", "")
	w.open(clients.CoachView, "")
	if got := strings.Count(w.rows(), "two versions"); got != 2 {
		t.Errorf("%d are marked:\n%s", got, w.rows())
	}
}
