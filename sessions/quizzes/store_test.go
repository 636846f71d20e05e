package quizzes_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

var (
	ctx   = context.Background()
	today = day.Of(casebooktest.Start)
)

type fixture struct {
	cb           *casebook.Casebook
	s            *quizzes.Store
	couple, a, b ids.ID
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	f := fixture{cb: casebooktest.New(t), couple: ids.New(), a: ids.New(), b: ids.New()}
	f.s = quizzes.NewStore(f.cb)
	f.write(t, func(tx *casebook.Tx) error {
		if _, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, 'Ada'), (?, 'Ben')`, f.a, f.b); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, f.couple, f.a, f.b)
		return err
	})
	return f
}

func (f fixture) write(t *testing.T, fn func(tx *casebook.Tx) error) {
	t.Helper()
	if err := f.cb.Write(ctx, "test", fn); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) take(t *testing.T, instrument, answers string, person ids.ID) *quizzes.Administration {
	t.Helper()
	d, err := quizzes.ByID(instrument)
	if err != nil {
		t.Fatal(err)
	}
	a := quizzes.NewAdministration(d, f.couple, person, casebooktest.Start.Add(-time.Hour), "Europe/London", quizzes.WithCoach)
	if a.Answers, err = quizzes.ParseAnswers(d, answers); err != nil {
		t.Fatal(err)
	}
	if err := f.s.Save(ctx, &a); err != nil {
		t.Fatal(err)
	}
	return &a
}

func (f fixture) release(t *testing.T, partner string, item ids.ID, scope, expires string) {
	t.Helper()
	f.write(t, func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO release (id, couple_id, partner, item_id, scope, expires_on) VALUES (?, ?, ?, ?, ?, ?)`, ids.New(), f.couple, partner, item, scope, expires)
		return err
	})
}

func (f fixture) results(t *testing.T, r clients.Reader) []quizzes.Result {
	t.Helper()
	got, err := f.s.Results(ctx, clients.For(r, today), f.couple)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

const (
	v1 = "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2"
	v5 = "3,3,2,-,2,2,1,1,2,-,2,2,3,3,3,-,3,3"
)

func TestAnswersAreSeenByWhoGaveThemAndTheCoach(t *testing.T) {
	f := newFixture(t)
	qa, qb := f.take(t, "icp-18", v1, f.a), f.take(t, "icp-18", v5, f.b)
	if n := len(f.results(t, clients.A)); n != 0 {
		t.Errorf("a partner sees %d quizzes that are still being entered", n)
	}
	if err := f.s.Lock(ctx, qa, qb); err != nil {
		t.Fatal(err)
	}
	if got := f.results(t, ""); len(got) != 0 {
		t.Errorf("nobody sees %d results", len(got))
	}
	if got := f.results(t, clients.Us); len(got) != 0 {
		t.Errorf("the couple sees %d results that nobody released", len(got))
	}
	if got := f.results(t, clients.A); len(got) != 1 || got[0].Slot != clients.SlotA || len(got[0].Answers) != 18 || got[0].Profile.Flags != nil {
		t.Errorf("A sees %+v", got)
	}
	if got := f.results(t, clients.CoachView); len(got) != 2 || len(got[1].Answers) != 18 {
		t.Errorf("the coach sees %d results", len(got))
	}
}

func TestAReleaseShowsScoresNeverAnswers(t *testing.T) {
	f := newFixture(t)
	qa, qb := f.take(t, "icp-18", v1, f.a), f.take(t, "icp-18", v5, f.b)
	if err := f.s.Lock(ctx, qa, qb); err != nil {
		t.Fatal(err)
	}
	f.release(t, "B", qb.ID, "", "")
	for _, r := range []clients.Reader{clients.Us, clients.A} {
		got := f.results(t, r)
		last := got[len(got)-1]
		if last.Slot != clients.SlotB || last.Answers != nil || last.Own || last.Profile.TotalExperienced != nil || !last.Partial() {
			t.Errorf("%s sees %+v", r, last)
		}
		// B would rather not say anything of one channel: it looks like one not chosen.
		if len(last.Profile.Channels) != 5 || last.Profile.Channel("SX").Wanted != nil || slices.Contains(last.Channels, "SX") {
			t.Errorf("%s sees %v", r, last.Channels)
		}
	}
	if got := f.results(t, clients.B); len(got) != 1 || !got[0].Own || got[0].Partial() || len(got[0].Profile.Channels) != 6 {
		t.Errorf("B sees %+v", got)
	}
	f.release(t, "A", qa.ID, `["EM","IN"]`, "2026-12-31")
	got := f.results(t, clients.Us)
	if len(got) != 2 || !got[0].Partial() || !got[1].Partial() {
		t.Fatalf("the couple sees %+v", got)
	}
	for _, r := range got { // what one of them did not show is missing for both
		var codes []string
		for _, c := range r.Profile.Channels {
			codes = append(codes, c.Code)
		}
		if d := cmp.Diff([]string{"EM", "IN"}, codes); d != "" {
			t.Error(d)
		}
		if r.Profile.TotalExperienced != nil || len(r.Profile.Lead) > 0 || len(r.Profile.TopWish) > 0 {
			t.Error("what is computed over all channels tells of those that were not released")
		}
	}
}

// A line of the pulse that somebody left open would be a gap to guess about: for the
// other partner that week is not there, and for both together it is there for neither
// (rule PV-08).
func TestPV08APulseWithAGapIsThereForItsWriterAndTheCoachAlone(t *testing.T) {
	d, err := quizzes.ByID("pulse")
	if err != nil {
		t.Fatal(err)
	}
	for _, open := range []string{"5,6,-,8,9", "5,6,,8,9"} {
		f := newFixture(t)
		take := func(partner string, person ids.ID, daysAgo int, answers string) {
			a := quizzes.NewAdministration(d, f.couple, person, casebooktest.Start.AddDate(0, 0, -daysAgo), "Europe/London", quizzes.WithCoach)
			if a.Answers, err = quizzes.ParseAnswers(d, answers); err != nil {
				t.Fatal(err)
			}
			if err := f.s.Lock(ctx, &a); err != nil {
				t.Fatal(err)
			}
			f.release(t, partner, a.ID, "", "")
		}
		take("A", f.a, 15, "1,2,3,4,5")
		take("B", f.b, 14, "2,3,4,5,6")
		take("A", f.a, 8, "3,4,5,6,7")
		take("B", f.b, 7, open)
		take("A", f.a, 1, "5,6,7,8,9")
		take("B", f.b, 0, "6,7,8,9,10")
		for r, want := range map[clients.Reader]string{clients.CoachView: "ABABAB", clients.B: "ABABAB", clients.A: "ABAAB", clients.Us: "ABAB"} {
			got := ""
			for _, q := range f.results(t, r) {
				got += string(q.Slot)
				for _, a := range q.Answers {
					if a.Status != quizzes.Answered && r != clients.CoachView && !q.Own {
						t.Errorf("%s reads a gap of %s", r, q.Slot)
					}
				}
			}
			if got != want {
				t.Errorf("with %q left open %s sees %s, want %s", open, r, got, want)
			}
		}
	}
}

func TestPV18AnExpiredReleaseOpensNothing(t *testing.T) {
	f := newFixture(t)
	q := f.take(t, "ras", "4,4,4,2,4,5,2", f.b)
	if err := f.s.Lock(ctx, q); err != nil {
		t.Fatal(err)
	}
	f.release(t, "B", q.ID, "", string(today.Add(-1)))
	f.release(t, "A", q.ID, "", "") // not A's to release
	if got := f.results(t, clients.Us); len(got) != 0 {
		t.Errorf("the couple sees %+v", got)
	}
}

func TestLockedIsFinalAndACorrectionReplacesIt(t *testing.T) {
	f := newFixture(t)
	q := f.take(t, "ras", "4,4,4,2,4,5,2", f.a)
	if err := f.s.Lock(ctx, q); err != nil {
		t.Fatal(err)
	}
	changed := *q
	changed.Seconds = 99
	if err := f.s.Save(ctx, &changed); !fault.Is(err, fault.Refused) {
		t.Errorf("a locked quiz was saved: %v", err)
	}
	c, err := q.Correction()
	if err != nil {
		t.Fatal(err)
	}
	c.Answers[0] = quizzes.Is(5)
	if err := f.s.Lock(ctx, &c); err != nil {
		t.Fatal(err)
	}
	got := f.results(t, clients.CoachView)
	if len(got) != 1 || got[0].ID != c.ID || *got[0].Scores["sum"] != 30 {
		t.Errorf("got %+v", got)
	}
	if err := f.s.Delete(ctx, c.Couple, c.ID); err != nil {
		t.Fatal(err)
	}
	if got := f.results(t, clients.CoachView); len(got) != 1 || got[0].ID != q.ID {
		t.Error("without its correction the first one counts again")
	}
}

func TestOnlyPartnersAnswer(t *testing.T) {
	f := newFixture(t)
	d, _ := quizzes.ByID("ras")
	a := quizzes.NewAdministration(d, f.couple, ids.New(), casebooktest.Start, "Europe/London", quizzes.Paper)
	a.Answers, _ = quizzes.ParseAnswers(d, "4,4,4,2,4,5,2")
	if err := f.s.Save(ctx, &a); !fault.Is(err, fault.BadInput) {
		t.Errorf("got %v", err)
	}
}

// Who keyed the answers in is kept, unless the partner did (rule Q-16).
func TestWhoKeyedTheAnswersIn(t *testing.T) {
	f := newFixture(t)
	for mode, keyed := range map[quizzes.Mode]bool{quizzes.Paper: true, quizzes.Phone: true, quizzes.WithCoach: true, quizzes.OnScreenAlone: false} {
		q := f.take(t, "ras", "4,4,4,2,4,5,2", f.a)
		q.Mode = mode
		q.KeyedBy = ids.Nil
		if err := f.s.Lock(ctx, q); err != nil {
			t.Fatal(err)
		}
		got, err := f.s.Open(ctx, clients.For(clients.CoachView, today), q.ID)
		if err != nil || got.KeyedBy.IsZero() == keyed || keyed && got.KeyedBy != f.cb.Coach() {
			t.Errorf("%s: keyed by %v, %v", mode, got.KeyedBy, err)
		}
	}
}
