package share

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// Merge brings what other copies of a casebook hold into it: live copies, backups,
// snapshots and change files, by the same rules as Sync. The copies are not changed.
// A copy that cannot be read ends the merge with a fault; those before it stay merged.
func Merge(ctx context.Context, cb *casebook.Casebook, secret vault.Secret, opts Options, from ...string) (Report, error) {
	e := &engine{cb: cb, opts: opts, step: func(string) error { return nil }}
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

func (e *engine) mergeCopy(ctx context.Context, path string, secret vault.Secret) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = readPreamble(f)
	f.Close()
	if err == nil {
		return e.mergePath(ctx, path)
	}
	if !errors.Is(err, errNotShare) {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(e.cb.Path()), ".merge-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, "copy")
	if err := e.snapshotOf(ctx, path, secret, tmp); err != nil {
		return err
	}
	return e.mergePath(ctx, tmp)
}

// snapshotOf writes the state of the casebook at path to tmp, sealed.
func (e *engine) snapshotOf(ctx context.Context, path string, secret vault.Secret, tmp string) (err error) {
	from, err := casebook.Open(ctx, path, secret, casebook.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if string(keyID(from.Key())) != string(keyID(e.cb.Key())) {
		return errForeign
	}
	out, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = writeSnapshot(ctx, from, out)
	return errors.Join(err, out.Close())
}

// mergePath merges one container, wherever it lies.
func (e *engine) mergePath(ctx context.Context, path string) error {
	e.local.folder = filepath.Dir(path)
	f := &file{path: filepath.Base(path)}
	if err := f.inspect(e.local.folder, e.cb.Key()); err != nil {
		return err
	}
	if err := e.copied(ctx, f.claims); err != nil {
		return err
	}
	f.alone = true
	_, err := e.mergeOnce(ctx, []*file{f})
	return err
}
