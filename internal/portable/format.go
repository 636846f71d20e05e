// Package portable writes everything a casebook holds into one JSON file that any
// program can read, and makes a casebook of such a file. docs/export.md describes it.
//
// The same casebook gives the same bytes: keys are sorted, rows stand by id, and
// nothing says when or where the file was made. What belongs to a computer or to the
// protection of the file (keys, drafts, the search index) is not in it.
package portable

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// The name and version of the layout; the schema of the rows has a version of its own.
const (
	formatName    = "couplet export"
	formatVersion = 3 // 1 had no reflections sealed to a coach, 2 no files kept with the rows
)

// The sections in the order of the file.
const (
	secAbout       = "about"
	secActions     = "actions"
	secAttachments = "attachments"
	secHistory     = "history"
	secLost        = "lost"
	secTables      = "tables"
)

var sections = []string{secAbout, secActions, secAttachments, secHistory, secLost, secTables}

// newTables are the tables that older schemas did not have, and the first schema that did.
var newTables = map[string]int64{
	"coach_access": 3,
	"trace":        4, "export_made": 4, "attachment": 5,

	"subject_request": 7, "request_step": 7, "hold": 7, "redaction": 7, "restriction": 7, "erasure_task": 7, "retention_log": 7,
}

type about struct {
	// Coach is who exported it: their reflections are in it as they read.
	Coach   string `json:"coach,omitempty"`
	Format  string `json:"format"`
	Schema  int64  `json:"schema"`
	Version int    `json:"version"`
}

// column is how one column is written.
type column struct {
	name string
	kind string // INTEGER, REAL, TEXT or BLOB
	id   bool   // a BLOB that holds an id
}

// table is one table of rows, its columns sorted by name.
type table struct {
	casebook.Rule
	columns []column
	byName  map[string]column
}

// schema reads the tables that leave with an export, by name.
func schema(ctx context.Context, q casebook.Querier) ([]table, error) {
	rules, err := casebook.Rules(ctx, q)
	if err != nil {
		return nil, err
	}
	byName := map[string]casebook.Rule{}
	var names []string
	for _, r := range rules {
		if r.Merge != "local" && r.Audience != casebook.Keys {
			byName[r.Table] = r
			names = append(names, r.Table)
		}
	}
	slices.Sort(names)
	var out []table
	for _, n := range names {
		t := table{Rule: byName[n], byName: map[string]column{}}
		if t.columns, err = columnsOf(ctx, q, n); err != nil {
			return nil, err
		}
		for _, c := range t.columns {
			t.byName[c.name] = c
		}
		out = append(out, t)
	}
	return out, nil
}

func columnsOf(ctx context.Context, q casebook.Querier, tbl string) ([]column, error) {
	return casebook.Collect(ctx, q, func(r *sql.Rows, c *column) error {
		var reference bool
		if err := r.Scan(&c.name, &c.kind, &reference); err != nil {
			return err
		}
		c.id = c.kind == "BLOB" && (reference || c.name == "id" || strings.HasSuffix(c.name, "_id") || c.name == "replaces" || c.name == "device")
		return nil
	}, `SELECT c.name, c.type, EXISTS (SELECT 1 FROM pragma_foreign_key_list(?1) f WHERE f."from" = c.name)
		FROM pragma_table_info(?1) c ORDER BY c.name`, tbl)
}

// inBase64 is how bytes that are no id and no proper text are written.
type inBase64 struct {
	Base64 string `json:"base64"`
}

// inAge is a text that is sealed to a coach who did not export it.
type inAge struct {
	Age string `json:"age"`
}

// textOf is where a table keeps what can be sealed, and which column says of which row
// that it is.
var textOf = map[string]struct{ body, of string }{"note_rev": {"body", "field_id"}, "addendum": {"body", "id"}}

// appendValue writes one value of a row.
func (c column) appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("column %s holds a number that JSON does not have", c.name)
		}
		n := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(n, ".e") {
			n += ".0" // so that it is read as a fraction again
		}
		return append(b, n...), nil
	case string:
		if !utf8.ValidString(v) {
			return appendBase64(b, []byte(v)), nil
		}
		return appendString(b, v), nil
	case []byte:
		if c.id && len(v) == len(ids.ID{}) {
			return appendString(b, ids.ID(v).String()), nil
		}
		if c.kind == "TEXT" && utf8.Valid(v) {
			return appendString(b, string(v)), nil
		}
		return appendBase64(b, v), nil
	}
	return nil, fmt.Errorf("column %s holds a %T", c.name, v)
}

// value reads what appendValue wrote.
func (c column) value(raw json.RawMessage) (any, error) {
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0:
		return nil, fmt.Errorf("column %s has no value", c.name)
	case string(raw) == "null":
		return nil, nil
	case raw[0] == '"':
		return c.text(raw)
	case raw[0] == '{':
		return c.bytes(raw)
	}
	switch c.kind {
	case "INTEGER":
		n, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("column %s: %s is not a whole number", c.name, clip(raw))
		}
		return n, nil
	case "REAL":
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			return nil, fmt.Errorf("column %s: %s is not a number", c.name, clip(raw))
		}
		return f, nil
	}
	return nil, fmt.Errorf("column %s: %s is not a text", c.name, clip(raw))
}

func (c column) text(raw json.RawMessage) (any, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("column %s: %w", c.name, err)
	}
	switch c.kind {
	case "TEXT":
		return s, nil
	case "BLOB":
		id, err := ids.Parse(s)
		if err != nil || id.IsZero() {
			return nil, fmt.Errorf("column %s: %s is not an id", c.name, clip(raw))
		}
		return id[:], nil
	}
	return nil, fmt.Errorf("column %s: %s is not a number", c.name, clip(raw))
}

func (c column) bytes(raw json.RawMessage) (any, error) {
	var x inBase64
	if err := strict(raw, &x); err != nil {
		return nil, fmt.Errorf("column %s: %w", c.name, err)
	}
	b, err := base64.StdEncoding.DecodeString(x.Base64)
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", c.name, err)
	}
	switch c.kind {
	case "TEXT":
		return string(b), nil
	case "BLOB":
		return b, nil
	}
	return nil, fmt.Errorf("column %s: bytes where a number should be", c.name)
}

// strict decodes one JSON value that may have no other fields than v has.
func strict(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// clip is a value as it may stand in a message: short, and never a whole text.
func clip(raw []byte) string {
	const most = 20
	if len(raw) > most {
		return string(raw[:most]) + "…"
	}
	return string(raw)
}

func appendBase64(b, v []byte) []byte {
	b = append(b, `{"base64":"`...)
	b = base64.StdEncoding.AppendEncode(b, v)
	return append(b, `"}`...)
}

// appendString writes s as JSON, with only those escapes that JSON asks for.
func appendString(b []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}
