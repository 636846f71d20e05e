package clients_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// A coach who left is offered for nothing new and stays with what they did; two of one
// name cannot be.
func TestCoachesLeaveAndHaveNamesOfTheirOwn(t *testing.T) {
	s, _ := book(t)
	gone := must[ids.ID](t)(s.AddCoach(ctx, "Noor Haddad"))
	stays := must[ids.ID](t)(s.AddCoach(ctx, "Sam Reed"))
	id := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named("A", "A"), B: named("B", "B"), Engagement: &clients.Engagement{Coaches: []ids.ID{gone}}}))
	all := must[[]clients.Coach](t)(s.Coaches(ctx))
	owner := all[0].ID
	ok(t, s.CoachLeft(ctx, gone, true))
	wantKind(t, s.CoachLeft(ctx, owner, true), fault.Refused)
	wantKind(t, s.CoachLeft(ctx, ids.New(), true), fault.NotFound)

	order := func(l []clients.Coach) (out []ids.ID) {
		for _, c := range l {
			out = append(out, c.ID)
		}
		return out
	}
	all = must[[]clients.Coach](t)(s.Coaches(ctx))
	if d := cmp.Diff([]ids.ID{owner, stays, gone}, order(all)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]ids.ID{owner, stays}, order(clients.AtWork(all))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]ids.ID{owner, stays, gone}, order(clients.AtWork(all, gone))); d != "" {
		t.Error(d)
	}
	if h := must[clients.Header](t)(s.Header(ctx, coach, id, casebooktest.Start)); len(h.Coaches) != 1 || h.Coaches[0].Name != "Noor Haddad" || !h.Coaches[0].Left() {
		t.Errorf("%+v", h.Coaches)
	}
	if l := must[clients.List](t)(s.List(ctx, coach, clients.Filter{Coach: gone})); l.Total != 1 {
		t.Errorf("%d records of who left, want 1", l.Total)
	}
	_, err := s.AddCoach(ctx, " noor  HADDAD ")
	if d := cmp.Diff([]string{"name"}, fields(err)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"name"}, fields(s.RenameCoach(ctx, stays, "Noor Haddad"))); d != "" {
		t.Error(d)
	}
	ok(t, s.RenameCoach(ctx, stays, "SAM REED"))
	ok(t, s.CoachLeft(ctx, gone, false))
	if l := clients.AtWork(must[[]clients.Coach](t)(s.Coaches(ctx))); len(l) != 3 {
		t.Errorf("%d at work after coming back", len(l))
	}
}
