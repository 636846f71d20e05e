package search

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"strings"
)

// maxFindings is how many differences Check names in each kind.
const maxFindings = 20

// sum is the print of a text by which Check sees that the index was made from it.
func sum(body string) int64 {
	h := fnv.New64a()
	h.Write([]byte(body))
	return int64(h.Sum64())
}

// Check compares the index with the rows: each text is there once, with the audience
// it has now and as it reads now, and nothing else is. It returns what differs.
func Check(ctx context.Context, q Querier) ([]string, error) {
	var out []string
	for _, kind := range kinds {
		found, err := checkKind(ctx, q, kind)
		if err != nil {
			return out, err
		}
		out = append(out, found...)
	}
	for _, c := range []struct{ what, sql string }{
		{"%d texts are listed but not in the index", `SELECT count(*) FROM search_doc WHERE n NOT IN (SELECT id FROM search_fts_docsize)`},
		{"%d texts are in the index but not listed", `SELECT count(*) FROM search_fts_docsize WHERE id NOT IN (SELECT n FROM search_doc)`},
		{"%d texts are of an unknown kind", `SELECT count(*) FROM search_doc WHERE kind NOT IN ('` + strings.Join(kinds, `', '`) + `')`},
	} {
		var n int
		if err := q.QueryRowContext(ctx, c.sql).Scan(&n); err != nil {
			return out, err
		}
		if n > 0 {
			out = append(out, fmt.Sprintf(c.what, n))
		}
	}
	return out, nil
}

// checkKind walks the rows and their documents side by side, both by id.
func checkKind(ctx context.Context, q Querier, kind string) ([]string, error) {
	docs, err := q.QueryContext(ctx, `SELECT row_id, field, couple_id, at, subject, visibility, sensitivity, sum FROM search_doc WHERE kind = ? ORDER BY row_id`, kind)
	if err != nil {
		return nil, err
	}
	defer docs.Close()
	view, err := q.QueryContext(ctx, `SELECT row_id, field, couple_id, at, subject, visibility, sensitivity, body FROM search_`+kind+` ORDER BY row_id`)
	if err != nil {
		return nil, err
	}
	defer view.Close()
	var out []string
	say := func(what string, id []byte) {
		if len(out) < maxFindings {
			out = append(out, fmt.Sprintf("%s %x: %s", kind, id, what))
		}
	}
	want, err := nextRow(view)
	if err != nil {
		return nil, err
	}
	have, err := nextDoc(docs)
	for err == nil && (want != nil || have != nil) {
		switch c := compare(want, have); {
		case c < 0:
			say("is not in the index", want.row)
			want, err = nextRow(view)
		case c > 0:
			say("is in the index but not among the rows", have.row)
			have, err = nextDoc(docs)
		default:
			if !bytes.Equal(want.couple, have.couple) || want.rest != have.rest {
				say("reads or is shared otherwise than the index knows", want.row)
			}
			if want, err = nextRow(view); err == nil {
				have, err = nextDoc(docs)
			}
		}
	}
	return out, err
}

// indexed is what the index should know, or knows, about one row.
type indexed struct {
	row, couple []byte
	rest
}

type rest struct {
	field, subject, visibility, sensitivity string
	at, sum                                 int64
}

func compare(want, have *indexed) int {
	switch {
	case want == nil:
		return 1
	case have == nil:
		return -1
	}
	return bytes.Compare(want.row, have.row)
}

// nextRow is the next row that has a text, nil after the last.
func nextRow(rows *sql.Rows) (*indexed, error) {
	for rows.Next() {
		var x indexed
		var body string
		if err := rows.Scan(&x.row, &x.field, &x.couple, &x.at, &x.subject, &x.visibility, &x.sensitivity, &body); err != nil {
			return nil, err
		}
		if body = strings.TrimSpace(body); body != "" {
			x.sum = sum(body)
			return &x, nil
		}
	}
	return nil, rows.Err()
}

func nextDoc(rows *sql.Rows) (*indexed, error) {
	if !rows.Next() {
		return nil, rows.Err()
	}
	var x indexed
	err := rows.Scan(&x.row, &x.field, &x.couple, &x.at, &x.subject, &x.visibility, &x.sensitivity, &x.sum)
	return &x, err
}
