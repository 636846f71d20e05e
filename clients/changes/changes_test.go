package changes_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

var (
	ctx   = context.Background()
	coach = clients.For(clients.CoachView, "2026-11-22")
)

// desk is a casebook with one couple, on a clock that moves a minute with every look.
type desk struct {
	t                        *testing.T
	cb                       *casebook.Casebook
	now                      time.Time
	step                     time.Duration // between two looks at the clock
	changes                  *changes.Store
	clients                  *clients.Store
	ada, ben, couple         ids.ID
	session, note, field, rv ids.ID
	meet                     error
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, now: casebooktest.Start, step: time.Minute}
	cb, _, err := casebook.Create(ctx, filepath.Join(t.TempDir(), "c.couplet"), casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF, Coach: "Coach"}, casebook.Options{Now: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	d.open(cb)
	t.Cleanup(func() { d.cb.Close() })
	d.ada, d.ben, d.couple, d.session, d.note, d.field = ids.New(), ids.New(), ids.New(), ids.New(), ids.New(), ids.New()
	d.write("couple.create", `INSERT INTO person (id, given_name) VALUES (?, 'Ada')`, d.ada)
	d.write("person.create", `INSERT INTO person (id, given_name) VALUES (?, 'Ben')`, d.ben)
	d.write("couple.create", `INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, d.couple, d.ada, d.ben)
	return d
}

func (d *desk) clock() time.Time { d.now = d.now.Add(d.step); return d.now }

func (d *desk) open(cb *casebook.Casebook) {
	d.cb, d.clients = cb, clients.New(cb)
	d.changes = changes.New(cb, func(context.Context, ids.ID) error { return d.meet })
}

func (d *desk) write(action, query string, args ...any) {
	d.t.Helper()
	d.writes(action, func(tx *casebook.Tx) error { _, err := tx.Exec(query, args...); return err })
}

func (d *desk) writes(action string, f func(*casebook.Tx) error) {
	d.t.Helper()
	if err := d.cb.Write(ctx, action, f); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) value(query string, args ...any) (v string) {
	d.t.Helper()
	if err := d.cb.Reader().QueryRowContext(ctx, query, args...).Scan(&v); err != nil {
		d.t.Fatal(query, err)
	}
	return v
}

func (d *desk) last() changes.Step {
	d.t.Helper()
	step, err := d.changes.Last(ctx, coach, changes.Step{})
	if err != nil {
		d.t.Fatal(err)
	}
	return step
}

// undo undoes the last step, which must be that action.
func (d *desk) undo(action string) changes.Undone {
	d.t.Helper()
	step := d.last()
	if step.Action != action {
		d.t.Fatalf("the last step is %q, not %q", step.Action, action)
	}
	u, err := d.changes.Undo(ctx, coach, step)
	if err != nil {
		d.t.Fatal(err)
	}
	return u
}

func (d *desk) save(body string) {
	d.t.Helper()
	d.writes("note.save", func(tx *casebook.Tx) error {
		rev := ids.New()
		parent := ""
		if !d.rv.IsZero() {
			parent = d.rv.String()
		} else if _, err := tx.Exec(`INSERT INTO note_field (id, note_id, key) VALUES (?, ?, 'content')`, d.field, d.note); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, at) VALUES (?, ?, ?, ?, ?, ?)`, rev, d.note, d.field, parent, body, tx.Now.UnixMilli()); err != nil {
			return err
		}
		d.rv = rev
		_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, d.field)
		return err
	})
}

const textSQL = `SELECT r.body FROM note_field f JOIN note_rev r ON r.id = f.head WHERE f.id = ?`

func TestHistoryTellsWhoWhenWhat(t *testing.T) {
	d := newDesk(t)
	d.write("note.begin", `INSERT INTO note (id, couple_id) VALUES (?, ?)`, d.note, d.couple)
	d.save("one")
	d.save("two")
	d.write("person.edit", `UPDATE person SET phone = '1' WHERE id = ?`, d.ada)
	d.write("person.edit", `UPDATE person SET phone = '2' WHERE id = ?`, d.ada)
	events, err := d.changes.History(ctx, coach, d.ada)
	if err != nil || len(events) != 3 {
		t.Fatalf("%+v (%v)", events, err)
	}
	first := events[0]
	if c := first.Changes[0]; first.Coach != "Coach" || first.Device != d.cb.Device() || c.Field != "phone" || c.Before != "1" || c.After != "2" || c.Made {
		t.Errorf("%+v", first)
	}
	if c := events[2].Changes[0]; !c.Made || c.Field != "given_name" || c.After != "Ada" {
		t.Errorf("%+v", events[2])
	}
	if !events[0].At.After(events[1].At) {
		t.Error("the newest does not stand first")
	}
	events, err = d.changes.History(ctx, coach, d.note)
	if err != nil || len(events) != 3 {
		t.Fatalf("%+v (%v)", events, err)
	}
	if c := events[0].Changes[0]; c.Field != "content" || c.Before != "one" || c.After != "two" {
		t.Errorf("%+v", events[0])
	}
	for _, r := range []clients.Reader{clients.Us, clients.A, clients.B, ""} {
		aud := clients.For(r, "2026-11-22")
		if events, err := d.changes.History(ctx, aud, d.note); err != nil || len(events) != 0 {
			t.Errorf("%q is told %d events (%v)", r, len(events), err)
		}
		if step, err := d.changes.Last(ctx, aud, changes.Step{}); err != nil || step.Action != "" {
			t.Errorf("%q may undo %s (%v)", r, step.Action, err)
		}
	}
	if _, err := d.changes.History(ctx, coach, ids.New()); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
}

// Every action that the program names has words of its own.
func TestEveryActionHasWords(t *testing.T) {
	other := changes.Words("no such action")
	for _, root := range []string{"..", "../../sessions", "../../cmd/couplet", "../../internal/backup"} {
		err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			raw, err := os.ReadFile(path)
			for _, part := range strings.Split(string(raw), `Write(ctx, "`)[1:] {
				action, _, _ := strings.Cut(part, `"`)
				if changes.Words(action) == other {
					t.Errorf("%s: %s has no words", path, action)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheBinListsWhatWasDeletedOnce(t *testing.T) {
	d := newDesk(t)
	d.write("session.create", `INSERT INTO session (id, couple_id, starts_at) VALUES (?, ?, 1764000000000)`, d.session, d.couple)
	d.write("note.begin", `INSERT INTO note (id, couple_id, session_id) VALUES (?, ?, ?)`, d.note, d.couple, d.session)
	letter := ids.New()
	d.write("letter.make", `INSERT INTO letter (id, couple_id) VALUES (?, ?)`, letter, d.couple)
	d.write("letter.delete", `UPDATE letter SET deleted = 1 WHERE id = ?`, letter)
	d.writes("session.delete", func(tx *casebook.Tx) error {
		if _, err := tx.Exec(`UPDATE note SET deleted = 1`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE session SET deleted = 1`)
		return err
	})
	if err := d.clients.DeleteCouple(ctx, d.couple); err != nil {
		t.Fatal(err)
	}
	bin := func() string {
		t.Helper()
		all, err := d.changes.Bin(ctx, coach, 10)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, b := range all {
			if b.Title != "Ada & Ben" || b.Coach != "Coach" || b.At.IsZero() {
				t.Errorf("%+v", b)
			}
			out = append(out, b.Table)
		}
		return strings.Join(out, " ")
	}
	if got := bin(); got != "couple session letter" {
		t.Errorf("the bin holds %s", got)
	}
	if err := d.changes.BringBack(ctx, "letter", letter); err != nil {
		t.Fatal(err)
	}
	if err := d.changes.BringBack(ctx, "letter", letter); !fault.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
	if got := bin(); got != "couple session" {
		t.Errorf("the bin holds %s", got)
	}
	if all, err := d.changes.Bin(ctx, clients.For(clients.A, "2026-11-22"), 10); err != nil || len(all) != 0 {
		t.Errorf("a client sees %d (%v)", len(all), err)
	}
}

func TestAnEarlierValueComesBack(t *testing.T) {
	d := newDesk(t)
	d.write("person.edit", `UPDATE person SET phone = '1' WHERE id = ?`, d.ada)
	d.write("person.edit", `UPDATE person SET phone = '2' WHERE id = ?`, d.ada)
	events, err := d.changes.History(ctx, coach, d.ada)
	if err != nil {
		t.Fatal(err)
	}
	c := events[0].Changes[0]
	for _, want := range []fault.Kind{-1, fault.Refused} {
		if err := d.changes.BringBackValue(ctx, coach, c); (want < 0) != (err == nil) || want > 0 && !fault.Is(err, want) {
			t.Errorf("got %v", err)
		}
		if got := d.value(`SELECT phone FROM person WHERE id = ?`, d.ada); got != "1" {
			t.Errorf("the phone is %s", got)
		}
	}
	if err := d.changes.BringBackValue(ctx, clients.For(clients.A, "2026-11-22"), c); err == nil {
		t.Error("a client brought something back")
	}
	d.undo("history.restore")
	if got := d.value(`SELECT phone FROM person WHERE id = ?`, d.ada); got != "2" {
		t.Errorf("the phone is %s", got)
	}
	for _, c := range []changes.Change{
		{Table: "letter", Field: "visibility", Before: "joint"},
		{Table: "person", Field: "phone", After: "1", Made: true},
		{Table: "person; DROP TABLE person", Field: "phone", Before: "1"},
	} {
		if changes.CanBringBack(c) {
			t.Errorf("%+v can be brought back", c)
		}
	}
}
