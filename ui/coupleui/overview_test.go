package coupleui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// pair opens a new couple as the coach sees it.
func pair(t *testing.T) (*place, ids.ID, *overview) {
	t.Helper()
	p := newPlace(t)
	id := p.couple(named("Zoë", ""), named("Ilan", ""))
	p.open(id, kit.LensCoach)
	return p, id, p.page.record.tab.(*overview)
}

// pick chooses a word in the drop-down with that label.
func (p *place) pick(label, word string) {
	p.T.Helper()
	p.Field(label).(interface{ SetSelected(string) }).SetSelected(word)
}

func TestEachTalkIsRecordedAndOpensJointWork(t *testing.T) {
	p, _, o := pair(t)
	p.MustSay("Waits", "Still due: Zoë, Ilan.", "No talk alone with this person yet.")
	for i := range 2 {
		o.screen(o.facts.People[i])
		p.save()
		if p.errorAt("outcome") == "" {
			t.Error("a talk without an outcome is not marked")
		}
		p.pick("What you concluded", "Clear")
		p.Field("What was said, alone with you").(*kit.Entry).SetText("at ease")
		p.save()
	}
	p.MustSay("Open", "Joint sessions, practices and reports are open.", "22 November 2026")
	p.quiet()
}

func TestAStopLooksLikeAPauseToTheClients(t *testing.T) {
	p, id, o := pair(t)
	p.screen(id, clients.SlotB, clients.ScreenClear, "B-BODY")
	o.screen(o.facts.People[0])
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
		p.MustSay("On hold")
		p.MustNotSay("screen", "Screen", "BODY", "Ines", "stop", "Signed", "safety", "Call held")
		stopped[l] = p.Texts()
	}
	// An ordinary pause without any screen shows the same words.
	twin := p.couple(named("Zoë", ""), named("Ilan", ""))
	e := p.header(twin, clients.CoachView).Engagement
	p.ok(p.clients.UpdateEngagement(ctx, e.ID, func(e *clients.Engagement) error { e.Paused = true; return nil }))
	for l, words := range stopped {
		p.open(twin, l)
		if got := p.Texts(); strings.Join(got, "|") != strings.Join(words, "|") {
			t.Errorf("through %s a pause says %q and a stop %q", l, got, words)
		}
	}
	// Only a new screen with a reason, and the supervisor's name, ends the stop.
	p.open(id, kit.LensCoach)
	o.screen(o.facts.People[0])
	p.pick("What you concluded", "Clear")
	p.save()
	if p.errorAt("reason") == "" || p.errorAt("supervisor") == "" {
		t.Error("reason and supervisor are not asked for")
	}
	p.Field("Why joint work may go on after a stop").(*kit.Entry).SetText("moved out, feels safe")
	p.Field("Discussed with").(*kit.Entry).SetText("Ines Super")
	p.save()
	p.MustSay("Joint sessions, practices and reports are open.")
	o.screenHistory(o.facts.People[0])
	p.MustSay("A-BODY afraid", "stops joint work", "clear", "Why joint work may go on: moved out, feels safe")
	p.Env.Dialogs.Dismiss()
	p.quiet()
}

func TestAnOverrideNeedsAReasonAndIsForWhatIsDueOnly(t *testing.T) {
	p, id, o := pair(t)
	p.Tap("Go ahead with a reason…")
	p.save()
	if p.errorAt("reason") == "" {
		t.Error("no reason is asked for")
	}
	p.Field("Why you go ahead before the talks").(*kit.Entry).SetText("seen both last week")
	p.save()
	p.MustSay("You decided to go ahead before the talks.", "Gone ahead until 22 December 2026, by Noor Haddad: seen both last week")
	p.screen(id, clients.SlotA, clients.ScreenDiscuss, "")
	p.changed()
	p.MustSay("to be discussed with a supervisor first")
	p.MustNotSay("Go ahead with a reason…")
	if o.facts.Joint.Verdict != clients.JointDiscuss {
		t.Errorf("verdict %v", o.facts.Joint.Verdict)
	}
	p.quiet()
}

func TestSignaturesAreRecordedWithdrawnAndShownToTheirOwnerAlone(t *testing.T) {
	p, id, o := pair(t)
	o.sign(o.facts.People[0])
	p.Field("Version of the text").(*kit.Entry).SetText("")
	p.save()
	if p.errorAt("text_version") == "" {
		t.Error("the version is not asked for")
	}
	p.Field("Version of the text").(*kit.Entry).SetText("2026-ZOE")
	p.save()
	o.sign(o.facts.People[1])
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
	o.withdrawConsent(o.facts.People[1], clients.PurposeRecords)
	p.MustSay("Ilan takes back: Consent to notes and answers")
	p.save()
	p.MustSay("Consent to notes and answers · withdrawn on 22 November 2026")
	o.signatureHistory(o.facts.People[1])
	p.MustSay("Consent to notes and answers, withdrawn", "Consent to notes and answers, given", "nl · by e-mail", "told the coach")
	p.Env.Dialogs.Dismiss()
	p.quiet()
}

func TestReleasesAreListedAndWithdrawn(t *testing.T) {
	p, id, _ := pair(t)
	p.MustNotSay("Releases")
	item := ids.New()
	_, err := p.clients.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotB, ItemID: item, State: clients.StateGiven, Channels: []string{"EM"}, GivenOn: "2026-11-20", Way: "said in the session"})
	p.ok(err)
	_, err = p.clients.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: ids.New(), State: clients.StateGiven, GivenOn: "2026-10-01", ExpiresOn: "2026-11-01", Way: "long ago"})
	p.ok(err)
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
	p.quiet()
}

func TestAgreementsAreWrittenChangedDeletedAndBroughtBack(t *testing.T) {
	p, id, o := pair(t)
	p.Tap("Add an agreement")
	p.save()
	if p.errorAt("body") == "" {
		t.Error("an empty agreement is not marked")
	}
	p.Field("What they agreed").(*kit.Entry).SetText("Tea at nine, phones in the hall.")
	p.Field("Look at it again").(*kit.Entry).SetText("2026-11-01")
	p.save()
	if p.errorAt("review") == "" {
		t.Error("a review before the agreement is not marked")
	}
	p.Field("Look at it again").(*kit.Entry).SetText("2026-12-06")
	p.save()
	p.MustSay("Tea at nine", "agreed on 22 November 2026", "look again on 6 December 2026")
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustSay("Tea at nine")
		p.MustNotSay("Add an agreement", "Edit", "Delete")
	}
	p.open(id, kit.LensCoach)
	o.editAgreement(o.facts.agreements[0])
	p.pick("Where it stands", kit.Upper(practices.Kept.Words()))
	p.save()
	p.MustSay(practices.Kept.Words() + " · agreed on")
	o.deleteAgreement(o.facts.agreements[0])
	p.changed()
	p.MustNotSay("Tea at nine")
	p.Said.TakeBack()
	p.changed()
	p.MustSay("Tea at nine")
	p.quiet()
}

func TestAnEngagementHasCoachesAPauseAndAnEnd(t *testing.T) {
	p, id, o := pair(t)
	_, err := p.clients.AddCoach(ctx, "Sam Reed")
	p.ok(err)
	p.changed()
	o.editEngagement(o.facts.engagements[0])
	p.pick("What they come for", "Grow closer")
	p.pick("What was agreed about secrets", "Limited secrets")
	p.pick("Programme", "Reignite, 4 weeks")
	for _, c := range uitest.Find[*kit.Check](p.Roots()[0]) {
		c.SetChecked(c.Text == "Sam Reed" || c.Text == "On hold")
	}
	p.save()
	p.MustSay("Grow closer", "since 1 September 2026 · Limited secrets · Reignite, 4 weeks · Sam Reed · on hold", "The engagement is paused.", "On hold")
	p.open(id, kit.LensA)
	p.MustSay("Sam Reed", "Grow closer", "Limited secrets")
	p.MustNotSay("Reignite")
	p.open(id, kit.LensCoach)
	o.editEngagement(o.facts.engagements[0])
	for _, c := range uitest.Find[*kit.Check](p.Roots()[0]) {
		c.SetChecked(false)
	}
	p.Field("Until").(*kit.Entry).SetText("2026-08-01")
	p.save()
	if p.errorAt("coaches") == "" || p.errorAt("ended_on") == "" {
		t.Error("an engagement without a coach that ends before it starts is not marked")
	}
	for _, c := range uitest.Find[*kit.Check](p.Roots()[0]) {
		c.SetChecked(c.Text != "On hold")
	}
	p.Field("Until").(*kit.Entry).SetText("2026-11-01")
	p.save()
	p.MustSay("1 September 2026 – 1 November 2026", "Noor Haddad, Sam Reed")
	p.Tap("New engagement")
	p.save()
	if len(o.facts.engagements) != 2 {
		t.Fatalf("%d engagements", len(o.facts.engagements))
	}
	o.deleteEngagement(o.facts.engagements[0])
	p.changed()
	if len(o.facts.engagements) != 1 {
		t.Errorf("%d engagements after deleting one of two", len(o.facts.engagements))
	}
	p.Said.TakeBack()
	p.changed()
	if len(o.facts.engagements) != 2 {
		t.Errorf("%d engagements after Undo", len(o.facts.engagements))
	}
	p.quiet()
}

func TestNothingOfTheCoachsReachesAClientsLens(t *testing.T) {
	p := newPlace(t)
	a, b := named("Zoë", ""), named("Ilan", "")
	for _, x := range []struct {
		p *clients.Person
		s string
	}{{a, "A"}, {b, "B"}} {
		x.p.Email, x.p.Phone, x.p.BirthYear = "SECRET"+x.s+"@example.org", "SECRET"+x.s, 1931
		x.p.Safe = clients.SafeContact{Channel: "phone", When: "SECRETwhen" + x.s, Message: "no", Note: "SECRETnote" + x.s}
	}
	id := p.couple(a, b, "SECRETtag")
	p.screen(id, clients.SlotA, clients.ScreenDiscuss, "SECRETscreen")
	p.ok(p.clients.OverrideJoint(ctx, p.couple(named("Other", ""), named("Two", "")), "SECREToverride", ""))
	p.open(id, kit.LensCoach)
	p.MustSay("SECRETA@example.org", "SECRETwhenB", "SECRETnoteA", "SECRETtag", "1931", "leave no message")
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustNotSay("SECRET", "1931", "leave no message", "Call held", "discuss", "Waits", "due")
	}
	p.quiet()
}

func TestTheFocusStaysWhenTheTabLoadsAgain(t *testing.T) {
	p, _, o := pair(t)
	b := o.buttons["sign "+o.facts.People[1].ID.String()]
	p.Window.Canvas().Focus(b)
	p.changed()
	if p.Focused() != fyne.Focusable(b) {
		t.Fatalf("the focus is at %T", p.Focused())
	}
	p.Key(fyne.KeyReturn)
	p.MustSay("A signature of Ilan")
	p.save()
	if p.Focused() != fyne.Focusable(b) {
		t.Errorf("after saving the focus is at %T", p.Focused())
	}
	p.MustSay("Coaching agreement · version 1")
}

func TestASearchHitIsBroughtIntoView(t *testing.T) {
	p, id, _ := pair(t)
	var last ids.ID
	for range 30 {
		last = ids.New()
		p.ok(p.practices.SaveAgreement(ctx, practices.Agreement{ID: last, Couple: id, Body: "An agreement", Agreed: "2026-01-01", State: practices.InForce}))
		p.Clock.Jump(1e9)
	}
	all, err := p.practices.Agreements(ctx, p.coach(), id)
	p.ok(err)
	p.page.Open(kit.Route{Page: PageID, ID: id.String(), Lens: kit.LensJoint, Item: all[len(all)-1].ID.String()})
	o := p.page.record.tab.(*overview)
	if o.scroll.Offset.Y < 300 {
		t.Errorf("scrolled to %v only", o.scroll.Offset.Y)
	}
	o.scroll.ScrollToTop()
	p.changed()
	if o.scroll.Offset.Y != 0 {
		t.Error("a change scrolls to the item again")
	}
}
