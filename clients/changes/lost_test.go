package changes_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
)

// elsewhere is the same casebook on another computer, where Ben Weir works, and what
// lets both read what the other wrote.
func (d *desk) elsewhere() (other *desk, inStep func()) {
	d.t.Helper()
	folder, to := filepath.Join(d.t.TempDir(), "shared"), filepath.Join(d.t.TempDir(), "o.couplet")
	secret, opts := vault.Secret{Passphrase: casebooktest.Passphrase}, casebook.Options{Now: d.clock}
	must := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	ben, err := d.clients.AddCoach(ctx, "Ben Weir")
	must(err)
	must(share.Share(ctx, d.cb, folder, share.Options{}))
	must(share.Join(ctx, folder, to, secret, share.Options{}, opts, nil))
	cb, err := casebook.Open(ctx, to, secret, opts)
	must(err)
	cb.SetCoach(ben)
	d.t.Cleanup(func() { cb.Close() })
	other = &desk{t: d.t, now: d.now, step: d.step, ada: d.ada, ben: d.ben, couple: d.couple, session: d.session, note: d.note, field: d.field, rv: d.rv}
	other.open(cb)
	return other, func() {
		d.t.Helper()
		var dumps [2]bytes.Buffer
		for range 2 {
			for _, x := range []*casebook.Casebook{d.cb, cb} {
				_, err := share.Sync(ctx, x, share.Options{})
				must(err)
			}
		}
		must(share.Dump(ctx, d.cb, &dumps[0]))
		must(share.Dump(ctx, cb, &dumps[1]))
		if dumps[0].String() != dumps[1].String() {
			d.t.Errorf("the casebooks differ:\n%s\n%s", &dumps[0], &dumps[1])
		}
	}
}

// told are the changes of a column in the history of a record, the newest first.
func (d *desk) told(record ids.ID, field string) (out []changes.Change, coaches []string) {
	d.t.Helper()
	events, err := d.changes.History(ctx, coach, record)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range events {
		for _, c := range e.Changes {
			if c.Field == field {
				out, coaches = append(out, c), append(coaches, e.Coach)
			}
		}
	}
	return out, coaches
}

func TestAValueThatLostIsToldAndCanBeTaken(t *testing.T) {
	d := newDesk(t)
	d.write("person.edit", `UPDATE person SET phone = '0100' WHERE id = ?`, d.ada)
	o, inStep := d.elsewhere()
	o.write("person.edit", `UPDATE person SET phone = '0171' WHERE id = ?`, d.ada)
	d.write("person.edit", `UPDATE person SET phone = '0172' WHERE id = ?`, d.ada)
	inStep()
	for _, x := range []*desk{d, o} {
		all, who := x.told(d.ada, "phone")
		if len(all) != 3 || who[0] != "Coach" || all[0].Before != "0100" || all[0].After != "0172" || all[0].Lost {
			t.Fatalf("%+v by %v", all, who)
		}
		if c := all[1]; who[1] != "Ben Weir" || !c.Lost || c.Before != "0100" || c.After != "0171" || c.Stands != "0172" || c.By != "Coach" || !changes.CanTake(c) {
			t.Fatalf("%+v by %s", c, who[1])
		}
	}
	all, _ := d.told(d.ada, "phone")
	if err := d.changes.TakeLost(context.Background(), clients.For(clients.A, "2026-11-22"), all[1]); !fault.Is(err, fault.NotFound) {
		t.Error("somebody besides the coach takes a value:", err)
	}
	if events, err := d.changes.History(ctx, clients.For(clients.A, "2026-11-22"), d.ada); len(events) > 0 || err != nil {
		t.Error("a client is told of a value that lost", err)
	}
	if err := d.changes.TakeLost(ctx, coach, all[1]); err != nil {
		t.Fatal(err)
	}
	inStep()
	for _, x := range []*desk{d, o} {
		if got := x.value(`SELECT phone FROM person WHERE id = ?`, d.ada); got != "0171" {
			t.Errorf("the number is %s", got)
		}
		all, _ := x.told(d.ada, "phone")
		if len(all) != 4 || all[0].Before != "0172" || all[0].After != "0171" || all[2].After != "0171" || all[2].Lost {
			t.Errorf("%+v", all)
		}
	}
	o.write("person.edit", `UPDATE person SET phone = '0173' WHERE id = ?`, d.ada) // knowing both
	inStep()
	for _, x := range []*desk{d, o} {
		all, _ := x.told(d.ada, "phone")
		for _, c := range all {
			if c.Lost {
				t.Errorf("what was taken and replaced is told as lost: %+v", c)
			}
		}
	}
}

func TestAValueThatLostInWhatBelongsToACoupleIsToldWithIt(t *testing.T) {
	d := newDesk(t)
	other := ids.New()
	d.write("couple.create", `INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, other, d.ada, d.ben)
	d.write("session.create", `INSERT INTO session (id, couple_id, place) VALUES (?, ?, 'here')`, d.session, d.couple)
	o, inStep := d.elsewhere()
	o.write("session.save", `UPDATE session SET place = 'there' WHERE id = ?`, d.session)
	d.write("session.save", `UPDATE session SET place = 'yonder' WHERE id = ?`, d.session)
	inStep()
	all, _ := d.told(d.couple, "place")
	if len(all) != 1 || !all[0].Lost || all[0].After != "there" || all[0].Stands != "yonder" || all[0].Table != "session" || all[0].Row != d.session {
		t.Fatalf("%+v", all)
	}
	for _, record := range []ids.ID{other, d.ada} {
		if all, _ := d.told(record, "place"); len(all) > 0 {
			t.Errorf("it is told of another record: %+v", all)
		}
	}
	if err := d.changes.TakeLost(ctx, coach, all[0]); err != nil {
		t.Fatal(err)
	}
	if got := o.value(`SELECT place FROM session`); got != "yonder" {
		t.Errorf("it is taken there too, before anybody heard of it: %s", got)
	}
	inStep()
	if got := o.value(`SELECT place FROM session`); got != "there" {
		t.Errorf("the place is %s", got)
	}
}

// TestTwoVersionsThatBecameOneAreSetApartAgain: by an undo, as each author wrote them.
func TestTwoVersionsThatBecameOneAreSetApartAgain(t *testing.T) {
	d := newDesk(t)
	d.note, d.field = ids.New(), ids.New()
	d.write("note.begin", `INSERT INTO note (id, couple_id) VALUES (?, ?)`, d.note, d.couple)
	d.save("as it was")
	o, inStep := d.elsewhere()
	o.save("theirs")
	d.save("mine")
	inStep()
	d.writes("note.join", func(tx *casebook.Tx) error {
		rev := ids.New()
		if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body) VALUES (?, ?, ?, ?, 'both')`, rev, d.note, d.field, d.rv.String()+" "+o.rv.String()); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, d.field)
		return err
	})
	inStep()
	d.undo("note.join")
	inStep()
	for _, x := range []*desk{d, o} {
		if got := x.value(textSQL, d.field); got != "mine" {
			t.Errorf("what is shown is %q", got)
		}
		var dump bytes.Buffer
		if err := share.Dump(ctx, x.cb, &dump); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(dump.Bytes(), []byte("  version ")); n != 2 || !bytes.Contains(dump.Bytes(), []byte(": theirs")) {
			t.Errorf("%d versions stand side by side:\n%s", n, &dump)
		}
	}
}

// TestAnUndoneTextIsWhatItWentOnFrom: not what somebody else wrote at the same time.
func TestAnUndoneTextIsWhatItWentOnFrom(t *testing.T) {
	d := newDesk(t)
	d.note, d.field = ids.New(), ids.New()
	d.write("note.begin", `INSERT INTO note (id, couple_id) VALUES (?, ?)`, d.note, d.couple)
	d.save("as it was")
	o, inStep := d.elsewhere()
	o.save("theirs")
	inStep()
	d.save("mine") // goes on from what it was
	d.undo("note.save")
	if got := d.value(textSQL, d.field); got != "as it was" {
		t.Errorf("the text is %q", got)
	}
	inStep()
}

// TestAHistoryAsksNoMoreOfACasebookInWhichMuchWasLost: what was lost in other records costs
// the history of one no statement.
func TestAHistoryAsksNoMoreOfACasebookInWhichMuchWasLost(t *testing.T) {
	d := newDesk(t)
	other := ids.New()
	d.write("couple.create", `INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, other, d.ada, d.ben)
	d.write("session.create", `INSERT INTO session (id, couple_id, place) VALUES (?, ?, 'here')`, d.session, d.couple)
	var elsewhere []ids.ID
	for range 40 {
		id := ids.New()
		elsewhere = append(elsewhere, id)
		d.write("session.create", `INSERT INTO session (id, couple_id, place) VALUES (?, ?, 'here')`, id, other)
	}
	o, inStep := d.elsewhere()
	clash := func(session ids.ID) {
		o.write("session.save", `UPDATE session SET place = 'there' WHERE id = ?`, session)
		d.write("session.save", `UPDATE session SET place = 'yonder' WHERE id = ?`, session)
	}
	statements := func() int {
		t.Helper()
		n := d.changes.CountStatements()
		if all, _ := d.told(d.couple, "place"); len(all) != 1 || !all[0].Lost {
			t.Fatalf("%+v", all)
		}
		return *n
	}
	clash(d.session)
	inStep()
	before := statements()
	for _, id := range elsewhere {
		clash(id)
	}
	inStep()
	if n := statements(); n != before {
		t.Errorf("%d statements, and %d when much was lost elsewhere", before, n)
	}
}
