package share

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// largeMerge is how many rows a merge brings before a backup is made first.
const largeMerge = 1000

// engine is one turn of sharing.
type engine struct {
	cb       *casebook.Casebook
	opts     Options
	local    local
	report   Report
	backed   bool
	followed bool // what follows from own changes was found
	mutant   mutant
	step     func(string) error // tests stop between two steps
}

// local is what the casebook remembers of its folder.
type local struct {
	folder, name        string
	seq, told, historyN int64
	heal                bool
}

func newEngine(ctx context.Context, cb *casebook.Casebook, opts Options) (*engine, error) {
	e := &engine{cb: cb, opts: opts, step: func(string) error { return nil }}
	return e, e.load(ctx)
}

func (e *engine) load(ctx context.Context) error {
	l := &e.local
	err := e.cb.Reader().QueryRowContext(ctx, `SELECT folder, name, seq, told, history_n, heal FROM share_local`).Scan(&l.folder, &l.name, &l.seq, &l.told, &l.historyN, &l.heal)
	if errors.Is(err, sql.ErrNoRows) {
		return notShared()
	}
	return err
}

// turn reads all, merges, tells the folder what is new here, and reads again what came
// meanwhile.
func (e *engine) turn(ctx context.Context) error {
	files, err := e.read(ctx)
	if err != nil {
		return err
	}
	told, err := e.publish(ctx, files)
	if err != nil {
		return err
	}
	if told {
		if files, err = e.read(ctx); err != nil {
			return err
		}
	}
	return e.tidy(ctx, files)
}

// read looks at every file and merges what is new.
func (e *engine) read(ctx context.Context) ([]file, error) {
	files, err := list(e.local.folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.Wrap(fault.System, err, text.T("share.folder_gone", "The shared folder is not there."),
			text.T("share.folder_gone_hint", "Connect the disk or start the file service, then try again. If the folder was deleted or moved, share the casebook through a folder again. Nothing was lost."))
	}
	if err != nil {
		return nil, err
	}
	if err := e.forked(ctx, files); err != nil {
		return nil, err
	}
	if err := recall(ctx, e.cb.Reader(), files); err != nil {
		return nil, err
	}
	for i := range files {
		if f := &files[i]; !f.read {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			f.trouble = f.inspect(e.local.folder, e.cb.Key())
		}
	}
	files = slices.DeleteFunc(files, notOurs)
	if err := e.copied(ctx, coverage(files)); err != nil {
		return nil, err
	}
	var fresh []*file
	for i := range files {
		if !files[i].read {
			fresh = append(fresh, &files[i])
		}
	}
	if err := e.mergeFiles(ctx, fresh); err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, notOurs)
	e.waiting(files)
	return files, nil
}

// notOurs are files of others, and those that somebody took away while we looked.
func notOurs(f file) bool {
	return errors.Is(f.trouble, errNotShare) || errors.Is(f.trouble, os.ErrNotExist)
}

// settle sees by the file itself that it is a copy, before it tells anybody anything.
func (e *engine) settle(ctx context.Context) error {
	was := e.cb.Device()
	if err := e.cb.Settle(ctx); err != nil || e.cb.Device() == was {
		return err
	}
	e.notice(NoticeNewDevice, "")
	return e.load(ctx)
}

// forked sees that somebody with our name was here after us: this file is a copy, or
// was put back. It gets a name of its own.
func (e *engine) forked(ctx context.Context, files []file) error {
	for _, f := range files {
		if ownNumber(f.path, e.cb.Device()) > e.local.seq {
			return e.rename(ctx)
		}
	}
	return nil
}

// copied sees the same by what files claim of us.
func (e *engine) copied(ctx context.Context, claims vector) error {
	mine, _, err := known(ctx, e.cb.Reader())
	if err != nil {
		return err
	}
	own := e.cb.Device()
	if (vector{own: mine[own]}).covers(vector{own: claims[own]}) {
		return nil
	}
	return e.rename(ctx)
}

func (e *engine) rename(ctx context.Context) error {
	if err := e.cb.NewDevice(ctx); err != nil {
		return err
	}
	e.notice(NoticeNewDevice, "")
	if err := e.load(ctx); !fault.Is(err, fault.Refused) {
		return err
	}
	return nil // not shared: a merge by hand
}

// mergeFiles takes in the sound ones, all small files in one transaction and every
// snapshot in one. A file that turns out not to be what it says is left out.
func (e *engine) mergeFiles(ctx context.Context, files []*file) error {
	var small []*file
	for _, f := range files {
		switch {
		case f.trouble != nil:
			if err := e.park(ctx, f); err != nil {
				return err
			}
		case f.kind == changes:
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
	return e.mergeSome(ctx, small)
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
	err = e.cb.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM share_out) OR EXISTS (SELECT 1 FROM history WHERE n > ? AND dev = ?)`, e.local.historyN, e.cb.DeviceNumber()).Scan(&own)
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
	rows := 0
	for _, f := range files {
		rows += f.rows
	}
	if err := e.backup(ctx, rows); err != nil {
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
			nothing, err := a.nothingNew(mine, f.claims)
			if err != nil {
				return err
			}
			if !nothing {
				if err := a.file(filepath.Join(e.local.folder, filepath.FromSlash(f.path)), e.cb); err != nil {
					if isContents(err) {
						bad = f
					}
					return err
				}
			}
			if a.new > had {
				merged++
			}
			if err := a.heard(f, e.cb); err != nil {
				return err
			}
			if f.alone {
				continue
			}
			if err := remember(m.Exec, f, m.Now.UnixMilli()); err != nil {
				return err
			}
		}
		if err := a.follow(); err != nil {
			return err
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

func isContents(err error) bool {
	return errors.Is(err, errContents) || errors.Is(err, errDamaged) || errors.Is(err, errIncomplete) || errors.Is(err, os.ErrNotExist)
}

// backup is made before very much changes at once.
func (e *engine) backup(ctx context.Context, rows int) error {
	if rows < largeMerge || e.backed || e.opts.BeforeLarge == nil {
		return nil
	}
	e.backed = true
	return e.opts.BeforeLarge(ctx, e.cb)
}

// touchOwn lets what was written here since the last turn follow the same rules.
func (e *engine) touchOwn(ctx context.Context, a *applier) error {
	keys, err := collect(ctx, a.to, func(r *sql.Rows, k *cellKey) error { return r.Scan(&k.tbl, &k.id) },
		`SELECT tbl, id FROM share_out UNION SELECT tbl, id FROM history WHERE n > ? AND dev = ?`, e.local.historyN, e.cb.DeviceNumber())
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

// nothingNew says whether all that a file covers is here already. A device that was
// copied without anybody noticing claims what it has not: its last action must be here, too.
func (a *applier) nothingNew(mine, claims vector) (bool, error) {
	if len(claims) == 0 || !mine.covers(claims) {
		return false, nil
	}
	for dev, spans := range claims {
		for _, s := range spans {
			there, err := a.one(`SELECT 1 FROM action WHERE hlc = ? AND dev = ?`, []any{s.upto, a.devs[dev]}, new(int))
			if err != nil || !there {
				return false, err
			}
		}
	}
	return true, nil
}

// file takes in all records of the container at path.
func (a *applier) file(path string, cb *casebook.Casebook) error {
	c, err := openContents(path, cb.Key())
	if err != nil {
		return err
	}
	defer c.close()
	return a.all(c)
}

func (a *applier) all(c *contents) error {
	for r := (record{}); ; {
		if err := c.record(c.about, &r); err != nil {
			return err
		}
		if r.what == recEnd {
			return nil
		}
		if err := a.apply(&r); err != nil {
			return fmt.Errorf("record: %w", err)
		}
	}
}

// heard notes what a file covers and that its writer was heard of.
func (a *applier) heard(f *file, cb *casebook.Casebook) error {
	for dev, spans := range f.claims {
		n, err := a.device(dev)
		if err != nil {
			return err
		}
		if err := a.see(n, spans); err != nil {
			return err
		}
	}
	for dev, name := range f.about.names {
		n, err := a.device(dev)
		if err != nil {
			return err
		}
		if name != "" && dev != cb.Device() {
			if err := a.exec(`UPDATE device SET name = ? WHERE n = ? AND name <> ? AND (name = '' OR ?)`, name, n, name, dev == f.about.writer); err != nil {
				return err
			}
		}
	}
	n, err := a.device(f.about.writer)
	if err != nil || f.about.writer == cb.Device() {
		return err
	}
	return a.exec(`UPDATE device SET last_seen = ?1, heard = ?2 WHERE n = ?3 AND last_seen < ?1`, f.about.at, cb.Now().UnixMilli(), n)
}

// see joins stretches of a device's clock to those that are here.
func (a *applier) see(dev int64, spans []span) error {
	rows, err := a.to.QueryContext(a.ctx, `SELECT after, upto FROM share_seen WHERE dev = ?`, dev)
	if err != nil {
		return err
	}
	defer rows.Close()
	v, id := vector{}, ids.Nil
	for rows.Next() {
		var s span
		if err := rows.Scan(&s.after, &s.upto); err != nil {
			return err
		}
		v.add(id, s)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, s := range spans {
		v.add(id, s)
	}
	if err := a.exec(`DELETE FROM share_seen WHERE dev = ?`, dev); err != nil {
		return err
	}
	for _, s := range v[id] {
		if err := a.exec(`INSERT INTO share_seen (dev, after, upto) VALUES (?, ?, ?)`, dev, s.after, s.upto); err != nil {
			return err
		}
	}
	return nil
}
