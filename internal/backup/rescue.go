package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Newest is the newest sound backup of the damaged casebook at path, here or in the
// second place. Where even the casebook's header is gone, every set of backups on this
// computer that the secret opens is looked through.
func Newest(ctx context.Context, path string, s vault.Secret) (File, error) {
	var all []File
	key, err := vault.Unlock(path, s)
	switch {
	case err == nil:
		defer key.Wipe()
		dir, err := folder(key)
		if err != nil {
			return File{}, err
		}
		all, err = sets(ctx, dir, key)
		if err != nil {
			return File{}, err
		}
	case fault.Is(err, fault.Damaged):
		if all, err = opened(ctx, s); err != nil {
			return File{}, err
		}
	default:
		return File{}, err
	}
	if len(all) == 0 {
		return File{}, fault.New(fault.NotFound, text.T("backup.none", "There is no sound backup on this computer."), text.T("backup.none_hint", "Look for one in the second place, or on another computer. The damaged file is kept as it is."))
	}
	return slices.MaxFunc(all, func(a, b File) int { return a.At.Compare(b.At) }), nil
}

// sets are the newest sound backups of a folder and of its second place.
func sets(ctx context.Context, dir string, key *vault.Key) ([]File, error) {
	second, err := SecondFolder(dir)
	if err != nil {
		second = "" // what cannot be read is not there
	}
	var out []File
	for _, d := range []string{dir, second} {
		if d == "" {
			continue
		}
		files, err := List(d)
		if err != nil {
			continue
		}
		for _, f := range files { // a sound one is found soon: older ones need no look
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if Verify(ctx, f.Path, key) == nil {
				out = append(out, f)
				break
			}
		}
	}
	return out, nil
}

// opened are the newest sound backups of every set that the secret opens.
func opened(ctx context.Context, s vault.Secret) ([]File, error) {
	base, err := base()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(base)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var out []File
	for _, e := range entries {
		dir := filepath.Join(base, e.Name())
		files, err := List(dir)
		if err != nil {
			continue
		}
		key := firstKey(files, s)
		if key == nil {
			continue // another casebook's
		}
		found, err := sets(ctx, dir, key)
		key.Wipe()
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// firstKey is the key of the first file whose header is sound, nil if the secret does
// not open that.
func firstKey(files []File, s vault.Secret) *vault.Key {
	for _, f := range files {
		key, err := vault.Unlock(f.Path, s)
		if err == nil || !fault.Is(err, fault.Damaged) {
			return key
		}
	}
	return nil
}

// Replace puts a backup in the place of the damaged casebook at path, which is kept
// aside under the name returned. It is restored under a name of its own first: at no
// moment is there neither of the two.
func Replace(ctx context.Context, backup, path string, s vault.Secret, now time.Time) (aside string, err error) {
	if err := casebook.NotHeld(path); err != nil {
		return "", err
	}
	ext := filepath.Ext(path)
	named := strings.TrimSuffix(path, ext) + now.Format(" 2006-01-02 150405")
	restored := named + " " + text.T("backup.restored_name", "restored") + ext
	aside = named + " " + text.T("backup.damaged_name", "damaged") + ext
	for _, p := range []string{restored, aside} {
		if _, err := os.Lstat(p); err == nil {
			return "", os.ErrExist
		}
	}
	if err := restore(ctx, backup, restored, path, s); err != nil {
		return "", err
	}
	for _, suffix := range []string{"-wal", "-shm", ""} { // the log belongs to the damaged file
		if err := os.Rename(path+suffix, aside+suffix); err != nil && (suffix == "" || !errors.Is(err, os.ErrNotExist)) {
			return "", err
		}
	}
	if err := os.Rename(restored, path); err != nil {
		return "", err
	}
	return aside, durable.SyncDir(filepath.Dir(path))
}
