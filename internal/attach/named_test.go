package attach

import (
	"database/sql"
	"testing"
)

// TestACasebookFromBeforeFilesWereKeptNamesNone: it is backed up before it is brought up to
// date, so the table is not there yet.
func TestACasebookFromBeforeFilesWereKeptNamesNone(t *testing.T) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if named, err := (Store{}).Named(ctx, db); err != nil || len(named) > 0 {
		t.Errorf("%v (%v)", named, err)
	}
}
