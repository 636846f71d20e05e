package rights

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Hold is what must not be erased: a person, a record, or one item.
type Hold struct {
	ID       ids.ID
	Person   ids.ID
	Couple   ids.ID
	Table    string
	Item     ids.ID
	Reason   string
	Ground   string
	ReviewOn day.Day
	At       time.Time
}

// Validate returns one fault for each field that cannot be stored.
func (h Hold) Validate() error {
	var errs []error
	if clients.OneLine(h.Reason) == "" {
		errs = append(errs, fault.Input("reason", text.T("rights.need_reason", "Say why it must be kept.")))
	}
	if !slices.Contains([]string{LegalClaim, LegalObligation, Safeguarding}, h.Ground) {
		errs = append(errs, fault.Input("ground", text.T("rights.need_ground", "Choose the ground on which it is kept.")))
	}
	if d, err := day.Parse(string(h.ReviewOn)); err != nil || d == "" {
		errs = append(errs, fault.Input("review_on", text.T("rights.need_review", "Write the day on which you look at it again, like 2026-11-22.")))
	}
	return errors.Join(errs...)
}

// Holds are the holds in force: one stands until a later decision lifts it, and where
// decisions disagree the one that holds counts (rule PV-48).
func Holds(ctx context.Context, q casebook.Querier) ([]Hold, error) {
	return casebook.Collect(ctx, q, func(r *sql.Rows, h *Hold) error {
		var at int64
		err := r.Scan(&h.ID, &h.Person, &h.Couple, &h.Table, &h.Item, &h.Reason, &h.Ground, &h.ReviewOn, &at)
		h.At = clients.AtMillis(at)
		return err
	}, `SELECT id, person_id, couple_id, item_tbl, item_id, reason, ground, review_on, at FROM hold h WHERE state <> 'off' AND deleted = 0 AND NOT EXISTS (SELECT 1 FROM hold x WHERE x.replaces = h.id) ORDER BY review_on, id`)
}

// Holds is Holds of the casebook, for the coach.
func (s *Store) Holds(ctx context.Context, aud clients.Audience) ([]Hold, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return Holds(ctx, s.cb.Reader())
}

// Hold keeps a person, a record or an item from being erased until it is lifted.
func (s *Store) Hold(ctx context.Context, h Hold) (ids.ID, error) {
	if err := h.Validate(); err != nil {
		return ids.Nil, err
	}
	h.ID = ids.New()
	return h.ID, s.cb.Write(ctx, "hold.set", func(tx *casebook.Tx) error { return insertHold(tx, h, "on", ids.Nil) })
}

// Lift ends a hold. What an erasure left because of it can be erased by another one.
func (s *Store) Lift(ctx context.Context, hold ids.ID, reason string) error {
	if clients.OneLine(reason) == "" {
		return fault.Input("reason", text.T("rights.lift_reason", "Say why it need not be kept any more."))
	}
	return s.cb.Write(ctx, "hold.lift", func(tx *casebook.Tx) error {
		all, err := Holds(tx.Context(), tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(h Hold) bool { return h.ID == hold })
		if i < 0 {
			return clients.NotFound()
		}
		h := all[i]
		h.ID, h.Reason = ids.New(), clients.OneLine(reason)
		return insertHold(tx, h, "off", hold)
	})
}

func insertHold(tx *casebook.Tx, h Hold, state string, replaces ids.ID) error {
	_, err := tx.Exec(`INSERT INTO hold (id, person_id, couple_id, item_tbl, item_id, state, reason, ground, review_on, replaces, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?12, ?12)`,
		h.ID, h.Person, h.Couple, h.Table, h.Item, state, clients.OneLine(h.Reason), h.Ground, string(h.ReviewOn), replaces, tx.Coach, tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	return traces.Record(tx, traces.Entry{Kind: traces.HoldChanged, CoupleID: h.Couple, PersonID: h.Person, Table: "hold", ItemID: h.ID, Became: state})
}
