package sessions

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// SaveDraft keeps what was typed into a field, on this computer alone: it is neither
// shared, searched nor shown in the history, and it survives a crash. The first text
// of a new note makes the note's row, so that the draft is found again. It returns
// when it was saved.
func (s *Store) SaveDraft(ctx context.Context, n Note, key, body string) (time.Time, error) {
	f, ok := n.Field(key)
	if !ok {
		return time.Time{}, unknownField(key)
	}
	if err := checkLength(key, body); err != nil {
		return time.Time{}, err
	}
	var there, locked bool
	var saved sql.NullString
	err := s.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM note WHERE id = ?1), EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?1),
		(SELECT r.body FROM note_field f JOIN note_rev r ON r.id = f.head WHERE f.id = ?2)`, n.ID, f.ID).Scan(&there, &locked, &saved)
	if err != nil {
		return time.Time{}, err
	}
	now := s.cb.Now()
	switch {
	case locked:
		return time.Time{}, lockedNote()
	case body == saved.String:
		// Nothing differs from the last revision: an older draft has had its day.
		return now, s.cb.Local(ctx, `DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, f.ID)
	case !there:
		if err := s.cb.Write(ctx, "note.begin", func(tx *casebook.Tx) error { return beginNote(tx, n) }); err != nil {
			return time.Time{}, err
		}
	}
	return now, s.cb.Local(ctx, `INSERT INTO draft (note_id, field_id, body, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (note_id, field_id) DO UPDATE SET body = excluded.body, at = excluded.at`, n.ID, f.ID, body, now.UnixMilli())
}

func unknownField(key string) error {
	return fault.Input(key, text.T("note.field", "This note has no such field."))
}

// beginNote stores a note that so far has nothing but drafts: its row, what was carried
// into it as drafts too, and the fields that are more protected than their template
// says, so that none of that is lost with a crash.
func beginNote(tx *casebook.Tx, n Note) error {
	if err := insertNote(tx, n); err != nil {
		return err
	}
	for _, f := range n.Fields {
		if !f.Carried {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO draft (note_id, field_id, body, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, n.ID, f.ID, f.Body, tx.Now.UnixMilli()); err != nil {
			return err
		}
		if tf, ok := n.Template.Field(f.Key); !ok || tf.Access(n.About) != f.Access {
			if err := insertField(tx, n, f, ids.Nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertNote makes the row of a note unless it is there.
func insertNote(tx *casebook.Tx, n Note) error {
	_, err := tx.Exec(`INSERT INTO note (id, couple_id, session_id, template, template_version, coach_id, about, written_at, zone, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, n.ID, n.Couple, n.Session, n.Template.ID, n.Template.Version, tx.Coach, aboutText(n.About), n.At.UnixMilli(), n.Zone, tx.Now.UnixMilli())
	return err
}

// SaveRevision makes the texts, by key, the note's: an immutable revision of every
// field that changed, naming the one it follows, all in one transaction that ends the
// drafts of those fields. A text that is too long is refused with its field named, and
// a locked note with a hint; then nothing is saved. A note without any text is not
// stored.
func (s *Store) SaveRevision(ctx context.Context, n Note, texts map[string]string) error {
	for key, body := range texts {
		if _, ok := n.Field(key); !ok {
			return unknownField(key)
		}
		if err := checkLength(key, body); err != nil {
			return err
		}
	}
	changed, err := changedTexts(ctx, s.q, n, texts)
	if err != nil {
		return err
	}
	if !changed {
		return s.endDrafts(ctx, n, texts)
	}
	return s.cb.Write(ctx, "note.save", func(tx *casebook.Tx) error { return saveTexts(tx, n, texts) })
}

// changedTexts says whether any text differs from the one last saved or carried over.
func changedTexts(ctx context.Context, q casebook.Querier, n Note, texts map[string]string) (bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT f.key, r.body FROM note_field f JOIN note_rev r ON r.id = f.head WHERE f.note_id = ?`, n.ID)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	saved := map[string]string{}
	for rows.Next() {
		var key, body string
		if err := rows.Scan(&key, &body); err != nil {
			return false, err
		}
		saved[key] = body
	}
	for key, body := range texts {
		was, ok := saved[key]
		if f, _ := n.Field(key); !ok && f.Carried && f.Body == body {
			continue // what was only carried over is not yet written
		}
		if (ok && was != body) || (!ok && !blank(body)) {
			return true, rows.Err()
		}
	}
	return false, rows.Err()
}

func (s *Store) endDrafts(ctx context.Context, n Note, texts map[string]string) error {
	for key := range texts {
		f, _ := n.Field(key)
		var there bool
		if err := s.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM draft WHERE note_id = ? AND field_id = ?)`, n.ID, f.ID).Scan(&there); err != nil {
			return err
		}
		if !there {
			continue
		}
		if err := s.cb.Local(ctx, `DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, f.ID); err != nil {
			return err
		}
	}
	return nil
}

// saveTexts writes the revisions inside a transaction.
func saveTexts(tx *casebook.Tx, n Note, texts map[string]string) error {
	if err := insertNote(tx, n); err != nil {
		return err
	}
	for _, f := range n.Fields {
		body, ok := texts[f.Key]
		if !ok {
			continue
		}
		if err := saveText(tx, n, f, body); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, f.ID); err != nil {
			return err
		}
	}
	return nil
}

func saveText(tx *casebook.Tx, n Note, f Field, body string) error {
	var head ids.ID
	var saved sql.NullString
	err := tx.QueryRow(`SELECT f.head, r.body FROM note_field f LEFT JOIN note_rev r ON r.id = f.head WHERE f.id = ?`, f.ID).Scan(&head, &saved)
	isNew := errors.Is(err, sql.ErrNoRows)
	switch {
	case err != nil && !isNew:
		return err
	case head.IsZero() && blank(body), saved.Valid && saved.String == body:
		return nil
	}
	rev := ids.New()
	if isNew {
		if err := insertField(tx, n, f, rev); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		rev, n.ID, f.ID, head.String(), body, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli()); err != nil {
		return err
	}
	if isNew {
		return nil
	}
	_, err = tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, f.ID)
	return err
}

// insertField makes the row of a field. What is one person's own cannot begin its life
// open to another: that takes a release, and only what is there can be released.
func insertField(tx *casebook.Tx, n Note, f Field, head ids.ID) error {
	if err := f.Access.Validate(); err != nil {
		return err
	}
	if beyondOwn(f.Access.Subject, f.Access.Visibility) {
		return fault.Input("visibility", text.T("note.own_first", "What is one person's own starts with that person alone."))
	}
	_, err := tx.Exec(`INSERT INTO note_field (id, note_id, key, position, head, subject, visibility, sensitivity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.ID, n.ID, f.Key, f.Position, head, f.Access.Subject, f.Access.Visibility, f.Access.Sensitivity, tx.Now.UnixMilli())
	return err
}
