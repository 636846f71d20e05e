package share

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// inChanges are the names in the folder of small files that end with suffix.
func (p *practice) inChanges(suffix string) (out []string) {
	p.t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.folder, "Test practice.changes"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			out = append(out, e.Name())
		}
	}
	return out
}

// of is how many small files of the i-th computer there are.
func (p *practice) of(i int) (n int) {
	for _, name := range p.inChanges(changeSuffix) {
		if ownNumber(name, p.cbs[i].Device()) > 0 {
			n++
		}
	}
	return n
}

// snapshot lets the i-th computer write a new snapshot.
func (p *practice) snapshot(i int) {
	p.t.Helper()
	if err := p.cbs[i].Locally(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE share_local SET heal = 1`)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	p.sync(i)
}

// newOthers is newPractice with computers that know of each other.
func newOthers(t *testing.T, n int) *practice {
	p := newPractice(t, n)
	for i := range p.cbs {
		person(t, p.cbs[i], "Somebody")
	}
	p.settle()
	return p
}

func (p *practice) edits(i, n int) {
	p.t.Helper()
	id := person(p.t, p.cbs[i], fmt.Sprintf("Ada %d", n))
	for k := range n {
		write(p.t, p.cbs[i], `UPDATE person SET phone = ? WHERE id = ?`, fmt.Sprintf("%d-%d", i, k), id)
		p.sync(i)
	}
}

func TestSmallFilesGoWhenASnapshotCoversThemAndAllHaveReadThem(t *testing.T) {
	p := newOthers(t, 3)
	p.edits(0, 4)
	p.sync(1) // the third is away
	if got := p.inChanges(seenSuffix); len(got) != 0 {
		t.Errorf("hearing of a change made files: %v", got)
	}
	p.snapshot(0)
	had := p.of(0)
	for range 3 {
		p.sync(1)
		p.sync(0)
	}
	if n := p.of(0); n != had || n < 4 {
		t.Errorf("%d of %d small files are left, though one computer has not read them", n, had)
	}
	p.clock.Move(20 * 24 * time.Hour)
	p.sync(2)
	p.sync(0)
	if n := p.of(0); n != 0 {
		t.Errorf("%d small files are left, though everybody has read them", n)
	}
	for i, r := range []Report{p.sync(0), p.sync(1), p.sync(2)} {
		if r.Published != 0 || len(r.Waiting) != 0 {
			t.Errorf("%d has no peace: %+v", i, r)
		}
	}
	p.join()
	p.settle()
}

func TestWhoWasAwayForMonthsGetsAllFromTheSnapshot(t *testing.T) {
	p := newOthers(t, 3)
	id := person(t, p.cbs[2], "Ben")
	p.edits(0, 4)
	p.snapshot(0)
	p.sync(1)
	p.clock.Move(keepChanges + 24*time.Hour)
	p.sync(1)
	p.sync(0)
	if n := p.of(0); n != 0 {
		t.Errorf("%d small files are left after so long", n)
	}
	if d := p.settle(); !strings.Contains(d, "given_name: Ada 4") || !strings.Contains(d, "phone: 0-3") || !strings.Contains(d, id.String()) {
		t.Error(d)
	}
}

func TestNobodyWaitsForAComputerThatWasRemoved(t *testing.T) {
	p := newOthers(t, 3)
	p.edits(0, 4)
	p.snapshot(0)
	p.sync(1)
	p.sync(0)
	if p.of(0) == 0 {
		t.Fatal("they did not wait for the third")
	}
	if err := Remove(ctx, p.cbs[0], p.cbs[2].Device()); err != nil {
		t.Fatal(err)
	}
	p.snapshot(0)
	p.sync(1)
	p.sync(0)
	if n := p.of(0); n != 1 { // the one that tells it so
		t.Errorf("%d small files wait for a computer that was removed", n)
	}
	p.clock.Move(keepChanges + time.Hour)
	p.sync(1)
	p.sync(0)
	if n := p.of(0); n != 0 {
		t.Errorf("%d small files are left after so long", n)
	}
}

func TestTheSmallFilesOfADayBecomeOne(t *testing.T) {
	p := newOthers(t, 2)
	p.clock.Move(24 * time.Hour)
	p.edits(0, 5)
	before := p.of(0)
	p.clock.Move(24 * time.Hour)
	e, err := newEngine(ctx, p.cbs[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	crash := errors.New("crash")
	e.step = func(at string) error {
		if at == "joined" {
			return crash
		}
		return nil
	}
	if _, err := e.sync(ctx); !errors.Is(err, crash) {
		t.Fatalf("it was not stopped: %v", err)
	}
	if n := p.of(0); n <= before {
		t.Errorf("%d files of %d: what they hold was taken away first", n, before)
	}
	p.sync(0)
	if n := p.of(0); n > 2 { // of the first day and of the second
		t.Errorf("%d files are left of %d", n, before)
	}
	if r := p.sync(1); r.Merged == 0 || len(r.Waiting) > 0 {
		t.Errorf("%+v", r)
	}
	if d := p.settle(); !strings.Contains(d, "phone: 0-4") {
		t.Error(d)
	}
	if r := p.sync(0); r.Published != 0 {
		t.Errorf("it has no peace: %+v", r)
	}
}

// What a computer says that it has read is never taken for something that it holds, and
// in whatever state it comes nobody is the worse for it.
func TestWhatWasReadCoversNothing(t *testing.T) {
	p := newOthers(t, 2)
	p.edits(0, 3)
	p.snapshot(0)
	p.sync(1)
	path := filepath.Join(p.folder, "Test practice.changes", p.cbs[1].Device().String()+seenSuffix)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p.edits(0, 3)
	p.snapshot(0)
	p.sync(1)
	second, err := os.ReadFile(path)
	if err != nil || len(second) > 400 {
		t.Fatalf("it takes %d bytes (%v)", len(second), err)
	}
	for name, raw := range map[string][]byte{"an older one": first, "torn": second[:len(second)/2], "changed": append(second[:len(second)-1:len(second)-1], ^second[len(second)-1])} {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		p.sync(0)
		p.sync(1)
		if r := p.sync(1); len(r.Waiting) > 0 {
			t.Errorf("%s: %+v", name, r.Waiting)
		}
	}
	copied := strings.TrimSuffix(path, seenSuffix) + " (conflicted copy)" + seenSuffix
	if err := os.WriteFile(copied, first, 0o600); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	p.sync(1)
	if got := p.inChanges(seenSuffix); len(got) != 2 {
		t.Errorf("copies stay: %v", got)
	}
	for _, name := range append(p.inChanges(changeSuffix), "../Test practice.couplet") {
		if err := os.Remove(filepath.Join(filepath.Dir(path), name)); err != nil {
			t.Fatal(err)
		}
	}
	if r := p.sync(1); r.Published != 1 {
		t.Errorf("the folder holds nothing but what was read, yet %+v", r)
	}
	p.settle()
}

// A later file may come before an earlier one whose rows everything in it points to, and
// those to others: all of them are stood in for until they come.
func TestALaterFileComesBeforeAllThatItPointsTo(t *testing.T) {
	p := newOthers(t, 2)
	cb := p.cbs[0]
	couple, note, field, first, second := ids.New(), ids.New(), ids.New(), ids.New(), ids.New()
	if err := cb.Write(ctx, "note.new", func(tx *casebook.Tx) error {
		return execAll(tx, []any{`INSERT INTO couple (id) VALUES (?)`, couple}, []any{`INSERT INTO note (id, couple_id) VALUES (?, ?)`, note, couple},
			[]any{`INSERT INTO note_field (id, note_id, key, head) VALUES (?, ?, 'content', ?)`, field, note, first}, []any{`INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?, ?, ?, 'one')`, first, note, field})
	}); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	late, raw := p.last(0)
	if err := cb.Write(ctx, "note.save", func(tx *casebook.Tx) error {
		return execAll(tx, []any{`INSERT INTO note_rev (id, note_id, field_id, parents, body) VALUES (?, ?, ?, ?, 'two')`, second, note, field, first.String()}, []any{`UPDATE note_field SET head = ? WHERE id = ?`, second, field},
			[]any{`INSERT INTO session (id, couple_id) VALUES (?, ?)`, ids.New(), couple})
	}); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	if err := os.Remove(late); err != nil {
		t.Fatal(err)
	}
	if r := p.sync(1); r.Merged == 0 {
		t.Errorf("%+v", r)
	}
	orphans(t, p.cbs[1])
	if err := os.WriteFile(late, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if d := p.settle(); !strings.Contains(d, "two") || !strings.Contains(d, "one") {
		t.Error(d)
	}
}

// What came of a row before the row itself is in a snapshot, which says that it covers it.
func TestASnapshotHoldsWhatCameBeforeItsRow(t *testing.T) {
	p := newOthers(t, 3)
	id := person(t, p.cbs[0], "Ada")
	p.sync(0)
	late, raw := p.last(0)
	write(t, p.cbs[0], `UPDATE person SET phone = '0123' WHERE id = ?`, id)
	p.sync(0)
	if err := os.Remove(late); err != nil {
		t.Fatal(err)
	}
	p.snapshot(1)
	change, _ := p.last(0)
	if err := os.Remove(change); err != nil {
		t.Fatal(err)
	}
	p.sync(2)         // reads the snapshot alone
	fresh := p.join() // so does a new computer
	if err := os.WriteFile(late, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if d := p.settle(); !strings.Contains(d, "phone: 0123") || !strings.Contains(dump(t, fresh), "phone: 0123") {
		t.Error(d)
	}
}
