package share

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// erasedItem is what was erased of one row.
type erasedItem struct {
	cols []string // empty: all of it
	run  ids.ID   // the latest erasure that named it
	at   stamp
}

// has says whether the value of a column was erased.
func (e *erasedItem) has(col string) bool {
	return e != nil && (len(e.cols) == 0 || slices.Contains(e.cols, col) || slices.ContainsFunc(e.cols, func(c string) bool { return strings.HasPrefix(c, col+":") }))
}

// EraseNow empties on this computer what the records of erasure of one run say. They
// were written in the same transaction; all other computers do the same when they read them.
func EraseNow(tx *casebook.Tx, run ids.ID) error {
	return tx.Erasing(func() error {
		a, err := newApplier(tx.Context(), tx, sound)
		if err != nil {
			return err
		}
		for item, e := range a.erased {
			if e.run == run {
				a.touched.items[item] = true
			}
		}
		a.rules = slices.DeleteFunc(a.rules, func(r erasedRule) bool { return r.run != run })
		a.newRule = 0
		for _, step := range []func() error{a.erase, a.texts, func() error { return a.brought(nil) }} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// readErased reads what is known to be erased.
func (a *applier) readErased() error {
	num := a.schema.byName["erasure"].Num
	err := casebook.Each(a.ctx, a.to, func(r *sql.Rows) error {
		var id, item, run ids.ID
		var tbl, cols string
		var hlc, dev int64
		if err := r.Scan(&id, &tbl, &item, &cols, &run, &hlc, &dev); err != nil {
			return err
		}
		a.addErased(id, tbl, item, run, cols, stamp{hlc, a.byN[dev]})
		return nil
	}, `SELECT e.id, e.item_tbl, e.item_id, e.cols, e.run_id, coalesce(c.hlc, 0), coalesce(c.dev, 0) FROM erasure e LEFT JOIN row_clock c ON c.id = e.id AND c.tbl = ? WHERE e.item_id IS NOT NULL`, num)
	a.newRule = len(a.rules)
	return err
}

// addErased takes in one record of erasure. Of several on one row the latest says what
// stands there instead, and all of them together what is gone.
func (a *applier) addErased(id ids.ID, tbl string, item, run ids.ID, cols string, at stamp) {
	slot, isRule := strings.CutPrefix(cols, partnerMark)
	switch {
	case isRule:
		a.rules = append(a.rules, erasedRule{Of: Of{Couple: item, Slot: slot[:min(1, len(slot))]}, id: id, run: run, at: at})
		return
	case cols == "" && tbl == "person":
		a.rules = append(a.rules, erasedRule{Of: Of{Person: item}, id: id, run: run, at: at})
	case cols == "" && tbl == "couple":
		a.rules = append(a.rules, erasedRule{Of: Of{Couple: item}, id: id, run: run, at: at})
	}
	e, of := a.erased[item], strings.Fields(cols)
	if e == nil {
		a.erased[item] = &erasedItem{cols: of, run: run, at: at}
		return
	}
	switch {
	case len(e.cols) == 0 || len(of) == 0:
		e.cols = nil
	default:
		for _, c := range of {
			if !slices.Contains(e.cols, c) {
				e.cols = append(e.cols, c)
			}
		}
	}
	if at.after(e.at) {
		e.run, e.at = run, at
	}
}

// erasedAnew reads the records of erasure again when some came: they have their clocks now.
func (a *applier) erasedAnew() error {
	if !a.came {
		return nil
	}
	a.came = false
	known := map[ids.ID]bool{}
	for _, r := range a.rules[:a.newRule] {
		known[r.id] = true
	}
	a.erased, a.rules = map[ids.ID]*erasedItem{}, nil
	if err := a.readErased(); err != nil {
		return err
	}
	slices.SortStableFunc(a.rules, func(x, y erasedRule) int {
		switch {
		case known[x.id] && !known[y.id]:
			return -1
		case known[y.id] && !known[x.id]:
			return 1
		}
		return 0
	})
	a.newRule = len(known)
	return nil
}

// erase empties what was erased for ever, however often a file brings it back.
func (a *applier) erase() error {
	if err := a.erasedAnew(); err != nil {
		return err
	}
	if err := a.ofErased(); err != nil {
		return err
	}
	for item := range a.touched.items {
		e := a.erased[item]
		if e == nil {
			continue
		}
		for _, t := range a.schema.tables {
			if notErased(t.Rule) {
				continue
			}
			if here, err := a.isHere(t, item); err != nil {
				return err
			} else if here {
				if err := a.blank(t, item, e); err != nil {
					return err
				}
			}
		}
		if err := a.belongings(item, e); err != nil {
			return err
		}
		if len(e.cols) > 0 {
			continue
		}
		if err := a.exec(`UPDATE visibility_change SET was = '', reason = '' WHERE item_id = ? AND reason <> ''`, item); err != nil {
			return err
		}
	}
	return nil
}

// notErased are the records of erasure themselves, and what proves that there was something.
func notErased(t casebook.Rule) bool {
	switch t.Table {
	case "erasure", "note_lock", "hold", "redaction", "erasure_task":
		return true
	}
	return t.Audience == casebook.Keys
}

// belongings empties what is a part of an erased row: the texts of a field; of a note the
// fields and what was added, too, but for what is held.
func (a *applier) belongings(item ids.ID, e *erasedItem) error {
	field := a.schema.byName["note_field"]
	isField, err := a.isHere(field, item)
	if err != nil {
		return err
	}
	if isField && e.has("body") {
		if err := a.noteOf(item); err != nil {
			return err
		}
		a.touched.fields[item] = true
		if err := a.children("note_rev", "field_id", item, &erasedItem{cols: []string{"body"}, run: e.run, at: e.at}); err != nil {
			return err
		}
		for _, s := range []string{`DELETE FROM draft WHERE field_id = ?`, `SELECT couplet_dirty('note_field', ?)`} {
			if err := a.exec(s, item); err != nil {
				return err
			}
		}
	}
	if len(e.cols) == 0 { // files that were kept with it
		if err := a.children("attachment", "holder_id", item, e); err != nil {
			return err
		}
	}
	if isNote, err := a.isHere(a.schema.byName["note"], item); err != nil || !isNote && !isField {
		return err
	} else if isNote && len(e.cols) == 0 {
		a.touched.notes[item] = true
		for _, tbl := range []string{"note_rev", "note_field", "addendum"} {
			if err := a.children(tbl, "note_id", item, e); err != nil {
				return err
			}
		}
		if err := a.exec(`DELETE FROM draft WHERE note_id = ?`, item); err != nil {
			return err
		}
	}
	// The nonce goes, the commitment stays: it says no more than that there was something.
	return a.exec(`UPDATE note_lock SET nonce = NULL WHERE nonce IS NOT NULL AND note_id IN (SELECT ?1 UNION SELECT note_id FROM note_field WHERE id = ?1)`, item)
}

func (a *applier) children(tbl, of string, item ids.ID, e *erasedItem) error {
	t := a.schema.byName[tbl]
	held := `NOT EXISTS (SELECT 1 FROM hold h WHERE h.item_id = x.id)`
	if tbl == "note_rev" {
		held = `NOT EXISTS (SELECT 1 FROM hold h WHERE h.item_id = x.field_id)`
	}
	rows, err := casebook.Collect(a.ctx, a.to, casebook.Value[ids.ID], `SELECT x.id FROM `+tbl+` x WHERE x.`+of+` = ? AND `+held, item)
	if err != nil {
		return err
	}
	for _, id := range rows {
		as := *e
		if tbl == "note_rev" {
			as.cols = []string{"body"}
		}
		if err := a.blankAs(t, id, item, &as); err != nil {
			return err
		}
	}
	return nil
}

// structure are the columns that say where a row belongs and who may see it. They stay
// when its content is erased; so does whatever points to another row.
var structure = []string{"id", "subject", "visibility", "sensitivity", "created_at"}

// Former is what stands in the place of a name.
const Former = "Former partner"

// insteadOf is what an erased row says where it is not simply empty: a person is still
// somebody, and a release that was given is none any more.
var insteadOf = map[string]map[string]any{
	"person":  {"given_name": Former, "archived": int64(1), "deleted": int64(0)},
	"release": {"partner": nil, "state": "withdrawn", "deleted": int64(0)},
}

func (a *applier) blank(t *table, id ids.ID, e *erasedItem) error { return a.blankAs(t, id, id, e) }

// blankAs empties what was erased of a row. What stands there instead is looked up under as.
func (a *applier) blankAs(t *table, id, as ids.ID, e *erasedItem) error {
	var set, differs []string
	var values []any
	for _, c := range t.cols {
		v, ok, err := a.erasedValue(t, c, as, e)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		expr := "?"
		if part := partOf(c.name, e.cols); part != "" {
			expr, v = fmt.Sprintf(`iif(json_valid(%[1]s), json_remove(%[1]s, ?), '{}')`, c.name), "$."+part
		}
		set, values = append(set, c.name+" = "+expr), append(values, v)
		differs = append(differs, c.name+" IS NOT "+expr)
	}
	if t.Table == "attachment" { // its content lies beside the casebook
		if err := a.exec(`INSERT INTO erase_due (what, since) SELECT ?1 || content, 0 FROM attachment WHERE id = ?2 AND content <> '' ON CONFLICT DO NOTHING`, DueContent, id); err != nil {
			return err
		}
	}
	if len(set) > 0 {
		args := append(append(slices.Clone(values), id), values...)
		st, err := a.stmt(`UPDATE ` + t.Table + ` SET ` + strings.Join(set, ", ") + ` WHERE id = ? AND (` + strings.Join(differs, " OR ") + `)`)
		if err != nil {
			return err
		}
		res, err := st.ExecContext(a.ctx, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			a.wiped = true
		}
	}
	return a.forgetWhat(t, id, as, e)
}

// erasedValue is what stands in a column after the erasure; false where nothing changes.
func (a *applier) erasedValue(t *table, c column, as ids.ID, e *erasedItem) (any, bool, error) {
	if c.parent != "" || c.kind == "BLOB" || slices.Contains(structure, c.name) {
		return nil, false, nil
	}
	if len(e.cols) > 0 {
		if !e.has(c.name) {
			return nil, false, nil
		}
		var body string
		there, err := a.one(`SELECT body FROM redaction WHERE item_id = ? AND run_id IS ? AND col = ? AND deleted = 0 ORDER BY id LIMIT 1`, []any{as, e.run, c.name}, &body)
		if err != nil || there {
			return body, err == nil, err
		}
		return c.dflt, true, nil
	}
	if v, ok := insteadOf[t.Table][c.name]; ok {
		return v, v != nil, nil
	}
	if c.name == "deleted" {
		return int64(1), true, nil
	}
	return c.dflt, true, nil
}

// partOf is the part of a JSON document in col that was erased, "" if it is all of it.
func partOf(col string, cols []string) string {
	for _, c := range cols {
		if part, ok := strings.CutPrefix(c, col+":"); ok {
			return part
		}
	}
	return ""
}

// forgetWhat empties what is remembered of earlier values, and of an earlier redaction.
func (a *applier) forgetWhat(t *table, id, as ids.ID, e *erasedItem) error {
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`SELECT DISTINCT col FROM history WHERE tbl = ? AND id = ? AND old IS NOT NULL`, []any{t.Num, id}},
		{`SELECT DISTINCT col FROM lost WHERE tbl = ? AND id = ?`, []any{t.Num, id}},
	} {
		cols, err := casebook.Collect(a.ctx, a.to, casebook.Value[string], s.query, s.args...)
		if err != nil {
			return err
		}
		for _, col := range cols {
			if !e.has(col) {
				continue
			}
			a.wiped = true
			for _, q := range []string{`UPDATE history SET old = NULL WHERE tbl = ? AND id = ? AND col = ? AND old IS NOT NULL`, `DELETE FROM lost WHERE tbl = ? AND id = ? AND col = ?`} {
				if err := a.exec(q, t.Num, id, col); err != nil {
					return err
				}
			}
		}
	}
	return a.exec(`UPDATE redaction SET body = '' WHERE item_id = ? AND run_id IS NOT ? AND body <> ''`, as, e.run)
}

// brought notes what is still to be done after something was emptied: the pages of the
// file and the backups hold it yet, and so do the files that brought it.
func (a *applier) brought(files []*file) error {
	if !a.wiped {
		return nil
	}
	due := []string{casebook.DuePages, DueBackups}
	for _, f := range files {
		if !f.alone && f.kind != seen {
			due = append(due, dueFile+f.path)
		}
	}
	for _, what := range due {
		if err := a.exec(`INSERT INTO erase_due (what, since) VALUES (?, 0) ON CONFLICT DO NOTHING`, what); err != nil {
			return err
		}
	}
	return nil
}

// The parts of EraseDue that are done here and with the backups.
const (
	DueBackups = "backups"
	DueContent = "content " // and the digest of what was in a file
	dueFile    = "file "
)

// ErasureID is the id of the record that columns of an item were erased in a run, the same
// on every computer.
func ErasureID(run, item ids.ID, cols string) ids.ID {
	return ids.ID(uuid.NewSHA1(uuid.UUID(run), append(item[:], cols...)))
}
