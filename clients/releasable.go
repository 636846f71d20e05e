package clients

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Releasable is something of one partner's that they can let the other see.
type Releasable struct {
	ID   ids.ID
	Kind string // quiz, note, log
	What string // which quiz or practice, by its id; which field of a note
	At   time.Time
}

// Releasable are the things that are one partner's alone and not released as a whole now,
// the latest first. What is the coach's is not among them: a release never opens it. Only
// the coach is told.
func (s *Store) Releasable(ctx context.Context, aud Audience, couple ids.ID, partner Slot) ([]Releasable, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	own := func(x string) string {
		return x + `.subject = ?2 AND ` + x + `.visibility = ?3 AND ` + x + `.sensitivity IN ('normal', 'sensitive') AND ` + x + `.deleted = 0 AND NOT ` + aud.released(x+".id", partner)
	}
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, x *Releasable) error {
		var at int64
		err := r.Scan(&x.ID, &x.Kind, &x.What, &at)
		x.At = AtMillis(at)
		return err
	}, `SELECT a.id, 'quiz', a.instrument, a.taken_at AS at FROM administration a WHERE a.couple_id = ?1 AND a.locked_at <> 0 AND `+own("a")+`
 AND NOT EXISTS (SELECT 1 FROM administration c WHERE c.replaces = a.id AND c.deleted = 0 AND c.locked_at <> 0)
 UNION ALL SELECT f.id, 'note', f.key, n.written_at FROM note n JOIN note_field f ON f.note_id = n.id WHERE n.couple_id = ?1 AND n.deleted = 0 AND f.head IS NOT NULL AND f.sealed_to IS NULL AND `+own("f")+`
 UNION ALL SELECT l.id, 'log', g.practice, l.used_at FROM practice_log l JOIN assignment g ON g.id = l.assignment_id WHERE l.couple_id = ?1 AND (l.noticed <> '' OR l.next_change <> '') AND `+own("l")+`
 ORDER BY 4 DESC, 1`, couple, partner.Subject(), partner.Own())
}

// GiveReleases stores several releases of one decision, all or none.
func (s *Store) GiveReleases(ctx context.Context, all []Release) error {
	return s.cb.Write(ctx, "release.give", func(tx *casebook.Tx) error {
		for _, r := range all {
			if _, err := InsertRelease(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}
