package clients_test

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// A release opens an item from the day it was given, for the whole only while nothing
// says less, and what concerns others never to both (rules PV-18, PV-48).
func TestPV48TheGateAsksForTheDayAndForTheMoreProtective(t *testing.T) {
	s, cb := book(t)
	id, _, _ := couple(t, s, named("A", "A"), named("B", "B"))
	item := func(subject clients.Subject, vis clients.Visibility) ids.ID {
		l := ids.New()
		exec(t, cb, `INSERT INTO letter (id, couple_id, subject, visibility) VALUES (?, ?, ?, ?)`, l, id, subject, vis)
		return l
	}
	give := func(l ids.ID, partner, scope string, on day.Day) {
		exec(t, cb, `INSERT INTO release (id, couple_id, partner, item_id, scope, given_on) VALUES (?, ?, ?, ?, ?, ?)`, ids.New(), id, partner, l, scope, on)
	}
	may := func(r clients.Reader, on day.Day, l ids.ID) bool {
		aud := clients.For(r, on)
		var open bool
		if err := cb.Reader().QueryRowContext(ctx, `SELECT `+aud.Gate("x")+` FROM letter x WHERE x.id = ?`, l).Scan(&open); err != nil {
			t.Fatal(err)
		}
		return open
	}
	dated := item(clients.SubjectA, clients.PartnerA)
	give(dated, "A", "", "2026-11-20")
	twice := item(clients.SubjectA, clients.PartnerA)
	give(twice, "A", "", "2026-11-20")
	give(twice, "A", `["EM"]`, "2026-11-20")
	third := item(clients.SubjectThird, clients.Joint)
	takeBack := func(l ids.ID, partner string) {
		exec(t, cb, `INSERT INTO release (id, couple_id, partner, item_id, state, given_on, replaces) SELECT ?, couple_id, partner, item_id, 'withdrawn', given_on, id FROM release WHERE item_id = ? AND partner = ?`, ids.New(), l, partner)
	}
	// What was opened to the other on a release closes with it, whatever its visibility says.
	widened := item(clients.SubjectA, clients.Joint)
	give(widened, "A", "", "2026-11-20")
	closed := item(clients.SubjectA, clients.Joint)
	give(closed, "A", "", "2026-11-20")
	takeBack(closed, "A")
	given := item(clients.SubjectA, clients.PartnerB)
	give(given, "A", "", "2026-11-20")
	takeBack(given, "A")
	ended := item(clients.SubjectB, clients.Joint)
	exec(t, cb, `INSERT INTO release (id, couple_id, partner, item_id, given_on, expires_on) VALUES (?, ?, 'B', ?, '2026-11-01', '2026-11-19')`, ids.New(), id, ended)
	ours := item(clients.SubjectBoth, clients.Joint)
	give(ours, "A", "", "2026-11-20")
	give(ours, "B", "", "2026-11-20")
	takeBack(ours, "B")
	// What is about both and kept for one opens when both have released it, not one of them.
	half, whole := item(clients.SubjectBoth, clients.PartnerA), item(clients.SubjectBoth, clients.PartnerA)
	give(half, "A", "", "2026-11-20")
	give(whole, "A", "", "2026-11-20")
	give(whole, "B", "", "2026-11-20")
	never := item(clients.SubjectA, clients.Joint)
	exec(t, cb, `INSERT INTO release (id, couple_id, partner, item_id, state, given_on) VALUES (?, ?, 'A', ?, 'withdrawn', '2026-11-01')`, ids.New(), id, never)
	for _, c := range []struct {
		name string
		r    clients.Reader
		on   day.Day
		item ids.ID
		want bool
	}{
		{"the day before it was given", clients.B, "2026-11-19", dated, false},
		{"the day it was given", clients.B, "2026-11-20", dated, true},
		{"both, the day it was given", clients.Us, "2026-11-20", dated, true},
		{"no day", clients.B, "", dated, false},
		{"whole and part", clients.B, "2026-11-20", twice, false},
		{"widened, B", clients.B, "2026-11-20", widened, true},
		{"widened, both", clients.Us, "2026-11-20", widened, true},
		{"taken back, B", clients.B, "2026-11-20", closed, false},
		{"taken back, both", clients.Us, "2026-11-20", closed, false},
		{"taken back, whose it is", clients.A, "2026-11-20", closed, true},
		{"taken back from the other alone", clients.B, "2026-11-20", given, false},
		{"expired, A", clients.A, "2026-11-20", ended, false},
		{"expired, both", clients.Us, "2026-11-20", ended, false},
		{"expired, whose it is", clients.B, "2026-11-20", ended, true},
		{"before it expired", clients.A, "2026-11-19", ended, true},
		{"one of two took back, the other", clients.A, "2026-11-20", ours, false},
		{"one of two took back, both", clients.Us, "2026-11-20", ours, false},
		{"one of two took back, that one", clients.B, "2026-11-20", ours, true},
		{"about both, one released, the other", clients.B, "2026-11-20", half, false},
		{"about both, one released, both", clients.Us, "2026-11-20", half, false},
		{"about both, both released, the other", clients.B, "2026-11-20", whole, true},
		{"about both, both released, both", clients.Us, "2026-11-20", whole, true},
		{"taken back and never given", clients.B, "2026-11-20", never, true},
		{"others, one reads", clients.A, "2026-11-20", third, true},
		{"others, both read", clients.Us, "2026-11-20", third, false},
	} {
		if got := may(c.r, c.on, c.item); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if x := (clients.Access{Subject: clients.SubjectThird, Visibility: clients.Joint, Sensitivity: clients.Normal}); us.Sees(x) || !asA.Sees(x) {
		t.Error("Sees and Gate disagree on third persons")
	}
}
