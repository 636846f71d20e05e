package share

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample/large"
)

// TestAYearOfAPractice lets many computers work for a year, each offline on days of its
// own and at times for weeks. At the end all are equal, and at no time was the folder
// larger than it may be beside one fresh snapshot.
func TestAYearOfAPractice(t *testing.T) {
	computers, days := 4, 45
	if long() {
		computers, days = 50, 365
	}
	if s := os.Getenv("COUPLET_YEAR"); s != "" { // computers x days
		if _, err := fmt.Sscanf(s, "%dx%d", &computers, &days); err != nil {
			t.Fatal(err)
		}
	}
	y := newYear(t, computers)
	worst, on := 0.0, 0
	for day := range days {
		y.day(day)
		if day%7 != 6 && day != days-1 {
			continue
		}
		folder, fresh := y.sizes()
		if r := float64(folder) / float64(fresh); r > worst {
			worst, on = r, day
		}
		if day%28 == 27 || day == days-1 {
			t.Logf("day %d: %d files, folder %d KB, a fresh snapshot %d KB, ratio %.3f, snapshots written %d", day+1, y.files, folder>>10, fresh>>10, float64(folder)/float64(fresh), y.snapshots)
		}
		if float64(folder) > 1.3*float64(fresh)+smallFiles+keepSize {
			t.Errorf("day %d: the folder holds %d bytes, a fresh snapshot %d", day+1, folder, fresh)
		}
	}
	t.Logf("%d computers, %d days, %d edits: at most %.3f of a fresh snapshot (day %d)", computers, days, y.edits, worst, on+1)
	y.end()
}

// year is a practice with one folder.
type year struct {
	t                       *testing.T
	folder                  string
	now                     time.Time
	r                       *rand.Rand
	prose                   func(int) string
	all                     []*worker
	edits, snapshots, files int
}

// worker is a computer and the coach at it.
type worker struct {
	cb     *casebook.Casebook
	couple ids.ID
	away   int // days without the network that are still to come
}

func newYear(t *testing.T, n int) *year {
	dir, err := os.MkdirTemp(fastDir(), "share-year-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	y := &year{t: t, folder: filepath.Join(dir, "folder"), now: casebooktest.Start, r: rand.New(rand.NewPCG(20, 26)), prose: large.Prose(1)}
	path, key := template()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		to := filepath.Join(dir, fmt.Sprintf("r%d.couplet", i))
		again, err := key.Again()
		if err := errors.Join(err, os.MkdirAll(y.folder, 0o700), os.WriteFile(to, raw, 0o600)); err != nil {
			t.Fatal(err)
		}
		cb, err := casebook.OpenKey(ctx, to, again, casebook.Options{Now: func() time.Time { return y.now }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cb.Close() })
		if err := errors.Join(cb.NewDevice(ctx), begin(ctx, cb, y.folder, "Test", fmt.Sprintf("computer %d", i), i == 0)); err != nil {
			t.Fatal(err)
		}
		w := &worker{cb: cb, couple: ids.New()}
		y.write(w, "couple.create", func(tx *casebook.Tx) error {
			a, b := ids.New(), ids.New()
			return execAll(tx, []any{`INSERT INTO person (id, given_name) VALUES (?, 'Alma'), (?, 'Bela')`, a, b}, []any{`INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, w.couple, a, b})
		})
		y.all = append(y.all, w)
		y.sync(w)
	}
	return y
}

func execAll(tx *casebook.Tx, statements ...[]any) error {
	for _, s := range statements {
		if _, err := tx.Exec(s[0].(string), s[1:]...); err != nil {
			return err
		}
	}
	return nil
}

func (y *year) write(w *worker, action string, f func(*casebook.Tx) error) {
	y.t.Helper()
	y.now = y.now.Add(time.Second)
	if err := w.cb.Write(ctx, action, f); err != nil {
		y.t.Fatal(err)
	}
	y.edits++
}

func (y *year) sync(w *worker) {
	y.t.Helper()
	e, err := newEngine(ctx, w.cb, Options{})
	if err != nil {
		y.t.Fatal(err)
	}
	e.step = func(at string) error {
		if at == "replaced" {
			y.snapshots++
		}
		return nil
	}
	r, err := e.sync(ctx)
	if err != nil || len(r.Waiting) > 0 {
		y.t.Fatalf("%+v (%v)", r.Waiting, err)
	}
}

// day is what each does in the order in which they come, telling the folder as they go
// unless they are away.
func (y *year) day(n int) {
	for _, i := range y.r.Perm(len(y.all)) {
		w := y.all[i]
		if w.away == 0 {
			switch y.r.IntN(60) {
			case 0:
				w.away = 14 // a journey, or a computer that nobody turned on
			case 1, 2, 3, 4, 5, 6:
				w.away = 1 + y.r.IntN(3)
			}
		}
		if n%7 < 5 && y.r.IntN(5) > 0 {
			y.work(w)
		}
		if w.away > 0 {
			w.away--
			continue
		}
		y.sync(w)
	}
	y.now = y.now.Truncate(24 * time.Hour).Add(33 * time.Hour)
}

// work is a session with its note, a measure, what was done at home and a detail changed.
func (y *year) work(w *worker) {
	at := y.now.UnixMilli()
	session, note, field, first := ids.New(), ids.New(), ids.New(), ids.New()
	text := y.prose(600 + y.r.IntN(2400))
	save := func(rev ids.ID, parents, body string) func(*casebook.Tx) error {
		return func(tx *casebook.Tx) error {
			return execAll(tx, []any{`INSERT INTO note_rev (id, note_id, field_id, parents, body, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, rev, note, field, parents, body, at, at}, []any{`UPDATE note_field SET head = ? WHERE id = ?`, rev, field})
		}
	}
	y.write(w, "session.plan", func(tx *casebook.Tx) error {
		return execAll(tx, []any{`INSERT INTO session (id, couple_id, starts_at, zone, created_at) VALUES (?, ?, ?, 'Europe/Berlin', ?)`, session, w.couple, at, at},
			[]any{`INSERT INTO note (id, couple_id, session_id, template, written_at, zone, created_at) VALUES (?, ?, ?, 'session', ?, 'Europe/Berlin', ?)`, note, w.couple, session, at, at},
			[]any{`INSERT INTO note_field (id, note_id, key, created_at) VALUES (?, ?, 'content', ?)`, field, note, at})
	})
	y.write(w, "note.save", save(first, "", text))
	if y.r.IntN(3) == 0 {
		y.write(w, "note.save", save(ids.New(), first.String(), text+" "+y.prose(300)))
	}
	y.write(w, "practice.log", func(tx *casebook.Tx) error {
		assignment := ids.New()
		if err := execAll(tx, []any{`INSERT INTO assignment (id, couple_id, practice, cue, created_at) VALUES (?, ?, 'kind_word', 'after dinner', ?)`, assignment, w.couple, at}); err != nil {
			return err
		}
		for range 5 {
			if err := execAll(tx, []any{`INSERT INTO practice_log (id, assignment_id, couple_id, used_at, zone, helpfulness, created_at) VALUES (?, ?, ?, ?, 'Europe/Berlin', ?, ?)`, ids.New(), assignment, w.couple, at, 1 + y.r.IntN(5), at}); err != nil {
				return err
			}
		}
		return nil
	})
	other := y.all[y.r.IntN(len(y.all))] // everybody keeps everybody's details
	y.write(w, "person.save", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE person SET phone = ? WHERE id = (SELECT a_id FROM couple WHERE id = ?)`, fmt.Sprintf("+49 30 %07d", y.edits), other.couple)
		return err
	})
}

// sizes are the folder and a fresh snapshot of all that is in it.
func (y *year) sizes() (folder, fresh int64) {
	y.t.Helper()
	files, err := list(y.folder)
	if err != nil {
		y.t.Fatal(err)
	}
	y.files = len(files)
	for _, f := range files {
		folder += f.size
	}
	w := y.all[0]
	w.away = 0
	y.sync(w)
	var n counter
	if _, err := writeSnapshot(ctx, w.cb, &n); err != nil {
		y.t.Fatal(err)
	}
	return folder, int64(n)
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// end lets everybody meet and compares what they have.
func (y *year) end() {
	for range 2 {
		for _, w := range y.all {
			y.sync(w)
		}
	}
	var first []byte
	for i, w := range y.all {
		h := sha256.New()
		if err := Dump(ctx, w.cb, h); err != nil {
			y.t.Fatal(err)
		}
		if sum := h.Sum(nil); i == 0 {
			first = sum
		} else if !bytes.Equal(sum, first) {
			y.t.Errorf("computer %d differs", i)
		}
	}
	if folder, fresh := y.sizes(); float64(folder) > 1.3*float64(fresh) {
		y.t.Errorf("in the end the folder holds %d bytes, a fresh snapshot %d", folder, fresh)
	}
}
