package casebook

import (
	"context"
	"database/sql"
	"errors"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// SetAccess closes the casebook for a coach, on every computer that shares it, or opens it
// again with the passphrase they had. What they did stays; the copies they have do, too.
func (c *Casebook) SetAccess(ctx context.Context, coach ids.ID, open bool) error {
	if err := c.MayManage(ctx); err != nil {
		return err
	}
	return c.changeWays(ctx, map[bool]string{false: "coach.shut_out", true: "coach.back"}[open], func(tx *Tx) error {
		var role string
		switch err := tx.QueryRow(`SELECT role FROM coach_now WHERE coach_id = ?`, coach).Scan(&role); {
		case errors.Is(err, sql.ErrNoRows):
			return fault.New(fault.NotFound, text.T("casebook.no_coach", "There is no such coach."), text.T("fault.nothing_saved", "Nothing was changed."))
		case err != nil:
			return err
		case role == "owner":
			return fault.New(fault.Refused, text.T("clients.owner_stays", "Whose casebook it is cannot leave it."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		if role == "left" && open {
			if _, err := tx.Exec(`UPDATE coach SET role = 'coach' WHERE id = ? AND role = 'left'`, coach); err != nil {
				return err
			}
		}
		return decideAccess(tx, coach, open)
	})
}

// decideAccess records the decision, once for each that it replaces.
func decideAccess(tx *Tx, coach ids.ID, open bool) error {
	before, err := Collect(tx.Context(), tx, Value[ids.ID], `SELECT a.id FROM coach_access a WHERE a.coach_id = ? AND a.deleted = 0 AND NOT EXISTS (SELECT 1 FROM coach_access x WHERE x.replaces = a.id)`, coach)
	if err != nil {
		return err
	}
	if len(before) == 0 {
		before = []ids.ID{ids.Nil}
	}
	for _, b := range before {
		if _, err := tx.Exec(`INSERT INTO coach_access (id, coach_id, state, replaces, by_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), coach, map[bool]string{false: "closed", true: "open"}[open], b, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return tellAll(tx)
}

// MayManage refuses who is not an owner of the casebook, unless no owner can open it: then
// somebody must.
func (c *Casebook) MayManage(ctx context.Context) error {
	rows, err := wayRows(ctx, c.reader)
	if err != nil {
		return vault.MapError(err)
	}
	owned := false
	for _, r := range rows {
		if r.owner && r.coach == c.me {
			return nil
		}
		owned = owned || (r.owner && !r.closed)
	}
	if owned {
		return fault.New(fault.Refused, text.T("casebook.owner_only", "Only the owner of the casebook can do this."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	return nil
}
