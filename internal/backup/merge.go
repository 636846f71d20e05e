package backup

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// merger brings the rows of a backup into the casebook. It reads both as they were
// before; only tx writes.
type merger struct {
	ctx      context.Context
	now, old casebook.Querier
	tx       *casebook.Tx
	day      bool
	out      *Outcome
	progress func(done, total int64)

	back, changed, binned tally // what a coach would name

	done, total int64
	erased      map[ids.ID]bool // what was erased for ever never comes back
	locked      map[ids.ID]bool // notes that are locked now
	heads       []fieldHead     // texts that differ
}

// run goes through the tables: first what can change, then what can only be added, so
// that a lock never comes before the text it locks.
func (m *merger) run() error {
	rules, err := casebook.Rules(m.ctx, m.now)
	if err != nil {
		return err
	}
	rules = slices.DeleteFunc(rules, func(r casebook.Rule) bool { return r.Audience == casebook.Keys }) // who opens it now goes on opening it
	if m.erased, err = idSet(m.ctx, m.now, `SELECT item_id FROM erasure WHERE item_id IS NOT NULL AND cols = ''`); err != nil {
		return err
	}
	if m.locked, err = idSet(m.ctx, m.now, `SELECT note_id FROM note_lock`); err != nil {
		return err
	}
	for _, r := range rules {
		var n int64
		if err := m.old.QueryRowContext(m.ctx, `SELECT count(*) FROM `+r.Table).Scan(&n); err != nil {
			return err
		}
		m.total += n
	}
	for _, lww := range []bool{true, false} {
		for _, r := range rules {
			if (r.Merge == "lww") != lww {
				continue
			}
			if err := m.table(r); err != nil {
				return fmt.Errorf("bringing back %s: %w", r.Table, err)
			}
			if r.Merge == "revisions" {
				if err := m.texts(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// row is a row by its columns; cells are nil, int64, float64, string or []byte.
type row []any

// table brings the rows of one table together by id.
func (m *merger) table(r casebook.Rule) error {
	t, err := m.describe(r)
	if err != nil {
		return err
	}
	then, err := m.old.QueryContext(m.ctx, t.selects)
	if err != nil {
		return err
	}
	defer then.Close()
	now, err := m.now.QueryContext(m.ctx, t.selects)
	if err != nil {
		return err
	}
	defer now.Close()
	a, err := next(then, t)
	if err != nil {
		return err
	}
	b, err := next(now, t)
	for err == nil && (a != nil || b != nil) {
		order := 0
		switch {
		case a == nil:
			order = 1
		case b == nil:
			order = -1
		default:
			order = bytes.Compare(a[0].([]byte), b[0].([]byte))
		}
		switch {
		case order < 0:
			err = m.lacking(t, a)
		case order > 0:
			err = m.since(t, b)
		default:
			err = m.both(t, a, b)
		}
		if err == nil && order <= 0 {
			m.step()
			a, err = next(then, t)
		}
		if err == nil && order >= 0 {
			b, err = next(now, t)
		}
		if err == nil {
			err = m.ctx.Err()
		}
	}
	return err
}

func (m *merger) step() {
	if m.done++; m.done%500 == 0 || m.done == m.total {
		m.progress(m.done, m.total)
	}
}

// described is a table with its columns in order, id first, and the statements for it.
type described struct {
	name    string
	lww     bool
	cols    []string
	selects string
	inserts string
}

func (t *described) at(col string) int { return slices.Index(t.cols, col) }

// cell is the value of a column, nil where there is none of that name.
func (t *described) cell(r row, col string) any {
	if i := t.at(col); i >= 0 && r != nil {
		return r[i]
	}
	return nil
}

func (m *merger) describe(r casebook.Rule) (*described, error) {
	cols, err := casebook.Columns(m.ctx, m.now, r.Table)
	if err != nil {
		return nil, err
	}
	t := &described{name: r.Table, lww: r.Merge == "lww", cols: cols}
	list := strings.Join(t.cols, ", ")
	t.selects = `SELECT ` + list + ` FROM ` + r.Table + ` ORDER BY id`
	t.inserts = `INSERT INTO ` + r.Table + ` (` + list + `) VALUES (?` + strings.Repeat(", ?", len(t.cols)-1) + `)`
	return t, nil
}

func next(rows *sql.Rows, t *described) (row, error) {
	if !rows.Next() {
		return nil, rows.Err()
	}
	r, into := make(row, len(t.cols)), make([]any, len(t.cols))
	for i := range r {
		into[i] = &r[i]
	}
	return r, rows.Scan(into...)
}

// same says whether two cells hold the same value.
func same(a, b any) bool {
	x, isBytes := a.([]byte)
	y, also := b.([]byte)
	if isBytes && also {
		return bytes.Equal(x, y)
	}
	return !isBytes && !also && a == b
}

func idOf(v any) ids.ID {
	b, _ := v.([]byte)
	var id ids.ID
	copy(id[:], b)
	return id
}

func idSet(ctx context.Context, q casebook.Querier, query string) (map[ids.ID]bool, error) {
	all, err := casebook.Collect(ctx, q, casebook.Value[ids.ID], query)
	out := map[ids.ID]bool{}
	for _, id := range all {
		out[id] = true
	}
	return out, err
}

// lacking is a row that the backup holds and the casebook lacks.
func (m *merger) lacking(t *described, was row) error {
	if m.gone(t, was) || m.noteLocked(t, was) {
		m.out.Stayed++
		return nil
	}
	if t.name == "note_lock" {
		whole, err := m.sameNote(idOf(t.cell(was, "note_id")))
		if err != nil {
			return err
		}
		if !whole { // the note was written on here: that edit stays, and the note open
			m.out.Stayed++
			return nil
		}
	}
	if _, err := m.tx.Exec(t.inserts, was...); err != nil {
		return err
	}
	if t.cell(was, "deleted") == int64(0) { // what lay in the bin then comes into the bin
		m.out.Back++
		m.back.row(t, was)
	}
	return nil
}

// gone says whether a row, or what it is a part of, was erased for ever.
func (m *merger) gone(t *described, r row) bool {
	for _, col := range []string{"id", "note_id", "field_id", "person_id", "couple_id"} {
		if m.erased[idOf(t.cell(r, col))] {
			return true
		}
	}
	return false
}

// since is a row that was made after the backup. What is a part of a record made since goes
// with it, and so comes back with it.
func (m *merger) since(t *described, is row) error {
	if !m.day || !t.lww || t.cell(is, "deleted") != int64(0) {
		return nil
	}
	if w, part := wholes[t.name]; part {
		var there bool
		if err := m.old.QueryRowContext(m.ctx, `SELECT EXISTS (SELECT 1 FROM `+w[0]+` WHERE id = ?)`, t.cell(is, w[1])).Scan(&there); err != nil || !there {
			return err
		}
	}
	stays, err := m.protects(t, is)
	if err != nil || stays {
		if stays {
			m.out.Stayed++
		}
		return err
	}
	if _, err := m.tx.Exec(`UPDATE `+t.name+` SET deleted = 1 WHERE id = ?`, is[0]); err != nil {
		return err
	}
	m.out.Binned++
	m.binned.row(t, is)
	return nil
}

// parts are the rows that an edit of their whole puts into the bin and takes out.
var parts = []string{"attendance", "couple_tag", "engagement_coach", "conversation_answer"}

// both is a row that is in both.
func (m *merger) both(t *described, was, is row) error {
	if !t.lww { // it never changes
		return nil
	}
	if m.gone(t, is) {
		m.out.Stayed++
		return nil
	}
	if t.name == "note_field" && !same(t.cell(was, "head"), t.cell(is, "head")) {
		m.heads = append(m.heads, fieldHead{id: idOf(is[0]), note: idOf(t.cell(is, "note_id")), was: idOf(t.cell(was, "head")), is: idOf(t.cell(is, "head"))})
	}
	if m.day {
		return m.rewind(t, was, is)
	}
	part := slices.Contains(parts, t.name)
	if part || t.cell(is, "deleted") != int64(1) || t.cell(was, "deleted") != int64(0) {
		return nil
	}
	if _, err := m.tx.Exec(`UPDATE `+t.name+` SET deleted = 0 WHERE id = ?`, is[0]); err != nil {
		return err
	}
	m.out.Back++
	m.back.row(t, is)
	return nil
}
