// Package search is the full-text index of a casebook and its queries.
//
// Triggers note which rows changed; Flush, inside the same transaction, brings the
// index up to date. So the index never knows more or less than the rows do. Each
// document carries the audience of its row, and a query needs a Gate, which only the
// clients package can open: the zero Gate finds and counts nothing.
package search

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode"
)

// kinds are what can be searched; each has a view search_<kind> in the schema.
var kinds = []string{"couple", "enquiry", "discovery_call", "note_field", "addendum", "assignment", "practice_log", "conversation", "conversation_answer", "couple_agreement", "letter"}

// Flush indexes all rows marked dirty in this transaction. Its statements are kept
// prepared by the connection, so that a single note costs little. They name the tables
// themselves (main), whatever the coach who writes may see of them.
func Flush(ctx context.Context, tx *sql.Tx) error {
	dirty, err := changed(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range dirty {
		if err := index(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

type rowID struct {
	kind string
	id   []byte
}

// changed takes what the triggers told couplet_dirty in this transaction: each kind
// ended by a zero byte, then the sixteen bytes of the id.
func changed(ctx context.Context, tx *sql.Tx) ([]rowID, error) {
	var told []byte
	if err := tx.QueryRowContext(ctx, `SELECT couplet_dirty()`).Scan(&told); err != nil {
		return nil, err
	}
	var out []rowID
	seen := map[string]bool{}
	for len(told) > 0 {
		end := bytes.IndexByte(told, 0)
		if end < 0 || len(told) < end+1+16 {
			return nil, errors.New("the list of changed rows is torn")
		}
		one := told[:end+1+16]
		told = told[len(one):]
		if !seen[string(one)] {
			seen[string(one)] = true
			out = append(out, rowID{string(one[:end]), one[end+1:]})
		}
	}
	return out, nil
}

// index replaces the document of one row by what its view says now.
func index(ctx context.Context, tx *sql.Tx, d rowID) error {
	was, now, err := documents(ctx, tx, d)
	if err != nil {
		return err
	}
	if was.Valid {
		if err := forget(ctx, tx, was.Int64); err != nil {
			return err
		}
	}
	if now.body == "" {
		return nil
	}
	// No RETURNING here: it makes FTS5 write out what it has gathered, text by text.
	added, err := tx.ExecContext(ctx, `INSERT INTO main.search_doc (kind, row_id, field, couple_id, at, subject, visibility, sensitivity, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.kind, d.id, now.field, now.couple, now.at, now.subject, now.visibility, now.sensitivity, sum(now.body))
	if err != nil {
		return err
	}
	n, err := added.LastInsertId()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO main.search_fts (rowid, body) VALUES (?, ?)`, n, Segment(now.body))
	return err
}

// document is what the view of a kind says of one row; without a text it is none.
type document struct {
	field, body, subject, visibility, sensitivity string
	couple                                        []byte
	at                                            int64
}

// documents are the number under which a row is indexed, if it is, and what it says now.
func documents(ctx context.Context, tx *sql.Tx, d rowID) (was sql.NullInt64, now document, err error) {
	const number = `SELECT n FROM main.search_doc WHERE kind = ?1 AND row_id = ?2`
	err = tx.QueryRowContext(ctx, `SELECT (`+number+`), field, couple_id, at, body, subject, visibility, sensitivity FROM main.search_`+d.kind+` WHERE row_id = ?2`, d.kind, d.id).
		Scan(&was, &now.field, &now.couple, &now.at, &now.body, &now.subject, &now.visibility, &now.sensitivity)
	if errors.Is(err, sql.ErrNoRows) {
		if err = tx.QueryRowContext(ctx, number, d.kind, d.id).Scan(&was); errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
	}
	now.body = strings.TrimSpace(now.body)
	return was, now, err
}

// forget takes a document out of the index.
func forget(ctx context.Context, tx *sql.Tx, n int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM main.search_fts WHERE rowid = ?`, n); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM main.search_doc WHERE n = ?`, n)
	return err
}

// Segment sets spaces around the characters of scripts that write without them, so
// that each is a word of its own to the tokenizer.
func Segment(s string) string {
	at := strings.IndexFunc(s, spaceless)
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	for _, r := range s {
		if spaceless(r) {
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func spaceless(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// Optimize joins the pieces that the index is in after very many writes into one.
func Optimize(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO search_fts (search_fts) VALUES ('optimize')`)
	return err
}
