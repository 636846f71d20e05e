package clients

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// CurrentEngagement is SQL for the id of the engagement that counts for the couple whose
// id the expression gives: the running one, or else the latest.
func CurrentEngagement(couple string) string {
	return `(SELECT e.id FROM engagement e WHERE e.couple_id = ` + couple + ` AND e.deleted = 0 ORDER BY e.ended_on <> '', e.started_on DESC, e.id DESC LIMIT 1)`
}

// CreateEngagement begins a period of coaching.
func (s *Store) CreateEngagement(ctx context.Context, e Engagement) (ids.ID, error) {
	err := s.cb.Write(ctx, "engagement.create", func(tx *casebook.Tx) error { return InsertEngagement(tx, &e) })
	return e.ID, err
}

// InsertEngagement is CreateEngagement inside a transaction; it sets e.ID. Without a
// coach it is that of the one who writes; without a policy there are no secrets.
func InsertEngagement(tx *casebook.Tx, e *Engagement) error {
	if len(e.Coaches) == 0 && !tx.Coach.IsZero() {
		e.Coaches = []ids.ID{tx.Coach}
	}
	if e.Policy == "" {
		e.Policy = NoSecrets
	}
	if err := e.Validate(); err != nil {
		return err
	}
	if e.ID.IsZero() {
		e.ID = ids.New()
	}
	if _, err := tx.Exec(`INSERT INTO engagement (id, couple_id, intent, secrets_policy, programme, started_on, ended_on, paused, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.CoupleID, e.Intent, e.Policy, e.Programme, e.StartedOn, e.EndedOn, e.Paused, tx.Now.UnixMilli()); err != nil {
		return err
	}
	return setCoaches(tx, e.ID, e.Coaches)
}

// UpdateEngagement loads an engagement, lets change edit it and stores it. Setting
// EndedOn also ends the releases that were to count until then (rule PV-18).
func (s *Store) UpdateEngagement(ctx context.Context, id ids.ID, change func(*Engagement) error) error {
	return s.cb.Write(ctx, "engagement.edit", func(tx *casebook.Tx) error { return ChangeEngagement(tx, id, change) })
}

// ChangeEngagement is UpdateEngagement inside a transaction.
func ChangeEngagement(tx *casebook.Tx, id ids.ID, change func(*Engagement) error) error {
	e, err := loadEngagement(tx.Context(), tx, id)
	if err != nil {
		return err
	}
	before := e.EndedOn
	if err := change(&e); err != nil {
		return err
	}
	if err := e.Validate(); err != nil {
		return err
	}
	if err := one(tx.Exec(`UPDATE engagement SET intent = ?, secrets_policy = ?, programme = ?, started_on = ?, ended_on = ?, paused = ? WHERE id = ?`,
		e.Intent, e.Policy, e.Programme, e.StartedOn, e.EndedOn, e.Paused, id)); err != nil {
		return err
	}
	if e.EndedOn != "" && e.EndedOn != before {
		if err := endReleases(tx, e.CoupleID, before, e.EndedOn); err != nil {
			return err
		}
	}
	return setCoaches(tx, id, e.Coaches)
}

// EndEngagement closes a period of coaching on a day.
func (s *Store) EndEngagement(ctx context.Context, id ids.ID, on day.Day) error {
	return s.UpdateEngagement(ctx, id, func(e *Engagement) error { e.EndedOn = on; return nil })
}

// PauseEngagement puts the work on hold, or goes on with it.
func (s *Store) PauseEngagement(ctx context.Context, id ids.ID, paused bool) error {
	return s.flag(ctx, "engagement.pause", "engagement", "paused", id, paused)
}

// DeleteEngagement moves an engagement to the recycle bin; RestoreEngagement undoes it.
func (s *Store) DeleteEngagement(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "engagement.delete", "engagement", "deleted", id, true)
}

// RestoreEngagement undoes DeleteEngagement.
func (s *Store) RestoreEngagement(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "engagement.restore", "engagement", "deleted", id, false)
}

// Engagements are the periods of coaching of a record, the latest first. They say
// whether the work was paused, or something else holds it: the coach's alone. Others read
// the one that counts in the Header.
func (s *Store) Engagements(ctx context.Context, aud Audience, couple ids.ID) ([]Engagement, error) {
	return casebook.Collect(ctx, s.cb.Reader(), scanEngagement, selectEngagement+` WHERE e.couple_id = ? AND e.deleted = 0 AND ? ORDER BY e.started_on DESC, e.id DESC`, couple, aud.IsCoach())
}

const selectEngagement = `SELECT e.id, e.couple_id, e.intent, e.secrets_policy, e.programme, e.started_on, e.ended_on, e.paused, e.created_at,
 coalesce((SELECT group_concat(hex(k.coach_id)) FROM (SELECT coach_id FROM engagement_coach WHERE engagement_id = e.id AND deleted = 0 ORDER BY id) k), '') FROM engagement e`

func scanEngagement(r *sql.Rows, e *Engagement) error {
	var created int64
	var coaches string
	if err := r.Scan(&e.ID, &e.CoupleID, &e.Intent, &e.Policy, &e.Programme, &e.StartedOn, &e.EndedOn, &e.Paused, &created, &coaches); err != nil {
		return err
	}
	e.CreatedAt = AtMillis(created)
	var err error
	e.Coaches, err = hexIDs(coaches)
	return err
}

func loadEngagement(ctx context.Context, q casebook.Querier, id ids.ID) (Engagement, error) {
	l, err := casebook.Collect(ctx, q, scanEngagement, selectEngagement+` WHERE e.id = ?`, id)
	if err != nil {
		return Engagement{}, err
	}
	if len(l) == 0 {
		return Engagement{}, NotFound()
	}
	return l[0], nil
}

// hexIDs reads a list of ids that SQL wrote with group_concat(hex(id)).
func hexIDs(s string) ([]ids.ID, error) {
	var out []ids.ID
	for h := range strings.SplitSeq(s, ",") {
		if h == "" {
			continue
		}
		id, err := ids.Parse(h)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func setCoaches(tx *casebook.Tx, engagement ids.ID, coaches []ids.ID) error {
	type row struct {
		id, coach ids.ID
		deleted   bool
	}
	have, err := casebook.Collect(tx.Context(), tx, func(r *sql.Rows, x *row) error { return r.Scan(&x.id, &x.coach, &x.deleted) },
		`SELECT id, coach_id, deleted FROM engagement_coach WHERE engagement_id = ?`, engagement)
	if err != nil {
		return err
	}
	left := slices.Clone(coaches)
	for _, r := range have {
		i := slices.Index(left, r.coach)
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
		if gone := i < 0; gone != r.deleted {
			if _, err := tx.Exec(`UPDATE engagement_coach SET deleted = ? WHERE id = ?`, gone, r.id); err != nil {
				return err
			}
		}
	}
	for i, c := range left {
		if slices.Contains(left[:i], c) {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO engagement_coach (id, engagement_id, coach_id, created_at) VALUES (?, ?, ?, ?)`, ids.New(), engagement, c, tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}
