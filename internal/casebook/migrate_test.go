package casebook

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// A casebook of the first schema opens, keeps what it holds, and its locks say what they close.
func TestTheFirstSchemaIsBroughtUpToDate(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "old.couplet")
	key, _, err := vault.Create(path, vault.FloorKDF, "seven lanterns over a quiet harbour")
	if err != nil {
		t.Fatal(err)
	}
	couple, note, field, rev := ids.New(), ids.New(), ids.New(), ids.New()
	old := []string{
		`INSERT INTO couple (id) VALUES (?1)`, `INSERT INTO note (id, couple_id) VALUES (?2, ?1)`, `INSERT INTO note_field (id, note_id, key, head) VALUES (?3, ?2, 'text', ?4)`,
		`INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?4, ?2, ?3, 'as it was')`, `INSERT INTO note_lock (id, note_id, device, seq, commitment, chain) VALUES (?4, ?2, ?4, 1, x'00', x'00')`,
		`INSERT INTO device (uuid, own) VALUES (?1, 1)`,
	}
	if err := firstSchema(ctx, path, key, func(tx *sql.Tx) error {
		for _, s := range old {
			if _, err := tx.ExecContext(ctx, s, couple, note, field, rev); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	asked := false
	c, err := OpenKey(ctx, path, key, Options{BeforeMigration: func(context.Context, *Casebook) error { asked = true; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !asked {
		t.Error("no backup was asked for")
	}
	var body, covers string
	if err := c.Reader().QueryRowContext(ctx, `SELECT r.body, l.covers FROM note_field f JOIN note_rev r ON r.id = f.head JOIN note_lock l ON l.note_id = f.note_id`).Scan(&body, &covers); err != nil {
		t.Fatal(err)
	}
	if got, err := ids.Parse(covers); err != nil || got != rev || body != "as it was" {
		t.Errorf("%q, closed by %q (%v)", body, covers, err)
	}
	if err := c.Write(ctx, "test", func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE couple SET status = 'x' WHERE id = ?`, couple)
		return err
	}); err != nil {
		t.Error(err)
	}
}

// firstSchema makes the casebook what the first version of the program left behind.
func firstSchema(ctx context.Context, path string, key *vault.Key, fill func(*sql.Tx) error) error {
	db, err := sql.Open(vault.Driver, key.DSN(path, false))
	if err != nil {
		return err
	}
	defer db.Close()
	dir, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	store, err := database.NewStore(goose.DialectSQLite3, "schema_version")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectCustom, db, dir, goose.WithStore(store))
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, 1); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fill(tx); err != nil {
		return err
	}
	if err := capture(ctx, tx); err != nil { // as it made them: what changes the schema has to cope with triggers
		return err
	}
	if _, err := tx.ExecContext(ctx, `PRAGMA user_version = 1`); err != nil {
		return err
	}
	return tx.Commit()
}
