package share

import (
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// touched are the rows for which has to be found anew what follows from the records.
type touched struct {
	fields map[ids.ID]bool  // which text is the newest
	notes  map[ids.ID]bool  // what a lock closes
	seen   map[cellKey]bool // who may see it
	rows   map[cellKey]bool // whether it is in the bin
	items  map[ids.ID]bool  // what was erased for ever
	of     map[cellKey]bool // whether it is of somebody who was erased
}

func newTouched() touched {
	return touched{fields: map[ids.ID]bool{}, notes: map[ids.ID]bool{}, seen: map[cellKey]bool{}, rows: map[cellKey]bool{}, items: map[ids.ID]bool{}, of: map[cellKey]bool{}}
}

// touch notes that a row is new or was changed.
func (a *applier) touch(t *table, id ids.ID) {
	if a.fresh {
		return // a whole state comes with what follows from it
	}
	key := cellKey{t.Num, id}
	if a.erased[id] != nil {
		a.touched.items[id] = true
	}
	if t.Erase != "none" {
		a.touched.of[key] = true
	}
	if t.hasAccess {
		a.touched.seen[key] = true
	}
	if t.Merge == "lww" {
		a.touched.rows[key] = true
	}
	if t.Table == "note_field" {
		a.touched.fields[id] = true
	}
}

// touchMade is touch for what a new row says of others.
func (a *applier) touchMade(t *table, values []any) {
	if a.fresh {
		return
	}
	of := func(col string) (id ids.ID) {
		if b, ok := values[t.col(col)].([]byte); ok {
			copy(id[:], b)
		}
		return id
	}
	switch t.Table {
	case "note_rev":
		a.touched.fields[of("field_id")] = true
		a.touched.notes[of("note_id")] = true
	case "note_lock", "addendum":
		a.touched.notes[of("note_id")] = true
	case "visibility_change":
		name, _ := values[t.col("tbl")].(string)
		if to := a.schema.byName[name]; to != nil && to.hasAccess {
			a.touched.seen[cellKey{to.Num, of("item_id")}] = true
		}
		if a.erased[of("item_id")] != nil {
			a.touched.items[of("item_id")] = true
		}
	case "erasure":
		if item := of("item_id"); !item.IsZero() {
			a.came, a.touched.items[item] = true, true
		}
	case "redaction":
		if item := of("item_id"); a.erased[item] != nil {
			a.touched.items[item] = true
		}
	}
	for _, col := range []string{"note_id", "field_id"} { // what belongs to something erased
		if i := t.col(col); i >= 0 && a.erased[of(col)] != nil {
			a.touched.items[of(col)] = true
		}
	}
}

// follow finds what follows from the records that came: on every computer that has
// the same records, the same.
func (a *applier) follow() error {
	for _, step := range []func() error{a.standIns, a.erase, a.audiences, a.texts, a.audiences, a.bin, a.noLonger} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// standIns makes a row for everything that is pointed to and has not come yet. It is
// hidden until it does.
func (a *applier) standIns() error {
	for len(a.wanted) > 0 {
		wanted := a.wanted
		a.wanted = map[cellKey]bool{}
		for k := range wanted {
			t := a.schema.byNum[k.tbl]
			here, err := a.isHere(t, k.id)
			if err != nil {
				return err
			}
			if here || a.mutant == noStandIns {
				continue
			}
			if err := a.standIn(t, k.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applier) standIn(t *table, id ids.ID) error {
	values := a.defaults(t, &record{id: id})
	values[t.col("deleted")] = int64(1)
	if err := a.insert(t, values); err != nil {
		return err
	}
	return a.exec(`INSERT INTO share_stub (tbl, id) VALUES (?, ?) ON CONFLICT DO NOTHING`, t.Num, id[:])
}

// noLonger removes what stood in for a row of which nothing was known, not even its id,
// because another stand-in has to point to something. It goes when nothing does.
func (a *applier) noLonger() error {
	for {
		nums, err := casebook.Collect(a.ctx, a.to, casebook.Value[int64], `SELECT tbl FROM share_stub WHERE id = ?`, unknown)
		if err != nil {
			return err
		}
		gone := 0
		for _, n := range nums {
			t := a.schema.byNum[n]
			used, err := a.pointedTo(t)
			if err != nil {
				return err
			}
			if used {
				continue
			}
			if err := a.exec(`DELETE FROM `+t.Table+` WHERE id = ?`, unknown); err != nil {
				return err
			}
			if err := a.exec(`DELETE FROM share_stub WHERE tbl = ? AND id = ?`, n, unknown); err != nil {
				return err
			}
			gone++
		}
		if gone == 0 {
			return nil
		}
	}
}

// pointedTo says whether any row points to the one of t that nothing is known of.
func (a *applier) pointedTo(t *table) (bool, error) {
	for _, from := range a.schema.tables {
		for _, c := range from.cols {
			if c.parent != t.Table {
				continue
			}
			if used, err := a.one(`SELECT 1 FROM `+from.Table+` WHERE `+c.name+` = ? LIMIT 1`, []any{unknown}, new(int)); err != nil || used {
				return used, err
			}
		}
	}
	return false, nil
}

// audiences finds who may see a row on which decisions were made: nobody more than
// each decision allows that none replaces (rule PV-48).
func (a *applier) audiences() error {
	rows := a.touched.seen
	a.touched.seen = map[cellKey]bool{}
	for k := range rows {
		t := a.schema.byNum[k.tbl]
		var now, sensitivity string
		there, err := a.one(`SELECT visibility, sensitivity FROM `+t.Table+` WHERE id = ?`, []any{k.id}, &now, &sensitivity)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		to, err := a.decided(t, k.id, now)
		if err != nil {
			return err
		}
		if sensitivity == "safety" {
			to = coachOnly
		}
		if to != now {
			if err := a.exec(`UPDATE `+t.Table+` SET visibility = ? WHERE id = ?`, to, k.id); err != nil {
				return err
			}
		}
		if t.Table == "note_field" { // what was added to it follows
			if err := a.noteOf(k.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applier) noteOf(field ids.ID) error {
	var note ids.ID
	there, err := a.one(`SELECT note_id FROM note_field WHERE id = ?`, []any{field}, &note)
	if there {
		a.touched.notes[note] = true
	}
	return err
}

// decided is what the decisions on a row say, now if there are none.
func (a *applier) decided(t *table, id ids.ID, now string) (string, error) {
	st, err := a.stmt(`SELECT v.visibility FROM visibility_change v WHERE v.item_id = ?1 AND v.tbl = ?2 AND v.deleted = 0
		AND NOT EXISTS (SELECT 1 FROM visibility_change x WHERE x.item_id = ?1 AND x.replaces = v.id)`)
	if err != nil {
		return "", err
	}
	rows, err := st.QueryContext(a.ctx, id, t.Table)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	out := ""
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return "", err
		}
		if out == "" {
			out = v
		}
		out = narrower(out, v)
	}
	if out == "" {
		out = now
	}
	return out, rows.Err()
}

// The visibilities, which a row carries as words.
const (
	coachOnly = "coach_only"
	joint     = "joint"
)

// narrower shows nothing that either a or b hides.
func narrower(a, b string) string {
	switch {
	case a == b || b == joint:
		return a
	case a == joint:
		return b
	}
	return coachOnly
}

// bin brings a deleted row back that was changed later, and tells of it. Who may
// see a row can be narrowed in the bin.
func (a *applier) bin() error {
	for k := range a.touched.rows {
		t := a.schema.byNum[k.tbl]
		var deleted bool
		there, err := a.one(`SELECT deleted FROM `+t.Table+` WHERE id = ? AND NOT EXISTS (SELECT 1 FROM share_stub WHERE tbl = ? AND id = ?)`, []any{k.id, t.Num, k.id}, &deleted)
		if err != nil {
			return err
		}
		if !there || !deleted || a.erased[k.id].has("deleted") {
			continue
		}
		clocks, err := a.clocks(t, k.id)
		if err != nil {
			return err
		}
		if t.Table == "note" {
			if err := a.revClocks(k.id, clocks); err != nil {
				return err
			}
		}
		at, ok := clocks[t.col("deleted")]
		if !ok {
			continue // it was made deleted
		}
		latest := at
		for col, c := range clocks {
			if c.after(latest) && (col < 0 || t.cols[col].name != "visibility") {
				latest = c
			}
		}
		if latest == at {
			continue
		}
		if err := a.exec(`UPDATE `+t.Table+` SET deleted = 0 WHERE id = ?`, k.id); err != nil {
			return err
		}
		if err := a.setClock(t, k.id, t.col("deleted"), latest); err != nil {
			return err
		}
		a.back = append(a.back, Row{Table: t.Table, ID: k.id})
	}
	return nil
}

// revClocks adds the latest text of a note to the clocks of its row, as column -1.
func (a *applier) revClocks(note ids.ID, clocks map[int]stamp) error {
	revs, err := a.revs(`r.note_id = ?`, note)
	for _, r := range revs {
		if clocks[-1].hlc == 0 || r.at.after(clocks[-1]) {
			clocks[-1] = r.at
		}
	}
	return err
}
