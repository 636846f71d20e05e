package share

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Join makes a casebook at to, which must not exist, of what a folder or a snapshot
// holds, and shares it through that folder. A snapshot that lies alone, with no small
// files beside it, was mailed or copied: what is made of it is not shared yet. The passphrase is the one of the others.
// Progress may be nil; it counts by the bytes that are read, each as long as it takes. The
// casebook comes to its place whole or not at all, and not at all once ctx has ended.
func Join(ctx context.Context, from, to string, secret vault.Secret, opts Options, cbOpts casebook.Options, progress func(done, total int64)) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	paths, err := snapshots(from)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(paths[0]), snapshotSuffix)
	var first error
	for _, path := range paths { // one that is damaged may have a sound one beside it
		err := joinOne(ctx, from, path, name, to, secret, opts, cbOpts, progress)
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil || !isContents(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func joinOne(ctx context.Context, from, path, name, to string, secret vault.Secret, opts Options, cbOpts casebook.Options, progress func(done, total int64)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := container.ReadPreamble(f)
	if err != nil {
		return words(err)
	}
	if p.Kind != snapshot {
		return words(errNotShare)
	}
	folder := ""
	if from != path || hasChanges(path) {
		folder = filepath.Dir(path)
	}
	if folder != "" && inFolder(to, folder) {
		return fault.New(fault.Refused, text.T("share.join_inside", "Your own casebook must not lie in the shared folder."),
			text.T("share.join_inside_hint", "Choose another place for it. Nothing was changed."))
	}
	key, err := vault.Carried(p.Header, secret)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(to), fmt.Sprintf(".%s.%d.join", filepath.Base(to), os.Getpid()))
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(tmp + suffix)
		}
	}()
	cb, err := casebook.CreateReplica(ctx, tmp, key, cbOpts)
	if err != nil {
		return err
	}
	if err = join(ctx, cb, p); err == nil {
		err = replica(ctx, cb, f, folder, name, opts, progress)
	}
	if err := errors.Join(err, cb.Close()); err != nil {
		return words(err)
	}
	return durable.Place(tmp, to)
}

// join gives a new casebook the keys that the snapshot carries for the coach who joins.
func join(ctx context.Context, cb *casebook.Casebook, p container.Preamble) error {
	if p.Ring == nil {
		return nil
	}
	if ok, err := loose(cb, Options{}).take(ctx, p); err != nil || ok {
		return err
	}
	return fault.Wrap(fault.WrongKey, errNoKey, text.T("share.join_no_key", "This passphrase does not open what the others share now."),
		text.T("share.join_no_key_hint", "The keys were changed since, for everybody who may still open the casebook. Ask its owner for a passphrase. Nothing was changed."))
}

// hasChanges says whether a snapshot has the folder of small files beside it.
func hasChanges(path string) bool {
	info, err := os.Stat(strings.TrimSuffix(path, snapshotSuffix) + changesSuffix)
	return err == nil && info.IsDir()
}

// replica brings all that the snapshot f holds, and what lies in its folder, into cb.
func replica(ctx context.Context, cb *casebook.Casebook, f *os.File, folder, name string, opts Options, progress func(done, total int64)) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	beside, err := sizeOf(filepath.Join(folder, name+changesSuffix), folder != "")
	if err != nil {
		return err
	}
	told := &counted{File: f, total: (fillWeight+1)*info.Size() + beside, told: progress}
	if err := fill(ctx, cb, told); err != nil {
		return err
	}
	if folder == "" {
		return nil
	}
	if err := begin(ctx, cb, folder, name, opts.Device, false); err != nil {
		return err
	}
	e, err := newEngine(ctx, cb, opts)
	if err != nil {
		return err
	}
	e.looked, e.rowsOnly = told.more, true // the casebook has not come to its place
	_, err = e.sync(ctx)
	return err
}

// sizeOf is how much the small files of a folder are together, if there is one. A file
// service may carry no folder in which nothing lies yet.
func sizeOf(dir string, is bool) (n int64, err error) {
	if !is {
		return 0, nil
	}
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			n += info.Size()
		}
	}
	return n, nil
}

// snapshots are from itself, or the snapshots in it: first the one with small files
// beside it, then the larger ones.
func snapshots(from string) ([]string, error) {
	info, err := os.Stat(from)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{from}, nil
	}
	files, err := list(from)
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for _, f := range files {
		path := filepath.Join(from, filepath.FromSlash(f.path))
		r, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		p, err := container.ReadPreamble(r)
		r.Close()
		if err != nil || p.Kind != snapshot {
			continue
		}
		sizes[path] = f.size
		if hasChanges(path) {
			sizes[path] += 1 << 50
		}
	}
	if len(sizes) == 0 {
		return nil, fault.New(fault.NotCasebook, text.T("share.no_snapshot", "There is no shared casebook in this folder."),
			text.T("share.no_snapshot_hint", "Choose the folder in which the others share theirs, and wait until it has come whole. Nothing was changed."))
	}
	return slices.SortedFunc(maps.Keys(sizes), func(a, b string) int { return cmp.Compare(sizes[b], sizes[a]) }), nil
}

// rowsPerTransaction keeps a large join within modest memory.
const rowsPerTransaction = 20_000

// fill brings a whole snapshot into a replica that has nothing yet.
func fill(ctx context.Context, cb *casebook.Casebook, from *counted) error {
	keys, err := keysOf(ctx, cb)
	if err != nil {
		return err
	}
	c, err := readContents(from, keys)
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
				f := &file{about: c.about, claims: c.about.claims}
				return errors.Join(a.covers(f), a.heard(f, cb))
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
	c.more(fillWeight * int64(n))
	return n, err
}

// fillWeight is how much longer it takes to fill a casebook from a snapshot than to look
// through it once more, as every computer does that has a casebook already.
const fillWeight = 8

// more counts what was read elsewhere, too.
func (c *counted) more(n int64) {
	c.done = min(c.done+n, c.total)
	if c.told != nil {
		c.told(c.done, c.total)
	}
}
