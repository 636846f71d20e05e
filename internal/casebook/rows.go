package casebook

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"github.com/couplet-app/couplet/internal/ids"
)

// Each runs a query and calls read for every row it finds. What it read is closed when it
// returns, however it ends.
func Each(ctx context.Context, q Querier, read func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	return each(rows, read)
}

// Collect runs a query and makes a list of its rows, each filled by scan; nil if there are none.
func Collect[T any](ctx context.Context, q Querier, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	var out []T
	err := Each(ctx, q, func(r *sql.Rows) error {
		var v T
		if err := scan(r, &v); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Value is a scan for Collect: rows of one column.
func Value[T any](r *sql.Rows, v *T) error { return r.Scan(v) }

// Columns are the names of a table's columns, id first, as they were made.
func Columns(ctx context.Context, q Querier, tbl string) ([]string, error) {
	return Collect(ctx, q, Value[string], `SELECT name FROM pragma_table_info(?) ORDER BY cid`, tbl)
}

func each(rows *sql.Rows, read func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// AddendumOf is the id of the addendum that a revision of a locked note becomes, the same
// on every computer.
func AddendumOf(rev ids.ID) ids.ID {
	return ids.ID(uuid.NewSHA1(uuid.UUID(rev), []byte("couplet addendum of a revision")))
}
