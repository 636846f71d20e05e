package share

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// column is one column of a table that is shared. Its place in the table is its number
// for ever: columns are only ever added.
type column struct {
	name    string
	kind    string // INTEGER, REAL, TEXT or BLOB
	notNull bool
	dflt    any
	parent  string // the table it points into, "" for none
	closed  bool   // a lock closes it
	derived bool   // every computer finds it by itself; it travels to one that has nothing yet
}

// table is one table of rows.
type table struct {
	casebook.Rule
	cols      []column
	insert    string // the statement that adds a whole row, made once: a join has millions
	hasAccess bool   // it has the columns subject, visibility and sensitivity
}

func (t *table) col(name string) int {
	return slices.IndexFunc(t.cols, func(c column) bool { return c.name == name })
}

func (t *table) names() string {
	var out []string
	for _, c := range t.cols {
		out = append(out, c.name)
	}
	return strings.Join(out, ", ")
}

// schema is what a merge and a dump have to know of the tables.
type schema struct {
	tables []*table // by number
	byNum  map[int64]*table
	byName map[string]*table
}

func readSchema(ctx context.Context, q casebook.Querier) (*schema, error) {
	rules, err := casebook.Rules(ctx, q)
	if err != nil {
		return nil, err
	}
	s := &schema{byNum: map[int64]*table{}, byName: map[string]*table{}}
	for _, r := range rules {
		t := &table{Rule: r}
		if t.cols, err = readColumns(ctx, q, r.Table); err != nil {
			return nil, err
		}
		if t.cols[0].name != "id" {
			return nil, fmt.Errorf("table %s does not begin with its id", r.Table)
		}
		t.insert = `INSERT INTO ` + t.Table + ` (` + t.names() + `) VALUES (?` + strings.Repeat(", ?", len(t.cols)-1) + `)`
		t.hasAccess = t.col("visibility") >= 0 && t.col("sensitivity") >= 0
		s.tables = append(s.tables, t)
		s.byNum[r.Num], s.byName[r.Table] = t, t
	}
	return s, nil
}

func readColumns(ctx context.Context, q casebook.Querier, tbl string) ([]column, error) {
	return casebook.Collect(ctx, q, func(r *sql.Rows, c *column) error {
		var dflt, parent sql.NullString
		if err := r.Scan(&c.name, &c.kind, &c.notNull, &dflt, &parent); err != nil {
			return err
		}
		c.parent = parent.String
		c.derived = tbl == "note_field" && c.name == "head"
		c.closed = casebook.ClosedByLock(tbl, c.name)
		switch d := dflt.String; {
		case !dflt.Valid:
			if c.notNull && c.kind == "TEXT" {
				c.dflt = ""
			} else if c.notNull && c.kind == "INTEGER" {
				c.dflt = int64(0)
			} else if c.notNull {
				c.dflt = unknown
			}
		case strings.HasPrefix(d, "'"):
			c.dflt = strings.ReplaceAll(strings.Trim(d, "'"), "''", "'")
		default:
			n, err := strconv.ParseInt(d, 10, 64)
			if err != nil {
				return fmt.Errorf("the default of %s.%s is no plain value", tbl, c.name)
			}
			c.dflt = n
		}
		return nil
	}, `SELECT c.name, c.type, c."notnull", c.dflt_value, (SELECT f."table" FROM pragma_foreign_key_list(?1) f WHERE f."from" = c.name) FROM pragma_table_info(?1) c ORDER BY c.cid`, tbl)
}

// same says whether two values of a column are equal.
func same(a, b any) bool {
	if x, ok := a.([]byte); ok {
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	}
	if _, ok := b.([]byte); ok {
		return false
	}
	return a == b
}

// fits says whether a value may stand in the column: a file may say anything.
func (c *column) fits(v any) bool {
	switch v := v.(type) {
	case nil:
		return !c.notNull
	case int64:
		return c.kind == "INTEGER"
	case float64:
		return c.kind == "REAL"
	case string:
		return c.kind == "TEXT"
	case []byte:
		return c.kind == "BLOB" && (c.parent == "" || len(v) == len(unknown) && !bytes.Equal(v, unknown))
	}
	return false
}

// unknown stands where a row has to point to something and nothing is known yet.
var unknown = make([]byte, len(ids.ID{}))
