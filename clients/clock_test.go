package clients_test

import (
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

// A session is told on its own clocks, in the list and in the record as in Today: a
// header that says another hour than the session sends somebody to the door too early.
func TestASessionIsToldOnItsOwnClocks(t *testing.T) {
	s, cb := book(t)
	id, _, _ := couple(t, s, named("A", "A"), named("B", "B"))
	add := func(state, zone string, days int) {
		exec(t, cb, `INSERT INTO session (id, couple_id, state, starts_at, zone, visibility) VALUES (?, ?, ?, ?, ?, 'joint')`, ids.New(), id, state, clients.Millis(casebooktest.Start.AddDate(0, 0, days)), zone)
	}
	add("held", "Asia/Kolkata", -2)
	add("held", "Europe/Lisbon", -9)
	add("booked", "Europe/Amsterdam", 5)
	add("booked", "America/New_York", 6)
	const layout = "2006-01-02 15:04 MST"
	next, last := casebooktest.Start.AddDate(0, 0, 5), casebooktest.Start.AddDate(0, 0, -2)
	row := must[clients.List](t)(s.List(ctx, coach, clients.Filter{Now: casebooktest.Start})).Rows[0]
	header := must[clients.Header](t)(s.Header(ctx, asB, id, casebooktest.Start))
	for name, got := range map[string]string{"list, next": row.NextAt.Format(layout), "header, next": header.NextAt.Format(layout)} {
		if want := next.In(zone(t, "Europe/Amsterdam")).Format(layout); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got, want := row.LastAt.Format(layout), last.In(zone(t, "Asia/Kolkata")).Format(layout); got != want {
		t.Errorf("list, last: %s, want %s", got, want)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
