package vault

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
)

// specimen is a closed casebook with used and free pages, and what is in it.
type specimen struct {
	key     *Key
	file    []byte
	content string
}

const specimenQuery = "SELECT id, body FROM note ORDER BY id"

func newSpecimen(t *testing.T) specimen {
	t.Helper()
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
	exec(t, db, "CREATE TABLE gone(body BLOB) STRICT")
	for i := range 60 {
		exec(t, db, "INSERT INTO note VALUES(?, ?)", i, fmt.Sprint("note ", i, string(bytes.Repeat([]byte("x"), 1500))))
		exec(t, db, "INSERT INTO gone VALUES(zeroblob(3000))")
	}
	exec(t, db, "DELETE FROM gone")
	if free := scalar[int](t, db, "PRAGMA freelist_count"); free < 10 {
		t.Fatalf("%d free pages", free)
	}
	content, err := tryDump(db, specimenQuery)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return specimen{k, readFile(t, path), content}
}

// put writes a file with this content, and a log beside it if log is not nil.
func put(t *testing.T, file, log []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Practice.couplet")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if log != nil {
		if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// read is what SQLite gets out of the file, and its fault.
func read(t *testing.T, k *Key, path string) (string, error) {
	t.Helper()
	db, err := sql.Open(Driver, k.DSN(path, true))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	text, err := tryDump(db, specimenQuery)
	return text, MapError(err)
}

// wantHarmless fails if SQLite reads anything but the truth or a Damaged fault.
func (s specimen) wantHarmless(t *testing.T, path, what string) {
	t.Helper()
	text, err := read(t, s.key, path)
	if err != nil && !fault.Is(err, fault.Damaged) {
		t.Errorf("%s: %v", what, err)
	}
	if err == nil && text != s.content {
		t.Errorf("%s: wrong data", what)
	}
}

func findingsAt(t *testing.T, path string, k *Key) []Finding {
	t.Helper()
	found, err := CheckPages(context.Background(), path, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	s := newSpecimen(t)
	if found := findingsAt(t, put(t, s.file, nil), s.key); len(found) != 0 {
		t.Fatalf("a sound file: %v", found)
	}
	size := len(s.file)
	spots := map[string]int{"header copy 1": 100, "header copy 2": copySize + 50, "its checksum": 2*copySize - 1, "page 1": firstAt + 30, "the tag of page 1": firstAt + dataSize, "the nonce of page 2": firstAt + pageSize + tagEnd, "a middle page": firstAt + (size-firstAt)/2, "the last page": size - 2000, "the last byte": size - 1}
	random := rand.New(rand.NewPCG(5, 5))
	for i := range times(120, 2000) {
		spots[fmt.Sprint("random ", i)] = random.IntN(size)
	}
	for what, at := range spots {
		what = fmt.Sprintf("%s (byte %d)", what, at)
		damaged := bytes.Clone(s.file)
		damaged[at] ^= 1 << random.IntN(8)
		path := put(t, damaged, nil)
		found := findingsAt(t, path, s.key)
		if len(found) != 1 || found[0].Notice {
			t.Errorf("%s: check says %v", what, found)
			continue
		}
		wantRegion, wantAt := "database", int64(at-at%pageSize)
		if at < firstAt {
			wantRegion = "header"
		}
		if found[0].Region != wantRegion || found[0].Offset != wantAt {
			t.Errorf("%s: check says %v", what, found[0])
		}
		s.wantHarmless(t, path, what)
		if !bytes.Equal(readFile(t, path), damaged) {
			t.Errorf("%s: looking at the file changed it", what)
		}
	}
}

func TestAnyLengthButTheRightOneIsFound(t *testing.T) {
	s := newSpecimen(t)
	random := rand.New(rand.NewPCG(6, 6))
	lengths := []int{0, 1, 15, 16, 4095, 4096, 8191, 8192, 8193, firstAt + pageSize - 1, firstAt + pageSize, firstAt + 2*pageSize, len(s.file) - pageSize, len(s.file) - 1}
	for range times(30, 400) {
		lengths = append(lengths, random.IntN(len(s.file)))
	}
	for _, n := range lengths {
		path := put(t, s.file[:n], nil)
		_, err := Unlock(path, Secret{Passphrase: passphrase})
		switch {
		case n == 0:
			if !fault.Is(err, fault.NotCasebook) {
				t.Errorf("empty file: %v", err)
			}
		case n < firstAt+pageSize:
			if !fault.Is(err, fault.Damaged) {
				t.Errorf("cut to %d bytes: %v", n, err)
			}
		case err != nil:
			t.Errorf("cut to %d bytes, the header is whole: %v", n, err)
		default:
			if found := findingsAt(t, path, s.key); len(found) == 0 {
				t.Errorf("cut to %d bytes: check found nothing", n)
			}
		}
		s.wantHarmless(t, path, fmt.Sprintf("cut to %d bytes", n))
	}
	longer := put(t, append(bytes.Clone(s.file), make([]byte, pageSize)...), nil)
	if found := findingsAt(t, longer, s.key); len(found) != 1 {
		t.Errorf("a page of zeros at the end: %v", found)
	}
}

func TestPagesCannotChangePlaces(t *testing.T) {
	s := newSpecimen(t)
	swapped := bytes.Clone(s.file)
	a, b := firstAt+2*pageSize, firstAt+3*pageSize
	copy(swapped[a:], s.file[b:b+pageSize])
	copy(swapped[b:], s.file[a:a+pageSize])
	path := put(t, swapped, nil)
	if found := findingsAt(t, path, s.key); len(found) != 2 {
		t.Errorf("two pages changed places: %v", found)
	}
	s.wantHarmless(t, path, "two pages changed places")
}

func TestVerifyLooksAtMeaningToo(t *testing.T) {
	s := newSpecimen(t)
	path := put(t, s.file, nil)
	if err := Verify(t.Context(), path, s.key); err != nil {
		t.Errorf("a sound casebook: %v", err)
	}
	db := connect(t, s.key.DSN(path, false))
	exec(t, db, "PRAGMA foreign_keys = OFF")
	exec(t, db, "CREATE TABLE child(note INTEGER REFERENCES note) STRICT")
	exec(t, db, "INSERT INTO child VALUES(99999)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Verify(t.Context(), path, s.key); !fault.Is(err, fault.Damaged) {
		t.Errorf("a row that points to nothing: %v", err)
	}
	damaged := bytes.Clone(s.file)
	damaged[firstAt+pageSize+5] ^= 1
	if err := Verify(t.Context(), put(t, damaged, nil), s.key); !fault.Is(err, fault.Damaged) {
		t.Errorf("a damaged page: %v", err)
	}
}

func TestPathsBecomeURIs(t *testing.T) {
	for path, want := range map[string]string{
		"/home/a b/Praxis Ü.couplet": "file:/home/a%20b/Praxis%20%C3%9C.couplet",
		"x?y#z%.couplet":             "file:x%3Fy%23z%25.couplet",
		"//server/share/x.couplet":   "file:////server/share/x.couplet",
	} {
		if got := fileURI(path); got != want {
			t.Errorf("%s becomes %s, want %s", path, got, want)
		}
	}
}
