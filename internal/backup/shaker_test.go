package backup_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample"
	"github.com/couplet-app/couplet/sessions"
)

// cells are the rows of a table by id and column.
type cells map[ids.ID]map[string]any

// dump is everything that is captured.
func dump(t *rapid.T, c *casebook.Casebook) map[string]cells {
	rules, err := casebook.Rules(ctx, c.Reader())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]cells{}
	for _, r := range rules {
		var cols []string
		if err := c.Scan(ctx, `SELECT name FROM pragma_table_info('`+r.Table+`')`, func(v []any) error { cols = append(cols, v[0].(string)); return nil }); err != nil {
			t.Fatal(err)
		}
		rows := cells{}
		if err := c.Scan(ctx, `SELECT `+strings.Join(cols, ", ")+` FROM `+r.Table, func(v []any) error {
			row := map[string]any{}
			for i, col := range cols {
				row[col] = v[i]
				if b, ok := v[i].([]byte); ok {
					row[col] = bytes.Clone(b)
				}
			}
			rows[ids.ID(row["id"].([]byte))] = row
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		out[r.Table] = rows
	}
	return out
}

func alike(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// shaker makes random edits of every kind that a coach makes.
type shaker struct {
	c *casebook.Casebook
	n int
}

func (s *shaker) pick(t *rapid.T, query string, args ...any) []any {
	var all [][]any
	rows, err := s.c.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		r := make([]any, 2)
		if err := rows.Scan(&r[0], &r[1]); err != nil {
			t.Fatal(err)
		}
		for i := range r {
			if b, ok := r[i].([]byte); ok {
				r[i] = bytes.Clone(b)
			}
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil
	}
	return rapid.SampledFrom(all).Draw(t, "row")
}

func (s *shaker) write(t *rapid.T, query string, args ...any) {
	if err := s.c.Write(ctx, "test.shake", func(tx *casebook.Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
		t.Fatal(query, err)
	}
}

func (s *shaker) shake(t *rapid.T) {
	s.n++
	word := fmt.Sprintf("word%d", s.n)
	const open = `SELECT f.id, f.note_id FROM note_field f JOIN note n ON n.id = f.note_id WHERE n.deleted = 0 AND NOT EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = n.id)`
	switch rapid.IntRange(0, 11).Draw(t, "edit") {
	case 0:
		r := s.pick(t, `SELECT id, given_name FROM person`)
		s.write(t, `UPDATE person SET given_name = ?, phone = ? WHERE id = ?`, word, word, r[0])
	case 1:
		tbl := rapid.SampledFrom([]string{"person", "couple", "session", "administration", "assignment", "practice_log", "letter", "enquiry", "couple_agreement"}).Draw(t, "table")
		if r := s.pick(t, `SELECT id, deleted FROM `+tbl); r != nil && tbl != "session" {
			s.write(t, `UPDATE `+tbl+` SET deleted = 1 - deleted WHERE id = ?`, r[0])
		}
	case 2:
		s.write(t, `INSERT INTO person (id, given_name) VALUES (?, ?)`, ids.New(), word)
	case 3, 4:
		r := s.pick(t, open)
		if r == nil {
			return
		}
		if err := s.c.Write(ctx, "note.save", func(tx *casebook.Tx) error {
			rev := ids.New()
			if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, at) SELECT ?1, note_id, id, coalesce((SELECT lower(substr(hex(head),1,8)||'-'||substr(hex(head),9,4)||'-'||substr(hex(head),13,4)||'-'||substr(hex(head),17,4)||'-'||substr(hex(head),21)) WHERE head IS NOT NULL), ''), ?2, ?3 FROM note_field WHERE id = ?4`,
				rev, word, tx.Now.UnixMilli(), r[0]); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, r[0])
			return err
		}); err != nil {
			t.Fatal(err)
		}
	case 5:
		if r := s.pick(t, open); r != nil {
			if err := s.c.Write(ctx, "note.lock", func(tx *casebook.Tx) error {
				_, err := sessions.LockNotes(tx, []ids.ID{ids.ID(r[1].([]byte))})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	case 6:
		tbl := rapid.SampledFrom([]string{"note_field", "session", "practice_log", "letter", "administration"}).Draw(t, "table")
		to := rapid.SampledFrom([]string{"coach_only", "partner_A", "partner_B", "joint"}).Draw(t, "visibility")
		where := ` WHERE sensitivity <> 'safety'`
		if tbl == "note_field" {
			where += ` AND sealed_to IS NULL` // a reflection is shown to nobody
		}
		if r := s.pick(t, `SELECT id, visibility FROM `+tbl+where); r != nil {
			s.write(t, `UPDATE `+tbl+` SET visibility = ? WHERE id = ?`, to, r[0])
		}
	case 7:
		r := s.pick(t, `SELECT id, a_id FROM couple`)
		s.write(t, `INSERT INTO session (id, couple_id, starts_at, place) VALUES (?, ?, ?, ?)`, ids.New(), r[0], int64(s.n), word)
	case 8:
		r := s.pick(t, `SELECT id, a_id FROM couple WHERE a_id IS NOT NULL`)
		s.write(t, `INSERT INTO release (id, couple_id, partner, item_id, state) VALUES (?, ?, 'A', ?, 'withdrawn')`, ids.New(), r[0], ids.New())
	case 9:
		r := s.pick(t, `SELECT id, a_id FROM couple WHERE a_id IS NOT NULL`)
		s.write(t, `INSERT INTO noted_condition (id, couple_id, person_id, condition) VALUES (?, ?, ?, ?)`, ids.New(), r[0], r[1], word)
	case 10:
		r := s.pick(t, `SELECT id, couple_id FROM session`)
		s.write(t, `UPDATE session SET place = ?, minutes = minutes + 1 WHERE id = ?`, word, r[0])
	case 11:
		s.write(t, `UPDATE note SET deleted = 1 WHERE id IN (SELECT n.id FROM note n WHERE deleted = 0 AND NOT EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = n.id) LIMIT 1)`)
	}
}

// sampleOf opens a copy of one sample, which is made once.
func sampleOf(t *testing.T) func(*rapid.T, string) *casebook.Casebook {
	t.Helper()
	first := filepath.Join(t.TempDir(), "sample.couplet")
	if _, err := sample.Casebook(ctx, first, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, "2026-11-22", 1); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	key, err := vault.Unlock(first, secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(key.Wipe)
	return func(rt *rapid.T, dir string) *casebook.Casebook {
		path := filepath.Join(dir, "c.couplet")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			rt.Fatal(err)
		}
		again, err := key.Again()
		if err != nil {
			rt.Fatal(err)
		}
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		c, err := casebook.OpenKey(ctx, path, again, casebook.Options{Now: func() time.Time { now = now.Add(time.Minute); return now }})
		if err != nil {
			rt.Fatal(err)
		}
		return c
	}
}

// sound holds the whole casebook to its own check: index, references, locks.
func sound(t *rapid.T, c *casebook.Casebook) {
	found, err := c.Check(ctx, nil, sessions.VerifyLocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if !f.Notice {
			t.Fatalf("%s: %s", f.Area, f.Text)
		}
	}
}

// between shakes a casebook before and after a backup of it, and restores.
func between(t *testing.T, restore func(*rapid.T, *casebook.Casebook, string, string), check func(rt *rapid.T, then, before, after map[string]cells)) {
	open := sampleOf(t)
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		c := open(rt, dir)
		defer c.Close()
		s := &shaker{c: c}
		for range rapid.IntRange(0, 8).Draw(rt, "first") {
			s.shake(rt)
		}
		then := dump(rt, c)
		path, err := backup.Make(ctx, c, filepath.Join(dir, "b"))
		if err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 15).Draw(rt, "then") {
			s.shake(rt)
		}
		before := dump(rt, c)
		restore(rt, c, filepath.Join(dir, "b"), path)
		check(rt, then, before, dump(rt, c))
		sound(rt, c)
	})
}
