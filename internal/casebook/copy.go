package casebook

import (
	"context"
	"database/sql"
	"io/fs"
	"os"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// Copy writes a whole, compact copy of the casebook to path, which must not exist,
// under the same key and key slots. The caller verifies it.
func (c *Casebook) Copy(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	_, err := c.writer.ExecContext(ctx, `VACUUM INTO ?`, c.key.Target(path))
	return vault.MapError(err)
}

// Scan calls f with every row of a query as plain values; for tools and tests.
func (c *Casebook) Scan(ctx context.Context, query string, f func([]any) error) error {
	rows, err := c.reader.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	return scanRows(rows, f)
}

func scanRows(rows *sql.Rows, f func([]any) error) error {
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	vals := make([]any, len(cols))
	ptrs := make([]any, len(cols))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			return err
		}
		if err := f(vals); err != nil {
			return err
		}
	}
	return rows.Err()
}
