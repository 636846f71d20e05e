package casebook

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// modeOwnClocks is the stamp under which rows bring the clocks they had elsewhere.
const modeOwnClocks = 2

// CreateEmpty is Create without the first rows, for an import that brings its own.
func CreateEmpty(ctx context.Context, path string, n New, opts Options) (c *Casebook, recovery string, err error) {
	lk, err := hold(path)
	if err != nil {
		return nil, "", err
	}
	key, recovery, err := vault.Create(path, n.KDF, n.Passphrase)
	if err != nil {
		release(lk)
		return nil, "", err
	}
	if c, err = open(ctx, path, key, lk, opts); err != nil {
		os.Remove(path)
		return nil, "", err
	}
	return c, recovery, nil
}

// Snapshot calls f with a Querier that sees one and the same state in all its reads,
// whatever is written meanwhile.
func (c *Casebook) Snapshot(ctx context.Context, f func(Querier) error) error {
	tx, err := c.reader.BeginTx(ctx, nil)
	if err != nil {
		return vault.MapError(err)
	}
	defer tx.Rollback()
	return vault.MapError(f(tx))
}

// Import fills an empty casebook with rows that bring their own clocks: it calls batch,
// each time in a transaction of its own, until batch says that it is done. The triggers
// write no clocks and no history meanwhile; batch does. References between rows are
// checked once, at the end. After an error the casebook is good for nothing but removal.
func (c *Casebook) Import(ctx context.Context, batch func(*Tx) (done bool, err error)) error {
	c.mu.Lock()
	err := vault.MapError(lockedWords(c.importAll(ctx, batch)))
	c.mu.Unlock()
	if err == nil {
		c.Changes.Publish(events.Changed{Action: "casebook.import"})
	}
	return err
}

func (c *Casebook) importAll(ctx context.Context, batch func(*Tx) (bool, error)) error {
	if _, err := c.writer.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil {
		return err
	}
	for done := false; !done; {
		var err error
		if done, err = c.importOne(ctx, batch); err != nil {
			return err
		}
	}
	// A note may have nothing but addenda, which no field of it brings to the index.
	_, err := c.importOne(ctx, func(tx *Tx) (bool, error) {
		if _, err := tx.Exec(`INSERT OR IGNORE INTO search_dirty SELECT 'addendum', id FROM addendum`); err != nil {
			return true, err
		}
		return true, search.Optimize(ctx, tx.tx)
	})
	if err != nil {
		return err
	}
	if err := c.checkReferences(ctx); err != nil {
		return err
	}
	if _, err := c.writer.ExecContext(ctx, `PRAGMA foreign_keys = ON`); err != nil {
		return err
	}
	// What is written from now on is later than all that was brought.
	if _, err := c.writer.ExecContext(ctx, `UPDATE stamp SET hlc = max(hlc, (SELECT coalesce(max(hlc), 0) FROM row_clock),
		(SELECT coalesce(max(hlc), 0) FROM col_clock), (SELECT coalesce(max(hlc), 0) FROM history), (SELECT coalesce(max(hlc), 0) FROM action))`); err != nil {
		return err
	}
	return c.identify(ctx)
}

func (c *Casebook) importOne(ctx context.Context, batch func(*Tx) (bool, error)) (bool, error) {
	stx, err := c.writer.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer stx.Rollback()
	if _, err := stx.ExecContext(ctx, `UPDATE stamp SET mode = ?`, modeOwnClocks); err != nil {
		return false, err
	}
	done, err := batch(&Tx{Now: c.opts.Now(), Device: c.device, ctx: ctx, tx: stx, cb: c})
	if err != nil {
		return false, err
	}
	if err := search.Flush(ctx, stx); err != nil {
		return false, err
	}
	if _, err := stx.ExecContext(ctx, `UPDATE stamp SET mode = 0`); err != nil {
		return false, err
	}
	return done, stx.Commit()
}

func (c *Casebook) checkReferences(ctx context.Context) error {
	var tbl, parent string
	err := c.writer.QueryRowContext(ctx, `SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`).Scan(&tbl, &parent)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.Wrap(fault.BadInput, fmt.Errorf("a row of %s names a row of %s that is not there", tbl, parent),
		text.T("import.reference", "The file is not complete: a row points to one that is missing."), text.T("import.nothing", "Nothing was imported."))
}
