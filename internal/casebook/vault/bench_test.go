package vault

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const benchNotes = 20_000

// noteText is about 2 KB of words with a few common and many rare ones.
func noteText(random *rand.Rand) string {
	var b strings.Builder
	for b.Len() < 2000 {
		fmt.Fprintf(&b, "word%d ", int(20_000*random.Float64()*random.Float64()*random.Float64()))
	}
	return b.String()
}

func inTransaction(b *testing.B, db *sql.DB, work func(tx *sql.Tx) error) {
	b.Helper()
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		b.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// benchJobs are what is compared, in this order; each is given a database and the same
// random numbers.
var benchJobs = []struct {
	name string
	run  func(b *testing.B, db *sql.DB, random *rand.Rand)
}{
	{"bulk insert with index", func(b *testing.B, db *sql.DB, random *rand.Rand) {
		exec(b, db, "DROP TABLE IF EXISTS note")
		exec(b, db, "DROP TABLE IF EXISTS words")
		exec(b, db, "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
		exec(b, db, "CREATE VIRTUAL TABLE words USING fts5(body, content = 'note', content_rowid = 'id')")
		for from := 0; from < benchNotes; from += 1000 {
			inTransaction(b, db, func(tx *sql.Tx) error {
				for id := from; id < from+1000; id++ {
					text := noteText(random)
					if _, err := tx.Exec("INSERT INTO note VALUES(?, ?)", id, text); err != nil {
						return err
					}
					if _, err := tx.Exec("INSERT INTO words(rowid, body) VALUES(?, ?)", id, text); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}},
	{"edits, a commit each", func(b *testing.B, db *sql.DB, random *rand.Rand) {
		for range 500 {
			exec(b, db, "UPDATE note SET body = ? WHERE id = ?", noteText(random), random.IntN(benchNotes))
		}
	}},
	{"point reads", func(b *testing.B, db *sql.DB, random *rand.Rand) {
		stmt, err := db.Prepare("SELECT length(body) FROM note WHERE id = ?")
		if err != nil {
			b.Fatal(err)
		}
		defer stmt.Close()
		var n int
		for range 30_000 {
			if err := stmt.QueryRow(random.IntN(benchNotes)).Scan(&n); err != nil {
				b.Fatal(err)
			}
		}
	}},
	{"full scan", func(b *testing.B, db *sql.DB, _ *rand.Rand) {
		scalar[int](b, db, "SELECT sum(length(body)) FROM note")
	}},
	{"ranked search", func(b *testing.B, db *sql.DB, random *rand.Rand) {
		for range 100 {
			scalar[int](b, db, "SELECT coalesce(max(rowid), 0) FROM (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 20)", fmt.Sprintf("word%d", random.IntN(300)))
		}
	}},
	{"integrity check", func(b *testing.B, db *sql.DB, _ *rand.Rand) {
		if got := scalar[string](b, db, "PRAGMA integrity_check"); got != "ok" {
			b.Fatal(got)
		}
	}},
}

// BenchmarkAgainstPlain does each job on a plain and on a sealed database, by turns,
// and reports the ratio of the best times: 1.00 is no cost at all.
func BenchmarkAgainstPlain(b *testing.B) {
	path, k, _ := fresh(b)
	plain := connectPlain(b, filepath.Join(b.TempDir(), "plain.db"))
	sealed := connect(b, k.DSN(path, false))
	for _, job := range benchJobs {
		b.Run(job.name, func(b *testing.B) {
			best := [2]time.Duration{1 << 62, 1 << 62}
			for round := range uint64(max(b.N, 3)) {
				for i, db := range []*sql.DB{plain, sealed} {
					start := time.Now()
					job.run(b, db, rand.New(rand.NewPCG(round, 1)))
					best[i] = min(best[i], time.Since(start))
				}
			}
			b.ReportMetric(float64(best[1])/float64(best[0]), "x-plain")
			b.ReportMetric(float64(best[0].Milliseconds()), "plain-ms")
		})
	}
}

// BenchmarkPage is the cost of one page on its own, with what it allocates.
func BenchmarkPage(b *testing.B) {
	_, k, _ := fresh(b)
	plain, sealed, aad := make([]byte, pageSize), make([]byte, pageSize), make([]byte, aadSize)
	b.Run("seal", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(pageSize)
		for b.Loop() {
			k.seal(roleDatabase, 4096, plain, sealed, aad)
		}
	})
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(pageSize)
		k.seal(roleDatabase, 4096, plain, sealed, aad)
		for b.Loop() {
			copy(plain, sealed)
			if !k.open(roleDatabase, 4096, plain, aad) {
				b.Fatal("not authentic")
			}
		}
	})
}
