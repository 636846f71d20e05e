package sessions

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

const week = 7 * 24 * time.Hour

// tamper writes past every guard, as a damaged program or a foreign tool would.
func (w *world) tamper(query string, args ...any) {
	w.t.Helper()
	ctx := context.Background()
	w.must(w.cb.Local(ctx, `SELECT couplet_stamp(3, 0, 0)`))
	w.must(w.cb.Local(ctx, query, args...))
}

func (w *world) contact(body string) Note {
	w.t.Helper()
	return w.written(NewNote{Couple: w.couple}, map[string]string{"content": body})
}

func TestNotesLockWhenTheyAreDue(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	old := w.contact("old")
	typed, err := w.Start(ctx, coach, NewNote{Couple: w.couple, At: w.clock.Now()})
	w.must(err)
	_, err = w.SaveDraft(ctx, typed, "content", "only a draft")
	w.must(err)
	empty, err := w.Start(ctx, coach, NewNote{Couple: w.couple, At: w.clock.Now()})
	w.must(err)
	_, err = w.SaveDraft(ctx, empty, "content", "x")
	w.must(err)
	_, err = w.SaveDraft(ctx, empty, "content", "")
	w.must(err)
	w.clock.Move(week - time.Minute)
	fresh := w.contact("fresh")
	w.contact("also fresh")
	n, err := w.LockDue(ctx, w.clock.Now())
	w.must(err)
	if n != 0 {
		t.Errorf("%d notes locked a minute early", n)
	}
	w.clock.Move(time.Minute)
	n, err = w.LockDue(ctx, w.clock.Now())
	w.must(err)
	if n != 2 {
		t.Errorf("%d notes locked, want 2", n)
	}
	for _, id := range []ids.ID{old.ID, typed.ID} {
		v, err := w.Note(ctx, coach, id)
		w.must(err)
		if !v.LockedAt.Equal(w.clock.Now()) || len(v.Fields) != 1 {
			t.Errorf("locked note reads %+v", v)
		}
	}
	if v, err := w.Note(ctx, coach, fresh.ID); err != nil || v.Locked() {
		t.Errorf("the fresh note is locked: %v", err)
	}
	// A note that is being typed in waits a little.
	_, err = w.SaveDraft(ctx, fresh, "content", "fresh and more")
	w.must(err)
	w.must(w.SetLockDays(ctx, 1))
	n, err = w.LockDue(ctx, w.clock.Now().Add(25*time.Hour))
	w.must(err)
	if n != 2 {
		t.Errorf("%d notes locked after a day, want 2", n)
	}
	if v, err := w.Note(ctx, coach, fresh.ID); err != nil || v.Fields[0].Body != "fresh and more" {
		t.Errorf("the lock lost a draft: %+v %v", v, err)
	}
	wantKind(t, w.SetLockDays(ctx, 0), fault.BadInput, "no days")
	if d, err := w.LockDays(ctx); err != nil || d != 1 {
		t.Errorf("%d days: %v", d, err)
	}
	if found, err := VerifyLocks(ctx, w.cb.Reader()); err != nil || found != nil {
		t.Errorf("sound locks: %v %v", found, err)
	}
}

func TestOpenFingersHoldTheLock(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.contact("text")
	w.clock.Move(2 * week)
	_, err := w.SaveDraft(ctx, n, "content", "text goes on")
	w.must(err)
	if got, err := w.LockDue(ctx, w.clock.Now().Add(time.Minute)); err != nil || got != 0 {
		t.Errorf("locked %d under somebody's fingers: %v", got, err)
	}
	if got, err := w.LockDue(ctx, w.clock.Now().Add(time.Hour)); err != nil || got != 1 {
		t.Errorf("locked %d an hour later: %v", got, err)
	}
}

// A note that stands open in an editor waits with the lock until it is put down, however
// long nobody types.
func TestAnOpenEditorHoldsTheLock(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.contact("text")
	w.clock.Move(2 * week)
	done := w.Writing(n.ID)
	again := w.Writing(n.ID)
	done()
	if got, err := w.LockDue(ctx, w.clock.Now()); err != nil || got != 0 {
		t.Errorf("locked %d in an open editor: %v", got, err)
	}
	again()
	if got, err := w.LockDue(ctx, w.clock.Now()); err != nil || got != 1 {
		t.Errorf("locked %d afterwards: %v", got, err)
	}
}

// What is added to one partner's words, or to what concerns safety, is no less protected.
func TestAddendumIsAsProtectedAsItsField(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.written(NewNote{Session: w.session(JointSession, "", 1, Held)}, map[string]string{"view_a": "she left early", "safety": "a word about it", "note_both": "shared"})
	w.must(w.LockNote(ctx, n.ID))
	for _, c := range []struct {
		field string
		a     clients.Access
		ok    bool
	}{
		{"view_a", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}, false},
		{"view_a", clients.Access{Subject: clients.SubjectB, Visibility: clients.PartnerB, Sensitivity: clients.Normal}, false},
		{"view_a", clients.Access{Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal}, true},
		{"safety", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}, false},
		{"safety", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}, false},
		{"safety", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Safety}, true},
		{"note_both", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}, true},
	} {
		_, err := w.AddAddendum(ctx, n.ID, c.field, c.a, "later")
		if c.ok && err != nil {
			t.Errorf("%s %+v: %v", c.field, c.a, err)
		}
		if !c.ok {
			wantKind(t, err, fault.BadInput, c.field)
		}
	}
}

// A locked note is changed neither by a method nor by the database.
func TestLockedNoteStaysAsItIs(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.contact("as it was")
	w.must(w.LockNote(ctx, n.ID))
	_, draft := w.SaveDraft(ctx, w.edit(n.ID), "content", "else")
	for name, err := range map[string]error{
		"draft": draft, "revision": w.SaveRevision(ctx, n, map[string]string{"content": "else"}), "new field": w.SaveRevision(ctx, n, map[string]string{"next_step": "else"}),
		"delete": w.DeleteNote(ctx, n.ID), "lock again": w.LockNote(ctx, n.ID),
	} {
		wantKind(t, err, fault.Refused, name)
	}
	field := w.fieldID(n, "content")
	for name, query := range map[string]string{
		"revision":   `INSERT INTO note_rev (id, note_id, field_id, body) SELECT randomblob(16), note_id, id, 'else' FROM note_field WHERE id = ?`,
		"field":      `INSERT INTO note_field (id, note_id, key) SELECT randomblob(16), note_id, 'x' FROM note_field WHERE id = ?`,
		"head":       `UPDATE note_field SET head = NULL WHERE id = ?`,
		"key":        `UPDATE note_field SET key = 'x' WHERE id = ?`,
		"text":       `UPDATE note_rev SET body = 'else' WHERE field_id = ?`,
		"removal":    `DELETE FROM note_rev WHERE field_id = ?`,
		"about":      `UPDATE note SET about = 'B' WHERE id = (SELECT note_id FROM note_field WHERE id = ?)`,
		"time":       `UPDATE note SET written_at = 1 WHERE id = (SELECT note_id FROM note_field WHERE id = ?)`,
		"lock":       `UPDATE note_lock SET commitment = x'00' WHERE note_id = (SELECT note_id FROM note_field WHERE id = ?)`,
		"the unlock": `DELETE FROM note_lock WHERE note_id = (SELECT note_id FROM note_field WHERE id = ?)`,
	} {
		err := w.cb.Write(ctx, "test", func(tx *casebook.Tx) error { _, err := tx.Exec(query, field); return err })
		if err == nil {
			t.Errorf("the database let the %s be changed", name)
		}
	}
	if v, err := w.Note(ctx, coach, n.ID); err != nil || len(v.Fields) != 1 || v.Fields[0].Body != "as it was" {
		t.Errorf("after all that: %+v %v", v, err)
	}
}

func TestAddendumStandsBesideALockedNote(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.contact("as it was")
	open := clients.Access{Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal}
	_, err := w.AddAddendum(ctx, n.ID, "", open, "too early")
	wantKind(t, err, fault.Refused, "addendum to an open note")
	w.must(w.LockNote(ctx, n.ID))
	_, err = w.AddAddendum(ctx, n.ID, "", open, " ")
	wantKind(t, err, fault.BadInput, "empty")
	_, err = w.AddAddendum(ctx, n.ID, "nowhere", open, "x")
	wantKind(t, err, fault.BadInput, "unknown field")
	_, err = w.AddAddendum(ctx, n.ID, "", clients.Access{Subject: clients.SubjectA, Visibility: clients.Joint, Sensitivity: clients.Normal}, "x")
	wantKind(t, err, fault.BadInput, "A's own to both")
	_, err = w.AddAddendum(ctx, n.ID, "", open, strings.Repeat("x", MaxField+1))
	wantKind(t, err, fault.BadInput, "too long")
	_, err = w.AddAddendum(ctx, ids.New(), "", open, "x")
	wantKind(t, err, fault.NotFound, "no note")
	w.clock.Move(time.Hour)
	_, err = w.AddAddendum(ctx, n.ID, "content", open, "it was Tuesday")
	w.must(err)
	for _, set := range []string{"body = 'it was Monday'", "at = 0", "note_id = id"} {
		if err := w.cb.Write(ctx, "test", func(tx *casebook.Tx) error { _, err := tx.Exec(`UPDATE addendum SET ` + set); return err }); err == nil {
			t.Errorf("the database let an addendum be changed: %s", set)
		}
	}
	v, err := w.Note(ctx, coach, n.ID)
	w.must(err)
	if len(v.Addenda) != 1 || v.Addenda[0].Body != "it was Tuesday" || v.Addenda[0].Field != "content" || v.Addenda[0].Coach != "Test coach" || !v.Addenda[0].At.Equal(w.clock.Now()) {
		t.Errorf("addenda %+v", v.Addenda)
	}
	if found, err := VerifyLocks(ctx, w.cb.Reader()); err != nil || found != nil {
		t.Errorf("an addendum breaks the lock: %v %v", found, err)
	}
}

func TestVerifyFindsEveryTampering(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	var notes []Note
	for _, body := range []string{"one", "two", "three"} {
		n := w.contact(body)
		w.must(w.LockNote(ctx, n.ID))
		notes = append(notes, n)
	}
	findings := func() []string {
		t.Helper()
		found, err := VerifyLocks(ctx, w.cb.Reader())
		w.must(err)
		return found
	}
	if f := findings(); f != nil {
		t.Fatalf("sound: %v", f)
	}
	mid := notes[1]
	for _, c := range []struct{ name, change, back, want string }{
		{"text", `UPDATE note_rev SET body = body || '!' WHERE note_id = ?`, `UPDATE note_rev SET body = 'two' WHERE note_id = ?`, "is not what it was"},
		{"about", `UPDATE note SET about = 'A' WHERE id = ?`, `UPDATE note SET about = 'both' WHERE id = ?`, "is not what it was"},
		{"key", `UPDATE note_field SET key = 'safety' WHERE note_id = ?`, `UPDATE note_field SET key = 'content' WHERE note_id = ?`, "is not what it was"},
		{"nonce", `UPDATE note_lock SET nonce = zeroblob(32) WHERE note_id = ?`, "", "is not what it was"},
		{"erased without a record", `UPDATE note_lock SET nonce = NULL WHERE note_id = ?`, "", "without a record"},
		{"chain", `UPDATE note_lock SET chain = zeroblob(32) WHERE note_id = ?`, "", "is broken at number"},
		{"number", `UPDATE note_lock SET seq = 9 WHERE note_id = ?`, "", "is broken at number"},
		{"marked deleted", `UPDATE note_lock SET deleted = 1 WHERE note_id = ?`, "", "marked deleted"},
	} {
		w.tamper(`CREATE TEMP TABLE IF NOT EXISTS kept AS SELECT * FROM note_lock`)
		w.tamper(c.change, mid.ID)
		if f := strings.Join(findings(), "; "); !strings.Contains(f, c.want) {
			t.Errorf("%s: found %q, want %q", c.name, f, c.want)
		}
		if c.back != "" {
			w.tamper(c.back, mid.ID)
		} else {
			w.tamper(`UPDATE note_lock SET (nonce, chain, seq, deleted) = (SELECT nonce, chain, seq, deleted FROM kept k WHERE k.id = note_lock.id)`)
		}
		if f := findings(); f != nil {
			t.Fatalf("%s was not put back: %v", c.name, f)
		}
	}

	// Erased with its record: the commitment stays and the chain holds.
	w.tamper(`UPDATE note_lock SET nonce = NULL WHERE note_id = ?`, mid.ID)
	w.tamper(`UPDATE note_field SET head = NULL WHERE note_id = ?`, mid.ID)
	w.tamper(`DELETE FROM note_rev WHERE note_id = ?`, mid.ID)
	w.write(func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO erasure (id, item_tbl, item_id, ground) VALUES (?, 'note', ?, 'consent')`, ids.New(), mid.ID)
		return err
	})
	if f := findings(); f != nil {
		t.Errorf("an erasure on record: %v", f)
	}
	// The end of the chain cut off.
	w.tamper(`DELETE FROM note_lock WHERE note_id = ?`, notes[2].ID)
	if f := strings.Join(findings(), "; "); !strings.Contains(f, "is missing") {
		t.Errorf("cut off: %q", f)
	}
	w.tamper(`DELETE FROM note_lock WHERE note_id = ?`, notes[0].ID)
	if f := strings.Join(findings(), "; "); !strings.Contains(f, "is broken at number 2") {
		t.Errorf("first link gone: %q", f)
	}
	for _, s := range findings() {
		if strings.Contains(s, "three") {
			t.Errorf("a finding shows content: %s", s)
		}
	}
}
