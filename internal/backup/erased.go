package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// erasedName is the file beside the backups that says, sealed, what was erased for ever:
// a backup of before still holds it.
const erasedName = share.ErasedName

// Forget empties in c what was erased for ever, as far as this computer's backups and the
// folder that it is shared through know. It comes before anything of a casebook is shown.
func Forget(ctx context.Context, c *casebook.Casebook) error {
	dir, err := Folder(c)
	if err != nil {
		return err
	}
	if err := forget(ctx, c, dir); err != nil {
		return err
	}
	path, err := share.FolderErasures(ctx, c)
	if err != nil || path == "" {
		return err
	}
	return share.ApplyErasures(ctx, c, path)
}

// forget looks beside the backups in dir and in its second place.
func forget(ctx context.Context, c *casebook.Casebook, dir string) error {
	for _, d := range places(dir) {
		if err := share.ApplyErasures(ctx, c, filepath.Join(d, erasedName)); err != nil {
			return err
		}
	}
	return nil
}

// places are dir and its second place, where there is one that can be read.
func places(dir string) []string {
	second, err := SecondFolder(dir)
	if err != nil || second == "" {
		return []string{dir}
	}
	return []string{dir, second}
}

// Scrubbed is what Scrub did.
type Scrubbed struct {
	Backups int      // were written anew without what was erased
	Left    []string // could not be
}

// Scrub does what is due on this computer after something was erased: the records of it lie
// beside every known set of backups, no page of the casebook holds it any more, and neither
// does any backup. What was not finished goes on at the next call. Progress may be nil.
func Scrub(ctx context.Context, c *casebook.Casebook, progress func(done, total int64)) (Scrubbed, error) {
	var out Scrubbed
	due, err := c.EraseDue(ctx)
	if err != nil || len(due) == 0 {
		return out, err
	}
	dir, err := Folder(c)
	if err != nil {
		return out, err
	}
	if err := out.contents(ctx, c, due); err != nil {
		return out, err
	}
	pages, backups := slices.Contains(due, casebook.DuePages), slices.Contains(due, share.DueBackups)
	if !pages && !backups {
		return out, nil // the rest is the folder's
	}
	for _, d := range places(dir) {
		if _, err := os.Stat(d); err == nil {
			if err := share.KeepErasures(ctx, c, filepath.Join(d, erasedName)); err != nil {
				return out, err
			}
		}
	}
	if pages {
		if err := c.Scrub(ctx); err != nil {
			return out, err
		}
	}
	if backups {
		if err := out.rewrite(ctx, c, dir, progress); err != nil {
			return out, err
		}
		return out, c.EraseDone(ctx, share.DueBackups)
	}
	return out, nil
}

// contents removes what was in files that were erased. A place that cannot be reached now is
// looked at again.
func (s *Scrubbed) contents(ctx context.Context, c *casebook.Casebook, due []string) error {
	var digests []string
	for _, what := range due {
		if d, ok := strings.CutPrefix(what, share.DueContent); ok {
			digests = append(digests, d)
		}
	}
	if len(digests) == 0 {
		return nil
	}
	if err := RemoveContents(ctx, c, digests); err != nil {
		s.Left = append(s.Left, text.T("backup.contents_left", "what was in %d files", len(digests)))
		return nil
	}
	for _, d := range digests {
		if err := c.EraseDone(ctx, share.DueContent+d); err != nil {
			return err
		}
	}
	return nil
}

// Scrubs is Scrub for whoever only wants it done.
func Scrubs(ctx context.Context, c *casebook.Casebook) error {
	_, err := Scrub(ctx, c, nil)
	return err
}

// rewrite writes every backup anew, one after another: each has its name again when its
// copy was checked.
func (s *Scrubbed) rewrite(ctx context.Context, c *casebook.Casebook, dir string, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	var known int
	if err := c.Whole().QueryRowContext(ctx, `SELECT count(*) FROM erasure`).Scan(&known); err != nil {
		return err
	}
	var all []File
	var done, total int64
	for _, d := range places(dir) {
		files, err := List(d)
		if err != nil {
			return err
		}
		all = append(all, files...)
		merged, err := filepath.Glob(filepath.Join(d, "merged-*"))
		if err != nil {
			return err
		}
		for _, path := range merged {
			if err := share.RemoveMerged(ctx, c, path); err != nil {
				return err
			}
		}
	}
	for _, f := range all {
		total += f.Size
	}
	for _, f := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		place, name := filepath.Split(f.Path)
		if info, err := os.Stat(f.Path); err == nil && readRegister(place)[name].without(info, known) {
			continue
		}
		switch err := withoutErased(ctx, f.Path, c.Key(), known); {
		case err == nil:
			s.Backups++
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			s.Left = append(s.Left, f.Path)
		}
		done += f.Size
		progress(done, total)
	}
	return nil
}

// withoutErased writes one backup anew without what was erased.
func withoutErased(ctx context.Context, path string, key *vault.Key, known int) (err error) {
	dir := filepath.Dir(path)
	tmp, clean := filepath.Join(dir, tmpPrefix+rand.Text()), filepath.Join(dir, tmpPrefix+rand.Text())
	defer removeAll(tmp)
	defer removeAll(clean)
	c, err := openCopy(ctx, path, tmp, key)
	if err != nil {
		return err
	}
	err = errors.Join(c.EraseDone(ctx, casebook.DuePages), c.EraseDone(ctx, share.DueBackups), c.Optimize(ctx))
	if err == nil {
		err = c.Copy(ctx, clean)
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return err
	}
	if err := Verify(ctx, clean, key); err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(clean, 0o600), syncFile(clean)); err != nil {
		return err
	}
	if err := os.Rename(clean, path); err != nil {
		return err
	}
	if err := durable.SyncDir(dir); err != nil { // it is noted as done only once the old one cannot come back
		return err
	}
	noteErased(dir, filepath.Base(path), known)
	return nil
}
