package rights

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// missing turns the absence of a row into a fault.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return clients.NotFound()
	}
	return err
}

// dayColumns say of when a row is, the best first: days, and times in milliseconds.
var dayColumns = []string{"held_on", "signed_on", "used_on", "agreed_on", "written_on", "given_on", "received_on", "starts_on", "since_on", "report_on", "written_at", "starts_at", "taken_at", "held_at", "received_at", "at", "created_at"}

// read fills in of when an item is and, for whoever decides, what it says.
func (b *planner) read(t *table, i *Item) error {
	row, err := oneRow(b.ctx, b.q, t, i.ID)
	if err != nil {
		return err
	}
	for _, c := range dayColumns {
		switch v := row[c].(type) {
		case string:
			if d, err := day.Parse(v); err == nil {
				i.On = d
			}
		case int64:
			if v > 0 {
				i.On = day.Of(time.UnixMilli(v).UTC())
			}
		}
		if i.On != "" {
			break
		}
	}
	switch t.Table {
	case "note_field":
		i.Text, i.Sealed, err = b.fieldText(i.ID)
		return err
	case "note":
		i.Text, err = b.noteText(i.ID)
		return err
	case "addendum":
		body, _ := row["body"].(string)
		i.Text, i.Sealed = b.unsealed(idOf(row["sealed_to"]), body)
		return nil
	}
	free := t.free()
	if i.Cols != "" {
		free = strings.Fields(i.Cols)
	}
	var texts []string
	for _, c := range free {
		c, part, _ := strings.Cut(c, ":")
		v, _ := row[c].(string)
		if s := strings.TrimSpace(plainOf(v, part)); s != "" {
			texts = append(texts, s)
		}
	}
	if t.Table == "person" {
		texts = []string{strings.TrimSpace(fmt.Sprint(row["given_name"], " ", row["family_name"]))}
	}
	i.Text = strings.Join(texts, "\n")
	return nil
}

// plainOf is a text as people read it: of a JSON document the texts in it, or in one part.
func plainOf(s, part string) string {
	if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") {
		return s
	}
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	if part != "" {
		m, _ := v.(map[string]any)
		v = m[part]
	}
	var out []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if v != "" {
				out = append(out, v)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				walk(v[k])
			}
		}
	}
	walk(v)
	return strings.Join(out, "\n")
}

// unsealed is a text that may be sealed to a coach; of another coach's nothing is read.
func (b *planner) unsealed(to ids.ID, body string) (string, bool) {
	if to.IsZero() {
		return body, false
	}
	if to == b.seals.Me() {
		if plain, ok := b.seals.Unseal(body); ok {
			return plain, false
		}
	}
	return "", true
}

func (b *planner) fieldText(field ids.ID) (string, bool, error) {
	var body string
	var to ids.ID
	err := b.q.QueryRowContext(b.ctx, `SELECT coalesce(r.body, ''), f.sealed_to FROM note_field f LEFT JOIN note_rev r ON r.id = f.head WHERE f.id = ?`, field).Scan(&body, &to)
	if err != nil {
		return "", false, missing(err)
	}
	body, sealed := b.unsealed(to, body)
	return body, sealed, nil
}

func (b *planner) noteText(note ids.ID) (string, error) {
	type text struct {
		to   ids.ID
		body string
	}
	all, err := casebook.Collect(b.ctx, b.q, func(r *sql.Rows, t *text) error { return r.Scan(&t.to, &t.body) },
		`SELECT f.sealed_to, r.body FROM note_field f JOIN note_rev r ON r.id = f.head WHERE f.note_id = ?1 UNION ALL SELECT sealed_to, body FROM addendum WHERE note_id = ?1`, note)
	var out []string
	for _, t := range all {
		if body, sealed := b.unsealed(t.to, t.body); !sealed && strings.TrimSpace(body) != "" {
			out = append(out, body)
		}
	}
	return strings.Join(out, "\n\n"), err
}

func idOf(v any) (id ids.ID) {
	if b, ok := v.([]byte); ok {
		copy(id[:], b)
	}
	return id
}
