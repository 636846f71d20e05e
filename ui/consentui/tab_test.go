package consentui

import (
	"context"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
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
	p.tab = newTab(Deps{Env: p.Env, Clients: p.Clients, Quizzes: p.Quizzes, Traces: p.Traces})
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

func TestPV31AStopLooksLikeAPauseToTheClients(t *testing.T) {
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

func TestPV30AnOverrideNeedsAReasonAndIsForWhatIsDueOnly(t *testing.T) {
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

func TestPV46SignaturesAreRecordedWithdrawnAndShownToTheirOwnerAlone(t *testing.T) {
	p, id := pair(t)
	for _, x := range []clients.ConsentText{
		{Purpose: clients.PurposeAgreement, Version: "2026-ZOE", Language: "en", Title: "Agreement", Body: "We meet."},
		{Purpose: clients.PurposeRecords, Version: "2026-ILAN", Language: "nl", Title: "Aantekeningen", Body: "Ik schrijf op."},
	} {
		_, err := p.Clients.AddConsentText(ctx, x)
		p.Must(err)
	}
	p.changed()
	p.tab.sign(p.tab.state.People[:1], clients.PurposeAgreement)
	p.MustSay("We meet.") // the newest version is chosen, and can be read
	p.Field("How").(*kit.Entry).SetText("")
	p.save()
	if p.errorAt("way") == "" {
		t.Error("the way is not asked for")
	}
	p.Field("How").(*kit.Entry).SetText("on paper")
	p.save()
	p.tab.sign(p.tab.state.People[1:], clients.PurposeAgreement)
	p.pick("What for", "Consent to notes and answers")
	p.MustSay("I write notes about our work") // in the person's language
	p.pick("Version of the text", "Aantekeningen · version 2026-ILAN, Dutch")
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
	p.MustNotSay("2026-ILAN", "2026-ZOE")
	p.open(id, kit.LensCoach)
	p.tab.withdrawConsent(p.tab.state.People[1], clients.PurposeRecords)
	p.MustSay("Ilan takes back: Consent to notes and answers")
	p.save()
	p.MustSay("Consent to notes and answers · withdrawn on 22 November 2026")
	p.tab.signatureHistory(p.tab.state.People[1])
	p.MustSay("Consent to notes and answers, withdrawn", "Consent to notes and answers, given", "Dutch · by e-mail", "told the coach")
	p.Env.Dialogs.Dismiss()
	p.NoErrors()
}

// A withdrawn consent leaves something to decide, and nothing new begins meanwhile.
func TestPV45WhatIsThereWaitsForADecision(t *testing.T) {
	p, id := pair(t)
	person := p.tab.state.People[0].ID
	_, err := p.Clients.Sign(ctx, clients.Signature{CoupleID: id, PersonID: person, Purpose: clients.PurposeQuizzes, TextVersion: "1", Language: "en", Way: "on paper", SignedOn: "2026-11-01"})
	p.Must(err)
	take := func() error {
		d, err := quizzes.ByID("pulse")
		p.Must(err)
		a := quizzes.NewAdministration(d, id, person, p.Clock.Now(), "UTC", quizzes.Paper)
		a.Answers, err = quizzes.ParseAnswers(d, "3,4,2,4,4")
		p.Must(err)
		return p.Quizzes.Save(ctx, &a)
	}
	p.Must(take())
	_, err = p.Clients.WithdrawConsent(ctx, id, person, clients.PurposeQuizzes, "2026-11-22", "told the coach")
	p.Must(err)
	if err := take(); !fault.Is(err, fault.Refused) {
		t.Errorf("a quiz begins: %v", err)
	}
	p.changed()
	p.MustSay("To decide", "Zoë withdrew: Consent to quizzes", "1 thing is there.")
	p.Tap("Decide…")
	p.save()
	if p.errorAt("decision") == "" {
		t.Error("an empty decision is not marked")
	}
	p.Field("What becomes of the data, and why").(*kit.Entry).SetText("kept until the claim is settled")
	p.save()
	p.MustSay("Decided: kept until the claim is settled")
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustNotSay("To decide", "Decided", "claim")
	}
	p.NoErrors()
}

// The policy on secrets is signed for the engagement, by each.
func TestWhatWasAgreedAboutSecretsIsSignedByBoth(t *testing.T) {
	p, _ := pair(t)
	p.MustSay("Secrets", "No secrets", "not signed yet", "Both sign before anybody is spoken with alone.")
	p.Tap("Record a signature about secrets")
	p.MustSay("We work without secrets")
	p.save()
	p.MustNotSay("not signed yet")
	e := p.tab.state.Engagement
	p.Must(p.Clients.UpdateEngagement(ctx, e.ID, func(e *clients.Engagement) error { e.Policy = clients.LimitedSecrets; return nil }))
	p.changed()
	p.MustSay("Limited secrets", "not signed yet")
	p.NoErrors()
}

// An address leaves the window only after the question what for, and where it is shared
// never for one alone.
func TestPV32AnAddressIsCopiedOnlyForWhatIsSafe(t *testing.T) {
	p, _ := pair(t)
	person := p.tab.state.People[0]
	p.Must(p.Clients.UpdatePerson(ctx, person.ID, func(x *clients.Person) error { x.Email = "home@example.org"; return nil }))
	p.Must(p.Clients.SetSafeContact(ctx, person.ID, clients.SafeContact{Shared: "email"}))
	p.changed()
	p.MustSay("somebody else reads: E-mail")
	clip := p.Clipboard()
	clip.SetContent("")
	p.Tap("Copy…")
	p.save()
	p.MustSay("Somebody else reads what comes to this address of Zoë")
	if clip.Content() != "" {
		t.Errorf("copied %q", clip.Content())
	}
	for _, c := range uitest.Find[*kit.Check](p.Roots()[0]) {
		c.SetChecked(false)
	}
	p.save()
	if clip.Content() != "home@example.org" {
		t.Errorf("copied %q", clip.Content())
	}
	p.NoErrors()
}

// Several things are released by one decision, and each lens shows its own alone.
func TestPV18SeveralThingsAreReleasedAtOnce(t *testing.T) {
	p, id := pair(t)
	person := p.tab.state.People[0].ID
	d, err := quizzes.ByID("pulse")
	p.Must(err)
	for range 2 {
		a := quizzes.NewAdministration(d, id, person, p.Clock.Now(), "UTC", quizzes.Paper)
		a.Answers, err = quizzes.ParseAnswers(d, "3,4,2,4,4")
		p.Must(err)
		p.Must(p.Quizzes.Save(ctx, &a))
		p.Must(p.Quizzes.Lock(ctx, &a))
	}
	p.changed()
	p.Tap("Zoë releases…")
	p.save()
	if p.errorAt("items") == "" {
		t.Error("nothing chosen is not marked")
	}
	for _, c := range uitest.Find[*kit.Check](p.Roots()[0]) {
		c.SetChecked(true)
	}
	p.save()
	p.MustSay("What becomes visible", "– "+d.Name+", 22 November 2026")
	p.Env.Dialogs.Confirm()
	p.Settle()
	p.changed()
	if len(p.tab.state.releases) != 2 {
		t.Errorf("%d releases", len(p.tab.state.releases))
	}
	p.open(id, kit.LensA)
	p.MustSay("What you let the other see", d.Name)
	for _, l := range []kit.Lens{kit.LensB, kit.LensJoint} {
		p.open(id, l)
		p.MustNotSay(d.Name)
	}
	p.NoErrors()
}

// A stop shows the coach what to do, and nobody else anything.
func TestAStopAsksForSafeContactStepsAndSupervision(t *testing.T) {
	p, id := pair(t)
	_, err := p.Clients.SaveContact(ctx, clients.ReferralContact{Name: "Night line", Kind: clients.ContactEmergency, Phone: "555-0100", VerifiedOn: "2025-01-01"})
	p.Must(err)
	p.screen(id, clients.SlotA, clients.ScreenStop, "")
	p.changed()
	p.MustSay("Reach each of them only so.", "Night line", "555-0100", "more than a year ago, look it up again", "It was talked through in supervision.")
	p.tab.editStep(clients.StepSupervision, clients.SafetyStep{})
	p.save()
	if p.errorAt("who") == "" {
		t.Error("the supervisor is not asked for")
	}
	p.Field("Supervisor").(*kit.Entry).SetText("Ines Super")
	p.save()
	p.MustSay("done on 22 November 2026 · Ines Super")
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustNotSay("Night line", "Ines", "supervision", "Reach", "Scope", "Secrets")
	}
	p.NoErrors()
}

func TestTheScopeIsLookedAtAndAReferralHasAnOutcome(t *testing.T) {
	p, _ := pair(t)
	p.MustSay("Not looked at yet", "due")
	p.Tap("Look at the scope…")
	for _, c := range uitest.Find[*kit.Check](p.Roots()[0]) {
		c.SetChecked(c.Text == "Fear or violence")
	}
	p.pick("What follows", "Go on")
	p.save()
	if p.errorAt("body") == "" {
		t.Error("going on in spite of a sign needs no word")
	}
	p.pick("What follows", "Refer")
	p.save()
	p.MustSay("22 November 2026: refer", "Fear or violence")
	p.Tap("Record a referral…")
	p.save()
	if p.errorAt("to_whom") == "" {
		t.Error("nobody is asked for")
	}
	p.Field("Name, if not of the directory").(*kit.Entry).SetText("Specialist service")
	p.pick("What became of it", "Taken up")
	p.save()
	p.MustSay("Referred to Specialist service on 22 November 2026: taken up")
	p.NoErrors()
}

// Two part: the day is asked for, what happens is listed, and what needs both is asked anew.
func TestPV20ASeparationIsGuided(t *testing.T) {
	p, id := pair(t)
	p.screen(id, clients.SlotA, clients.ScreenClear, "")
	p.screen(id, clients.SlotB, clients.ScreenClear, "")
	p.changed()
	p.Tap("They have parted…")
	p.MustSay("Every release ends", "Nobody sees more than before.")
	p.save()
	p.MustSay("They parted on 22 November 2026.", "Zoë has not released a joint report.", "Parted")
	for _, who := range []string{"Zoë", "Ilan"} {
		p.Tap(who + " releases it…")
		p.MustSay("a joint report")
		p.Env.Dialogs.Confirm()
		p.Settle()
		p.changed()
		p.MustSay(who + " released a joint report on 22 November 2026.")
	}
	st, err := p.Clients.JointStatus(ctx, id, p.Today().On())
	p.Must(err)
	p.Must(st.MayReport())
	p.Tap("A record of Ilan alone")
	if got := p.Nav.Last(); got.Page != "couples" || got.ID == id.String() {
		t.Errorf("%+v", got)
	}
	p.NoErrors()
}

// What a duplicate would become is shown first, and taken back with one key.
func TestPV19DuplicatesBecomeOnePersonAndTwoAgain(t *testing.T) {
	p, id := pair(t)
	other := p.newCouple("Zoë", "Karim")
	from := p.Header(other, clients.CoachView).Partner(clients.SlotA).PersonID
	into := p.Header(id, clients.CoachView).Partner(clients.SlotA).PersonID
	p.Tap("One person, two entries…")
	p.Field("is the same as").(*kit.Entry).SetText("Zo")
	choices := uitest.Find[*kit.Choice[ids.ID]](p.Roots()[0])
	choices[len(choices)-1].SetValue(from)
	p.save()
	p.MustSay("– Zoë & Karim", "nobody sees more than before")
	p.save()
	if got := p.Header(other, clients.CoachView).Partner(clients.SlotA).PersonID; got != into {
		t.Errorf("the other record is of %v", got)
	}
	p.Said.TakeBack()
	if got := p.Header(other, clients.CoachView).Partner(clients.SlotA).PersonID; got != from {
		t.Errorf("taken back it is of %v", got)
	}
	p.NoErrors()
}

func TestPV18ReleasesAreListedAndWithdrawn(t *testing.T) {
	p, id := pair(t)
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
		p.MustNotSay("said in the session", "long ago")
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
