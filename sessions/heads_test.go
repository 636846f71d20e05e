package sessions

import (
	"context"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// besideOf are the bodies that stand side by side in the first field of a note.
func (w *world) besideOf(note ids.ID) string {
	w.t.Helper()
	v, err := w.Note(context.Background(), coach, note)
	w.must(err)
	var out []string
	for _, b := range v.Beside {
		for _, x := range b.Versions {
			out = append(out, x.Body)
		}
	}
	return strings.Join(out, " | ")
}

func (w *world) edit(note ids.ID) Note {
	w.t.Helper()
	n, err := w.Edit(context.Background(), coach, note)
	w.must(err)
	return n
}

// TestWhatIsWrittenFollowsWhatItBeganWith: a save never takes over what somebody else
// saved since the note was opened, and leaves alone what was not touched.
func TestWhatIsWrittenFollowsWhatItBeganWith(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("as it was").ID
	mine, theirs := w.edit(note), w.edit(note)
	w.must(w.SaveRevision(ctx, theirs, map[string]string{"content": "theirs"}))
	w.must(w.SaveRevision(ctx, mine, map[string]string{"content": "as it was"}))
	if f, _ := w.edit(note).Field("content"); f.Saved != "theirs" || w.besideOf(note) != "" {
		t.Errorf("a text that was not touched was written over theirs: %q, beside: %s", f.Saved, w.besideOf(note))
	}
	w.must(w.SaveRevision(ctx, mine, map[string]string{"content": "mine"}))
	if got := w.besideOf(note); got != "mine | theirs" {
		t.Errorf("beside stand %q", got)
	}
	w.must(w.SaveRevision(ctx, mine, map[string]string{"content": "mine, again"}))
	w.must(w.SaveRevision(ctx, theirs, map[string]string{"content": "theirs, again"}))
	if got := w.besideOf(note); got != "theirs, again | mine, again" {
		t.Errorf("beside stand %q", got)
	}
	w.must(w.SaveRevision(ctx, mine, map[string]string{"content": "theirs, again"})) // they came to the same
	if f, _ := w.edit(note).Field("content"); f.Saved != "theirs, again" {
		t.Errorf("the text is %q", f.Saved)
	}
	for _, r := range readers {
		if r == clients.CoachView || r == "" {
			continue
		}
		if v, err := w.Note(ctx, as(r), note); err == nil && len(v.Beside) > 0 {
			t.Errorf("%s learns that there are two: %+v", r, v.Beside)
		}
		f, _ := mine.Field("content")
		if _, err := w.Compare(ctx, as(r), f.ID, ids.Nil); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s compares: %v", r, err)
		}
	}
}

// comes is a revision from another computer that goes on from what stands there.
func (w *world) comes(field ids.ID, body string) {
	w.t.Helper()
	w.write(func(tx *casebook.Tx) error {
		var note, head ids.ID
		if err := tx.QueryRow(`SELECT note_id, head FROM note_field WHERE id = ?`, field).Scan(&note, &head); err != nil {
			return err
		}
		rev := ids.New()
		if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body) VALUES (?, ?, ?, ?, ?)`, rev, note, field, head.String(), body); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, field)
		return err
	})
}

// TestADraftKnowsWhatItGoesOnFrom: also after the program was started again.
func TestADraftKnowsWhatItGoesOnFrom(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("as it was").ID
	n := w.edit(note)
	_, err := w.SaveDraft(ctx, n, "content", "as it was, and more")
	w.must(err)
	w.comes(w.fieldID(n, "content"), "theirs")
	again := w.edit(note)
	f, _ := again.Field("content")
	if f.Body != "as it was, and more" || f.Saved != "as it was" {
		t.Errorf("the draft is %q after %q", f.Body, f.Saved)
	}
	w.must(w.SaveRevision(ctx, again, map[string]string{"content": f.Body}))
	if got := w.besideOf(note); got != "as it was, and more | theirs" {
		t.Errorf("beside stand %q", got)
	}
	_, err = w.SaveDraft(ctx, again, "content", "more")
	w.must(err)
	w.comes(f.ID, "theirs, after mine")
	_, err = w.SaveDraft(ctx, again, "content", "as it was, and more") // back to what it began with
	w.must(err)
	if f, _ := w.edit(note).Field("content"); f.Body != "theirs, after mine" || !f.DraftAt.IsZero() {
		t.Errorf("a draft that says nothing new hides %q: %+v", "theirs, after mine", f)
	}
}

func TestTwoVersionsBecomeOne(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("came late\n\nthe letter").ID
	a, b := w.edit(note), w.edit(note)
	w.must(w.SaveRevision(ctx, a, map[string]string{"content": "came early\n\nthe letter"}))
	w.must(w.SaveRevision(ctx, b, map[string]string{"content": "came late\n\nthe walk"}))
	field := w.fieldID(a, "content")
	c, err := w.Compare(ctx, coach, field, ids.Nil)
	w.must(err)
	if c.Left.Body != "came late\n\nthe walk" || c.Right.Body != "came early\n\nthe letter" || c.Left.Coach == "" || !c.Left.Own || c.Merged != "came early\n\nthe walk" || !c.Safe {
		t.Fatalf("%+v", c)
	}
	wantKind(t, w.Join(ctx, as(clients.Us), field, c.Left.ID, c.Right.ID, "x"), fault.NotFound, "by another reader")
	wantKind(t, w.Join(ctx, coach, field, c.Left.ID, c.Left.ID, "x"), fault.Refused, "one with itself")
	w.must(w.SaveRevision(ctx, b, map[string]string{"content": "came late\n\nthe long walk"}))
	wantKind(t, w.Join(ctx, coach, field, c.Left.ID, c.Right.ID, c.Merged), fault.Refused, "after somebody went on")
	c, err = w.Compare(ctx, coach, field, ids.Nil)
	w.must(err)
	w.must(w.Join(ctx, coach, field, c.Left.ID, c.Right.ID, c.Merged))
	if f, _ := w.edit(note).Field("content"); f.Saved != "came early\n\nthe long walk" || w.besideOf(note) != "" {
		t.Errorf("the text is %q, beside stand %q", f.Saved, w.besideOf(note))
	}
	if n := w.count(`SELECT count(*) FROM note_rev WHERE instr(parents, ' ')`); n != 1 {
		t.Errorf("%d revisions follow two", n)
	}
	all, err := w.History(ctx, coach, note)
	w.must(err)
	if len(all) != 5 {
		t.Errorf("%d revisions in the history", len(all))
	}
}

// TestTheSameTextTwiceIsNothingToDecide: nor is one that somebody else went on from.
func TestTheSameTextTwiceIsNothingToDecide(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("as it was").ID
	a, b := w.edit(note), w.edit(note)
	field := w.fieldID(a, "content")
	apart := func(body string, parent ids.ID) {
		w.write(func(tx *casebook.Tx) error {
			rev := ids.New()
			if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body) VALUES (?, ?, ?, ?, ?)`, rev, note, field, parent.String(), body); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, field)
			return err
		})
	}
	first, _ := a.Field("content")
	begun := first.Follows
	apart("the same", begun)
	apart("the same", begun)
	if got := w.besideOf(note); got != "" {
		t.Errorf("beside stand %q", got)
	}
	w.must(w.SaveRevision(ctx, w.edit(note), map[string]string{"content": "the same, and more"}))
	if got := w.besideOf(note); got != "" {
		t.Errorf("beside stand %q", got)
	}
	w.must(w.SaveRevision(ctx, b, map[string]string{"content": "another"}))
	if got := w.besideOf(note); got != "another | the same, and more" {
		t.Errorf("beside stand %q", got)
	}
	c, err := w.Compare(ctx, coach, field, ids.Nil)
	w.must(err)
	w.must(w.Join(ctx, coach, field, c.Left.ID, c.Right.ID, "one"))
	if got := w.besideOf(note); got != "" {
		t.Errorf("beside stand %q", got)
	}
}

func TestWhatHasNothingInCommonIsNotMerged(t *testing.T) {
	f := family{}
	add := func(id byte, parents ...byte) {
		r := revision{id: ids.ID{id}}
		for _, p := range parents {
			r.parents = append(r.parents, ids.ID{p})
		}
		f[r.id] = r
	}
	add(1)
	add(2, 1)
	add(3, 1)
	add(4, 2, 3)
	add(5, 3, 2)
	add(6)
	add(7, 4)
	if id, ok := f.common(ids.ID{2}, ids.ID{3}); !ok || id != (ids.ID{1}) {
		t.Error("the first of all is common to both", id, ok)
	}
	if _, ok := f.common(ids.ID{4}, ids.ID{5}); ok {
		t.Error("of two that each go on from the same two, none is the one in common")
	}
	if _, ok := f.common(ids.ID{4}, ids.ID{6}); ok {
		t.Error("one that began by itself has nothing in common")
	}
	if id, ok := f.common(ids.ID{7}, ids.ID{4}); !ok || id != (ids.ID{4}) {
		t.Error("what one follows is in common", id, ok)
	}
	f[ids.ID{1}] = revision{id: ids.ID{1}, parents: []ids.ID{{7}}} // a circle, which no honest computer makes
	f.common(ids.ID{7}, ids.ID{5})
	if got := len(f.heads()); got != 2 {
		t.Errorf("%d heads", got)
	}
}

func TestALockClosesTheVersionShownAndAddsTheOther(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("as it was").ID
	a, b := w.edit(note), w.edit(note)
	w.must(w.SaveRevision(ctx, a, map[string]string{"content": "one"}))
	w.must(w.SaveRevision(ctx, b, map[string]string{"content": "the other"}))
	c, err := w.Compare(ctx, coach, w.fieldID(a, "content"), ids.Nil)
	w.must(err)
	w.must(w.LockNote(ctx, note))
	v, err := w.Note(ctx, coach, note)
	w.must(err)
	if len(v.Beside) != 0 || len(v.Addenda) != 1 || v.Addenda[0].Body != "one" || v.Addenda[0].ID != casebook.AddendumOf(c.Right.ID) {
		t.Errorf("%+v", v)
	}
	wantKind(t, w.Join(ctx, coach, w.fieldID(a, "content"), c.Left.ID, c.Right.ID, "x"), fault.Refused, "joined after the lock")
}

// locksElsewhere is a lock that came from another computer: this one saved nothing first.
func (w *world) locksElsewhere(note ids.ID) {
	w.t.Helper()
	w.write(func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO note_lock (id, note_id, device, seq, commitment, chain) VALUES (?, ?, randomblob(16), 1, x'00', x'00')`, ids.New(), note)
		return err
	})
}

func TestWhatWasTypedBeforeALockCameIsAdded(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("as it was").ID
	n := w.edit(note)
	texts := map[string]string{"content": "as it was, and more", "next_step": "call on Monday"}
	if added, err := w.AddLate(ctx, n, texts); added || err != nil {
		t.Error("something was added to an open note", err)
	}
	for key, body := range texts {
		_, err := w.SaveDraft(ctx, n, key, body)
		w.must(err)
	}
	w.locksElsewhere(note)
	if _, locked, err := w.Meanwhile(ctx, coach, n); !locked || err != nil {
		t.Error("nobody says that it is locked", err)
	}
	pen := w.Writing(note)
	_, err := w.LockDue(ctx, w.clock.Now())
	w.must(err)
	if got := w.count(`SELECT count(*) FROM addendum`); got != 0 {
		t.Error("what somebody is writing was added before it was done")
	}
	pen()
	_, err = w.LockDue(ctx, w.clock.Now())
	w.must(err)
	v, err := w.Note(ctx, coach, note)
	w.must(err)
	got := map[string]string{}
	for _, a := range v.Addenda {
		got[a.Field+" "+string(a.Access.Visibility)] = a.Body
	}
	access := map[string]clients.Visibility{}
	for key := range texts {
		f, _ := n.Field(key)
		access[key] = f.Access.Visibility
	}
	if len(got) != 2 || got["content "+string(access["content"])] != texts["content"] || got[" "+string(access["next_step"])] != texts["next_step"] || v.Draft {
		t.Errorf("added was %v, a draft waits: %v", got, v.Draft)
	}
}

func TestWhatComesMeanwhileIsTold(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	note := w.contact("as it was").ID
	n := w.edit(note)
	field := w.fieldID(n, "content")
	if came, locked, err := w.Meanwhile(ctx, coach, n); len(came) > 0 || locked || err != nil {
		t.Error(came, locked, err)
	}
	w.comes(field, "theirs")
	came, _, err := w.Meanwhile(ctx, coach, n)
	w.must(err)
	if len(came) != 1 || came[0].Body != "theirs" || came[0].Saved != "as it was" || !came[0].Continues || came[0].Key != "content" {
		t.Fatalf("%+v", came)
	}
	w.must(w.SaveRevision(ctx, n, map[string]string{"content": "mine"}))
	if came, _, err = w.Meanwhile(ctx, coach, n); err != nil || len(came) != 1 || came[0].Continues || came[0].Body != "theirs" {
		t.Errorf("%+v %v", came, err)
	}
	for _, r := range readers {
		if came, _, err := w.Meanwhile(ctx, as(r), n); r != clients.CoachView && (len(came) > 0 || err != nil) {
			t.Errorf("%s is told of %+v (%v)", r, came, err)
		}
	}
}
