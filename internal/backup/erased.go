package backup

import (
	"context"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/share"
)

// erasedName is the file beside the backups that says, sealed, what was erased for ever:
// a backup of before still holds it.
const erasedName = "erased"

// Forget empties in c what was erased for ever, as far as this computer's backups know.
// It comes before anything of a casebook is shown.
func Forget(ctx context.Context, c *casebook.Casebook) error {
	dir, err := Folder(c)
	if err != nil {
		return err
	}
	return forget(ctx, c, dir)
}

// forget looks beside the backups in dir and in its second place.
func forget(ctx context.Context, c *casebook.Casebook, dir string) error {
	second, err := SecondFolder(dir)
	if err != nil {
		second = "" // what cannot be read is not there
	}
	for _, d := range []string{dir, second} {
		if d == "" {
			continue
		}
		if err := share.ApplyErasures(ctx, c, filepath.Join(d, erasedName)); err != nil {
			return err
		}
	}
	return nil
}
