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

// SaveLetter keeps the letter to a reader as it is typed; an empty one is taken away.
// Only partners and the couple get letters. Its action is a draft's, so that pages do
// not load again under the fingers of whoever types.
func (s *Store) SaveLetter(ctx context.Context, couple ids.ID, to clients.Reader, body string) error {
	access, ok := letterAccess(to)
	if !ok {
		return fault.Input("reader", text.T("letter.reader", "A letter is for the couple or for one partner."))
	}
	if utf8.RuneCountInString(body) > maxLetter {
		return fault.Input("letter", text.T("letter.long", "Keep the letter under %d characters.", maxLetter))
	}
	return s.cb.Write(ctx, "draft.letter", func(tx *casebook.Tx) error {
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
