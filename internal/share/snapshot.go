package share

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// writeSnapshot writes the complete state of a casebook to w, as it stands at one
// moment, and returns what it covers.
func writeSnapshot(ctx context.Context, cb *casebook.Casebook, w io.Writer) (claims vector, err error) {
	err = cb.Snapshot(ctx, func(q casebook.Querier) error {
		x, err := newExtract(ctx, cb, q)
		if err != nil {
			return err
		}
		claims = x.about.claims
		return sealed(w, container.Own(cb.Key()), snapshot, func(out *writer) error { return x.everything(out) })
	})
	return claims, err
}

// extract reads records out of a casebook.
type extract struct {
	ctx    context.Context
	q      casebook.Querier
	schema *schema
	about  *about
	devs   map[int64]ids.ID
	own    int64
}

func newExtract(ctx context.Context, cb *casebook.Casebook, q casebook.Querier) (*extract, error) {
	s, err := readSchema(ctx, q)
	if err != nil {
		return nil, err
	}
	claims, devices, err := known(ctx, q)
	if err != nil {
		return nil, err
	}
	x := &extract{
		ctx: ctx, q: q, schema: s, devs: map[int64]ids.ID{}, own: cb.DeviceNumber(),
		about: &about{schema: casebook.SchemaVersion(), writer: cb.Device(), at: min(max(cb.Now().UnixMilli(), 0), maxClock>>16), names: map[ids.ID]string{}, claims: claims},
	}
	for _, d := range devices {
		x.devs[d.n] = d.id
		x.about.names[d.id] = d.name
		x.about.number(d.id)
	}
	return x, nil
}

func (x *extract) stamp(hlc, dev int64) (stamp, error) {
	id, ok := x.devs[dev]
	if !ok {
		return stamp{}, fmt.Errorf("clock of device %d, which is not known", dev)
	}
	return stamp{hlc, id}, nil
}

// everything writes all records: what explains a value before the value.
func (x *extract) everything(w *writer) error {
	w.about(x.about)
	if err := x.actions(w, x.about, `SELECT hlc, dev, coach_id, name FROM action ORDER BY hlc, dev`); err != nil {
		return err
	}
	if err := x.history(func(r *record) error { w.record(x.about, r); return w.err }, `SELECT tbl, id, col, old, hlc, dev FROM history ORDER BY n`); err != nil {
		return err
	}
	for _, t := range x.schema.tables {
		if err := x.rows(w, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Table, err)
		}
	}
	if err := x.lost(func(r *record) error { w.record(x.about, r); return w.err }, `SELECT tbl, id, col, value, hlc, dev FROM lost ORDER BY tbl, id, col, hlc`); err != nil {
		return err
	}
	standIns, err := casebook.Collect(x.ctx, x.q, func(r *sql.Rows, k *cellKey) error { return r.Scan(&k.tbl, &k.id) }, `SELECT tbl, id FROM share_stub ORDER BY tbl, id`)
	if err != nil {
		return err
	}
	for _, k := range standIns {
		r, err := x.standIn(k)
		if err != nil {
			return err
		}
		w.record(x.about, r)
	}
	w.record(x.about, &record{what: recEnd})
	return w.err
}

// standIn is a row that has not come, with the columns of it that have.
func (x *extract) standIn(k cellKey) (*record, error) {
	t := x.schema.byNum[k.tbl]
	own, err := x.clocksOf(t, k.id)
	if err != nil {
		return nil, err
	}
	if len(own) == 0 {
		return &record{what: recStandIn, tbl: k.tbl, id: k.id}, nil
	}
	r := &record{what: recCells, tbl: k.tbl, id: k.id}
	values, into := rowBuffer(len(t.cols))
	if err := x.q.QueryRowContext(x.ctx, `SELECT `+t.names()+` FROM `+t.Table+` WHERE id = ?`, k.id).Scan(into...); err != nil {
		return nil, err
	}
	for i := range t.cols {
		if at, ok := own[i]; ok {
			r.cells = append(r.cells, cell{col: i, value: values[i], stamp: at, own: true})
		}
	}
	return r, nil
}

func (x *extract) actions(w *writer, a *about, query string, args ...any) error {
	rows, err := x.q.QueryContext(x.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hlc, dev int64
		r := record{what: recAction}
		if err := rows.Scan(&hlc, &dev, &r.coach, &r.name); err != nil {
			return err
		}
		if r.stamp, err = x.stamp(hlc, dev); err != nil {
			return err
		}
		w.record(a, &r)
	}
	return rows.Err()
}

func (x *extract) history(give func(*record) error, query string, args ...any) error {
	return x.values(recHistory, give, query, args...)
}

func (x *extract) lost(give func(*record) error, query string, args ...any) error {
	return x.values(recLost, give, query, args...)
}

func (x *extract) values(what byte, give func(*record) error, query string, args ...any) error {
	rows, err := x.q.QueryContext(x.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := record{what: what}
		var col string
		var hlc, dev int64
		if err := rows.Scan(&r.tbl, &r.id, &col, &r.value, &hlc, &dev); err != nil {
			return err
		}
		t := x.schema.byNum[r.tbl]
		if t == nil {
			continue
		}
		if r.col = t.col(col); r.col < 0 || t.cols[r.col].derived {
			continue
		}
		if r.stamp, err = x.stamp(hlc, dev); err != nil {
			return err
		}
		if err := give(&r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// colClock is the stamp of a column that was changed after its row was made.
type colClock struct {
	id  ids.ID
	col int
	at  stamp
}

// rows writes a table: its rows and its column clocks are read side by side, both by id.
func (x *extract) rows(w *writer, t *table) error {
	clocks, err := x.q.QueryContext(x.ctx, `SELECT id, col, hlc, dev FROM col_clock WHERE tbl = ? ORDER BY id`, t.Num)
	if err != nil {
		return err
	}
	defer clocks.Close()
	var next colClock
	more := true
	advance := func() error {
		for more = clocks.Next(); more; more = clocks.Next() {
			var col string
			var hlc, dev int64
			if err := clocks.Scan(&next.id, &col, &hlc, &dev); err != nil {
				return err
			}
			if next.col = t.col(col); next.col < 0 || t.cols[next.col].derived {
				continue
			}
			next.at, err = x.stamp(hlc, dev)
			return err
		}
		return clocks.Err()
	}
	if err := advance(); err != nil {
		return err
	}
	prefixed := make([]string, len(t.cols))
	for i, c := range t.cols {
		prefixed[i] = "t." + c.name
	}
	rows, err := x.q.QueryContext(x.ctx, `SELECT coalesce(c.hlc, 0), coalesce(c.dev, ?1), `+strings.Join(prefixed, ", ")+` FROM `+t.Table+` t
		LEFT JOIN row_clock c ON c.id = t.id AND c.tbl = ?2 WHERE NOT EXISTS (SELECT 1 FROM share_stub s WHERE s.tbl = ?2 AND s.id = t.id) ORDER BY t.id`, x.own, t.Num)
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := rowBuffer(len(t.cols))
	var hlc, dev int64
	into = append([]any{&hlc, &dev}, into...)
	own := map[int]stamp{}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		var id ids.ID
		copy(id[:], values[0].([]byte))
		clear(own)
		for more && compareIDs(next.id, id) <= 0 {
			if next.id == id {
				own[next.col] = next.at
			}
			if err := advance(); err != nil {
				return err
			}
		}
		at, err := x.stamp(hlc, dev)
		if err != nil {
			return err
		}
		w.record(x.about, rowRecord(t, id, at, values, own))
		if w.err != nil {
			return w.err
		}
	}
	return rows.Err()
}

func rowBuffer(n int) (values, into []any) {
	values, into = make([]any, n), make([]any, n)
	for i := range values {
		into[i] = &values[i]
	}
	return values, into
}

// rowRecord is a whole row. What stands as it was made and is the column's default is
// left out; whoever reads it knows that.
func rowRecord(t *table, id ids.ID, at stamp, values []any, own map[int]stamp) *record {
	r := &record{what: recRow, tbl: t.Num, id: id, stamp: at}
	for i, c := range t.cols {
		if i == 0 {
			continue
		}
		s, later := own[i]
		if !later && same(values[i], c.dflt) {
			continue
		}
		r.cells = append(r.cells, cell{col: i, value: values[i], stamp: s, own: later})
	}
	return r
}

// rowOf is a whole row by its id, nil when it is not here.
func (x *extract) rowOf(t *table, id ids.ID) (*record, error) {
	values, into := rowBuffer(len(t.cols))
	var hlc, dev int64
	err := x.q.QueryRowContext(x.ctx, `SELECT c.hlc, c.dev, t.* FROM `+t.Table+` t JOIN row_clock c ON c.id = t.id AND c.tbl = ? WHERE t.id = ?`, t.Num, id).Scan(append([]any{&hlc, &dev}, into...)...)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	at, err := x.stamp(hlc, dev)
	if err != nil {
		return nil, err
	}
	own, err := x.clocksOf(t, id)
	if err != nil {
		return nil, err
	}
	return rowRecord(t, id, at, values, own), nil
}

func (x *extract) clocksOf(t *table, id ids.ID) (map[int]stamp, error) {
	clocks, err := casebook.Collect(x.ctx, x.q, func(r *sql.Rows, c *colClock) error {
		var col string
		var hlc, dev int64
		if err := r.Scan(&col, &hlc, &dev); err != nil {
			return err
		}
		c.col = t.col(col)
		var err error
		c.at, err = x.stamp(hlc, dev)
		return err
	}, `SELECT col, hlc, dev FROM col_clock WHERE tbl = ? AND id = ?`, t.Num, id)
	out := map[int]stamp{}
	for _, c := range clocks {
		if c.col >= 0 && !t.cols[c.col].derived {
			out[c.col] = c.at
		}
	}
	return out, err
}
