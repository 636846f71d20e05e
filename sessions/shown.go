package sessions

import (
	"context"
	"database/sql"
	"errors"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// ShownIn is a report that was made for somebody who could see a text at that time.
type ShownIn struct {
	Reader clients.Reader
	On     day.Day // the day on the report
}

// Shown are the reports in which a text may stand that was for their reader when they
// were made, the latest first: whoever closes it now is told that those keep it. It is the
// coach's; nobody else is shown any of it.
func (s *Store) Shown(ctx context.Context, aud clients.Audience, text ids.ID) ([]ShownIn, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	var couple ids.ID
	var subject clients.Subject
	var now clients.Visibility
	var zone, released string
	var at int64
	err := s.q.QueryRowContext(ctx, `SELECT n.couple_id, x.subject, x.visibility, n.written_at, n.zone, coalesce((SELECT min(r.given_on) FROM release r WHERE r.item_id = ?1 AND r.state = 'given'), '')
		FROM (SELECT note_id, subject, visibility FROM note_field WHERE id = ?1 UNION ALL SELECT note_id, subject, visibility FROM addendum WHERE id = ?1) x JOIN note n ON n.id = x.note_id`, text).
		Scan(&couple, &subject, &now, &at, &zone, &released)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, gone()
	}
	if err != nil {
		return nil, err
	}
	log, err := s.VisibilityLog(ctx, aud, text)
	if err != nil {
		return nil, err
	}
	made, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, m *madeFor) error { return r.Scan(&m.Reader, &m.On, &m.at) },
		`SELECT reader, report_on, created_at FROM report_made WHERE couple_id = ?1 AND deleted = 0 AND reader <> 'coach' AND created_at >= ?2 AND (from_on = '' OR from_on <= ?3) AND (to_on = '' OR to_on >= ?3)
		ORDER BY created_at DESC, id DESC`, couple, at, day.Of(day.Clock(instant(at), zone)))
	var out []ShownIn
	for _, m := range made {
		v := now
		for _, c := range log { // back to how it was then
			if c.At.UnixMilli() > m.at {
				v = c.From
			}
		}
		onRelease := released != "" && released <= string(m.On) && v != clients.CoachOnly && subject != clients.SubjectThird
		if clients.ShownTo(m.Reader, v) || onRelease {
			out = append(out, m.ShownIn)
		}
	}
	return out, err
}

type madeFor struct {
	ShownIn
	at int64
}
