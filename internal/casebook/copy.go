package casebook

import (
	"context"
	"database/sql"
	"os"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// Copy writes a whole, compact copy of the casebook to path, which must not exist,
// under the same key and key slots. The caller verifies it and syncs it to the disk.
func (c *Casebook) Copy(ctx context.Context, path string) error {
	// Made here, it is nobody else's to read, and where it cannot be made the system says why.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	// A connection of its own: it reads what was last committed, and saves go on beside it.
	db, err := sql.Open(vault.Driver, c.key.DSN(c.path, false))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	// The copy is made safe once, when it is whole.
	for _, q := range []string{`PRAGMA synchronous = OFF`, `PRAGMA cache_size = -32000`} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return vault.MapError(err)
		}
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, c.key.Target(path))
	return vault.MapError(err)
}

// Scan calls f with every row of a query as plain values; for tools and tests. It sees
// everything, whoever signed in.
func (c *Casebook) Scan(ctx context.Context, query string, f func([]any) error) error {
	rows, err := c.engine.QueryContext(ctx, query)
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
