package share

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// MoveOut takes the casebook at path, with which somebody worked in a folder that a file
// service keeps in step, out of it to a place of its own, merges the copies of it that
// the service has made there, and shares it through that folder. What it takes away from
// the folder lies in the Backups of the options before it is gone there. Progress may be nil.
func MoveOut(ctx context.Context, path, to string, secret vault.Secret, options func(*casebook.Casebook) (Options, error), cbOpts casebook.Options, progress func(done, total int64)) (err error) {
	folder := filepath.Dir(path)
	if inFolder(to, folder) {
		return fault.New(fault.Refused, text.T("share.join_inside", "Your own casebook must not lie in the shared folder."),
			text.T("share.join_inside_hint", "Choose another place for it. Nothing was changed."))
	}
	live, err := casebook.Open(ctx, path, secret, cbOpts)
	if err != nil {
		return err
	}
	if err := live.Close(); err != nil { // the file alone holds everything
		return err
	}
	copies, err := list(folder)
	if err != nil {
		return err
	}
	done, total := int64(0), int64(0)
	for i := range copies {
		total += copies[i].size
	}
	step := func(n int64) {
		if done += n; progress != nil {
			progress(min(done, total), total)
		}
	}
	if err := durable.Copy(path, to); err != nil {
		return err
	}
	if err := attach.Copy(ctx, path, to); err != nil {
		return err
	}
	cb, err := casebook.Open(ctx, to, secret, cbOpts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cb.Close()) }()
	opts, err := options(cb)
	if err != nil {
		return err
	}
	e := loose(cb, opts)
	var away []*file
	for i := range copies {
		if err := ctx.Err(); err != nil {
			return err
		}
		f := &copies[i]
		at := filepath.Join(folder, filepath.FromSlash(f.path))
		if is, err := cb.Key().Opens(at); err == nil && is && e.mergeCopy(ctx, at, secret) == nil {
			away = append(away, f) // what is none of this casebook, or cannot be read, stays
		}
		step(f.size)
	}
	e.local.folder = folder
	for _, f := range away {
		if err := f.sum(filepath.Join(folder, filepath.FromSlash(f.path))); err != nil {
			return err
		}
		if err := e.putAway(f); err != nil {
			return err
		}
	}
	if err := Share(ctx, cb, folder, opts); err != nil {
		return err
	}
	return e.leftBehind(ctx, path)
}

// leftBehind removes the contents that lay beside a casebook which was moved out: they are
// in its new place.
func (e *engine) leftBehind(ctx context.Context, path string) error {
	if err := e.load(ctx); err != nil || attach.Folder(path) == e.folderContents().Dir {
		return err
	}
	return attach.Clear(path)
}
