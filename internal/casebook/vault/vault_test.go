package vault

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

// cheap lets tests derive keys at a price that only tests may pay.
func cheap(t testing.TB) KDF {
	t.Helper()
	old := kdfFloor
	kdfFloor = KDF{MemoryKiB: 64, Time: 1, Threads: 1}
	t.Cleanup(func() { kdfFloor = old })
	return kdfFloor
}

const passphrase = "correct horse battery staple"

// fresh is a new casebook in a folder of its own.
func fresh(t testing.TB) (path string, k *Key, recovery string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "Practice.couplet")
	k, recovery, err := Create(path, cheap(t), passphrase)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Wipe)
	return path, k, recovery
}

// connect opens dsn with one connection.
func connect(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(Driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func exec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func scalar[T any](t testing.TB, db *sql.DB, query string, args ...any) T {
	t.Helper()
	var v T
	if err := db.QueryRow(query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func wantSound(t testing.TB, db *sql.DB) {
	t.Helper()
	if got := scalar[string](t, db, "PRAGMA integrity_check"); got != "ok" {
		t.Fatalf("integrity_check: %s", got)
	}
}

func TestANewCasebookKeepsWhatIsWritten(t *testing.T) {
	path, k, recovery := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT) STRICT")
	exec(t, db, "INSERT INTO notes(body) VALUES(?)", "they laughed together")
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "temp_store": "2", "page_size": "4096"} {
		if got := scalar[string](t, db, "PRAGMA "+pragma); got != want {
			t.Errorf("%s = %s, want %s", pragma, got, want)
		}
	}
	reader := connect(t, k.DSN(path, true))
	if got := scalar[string](t, reader, "SELECT body FROM notes"); got != "they laughed together" {
		t.Errorf("a second connection read %q", got)
	}
	if _, err := reader.Exec("DELETE FROM notes"); err == nil {
		t.Error("a read-only connection deleted a row")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Fatalf("after closing there are %v, want the casebook alone (%v)", files, err)
	}
	for _, s := range []Secret{{Passphrase: passphrase}, {Recovery: recovery}} {
		again, err := Unlock(path, s)
		if err != nil {
			t.Fatal(err)
		}
		db := connect(t, again.DSN(path, true))
		wantSound(t, db)
		if got := scalar[string](t, db, "SELECT body FROM notes"); got != "they laughed together" {
			t.Errorf("reopened: %q", got)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		again.Wipe()
	}
}

func TestVacuumIntoMakesAWholeCasebook(t *testing.T) {
	path, k, recovery := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT) STRICT")
	for range 200 {
		exec(t, db, "INSERT INTO notes(body) VALUES(hex(randomblob(900)))")
	}
	copyPath := filepath.Join(t.TempDir(), "a b?c#d%e.couplet-backup")
	exec(t, db, "VACUUM INTO ?", k.Target(copyPath))
	other, err := Unlock(copyPath, Secret{Recovery: recovery})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Wipe()
	back := connect(t, other.DSN(copyPath, true))
	wantSound(t, back)
	if got := scalar[string](t, back, "PRAGMA journal_mode"); got != "wal" {
		t.Errorf("the copy is in mode %s", got)
	}
	const sum = "SELECT count(*) || ' ' || max(body) FROM notes"
	if want, got := scalar[string](t, db, sum), scalar[string](t, back, sum); got != want {
		t.Error("the copy differs")
	}
	if err := db.QueryRow("SELECT 1 WHERE 0").Scan(new(int)); err != sql.ErrNoRows {
		t.Error(err)
	}
	if _, err := db.Exec("VACUUM INTO ?", k.Target(copyPath)); err == nil {
		t.Error("VACUUM INTO replaced an existing file")
	}
}

// overwrite changes a file in place, as a failing disk would.
func overwrite(t testing.TB, path string, data []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(data, 0); err != nil {
		t.Fatal(err)
	}
}

// connectPlain opens an ordinary SQLite database.
func connectPlain(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	for _, p := range pragmas {
		exec(t, db, "PRAGMA "+p)
	}
	return db
}

// A copy of more pages than there is memory for writes the head of its journal again
// and again: that is no content, and a copy of a casebook of years must not end there.
func TestACopyLargerThanItsMemoryIsWhole(t *testing.T) {
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE notes(id INTEGER PRIMARY KEY, body BLOB) STRICT")
	exec(t, db, "INSERT INTO notes(body) SELECT randomblob(2000) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i FROM n)")
	exec(t, db, "PRAGMA cache_size = 20")
	to := filepath.Join(t.TempDir(), "copy")
	exec(t, db, "VACUUM INTO ?", k.Target(to))
	copied := connect(t, k.DSN(to, true))
	wantSound(t, copied)
	const sum = "SELECT hex(substr(group_concat(hex(body)), 1, 100000)) || count(*) FROM notes"
	if scalar[string](t, copied, sum) != scalar[string](t, db, sum) {
		t.Error("the copy holds something else")
	}
}
