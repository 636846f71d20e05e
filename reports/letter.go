package reports

import (
	"context"
	"database/sql"
	"errors"
	"unicode/utf8"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// maxLetter is how many characters a letter may have.
const maxLetter = 8000

// Letter is what the coach wrote to the reader of aud, the newest; the coach has none.
func (s *Store) Letter(ctx context.Context, aud clients.Audience, couple ids.ID) (string, error) {
	var body string
	err := s.cb.Reader().QueryRowContext(ctx, `SELECT l.body FROM letter l WHERE l.couple_id = ? AND l.reader = ? AND l.deleted = 0 AND `+aud.Gate("l")+` ORDER BY l.id DESC LIMIT 1`, couple, string(aud.Reader())).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return body, err
}

// Typed is what was typed of the letter to the reader of aud and is not yet part of it, on
// this computer: after a crash, say.
func (s *Store) Typed(ctx context.Context, aud clients.Audience, couple ids.ID) (body string, there bool, err error) {
	if _, ok := letterAccess(aud.Reader()); !ok {
		return "", false, nil
	}
	err = s.cb.Reader().QueryRowContext(ctx, `SELECT body FROM draft WHERE note_id = ? AND field_id = ?`, couple, letterDraft(couple, aud.Reader())).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return body, err == nil, err
}

// letterDraft is the place of a letter among the drafts of a record.
func letterDraft(couple ids.ID, to clients.Reader) ids.ID {
	return casebook.DraftPlace(couple, "letter "+string(to))
}

// KeepLetter keeps a letter as it is typed, on this computer alone: it is neither shared,
// searched nor shown in the history, and it survives a crash. SaveLetter ends it.
func (s *Store) KeepLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error {
	if _, ok := letterAccess(to); !ok {
		return noReader()
	}
	draft := letterDraft(couple, to)
	var saved string
	if err := s.cb.Reader().QueryRowContext(ctx, `SELECT coalesce((SELECT body FROM letter WHERE couple_id = ? AND reader = ? AND deleted = 0 ORDER BY id DESC LIMIT 1), '')`, couple, string(to)).Scan(&saved); err != nil {
		return err
	}
	if body == saved {
		return s.cb.Local(ctx, `DELETE FROM draft WHERE note_id = ? AND field_id = ?`, couple, draft)
	}
	return s.cb.KeepDraft(ctx, couple, draft, body)
}

func noReader() error {
	return fault.Input("reader", text.T("letter.reader", "A letter is for the couple or for one partner."))
}

func checkLetter(to clients.Reader, body string) (clients.Access, error) {
	access, ok := letterAccess(to)
	if !ok {
		return access, noReader()
	}
	if utf8.RuneCountInString(body) > maxLetter {
		return access, fault.Input("letter", text.T("letter.long", "Keep the letter under %d characters.", maxLetter))
	}
	return access, nil
}

// SaveLetter makes a text the letter to a reader; an empty one is taken away. Only
// partners and the couple get letters.
func (s *Store) SaveLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error {
	access, err := checkLetter(to, body)
	if err != nil {
		return err
	}
	return s.cb.Write(ctx, "letter.save", func(tx *casebook.Tx) error {
		if to == clients.Us {
			if err := clients.MayChangeJoint(ctx, tx, couple); err != nil {
				return err
			}
		}
		if err := tx.EndDraft(couple, letterDraft(couple, to)); err != nil {
			return err
		}
		res, err := tx.Exec(`UPDATE letter SET body = ?, written_on = ?, deleted = ? WHERE couple_id = ? AND reader = ?`, body, string(day.Of(tx.Now)), body == "", couple, string(to))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 || body == "" {
			return err
		}
		_, err = tx.Exec(`INSERT INTO letter (id, couple_id, reader, body, written_on, subject, visibility, sensitivity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), couple, string(to), body, string(day.Of(tx.Now)), string(access.Subject), string(access.Visibility), string(access.Sensitivity), tx.Now.UnixMilli())
		return err
	})
}

func letterAccess(to clients.Reader) (clients.Access, bool) {
	switch to {
	case clients.Us:
		return clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}, true
	case clients.A:
		return clients.Access{Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal}, true
	case clients.B:
		return clients.Access{Subject: clients.SubjectB, Visibility: clients.PartnerB, Sensitivity: clients.Normal}, true
	}
	return clients.Access{}, false
}

func (f *facts) letterBlocks() []Block {
	if f.letter == "" {
		return nil
	}
	greeting := text.T("letter.dear", "Dear %s,", f.short(f.aud.Slot()))
	if f.joint() {
		greeting = text.T("letter.dear_both", "Dear %s and %s,", f.short(clients.SlotA), f.short(clients.SlotB))
	}
	sign := f.workspace
	if f.header.Coaches != nil {
		sign = ""
		for i, c := range f.header.Coaches {
			if i > 0 {
				sign += ", "
			}
			sign += c.Name
		}
	}
	return []Block{LetterText{Greeting: greeting, Text: Escape(f.letter), Signature: Escape(sign)}}
}
