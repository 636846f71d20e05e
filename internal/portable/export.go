package portable

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Export writes everything that casebook c holds to w, as it stands at one moment. It
// keeps one row in memory at a time.
func Export(ctx context.Context, c *casebook.Casebook, w io.Writer) error {
	if err := c.OwnerOnly(); err != nil { // it reads everything
		return err
	}
	return c.Snapshot(ctx, func(q casebook.Querier) error {
		x := &exporter{ctx: ctx, q: q, seals: c, files: attach.Of(c), w: bufio.NewWriterSize(w, 1<<18), devices: map[int64]string{}, tables: map[int64]table{}}
		if err := x.export(); err != nil {
			return err
		}
		return x.w.Flush()
	})
}

type exporter struct {
	ctx     context.Context
	q       casebook.Querier
	seals   casebook.Seals
	files   attach.Store
	sealed  map[ids.ID]ids.ID // fields and addenda, to whom
	w       *bufio.Writer
	devices map[int64]string // quoted uuid
	tables  map[int64]table
	line    []byte
}

func (x *exporter) export() error {
	tables, err := schema(x.ctx, x.q)
	if err != nil {
		return err
	}
	for _, t := range tables {
		x.tables[t.Num] = t
	}
	if err := x.readDevices(); err != nil {
		return err
	}
	if err := x.readSealed(); err != nil {
		return err
	}
	a := about{Format: formatName, Schema: casebook.SchemaVersion(), Version: formatVersion}
	if me := x.seals.Me(); !me.IsZero() {
		a.Coach = me.String()
	}
	head, err := json.Marshal(a)
	if err != nil {
		return err
	}
	x.w.WriteString("{\n\"" + secAbout + "\":" + string(head))
	for _, s := range []struct {
		name  string
		write func() error
	}{{secActions, x.actions}, {secAttachments, x.attachments}, {secHistory, x.history}, {secLost, x.lost}} {
		x.w.WriteString(",\n\"" + s.name + "\":[")
		if err := s.write(); err != nil {
			return err
		}
		x.w.WriteString("]")
	}
	x.w.WriteString(",\n\"" + secTables + "\":{")
	for i, t := range tables {
		if i > 0 {
			x.w.WriteString(",")
		}
		x.w.WriteString("\n\"" + t.Table + "\":[")
		if err := x.rows(t); err != nil {
			return fmt.Errorf("table %s: %w", t.Table, err)
		}
		x.w.WriteString("]")
	}
	_, err = x.w.WriteString("\n}\n}\n")
	return err
}

func (x *exporter) readDevices() error {
	return casebook.Each(x.ctx, x.q, func(r *sql.Rows) error {
		var n int64
		var id ids.ID
		if err := r.Scan(&n, &id); err != nil {
			return err
		}
		x.devices[n] = strconv.Quote(id.String())
		return nil
	}, `SELECT n, uuid FROM device`)
}

// clock appends "device":…,"hlc":…; the number stands in quotes because it is longer
// than some readers of JSON can hold.
func (x *exporter) clock(b []byte, hlc, dev int64) ([]byte, error) {
	d, ok := x.devices[dev]
	if !ok {
		return nil, fmt.Errorf("device %d is not known", dev)
	}
	b = append(append(b, `"device":`...), d...)
	b = append(strconv.AppendInt(append(b, `,"hlc":"`...), hlc, 10), '"')
	return b, nil
}

// element writes one element of a list on a line of its own.
func (x *exporter) element(first *bool) {
	if !*first {
		x.w.WriteByte(',')
	}
	*first = false
	x.w.WriteByte('\n')
	x.w.Write(x.line)
}

func (x *exporter) actions() error {
	first := true
	coach := column{name: "coach_id", kind: "BLOB", id: true}
	return casebook.Each(x.ctx, x.q, func(r *sql.Rows) error {
		var hlc, dev int64
		var by []byte
		var name string
		if err := r.Scan(&hlc, &dev, &by, &name); err != nil {
			return err
		}
		var who any
		if by != nil {
			who = by
		}
		b, err := coach.appendValue(append(x.line[:0], `{"coach":`...), who)
		if err != nil {
			return err
		}
		if b, err = x.clock(append(b, ','), hlc, dev); err != nil {
			return err
		}
		x.line = append(appendString(append(b, `,"name":`...), name), '}')
		x.element(&first)
		return nil
	}, `SELECT a.hlc, a.dev, a.coach_id, a.name FROM action a JOIN device d ON d.n = a.dev WHERE a.name <> '`+casebook.ExportAction+`' ORDER BY a.hlc, d.uuid`)
}

// keyTables are the tables of which nothing leaves.
const keyTables = `(SELECT num FROM schema_rule WHERE audience = '` + casebook.Keys + `')`

// history is what stood in a column before each change.
func (x *exporter) history() error {
	return x.values("old", `SELECT h.tbl, h.id, h.col, h.old, h.hlc, h.dev FROM history h JOIN device d ON d.n = h.dev WHERE h.tbl NOT IN `+keyTables+` AND h.id NOT IN kept_here ORDER BY h.hlc, d.uuid, h.n`)
}

// lost are the values that lost to one whose author had not seen them.
func (x *exporter) lost() error {
	return x.values("value", `SELECT l.tbl, l.id, l.col, l.value, l.hlc, l.dev FROM lost l JOIN device d ON d.n = l.dev WHERE l.tbl NOT IN `+keyTables+` ORDER BY l.hlc, d.uuid, l.tbl, l.id, l.col`)
}

// values writes values of columns with their clocks; name is what a value is called.
func (x *exporter) values(name, query string) error {
	first := true
	return casebook.Each(x.ctx, x.q, func(r *sql.Rows) error {
		var tbl, hlc, dev int64
		var id ids.ID
		var col string
		var v any
		if err := r.Scan(&tbl, &id, &col, &v, &hlc, &dev); err != nil {
			return err
		}
		t, ok := x.tables[tbl]
		if !ok {
			return fmt.Errorf("table %d is not known", tbl)
		}
		c, ok := t.byName[col]
		if !ok {
			return fmt.Errorf("column %s of %s is not known", col, t.Table)
		}
		b := appendString(append(x.line[:0], `{"column":`...), col)
		b, err := x.clock(append(b, ','), hlc, dev)
		if err != nil {
			return err
		}
		b = appendString(append(b, `,"id":`...), id.String())
		parts := [2]struct{ key string }{{"table"}, {name}} // in alphabetical order
		if name < "table" {
			parts[0], parts[1] = parts[1], parts[0]
		}
		for _, p := range parts {
			b = append(appendString(append(b, ','), p.key), ':')
			if p.key == "table" {
				b = appendString(b, t.Table)
			} else if b, err = c.appendValue(b, v); err != nil {
				return err
			}
		}
		x.line = append(b, '}')
		x.element(&first)
		return nil
	}, query)
}

// rows writes a table by id, each row with the clocks of its columns beside it.
func (x *exporter) rows(t table) error {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = "t." + c.name
	}
	clocks, err := x.columnClocks(t.Num)
	if err != nil {
		return err
	}
	defer clocks.close()
	var id ids.ID
	var hlc, dev sql.NullInt64
	values := make([]any, len(t.columns))
	into := []any{&id}
	for i := range values {
		into = append(into, &values[i])
	}
	into = append(into, &hlc, &dev)
	first := true
	return casebook.Each(x.ctx, x.q, func(r *sql.Rows) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		b := append(x.line[:0], `{"clock":`...)
		if hlc.Valid {
			b = append(b, `{"columns":{`...)
			var err error
			if b, err = clocks.appendOf(b, id); err != nil {
				return err
			}
			if b, err = x.clock(append(b, "},"...), hlc.Int64, dev.Int64); err != nil {
				return err
			}
			b = append(b, '}')
		} else {
			b = append(b, "null"...)
		}
		b = append(b, `,"row":{`...)
		for i, c := range t.columns {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, c.name), ':')
			if sealed := x.appendSealed(b, t, c, id, values); sealed != nil {
				b = sealed
				continue
			}
			var err error
			if b, err = c.appendValue(b, values[i]); err != nil {
				return err
			}
		}
		x.line = append(b, "}}"...)
		x.element(&first)
		return nil
	}, `SELECT t.id, `+strings.Join(names, ", ")+`, k.hlc, k.dev FROM `+t.Table+` t LEFT JOIN row_clock k ON k.tbl = ? AND k.id = t.id WHERE `+t.KeptHere("t")+` ORDER BY t.id`, t.Num)
}

// readSealed finds what is sealed to a coach.
func (x *exporter) readSealed() error {
	type row struct{ id, to ids.ID }
	all, err := casebook.Collect(x.ctx, x.q, func(r *sql.Rows, s *row) error { return r.Scan(&s.id, &s.to) },
		`SELECT id, sealed_to FROM note_field WHERE sealed_to IS NOT NULL UNION ALL SELECT id, sealed_to FROM addendum WHERE sealed_to IS NOT NULL`)
	x.sealed = map[ids.ID]ids.ID{}
	for _, s := range all {
		x.sealed[s.id] = s.to
	}
	return err
}

// appendSealed writes a text that is sealed: as it reads where it is the exporting
// coach's, else as it is kept. It returns nil for every other value.
func (x *exporter) appendSealed(b []byte, t table, c column, id ids.ID, values []any) []byte {
	where, ok := textOf[t.Table]
	if !ok || c.name != where.body {
		return nil
	}
	of, body := id, ""
	for i, other := range t.columns {
		switch v := values[i].(type) {
		case string:
			if other.name == where.body {
				body = v
			}
		case []byte:
			if other.name == where.of && len(v) == len(ids.ID{}) {
				of = ids.ID(v)
			}
		}
	}
	if _, sealed := x.sealed[of]; !sealed || body == "" {
		return nil
	}
	if plain, ok := x.seals.Unseal(body); ok && x.sealed[of] == x.seals.Me() {
		return appendString(b, plain)
	}
	return append(appendString(append(b, `{"age":`...), body), '}')
}

// columnClocks walks the clocks of a table's columns beside its rows.
type columnClocks struct {
	x    *exporter
	rows *sql.Rows
	more bool
	id   ids.ID
	col  string
	hlc  int64
	dev  int64
}

func (x *exporter) columnClocks(tbl int64) (*columnClocks, error) {
	rows, err := x.q.QueryContext(x.ctx, `SELECT id, col, hlc, dev FROM col_clock WHERE tbl = ? ORDER BY id, col`, tbl)
	if err != nil {
		return nil, err
	}
	c := &columnClocks{x: x, rows: rows}
	if err := c.next(); err != nil {
		rows.Close()
		return nil, err
	}
	return c, nil
}

func (c *columnClocks) close() { c.rows.Close() }

func (c *columnClocks) next() error {
	if c.more = c.rows.Next(); !c.more {
		return c.rows.Err()
	}
	return c.rows.Scan(&c.id, &c.col, &c.hlc, &c.dev)
}

// appendOf writes the clocks of the columns of row id.
func (c *columnClocks) appendOf(b []byte, id ids.ID) ([]byte, error) {
	first := true
	for c.more && string(c.id[:]) <= string(id[:]) {
		if c.id == id {
			if !first {
				b = append(b, ',')
			}
			first = false
			var err error
			if b, err = c.x.clock(append(appendString(b, c.col), `:{`...), c.hlc, c.dev); err != nil {
				return nil, err
			}
			b = append(b, '}')
		}
		if err := c.next(); err != nil {
			return nil, err
		}
	}
	return b, nil
}
