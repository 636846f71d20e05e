// Package backup keeps verified copies of a casebook: before the first write of an
// hour, and before anything that could go wrong. A copy counts only after it was opened
// again and checked; the one verified last is never removed. It also brings back what
// a copy holds: as a casebook of its own, or into the casebook that it was made of.
package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// Extension of a backup's name.
const Extension = ".couplet-backup"

// every is how old the newest backup may grow before the next write makes another.
const every = time.Hour

// tmpPrefix begins the name of what is being made; after a crash it stays and is swept.
const tmpPrefix = ".tmp-"

// Folder is where the backups of a casebook lie by themselves: in the user's data
// folder, by the casebook's id, so that no client's name stands in a path.
func Folder(c *casebook.Casebook) (string, error) { return folder(c.Key()) }

func folder(key *vault.Key) (string, error) {
	base, err := base()
	if err != nil {
		return "", err
	}
	id, err := key.MAC("backup folder", nil)
	if err != nil {
		return "", err
	}
	return filepath.Join(base, hex.EncodeToString(id[:8])), nil
}

// base holds the folders of all casebooks on this computer.
func base() (string, error) {
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "couplet", "backups"), nil
}

// Make writes a backup of c into dir, opens and checks it, and only then gives it its
// name. It returns the path.
func Make(ctx context.Context, c *casebook.Casebook, dir string) (string, error) {
	tmp, err := ready(dir)
	if err != nil {
		return "", err
	}
	defer removeAll(tmp)
	if err := c.Copy(ctx, tmp); err != nil {
		return "", err
	}
	path, err := finish(ctx, tmp, dir, c.Key(), c.Now().UTC())
	if err != nil {
		return "", err
	}
	if err := keepContents(ctx, c, dir); err != nil {
		return "", err
	}
	return path, share.KeepErasures(ctx, c, filepath.Join(dir, erasedName))
}

// ready makes dir, sweeps what a crash left there, and names a file to make.
func ready(dir string) (tmp string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tmpPrefix) {
			continue
		}
		// Another program may be making one this moment.
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > every {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return filepath.Join(dir, tmpPrefix+rand.Text()), nil
}

// finish verifies the copy at tmp, makes it safe on the disk and gives it its name.
func finish(ctx context.Context, tmp, dir string, key *vault.Key, at time.Time) (string, error) {
	if err := Verify(ctx, tmp, key); err != nil {
		return "", err
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return "", err
	}
	if err := syncFile(tmp); err != nil {
		return "", err
	}
	path, err := place(tmp, dir, at)
	if err != nil {
		return "", err
	}
	note(dir, filepath.Base(path), true)
	return path, nil
}

// place gives the verified copy a name that no other has.
func place(tmp, dir string, at time.Time) (string, error) {
	for n := 1; ; n++ {
		path := filepath.Join(dir, nameOf(at, n))
		err := durable.Place(tmp, path)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// Verify says whether the file at path opens under key and every page and row of it is sound.
func Verify(ctx context.Context, path string, key *vault.Key) error {
	return verify(ctx, path, key, nil)
}

func verify(ctx context.Context, path string, key *vault.Key, progress func(done, total int64)) error {
	found, err := vault.CheckPages(ctx, path, key, progress)
	if err != nil {
		return err
	}
	for _, f := range found {
		if !f.Notice {
			return unsound(errors.New(f.String()))
		}
	}
	return vault.Verify(ctx, path, key)
}

func unsound(err error) error {
	return fault.Wrap(fault.Damaged, err, text.T("backup.Unsound", "The backup did not pass its check."), text.T("backup.unsound_hint", "The casebook itself was not touched. Make another backup, in another place if it happens again."))
}

// Made is a backup that was made, and what kept its copy from the second place.
type Made struct {
	Path   string // empty when none was due
	Second error  // the casebook and the first backup are safe all the same
}

// Hourly is Now if the newest backup in dir is older than an hour, or from a day to come.
func Hourly(ctx context.Context, c *casebook.Casebook, dir string) (Made, error) {
	have, err := List(dir)
	if err != nil {
		return Made{}, err
	}
	for _, f := range have {
		if f.Unsound {
			continue
		}
		if age := c.Now().Sub(f.At); age < every && age > -every {
			return Made{}, nil
		}
		break
	}
	return Now(ctx, c, dir)
}

// Now makes a backup in dir, copies it to the second place if one was chosen, and
// then removes what is beyond the rotation in both.
func Now(ctx context.Context, c *casebook.Casebook, dir string) (m Made, err error) {
	if m.Path, err = Make(ctx, c, dir); err != nil {
		return m, err
	}
	if err := errors.Join(prune(ctx, dir, c.Key(), m.Path), pruneContents(ctx, c, dir), attach.Sweep(ctx, c)); err != nil {
		return m, err
	}
	m.Second = copySecond(ctx, c, dir, m.Path)
	return m, nil
}
