package vault

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// logged is a casebook that was not closed: the file, its log, and what is in it
// after each of its transactions.
type logged struct {
	key       *Key
	file, log []byte
	states    []string
	ends      []int // length of the log after each transaction
}

func newLogged(t *testing.T) logged {
	t.Helper()
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
	exec(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	exec(t, db, "PRAGMA wal_autocheckpoint = 0")
	l := logged{key: k}
	for i := range 6 {
		exec(t, db, "INSERT INTO note VALUES(?, ?)", i, fmt.Sprint("note ", i, string(bytes.Repeat([]byte("y"), 9000))))
		state, err := tryDump(db, specimenQuery)
		if err != nil {
			t.Fatal(err)
		}
		l.states = append(l.states, state)
		l.ends = append(l.ends, len(readFile(t, path+"-wal")))
	}
	l.file, l.log = readFile(t, path), readFile(t, path+"-wal")
	return l
}

// state is the number of transactions that SQLite finds, or -1 if it reads none of
// the states there were.
func (l logged) state(t *testing.T, path string) int {
	t.Helper()
	text, err := read(t, l.key, path)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range l.states {
		if s == text {
			return i + 1
		}
	}
	if text == "" {
		return 0
	}
	return -1
}

func TestASoundLogIsReplayed(t *testing.T) {
	l := newLogged(t)
	path := put(t, l.file, l.log)
	if found := findingsAt(t, path, l.key); len(found) != 0 {
		t.Errorf("check says %v", found)
	}
	if got := l.state(t, path); got != len(l.states) {
		t.Errorf("%d of %d transactions", got, len(l.states))
	}
}

func TestATornLogEndsBeforeTheTornFrame(t *testing.T) {
	l := newLogged(t)
	random := rand.New(rand.NewPCG(8, 8))
	for range times(40, 300) {
		n := walHeader + random.IntN(len(l.log)-walHeader)
		whole := 0
		for _, end := range l.ends {
			if end <= n {
				whole++
			}
		}
		path := put(t, l.file, l.log[:n])
		for _, f := range findingsAt(t, path, l.key) {
			if !f.Notice {
				t.Errorf("log cut to %d bytes: %v", n, f)
			}
		}
		if got := l.state(t, path); got != whole {
			t.Errorf("log cut to %d bytes: %d transactions, want %d", n, got, whole)
		}
	}
}

func TestEveryFlippedBitInTheLogIsFound(t *testing.T) {
	l := newLogged(t)
	random := rand.New(rand.NewPCG(9, 9))
	last := l.ends[len(l.ends)-2] // where the last transaction begins
	spots := []int{0, 9, 20, 31, walHeader, walHeader + 3, walHeader + 5, walHeader + 9, walHeader + 20, walHeader + frameHeader, last - frameSize, last - frameSize + 7, last - 1, last, last + 10, len(l.log) - 1}
	for range times(80, 1500) {
		spots = append(spots, random.IntN(len(l.log)))
	}
	for _, at := range spots {
		damaged := bytes.Clone(l.log)
		damaged[at] ^= 1 << random.IntN(8)
		path := put(t, l.file, damaged)
		found, err := CheckLog(path, l.key)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || found[0].Region != "log" || found[0].Notice {
			t.Errorf("byte %d of %d (last transaction from %d): %+v", at, len(damaged), last, found)
		}
		if l.state(t, path) < 0 {
			t.Errorf("byte %d: wrong data", at)
		}
	}
}

func TestAFrameThatGoesBadInUseIsAnError(t *testing.T) {
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
	exec(t, db, "INSERT INTO note VALUES(1, ?)", string(bytes.Repeat([]byte("z"), 20000)))
	log := readFile(t, path+"-wal")
	for at := walHeader + frameHeader + 100; at < len(log); at += frameSize {
		log[at] ^= 4
	}
	overwrite(t, path+"-wal", log)
	reader := connect(t, k.DSN(path, true))
	if _, err := tryDump(reader, specimenQuery); err == nil {
		t.Error("damaged frames were read")
	}
}
