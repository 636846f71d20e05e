package portable

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/couplet-app/couplet/internal/ids"
)

// sealedTo reads to whom the texts of a row are sealed, and remembers it for those that
// stand in rows of their own.
func (m *importer) sealedTo(t table, c column, row map[string]json.RawMessage) (any, error) {
	v, err := c.value(row[c.name])
	to, ok := v.([]byte)
	if err != nil || !ok || t.Table != "note_field" {
		return v, err
	}
	id, err := t.byName["id"].value(row["id"])
	if b, ok := id.([]byte); ok && err == nil && len(b) == len(ids.ID{}) && len(to) == len(ids.ID{}) {
		m.sealed[ids.ID(b)] = ids.ID(to)
	}
	return v, err
}

// whose is the coach to whom the text of a row is sealed; zero for nobody.
func (m *importer) whose(t table, row map[string]json.RawMessage) (ids.ID, error) {
	name := "sealed_to"
	if t.Table == "note_rev" {
		name = textOf[t.Table].of
	}
	if row[name] == nil {
		return ids.Nil, nil
	}
	v, err := t.byName[name].value(row[name])
	b, ok := v.([]byte)
	if err != nil || !ok || len(b) != len(ids.ID{}) {
		return ids.Nil, err
	}
	if t.Table == "note_rev" {
		return m.sealed[ids.ID(b)], nil
	}
	return ids.ID(b), nil
}

// claim makes the passphrase of the new casebook that of the coach who exported it, or of
// its owner.
func (m *importer) claim() error {
	var coach ids.ID
	err := m.to.QueryRow(`SELECT id FROM coach WHERE deleted = 0 ORDER BY id <> ?, role <> 'owner', id LIMIT 1`, m.coach).Scan(&coach)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.to.Claim(coach)
}

// audiences are the values that say whose a row is and who may see it.
var audiences = map[string][]string{
	"subject":     {"A", "B", "both", "third_party"},
	"visibility":  {"coach_only", "partner_A", "partner_B", "joint"},
	"sensitivity": {"normal", "sensitive", "safety"},
}

// knownAudience refuses a row of which nobody could say who may see it.
func knownAudience(t table, name string, v any) error {
	allowed, ok := audiences[name]
	if !ok || t.Audience != "self" {
		return nil
	}
	if s, isText := v.(string); isText && slices.Contains(allowed, s) {
		return nil
	}
	return fmt.Errorf("column %s says nothing that is known", name)
}
