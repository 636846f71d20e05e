package share

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/ids"
)

// keepFile keeps a file on a computer and says what its content is called.
func keepFile(t testing.TB, cb *casebook.Casebook, body string) (row ids.ID, name string) {
	t.Helper()
	s := attach.Of(cb)
	digest, size, err := s.Add(ctx, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if name, err = s.Name(digest); err != nil {
		t.Fatal(err)
	}
	row, couple := ids.New(), ids.New()
	write(t, cb, `INSERT INTO couple (id) VALUES (?)`, couple)
	write(t, cb, `INSERT INTO attachment (id, couple_id, name, size, content) VALUES (?, ?, 'scan.pdf', ?, ?)`, row, couple, size, digest)
	return row, name
}

// contents is where they lie in the shared folder.
func (p *practice) contents() attach.Store {
	return attach.Store{Dir: filepath.Join(p.folder, "Test practice.files"), Keys: container.Own(p.cbs[0].Key())}
}

func (p *practice) has(i int, name string) bool {
	return attach.Of(p.cbs[i]).Verify(ctx, name) == nil
}

func TestAContentComesToEverybodyAndLiesInTheFolderOnce(t *testing.T) {
	p := newPractice(t, 3)
	_, name := keepFile(t, p.cbs[0], strings.Repeat("TOKENCONTENT ", 20_000))
	p.sync(0)
	p.sync(1)
	keepFile(t, p.cbs[1], strings.Repeat("TOKENCONTENT ", 20_000)) // the same, with another couple
	p.settle()
	for i := range p.cbs {
		if !p.has(i, name) {
			t.Errorf("computer %d has it not", i)
		}
	}
	files, err := os.ReadDir(p.contents().Dir)
	if err != nil || len(files) != 1 || files[0].Name() != name {
		t.Errorf("the folder holds %v (%v)", files, err)
	}
	raw, err := os.ReadFile(filepath.Join(p.contents().Dir, name))
	if err != nil || bytes.Contains(raw, []byte("TOKEN")) {
		t.Errorf("it is not sealed (%v)", err)
	}
	for i := range p.cbs {
		if r := p.sync(i); r.Published != 0 || len(r.Waiting) != 0 {
			t.Errorf("%d has no peace: %+v", i, r)
		}
	}
	late := p.join()
	if r := p.sync(3); len(r.Waiting) != 0 || attach.Of(late).Verify(ctx, name) != nil {
		t.Errorf("who joins later has it not: %+v", r.Waiting)
	}
}

// The row comes first, then pieces, a foreign file, a place that is kept online, a copy under
// another name; none of them is taken for the content, and the row keeps nobody waiting.
func TestAContentThatStaysAwayIsNamedAndTakenWhenItComes(t *testing.T) {
	p := newPractice(t, 2)
	_, name := keepFile(t, p.cbs[0], strings.Repeat("lantern ", 50_000))
	p.sync(0)
	path := filepath.Join(p.contents().Dir, name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := newPractice(t, 1)
	_, theirs := keepFile(t, other.cbs[0], "x")
	other.sync(0)
	foreign, err := os.ReadFile(filepath.Join(other.contents().Dir, theirs))
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	damaged[1000] ^= 1
	for _, c := range []struct {
		what string
		raw  []byte
		kind WaitKind
	}{
		{"nothing", nil, WaitContent},
		{"a part", whole[:len(whole)/2], WaitIncomplete},
		{"an empty file", []byte{}, WaitContent},
		{"another casebook's", foreign, WaitForeign},
		{"damaged", damaged, WaitDamaged},
		{"nothing again", nil, WaitContent},
	} {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if c.raw != nil {
			if err := os.WriteFile(path, c.raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if r := p.sync(1); len(r.Waiting) != 1 || r.Waiting[0].Kind != c.kind || r.Waiting[0].Sentence == "" || p.has(1, name) {
			t.Errorf("%s: %+v", c.what, r.Waiting)
		}
	}
	if d := dump(t, p.cbs[1]); !strings.Contains(d, "scan.pdf") {
		t.Error("the row waits for its content")
	}
	// A file service gave the whole one another name.
	copied := strings.TrimSuffix(path, ".att") + ".sync-conflict-20261125-101500-ABCDEFG.att"
	if err := os.WriteFile(copied, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := p.sync(1); len(r.Waiting) != 0 || !p.has(1, name) {
		t.Errorf("the copy was not taken: %+v", r.Waiting)
	}
}

// Who added a content brings it back at once when it is gone from the folder; others who
// have it do after an hour, and make a damaged one whole.
func TestAFolderThatLostContentsIsFilledAgain(t *testing.T) {
	p := newPractice(t, 3)
	_, name := keepFile(t, p.cbs[0], "lantern")
	p.settle()
	path := filepath.Join(p.contents().Dir, name)
	for _, spoil := range []func() error{func() error { return os.RemoveAll(p.contents().Dir) }, func() error { return os.Truncate(path, 90) }} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		p.sync(1)
		if p.contents().Verify(ctx, name) == nil {
			t.Error("a computer that did not add it did not wait")
		}
		p.clock.Move(healAfter + time.Minute)
		p.sync(1)
		if err := p.contents().Verify(ctx, name); err != nil {
			t.Errorf("it was not brought back: %v", err)
		}
	}
	if err := os.RemoveAll(p.contents().Dir); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	if err := p.contents().Verify(ctx, name); err != nil {
		t.Errorf("who added it did not bring it back: %v", err)
	}
	// Online only is there.
	if err := os.Rename(path, filepath.Join(p.contents().Dir, "."+name+".icloud")); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	if p.contents().Has(name) {
		t.Error("a content that lies online only was written again")
	}
	// One that is damaged here is fetched again.
	if err := os.Rename(filepath.Join(p.contents().Dir, "."+name+".icloud"), path); err != nil {
		t.Fatal(err)
	}
	p.sync(2)
}

func TestErasedContentsGoFromEveryComputerAndOrphansStayForLong(t *testing.T) {
	p := newPractice(t, 3)
	row, name := keepFile(t, p.cbs[0], "erased")
	_, kept := keepFile(t, p.cbs[0], "kept")
	p.settle()
	// Somebody's whose row is on its way.
	coming := attach.Of(p.cbs[2])
	digest, _, err := coming.Add(ctx, strings.NewReader("on its way"))
	if err != nil {
		t.Fatal(err)
	}
	orphan, err := coming.Name(digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := coming.CopyTo(ctx, orphan, p.contents()); err != nil {
		t.Fatal(err)
	}
	write(t, p.cbs[1], `INSERT INTO erasure (id, item_tbl, item_id, ground) VALUES (?, 'attachment', ?, 'asked for')`, ids.New(), row)
	p.settle()
	p.settle()
	for i := range p.cbs {
		if attach.Of(p.cbs[i]).Has(name) || !p.has(i, kept) {
			t.Errorf("computer %d has the erased one: %v, the kept one: %v", i, attach.Of(p.cbs[i]).Has(name), p.has(i, kept))
		}
	}
	if p.contents().Has(name) || !p.contents().Has(kept) || !p.contents().Has(orphan) {
		t.Error("the folder holds the wrong ones")
	}
	if d := dump(t, p.cbs[2]); strings.Count(d, "scan.pdf") != 1 {
		t.Errorf("the erased row says more than that it was there:\n%s", d)
	}
	ago := p.clock.Now().Add(-keepChanges - time.Hour)
	if err := os.Chtimes(filepath.Join(p.contents().Dir, orphan), ago, ago); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	if p.contents().Has(orphan) {
		t.Error("a content that nobody ever named stays for ever")
	}
}

// The contents of a copy that is merged by hand come along.
func TestMergingACopyBringsItsContents(t *testing.T) {
	p := newPractice(t, 2)
	_, name := keepFile(t, p.cbs[1], "lantern")
	path := p.cbs[1].Path()
	if err := p.cbs[1].Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge(ctx, p.cbs[0], secret, Options{}, path); err != nil {
		t.Fatal(err)
	}
	if !p.has(0, name) {
		t.Error("its content stayed away")
	}
}
