package vault

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
	sqlite3 "github.com/mattn/go-sqlite3"
)

// Whatever would put plain text on the disk, or pages that the format does not have,
// is refused, and the casebook stays what it was.
func TestWhatTheFormatDoesNotHaveIsRefused(t *testing.T) {
	big := "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO temp.t SELECT i, 'plainword' || hex(randomblob(2000)) FROM n"
	for name, statements := range map[string][]string{
		"temporary tables on disk":  {"PRAGMA temp_store = FILE", "PRAGMA cache_size = 4", "CREATE TEMP TABLE t(i, v)", big},
		"a rollback journal":        {"PRAGMA journal_mode = DELETE", "INSERT INTO note VALUES('plainword')"},
		"auto-vacuum":               {"PRAGMA auto_vacuum = FULL", "VACUUM"},
		"a copy of another shape":   {"VACUUM INTO '%s&reserve=0'"},
		"a copy without a key":      {"VACUUM INTO 'file:%p?vfs=couplet&mode=rwc'"},
		"a copy with a made-up key": {"VACUUM INTO 'file:%p?vfs=couplet&mode=rwc&keyid=99999'"},
		"attaching without a key":   {"ATTACH 'file:%p?vfs=couplet&mode=rwc' AS other", "CREATE TABLE other.t(v)"},
	} {
		path, k, _ := fresh(t)
		db := connect(t, k.DSN(path, false))
		exec(t, db, "CREATE TABLE note(body TEXT) STRICT")
		exec(t, db, "INSERT INTO note VALUES('plainword')")
		beside := filepath.Join(filepath.Dir(path), "beside.db")
		t.Setenv("TMPDIR", filepath.Dir(path))
		var failed error
		for _, s := range statements {
			s = strings.NewReplacer("%s", k.Target(beside), "%p", beside).Replace(s)
			if _, err := db.Exec(s); err != nil {
				failed = err
				break
			}
		}
		var mode string
		if err := db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
			t.Errorf("%s: mode %s, %v", name, mode, err)
		}
		if failed == nil && name != "a rollback journal" {
			t.Errorf("%s: was not refused", name)
		}
		wantSound(t, db)
		if got := scalar[string](t, db, "SELECT body FROM note LIMIT 1"); got != "plainword" {
			t.Errorf("%s: the note is %q", name, got)
		}
		exec(t, db, "INSERT INTO note VALUES('afterwards')")
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if bytes.Contains(readFile(t, filepath.Join(filepath.Dir(path), e.Name())), []byte("plainword")) {
				t.Errorf("%s: plain text in %s", name, e.Name())
			}
		}
		if err := db.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if found := findingsAt(t, path, k); len(found) != 0 {
			t.Errorf("%s: check says %v", name, found)
		}
	}
}

func TestAStrayJournalIsNotRolledBack(t *testing.T) {
	s := newSpecimen(t)
	path := put(t, s.file, nil)
	journal := append([]byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0x10, 0}, make([]byte, 484)...)
	if err := os.WriteFile(path+"-journal", journal, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := read(t, s.key, path); err != nil || text != s.content {
		t.Errorf("beside a journal the casebook reads as %d bytes, %v", len(text), err)
	}
}

func TestErrorsOfSQLiteBecomeFaults(t *testing.T) {
	for _, test := range []struct {
		code     sqlite3.ErrNo
		extended sqlite3.ErrNoExtended
		want     fault.Kind
	}{
		{sqlite3.ErrIoErr, ioErrData, fault.Damaged},
		{sqlite3.ErrCorrupt, sqlite3.ErrNoExtended(sqlite3.ErrCorrupt), fault.Damaged},
		{sqlite3.ErrNotADB, sqlite3.ErrNoExtended(sqlite3.ErrNotADB), fault.Damaged},
		{sqlite3.ErrIoErr, ioErrAuth, fault.WrongKey},
		{sqlite3.ErrNo(ioErrData), ioErrData, fault.Damaged},
		{sqlite3.ErrNo(sqlite3.ErrIoErrWrite), sqlite3.ErrIoErrWrite, fault.System},
		{sqlite3.ErrIoErr, sqlite3.ErrIoErrWrite, fault.System},
		{sqlite3.ErrBusy, sqlite3.ErrNoExtended(sqlite3.ErrBusy), fault.Busy},
		{sqlite3.ErrFull, sqlite3.ErrNoExtended(sqlite3.ErrFull), fault.System},
		{sqlite3.ErrReadonly, sqlite3.ErrNoExtended(sqlite3.ErrReadonly), fault.System},
		{sqlite3.ErrConstraint, sqlite3.ErrConstraintUnique, fault.Internal},
	} {
		err := fmt.Errorf("save: %w", sqlite3.Error{Code: test.code, ExtendedCode: test.extended})
		if got := MapError(err); fault.KindOf(got) != test.want || !errors.Is(got, err) {
			t.Errorf("%v becomes %v", err, got)
		}
	}
	own := fault.New(fault.Refused, "no", "")
	if MapError(own) != error(own) || MapError(nil) != nil {
		t.Error("a fault, or nil, did not come back as it was")
	}
}

// The page that would stand where SQLite's lock bytes are stands behind them; this
// takes a casebook of more than 1 GiB.
func TestACasebookLargerThanTheLockBytes(t *testing.T) {
	for off, want := range map[int64]int64{0: firstAt, lockHole - firstAt - pageSize: lockHole - pageSize, lockHole - firstAt: lockHole + pageSize} {
		if got := placeOf(off); got != want {
			t.Errorf("offset %d stands at %d, want %d", off, got, want)
		}
	}
	for size, want := range map[int64]int64{firstAt: 0, lockHole: lockHole - firstAt, lockHole + pageSize: lockHole - firstAt, lockHole + 2*pageSize: lockHole - firstAt + pageSize} {
		if got := logicalSize(size); got != want {
			t.Errorf("a file of %d bytes has %d, want %d", size, got, want)
		}
	}
	if times(0, 1) == 0 {
		t.Skip("COUPLET_FAULTS=long writes 1 GiB")
	}
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE picture(data BLOB) STRICT")
	for range 1100 {
		exec(t, db, "INSERT INTO picture VALUES(randomblob(1000000))")
	}
	wantSound(t, db)
	want := scalar[string](t, db, "SELECT sum(length(data)) || hex(substr(max(data), 1, 8)) FROM picture")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	hole := make([]byte, pageSize)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := readWhole(f, hole, lockHole); err != nil || !bytes.Equal(hole, make([]byte, pageSize)) {
		t.Errorf("something was written over the lock bytes, %v", err)
	}
	if found := findingsAt(t, path, k); len(found) != 0 {
		t.Errorf("check says %v", found)
	}
	again := connect(t, k.DSN(path, true))
	wantSound(t, again)
	if got := scalar[string](t, again, "SELECT sum(length(data)) || hex(substr(max(data), 1, 8)) FROM picture"); got != want {
		t.Errorf("reads %s, want %s", got, want)
	}
}
