package share

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

const (
	// keepChanges is how long a small file stays after a snapshot covers it, for computers
	// that are on their way to it. Who was silent for so long reads the snapshot instead.
	keepChanges = 90 * 24 * time.Hour
	// Small files that a snapshot covers are kept for those who have not read them up to
	// this part of it, beyond what is not worth a thought: the folder stays small.
	keepPart = 10
	keepSize = 16 << 10
	// staleTemp is how old what somebody's crash left behind must be before it is swept.
	staleTemp = time.Hour
)

// tidy takes away what the folder covers without it: copies go to the backups, small
// files that everybody has read go for good, and those of one day become one.
func (e *engine) tidy(ctx context.Context, files []file) error {
	for i := range files {
		f := &files[i]
		if (e.isCopy(f) || e.isStray(f)) && others(files, i).covers(f.claims) {
			away := e.putAway
			if e.gone.maybeIn(f) {
				away = e.remove // a copy of before would keep what was erased
			}
			if err := away(f); err != nil {
				return err
			}
			f.claims = nil
		}
	}
	for _, keep := range []func(context.Context, []file) error{e.compact, e.joinDays, e.acknowledge} {
		if err := keep(ctx, files); err != nil && !errors.As(err, new(*fs.PathError)) && !errors.As(err, new(*os.LinkError)) {
			return err // a folder that takes nothing now is kept small at another turn
		}
	}
	e.sweep()
	return e.forget(ctx, files)
}

// isStray says whether a file is one of changes under a name that no computer gives.
func (e *engine) isStray(f *file) bool {
	return f.trouble == nil && f.kind == changes && e.opts.Backups != "" && authorOf(f.path).IsZero()
}

// authorOf is the device that the name of a change file says, none for any other name.
func authorOf(path string) ids.ID {
	name, ok := strings.CutSuffix(path[strings.LastIndex(path, "/")+1:], changeSuffix)
	i := len(name) - seqDigits - 1
	if !ok || i < 0 || name[i] != '-' {
		return ids.Nil
	}
	dev, err := ids.Parse(name[:i])
	if err != nil || ownNumber(path, dev) == 0 {
		return ids.Nil
	}
	return dev
}

// compact removes small files that a snapshot covers, once everybody has read them or has
// had long enough to. They are this computer's own, or of one that takes part no longer.
func (e *engine) compact(ctx context.Context, files []file) error {
	var company []ids.ID
	var read map[ids.ID]vector
	crowded := crowdedBefore(files)
	for i := range files {
		f := &files[i]
		author := authorOf(f.path)
		if f.trouble != nil || f.kind != changes || author.IsZero() || !inSnapshot(files, f.claims) {
			continue
		}
		if read == nil {
			var err error
			if company, err = e.company(ctx); err != nil {
				return err
			}
			read = readBy(files)
		}
		overdue := e.cb.Now().Add(-keepChanges).UnixMilli()
		old := f.since <= max(crowded, overdue)
		own := author == e.cb.Device()
		if len(f.claims) == 0 && f.since > overdue { // who is left out has to hear of it
			continue
		}
		unread := slices.ContainsFunc(company, func(d ids.ID) bool { return !read[d].covers(f.claims) })
		if own && (old || !unread) || old && !slices.Contains(company, author) {
			if err := e.remove(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// crowdedBefore is the time before which the small files that a snapshot covers are too
// much beside it: who has not read them reads the snapshot.
func crowdedBefore(files []file) int64 {
	var covered []*file
	budget := int64(keepSize)
	for i := range files {
		f := &files[i]
		switch {
		case f.trouble != nil:
		case f.kind == snapshot:
			budget = max(budget, keepSize+f.size/keepPart)
		case f.kind == changes && inSnapshot(files, f.claims):
			covered = append(covered, f)
		}
	}
	slices.SortFunc(covered, func(a, b *file) int { return cmp.Compare(b.since, a.since) })
	for _, f := range covered {
		if budget -= f.size; budget < 0 {
			return f.since
		}
	}
	return 0
}

// remove takes a file away that the folder covers without.
func (e *engine) remove(f *file) error {
	if err := os.Remove(filepath.Join(e.local.folder, filepath.FromSlash(f.path))); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f.claims = nil
	return nil
}

func inSnapshot(files []file, claims vector) bool {
	for i := range files {
		if f := &files[i]; f.kind == snapshot && f.trouble == nil && !f.old && f.claims.covers(claims) {
			return true
		}
	}
	return false
}

// sweep removes what a crash left behind long ago; what cannot be removed does no harm.
func (e *engine) sweep() {
	for _, dir := range []string{e.local.folder, filepath.Join(e.local.folder, e.local.name+changesSuffix)} {
		left, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
		if err != nil {
			continue
		}
		for _, path := range left {
			if info, err := os.Stat(path); err == nil && e.cb.Now().Sub(info.ModTime()) > staleTemp {
				os.Remove(path)
			}
		}
	}
}

// forget drops what was remembered of files that are no longer there.
func (e *engine) forget(ctx context.Context, files []file) error {
	there := map[string]bool{}
	for i := range files {
		there[files[i].path] = true
	}
	remembered, err := casebook.Collect(ctx, e.cb.Whole(), casebook.Value[string], `SELECT path FROM share_file`)
	if err != nil {
		return err
	}
	for _, path := range remembered {
		if !there[path] {
			if err := e.exec(ctx, `DELETE FROM share_file WHERE path = ?`, path); err != nil {
				return err
			}
		}
	}
	return nil
}
