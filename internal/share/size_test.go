package share

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample/large"
)

// newest is the size of the change file that was written last.
func (p *practice) newest() int64 {
	p.t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.folder, "Test practice.changes"))
	if err != nil || len(entries) == 0 {
		p.t.Fatal(err)
	}
	last, seq := entries[0], int64(0)
	for _, e := range entries {
		for _, cb := range p.cbs {
			if n := ownNumber(e.Name(), cb.Device()); n > seq {
				last, seq = e, n
			}
		}
	}
	info, err := last.Info()
	if err != nil {
		p.t.Fatal(err)
	}
	return info.Size()
}

// A change of one field and a note of two thousand characters are small.
func TestSmallChangesAreSmallFiles(t *testing.T) {
	p := newPractice(t, 1)
	cb := p.cbs[0]
	id, couple, note, field := person(t, cb, "Ada"), ids.New(), ids.New(), ids.New()
	write(t, cb, `INSERT INTO couple (id, a_id) VALUES (?, ?)`, couple, id)
	write(t, cb, `INSERT INTO note (id, couple_id) VALUES (?, ?)`, note, couple)
	p.sync(0)
	write(t, cb, `UPDATE person SET phone = '+49 30 1234567' WHERE id = ?`, id)
	p.sync(0)
	if n := p.newest(); n > 400 {
		t.Errorf("one field takes %d bytes", n)
	} else {
		t.Logf("one field: %d bytes", n)
	}
	body := large.Prose(7)(2048)
	if err := cb.Write(ctx, "note.save", func(tx *casebook.Tx) error {
		rev := ids.New()
		if _, err := tx.Exec(`INSERT INTO note_field (id, note_id, key, head) VALUES (?, ?, 'content', ?)`, field, note, rev); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, rev, note, field, body, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	if n := p.newest(); n > 1500 {
		t.Errorf("a note of %d characters takes %d bytes", len(body), n)
	} else {
		t.Logf("a note of %d characters: %d bytes", len(body), n)
	}
}

// What a turn looks for costs what is new, not what the casebook holds.
func TestATurnDoesNotReadAllOfHistory(t *testing.T) {
	p := newPractice(t, 1)
	type step struct {
		id, parent, unused int
		what               string
	}
	plan, err := casebook.Collect(ctx, p.cbs[0].Reader(), func(r *sql.Rows, s *step) error { return r.Scan(&s.id, &s.parent, &s.unused, &s.what) }, `EXPLAIN QUERY PLAN `+ownChanges, 1, 1)
	if err != nil || len(plan) == 0 {
		t.Fatal(err)
	}
	for _, s := range plan {
		if strings.Contains(s.what, "SCAN history") {
			t.Error(s.what)
		}
	}
}
