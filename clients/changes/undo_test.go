package changes_test

import (
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

func TestStepsAreUndoneOneByOneAndAfterARestart(t *testing.T) {
	d := newDesk(t)
	d.write("session.create", `INSERT INTO session (id, couple_id, place) VALUES (?, ?, 'here')`, d.session, d.couple)
	d.write("note.begin", `INSERT INTO note (id, couple_id, session_id) VALUES (?, ?, ?)`, d.note, d.couple, d.session)
	d.save("first")
	d.save("second")
	d.write("session.save", `UPDATE session SET place = 'there' WHERE id = ?`, d.session)
	d.writes("session.delete", func(tx *casebook.Tx) error {
		if _, err := tx.Exec(`UPDATE note SET deleted = 1 WHERE id = ?`, d.note); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE session SET deleted = 1 WHERE id = ?`, d.session)
		return err
	})
	path := d.cb.Path()
	if err := d.cb.Close(); err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Passphrase: casebooktest.Passphrase}, casebook.Options{Now: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	d.open(cb)
	d.undo("session.delete")
	if d.value(`SELECT (SELECT deleted FROM session) + (SELECT deleted FROM note)`) != "0" {
		t.Error("the session did not come back with its note")
	}
	d.undo("session.save")
	if got := d.value(`SELECT place FROM session`); got != "here" {
		t.Errorf("the place is %s", got)
	}
	d.undo("note.save")
	if got := d.value(textSQL, d.field); got != "first" {
		t.Errorf("the note says %q", got)
	}
	if n := d.value(`SELECT count(*) FROM note_rev`); n != "3" {
		t.Errorf("%s revisions: an undo is one more", n)
	}
	d.undo("note.save")
	if got := d.value(textSQL, d.field); got != "" {
		t.Errorf("the note says %q", got)
	}
	d.undo("note.begin")
	d.undo("session.create")
	if d.value(`SELECT (SELECT deleted FROM session) + (SELECT deleted FROM note)`) != "2" {
		t.Error("what was made is not in the bin")
	}
	d.write("person.edit", `UPDATE person SET phone = '1' WHERE id = ?`, d.ada) // a new step on top
	d.undo("person.edit")
	d.undo("couple.create")
}

func TestWhatTheBarTookBackIsNoStepAnyMore(t *testing.T) {
	d := newDesk(t)
	d.write("person.edit", `UPDATE person SET phone = '1' WHERE id = ?`, d.ada)
	d.step = time.Second
	if err := d.clients.DeleteCouple(ctx, d.couple); err != nil {
		t.Fatal(err)
	}
	if err := d.clients.RestoreCouple(ctx, d.couple); err != nil {
		t.Fatal(err)
	}
	if got := d.last().Action; got != "person.edit" {
		t.Errorf("the last step is %q", got)
	}
	d.write("session.create", `INSERT INTO session (id, couple_id) VALUES (?, ?)`, d.session, d.couple)
	d.write("session.delete", `UPDATE session SET deleted = 1 WHERE id = ?`, d.session)
	d.write("note.lock", `UPDATE person SET archived = archived WHERE id = ?`, d.ada) // the program's own
	d.step = time.Hour
	if err := d.clients.DeleteCouple(ctx, d.couple); err != nil {
		t.Fatal(err)
	}
	if err := d.clients.RestoreCouple(ctx, d.couple); err != nil { // from the bin, an hour later
		t.Fatal(err)
	}
	d.undo("couple.restore")
	d.undo("couple.delete")
	if got := d.last().Action; got != "person.edit" {
		t.Errorf("the last step is %q", got)
	}
}

func TestAnUndoWidensNothing(t *testing.T) {
	d := newDesk(t)
	d.write("note.begin", `INSERT INTO note (id, couple_id) VALUES (?, ?)`, d.note, d.couple)
	d.save("text")
	set := func(to clients.Visibility) {
		t.Helper()
		d.writes("note.visibility", func(tx *casebook.Tx) error { return clients.SetVisibility(tx, "note_field", d.field, to, "") })
	}
	d.write("test.joint", `UPDATE note_field SET visibility = 'joint' WHERE id = ?`, d.field)
	set(clients.PartnerA)
	step := d.last()
	if _, err := d.changes.Undo(ctx, coach, step); !fault.Is(err, fault.Refused) {
		t.Errorf("an undo that widens: %v", err)
	}
	if got := d.value(`SELECT visibility FROM note_field WHERE id = ?`, d.field); got != "partner_A" {
		t.Errorf("it is for %s", got)
	}
	before, err := d.changes.Last(ctx, coach, step) // past it
	if err != nil || before.Action != "test.joint" {
		t.Fatalf("%+v (%v)", before, err)
	}
	// A widening is undone, with a word on the reports made meanwhile.
	item := ids.New()
	d.write("letter.make", `INSERT INTO letter (id, couple_id) VALUES (?, ?)`, item, d.couple)
	d.write("release.give", `INSERT INTO release (id, couple_id, partner, item_id, scope, given_on) VALUES (?, ?, 'A', ?, 'whole', '2026-11-01'), (?, ?, 'B', ?, 'whole', '2026-11-01')`, ids.New(), d.couple, item, ids.New(), d.couple, item)
	d.writes("letter.visibility", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE letter SET visibility = 'joint' WHERE id = ?`, item)
		return err
	})
	d.write("report.made", `INSERT INTO report_made (id, couple_id, created_at) VALUES (?, ?, ?)`, ids.New(), d.couple, d.clock().UnixMilli())
	if u := d.undo("letter.visibility"); u.Reports != 1 {
		t.Errorf("%+v", u)
	}
	if got := d.value(`SELECT visibility FROM letter WHERE id = ?`, item); got != "coach_only" {
		t.Errorf("it is for %s", got)
	}
}

func TestWhatIsLockedDecidedOrSafeIsNotUndone(t *testing.T) {
	d := newDesk(t)
	d.write("note.begin", `INSERT INTO note (id, couple_id) VALUES (?, ?)`, d.note, d.couple)
	d.save("text")
	d.write("note.lock", `INSERT INTO note_lock (id, note_id, device, seq, commitment, chain) VALUES (?, ?, x'01', 1, x'01', x'01')`, ids.New(), d.note)
	refused := func(action string) {
		t.Helper()
		step := d.last()
		if step.Action != action {
			t.Fatalf("the last step is %q", step.Action)
		}
		n := d.value(`SELECT count(*) FROM action`)
		if _, err := d.changes.Undo(ctx, coach, step); !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", action, err)
		}
		if d.value(`SELECT count(*) FROM action`) != n {
			t.Errorf("%s: a refusal wrote something", action)
		}
	}
	refused("note.save")
	d.write("release.give", `INSERT INTO release (id, couple_id, partner, item_id) VALUES (?, ?, 'A', ?)`, ids.New(), d.couple, ids.New())
	refused("release.give")
	d.write("conversation.save", `INSERT INTO conversation (id, couple_id, sensitivity) VALUES (?, ?, 'safety')`, ids.New(), d.couple)
	refused("conversation.save")
	d.write("session.create", `INSERT INTO session (id, couple_id, state) VALUES (?, ?, 'booked')`, d.session, d.couple)
	d.write("session.delete2", `UPDATE session SET deleted = 1, place = 'x' WHERE id = ?`, d.session)
	d.meet = fault.New(fault.Refused, "not now", "")
	refused("session.delete2")
	d.meet = nil
	d.undo("session.delete2")
	d.write("restore.day", `UPDATE person SET phone = '9' WHERE id = ?`, d.ada)
	refused("restore.day")
}

func TestWhatWasChangedAgainStays(t *testing.T) {
	d := newDesk(t)
	d.write("person.edit", `UPDATE person SET phone = '1', email = 'a@example.org' WHERE id = ?`, d.ada)
	step := d.last()
	d.write("person.other", `UPDATE person SET phone = '2' WHERE id = ?`, d.ada)
	u, err := d.changes.Undo(ctx, coach, step)
	if err != nil || u.Left != 1 || d.value(`SELECT phone || email FROM person WHERE id = ?`, d.ada) != "2" {
		t.Errorf("%+v (%v)", u, err)
	}
	if got := d.last().Action; got != "person.other" {
		t.Errorf("the last step is %q", got)
	}
}
