package share

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// notShown are the columns that say nothing to a person: how locks hang together, and
// what they were sealed with.
var notShown = map[string][]string{"note_lock": {"device", "seq", "nonce", "commitment", "chain", "covers"}}

// Dump writes everything a person can see in a casebook as text: tables by name, rows
// by id, a line for every value, parallel versions of a text side by side, and the values
// that lost to others. Nothing in it belongs to one computer: two casebooks that have
// the same changes give the same bytes.
func Dump(ctx context.Context, cb *casebook.Casebook, w io.Writer) error {
	return cb.Snapshot(ctx, func(q casebook.Querier) error {
		s, err := readSchema(ctx, q)
		if err != nil {
			return err
		}
		d := &dumper{ctx: ctx, q: q, schema: s, w: bufio.NewWriterSize(w, 1<<16)}
		tables := slices.DeleteFunc(slices.Clone(s.tables), func(t *table) bool { return t.Audience == casebook.Keys })
		slices.SortFunc(tables, func(a, b *table) int { return strings.Compare(a.Table, b.Table) })
		for _, t := range tables {
			if err := d.table(t); err != nil {
				return fmt.Errorf("table %s: %w", t.Table, err)
			}
		}
		if err := d.lost(); err != nil {
			return err
		}
		return d.w.Flush()
	})
}

type dumper struct {
	ctx    context.Context
	q      casebook.Querier
	schema *schema
	w      *bufio.Writer
}

func (d *dumper) table(t *table) error {
	cols := slices.Clone(t.cols)
	slices.SortFunc(cols, func(a, b column) int { return strings.Compare(a.name, b.name) })
	cols = slices.DeleteFunc(cols, func(c column) bool { return c.name == "id" || slices.Contains(notShown[t.Table], c.name) })
	names := []string{"id"}
	for _, c := range cols {
		names = append(names, c.name)
	}
	rows, err := d.q.QueryContext(d.ctx, `SELECT `+strings.Join(names, ", ")+` FROM `+t.Table+` t WHERE NOT EXISTS (SELECT 1 FROM share_stub s WHERE s.tbl = ? AND s.id = t.id) AND `+t.KeptHere("t")+` ORDER BY t.id`, t.Num)
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := rowBuffer(len(names))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		id, _ := values[0].([]byte)
		fmt.Fprintf(d.w, "%s %s\n", t.Table, shown(id))
		for i, c := range cols {
			if !same(values[i+1], c.dflt) {
				fmt.Fprintf(d.w, "  %s: %s\n", c.name, shown(values[i+1]))
			}
		}
		if t.Table == "note_field" {
			if err := d.versions(ids.ID(id)); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// versions are the texts of a field that no later one followed, when there are several.
func (d *dumper) versions(field ids.ID) error {
	type text struct {
		rev
		body string
	}
	texts, err := casebook.Collect(d.ctx, d.q, func(r *sql.Rows, t *text) error {
		var parents string
		err := r.Scan(&t.id, &parents, &t.body)
		t.parents = ids.List(parents)
		return err
	}, `SELECT id, parents, body FROM note_rev r WHERE field_id = ? AND NOT EXISTS (SELECT 1 FROM share_stub s WHERE s.id = r.id) ORDER BY id`, field)
	if err != nil {
		return err
	}
	var revs []rev
	bodies := map[ids.ID]string{}
	for _, t := range texts {
		revs = append(revs, t.rev)
		bodies[t.id] = t.body
	}
	h := heads(revs)
	slices.SortFunc(h, func(a, b rev) int { return compareIDs(a.id, b.id) })
	if len(h) < 2 {
		return nil
	}
	for _, r := range h {
		fmt.Fprintf(d.w, "  version %s: %s\n", r.id, shown(bodies[r.id]))
	}
	return nil
}

// lost are the values that were written without knowing of the one that counts, but for
// those that somebody took since and replaced knowingly.
func (d *dumper) lost() error {
	type value struct {
		tbl int64
		id  ids.ID
		col string
		v   any
	}
	values, err := casebook.Collect(d.ctx, d.q, func(r *sql.Rows, v *value) error { return r.Scan(&v.tbl, &v.id, &v.col, &v.v) },
		`SELECT DISTINCT tbl, id, col, value FROM lost l WHERE NOT EXISTS (SELECT 1 FROM history h WHERE h.tbl = l.tbl AND h.id = l.id AND h.col = l.col AND h.old IS l.value AND h.hlc > l.hlc)`)
	if err != nil {
		return err
	}
	var lines []string
	for _, v := range values {
		t := d.schema.byNum[v.tbl]
		if t.Audience == casebook.Keys {
			continue
		}
		var now any
		err := d.q.QueryRowContext(d.ctx, `SELECT `+v.col+` FROM `+t.Table+` WHERE id = ?`, v.id).Scan(&now)
		if err != nil && err != sql.ErrNoRows {
			return err
		}
		if !same(now, v.v) {
			lines = append(lines, fmt.Sprintf("lost %s %s\n  %s: %s\n", t.Table, v.id, v.col, shown(v.v)))
		}
	}
	slices.Sort(lines)
	for _, l := range lines {
		d.w.WriteString(l)
	}
	return nil
}

// shown is a value as people read it: what is sealed to a coach as that and no more, ids in their usual form, texts over as many lines
// as they have.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		if casebook.Sealed(v) { // made anew, the same text gives another seal
			return "sealed"
		}
		return strings.ReplaceAll(v, "\n", "\n    ")
	case []byte:
		if len(v) == len(ids.ID{}) {
			return ids.ID(v).String()
		}
		return hex.EncodeToString(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprint(v)
}
