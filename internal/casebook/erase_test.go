package casebook_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

// A file that is scrubbed keeps its rows, for those who read meanwhile, too, and its log
// is empty.
func TestScrubKeepsWhatIsThere(t *testing.T) {
	ctx := context.Background()
	c := casebooktest.New(t)
	person := ids.New()
	write := func(q string, args ...any) {
		t.Helper()
		if err := c.Write(ctx, "person.edit", func(tx *casebook.Tx) error { _, err := tx.Exec(q, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	write(`INSERT INTO person (id, given_name) VALUES (?, 'Ada')`, person)
	rows, err := c.Reader().QueryContext(ctx, `SELECT 1`)
	if err != nil {
		t.Fatal(err)
	}
	rows.Close()
	if err := c.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(c.Path() + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("the log holds %d bytes", info.Size())
	}
	write(`UPDATE person SET phone = '1' WHERE id = ?`, person)
	var got string
	if err := c.Reader().QueryRowContext(ctx, `SELECT given_name || phone FROM person WHERE id = ?`, person).Scan(&got); err != nil || got != "Ada1" {
		t.Errorf("%q %v", got, err)
	}
	if found, err := c.Check(ctx, nil); err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
	left, err := os.ReadDir(strings.TrimSuffix(c.Path(), "/test.couplet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if strings.HasPrefix(e.Name(), ".erase-") {
			t.Errorf("%s was left", e.Name())
		}
	}
}
