package share

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/ids"
)

// erasedRows are the records of what was erased for ever that came whole.
const erasedRows = `SELECT id FROM erasure WHERE item_id IS NOT NULL ORDER BY id`

// KeepErasures adds to the file at path what was erased for ever, and nothing else, in
// the form of a shared folder. Beside a backup it keeps that from coming back with it.
func KeepErasures(ctx context.Context, cb *casebook.Casebook, path string) error {
	said := readErasures(cb, path)
	has := map[ids.ID]bool{}
	for _, r := range said {
		has[r.id] = true
	}
	var file bytes.Buffer
	err := cb.Snapshot(ctx, func(q casebook.Querier) error {
		all, err := casebook.Collect(ctx, q, casebook.Value[ids.ID], erasedRows)
		if err != nil || !slices.ContainsFunc(all, func(id ids.ID) bool { return !has[id] }) {
			return err
		}
		x, err := newExtract(ctx, cb, q)
		if err != nil {
			return err
		}
		for _, id := range all {
			if has[id] {
				continue
			}
			r, err := x.rowOf(x.schema.byName["erasure"], id)
			if err != nil {
				return err
			}
			if r != nil {
				said = append(said, r)
			}
		}
		a := &about{schema: x.about.schema, writer: x.about.writer, at: x.about.at, names: map[ids.ID]string{}, claims: vector{}}
		return a.seal(&file, container.Own(cb.Key()), said)
	})
	if err != nil || file.Len() == 0 {
		return err
	}
	return durable.Write(path, file.Bytes(), 0o600)
}

// readErasures are the records in the file at path; of what is no sound file of this
// casebook, none.
func readErasures(cb *casebook.Casebook, path string) []*record {
	c, err := openContents(path, container.Own(cb.Key()))
	if err != nil {
		return nil
	}
	defer c.close()
	said, err := c.append(nil)
	if err != nil {
		return nil
	}
	return said
}

// ApplyErasures empties what the file at path says was erased, unless that is known.
func ApplyErasures(ctx context.Context, cb *casebook.Casebook, path string) error {
	said := readErasures(cb, path)
	if len(said) == 0 {
		return nil
	}
	here, err := casebook.Collect(ctx, cb.Reader(), casebook.Value[ids.ID], erasedRows)
	if err != nil || !slices.ContainsFunc(said, func(r *record) bool { return !slices.Contains(here, r.id) }) {
		return err
	}
	e := loose(cb, Options{})
	return e.mergePath(ctx, path)
}

// structure are the columns that say where a row belongs and who may see it. They stay
// when its content is erased.
var structure = []string{"id", "subject", "visibility", "sensitivity", "key", "tbl", "item_tbl", "template", "created_at"}

// erase empties what was erased for ever, however often a file brings it back.
func (a *applier) erase() error {
	for item := range a.touched.items {
		for _, t := range a.schema.tables {
			if t.Table == "erasure" {
				continue
			}
			if err := a.eraseWhere(t, "id", item); err != nil {
				return err
			}
			for _, of := range []string{"note_id", "field_id", "holder_id"} {
				if t.col(of) < 0 || t.Table == "note_lock" {
					continue
				}
				if err := a.eraseWhere(t, of, item); err != nil {
					return err
				}
			}
		}
		// The nonce goes, the commitment stays: it says no more than that there was something.
		if err := a.exec(`UPDATE note_lock SET nonce = NULL WHERE nonce IS NOT NULL AND note_id IN (SELECT ?1 UNION SELECT note_id FROM note_field WHERE id = ?1)`, item); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) eraseWhere(t *table, col string, item ids.ID) error {
	rows, err := casebook.Collect(a.ctx, a.to, casebook.Value[ids.ID], `SELECT id FROM `+t.Table+` WHERE `+col+` = ?`, item)
	if err != nil {
		return err
	}
	var set []string
	var values []any
	for _, c := range t.cols {
		if c.parent == "" && !slices.Contains(structure, c.name) && (c.kind == "TEXT" || c.name == "deleted") {
			set = append(set, c.name+" = ?")
			v := c.dflt
			if c.name == "deleted" {
				v = int64(1)
			}
			values = append(values, v)
		}
	}
	for _, id := range rows {
		if err := a.exec(`UPDATE `+t.Table+` SET `+strings.Join(set, ", ")+` WHERE id = ?`, append(slices.Clone(values), id)...); err != nil {
			return err
		}
		for _, s := range []string{`UPDATE history SET old = NULL WHERE tbl = ? AND id = ? AND old IS NOT NULL`, `DELETE FROM lost WHERE tbl = ? AND id = ?`} {
			if err := a.exec(s, t.Num, id); err != nil {
				return err
			}
		}
	}
	return nil
}
