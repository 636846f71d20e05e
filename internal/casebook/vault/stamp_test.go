package vault

import (
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"testing"
)

func stampedDB(t *testing.T) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.couplet")
	k, _, err := Create(path, KDF{}, "a passphrase of some length")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Wipe)
	db, err := sql.Open(Driver, k.DSN(path, false))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	for _, s := range []string{
		`CREATE TABLE row (id BLOB, mode INTEGER, hlc INTEGER, dev INTEGER)`,
		`CREATE TRIGGER row_new AFTER INSERT ON row BEGIN
			UPDATE row SET mode = couplet_mode(), hlc = couplet_hlc(), dev = couplet_dev() WHERE id = NEW.id;
			SELECT couplet_dirty('note', NEW.id); END`,
	} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// The stamp ends with its transaction, whether that is committed or undone, and so
// does the list of changed rows.
func TestAStampClosesWithItsTransaction(t *testing.T) {
	db := stampedDB(t)
	ctx := context.Background()
	id := bytes.Repeat([]byte{7}, 16)
	for _, keep := range []bool{true, false} {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(`SELECT couplet_stamp(1, 1 << 60, 3)`); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(`INSERT INTO row (id) VALUES (?)`, id); err != nil {
			t.Fatal(err)
		}
		var mode, hlc, dev int64
		if err := tx.QueryRow(`SELECT mode, hlc, dev FROM row`).Scan(&mode, &hlc, &dev); err != nil || mode != 1 || hlc != 1<<60 || dev != 3 {
			t.Errorf("the trigger saw %d, %d, %d: %v", mode, hlc, dev, err)
		}
		if keep {
			var dirty []byte
			if err := tx.QueryRow(`SELECT couplet_dirty()`).Scan(&dirty); err != nil || !bytes.Equal(dirty, append([]byte("note\x00"), id...)) {
				t.Errorf("the list is %q: %v", dirty, err)
			}
			if err := tx.QueryRow(`SELECT couplet_dirty()`).Scan(&dirty); err != nil || len(dirty) != 0 {
				t.Errorf("taken twice: %q: %v", dirty, err)
			}
			err = tx.Commit()
		} else {
			err = tx.Rollback()
		}
		if err != nil {
			t.Fatal(err)
		}
		var dirty []byte
		if err := db.QueryRow(`SELECT couplet_mode(), couplet_dirty()`).Scan(&mode, &dirty); err != nil || mode != 0 || len(dirty) != 0 {
			t.Errorf("afterwards the mode is %d and the list %q: %v", mode, dirty, err)
		}
	}
}

// SQL that stands in a file cannot open a stamp, and what is no id is refused.
func TestOnlyTheProgramStamps(t *testing.T) {
	db := stampedDB(t)
	if _, err := db.Exec(`CREATE TRIGGER sly AFTER DELETE ON row BEGIN SELECT couplet_stamp(3, 0, 0); END`); err == nil {
		if _, err := db.Exec(`INSERT INTO row (id) VALUES (zeroblob(16)); DELETE FROM row`); err == nil {
			t.Error("a trigger opened a stamp")
		}
	}
	for _, bad := range []string{`couplet_dirty('note', 'text')`, `couplet_dirty('note', NULL)`, `couplet_dirty('a' || char(0) || 'b', zeroblob(16))`, `couplet_dirty(NULL, zeroblob(16))`} {
		if _, err := db.Exec(`SELECT ` + bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
