package share_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
)

// join makes another computer of the house's casebook.
func (h *house) join() *casebook.Casebook {
	h.t.Helper()
	path := filepath.Join(h.t.TempDir(), "joined.couplet")
	opts := casebook.Options{Now: h.clock.Now}
	h.ok(share.Join(ctx, h.folder, path, secret, share.Options{Device: "other"}, opts, nil))
	return h.open(path)
}

func (h *house) open(path string) *casebook.Casebook {
	h.t.Helper()
	cb, err := casebook.Open(ctx, path, secret, casebook.Options{Now: h.clock.Now})
	h.ok(err)
	h.t.Cleanup(func() { cb.Close() })
	return cb
}

func (h *house) write(cb *casebook.Casebook, query string, args ...any) {
	h.t.Helper()
	h.ok(cb.Write(ctx, "person.edit", func(tx *casebook.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

func (h *house) sync(cb *casebook.Casebook) {
	h.t.Helper()
	_, err := share.Sync(ctx, cb, h.opts)
	h.ok(err)
}

// nowhere finds none of the words in any place that can be reached.
func (h *house) nowhere(when string, words []string, cbs ...*casebook.Casebook) {
	h.t.Helper()
	for place, s := range h.everywhere(cbs...) {
		for _, w := range words {
			if strings.Contains(s, w) {
				h.t.Errorf("%s: %s is in %s", when, w, place)
			}
		}
	}
}

// tokensOfA are words that stand in A's own rows.
func (h *house) tokensOfA() []string {
	var out []string
	for _, k := range h.p.Tokens {
		if h.ofA(k) && k.Of == "A" && strings.HasPrefix(k.Text, "zq") {
			out = append(out, k.Text)
		}
	}
	return out
}

// TestPV43WhatComesLateIsErasedToo: a colleague who was offline for a month comes back with
// edits about A and new rows of A, an old change file is put back into the folder, and an
// old backup is restored. All of it is erased before anybody sees it, and the folder and the
// backups are clean again.
func TestPV43WhatComesLateIsErasedToo(t *testing.T) {
	h := newHouse(t)
	h.ok(share.Share(ctx, h.cb, h.folder, h.opts))
	other := h.join()
	h.write(h.cb, `UPDATE person SET phone = 'zqoldphonex' WHERE id = ?`, h.p.A) // a small file
	h.sync(h.cb)
	h.sync(other)
	small, err := filepath.Glob(filepath.Join(h.folder, "*.changes", "*.chg"))
	h.ok(err)
	kept := map[string][]byte{}
	for _, path := range small {
		if kept[path], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	old, err := backup.Now(ctx, h.cb, h.dir)
	h.ok(err)
	aside := filepath.Join(t.TempDir(), "old.couplet-backup") // a copy that nobody can reach
	raw, err := os.ReadFile(old.Path)
	h.ok(err)
	h.ok(os.WriteFile(aside, raw, 0o600))

	// Offline: an edit of A, a row of A, a value of a row of both, and a note of B.
	words := append(h.tokensOfA(), "zqoldphonex", "zqlateemailx", "zqlatewordx", "zqlatequizx", "zqlatenotex")
	h.clock.Move(time.Hour)
	lateRow, lateNote, lateField := ids.New(), ids.New(), ids.New()
	h.write(other, `UPDATE person SET email = 'zqlateemailx' WHERE id = ?`, h.p.A)
	h.write(other, `UPDATE person SET email = 'zqlatewordx' WHERE id = ?`, h.p.A)
	h.write(other, `INSERT INTO administration (id, couple_id, person_id, answers, subject) VALUES (?, ?, ?, '["zqlatequizx"]', 'A')`, lateRow, h.p.Couple, h.p.A)
	h.write(other, `INSERT INTO note (id, couple_id, about) VALUES (?, ?, 'A')`, lateNote, h.p.Couple)
	h.write(other, `INSERT INTO note_field (id, note_id, key, subject) VALUES (?, ?, 'content', 'A')`, lateField, lateNote)
	rev := ids.New()
	h.write(other, `INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?, ?, ?, 'zqlatenotex')`, rev, lateNote, lateField)
	h.write(other, `UPDATE note_field SET head = ? WHERE id = ?`, rev, lateField)
	h.write(other, `UPDATE person SET phone = '0123' WHERE id = ?`, h.p.B)

	h.clock.Move(24 * time.Hour)
	h.erase(h.cb)
	h.sync(h.cb)
	h.nowhere("after the erasure", words)
	h.clock.Move(30 * 24 * time.Hour)
	h.sync(other) // comes back
	h.sync(h.cb)
	h.sync(other)
	h.nowhere("after a colleague came back", words, other)
	for _, cb := range []*casebook.Casebook{h.cb, other} {
		var phone string
		h.ok(cb.Reader().QueryRowContext(ctx, `SELECT phone FROM person WHERE id = ?`, h.p.B).Scan(&phone))
		if phone != "0123" {
			t.Errorf("what the colleague wrote of B is lost: %q", phone)
		}
		if err := cb.Write(ctx, "person.edit", func(tx *casebook.Tx) error {
			_, err := tx.Exec(`UPDATE person SET phone = 'again' WHERE id = ?`, h.p.A)
			return err
		}); err == nil {
			t.Error("a person who was erased can be changed")
		}
	}
	h.same(h.cb, other)

	// A file service puts old files back.
	for path, raw := range kept {
		h.ok(os.WriteFile(path, raw, 0o600))
	}
	h.sync(h.cb)
	h.sync(other)
	h.nowhere("after old files came back", words, other)

	// An old backup, from where no program can reach it, and one restored here.
	restored := filepath.Join(t.TempDir(), "restored.couplet")
	h.ok(backup.Restore(ctx, aside, restored, secret))
	r := h.open(restored)
	h.ok(backup.Forget(ctx, r))
	h.ok(backup.Scrubs(ctx, r))
	h.nowhere("after a restore", words, r)
	h.sync(r)
	h.sync(h.cb)
	h.nowhere("after the restored one took part", words, r)
}

// same holds two casebooks to what a person sees of them.
func (h *house) same(a, b *casebook.Casebook) {
	h.t.Helper()
	var x, y strings.Builder
	h.ok(share.Dump(ctx, a, &x))
	h.ok(share.Dump(ctx, b, &y))
	if x.String() != y.String() {
		l, r := strings.Split(x.String(), "\n"), strings.Split(y.String(), "\n")
		for i := range min(len(l), len(r)) {
			if l[i] != r[i] {
				h.t.Fatalf("they differ in line %d: %q and %q", i, l[max(0, i-3):i+3], r[max(0, i-3):i+3])
			}
		}
		h.t.Fatalf("one has %d lines, the other %d", len(l), len(r))
	}
}

// TestPV42WhatIsTheOtherPartnersStays: B's own is as it was, nothing of the couple can be
// computed any more, and nothing points nowhere.
func TestPV42WhatIsTheOtherPartnersStays(t *testing.T) {
	h := newHouse(t)
	of := func(subject string) string {
		var out strings.Builder
		for _, tbl := range []string{"administration", "practice_log", "conversation_answer", "letter", "note_field", "addendum"} {
			h.ok(h.cb.Scan(ctx, fmt.Sprintf(`SELECT * FROM %s WHERE subject = '%s' AND deleted = 0 ORDER BY id`, tbl, subject), func(v []any) error {
				fmt.Fprintln(&out, v...)
				return nil
			}))
		}
		return out.String()
	}
	b := of("B")
	h.erase(h.cb)
	if of("B") != b {
		t.Error("what is B's was changed")
	}
	if of("A") != "" {
		t.Errorf("of A is left: %.200s", of("A"))
	}
	var n int
	h.ok(h.cb.Reader().QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&n))
	if n > 0 {
		t.Errorf("%d rows point nowhere", n)
	}
	var name string
	h.ok(h.cb.Reader().QueryRowContext(ctx, `SELECT p.given_name FROM couple c JOIN person p ON p.id = c.a_id AND p.deleted = 0 WHERE c.id = ?`, h.p.Couple).Scan(&name))
	if name != share.Former {
		t.Errorf("A is called %q", name)
	}
}
