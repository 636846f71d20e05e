package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// secondName is the file beside the backups that names the second place. It is this
// computer's, not the casebook's: the drive is plugged in here.
const secondName = "second-place"

// Second is the folder that was chosen as the second place, "" for none.
func Second(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, secondName))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSuffix(string(b), "\n"), err
}

// SetSecond chooses an existing folder as the second place, or with "" none. What lies
// in the one before stays there.
func SetSecond(dir, chosen string) error {
	path := filepath.Join(dir, secondName)
	if chosen == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	info, err := os.Stat(chosen)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fault.Input("path", text.T("files.no_folder", "There is no such folder."))
	}
	chosen, err = filepath.Abs(chosen)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return durable.Write(path, []byte(chosen+"\n"), 0o600)
}

// SecondFolder is where the copies of the backups in dir lie, "" without a second place.
func SecondFolder(dir string) (string, error) {
	chosen, err := Second(dir)
	if err != nil || chosen == "" {
		return "", err
	}
	return filepath.Join(chosen, "backups", filepath.Base(dir)), nil
}

// copySecond brings a verified backup to the second place and verifies the copy there.
func copySecond(ctx context.Context, c *casebook.Casebook, dir, made string) error {
	to, err := SecondFolder(dir)
	if err != nil || to == "" {
		return secondFault(err)
	}
	// A drive that is not there must not come to life as a folder of the same name.
	if _, err := os.Stat(filepath.Dir(filepath.Dir(to))); err != nil {
		return secondFault(err)
	}
	tmp, err := ready(to)
	if err != nil {
		return secondFault(err)
	}
	defer removeAll(tmp)
	if err := durable.Copy(made, tmp); err != nil {
		return secondFault(err)
	}
	at, _, _ := parseName(filepath.Base(made))
	path, err := finish(ctx, tmp, to, c.Key(), at)
	if err == nil {
		err = prune(ctx, to, c.Key(), path)
	}
	if err == nil {
		err = errors.Join(keepContents(ctx, c, to), pruneContents(ctx, c, to))
	}
	if err == nil {
		err = share.KeepErasures(ctx, c, filepath.Join(to, erasedName))
	}
	return secondFault(err)
}

func secondFault(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	_, hint := fault.Words(err)
	return fault.Wrap(fault.System, err, text.T("backup.second", "The backup could not be copied to the second place."),
		text.T("backup.second_hint", "The casebook and the backup on this computer are safe. Check that the second place can be reached: %s", hint))
}
