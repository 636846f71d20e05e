package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
)

// Restore makes path, which must not exist, of a backup. Only the copy is opened and
// checked, and it gets its name when it is sound: the backup may lie where nothing can
// be written. A casebook that was not closed may stand for a backup, log and all. The
// restored casebook is a replica of its own: the one it was made of may live on.
func Restore(ctx context.Context, backup, path string, s vault.Secret) error {
	return restore(ctx, backup, path, path, s)
}

// restore is Restore for a casebook that gets the name as once it is there.
func restore(ctx context.Context, backup, path, as string, s vault.Secret) error {
	if err := casebook.NotHeld(backup); err != nil {
		return err
	}
	key, err := vault.Unlock(backup, s)
	if err != nil {
		return err
	}
	defer key.Wipe()
	tmp := filepath.Join(filepath.Dir(path), tmpPrefix+rand.Text())
	defer removeAll(tmp)
	copied, err := openCopy(ctx, backup, tmp, key)
	if err != nil {
		return err
	}
	due, err := copied.EraseDue(ctx)
	if err == nil && slices.Contains(due, casebook.DuePages) {
		err = copied.Scrub(ctx)
	}
	if err == nil {
		err = copied.NewDevice(ctx)
	}
	if err == nil { // contents first: without a casebook they are nothing, and it is not whole without them
		err = bringContents(ctx, copied.Whole(), key, backup, as)
	}
	if err := errors.Join(err, copied.Close()); err != nil {
		return err
	}
	if err := syncFile(tmp); err != nil {
		return err
	}
	return durable.Place(tmp, path)
}

// openCopy copies a backup to tmp, verifies the copy and opens it, brought up to date.
func openCopy(ctx context.Context, backup, tmp string, key *vault.Key) (*casebook.Casebook, error) {
	if err := durable.Copy(backup, tmp); err != nil {
		return nil, err
	}
	if err := durable.Copy(backup+"-wal", tmp+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := Verify(ctx, tmp, key); err != nil {
		return nil, err
	}
	again, err := key.Again()
	if err != nil {
		return nil, err
	}
	c, err := casebook.OpenKey(ctx, tmp, again, casebook.Options{})
	if err != nil {
		return nil, err
	}
	err = Forget(ctx, c)
	if err == nil {
		err = forget(ctx, c, filepath.Dir(backup))
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
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
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", ".lock"} {
		os.Remove(tmp + suffix)
	}
}
