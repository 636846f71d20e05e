package casebook

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// The stamps of a write (vault/stamp.c).
const (
	modeStamped   = 1
	modeOwnClocks = 2 // rows bring the clocks they had elsewhere
	modeErasing   = 3 // nothing is noted of what stood there
	modeShared    = 4 // modeStamped in a casebook that is shared: what is new is noted in share_out
)

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
// whatever is written meanwhile. It sees everything, whoever signed in.
func (c *Casebook) Snapshot(ctx context.Context, f func(Querier) error) error {
	tx, err := c.engine.BeginTx(ctx, nil)
	if err != nil {
		return vault.MapError(err)
	}
	defer tx.Rollback()
	return vault.MapError(f(tx))
}

// Importing is the way rows that bring their own clocks into a casebook. The triggers
// write no clocks and no history for them; whoever imports does.
type Importing struct {
	*Tx
	c *Casebook
}

// Import fills an empty casebook with rows that bring their own clocks. References
// between rows are checked once, at the end. After an error the casebook is good for
// nothing but removal.
func (c *Casebook) Import(ctx context.Context, fill func(*Importing) error) error {
	c.mu.Lock()
	err := vault.MapError(lockedWords(c.importAll(ctx, fill)))
	c.mu.Unlock()
	if err == nil {
		err = vault.MapError(c.signIn(ctx))
	}
	if err == nil {
		c.mu.Lock()
		err = vault.MapError(c.look(ctx))
		c.mu.Unlock()
	}
	if err == nil {
		c.Changes.Publish(events.Changed{Action: "casebook.import"})
	}
	return err
}

func (c *Casebook) importAll(ctx context.Context, fill func(*Importing) error) error {
	for _, s := range []string{`PRAGMA foreign_keys = OFF`, `PRAGMA cache_size = -65536`, `PRAGMA wal_autocheckpoint = 10000`} {
		if _, err := c.writer.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	im := &Importing{c: c}
	if err := im.begin(ctx); err != nil {
		return err
	}
	defer func() { im.tx.Rollback() }()
	if err := fill(im); err != nil {
		return err
	}
	if err := im.finish(ctx); err != nil {
		return err
	}
	if err := c.checkReferences(ctx); err != nil {
		return err
	}
	if _, err := c.writer.ExecContext(ctx, `PRAGMA foreign_keys = ON`); err != nil {
		return err
	}
	return c.identify(ctx)
}

// Claim makes the ways into the casebook those of a coach who came with the rows.
func (im *Importing) Claim(coach ids.ID) error {
	ways, err := im.c.key.Ways()
	if err != nil {
		return err
	}
	return insertWays(im.Tx, coach, ways, im.c.key.Identity())
}

func (im *Importing) begin(ctx context.Context) error {
	stx, err := im.c.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	im.Tx = &Tx{Now: im.c.opts.Now(), Device: im.c.Device(), ctx: ctx, tx: stx, cb: im.c}
	_, err = im.Exec(`SELECT couplet_stamp(?, 0, 0)`, modeOwnClocks)
	return err
}

// Next commits what was written so far and goes on in a new transaction, so that a
// large import needs little memory. Prepared statements end with it.
func (im *Importing) Next() error {
	if err := im.commit(); err != nil {
		return err
	}
	return im.begin(im.ctx)
}

func (im *Importing) commit() error {
	if err := search.Flush(im.ctx, im.tx); err != nil {
		return err
	}
	return im.tx.Commit()
}

// finish sets the clock: what is written from now on is later than all that was brought.
func (im *Importing) finish(ctx context.Context) error {
	if _, err := im.Exec(`INSERT OR REPLACE INTO brought SELECT 1, max((SELECT coalesce(max(hlc), 0) FROM row_clock), (SELECT coalesce(max(hlc), 0) FROM col_clock),
		(SELECT coalesce(max(hlc), 0) FROM history))`); err != nil {
		return err
	}
	if err := search.Flush(ctx, im.tx); err != nil {
		return err
	}
	if err := search.Optimize(ctx, im.tx); err != nil {
		return err
	}
	return im.commit()
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

// Bulk readies the writer for very much at once: more memory and fewer checkpoints,
// until the casebook is closed. What is written and how safely stays the same.
func (c *Casebook) Bulk(ctx context.Context) error {
	return c.maintain(ctx, `PRAGMA cache_size = -262144`, `PRAGMA wal_autocheckpoint = 20000`)
}

// Optimize brings the search index into one piece, and SQLite's knowledge of the
// tables up to date, after very many writes.
func (c *Casebook) Optimize(ctx context.Context) error {
	return c.maintain(ctx, `INSERT INTO search_fts (search_fts) VALUES ('optimize')`, `PRAGMA optimize`)
}

func (c *Casebook) maintain(ctx context.Context, statements ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range statements {
		if _, err := c.writer.ExecContext(ctx, s); err != nil {
			return vault.MapError(err)
		}
	}
	return nil
}
