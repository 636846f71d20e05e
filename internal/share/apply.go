package share

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// into is where records go: a merge beside what is there, or the filling of a replica
// that has nothing yet.
type into interface {
	casebook.Querier
	Exec(query string, args ...any) (sql.Result, error)
	Prepare(query string) (*sql.Stmt, error)
	QueryRow(query string, args ...any) *sql.Row
}

// applier brings records into a casebook. Whatever order files come in, how often and
// how late: what is there afterwards depends on nothing but which of them came.
type applier struct {
	ctx     context.Context
	to      into
	schema  *schema
	devs    map[ids.ID]int64
	byN     map[int64]ids.ID
	stmts   map[string]*sql.Stmt
	fresh   bool // nothing was there before: there is nothing to compare with
	seen    int64
	new     int // records that said something new
	touched touched
	wanted  map[cellKey]bool // rows that are pointed to and have not come yet
	erased  map[ids.ID]*erasedItem
	rules   []erasedRule // of whom everything is erased
	newRule int          // the rules from here on came just now
	came    bool         // records of erasure came
	wiped   bool         // something was emptied that was there
	back    []Row        // deleted rows that somebody changed later
	mutant  mutant
}

func newApplier(ctx context.Context, to into, m mutant) (*applier, error) {
	s, err := readSchema(ctx, to)
	if err != nil {
		return nil, err
	}
	a := &applier{
		ctx: ctx, to: to, schema: s, devs: map[ids.ID]int64{}, byN: map[int64]ids.ID{}, stmts: map[string]*sql.Stmt{}, wanted: map[cellKey]bool{}, erased: map[ids.ID]*erasedItem{}, mutant: m,
		touched: newTouched(),
	}
	devices, err := readDevices(ctx, to)
	if err != nil {
		return nil, err
	}
	for _, d := range devices {
		a.devs[d.id], a.byN[d.n] = d.n, d.id
	}
	if err := a.readErased(); err != nil {
		return nil, err
	}
	return a, nil
}

// stmt is a statement that is used again and again.
func (a *applier) stmt(query string) (*sql.Stmt, error) {
	st := a.stmts[query]
	if st == nil {
		var err error
		if st, err = a.to.Prepare(query); err != nil {
			return nil, err
		}
		a.stmts[query] = st
	}
	return st, nil
}

func (a *applier) exec(query string, args ...any) error {
	st, err := a.stmt(query)
	if err == nil {
		_, err = st.ExecContext(a.ctx, args...)
	}
	return err
}

// one reads one row and says whether there was one.
func (a *applier) one(query string, args []any, dest ...any) (bool, error) {
	st, err := a.stmt(query)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(a.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// device is the number that clocks here have for a device.
func (a *applier) device(id ids.ID) (int64, error) {
	if n, ok := a.devs[id]; ok {
		return n, nil
	}
	var n int64
	if err := a.to.QueryRow(`INSERT INTO device (uuid, own) VALUES (?, 0) RETURNING n`, id).Scan(&n); err != nil {
		return 0, err
	}
	a.devs[id], a.byN[n] = n, id
	return n, nil
}

// apply takes in one record.
func (a *applier) apply(r *record) error {
	a.seen = max(a.seen, r.stamp.hlc)
	if r.what == recAction {
		return a.action(r)
	}
	t := a.schema.byNum[r.tbl]
	if t == nil {
		return fmt.Errorf("%w: table %d", errContents, r.tbl)
	}
	if r.id.IsZero() && r.what != recStandIn {
		return fmt.Errorf("%w: a row without an id", errContents)
	}
	kept := r.cells[:0]
	for _, c := range r.cells {
		a.seen = max(a.seen, c.stamp.hlc)
		if c.col < 1 || c.col >= len(t.cols) || !t.cols[c.col].fits(c.value) {
			return fmt.Errorf("%w: column %d of %s", errContents, c.col, t.Table)
		}
		if a.fresh || !t.cols[c.col].derived {
			kept = append(kept, c)
		}
	}
	r.cells = kept
	switch r.what {
	case recStandIn: // who has rows already finds out by itself what is missing
		if !a.fresh {
			return nil
		}
		return a.standIn(t, r.id)
	case recRow:
		if t.Merge == "lww" {
			return a.row(t, r)
		}
		return a.written(t, r)
	case recCells:
		if t.Merge != "lww" {
			return fmt.Errorf("%w: a row of %s never changes", errContents, t.Table)
		}
		return a.changed(t, r)
	}
	if r.col < 1 || r.col >= len(t.cols) || t.cols[r.col].derived {
		return fmt.Errorf("%w: column %d of %s", errContents, r.col, t.Table)
	}
	if r.what == recHistory {
		return a.history(t, r)
	}
	return a.lose(t, r.id, r.col, r.value, r.stamp)
}

func (a *applier) action(r *record) error {
	dev, err := a.device(r.stamp.dev)
	if err != nil {
		return err
	}
	return a.exec(`INSERT INTO action (hlc, dev, coach_id, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, r.stamp.hlc, dev, r.coach, r.name)
}

// history takes in what stood in a column before. It may explain a value that was
// kept as lost: its author had seen it.
func (a *applier) history(t *table, r *record) error {
	dev, err := a.device(r.stamp.dev)
	if err != nil {
		return err
	}
	col := t.cols[r.col].name
	if !a.fresh {
		there, err := a.one(`SELECT 1 FROM history WHERE tbl = ? AND id = ? AND col = ? AND hlc = ? AND dev = ?`, []any{t.Num, r.id, col, r.stamp.hlc, dev}, new(int))
		if err != nil || there {
			return err
		}
		if err := a.exec(`DELETE FROM lost WHERE tbl = ? AND id = ? AND col = ? AND value IS ? AND hlc < ?`, t.Num, r.id, col, r.value, r.stamp.hlc); err != nil {
			return err
		}
	}
	if a.erased[r.id].has(col) {
		r.value = nil
	}
	a.new++
	return a.exec(`INSERT INTO history (tbl, id, col, old, hlc, dev) VALUES (?, ?, ?, ?, ?, ?)`, t.Num, r.id, col, r.value, r.stamp.hlc, dev)
}

// lose keeps a value that is not the one that counts, unless somebody had seen and
// replaced it. It goes by value and clock alone, so that the order of arrival does not matter.
func (a *applier) lose(t *table, id ids.ID, col int, value any, at stamp) error {
	c := t.cols[col]
	if same(value, c.dflt) || c.name == "deleted" || c.name == "created_at" || (t.hasAccess && c.name == "visibility") || a.erased[id].has(c.name) {
		return nil
	}
	seen, err := a.one(`SELECT 1 FROM history WHERE tbl = ? AND id = ? AND col = ? AND old IS ? AND hlc > ? LIMIT 1`, []any{t.Num, id, c.name, value, at.hlc}, new(int))
	if err != nil || seen {
		return err
	}
	dev, err := a.device(at.dev)
	if err != nil {
		return err
	}
	return a.exec(`INSERT INTO lost (tbl, id, col, value, hlc, dev) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, t.Num, id, c.name, value, at.hlc, dev)
}

// rowClock is when a row was made, if it is here and no stand-in.
func (a *applier) rowClock(t *table, id ids.ID) (at stamp, there bool, err error) {
	if a.fresh {
		return stamp{}, false, nil
	}
	var dev int64
	there, err = a.one(`SELECT hlc, dev FROM row_clock WHERE id = ? AND tbl = ?`, []any{id, t.Num}, &at.hlc, &dev)
	at.dev = a.byN[dev]
	return at, there, err
}

func (a *applier) isHere(t *table, id ids.ID) (bool, error) {
	if a.fresh {
		return false, nil
	}
	return a.one(`SELECT 1 FROM `+t.Table+` WHERE id = ?`, []any{id[:]}, new(int))
}

// written takes in a row that is never changed.
func (a *applier) written(t *table, r *record) error {
	_, there, err := a.rowClock(t, r.id)
	if err != nil || there {
		return err
	}
	values := a.defaults(t, r)
	standIn, err := a.isHere(t, r.id)
	if err != nil {
		return err
	}
	if standIn {
		err = a.fill(t, r.id, values)
	} else {
		err = a.insert(t, values)
	}
	if err != nil {
		return err
	}
	return a.made(t, r, values)
}

// defaults are all values of a row: what a record leaves out is the default.
func (a *applier) defaults(t *table, r *record) []any {
	values := make([]any, len(t.cols))
	for i, c := range t.cols {
		values[i] = c.dflt
	}
	values[0] = r.id[:]
	for _, c := range r.cells {
		values[c.col] = c.value
	}
	return values
}

func (a *applier) insert(t *table, values []any) error {
	a.points(t, values)
	return a.exec(t.insert, values...)
}

// fill gives a stand-in the values of its row.
func (a *applier) fill(t *table, id ids.ID, values []any) error {
	a.points(t, values)
	var set []string
	for _, c := range t.cols[1:] {
		set = append(set, c.name+" = ?")
	}
	if err := a.exec(`UPDATE `+t.Table+` SET `+strings.Join(set, ", ")+` WHERE id = ?`, append(append([]any{}, values[1:]...), id)...); err != nil {
		return err
	}
	return a.exec(`DELETE FROM share_stub WHERE tbl = ? AND id = ?`, t.Num, id)
}

// points notes the rows that a row points to.
func (a *applier) points(t *table, values []any) {
	if a.fresh {
		return
	}
	for i, c := range t.cols {
		if id, ok := values[i].([]byte); ok && c.parent != "" && values[i] != nil {
			a.wanted[cellKey{a.schema.byName[c.parent].Num, ids.ID(id)}] = true
		}
	}
}

// made writes the clocks of a row that is new here.
func (a *applier) made(t *table, r *record, values []any) error {
	a.new++
	a.touch(t, r.id)
	a.touchMade(t, values)
	dev, err := a.device(r.stamp.dev)
	if err != nil {
		return err
	}
	if err := a.exec(`INSERT INTO row_clock (tbl, id, hlc, dev) VALUES (?, ?, ?, ?)`, t.Num, r.id, r.stamp.hlc, dev); err != nil {
		return err
	}
	for _, c := range r.cells {
		if c.own {
			if err := a.setClock(t, r.id, c.col, c.stamp); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applier) setClock(t *table, id ids.ID, col int, at stamp) error {
	dev, err := a.device(at.dev)
	if err != nil {
		return err
	}
	return a.exec(`INSERT INTO col_clock (tbl, id, col, hlc, dev) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tbl, id, col) DO UPDATE SET hlc = excluded.hlc, dev = excluded.dev`,
		t.Num, id, t.cols[col].name, at.hlc, dev)
}
