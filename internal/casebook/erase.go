package casebook

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/search"
)

// Erasing runs fn as the one writer that leaves no trace of what stood there: neither
// history nor clocks, and what is locked lets it through. It is for what records of
// erasure say, which the same transaction wrote before.
func (t *Tx) Erasing(fn func() error) error {
	if err := search.Flush(t.ctx, t.tx); err != nil { // another stamp begins with an empty list
		return err
	}
	var mode, hlc, dev int64
	if err := t.QueryRow(`SELECT couplet_mode(), couplet_hlc(), couplet_dev()`).Scan(&mode, &hlc, &dev); err != nil {
		return err
	}
	if _, err := t.Exec(`SELECT couplet_stamp(?, ?, ?)`, modeErasing, hlc, dev); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	if err := search.Flush(t.ctx, t.tx); err != nil {
		return err
	}
	_, err := t.Exec(`SELECT couplet_stamp(?, ?, ?)`, mode, hlc, dev)
	return err
}

// EraseDue is what is still to be done on this computer after something was erased.
func (c *Casebook) EraseDue(ctx context.Context) ([]string, error) {
	return Collect(ctx, c.engine, Value[string], `SELECT what FROM erase_due ORDER BY what`)
}

// EraseDone notes that one of them is done.
func (c *Casebook) EraseDone(ctx context.Context, what string) error {
	return c.Local(ctx, `DELETE FROM erase_due WHERE what = ?`, what)
}

// DuePages is the part of EraseDue that Scrub does.
const DuePages = "pages"

// Scrub writes every page of the file anew, so that nothing of what was erased remains in
// free pages, between rows, in the index or in the log. Saves wait for it. It needs room
// on the disk for the file twice more; when it fails nothing is lost, and it stays due.
func (c *Casebook) Scrub(ctx context.Context) error {
	if err := c.Optimize(ctx); err != nil {
		return err
	}
	c.mu.Lock()
	err := c.scrub(ctx)
	c.mu.Unlock()
	if err != nil {
		return vault.MapError(err)
	}
	return c.EraseDone(ctx, DuePages)
}

func (c *Casebook) scrub(ctx context.Context) error {
	if c.writer == nil {
		return closed()
	}
	// A name of its own, so that what a crash left behind goes at the next try.
	dir := filepath.Join(filepath.Dir(c.path), ".erase-"+filepath.Base(c.path))
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, "copy")
	if err := c.Copy(ctx, tmp); err != nil {
		return err
	}
	from, err := sql.Open(vault.Driver, c.key.DSN(tmp, true))
	if err != nil {
		return err
	}
	defer from.Close()
	return vault.Overwrite(ctx, c.writer, from)
}
