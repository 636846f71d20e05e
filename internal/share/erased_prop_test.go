package share

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// TestErasureConvergesWithSharing plays random histories in which somebody is erased in the
// middle: in the end every computer shows the same, and nothing that was ever written of
// them stands in any row, history or lost value.
func TestErasureConvergesWithSharing(t *testing.T) {
	t.Parallel()
	n := 6
	if long() {
		n = 500
	}
	for seed := range n {
		if err := erasing(seeded{rand.New(rand.NewPCG(uint64(seed), 7))}); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// erasing plays one.
func erasing(d drawer) error {
	dir, err := os.MkdirTemp(fastDir(), "share-world-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, err := newWorld(d, dir, sound)
	defer w.close()
	if err != nil {
		return err
	}
	gone := map[ids.ID]bool{}
	for range 15 + d.below(30) {
		if d.below(8) == 0 {
			if err := w.erase(gone); err != nil {
				return err
			}
			continue
		}
		if err := w.happen(); err != nil && !strings.Contains(err.Error(), "erased") {
			return err
		}
	}
	for range 2 { // who had not read of it does now
		if err := w.end(); err != nil {
			return err
		}
	}
	return w.judgeErased(gone)
}

// erase erases a person, or a text, on one computer that has it.
func (w *world) erase(gone map[ids.ID]bool) error {
	r := w.r[w.d.below(len(w.r))]
	id, tbl := w.people[w.d.below(len(w.people))], "person"
	if w.d.below(3) == 0 {
		id, tbl = theField, "note_field"
	}
	if !w.has(r, tbl, id) {
		return nil
	}
	run, redact := ids.New(), tbl == "note_field" && w.d.below(2) == 0
	gone[id] = true
	return r.cb.Write(ctx, "erase", func(tx *casebook.Tx) error {
		cols := ""
		if redact {
			cols = "body"
			if _, err := tx.Exec(`INSERT INTO redaction (id, run_id, item_tbl, item_id, col, body) VALUES (?, ?, ?, ?, 'body', ?)`, ids.New(), run, tbl, id, "redacted "+run.String()); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`INSERT INTO erasure (id, item_tbl, item_id, cols, run_id) VALUES (?, ?, ?, ?, ?)`, ErasureID(run, id, cols), tbl, id, cols, run); err != nil {
			return err
		}
		return EraseNow(tx, run)
	})
}

func (w *world) judgeErased(gone map[ids.ID]bool) error {
	var first string
	for i, r := range w.r {
		var b bytes.Buffer
		if err := Dump(ctx, r.cb, &b); err != nil {
			return err
		}
		if i == 0 {
			first = b.String()
		} else if b.String() != first {
			return brokenf("computer %d differs:\n%s", i, cmp.Diff(strings.Split(first, "\n"), strings.Split(b.String(), "\n")))
		}
		var left int
		for _, e := range w.edits {
			if person, err := ids.Parse(e.key[:36]); err != nil || !gone[person] {
				continue
			}
			if err := r.cb.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM person WHERE phone = ?1 OR email = ?1) + (SELECT count(*) FROM history WHERE old = ?1) + (SELECT count(*) FROM lost WHERE value = ?1)`, e.value).Scan(&left); err != nil || left > 0 {
				return brokenf("%s is still on computer %d (%v)", e.value, i, err)
			}
		}
		if !gone[theField] {
			continue
		}
		for n := range w.n {
			if err := r.cb.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM note_rev WHERE body = ?1) + (SELECT count(*) FROM addendum WHERE body = ?1)`, fmt.Sprintf("text-%d.", n+1)).Scan(&left); err != nil || left > 0 {
				return brokenf("a text is still on computer %d (%v)", i, err)
			}
		}
	}
	return nil
}
