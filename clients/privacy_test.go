package clients_test

import (
	"context"
	"flag"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// everySight is what each reader of each record sees, by record and reader.
func everySight(t testing.TB, cb *casebook.Casebook, records ...ids.ID) map[ids.ID]map[clients.Reader]map[ids.ID]bool {
	out := map[ids.ID]map[clients.Reader]map[ids.ID]bool{}
	for _, r := range records {
		out[r] = map[clients.Reader]map[ids.ID]bool{}
		for _, aud := range []clients.Audience{us, asA, asB, nobody} {
			out[r][aud.Reader()] = seen(t, cb, aud, r)
		}
	}
	return out
}

// few lets a property that writes much be looked at less often than the others.
func few(t *testing.T) {
	before := flag.Lookup("rapid.checks").Value.String()
	ok(t, flag.Set("rapid.checks", "25"))
	t.Cleanup(func() { ok(t, flag.Set("rapid.checks", before)) })
}

func wider(t *rapid.T, before, after map[ids.ID]bool, who string) {
	for item := range after {
		if !before[item] {
			t.Errorf("%s sees more than before", who)
			return
		}
	}
}

// Whatever is in a record, making one person of two entries, and taking it back, shows
// nobody more of it.
func TestPV19MergingDuplicatesNeverWidens(t *testing.T) {
	few(t)
	s, cb := book(t)
	rapid.Check(t, func(rt *rapid.T) {
		first, a, _ := couple(t, s, named("Thomas", "Whitlow"), named("Priya", "Raman"))
		second, _, b := couple(t, s, named("Ana", "Reis"), named("Tom", "Whitlow"))
		ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error {
			if err := fill(rt, tx, first, a); err != nil {
				return err
			}
			return fill(rt, tx, second, b)
		}))
		stop := rapid.Bool().Draw(rt, "stopped")
		if stop {
			must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: second, PersonID: b, Outcome: clients.ScreenStop, HeldOn: today}))
		}
		before := everySight(t, cb, first, second)
		look := func(step string) {
			for record, by := range everySight(t, cb, first, second) {
				for r, items := range by {
					wider(rt, before[record][r], items, step+": "+string(r))
				}
			}
			if st := must[clients.JointState](t)(s.JointStatus(ctx, second, today)); stop && st.Verdict != clients.JointOnHold {
				rt.Errorf("%s: a stop became %d", step, st.Verdict)
			}
		}
		ok(t, s.MergePersons(ctx, b, a))
		if c := must[clients.Couple](t)(s.Couple(ctx, coach, second)); c.B != a {
			rt.Errorf("the record is still of %v", c.B)
		}
		look("merged")
		ok(t, s.UnmergePersons(ctx, b, a))
		if c := must[clients.Couple](t)(s.Couple(ctx, coach, second)); c.B != b {
			rt.Errorf("the record is of %v", c.B)
		}
		if c := must[clients.Couple](t)(s.Couple(ctx, coach, first)); c.A != a {
			rt.Errorf("the other record is of %v", c.A)
		}
		look("apart again")
	})
}

// Whoever gets a slot sees nothing by that which they did not see before, and who loses it
// sees nothing more.
func TestPV19ChangingWhoIsAAndBNeverWidens(t *testing.T) {
	few(t)
	s, cb := book(t)
	rapid.Check(t, func(rt *rapid.T) {
		id, a, b := couple(t, s, named("A", "A"), named("B", "B"))
		ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error { return fill(rt, tx, id, a) }))
		third := must[ids.ID](t)(s.CreatePerson(ctx, *named("C", "C")))
		to := rapid.SampledFrom([][2]ids.ID{{b, a}, {third, b}, {a, third}, {third, a}, {b, third}}).Draw(rt, "to")
		sees := map[ids.ID]map[ids.ID]bool{a: seen(t, cb, asA, id), b: seen(t, cb, asB, id)}
		together := seen(t, cb, us, id)
		ok(t, s.ChangePartners(ctx, id, to[0], to[1]))
		wider(rt, sees[to[0]], seen(t, cb, asA, id), "who is A now")
		wider(rt, sees[to[1]], seen(t, cb, asB, id), "who is B now")
		wider(rt, together, seen(t, cb, us, id), "both together")
	})
}

func TestPV19ChangingPartnersKeepsAStop(t *testing.T) {
	s, _ := book(t)
	id, a, b := couple(t, s, named("A", "A"), named("B", "B"))
	must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: a, Outcome: clients.ScreenStop, HeldOn: today}))
	third := must[ids.ID](t)(s.CreatePerson(ctx, *named("C", "C")))
	wantKind(t, s.ChangePartners(ctx, id, third, b), fault.Refused)
	ok(t, s.ChangePartners(ctx, id, b, a))
	if st := must[clients.JointState](t)(s.JointStatus(ctx, id, today)); st.Verdict != clients.JointOnHold {
		t.Errorf("the other way round a stop is %d", st.Verdict)
	}
	wantKind(t, s.ChangePartners(ctx, id, a, a), fault.BadInput)
	wantKind(t, s.ChangePartners(ctx, id, ids.New(), a), fault.NotFound)
}

// A separation shows nobody more, begins nothing joint any more, and leaves a joint report
// to a new release of both.
func TestPV19PV20SeparatingNeverWidensAndEndsWhatIsJoint(t *testing.T) {
	few(t)
	s, cb := book(t)
	rapid.Check(t, func(rt *rapid.T) {
		id, a, _ := couple(t, s, named("Samira", "Haddad"), named("Jonas", "Lindqvist"))
		ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error { return fill(rt, tx, id, a) }))
		before := everySight(t, cb, id)
		ok(t, s.Separate(ctx, id, "2026-11-20"))
		for r, items := range everySight(t, cb, id)[id] {
			wider(rt, before[id][r], items, string(r))
		}
		ok(t, s.Rejoin(ctx, id))
		for r, items := range everySight(t, cb, id)[id] {
			wider(rt, before[id][r], items, "together again: "+string(r))
		}
	})
}

func TestPV20AJointReportOfTwoWhoPartedNeedsBothAnew(t *testing.T) {
	cb, clock := casebooktest.NewClock(t)
	s := clients.New(cb)
	id, a, b := couple(t, s, named("Samira", "Haddad"), named("Jonas", "Lindqvist"))
	for _, p := range []ids.ID{a, b} {
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: p, Outcome: clients.ScreenClear, HeldOn: today}))
	}
	item := ids.New()
	give := func(slot clients.Slot, item ids.ID) {
		must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: slot, ItemID: item, ExpiresOn: "2027-12-31"}))
	}
	give(clients.SlotA, item)
	give(clients.SlotA, id) // a release of before does not count after
	give(clients.SlotB, id)
	clock.Move(24 * time.Hour)
	on := day.Of(clock.Now())
	ok(t, s.Separate(ctx, id, on))
	state := func() clients.JointState { return must[clients.JointState](t)(s.JointStatus(ctx, id, on)) }
	if st := state(); st.Verdict != clients.JointParted || st.MayReport() == nil || st.OnHold() {
		t.Errorf("%+v", st)
	}
	wantKind(t, s.MayBeginJoint(ctx, id), fault.Refused)
	if !released(t, s, id, item, clients.SlotA, on).IsZero() {
		t.Error("a release outlives the parting")
	}
	if e := must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0]; e.EndedOn != on {
		t.Errorf("the engagement goes on: %+v", e)
	}
	give(clients.SlotB, id)
	if state().MayReport() == nil {
		t.Error("one release is enough")
	}
	give(clients.SlotA, id)
	if err := state().MayReport(); err != nil {
		t.Errorf("both released: %v", err)
	}
	must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: a, Outcome: clients.ScreenStop, HeldOn: on}))
	if state().MayReport() == nil {
		t.Error("a stop does not outlive the parting")
	}
	wantKind(t, s.Separate(ctx, id, on.Add(1)), fault.BadInput)
	// Each former partner's own file goes on.
	own := must[ids.ID](t)(s.OpenOwnRecord(ctx, id, clients.SlotA))
	if c := must[clients.Couple](t)(s.Couple(ctx, coach, own)); c.Kind != clients.KindSingle || c.A != a {
		t.Errorf("%+v", c)
	}
	_, err := s.OpenOwnRecord(ctx, id, clients.SlotA)
	wantKind(t, err, fault.Refused)
	other, _, _ := couple(t, s, named("X", "X"), named("Y", "Y"))
	_, err = s.OpenOwnRecord(ctx, other, clients.SlotA)
	wantKind(t, err, fault.Refused)
}

// Of one person in two records, nothing of the one can be reached through the other.
func TestPV21APersonInTwoCouplesCarriesNothingAcross(t *testing.T) {
	s, cb := book(t)
	first, a, _ := couple(t, s, named("Samira", "Haddad"), named("Jonas", "Lindqvist"))
	second := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{ID: a}, B: named("Karim", "Aziz"), Engagement: &clients.Engagement{StartedOn: today}}))
	letter := ids.New()
	exec(t, cb, `INSERT INTO letter (id, couple_id, body, subject, visibility) VALUES (?, ?, 'x', 'A', 'partner_A')`, letter, first)
	must[ids.ID](t)(s.Sign(ctx, clients.Signature{CoupleID: first, PersonID: a, Purpose: clients.PurposeRecords, TextVersion: "FIRST", Language: "en", Way: "on paper", SignedOn: today}))
	must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: first, PersonID: a, Outcome: clients.ScreenClear, HeldOn: today, Body: "FIRST"}))
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: first, Partner: clients.SlotA, ItemID: letter}))
	for _, aud := range []clients.Audience{us, asA, asB} {
		if n := len(seen(t, cb, aud, second)); n != 0 {
			t.Errorf("%q sees %d things of the other record", aud.Reader(), n)
		}
	}
	for _, aud := range []clients.Audience{coach, us, asA, asB} {
		if l := must[[]clients.Signature](t)(s.Signatures(ctx, aud, second)); len(l) != 0 {
			t.Errorf("%q is told of signatures of the other record", aud.Reader())
		}
		if l := must[[]clients.Screen](t)(s.Screens(ctx, aud, second)); len(l) != 0 {
			t.Errorf("%q is told of screens of the other record", aud.Reader())
		}
	}
	if all := must[map[ids.ID]map[clients.Slot]clients.Scope](t)(s.ReleasedOf(ctx, second, today)); len(all) != 0 {
		t.Errorf("releases of the other record: %v", all)
	}
	if st := must[clients.JointState](t)(s.JointStatus(ctx, second, today)); st.Verdict != clients.JointScreensDue {
		t.Errorf("a screen of the other record counts here: %+v", st)
	}
}

func TestPV45AWithdrawnConsentIsDecidedAboutAndStopsWhatItWasFor(t *testing.T) {
	s, cb := book(t)
	id, a, b := couple(t, s, named("Priya", "Raman"), named("Thomas", "Whitlow"))
	sign := func(purpose string) {
		must[ids.ID](t)(s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: a, Purpose: purpose, TextVersion: "1", Language: "en", Way: "on paper", SignedOn: today}))
	}
	may := func(p ids.ID, purpose string) bool {
		err := clients.MayProcess(ctx, cb.Reader(), id, p, purpose)
		if err != nil {
			wantKind(t, err, fault.Refused)
		}
		return err == nil
	}
	if !may(a, clients.PurposeQuizzes) {
		t.Error("what nobody signed for is refused")
	}
	sign(clients.PurposeQuizzes)
	sign(clients.PurposeRecords)
	must[ids.ID](t)(s.WithdrawConsent(ctx, id, a, clients.PurposeQuizzes, today, "told the coach"))
	if may(a, clients.PurposeQuizzes) || !may(a, clients.PurposeReports) || !may(b, clients.PurposeQuizzes) {
		t.Error("a withdrawal is for that person and purpose")
	}
	if l := must[[]clients.Undecided](t)(s.Withdrawals(ctx, coach, id)); len(l) != 0 {
		t.Errorf("there is nothing to decide about: %+v", l)
	}
	exec(t, cb, `INSERT INTO administration (id, couple_id, person_id, instrument, zone, subject, visibility) VALUES (?, ?, ?, 'x', 'z', 'A', 'partner_A')`, ids.New(), id, a)
	want := []clients.Undecided{{PersonID: a, Purpose: clients.PurposeQuizzes, On: today, Items: 1}}
	if d := cmp.Diff(want, must[[]clients.Undecided](t)(s.Withdrawals(ctx, coach, id))); d != "" {
		t.Error(d)
	}
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		if l := must[[]clients.Undecided](t)(s.Withdrawals(ctx, aud, id)); l != nil {
			t.Errorf("%q is told of decisions", aud.Reader())
		}
	}
	wantKind(t, s.Decide(ctx, id, a, clients.PurposeQuizzes, " "), fault.BadInput)
	wantKind(t, s.Decide(ctx, id, a, clients.PurposeRecords, "keep"), fault.NotFound)
	ok(t, s.Decide(ctx, id, a, clients.PurposeQuizzes, "kept until the claim is settled"))
	want[0].Decision = "kept until the claim is settled"
	if d := cmp.Diff(want, must[[]clients.Undecided](t)(s.Withdrawals(ctx, coach, id))); d != "" {
		t.Error(d)
	}
	if may(a, clients.PurposeQuizzes) {
		t.Error("a decision about the data gives the consent back")
	}
	sign(clients.PurposeQuizzes)
	if !may(a, clients.PurposeQuizzes) || len(must[[]clients.Undecided](t)(s.Withdrawals(ctx, coach, id))) != 0 {
		t.Error("a new signature does not allow it again")
	}
	must[ids.ID](t)(s.WithdrawConsent(ctx, id, a, clients.PurposeRecords, today, ""))
	if may(a, clients.PurposeQuizzes) || may(a, clients.PurposeReports) || may(a, clients.PurposeRecords) {
		t.Error("what may not be kept may be asked or told")
	}
}

func TestPV46AVersionOfATextNeverChanges(t *testing.T) {
	s, cb := book(t)
	shipped := must[[]clients.ConsentText](t)(clients.ShippedTexts())
	of := map[string]bool{}
	for _, x := range shipped {
		ok(t, x.Validate())
		of[x.Purpose] = true
	}
	for _, p := range clients.Purposes() {
		if !of[p] {
			t.Errorf("nothing ships for %s", p)
		}
	}
	for _, p := range clients.Policies() {
		if !of[clients.SecretsPurpose(p)] {
			t.Errorf("nothing ships for %s", p)
		}
	}
	own := clients.ConsentText{Purpose: clients.PurposeRecords, Version: "2026-1", Language: "nl", Title: "Aantekeningen", Body: "Ik schrijf op."}
	must[ids.ID](t)(s.AddConsentText(ctx, own))
	again := own
	again.Body = "anders"
	_, err := s.AddConsentText(ctx, again)
	if d := cmp.Diff([]string{"version"}, fields(err)); d != "" {
		t.Error(d)
	}
	again.Version, again.Language = "1", "en"
	if _, err := s.AddConsentText(ctx, again); !slices.Equal(fields(err), []string{"version"}) {
		t.Errorf("a shipped version was written over: %v", err)
	}
	_, err = s.AddConsentText(ctx, clients.ConsentText{Purpose: "everything"})
	if d := cmp.Diff([]string{"purpose", "version", "title", "language", "body"}, fields(err)); d != "" {
		t.Error(d)
	}
	all := must[[]clients.ConsentText](t)(s.ConsentTexts(ctx))
	i := slices.IndexFunc(all, func(x clients.ConsentText) bool { return x.Purpose == clients.PurposeRecords })
	if len(all) != len(shipped)+1 || all[i].Body != own.Body || all[i].Shipped() {
		t.Errorf("%+v", all[i])
	}
	if err := cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE consent_text SET body = 'x'`)
		return err
	}); err == nil {
		t.Error("a version was changed")
	}
}

// What was agreed about secrets is signed for one engagement and drives a reminder, never
// who may see something.
func TestThePolicyOnSecretsRemindsAndOpensNothing(t *testing.T) {
	s, cb := book(t)
	id, a, b := couple(t, s, named("Samira", "Haddad"), named("Jonas", "Lindqvist"))
	e := must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0]
	for _, p := range []ids.ID{a, b} {
		must[ids.ID](t)(s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: p, Purpose: clients.SecretsPurpose(clients.NoSecrets), TextVersion: "1", Language: "en", Way: "on paper", SignedOn: today}))
	}
	for _, g := range must[[]clients.Signature](t)(s.Signatures(ctx, coach, id)) {
		if g.EngagementID != e.ID {
			t.Errorf("signed for %v", g.EngagementID)
		}
	}
	note := func(about, sensitivity string) ids.ID {
		n, f, r := ids.New(), ids.New(), ids.New()
		exec(t, cb, `INSERT INTO note (id, couple_id, about, written_at) VALUES (?, ?, ?, 1)`, n, id, about)
		exec(t, cb, `INSERT INTO note_field (id, note_id, key, subject, visibility, sensitivity) VALUES (?, ?, 'content', 'A', 'coach_only', ?)`, f, n, sensitivity)
		exec(t, cb, `INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?, ?, ?, 'x')`, r, n, f)
		exec(t, cb, `UPDATE note_field SET head = ? WHERE id = ?`, r, f)
		return n
	}
	mine, joint, safe := note("A", "normal"), note("both", "normal"), note("A", "safety")
	before := everySight(t, cb, id)
	wantKind(t, s.SetPlan(ctx, clients.Plan{NoteID: mine, State: clients.PlanClient}), fault.BadInput)
	wantKind(t, s.SetPlan(ctx, clients.Plan{NoteID: joint, State: clients.PlanEnded}), fault.Refused)
	wantKind(t, s.SetPlan(ctx, clients.Plan{NoteID: safe, State: clients.PlanCoach, By: today}), fault.Refused)
	ok(t, s.SetPlan(ctx, clients.Plan{NoteID: safe, State: clients.PlanNone}))
	ok(t, s.SetPlan(ctx, clients.Plan{NoteID: mine, State: clients.PlanClient, By: today}))
	if d := cmp.Diff(before, everySight(t, cb, id)); d != "" {
		t.Errorf("a plan changed who sees what: %s", d)
	}
	due := func(aud clients.Audience) int { return len(must[[]clients.PlanDue](t)(s.PlansDue(ctx, aud, 9))) }
	if due(coach) != 1 || due(asA) != 0 || due(clients.For(clients.CoachView, today.Add(-1))) != 0 {
		t.Errorf("due: %d for the coach, %d for A", due(coach), due(asA))
	}
	// Two plans that do not know of each other: the open one counts.
	exec(t, cb, `INSERT INTO disclosure_plan (id, couple_id, note_id, state) VALUES (?, ?, ?, 'ended')`, ids.New(), id, mine)
	if p := must[map[ids.ID]clients.Plan](t)(s.Plans(ctx, coach, id))[mine]; p.State != clients.PlanClient || p.By != today {
		t.Errorf("%+v", p)
	}
	ok(t, s.SetPlan(ctx, clients.Plan{NoteID: mine, State: clients.PlanEnded}))
	if p := must[map[ids.ID]clients.Plan](t)(s.Plans(ctx, coach, id))[mine]; p.State != clients.PlanEnded || due(coach) != 0 {
		t.Errorf("%+v", p)
	}
	ok(t, s.UpdateEngagement(ctx, e.ID, func(e *clients.Engagement) error { e.Policy = clients.LimitedSecrets; return nil }))
	wantKind(t, s.SetPlan(ctx, clients.Plan{NoteID: mine, State: clients.PlanNone}), fault.Refused)
}

func TestPV32ASharedAddressAndWordsForOneAreRefused(t *testing.T) {
	s, _ := book(t)
	mail := func(p clients.SafeContact, email string) *clients.Person {
		return &clients.Person{Name: clients.Name{Given: "Dana"}, Email: email, Phone: "+44 7700 900100", Safe: p}
	}
	reach := func(p clients.SafeContact, theirs string) clients.Reach {
		other := named("Kieran", "Moss")
		other.Email = theirs
		_, a, _ := couple(t, s, mail(p, "home@example.org"), other)
		return must[clients.Reach](t)(s.Reach(ctx, coach, a))
	}
	all := func(yes ...clients.Outgoing) map[clients.Outgoing]bool {
		m := map[clients.Outgoing]bool{}
		for _, o := range clients.Outgoings() {
			m[o] = slices.Contains(yes, o)
		}
		return m
	}
	for name, c := range map[string]struct {
		r          clients.Reach
		alone, all map[clients.Outgoing]bool
	}{
		"nothing said":                     {reach(clients.SafeContact{}, ""), all(clients.Outgoings()...), all(clients.Outgoings()...)},
		"the partner has the same address": {reach(clients.SafeContact{}, "HOME@example.org"), all("letter", "text", "call", "label", "reminder", "paper"), all(clients.Outgoings()...)},
		"a shared letter box and phone":    {reach(clients.SafeContact{Shared: "post phone"}, ""), all("email", "ics", "paper"), all(clients.Outgoings()...)},
		"only by phone":                    {reach(clients.SafeContact{Channel: "phone"}, ""), all("call", "paper"), all("call", "paper")},
		"by e-mail, no other message":      {reach(clients.SafeContact{Channel: "email", Message: "no"}, ""), all("email", "ics", "paper"), all("email", "ics", "paper")},
		"no message at all":                {reach(clients.SafeContact{Message: "no"}, ""), all("call", "paper"), all("call", "paper")},
		"another way":                      {reach(clients.SafeContact{Channel: "other"}, ""), all("paper"), all("paper")},
	} {
		for _, o := range clients.Outgoings() {
			for individual, want := range map[bool]bool{true: c.alone[o], false: c.all[o]} {
				err := c.r.May(o, individual)
				if (err == nil) != want {
					t.Errorf("%s: %s, for one alone %v: %v", name, o, individual, err)
				}
				if err != nil && !fault.Is(err, fault.Refused) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	wantKind(t, clients.Reach{}.May("pigeon", false), fault.BadInput)
	_, a, _ := couple(t, s, named("A", "A"), named("B", "B"))
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		_, err := s.Reach(ctx, aud, a)
		wantKind(t, err, fault.NotFound)
	}
	safe := clients.SafeContact{Channel: "email", Shared: "email", Note: "work only"}
	ok(t, s.SetSafeContact(ctx, a, safe))
	if r := must[clients.Reach](t)(s.Reach(ctx, coach, a)); r.Person.Safe != safe || !strings.Contains(r.Mind(), "somebody else reads: E-mail") {
		t.Errorf("%+v: %s", r.Person.Safe, r.Mind())
	}
	if d := cmp.Diff([]string{"safe_shared"}, fields(s.SetSafeContact(ctx, a, clients.SafeContact{Shared: "fax"}))); d != "" {
		t.Error(d)
	}
}

// Whatever stands for a session outside the program is called the same: the title takes no
// name, kind or place, so it can hold none.
func TestPV35ASessionIsCalledTheSameForEverybodyOutside(t *testing.T) {
	var title func() string = clients.NeutralTitle
	if got := title(); got != "Appointment" {
		t.Errorf("%q", got)
	}
}

// Of how to be reached, the more careful of two entries counts.
func TestPV48AMergedPersonIsReachedAsTheMoreCarefulEntrySays(t *testing.T) {
	s, _ := book(t)
	one := must[ids.ID](t)(s.CreatePerson(ctx, clients.Person{Name: clients.Name{Given: "Dana"}, Safe: clients.SafeContact{Channel: "phone", Message: "yes", Shared: "post", Note: "evenings"}}))
	two := must[ids.ID](t)(s.CreatePerson(ctx, clients.Person{Name: clients.Name{Given: "Dana", Family: "Whitcombe"}, Email: "d@example.org", Safe: clients.SafeContact{Channel: "email", Message: "no", Shared: "phone"}}))
	j := must[clients.Joining](t)(s.Joined(ctx, coach, two, one))
	ok(t, j.Refused)
	ok(t, s.MergePersons(ctx, two, one))
	got := must[clients.Person](t)(s.Person(ctx, coach, one))
	want := clients.SafeContact{Channel: "other", Message: "no", Shared: "post phone", Note: "evenings"}
	if got.Safe != want || got.Family != "Whitcombe" || got.Email != "d@example.org" || got.Safe != j.Result.Safe {
		t.Errorf("%+v", got)
	}
	_, a, b := couple(t, s, named("A", "A"), named("B", "B"))
	wantKind(t, s.MergePersons(ctx, a, b), fault.Refused)
	wantKind(t, s.MergePersons(ctx, a, a), fault.BadInput)
	_, err := s.Joined(ctx, asA, a, b)
	wantKind(t, err, fault.NotFound)
}

func TestScopeIsLookedAtAtTheStartAndEverySixSessions(t *testing.T) {
	s, cb := book(t)
	id := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named("A", "A"), B: named("B", "B"), Stage: "active", StageAt: casebooktest.Start, Engagement: &clients.Engagement{StartedOn: today}}))
	due := func() bool {
		one, all := must[bool](t)(s.ScopeIsDue(ctx, id)), must[[]ids.ID](t)(s.ScopesDue(ctx, coach, 9))
		if one != slices.Contains(all, id) {
			t.Errorf("one says %v, all say %v", one, all)
		}
		return one
	}
	held := func() {
		exec(t, cb, `INSERT INTO session (id, couple_id, kind, starts_at, state) VALUES (?, ?, 'joint', 1, 'held')`, ids.New(), id)
	}
	if !due() {
		t.Error("not due at the start")
	}
	check := clients.ScopeCheck{CoupleID: id, On: today, Outcome: clients.ScopeGoOn}
	must[ids.ID](t)(s.CheckScope(ctx, check))
	for i := range clients.ScopeEvery {
		if due() {
			t.Errorf("due after %d sessions", i)
		}
		held()
	}
	if !due() {
		t.Error("not due after six sessions")
	}
	check.Signs = []string{"violence"}
	if d := cmp.Diff([]string{"body"}, fields(second(s.CheckScope(ctx, check)))); d != "" {
		t.Error(d)
	}
	check.Signs = []string{"weather"}
	check.Body = "x"
	if d := cmp.Diff([]string{"signs"}, fields(second(s.CheckScope(ctx, check)))); d != "" {
		t.Error(d)
	}
	check.Signs, check.Outcome = []string{"legal"}, clients.ScopeRefer
	must[ids.ID](t)(s.CheckScope(ctx, check))
	if l := must[[]clients.ScopeCheck](t)(s.ScopeChecks(ctx, coach, id)); len(l) != 2 || l[0].Sessions != clients.ScopeEvery || due() {
		t.Errorf("%+v", l)
	}
}

func second[T any](_ T, err error) error { return err }

// Safety has its own places: other readers are told of none of it, and nothing of it is
// searched or counted.
func TestPV33SafetyIsTheCoachsAlone(t *testing.T) {
	s, cb := book(t)
	id, a, _ := couple(t, s, named("Dana", "Whitcombe"), named("Kieran", "Moss"))
	contact := must[ids.ID](t)(s.SaveContact(ctx, clients.ReferralContact{Name: "Night line", Kind: clients.ContactEmergency, Phone: "555-0100", VerifiedOn: today}))
	must[ids.ID](t)(s.SaveReferral(ctx, clients.Referral{CoupleID: id, PersonID: a, ContactID: contact, Reason: "throatword", On: today, Outcome: clients.ReferralOpen}))
	must[ids.ID](t)(s.CheckScope(ctx, clients.ScopeCheck{CoupleID: id, On: today, Outcome: clients.ScopePause, Body: "throatword"}))
	ok(t, s.SaveStep(ctx, clients.SafetyStep{CoupleID: id, Step: clients.StepSupervision, On: today, Who: "throatword"}))
	must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: a, Outcome: clients.ScreenStop, HeldOn: today, Answers: map[string]clients.Spoken{"hurt": {Said: clients.SaidYes, Words: "throatword"}}}))
	for _, aud := range []clients.Audience{us, asA, asB, nobody} {
		reads := map[string]func(context.Context, clients.Audience) int{
			"referrals": func(ctx context.Context, aud clients.Audience) int {
				return len(must[[]clients.Referral](t)(s.Referrals(ctx, aud, id)))
			},
			"scope": func(ctx context.Context, aud clients.Audience) int {
				return len(must[[]clients.ScopeCheck](t)(s.ScopeChecks(ctx, aud, id)))
			},
			"steps": func(ctx context.Context, aud clients.Audience) int {
				return len(must[map[string]clients.SafetyStep](t)(s.Steps(ctx, aud, id)))
			},
			"screens": func(ctx context.Context, aud clients.Audience) int {
				return len(must[[]clients.Screen](t)(s.Screens(ctx, aud, id)))
			},
			"talks due": func(ctx context.Context, aud clients.Audience) int {
				return len(must[[]ids.ID](t)(s.TalksDue(ctx, aud, 9)))
			},
			"scopes due": func(ctx context.Context, aud clients.Audience) int {
				return len(must[[]ids.ID](t)(s.ScopesDue(ctx, aud, 9)))
			},
		}
		for _, what := range slices.Sorted(maps.Keys(reads)) {
			if n := reads[what](ctx, aud); n != 0 {
				t.Errorf("%q is told of %s", aud.Reader(), what)
			}
			if what != "talks due" && what != "scopes due" && reads[what](ctx, coach) != 1 {
				t.Errorf("the coach is not told of %s", what)
			}
		}
	}
	if n := number(t, cb, `SELECT count(*) FROM search_fts WHERE search_fts MATCH 'throatword'`); n != 0 {
		t.Errorf("%d places are found by search", n)
	}
	if d := cmp.Diff([]string{"who"}, fields(s.SaveStep(ctx, clients.SafetyStep{CoupleID: id, Step: clients.StepSupervision, On: today}))); d != "" {
		t.Error(d)
	}
	if got := must[[]clients.Screen](t)(s.Screens(ctx, coach, id))[0].Answers["hurt"]; got.Words != "throatword" || got.Said != clients.SaidYes {
		t.Errorf("%+v", got)
	}
}

func TestTheDirectoryIsStaleAfterAYear(t *testing.T) {
	s, _ := book(t)
	id := must[ids.ID](t)(s.SaveContact(ctx, clients.ReferralContact{Name: "Night line", Kind: clients.ContactEmergency, Phone: "555-0100", VerifiedOn: today.AddMonths(-12)}))
	c := must[[]clients.ReferralContact](t)(s.Contacts(ctx))[0]
	if c.Stale(today) || !c.Stale(today.Add(1)) {
		t.Errorf("verified on %s", c.VerifiedOn)
	}
	ok(t, s.VerifyContact(ctx, id))
	ok(t, s.DeleteContact(ctx, id))
	if l := must[[]clients.ReferralContact](t)(s.Contacts(ctx)); len(l) != 0 {
		t.Errorf("%+v", l)
	}
	ok(t, s.RestoreContact(ctx, id))
	if c := must[[]clients.ReferralContact](t)(s.Contacts(ctx))[0]; c.VerifiedOn != today {
		t.Errorf("%+v", c)
	}
	if d := cmp.Diff([]string{"name", "kind", "phone"}, fields(second(s.SaveContact(ctx, clients.ReferralContact{})))); d != "" {
		t.Error(d)
	}
}

// The list of talks that are due says nothing of what came of the last one.
func TestPV31TalksThatAreDueDoNotTellAStop(t *testing.T) {
	cb, clock := casebooktest.NewClock(t)
	s := clients.New(cb)
	make := func(o clients.Outcome) ids.ID {
		id := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named("A", "A"), B: named("B", "B"), Stage: "active", StageAt: casebooktest.Start}))
		c := must[clients.Couple](t)(s.Couple(ctx, coach, id))
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: c.A, Outcome: o, HeldOn: today}))
		must[ids.ID](t)(s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: c.B, Outcome: clients.ScreenClear, HeldOn: today}))
		return id
	}
	made := []ids.ID{make(clients.ScreenClear), make(clients.ScreenStop), make(clients.ScreenDiscuss)}
	due := func() []ids.ID {
		return must[[]ids.ID](t)(s.TalksDue(ctx, clients.For(clients.CoachView, day.Of(clock.Now())), 9))
	}
	if l := due(); len(l) != 0 {
		t.Errorf("%d are due at once", len(l))
	}
	clock.Move(190 * 24 * time.Hour)
	if l := due(); len(l) != len(made) {
		t.Errorf("%d are due after half a year, want %d", len(l), len(made))
	}
}
