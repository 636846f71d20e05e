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
// prepared by the connection, so that a single note costs little.
func Flush(ctx context.Context, tx *sql.Tx) error {
	dirty, err := changed(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range dirty {
		if dep, ok := dependents[d.kind]; ok {
			more, err := rowIDs(ctx, tx, dep, d.id)
			if err != nil {
				return err
			}
			dirty = append(dirty, more...)
		}
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

func rowIDs(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]rowID, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var out []rowID
	err = each(rows, func() error {
		var d rowID
		err := rows.Scan(&d.kind, &d.id)
		out = append(out, d)
		return err
	})
	return out, err
}

// dependents are texts that come and go with another row than their own, by the kind
// and id of that row.
var dependents = map[string]string{
	"note_field":   `SELECT 'addendum', a.id FROM addendum a JOIN note_field f ON f.note_id = a.note_id WHERE f.id = ?`,
	"assignment":   `SELECT 'practice_log', id FROM practice_log WHERE assignment_id = ? AND (noticed <> '' OR next_change <> '')`,
	"conversation": `SELECT 'conversation_answer', id FROM conversation_answer WHERE conversation_id = ?`,
}

// index replaces the document of one row by what its view says now.
func index(ctx context.Context, tx *sql.Tx, d rowID) error {
	if err := forget(ctx, tx, d); err != nil {
		return err
	}
	var field, body, subject, visibility, sensitivity string
	var couple []byte
	var at int64
	switch err := tx.QueryRowContext(ctx, `SELECT field, couple_id, at, body, subject, visibility, sensitivity FROM search_`+d.kind+` WHERE row_id = ?`, d.id).
		Scan(&field, &couple, &at, &body, &subject, &visibility, &sensitivity); err {
	case nil:
	case sql.ErrNoRows:
		return nil
	default:
		return err
	}
	body = strings.TrimSpace(body)
	if body == "" {
		return nil
	}
	// No RETURNING here: it makes FTS5 write out what it has gathered, text by text.
	added, err := tx.ExecContext(ctx, `INSERT INTO search_doc (kind, row_id, field, couple_id, at, subject, visibility, sensitivity, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.kind, d.id, field, couple, at, subject, visibility, sensitivity, sum(body))
	if err != nil {
		return err
	}
	n, err := added.LastInsertId()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO search_fts (rowid, body) VALUES (?, ?)`, n, Segment(body))
	return err
}

// forget takes a row out of the index.
func forget(ctx context.Context, tx *sql.Tx, d rowID) error {
	var n int64
	switch err := tx.QueryRowContext(ctx, `SELECT n FROM search_doc WHERE kind = ? AND row_id = ?`, d.kind, d.id).Scan(&n); err {
	case nil:
	case sql.ErrNoRows:
		return nil
	default:
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM search_fts WHERE rowid = ?`, n); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM search_doc WHERE n = ?`, n)
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
