package sessions

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Revision is one saved state of a field. Diff(Before, Body) says what it changed.
type Revision struct {
	ID     ids.ID
	Field  ids.ID
	Key    string
	At     time.Time
	Coach  string
	Before string // the text that it followed, "" for the first
	Body   string
}

// History is every revision of a note's fields, newest first: who, when, and the texts
// to compare. It is the coach's alone: what was taken out of a text before somebody
// was shown it must not come back through its history.
func (s *Store) History(ctx context.Context, aud clients.Audience, note ids.ID) ([]Revision, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	type row struct {
		Revision
		parents string
	}
	e := s.as(aud)
	all, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, x *row) error {
		var at int64
		var sealedTo ids.ID
		err := r.Scan(&x.ID, &x.Field, &x.Key, &at, &x.Coach, &x.parents, &x.Body, &sealedTo)
		x.Body = e.shown(sealedTo, x.Body)
		x.At = instant(at)
		return err
	}, `SELECT v.id, f.id, f.key, v.at, coalesce(k.name, ''), v.parents, v.body, f.sealed_to
		FROM note_field f JOIN note_rev v ON v.field_id = f.id LEFT JOIN coach k ON k.id = v.coach_id
		WHERE f.note_id = ? AND f.deleted = 0 AND v.deleted = 0 AND `+e.unsealed("f")+` ORDER BY v.at DESC, f.position, v.id DESC`, note)
	bodies := map[string]string{}
	for _, r := range all {
		bodies[r.ID.String()] = r.Body
	}
	out := make([]Revision, 0, len(all))
	for _, r := range all {
		if len(r.parents) >= 36 {
			r.Before = bodies[r.parents[:36]]
		}
		out = append(out, r.Revision)
	}
	return out, err
}
