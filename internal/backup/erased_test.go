package backup_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
)

// What was erased for ever does not come back with a backup of before, wherever that is
// restored or opened, and a casebook that knows less does not make anybody forget it.
func TestWhatWasErasedStaysErasedInABackupOfBefore(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	c, clock := casebooktest.NewClock(t)
	dir, err := backup.Folder(c)
	if err != nil {
		t.Fatal(err)
	}
	person := ids.New()
	add(t, c, "Somebody")
	if err := c.Write(ctx, "person.add", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO person (id, given_name, phone) VALUES (?, 'TOKENPERSON', '0123')`, person)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	before, err := backup.Now(ctx, c, dir)
	if err != nil {
		t.Fatal(err)
	}
	clock.Move(2 * time.Hour)
	if err := c.Write(ctx, "erase", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO erasure (id, item_tbl, item_id) VALUES (?, 'person', ?)`, ids.New(), person)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Now(ctx, c, dir); err != nil {
		t.Fatal(err)
	}
	erased := func(c *casebook.Casebook) bool {
		var name, phone string
		if err := c.Reader().QueryRowContext(ctx, `SELECT given_name, phone FROM person WHERE id = ?`, person).Scan(&name, &phone); err != nil {
			t.Fatal(err)
		}
		return name+phone == share.Former
	}
	restored := filepath.Join(t.TempDir(), "restored.couplet")
	if err := backup.Restore(ctx, before.Path, restored, secret); err != nil {
		t.Fatal(err)
	}
	r, err := casebook.Open(ctx, restored, secret, casebook.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if !erased(r) {
		t.Error("it came back with the backup")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copied.couplet") // by hand
	copyOf(t, before.Path, copied)
	o, err := casebook.Open(ctx, copied, secret, casebook.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if erased(o) {
		t.Fatal("the copy knows already")
	}
	clock.Move(2 * time.Hour)
	if _, err := backup.Now(ctx, o, dir); err != nil { // it knows of no erasure, and takes none away
		t.Fatal(err)
	}
	if err := backup.Forget(ctx, o); err != nil || !erased(o) {
		t.Errorf("it is still there (%v)", err)
	}
}

func copyOf(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
