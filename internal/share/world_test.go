package share

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// The rows that every history begins with.
var (
	theCouple = ids.ID{0: 1, 15: 1}
	theNote   = ids.ID{0: 1, 15: 2}
	theField  = ids.ID{0: 1, 15: 3}
	thePerson = ids.ID{0: 1, 15: 4}
)

// template is a casebook that histories copy, so that none pays for a passphrase.
var template = sync.OnceValues(func() (path string, key *vault.Key) {
	dir, err := os.MkdirTemp(fastDir(), "share-test-")
	if err != nil {
		panic(err)
	}
	path = filepath.Join(dir, "template.couplet")
	cb, _, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF, Workspace: "Test"}, casebook.Options{Now: func() time.Time { return casebooktest.Start.AddDate(-20, 0, 0) }})
	if err != nil {
		panic(err)
	}
	if key, err = cb.Key().Again(); err != nil {
		panic(err)
	}
	err = cb.Write(ctx, "begin", func(tx *casebook.Tx) error {
		for _, s := range []struct {
			q    string
			args []any
		}{
			{`INSERT INTO person (id, given_name) VALUES (?, 'Ada')`, []any{thePerson}},
			{`INSERT INTO couple (id, a_id) VALUES (?, ?)`, []any{theCouple, thePerson}},
			{`INSERT INTO note (id, couple_id) VALUES (?, ?)`, []any{theNote, theCouple}},
			{`INSERT INTO note_field (id, note_id, key, visibility) VALUES (?, ?, 'text', 'joint')`, []any{theField, theNote}},
		} {
			if _, err := tx.Exec(s.q, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, cb.Close()); err != nil {
		panic(err)
	}
	return path, key
})

// fastDir is a folder in memory where there is one.
func fastDir() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue && !long() {
		f.Value.Set("20")
		flag.Set("rapid.seed", "1") // the long run looks for new histories
	}
	code := m.Run()
	path, key := template()
	key.Wipe()
	os.RemoveAll(filepath.Dir(path))
	os.Exit(code)
}

// drawer decides what happens next; a history is what it decides.
type drawer interface{ below(n int) int }

// computer is one computer with its own folder, which files reach by the courier only.
type computer struct {
	cb     *casebook.Casebook
	folder string
	now    time.Time
}

// forget plants the bug that stamps are the time of day and nothing else.
func (r *computer) forget() {
	r.now = r.now.Add(time.Millisecond) // two stamps of a device are never the same
	hlc := reflect.ValueOf(r.cb).Elem().FieldByName("hlc")
	*(*int64)(hlc.Addr().UnsafePointer()) = 0
}

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

// world is a practice whose computers see each other's files in any order.
type world struct {
	d         drawer
	dir       string
	mutant    mutant
	r         []*computer
	edits     []edit
	revs      []ids.ID
	people    []ids.ID
	decisions []decision
	n         int
}

// broken is what an oracle found.
type broken struct{ what string }

func (b broken) Error() string { return b.what }

func brokenf(format string, args ...any) error { return broken{fmt.Sprintf(format, args...)} }

func newWorld(d drawer, dir string, m mutant) (*world, error) {
	w := &world{d: d, dir: dir, mutant: m, people: []ids.ID{thePerson}}
	path, key := template()
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for i := range 2 + d.below(3) {
		r := &computer{folder: filepath.Join(dir, fmt.Sprintf("folder%d", i)), now: casebooktest.Start}
		switch d.below(6) {
		case 0:
			r.now = r.now.AddDate(-11, 0, 0)
		case 1:
			r.now = r.now.AddDate(0, 0, 400)
		case 2:
			r.now = r.now.Add(-time.Second)
		}
		to := filepath.Join(dir, fmt.Sprintf("r%d.couplet", i))
		if err := errors.Join(os.MkdirAll(r.folder, 0o700), os.WriteFile(to, raw, 0o600)); err != nil {
			return w, err
		}
		again, err := key.Again()
		if err != nil {
			return w, err
		}
		if r.cb, err = casebook.OpenKey(ctx, to, again, casebook.Options{Now: func() time.Time { return r.now }}); err != nil {
			return w, err
		}
		w.r = append(w.r, r)
		if err := errors.Join(r.cb.NewDevice(ctx), begin(ctx, r.cb, r.folder, "Test", fmt.Sprintf("computer %d", i), i == 0)); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (w *world) close() {
	for _, r := range w.r {
		r.cb.Close()
	}
}

// happen lets one thing happen to one computer.
func (w *world) happen() error {
	r := w.r[w.d.below(len(w.r))]
	switch n := w.d.below(4); {
	case w.mutant == wallClock && n == 3: // a stamp twice is another bug
	case n == 0: // the clock stands still
	case n == 1:
		r.now = r.now.Add(time.Millisecond)
	case n == 2:
		r.now = r.now.Add(time.Second)
	default:
		r.now = r.now.Add(-time.Minute)
	}
	switch w.d.below(14) {
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
	switch at := w.d.below(12); {
	case at < 4:
		e.step = func(s string) error {
			if s == []string{"numbered", "written", "snapshot", "replaced"}[at] {
				return crash
			}
			return nil
		}
	case at < 8:
		done := false
		e.step = func(s string) error {
			if done || s != []string{"numbered", "written", "snapshot", "replaced"}[at-4] {
				return nil
			}
			done = true
			return w.editPerson(r)
		}
	}
	if _, err := e.sync(ctx); err != nil && !errors.Is(err, crash) {
		return brokenf("a turn failed: %v", err)
	}
	return nil
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
	saw, _, err := known(ctx, r.cb.Reader())
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
	if err := r.cb.Reader().QueryRowContext(ctx, `SELECT max(hlc) FROM action WHERE dev = ?`, r.cb.DeviceNumber()).Scan(&hlc); err != nil {
		return err
	}
	if key != "" {
		w.edits = append(w.edits, edit{key: key, value: value, at: stamp{hlc, r.cb.Device()}, saw: saw})
	}
	return nil
}

func (w *world) has(r *computer, tbl string, id ids.ID) bool {
	var n int
	return r.cb.Reader().QueryRowContext(ctx, `SELECT count(*) FROM `+tbl+` t WHERE t.id = ? AND NOT EXISTS (SELECT 1 FROM share_stub s WHERE s.id = t.id)`, id).Scan(&n) == nil && n == 1
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
	if err := r.cb.Reader().QueryRowContext(ctx, `SELECT id FROM couple ORDER BY id DESC LIMIT 1`).Scan(&couple); err != nil {
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
	if err := r.cb.Reader().QueryRowContext(ctx, `SELECT head, EXISTS (SELECT 1 FROM note_lock WHERE note_id = ?) FROM note_field WHERE id = ?`, theNote, theField).Scan(&head, &locked); err != nil || locked {
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

// decide says who may see the text, in place of every decision in force.
func (w *world) decide(r *computer) error {
	to := []string{"coach_only", "partner_A", "partner_B", "joint"}[w.d.below(4)]
	return r.cb.Write(ctx, "note.visibility", func(tx *casebook.Tx) error {
		before, err := headsInForce(ctx, tx)
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

func headsInForce(ctx context.Context, q casebook.Querier) ([]ids.ID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM visibility_change v WHERE NOT EXISTS (SELECT 1 FROM visibility_change x WHERE x.replaces = v.id)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ids.ID
	for rows.Next() {
		var id ids.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	if len(out) == 0 {
		out = []ids.ID{ids.Nil}
	}
	return out, rows.Err()
}

// end brings every file everywhere and lets everybody sync.
func (w *world) end() error {
	for range 3 {
		for _, from := range w.r {
			files, err := list(from.folder)
			if err != nil {
				return err
			}
			for _, to := range w.r {
				for _, f := range files {
					if from == to {
						continue
					}
					if err := w.bring(from, to, f.path, -1); err != nil {
						return err
					}
				}
			}
		}
		for _, r := range w.r {
			e, err := newEngine(ctx, r.cb, Options{})
			if err != nil {
				return err
			}
			e.mutant = w.mutant
			if _, err := e.sync(ctx); err != nil {
				return brokenf("a turn failed: %v", err)
			}
		}
	}
	return nil
}

// judge asks the oracles.
func (w *world) judge() error {
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
		var lost int
		if err := r.cb.Reader().QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil || lost > 0 {
			return brokenf("%d rows point nowhere (%v)", lost, err)
		}
		for _, id := range append(slices.Clone(w.revs), w.people...) {
			if !w.has(r, "note_rev", id) && !w.has(r, "person", id) {
				return brokenf("row %s is not on computer %d", id, i)
			}
		}
	}
	for _, check := range []func(*computer) error{w.causes, w.kept, w.narrow, w.locked} {
		if err := check(w.r[0]); err != nil {
			return err
		}
	}
	return nil
}

// causes: no edit lost to one that its author had seen.
func (w *world) causes(r *computer) error {
	for _, e := range w.edits {
		var now string
		id, col, _ := strings.Cut(e.key[:36]+" "+e.key[36:], " ")
		person, err := ids.Parse(id)
		if err != nil {
			return err
		}
		if err := r.cb.Reader().QueryRowContext(ctx, `SELECT `+col+` FROM person WHERE id = ?`, person).Scan(&now); err != nil {
			return err
		}
		if now != e.value {
			continue
		}
		for _, later := range w.edits {
			if later.key == e.key && later.saw.covers(vector{e.at.dev: {{e.at.hlc - 1, e.at.hlc}}}) {
				return brokenf("%s = %s stands, though %s was written by somebody who saw it", e.key, e.value, later.value)
			}
		}
	}
	return nil
}

// kept: every value that was ever written can still be found.
func (w *world) kept(r *computer) error {
	for _, e := range w.edits {
		var n int
		if err := r.cb.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM person WHERE phone = ?1 OR email = ?1) + (SELECT count(*) FROM history WHERE old = ?1) + (SELECT count(*) FROM lost WHERE value = ?1)`, e.value).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return brokenf("%s = %s is nowhere", e.key, e.value)
		}
	}
	return nil
}

// narrow: who may see the text is what all decisions allow that nothing replaces.
func (w *world) narrow(r *computer) error {
	want := ""
	for _, d := range w.decisions {
		if slices.ContainsFunc(w.decisions, func(x decision) bool { return x.replaces == d.id }) {
			continue
		}
		switch {
		case want == "", want == "joint":
			want = d.visibility
		case d.visibility != "joint" && d.visibility != want:
			want = "coach_only"
		}
	}
	if want == "" {
		want = "joint"
	}
	var now string
	if err := r.cb.Reader().QueryRowContext(ctx, `SELECT visibility FROM note_field WHERE id = ?`, theField).Scan(&now); err != nil {
		return err
	}
	if now != want {
		return brokenf("the text is shown to %s, the decisions say %s", now, want)
	}
	return nil
}

// locked: a locked text is what a lock closed, and what was written meanwhile is beside it.
func (w *world) locked(r *computer) error {
	var locks, unseen int
	if err := r.cb.Reader().QueryRowContext(ctx, `SELECT count(*) FROM note_lock`).Scan(&locks); err != nil || locks == 0 {
		return err
	}
	err := r.cb.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM note_field f WHERE f.id = ?1 AND NOT EXISTS (SELECT 1 FROM note_lock l WHERE instr(l.covers, hex(f.head)))) +
		(SELECT count(*) FROM note_rev r WHERE r.id <> (SELECT head FROM note_field WHERE id = ?1)
			AND NOT EXISTS (SELECT 1 FROM note_rev c WHERE c.field_id = r.field_id AND replace(c.parents, '-', '') = lower(hex(r.id)))
			AND NOT EXISTS (SELECT 1 FROM addendum a WHERE a.body = r.body))`, theField).Scan(&unseen)
	if err != nil {
		return err
	}
	if unseen > 0 {
		return brokenf("%d texts of a locked note are shown nowhere", unseen)
	}
	return nil
}

// history plays one and judges it.
func history(d drawer, m mutant) error {
	dir, err := os.MkdirTemp(fastDir(), "share-world-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, err := newWorld(d, dir, m)
	defer w.close()
	if err != nil {
		return err
	}
	for range 10 + d.below(40) {
		if err := w.happen(); err != nil {
			return err
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	return w.judge()
}

// straight decides that nothing special happens.
type straight struct{}

func (straight) below(n int) int { return n - 1 }

// outOfOrder lets a row arrive in a later file before the row that it points to.
func outOfOrder(m mutant) error {
	dir, err := os.MkdirTemp(fastDir(), "share-world-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, err := newWorld(straight{}, dir, m)
	defer w.close()
	if err != nil {
		return err
	}
	from, to := w.r[0], w.r[1]
	id, couple := ids.ID{0: 2, 15: 1}, ids.ID{0: 3, 15: 1}
	for i, write := range []func() error{
		func() error { return nil },
		func() error {
			return w.write(from, "", "", `INSERT INTO person (id, given_name) VALUES (?, 'Late')`, id)
		},
		func() error { return w.write(from, "", "", `INSERT INTO couple (id, a_id) VALUES (?, ?)`, couple, id) },
	} {
		if err := errors.Join(write(), w.sync(from)); err != nil {
			return err
		}
		files, err := list(from.folder)
		if err != nil {
			return err
		}
		if i == 1 {
			continue // this one is on its way
		}
		newest := files[max(0, len(files)-2)] // the snapshot stands last
		if err := errors.Join(w.bring(from, to, newest.path, -1), w.sync(to)); err != nil {
			return err
		}
	}
	if !w.has(to, "couple", couple) || w.has(to, "person", id) {
		return brokenf("the later file was not taken in by itself")
	}
	w.people = append(w.people, id)
	return errors.Join(w.end(), w.judge())
}
