package attach

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

var ctx = context.Background()

func add(t *testing.T, s Store, content string) (name string) {
	t.Helper()
	digest, size, err := s.Add(ctx, strings.NewReader(content))
	if err != nil || size != int64(len(content)) {
		t.Fatalf("%d bytes were kept (%v)", size, err)
	}
	if name, err = s.Name(digest); err != nil {
		t.Fatal(err)
	}
	return name
}

func read(s Store, name string) (string, error) {
	var b bytes.Buffer
	err := s.Read(ctx, name, &b)
	return b.String(), err
}

func TestAContentIsKeptOnceSealedAndItsNameTellsNothing(t *testing.T) {
	cb := casebooktest.New(t)
	s := Of(cb)
	token := strings.Repeat("TOKENCONTENT ", 20_000)
	name := add(t, s, token)
	if add(t, s, token) != name || add(t, s, "another") == name {
		t.Error("a content has not one name of its own")
	}
	if other := Of(casebooktest.New(t)); add(t, other, token) == name {
		t.Error("the name tells that two casebooks hold the same")
	}
	files, err := s.Files()
	if err != nil || len(files) != 2 {
		t.Errorf("%d files are there (%v)", len(files), err)
	}
	raw, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil || bytes.Contains(raw, []byte("TOKENCONTENT")) {
		t.Errorf("it is not sealed (%v)", err)
	}
	if got, err := read(s, name); err != nil || got != token {
		t.Errorf("%d bytes came back (%v)", len(got), err)
	}
	if s.Dir != filepath.Join(filepath.Dir(cb.Path()), "test.files") {
		t.Errorf("it lies in %s", s.Dir)
	}
	if _, err := s.Name("../../etc"); err == nil {
		t.Error("what is no digest got a name")
	}
}

func TestABrokenContentIsNeverGivenOutAsWhole(t *testing.T) {
	cb := casebooktest.New(t)
	s := Of(cb)
	name, other := add(t, s, strings.Repeat("lantern ", 30_000)), add(t, s, "harbour")
	path := filepath.Join(s.Dir, name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	foreign := Of(casebooktest.New(t))
	theirs, err := os.ReadFile(filepath.Join(foreign.Dir, add(t, foreign, strings.Repeat("lantern ", 30_000))))
	if err != nil {
		t.Fatal(err)
	}
	swapped, err := os.ReadFile(filepath.Join(s.Dir, other))
	if err != nil {
		t.Fatal(err)
	}
	for what, raw := range map[string][]byte{
		"cut": whole[:len(whole)-1], "cut at a chunk": whole[:len(whole)-(len(whole)%70_000)], "longer": append(bytes.Clone(whole), 0), "a bit": flipped,
		"another casebook's": theirs, "another content": swapped, "empty": {}, "something else": []byte("%PDF-1.4"),
	} {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(ctx, name); !IsBroken(err) {
			t.Errorf("%s: %v", what, err)
		}
		to := Store{filepath.Join(t.TempDir(), "x"), s.Keys}
		if err := s.CopyTo(ctx, name, to); !IsBroken(err) || to.Has(name) {
			t.Errorf("%s was copied (%v)", what, err)
		}
		if left, err := os.ReadDir(to.Dir); err != nil || len(left) != 0 {
			t.Errorf("%s left %v (%v)", what, left, err)
		}
	}
	if add(t, s, strings.Repeat("lantern ", 30_000)) != name || s.Verify(ctx, name) != nil {
		t.Error("kept again, it is still broken")
	}
}

func TestALargeContentNeedsLittleMemory(t *testing.T) {
	s := Of(casebooktest.New(t))
	const size = 96 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	digest, n, err := s.Add(ctx, io.LimitReader(zeros{}, size))
	runtime.ReadMemStats(&after)
	if err != nil || n != size {
		t.Fatalf("%d bytes (%v)", n, err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
		t.Errorf("%d MiB were allocated for %d", took>>20, size>>20)
	}
	name, err := s.Name(digest)
	if err != nil || s.Verify(ctx, name) != nil {
		t.Error("it did not come back")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestWhatIsTooLargeOrGivenUpLeavesNothing(t *testing.T) {
	s := Of(casebooktest.New(t))
	defer func(was int64) { limit = was }(limit)
	limit = 100_000
	if _, _, err := s.Add(ctx, io.LimitReader(zeros{}, limit+1)); !fault.Is(err, fault.Refused) {
		t.Errorf("too large: %v", err)
	}
	if _, n, err := s.Add(ctx, io.LimitReader(zeros{}, limit)); err != nil || n != limit {
		t.Errorf("as large as may be: %d (%v)", n, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := s.Add(ended, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if left, err := os.ReadDir(s.Dir); err != nil || len(left) != 1 {
		t.Errorf("%v are there (%v)", left, err)
	}
}

// names puts a row for a content.
func names(t *testing.T, cb *casebook.Casebook, digest string) (row ids.ID) {
	t.Helper()
	row = ids.New()
	if err := cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		couple := ids.New()
		if _, err := tx.Exec(`INSERT INTO couple (id) VALUES (?)`, couple); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO attachment (id, couple_id, content) VALUES (?, ?, ?)`, row, couple, digest)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return row
}

func TestOnlyWhatNoRowNamesIsSweptAndNotAtOnce(t *testing.T) {
	cb := casebooktest.New(t)
	s := Of(cb)
	digest, _, err := s.Add(ctx, strings.NewReader("named"))
	if err != nil {
		t.Fatal(err)
	}
	row := names(t, cb, digest)
	young, old := add(t, s, "young"), add(t, s, "old")
	kept, err := s.Name(digest)
	if err != nil {
		t.Fatal(err)
	}
	ago := time.Now().Add(-sweepAfter - time.Hour)
	for _, name := range []string{old, kept} {
		if err := os.Chtimes(filepath.Join(s.Dir, name), ago, ago); err != nil {
			t.Fatal(err)
		}
	}
	if err := Sweep(ctx, cb); err != nil {
		t.Fatal(err)
	}
	if !s.Has(kept) || !s.Has(young) || s.Has(old) {
		t.Errorf("named %v, young %v, old %v", s.Has(kept), s.Has(young), s.Has(old))
	}
	if got, err := Contents(ctx, cb.Reader(), row); err != nil || len(got) != 1 || got[0] != digest {
		t.Errorf("the row names %v (%v)", got, err)
	}
	if got, err := s.Unnamed(ctx, cb.Reader(), []string{digest, hex.EncodeToString(make([]byte, 32))}); err != nil || len(got) != 1 || got[0] == kept {
		t.Errorf("not named: %v (%v)", got, err)
	}
}

func TestCheckFindsWhatIsMissingOrDamaged(t *testing.T) {
	cb := casebooktest.New(t)
	s := Of(cb)
	digest, _, err := s.Add(ctx, strings.NewReader("named"))
	if err != nil {
		t.Fatal(err)
	}
	names(t, cb, digest)
	if found, err := Check(ctx, cb); err != nil || len(found) != 0 {
		t.Errorf("%v (%v)", found, err)
	}
	name, err := s.Name(digest)
	if err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []func() error{
		func() error { return os.Truncate(filepath.Join(s.Dir, name), 100) },
		func() error { return s.Remove(name) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if found, err := Check(ctx, cb); err != nil || len(found) != 1 || found[0].Notice {
			t.Errorf("%v (%v)", found, err)
		}
	}
}

// Whatever a folder brings: it is refused, or is the content of its name.
func FuzzContent(f *testing.F) {
	cb := casebooktest.New(f)
	s := Of(cb)
	digest, _, err := s.Add(ctx, strings.NewReader(strings.Repeat("lantern ", 1000)))
	if err != nil {
		f.Fatal(err)
	}
	name, err := s.Name(digest)
	if err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:100])
	f.Add([]byte(container.Magic))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, raw []byte) {
		in := Store{dir, s.Keys}
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := in.Verify(ctx, name); (err == nil) != bytes.Equal(raw, whole) || err != nil && !IsBroken(err) {
			t.Errorf("%d bytes: %v", len(raw), err)
		}
	})
}
