// Package search is the full-text index of a casebook and its queries.
//
// Triggers note which rows changed; Flush, inside the same transaction, brings the
// index up to date. So the index never knows more or less than the rows do. Each
// document carries the audience of its row, and a query needs a Gate, which only the
// clients package can open: the zero Gate finds and counts nothing.
package search

import (
	"context"
	"database/sql"
	"strings"
	"unicode"
)

// kinds are what can be searched; each has a view search_<kind> in the schema.
var kinds = []string{"couple", "enquiry", "discovery_call", "note_field", "addendum", "assignment", "practice_log", "conversation", "conversation_answer", "couple_agreement", "letter"}

// Flush indexes all rows marked dirty in this transaction.
func Flush(ctx context.Context, tx *sql.Tx) error {
	dirty, err := dirtyRows(ctx, tx)
	if err != nil || len(dirty) == 0 {
		return err
	}
	ix, err := newIndexer(ctx, tx)
	if err != nil {
		return err
	}
	defer ix.close()
	if dirty, err = withDependents(ctx, tx, dirty); err != nil {
		return err
	}
	for _, d := range dirty {
		if err := ix.index(ctx, d); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM search_dirty`)
	return err
}

type dirtyRow struct {
	kind string
	id   []byte
}

func dirtyRows(ctx context.Context, tx *sql.Tx) ([]dirtyRow, error) {
	rows, err := tx.QueryContext(ctx, `SELECT kind, id FROM search_dirty`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []dirtyRow
	for rows.Next() {
		var d dirtyRow
		if err := rows.Scan(&d.kind, &d.id); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// dependents are texts that come and go with another row than their own: SQL that
// finds them by the id of a changed row of that kind.
var dependents = map[string]struct{ kind, sql string }{
	"note_field":   {"addendum", `SELECT a.id FROM addendum a JOIN note_field f ON f.note_id = a.note_id WHERE f.id = ?`},
	"assignment":   {"practice_log", `SELECT id FROM practice_log WHERE assignment_id = ? AND (noticed <> '' OR next_change <> '')`},
	"conversation": {"conversation_answer", `SELECT id FROM conversation_answer WHERE conversation_id = ?`},
}

func withDependents(ctx context.Context, tx *sql.Tx, dirty []dirtyRow) ([]dirtyRow, error) {
	out := dirty
	stmts := map[string]*sql.Stmt{}
	for _, d := range dirty {
		dep, ok := dependents[d.kind]
		if !ok {
			continue
		}
		st := stmts[d.kind]
		if st == nil {
			var err error
			if st, err = tx.PrepareContext(ctx, dep.sql); err != nil {
				return nil, err
			}
			defer st.Close()
			stmts[d.kind] = st
		}
		rows, err := st.QueryContext(ctx, d.id)
		if err != nil {
			return nil, err
		}
		err = each(rows, func() error {
			x := dirtyRow{kind: dep.kind}
			err := rows.Scan(&x.id)
			out = append(out, x)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// indexer holds the statements of one flush.
type indexer struct {
	tx      *sql.Tx
	find    *sql.Stmt
	delDoc  *sql.Stmt
	delFTS  *sql.Stmt
	addDoc  *sql.Stmt
	addFTS  *sql.Stmt
	sources map[string]*sql.Stmt
}

func newIndexer(ctx context.Context, tx *sql.Tx) (*indexer, error) {
	ix := &indexer{tx: tx, sources: map[string]*sql.Stmt{}}
	for _, p := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&ix.find, `SELECT n FROM search_doc WHERE row_id = ? AND kind = ?`},
		{&ix.delDoc, `DELETE FROM search_doc WHERE n = ?`},
		{&ix.delFTS, `DELETE FROM search_fts WHERE rowid = ?`},
		{&ix.addDoc, `INSERT INTO search_doc (kind, row_id, field, couple_id, at, subject, visibility, sensitivity, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&ix.addFTS, `INSERT INTO search_fts (rowid, body) VALUES (?, ?)`},
	} {
		st, err := tx.PrepareContext(ctx, p.sql)
		if err != nil {
			ix.close()
			return nil, err
		}
		*p.to = st
	}
	return ix, nil
}

func (ix *indexer) close() {
	for _, st := range []*sql.Stmt{ix.find, ix.delDoc, ix.delFTS, ix.addDoc, ix.addFTS} {
		if st != nil {
			st.Close()
		}
	}
	for _, st := range ix.sources {
		st.Close()
	}
}

func (ix *indexer) source(ctx context.Context, kind string) (*sql.Stmt, error) {
	if st, ok := ix.sources[kind]; ok {
		return st, nil
	}
	st, err := ix.tx.PrepareContext(ctx, `SELECT field, couple_id, at, body, subject, visibility, sensitivity FROM search_`+kind+` WHERE row_id = ?`)
	if err == nil {
		ix.sources[kind] = st
	}
	return st, err
}

// index replaces the document of one row by what its view says now.
func (ix *indexer) index(ctx context.Context, d dirtyRow) error {
	var n int64
	switch err := ix.find.QueryRowContext(ctx, d.id, d.kind).Scan(&n); err {
	case nil:
		if _, err := ix.delFTS.ExecContext(ctx, n); err != nil {
			return err
		}
		if _, err := ix.delDoc.ExecContext(ctx, n); err != nil {
			return err
		}
	case sql.ErrNoRows:
	default:
		return err
	}
	src, err := ix.source(ctx, d.kind)
	if err != nil {
		return err
	}
	var field, body, subject, visibility, sensitivity string
	var couple []byte
	var at int64
	switch err := src.QueryRowContext(ctx, d.id).Scan(&field, &couple, &at, &body, &subject, &visibility, &sensitivity); err {
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
	added, err := ix.addDoc.ExecContext(ctx, d.kind, d.id, field, couple, at, subject, visibility, sensitivity, sum(body))
	if err != nil {
		return err
	}
	if n, err = added.LastInsertId(); err != nil {
		return err
	}
	_, err = ix.addFTS.ExecContext(ctx, n, Segment(body))
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
