package pipelineui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// calling is an enquiry with its call begun.
func calling(t *testing.T) (*place, ids.ID) {
	t.Helper()
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "Bo Berg", "a friend"))
	p.Tap("Start the call")
	return p, id
}

func (p *place) held(enquiry ids.ID) intake.Call {
	p.T.Helper()
	all, err := p.intake.CallsOfEnquiry(ctx, p.coach(), enquiry)
	if err != nil || len(all) == 0 {
		p.T.Fatalf("%d calls, %v", len(all), err)
	}
	return all[0]
}

func TestClockOfTheCallShowsItsPart(t *testing.T) {
	p, _ := calling(t)
	p.MustSay("for coaches alone", "minute 0 of 30 · Open", "▸ Open 0–3", "Story (3–11 min)")
	for _, c := range []struct {
		wind time.Duration
		says string
	}{{4 * time.Minute, "minute 4 of 30 · Story"}, {8 * time.Minute, "minute 12 of 30 · Hope"}, {19 * time.Minute, "minute 31 of 30 · After"}} {
		p.Clock.Wind(c.wind)
		p.MustSay(c.says)
	}
	for range 20 {
		p.page.call.changed()
	}
	p.Clock.Wind(savePause)
	if n := p.Clock.Waiting(); n != 1 {
		t.Errorf("%d calls wait for the clock", n)
	}
	p.page.Leave()
	if n := p.Clock.Waiting(); n != 0 {
		t.Errorf("%d calls wait after leaving", n)
	}
}

func TestSheetKeepsItself(t *testing.T) {
	p, id := calling(t)
	p.Fill("In their own words", "We talk past each other.")
	p.Fill("For how many months", "18")
	p.Fill("Ada agrees to notes", "2026-11-22")
	p.Window.Canvas().Focus(p.Field("Ada wants it, 0 to 10"))
	p.Key(fyne.KeyRight)
	p.MustNotSay("Saved")
	p.Clock.Wind(savePause)
	p.MustSay("Saved 14:03")
	c := p.held(id)
	if c.Sheet.Concern != "We talk past each other." || c.Sheet.Months == nil || *c.Sheet.Months != 18 || c.Sheet.ReadinessA == nil || c.Sheet.NotesConsentA != "2026-11-22" {
		t.Errorf("kept %+v", c.Sheet)
	}
	p.Fill("What they would notice first", "A walk")
	p.page.Leave() // the rest is kept without waiting
	if got := p.held(id).Sheet.Hope; got != "A walk" {
		t.Errorf("kept %q", got)
	}
	p.page.Open(p.nav.last())
	p.Settle()
	p.MustSay("Finish the call", "We talk past each other.", "A walk")
	p.quiet()
}

func TestSheetSaysWhatItCannotRead(t *testing.T) {
	p, id := calling(t)
	p.Fill("For how many months", "two")
	p.MustSay("Write a whole number.")
	p.Fill("In their own words", "kept all the same")
	p.Clock.Wind(savePause)
	p.MustSay("Write a whole number.")
	if got := p.held(id).Sheet.Concern; got != "kept all the same" {
		t.Errorf("kept %q", got)
	}
	months := p.Field("For how many months").(*kit.Entry)
	months.SetText("5000")
	p.Clock.Wind(savePause)
	p.MustSay("The months are a number from 0 to 1200.", "Not saved yet")
	months.SetText("12")
	p.Clock.Wind(savePause)
	p.MustSay("Saved")
	p.MustNotSay("The months are a number", "Not saved yet")
	p.quiet()
}

func TestUnsafeOverridesTheTotal(t *testing.T) {
	p, id := calling(t)
	f := &p.page.call.call.Sheet.Fit
	two, zero := 2, 0
	f.Goal, f.Willing, f.Competence, f.Means, f.Rapport, f.Safe = &two, &two, &two, &two, &two, &zero
	p.page.call.setText("decision", string(intake.DecisionFit))
	p.MustSay("10 of 12 · not safe: that overrides the total")
	p.Tap("Finish the call")
	p.MustSay("Safety is rated 0. That overrides the total: it cannot be a fit now.")
	if s := p.stored(id).Stage; s == intake.StageConsidering {
		t.Errorf("the stage is %s", s)
	}
}

func TestDecisionMovesTheStage(t *testing.T) {
	p, id := calling(t)
	p.Clock.Wind(28 * time.Minute)
	p.page.call.setText("decision", string(intake.DecisionFit))
	p.Tap("Finish the call")
	p.quiet()
	want := intake.DecisionFit.Stage()
	if s := p.stored(id).Stage; s != want {
		t.Errorf("the stage is %s, not %s", s, want)
	}
	if m := p.held(id).Minutes; m != 28 {
		t.Errorf("it lasted %d minutes", m)
	}
	p.MustSay("Make it a record…", want.Words(), "After the call")
}

func TestForgottenCallCanStillBeFinished(t *testing.T) {
	p, id := calling(t)
	p.page.Leave()
	p.Clock.Jump(72 * time.Hour)
	p.page.Open(p.nav.last())
	p.MustSay("Began 22 November 2026")
	p.Tap("Finish the call")
	p.quiet()
	if m := p.held(id).Minutes; m != intake.CallMinutes {
		t.Errorf("it lasted %d minutes", m)
	}
}

func TestDeletedCallComesBack(t *testing.T) {
	p, _ := calling(t)
	p.Tap("Finish the call")
	p.Tap("Delete the call")
	p.MustSay("Start the call")
	p.Said.TakeBack()
	p.MustSay("Open the sheet")
	p.quiet()
}

func TestBookedCallStandsOnTheClockOfTheCoach(t *testing.T) {
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "", ""))
	p.Tap("Book a call…")
	at := p.Field("At").(*kit.Entry)
	at.SetText("soon")
	p.confirm()
	p.MustSay("Write the hour like 15:00.")
	at.SetText("16:30")
	p.confirm()
	p.quiet()
	if e := p.stored(id); !e.CallAt.Equal(time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC)) || e.Stage != intake.StageCallBooked {
		t.Errorf("booked %s, %s", e.CallAt, e.Stage)
	}
	p.MustSay("Call booked")
}

func TestEnquiryBecomesACoupleInTwoClicks(t *testing.T) {
	p := newPlace(t)
	e := enquiry("Ada Berg", "Bo Berg", "a friend")
	e.A.Email, e.A.Safe.When, e.Intent = "ada@example.org", "mornings", "rebuild"
	id := p.add(e)
	p.Tap("Start the call")
	p.Tap("Finish the call")
	p.Tap("Make it a record…")
	p.MustNotSay("Who coaches", "already known")
	p.confirm()
	p.quiet()
	r := p.nav.last()
	couple := p.stored(id).CoupleID
	if r.Page != "couples" || r.ID != couple.String() || couple.IsZero() {
		t.Fatalf("went to %+v for %s", r, couple)
	}
	h, err := p.clients.Header(ctx, p.coach(), couple, p.Env.Now())
	ok(t, err)
	if h.Title != "Ada Berg & Bo Berg" || h.Engagement == nil || h.Engagement.Intent != "rebuild" || h.Engagement.Policy != clients.NoSecrets {
		t.Errorf("became %+v", h)
	}
	a, err := p.clients.Person(ctx, p.coach(), h.Partner(clients.SlotA).PersonID)
	ok(t, err)
	if a.Email != "ada@example.org" || a.Safe.When != "mornings" {
		t.Errorf("carried over %+v", a)
	}
	p.page.Open(kit.Route{Page: PageID, ID: id.String()})
	p.MustSay("Open the record", "Before the work begins", "The coaching agreement is not signed.", "The consent to keeping records is not given.", "The talk alone is not recorded.")
}

func TestConversionMayTakeSomebodyKnown(t *testing.T) {
	p := newPlace(t)
	known, err := p.clients.CreatePerson(ctx, clients.Person{Name: clients.Name{Given: "Ada", Family: "Berg"}})
	ok(t, err)
	_, err = p.clients.AddCoach(ctx, "Lin Park")
	ok(t, err)
	id := p.add(enquiry("Ada Berg", "", ""))
	p.Tap("Make it a record…")
	p.MustSay("A new person of this name", "Who coaches", "Noor Haddad", "Lin Park")
	uitest.First[*kit.Choice[ids.ID]](p.App).SetValue(known)
	p.Tap("Noor Haddad")
	p.confirm()
	p.MustSay("Choose at least one coach.")
	p.Tap("Lin Park")
	p.confirm()
	p.quiet()
	h, err := p.clients.Header(ctx, p.coach(), p.stored(id).CoupleID, p.Env.Now())
	ok(t, err)
	if h.Partner(clients.SlotA).PersonID != known || len(h.Coaches) != 1 || h.Coaches[0].Name != "Lin Park" {
		t.Errorf("became %+v", h)
	}
}

func TestRecordWithoutAnEnquiryStandsInThePipelineToo(t *testing.T) {
	p := newPlace(t)
	id, err := p.clients.CreateCouple(ctx, clients.NewCouple{
		A: &clients.Person{Name: clients.Name{Given: "Mara", Family: "Vos"}}, B: &clients.Person{Name: clients.Name{Given: "Tom", Family: "Bakker"}},
		Engagement: &clients.Engagement{},
	})
	ok(t, err)
	p.page.Open(kit.Route{Page: PageID})
	p.page.list.Activate(1)
	p.Settle()
	p.MustSay("Mara Vos & Tom Bakker", "Call held", "Before the work begins", "Mara", "Tom", "Open the record")
	p.MustNotSay("Delete", "Start the call")
	p.Tap("Move on…")
	uitest.First[*kit.Choice[intake.Stage]](p.App).SetValue(intake.StageProposalSent)
	p.confirm()
	p.quiet()
	h, err := p.intake.HistoryOfCouple(ctx, p.coach(), id)
	ok(t, err)
	if h.Current() != intake.StageProposalSent {
		t.Errorf("moved to %s", h.Current())
	}
	p.MustSay("Proposal sent")
}

func TestShotsOfThePipeline(t *testing.T) {
	p := newPlace(t)
	for i, s := range []string{"Ada Berg/Bo Berg/a friend", "Cleo Dahl//search", "Eva Falk/Finn Falk/search", "Gus Holm/Ida Jensen/a talk at the library"} {
		part := strings.Split(s, "/")
		e := enquiry(part[0], part[1], part[2])
		e.Message, e.A.Email, e.A.Safe.When = "We talk past each other since the move, and would like to find our way back.", "someone@example.org", "weekdays 10 to 15"
		id := p.add(e)
		if i > 1 {
			ok(t, p.intake.BookCall(ctx, id, p.Env.Now().Add(48*time.Hour)))
		}
		if i > 2 {
			ok(t, p.intake.MoveEnquiry(ctx, id, intake.StageCallHeld, ""))
			ok(t, p.intake.MoveEnquiry(ctx, id, intake.StageConsidering, "wish to sleep on it"))
		}
	}
	p.Clock.Jump(11 * 24 * time.Hour)
	p.page.Open(kit.Route{Page: PageID})
	p.Settle()
	p.Capture("pipeline")
	p.page.list.Activate(2)
	p.Settle()
	p.MustSay("Ada Berg & Bo Berg")
	p.Capture("pipeline-enquiry")
	p.Tap("Start the call")
	p.Clock.Wind(5 * time.Minute)
	p.Fill("In their own words", "We talk past each other.")
	p.Clock.Wind(savePause)
	p.Capture("pipeline-call")
	p.Tap("Finish the call")
	p.Tap("Make it a record…")
	p.Capture("pipeline-convert")
	p.Env.Dialogs.Dismiss()
	p.page.NewEnquiry()
	p.Capture("pipeline-new")
	p.Env.Dialogs.Dismiss()
	p.quiet()
}
