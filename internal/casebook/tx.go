package casebook

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// Querier reads: a Casebook's Reader, or a Tx that sees its own writes.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is one stamped write transaction. Everything in it carries the same time,
// coach and device.
type Tx struct {
	Now    time.Time
	Coach  ids.ID
	Device ids.ID
	ctx    context.Context
	tx     *sql.Tx
	cb     *Casebook
	views  bool // it reads what the account may see, like the pages
}

// Exec runs a statement that writes.
func (t *Tx) Exec(query string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(t.ctx, t.behind(query), args...)
}

// Prepare readies a statement for many runs; it ends with the transaction.
func (t *Tx) Prepare(query string) (*sql.Stmt, error) {
	return t.tx.PrepareContext(t.ctx, t.behind(query))
}

// target is the table that a statement writes into.
var target = regexp.MustCompile(`(?i)^(\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+)(\w+\b)([^.]|$)`)

// behind names the table that a statement writes into, not the view that stands before it.
func (t *Tx) behind(query string) string {
	if !t.views {
		return query
	}
	return behind(query)
}

func behind(query string) string { return target.ReplaceAllString(query, "${1}main.${2}${3}") }

// QueryRow reads one row, seeing what the transaction wrote.
func (t *Tx) QueryRow(query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(t.ctx, query, args...)
}

// Query reads rows, seeing what the transaction wrote.
func (t *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, query, args...)
}

// QueryContext makes Tx a Querier.
func (t *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRowContext makes Tx a Querier.
func (t *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, query, args...)
}

// Context is the context of the write.
func (t *Tx) Context() context.Context { return t.ctx }

// SetSetting writes one setting of the workspace.
func (t *Tx) SetSetting(name, value string) error {
	_, err := t.Exec(`INSERT INTO setting (id, name, value, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted = 0`,
		settingID(name), name, value, t.Now.UnixMilli())
	return err
}

// settingID is the same on every computer, so that two that set one name agree on the row.
func settingID(name string) ids.ID {
	return ids.ID(uuid.NewSHA1(uuid.NameSpaceOID, []byte("couplet setting "+name)))
}

// Setting is one setting of the workspace, "" if it was never set.
func (c *Casebook) Setting(ctx context.Context, name string) (string, error) {
	var v string
	err := c.reader.QueryRowContext(ctx, `SELECT value FROM setting WHERE id = ? AND deleted = 0`, settingID(name)).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, vault.MapError(err)
}

// Reader is the read-only pool. It sees the last commit.
func (c *Casebook) Reader() Querier {
	if r := c.recorder.Load(); r != nil {
		return r
	}
	return c.reader
}

// Write runs fn in one stamped transaction: all of it is in the file, synced, when
// Write returns nil, and none of it otherwise. The action ("note.save") names it in
// the history. Writes stand in line.
func (c *Casebook) Write(ctx context.Context, action string, fn func(*Tx) error) error {
	c.mu.Lock()
	err := c.ready(ctx)
	if err == nil {
		err = vault.MapError(lockedWords(c.stamped(ctx, action, fn)))
	}
	if err == nil {
		c.lookAgain(ctx)
	}
	c.mu.Unlock()
	if err == nil {
		c.Changes.Publish(events.Changed{Action: action})
	}
	return err
}

// ready is what comes before a write; c.mu is held.
func (c *Casebook) ready(ctx context.Context) error {
	if c.writer == nil {
		return closed()
	}
	if c.shut {
		return shutOut()
	}
	if err := c.eachHour(ctx); err != nil {
		return err
	}
	return c.settleOnce(ctx)
}

// settleOnce settles before the first write; c.mu is held.
func (c *Casebook) settleOnce(ctx context.Context) error {
	if c.settled || c.opts.ReadOnly {
		return nil
	}
	err := vault.MapError(c.settle(ctx))
	c.settled = err == nil
	return err
}

// eachHour calls Hourly when it is due. A clock that was set back makes it due.
func (c *Casebook) eachHour(ctx context.Context) error {
	now := c.opts.Now()
	if since := now.Sub(c.hourly); c.opts.Hourly == nil || (since >= 0 && since < time.Hour) {
		return nil
	}
	if err := c.opts.Hourly(ctx, c); err != nil {
		return err
	}
	c.hourly = now
	return nil
}

func closed() error {
	return fault.New(fault.Refused, text.T("casebook.closed", "The casebook is locked."), text.T("casebook.closed_hint", "Unlock it and try again. Your text is kept."))
}

// pen is what writes for the coach signed in. Who may not see everything has one of their
// own, so that what a write looks up first is only what they may see.
func (c *Casebook) pen() (db *sql.DB, views bool) {
	if c.eyes.Load() == nil {
		return c.writer, false
	}
	return c.guarded, true
}

func (c *Casebook) stamped(ctx context.Context, action string, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// What has begun goes to its end: one watcher less beside every statement, too.
	ctx = context.WithoutCancel(ctx)
	writer, views := c.pen()
	stx, err := writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer stx.Rollback()
	now := c.opts.Now()
	hlc := max(c.hlc+1, min(now.UnixMilli(), latest)<<16)
	mode := modeStamped
	if c.shared {
		mode = modeShared
	}
	if _, err := stx.ExecContext(ctx, `INSERT INTO main.action (hlc, dev, coach_id, name) VALUES (couplet_stamp(?1, ?2, ?3), ?3, ?4, ?5)`, mode, hlc, c.DeviceNumber(), c.coach, action); err != nil {
		return err
	}
	tx := &Tx{Now: now, Coach: c.coach, Device: c.Device(), ctx: ctx, tx: stx, cb: c, views: views}
	if err := fn(tx); err != nil {
		return err
	}
	if err := search.Flush(ctx, stx); err != nil {
		return err
	}
	if err := stx.Commit(); err != nil {
		return err
	}
	c.hlc = hlc
	return nil
}

// Local writes what belongs to this computer alone (drafts): no stamp, no history,
// never shared. The tables of the domain refuse it.
func (c *Casebook) Local(ctx context.Context, query string, args ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writer == nil {
		return closed()
	}
	writer, views := c.pen()
	if views {
		query = behind(query)
	}
	_, err := writer.ExecContext(ctx, query, args...)
	return vault.MapError(lockedWords(err))
}

// lockedWords turns the database's own refusals into sentences.
func lockedWords(err error) error {
	if err == nil {
		return nil
	}
	switch s := err.Error(); {
	case strings.Contains(s, "couplet: this record is closed to you"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.closed_record", "This record is closed to you."), text.T("fault.nothing_saved", "Nothing was changed."))
	case strings.Contains(s, "couplet: this record is not yours to give"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.not_to_give", "This record was lent to you, so who else sees it is not yours to say."), text.T("fault.nothing_saved", "Nothing was changed."))
	case strings.Contains(s, "couplet: this account only reads"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.only_reads", "You can read this, and change nothing."), text.T("casebook.only_reads_hint", "Ask a coach of the record or the owner of the casebook. Nothing was changed."))
	case strings.Contains(s, "couplet: not yours to change"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.owner_only", "Only the owner of the casebook can do this."), text.T("fault.nothing_saved", "Nothing was changed."))
	case strings.Contains(s, "couplet: note is locked"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.note_locked", "This note is locked."), text.T("casebook.note_locked_hint", "Write an addendum instead. The note is unchanged."))
	case strings.Contains(s, "couplet: administration is locked"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.quiz_locked", "These answers are locked."), text.T("casebook.quiz_locked_hint", "Enter a correction, which keeps the first answers. Nothing was changed."))
	case strings.Contains(s, "couplet: restricted"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.restricted", "This person asked that nothing new is done with their data."), text.T("casebook.restricted_hint", "Lift the restriction first, under their rights. Nothing was changed."))
	case strings.Contains(s, "couplet: erased"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.erased", "This was erased because a client asked for it, and stays so."), text.T("casebook.erased_hint", "Write it somewhere else if it is not about them. Nothing was changed."))
	case strings.Contains(s, "couplet: sealed to its coach"):
		return fault.Wrap(fault.Refused, err, text.T("casebook.sealed", "A reflection stays with the coach who wrote it."), text.T("casebook.sealed_hint", "Copy what others may read into a field for them. Nothing was changed."))
	}
	return err
}
