package share

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Join makes a casebook at to, which must not exist, of what a folder or a snapshot
// holds, and shares it through that folder. The passphrase is the one of the others.
// Progress may be nil; it counts bytes of the snapshot.
func Join(ctx context.Context, from, to string, secret vault.Secret, opts Options, cbOpts casebook.Options, progress func(done, total int64)) (err error) {
	from, err = filepath.Abs(from)
	if err != nil {
		return err
	}
	path, err := findSnapshot(from)
	if err != nil {
		return err
	}
	if inFolder(to, filepath.Dir(path)) {
		return fault.New(fault.Refused, text.T("share.join_inside", "Your own casebook must not lie in the shared folder."),
			text.T("share.join_inside_hint", "Choose another place for it. Nothing was changed."))
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := readPreamble(f)
	if err != nil {
		return words(err)
	}
	if p.kind != snapshot {
		return words(errNotShare)
	}
	key, err := vault.Carried(p.header, secret)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	cb, err := casebook.CreateReplica(ctx, to, key, cbOpts)
	if err != nil {
		return err
	}
	made := false
	defer func() {
		err = errors.Join(err, cb.Close())
		if err != nil && !made {
			os.Remove(to)
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := fill(ctx, cb, &counted{f, 0, info.Size(), progress}); err != nil {
		return words(err)
	}
	name := strings.TrimSuffix(filepath.Base(path), snapshotSuffix)
	if err := begin(ctx, cb, filepath.Dir(path), name, opts.Device, false); err != nil {
		return err
	}
	made = true
	_, err = Sync(ctx, cb, opts)
	return err
}

// findSnapshot is from itself, or the snapshot in it: of several the one with small
// files beside it, then the largest.
func findSnapshot(from string) (string, error) {
	info, err := os.Stat(from)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return from, nil
	}
	files, err := list(from)
	if err != nil {
		return "", err
	}
	best, bestSize := "", int64(-1)
	for _, f := range files {
		path := filepath.Join(from, filepath.FromSlash(f.path))
		r, err := os.Open(path)
		if err != nil {
			return "", err
		}
		p, err := readPreamble(r)
		r.Close()
		if err != nil || p.kind != snapshot {
			continue
		}
		size := f.size
		if _, err := os.Stat(strings.TrimSuffix(path, snapshotSuffix) + changesSuffix); err == nil {
			size += 1 << 50
		}
		if size > bestSize {
			best, bestSize = path, size
		}
	}
	if best == "" {
		return "", fault.New(fault.NotCasebook, text.T("share.no_snapshot", "There is no shared casebook in this folder."),
			text.T("share.no_snapshot_hint", "Choose the folder in which the others share theirs, and wait until it has come whole. Nothing was changed."))
	}
	return best, nil
}

// rowsPerTransaction keeps a large join within modest memory.
const rowsPerTransaction = 20_000

// fill brings a whole snapshot into a replica that has nothing yet.
func fill(ctx context.Context, cb *casebook.Casebook, from *counted) error {
	c, err := readContents(from, cb.Key())
	if err != nil {
		return err
	}
	defer c.reader.close()
	return cb.Import(ctx, func(im *casebook.Importing) error {
		a, err := newApplier(ctx, im, sound)
		if err != nil {
			return err
		}
		a.fresh = true
		n := 0
		for r := (record{}); ; {
			if err := c.record(c.about, &r); err != nil {
				return err
			}
			if r.what == recEnd {
				return a.heard(&file{about: c.about, claims: c.about.claims}, cb)
			}
			if err := a.apply(&r); err != nil {
				return err
			}
			if n++; n%rowsPerTransaction == 0 {
				a.stmts = map[string]*sql.Stmt{}
				if err := im.Next(); err != nil {
					return err
				}
				if err := ctx.Err(); err != nil {
					return err
				}
			}
		}
	})
}

// counted tells how much of a file was read.
type counted struct {
	*os.File
	done, total int64
	told        func(done, total int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	c.done += int64(n)
	if c.told != nil {
		c.told(c.done, c.total)
	}
	return n, err
}
