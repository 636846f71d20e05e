package share

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// Merge brings what other copies of a casebook hold into it: live copies, backups,
// snapshots and change files, by the same rules as Sync. The copies are not changed.
// A copy that cannot be read ends the merge with a fault; those before it stay merged.
func Merge(ctx context.Context, cb *casebook.Casebook, secret vault.Secret, opts Options, from ...string) (Report, error) {
	e := loose(cb, opts)
	for _, path := range from {
		if err := e.mergeCopy(ctx, path, secret); err != nil {
			return e.report, words(err)
		}
	}
	if err := e.clocks(ctx); err != nil {
		return e.report, err
	}
	var err error
	e.report.Devices, err = Devices(ctx, cb)
	return e.report, err
}

// Reclaim brings in what the damaged casebook at aside still says, once a backup stands in
// its place: all of it, where only what it needs for itself is damaged, or nothing. It
// says whether it could. The file is not changed.
func Reclaim(ctx context.Context, cb *casebook.Casebook, secret vault.Secret, aside string) bool {
	_, err := Merge(ctx, cb, secret, Options{}, aside)
	return err == nil
}

func (e *engine) mergeCopy(ctx context.Context, path string, secret vault.Secret) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = container.ReadPreamble(f)
	f.Close()
	defer func() {
		if err == nil {
			err = attach.Of(e.cb).Bring(ctx, e.cb.Whole(), attach.Beside(path, e.keys)...)
		}
	}()
	if err == nil {
		return e.mergePath(ctx, path)
	}
	if !errors.Is(err, errNotShare) {
		return err
	}
	from, err := e.openCopy(ctx, path, secret)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	claims, _, err := known(ctx, from.Whole())
	if err != nil {
		return err
	}
	if all, err := e.hasAll(ctx, claims); err != nil || all {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(e.cb.Path()), ".merge-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, "copy")
	out, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = writeSnapshot(ctx, from, out)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	return e.mergePath(ctx, tmp)
}

// openCopy opens a copy of this casebook to read.
func (e *engine) openCopy(ctx context.Context, path string, secret vault.Secret) (*casebook.Casebook, error) {
	from, err := casebook.Open(ctx, path, secret, casebook.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	theirs, err := container.KeyID(from.Key())
	if err != nil {
		return nil, errors.Join(err, from.Close())
	}
	ours, err := container.KeyID(e.cb.Key())
	if err == nil && string(theirs) != string(ours) {
		err = errForeign
	}
	if err != nil {
		return nil, errors.Join(err, from.Close())
	}
	return from, nil
}

// hasAll says whether all that a copy covers is here.
func (e *engine) hasAll(ctx context.Context, claims vector) (bool, error) {
	mine, _, err := known(ctx, e.cb.Whole())
	if err != nil {
		return false, err
	}
	return nothingNew(mine, claims, func(dev ids.ID, hlc int64) (there bool, err error) {
		err = e.cb.Whole().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM action a JOIN device d ON d.n = a.dev WHERE a.hlc = ? AND d.uuid = ?)`, hlc, dev).Scan(&there)
		return there, err
	})
}

// mergePath merges one container, wherever it lies.
func (e *engine) mergePath(ctx context.Context, path string) (err error) {
	e.local.folder = filepath.Dir(path)
	f := &file{path: filepath.Base(path)}
	if e.keys, err = keysOf(ctx, e.cb); err != nil {
		return err
	}
	if err := e.learn(ctx, []file{*f}); err != nil {
		return err
	}
	if err := f.inspect(e.local.folder, e.keys); err != nil {
		return err
	}
	if err := e.copied(ctx, f.claims); err != nil {
		return err
	}
	f.alone = true
	_, err = e.mergeOnce(ctx, []*file{f})
	return err
}
