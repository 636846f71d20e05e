package traces_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

var (
	ctx   = context.Background()
	coach = clients.For(clients.CoachView, "2026-11-22")
)

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type world struct {
	cb           *casebook.Casebook
	clock        *casebooktest.Clock
	people       *clients.Store
	traces       *traces.Store
	couple, a, b ids.ID
}

func newWorld(t *testing.T) *world {
	cb, clock := casebooktest.NewClock(t)
	w := &world{cb: cb, clock: clock, people: clients.New(cb), traces: traces.New(cb)}
	w.couple = must[ids.ID](t)(w.people.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Anna", Family: "Alba"}}, B: &clients.Person{Name: clients.Name{Given: "Ben", Family: "Brill"}}}))
	c := must[clients.Couple](t)(w.people.Couple(ctx, coach, w.couple))
	w.a, w.b = c.A, c.B
	return w
}

// agreement is an item of a subject, to change who may see it.
func (w *world) agreement(t *testing.T, subject, visibility string) ids.ID {
	id := ids.New()
	ok(t, w.cb.Write(ctx, "agreement.save", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO couple_agreement (id, couple_id, body, subject, visibility, created_at) VALUES (?, ?, 'We call Marguerite on Sundays', ?, ?, ?)`, id, w.couple, subject, visibility, tx.Now.UnixMilli())
		return err
	}))
	return id
}

func (w *world) kinds(t *testing.T, l []traces.Line) string {
	var out []string
	for _, x := range l {
		out = append(out, string(x.Kind)+" "+x.Was+">"+x.Became)
	}
	return strings.Join(out, "; ")
}

// Who looked at what concerns safety, let something out or changed who may see: each
// leaves a trace with who and when, in ids and codes.
func TestPV49TheAuditLogTellsWhoDidWhat(t *testing.T) {
	w := newWorld(t)
	screen := must[ids.ID](t)(w.people.RecordScreen(ctx, clients.Screen{CoupleID: w.couple, PersonID: w.b, Outcome: clients.ScreenClear, HeldOn: "2026-11-20", Body: "Not afraid of Marguerite"}))
	item := w.agreement(t, "A", "partner_A")
	must[ids.ID](t)(w.people.GiveRelease(ctx, clients.Release{CoupleID: w.couple, Partner: clients.SlotA, ItemID: item, Way: "said Marguerite"}))
	ok(t, w.cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		return clients.SetVisibility(tx, "couple_agreement", item, clients.Joint, "for Marguerite")
	}))
	w.clock.Move(time.Minute)
	ok(t, w.traces.Viewed(ctx, w.couple, "safety_screen", screen))
	ok(t, w.traces.Viewed(ctx, w.couple, "safety_screen", screen)) // still the same look
	w.clock.Move(time.Hour)
	ok(t, w.traces.Viewed(ctx, w.couple, "safety_screen", screen))
	must[ids.ID](t)(w.people.WithdrawRelease(ctx, w.couple, clients.SlotA, item, "2026-11-22", "by phone"))
	ok(t, w.traces.Exported(ctx, traces.Export{Kind: traces.KindReport, Reader: "a", CoupleID: w.couple, Code: "abcd1234", Name: "progress.pdf"}))

	log := must[[]traces.Line](t)(w.traces.Log(ctx, coach, traces.Filter{Couple: w.couple}))
	want := "export.made >report:a; release.withdrawn >; safety.viewed >; safety.viewed >; visibility.changed partner_A>joint; release.given >whole"
	if got := w.kinds(t, log); !strings.HasPrefix(got, want) {
		t.Errorf("the log says\n%s\nwant\n%s", got, want)
	}
	for _, l := range log {
		if l.Coach != "Test coach" || l.At.IsZero() || l.CoupleID != w.couple {
			t.Errorf("%s: by %q at %v of %s", l.Kind, l.Coach, l.At, l.CoupleID)
		}
	}
	if got := must[[]traces.Line](t)(w.traces.Log(ctx, coach, traces.Filter{Kinds: []traces.Kind{traces.SafetyViewed}, From: casebooktest.Start.Add(30 * time.Minute)})); len(got) != 1 || got[0].ItemID != screen || got[0].PersonID != w.b {
		t.Errorf("the filter gives %v", got)
	}
	var text string
	ok(t, w.cb.Reader().QueryRowContext(ctx, `SELECT group_concat(t.kind || t.tbl || t.was || t.became) FROM trace t`).Scan(&text))
	for _, secret := range []string{"Marguerite", "Anna", "Brill", "afraid", "phone"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for _, aud := range []clients.Audience{{}, clients.For(clients.A, "2026-11-22"), clients.For(clients.Us, "2026-11-22")} {
		if l := must[[]traces.Line](t)(w.traces.Log(ctx, aud, traces.Filter{})); len(l) > 0 {
			t.Errorf("%q reads the log", aud.Reader())
		}
		if l := must[[]traces.Copy](t)(w.traces.Exports(ctx, aud, traces.Filter{})); len(l) > 0 {
			t.Errorf("%q reads the register", aud.Reader())
		}
	}
}

// A person's own file has the traces about them, and tells nothing of the other's.
func TestPV49APersonsTracesTellNothingOfTheOther(t *testing.T) {
	w := newWorld(t)
	screens := map[ids.ID]ids.ID{}
	for _, p := range []ids.ID{w.a, w.b} {
		screens[p] = must[ids.ID](t)(w.people.RecordScreen(ctx, clients.Screen{CoupleID: w.couple, PersonID: p, Outcome: clients.ScreenClear, HeldOn: "2026-11-20"}))
		ok(t, w.traces.Viewed(ctx, w.couple, "safety_screen", screens[p]))
	}
	both := w.agreement(t, "both", "coach_only")
	of := w.agreement(t, "B", "partner_B")
	ok(t, w.cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		if err := clients.SetVisibility(tx, "couple_agreement", of, clients.CoachOnly, ""); err != nil {
			return err
		}
		return clients.RecordVisibility(tx, "couple_agreement", w.couple, both, clients.CoachOnly, clients.Joint, "")
	}))
	for _, r := range []string{"a", "b", "joint"} {
		ok(t, w.traces.Exported(ctx, traces.Export{Kind: traces.KindReport, Reader: r, CoupleID: w.couple, Code: r}))
	}
	ok(t, w.cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		return traces.Record(tx, traces.Entry{Kind: traces.ErasureMade, CoupleID: w.couple})
	}))
	seen := func(p ids.ID) string {
		l := must[[]traces.Line](t)(w.traces.OfPerson(ctx, coach, p))
		for _, x := range l {
			if other := map[ids.ID]ids.ID{w.a: w.b, w.b: w.a}[p]; x.PersonID == other || x.ItemID == screens[other] {
				t.Errorf("a trace of the other: %v", x)
			}
		}
		return w.kinds(t, l)
	}
	if got, want := seen(w.a), "safety.changed >; safety.viewed >; visibility.changed coach_only>joint; export.made >report:a; export.made >report:joint"; got != want {
		t.Errorf("A's file says\n%s\nwant\n%s", got, want)
	}
	if got, want := seen(w.b), "safety.changed >; safety.viewed >; visibility.changed partner_B>coach_only; visibility.changed coach_only>joint; export.made >report:b; export.made >report:joint"; got != want {
		t.Errorf("B's file says\n%s\nwant\n%s", got, want)
	}
	if l := must[[]traces.Line](t)(w.traces.OfPerson(ctx, clients.For(clients.A, "2026-11-22"), w.a)); len(l) > 0 {
		t.Error("somebody else than the coach reads it")
	}
}

// A plain copy stands in the register until somebody says that it was deleted.
func TestPV47PlainCopiesStandInTheRegister(t *testing.T) {
	w := newWorld(t)
	ok(t, w.traces.Exported(ctx, traces.Export{Kind: traces.KindReport, Reader: "joint", CoupleID: w.couple, Code: "abcd1234", SHA256: "00ff", Name: "progress-J.pdf"}))
	l := must[[]traces.Copy](t)(w.traces.Exports(ctx, coach, traces.Filter{Couple: w.couple}))
	if len(l) != 1 || l[0].Name != "progress-J.pdf" || l[0].Code != "abcd1234" || l[0].DeletedOn != "" || l[0].Coach != "Test coach" {
		t.Fatalf("the register holds %+v", l)
	}
	ok(t, w.traces.SetDeleted(ctx, l[0].ID, "2026-11-23"))
	if l = must[[]traces.Copy](t)(w.traces.Exports(ctx, coach, traces.Filter{})); l[0].DeletedOn != "2026-11-23" {
		t.Errorf("deleted on %q", l[0].DeletedOn)
	}
	if err := w.traces.SetDeleted(ctx, ids.New(), "2026-11-23"); err == nil {
		t.Error("a copy that is not there was ticked off")
	}
	for _, stmt := range []string{`UPDATE export_made SET name = 'other.pdf'`, `UPDATE trace SET became = ''`, `DELETE FROM trace`} {
		if err := w.cb.Write(ctx, "test", func(tx *casebook.Tx) error { _, err := tx.Exec(stmt); return err }); err == nil {
			t.Errorf("%s went through", stmt)
		}
	}
}

func TestATraceHoldsCodesOnly(t *testing.T) {
	w := newWorld(t)
	for name, e := range map[string]traces.Entry{
		"a kind that is none": {Kind: "seen"},
		"words":               {Kind: traces.SafetyChanged, Became: "she is afraid"},
		"a name":              {Kind: traces.SafetyChanged, Was: "Zoë"},
		"a table that is none": {
			Kind: traces.SafetyChanged, Table: "couple; DROP TABLE trace", ItemID: w.couple,
		},
	} {
		if err := w.cb.Write(ctx, "test", func(tx *casebook.Tx) error { return traces.Record(tx, e) }); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if err := w.traces.Exported(ctx, traces.Export{Kind: "fax"}); err == nil {
		t.Error("an export of no kind was taken")
	}
}
