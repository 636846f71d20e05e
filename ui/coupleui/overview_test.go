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

// What the clients' lenses say of a record that a safety screen stops is what they say of
// one that is on a pause.
func TestPV31AStopLooksLikeAPauseOnTheFirstPage(t *testing.T) {
	p, id, _ := pair(t)
	p.screen(id, clients.SlotB, clients.ScreenClear, "B-BODY")
	p.screen(id, clients.SlotA, clients.ScreenStop, "A-BODY afraid")
	p.changed()
	p.MustSay("Joint work", "On hold", "Sessions alone go on.")
	p.MustNotSay("screen", "BODY", "stop")
	twin := p.couple(named("Zoë", ""), named("Ilan", ""))
	e := p.header(twin, clients.CoachView).Engagement
	p.ok(p.clients.PauseEngagement(ctx, e.ID, true))
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustSay("On hold")
		p.MustNotSay("screen", "Screen", "BODY", "stop", "Signed", "safety", "Call held")
		stopped := p.Texts()
		p.open(twin, l)
		if got := p.Texts(); strings.Join(got, "|") != strings.Join(stopped, "|") {
			t.Errorf("through %s a pause says %q and a stop %q", l, got, stopped)
		}
	}
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
	p.MustSay("Grow closer", "since 1 September 2026 · Limited secrets · Reignite, 4 weeks · Sam Reed · on hold", "Sessions alone go on.", "On hold")
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
	b := o.buttons["person "+o.facts.People[1].ID.String()]
	p.Window.Canvas().Focus(b)
	p.changed()
	if p.Focused() != fyne.Focusable(b) {
		t.Fatalf("the focus is at %T", p.Focused())
	}
	p.Key(fyne.KeyReturn)
	p.MustSay("Given name")
	p.save()
	if p.Focused() != fyne.Focusable(b) {
		t.Errorf("after saving the focus is at %T", p.Focused())
	}
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
