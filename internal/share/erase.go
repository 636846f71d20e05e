package share

import (
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// structure are the columns that say where a row belongs and who may see it. They stay
// when its content is erased.
var structure = []string{"id", "subject", "visibility", "sensitivity", "key", "tbl", "item_tbl", "template", "created_at"}

// erase empties what was erased for ever, however often a file brings it back.
func (a *applier) erase() error {
	for item := range a.touched.items {
		for _, t := range a.schema.tables {
			if t.Table == "erasure" {
				continue
			}
			if err := a.eraseWhere(t, "id", item); err != nil {
				return err
			}
			for _, of := range []string{"note_id", "field_id"} {
				if t.col(of) < 0 || t.Table == "note_lock" {
					continue
				}
				if err := a.eraseWhere(t, of, item); err != nil {
					return err
				}
			}
		}
		// The nonce goes, the commitment stays: it says no more than that there was something.
		if err := a.exec(`UPDATE note_lock SET nonce = NULL WHERE nonce IS NOT NULL AND note_id IN (SELECT ?1 UNION SELECT note_id FROM note_field WHERE id = ?1)`, item); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) eraseWhere(t *table, col string, item ids.ID) error {
	rows, err := casebook.Collect(a.ctx, a.to, casebook.Value[ids.ID], `SELECT id FROM `+t.Table+` WHERE `+col+` = ?`, item)
	if err != nil {
		return err
	}
	var set []string
	var values []any
	for _, c := range t.cols {
		if c.parent == "" && !slices.Contains(structure, c.name) && (c.kind == "TEXT" || c.name == "deleted") {
			set = append(set, c.name+" = ?")
			v := c.dflt
			if c.name == "deleted" {
				v = int64(1)
			}
			values = append(values, v)
		}
	}
	for _, id := range rows {
		if err := a.exec(`UPDATE `+t.Table+` SET `+strings.Join(set, ", ")+` WHERE id = ?`, append(slices.Clone(values), id)...); err != nil {
			return err
		}
		for _, s := range []string{`UPDATE history SET old = NULL WHERE tbl = ? AND id = ? AND old IS NOT NULL`, `DELETE FROM lost WHERE tbl = ? AND id = ?`} {
			if err := a.exec(s, t.Num, id); err != nil {
				return err
			}
		}
	}
	return nil
}
