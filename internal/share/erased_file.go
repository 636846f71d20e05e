package share

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/ids"
)

// erasedTables are what another casebook must know to erase the same: what was erased,
// what was left, and what stands in the place of texts.
var erasedTables = []string{"hold", "redaction", "erasure"}

// erasedRows are the records of erasure that came whole.
const erasedRows = `SELECT id FROM erasure WHERE item_id IS NOT NULL ORDER BY id`

// KeepErasures adds to the file at path what was erased for ever, and nothing else, in
// the form of a shared folder. Beside a backup it keeps that from coming back with it.
func KeepErasures(ctx context.Context, cb *casebook.Casebook, path string) error {
	return keepErasures(ctx, cb, path, container.Own(cb.Key()))
}

// keepErasures is KeepErasures under other keys: in a folder those of it, for what was left
// out and written instead says something of clients.
func keepErasures(ctx context.Context, cb *casebook.Casebook, path string, under *container.Keys) error {
	said, err := readErasures(ctx, cb, path)
	if err != nil {
		return err
	}
	has := map[ids.ID]bool{}
	for _, r := range said {
		has[r.id] = true
	}
	var file bytes.Buffer
	err = cb.Snapshot(ctx, func(q casebook.Querier) error {
		all, err := casebook.Collect(ctx, q, casebook.Value[ids.ID], erasedRows)
		if err != nil || !slices.ContainsFunc(all, func(id ids.ID) bool { return !has[id] }) {
			return err
		}
		x, err := newExtract(ctx, cb, q)
		if err != nil {
			return err
		}
		for _, tbl := range erasedTables {
			all, err := casebook.Collect(ctx, q, casebook.Value[ids.ID], `SELECT id FROM `+tbl+` WHERE item_id IS NOT NULL ORDER BY id`)
			if err != nil {
				return err
			}
			for _, id := range all {
				if has[id] {
					continue
				}
				r, err := x.rowOf(x.schema.byName[tbl], id)
				if err != nil {
					return err
				}
				if r != nil {
					said = append(said, r)
				}
			}
		}
		a := &about{schema: x.about.schema, writer: x.about.writer, at: x.about.at, names: map[ids.ID]string{}, claims: vector{}}
		return a.seal(&file, under, said)
	})
	if err != nil || file.Len() == 0 {
		return err
	}
	return durable.Write(path, file.Bytes(), 0o600)
}

// readErasures are the records in the file at path; of what is no sound file of this
// casebook, none.
func readErasures(ctx context.Context, cb *casebook.Casebook, path string) ([]*record, error) {
	keys, err := keysOf(ctx, cb)
	if err != nil {
		return nil, err
	}
	c, err := openContents(path, keys)
	if err != nil {
		return nil, nil //nolint:nilerr // none, or not of this casebook
	}
	defer c.close()
	said, err := c.append(nil)
	if err != nil {
		return nil, nil //nolint:nilerr // damaged: it says nothing
	}
	return said, nil
}

// ApplyErasures empties what the file at path says was erased, unless that is known.
func ApplyErasures(ctx context.Context, cb *casebook.Casebook, path string) error {
	said, err := readErasures(ctx, cb, path)
	if err != nil || len(said) == 0 {
		return err
	}
	known := map[ids.ID]bool{}
	for _, tbl := range erasedTables {
		here, err := casebook.Collect(ctx, cb.Whole(), casebook.Value[ids.ID], `SELECT id FROM `+tbl)
		if err != nil {
			return err
		}
		for _, id := range here {
			known[id] = true
		}
	}
	if !slices.ContainsFunc(said, func(r *record) bool { return !known[r.id] }) {
		return nil
	}
	e := loose(cb, Options{})
	if e.keys, err = keysOf(ctx, cb); err != nil {
		return err
	}
	return e.mergePath(ctx, path)
}

// RemoveMerged removes a copy of the folder's snapshot, or a stray small file, that was
// put with the backups, once all that it holds is here: it may hold what was erased.
func RemoveMerged(ctx context.Context, cb *casebook.Casebook, path string) error {
	e := &engine{cb: cb}
	f := &file{}
	keys, err := keysOf(ctx, cb)
	if err != nil {
		return err
	}
	c, err := openContents(path, keys)
	if err != nil {
		return nil // none of this casebook, or damaged: not ours to remove
	}
	f.claims = c.about.claims
	c.close()
	all, err := e.hasAll(ctx, f.claims)
	if err != nil || !all {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
