package rights

import (
	"context"
	"database/sql"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// values are the columns of one row.
type values map[string]any

// oneRow reads a row by its id.
func oneRow(ctx context.Context, q casebook.Querier, t *table, id ids.ID) (values, error) {
	rows, err := someRows(ctx, q, t, `x.id = ?`, id)
	if err == nil && len(rows) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return nil, missing(err)
	}
	return rows[0], nil
}

// someRows reads the rows x of a table for which a condition holds.
func someRows(ctx context.Context, q casebook.Querier, t *table, where string, args ...any) ([]values, error) {
	names := make([]string, len(t.cols))
	for i, c := range t.cols {
		names[i] = "x." + c
	}
	return casebook.Collect(ctx, q, func(r *sql.Rows, v *values) error {
		raw, into := make([]any, len(names)), make([]any, len(names))
		for i := range raw {
			into[i] = &raw[i]
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		*v = values{}
		for i, c := range t.cols {
			(*v)[c] = raw[i]
		}
		return nil
	}, `SELECT `+strings.Join(names, ", ")+` FROM `+t.Table+` x WHERE `+where, args...)
}
