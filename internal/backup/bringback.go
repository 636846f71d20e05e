package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Outcome is what bringing back did, in rows.
type Outcome struct {
	Before  string // the backup of the casebook as it was just before
	Back    int    // were missing or deleted and are there again
	Changed int    // have their earlier values again
	Binned  int    // were made since and lie in the recycle bin
	Stayed  int    // are as they were, because that protects somebody

	// The same as a coach counts it.
	ThingsBack, ThingsChanged, ThingsBinned Things
}

// Missing brings back what the casebook lacks or has deleted and the backup at from
// holds, whole rows and texts. Nothing else changes: what was edited since stays as it
// is now. Either all of it is done, after a backup of what is there, or nothing.
func Missing(ctx context.Context, c *casebook.Casebook, dir, from string, progress func(done, total int64)) (Outcome, error) {
	return bringBack(ctx, c, dir, from, false, progress)
}

// Day takes the casebook back to the backup at from: its values become new edits, so
// that they win on every computer, and what was made since goes to the recycle bin.
// What was there stands in the history. What protects somebody stays: locked notes,
// the narrower of two visibilities, releases and consents and screens and what they
// withdrew, what concerns safety, what was erased, and the list of the reports made.
func Day(ctx context.Context, c *casebook.Casebook, dir, from string, progress func(done, total int64)) (Outcome, error) {
	return bringBack(ctx, c, dir, from, true, progress)
}

func bringBack(ctx context.Context, c *casebook.Casebook, dir, from string, day bool, progress func(done, total int64)) (Outcome, error) {
	var out Outcome
	ours, err := c.Key().Opens(from)
	if err != nil {
		return out, err
	}
	if !ours {
		return out, fault.New(fault.Refused, text.T("backup.other", "This is a backup of another casebook."),
			text.T("backup.other_hint", "Restore it as a casebook of its own. Nothing was changed."))
	}
	if err := casebook.NotHeld(from); err != nil {
		return out, err
	}
	tmp := filepath.Join(filepath.Dir(c.Path()), tmpPrefix+rand.Text())
	defer removeAll(tmp)
	old, err := openCopy(ctx, from, tmp, c.Key())
	if err != nil {
		return out, err
	}
	made, err := Now(ctx, c, dir)
	if err == nil {
		err = merge(ctx, c, old, day, &out, progress)
	}
	if err == nil {
		err = bringContents(ctx, c.Whole(), c.Key(), from, c.Path())
	}
	out.Before = made.Path
	return out, errors.Join(err, old.Close())
}

// merge does the work in one transaction.
func merge(ctx context.Context, c, old *casebook.Casebook, day bool, out *Outcome, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	action := "restore.missing"
	if day {
		action = "restore.day"
	}
	return c.Write(ctx, action, func(tx *casebook.Tx) error {
		m := &merger{ctx: ctx, now: c.Whole(), old: old.Whole(), tx: tx, day: day, out: out, progress: progress, back: tally{}, changed: tally{}, binned: tally{}}
		err := m.run()
		out.ThingsBack, out.ThingsChanged, out.ThingsBinned = m.back.things(), m.changed.less(m.back), m.binned.less(m.back, m.changed)
		return err
	})
}
