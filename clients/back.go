package clients

import "fmt"

// CameBack is SQL that is true for the rows x of a table that somebody deleted and
// somebody else changed later, so that a merge brought them back: it dates what became of
// them, and no action did it. It ends as soon as anybody changes the row again.
func CameBack(table, x string) string {
	later := ""
	if table == "note" {
		later = fmt.Sprintf(` AND NOT EXISTS (SELECT 1 FROM note_field f JOIN note_rev v ON v.field_id = f.id JOIN row_clock c ON c.id = v.id WHERE f.note_id = %s.id AND c.hlc > k.hlc)`, x)
	}
	return fmt.Sprintf(`EXISTS (SELECT 1 FROM col_clock k WHERE k.tbl = (SELECT num FROM schema_rule WHERE tbl = '%[1]s' AND col = '*') AND k.id = %[2]s.id AND k.col = 'deleted' AND %[2]s.deleted = 0
		AND NOT EXISTS (SELECT 1 FROM history h WHERE h.tbl = k.tbl AND h.id = k.id AND h.col = 'deleted' AND h.hlc = k.hlc AND h.dev = k.dev)
		AND NOT EXISTS (SELECT 1 FROM col_clock l WHERE l.tbl = k.tbl AND l.id = k.id AND l.hlc > k.hlc)%[3]s)`, table, x, later)
}
