package vault

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook/vault/crashdisk"
)

// Frames wait in memory for those that follow, and SQLite takes them for written. When the
// disk then refuses them for a moment, only the statement under way learns of it: a
// transaction that goes on all the same must not be committed without them.
func TestNothingIsCommittedOverFramesThatWereRefused(t *testing.T) {
	refused := 0
	for seed := range uint64(times(60, 500)) {
		refused += goOnOverRefusals(t, rand.New(rand.NewPCG(seed, 5)))
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

// goOnOverRefusals refuses one change of many, writes on as if nothing had been, and holds
// the casebook to what was committed. It says how much was refused.
func goOnOverRefusals(t *testing.T, random *rand.Rand) (refused int) {
	t.Helper()
	path, k, _ := fresh(t)
	db := connect(t, k.dsn(crashVFS, path, false))
	exec(t, db, "CREATE TABLE page(id INTEGER PRIMARY KEY, filler BLOB NOT NULL CHECK (length(filler) > 1)) STRICT")
	exec(t, db, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59) INSERT INTO page SELECT i, zeroblob(300) FROM n")
	at := 3 + random.IntN(40)
	crashdisk.Record(func(i int, _ crashdisk.Change) int {
		if i == at {
			refused++
			return crashdisk.Full
		}
		return 0
	})
	defer crashdisk.Record(nil)
	kept := map[int][]byte{}
	for range 8 {
		tx, err := db.Begin()
		if err != nil {
			continue
		}
		if _, err := tx.Exec("PRAGMA cache_size = 4"); err != nil {
			t.Fatal(err)
		}
		wrote := map[int][]byte{}
		for range 20 {
			id, filler := random.IntN(56), bytes.Repeat([]byte{byte(random.IntN(256))}, 200+random.IntN(4000))
			// Of a statement over several rows SQLite takes back that statement alone.
			if _, err := tx.Exec("UPDATE page SET filler = ? WHERE id BETWEEN ? AND ? + 3", filler, id, id); err == nil {
				for i := range 4 {
					wrote[id+i] = filler
				}
			}
		}
		if tx.Commit() == nil {
			for id, filler := range wrote {
				kept[id] = filler
			}
		}
	}
	crashdisk.Record(nil)
	db.Close()
	db = connect(t, k.DSN(path, false))
	var sound string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Fatalf("change %d refused: %s %v", at, sound, err)
	}
	for id, want := range kept {
		var got []byte
		if err := db.QueryRow("SELECT filler FROM page WHERE id = ?", id).Scan(&got); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("change %d refused: page %d is not what was committed (%v)", at, id, err)
		}
	}
	return refused
}
