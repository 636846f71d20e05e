package share

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
)

// healAfter is how long a content may be missing or broken in the folder before a computer
// that has it, though it did not add it, brings it there: file services take their time.
const healAfter = time.Hour

// laid is how a content was found in the folder.
type laid struct {
	size, mtime int64
	sound       bool
	since       int64 // when it was missed or found broken first; 0 while it is well
}

func (l laid) is(info fs.FileInfo) bool {
	return info != nil && l.size == info.Size() && l.mtime == info.ModTime().UnixNano()
}

// carrier brings contents to the folder and from it.
type carrier struct {
	e           *engine
	here, there attach.Store
	known       map[string]laid
	now         int64
}

// carry brings the contents of the files kept with the rows into step with the folder:
// what was added here is copied there, what others added is fetched, and what was erased
// goes. Contents that stay away are named; they keep no row waiting.
func (e *engine) carry(ctx context.Context) error {
	c := &carrier{e: e, here: attach.Of(e.cb), there: e.folderContents(), now: e.cb.Now().UnixMilli()}
	named, err := c.here.Named(ctx, e.cb.Whole())
	if err != nil {
		return err
	}
	if err := c.recall(ctx); err != nil || len(named)+len(c.known) == 0 {
		return err
	}
	files, err := c.there.Files()
	if err != nil {
		return err
	}
	for _, n := range named {
		if err := ctx.Err(); err != nil {
			return err
		}
		w, err := c.one(ctx, n, files[n.Name])
		if err != nil {
			return err
		}
		if w != nil {
			e.report.Waiting = append(e.report.Waiting, *w)
		}
		delete(files, n.Name)
	}
	return c.collect(ctx, named, files)
}

// folderContents are the contents in the shared folder.
func (e *engine) folderContents() attach.Store {
	return attach.Store{Dir: filepath.Join(e.local.folder, e.local.name+attach.FolderSuffix), Keys: e.keys}
}

func (c *carrier) recall(ctx context.Context) error {
	type row struct {
		name string
		laid
	}
	rows, err := casebook.Collect(ctx, c.e.cb.Whole(), func(r *sql.Rows, v *row) error { return r.Scan(&v.name, &v.size, &v.mtime, &v.sound, &v.since) },
		`SELECT name, size, mtime, sound, since FROM share_content`)
	c.known = map[string]laid{}
	for _, r := range rows {
		c.known[r.name] = r.laid
	}
	return err
}

func (c *carrier) note(ctx context.Context, name string, l laid) error {
	if was, ok := c.known[name]; ok && was == l {
		return nil
	}
	c.known[name] = l
	return c.e.exec(ctx, `INSERT OR REPLACE INTO share_content (name, size, mtime, sound, since) VALUES (?, ?, ?, ?, ?)`, name, l.size, l.mtime, l.sound, l.since)
}

// one brings one content into step. It says when it waits.
func (c *carrier) one(ctx context.Context, n attach.Named, lies []fs.FileInfo) (*Waiting, error) {
	var proper fs.FileInfo
	for _, info := range lies {
		if info.Name() == n.Name {
			proper = info
		}
	}
	was := c.known[n.Name]
	has := c.here.Has(n.Name)
	if has && was.sound && was.is(proper) {
		return nil, nil
	}
	var trouble error
	for _, info := range slices.Insert(slices.DeleteFunc(slices.Clone(lies), func(i fs.FileInfo) bool { return i == proper }), 0, proper) {
		if info == nil || info.Size() == 0 {
			continue
		}
		var err error
		if has {
			err = c.there.Verify(ctx, info.Name())
		} else if err = c.there.CopyTo(ctx, info.Name(), c.here); err == nil {
			has = true
		}
		if err == nil && info == proper {
			return nil, c.note(ctx, n.Name, laid{size: info.Size(), mtime: info.ModTime().UnixNano(), sound: true})
		}
		if err != nil && !attach.IsBroken(err) && !errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		if trouble == nil {
			trouble = err
		}
	}
	since := was.since
	if since == 0 {
		since = c.now
	}
	missed := time.Duration(c.now-since) * time.Millisecond
	if has && (n.Own && proper == nil || missed >= healAfter || missed < 0) && !c.under(n.Name) {
		if err := c.here.CopyTo(ctx, n.Name, c.there); err != nil {
			if attach.IsBroken(err) { // what lies here is damaged: the others may have it
				return nil, c.here.Remove(n.Name)
			}
			return nil, err
		}
		info, err := os.Stat(filepath.Join(c.there.Dir, n.Name))
		if err != nil {
			return nil, err
		}
		return nil, c.note(ctx, n.Name, laid{size: info.Size(), mtime: info.ModTime().UnixNano(), sound: true})
	}
	l := laid{since: since}
	if proper != nil {
		l.size, l.mtime = proper.Size(), proper.ModTime().UnixNano()
	}
	if err := c.note(ctx, n.Name, l); err != nil || has {
		return nil, err
	}
	w := &Waiting{Name: c.e.local.name + attach.FolderSuffix + "/" + n.Name, Since: time.UnixMilli(since)}
	w.Kind, w.Sentence, w.Hint = explain(cmp.Or(trouble, errNoContent))
	return w, nil
}

// under says whether a file service keeps a place for the content: it lies online only.
func (c *carrier) under(name string) bool {
	_, err := os.Lstat(filepath.Join(c.there.Dir, "."+name+".icloud"))
	return err == nil
}

// collect takes away what no row names any more. What was wanted once and is not now was
// erased, and goes at once, here and in the folder. What was never wanted may be somebody's
// whose row is on its way: it goes after as long as small files stay, if nothing waits.
func (c *carrier) collect(ctx context.Context, named []attach.Named, files map[string][]fs.FileInfo) error {
	wanted := map[string]bool{}
	for _, n := range named {
		wanted[n.Name] = true
	}
	for name := range c.known {
		if wanted[name] {
			continue
		}
		if err := c.here.Remove(name); err != nil {
			return err
		}
		for _, info := range files[name] {
			if err := c.there.Remove(info.Name()); err != nil {
				return err
			}
		}
		delete(files, name)
		if err := c.e.exec(ctx, `DELETE FROM share_content WHERE name = ?`, name); err != nil {
			return err
		}
	}
	old := c.e.cb.Now().Add(-keepChanges)
	for _, of := range files {
		for _, info := range of {
			if len(c.e.report.Waiting) == 0 && info.ModTime().Before(old) {
				if err := c.there.Remove(info.Name()); err != nil {
					return err
				}
			}
		}
	}
	return attach.Sweep(ctx, c.e.cb)
}

// ForgetContents removes contents, by the names of their files, from the folder that a
// casebook is shared through, if it is and can be reached.
func ForgetContents(ctx context.Context, cb *casebook.Casebook, names []string) error {
	e, err := newEngine(ctx, cb, Options{})
	if err != nil {
		return nil //nolint:nilerr // it is not shared
	}
	there := e.folderContents()
	files, err := there.Files()
	if err != nil {
		return err
	}
	for _, name := range names {
		for _, info := range files[name] {
			if err := there.Remove(info.Name()); err != nil {
				return err
			}
		}
		if err := e.exec(ctx, `DELETE FROM share_content WHERE name = ?`, name); err != nil {
			return err
		}
	}
	return nil
}
