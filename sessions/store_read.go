package sessions

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// readNotes reads the notes n that a condition selects, with the fields and addenda
// that the audience may see; a note of which it sees nothing is not there.
func readNotes(ctx context.Context, q casebook.Querier, aud clients.Audience, where string, args ...any) ([]NoteView, error) {
	head := `SELECT n.id AS note, n.couple_id, s.id AS session, n.template, n.about, n.written_at, n.zone, coalesce(k.name, ''), coalesce((SELECT min(at) FROM note_lock WHERE note_id = n.id), 0), ` + draftOf(aud) + `, `
	from := ` FROM note n LEFT JOIN session s ON s.id = n.session_id AND s.deleted = 0 AND ` + aud.Gate("s") + ` LEFT JOIN coach k ON k.id = n.coach_id `
	rows, err := q.QueryContext(ctx, head+`0 AS part, f.id AS item, f.key, f.position AS place, f.subject, f.visibility, f.sensitivity, v.body, v.at AS at, ''`+from+`
		JOIN note_field f ON f.note_id = n.id JOIN note_rev v ON v.id = f.head
		WHERE `+where+` AND n.deleted = 0 AND f.deleted = 0 AND octet_length(v.body) > 0 AND `+aud.Gate("f")+`
		UNION ALL `+head+`1, d.id, CASE WHEN f.deleted = 0 AND `+aud.Gate("f")+` THEN f.key ELSE '' END, 0, d.subject, d.visibility, d.sensitivity, d.body, d.at, coalesce(w.name, '')`+from+`
		JOIN addendum d ON d.note_id = n.id LEFT JOIN note_field f ON f.id = d.field_id LEFT JOIN coach w ON w.id = d.coach_id
		WHERE `+where+` AND n.deleted = 0 AND d.deleted = 0 AND `+aud.Gate("d")+`
		ORDER BY n.written_at, note, part, place, at, item`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []NoteView
	for rows.Next() {
		n, f, part, author, err := scanNote(rows, aud)
		if err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].ID != n.ID {
			out = append(out, n)
		}
		last := &out[len(out)-1]
		if part == 0 {
			last.Fields = append(last.Fields, f)
		} else {
			last.Addenda = append(last.Addenda, Addendum{ID: f.ID, Note: n.ID, Field: f.Key, Access: f.Access, Body: f.Body, At: f.SavedAt, Coach: author})
		}
	}
	return out, rows.Err()
}

func scanNote(rows *sql.Rows, aud clients.Audience) (n NoteView, f FieldView, part int, author string, err error) {
	var about string
	var at, locked, saved int64
	err = rows.Scan(&n.ID, &n.Couple, &n.Session, &n.Template, &about, &at, &n.Zone, &n.Coach, &locked, &n.Draft,
		&part, &f.ID, &f.Key, &f.Position, &f.Access.Subject, &f.Access.Visibility, &f.Access.Sensitivity, &f.Body, &saved, &author)
	n.Template, n.About = discreet(aud, n.Template, aboutSlot(about))
	n.At, n.LockedAt, f.SavedAt = instant(at), instant(locked), instant(saved)
	return n, f, part, author, err
}

// Locate says where a search hit stands: kind is note_field or addendum, id the row
// that was found. fault.NotFound when the audience may not see it.
func (s *Store) Locate(ctx context.Context, aud clients.Audience, kind string, id ids.ID) (Place, error) {
	query := `SELECT n.couple_id, s.id, n.id, x.key FROM note_field x JOIN note n ON n.id = x.note_id`
	if kind == "addendum" {
		query = `SELECT n.couple_id, s.id, n.id, coalesce((SELECT f.key FROM note_field f WHERE f.id = x.field_id AND ` + aud.Gate("f") + `), '') FROM addendum x JOIN note n ON n.id = x.note_id`
	}
	var p Place
	err := s.q.QueryRowContext(ctx, query+` LEFT JOIN session s ON s.id = n.session_id AND s.deleted = 0 AND `+aud.Gate("s")+`
		WHERE x.id = ? AND x.deleted = 0 AND n.deleted = 0 AND `+aud.Gate("x"), id).Scan(&p.Couple, &p.Session, &p.Note, &p.Field)
	if errors.Is(err, sql.ErrNoRows) {
		return Place{}, gone()
	}
	return p, err
}

// Text is one written field with its date.
type Text struct {
	Note  ids.ID
	Field ids.ID
	Key   string
	At    time.Time
	Zone  string
	Body  string
}

// Texts are the couple's texts in the fields named key ("agreements", "note_a") that
// were written in [from, to), newest first, at most limit.
func (s *Store) Texts(ctx context.Context, aud clients.Audience, couple ids.ID, key string, from, to time.Time, limit int) ([]Text, error) {
	first := int64(0)
	if !from.IsZero() {
		first = from.UnixMilli()
	}
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, x *Text) error {
		var at int64
		err := r.Scan(&x.Note, &x.Field, &x.Key, &at, &x.Zone, &x.Body)
		x.At = instant(at)
		return err
	}, `SELECT n.id, f.id, f.key, n.written_at, n.zone, v.body FROM note n JOIN note_field f ON f.note_id = n.id JOIN note_rev v ON v.id = f.head
		WHERE n.couple_id = ? AND n.written_at >= ? AND n.written_at < ? AND n.deleted = 0 AND f.key = ? AND f.deleted = 0 AND octet_length(v.body) > 0 AND `+aud.Gate("f")+`
		ORDER BY n.written_at DESC, n.id DESC LIMIT ?`, couple, first, bound(to), key, limit)
}

// LastAgreements is what was last agreed, as far as the audience sees; the zero Text
// when there is nothing.
func (s *Store) LastAgreements(ctx context.Context, aud clients.Audience, couple ids.ID) (Text, error) {
	t, err := s.Texts(ctx, aud, couple, "agreements", time.Time{}, time.Time{}, 1)
	if err != nil || len(t) == 0 {
		return Text{}, err
	}
	return t[0], nil
}
