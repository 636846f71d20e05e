// Package backup keeps verified copies of a casebook: one a day, and one before
// anything that could go wrong. A copy counts only after it was opened again and
// checked; the newest verified copy is never removed.
package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Extension of a backup's name.
const Extension = ".couplet-backup"

// Keep is how many daily backups stay.
const Keep = 14

// stamp is the form of a backup's name: its time in UTC.
const stamp = "2006-01-02T1504"

// File is one backup on disk.
type File struct {
	Path string
	At   time.Time
	Size int64
}

// Folder is where the backups of a casebook lie by themselves: in the user's data
// folder, by the casebook's id, so that no client's name stands in a path.
func Folder(c *casebook.Casebook) (string, error) {
	base := os.Getenv("XDG_DATA_HOME")
	if base == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", err
		}
		base = dir
	}
	return filepath.Join(base, "couplet", "backups", fmt.Sprintf("%x", c.MAC("backup folder", nil)[:8])), nil
}

// List are the backups in dir, newest first. A folder that is not there has none.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []File
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), Extension)
		if !ok || len(name) < len(stamp) {
			continue
		}
		at, err := time.Parse(stamp, name[:len(stamp)])
		if err != nil {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		out = append(out, File{Path: filepath.Join(dir, e.Name()), At: at, Size: info.Size()})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path > out[j].Path })
	return out, nil
}

// Make writes a backup of c into dir, opens and checks it, and only then gives it its
// name. It returns the path.
func Make(ctx context.Context, c *casebook.Casebook, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	tmp := filepath.Join(dir, ".tmp-"+c.Now().UTC().Format("20060102T150405.000000000"))
	defer removeAll(tmp)
	if err := c.Copy(ctx, tmp); err != nil {
		return "", err
	}
	if err := Verify(ctx, tmp, c.Key()); err != nil {
		return "", err
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return "", err
	}
	if err := syncFile(tmp); err != nil {
		return "", err
	}
	path, err := place(tmp, dir, c.Now().UTC())
	if err != nil {
		return "", err
	}
	return path, durable.SyncDir(dir)
}

// place gives the verified copy a name that no other has.
func place(tmp, dir string, at time.Time) (string, error) {
	for n := 1; ; n++ {
		name := at.Format(stamp)
		if n > 1 {
			name += fmt.Sprintf("-%d", n)
		}
		path := filepath.Join(dir, name+Extension)
		if _, err := os.Lstat(path); err == nil {
			continue
		}
		return path, os.Rename(tmp, path)
	}
}

// Verify says whether the file at path opens under key and every page and row of it is sound.
func Verify(ctx context.Context, path string, key *vault.Key) error {
	found, err := vault.CheckPages(ctx, path, key, nil)
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
	return fault.Wrap(fault.Damaged, err, text.T("backup.unsound", "The backup did not pass its check."), text.T("backup.unsound_hint", "The casebook itself was not touched. Make another backup, in another place if it happens again."))
}

// Daily makes a backup if the newest one in dir is older than a day, then removes the
// oldest beyond Keep. The one just verified always stays.
func Daily(ctx context.Context, c *casebook.Casebook, dir string) error {
	have, err := List(dir)
	if err != nil {
		return err
	}
	if len(have) > 0 && c.Now().Sub(have[0].At) < 24*time.Hour && !have[0].At.After(c.Now().Add(time.Hour)) {
		return nil
	}
	if _, err := Make(ctx, c, dir); err != nil {
		return err
	}
	return prune(dir, Keep)
}

func prune(dir string, keep int) error {
	have, err := List(dir)
	if err != nil {
		return err
	}
	for _, f := range have[min(keep, len(have)):] {
		if err := os.Remove(f.Path); err != nil {
			return err
		}
	}
	return nil
}

// Restore makes path, which must not exist, of a backup. Only the copy is opened and
// checked, and it gets its name when it is sound: the backup may lie where nothing can
// be written. A casebook that was not closed may stand for a backup, log and all.
func Restore(ctx context.Context, backup, path string, s vault.Secret) error {
	if err := casebook.NotHeld(backup); err != nil {
		return err
	}
	key, err := vault.Unlock(backup, s)
	if err != nil {
		return err
	}
	defer key.Wipe()
	tmp := filepath.Join(filepath.Dir(path), ".tmp-"+rand.Text())
	defer removeAll(tmp)
	if err := copyFile(backup, tmp); err != nil {
		return err
	}
	if err := copyFile(backup+"-wal", tmp+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := Verify(ctx, tmp, key); err != nil {
		return err
	}
	if err := syncFile(tmp); err != nil {
		return err
	}
	return durable.Place(tmp, path)
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func removeAll(tmp string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(tmp + suffix)
	}
}
