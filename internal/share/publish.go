package share

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/durable"
)

const (
	snapshotSuffix = ".couplet"
	changeSuffix   = ".chg"
	seqDigits      = 12

	// tooMany pending rows are told by a snapshot: a change file is for a little.
	tooMany = 20_000
	// A snapshot is made anew when the small files have grown to this part of it, beyond
	// what is not worth the writing.
	growth     = 8
	smallFiles = 16 << 10
	// manyFiles are as much as every computer should have to look through at every turn.
	manyFiles = 1000
)

// publish tells the folder what is new here. What the folder no longer covers, because
// somebody deleted or damaged files, it is told again. It says whether it wrote anything.
func (e *engine) publish(ctx context.Context, files []file) (bool, error) {
	have := coverage(files)
	var x *extract
	var p pending
	var records []*record
	var sealedChanges bytes.Buffer
	whole, nothing, later, begun := e.local.heal || e.mayHoldErased(files), false, false, true
	err := e.cb.Snapshot(ctx, func(q casebook.Querier) error {
		var err error
		if x, err = newExtract(ctx, e.cb, q); err != nil {
			return err
		}
		if p, err = x.pending(e.local.told, e.local.historyN); err != nil {
			return err
		}
		mine := x.about.claims
		with := vector{}
		with.join(have)
		with.add(e.cb.Device(), p.span)
		nothing = have.covers(mine) && !whole
		if !nothing {
			if begun, err = e.begun(ctx, q); err != nil || !begun {
				return err
			}
		}
		whole = whole || p.rows > tooMany || !with.covers(mine) || !e.hasSnapshot(files) || e.grown(files) || e.alone(files)
		if e.quiet && !whole && !nothing {
			if later, err = x.onlyWriting(e.local.told); err != nil {
				return err
			}
		}
		if whole || nothing || later {
			return nil
		}
		if records, err = x.since(p, e.local.historyN); err != nil {
			return err
		}
		return writeChanges(e.seals(), x, p, records, &sealedChanges)
	})
	switch {
	case err != nil:
		return false, err
	case !begun: // nothing is written under a key that somebody has who was left out
		if err := e.begin(ctx); err != nil {
			return false, err
		}
		if err := e.step("begun"); err != nil {
			return false, err
		}
		return true, e.publishSnapshot(ctx, files)
	case later:
		return false, nil
	case whole:
		return true, e.publishSnapshot(ctx, files)
	case nothing:
		return false, e.allTold(ctx, p)
	}
	return true, e.publishChanges(ctx, p, sealedChanges.Bytes())
}

func (e *engine) hasSnapshot(files []file) bool {
	for i := range files {
		if files[i].kind == snapshot && files[i].trouble == nil && !files[i].old {
			return true
		}
	}
	return false
}

// alone says whether a merged copy of the snapshot under another name holds what no
// other file of the folder does: once the snapshot does, the copy can be moved.
func (e *engine) alone(files []file) bool {
	for i := range files {
		if f := &files[i]; e.isCopy(f) && !others(files, i).covers(f.claims) {
			return true
		}
	}
	return false
}

// isCopy says whether a file is a snapshot that was merged and may go to the backups.
func (e *engine) isCopy(f *file) bool {
	return f.trouble == nil && f.kind == snapshot && f.path != e.local.name+snapshotSuffix && e.opts.Backups != ""
}

// others is what the sound files but the i-th cover together.
func others(files []file, i int) vector {
	return coverage(append(append([]file{}, files[:i]...), files[i+1:]...))
}

// grown says whether the small files that no snapshot covers have become much beside it.
func (e *engine) grown(files []file) bool {
	var small, whole int64
	n := 0
	covered := vector{}
	for i := range files {
		if f := &files[i]; f.trouble == nil && f.kind == snapshot && !f.old {
			whole = max(whole, f.size)
			covered.join(f.claims)
		}
	}
	for i := range files {
		if f := &files[i]; f.trouble == nil && f.kind == changes && !f.old && !covered.covers(f.claims) {
			small += f.size
			n++
		}
	}
	return n > manyFiles || small > smallFiles+whole/growth
}

// publishChanges writes one small file. Its number is taken first, and the change counts
// as told last: whatever stops this in between, nothing is overwritten and nothing left out.
func (e *engine) publishChanges(ctx context.Context, p pending, sealed []byte) error {
	f, err := e.placeChanges(ctx, sealed)
	if err != nil {
		return err
	}
	f.claims.add(e.cb.Device(), p.span)
	if err := e.step("written"); err != nil {
		return err
	}
	e.report.Published++
	return e.wrote(ctx, f, p)
}

// placeChanges writes one small file under a number that was never used before.
func (e *engine) placeChanges(ctx context.Context, sealed []byte) (*file, error) {
	seq := e.local.seq + 1
	if err := e.exec(ctx, `UPDATE share_local SET seq = ?`, seq); err != nil {
		return nil, err
	}
	e.local.seq = seq
	if err := e.step("numbered"); err != nil {
		return nil, err
	}
	dir := filepath.Join(e.local.folder, e.local.name+changesSuffix)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%0*d%s", e.cb.Device(), seqDigits, seq, changeSuffix)
	if err := durable.WriteNew(filepath.Join(dir, name), sealed, 0o600); err != nil {
		return nil, err
	}
	f := &file{path: e.local.name + changesSuffix + "/" + name, kind: changes, claims: vector{}, epoch: e.keys.Newest()}
	return f, f.look(filepath.Join(dir, name))
}

// allTold notes that the folder covers everything here, so that the next turn need not
// look through what was merged, or told just before a crash.
func (e *engine) allTold(ctx context.Context, p pending) error {
	if p.upto == e.local.told && p.historyN == e.local.historyN && p.outN == 0 {
		return nil
	}
	if err := e.cb.Locally(ctx, func(tx *sql.Tx) error { return told(ctx, tx, p) }); err != nil {
		return err
	}
	return e.load(ctx)
}

func told(ctx context.Context, tx *sql.Tx, p pending) error {
	if _, err := tx.ExecContext(ctx, `UPDATE share_local SET told = max(told, ?), history_n = max(history_n, ?)`, p.upto, p.historyN); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM share_out WHERE n <= ?`, p.outN)
	return err
}

// wrote notes that the folder was told.
func (e *engine) wrote(ctx context.Context, f *file, p pending) error {
	if e.mutant == markTooMuch {
		p.outN++
		p.historyN++
	}
	now := e.cb.Now().UnixMilli()
	err := e.cb.Locally(ctx, func(tx *sql.Tx) error {
		if err := told(ctx, tx, p); err != nil {
			return err
		}
		if f.kind == snapshot {
			if _, err := tx.ExecContext(ctx, `UPDATE share_local SET heal = 0`); err != nil {
				return err
			}
		}
		return remember(func(q string, args ...any) (sql.Result, error) { return tx.ExecContext(ctx, q, args...) }, f, now)
	})
	if err != nil {
		return err
	}
	return e.load(ctx)
}

func (e *engine) exec(ctx context.Context, query string, args ...any) error {
	return e.cb.Locally(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// publishSnapshot writes the whole state. It takes the place of the snapshot that was
// there only if all of that one was merged; else it lies beside it.
func (e *engine) publishSnapshot(ctx context.Context, files []file) error {
	name := e.snapshotName(files)
	path := filepath.Join(e.local.folder, name)
	if err := os.MkdirAll(filepath.Join(e.local.folder, e.local.name+changesSuffix), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(e.local.folder, ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	f := file{path: name, kind: snapshot, epoch: e.keys.Newest()}
	var p pending
	err = e.cb.Snapshot(ctx, func(q casebook.Querier) error {
		x, err := newExtract(ctx, e.cb, q)
		if err != nil {
			return err
		}
		f.claims = x.about.claims
		if p, err = x.pending(e.local.told, e.local.historyN); err != nil {
			return err
		}
		ring, err := e.ring(ctx, q)
		if err != nil {
			return err
		}
		return sealedWith(tmp, e.keys, snapshot, ring, x.everything)
	})
	if err == nil {
		err = tmp.Chmod(0o600)
	}
	if err == nil || errors.Is(err, errors.ErrUnsupported) {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := e.step("snapshot"); err != nil {
		return err
	}
	// Before it has its name: then a file service may put another one in its place.
	if err := f.look(tmp.Name()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	if err := durable.SyncDir(e.local.folder); err != nil {
		return err
	}
	if err := e.step("replaced"); err != nil {
		return err
	}
	e.report.Published++
	if err := e.isClean(ctx, name); err != nil {
		return err
	}
	return e.wrote(ctx, &f, p)
}

// snapshotName is the name under which the snapshot may be written: its own, unless
// something lies there that was not read to its end, or has changed since.
func (e *engine) snapshotName(files []file) string {
	name := e.local.name + snapshotSuffix
	info, err := os.Stat(filepath.Join(e.local.folder, name))
	if errors.Is(err, os.ErrNotExist) {
		return name
	}
	for i := range files {
		f := &files[i]
		if err == nil && f.path == name && f.trouble == nil && f.size == info.Size() && f.mtime == info.ModTime().UnixNano() {
			return name
		}
	}
	return fmt.Sprintf("%s (%s)%s", e.local.name, e.cb.Device().String()[24:], snapshotSuffix)
}

// putAway moves a merged copy to the backups: first it is there, then it is gone here.
func (e *engine) putAway(f *file) error {
	from := filepath.Join(e.local.folder, filepath.FromSlash(f.path))
	if err := os.MkdirAll(e.opts.Backups, 0o700); err != nil {
		return err
	}
	to := filepath.Join(e.opts.Backups, fmt.Sprintf("merged-%x%s", f.hash[:6], snapshotSuffix))
	switch err := durable.Copy(from, to); {
	case errors.Is(err, os.ErrNotExist): // somebody else was faster
		return nil
	case err != nil && !errors.Is(err, os.ErrExist):
		return err
	}
	if err := os.Remove(from); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	e.report.Notices = append(e.report.Notices, Notice{Kind: NoticeMoved, Name: f.path})
	return nil
}
