package clients_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// A coach who left is offered for nothing new and stays with what they did; two of one
// name cannot be.
func TestCoachesLeaveAndHaveNamesOfTheirOwn(t *testing.T) {
	s, cb := book(t)
	gone := must[ids.ID](t)(s.AddCoach(ctx, "Noor Haddad"))
	stays := must[ids.ID](t)(s.AddCoach(ctx, "Sam Reed"))
	id := must[ids.ID](t)(s.CreateCouple(ctx, clients.NewCouple{A: named("A", "A"), B: named("B", "B"), Engagement: &clients.Engagement{Coaches: []ids.ID{gone}}}))
	all := must[[]clients.Coach](t)(s.Coaches(ctx))
	owner := all[0].ID
	ok(t, cb.SetAccess(ctx, gone, false))
	wantKind(t, cb.SetAccess(ctx, owner, false), fault.Refused)
	wantKind(t, cb.SetAccess(ctx, ids.New(), false), fault.NotFound)

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
	ok(t, cb.SetAccess(ctx, gone, true))
	if l := clients.AtWork(must[[]clients.Coach](t)(s.Coaches(ctx))); len(l) != 3 {
		t.Errorf("%d at work after coming back", len(l))
	}
}

func TestRoles(t *testing.T) {
	s, cb := book(t)
	owner := cb.Me()
	second := must[ids.ID](t)(s.AddCoach(ctx, "Noor Haddad"))
	for _, role := range []clients.Role{clients.RoleSupervisor, clients.RoleAssistant} {
		ok(t, s.SetRole(ctx, second, role))
		all := must[[]clients.Coach](t)(s.Coaches(ctx))
		if all[1].Role != role || len(clients.AtWork(all)) != 1 || len(clients.AtWork(all, second)) != 2 {
			t.Errorf("%s: %+v, at work %+v", role, all, clients.AtWork(all))
		}
	}
	if d := cmp.Diff([]string{"role"}, fields(s.SetRole(ctx, second, "left"))); d != "" {
		t.Error(d)
	}
	ok(t, s.SetRole(ctx, second, clients.RoleOwner))
	if d := cmp.Diff([]string{"role"}, fields(s.SetRole(ctx, owner, clients.RoleCoach))); d != "" {
		t.Errorf("the other owner has no passphrase: %s", d)
	}
	ok(t, cb.GivePassphrase(ctx, second, vault.FloorKDF, "over the hills and far"))
	ok(t, s.SetRole(ctx, owner, clients.RoleCoach))
	wantKind(t, s.SetRole(ctx, second, clients.RoleCoach), fault.Refused)
	wantKind(t, s.SetRole(ctx, owner, clients.RoleOwner), fault.Refused)
}
