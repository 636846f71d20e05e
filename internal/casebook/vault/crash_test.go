package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook/vault/crashdisk"
	"github.com/couplet-app/couplet/internal/fault"
)

// crashVFS is the sealed VFS over the recording disk.
const crashVFS = "couplet-crashdisk"

func init() {
	if err := registerVFS(crashVFS, crashdisk.VFS); err != nil {
		panic(err)
	}
}

// times is how often a simulation runs: few times by default, many with
// COUPLET_FAULTS=long.
func times(short, long int) int {
	if os.Getenv("COUPLET_FAULTS") == "long" {
		return long
	}
	return short
}

// ledger is a workload whose state can be checked after any crash: transaction i adds
// rows with contents that follow from i, and raises the counter to i.
type ledger struct {
	random *rand.Rand
	rows   map[int]int // transaction to number of rows
	acked  []ack
	last   int
}

type ack struct{ tx, changes int }

const ledgerSchema = `
CREATE TABLE counter(id INTEGER PRIMARY KEY CHECK (id = 1), tx INTEGER NOT NULL) STRICT;
INSERT INTO counter VALUES(1, 0);
CREATE TABLE entry(tx INTEGER NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tx, n)) STRICT, WITHOUT ROWID;
CREATE TABLE page(id INTEGER PRIMARY KEY, tx INTEGER NOT NULL, filler BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5(body);`

func body(tx, n int) string {
	return strings.Repeat(fmt.Sprintf("entry%dof%d ", n, tx), 5+tx%60)
}

// step is one transaction of the workload.
func (l *ledger) step(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// A commit that was refused after all was written may have taken effect.
	if err := tx.QueryRow("SELECT tx FROM counter WHERE tx > ?", l.last).Scan(&l.last); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	i, rows := l.last+1, 1+l.random.IntN(6)
	for n := range rows {
		if _, err := tx.Exec("INSERT INTO entry VALUES(?, ?, ?)", i, n, body(i, n)); err != nil {
			return err
		}
	}
	for range l.random.IntN(12) { // pages that are rewritten, grown, freed
		id := 1 + l.random.IntN(30)
		if _, err := tx.Exec("INSERT OR REPLACE INTO page VALUES(?, ?, zeroblob(?))", id, i, l.random.IntN(9000)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec("DELETE FROM page WHERE id = ?", 1+l.random.IntN(30)); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO words VALUES(?)", body(i, 0)); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE counter SET tx = ?", i); err != nil {
		return err
	}
	l.rows[i] = rows
	if err := tx.Commit(); err != nil {
		return err
	}
	l.last = i
	return nil
}

// verify says what is wrong with the ledger in db, and how far it goes.
func (l *ledger) verify(db *sql.DB) (int, error) {
	var sound string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil {
		return 0, err
	}
	if sound != "ok" {
		return 0, fmt.Errorf("integrity_check: %s", sound)
	}
	var last, words int
	if err := db.QueryRow("SELECT tx, (SELECT count(*) FROM words) FROM counter").Scan(&last, &words); err != nil {
		return 0, err
	}
	if words != last {
		return last, fmt.Errorf("%d texts are indexed after transaction %d", words, last)
	}
	rows, err := db.Query("SELECT tx, n, body FROM entry ORDER BY tx, n")
	if err != nil {
		return last, err
	}
	defer rows.Close()
	seen := map[int]int{}
	for rows.Next() {
		var tx, n int
		var text string
		if err := rows.Scan(&tx, &n, &text); err != nil {
			return last, err
		}
		if tx > last || n != seen[tx] || text != body(tx, n) {
			return last, fmt.Errorf("entry %d of %d is not what was written", n, tx)
		}
		seen[tx]++
	}
	for tx := 1; tx <= last; tx++ {
		if seen[tx] != l.rows[tx] {
			return last, fmt.Errorf("transaction %d has %d of %d rows", tx, seen[tx], l.rows[tx])
		}
	}
	return last, rows.Err()
}

// recorded runs the workload on the recording disk and gives what was there before.
func recorded(t *testing.T, transactions int, synchronous string, seed uint64) (*ledger, *crashdisk.Recording, *Key, map[string][]byte) {
	t.Helper()
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, ledgerSchema)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	start := map[string][]byte{filepath.Base(path): readFile(t, path)}
	l := &ledger{random: rand.New(rand.NewPCG(seed, 1)), rows: map[int]int{}}
	recording := crashdisk.Record(nil)
	t.Cleanup(func() { crashdisk.Record(nil) })
	for part := range 3 { // closed and opened again in between
		db := connect(t, k.dsn(crashVFS, path, false))
		exec(t, db, "PRAGMA synchronous = "+synchronous)
		exec(t, db, "PRAGMA wal_autocheckpoint = 25")
		exec(t, db, "PRAGMA cache_size = 8")
		for i := range transactions / 3 {
			if err := l.step(db); err != nil {
				t.Fatal(err)
			}
			l.acked = append(l.acked, ack{l.last, recording.Len()})
			if part == 1 && i == transactions/6 {
				exec(t, db, "VACUUM")
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return l, recording, k, start
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// crash cuts the power once and opens what is left. It says whether an acknowledged
// transaction is missing.
func (l *ledger) crash(t *testing.T, r *crashdisk.Recording, k *Key, start map[string][]byte, random *rand.Rand) (lost bool) {
	t.Helper()
	at := 1 + random.IntN(r.Len())
	weather := crashdisk.Weather{Keep: []float64{0, 0.1, 0.5, 0.9, 1}[random.IntN(5)], Noise: []float64{0, 0, 0.05}[random.IntN(3)]}
	dir := t.TempDir()
	for name, data := range r.Cut(at, start, weather, random) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "Practice.couplet")
	log, err := CheckLog(path, k)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range log { // noise may hit a log's header, whole sectors lost may not look like damage
		if !f.Notice && weather.Noise == 0 {
			t.Errorf("power cut after change %d with %+v: %v", at, weather, f)
		}
	}
	db := connect(t, k.DSN(path, false))
	last, err := l.verify(db)
	if err != nil {
		t.Errorf("power cut after change %d with %+v: %v", at, weather, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	found, err := CheckPages(context.Background(), path, k, nil)
	if err != nil || len(found) > 0 {
		t.Errorf("power cut after change %d with %+v: opened and closed, check says %v %v", at, weather, found, err)
	}
	must := 0
	for _, a := range l.acked {
		if a.changes <= at {
			must = a.tx
		}
	}
	return last < must
}

func TestNoPowerCutLosesWhatWasAcknowledged(t *testing.T) {
	l, recording, k, start := recorded(t, 90, "FULL", 1)
	random := rand.New(rand.NewPCG(2, 2))
	for range times(150, 4000) {
		if l.crash(t, recording, k, start, random) {
			t.Error("a power cut lost an acknowledged transaction")
		}
	}
}

// With synchronous=NORMAL, SQLite does lose acknowledged transactions: if the
// simulation did not find that out, it would prove nothing about FULL.
func TestThePowerCutsAreRealOnes(t *testing.T) {
	l, recording, k, start := recorded(t, 90, "NORMAL", 1)
	random := rand.New(rand.NewPCG(3, 3))
	lost := 0
	for range times(40, 400) {
		if l.crash(t, recording, k, start, random) {
			lost++
		}
	}
	if lost == 0 {
		t.Error("no power cut lost a transaction that was never synced")
	}
	t.Logf("synchronous=NORMAL: an acknowledged transaction was lost in %d of %d power cuts", lost, times(40, 400))
}

func TestRefusedWritesLeaveEverythingWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for range times(200, 1000) {
		result := []int{crashdisk.Full, crashdisk.IOError}[random.IntN(2)]
		sticky := random.IntN(2) == 0
		refusedOnce(t, random, 1+random.IntN(400), result, sticky)
	}
}

// refusedOnce refuses the n-th change (and all after it, if sticky, until the disk is
// well again) and goes on with the same connection.
func refusedOnce(t *testing.T, random *rand.Rand, n, result int, sticky bool) {
	t.Helper()
	path, k, _ := fresh(t)
	well, hit := false, 0
	crashdisk.Record(nil)
	defer crashdisk.Record(nil)
	db := connect(t, k.dsn(crashVFS, path, false))
	exec(t, db, ledgerSchema)
	exec(t, db, "PRAGMA wal_autocheckpoint = 25")
	exec(t, db, "PRAGMA cache_size = 8")
	crashdisk.Record(func(i int, _ crashdisk.Change) int {
		if !well && (i == n || sticky && i > n) {
			hit++
			return result
		}
		return 0
	})
	l := &ledger{random: random, rows: map[int]int{}}
	failed := 0
	for l.last < 30 {
		err := l.step(db)
		if err == nil {
			continue
		}
		if failed++; !fault.Is(MapError(err), fault.System) {
			t.Fatalf("change %d refused with %d: %v", n, result, MapError(err))
		}
		if failed == 3 {
			well = true
		}
		if failed > 10 {
			t.Fatalf("change %d refused with %d: the disk is well and nothing can be saved: %v", n, result, err)
		}
	}
	well = true
	last, err := l.verify(db)
	if err != nil || last != l.last {
		t.Errorf("change %d refused with %d (%d times): saved to %d of %d: %v", n, result, hit, last, l.last, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	found, err := CheckPages(context.Background(), path, k, nil)
	if err != nil || len(found) > 0 {
		t.Errorf("change %d refused with %d: check says %v %v", n, result, found, err)
	}
}
