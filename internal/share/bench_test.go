package share

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the plain SQLite that a join is measured against

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/durable"
)

// The limits of docs/performance.md. Every figure that judges is a ratio within one run.
const (
	nothingNewLimit = 1.5 // merging a copy with nothing new, times decoding the same snapshot
	joinLimit       = 2.0 // joining, times the bulk insert of the same rows in plain SQLite
	growthLimit     = 1.5 // publishing and applying one field on twenty years, times on one
	clocksLimit     = 1.08
)

// BenchmarkSharing measures on casebooks of a year and of twenty, whose paths and
// passphrase are in the environment (make bench). One alone does for a look.
func BenchmarkSharing(b *testing.B) {
	for b.Loop() {
		var all []*measured
		for _, years := range []string{"1", "20"} {
			path := os.Getenv("COUPLET_BENCH_" + years)
			if path == "" {
				b.Logf("COUPLET_BENCH_%s names no casebook of that many years", years)
				continue
			}
			m := newMeasured(b, path, years)
			m.nothingNew()
			m.joins()
			m.clocks()
			all = append(all, m)
		}
		edits(b, all)
		for _, m := range all {
			m.close()
		}
	}
}

// edits changes one field, tells the folder and takes it in on the other computer, many
// times and on all casebooks in turns.
func edits(b *testing.B, all []*measured) {
	const rounds = 41
	took := make([][2][]time.Duration, len(all))
	for i := range rounds {
		for k, m := range all {
			m.must(m.cb[0].Write(ctx, "person.save", func(tx *casebook.Tx) error {
				_, err := tx.Exec(`UPDATE person SET phone = ? WHERE id = (SELECT id FROM person LIMIT 1)`, fmt.Sprintf("+49 30 %07d", i))
				return err
			}))
			took[k][0], took[k][1] = append(took[k][0], m.sync(0)), append(took[k][1], m.sync(1))
		}
	}
	for what, name := range []string{"publish", "apply"} {
		var median []time.Duration
		for k, m := range all {
			slices.Sort(took[k][what])
			median = append(median, took[k][what][rounds/2])
			b.Logf("%2s years: %s of one field in %v", m.years, name, median[k].Round(10*time.Microsecond))
		}
		if len(all) == 2 {
			all[1].judge(name+"/1-year", ratio(median[1], median[0]), growthLimit)
		}
	}
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// measured is a casebook that is shared with a second computer.
type measured struct {
	b         *testing.B
	years     string
	dir       string
	snapshot  string
	secret    vault.Secret
	cb        [2]*casebook.Casebook
	joinTook  time.Duration
	writeTook time.Duration
}

func newMeasured(b *testing.B, from, years string) *measured {
	m := &measured{b: b, years: years, dir: b.TempDir(), secret: vault.Secret{Passphrase: os.Getenv("COUPLET_PASSPHRASE")}}
	own, folder, joined := filepath.Join(m.dir, "own.couplet"), filepath.Join(m.dir, "folder"), filepath.Join(m.dir, "joined.couplet")
	m.must(durable.Copy(from, own))
	m.cb[0] = m.open(own)
	start := time.Now()
	m.must(Share(ctx, m.cb[0], folder, Options{Device: "first"}))
	m.writeTook = time.Since(start)
	paths, err := snapshots(folder)
	m.must(err)
	m.snapshot = paths[0]
	start = time.Now()
	m.must(Join(ctx, folder, joined, m.secret, Options{Device: "second"}, casebook.Options{}, nil))
	m.joinTook = time.Since(start)
	m.cb[1] = m.open(joined)
	for range 2 {
		m.sync(0)
		m.sync(1)
	}
	return m
}

func (m *measured) must(err error) {
	m.b.Helper()
	if err != nil {
		m.b.Fatal(err)
	}
}

func (m *measured) open(path string) *casebook.Casebook {
	m.b.Helper()
	cb, err := casebook.Open(ctx, path, m.secret, casebook.Options{})
	m.must(err)
	return cb
}

func (m *measured) sync(i int) time.Duration {
	m.b.Helper()
	start := time.Now()
	_, err := Sync(ctx, m.cb[i], Options{})
	m.must(err)
	return time.Since(start)
}

func (m *measured) close() {
	m.must(m.cb[0].Close())
	m.must(m.cb[1].Close())
	m.must(os.RemoveAll(m.dir))
}

// judge reports a ratio and holds it to its limit.
func (m *measured) judge(what string, r, limit float64) {
	m.b.ReportMetric(r, what+"-"+m.years+"y")
	m.b.Logf("%2s years: %s %.3f (limit %.2f)", m.years, what, r, limit)
	if r > limit {
		m.b.Errorf("%s years: %s is %.3f, the limit is %.2f", m.years, what, r, limit)
	}
}

// nothingNew merges the snapshot where all of it is, beside decoding it, in turns.
func (m *measured) nothingNew() {
	var decode, merge time.Duration
	var rows int
	for range 3 {
		f := file{path: filepath.Base(m.snapshot)}
		start := time.Now()
		m.must(f.inspect(filepath.Dir(m.snapshot), container.Own(m.cb[0].Key())))
		d := time.Since(start)
		start = time.Now()
		_, err := Merge(ctx, m.cb[1], m.secret, Options{}, m.snapshot)
		m.must(err)
		if e := time.Since(start); rows == 0 || e < merge {
			merge = e
		}
		if rows == 0 || d < decode {
			decode = d
		}
		rows = f.rows
	}
	m.b.Logf("%2s years: %d records, snapshot written in %v, decoded in %v (%.0f/s), joined in %v (%.0f/s)", m.years, rows, m.writeTook.Round(time.Millisecond), decode.Round(time.Millisecond), float64(rows)/decode.Seconds(), m.joinTook.Round(time.Millisecond), float64(rows)/m.joinTook.Seconds())
	m.judge("nothing-new/decode", ratio(merge, decode), nothingNewLimit)
}

// clocks compares the casebook with what it would be without clocks and history.
func (m *measured) clocks() {
	with, bare, without := filepath.Join(m.dir, "with"), filepath.Join(m.dir, "bare.couplet"), filepath.Join(m.dir, "without")
	m.must(m.cb[1].Copy(ctx, with))
	m.must(durable.Copy(with, bare))
	cb := m.open(bare)
	m.must(cb.Locally(ctx, func(tx *sql.Tx) error {
		for _, t := range []string{"row_clock", "col_clock", "history", "action"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+t); err != nil {
				return err
			}
		}
		return nil
	}))
	m.must(cb.Copy(ctx, without))
	m.must(cb.Close())
	size := func(path string) float64 {
		info, err := os.Stat(path)
		m.must(err)
		return float64(info.Size())
	}
	m.judge("size-with-clocks", size(with)/size(without), clocksLimit)
	for _, path := range []string{with, bare, without} {
		m.must(os.Remove(path))
	}
}

// joins measures how long plain SQLite takes to insert the same rows into the same
// tables and indexes. Reading them does not count.
func (m *measured) joins() {
	plain, err := sql.Open("sqlite3", "file:"+filepath.Join(m.dir, "plain.db")+"?_journal_mode=WAL&_synchronous=FULL&_cache_size=-65536")
	m.must(err)
	plain.SetMaxOpenConns(1)
	defer plain.Close()
	_, err = plain.ExecContext(ctx, `PRAGMA wal_autocheckpoint = 10000`)
	m.must(err)
	q := m.cb[1].Reader()
	made, err := casebook.Collect(ctx, q, casebook.Value[string], `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_fts_%' ORDER BY type DESC`)
	m.must(err)
	for _, s := range made {
		_, err := plain.ExecContext(ctx, s)
		m.must(err)
	}
	tables, err := casebook.Collect(ctx, q, casebook.Value[string], `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_fts%'`)
	m.must(err)
	var took time.Duration
	for _, t := range tables {
		took += m.insert(plain, `SELECT * FROM `+t, `INSERT INTO `+t)
	}
	kinds, err := casebook.Collect(ctx, q, casebook.Value[string], `SELECT DISTINCT kind FROM search_doc`)
	m.must(err)
	for _, k := range kinds {
		took += m.insert(plain, `SELECT d.n, v.body FROM search_doc d JOIN search_`+k+` v ON v.row_id = d.row_id WHERE d.kind = '`+k+`'`, `INSERT INTO search_fts (rowid, body)`)
	}
	m.b.Logf("%2s years: plain SQLite inserts the same in %v", m.years, took.Round(time.Millisecond))
	m.judge("join/plain-insert", ratio(m.joinTook, took), joinLimit)
}

// insert copies rows in transactions of as many as a join has.
func (m *measured) insert(plain *sql.DB, from, into string) (took time.Duration) {
	m.b.Helper()
	rows, err := m.cb[1].Reader().QueryContext(ctx, from)
	m.must(err)
	defer rows.Close()
	cols, err := rows.Columns()
	m.must(err)
	into += ` VALUES (?` + strings.Repeat(", ?", len(cols)-1) + `)`
	var batch [][]any
	write := func() {
		start := time.Now()
		tx, err := plain.BeginTx(ctx, nil)
		m.must(err)
		st, err := tx.PrepareContext(ctx, into)
		m.must(err)
		for _, r := range batch {
			_, err := st.ExecContext(ctx, r...)
			m.must(err)
		}
		m.must(tx.Commit())
		took += time.Since(start)
		batch = batch[:0]
	}
	for rows.Next() {
		values, targets := rowBuffer(len(cols))
		m.must(rows.Scan(targets...))
		if batch = append(batch, values); len(batch) == rowsPerTransaction {
			write()
		}
	}
	m.must(rows.Err())
	write()
	return took
}
