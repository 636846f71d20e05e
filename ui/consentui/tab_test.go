package consentui

import (
	"context"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

var ctx = context.Background()

// place is the tab over a real casebook.
type place struct {
	*uitest.App
	*uitest.Book
	tab *tab
	rec kit.Record
}

// newPlace is a place without a record.
func newPlace(t testing.TB) *place {
	t.Helper()
	p := &place{App: uitest.NewApp(t)}
	p.Book = p.App.Book()
	p.tab = newTab(Deps{Env: p.Env, Clients: p.Clients, Quizzes: p.Quizzes})
	p.Show(p.tab)
	return p
}

// pair opens a new couple as the coach sees it.
func pair(t testing.TB) (*place, ids.ID) {
	t.Helper()
	p := newPlace(t)
	id := p.newCouple("Zoë", "Ilan")
	p.open(id, kit.LensCoach)
	return p, id
}

// newCouple stores a couple of whom nobody was spoken with alone.
func (p *place) newCouple(a, b string) ids.ID {
	p.T.Helper()
	id, err := p.Clients.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: a}}, B: &clients.Person{Name: clients.Name{Given: b}}, Engagement: &clients.Engagement{Policy: clients.NoSecrets, StartedOn: "2026-09-01"}})
	p.Must(err)
	return id
}

// open shows a record through a lens.
func (p *place) open(id ids.ID, l kit.Lens) {
	p.T.Helper()
	p.rec = p.Record(id, clients.Reader(l))
	p.tab.Open(p.rec)
	p.Settle()
}

// changed is what the shell does after a change.
func (p *place) changed() {
	p.tab.Reload()
	p.Settle()
}

func (p *place) save() {
	p.T.Helper()
	p.Env.Dialogs.Confirm()
	p.Settle()
	if !p.Env.Dialogs.IsOpen() {
		p.changed()
	}
}

func (p *place) errorAt(key string) string {
	p.T.Helper()
	return uitest.First[*kit.Form](p.App).ErrorAt(key)
}

// pick chooses a word in the drop-down with that label.
func (p *place) pick(label, word string) {
	p.T.Helper()
	p.Field(label).(interface{ SetSelected(string) }).SetSelected(word)
}

func (p *place) screen(id ids.ID, s clients.Slot, o clients.Outcome, body string) {
	p.T.Helper()
	_, err := p.Clients.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: p.Header(id, clients.CoachView).Partner(s).PersonID, Outcome: o, HeldOn: "2026-11-01", Body: body})
	p.Must(err)
}

func TestEachTalkIsRecordedAndOpensJointWork(t *testing.T) {
	p, _ := pair(t)
	p.MustSay("Waits", "Still due: Zoë, Ilan.", "No talk alone with this person yet.")
	for i := range 2 {
		p.tab.screen(p.tab.state.People[i])
		p.save()
		if p.errorAt("outcome") == "" {
			t.Error("a talk without an outcome is not marked")
		}
		p.pick("What you concluded", "Clear")
		p.Field("What was said, alone with you").(*kit.Entry).SetText("at ease")
		p.save()
	}
	p.MustSay("Open", "Joint sessions, practices and reports are open.", "22 November 2026")
	p.NoErrors()
}

func TestAStopLooksLikeAPauseToTheClients(t *testing.T) {
	p, id := pair(t)
	p.screen(id, clients.SlotB, clients.ScreenClear, "B-BODY")
	p.tab.screen(p.tab.state.People[0])
	p.MustNotSay("Why joint work may go on after a stop")
	p.pick("What you concluded", "Stops joint work")
	p.Field("What was said, alone with you").(*kit.Entry).SetText("A-BODY afraid")
	p.Field("Discussed with").(*kit.Entry).SetText("Ines Super")
	p.save()
	p.MustSay("A safety screen stops it", "stops joint work", "discussed with Ines Super")
	p.MustNotSay("Go ahead with a reason…", "A-BODY") // what was said is one step away
	stopped := map[kit.Lens][]string{}
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustNotSay("screen", "Screen", "BODY", "Ines", "stop", "Signed", "safety", "Call held")
		stopped[l] = p.Texts()
	}
	// An ordinary pause without any screen shows the same words.
	twin := p.newCouple("Zoë", "Ilan")
	e := p.Header(twin, clients.CoachView).Engagement
	p.Must(p.Clients.UpdateEngagement(ctx, e.ID, func(e *clients.Engagement) error { e.Paused = true; return nil }))
	for l, words := range stopped {
		p.open(twin, l)
		if got := p.Texts(); strings.Join(got, "|") != strings.Join(words, "|") {
			t.Errorf("through %s a pause says %q and a stop %q", l, got, words)
		}
	}
	// Only a new screen with a reason, and the supervisor's name, ends the stop.
	p.open(id, kit.LensCoach)
	p.tab.screen(p.tab.state.People[0])
	p.pick("What you concluded", "Clear")
	p.save()
	if p.errorAt("reason") == "" || p.errorAt("supervisor") == "" {
		t.Error("reason and supervisor are not asked for")
	}
	p.Field("Why joint work may go on after a stop").(*kit.Entry).SetText("moved out, feels safe")
	p.Field("Discussed with").(*kit.Entry).SetText("Ines Super")
	p.save()
	p.MustSay("Joint sessions, practices and reports are open.")
	p.tab.screenHistory(p.tab.state.People[0])
	p.MustSay("A-BODY afraid", "stops joint work", "clear", "Why joint work may go on: moved out, feels safe")
	p.Env.Dialogs.Dismiss()
	p.NoErrors()
}

func TestAnOverrideNeedsAReasonAndIsForWhatIsDueOnly(t *testing.T) {
	p, id := pair(t)
	p.Tap("Go ahead with a reason…")
	p.save()
	if p.errorAt("reason") == "" {
		t.Error("no reason is asked for")
	}
	p.Field("Why you go ahead before the talks").(*kit.Entry).SetText("seen both last week")
	p.save()
	p.MustSay("You decided to go ahead before the talks.", "Gone ahead until 22 December 2026, by Test coach: seen both last week")
	p.screen(id, clients.SlotA, clients.ScreenDiscuss, "")
	p.changed()
	p.MustSay("to be discussed with a supervisor first")
	p.MustNotSay("Go ahead with a reason…")
	if p.tab.state.Joint.Verdict != clients.JointDiscuss {
		t.Errorf("verdict %v", p.tab.state.Joint.Verdict)
	}
	p.NoErrors()
}

func TestSignaturesAreRecordedWithdrawnAndShownToTheirOwnerAlone(t *testing.T) {
	p, id := pair(t)
	p.tab.sign(p.tab.state.People[0])
	p.Field("Version of the text").(*kit.Entry).SetText("")
	p.save()
	if p.errorAt("text_version") == "" {
		t.Error("the version is not asked for")
	}
	p.Field("Version of the text").(*kit.Entry).SetText("2026-ZOE")
	p.save()
	p.tab.sign(p.tab.state.People[1])
	p.pick("What for", "Consent to notes and answers")
	p.Field("Version of the text").(*kit.Entry).SetText("2026-ILAN")
	p.Field("Language").(*kit.Entry).SetText("nl")
	p.Field("How").(*kit.Entry).SetText("by e-mail")
	p.save()
	p.MustSay("Coaching agreement · version 2026-ZOE, 22 November 2026", "Consent to notes and answers · version 2026-ILAN")
	p.open(id, kit.LensA)
	p.MustSay("What you signed", "2026-ZOE")
	p.MustNotSay("2026-ILAN")
	p.open(id, kit.LensB)
	p.MustSay("2026-ILAN")
	p.MustNotSay("2026-ZOE")
	p.open(id, kit.LensJoint)
	p.MustNotSay("2026-ILAN", "2026-ZOE", "signed")
	p.open(id, kit.LensCoach)
	p.tab.withdrawConsent(p.tab.state.People[1], clients.PurposeRecords)
	p.MustSay("Ilan takes back: Consent to notes and answers")
	p.save()
	p.MustSay("Consent to notes and answers · withdrawn on 22 November 2026")
	p.tab.signatureHistory(p.tab.state.People[1])
	p.MustSay("Consent to notes and answers, withdrawn", "Consent to notes and answers, given", "nl · by e-mail", "told the coach")
	p.Env.Dialogs.Dismiss()
	p.NoErrors()
}

func TestReleasesAreListedAndWithdrawn(t *testing.T) {
	p, id := pair(t)
	p.MustNotSay("Releases")
	item := ids.New()
	_, err := p.Clients.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotB, ItemID: item, State: clients.StateGiven, Channels: []string{"EM"}, GivenOn: "2026-11-20", Way: "said in the session"})
	p.Must(err)
	_, err = p.Clients.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: ids.New(), State: clients.StateGiven, GivenOn: "2026-10-01", ExpiresOn: "2026-11-01", Way: "long ago"})
	p.Must(err)
	p.changed()
	p.MustSay("Ilan lets Zoë see one item (EM)", "given on 20 November 2026 · said in the session")
	p.MustNotSay("long ago")
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustNotSay("Releases", "said in the session")
	}
	p.open(id, kit.LensCoach)
	p.Tap("Withdraw")
	p.MustSay("Ilan takes a release back")
	p.Field("Withdrawn on").(*kit.Entry).SetText("")
	p.save()
	if p.errorAt("given_on") == "" {
		t.Error("the missing day is not marked")
	}
	p.Field("Withdrawn on").(*kit.Entry).SetText("2026-11-22")
	p.save()
	p.MustNotSay("Ilan lets Zoë see")
	p.MustSay("Nothing is released now.")
	p.Tap("History")
	p.MustSay("Ilan released one item (EM)", "Ilan took back one item", "22 November 2026", "long ago", "until 1 November 2026")
	p.Env.Dialogs.Dismiss()
	p.NoErrors()
}

// TestAReleaseOfAQuizOfAnotherVersionIsToldWithoutItsName: answers to a quiz that this
// version of the program does not know.
func TestAReleaseOfAQuizOfAnotherVersionIsToldWithoutItsName(t *testing.T) {
	p, _ := pair(t)
	quiz := ids.New()
	p.tab.state.released = map[ids.ID]quizzes.Result{quiz: {Administration: quizzes.Administration{TakenAt: p.Env.Now()}}}
	what, scope := p.tab.releasedWords(clients.Release{ItemID: quiz, Channels: []string{"EM"}})
	if what != "their answers of 22 November 2026" || scope != "EM" {
		t.Errorf("%q, %q", what, scope)
	}
}
