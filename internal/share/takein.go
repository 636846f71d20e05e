package share

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/casebook"
)

const (
	// largeMerge is how many rows a merge brings before a backup is made first.
	largeMerge = 1000
	// rowsAtOnce is about how many rows of small files are merged in one transaction: a
	// save that comes meanwhile waits for no more than that.
	rowsAtOnce = 2000
)

// mergeFiles takes in the sound ones, many small files in one transaction and every
// snapshot in one. A file that turns out not to be what it says is left out.
func (e *engine) mergeFiles(ctx context.Context, files []*file) error {
	var small []*file
	for _, f := range files {
		switch {
		case f.trouble != nil:
			if err := e.park(ctx, f); err != nil {
				return err
			}
		case f.kind != snapshot:
			small = append(small, f)
		default:
			if err := e.mergeSome(ctx, []*file{f}); err != nil {
				return err
			}
		}
	}
	if len(small) == 0 && !e.followed {
		if own, err := e.hasOwn(ctx); err != nil || !own {
			return err
		}
		_, err := e.mergeOnce(ctx, nil)
		return err
	}
	if err := e.backup(ctx, small); err != nil {
		return err
	}
	for len(small) > 0 {
		n, rows := 0, 0
		for n < len(small) && (n == 0 || rows+small[n].rows <= rowsAtOnce) {
			rows += small[n].rows
			n++
		}
		if err := e.mergeSome(ctx, small[:n]); err != nil {
			return err
		}
		small = small[n:]
	}
	return nil
}

// park remembers since when a file of ours waits.
func (e *engine) park(ctx context.Context, f *file) error {
	if notOurs(*f) || f.since != 0 {
		return nil
	}
	now := e.cb.Now().UnixMilli()
	return e.cb.Locally(ctx, func(tx *sql.Tx) error {
		return remember(func(q string, args ...any) (sql.Result, error) { return tx.ExecContext(ctx, q, args...) }, f, now)
	})
}

// hasOwn says whether anything was written here since the folder was told.
func (e *engine) hasOwn(ctx context.Context) (own bool, err error) {
	err = e.cb.Whole().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM share_out) OR EXISTS (SELECT 1 FROM history WHERE n > ? AND dev = ?)`, e.local.historyN, e.cb.DeviceNumber()).Scan(&own)
	return own, err
}

func (e *engine) mergeSome(ctx context.Context, files []*file) error {
	for len(files) > 0 {
		bad, err := e.mergeOnce(ctx, files)
		if bad == nil {
			return err
		}
		bad.trouble = err
		if err := e.park(ctx, bad); err != nil {
			return err
		}
		var rest []*file
		for _, f := range files {
			if f != bad {
				rest = append(rest, f)
			}
		}
		files = rest
	}
	return nil
}

// mergeOnce merges files in one transaction. It names the file whose contents are at fault.
func (e *engine) mergeOnce(ctx context.Context, files []*file) (bad *file, err error) {
	if err := e.backup(ctx, files); err != nil {
		return nil, err
	}
	var a *applier
	merged := 0
	err = e.cb.Merge(ctx, func(m *casebook.Merging) error {
		var err error
		if a, err = newApplier(ctx, m, e.mutant); err != nil {
			return err
		}
		mine, _, err := known(ctx, m)
		if err != nil {
			return err
		}
		if e.local.name != "" {
			if err := e.touchOwn(ctx, a); err != nil {
				return err
			}
		}
		for _, f := range files {
			had := a.new
			if err := e.takeIn(a, m, mine, f); err != nil {
				if isContents(err) {
					bad = f
				}
				return err
			}
			if a.new > had {
				merged++
			}
		}
		followed, err := changesOf(m, a.follow)
		if err != nil {
			return err
		}
		if err := a.brought(files); err != nil {
			return err
		}
		if a.new == 0 && followed == 0 {
			m.Quiet()
		}
		if e.mutant != deafClock {
			m.Saw(a.seen)
		}
		return nil
	})
	if err != nil {
		return bad, err
	}
	e.report.Merged += merged
	e.followed = true
	for _, r := range a.back {
		e.report.Notices = append(e.report.Notices, Notice{Kind: NoticeBack, Row: r})
	}
	return nil, nil
}

// changesOf counts the rows that f writes.
func changesOf(m *casebook.Merging, f func() error) (n int64, err error) {
	var before int64
	if err := m.QueryRow(`SELECT total_changes()`).Scan(&before); err != nil {
		return 0, err
	}
	if err := f(); err != nil {
		return 0, err
	}
	err = m.QueryRow(`SELECT total_changes() - ?`, before).Scan(&n)
	return n, err
}

// takeIn applies one file, unless all that it covers is here, and remembers that it was read.
func (e *engine) takeIn(a *applier, m *casebook.Merging, mine vector, f *file) error {
	if f.kind != seen {
		nothing, err := nothingNew(mine, f.claims, a.did)
		if err != nil {
			return err
		}
		if !nothing {
			if err := a.file(filepath.Join(e.local.folder, filepath.FromSlash(f.path)), e.keys); err != nil {
				return err
			}
		}
		if err := a.covers(f); err != nil {
			return err
		}
	}
	if err := a.heard(f, e.cb); err != nil || f.alone {
		return err
	}
	return remember(m.Exec, f, m.Now.UnixMilli())
}

// isContents says whether it is the file that is at fault, and not the disk or the casebook.
func isContents(err error) bool {
	return errors.Is(err, errContents) || errors.Is(err, errDamaged) || errors.Is(err, errIncomplete) || errors.Is(err, os.ErrNotExist)
}

// backup is made before very much that is new comes at once.
func (e *engine) backup(ctx context.Context, files []*file) error {
	if e.backed || e.opts.BeforeLarge == nil {
		return nil
	}
	mine, _, err := known(ctx, e.cb.Whole())
	if err != nil {
		return err
	}
	rows := 0
	for _, f := range files {
		if f.kind != seen && !(len(f.claims) > 0 && mine.covers(f.claims)) {
			rows += f.rows
		}
	}
	if rows < largeMerge {
		return nil
	}
	e.backed = true
	return e.opts.BeforeLarge(ctx, e.cb)
}

// ownChanges are the rows that were written here since a row of history. UNION alone would
// read all of history, in the order of an index.
const ownChanges = `SELECT tbl, id FROM share_out UNION ALL SELECT tbl, id FROM history WHERE n > ? AND dev = ?`

// touchOwn lets what was written here since the last turn follow the same rules.
func (e *engine) touchOwn(ctx context.Context, a *applier) error {
	keys, err := casebook.Collect(ctx, a.to, func(r *sql.Rows, k *cellKey) error { return r.Scan(&k.tbl, &k.id) },
		ownChanges, e.local.historyN, e.cb.DeviceNumber())
	if err != nil {
		return err
	}
	for _, k := range keys {
		t := a.schema.byNum[k.tbl]
		values, into := rowBuffer(len(t.cols))
		there, err := a.one(`SELECT `+t.names()+` FROM `+t.Table+` WHERE id = ?`, []any{k.id}, into...)
		if err != nil {
			return err
		}
		if there {
			a.touch(t, k.id)
			a.touchMade(t, values)
		}
	}
	return nil
}
