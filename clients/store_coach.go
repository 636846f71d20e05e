package clients

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Coach is somebody who works in the workspace, or did.
type Coach struct {
	ID   ids.ID
	Name string
	Role string // owner, coach, left
}

// The roles of a coach.
const (
	roleOwner = "owner"
	roleCoach = "coach"
	roleLeft  = "left"
)

// Owner says whether it is the one whose workspace it is.
func (c Coach) Owner() bool { return c.Role == roleOwner }

// Left says whether they work here no more. They stay with all that they did.
func (c Coach) Left() bool { return c.Role == roleLeft }

// AtWork are the coaches who can be given new work: all but those who left, unless they
// are among keep, whose work it is already.
func AtWork(all []Coach, keep ...ids.ID) []Coach {
	return slices.DeleteFunc(slices.Clone(all), func(c Coach) bool { return c.Left() && !slices.Contains(keep, c.ID) })
}

// Coaches are the people who work here, the owner first, and last those who left. Their
// names are no client content and need no audience.
func (s *Store) Coaches(ctx context.Context) ([]Coach, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *Coach) error { return r.Scan(&c.ID, &c.Name, &c.Role) },
		`SELECT id, name, role FROM coach WHERE deleted = 0 ORDER BY role <> 'owner', role = 'left', id`)
}

// AddCoach stores another coach.
func (s *Store) AddCoach(ctx context.Context, name string) (ids.ID, error) {
	id := ids.New()
	err := s.cb.Write(ctx, "coach.add", func(tx *casebook.Tx) error {
		name, err := coachName(tx, name, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO coach (id, name, role, created_at) VALUES (?, ?, ?, ?)`, id, name, roleCoach, tx.Now.UnixMilli())
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

// CoachLeft marks a coach as working here no more, or as back. The owner stays.
func (s *Store) CoachLeft(ctx context.Context, id ids.ID, left bool) error {
	return s.cb.Write(ctx, "coach.left", func(tx *casebook.Tx) error {
		var c Coach
		if err := tx.QueryRow(`SELECT role FROM coach WHERE id = ?`, id).Scan(&c.Role); err != nil {
			return found(err)
		}
		if c.Owner() {
			return fault.New(fault.Refused, text.T("clients.owner_stays", "Whose casebook it is cannot leave it."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		role := roleCoach
		if left {
			role = roleLeft
		}
		return one(tx.Exec(`UPDATE coach SET role = ? WHERE id = ?`, role, id))
	})
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
