package sessions

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// AddLate is for a note that was locked on another computer while it was being written
// here: each text that was changed is added to it, for those who may see its field. It
// does nothing, and says so, while the note is open.
func (s *Store) AddLate(ctx context.Context, n Note, texts map[string]string) (added bool, err error) {
	for key, body := range texts {
		if err := checkLength(key, body); err != nil {
			return false, err
		}
	}
	err = s.cb.Write(ctx, "note.addendum", func(tx *casebook.Tx) error {
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?)`, n.ID).Scan(&added); err != nil {
			return err
		}
		if !added {
			return errUnchanged
		}
		for _, f := range n.Fields {
			body, ok := texts[f.Key]
			if !ok {
				continue
			}
			if _, err := tx.Exec(`DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, f.ID); err != nil {
				return err
			}
			if body == f.Saved {
				continue
			}
			if err := addLate(tx, n.ID, f, body); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return false, nil
	}
	if err == nil {
		for i, f := range n.Fields {
			if body, ok := texts[f.Key]; ok {
				n.Fields[i].Saved = body
			}
		}
	}
	return added, err
}

// addLate adds one text to a locked note, unless it says nothing more than the note does.
// Who may see its field may see it, as that stands now.
func addLate(tx *casebook.Tx, note ids.ID, f Field, body string) error {
	var field ids.ID
	var saved sql.NullString
	err := tx.QueryRow(`SELECT f.id, f.subject, f.visibility, f.sensitivity, r.body, f.sealed_to FROM note_field f LEFT JOIN note_rev r ON r.id = f.head WHERE f.id = ?`, f.ID).
		Scan(&field, &f.Access.Subject, &f.Access.Visibility, &f.Access.Sensitivity, &saved, &f.SealedTo)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	saved.String, _ = coachIn(tx).read(f.SealedTo, saved.String)
	if blank(body) || (saved.Valid && saved.String == body) {
		return nil
	}
	if body, err = kept(tx, f.SealedTo, body); err != nil {
		return err
	}
	return insertLate(tx, note, field, f, tx.Coach, body)
}

func insertLate(tx *casebook.Tx, note, field ids.ID, f Field, author ids.ID, body string) error {
	_, err := tx.Exec(`INSERT INTO addendum (id, note_id, field_id, body, coach_id, at, subject, visibility, sensitivity, sealed_to, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ids.New(), note, field, body, author, tx.Now.UnixMilli(), f.Access.Subject, f.Access.Visibility, f.Access.Sensitivity, f.SealedTo, tx.Now.UnixMilli())
	return err
}

// lateDrafts adds what was typed here and never saved to notes that were locked on
// another computer, but for those that are open in an editor.
func (s *Store) lateDrafts(ctx context.Context) error {
	notes, err := casebook.Collect(ctx, s.q, casebook.Value[ids.ID], `SELECT DISTINCT note_id FROM draft WHERE field_id <> note_id AND EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = draft.note_id)`)
	if err != nil {
		return err
	}
	for _, note := range slices.DeleteFunc(notes, s.pens.hold) {
		n, err := s.Edit(ctx, coach, note)
		if err != nil {
			return err
		}
		texts := map[string]string{}
		for _, f := range n.Fields {
			if !f.DraftAt.IsZero() && f.SealedTo.IsZero() {
				texts[f.Key] = f.Body
			}
		}
		if err := s.unwritten(ctx, &n, texts); err != nil {
			return err
		}
		if len(texts) > 0 {
			if _, err := s.AddLate(ctx, n, texts); err != nil {
				return err
			}
		}
		if err := s.lateSealed(ctx, note); err != nil {
			return err
		}
	}
	return nil
}

// lateSealed adds the reflections that were typed here, each coach's as it stands: whoever
// is at the computer can keep them, and only their author can read them.
func (s *Store) lateSealed(ctx context.Context, note ids.ID) error {
	type sealed struct {
		field, to ids.ID
		body      string
	}
	drafts, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, d *sealed) error { return r.Scan(&d.field, &d.to, &d.body) },
		`SELECT field_id, sealed_to, body FROM draft WHERE note_id = ? AND sealed_to IS NOT NULL AND body <> ''`, note)
	drafts = slices.DeleteFunc(drafts, func(d sealed) bool { return d.field == additionID(note, d.to) })
	if err != nil || len(drafts) == 0 {
		return err
	}
	return s.cb.Write(ctx, "note.addendum", func(tx *casebook.Tx) error {
		for _, d := range drafts {
			var field ids.ID
			if err := tx.QueryRow(`SELECT (SELECT id FROM note_field WHERE id = ?)`, d.field).Scan(&field); err != nil {
				return err
			}
			f := Field{SealedTo: d.to, Access: clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}}
			if err := insertLate(tx, note, field, f, d.to, d.body); err != nil {
				return err
			}
			if _, err := tx.Exec(`DELETE FROM draft WHERE note_id = ? AND field_id = ?`, note, d.field); err != nil {
				return err
			}
		}
		return nil
	})
}

// unwritten adds those fields of a locked note of which there is nothing but a draft.
func (s *Store) unwritten(ctx context.Context, n *Note, texts map[string]string) error {
	type typed struct {
		field ids.ID
		body  string
	}
	all, err := casebook.Collect(ctx, s.q, func(r *sql.Rows, d *typed) error { return r.Scan(&d.field, &d.body) }, `SELECT field_id, body FROM draft WHERE note_id = ? AND sealed_to IS NULL`, n.ID)
	for _, d := range all {
		if d.field == n.ID || slices.ContainsFunc(n.Fields, func(f Field) bool { return f.ID == d.field }) {
			continue
		}
		f := Field{ID: d.field, Key: d.field.String(), Access: clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Sensitive}}
		for _, tf := range n.Template.Fields {
			if fieldID(n.ID, tf.Key) == d.field {
				f.Key, f.Access = tf.Key, tf.Access(n.About)
			}
		}
		n.Fields, texts[f.Key] = append(n.Fields, f), d.body
	}
	return err
}

// addVersions adds the other versions of a text to a note that is being locked: the lock
// closes the one that is shown. A merge comes to the same everywhere.
func addVersions(tx *casebook.Tx, note ids.ID) error {
	all, err := besides(tx.Context(), tx, "1", note, func(_ ids.ID, stored string) string { return stored })
	if err != nil {
		return err
	}
	for _, b := range all {
		for _, v := range b.Versions[1:] {
			if blank(v.Body) || v.Body == b.Versions[0].Body {
				continue
			}
			if _, err := tx.Exec(`INSERT INTO addendum (id, note_id, field_id, body, coach_id, at, subject, visibility, sensitivity, sealed_to, created_at)
				SELECT ?, r.note_id, r.field_id, r.body, r.coach_id, r.at, f.subject, f.visibility, f.sensitivity, f.sealed_to, r.created_at FROM note_rev r JOIN note_field f ON f.id = r.field_id WHERE r.id = ?`, casebook.AddendumOf(v.ID), v.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
