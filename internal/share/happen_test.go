package share

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// edit is one write of one column, as the model remembers it.
type edit struct {
	key   string // which column of which row
	value string
	at    stamp
	saw   vector
}

// decision is one decision on who may see the text.
type decision struct {
	id, replaces ids.ID
	visibility   string
}

// agreed is one release, signature or screen.
type agreed struct {
	tbl          string
	id, replaces ids.ID
}

// answers are those of a quiz as somebody left them, and whether that closed them.
type answers struct {
	value  string
	at     stamp
	locked bool
}

// happen lets one thing happen to one computer.
func (w *world) happen() error {
	r := w.r[w.d.below(len(w.r))]
	switch n := w.d.below(4); {
	case w.still: // then two write at the same time
	case w.mutant == wallClock && n == 3: // a stamp twice is another bug
	case n == 0: // the clock stands still
	case n == 1:
		r.now = r.now.Add(time.Millisecond)
	case n == 2:
		r.now = r.now.Add(time.Second)
	default:
		r.now = r.now.Add(-time.Minute)
	}
	if w.events++; w.rotates && w.events%6 == 0 {
		if err := w.access(w.r[w.events/6%len(w.r)]); err != nil {
			return err
		}
	}
	switch w.d.below(18) {
	case 0, 1, 2:
		return w.editPerson(r)
	case 3:
		return w.addPerson(r)
	case 4:
		return w.bin(r)
	case 5, 6:
		return w.revise(r)
	case 7:
		return w.decide(r)
	case 8:
		if w.d.below(4) == 0 {
			return w.lock(r)
		}
		return w.addTag(r)
	case 9:
		return w.carry(w.d.below(3) == 0)
	case 10:
		return w.carry(false)
	case 11:
		return w.answer(r)
	case 12:
		return w.agree(r)
	case 13: // time goes by, and at times a snapshot is due
		r.now = r.now.Add([]time.Duration{time.Hour, 25 * time.Hour, keepChanges + time.Hour}[w.d.below(3)])
		if w.d.below(2) == 0 {
			return w.due(r)
		}
		return nil
	default:
		return w.sync(r)
	}
}

// sync is one turn, at times with a crash or an edit between two steps.
func (w *world) sync(r *computer) error {
	e, err := newEngine(ctx, r.cb, Options{})
	if err != nil {
		return err
	}
	e.mutant = w.mutant
	crash := errors.New("crash")
	steps := []string{"numbered", "written", "snapshot", "replaced", "joined"}
	switch at := w.d.below(15); {
	case at < 5:
		e.step = func(s string) error {
			if s == steps[at] {
				return crash
			}
			return nil
		}
	case at < 10:
		done := false
		e.step = func(s string) error {
			if done || s != steps[at-5] {
				return nil
			}
			done = true
			return w.editPerson(r)
		}
	}
	seen, err := w.watchEpochs(r)
	if err != nil {
		return err
	}
	if _, err := e.sync(ctx); err != nil && !errors.Is(err, crash) {
		return brokenf("a turn failed: %v", err)
	}
	return seen()
}

// carry brings a file from one folder to another, at times torn.
func (w *world) carry(torn bool) error {
	from, to := w.r[w.d.below(len(w.r))], w.r[w.d.below(len(w.r))]
	files, err := list(from.folder)
	if err != nil || len(files) == 0 || from == to {
		return err
	}
	f := files[w.d.below(len(files))]
	cut := -1
	if torn {
		cut = w.d.below(int(f.size))
	}
	return w.bring(from, to, f.path, cut)
}

func (w *world) bring(from, to *computer, path string, cut int) error {
	raw, err := os.ReadFile(filepath.Join(from.folder, path))
	if err != nil {
		return err
	}
	if cut >= 0 {
		raw = raw[:min(cut, len(raw))]
	}
	target := filepath.Join(to.folder, path)
	if strings.HasSuffix(path, snapshotSuffix) { // two computers wrote it: a client makes a copy
		if there, err := os.ReadFile(target); err == nil && !bytes.Equal(there, raw) {
			w.n++
			target = strings.TrimSuffix(target, snapshotSuffix) + fmt.Sprintf(".sync-conflict-%d%s", w.n, snapshotSuffix)
		}
	}
	return errors.Join(os.MkdirAll(filepath.Dir(target), 0o700), os.WriteFile(target, raw, 0o600))
}

func (w *world) write(r *computer, key, value, query string, args ...any) error {
	saw, _, err := known(ctx, r.cb.Whole())
	if err != nil {
		return err
	}
	if w.mutant == wallClock {
		r.forget()
	}
	err = r.cb.Write(ctx, "edit", func(tx *casebook.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		return err
	}
	var hlc int64
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT max(hlc) FROM action WHERE dev = ?`, r.cb.DeviceNumber()).Scan(&hlc); err != nil {
		return err
	}
	if key != "" {
		w.edits = append(w.edits, edit{key: key, value: value, at: stamp{hlc, r.cb.Device()}, saw: saw})
	}
	return nil
}

func (w *world) has(r *computer, tbl string, id ids.ID) bool {
	var n int
	return r.cb.Whole().QueryRowContext(ctx, `SELECT count(*) FROM `+tbl+` t WHERE t.id = ? AND NOT EXISTS (SELECT 1 FROM share_stub s WHERE s.id = t.id)`, id).Scan(&n) == nil && n == 1
}

func (w *world) editPerson(r *computer) error {
	id := w.people[w.d.below(len(w.people))]
	if !w.has(r, "person", id) {
		return nil
	}
	col := []string{"phone", "email"}[w.d.below(2)]
	w.n++
	value := fmt.Sprintf("value-%d.", w.n)
	return w.write(r, id.String()+col, value, `UPDATE person SET `+col+` = ? WHERE id = ?`, value, id)
}

func (w *world) addPerson(r *computer) error {
	w.n++
	id := ids.ID{0: 2, 14: byte(w.n >> 8), 15: byte(w.n)}
	w.people = append(w.people, id)
	if err := w.write(r, "", "", `INSERT INTO person (id, given_name) VALUES (?, 'Somebody')`, id); err != nil {
		return err
	}
	couple := ids.ID{0: 3, 14: byte(w.n >> 8), 15: byte(w.n)}
	return w.write(r, "", "", `INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, couple, id, thePerson)
}

func (w *world) addTag(r *computer) error {
	w.n++
	var couple ids.ID
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT id FROM couple ORDER BY id DESC LIMIT 1`).Scan(&couple); err != nil {
		return err
	}
	return w.write(r, "", "", `INSERT INTO couple_tag (id, couple_id, tag) VALUES (?, ?, 'tag')`, ids.ID{0: 4, 14: byte(w.n >> 8), 15: byte(w.n)}, couple)
}

func (w *world) bin(r *computer) error {
	id := w.people[w.d.below(len(w.people))]
	if !w.has(r, "person", id) {
		return nil
	}
	return w.write(r, "", "", `UPDATE person SET deleted = 1 - deleted WHERE id = ?`, id)
}

func (w *world) revise(r *computer) error {
	var head ids.ID
	var locked bool
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT head, EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?) FROM note_field WHERE id = ?`, theNote, theField).Scan(&head, &locked); err != nil || locked {
		return err
	}
	w.n++
	id := ids.ID{0: 5, 14: byte(w.n >> 8), 15: byte(w.n)}
	w.revs = append(w.revs, id)
	return r.cb.Write(ctx, "note.save", func(tx *casebook.Tx) error {
		if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body) VALUES (?, ?, ?, ?, ?)`, id, theNote, theField, head.String(), fmt.Sprintf("text-%d.", w.n)); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, id, theField)
		return err
	})
}

func (w *world) lock(r *computer) error {
	w.n++
	return r.cb.Write(ctx, "note.lock", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO note_lock (id, note_id, device, seq, commitment, chain, covers) SELECT ?, f.note_id, ?, 1, x'00', x'00', hex(f.head) FROM note_field f
			WHERE f.id = ? AND f.head IS NOT NULL AND NOT EXISTS (SELECT 1 FROM note_lock WHERE note_id = f.note_id)`, ids.ID{0: 6, 14: byte(w.n >> 8), 15: byte(w.n)}, tx.Device, theField)
		return err
	})
}

// answer changes the answers of the quiz, or locks them as they stand or with others.
func (w *world) answer(r *computer) error {
	var now string
	var locked bool
	if err := r.cb.Whole().QueryRowContext(ctx, `SELECT answers, locked_at <> 0 FROM administration WHERE id = ?`, theQuiz).Scan(&now, &locked); err != nil || locked {
		return err
	}
	w.n++
	a := answers{value: now, locked: w.d.below(5) == 0}
	if !a.locked || w.d.below(2) == 0 {
		a.value = fmt.Sprintf("answers-%d.", w.n)
	}
	if err := w.write(r, "", "", `UPDATE administration SET answers = ?, locked_at = ? WHERE id = ?`, a.value, map[bool]int{true: w.n}[a.locked], theQuiz); err != nil {
		return err
	}
	a.at.dev = r.cb.Device()
	err := r.cb.Whole().QueryRowContext(ctx, `SELECT max(hlc) FROM action WHERE dev = ?`, r.cb.DeviceNumber()).Scan(&a.at.hlc)
	w.answers = append(w.answers, a)
	return err
}

// agreements are other decisions that are only ever added.
var agreements = []struct {
	tbl, insert string
	about       any
}{
	{"release", "partner, item_id", theField}, {"signature", "way, person_id", thePerson}, {"safety_screen", "body, person_id", thePerson},
}

// agree adds a release, a signature or a screen in the place of all those in force.
func (w *world) agree(r *computer) error {
	of := agreements[w.d.below(len(agreements))]
	return r.cb.Write(ctx, "agree", func(tx *casebook.Tx) error {
		before, err := inForce(tx, of.tbl)
		if err != nil {
			return err
		}
		for _, b := range before {
			w.n++
			d := agreed{of.tbl, ids.ID{0: 8, 14: byte(w.n >> 8), 15: byte(w.n)}, b}
			if _, err := tx.Exec(`INSERT INTO `+of.tbl+` (id, couple_id, replaces, `+of.insert+`) VALUES (?, ?, ?, ?, ?)`, d.id, theCouple, b, fmt.Sprint(w.n), of.about); err != nil {
				return err
			}
			w.agreed = append(w.agreed, d)
		}
		return nil
	})
}

// due lets the next turn write a snapshot.
func (w *world) due(r *computer) error {
	return r.cb.Locally(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE share_local SET heal = 1`)
		return err
	})
}

// decide says who may see the text, in place of every decision in force.
func (w *world) decide(r *computer) error {
	to := []string{"coach_only", "partner_A", "partner_B", "joint"}[w.d.below(4)]
	return r.cb.Write(ctx, "note.visibility", func(tx *casebook.Tx) error {
		before, err := inForce(tx, "visibility_change")
		if err != nil {
			return err
		}
		for _, b := range before {
			w.n++
			d := decision{id: ids.ID{0: 7, 14: byte(w.n >> 8), 15: byte(w.n)}, replaces: b, visibility: to}
			if _, err := tx.Exec(`INSERT INTO visibility_change (id, couple_id, tbl, item_id, visibility, replaces) VALUES (?, ?, 'note_field', ?, ?, ?)`, d.id, theCouple, theField, to, b); err != nil {
				return err
			}
			w.decisions = append(w.decisions, d)
		}
		_, err = tx.Exec(`UPDATE note_field SET visibility = ? WHERE id = ?`, to, theField)
		return err
	})
}

// inForce are the decisions of a table that none replaces, in any order but always the same.
func inForce(q casebook.Querier, tbl string) ([]ids.ID, error) {
	out, err := casebook.Collect(ctx, q, casebook.Value[ids.ID], `SELECT id FROM `+tbl+` v WHERE NOT EXISTS (SELECT 1 FROM `+tbl+` x WHERE x.replaces = v.id) ORDER BY id`)
	if len(out) == 0 {
		out = []ids.ID{ids.Nil}
	}
	return out, err
}
