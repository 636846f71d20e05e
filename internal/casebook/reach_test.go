package casebook

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// TestPV01ATableWithoutAReachIsRefused holds every table to one line that says who of the
// practice reads it. Without the line the owner alone does, and this test fails.
func TestPV01ATableWithoutAReachIsRefused(t *testing.T) {
	ctx := context.Background()
	c, _, err := Create(ctx, filepath.Join(t.TempDir(), "reach.couplet"), New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	tables, err := Collect(ctx, c.writer, Value[string], `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'search\_fts%' ESCAPE '\'`)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		r, known := reaches[name]
		if known == slices.Contains(ownersAlone, name) {
			t.Errorf("%s: say in reach.go how its rows belong to a record, or that they are the owner's alone", name)
		}
		cols, err := Columns(ctx, c.writer, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range append(strings.Fields(r.codes), strings.Fields(names[name].plain)...) {
			if !slices.Contains(cols, code) {
				t.Errorf("%s.%s is not there any more", name, code)
			}
		}
	}
	for name := range reaches {
		if !slices.Contains(tables, name) {
			t.Errorf("%s is not there any more", name)
		}
	}
}

// TestPV01EveryViewIsMadeForEveryRole dresses a connection as each role and reads every
// table and view through it: none is missed, and none is broken.
func TestPV01EveryViewIsMadeForEveryRole(t *testing.T) {
	ctx := context.Background()
	c, _, err := Create(ctx, filepath.Join(t.TempDir(), "views.couplet"), New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	objects, err := Collect(ctx, c.writer, Value[string], `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{"coach", "supervisor", "assistant", "of a later version", "left"} {
		e := &eyes{role: role, veil: &veil{}}
		if err := c.tailor(ctx, e); err != nil {
			t.Fatal(err)
		}
		c.eyes.Store(e)
		views, err := Collect(ctx, c.reader, Value[string], `SELECT name FROM temp.sqlite_schema WHERE type = 'view'`)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			if !slices.Contains(views, o) {
				t.Errorf("%s reads %s bare", role, o)
			}
			var n int
			if err := c.reader.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT * FROM `+o+`)`).Scan(&n); err != nil {
				t.Errorf("%s, %s: %v", role, o, err)
			}
			if r, known := reaches[o]; known && !r.open && !r.actions && !r.dispatch && n != 0 {
				t.Errorf("%s is shown %d rows of %s", role, n, o)
			}
		}
		if _, err := c.reader.ExecContext(ctx, `INSERT INTO main.draft VALUES (x'00', x'00', '', 0, NULL, NULL)`); err == nil {
			t.Errorf("%s wrote through a reading connection", role)
		}
	}
}

func TestWhatAStatementWritesInto(t *testing.T) {
	for query, want := range map[string]string{
		`UPDATE person SET a = 1 WHERE id IN (SELECT a_id FROM couple)`: `UPDATE main.person SET a = 1 WHERE id IN (SELECT a_id FROM couple)`,
		"\n\tINSERT INTO note (id) SELECT id FROM note":                 "\n\tINSERT INTO main.note (id) SELECT id FROM note",
		`INSERT OR IGNORE INTO note_open VALUES (?)`:                    `INSERT OR IGNORE INTO main.note_open VALUES (?)`,
		`DELETE FROM draft`:            `DELETE FROM main.draft`,
		`UPDATE main.person SET a = 1`: `UPDATE main.person SET a = 1`,
		`SELECT id FROM person`:        `SELECT id FROM person`,
	} {
		if got := behind(query); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestNamesAreTakenOutOfTexts(t *testing.T) {
	names := []veiled{{"samira", "Alder 101"}, {"سميرة", "Alder 101"}, {"jonas", "Elm 202"}, {"al", "Fir 303"}, {"愛子", "Oak 404"}, {"zoe", "Yew 505"}}
	for text, want := range map[string]string{
		"Samira said that Jonas's mother called.": "Alder 101 said that Elm 202's mother called.",
		"SAMIRAS Brief, Jónas":                    "Alder 101 Brief, Elm 202",
		"also Al":                                 "also Fir 303",
		"قالت وسميرة":                             "قالت Alder 101",
		"愛子さんは来た":                                 "Oak 404",
		"Zoë, Zoe\u0308 and zoes":                 "Yew 505, Yew 505 and Yew 505",
		"":                                        "",
	} {
		if got := over(names, text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}
