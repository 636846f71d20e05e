package share

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"path/filepath"
	"slices"

	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// joinDays makes one small file of the own ones of each day that is over. The new one is
// in the folder before the others go; stopped in between, they go at the next turn.
func (e *engine) joinDays(ctx context.Context, files []file) error {
	const day = 24 * 60 * 60 * 1000
	today := e.cb.Now().UnixMilli() / day
	days := map[int64][]*file{}
	for i := range files {
		f := &files[i]
		if f.trouble != nil || f.kind != changes || f.old || len(f.claims) == 0 || f.since/day >= today || authorOf(f.path) != e.cb.Device() {
			continue
		}
		if e.isPartOfDay(files, i) {
			if err := e.remove(f); err != nil {
				return err
			}
			continue
		}
		if f.size <= container.ChunkSize { // a larger one gains nothing
			days[f.since/day] = append(days[f.since/day], f)
		}
	}
	for _, of := range days {
		if len(of) < 2 {
			continue
		}
		if err := e.joinFiles(ctx, of); err != nil && !isContents(err) {
			return err
		}
	}
	return nil
}

// isPartOfDay says whether another own small file holds all of the i-th, and more.
func (e *engine) isPartOfDay(files []file, i int) bool {
	return slices.ContainsFunc(files, func(o file) bool {
		return o.trouble == nil && o.kind == changes && authorOf(o.path) == e.cb.Device() && o.claims.covers(files[i].claims) && !files[i].claims.covers(o.claims)
	})
}

// joinFiles makes one file of several.
func (e *engine) joinFiles(ctx context.Context, of []*file) error {
	own := e.cb.Device()
	a := &about{writer: own, names: map[ids.ID]string{}, claims: vector{}}
	since := of[0].since
	var records []*record
	for _, f := range of {
		c, err := openContents(filepath.Join(e.local.folder, filepath.FromSlash(f.path)), e.keys)
		if err != nil {
			return err
		}
		records, err = c.append(records)
		c.close()
		if err != nil {
			return err
		}
		a.schema, a.at, since = max(a.schema, c.about.schema), max(a.at, c.about.at), min(since, f.since)
		a.claims.join(c.about.claims)
		a.names[own] = c.about.names[own]
	}
	var joined bytes.Buffer
	if err := a.seal(&joined, e.keys, records); err != nil {
		return err
	}
	f, err := e.placeChanges(ctx, joined.Bytes())
	if err != nil {
		return err
	}
	f.claims, f.since = a.claims, since
	if err := e.cb.Locally(ctx, func(tx *sql.Tx) error {
		return remember(func(q string, args ...any) (sql.Result, error) { return tx.ExecContext(ctx, q, args...) }, f, since)
	}); err != nil {
		return err
	}
	if err := e.step("joined"); err != nil {
		return err
	}
	for _, f := range of {
		if err := e.remove(f); err != nil {
			return err
		}
	}
	return nil
}

// seal writes a file of changes that has those records.
func (a *about) seal(w io.Writer, keys *container.Keys, records []*record) error {
	a.number(a.writer)
	a.numberAll(records)
	return sealed(w, keys, changes, func(out *writer) error {
		out.about(a)
		for _, r := range records {
			out.record(a, r)
		}
		out.record(a, &record{what: recEnd})
		return out.err
	})
}

// append reads all records behind those that are there.
func (c *contents) append(to []*record) ([]*record, error) {
	for {
		r := new(record)
		if err := c.record(c.about, r); err != nil || r.what == recEnd {
			return to, err
		}
		to = append(to, r)
	}
}
