package sessions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// tokens plants a word of its own in every place a note can have, and returns who may
// see which.
func (w *world) tokens() (session, privateA ids.ID, notes []ids.ID, seen map[string]string) {
	w.t.Helper()
	ctx := context.Background()
	session = w.session(JointSession, "", 20, Held)
	privateA = w.session(IndividualSession, clients.SlotA, 19, Held)
	seen = map[string]string{
		"tokjoint": "coach joint a b", "tokagreed": "coach joint a b", "tokonlya": "coach a", "tokonlyb": "coach b", "tokcoach": "coach", "tokviewa": "coach", "toksafety": "coach",
		"tokindividual": "coach", "tokowna": "coach a", "tokthird": "coach", "tokadda": "coach a", "tokaddjoint": "coach joint a b", "tokaddcoach": "coach", "tokreflection": "coach",
		"tokreleased": "coach joint a b", "tokexpired": "coach a", "tokquickb": "coach b", "tokoverwritten": "coach", "tokasked": "coach",
	}
	first := w.written(NewNote{Session: session}, map[string]string{"note_both": "tokoverwritten"})
	w.must(w.SaveRevision(ctx, first, map[string]string{"note_both": "tokjoint", "agreements": "tokagreed", "note_a": "tokonlya", "note_b": "tokonlyb", "reflection": "tokcoach", "view_a": "tokviewa", "safety": "toksafety", "supervision": "tokasked"}))
	second := w.written(NewNote{Session: privateA}, map[string]string{"content": "tokindividual", "note_own": "tokowna", "third_parties": "tokthird"})
	third := w.written(NewNote{Session: session, Template: "reflection"}, map[string]string{"reflection": "tokreflection"})
	released := w.written(NewNote{Couple: w.couple, Template: "individual-contact", About: clients.SlotA}, map[string]string{"note_own": "tokreleased"})
	expired := w.written(NewNote{Couple: w.couple, Template: "individual-contact", About: clients.SlotA, At: w.clock.Now().Add(time.Minute)}, map[string]string{"note_own": "tokexpired"})
	quick, err := w.QuickNote(ctx, w.couple, clients.B, "tokquickb", w.clock.Now(), "UTC")
	w.must(err)
	w.release(w.fieldID(released, "note_own"), "2026-12-01")
	w.release(w.fieldID(expired, "note_own"), "2026-11-21")
	w.must(w.LockNote(ctx, first.ID))
	for body, a := range map[string]clients.Access{
		"tokadda":     {Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal},
		"tokaddjoint": {Subject: clients.SubjectBoth, Visibility: clients.Joint, Sensitivity: clients.Normal},
		"tokaddcoach": {Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Safety},
	} {
		_, err := w.AddAddendum(ctx, first.ID, "supervision", a, body)
		w.must(err)
	}
	return session, privateA, []ids.ID{first.ID, second.ID, third.ID, released.ID, expired.ID, quick}, seen
}

func (w *world) release(item ids.ID, until string) {
	w.write(func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO release (id, couple_id, partner, item_id, given_on, expires_on) VALUES (?, ?, 'A', ?, '2026-11-01', ?)`, ids.New(), w.couple, item, until)
		return err
	})
}

func TestPlantedTokensReachOnlyTheirReaders(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	session, privateA, notes, seen := w.tokens()
	counts := map[clients.Reader]int{clients.CoachView: 6, clients.Us: 2, clients.A: 4, clients.B: 3}
	inSession := map[clients.Reader]int{clients.CoachView: 2, clients.Us: 1, clients.A: 1, clients.B: 1}
	for _, r := range readers {
		aud := as(r)
		var out strings.Builder
		dump := func(v any, err error) {
			if err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", r, err)
			}
			fmt.Fprintf(&out, "%+v\n", v)
		}
		for _, id := range []ids.ID{session, privateA} {
			v, err := w.Session(ctx, aud, id)
			dump(v, err)
			if id == session && len(v.Written) != inSession[r] || id == session && v.Notes != inSession[r] {
				t.Errorf("%q: %d notes and a count of %d in the session, want %d", r, len(v.Written), v.Notes, inSession[r])
			}
		}
		for _, id := range notes {
			dump(w.Note(ctx, aud, id))
			dump(w.Edit(ctx, aud, id))
			dump(w.History(ctx, aud, id))
		}
		list, err := w.Notes(ctx, aud, w.couple, time.Time{}, 100)
		dump(list, err)
		if len(list) != counts[r] {
			t.Errorf("%q: %d notes in the list, want %d", r, len(list), counts[r])
		}
		for _, x := range list {
			if !aud.IsCoach() && (x.Session == privateA) != (r == clients.A && x.ID == notes[1]) {
				t.Errorf("%q learns of A's session by note %v", r, x.ID)
			}
			if (r == clients.Us || r == clients.B) && x.About == clients.SlotA {
				t.Errorf("%q learns that a note is about A alone", r)
			}
		}
		dump(w.Sessions(ctx, aud, w.couple))
		dump(w.Today(ctx, aud, w.clock.Now()))
		for _, token := range slices.Sorted(maps.Keys(seen)) {
			want := slices.Contains(strings.Fields(seen[token]), string(r))
			if got := strings.Contains(out.String(), token); got != want {
				t.Errorf("%q sees %s: %v, want %v", r, token, got, want)
			}
		}
	}
}
