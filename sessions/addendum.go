package sessions

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Addendum is what was added to a locked note, with its date and author.
type Addendum struct {
	ID     ids.ID
	Note   ids.ID
	Field  string // key of the field it belongs to, "" for the whole note
	Access clients.Access
	// SealedTo is the coach who alone can read it; zero for whom Access says.
	SealedTo ids.ID
	Body     string
	At       time.Time
	Coach    string
}

// AddAddendum adds to a locked note, to the whole or to the field named, for the
// audience given. It can never be changed. A note that is still open is edited
// instead: fault.Refused. What is one partner's own is for that partner at most. What is
// added to one partner's words is that partner's too, and nothing is added to a sensitive
// text that is less so. Whoever may not see the field is not told which one it was.
func (s *Store) AddAddendum(ctx context.Context, note ids.ID, field string, access clients.Access, body string) (ids.ID, error) {
	if err := errors.Join(access.Validate(), checkLength("body", body)); err != nil {
		return ids.Nil, err
	}
	if blank(body) {
		return ids.Nil, fault.Input("body", text.T("note.empty", "There is nothing to keep yet."))
	}
	if beyondOwn(access.Subject, access.Visibility) {
		return ids.Nil, fault.Input("visibility", text.T("note.own_first", "What is one person's own starts with that person alone."))
	}
	id := ids.New()
	err := s.cb.Write(ctx, "note.addendum", func(tx *casebook.Tx) error {
		var locked bool
		err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = n.id) FROM note n WHERE n.id = ? AND n.deleted = 0`, note).Scan(&locked)
		if errors.Is(err, sql.ErrNoRows) {
			return gone()
		}
		if err != nil {
			return err
		}
		if !locked {
			return fault.New(fault.Refused, text.T("note.still_open", "This note is still open."), text.T("note.still_open_hint", "Edit its text instead. Nothing was changed."))
		}
		var to, sealedTo ids.ID
		if field != "" {
			var of clients.Access
			err := tx.QueryRow(`SELECT id, subject, sensitivity, sealed_to FROM note_field f WHERE note_id = ? AND key = ? AND deleted = 0 AND `+coachIn(tx).unsealed("f")+` ORDER BY sealed_to IS NULL LIMIT 1`, note, field).
				Scan(&to, &of.Subject, &of.Sensitivity, &sealedTo)
			if errors.Is(err, sql.ErrNoRows) {
				return unknownField(field)
			}
			if err != nil {
				return err
			}
			if (of.Subject != clients.SubjectBoth && access.Subject != of.Subject) || (of.Sensitivity != clients.Normal && access.Sensitivity != of.Sensitivity) || (!sealedTo.IsZero() && access.Visibility != clients.CoachOnly) {
				return fault.Input("visibility", text.T("note.as_field", "What is added to this text stays as protected as the text."))
			}
		}
		if _, err := tx.Exec(`DELETE FROM draft WHERE note_id = ?1 AND field_id IN (?1, ?2)`, note, additionID(note, tx.Me())); err != nil {
			return err
		}
		if field == "" {
			if sealedTo, err = wholeSealed(tx, note, access); err != nil {
				return err
			}
		}
		if body, err = kept(tx, sealedTo, body); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO addendum (id, note_id, field_id, body, coach_id, at, subject, visibility, sensitivity, sealed_to, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, note, to, body, tx.Coach, tx.Now.UnixMilli(), access.Subject, access.Visibility, access.Sensitivity, sealedTo, tx.Now.UnixMilli())
		return err
	})
	if err != nil {
		return ids.Nil, err
	}
	return id, nil
}

// ownThoughts is the template of a note that is a coach's reflection as a whole.
const ownThoughts = "reflection"

// wholeSealed is to whom an addition to a whole note is sealed: to its writer where the
// note is a reflection, else to nobody.
func wholeSealed(tx *casebook.Tx, note ids.ID, access clients.Access) (ids.ID, error) {
	var template string
	if err := tx.QueryRow(`SELECT template FROM note WHERE id = ?`, note).Scan(&template); err != nil {
		return ids.Nil, err
	}
	if template != ownThoughts || access.Visibility != clients.CoachOnly {
		return ids.Nil, nil
	}
	return tx.Me(), nil
}
