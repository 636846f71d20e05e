package casebook

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Rule is what schema_rule says of one table.
type Rule struct {
	Num      int64
	Table    string
	Merge    string // lww, append, decision, revisions
	Audience string // self, names, coach, none, key, or <table>.<column>
	Search   string // SQL that selects the kinds and ids of the search documents touched
	Erase    string
}

// Keys is the audience of the tables that hold keys: nobody's. They travel with the other
// rows, and are never shown, exported, put back or undone.
const Keys = "key"

// ExportAction is the action that records an export of the whole casebook.
const ExportAction = "export.casebook"

// KeptHere is SQL that leaves out the rows x that tell of copies of the whole casebook:
// no copy holds them, so that two of them are alike.
func (r Rule) KeptHere(x string) string {
	if r.Table != "trace" && r.Table != "export_made" {
		return "1"
	}
	return x + ".id NOT IN kept_here"
}

// Rules are the rules of all tables that are captured, by number.
func Rules(ctx context.Context, q Querier) ([]Rule, error) {
	return Collect(ctx, q, func(r *sql.Rows, x *Rule) error {
		return r.Scan(&x.Num, &x.Table, &x.Merge, &x.Audience, &x.Search, &x.Erase)
	}, `SELECT num, tbl, merge, audience, search, erase FROM schema_rule WHERE col = '*' ORDER BY num`)
}

// capture makes the triggers that record every change, anew from schema_rule and the
// columns that the tables have now. Nothing in a domain package has to remember it.
func capture(ctx context.Context, tx *sql.Tx) error {
	names, err := Collect(ctx, tx, Value[string], `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'cc\_%' ESCAPE '\'`)
	if err != nil {
		return err
	}
	for _, n := range names {
		if _, err := tx.ExecContext(ctx, `DROP TRIGGER `+n); err != nil {
			return err
		}
	}
	rules, err := Rules(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		cols, err := Columns(ctx, tx, r.Table)
		if err != nil {
			return err
		}
		for _, s := range captureSQL(r, cols) {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("trigger of %s: %w", r.Table, err)
			}
		}
	}
	return nil
}

// LockColumn says since when a row is locked, 0 for not.
const LockColumn = "locked_at"

// ClosedByLock says whether a column stays as it was once its row is locked.
func ClosedByLock(tbl, col string) bool {
	switch col {
	case "id", "subject", "visibility", "sensitivity", "created_at", "deleted":
		return false
	}
	return tbl == "administration"
}

// captureSQL are the triggers of one table.
func captureSQL(r Rule, cols []string) []string {
	t := r.Table
	open := `WHEN couplet_mode() = 0 BEGIN SELECT RAISE(ABORT, 'couplet: a write outside a stamped transaction'); END`
	// ON CONFLICT, not OR REPLACE: inside an upsert the policy of the outer statement
	// would take the place of OR REPLACE, and the second change of a column would fail.
	insert := fmt.Sprintf(`INSERT INTO row_clock SELECT %d, NEW.id, couplet_hlc(), couplet_dev() WHERE couplet_mode() NOT IN (2, 3) ON CONFLICT (tbl, id) DO UPDATE SET hlc = excluded.hlc, dev = excluded.dev;`, r.Num)
	var update strings.Builder
	for _, c := range cols {
		if c == "id" {
			continue
		}
		stamped := fmt.Sprintf("OLD.%s IS NOT NEW.%s", c, c)
		if ClosedByLock(t, c) { // whoever locks a row has seen all that the lock closes
			stamped = fmt.Sprintf("(%s OR (OLD.%s = 0 AND NEW.%s <> 0))", stamped, LockColumn, LockColumn)
		}
		fmt.Fprintf(&update, `
 INSERT INTO history (tbl, id, col, old, hlc, dev) SELECT %d, OLD.id, '%s', OLD.%s, couplet_hlc(), couplet_dev() WHERE couplet_mode() NOT IN (2, 3) AND OLD.%s IS NOT NEW.%s;
 INSERT INTO col_clock SELECT %d, OLD.id, '%s', couplet_hlc(), couplet_dev() WHERE couplet_mode() NOT IN (2, 3) AND %s ON CONFLICT (tbl, id, col) DO UPDATE SET hlc = excluded.hlc, dev = excluded.dev;`, r.Num, c, c, c, c, r.Num, c, stamped)
	}
	insert += fmt.Sprintf(` INSERT INTO share_out (tbl, id) SELECT %d, NEW.id WHERE couplet_mode() = %d;`, r.Num, modeShared)
	dirty := ""
	if r.Search != "" {
		dirty = fmt.Sprintf(` SELECT couplet_dirty(kind, id) FROM (%s);`, r.Search)
	}
	out := []string{
		fmt.Sprintf(`CREATE TRIGGER cc_%s_i0 BEFORE INSERT ON %s %s`, t, t, open),
		fmt.Sprintf(`CREATE TRIGGER cc_%s_u0 BEFORE UPDATE ON %s %s`, t, t, open),
		fmt.Sprintf(`CREATE TRIGGER cc_%s_d0 BEFORE DELETE ON %s WHEN couplet_mode() NOT IN (2, 3) BEGIN SELECT RAISE(ABORT, 'couplet: rows are marked deleted, never removed'); END`, t, t),
		fmt.Sprintf(`CREATE TRIGGER cc_%s_i1 AFTER INSERT ON %s BEGIN %s%s END`, t, t, insert, dirty),
		fmt.Sprintf(`CREATE TRIGGER cc_%s_id BEFORE UPDATE OF id ON %s BEGIN SELECT RAISE(ABORT, 'couplet: an id never changes'); END`, t, t),
	}
	out = append(out, erasedSQL(r, cols)...)
	if r.Merge == "lww" {
		return append(out, fmt.Sprintf(`CREATE TRIGGER cc_%s_u1 AFTER UPDATE ON %s BEGIN%s%s END`, t, t, update.String(), dirty))
	}
	// What is appended, decided or revised is never changed: a new row says the new thing.
	return append(out, fmt.Sprintf(`CREATE TRIGGER cc_%s_u1 BEFORE UPDATE ON %s WHEN couplet_mode() NOT IN (2, 3) BEGIN SELECT RAISE(ABORT, 'couplet: this row is never changed'); END`, t, t))
}

// erasedSQL are the triggers that keep what was erased as it is: whoever wrote into it
// would lose that at the next turn of sharing.
func erasedSQL(r Rule, cols []string) []string {
	t, has := r.Table, func(c string) bool { return slices.Contains(cols, c) }
	if r.Erase == "none" {
		return nil
	}
	var out []string
	if r.Merge == "lww" {
		var changed strings.Builder
		for _, c := range cols {
			if c != "id" {
				fmt.Fprintf(&changed, " OR (OLD.%[1]s IS NOT NEW.%[1]s AND (instr(' ' || e.cols || ' ', ' %[1]s ') OR instr(' ' || e.cols, ' %[1]s:')))", c)
			}
		}
		out = append(out, fmt.Sprintf(`CREATE TRIGGER cc_erased_%s_u BEFORE UPDATE ON %s WHEN couplet_mode() NOT IN (2, 3) AND EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = OLD.id AND (e.cols = ''%s)) BEGIN SELECT RAISE(ABORT, 'couplet: erased'); END`, t, t, changed.String()))
	}
	// Nothing new of somebody who was erased.
	var of []string
	if has("person_id") {
		of = append(of, `EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = NEW.person_id AND e.cols = '')`)
	}
	couple := ""
	switch {
	case has("couple_id"):
		couple = "NEW.couple_id"
	case has("note_id"):
		couple = "(SELECT couple_id FROM note WHERE id = NEW.note_id)"
	}
	if couple != "" {
		whose := "''"
		for _, c := range []string{"partner", "subject", "about"} {
			if has(c) {
				whose = "NEW." + c
				break
			}
		}
		of = append(of, fmt.Sprintf(`EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = %s AND (e.cols = '' OR instr(e.cols || ' ', 'partner:' || nullif(%s, '') || ' ') = 1))`, couple, whose))
	}
	for _, c := range []string{"note_id", "field_id"} {
		if has(c) {
			of = append(of, fmt.Sprintf(`EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = NEW.%s AND e.cols IN ('', 'body'))`, c))
		}
	}
	if len(of) > 0 && t != "subject_request" && t != "note_lock" {
		out = append(out, fmt.Sprintf(`CREATE TRIGGER cc_erased_%s_i BEFORE INSERT ON %s WHEN couplet_mode() NOT IN (2, 3) AND (%s) BEGIN SELECT RAISE(ABORT, 'couplet: erased'); END`, t, t, strings.Join(of, " OR ")))
	}
	return out
}
