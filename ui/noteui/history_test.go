package noteui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// styled are the words shown underlined and struck through.
func styled(root fyne.CanvasObject) (under, struck string) {
	for _, rt := range uitest.Find[*widget.RichText](root) {
		for _, s := range rt.Segments {
			if seg, ok := s.(*widget.TextSegment); ok {
				if seg.Style.TextStyle.Underline {
					under += seg.Text + "|"
				}
				if seg.Style.TextStyle.Strikethrough {
					struck += seg.Text + "|"
				}
			}
		}
	}
	return under, struck
}

func (w *world) revised(session ids.ID, texts ...string) ids.ID {
	w.T.Helper()
	var id ids.ID
	for _, s := range texts {
		id = w.written(sessions.NewNote{Session: session}, map[string]string{"note_both": s})
		w.Clock.Jump(1)
	}
	return id
}

func TestHistoryShowsWordByWordWhatChanged(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.revised(id, "They talk every evening.", "They talk every quiet evening.", "They sing every quiet evening.")
	w.open(clients.CoachView, id.String())
	w.Tap("History")
	w.NoErrors()
	h := w.tab.past.(*history)
	if len(h.revisions) != 3 {
		t.Fatalf("%d revisions", len(h.revisions))
	}
	w.MustSay("Test coach", "Shared note for both", "added", "taken out")
	if under, struck := styled(h.scroll); under != "sing |" || struck != "talk |" {
		t.Errorf("added %q, taken out %q", under, struck)
	}
	w.Window.Canvas().Focus(h.list.Focusable())
	w.Key(fyne.KeyDown, fyne.KeyReturn)
	if under, struck := styled(h.scroll); under != "quiet |" || struck != "" {
		t.Errorf("added %q, taken out %q", under, struck)
	}
	w.Tap("Back to the note")
	w.MustSay("They sing every quiet evening.", "Edit")
}

func TestALongTextIsComparedByParagraphs(t *testing.T) {
	var before []string
	for i := range 100 {
		before = append(before, fmt.Sprintf("Paragraph %d of some fifty words. %s", i, strings.Repeat("word ", 45)))
	}
	after := append([]string(nil), before...)
	after[40] = strings.Replace(after[40], "some", "nearly", 1)
	parts := paragraphs(sessions.Diff(strings.Join(before, "\n\n"), strings.Join(after, "\n\n")))
	if len(parts) != 100 {
		t.Fatalf("%d paragraphs", len(parts))
	}
	var shown []int
	for i := 0; i < len(parts); {
		if n := unchanged(parts, i); n > 0 {
			i += n
			continue
		}
		shown = append(shown, i)
		i++
	}
	if fmt.Sprint(shown) != "[39 40 41]" {
		t.Errorf("%v", shown)
	}
	var whole strings.Builder
	for _, p := range parts {
		for _, r := range p {
			if r.Change != sessions.Deleted {
				whole.WriteString(r.Text)
			}
		}
	}
	if got, want := whole.String(), strings.Join(after, ""); got != want {
		t.Error("words were lost between paragraphs")
	}
}

func TestWideningShowsWhatOpensAndNeedsTheRelease(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	w.written(sessions.NewNote{Session: id}, map[string]string{"note_a": "Her mother's letters."})
	w.open(clients.CoachView, id.String())
	n := w.note(id)
	w.Tap("Who sees it…")
	w.MustSay("Her mother's letters.", "It stays as it is: for Mara.")
	choice := uitest.First[*kit.Choice[clients.Visibility]](w.App)
	choice.SetSelected("For both")
	w.MustSay("From now on the whole text below is for both")
	w.Env.Dialogs.Confirm()
	if !w.Env.Dialogs.IsOpen() {
		t.Fatal("what is Mara's own was opened without her release")
	}
	_, err := w.Sessions.SetVisibility(context.Background(), n.Fields[0].ID, clients.Joint, "")
	sentence, _ := fault.Words(err)
	w.MustSay(sentence)
	choice.SetSelected("For coaches alone")
	w.MustSay("What was printed or sent before stays")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.open(clients.A, "")
	w.MustNotSay("Her mother's letters.")
	w.Said.TakeBack()
	w.Settle()
	w.MustSay("Her mother's letters.")
	_, err = w.Clients.GiveRelease(context.Background(), clients.Release{
		CoupleID: w.couple, Partner: clients.SlotA, ItemID: n.Fields[0].ID, State: "given", GivenOn: w.Today().On(), Way: "in session",
	})
	w.Must(err)
	w.open(clients.CoachView, "")
	w.Tap("Who sees it…")
	uitest.First[*kit.Choice[clients.Visibility]](w.App).SetSelected("For both")
	w.Env.Dialogs.Confirm()
	w.NoErrors()
	w.open(clients.B, "")
	w.MustSay("Her mother's letters.")
}

// BenchmarkHistoryStep is what the drawing thread does at most in one go for a text of
// which every tenth word changed, in one paragraph and in fifty: ten times the words are
// more goes, not longer ones.
func BenchmarkHistoryStep(b *testing.B) {
	for _, words := range []int{500, 5000} {
		for _, n := range []int{1, 50} {
			b.Run(fmt.Sprintf("%d words/%d paragraphs", words, n), func(b *testing.B) {
				a := uitest.NewApp(b)
				parts := edited(words, n)
				h := newHistory(newTab(Deps{Env: a.Env}), sessions.NoteView{}, []sessions.Revision{{}})
				a.Show(h)
				var longest time.Duration
				goes := 0
				for b.Loop() {
					goes = 0
					h.shown.Objects = nil
					for i := 0; i == 0 || a.Clock.Waiting() > 0; i++ {
						from := time.Now()
						if i == 0 {
							h.more(parts, 0)
						} else {
							a.Clock.Wind(frame)
						}
						h.shown.Resize(h.shown.MinSize())
						longest = max(longest, time.Since(from))
						goes++
					}
				}
				b.ReportMetric(float64(longest.Milliseconds()), "ms/longest")
				b.ReportMetric(float64(goes), "goes")
			})
		}
	}
}

// edited is a text of so many words in so many paragraphs, every tenth word another.
func edited(words, n int) []paragraph {
	var before, after strings.Builder
	for i := range words {
		end := " "
		if i%(words/n) == words/n-1 {
			end = "\n"
		}
		fmt.Fprintf(&before, "word%d%s", i, end)
		if i%10 == 0 {
			fmt.Fprintf(&after, "other%d%s", i, end)
		} else {
			fmt.Fprintf(&after, "word%d%s", i, end)
		}
	}
	return paragraphs(sessions.Diff(before.String(), after.String()))
}

// TestALongHistoryIsShownInGoes: the first go is short, all of it comes, and a very long
// paragraph goes on in a new one without losing a letter.
func TestALongHistoryIsShownInGoes(t *testing.T) {
	a := uitest.NewApp(t)
	for _, n := range []int{1, 50} {
		parts := edited(5000, n)
		h := newHistory(newTab(Deps{Env: a.Env}), sessions.NoteView{}, []sessions.Revision{{}})
		a.Show(h)
		h.show(change{parts: parts})
		shown := func() int { return len(uitest.Find[*widget.RichText](h.shown)) - 1 } // the first says what it is
		if first := shown(); first < 1 || first >= len(parts) {
			t.Errorf("%d of %d parts at once", first, len(parts))
		}
		a.Clock.Wind(time.Minute)
		if got := shown(); got != len(parts) {
			t.Errorf("%d shown of %d parts", got, len(parts))
		}
		var whole strings.Builder
		for _, p := range parts {
			if p.length() > 4*piece {
				t.Errorf("a part of %d bytes", p.length())
			}
			for _, r := range p {
				if r.Change != sessions.Deleted {
					whole.WriteString(r.Text)
				}
			}
		}
		if got := strings.Count(whole.String(), "word") + strings.Count(whole.String(), "other"); got != 5000 {
			t.Errorf("%d words are shown", got)
		}
		h.show(change{parts: parts})
		h.stop()
		if a.Clock.Waiting() != 0 {
			t.Error("it goes on after it was left")
		}
	}
}

func TestAnEarlierTextIsBroughtBack(t *testing.T) {
	w := newWorld(t)
	id := w.session(sessions.JointSession, "", 1, sessions.Held)
	note := w.revised(id, "They talk every evening.", "They sing.")
	n, err := w.Sessions.Edit(context.Background(), w.Today(), note)
	w.Must(err)
	_, err = w.Sessions.SaveDraft(context.Background(), n, "note_both", "They sing and")
	w.Must(err)
	w.open(clients.CoachView, id.String())
	w.Tap("History")
	w.MustNotSay("Bring this text back") // it is the text of now
	h := w.tab.past.(*history)
	h.open(1)
	w.Settle()
	w.Tap("Bring this text back")
	w.NoErrors()
	if w.tab.past != nil {
		t.Error("the history stays in front of the note")
	}
	all, err := w.Sessions.History(context.Background(), w.Today(), note)
	w.Must(err)
	var said []string
	for _, r := range all {
		said = append(said, r.Body)
	}
	if got := strings.Join(said, "|"); !strings.HasPrefix(got, "They talk every evening.") || !strings.Contains(got, "They sing and") || len(all) != 4 {
		t.Errorf("the history is %s", got)
	}
}
