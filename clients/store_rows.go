package clients

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// A part fills some columns of the rows of a list, of all rows in one statement. The
// statement has the couple first and %s for a condition on couple_id.
type part struct {
	sql     string
	columns func() (dest []any, apply func(*Row)) // where to read the other columns to, and what to do then
}

// latestEngagement picks the row that CurrentEngagement picks, for all records at once.
const latestEngagement = `max((ended_on = '') || started_on || hex(id))`

var (
	tagPart = part{`SELECT couple_id, tag FROM couple_tag WHERE deleted = 0 AND %s ORDER BY id`, func() ([]any, func(*Row)) {
		var tag string
		return []any{&tag}, func(r *Row) { r.Tags = append(r.Tags, tag) }
	}}
	engagementPart = part{`SELECT e.couple_id, e.hold, coalesce(k.name, '') FROM (SELECT couple_id, id, paused AND ended_on = '' AS hold, ` + latestEngagement + ` FROM engagement WHERE deleted = 0 AND %s GROUP BY couple_id) e
 LEFT JOIN engagement_coach ec ON ec.engagement_id = e.id AND ec.deleted = 0 LEFT JOIN coach k ON k.id = ec.coach_id ORDER BY ec.id`, func() ([]any, func(*Row)) {
		var hold bool
		var name string
		return []any{&hold, &name}, func(r *Row) {
			r.OnHold = r.OnHold || hold
			if name != "" {
				r.Coaches = append(r.Coaches, name)
			}
		}
	}}
	stopPart = part{`SELECT s.couple_id FROM safety_screen s JOIN couple c ON c.id = s.couple_id AND c.kind = 'couple' WHERE s.deleted = 0 AND s.outcome NOT IN ('clear', 'discuss', 'declined') AND %s
 AND NOT EXISTS (SELECT 1 FROM safety_screen w WHERE w.couple_id = s.couple_id AND w.replaces = s.id)`, func() ([]any, func(*Row)) { return nil, func(r *Row) { r.OnHold = true } }}
	practicePart = part{`SELECT couple_id, count(*) FROM assignment WHERE state = 'active' AND deleted = 0 AND %s GROUP BY couple_id`, func() ([]any, func(*Row)) {
		var n int
		return []any{&n}, func(r *Row) { r.OpenPractices = n }
	}}
)

// sessionPart is what the sessions say, at a time.
func sessionPart(now time.Time) part {
	at := strconv.FormatInt(Millis(now), 10)
	return part{`SELECT g.*, ` + zoneAt("g.last") + `, ` + zoneAt("g.next") + ` FROM (SELECT couple_id, count(*), sum(state = 'held'), max(iif(state = 'held', starts_at, 0)) AS last, coalesce(min(iif(state = 'booked' AND starts_at >= ` + at + `, starts_at, NULL)), 0) AS next
 FROM session WHERE deleted = 0 AND %s GROUP BY couple_id) g`, func() ([]any, func(*Row)) {
		var n, held int
		var last, next int64
		var lastZone, nextZone string
		return []any{&n, &held, &last, &next, &lastZone, &nextZone}, func(r *Row) {
			r.Sessions, r.Held, r.LastAt, r.NextAt = n, held, onClock(last, lastZone), onClock(next, nextZone)
		}
	}}
}

// zoneAt is the zone of the session that a couple has at a time; the index has it.
func zoneAt(at string) string {
	return `coalesce((SELECT z.zone FROM session z WHERE z.couple_id = g.couple_id AND z.starts_at = ` + at + ` AND z.deleted = 0 LIMIT 1), '')`
}

// onClock is a stored time on the clocks of a zone; the zero time without one.
func onClock(ms int64, zone string) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return day.Clock(AtMillis(ms), zone)
}

// fewRows is up to how many rows a part is asked for by id; beyond it is read whole.
const fewRows = 300

// fill adds parts to the rows.
func (s *Store) fill(ctx context.Context, rows []*Row, parts []part) error {
	if len(rows) == 0 || len(parts) == 0 {
		return nil
	}
	byID := make(map[ids.ID]*Row, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	cond, args := "1", []any(nil)
	if len(rows) <= fewRows {
		list := make([]string, len(rows))
		for i, r := range rows {
			list[i] = fmt.Sprintf("%x", r.ID[:])
		}
		b, err := json.Marshal(list)
		if err != nil {
			return err
		}
		cond, args = "couple_id IN (SELECT unhex(value) FROM json_each(?))", []any{string(b)}
	}
	for _, p := range parts {
		if err := s.fillPart(ctx, byID, p, cond, args); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) fillPart(ctx context.Context, byID map[ids.ID]*Row, p part, cond string, args []any) error {
	rows, err := s.cb.Reader().QueryContext(ctx, strings.Replace(p.sql, "%s", cond, 1), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var id ids.ID
	dest, apply := p.columns()
	dest = append([]any{&id}, dest...)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if r := byID[id]; r != nil {
			apply(r)
		}
	}
	return rows.Err()
}
