package sessions

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// recorded is everything that others would be sent: clocks, history, actions.
func (w *world) recorded() int {
	return w.count(`SELECT (SELECT count(*) FROM row_clock) + (SELECT count(*) FROM col_clock) + (SELECT count(*) FROM history) + (SELECT count(*) FROM action) + (SELECT count(*) FROM search_doc)`)
}

func TestNothingIsStoredBeforeSomethingIsWritten(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.session(JointSession, "", 1, Held)
	before := w.recorded()
	n, err := w.Start(ctx, coach, NewNote{Session: id})
	w.must(err)
	_, err = w.SaveDraft(ctx, n, "did", "")
	w.must(err)
	w.must(w.SaveRevision(ctx, n, map[string]string{"did": "  \n", "agreements": ""}))
	if got := w.recorded(); got != before || w.count(`SELECT count(*) FROM note`) != 0 {
		t.Errorf("%d records became %d by an empty note", before, got)
	}
}

func TestDraftIsKeptHereAndPublishedNowhere(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n, err := w.Start(ctx, coach, NewNote{Session: w.session(JointSession, "", 1, Held)})
	w.must(err)
	_, err = w.SaveDraft(ctx, n, "did", "first wo")
	w.must(err)
	before := w.recorded()
	var told int
	stop := w.cb.Changes.Subscribe(func(events.Changed) { told++ })
	defer stop()
	for _, body := range []string{"first words", "first words, and agreements follow"} {
		at, err := w.SaveDraft(ctx, n, "did", body)
		w.must(err)
		if !at.Equal(w.clock.Now()) {
			t.Errorf("saved at %v", at)
		}
	}
	_, err = w.SaveDraft(ctx, n, "view_a", "she is tired")
	w.must(err)
	if got := w.recorded(); got != before || told != 0 {
		t.Errorf("drafts made %d records and told %d times", got-before, told)
	}
	if v, err := w.Note(ctx, coach, n.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a draft is read as a note: %+v, %v", v, err)
	}

	// After a crash nothing but the file is left.
	again, err := New(w.cb, nil).Edit(ctx, coach, n.ID)
	w.must(err)
	f, _ := again.Field("did")
	if f.Body != "first words, and agreements follow" || f.Saved != "" || f.DraftAt.IsZero() {
		t.Errorf("found again: %+v", f)
	}
	for _, r := range readers[1:] {
		if d, err := w.Drafts(ctx, as(r)); err != nil || d != nil {
			t.Errorf("%q is shown drafts: %v %v", r, d, err)
		}
	}
	w.must(w.SaveRevision(ctx, again, map[string]string{"did": f.Body, "view_a": ""}))
	if w.count(`SELECT count(*) FROM draft`) != 0 || w.count(`SELECT count(*) FROM note_rev`) != 1 {
		t.Error("the revision did not end the drafts")
	}
	// Typing back to what was saved leaves no draft behind.
	_, err = w.SaveDraft(ctx, again, "did", "x")
	w.must(err)
	_, err = w.SaveDraft(ctx, again, "did", f.Body)
	w.must(err)
	if w.count(`SELECT count(*) FROM draft`) != 0 {
		t.Error("a draft equal to the revision stayed")
	}
}

func TestStartOpensTheNoteThatWasBegun(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.session(JointSession, "", 1, Held)
	n := w.written(NewNote{Session: id}, map[string]string{"did": "walked", "reflection": "hold back"})
	again, err := w.Start(ctx, coach, NewNote{Session: id})
	w.must(err)
	if f, _ := again.Field("did"); again.ID != n.ID || f.Body != "walked" {
		t.Errorf("started %v with %q, want %v", again.ID, f.Body, n.ID)
	}
	// Through A's eyes the same note has A's parts alone.
	mine, err := w.Start(ctx, as(clients.A), NewNote{Session: id})
	w.must(err)
	keys := map[string]bool{}
	for _, f := range mine.Fields {
		keys[f.Key] = true
	}
	if mine.ID != n.ID || !keys["note_a"] || !keys["note_both"] || keys["note_b"] || keys["reflection"] || keys["did"] {
		t.Errorf("A writes in %v", keys)
	}
}

// A note written late takes up what was agreed before its own session, not what came after.
func TestALateNoteBeginsWhereTheOneBeforeItEnded(t *testing.T) {
	w := newWorld(t)
	w.written(NewNote{Session: w.session(JointSession, "", 21, Held)}, map[string]string{"agreements": "the first"})
	late := w.session(JointSession, "", 14, Held)
	w.written(NewNote{Session: w.session(JointSession, "", 7, Held)}, map[string]string{"agreements": "the third"})
	n, err := w.Start(context.Background(), coach, NewNote{Session: late})
	w.must(err)
	if f, _ := n.Field("agreements"); f.Body != "the first" {
		t.Errorf("carried %q", f.Body)
	}
}

func TestAgreementsAreCarriedOverWithTheirProtection(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	first := w.written(NewNote{Session: w.session(JointSession, "", 9, Held)}, map[string]string{"agreements": "phones away", "did": "listened", "pattern": "pursue and withdraw"})
	w.written(NewNote{Session: w.session(IndividualSession, clients.SlotA, 5, Held)}, map[string]string{"to_joint": "no", "supervision": "about A"})
	_, err := w.SetVisibility(ctx, w.fieldID(first, "agreements"), clients.CoachOnly, "")
	w.must(err)
	id := w.session(JointSession, "", 2, Held)
	n, err := w.Start(ctx, coach, NewNote{Session: id})
	w.must(err)
	agreed, _ := n.Field("agreements")
	if agreed.Body != "phones away" || !agreed.Carried || agreed.Access.Visibility != clients.CoachOnly {
		t.Errorf("carried %+v", agreed)
	}
	if f, _ := n.Field("did"); f.Body != "" {
		t.Errorf("carried %q", f.Body)
	}
	if f, _ := n.Field("supervision"); f.Body != "" {
		t.Errorf("what was about A alone was carried into a note on both: %q", f.Body)
	}
	b, err := w.Start(ctx, coach, NewNote{Session: w.session(IndividualSession, clients.SlotB, 1, Held)})
	w.must(err)
	if f, _ := b.Field("to_joint"); f.Body != "" {
		t.Errorf("A's wish was carried into B's note: %q", f.Body)
	}
	// Leaving the form as it came stores nothing; with one word all of it is kept.
	texts := map[string]string{}
	for _, f := range n.Fields {
		texts[f.Key] = f.Body
	}
	w.must(w.SaveRevision(ctx, n, texts))
	if _, err := w.Note(ctx, coach, n.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("an untouched form became a note: %v", err)
	}
	_, err = w.SaveDraft(ctx, n, "did", "breathed")
	w.must(err)
	n, err = w.Edit(ctx, coach, n.ID)
	w.must(err)
	if f, _ := n.Field("agreements"); f.Body != "phones away" || f.Access.Visibility != clients.CoachOnly {
		t.Errorf("after a crash: %+v", f)
	}
	w.must(w.SaveRevision(ctx, n, map[string]string{"did": "breathed", "agreements": "phones away"}))
	if v, err := w.Note(ctx, as(clients.Us), n.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("both are shown %+v: %v", v, err)
	}
}

func TestFieldThatIsTooLongIsNamed(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n, err := w.Start(ctx, coach, NewNote{Couple: w.couple, At: w.clock.Now()})
	w.must(err)
	full := strings.Repeat("é", MaxField)
	w.must(w.SaveRevision(ctx, n, map[string]string{"content": full}))
	_, draft := w.SaveDraft(ctx, n, "content", full+"é")
	_, unknown := w.SaveDraft(ctx, n, "nowhere", "x")
	for field, err := range map[string]error{"content": draft, "next_step": w.SaveRevision(ctx, n, map[string]string{"content": "short", "next_step": full + "é"}), "nowhere": unknown} {
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != field {
			t.Errorf("%v, want a refusal that names %s", err, field)
		}
	}
	if v, err := w.Note(ctx, coach, n.ID); err != nil || v.Fields[0].Body != full {
		t.Errorf("the refusal changed the note: %v", err)
	}
}

func TestQuickNoteIsForTheReaderNamed(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	for to, seen := range map[clients.Reader]string{clients.Us: "coach joint a b", clients.A: "coach a", clients.B: "coach b", clients.CoachView: "coach"} {
		id, err := w.QuickNote(ctx, w.couple, to, "called about Friday", w.clock.Now(), "UTC")
		w.must(err)
		var got []string
		for _, r := range readers {
			if _, err := w.Note(ctx, as(r), id); err == nil {
				got = append(got, string(r))
			}
		}
		if s := strings.Join(got, " "); s != seen {
			t.Errorf("for %s: seen by %s, want %s", to, s, seen)
		}
	}
	_, err := w.QuickNote(ctx, w.couple, "", "x", w.clock.Now(), "UTC")
	wantKind(t, err, fault.BadInput, "for nobody")
	_, err = w.QuickNote(ctx, w.couple, clients.A, " \n", w.clock.Now(), "UTC")
	wantKind(t, err, fault.BadInput, "empty")
	_, err = w.QuickNote(ctx, ids.New(), clients.A, "x", w.clock.Now(), "UTC")
	wantKind(t, err, fault.NotFound, "no such couple")
	single, _, _ := w.addCouple("single")
	_, err = w.QuickNote(ctx, single, clients.B, "x", w.clock.Now(), "UTC")
	wantKind(t, err, fault.BadInput, "B of a single client")
}

func TestPV16VisibilityWidensOnlyByRelease(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.written(NewNote{Session: w.session(JointSession, "", 1, Held)}, map[string]string{"note_a": "hers", "safety": "careful", "agreements": "ours"})
	hers, safety, ours := w.fieldID(n, "note_a"), w.fieldID(n, "safety"), w.fieldID(n, "agreements")
	for name, f := range map[string]func() (ids.ID, error){
		"to both":   func() (ids.ID, error) { return w.SetVisibility(ctx, hers, clients.Joint, "") },
		"to B":      func() (ids.ID, error) { return w.SetVisibility(ctx, hers, clients.PartnerB, "") },
		"safety":    func() (ids.ID, error) { return w.SetVisibility(ctx, safety, clients.PartnerA, "") },
		"not there": func() (ids.ID, error) { return w.SetVisibility(ctx, ids.New(), clients.Joint, "") },
	} {
		if _, err := f(); err == nil {
			t.Errorf("%s was not refused", name)
		}
	}
	w.release(hers, "2026-11-22")
	change, err := w.SetVisibility(ctx, hers, clients.Joint, "she agreed")
	w.must(err)
	again, err := w.SetVisibility(ctx, hers, clients.Joint, "")
	w.must(err)
	log, err := w.VisibilityLog(ctx, coach, hers)
	w.must(err)
	if len(log) != 1 || !again.IsZero() || log[0].ID != change || log[0].From != clients.PartnerA || log[0].To != clients.Joint || log[0].Coach != "Test coach" || log[0].Reason != "she agreed" {
		t.Errorf("log %+v", log)
	}
	if log, err := w.VisibilityLog(ctx, as(clients.A), hers); err != nil || log != nil {
		t.Errorf("A is shown the log: %v %v", log, err)
	}

	w.must(w.LockNote(ctx, n.ID))
	narrowed, err := w.SetVisibility(ctx, ours, clients.CoachOnly, "") // locked or not
	w.must(err)
	w.write(func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO report_made (id, couple_id, reader, created_at) VALUES (?, ?, 'joint', ?)`, ids.New(), w.couple, tx.Now.UnixMilli())
		return err
	})
	reports, err := w.UndoVisibility(ctx, narrowed)
	w.must(err)
	if v, err := w.Note(ctx, as(clients.Us), n.ID); err != nil || reports != 1 || len(v.Fields) != 2 {
		t.Errorf("after undo both see %+v, %d reports, %v", v, reports, err)
	}
	_, err = w.UndoVisibility(ctx, narrowed)
	wantKind(t, err, fault.Refused, "undo twice")
	w.clock.Move(2 * time.Hour)
	_, err = w.UndoVisibility(ctx, change)
	wantKind(t, err, fault.Refused, "undo late")
	added, err := w.AddAddendum(ctx, n.ID, "", clients.Access{Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal}, "and this")
	w.must(err)
	_, err = w.SetVisibility(ctx, added, clients.CoachOnly, "")
	w.must(err)
	if v, err := w.Note(ctx, as(clients.Us), n.ID); err != nil || len(v.Addenda) != 0 {
		t.Errorf("a narrowed addendum is still shown: %+v %v", v.Addenda, err)
	}
	if found, err := VerifyLocks(ctx, w.cb.Reader()); err != nil || found != nil {
		t.Errorf("who may see a locked text counts as its content: %v %v", found, err)
	}
}

// Whatever is saved, in whatever order, every text that was ever saved stands in the
// history, each revision follows the one before, and the last text is what is read.
func TestRevisionsNeverLoseAText(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		n, err := w.Start(ctx, coach, NewNote{Couple: w.couple, Template: "couple-session", At: casebooktest.Start})
		if err != nil {
			rt.Fatal(err)
		}
		keys := []string{"did", "note_a", "reflection"}
		for i := range n.Fields { // what earlier rounds left is not part of this one
			n.Fields[i].Body, n.Fields[i].Carried = "", false
		}
		saved := map[string][]string{}
		last := map[string]string{}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			texts := map[string]string{}
			for _, k := range rapid.SliceOfDistinct(rapid.SampledFrom(keys), rapid.ID[string]).Draw(rt, "keys") {
				texts[k] = rapid.OneOf(rapid.StringN(0, 20, -1), rapid.Just(""), rapid.Just("same")).Draw(rt, "text")
			}
			if rapid.Bool().Draw(rt, "draft") {
				for k, body := range texts {
					if _, err := w.SaveDraft(ctx, n, k, body); err != nil {
						rt.Fatal(err)
					}
				}
				continue
			}
			if err := w.SaveRevision(ctx, n, texts); err != nil {
				rt.Fatal(err)
			}
			for k, body := range texts {
				if body != last[k] && (len(saved[k]) > 0 || !blank(body)) {
					saved[k] = append(saved[k], body)
					last[k] = body
				}
			}
		}
		history, err := w.History(ctx, coach, n.ID)
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string][]string{}
		slices.Reverse(history)
		slices.SortStableFunc(history, func(a, b Revision) int { return strings.Compare(a.ID.String(), b.ID.String()) })
		for _, r := range history {
			before := ""
			if s := got[r.Key]; len(s) > 0 {
				before = s[len(s)-1]
			}
			if r.Before != before {
				rt.Fatalf("a revision of %s follows %q, want %q", r.Key, r.Before, before)
			}
			got[r.Key] = append(got[r.Key], r.Body)
		}
		if d := cmp.Diff(saved, got); d != "" {
			rt.Fatal(d)
		}
		v, err := w.Note(ctx, coach, n.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			rt.Fatal(err)
		}
		for _, f := range v.Fields {
			if f.Body != last[f.Key] {
				rt.Fatalf("%s reads %q, want %q", f.Key, f.Body, last[f.Key])
			}
			delete(last, f.Key)
		}
		for k, body := range last {
			if body != "" {
				rt.Fatalf("%s is gone: %q", k, body)
			}
		}
	})
}
