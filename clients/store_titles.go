package clients

import (
	"context"
	"database/sql"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Titles are what records are called, for those of the ids that there are. Whoever may
// read anything may read the names; nobody else may.
func (s *Store) Titles(ctx context.Context, aud Audience, records []ids.ID) (map[ids.ID]string, error) {
	out := map[ids.ID]string{}
	if len(records) == 0 || aud.Reader() == "" {
		return out, nil
	}
	args := make([]any, len(records))
	for i, id := range records {
		args[i] = id
	}
	type row struct {
		id   ids.ID
		kind Kind
		a, b Name
	}
	rows, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, x *row) error {
		return r.Scan(&x.id, &x.kind, &x.a.Given, &x.a.Family, &x.a.Order, &x.a.Latin, &x.b.Given, &x.b.Family, &x.b.Order, &x.b.Latin)
	}, `SELECT c.id, c.kind, coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, '')
 FROM couple c LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0 WHERE c.deleted = 0 AND c.id IN (?`+strings.Repeat(`, ?`, len(args)-1)+`)`, args...)
	for _, x := range rows {
		out[x.id] = Title(x.kind, x.a, x.b)
	}
	return out, err
}
