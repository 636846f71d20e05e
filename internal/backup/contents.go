package backup

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// The contents of files that are kept with rows lie once beside all backups of a folder,
// each verified when it was copied there. A backup names them by its rows.

func contentsIn(dir string, key *vault.Key) attach.Store {
	return attach.Store{Dir: filepath.Join(dir, attach.BackupFolder), Keys: container.Own(key)}
}

// keepContents copies to the backups in dir what the rows of c name and they lack. What
// has not come to this computer is kept where it is.
func keepContents(ctx context.Context, c *casebook.Casebook, dir string) error {
	return contentsIn(dir, c.Key()).Bring(ctx, c.Whole(), attach.Of(c))
}

// pruneContents removes from the backups in dir what neither the casebook nor one of them
// names, and what was erased for ever, whichever of them still name it.
func pruneContents(ctx context.Context, c *casebook.Casebook, dir string) error {
	there := contentsIn(dir, c.Key())
	files, err := there.Files()
	if err != nil {
		return err
	}
	named, err := there.Named(ctx, c.Whole())
	if err != nil {
		return err
	}
	for _, n := range named {
		delete(files, n.Name)
	}
	if len(files) == 0 {
		return nil
	}
	erased, err := erasedItems(ctx, c.Whole())
	if err != nil {
		return err
	}
	backups, err := List(dir)
	if err != nil {
		return err
	}
	for _, b := range backups {
		names, err := namedBy(ctx, b.Path, c.Key(), erased)
		if err != nil {
			return nil //nolint:nilerr // what a backup that cannot be read names is not known: nothing goes
		}
		for _, name := range names {
			delete(files, name)
		}
	}
	for _, of := range files {
		for _, info := range of {
			if err := there.Remove(info.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

func erasedItems(ctx context.Context, q casebook.Querier) (map[ids.ID]bool, error) {
	return idSet(ctx, q, `SELECT item_id FROM erasure WHERE item_id IS NOT NULL`)
}

// namedBy are the contents that the rows of a backup name, but for those of rows that were
// erased since.
func namedBy(ctx context.Context, path string, key *vault.Key, erased map[ids.ID]bool) (out []string, err error) {
	db, err := sql.Open(vault.Driver, key.DSN(path, true))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var keeps bool // one from before files were kept keeps none
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'attachment')`).Scan(&keeps); err != nil || !keeps {
		return nil, err
	}
	type row struct {
		id, holder ids.ID
		digest     string
	}
	rows, err := casebook.Collect(ctx, db, func(r *sql.Rows, v *row) error { return r.Scan(&v.id, &v.holder, &v.digest) }, `SELECT id, holder_id, content FROM attachment WHERE content <> ''`)
	if err != nil {
		return nil, err
	}
	s := contentsIn(filepath.Dir(path), key)
	for _, r := range rows {
		if erased[r.id] || erased[r.holder] {
			continue
		}
		name, err := s.Name(r.digest)
		if err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

// CheckContents reads every content that lies beside the backups in dir and names those that
// are damaged or that a row of the casebook names and that are not there, though it has them.
func CheckContents(ctx context.Context, c *casebook.Casebook, dir string) ([]casebook.Finding, error) {
	there, here := contentsIn(dir, c.Key()), attach.Of(c)
	files, err := there.Files()
	if err != nil {
		return nil, err
	}
	var out []casebook.Finding
	for name := range files {
		switch err := there.Verify(ctx, name); {
		case err == nil:
		case attach.IsBroken(err):
			out = append(out, casebook.Finding{Area: "backup", Text: text.T("check.file_damaged", "%s: the content of a file is damaged", name)})
		default:
			return nil, err
		}
	}
	have, err := List(dir)
	if err != nil || len(have) == 0 {
		return out, err
	}
	named, err := there.Named(ctx, c.Whole())
	for _, n := range named {
		if len(files[n.Name]) == 0 && here.Has(n.Name) {
			out = append(out, casebook.Finding{Area: "backup", Notice: true, Text: text.T("check.file_not_backed", "%s: the content of a file comes to the backups with the next one", n.Name)})
		}
	}
	return out, err
}

// RemoveContents physically removes contents of files that were kept with rows, once those
// rows are erased: beside the casebook, in the shared folder, beside the backups and in
// their second place. The caller asks attach.Contents for the digests before it erases the
// rows, in the same transaction, and calls this after the commit. What another row still
// names stays. A place that cannot be reached at present is in the error; there the content
// goes with the next backup, or the next turn of sharing, that reaches it.
func RemoveContents(ctx context.Context, c *casebook.Casebook, digests []string) error {
	here := attach.Of(c)
	names, err := here.Unnamed(ctx, c.Whole(), digests)
	if err != nil || len(names) == 0 {
		return err
	}
	stores := []attach.Store{here}
	dir, err := Folder(c)
	if err == nil {
		stores = append(stores, contentsIn(dir, c.Key()))
		if second, err := SecondFolder(dir); err == nil && second != "" {
			stores = append(stores, contentsIn(second, c.Key()))
		}
	}
	errs := []error{err}
	for _, s := range stores {
		for _, name := range names {
			errs = append(errs, s.Remove(name))
		}
	}
	return errors.Join(append(errs, share.ForgetContents(ctx, c, names))...)
}

// bringContents brings to the casebook at to what its rows, as q reads them, name and a backup
// at from has beside it.
func bringContents(ctx context.Context, q casebook.Querier, key *vault.Key, from, to string) error {
	s := attach.Store{Dir: attach.Folder(to), Keys: container.Own(key)}
	err := s.Bring(ctx, q, attach.Beside(from, s.Keys)...)
	if errors.Is(err, fs.ErrPermission) {
		return nil // as much as can be read; the rest waits
	}
	return err
}
