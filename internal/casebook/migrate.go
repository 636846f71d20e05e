package casebook

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the decrypted database as a casebook ("CPLT").
const applicationID = 0x43504c54

// SchemaVersion is the newest schema that this program knows.
func SchemaVersion() int64 {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is constant
	}
	return int64(len(names))
}

// migrate brings the file to the schema of this program: forward only, each step in
// a transaction of its own, after BeforeMigration (which makes a verified backup).
// A newer file is refused before anything is touched.
func (c *Casebook) migrate(ctx context.Context) error {
	var have int64
	if err := c.writer.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return err
	}
	want := SchemaVersion()
	switch {
	case have > want:
		return fault.New(fault.Newer, text.T("casebook.newer", "This casebook was last opened with a newer version of Couplet (schema %d).", have),
			text.T("casebook.newer_hint", "Update Couplet on this computer, then open it again. Nothing was changed."))
	case have == want:
		return nil
	case c.opts.ReadOnly:
		return fault.New(fault.Refused, text.T("casebook.older", "This casebook has to be brought up to date first."), text.T("casebook.older_hint", "Open it once in Couplet. Nothing was changed."))
	}
	if have > 0 && c.opts.BeforeMigration != nil {
		if err := c.opts.BeforeMigration(ctx, c); err != nil {
			return err
		}
	}
	dir, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	store, err := database.NewStore(goose.DialectSQLite3, "schema_version")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectCustom, c.writer, dir, goose.WithStore(store))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating from schema %d: %w", have, err)
	}
	tx, err := c.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := capture(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, want)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
		return err
	}
	return tx.Commit()
}
