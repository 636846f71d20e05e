package backup_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

func TestMissingBringsBackAndChangesNothing(t *testing.T) {
	between(t, func(rt *rapid.T, c *casebook.Casebook, dir, path string) {
		if _, err := backup.Missing(ctx, c, dir, path, nil); err != nil {
			rt.Fatal(err)
		}
	}, func(rt *rapid.T, then, before, after map[string]cells) {
		for tbl, rows := range before {
			for id, was := range rows {
				for col, v := range was {
					is := after[tbl][id][col]
					back := col == "deleted" && alike(v, 1) && alike(is, 0) && alike(then[tbl][id]["deleted"], 0)
					if !alike(v, is) && !back {
						rt.Fatalf("%s %s: %s was %v and is %v", tbl, id, col, v, is)
					}
				}
			}
			for id := range then[tbl] {
				if part := tbl == "attendance" || tbl == "couple_tag"; !part && alike(then[tbl][id]["deleted"], 0) && !alike(after[tbl][id]["deleted"], 0) {
					rt.Fatalf("%s %s did not come back", tbl, id)
				}
			}
			if len(after[tbl]) != len(rows) {
				rt.Fatalf("%s has %d rows, had %d", tbl, len(after[tbl]), len(rows))
			}
		}
	})
}

// The tables of which nothing goes, and the columns that say who may see.
var (
	kept   = []string{"coach", "addendum", "report_made", "export_made", "noted_condition"}
	access = []string{"visibility", "sensitivity", "subject"}
	wider  = map[string]int{"coach_only": 0, "partner_A": 1, "partner_B": 1, "joint": 2}
)

func TestDayIsTheDayButForWhatProtects(t *testing.T) {
	var lww map[string]bool
	between(t, func(rt *rapid.T, c *casebook.Casebook, dir, path string) {
		rules, err := casebook.Rules(ctx, c.Reader())
		if err != nil {
			rt.Fatal(err)
		}
		lww = map[string]bool{}
		for _, r := range rules {
			lww[r.Table] = r.Merge == "lww"
		}
		if _, err := backup.Day(ctx, c, dir, path, nil); err != nil {
			rt.Fatal(err)
		}
	}, func(rt *rapid.T, then, before, after map[string]cells) {
		locked := map[string]bool{}
		for _, l := range after["note_lock"] {
			locked[fmt.Sprint(l["note_id"])] = true
		}
		for tbl, rows := range after {
			for id, is := range rows {
				was, had := then[tbl][id]
				lockedNote := tbl == "note" && locked[fmt.Sprint(is["id"])] || tbl == "note_field" && locked[fmt.Sprint(is["note_id"])]
				switch {
				case !lww[tbl] || slices.Contains(kept, tbl) || lockedNote:
					if now, was := before[tbl][id]; was && lockedNote && !alike(now["head"], is["head"]) {
						rt.Fatalf("the text of a locked note changed: %s", id)
					}
				case !had:
					if alike(is["deleted"], 0) && alike(before[tbl][id]["deleted"], 0) {
						rt.Fatalf("%s %s was made since and is not in the bin", tbl, id)
					}
				default:
					for col, v := range was {
						if !alike(v, is[col]) && col != "head" && !slices.Contains(access, col) {
							rt.Fatalf("%s %s: %s was %v that day and is %v", tbl, id, col, v, is[col])
						}
					}
					if tbl == "note_field" && body(then, was["head"]) != body(after, is["head"]) {
						rt.Fatalf("a text was %q that day and is %q", body(then, was["head"]), body(after, is["head"]))
					}
				}
				now, there := before[tbl][id]
				if v, ok := is["visibility"].(string); there && ok && wider[v] > wider[now["visibility"].(string)] {
					rt.Fatalf("%s %s was for %v and is for %v", tbl, id, now["visibility"], v)
				}
			}
		}
		for tbl, rows := range before {
			for id := range rows {
				if _, there := after[tbl][id]; !there {
					rt.Fatalf("%s %s is gone", tbl, id)
				}
			}
		}
	})
}

func body(d map[string]cells, head any) string {
	if b, ok := head.([]byte); ok {
		return fmt.Sprint(d["note_rev"][ids.ID(b)]["body"])
	}
	return ""
}

// Everything that goes is in the history with what stood there.
func TestWhatDayWritesOverIsInTheHistory(t *testing.T) {
	c := casebooktest.New(t)
	add(t, c, "Then")
	path, err := backup.Make(ctx, c, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(ctx, "person.edit", func(tx *casebook.Tx) error { _, err := tx.Exec(`UPDATE person SET given_name = 'Since'`); return err }); err != nil {
		t.Fatal(err)
	}
	out, err := backup.Day(ctx, c, t.TempDir(), path, nil)
	if err != nil || out.Changed != 1 || out.Binned != 0 || out.Before == "" {
		t.Errorf("%+v (%v)", out, err)
	}
	var name, old, action string
	if err := c.Reader().QueryRowContext(ctx, `SELECT p.given_name, h.old, a.name FROM person p JOIN history h ON h.id = p.id JOIN action a ON a.hlc = h.hlc AND a.dev = h.dev ORDER BY h.n DESC LIMIT 1`).Scan(&name, &old, &action); err != nil || name != "Then" || old != "Since" || action != "restore.day" {
		t.Errorf("%q %q %q (%v)", name, old, action, err)
	}
}

// A note is one thing, however many of its rows come back.
func TestWhatCameBackIsCountedAsACoachWould(t *testing.T) {
	c := casebooktest.New(t)
	couple, person, session, note, field, rev := ids.New(), ids.New(), ids.New(), ids.New(), ids.New(), ids.New()
	write := func(all map[string][]any) {
		t.Helper()
		if err := c.Write(ctx, "test", func(tx *casebook.Tx) error {
			for q, args := range all {
				if _, err := tx.Exec(q, args...); err != nil {
					return fmt.Errorf("%s: %w", q, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(map[string][]any{
		`INSERT INTO couple (id) VALUES (?)`: {couple}, `INSERT INTO couple_tag (id, couple_id, tag) VALUES (?, ?, 'new')`: {ids.New(), couple}, `INSERT INTO person (id) VALUES (?)`: {person},
		`INSERT INTO session (id, couple_id) VALUES (?, ?)`: {session, couple}, `INSERT INTO attendance (id, session_id, person_id) VALUES (?, ?, ?)`: {ids.New(), session, person},
		`INSERT INTO note (id, couple_id) VALUES (?, ?)`: {note, couple}, `INSERT INTO note_field (id, note_id, key, head) VALUES (?, ?, 'content', ?)`: {field, note, rev},
		`INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?, ?, ?, 'words')`: {rev, note, field},
	})
	path, err := backup.Make(ctx, c, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(map[string][]any{`UPDATE couple SET deleted = 1`: nil, `UPDATE session SET deleted = 1`: nil, `UPDATE note SET deleted = 1`: nil, `UPDATE note_field SET deleted = 1`: nil})
	out, err := backup.Missing(ctx, c, t.TempDir(), path, nil)
	if want := (backup.Things{"couple": 1, "session": 1, "note": 1}); err != nil || !maps.Equal(out.ThingsBack, want) || out.Back != 4 {
		t.Errorf("%+v (%v)", out, err)
	}
	newer, newField, newRev := ids.New(), ids.New(), ids.New()
	write(map[string][]any{`INSERT INTO note (id, couple_id) VALUES (?, ?)`: {newer, couple}, `INSERT INTO note_field (id, note_id, key, head) VALUES (?, ?, 'content', ?)`: {newField, newer, newRev}, `INSERT INTO note_rev (id, note_id, field_id, body) VALUES (?, ?, ?, 'new')`: {newRev, newer, newField}})
	write(map[string][]any{`UPDATE session SET place = 'there'`: nil, `UPDATE note_field SET position = 2 WHERE id = ?`: {field}, `INSERT INTO session (id, couple_id) VALUES (?, ?)`: {ids.New(), couple}, `INSERT INTO setting (id, name) VALUES (?, 'x')`: {ids.New()}})
	out, err = backup.Day(ctx, c, t.TempDir(), path, nil)
	if err != nil || !maps.Equal(out.ThingsChanged, backup.Things{"session": 1, "note": 1}) || !maps.Equal(out.ThingsBinned, backup.Things{"session": 1, "note": 1, backup.Other: 1}) || len(out.ThingsBack) > 0 {
		t.Errorf("%+v (%v)", out, err)
	}
	// Who takes the note out of the bin again gets its text with it.
	var gone, text int
	if err := c.Reader().QueryRowContext(ctx, `SELECT (SELECT deleted FROM note WHERE id = ?), (SELECT deleted FROM note_field WHERE id = ?)`, newer, newField).Scan(&gone, &text); err != nil || gone != 1 || text != 0 {
		t.Errorf("the note is in the bin: %d, its text: %d (%v)", gone, text, err)
	}
}

// A casebook restored from an older backup gets what a newer one holds: rows, texts that
// follow its own, and locks of notes that read the same.
func TestMissingFromANewerBackup(t *testing.T) {
	open := sampleOf(t)
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		c := open(rt, dir)
		older, err := backup.Make(ctx, c, dir)
		if err != nil {
			rt.Fatal(err)
		}
		s := &shaker{c: c}
		for range rapid.IntRange(1, 15).Draw(rt, "edits") {
			s.shake(rt)
		}
		then := dump(rt, c)
		newer, err := backup.Make(ctx, c, dir)
		if err != nil {
			rt.Fatal(err)
		}
		again, err := c.Key().Again()
		if err != nil {
			rt.Fatal(err)
		}
		c.Close()
		r, err := casebook.OpenKey(ctx, older, again, casebook.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		defer r.Close()
		if _, err := backup.Missing(ctx, r, filepath.Join(dir, "b"), newer, nil); err != nil {
			rt.Fatal(err)
		}
		after := dump(rt, r)
		for tbl, rows := range then {
			for id, was := range rows {
				if _, there := after[tbl][id]; !there && tbl != "note_lock" {
					rt.Fatalf("%s %s did not come", tbl, id)
				}
				if tbl == "note_field" && body(then, was["head"]) != body(after, after[tbl][id]["head"]) {
					rt.Fatalf("the text %q did not come", body(then, was["head"]))
				}
			}
		}
		sound(rt, r)
	})
}
