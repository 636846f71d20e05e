package casebook_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

var ctx = context.Background()

func addPerson(t *testing.T, c *casebook.Casebook, name string) ids.ID {
	t.Helper()
	id := ids.New()
	if err := c.Write(ctx, "person.add", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO person (id, given_name, created_at) VALUES (?, ?, ?)`, id, name, tx.Now.UnixMilli())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func count(t *testing.T, c *casebook.Casebook, query string, args ...any) (n int) {
	t.Helper()
	if err := c.Reader().QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryChangeIsRecordedWithWhatStoodThereBefore(t *testing.T) {
	c := casebooktest.New(t)
	id := addPerson(t, c, "Ada")
	if n := count(t, c, `SELECT count(*) FROM row_clock WHERE id = ?`, id); n != 1 {
		t.Errorf("%d row clocks after an insert", n)
	}
	set := func(name string) {
		if err := c.Write(ctx, "person.edit", func(tx *casebook.Tx) error {
			_, err := tx.Exec(`UPDATE person SET given_name = ?, family_name = family_name WHERE id = ?`, name, id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	set("Ada")
	if n := count(t, c, `SELECT count(*) FROM history WHERE id = ?`, id); n != 0 {
		t.Errorf("%d history rows though nothing changed", n)
	}
	set("Beatrix")
	set("Carla")
	rows, err := c.Reader().QueryContext(ctx, `SELECT col, old, a.name FROM history h JOIN action a ON a.hlc = h.hlc AND a.dev = h.dev WHERE id = ? ORDER BY n`, id)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var col, old, action string
		if err := rows.Scan(&col, &old, &action); err != nil {
			t.Fatal(err)
		}
		got = append(got, col+" "+old+" "+action)
	}
	want := []string{"given_name Ada person.edit", "given_name Beatrix person.edit"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := count(t, c, `SELECT count(*) FROM col_clock WHERE id = ?`, id); n != 1 {
		t.Errorf("%d column clocks, one column changed", n)
	}
}

// An upsert may change the same column again and again.
func TestAnUpsertChangesTheSameColumnTwice(t *testing.T) {
	c := casebooktest.New(t)
	id := ids.New()
	for _, name := range []string{"Ada", "Adele", "Adelheid"} {
		if err := c.Write(context.Background(), "test", func(tx *casebook.Tx) error {
			_, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET given_name = excluded.given_name`, id, name)
			return err
		}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if n := count(t, c, `SELECT count(*) FROM col_clock WHERE id = ?`, id); n != 1 {
		t.Errorf("%d clocks of one column", n)
	}
	if n := count(t, c, `SELECT count(*) FROM history WHERE id = ? AND col = 'given_name'`, id); n != 2 {
		t.Errorf("%d earlier names", n)
	}
}

func TestWritesOutsideAStampedTransactionAreRefused(t *testing.T) {
	c := casebooktest.New(t)
	id := addPerson(t, c, "Ada")
	for _, q := range []string{
		`INSERT INTO person (id, given_name) VALUES (x'00000000000000000000000000000001', 'x')`,
		`UPDATE person SET given_name = 'x'`,
		`DELETE FROM person`,
	} {
		if err := c.Local(ctx, q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	if n := count(t, c, `SELECT count(*) FROM person WHERE id = ? AND given_name = 'Ada'`, id); n != 1 {
		t.Error("the row changed")
	}
}

func TestRowsAreNeverRemovedAndDecisionsNeverChanged(t *testing.T) {
	c := casebooktest.New(t)
	id := addPerson(t, c, "Ada")
	for name, f := range map[string]func(tx *casebook.Tx) error{
		"delete": func(tx *casebook.Tx) error { _, err := tx.Exec(`DELETE FROM person WHERE id = ?`, id); return err },
		"new id": func(tx *casebook.Tx) error {
			_, err := tx.Exec(`UPDATE person SET id = ? WHERE id = ?`, ids.New(), id)
			return err
		},
		"stage": func(tx *casebook.Tx) error {
			if _, err := tx.Exec(`INSERT INTO stage_change (id, stage) VALUES (?, 'enquiry')`, ids.New()); err != nil {
				return nil // then the update below is what must not pass
			}
			_, err := tx.Exec(`UPDATE stage_change SET stage = 'active'`)
			return err
		},
	} {
		if err := c.Write(ctx, name, f); err == nil {
			t.Errorf("%s went through", name)
		}
	}
	if n := count(t, c, `SELECT count(*) FROM stage_change`); n != 0 {
		t.Error("a refused transaction left a row")
	}
}

func TestAnErrorRollsEverythingBack(t *testing.T) {
	c := casebooktest.New(t)
	before := count(t, c, `SELECT count(*) FROM action`)
	stop := errors.New("stop")
	err := c.Write(ctx, "x", func(tx *casebook.Tx) error {
		if _, err := tx.Exec(`INSERT INTO person (id) VALUES (?)`, ids.New()); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	if n := count(t, c, `SELECT count(*) FROM person`); n != 0 || count(t, c, `SELECT count(*) FROM action`) != before {
		t.Error("something stayed")
	}
}

// Every table is captured or known to be local: a new one without a rule is found here.
func TestEveryTableHasARule(t *testing.T) {
	c := casebooktest.New(t)
	local := map[string]bool{
		"schema_rule": true, "brought": true, "device": true, "row_clock": true, "col_clock": true, "history": true, "action": true, "draft": true,
		"note_open": true, "search_doc": true, "schema_version": true,
		"share_local": true, "share_seen": true, "share_out": true, "share_file": true, "share_stub": true, "share_content": true, "share_epoch": true, "lost": true, "erase_due": true,
	}
	ruled := map[string]casebook.Rule{}
	rules, err := casebook.Rules(ctx, c.Reader())
	if err != nil {
		t.Fatal(err)
	}
	nums := map[int64]bool{}
	for _, r := range rules {
		ruled[r.Table] = r
		if nums[r.Num] {
			t.Errorf("number %d is used twice", r.Num)
		}
		nums[r.Num] = true
	}
	seen := 0
	err = c.Scan(ctx, `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fts%'`, func(v []any) error {
		name, sql := text(v[0]), text(v[1])
		if local[name] {
			return nil
		}
		seen++
		r, ok := ruled[name]
		if !ok {
			t.Errorf("table %s has no row in schema_rule", name)
		}
		if !strings.Contains(sql, "STRICT") {
			t.Errorf("table %s is not STRICT", name)
		}
		for _, col := range []string{"id", "created_at", "deleted"} {
			if count(t, c, `SELECT count(*) FROM pragma_table_info(?) WHERE name = ?`, name, col) != 1 {
				t.Errorf("table %s has no column %s", name, col)
			}
		}
		own := count(t, c, `SELECT count(*) FROM pragma_table_info(?) WHERE name IN ('subject', 'visibility', 'sensitivity')`, name)
		if (r.Audience == "self") != (own == 3) {
			t.Errorf("table %s has %d audience columns, its rule says %q", name, own, r.Audience)
		}
		if n := count(t, c, `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'cc\_' || ? || '\__\_' ESCAPE '\' OR name LIKE 'cc\_' || ? || '\___' ESCAPE '\'`, name, name); n != 6 {
			t.Errorf("table %s has %d capture triggers", name, n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != len(rules) {
		t.Errorf("%d tables, %d rules", seen, len(rules))
	}
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// A backup may take a minute on a casebook of years: no save stands in line behind it.
func TestASaveDoesNotWaitForWhatGoesOnBeside(t *testing.T) {
	ended := false
	path := filepath.Join(t.TempDir(), "a.couplet")
	c, _, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{
		Hourly: func(_ context.Context, c *casebook.Casebook) error {
			c.Beside(func(ctx context.Context) { <-ctx.Done(); ended = true })
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(ctx, "setting.set", func(tx *casebook.Tx) error { return tx.SetSetting("x", "1") }); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil || !ended {
		t.Errorf("closed before what went on beside had ended: %v", err)
	}
}
