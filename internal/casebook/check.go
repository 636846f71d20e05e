package casebook

import (
	"context"
	"fmt"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/search"
	"github.com/couplet-app/couplet/internal/text"
)

// Finding is one thing that check has to say. It names places and ids, never content.
type Finding struct {
	Area   string // "page", "structure", "audience", "lock", "search", "header"
	Text   string
	Notice bool // worth knowing; the casebook is sound all the same
}

// Check examines everything: each page authenticates, SQLite finds its structure
// whole, each row points to rows that are there and has an audience, the index agrees
// with the rows. More holds the domain's own rules (hash chains of locked notes).
// Progress may be nil. It changes nothing.
func (c *Casebook) Check(ctx context.Context, progress func(done, total int64), more ...func(context.Context, Querier) ([]string, error)) ([]Finding, error) {
	var out []Finding
	pages, err := vault.CheckPages(ctx, c.path, c.key, progress)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		out = append(out, Finding{Area: "page", Text: p.String(), Notice: p.Notice})
	}
	for _, step := range []struct {
		area string
		run  func(context.Context) ([]string, error)
	}{
		{"structure", c.checkStructure},
		{"audience", c.checkAudience},
		{"search", func(ctx context.Context) ([]string, error) { return search.Check(ctx, c.engine) }},
	} {
		texts, err := step.run(ctx)
		if err = found(&out, step.area, texts, err); err != nil {
			return out, err
		}
	}
	for _, m := range more {
		texts, err := m(ctx, c.engine)
		if err = found(&out, "lock", texts, err); err != nil {
			return out, err
		}
	}
	return out, nil
}

// found adds findings; an error that says the file is damaged is itself a finding,
// for the check of a damaged file is not over with its first bad page.
func found(out *[]Finding, area string, texts []string, err error) error {
	for _, t := range texts {
		*out = append(*out, Finding{Area: area, Text: t})
	}
	if err = vault.MapError(err); fault.Is(err, fault.Damaged) {
		*out = append(*out, Finding{Area: area, Text: text.T("check.unreadable", "a part could not be read because a page is damaged")})
		return nil
	}
	return err
}

func (c *Casebook) checkStructure(ctx context.Context) ([]string, error) {
	found, err := Collect(ctx, c.engine, Value[string], `PRAGMA integrity_check(20)`)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range found {
		if s != "ok" {
			out = append(out, firstLine(s))
		}
	}
	fk, err := c.engine.QueryContext(ctx, `SELECT "table", coalesce(rowid, 0), parent FROM pragma_foreign_key_check LIMIT 20`)
	if err != nil {
		return out, err
	}
	defer fk.Close()
	for fk.Next() {
		var t, p string
		var n int64
		if err := fk.Scan(&t, &n, &p); err != nil {
			return out, err
		}
		out = append(out, fmt.Sprintf("row %d of %s points to a row of %s that is not there", n, t, p))
	}
	return out, fk.Err()
}

// checkAudience holds every row that carries its own audience to the values that this
// version knows, and what concerns safety to the coach.
func (c *Casebook) checkAudience(ctx context.Context) ([]string, error) {
	rules, err := Rules(ctx, c.engine)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rules {
		if r.Audience != "self" {
			continue
		}
		var n int64
		err := c.engine.QueryRowContext(ctx, `SELECT count(*) FROM `+r.Table+` WHERE subject NOT IN ('A', 'B', 'both', 'third_party')
			OR visibility NOT IN ('coach_only', 'partner_A', 'partner_B', 'joint') OR sensitivity NOT IN ('normal', 'sensitive', 'safety')
			OR (sensitivity = 'safety' AND visibility <> 'coach_only')`).Scan(&n)
		if err != nil {
			return out, err
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%d rows of %s have no proper audience (they are kept closed)", n, r.Table))
		}
	}
	return out, nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
