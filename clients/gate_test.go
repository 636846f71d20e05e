package clients_test

import (
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// A release opens an item from the day it was given, for the whole only while nothing
// says less, and what concerns others never to both (rules PV-18, PV-48).
func TestTheGateAsksForTheDayAndForTheMoreProtective(t *testing.T) {
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
