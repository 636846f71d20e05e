package share

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// ErasedName is the file with the records of erasure alone, beside the backups and in the
// folder of small files.
const ErasedName = "erased"

// gone is what a turn has to know of erasures: a file of the folder that was written before
// one, or that brought something back, holds what was erased.
type gone struct {
	claims vector          // the actions that erased
	before int64           // the latest of their clocks
	files  map[string]bool // files that brought back what was erased
}

// readErased looks which erasures there are.
func (e *engine) readErased(ctx context.Context) error {
	e.gone = gone{claims: vector{}, files: map[string]bool{}}
	q := e.cb.Whole()
	err := casebook.Each(ctx, q, func(r *sql.Rows) error {
		var dev ids.ID
		var hlc int64
		if err := r.Scan(&dev, &hlc); err != nil {
			return err
		}
		e.gone.claims.add(dev, span{hlc - 1, hlc})
		e.gone.before = max(e.gone.before, hlc)
		return nil
	}, `SELECT DISTINCT d.uuid, c.hlc FROM erasure x JOIN row_clock c ON c.id = x.id AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'erasure' AND col = '*') JOIN device d ON d.n = c.dev WHERE x.item_id IS NOT NULL`)
	if err != nil {
		return err
	}
	due, err := e.cb.EraseDue(ctx)
	for _, what := range due {
		if path, ok := strings.CutPrefix(what, dueFile); ok {
			e.gone.files[path] = true
		}
	}
	return err
}

// maybeIn says whether a file may hold what was erased. What the computer that erased had
// read has an earlier clock than the erasure; what came later and held it was noted.
func (g *gone) maybeIn(f *file) bool {
	if len(g.claims) == 0 || f.kind == seen {
		return false
	}
	if g.files[f.path] {
		return true
	}
	if f.kind == snapshot {
		return !f.claims.covers(g.claims)
	}
	for _, spans := range f.claims {
		if len(spans) > 0 && spans[0].after < g.before && !g.claims.covers(f.claims) { // but for one that erased and did nothing else
			return true
		}
	}
	return false
}

// mayHoldErased says whether any sound file of the folder does: then a snapshot without it
// has to take its place.
func (e *engine) mayHoldErased(files []file) bool {
	return len(e.gone.claims) > 0 && slices.ContainsFunc(files, func(f file) bool {
		return f.trouble == nil && len(f.claims) > 0 && e.gone.maybeIn(&f) && !e.inClean(files, &f)
	})
}

// scour takes from the folder every file that may hold what was erased, once a snapshot
// covers it that was written after: whoever has not read them reads that.
func (e *engine) scour(ctx context.Context, files []file) error {
	if len(e.gone.claims) == 0 {
		return nil
	}
	for i := range files {
		f := &files[i]
		if f.trouble != nil || len(f.claims) == 0 || f.path == e.local.name+snapshotSuffix || !e.gone.maybeIn(f) || !e.inClean(files, f) {
			continue
		}
		if err := e.remove(f); err != nil && !errors.As(err, new(*fs.PathError)) {
			return err // what cannot be taken away now is at another turn
		}
	}
	for path := range e.gone.files {
		if _, err := os.Stat(filepath.Join(e.local.folder, filepath.FromSlash(path))); os.IsNotExist(err) {
			if err := e.cb.EraseDone(ctx, dueFile+path); err != nil {
				return err
			}
		}
	}
	return keepErasures(ctx, e.cb, filepath.Join(e.local.folder, e.local.name+changesSuffix, ErasedName), e.seals())
}

// inClean says whether a snapshot that holds nothing of what was erased covers all of f.
func (e *engine) inClean(files []file, f *file) bool {
	return slices.ContainsFunc(files, func(s file) bool {
		return s.path != f.path && s.kind == snapshot && s.trouble == nil && !e.gone.maybeIn(&s) && s.claims.covers(f.claims)
	})
}

// isClean notes that a file was written anew, without what was erased.
func (e *engine) isClean(ctx context.Context, path string) error {
	if !e.gone.files[path] {
		return nil
	}
	delete(e.gone.files, path)
	return e.cb.EraseDone(ctx, dueFile+path)
}

// FolderErasures is where a casebook that is shared finds the records of erasure of its
// folder; "" when it is not shared.
func FolderErasures(ctx context.Context, cb *casebook.Casebook) (string, error) {
	e := &engine{cb: cb}
	folder, err := Folder(ctx, cb)
	if err != nil || folder == "" {
		return "", err
	}
	if err := e.load(ctx); err != nil {
		return "", err
	}
	return filepath.Join(e.local.folder, e.local.name+changesSuffix, ErasedName), nil
}
