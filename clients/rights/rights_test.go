package rights_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

var ctx = context.Background()

func coach(on day.Day) clients.Audience { return clients.For(clients.CoachView, on) }

const today = day.Day("2026-11-22") // the test clock's

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, kind fault.Kind, words string) {
	t.Helper()
	if s, _ := fault.Words(err); !fault.Is(err, kind) || !strings.Contains(s, words) {
		t.Errorf("%v is not a refusal with %q", err, words)
	}
}

func planted(t *testing.T) (*casebook.Casebook, *casebooktest.Planted, *rights.Store) {
	t.Helper()
	cb := casebooktest.New(t)
	d, err := quizzes.ByID("ras")
	ok(t, err)
	p := casebooktest.Plant(t, cb, casebooktest.Quiz{ID: d.ID, Version: d.Version, Hash: d.Hash(), Answers: `[4,3,3,3,3,3,3]`}, casebooktest.Few)
	return cb, p, rights.New(cb, sessions.LockNotes)
}

// TestPV40TheFileOfAPerson holds everything of A, nothing of B or of others, and lists what
// is about both for a decision; the request is due in a month.
func TestPV40TheFileOfAPerson(t *testing.T) {
	_, p, store := planted(t)
	f, err := store.Subject(ctx, coach(today), p.A, nil)
	ok(t, err)
	raw, err := json.Marshal(f)
	ok(t, err)
	said := string(raw)
	own := 0
	for _, k := range p.Tokens {
		tbl, _, _ := strings.Cut(k.Where, ".")
		switch tbl {
		case "attendance", "administration", "safety_screen", "referral", "noted_condition", "practice_log": // whose they are says their person, not their subject
			if k.Of == "both" {
				continue
			}
		case "session": // that there was one is no secret of either
			continue
		}
		if k.Case == "of another couple" || tbl == "attendance" || tbl == "administration" { // another record of A's
			continue
		}
		in := strings.HasPrefix(k.Text, "zq") && strings.Contains(said, k.Text)
		switch {
		case in && k.Of == "B":
			t.Errorf("%s of %s (%s) is B's", k.Text, k.Where, k.Case)
		case in && k.Of == "third_party":
			t.Errorf("%s of %s (%s) is somebody else's", k.Text, k.Where, k.Case)
		case in && k.Of == "both" && !k.May("a"):
			t.Errorf("%s of %s (%s) is about both, and A was never shown it", k.Text, k.Where, k.Case)
		case in && k.Of == "A":
			own++
		}
	}
	if own < 80 || f.Count(rights.Waiting) < 10 {
		t.Errorf("%d tokens of A, %d items wait", own, f.Count(rights.Waiting))
	}
	for _, k := range p.Tokens {
		if k.Of == "A" && (k.Where == "person.email" || k.Where == "letter.body" || k.Where == "note_rev.body") && k.Case == "A × partner_A × normal" && !strings.Contains(said, k.Text) {
			t.Errorf("%s of %s is missing", k.Text, k.Where)
		}
	}
	// A decision brings an item in, and its words.
	var waits rights.Entry
	for _, e := range f.Entries {
		if e.Shown == rights.Waiting && e.Table == "letter" {
			waits = e
		}
	}
	f, err = store.Subject(ctx, coach(today), p.A, []rights.Decision{{Table: waits.Table, ID: waits.ID, Shown: rights.Changed, Why: "reasonable", Redacted: "what is yours of it"}})
	ok(t, err)
	raw, _ = json.Marshal(f)
	if !strings.Contains(string(raw), "what is yours of it") {
		t.Error("the redacted text is not in the file")
	}
	if _, err := store.Subject(ctx, clients.For(clients.A, today), p.A, nil); err == nil {
		t.Error("a client was given it")
	}

	id, err := store.Ask(ctx, p.A, rights.Access, "2026-10-31")
	ok(t, err)
	refused(t, store.Finish(ctx, id, rights.Done, "", today), fault.BadInput, "who asks")
	open, err := store.OpenRequests(ctx, coach(today))
	ok(t, err)
	due := map[ids.ID]day.Day{}
	for _, r := range open {
		due[r.ID] = r.DueOn
	}
	if due[id] != "2026-11-30" {
		t.Errorf("due on %s", due[id])
	}
	ok(t, store.Extend(ctx, id, "many records"))
	ok(t, store.Identify(ctx, id, "saw the passport", today))
	ok(t, store.Finish(ctx, id, rights.Done, "handed over", today))
	all, err := store.Requests(ctx, coach(today), p.A)
	ok(t, err)
	for _, r := range all {
		if r.ID == id && (r.DueOn != "2027-01-31" || r.State != rights.Done || len(r.Steps) != 4) {
			t.Errorf("%+v", r)
		}
	}
}

// A plan is applied to the casebook that it was made of, with every item decided, and not
// against a hold; what is held by itself is kept.
func TestAPlanIsApplied(t *testing.T) {
	cb, p, store := planted(t)
	plan := func() *rights.Plan {
		t.Helper()
		plan, err := store.PlanPerson(ctx, coach(today), p.A)
		ok(t, err)
		return plan
	}
	decide := func(plan *rights.Plan) *rights.Plan {
		for i := range plan.Items {
			if plan.Items[i].Choice == rights.Undecided {
				plan.Items[i].Choice = rights.Delete
			}
		}
		return plan
	}
	apply := func(plan *rights.Plan) error {
		_, err := store.Apply(ctx, coach(today), plan)
		return err
	}
	refused(t, apply(plan()), fault.Refused, "not decided")
	old := decide(plan())
	ok(t, cb.Write(ctx, "setting.lock_days", func(tx *casebook.Tx) error { return tx.SetSetting("lock_days", "9") }))
	refused(t, apply(old), fault.Refused, "changed")
	short := decide(plan())
	short.Items = short.Items[1:]
	refused(t, apply(short), fault.BadInput, "every item")

	hold, err := store.Hold(ctx, rights.Hold{Person: p.A, Reason: "a claim of theirs", Ground: rights.LegalClaim, ReviewOn: "2027-11-22"})
	ok(t, err)
	refused(t, apply(decide(plan())), fault.Refused, "hold")
	refused(t, store.Lift(ctx, hold, " "), fault.BadInput, "Say why")
	ok(t, store.Lift(ctx, hold, "the claim is settled"))

	last := decide(plan())
	var kept, redacted rights.Item
	for i := range last.Items {
		it := &last.Items[i]
		switch {
		case it.Table == "administration" && kept.ID.IsZero():
			it.Choice, it.Reason, it.Ground, it.ReviewOn = rights.Keep, "for the court", rights.LegalClaim, "2027-11-22"
			kept = *it
		case it.Table == "letter" && it.Both && redacted.ID.IsZero():
			it.Choice, it.Redacted = rights.Redact, "zqredactedx"
			redacted = *it
		}
	}
	run, err := store.Apply(ctx, coach(today), last)
	ok(t, err)
	var answers, body string
	ok(t, cb.Reader().QueryRowContext(ctx, `SELECT (SELECT answers FROM administration WHERE id = ?), (SELECT body FROM letter WHERE id = ?)`, kept.ID, redacted.ID).Scan(&answers, &body))
	if answers == "[]" || body != "zqredactedx" {
		t.Errorf("kept %q, redacted %q", answers, body)
	}
	e, err := store.Erasure(ctx, coach(today), run)
	ok(t, err)
	if e.Counts.Kept[rights.LegalClaim] != 1 || e.Counts.Redacted != 1 {
		t.Errorf("%+v", e.Counts)
	}
	again := plan()
	for _, i := range again.Items {
		if i.ID == kept.ID && i.Choice != rights.Keep {
			t.Error("what was kept is not held in the next plan")
		}
	}
	if len(again.Items) > 30 {
		t.Errorf("%d items are planned again", len(again.Items))
	}
}

// A restriction keeps new things of a person out, until it is lifted.
func TestARestrictionStopsWhatIsNew(t *testing.T) {
	cb, p, store := planted(t)
	add := func() error {
		return cb.Write(ctx, "quiz.save", func(tx *casebook.Tx) error {
			_, err := tx.Exec(`INSERT INTO administration (id, couple_id, person_id, subject) VALUES (?, ?, ?, 'A')`, ids.New(), p.Couple, p.A)
			return err
		})
	}
	ok(t, add())
	ok(t, store.Restrict(ctx, p.A, true, "they doubt that it is right"))
	refused(t, add(), fault.Refused, "nothing new")
	is, err := store.Restricted(ctx, coach(today))
	ok(t, err)
	if is[p.A] == "" || is[p.B] != "" {
		t.Errorf("%v", is)
	}
	ok(t, store.Restrict(ctx, p.A, false, "put right"))
	ok(t, add())
}

// TestPV44RetentionIsRightAndAsks: days by the calendar where the coach is, also over leap
// days; a hold wins; nothing is deleted without a confirm, and the log counts.
func TestPV44RetentionIsRightAndAsks(t *testing.T) {
	cb := casebooktest.New(t)
	store := rights.New(cb, sessions.LockNotes)
	person, couple, enquiry := ids.New(), ids.New(), ids.New()
	late := time.Date(2025, 11, 22, 23, 30, 0, 0, time.UTC)
	ok(t, cb.Write(ctx, "person.create", func(tx *casebook.Tx) error {
		for _, s := range []struct {
			q    string
			args []any
		}{
			{`INSERT INTO person (id, given_name) VALUES (?, 'Ada')`, []any{person}},
			{`INSERT INTO couple (id, kind, a_id) VALUES (?, 'single', ?)`, []any{couple, person}},
			{`INSERT INTO engagement (id, couple_id, started_on, ended_on) VALUES (?, ?, '2015-01-01', '2016-02-29')`, []any{ids.New(), couple}},
			{`INSERT INTO enquiry (id, a_given, received_at, stage_at) VALUES (?, 'Bo', ?, ?)`, []any{enquiry, late.UnixMilli(), late.UnixMilli()}},
		} {
			if _, err := tx.Exec(s.q, s.args...); err != nil {
				return err
			}
		}
		return nil
	}))
	due := func(on day.Day) string {
		t.Helper()
		all, err := store.Due(ctx, coach(on))
		ok(t, err)
		var out []string
		for _, d := range all {
			out = append(out, d.Rule+" "+string(d.DueOn))
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		on   day.Day
		want string
	}{
		{"2023-02-27", ""}, {"2023-02-28", "clients 2023-02-28"}, {"2026-11-21", "clients 2023-02-28"}, {"2026-11-22", "clients 2023-02-28, enquiries 2026-11-22"},
	} {
		if got := due(c.on); got != c.want {
			t.Errorf("on %s: %q, not %q", c.on, got, c.want)
		}
	}
	all, err := store.Due(ctx, coach(today))
	ok(t, err)
	hold, err := store.Hold(ctx, rights.Hold{Couple: couple, Reason: "a claim", Ground: rights.LegalClaim, ReviewOn: "2027-01-01"})
	ok(t, err)
	_, err = store.EraseDue(ctx, coach(today), all[0])
	refused(t, err, fault.Refused, "hold")
	ok(t, store.Lift(ctx, hold, "settled"))
	_, err = store.EraseDue(ctx, coach("2023-02-27"), all[0])
	refused(t, err, fault.Refused, "not come")
	for _, d := range all {
		_, err := store.EraseDue(ctx, coach(today), d)
		ok(t, err)
	}
	if got := due(today); got != "" {
		t.Errorf("still due: %s", got)
	}
	var name, given string
	var logged int
	ok(t, cb.Reader().QueryRowContext(ctx, `SELECT (SELECT given_name FROM person WHERE id = ?), (SELECT a_given FROM enquiry WHERE id = ?), (SELECT count(*) FROM retention_log WHERE records = 1 AND decision = 'erased')`, person, enquiry).Scan(&name, &given, &logged))
	if strings.Contains(name+given, "Ada") || given != "" || logged != 2 {
		t.Errorf("%q %q %d", name, given, logged)
	}
	refused(t, store.SetRule(ctx, rights.Rule{Name: rights.Clients, Months: 12}), fault.BadInput, "why")
	ok(t, store.SetRule(ctx, rights.Rule{Name: rights.Clients, Months: 36, Reason: "our insurer asks for three years"}))
	rules, err := store.Rules(ctx)
	ok(t, err)
	if rules[1].Months != 36 || rules[0].Months != 12 {
		t.Errorf("%+v", rules)
	}
}
