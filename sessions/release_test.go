package sessions

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// What A let B see, and the coach then set to "for both", rests on A's word: with the
// release it closes for B and for both, and is not opened by being called joint again.
func TestPV18ATextForBothClosesWithItsRelease(t *testing.T) {
	w := newWorld(t)
	ctx, on := context.Background(), day.Day("2026-11-22") // the day of as
	people := clients.New(w.cb)
	n := w.written(NewNote{Session: w.session(JointSession, "", 1, Held)}, map[string]string{"note_a": "hers", "agreements": "ours"})
	hers := w.fieldID(n, "note_a")
	give := func() {
		t.Helper()
		_, err := people.GiveRelease(ctx, clients.Release{CoupleID: w.couple, Partner: clients.SlotA, ItemID: hers, GivenOn: on, ExpiresOn: on, Way: "said so"})
		w.must(err)
	}
	fields := func(aud clients.Audience) int {
		t.Helper()
		v, err := w.Note(ctx, aud, n.ID)
		w.must(err)
		return len(v.Fields)
	}
	give()
	_, err := w.SetVisibility(ctx, hers, clients.Joint, "")
	w.must(err)
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
		if got := fields(as(r)); got != 2 {
			t.Errorf("released, %s sees %d texts, want 2", r, got)
		}
	}
	for r, want := range map[clients.Reader]int{clients.Us: 1, clients.A: 2, clients.B: 1} {
		if got := fields(clients.For(r, on.Add(1))); got != want {
			t.Errorf("expired, %s sees %d texts, want %d", r, got, want)
		}
	}
	_, err = people.WithdrawRelease(ctx, w.couple, clients.SlotA, hers, on, "told the coach")
	w.must(err)
	for r, want := range map[clients.Reader]int{clients.Us: 1, clients.A: 2, clients.B: 1} {
		if got := fields(as(r)); got != want {
			t.Errorf("taken back, %s sees %d texts, want %d", r, got, want)
		}
	}
	_, err = w.SetVisibility(ctx, hers, clients.Joint, "")
	wantKind(t, err, fault.Refused, "for both again")
	_, err = w.SetVisibility(ctx, hers, clients.PartnerA, "") // narrowing is always allowed
	w.must(err)
}

// The reports in which a text may stand are those made for whom it was open at the time,
// over a period that holds its day.
func TestShownNamesTheReportsOfTheTime(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.written(NewNote{Session: w.session(JointSession, "", 1, Held)}, map[string]string{"note_a": "hers", "agreements": "ours", "reflection": "mine"})
	made := func(r clients.Reader, from, to, on day.Day) {
		w.write(func(tx *casebook.Tx) error {
			_, err := tx.Exec(`INSERT INTO report_made (id, couple_id, reader, from_on, to_on, report_on, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, ids.New(), w.couple, r, from, to, on, tx.Now.UnixMilli())
			return err
		})
		w.clock.Move(time.Minute)
	}
	w.clock.Move(time.Minute)
	made(clients.Us, "2026-09-01", "2026-11-22", "2026-11-22")
	made(clients.CoachView, "2026-09-01", "2026-11-22", "2026-11-22")
	made(clients.A, "2026-09-01", "2026-11-01", "2026-11-22") // before its day
	_, err := w.SetVisibility(ctx, w.fieldID(n, "agreements"), clients.CoachOnly, "")
	w.must(err)
	w.clock.Move(time.Minute)
	made(clients.B, "2026-09-01", "2026-11-22", "2026-11-23") // closed by then
	made(clients.A, "2026-09-01", "2026-11-22", "2026-11-24")
	for key, want := range map[string][]ShownIn{
		"agreements": {{clients.Us, "2026-11-22"}},
		"note_a":     {{clients.A, "2026-11-24"}},
		"reflection": nil,
	} {
		got, err := w.Shown(ctx, coach, w.fieldID(n, key))
		w.must(err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", key, d)
		}
	}
	w.release(w.fieldID(n, "note_a"), "")
	got, err := w.Shown(ctx, coach, w.fieldID(n, "note_a"))
	w.must(err)
	if len(got) != 3 { // A's; and what was released by then stood in B's and in that for both
		t.Errorf("released: %+v", got)
	}
	if got, err := w.Shown(ctx, as(clients.A), w.fieldID(n, "agreements")); err != nil || got != nil {
		t.Errorf("A is told of reports: %v, %v", got, err)
	}
}
