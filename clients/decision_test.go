package clients_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

func TestPV46ASignatureNamesVersionLanguageDayAndWay(t *testing.T) {
	s, _ := book(t)
	id, a, b := couple(t, s, named("Priya", "Raman"), named("Thomas", "Whitlow"))
	sign := func(p ids.ID, purpose, version string, on day.Day) ids.ID {
		return must[ids.ID](t)(s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: p, Purpose: purpose, TextVersion: version, Language: "en", SignedOn: on, Way: "on paper"}))
	}
	first := sign(a, clients.PurposeAgreement, "1", "2026-09-01")
	second := sign(a, clients.PurposeAgreement, "2", "2026-10-01")
	sign(b, clients.PurposeRecords, "1", "2026-09-01")
	third := must[ids.ID](t)(s.WithdrawConsent(ctx, id, a, clients.PurposeAgreement, "2026-11-01", "by e-mail"))

	l := must[[]clients.Signature](t)(s.Signatures(ctx, asA, id))
	type brief struct {
		ID, Replaces ids.ID
		State, Text  string
		Current      bool
	}
	var got []brief
	for _, g := range l {
		got = append(got, brief{g.ID, g.Replaces, g.State, g.TextVersion, g.Current})
	}
	want := []brief{{third, second, clients.StateWithdrawn, "2", true}, {second, first, clients.StateGiven, "2", false}, {first, ids.Nil, clients.StateGiven, "1", false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for aud, n := range map[clients.Audience]int{coach: 4, asA: 3, asB: 1, us: 0, nobody: 0} {
		if l := must[[]clients.Signature](t)(s.Signatures(ctx, aud, id)); len(l) != n {
			t.Errorf("%q sees %d signatures, want %d", aud.Reader(), len(l), n)
		}
	}
	states := map[ids.ID]bool{}
	for _, c := range must[[]clients.ConsentState](t)(s.Consents(ctx, id)) {
		states[c.PersonID] = c.Given
	}
	if d := cmp.Diff(map[ids.ID]bool{a: false, b: true}, states); d != "" {
		t.Error(d)
	}
	_, err := s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: a})
	if d := cmp.Diff([]string{"purpose", "text_version", "language", "way", "signed_on"}, fields(err)); d != "" {
		t.Error(d)
	}
	_, err = s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: ids.New(), Purpose: clients.PurposeRecords, TextVersion: "1", Language: "en", Way: "on paper", SignedOn: today})
	if d := cmp.Diff([]string{"person"}, fields(err)); d != "" {
		t.Error(d)
	}
	_, err = s.WithdrawConsent(ctx, id, b, clients.PurposeAgreement, today, "")
	wantKind(t, err, fault.NotFound)
}

// released is how much of an item a partner has released on a day.
func released(t *testing.T, s *clients.Store, couple, item ids.ID, of clients.Slot, on day.Day) clients.Scope {
	t.Helper()
	return must[map[ids.ID]map[clients.Slot]clients.Scope](t)(s.ReleasedOf(ctx, couple, on))[item][of]
}

func TestPV18AReleaseIsOfOnePartnerAndItemDatedRevocableAndEndsWithTheEngagement(t *testing.T) {
	s, cb := book(t)
	id, _, _ := couple(t, s, named("Renske", "de Graaf"), named("Ivonne", "Salcedo"))
	item := ids.New()
	scope := func(on day.Day) clients.Scope {
		return released(t, s, id, item, clients.SlotB, on)
	}
	give := func(channels []string, until day.Day) {
		must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotB, ItemID: item, Channels: channels, GivenOn: "2026-11-01", ExpiresOn: until, Way: "said in the session"}))
	}
	if !scope(today).IsZero() {
		t.Error("nothing was released")
	}
	give([]string{"SP", "EM", "EM"}, "")
	if d := cmp.Diff(clients.Scope{Channels: []string{"EM", "SP"}}, scope("2099-01-01")); d != "" {
		t.Error(d)
	}
	give(nil, "2026-11-22")
	if d := cmp.Diff(clients.Scope{Whole: true}, scope(today)); d != "" || !scope("2026-11-23").IsZero() {
		t.Errorf("%s; after the last day %+v", d, scope("2026-11-23"))
	}
	must[ids.ID](t)(s.WithdrawRelease(ctx, id, clients.SlotB, item, today, "by telephone"))
	if !scope(today).IsZero() {
		t.Error("withdrawn, and still released")
	}
	give([]string{"IN"}, "")
	if all := must[map[ids.ID]map[clients.Slot]clients.Scope](t)(s.ReleasedOf(ctx, id, today)); !all[item][clients.SlotB].Has("IN") || len(all) != 1 || !all[item][clients.SlotA].IsZero() {
		t.Errorf("%+v", all)
	}
	if l := must[[]clients.Release](t)(s.Releases(ctx, coach, id)); len(l) != 4 || !l[0].Current || l[1].Current || l[0].Replaces != l[1].ID || l[2].Channels != nil {
		t.Errorf("%+v", l)
	}
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		if l := must[[]clients.Release](t)(s.Releases(ctx, aud, id)); l != nil {
			t.Errorf("%s is told of releases", aud.Reader())
		}
	}

	// The end of the engagement is the end of what had no end (rule PV-18).
	e := must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0]
	ok(t, s.EndEngagement(ctx, e.ID, "2026-11-20"))
	if !scope(today).IsZero() || !scope("2026-11-20").Has("IN") {
		t.Errorf("on the last day %+v, after it %+v", scope("2026-11-20"), scope(today))
	}
	give(nil, "")
	if !scope(today).IsZero() {
		t.Error("released after the end without an end")
	}

	// Two decisions that do not know of each other: the more protective counts (rule PV-48).
	two := ids.New()
	for _, sc := range []string{`["EM","IN"]`, `["IN","SP"]`} {
		exec(t, cb, `INSERT INTO release (id, couple_id, partner, item_id, scope, given_on) VALUES (?, ?, 'A', ?, ?, ?)`, ids.New(), id, two, sc, today)
	}
	if got := released(t, s, id, two, clients.SlotA, today); !cmp.Equal(got, clients.Scope{Channels: []string{"IN"}}) {
		t.Errorf("%+v", got)
	}
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: two, ExpiresOn: "2027-01-01"}))
	if got := released(t, s, id, two, clients.SlotA, today); !got.Whole {
		t.Errorf("a later decision that knows both: %+v", got)
	}
	_, err := s.GiveRelease(ctx, clients.Release{CoupleID: id, GivenOn: today, ExpiresOn: "2026-01-01", Channels: []string{}})
	if d := cmp.Diff([]string{"partner", "item", "expires_on", "channels"}, fields(err)); d != "" {
		t.Error(d)
	}
}

func TestPV30OnlyANewScreenWithAReasonLiftsAStop(t *testing.T) {
	s, cb := book(t)
	id, a, b := couple(t, s, named("Dana", "Whitcombe"), named("Kieran", "Moss"))
	record := func(p ids.ID, n clients.Screen) error {
		n.CoupleID, n.PersonID = id, p
		if n.HeldOn == "" {
			n.HeldOn = "2026-11-10"
		}
		_, err := s.RecordScreen(ctx, n)
		return err
	}
	verdict := func() clients.JointVerdict {
		return must[clients.JointState](t)(s.JointStatus(ctx, id, today)).Verdict
	}
	if v := verdict(); v != clients.JointScreensDue {
		t.Errorf("verdict %d without screens", v)
	}
	wantKind(t, s.OverrideJoint(ctx, id, " ", ""), fault.BadInput)
	wantKind(t, s.OverrideJoint(ctx, id, "a reason", "2026-11-21"), fault.BadInput)
	ok(t, s.OverrideJoint(ctx, id, "seen by a colleague", ""))
	if st := must[clients.JointState](t)(s.JointStatus(ctx, id, today)); st.Verdict != clients.JointOpen || !st.Overridden {
		t.Errorf("%+v", st)
	}
	if st := must[clients.JointState](t)(s.JointStatus(ctx, id, today.Add(clients.OverrideDays+1))); st.Verdict != clients.JointScreensDue {
		t.Errorf("after the override %+v", st)
	}
	ok(t, record(b, clients.Screen{Outcome: clients.ScreenClear}))
	ok(t, record(a, clients.Screen{Outcome: clients.ScreenStop, Body: "afraid to speak", Supervisor: "R. Supervisor"}))
	if v := verdict(); v != clients.JointOnHold {
		t.Errorf("verdict %d after a stop, override or not", v)
	}
	wantKind(t, s.OverrideJoint(ctx, id, "a reason", ""), fault.Refused)

	// Only a new screen with a reason, and the supervisor if there was one, lifts a stop.
	if d := cmp.Diff([]string{"reason", "supervisor"}, fields(record(a, clients.Screen{Outcome: clients.ScreenClear}))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"supervisor"}, fields(record(a, clients.Screen{Outcome: clients.ScreenDeclined, Reason: "x"}))); d != "" {
		t.Error(d)
	}
	ok(t, record(a, clients.Screen{Outcome: clients.ScreenStop}))
	ok(t, record(a, clients.Screen{Outcome: clients.ScreenClear, Reason: "they live apart"}))
	if v := verdict(); v != clients.JointOpen {
		t.Errorf("verdict %d after a new screen", v)
	}
	if d := cmp.Diff([]string{"outcome"}, fields(record(a, clients.Screen{Outcome: "fine"}))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"person"}, fields(record(ids.New(), clients.Screen{Outcome: clients.ScreenClear}))); d != "" {
		t.Error(d)
	}
	l := must[[]clients.Screen](t)(s.Screens(ctx, coach, id))
	current := 0
	for _, n := range l {
		if n.Current {
			current++
		}
	}
	if len(l) != 4 || current != 2 {
		t.Errorf("%d screens, %d in force; want 4 and 2", len(l), current)
	}
	if n := number(t, cb, `SELECT count(*) FROM safety_screen WHERE visibility <> 'coach_only' OR sensitivity <> 'safety' OR subject = 'both'`); n != 0 {
		t.Errorf("%d screens could be seen", n)
	}
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		if l := must[[]clients.Screen](t)(s.Screens(ctx, aud, id)); l != nil {
			t.Errorf("%s sees screens", aud.Reader())
		}
		if l := must[[]clients.Override](t)(s.Overrides(ctx, aud, id)); l != nil {
			t.Errorf("%s sees overrides", aud.Reader())
		}
	}
	if err := cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE safety_screen SET outcome = 'clear'`)
		return err
	}); err == nil {
		t.Error("a screen was changed")
	}
}

// What B sees of a record that was stopped is byte for byte what B sees of one that is
// on a pause (rule PV-31).
func TestPV31AStopLooksLikeAPause(t *testing.T) {
	s, _ := book(t)
	view := func(hold func(id, a, b ids.ID)) map[clients.Reader]clients.Overview {
		id, a, b := couple(t, s, named("Dana", "Whitcombe"), named("Kieran", "Moss"))
		hold(id, a, b)
		out := map[clients.Reader]clients.Overview{}
		for _, aud := range []clients.Audience{us, asA, asB} {
			o := must[clients.Overview](t)(s.Overview(ctx, aud, id, casebooktest.Start))
			o.ID = ids.Nil
			for i := range o.Partners {
				o.Partners[i].PersonID = ids.Nil
			}
			o.Engagement.ID, o.Engagement.CoupleID = ids.Nil, ids.Nil
			out[aud.Reader()] = o
		}
		return out
	}
	stop := view(func(id, a, b ids.ID) {
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: b, Outcome: clients.ScreenClear, HeldOn: today}))
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: a, Outcome: clients.ScreenStop, HeldOn: today, Body: "token"}))
	})
	pause := view(func(id, _, _ ids.ID) {
		ok(t, s.PauseEngagement(ctx, must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0].ID, true))
	})
	if d := cmp.Diff(pause, stop); d != "" {
		t.Error(d)
	}
	if !stop[clients.B].OnHold {
		t.Error("on hold does not show")
	}
	end := func(id ids.ID) {
		ok(t, s.EndEngagement(ctx, must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0].ID, today))
	}
	stop = view(func(id, a, b ids.ID) {
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: a, Outcome: clients.ScreenStop, HeldOn: today, Body: "token"}))
		end(id)
	})
	pause = view(func(id, _, _ ids.ID) {
		ok(t, s.PauseEngagement(ctx, must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0].ID, true))
		end(id)
	})
	if d := cmp.Diff(pause, stop); d != "" {
		t.Errorf("after the end: %s", d)
	}
}

func TestPV16WideningNeedsAReleaseAndIsOnRecord(t *testing.T) {
	s, cb := book(t)
	id, _, _ := couple(t, s, named("A", "A"), named("B", "B"))
	item := func(subject clients.Subject, vis clients.Visibility, sens clients.Sensitivity) ids.ID {
		l := ids.New()
		exec(t, cb, `INSERT INTO letter (id, couple_id, subject, visibility, sensitivity) VALUES (?, ?, ?, ?, ?)`, l, id, subject, vis, sens)
		return l
	}
	set := func(l ids.ID, to clients.Visibility) error {
		return cb.Write(ctx, "test", func(tx *casebook.Tx) error { return clients.SetVisibility(tx, "letter", l, to, "asked for") })
	}
	mine := item(clients.SubjectA, clients.CoachOnly, clients.Normal)
	ok(t, set(mine, clients.PartnerA))
	wantKind(t, set(mine, clients.Joint), fault.Refused)
	wantKind(t, set(mine, clients.PartnerB), fault.Refused)
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: mine, Channels: []string{"EM"}}))
	wantKind(t, set(mine, clients.Joint), fault.Refused)
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: mine}))
	ok(t, set(mine, clients.Joint))
	ok(t, set(mine, clients.CoachOnly))
	ok(t, set(mine, clients.CoachOnly))
	if n := number(t, cb, `SELECT count(*) FROM visibility_change WHERE item_id = ?`, mine); n != 3 {
		t.Errorf("%d changes on record, want 3", n)
	}
	if n := number(t, cb, `SELECT count(*) FROM visibility_change v WHERE item_id = ? AND was = 'joint' AND visibility = 'coach_only' AND replaces IS NOT NULL AND coach_id IS NOT NULL AND reason = 'asked for'`, mine); n != 1 {
		t.Error("the last change is not on record")
	}
	safe := item(clients.SubjectA, clients.CoachOnly, clients.Safety)
	wantKind(t, set(safe, clients.PartnerA), fault.BadInput)
	third := item(clients.SubjectThird, clients.CoachOnly, clients.Normal)
	wantKind(t, set(third, clients.Joint), fault.Refused)
	ok(t, set(third, clients.PartnerA))
	both := item(clients.SubjectBoth, clients.CoachOnly, clients.Normal)
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: both}))
	wantKind(t, set(both, clients.Joint), fault.Refused)
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotB, ItemID: both}))
	ok(t, set(both, clients.Joint))
	wantKind(t, set(ids.New(), clients.Joint), fault.NotFound)
	wantKind(t, set(mine, "everybody"), fault.BadInput)
}

// A decision made on a later day replaces the one before, whatever its order in the file.
func TestClockMoves(t *testing.T) {
	cb, clock := casebooktest.NewClock(t)
	s := clients.New(cb)
	id, a, b := couple(t, s, named("A", "A"), named("B", "B"))
	for _, p := range []ids.ID{a, b} {
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: p, Outcome: clients.ScreenClear, HeldOn: today}))
	}
	clock.Move(200 * 24 * time.Hour)
	later := day.Of(clock.Now())
	if st := must[clients.JointState](t)(s.JointStatus(ctx, id, later)); st.Verdict != clients.JointScreensDue || len(st.Due) != 2 {
		t.Errorf("%+v", st)
	}
	must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: b, Outcome: clients.ScreenClear, HeldOn: later}))
	if st := must[clients.JointState](t)(s.JointStatus(ctx, id, later)); !cmp.Equal(st.Due, []clients.Slot{clients.SlotA}) {
		t.Errorf("%+v", st)
	}
}
