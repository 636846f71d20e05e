package share

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

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
	theQuiz   = ids.ID{0: 1, 15: 5}
	theCoach  = ids.ID{0: 1, 15: 6}
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
			{`INSERT INTO coach (id, name) VALUES (?, 'Ben')`, []any{theCoach}},
			{`INSERT INTO person (id, given_name) VALUES (?, 'Ada')`, []any{thePerson}},
			{`INSERT INTO couple (id, a_id) VALUES (?, ?)`, []any{theCouple, thePerson}},
			{`INSERT INTO note (id, couple_id) VALUES (?, ?)`, []any{theNote, theCouple}},
			{`INSERT INTO note_field (id, note_id, key, visibility) VALUES (?, ?, 'text', 'joint')`, []any{theField, theNote}},
			{`INSERT INTO administration (id, couple_id, person_id) VALUES (?, ?, ?)`, []any{theQuiz, theCouple, thePerson}},
		} {
			if _, err := tx.Exec(s.q, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = cb.GivePassphrase(ctx, theCoach, vault.FloorKDF, casebooktest.AnotherPassphrase)
	}
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

// world is a practice whose computers see each other's files in any order.
type world struct {
	d         drawer
	dir       string
	mutant    mutant
	still     bool // the clocks stand still
	rotates   bool // a coach is shut out and let in again now and then
	events    int
	r         []*computer
	edits     []edit
	revs      []ids.ID
	people    []ids.ID
	decisions []decision
	answers   []answers
	agreed    []agreed
	n         int
}

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
			done, err := w.watchEpochs(r)
			if err != nil {
				return err
			}
			if _, err := e.sync(ctx); err != nil {
				return brokenf("a turn failed: %v", err)
			}
			if err := done(); err != nil {
				return err
			}
		}
	}
	return nil
}

// history plays one and judges it.
func history(d drawer, m mutant, still bool) error { return play(d, m, still, false) }

func play(d drawer, m mutant, still, rotates bool) error {
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
	w.still, w.rotates = still, rotates
	for range 10 + d.below(40) {
		if err := w.happen(); err != nil {
			return err
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := w.judge(); err != nil || !rotates {
		return err
	}
	return w.agreeOnKeys()
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
