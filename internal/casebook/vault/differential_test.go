package vault

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pairSchema = `
CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT, amount REAL) STRICT;
CREATE INDEX person_name ON person(name, amount);
CREATE TABLE tag(person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY(tag, person)) STRICT, WITHOUT ROWID;
CREATE TABLE picture(id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5(body, tokenize = 'unicode61');
CREATE TRIGGER person_words AFTER INSERT ON person BEGIN INSERT INTO words(rowid, body) VALUES(new.id, new.note); END;
CREATE TRIGGER person_gone AFTER DELETE ON person BEGIN DELETE FROM words WHERE rowid = old.id; END;`

// planted are words that stand in the rows and must stand in no file.
var planted = []string{"zebrafinchtoken", "Ångström-Überraschung", "SQLite format 3", "CREATE TABLE", "person_name"}

// pair is a sealed and a plain database that are told the same.
type pair struct {
	t             *testing.T
	random        *rand.Rand
	sealed, plain *sql.DB
	sealedDir     string
	plainPath     string
	looked        int64
}

func newPair(t *testing.T, seed uint64) *pair {
	t.Helper()
	path, k, _ := fresh(t)
	p := &pair{t: t, random: rand.New(rand.NewPCG(seed, 7)), sealedDir: filepath.Dir(path)}
	t.Setenv("TMPDIR", p.sealedDir) // any temporary file would be looked at too
	p.sealed = connect(t, k.DSN(path, false))
	p.plainPath = filepath.Join(t.TempDir(), "plain.db")
	p.plain = connectPlain(t, p.plainPath)
	for _, db := range []*sql.DB{p.sealed, p.plain} {
		exec(t, db, "PRAGMA cache_size = 8")
		exec(t, db, "PRAGMA wal_autocheckpoint = 30")
		exec(t, db, pairSchema)
	}
	return p
}

// statement is something that both are told.
type statement struct {
	query string
	args  []any
}

func (p *pair) statement() statement {
	id := 1 + p.random.IntN(300)
	text := strings.Repeat(planted[0]+fmt.Sprintf(" word%d ", p.random.IntN(50))+planted[1]+" ", 1+p.random.IntN(80))
	data := make([]byte, p.random.IntN(20000))
	for i := range data {
		data[i] = byte(p.random.Uint32())
	}
	switch p.random.IntN(9) {
	case 0, 1, 2:
		return statement{"INSERT OR IGNORE INTO person VALUES(?, ?, ?, ?)", []any{id, fmt.Sprintf("name%d", p.random.IntN(40)), text, p.random.Float64()}}
	case 3:
		return statement{"UPDATE person SET note = ?, amount = amount + 1 WHERE id % 7 = ?", []any{text, id % 7}}
	case 4:
		return statement{"DELETE FROM person WHERE id = ?", []any{id}}
	case 5:
		return statement{"INSERT OR IGNORE INTO tag SELECT id, ? FROM person WHERE id < ?", []any{fmt.Sprintf("tag%d", p.random.IntN(9)), id}}
	case 6:
		return statement{"INSERT OR REPLACE INTO picture VALUES(?, ?)", []any{id % 20, data}}
	case 7:
		return statement{"DELETE FROM picture WHERE id = ?", []any{id % 20}}
	default: // fails half way, with a statement journal
		return statement{"INSERT INTO tag SELECT id, 'dup' FROM person UNION ALL SELECT min(id), 'dup' FROM person", nil}
	}
}

// both runs one statement on both and holds them to the same outcome.
func (p *pair) both(a, b interface {
	Exec(string, ...any) (sql.Result, error)
}, s statement,
) {
	p.t.Helper()
	_, errA := a.Exec(s.query, s.args...)
	_, errB := b.Exec(s.query, s.args...)
	if fmt.Sprint(errA) != fmt.Sprint(errB) {
		p.t.Fatalf("%s: sealed says %v, plain says %v", s.query, errA, errB)
	}
}

func (p *pair) transaction() {
	p.t.Helper()
	a, err := p.sealed.Begin()
	if err != nil {
		p.t.Fatal(err)
	}
	defer a.Rollback()
	b, err := p.plain.Begin()
	if err != nil {
		p.t.Fatal(err)
	}
	defer b.Rollback()
	for range 1 + p.random.IntN(12) {
		p.both(a, b, p.statement())
		if p.random.IntN(4) == 0 {
			p.both(a, b, statement{query: "SAVEPOINT here"})
			for range p.random.IntN(5) {
				p.both(a, b, p.statement())
			}
			end := []string{"RELEASE here", "ROLLBACK TO here"}[p.random.IntN(2)]
			p.both(a, b, statement{query: end})
		}
	}
	p.nothingPlain()
	if p.random.IntN(5) == 0 {
		return
	}
	if err := a.Commit(); err != nil {
		p.t.Fatal(err)
	}
	if err := b.Commit(); err != nil {
		p.t.Fatal(err)
	}
}

// nothingPlain looks through every file for what must not stand in any.
func (p *pair) nothingPlain() {
	p.t.Helper()
	entries, err := os.ReadDir(p.sealedDir)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range entries {
		data := readFile(p.t, filepath.Join(p.sealedDir, e.Name()))
		p.looked += int64(len(data))
		for _, word := range planted {
			if bytes.Contains(data, []byte(word)) {
				p.t.Fatalf("%q stands in %s", word, e.Name())
			}
		}
	}
}

// dump is everything in db as text.
func dump(t testing.TB, db *sql.DB) string {
	t.Helper()
	text, err := tryDump(db, "SELECT * FROM person ORDER BY id", "SELECT * FROM tag ORDER BY 1, 2",
		"SELECT id, hex(data) FROM picture ORDER BY id", "SELECT rowid, body FROM words ORDER BY rowid",
		"SELECT rowid, rank FROM words WHERE words MATCH 'word7 OR word3' ORDER BY rank, rowid",
		"SELECT name, count(*), sum(length(note)) FROM person GROUP BY name ORDER BY 3 DESC, 1")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tryDump(db *sql.DB, queries ...string) (string, error) {
	var out strings.Builder
	for _, q := range queries {
		rows, err := db.Query(q)
		if err != nil {
			return "", err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return "", err
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				return "", err
			}
			fmt.Fprintln(&out, values...)
		}
		if err := rows.Err(); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

func TestSealedAndPlainAreTheSameDatabase(t *testing.T) {
	for seed := range uint64(times(3, 40)) {
		p := newPair(t, seed)
		for i := range 40 {
			p.transaction()
			if i%13 == 12 {
				p.both(p.sealed, p.plain, statement{query: "VACUUM"})
			}
			if i%10 == 9 {
				if dump(t, p.sealed) != dump(t, p.plain) {
					t.Fatalf("seed %d: contents differ after %d transactions", seed, i+1)
				}
			}
		}
		p.both(p.sealed, p.plain, statement{query: "CREATE INDEX late ON person(note)"})
		wantSound(t, p.sealed)
		if dump(t, p.sealed) != dump(t, p.plain) {
			t.Fatalf("seed %d: contents differ", seed)
		}
		p.nothingPlain()
		if err := p.sealed.Close(); err != nil {
			t.Fatal(err)
		}
		p.nothingPlain()
		if err := p.plain.Close(); err != nil {
			t.Fatal(err)
		}
		plain := readFile(t, p.plainPath)
		for _, word := range planted {
			if !bytes.Contains(plain, []byte(word)) {
				t.Errorf("the search would not have found %q", word)
			}
		}
		t.Logf("seed %d: looked through %d MB", seed, p.looked>>20)
	}
}
