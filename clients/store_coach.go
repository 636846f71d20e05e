package clients

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Coach is somebody who works in the workspace, or did.
type Coach struct {
	ID   ids.ID
	Name string
	Role Role
}

// Role is what somebody does here.
type Role string

// The roles. Somebody who left may not open the casebook any more, whatever they were.
const (
	RoleOwner      Role = "owner"
	RoleCoach      Role = "coach"
	RoleSupervisor Role = "supervisor"
	RoleAssistant  Role = "assistant"
	roleLeft       Role = "left"
)

// Roles are what somebody can be given, in the order in which they are offered.
var Roles = []Role{RoleCoach, RoleSupervisor, RoleAssistant, RoleOwner}

// Words are what a role is called.
func (r Role) Words() string {
	switch r {
	case RoleOwner:
		return text.T("clients.role_owner", "Owner")
	case RoleSupervisor:
		return text.T("clients.role_supervisor", "Supervisor")
	case RoleAssistant:
		return text.T("clients.role_assistant", "Assistant")
	}
	return text.T("clients.role_coach", "Coach")
}

// Owner says whether it is one whose workspace it is.
func (c Coach) Owner() bool { return c.Role == RoleOwner }

// Left says whether they work here no more. They stay with all that they did.
func (c Coach) Left() bool { return c.Role == roleLeft }

// AtWork are those who can be given clients: coaches and owners who have not left, and
// whoever is among keep, whose work it is already.
func AtWork(all []Coach, keep ...ids.ID) []Coach {
	return slices.DeleteFunc(slices.Clone(all), func(c Coach) bool {
		return c.Role != RoleOwner && c.Role != RoleCoach && !slices.Contains(keep, c.ID)
	})
}

// Coaches are the people who work here, the owner first, and last those who left. Their
// names are no client content and need no audience.
func (s *Store) Coaches(ctx context.Context) ([]Coach, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *Coach) error { return r.Scan(&c.ID, &c.Name, &c.Role) },
		`SELECT k.id, k.name, n.role FROM coach k JOIN coach_now n ON n.coach_id = k.id ORDER BY n.role <> 'owner', n.role = 'left', k.id`)
}

// AddCoach stores another coach. They can be chosen for clients; to open the casebook they
// need a passphrase (casebook.GivePassphrase).
func (s *Store) AddCoach(ctx context.Context, name string) (ids.ID, error) {
	id := ids.New()
	err := s.cb.Write(ctx, "coach.add", func(tx *casebook.Tx) error {
		name, err := coachName(tx, name, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO coach (id, name, role, created_at) VALUES (?, ?, ?, ?)`, id, name, RoleCoach, tx.Now.UnixMilli())
		return err
	})
	if err != nil {
		return ids.Nil, err
	}
	return id, nil
}

// RenameCoach changes a coach's name.
func (s *Store) RenameCoach(ctx context.Context, id ids.ID, name string) error {
	return s.cb.Write(ctx, "coach.rename", func(tx *casebook.Tx) error {
		name, err := coachName(tx, name, id)
		if err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE coach SET name = ? WHERE id = ?`, name, id))
	})
}

// SetRole changes what somebody does here. The owner decides; a casebook keeps one.
func (s *Store) SetRole(ctx context.Context, id ids.ID, role Role) error {
	if !slices.Contains(Roles, role) {
		return fault.Input("role", text.T("clients.role_unknown", "This is not a role."))
	}
	if err := s.cb.MayManage(ctx); err != nil {
		return err
	}
	return s.cb.Write(ctx, "coach.role", func(tx *casebook.Tx) error {
		var was Role
		var another bool
		if err := tx.QueryRow(`SELECT role, EXISTS (SELECT 1 FROM coach_now k WHERE k.coach_id <> ?1 AND k.role = 'owner'
			AND EXISTS (SELECT 1 FROM coach_way w WHERE w.coach_id = k.coach_id AND w.deleted = 0)) FROM coach_now WHERE coach_id = ?1`, id).Scan(&was, &another); err != nil {
			return found(err)
		}
		if was == RoleOwner && role != RoleOwner && !another {
			return fault.Input("role", text.T("clients.one_owner", "A casebook needs an owner who can open it. Make somebody else the owner first."))
		}
		if err := decideRole(tx, id, role); err != nil {
			return err
		}
		return traces.Record(tx, traces.Entry{Kind: traces.AccessChanged, ItemID: id, Table: "coach", Was: string(was), Became: string(role)})
	})
}

// decideRole records the decision, once for each that it replaces.
func decideRole(tx *casebook.Tx, coach ids.ID, role Role) error {
	before, err := casebook.Collect(tx.Context(), tx, casebook.Value[ids.ID], `SELECT r.id FROM coach_role r WHERE r.coach_id = ? AND r.deleted = 0 AND NOT EXISTS (SELECT 1 FROM coach_role x WHERE x.replaces = r.id)`, coach)
	if err != nil {
		return err
	}
	if len(before) == 0 {
		before = []ids.ID{ids.Nil}
	}
	for _, b := range before {
		if _, err := tx.Exec(`INSERT INTO coach_role (id, coach_id, role, replaces, by_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), coach, role, b, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// coachName is the name as it is stored. Nobody else has it: two of one name could not
// be told apart where one is chosen.
func coachName(tx *casebook.Tx, name string, id ids.ID) (string, error) {
	name = OneLine(name)
	switch {
	case name == "":
		return "", fault.Input("name", text.T("clients.coach_name", "Write the coach's name."))
	case utf8.RuneCountInString(name) > MaxName:
		return "", fault.Input("name", text.T("clients.too_long", "This has room for %d characters.", MaxName))
	}
	others, err := casebook.Collect(tx.Context(), tx, casebook.Value[string], `SELECT name FROM coach WHERE id <> ? AND deleted = 0`, id)
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if slices.ContainsFunc(others, func(o string) bool { return strings.EqualFold(plain(o), plain(name)) }) {
		return "", fault.Input("name", text.T("clients.coach_twice", "There is a coach of this name already. Add what tells them apart."))
	}
	return name, err
}
