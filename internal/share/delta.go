package share

import (
	"database/sql"
	"io"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// pending is what this device did since the folder was told last.
type pending struct {
	span           // of its own clock
	historyN int64 // the last row of history that is in it
	outN     int64 // the last row of share_out
	rows     int64
}

// pending looks what there is to tell. It costs what there is, not what the casebook holds.
func (x *extract) pending(told, historyN int64) (pending, error) {
	p := pending{span: span{after: told}}
	for _, q := range []struct {
		into  *int64
		query string
		args  []any
	}{
		{&p.upto, `SELECT coalesce(max(hlc), ?1) FROM action WHERE hlc > ?1 AND dev = ?2`, []any{told, x.own}},
		{&p.historyN, `SELECT coalesce(max(n), 0) FROM history`, nil},
		{&p.outN, `SELECT coalesce(max(n), 0) FROM share_out`, nil},
		{&p.rows, `SELECT (SELECT count(*) FROM share_out) + (SELECT count(*) FROM history WHERE n > ? AND dev = ?)`, []any{historyN, x.own}},
	} {
		if err := x.q.QueryRowContext(x.ctx, q.query, q.args...).Scan(q.into); err != nil {
			return p, err
		}
	}
	return p, nil
}

// onlyWriting says whether all that is pending is the rows of notes without a revision yet.
func (x *extract) onlyWriting(told int64) (only bool, err error) {
	err = x.q.QueryRowContext(x.ctx, `SELECT NOT EXISTS (SELECT 1 FROM action WHERE hlc > ? AND dev = ? AND name <> ?)`, told, x.own, beginsNote).Scan(&only)
	return only, err
}

// cellKey is one column of one row.
type cellKey struct {
	tbl int64
	id  ids.ID
}

// since collects the records of what is pending.
func (x *extract) since(p pending, historyN int64) ([]*record, error) {
	var out []*record
	keep := func(r *record) error { out = append(out, r); return nil }
	changed := map[cellKey]map[int]bool{}
	var order []cellKey
	err := x.history(func(r *record) error {
		k := cellKey{r.tbl, r.id}
		if changed[k] == nil {
			changed[k] = map[int]bool{}
			order = append(order, k)
		}
		changed[k][r.col] = true
		return keep(r)
	}, `SELECT tbl, id, col, old, hlc, dev FROM history WHERE n > ? AND n <= ? AND dev = ? AND hlc <= ?`, historyN, p.historyN, x.own, p.upto)
	if err != nil {
		return nil, err
	}
	added, err := casebook.Collect(x.ctx, x.q, func(r *sql.Rows, k *cellKey) error { return r.Scan(&k.tbl, &k.id) }, `SELECT DISTINCT tbl, id FROM share_out WHERE n <= ?`, p.outN)
	if err != nil {
		return nil, err
	}
	whole := map[cellKey]bool{}
	for _, k := range added {
		r, err := x.rowOf(x.schema.byNum[k.tbl], k.id)
		if err != nil {
			return nil, err
		}
		if r != nil {
			whole[k] = true
			keep(r)
		}
	}
	for _, k := range order {
		if whole[k] {
			continue
		}
		r, err := x.cells(k, changed[k], p.after)
		if err != nil {
			return nil, err
		}
		if len(r.cells) > 0 {
			keep(r)
		}
	}
	// What lost meanwhile to somebody else's is kept by everybody.
	err = x.lost(keep, `SELECT tbl, id, col, value, hlc, dev FROM lost WHERE dev = ? AND hlc > ? AND hlc <= ?`, x.own, p.after, p.upto)
	return out, err
}

// cells are the changed columns of one row that still stand as this device left them, and
// those that it closed as they were.
func (x *extract) cells(k cellKey, cols map[int]bool, after int64) (*record, error) {
	t := x.schema.byNum[k.tbl]
	values, into := rowBuffer(len(t.cols))
	r := &record{what: recCells, tbl: k.tbl, id: k.id}
	err := x.q.QueryRowContext(x.ctx, `SELECT `+t.names()+` FROM `+t.Table+` WHERE id = ?`, k.id).Scan(into...)
	if err == sql.ErrNoRows {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	own, err := x.clocksOf(t, k.id)
	if err != nil {
		return nil, err
	}
	for i, c := range t.cols {
		if at, ok := own[i]; ok && (cols[i] || c.closed && at.hlc > after) && at.dev == x.about.writer {
			r.cells = append(r.cells, cell{col: i, value: values[i], stamp: at, own: true})
		}
	}
	return r, nil
}

// writeChanges writes what is pending to w.
func writeChanges(keys *container.Keys, x *extract, p pending, records []*record, w io.Writer) error {
	a := &about{schema: x.about.schema, writer: x.about.writer, at: x.about.at, names: x.about.names, claims: vector{}}
	a.claims.add(a.writer, p.span)
	a.numberAll(records)
	return sealed(w, keys, changes, func(out *writer) error {
		out.about(a)
		if err := x.actions(out, a, `SELECT hlc, dev, coach_id, name FROM action WHERE hlc > ? AND hlc <= ? AND dev = ? ORDER BY hlc`, p.after, p.upto, x.own); err != nil {
			return err
		}
		for _, r := range records {
			out.record(a, r)
		}
		out.record(a, &record{what: recEnd})
		return out.err
	})
}
