package reportui

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// world is a couple in a real casebook with the tab of reports in a window.
type world struct {
	*uitest.App
	*uitest.Book
	couple ids.ID
	tab    *tab
	store  *shaky
	drawn  [][]byte
	shared int // how often the screen-share mode was turned on
}

// shaky is the real store, until a test takes something away from it.
type shaky struct {
	Store
	unread error
	full   error // there is no room to write
}

func (s *shaky) KeepLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error {
	return cmp.Or(s.full, s.Store.KeepLetter(ctx, couple, to, body))
}

func (s *shaky) SaveLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error {
	return cmp.Or(s.full, s.Store.SaveLetter(ctx, couple, to, body))
}

func (s *shaky) Build(ctx context.Context, r reports.Request) (reports.Report, error) {
	if s.unread != nil {
		return reports.Report{}, s.unread
	}
	return s.Store.Build(ctx, r)
}

func newWorld(t *testing.T, a, b string) *world {
	t.Helper()
	return newWorldOn(t, a, b, nil)
}

// newWorldOn is a world whose tab works on a runner of the test's own.
func newWorldOn(t *testing.T, a, b string, run kit.Runner) *world {
	t.Helper()
	w := &world{App: uitest.NewApp(t)}
	w.Book = w.App.Book()
	w.couple = w.Couple(a, b)
	w.window(run)
	return w
}

// window shows the tab, as after the program began.
func (w *world) window(run kit.Runner) {
	w.T.Helper()
	w.store = &shaky{Store: w.Reports}
	env := w.Env
	if run != nil {
		env.Runner = run
	}
	w.tab = newTab(Deps{
		Env: env, Reports: w.store, Releases: w.Clients, Render: pdf.Render, Done: func() {}, Share: func(bool) { w.shared++ },
		Draw: func(file []byte, _, width int) (image.Image, int, error) {
			w.drawn = append(w.drawn, file)
			return image.NewRGBA(image.Rect(0, 0, width, width)), bytes.Count(file, []byte("<</Type /Page\n")), nil
		},
	})
	w.App.Show(kit.Frame(nil, kit.Sized(320, 0, kit.NewPanel(kit.ColorLine)), w.tab, nil, nil)) // beside the list, as in the window
}

func (w *world) open(r clients.Reader) {
	w.T.Helper()
	w.tab.Open(w.Record(w.couple, r))
	w.Settle()
}

// saved saves what is shown and returns the file.
func (w *world) saved(name string) []byte {
	w.T.Helper()
	w.Files.Path = filepath.Join(w.T.TempDir(), name)
	w.Tap("Save the PDF…")
	b, err := os.ReadFile(w.Files.Path)
	w.Must(err)
	return b
}

func (w *world) letter(to clients.Reader, body string) {
	w.T.Helper()
	w.Must(w.Reports.SaveLetter(context.Background(), w.couple, to, body))
}

// took is a profile answered by one partner.
func (w *world) took(s clients.Slot, answers string, daysAgo int) ids.ID {
	w.T.Helper()
	ctx := context.Background()
	d, err := quizzes.ByID("icp-18")
	w.Must(err)
	a := quizzes.NewAdministration(d, w.couple, w.Header(w.couple, clients.CoachView).Partner(s).PersonID, w.Clock.Now().AddDate(0, 0, -daysAgo), "Europe/Berlin", quizzes.OnScreenAlone)
	a.Answers, err = quizzes.ParseAnswers(d, answers)
	w.Must(err)
	w.Must(w.Quizzes.Save(ctx, &a))
	w.Must(w.Quizzes.Lock(ctx, &a))
	return a.ID
}

func (w *world) release(s clients.Slot, item ids.ID) {
	w.T.Helper()
	_, err := w.Clients.GiveRelease(context.Background(), clients.Release{CoupleID: w.couple, Partner: s, ItemID: item, State: clients.StateGiven, GivenOn: w.Today().On(), Way: "said"})
	w.Must(err)
}

func TestANewRecordHasAReportForEachReader(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.MustSay("Progress report", "Both", "Mara", "Jonas", "Coach", "Leak check: nothing in it belongs to somebody else.", "1 page, as it will be saved")
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B, clients.CoachView} {
		w.tab.choose(r)
		if w.tab.current.report.Request.Reader != r || w.tab.save.Disabled() {
			t.Errorf("%s: not ready", r)
		}
	}
	w.MustNotSay("Your letter") // the coach gets none
}

func TestALensOffersOnlyItsOwnReader(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	for r, others := range map[clients.Reader]string{clients.A: "Jonas", clients.B: "Mara", clients.Us: "Coach"} {
		w.open(r)
		if w.tab.current.report.Request.Reader != r {
			t.Errorf("lens %s shows the report for %s", r, w.tab.current.report.Request.Reader)
		}
		for _, s := range uitest.Texts(w.tab.readers) {
			if s == others {
				t.Errorf("lens %s offers %s", r, s)
			}
		}
	}
}

func TestASingleClientHasNoReportForTwo(t *testing.T) {
	w := newWorld(t, "Mara", "")
	w.open(clients.CoachView)
	for _, s := range uitest.Texts(w.tab.readers) {
		if s == "Both" {
			t.Error("a report for both is offered")
		}
	}
	if w.tab.current.report.Request.Reader != clients.A {
		t.Error("the client's own report is not shown")
	}
}

func TestAFailedReadSavesNothing(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.store.unread = uitest.DiskFault
	w.open(clients.CoachView)
	w.MustSay("There is no report to show.")
	if len(w.Said.Errors) != 1 || !w.tab.save.Disabled() {
		t.Fatalf("errors %v", w.Said.Errors)
	}
	w.store.unread = nil
	w.tab.Reload()
	if w.tab.save.Disabled() {
		t.Error("after the disk answered, nothing can be saved")
	}
}

// A pause and a stop look the same: one sentence, no letter, nothing to save; the other
// readers' reports are still made.
func TestARefusedJointReport(t *testing.T) {
	var said []string
	for _, stop := range []bool{false, true} {
		w := newWorld(t, "Mara", "Jonas")
		w.letter(clients.Us, "For the two of you.")
		if stop {
			w.Screen(w.couple, clients.SlotB, clients.ScreenStop)
		} else {
			w.Must(w.Clients.PauseEngagement(context.Background(), w.Header(w.couple, clients.CoachView).Engagement.ID, true))
		}
		w.open(clients.CoachView)
		w.MustNotSay("Your letter", "Leak check")
		if len(w.Said.Errors) != 1 || !w.tab.save.Disabled() {
			t.Fatalf("errors %v", w.Said.Errors)
		}
		sentence, hint := fault.Words(w.Said.Errors[0])
		said = append(said, sentence+hint+strings.Join(uitest.Texts(w.tab), "|"))
		for _, r := range []clients.Reader{clients.A, clients.B, clients.CoachView} {
			w.tab.choose(r)
			if w.tab.save.Disabled() {
				t.Errorf("stop %v: no report for %s", stop, r)
			}
		}
	}
	if said[0] != said[1] {
		t.Errorf("%q is not %q", said[0], said[1])
	}
}

func TestTheSavedFileIsTheOneLookedAt(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.tab.choose(clients.A)
	file := w.saved("a.pdf")
	if !bytes.Equal(file, w.drawn[len(w.drawn)-1]) || !bytes.HasPrefix(file, []byte("%PDF-")) {
		t.Error("another file was saved than shown")
	}
	if len(w.Said.Toasts) != 1 {
		t.Errorf("said %v, errors %v", w.Said.Toasts, w.Said.Errors)
	}
	made, err := w.Reports.History(context.Background(), w.Today(), w.couple)
	if err != nil || len(made) != 1 || made[0].Reader != clients.A {
		t.Fatalf("history %+v (%v)", made, err)
	}
	w.MustSay("Saved before")
}

// What changed after the pages were drawn is not saved unseen: a release taken back, a
// letter written elsewhere.
func TestPagesThatAreOutOfDateAreNotSaved(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	const answers = "3,3,2,1,2,3,1,1,2,3,2,1,3,3,4,2,3,3"
	a, b := w.took(clients.SlotA, answers, 20), w.took(clients.SlotB, answers, 20)
	w.release(clients.SlotA, a)
	w.release(clients.SlotB, b)
	w.open(clients.Us)
	_, err := w.Clients.WithdrawRelease(context.Background(), w.couple, clients.SlotB, b, w.Today().On(), "said")
	w.Must(err)
	w.Files.Path = filepath.Join(t.TempDir(), "j.pdf")
	w.Tap("Save the PDF…")
	if _, err := os.Stat(w.Files.Path); err == nil {
		t.Fatal("a profile was saved whose release had been taken back")
	}
	if len(w.Said.Errors) != 1 {
		t.Fatalf("errors %v", w.Said.Errors)
	}
	w.saved("again.pdf")
}

func TestALeakNamesItsPlaceAndGoesWithOneAction(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	const secret = "the old job was never really finished for him"
	_, err := w.Sessions.QuickNote(context.Background(), w.couple, clients.B, "He said that "+secret+".", w.Clock.Now(), "Europe/Berlin")
	w.Must(err)
	w.letter(clients.A, "Remember that "+secret+".")
	w.open(clients.CoachView)
	w.tab.choose(clients.A)
	if !w.tab.save.Disabled() {
		t.Fatal("a report with a finding can be saved")
	}
	if said := strings.Join(uitest.Texts(w.tab.findings), " "); !strings.Contains(said, "A letter, letter") || !strings.Contains(said, "a note, 22 November 2026") {
		t.Errorf("the finding says %q", said)
	}
	w.tab.saveFile()
	if len(w.Files.Asked) > 0 {
		t.Error("saving was offered all the same")
	}
	w.Tap("Leave “A letter” out")
	if w.tab.save.Disabled() {
		t.Fatal("left out, it can still not be saved")
	}
	w.saved("a.pdf")
}

// A letter typed for one reader never becomes another's, however fast one goes on.
func TestALetterStaysWithItsReader(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.tab.choose(clients.A)
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("Only for you.")
	w.tab.choose(clients.B)
	if got := w.tab.letter.Text(); got != "" {
		t.Errorf("the next letter begins with %q", got)
	}
	w.Window.Canvas().Focus(w.tab.letter.Focusable())
	w.Type("And for you.")
	w.Window.Canvas().Focus(w.tab.readers)
	for r, want := range map[clients.Reader]string{clients.A: "Only for you.", clients.B: "And for you.", clients.Us: ""} {
		got, err := w.Reports.Letter(context.Background(), clients.For(r, w.Today().On()), w.couple)
		if err != nil || got != want {
			t.Errorf("%s: letter %q (%v)", r, got, err)
		}
	}
	w.tab.choose(clients.A)
	if w.tab.letter.Text() != "Only for you." {
		t.Errorf("the letter is gone: %q", w.tab.letter.Text())
	}
}

func TestEverythingByKeyboard(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	w.open(clients.CoachView)
	w.Window.Canvas().Focus(w.tab.readers)
	w.Key(fyne.KeyRight, fyne.KeyRight)
	if w.tab.reader != clients.B {
		t.Fatalf("two to the right is %s", w.tab.reader)
	}
	w.Files.Path = filepath.Join(t.TempDir(), "b.pdf")
	w.Key(fyne.KeyReturn)
	if _, err := os.Stat(w.Files.Path); err != nil {
		t.Errorf("Enter saved nothing: %v", err)
	}
	seen := map[fyne.Focusable]bool{}
	for range 60 {
		w.Window.Canvas().FocusNext()
		seen[w.Focused()] = true
	}
	for name, f := range map[string]fyne.Focusable{"readers": w.tab.readers, "paper": w.tab.paper, "save": w.tab.save, "letter": w.tab.letter.Focusable()} {
		if !seen[f] {
			t.Errorf("Tab does not reach %s", name)
		}
	}
}

func TestLongAndStrangeNames(t *testing.T) {
	w := newWorld(t, strings.Repeat("Maximiliana ", 16), "<>&\" 😀 سميرة")
	w.open(clients.CoachView)
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B, clients.CoachView} {
		w.tab.choose(r)
		if w.tab.save.Disabled() {
			t.Errorf("%s: nothing to save; %v", r, w.Said.Errors)
		}
	}
	w.tab.choose(clients.B)
	if said := strings.Join(uitest.Texts(w.tab.findings), " "); !strings.Contains(said, "is drawn as “[grinning face]”") {
		t.Errorf("what was replaced is not listed: %q", said)
	}
	w.Settle()
	if cut := uitest.Clipped(t, w.tab); len(cut) > 0 {
		t.Errorf("cut off: %v", cut)
	}
}

// Who opens the pages of clients alone in the window shows them: the screen is shared
// from then on. The coach's own report shows nothing to anybody.
func TestPV12PagesForClientsShareTheScreen(t *testing.T) {
	w := newWorld(t, "Anna", "Ben")
	w.open(clients.CoachView)
	w.Tap("Coach")
	w.Tap("Full window")
	if w.Key(fyne.KeyEscape); w.shared != 0 {
		t.Error("the coach's own pages share the screen")
	}
	w.Tap("Both")
	w.Tap("Full window")
	if w.shared != 1 {
		t.Errorf("shared %d times", w.shared)
	}
	w.MustSay("Page 1 of")
	if w.Key(fyne.KeyEscape); w.shared != 1 {
		t.Error("leaving the pages turned it off")
	}
}

// What the leak check found and is none stands for a reason that is asked for.
func TestWhatIsNoLeakStandsForAReason(t *testing.T) {
	w := newWorld(t, "Mara", "Jonas")
	const words = "the old job was never really finished for him"
	_, err := w.Sessions.QuickNote(context.Background(), w.couple, clients.B, "He said that "+words+".", w.Clock.Now(), "Europe/Berlin")
	w.Must(err)
	w.letter(clients.A, "Remember that "+words+".")
	w.open(clients.CoachView)
	w.tab.choose(clients.A)
	w.Tap("It is no leak…")
	w.Tap("Let it stand")
	w.MustSay("Choose a reason.")
	w.Key(fyne.KeyEscape)
	for _, h := range w.tab.current.report.Hits {
		w.tab.keep[h.Key()] = reports.WhyCommon
	}
	if w.tab.other(); w.tab.save.Disabled() {
		t.Fatal("with its reason it can still not be saved")
	}
	w.saved("a.pdf")
	if w.open(clients.A); w.tab.save.Disabled() {
		t.Error("through the client's lens it waits again")
	}
}
