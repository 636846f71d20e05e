package rights

import (
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
)

// shortestName is how many letters a name has at least that is looked for in texts.
const shortestName = 2

// named finds texts of the other partner that name the person. They stay the other's own
// words: another name in the place of this one is offered.
func (b *planner) named() error {
	names, err := b.names()
	if err != nil || len(names) == 0 {
		return err
	}
	for _, t := range b.tables {
		in, whose, free := share.Within(t.has), share.Whose(t.has), t.free()
		if in == "" || whose == "" || len(free) == 0 || t.Table == "note" || t.Table == "note_rev" {
			continue
		}
		for _, pl := range b.plan.Places {
			other := map[string]string{"A": "B", "B": "A"}[string(pl.Slot)]
			found, err := casebook.Collect(b.ctx, b.q, casebook.Value[ids.ID], `SELECT x.id FROM `+t.Table+` x WHERE `+in+` AND `+whose+` = ? AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = x.id)`+decidedOn+` ORDER BY x.id`, pl.Couple, other)
			if err != nil {
				return err
			}
			for _, id := range found {
				if err := b.mention(t, id, pl.Couple, names); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// names are how the person is called, the longest first.
func (b *planner) names() ([]string, error) {
	var given, family, latin string
	if err := b.q.QueryRowContext(b.ctx, `SELECT given_name, family_name, latin_name FROM person WHERE id = ?`, b.plan.ID).Scan(&given, &family, &latin); err != nil {
		return nil, missing(err)
	}
	var out []string
	for _, n := range []string{given + " " + family, latin, given, family} {
		if n = strings.TrimSpace(n); len([]rune(n)) >= shortestName && n != share.Former {
			out = append(out, n)
		}
	}
	return out, nil
}

// Without is a text with another name in the place of a person's names.
func Without(s string, names ...string) string {
	for _, n := range names {
		if len([]rune(n)) >= shortestName {
			s = strings.ReplaceAll(s, n, share.Former)
		}
	}
	return s
}

// mention puts a row on the plan if it, or an earlier text of it, names the person.
func (b *planner) mention(t *table, id, couple ids.ID, names []string) error {
	cols := strings.Join(t.free(), " ")
	i := Item{Table: t.Table, ID: id, Cols: cols}
	if t.Table == "note_field" {
		i.Cols = ""
	}
	if err := b.read(t, &i); err != nil || i.Sealed {
		return err
	}
	all := []string{i.Text}
	if t.Table == "note_field" {
		earlier, err := casebook.Collect(b.ctx, b.q, casebook.Value[string], `SELECT body FROM note_rev WHERE field_id = ?`, id)
		if err != nil {
			return err
		}
		all = append(all, earlier...)
	}
	said := strings.Join(all, "\n")
	if Without(said, names...) == said {
		return nil
	}
	if t.goesWhole() {
		i.Cols = ""
	}
	n := len(b.plan.Items)
	if err := b.add(t, id, i.Cols, couple, true, Undecided); err != nil || len(b.plan.Items) == n {
		return err
	}
	b.plan.Items[n].Redacted = Without(i.Text, names...)
	return nil
}
