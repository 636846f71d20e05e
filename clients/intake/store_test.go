package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

const onDay day.Day = "2026-11-22"

var (
	ctx     = context.Background()
	coach   = clients.For(clients.CoachView, onDay)
	partner = clients.For(clients.A, onDay)
)

type desk struct {
	*intake.Store
	people *clients.Store
	cb     *casebook.Casebook
	clock  *casebooktest.Clock
}

func open(t testing.TB) desk {
	t.Helper()
	cb, clock := casebooktest.NewClock(t)
	return desk{intake.New(cb), clients.New(cb), cb, clock}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, k fault.Kind) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Fatalf("error %v, want one of kind %d", err, k)
	}
}

// full is an enquiry in which everything is filled in.
func full() intake.Enquiry {
	return intake.Enquiry{
		ReceivedAt: casebooktest.Start.Add(-26 * time.Hour), Source: "article", Kind: clients.KindCouple, BookedBy: "b",
		A: clients.Person{
			Name: clients.Name{Given: "晓梅", Family: "王", Order: clients.FamilyFirst, Latin: "Wáng Xiǎoméi"}, Say: "shyaow-may", Pronouns: "she/her", Language: "zh", Zone: "Asia/Shanghai",
			BirthYear: 1997, Email: "x@example.org", Phone: "+1 555-0101", Safe: clients.SafeContact{Channel: "text", When: "evenings", Message: "no", Note: "not at work"},
		},
		B:             clients.Person{Name: clients.Name{Given: "Łukasz", Family: "Dąbrowski", Order: clients.GivenFirst}, Language: "pl", Zone: "Europe/Warsaw", Email: "l@example.org"},
		SharedAddress: true, BothAgreed: true, Message: "We live\nfar apart.", Intent: "grow", NextStep: "write back", NextOn: "2026-11-24",
	}
}

func TestEnquiryRoundTrip(t *testing.T) {
	d := open(t)
	id := must[ids.ID](t)(d.Create(ctx, full()))
	want := full()
	want.ID, want.CoachID, want.Stage, want.StageAt, want.CreatedAt = id, d.cb.Coach(), intake.StageEnquiry, casebooktest.Start, casebooktest.Start
	if diff := cmp.Diff(want, must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id))); diff != "" {
		t.Error(diff)
	}
	ok(t, d.Update(ctx, id, func(e *intake.Enquiry) error { e.B.Pronouns, e.Message = "he/him", " shorter "; return nil }))
	ok(t, d.MarkFollowUp(ctx, id, "2026-11-24", "2026-11-25"))
	ok(t, d.Archive(ctx, id, true))
	want.B.Pronouns, want.Message, want.Archived, want.Done = "he/him", "shorter", true, []intake.FollowUpDone{{Due: "2026-11-24", On: "2026-11-25"}}
	if diff := cmp.Diff(want, must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id))); diff != "" {
		t.Error(diff)
	}
	ok(t, d.Delete(ctx, id))
	if e := must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id)); !e.Deleted {
		t.Error("not in the recycle bin")
	}
	ok(t, d.Restore(ctx, id))
	_, err := d.Create(ctx, intake.Enquiry{B: clients.Person{Zone: "Mars"}, NextOn: "soon", BookedBy: "c"})
	var got []string
	for _, f := range []string{"booked_by", "a_given_name", "next_on", "b_zone"} {
		if hasField(err, f) {
			got = append(got, f)
		}
	}
	if len(got) != 4 {
		t.Errorf("%v names %v", err, got)
	}
	wantKind(t, d.Update(ctx, ids.New(), func(*intake.Enquiry) error { return nil }), fault.NotFound)
	wantKind(t, d.Delete(ctx, ids.New()), fault.NotFound)
}

func hasField(err error, field string) bool {
	if f, isFault := err.(*fault.Error); isFault {
		return f.Field == field
	}
	if many, isMany := err.(interface{ Unwrap() []error }); isMany {
		for _, e := range many.Unwrap() {
			if hasField(e, field) {
				return true
			}
		}
	}
	return false
}

// The whole way: enquiry, call, record, signatures and screens, active (rules PV-30, PV-46).
func TestJourney(t *testing.T) {
	d := open(t)
	id := must[ids.ID](t)(d.Create(ctx, full()))
	d.clock.Move(time.Hour)
	at := casebooktest.Start.Add(48 * time.Hour)
	ok(t, d.BookCall(ctx, id, at))
	ok(t, d.BookCall(ctx, id, at.Add(time.Hour))) // moved: no second change of stage
	d.clock.Move(48 * time.Hour)
	call := must[ids.ID](t)(d.StartCall(ctx, id))
	ok(t, d.UpdateCall(ctx, call, func(c *intake.Call) error { c.Sheet.Concern = "far apart"; return nil }))
	d.clock.Move(30 * time.Minute)
	ok(t, d.FinishCall(ctx, call, func(c *intake.Call) error {
		c.Minutes, c.Sheet.Decision, c.Sheet.NextStep, c.Sheet.NextOn = 30, intake.DecisionFit, "send proposal", "2026-11-30"
		return nil
	}))
	before := must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id))
	if before.Stage != intake.StageConsidering || before.NextStep != "send proposal" || before.NextOn != "2026-11-30" || !before.CallAt.Equal(at.Add(time.Hour)) {
		t.Errorf("%+v", before)
	}

	wantKind(t, d.MoveEnquiry(ctx, id, intake.StageActive, ""), fault.BadInput)
	couple := must[ids.ID](t)(d.Convert(ctx, id, intake.Conversion{Status: "long-distance", Policy: clients.LimitedSecrets, Tags: []string{"online"}}))
	_, err := d.Convert(ctx, id, intake.Conversion{})
	wantKind(t, err, fault.Refused)

	h := must[clients.Header](t)(d.people.Header(ctx, coach, couple, d.clock.Now()))
	if h.Title != "王晓梅 & Łukasz Dąbrowski" || h.Stage != "considering" || !h.StageAt.Equal(before.StageAt) || h.Status != "long-distance" || !cmp.Equal(h.Tags, []string{"online"}) {
		t.Errorf("%+v", h)
	}
	if h.Engagement == nil || h.Engagement.Intent != "grow" || h.Engagement.Policy != clients.LimitedSecrets || !cmp.Equal(h.Engagement.Coaches, []ids.ID{d.cb.Coach()}) {
		t.Errorf("%+v", h.Engagement)
	}
	for i, want := range []clients.Person{full().A, full().B} {
		got := must[clients.Person](t)(d.people.Person(ctx, coach, h.Partners[i].PersonID))
		want.ID, want.CreatedAt = got.ID, got.CreatedAt
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	o := must[intake.Origin](t)(d.OfCouple(ctx, coach, couple))
	if o.Enquiry == nil || o.Enquiry.Message != "We live\nfar apart." || len(o.Calls) != 1 || o.Calls[0].Sheet.Concern != "far apart" || o.Calls[0].Minutes != 30 || o.Calls[0].CoupleID != couple {
		t.Errorf("%+v", o)
	}

	for _, st := range []intake.Stage{intake.StageProposalSent, intake.StageAgreementSigned} {
		d.clock.Move(time.Hour)
		ok(t, d.MoveCouple(ctx, couple, st, ""))
	}
	err = d.MoveCouple(ctx, couple, intake.StageActive, "")
	for _, f := range []string{"agreement_A", "agreement_B", "consent_A", "consent_B", "screen_A", "screen_B"} {
		if !hasField(err, f) {
			t.Errorf("%v does not name %s", err, f)
		}
	}
	for _, p := range h.Partners {
		for _, purpose := range []string{clients.PurposeAgreement, clients.PurposeRecords} {
			must[ids.ID](t)(d.people.Sign(ctx, clients.Signature{CoupleID: couple, PersonID: p.PersonID, Purpose: purpose, TextVersion: "1", Language: "en", Way: "on paper", SignedOn: onDay}))
		}
		must[ids.ID](t)(d.people.RecordScreen(ctx, clients.Screen{CoupleID: couple, PersonID: p.PersonID, Outcome: clients.ScreenClear, HeldOn: onDay}))
	}
	r := must[intake.Readiness](t)(d.Readiness(ctx, coach, couple))
	ok(t, r.MayStart())
	ok(t, d.MoveCouple(ctx, couple, intake.StageActive, ""))

	engagement := func() clients.Engagement {
		return must[[]clients.Engagement](t)(d.people.Engagements(ctx, coach, couple))[0]
	}
	if e := engagement(); e.StartedOn != day.Of(d.clock.Now()) || e.Paused || e.EndedOn != "" {
		t.Errorf("active: %+v", e)
	}
	ok(t, d.MoveCouple(ctx, couple, intake.StagePaused, ""))
	if e := engagement(); !e.Paused {
		t.Error("on hold, and the engagement runs")
	}
	ok(t, d.MoveEnquiry(ctx, id, intake.StageActive, "they are back")) // by the enquiry it came from
	if e := engagement(); e.Paused {
		t.Error("on again, and the engagement is on hold")
	}
	ok(t, d.MoveCouple(ctx, couple, intake.StageCompleted, ""))
	if e := engagement(); e.EndedOn != day.Of(d.clock.Now()) {
		t.Errorf("completed: %+v", e)
	}
	wantKind(t, d.MoveCouple(ctx, couple, intake.StageActive, ""), fault.BadInput) // going back needs a reason
	ok(t, d.MoveCouple(ctx, couple, intake.StageActive, "closed by mistake"))
	if e := engagement(); e.EndedOn != "" {
		t.Errorf("reopened: %+v", e)
	}

	var stages []string
	for _, c := range must[intake.History](t)(d.HistoryOfCouple(ctx, coach, couple)) {
		stages = append(stages, string(c.Stage))
	}
	want := "enquiry call_booked call_held considering proposal_sent agreement_signed active paused active completed active"
	if got := strings.Join(stages, " "); got != want {
		t.Errorf("history %q, want %q", got, want)
	}
	if a, b := must[intake.History](t)(d.HistoryOfEnquiry(ctx, coach, id)), must[intake.History](t)(d.HistoryOfCouple(ctx, coach, couple)); !cmp.Equal(a, b) {
		t.Error("the two ends of one history differ")
	}
	if e := must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id)); e.Stage != intake.StageActive || e.CoupleID != couple {
		t.Errorf("%+v", e)
	}

	cases := must[[]intake.Case](t)(d.Cases(ctx, coach, day.Of(d.clock.Now())))
	zero := 0
	if diff := cmp.Diff([]intake.Case{{Cohort: "2026-11-21", Source: "article", Booked: true, Held: true, Decision: intake.DecisionFit, Enrolled: true, DaysToDecision: &zero}}, cases); diff != "" {
		t.Error(diff)
	}
	if len(must[[]intake.Case](t)(d.Cases(ctx, partner, onDay))) != 0 {
		t.Error("a partner is told how many enquiries there are")
	}
	if c := must[[]string](t)(d.Sources(ctx, coach)); !cmp.Equal(c, []string{"article"}) {
		t.Error(c)
	}
}

// A conversion that is refused leaves nothing behind.
func TestConvertWhollyOrNot(t *testing.T) {
	d := open(t)
	id := must[ids.ID](t)(d.Create(ctx, intake.Enquiry{A: clients.Person{Email: "only@example.org"}}))
	_, err := d.Convert(ctx, id, intake.Conversion{})
	wantKind(t, err, fault.BadInput)
	_, err = d.Convert(ctx, id, intake.Conversion{A: ids.New()})
	wantKind(t, err, fault.NotFound)
	var n int
	ok(t, d.cb.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM couple) + (SELECT count(*) FROM engagement)`).Scan(&n))
	if e := must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id)); n != 0 || !e.CoupleID.IsZero() {
		t.Errorf("%d rows, enquiry %+v", n, e)
	}
}

func TestConvertToSingle(t *testing.T) {
	d := open(t)
	for _, c := range []struct {
		by, want string
	}{{"a", "王晓梅"}, {"b", "Łukasz Dąbrowski"}} {
		e := full()
		e.BookedBy = c.by
		id := must[ids.ID](t)(d.Create(ctx, e))
		couple := must[ids.ID](t)(d.Convert(ctx, id, intake.Conversion{Kind: clients.KindSingle}))
		h := must[clients.Header](t)(d.people.Header(ctx, coach, couple, d.clock.Now()))
		if h.Kind != clients.KindSingle || h.Title != c.want {
			t.Errorf("%s: %q", c.by, h.Title)
		}
	}
	// Somebody already known takes the place.
	known := must[ids.ID](t)(d.people.CreatePerson(ctx, clients.Person{Name: clients.Name{Given: "Łukasz"}}))
	id := must[ids.ID](t)(d.Create(ctx, full()))
	couple := must[ids.ID](t)(d.Convert(ctx, id, intake.Conversion{B: known}))
	if c := must[clients.Couple](t)(d.people.Couple(ctx, coach, couple)); c.B != known || c.A.IsZero() {
		t.Errorf("%+v", c)
	}
}

func TestCallEnds(t *testing.T) {
	d := open(t)
	zero := 0
	for decision, want := range map[intake.Decision]intake.Stage{
		"": intake.StageCallHeld, intake.DecisionNotNow: intake.StageConsidering, intake.DecisionReferOut: intake.ExitReferredOut, intake.DecisionNotAFit: intake.ExitNotAFit, intake.DecisionDeclined: intake.ExitDeclined,
	} {
		id := must[ids.ID](t)(d.Create(ctx, full()))
		call := must[ids.ID](t)(d.StartCall(ctx, id))
		ok(t, d.FinishCall(ctx, call, func(c *intake.Call) error { c.Sheet.Decision = decision; return nil }))
		if e := must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id)); e.Stage != want {
			t.Errorf("%q leads to %s, want %s", decision, e.Stage, want)
		}
	}
	id := must[ids.ID](t)(d.Create(ctx, full()))
	call := must[ids.ID](t)(d.StartCall(ctx, id))
	if c := must[intake.Call](t)(d.Call(ctx, coach, call)); c.Sheet.Intent != "grow" || c.Sheet.Source != "article" || !c.HeldAt.Equal(casebooktest.Start) {
		t.Errorf("%+v", c)
	}
	wantKind(t, d.FinishCall(ctx, call, func(c *intake.Call) error {
		c.Sheet.Decision, c.Sheet.Fit.Safe = intake.DecisionFit, &zero
		return nil
	}), fault.BadInput)
	wantKind(t, d.UpdateCall(ctx, call, func(c *intake.Call) error { c.Minutes = -1; return nil }), fault.BadInput)
	if e := must[intake.Enquiry](t)(d.Enquiry(ctx, coach, id)); e.Stage != intake.StageEnquiry {
		t.Errorf("a call that was not saved moved the stage to %s", e.Stage)
	}
	ok(t, d.UpdateCall(ctx, call, func(c *intake.Call) error { c.Sheet.Exclusions = []string{"fear_violence"}; return nil }))
	var sens, vis string
	ok(t, d.cb.Reader().QueryRowContext(ctx, `SELECT sensitivity, visibility FROM discovery_call WHERE id = ?`, call).Scan(&sens, &vis))
	if sens != "safety" || vis != "coach_only" {
		t.Errorf("%s, %s", sens, vis)
	}
	ok(t, d.DeleteCall(ctx, call))
	if l := must[[]intake.Call](t)(d.CallsOfEnquiry(ctx, coach, id)); len(l) != 0 {
		t.Errorf("%+v", l)
	}
	ok(t, d.RestoreCall(ctx, call))
	if l := must[[]intake.Call](t)(d.CallsOfEnquiry(ctx, coach, id)); len(l) != 1 {
		t.Errorf("%+v", l)
	}
}

// Nothing of an enquiry is there for anybody but the coach.
func TestIntakeIsTheCoachs(t *testing.T) {
	d := open(t)
	e := full()
	e.Message = "tokenmessage"
	id := must[ids.ID](t)(d.Create(ctx, e))
	call := must[ids.ID](t)(d.StartCall(ctx, id))
	ok(t, d.FinishCall(ctx, call, func(c *intake.Call) error { c.Sheet.Reaction = "tokenreaction"; return nil }))
	couple := must[ids.ID](t)(d.Convert(ctx, id, intake.Conversion{}))
	ok(t, d.MoveCouple(ctx, couple, intake.StageConsidering, "tokenreason"))
	for _, aud := range []clients.Audience{coach, partner, clients.For(clients.B, onDay), clients.For(clients.Us, onDay), {}} {
		var all strings.Builder
		for _, read := range []func() (any, error){
			func() (any, error) { return d.Enquiry(ctx, aud, id) },
			func() (any, error) { return d.Call(ctx, aud, call) },
			func() (any, error) { return d.CallsOfEnquiry(ctx, aud, id) },
			func() (any, error) { return d.HistoryOfCouple(ctx, aud, couple) },
			func() (any, error) { return d.HistoryOfEnquiry(ctx, aud, id) },
			func() (any, error) { return d.Sources(ctx, aud) },
			func() (any, error) { return d.Readiness(ctx, aud, couple) },
			func() (any, error) {
				o, err := d.OfCouple(ctx, aud, couple)
				return fmt.Sprintf("%+v %d", o.Enquiry, len(o.Calls)+len(o.History)), err
			},
		} {
			v, err := read()
			if err != nil && (aud == coach || !fault.Is(err, fault.NotFound)) {
				t.Errorf("%q: %v", aud.Reader(), err)
			}
			fmt.Fprintf(&all, "%+v\n", v)
		}
		for _, tok := range []string{"tokenmessage", "tokenreaction", "tokenreason", "article", "call_held", "example.org", "王"} {
			if got := strings.Contains(all.String(), tok); got != (aud == coach) {
				t.Errorf("%q: %q shows %v", aud.Reader(), tok, got)
			}
		}
	}
}
