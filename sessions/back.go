package sessions

import (
	"context"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// cameBack are the sessions or notes that were deleted and came back because somebody had
// changed them at the same time. Only the coach is told.
func cameBack(ctx context.Context, q casebook.Querier, aud clients.Audience, table, column string, of ids.ID) (map[ids.ID]bool, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	all, err := casebook.Collect(ctx, q, casebook.Value[ids.ID], `SELECT x.id FROM `+table+` x WHERE x.`+column+` = ? AND x.deleted = 0 AND `+clients.CameBack(table, "x"), of)
	out := map[ids.ID]bool{}
	for _, id := range all {
		out[id] = true
	}
	return out, err
}

// Keep says of a session or note that came back that it is to stay: it is no longer marked.
func (s *Store) Keep(ctx context.Context, table string, id ids.ID) error {
	if table != "session" && table != "note" {
		return gone()
	}
	return s.cb.Write(ctx, table+".keep", func(tx *casebook.Tx) error {
		if err := one(tx.Exec(`UPDATE `+table+` SET deleted = 1 WHERE id = ? AND deleted = 0`, id)); err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE `+table+` SET deleted = 0 WHERE id = ?`, id))
	})
}
