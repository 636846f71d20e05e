package sessions

import (
	"context"
	"database/sql"
	"sync"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
)

// opened keeps the reflections of the coach signed in as they read, by revision: they are
// in no index, and to open one takes time. They are in memory alone, until the casebook is
// closed.
type opened struct {
	mu    sync.Mutex
	texts map[ids.ID]string
}

// text is what a revision says, if it was opened before.
func (o *opened) text(rev ids.ID) (string, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	body, known := o.texts[rev]
	return body, known
}

func (o *opened) keep(rev ids.ID, body string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.texts == nil {
		o.texts = map[ids.ID]string{}
	}
	o.texts[rev] = body
}

// Opened are the coach's own reflections, the latest first, for a search among them.
// Nobody else is given any. Each is opened once: the window asks for them beside the pages
// as soon as a casebook is open, so that the first search finds them ready. A search that
// comes meanwhile waits for nobody and takes those that are.
func (s *Store) Opened(ctx context.Context, aud clients.Audience) ([]search.Opened, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	type row struct {
		search.Opened
		rev ids.ID
	}
	rows, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, x *row) error {
		var at int64
		err := r.Scan(&x.Row, &x.rev, &x.Note, &x.Couple, &x.Field, &at, &x.Zone)
		x.At = instant(at)
		return err
	}, openedSQL, s.cb.Me())
	if err != nil {
		return nil, err
	}
	var out []search.Opened
	for _, x := range rows {
		body, known := s.opened.text(x.rev)
		if !known {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if body, err = s.openOne(ctx, x.rev); err != nil {
				return nil, err
			}
			s.opened.keep(x.rev, body)
		}
		if x.Body = body; body != "" {
			out = append(out, x.Opened)
		}
	}
	return out, nil
}

const openedSQL = `SELECT f.id, f.head, n.id, n.couple_id, f.key, n.written_at AS at, n.zone
	FROM note_field f JOIN note n ON n.id = f.note_id JOIN couple c ON c.id = n.couple_id
	WHERE f.sealed_to = ?1 AND f.deleted = 0 AND f.head IS NOT NULL AND n.deleted = 0 AND c.deleted = 0
	UNION ALL SELECT a.id, a.id, n.id, n.couple_id, 'addendum', a.at, n.zone
	FROM addendum a JOIN note n ON n.id = a.note_id JOIN couple c ON c.id = n.couple_id
	WHERE a.sealed_to = ?1 AND a.deleted = 0 AND n.deleted = 0 AND c.deleted = 0 ORDER BY at DESC`

// openOne reads a revision or an addendum; "" if it cannot be opened.
func (s *Store) openOne(ctx context.Context, id ids.ID) (string, error) {
	var body string
	err := s.q.QueryRowContext(ctx, `SELECT body FROM note_rev WHERE id = ?1 UNION ALL SELECT body FROM addendum WHERE id = ?1`, id).Scan(&body)
	plain, _ := s.cb.Unseal(body)
	return plain, err
}
