package sessions

import (
	"context"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
)

// What A let B see, and the coach then set to "for both", rests on A's word: with the
// release it closes for B and for both, and is not opened by being called joint again.
func TestATextForBothClosesWithItsRelease(t *testing.T) {
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
