package share

import (
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// row takes in a row whose columns each go to their last writer.
func (a *applier) row(t *table, r *record) error {
	made, there, err := a.rowClock(t, r.id)
	if err != nil {
		return err
	}
	if there && made == r.stamp {
		own := r.cells[:0:0]
		for _, c := range r.cells {
			if c.own {
				own = append(own, c)
			}
		}
		return a.cells(t, r.id, made, true, own)
	}
	if !there {
		here, err := a.isHere(t, r.id)
		if err != nil {
			return err
		}
		if !here {
			values := a.defaults(t, r)
			if err := a.insert(t, values); err != nil {
				return err
			}
			return a.made(t, r, values)
		}
	}
	// Made twice, or a stand-in: every column is a write of its own.
	all := make([]cell, 0, len(t.cols))
	said := map[int]cell{}
	for _, c := range r.cells {
		said[c.col] = c
	}
	for i, c := range t.cols {
		if i == 0 || c.derived {
			continue
		}
		one, ok := said[i]
		if !ok {
			one = cell{col: i, value: c.dflt, stamp: r.stamp}
		}
		all = append(all, one)
	}
	if !there {
		if err := a.exec(`DELETE FROM share_stub WHERE tbl = ? AND id = ?`, t.Num, r.id); err != nil {
			return err
		}
		dev, err := a.device(r.stamp.dev)
		if err != nil {
			return err
		}
		if err := a.exec(`INSERT INTO row_clock (tbl, id, hlc, dev) VALUES (?, ?, ?, ?)`, t.Num, r.id, r.stamp.hlc, dev); err != nil {
			return err
		}
		a.new++
		a.touch(t, r.id)
		a.touchMade(t, a.defaults(t, r))
		return a.fillCells(t, r.id, r.stamp, all)
	}
	return a.cells(t, r.id, made, true, all)
}

// fillCells gives a stand-in what its row says, but for columns that are later already.
func (a *applier) fillCells(t *table, id ids.ID, made stamp, all []cell) error {
	clocks, err := a.clocks(t, id)
	if err != nil {
		return err
	}
	lock, err := a.lockOf(t, id, made, true, clocks, all)
	if err != nil {
		return err
	}
	for _, c := range all {
		if at, ok := clocks[c.col]; ok && !a.counts(t, c, at, lock) {
			if err := a.lose(t, id, c.col, c.value, c.stamp); err != nil {
				return err
			}
			continue
		}
		if err := a.set(t, id, c, c.stamp != made); err != nil {
			return err
		}
	}
	return nil
}

// changed takes in single columns of a row.
func (a *applier) changed(t *table, r *record) error {
	made, there, err := a.rowClock(t, r.id)
	if err != nil {
		return err
	}
	if !there {
		here, err := a.isHere(t, r.id)
		if err != nil {
			return err
		}
		if !here {
			if err := a.standIn(t, r.id); err != nil {
				return err
			}
		}
	}
	return a.cells(t, r.id, made, there, r.cells)
}

// cells lets each column go to its last writer.
func (a *applier) cells(t *table, id ids.ID, made stamp, hasMade bool, in []cell) error {
	if len(in) == 0 {
		return nil
	}
	clocks, err := a.clocks(t, id)
	if err != nil {
		return err
	}
	lock, err := a.lockOf(t, id, made, hasMade, clocks, in)
	if err != nil {
		return err
	}
	for _, c := range in {
		at, ok := clocks[c.col]
		if !ok {
			at, ok = made, hasMade
		}
		if ok && at == c.stamp {
			continue
		}
		if ok && !a.counts(t, c, at, lock) {
			if err := a.lose(t, id, c.col, c.value, c.stamp); err != nil {
				return err
			}
			continue
		}
		if ok {
			var was any
			if _, err := a.one(`SELECT `+t.cols[c.col].name+` FROM `+t.Table+` WHERE id = ?`, []any{id}, &was); err != nil {
				return err
			}
			if err := a.lose(t, id, c.col, was, at); err != nil {
				return err
			}
		}
		if err := a.set(t, id, c, true); err != nil {
			return err
		}
	}
	return nil
}

// counts says whether a write counts over what stands there since at. What a lock closes
// stays as the earliest lock left it: whoever locks writes all of it under one stamp.
func (a *applier) counts(t *table, c cell, at stamp, lock *stamp) bool {
	if lock != nil && t.cols[c.col].closed {
		if late, stands := c.stamp.after(*lock), !at.after(*lock); late || !stands {
			return !late
		}
	}
	return a.mutant.later(c.stamp, at)
}

// lockOf is the earliest lock of a row, the one that stands or one among in; nil for none.
func (a *applier) lockOf(t *table, id ids.ID, made stamp, hasMade bool, clocks map[int]stamp, in []cell) (*stamp, error) {
	col := t.col(casebook.LockColumn)
	if col < 0 || !t.cols[col].closed {
		return nil, nil
	}
	var lock *stamp
	var locked bool
	if _, err := a.one(`SELECT `+casebook.LockColumn+` <> 0 FROM `+t.Table+` WHERE id = ?`, []any{id}, &locked); err != nil {
		return nil, err
	}
	if at, ok := clocks[col]; locked && ok {
		lock = &at
	} else if locked && hasMade {
		lock = &made
	}
	for _, c := range in {
		if c.col == col && c.value != int64(0) && (lock == nil || lock.after(c.stamp)) {
			lock = &c.stamp
		}
	}
	return lock, nil
}

// set writes one column.
func (a *applier) set(t *table, id ids.ID, c cell, clock bool) error {
	a.new++
	if b, ok := c.value.([]byte); ok && t.cols[c.col].parent != "" {
		a.wanted[cellKey{a.schema.byName[t.cols[c.col].parent].Num, ids.ID(b)}] = true
	}
	if err := a.exec(`UPDATE `+t.Table+` SET `+t.cols[c.col].name+` = ? WHERE id = ?`, c.value, id); err != nil {
		return err
	}
	a.touch(t, id)
	if !clock {
		return nil
	}
	return a.setClock(t, id, c.col, c.stamp)
}

// clocks are the columns of a row that were changed after it was made.
func (a *applier) clocks(t *table, id ids.ID) (map[int]stamp, error) {
	st, err := a.stmt(`SELECT col, hlc, dev FROM col_clock WHERE tbl = ? AND id = ?`)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(a.ctx, t.Num, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int]stamp{}
	for rows.Next() {
		var col string
		var hlc, dev int64
		if err := rows.Scan(&col, &hlc, &dev); err != nil {
			return nil, err
		}
		if i := t.col(col); i >= 0 && !t.cols[i].derived {
			out[i] = stamp{hlc, a.byN[dev]}
		}
	}
	return out, rows.Err()
}
