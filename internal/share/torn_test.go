package share

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample/large"
)

// TestTornFilesChangeNothing cuts small files at every byte, flips every bit of them, adds
// to them and puts two together: none of that is ever taken in.
func TestTornFilesChangeNothing(t *testing.T) {
	p := newPractice(t, 2)
	id := person(t, p.cbs[0], "Ada")
	p.settle()
	write(t, p.cbs[0], `UPDATE person SET safe_note = ? WHERE id = ?`, large.Prose(1)(2048), id)
	p.sync(0)
	_, note := p.last(0)
	p.sync(1)
	write(t, p.cbs[0], `UPDATE person SET phone = '0123' WHERE id = ?`, id)
	p.sync(0)
	path, field := p.last(0)
	n := torn(t, p.cbs[0].Key(), note) + torn(t, p.cbs[0].Key(), field)
	t.Logf("%d torn or changed files, none read", n)
	before := dump(t, p.cbs[1])
	if err := os.WriteFile(path, field[:len(field)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if r := p.sync(1); len(r.Waiting) != 1 || r.Waiting[0].Kind != WaitIncomplete {
		t.Errorf("%+v", r.Waiting)
	}
	if dump(t, p.cbs[1]) != before {
		t.Error("a torn file was taken in")
	}
	if err := os.WriteFile(path, field, 0o600); err != nil {
		t.Fatal(err)
	}
	p.settle()
}

// torn breaks a file in every way and returns in how many.
func torn(t *testing.T, key *vault.Key, whole []byte) (n int) {
	t.Helper()
	read := func(raw []byte) error {
		n++
		c, err := readContents(&memory{Reader: bytes.NewReader(raw), size: int64(len(raw))}, container.Own(key))
		if err != nil {
			return err
		}
		defer c.reader.close()
		for r := (record{}); ; {
			if err := c.record(c.about, &r); err != nil || r.what == recEnd {
				return err
			}
		}
	}
	if err := read(whole); err != nil {
		t.Fatal(err)
	}
	for at := range whole {
		if err := read(whole[:at]); !errors.Is(err, errIncomplete) && !errors.Is(err, errNotShare) {
			t.Errorf("cut at %d: %v", at, err)
		}
		for bit := range 8 {
			flipped := bytes.Clone(whole)
			flipped[at] ^= 1 << bit
			if err := read(flipped); err == nil {
				t.Errorf("bit %d of byte %d flipped and not seen", bit, at)
			}
		}
	}
	for name, raw := range map[string][]byte{"zeros after it": append(bytes.Clone(whole), make([]byte, 512)...), "twice": append(bytes.Clone(whole), whole...), "zeros from the middle": append(bytes.Clone(whole[:len(whole)/2]), make([]byte, len(whole)-len(whole)/2)...)} {
		if err := read(raw); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	return n - 1
}

// last is the small file that the i-th computer wrote last.
func (p *practice) last(i int) (path string, raw []byte) {
	p.t.Helper()
	dir := filepath.Join(p.folder, "Test practice.changes")
	entries, err := os.ReadDir(dir)
	if err != nil {
		p.t.Fatal(err)
	}
	own := p.cbs[i].Device()
	for _, e := range entries {
		if n := ownNumber(e.Name(), own); n > 0 && n == maxNumber(entries, own) {
			path = filepath.Join(dir, e.Name())
		}
	}
	if raw, err = os.ReadFile(path); err != nil {
		p.t.Fatal(err)
	}
	return path, raw
}

func maxNumber(entries []fs.DirEntry, dev ids.ID) (n int64) {
	for _, e := range entries {
		n = max(n, ownNumber(e.Name(), dev))
	}
	return n
}

// memory is a file in memory.
type memory struct {
	io.Reader
	fs.FileInfo
	size int64
}

func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }
func (m *memory) Size() int64                { return m.size }

// Whoever has the key can still write nonsense: it is refused, or is a file like any other
// and what follows from it can be found.
func FuzzPayload(f *testing.F) {
	_, key := template()
	f.Add([]byte{})
	f.Add([]byte{2, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 0, 0})
	var good bytes.Buffer
	fill := func(out *writer) error {
		a := &about{schema: casebook.SchemaVersion(), writer: ids.ID{1}, names: map[ids.ID]string{}, claims: vector{}}
		out.about(a)
		at := stamp{1 << 20, ids.ID{1}}
		out.record(a, &record{what: recAction, stamp: at, name: "x"})
		out.record(a, &record{what: recRow, tbl: 3, id: ids.ID{2}, stamp: at, cells: []cell{{col: 1, value: "Ada"}}})
		out.record(a, &record{what: recCells, tbl: 3, id: ids.ID{2}, cells: []cell{{col: 2, value: "B", stamp: at, own: true}}})
		out.record(a, &record{what: recHistory, tbl: 3, id: ids.ID{2}, stamp: at, col: 1, value: nil})
		out.record(a, &record{what: recEnd})
		return out.err
	}
	w := &writer{w: bufio.NewWriter(&good)}
	if err := errors.Join(fill(w), w.w.Flush()); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	path, _ := template()
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	own := filepath.Join(f.TempDir(), "own.couplet")
	again, err := key.Again()
	if err := errors.Join(err, os.WriteFile(own, raw, 0o600)); err != nil {
		f.Fatal(err)
	}
	cb, err := casebook.OpenKey(ctx, own, again, casebook.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { cb.Close() })
	f.Fuzz(func(t *testing.T, payload []byte) {
		var file bytes.Buffer
		err := sealed(&file, container.Own(key), changes, func(out *writer) error {
			_, err := out.w.Write(payload)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c, err := readContents(&memory{Reader: bytes.NewReader(file.Bytes()), size: int64(file.Len())}, container.Own(key))
		if err != nil {
			return
		}
		defer c.reader.close()
		enough := errors.New("nothing of it is kept")
		err = cb.Merge(ctx, func(m *casebook.Merging) error {
			a, err := newApplier(ctx, m, sound)
			if err != nil {
				return err
			}
			if err := a.all(c); err != nil {
				return err
			}
			if err := a.follow(); err != nil {
				t.Errorf("what follows from it: %v", err)
			}
			return enough
		})
		if !errors.Is(err, enough) && !errors.Is(err, errContents) && !errors.Is(err, errDamaged) && !errors.Is(err, errIncomplete) {
			t.Errorf("it is not the file that is at fault: %v", err)
		}
	})
}

// FuzzContainer reads bytes that anybody could have put into the folder.
func FuzzContainer(f *testing.F) {
	_, key := template()
	var file bytes.Buffer
	if err := sealed(&file, container.Own(key), changes, func(out *writer) error { return nil }); err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Clone(file.Bytes()))
	for _, k := range []kind{snapshot, seen} {
		file.Reset()
		if err := sealed(&file, container.Own(key), k, func(out *writer) error { return nil }); err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Clone(file.Bytes()))
	}
	f.Add([]byte(container.Magic))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := readContents(&memory{Reader: bytes.NewReader(raw), size: int64(len(raw))}, container.Own(key))
		if err == nil {
			c.reader.close()
			t.Fatal("something without a record was read")
		}
	})
}

// TestABombIsRefused: a little that unpacks to very much.
func TestABombIsRefused(t *testing.T) {
	_, key := template()
	var file bytes.Buffer
	err := sealed(&file, container.Own(key), changes, func(out *writer) error {
		a := &about{schema: casebook.SchemaVersion(), writer: ids.ID{1}, names: map[ids.ID]string{}, claims: vector{}}
		out.about(a)
		out.byte(recAction)
		zeros := make([]byte, 1<<20)
		for range 64 {
			out.w.Write(zeros)
		}
		return out.err
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := readContents(&memory{Reader: bytes.NewReader(file.Bytes()), size: int64(file.Len())}, container.Own(key))
	if err != nil {
		t.Fatal(err)
	}
	defer c.reader.close()
	n, err := io.Copy(io.Discard, c.r)
	if !errors.Is(err, errContents) || n > 16<<20 {
		t.Errorf("%d bytes of a file of %d: %v", n, file.Len(), err)
	}
}

// TestHostileRecordsAreRefused: an authentic file that says what no program writes.
func TestHostileRecordsAreRefused(t *testing.T) {
	p := newPractice(t, 1)
	cb := p.cbs[0]
	before := dump(t, cb)
	at := stamp{1 << 40, ids.ID{9}}
	for name, r := range map[string]*record{
		"a table that is none":      {what: recRow, tbl: 999, id: ids.New(), stamp: at},
		"a column that is none":     {what: recCells, tbl: 3, id: ids.New(), cells: []cell{{col: 150, value: "x", stamp: at, own: true}}},
		"the id as a column":        {what: recCells, tbl: 3, id: ids.New(), cells: []cell{{col: 0, value: unknown, stamp: at, own: true}}},
		"a number for a name":       {what: recCells, tbl: 3, id: ids.New(), cells: []cell{{col: 1, value: int64(7), stamp: at, own: true}}},
		"a change of what is fixed": {what: recCells, tbl: 11, id: ids.New(), cells: []cell{{col: 3, value: "x", stamp: at, own: true}}},
		"a clock beyond all clocks": {what: recRow, tbl: 3, id: ids.New(), stamp: stamp{maxClock + 1, at.dev}},
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			err := sealed(&file, container.Own(cb.Key()), changes, func(out *writer) error {
				a := &about{schema: casebook.SchemaVersion(), writer: at.dev, names: map[ids.ID]string{}, claims: vector{}}
				out.about(a)
				out.record(a, r)
				out.record(a, &record{what: recEnd})
				return out.err
			})
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(p.folder, "hostile")
			if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			defer os.Remove(path)
			if got := p.sync(0).Waiting; len(got) != 1 || got[0].Kind != WaitDamaged {
				t.Errorf("%+v", got)
			}
			if dump(t, cb) != before {
				t.Error("something was taken in")
			}
		})
	}
}
