package attach

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Named is a content that rows name.
type Named struct {
	Name string // of its file
	Size int64
	Own  bool // a row of it was made on this computer
}

// Named are the contents that the rows of q name, those in the recycle bin included, the
// smallest first: a large one keeps no other waiting.
func (s Store) Named(ctx context.Context, q casebook.Querier) ([]Named, error) {
	if keeps, err := keepsFiles(ctx, q); err != nil || !keeps {
		return nil, err
	}
	type row struct {
		digest string
		size   int64
		own    bool
	}
	rows, err := casebook.Collect(ctx, q, func(r *sql.Rows, v *row) error { return r.Scan(&v.digest, &v.size, &v.own) },
		`SELECT a.content, max(a.size), max(coalesce(d.own, 0)) FROM attachment a LEFT JOIN row_clock c ON c.id = a.id AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'attachment' AND col = '*')
		LEFT JOIN device d ON d.n = c.dev WHERE a.content <> '' GROUP BY a.content ORDER BY max(a.size), a.content`)
	if err != nil {
		return nil, err
	}
	var out []Named
	for _, r := range rows {
		name, err := s.Name(r.digest)
		if errors.Is(err, container.ErrContents) {
			continue // a file may say anything
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Named{name, r.size, r.own})
	}
	return out, nil
}

// keepsFiles is false for a casebook from before files were kept, which is backed up
// before it is brought up to date.
func keepsFiles(ctx context.Context, q casebook.Querier) (keeps bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'attachment')`).Scan(&keeps)
	return keeps, err
}

// Contents are the digests that the attachments of these rows name: attachments
// themselves, and what holds some. Whoever erases rows asks before, and hands the answer to
// backup.RemoveContents once they are erased.
func Contents(ctx context.Context, q casebook.Querier, rows ...ids.ID) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	for _, id := range rows {
		found, err := casebook.Collect(ctx, q, casebook.Value[string], `SELECT DISTINCT content FROM attachment WHERE (id = ?1 OR holder_id = ?1) AND content <> ''`, id)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			if !seen[d] {
				seen[d], out = true, append(out, d)
			}
		}
	}
	return out, nil
}

// Unnamed are those of digests that no row names any more, by the names of their files.
func (s Store) Unnamed(ctx context.Context, q casebook.Querier, digests []string) ([]string, error) {
	var out []string
	for _, d := range digests {
		var named bool
		if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM attachment WHERE content = ?)`, d).Scan(&named); err != nil {
			return nil, err
		}
		if named {
			continue
		}
		name, err := s.Name(d)
		if err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

// Bring fetches what the rows of q name and s lacks from the first of the folders that
// has it whole. What none has stays away: it may still come.
func (s Store) Bring(ctx context.Context, q casebook.Querier, from ...Store) error {
	named, err := s.Named(ctx, q)
	if err != nil {
		return err
	}
	for _, n := range named {
		if s.Has(n.Name) {
			continue
		}
		for _, f := range from {
			if f.Dir == s.Dir || !f.Has(n.Name) {
				continue
			}
			err := f.CopyTo(ctx, n.Name, s)
			if err == nil {
				break
			}
			if !IsBroken(err) {
				return err
			}
		}
	}
	return nil
}

// IsBroken says whether it is the content that is at fault, and not the disk.
func IsBroken(err error) bool {
	for _, e := range []error{container.ErrDamaged, container.ErrIncomplete, container.ErrContents, container.ErrForeign, container.ErrNotShare, container.ErrNewer, container.ErrNoKey, fs.ErrNotExist} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// Beside are the folders in which the contents of a copy of the casebook at path may lie:
// beside the copy itself, and beside backups.
func Beside(path string, keys *container.Keys) []Store {
	return []Store{{Folder(path), keys}, {filepath.Join(filepath.Dir(path), BackupFolder), keys}}
}

// BackupFolder is the folder of contents among backups: each content lies there once.
const BackupFolder = "files"

// sweepAfter is how old a content is at least that goes because no row names it: its row
// may be about to come.
const sweepAfter = 24 * time.Hour

// Sweep removes contents that no row names and that are no longer new, and what a crash
// left half-written.
func Sweep(ctx context.Context, cb *casebook.Casebook) error {
	s := Of(cb)
	files, err := s.Files()
	if err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(globbed(s.Dir), ".tmp-*"))
	if err != nil || len(files)+len(left) == 0 {
		return err
	}
	if keeps, err := keepsFiles(ctx, cb.Whole()); err != nil || !keeps { // what it does not know of may be named once it is brought up to date
		return err
	}
	named, err := s.Named(ctx, cb.Whole())
	if err != nil {
		return err
	}
	for _, n := range named {
		delete(files, n.Name)
	}
	old := time.Now().Add(-sweepAfter)
	for _, of := range files {
		for _, info := range of {
			if info.ModTime().Before(old) {
				if err := s.Remove(info.Name()); err != nil {
					return err
				}
			}
		}
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && info.ModTime().Before(old) {
			os.Remove(path)
		}
	}
	return nil
}

// globbed keeps a folder's name from being read as a pattern.
func globbed(dir string) string {
	if filepath.Separator == '\\' {
		return dir
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// Check reads every content that a row names. One that is damaged is a finding; one that
// is not here is, too, unless the casebook is shared: then it may be on its way.
func Check(ctx context.Context, cb *casebook.Casebook) ([]casebook.Finding, error) {
	s := Of(cb)
	named, err := s.Named(ctx, cb.Whole())
	if err != nil {
		return nil, err
	}
	var shared bool
	if err := cb.Whole().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM share_local)`).Scan(&shared); err != nil {
		return nil, err
	}
	var out []casebook.Finding
	for _, n := range named {
		switch err := s.Verify(ctx, n.Name); {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist):
			out = append(out, casebook.Finding{Area: "files", Notice: shared, Text: text.T("check.file_missing", "%s: the content of a file is not here", n.Name)})
		case IsBroken(err):
			out = append(out, casebook.Finding{Area: "files", Text: text.T("check.file_damaged", "%s: the content of a file is damaged", n.Name)})
		default:
			return out, err
		}
	}
	return out, nil
}

// Move gives the contents of a casebook at from to the one at to, when the file itself got
// that name.
func Move(from, to string) error {
	entries, err := os.ReadDir(Folder(from))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(Folder(to), 0o700); err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(Folder(from), e.Name()), filepath.Join(Folder(to), e.Name())); err != nil {
			return err
		}
	}
	return os.Remove(Folder(from))
}

// Clear removes the contents beside a casebook that is no longer at path.
func Clear(path string) error {
	s := Store{Dir: Folder(path)}
	files, err := s.Files()
	if err != nil {
		return err
	}
	for _, of := range files {
		for _, info := range of {
			if err := s.Remove(info.Name()); err != nil {
				return err
			}
		}
	}
	_ = os.Remove(s.Dir) // what else somebody put there stays, and the folder with it
	return nil
}

// Copy copies the contents beside the casebook at from to those of a copy of it at to.
func Copy(ctx context.Context, from, to string) error {
	entries, err := os.ReadDir(Folder(from))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(Folder(to), 0o700); err != nil {
		return err
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, ok := IsName(e.Name()); !ok {
			continue
		}
		if err := durable.Copy(filepath.Join(Folder(from), e.Name()), filepath.Join(Folder(to), e.Name())); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}
