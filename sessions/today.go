package sessions

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Today is what waits for the coach, as far as sessions go.
type Today struct {
	Next        []Upcoming    // booked sessions, the soonest first
	WithoutNote []Unwritten   // past sessions about which nothing is written, the latest first
	Drafts      []DraftRow    // notes with something typed that is not yet a revision
	Unbooked    []UnbookedRow // active clients with nothing booked, the longest wait first
}

// Upcoming is a booked session and what it needs.
type Upcoming struct {
	SessionRow
	Names      Names
	Agreements string // what was last agreed
}

// Unwritten is a session that waits for its note, and for its state if it is still
// marked as booked.
type Unwritten struct {
	SessionRow
	Names Names
}

// DraftRow is a note that was being written.
type DraftRow struct {
	Note, Couple, Session ids.ID
	Template              string
	About                 clients.Slot
	Names                 Names
	Typed                 time.Time
}

// UnbookedRow is a couple or single client without a next session.
type UnbookedRow struct {
	Couple ids.ID
	Names  Names
	Last   time.Time // the last session held; zero for none
}

const (
	upcomingDays  = 14
	unwrittenDays = 30
	todayRows     = 50
)

// Today gathers the next two weeks, the unwritten sessions of the last thirty days,
// the drafts and the active clients with nothing booked, over all records: it is the
// coach's alone.
func (s *Store) Today(ctx context.Context, aud clients.Audience, now time.Time) (Today, error) {
	var t Today
	if !aud.IsCoach() {
		return t, nil
	}
	var err error
	if t.Next, err = s.upcoming(ctx, now); err != nil {
		return t, err
	}
	if t.WithoutNote, err = s.withoutNote(ctx, now); err != nil {
		return t, err
	}
	if t.Drafts, err = s.Drafts(ctx, aud); err != nil {
		return t, err
	}
	t.Unbooked, err = s.unbooked(ctx, now)
	return t, err
}

// plainColumns are those of a SessionRow where no number is needed.
func plainColumns(e eyes) string {
	return `s.id, s.couple_id, s.kind, s.subject, s.starts_at, s.zone, s.minutes, s.mode, s.place, s.state, 0,
		(SELECT count(*) FROM note n WHERE n.session_id = s.id AND n.deleted = 0 AND ` + visibleNote(e) + `),
		` + draftAt(e)
}

func upcomingSQL(e eyes) string {
	return `SELECT ` + plainColumns(e) + `, ` + nameColumns("a") + `, ` + nameColumns("b") + `,
		coalesce((SELECT v.body FROM note n JOIN note_field f ON f.note_id = n.id JOIN note_rev v ON v.id = f.head
			WHERE n.couple_id = s.couple_id AND n.deleted = 0 AND f.key = 'agreements' AND f.deleted = 0 AND f.sealed_to IS NULL AND octet_length(v.body) > 0 ORDER BY n.written_at DESC, n.id DESC LIMIT 1), '')
		FROM session s JOIN couple c ON c.id = s.couple_id` + coupleNames + `
		WHERE s.starts_at > ?1 AND s.starts_at <= ?2 AND s.state = 'booked' AND s.deleted = 0 AND c.deleted = 0 ORDER BY s.starts_at, s.id LIMIT ?3`
}

func (s *Store) upcoming(ctx context.Context, now time.Time) ([]Upcoming, error) {
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, u *Upcoming) error {
		return u.scan(r, append(u.Names.dest(), &u.Agreements)...)
	}, upcomingSQL(s.as(coach)), now.Add(-time.Hour).UnixMilli(), now.AddDate(0, 0, upcomingDays).UnixMilli(), todayRows)
}

func withoutNoteSQL(e eyes) string {
	return `SELECT ` + plainColumns(e) + `, ` + nameColumns("a") + `, ` + nameColumns("b") + `
	FROM session s JOIN couple c ON c.id = s.couple_id` + coupleNames + `
	WHERE s.starts_at > ?1 AND s.starts_at <= ?2 AND s.state IN ('held', 'booked') AND s.deleted = 0 AND c.deleted = 0
	AND NOT EXISTS (SELECT 1 FROM note n WHERE n.session_id = s.id AND n.deleted = 0 AND ` + visibleNote(e) + `) ORDER BY s.starts_at DESC, s.id DESC LIMIT ?3`
}

// coach is the audience of what belongs to the coach alone.
var coach = clients.For(clients.CoachView, "")

func (s *Store) withoutNote(ctx context.Context, now time.Time) ([]Unwritten, error) {
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, u *Unwritten) error { return u.scan(r, u.Names.dest()...) },
		withoutNoteSQL(s.as(coach)), now.AddDate(0, 0, -unwrittenDays).UnixMilli(), now.Add(-time.Hour).UnixMilli(), todayRows)
}

// Drafts are the notes with something typed that is not yet a revision, the latest
// first: after a crash they are where the coach was. They are the coach's alone.
func (s *Store) Drafts(ctx context.Context, aud clients.Audience) ([]DraftRow, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, d *DraftRow) error {
		var about string
		var at int64
		err := r.Scan(append([]any{&d.Note, &d.Couple, &d.Session, &d.Template, &about, &at}, d.Names.dest()...)...)
		d.About, d.Typed = aboutSlot(about), instant(at)
		return err
	}, draftsSQL(s.as(aud)))
}

func draftsSQL(e eyes) string {
	return `SELECT n.id, n.couple_id, n.session_id, n.template, n.about, d.at, ` + nameColumns("a") + `, ` + nameColumns("b") + `
	FROM (SELECT note_id, max(at) AS at FROM draft WHERE ` + e.unsealed("draft") + ` GROUP BY note_id) d JOIN note n ON n.id = d.note_id JOIN couple c ON c.id = n.couple_id` + coupleNames + `
	WHERE n.deleted = 0 AND c.deleted = 0 ORDER BY d.at DESC, n.id`
}

var unbookedSQL = `SELECT c.id, ` + nameColumns("a") + `, ` + nameColumns("b") + `,
	coalesce((SELECT s.starts_at FROM session s WHERE s.couple_id = c.id AND s.starts_at <= ?1 AND s.state = 'held' AND s.deleted = 0 ORDER BY s.starts_at DESC LIMIT 1), 0) AS last
	FROM couple c` + coupleNames + ` WHERE c.stage = 'active' AND c.archived = 0 AND c.deleted = 0
	AND NOT EXISTS (SELECT 1 FROM session s WHERE s.couple_id = c.id AND s.starts_at > ?1 AND s.state = 'booked' AND s.deleted = 0) ORDER BY last, c.id LIMIT ?2`

func (s *Store) unbooked(ctx context.Context, now time.Time) ([]UnbookedRow, error) {
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, u *UnbookedRow) error {
		var at int64
		err := r.Scan(append(append([]any{&u.Couple}, u.Names.dest()...), &at)...)
		u.Last = instant(at)
		return err
	}, unbookedSQL, now.UnixMilli(), todayRows)
}
