package casebook

import (
	"context"
	"time"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// latest is the last millisecond that a clock counts by the time of day; from there on
// a device that is wrong by thousands of years only counts its transactions.
const latest = int64(1) << 46

// MaxClock is more than any honest clock ever shows.
const MaxClock = (latest + latest/2) << 16

// Merging is the way rows of another replica into a casebook that holds some already.
// The triggers write no clocks and no history for them; whoever merges does.
type Merging struct {
	*Tx
	seen  int64
	quiet bool
}

// Quiet says that nothing was changed that anybody sees: no page loads again for it.
func (m *Merging) Quiet() { m.quiet = true }

// Saw tells the casebook of a clock that was read: what is written later is later.
func (m *Merging) Saw(hlc int64) { m.seen = max(m.seen, hlc) }

// Merge lets fill write rows that bring their own clocks, all of them or none. Rows may
// point to one another in any order; at the end each must find what it points to.
func (c *Casebook) Merge(ctx context.Context, fill func(*Merging) error) error {
	c.mu.Lock()
	err, quiet := c.ready(ctx), false
	if err == nil {
		quiet, err = c.merge(ctx, fill)
		err = vault.MapError(lockedWords(err))
	}
	if err == nil {
		c.lookAgain(ctx)
	}
	c.mu.Unlock()
	if err == nil && !quiet {
		c.Changes.Publish(events.Changed{Action: "casebook.merge"})
	}
	return err
}

func (c *Casebook) merge(ctx context.Context, fill func(*Merging) error) (quiet bool, err error) {
	stx, err := c.writer.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer stx.Rollback()
	m := &Merging{Tx: &Tx{Now: c.opts.Now(), Device: c.Device(), ctx: ctx, tx: stx, cb: c}, seen: c.hlc}
	if _, err := m.Exec(`SELECT couplet_stamp(?, 0, ?)`, modeOwnClocks, c.DeviceNumber()); err != nil {
		return false, err
	}
	if err := fill(m); err != nil {
		return false, err
	}
	if m.seen > MaxClock {
		return false, fault.New(fault.BadInput, text.T("casebook.absurd_clock", "A clock in this file is not one."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	if _, err := m.Exec(`INSERT INTO brought VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET hlc = max(hlc, excluded.hlc)`, m.seen); err != nil {
		return false, err
	}
	if err := search.Flush(ctx, stx); err != nil {
		return false, err
	}
	if err := stx.Commit(); err != nil {
		return false, err
	}
	c.hlc = m.seen
	return m.quiet, c.keepWays(ctx)
}

// ClockTime is the time of day that a clock shows. It is for telling people that a
// computer's clock is off, never a date of anything.
func ClockTime(hlc int64) time.Time { return time.UnixMilli(hlc >> 16) }

// CreateReplica makes a casebook under an unlocked key, with the same ways to open it
// and nothing in it, for a join that fills it. It takes the key over.
func CreateReplica(ctx context.Context, path string, key *vault.Key, opts Options) (*Casebook, error) {
	lk, err := hold(path)
	if err != nil {
		key.Wipe()
		return nil, err
	}
	if err := key.NewFile(path); err != nil {
		key.Wipe()
		release(lk)
		return nil, err
	}
	return open(ctx, path, key, lk, opts)
}
