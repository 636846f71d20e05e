package sessions

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// SaveDraft keeps what was typed into a field, on this computer alone: it is neither
// shared, searched nor shown in the history, and it survives a crash. The first text
// of a new note makes the note's row, so that the draft is found again. It returns
// when it was saved. The key Addition keeps what is being added to a locked note; what is
// typed while a lock comes from another computer is kept as well (AddLate).
func (s *Store) SaveDraft(ctx context.Context, n Note, key, body string) (time.Time, error) {
	if err := checkLength(key, body); err != nil {
		return time.Time{}, err
	}
	if key == Addition {
		me := s.cb.Me()
		if blank(body) {
			return s.cb.Now(), s.cb.Local(ctx, `DELETE FROM draft WHERE note_id = ? AND field_id IN (?1, ?2)`, n.ID, additionID(n.ID, me))
		}
		return s.cb.Now(), s.keepDraft(ctx, n.ID, additionID(n.ID, me), ids.Nil, me, body)
	}
	f, ok := n.Field(key)
	if !ok {
		return time.Time{}, unknownField(key)
	}
	var there, locked bool
	var saved sql.NullString
	var sealedTo ids.ID
	err := s.q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM note WHERE id = ?1), EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?1),
		(SELECT body FROM note_rev WHERE id = ?2), (SELECT sealed_to FROM note_field WHERE id = ?3)`, n.ID, f.Follows, f.ID).Scan(&there, &locked, &saved, &sealedTo)
	if err != nil {
		return time.Time{}, err
	}
	if plain, ok := s.as(coach).read(sealedTo, saved.String); ok {
		saved.String = plain
	} else {
		saved.String = ""
	}
	now := s.cb.Now()
	switch {
	case locked && n.Locked():
		return time.Time{}, lockedNote()
	case body == saved.String:
		// Nothing differs from the revision it goes on from: an older draft has had its day.
		return now, s.cb.Local(ctx, `DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, f.ID)
	case !there:
		if err := s.cb.Write(ctx, "note.begin", func(tx *casebook.Tx) error { return beginNote(tx, n) }); err != nil {
			return time.Time{}, err
		}
	}
	return now, s.keepDraft(ctx, n.ID, f.ID, f.Follows, f.SealedTo, body)
}

// Addition is the key of a draft of what is being added to a locked note. It may become
// part of a reflection, so it is sealed to who types it.
const Addition = "addition"

// additionID is the place of a coach's addition among the drafts of a note. The first
// programs put it under the note's own id.
func additionID(note, coach ids.ID) ids.ID { return sealedID(note, Addition, coach) }

func (s *Store) keepDraft(ctx context.Context, note, field, follows, sealedTo ids.ID, body string) error {
	body, err := kept(s.cb, sealedTo, body)
	if err != nil {
		return err
	}
	return s.cb.Local(ctx, `INSERT INTO draft (note_id, field_id, body, at, follows, sealed_to) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (note_id, field_id) DO UPDATE SET body = excluded.body, at = excluded.at, follows = excluded.follows, sealed_to = excluded.sealed_to`, note, field, body, s.cb.Now().UnixMilli(), follows, sealedTo)
}

func unknownField(key string) error {
	return fault.Input(key, text.T("note.field", "This note has no such field."))
}

// beginNote stores a note that so far has nothing but drafts: its row, what was carried
// into it as drafts too, and the fields that are more protected than their template
// says, so that none of that is lost with a crash.
func beginNote(tx *casebook.Tx, n Note) error {
	if _, err := insertNote(tx, n); err != nil {
		return err
	}
	for _, f := range n.Fields {
		if !f.Carried || !f.SealedTo.IsZero() {
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

// insertNote makes the row of a note unless it is there, and says whether it was new.
func insertNote(tx *casebook.Tx, n Note) (bool, error) {
	res, err := tx.Exec(`INSERT INTO note (id, couple_id, session_id, template, template_version, coach_id, about, written_at, zone, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, n.ID, n.Couple, n.Session, n.Template.ID, n.Template.Version, tx.Coach, aboutText(n.About), n.At.UnixMilli(), n.Zone, tx.Now.UnixMilli())
	if err != nil {
		return false, err
	}
	made, err := res.RowsAffected()
	return made == 1, err
}

// SaveRevision makes the texts, by key, the note's: an immutable revision of every
// field that changed, naming the one it follows, all in one transaction that ends the
// drafts of those fields. That is the one that the writing began with: what somebody
// else saved meanwhile stands beside it, and a text that was not touched stays theirs. A
// text that is too long is refused with its field named, and a locked note with a hint;
// then nothing is saved. A note without any text is not stored.
func (s *Store) SaveRevision(ctx context.Context, n Note, texts map[string]string) error {
	for key, body := range texts {
		if _, ok := n.Field(key); !ok {
			return unknownField(key)
		}
		if err := checkLength(key, body); err != nil {
			return err
		}
	}
	saved := map[ids.ID]savedText{}
	err := s.cb.Write(ctx, "note.save", func(tx *casebook.Tx) error {
		isNew, err := insertNote(tx, n)
		if err != nil {
			return err
		}
		if !isNew {
			if saved, err = savedTexts(tx, n); err != nil {
				return err
			}
		}
		if !changed(n, saved, texts) {
			return errUnchanged
		}
		if err := saveTexts(tx, n, saved, texts); err != nil || isNew {
			return err // a draft makes the note's row first: a new note has none to end
		}
		return endTexts(tx, n, texts)
	})
	if errors.Is(err, errUnchanged) {
		err = s.endDrafts(ctx, n, texts)
	}
	if err == nil {
		n.moveOn(saved, texts)
	}
	return err
}

// moveOn lets what is written next follow what was saved.
func (n Note) moveOn(saved map[ids.ID]savedText, texts map[string]string) {
	for i := range n.Fields {
		f := &n.Fields[i]
		body, ok := texts[f.Key]
		if t := saved[f.ID]; ok && t.body.Valid && t.body.String == body {
			f.Follows, f.Saved = t.head, t.body.String
		}
	}
}

// errUnchanged ends a transaction that has nothing to write.
var errUnchanged = errors.New("nothing differs from what was saved")

// savedText is where a field stands: its newest revision, none if the field's row was
// made for its audience alone.
type savedText struct {
	head ids.ID
	body sql.NullString
}

// savedTexts are the fields of a note that have a row, by their id.
func savedTexts(tx *casebook.Tx, n Note) (map[ids.ID]savedText, error) {
	e := coachIn(tx)
	rows, err := tx.Query(`SELECT f.id, f.head, r.body, f.sealed_to FROM note_field f LEFT JOIN note_rev r ON r.id = f.head WHERE f.note_id = ?`, n.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[ids.ID]savedText{}
	for rows.Next() {
		var id, sealedTo ids.ID
		var t savedText
		if err := rows.Scan(&id, &t.head, &t.body, &sealedTo); err != nil {
			return nil, err
		}
		t.body.String, _ = e.read(sealedTo, t.body.String)
		out[id] = t
	}
	return out, rows.Err()
}

// changed says whether any text differs from the one last saved or carried over.
func changed(n Note, saved map[ids.ID]savedText, texts map[string]string) bool {
	for key, body := range texts {
		f, _ := n.Field(key)
		was := saved[f.ID]
		if !was.body.Valid && f.Carried && f.Body == body {
			continue // what was only carried over is not yet written
		}
		if was.takes(f, body) {
			return true
		}
	}
	return false
}

// takes says whether a text is to become the field's. Where somebody else saved
// meanwhile, what was not touched here is not.
func (t savedText) takes(f Field, body string) bool {
	switch {
	case t.body.Valid && t.body.String == body:
		return false
	case t.head != f.Follows:
		untouched := body == f.Saved || (f.Follows.IsZero() && (blank(body) || (f.Carried && body == f.Body)))
		return !untouched
	}
	return !t.head.IsZero() || !blank(body)
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
func saveTexts(tx *casebook.Tx, n Note, saved map[ids.ID]savedText, texts map[string]string) error {
	for _, f := range n.Fields {
		if body, ok := texts[f.Key]; ok {
			if err := saveText(tx, n, f, saved, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// endTexts ends the drafts of what was saved.
func endTexts(tx *casebook.Tx, n Note, texts map[string]string) error {
	for key := range texts {
		f, _ := n.Field(key)
		if _, err := tx.Exec(`DELETE FROM draft WHERE note_id = ? AND field_id = ?`, n.ID, f.ID); err != nil {
			return err
		}
	}
	return nil
}

func saveText(tx *casebook.Tx, n Note, f Field, saved map[ids.ID]savedText, body string) error {
	was, there := saved[f.ID]
	if !was.takes(f, body) {
		return nil
	}
	rev := ids.New()
	saved[f.ID] = savedText{head: rev, body: sql.NullString{String: body, Valid: true}}
	body, err := kept(tx, f.SealedTo, body)
	if err != nil {
		return err
	}
	if !there {
		if err := insertField(tx, n, f, rev); err != nil {
			return err
		}
	}
	return writeRevision(tx, n.ID, f.ID, f.Follows, rev, tx.Coach, body, !there)
}

// writeRevision writes one, and makes it the field's newest unless it is that already.
func writeRevision(tx *casebook.Tx, note, field, after, rev, author ids.ID, body string, newest bool) error {
	if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		rev, note, field, after.String(), body, author, tx.Now.UnixMilli(), tx.Now.UnixMilli()); err != nil {
		return err
	}
	if newest {
		return nil
	}
	_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, field)
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
	if !f.SealedTo.IsZero() && (f.SealedTo != tx.Me() || f.Access.Visibility != clients.CoachOnly) {
		return fault.Input("visibility", text.T("note.sealed", "A reflection stays with the coach who writes it."))
	}
	if !f.replaces.IsZero() {
		if _, err := tx.Exec(`UPDATE note_field SET deleted = 1 WHERE id = ?`, f.replaces); err != nil {
			return err
		}
	}
	return fieldRow(tx, n, f, head)
}

func fieldRow(tx *casebook.Tx, n Note, f Field, head ids.ID) error {
	_, err := tx.Exec(`INSERT INTO note_field (id, note_id, key, position, head, subject, visibility, sensitivity, sealed_to, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.ID, n.ID, f.Key, f.Position, head, f.Access.Subject, f.Access.Visibility, f.Access.Sensitivity, f.SealedTo, tx.Now.UnixMilli())
	return err
}
