package clients_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Whatever is wrong with a field, it is said once.
func TestValidateNamesAFieldOnce(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, err := range map[string]error{
		"person":     clients.Person{Name: clients.Name{Given: long, Family: long, Latin: long}, Email: long, Phone: long, Language: long, Zone: long, Say: long, Pronouns: long, BirthYear: 3}.Validate(),
		"couple":     clients.Couple{Kind: "trio", Status: long, Since: long}.Validate(),
		"engagement": clients.Engagement{Policy: "all", StartedOn: "soon", EndedOn: "never"}.Validate(),
		"release":    clients.Release{Partner: "C", GivenOn: "today", ExpiresOn: "never", Channels: []string{}}.Validate(),
		"signature":  clients.Signature{Purpose: "everything", State: clients.StateGiven, SignedOn: "then"}.Validate(),
		"screen":     clients.Screen{Outcome: "fine", HeldOn: "then"}.Validate(),
	} {
		got := fields(err)
		if once := slices.Compact(slices.Sorted(slices.Values(got))); len(got) == 0 || len(once) != len(got) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTogetherSince(t *testing.T) {
	for since, fits := range map[string]bool{"": true, "2015": true, "2015-06": true, "2016-02-29": true, "2015-02-29": false, "2015-6": false, "2015-13": false, "15": false} {
		c := clients.Couple{Kind: clients.KindCouple, A: ids.New(), B: ids.New(), Since: since}
		if got := c.Validate() == nil; got != fits {
			t.Errorf("%q fits: %v", since, got)
		}
	}
}

// A decision of tomorrow would count today: a screen, a signature, a release.
func TestDecisionsLieNotAhead(t *testing.T) {
	cb, clock := casebooktest.NewClock(t)
	s := clients.New(cb)
	id, a, _ := couple(t, s, named("A", "A"), named("B", "B"))
	tomorrow := day.Of(clock.Now()).Add(1)
	decide := func() []error {
		_, screen := s.RecordScreen(ctx, clients.Screen{CoupleID: id, PersonID: a, Outcome: clients.ScreenClear, HeldOn: tomorrow})
		_, sign := s.Sign(ctx, clients.Signature{CoupleID: id, PersonID: a, Purpose: clients.PurposeRecords, TextVersion: "1", Language: "en", Way: "on paper", SignedOn: tomorrow})
		_, release := s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: id, GivenOn: tomorrow})
		_, back := s.WithdrawRelease(ctx, id, clients.SlotA, id, tomorrow, "")
		return []error{screen, sign, release, back}
	}
	for i, want := range []string{"held_on", "signed_on", "given_on", "given_on"} {
		if got := fields(decide()[i]); !cmp.Equal(got, []string{want}) {
			t.Errorf("%d: %q, want %s", i, got, want)
		}
	}
	clock.Move(24 * time.Hour)
	for _, err := range decide() {
		ok(t, err)
	}
}

// The end of one engagement ends no release while another runs, and moving the end
// forward takes the releases along.
func TestPV18ReleasesEndWithTheLastEngagement(t *testing.T) {
	cb, clock := casebooktest.NewClock(t)
	s := clients.New(cb)
	id, _, _ := couple(t, s, named("A", "A"), named("B", "B"))
	clock.Move(30 * 24 * time.Hour)
	at := day.Of(clock.Now())
	running := must[[]clients.Engagement](t)(s.Engagements(ctx, coach, id))[0].ID
	old := must[ids.ID](t)(s.CreateEngagement(ctx, clients.Engagement{CoupleID: id, StartedOn: "2024-01-01"}))
	item := ids.New()
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: item, GivenOn: at.Add(-20)}))
	open := func(on day.Day) bool {
		return released(t, s, id, item, clients.SlotA, on).Whole
	}
	ok(t, s.EndEngagement(ctx, old, "2024-06-30"))
	if !open(at) {
		t.Error("the end of an old engagement took a release back")
	}
	ok(t, s.EndEngagement(ctx, running, at.Add(-2)))
	if open(at) || !open(at.Add(-2)) {
		t.Error("the release does not end with the engagement")
	}
	ok(t, s.EndEngagement(ctx, running, at.Add(-9)))
	if open(at.Add(-8)) || !open(at.Add(-9)) {
		t.Error("the release outlives the engagement")
	}
}

// Undo brings back who went with the record, and nobody who had been deleted before.
func TestRestoreIsTheExactWayBack(t *testing.T) {
	s, _ := book(t)
	id, a, b := couple(t, s, named("A", "A"), named("B", "B"))
	ok(t, s.DeletePerson(ctx, a))
	ok(t, s.DeleteCouple(ctx, id))
	ok(t, s.RestoreCouple(ctx, id))
	for p, gone := range map[ids.ID]bool{a: true, b: false} {
		if got := must[clients.Person](t)(s.Person(ctx, coach, p)).Deleted; got != gone {
			t.Errorf("deleted %v, want %v", got, gone)
		}
	}
}

func TestFillPersonLeavesWhatIsKnown(t *testing.T) {
	s, cb := book(t)
	id := must[ids.ID](t)(s.CreatePerson(ctx, clients.Person{Name: clients.Name{Given: "Mei"}, Email: "mei@example.org"}))
	ok(t, cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		return clients.FillPerson(tx, id, clients.Person{Name: clients.Name{Given: "M.", Family: "Li"}, Email: "other@example.org", Phone: "+1 555-0101", BirthYear: 1990, Safe: clients.SafeContact{When: "evenings"}})
	}))
	p := must[clients.Person](t)(s.Person(ctx, coach, id))
	if p.Given != "Mei" || p.Family != "Li" || p.Email != "mei@example.org" || p.Phone != "+1 555-0101" || p.BirthYear != 1990 || p.Safe.When != "evenings" {
		t.Errorf("%+v", p)
	}
}

// A release of a text says of which note; nobody but the coach is told.
func TestReleasedNotesAreKnownByTheirDay(t *testing.T) {
	s, cb := book(t)
	id, _, _ := couple(t, s, named("A", "A"), named("B", "B"))
	note, text := ids.New(), ids.New()
	at := casebooktest.Start.Add(-time.Hour)
	exec(t, cb, `INSERT INTO note (id, couple_id, written_at) VALUES (?, ?, ?)`, note, id, clients.Millis(at))
	exec(t, cb, `INSERT INTO note_field (id, note_id, key, subject, visibility) VALUES (?, ?, 'note_a', 'A', 'partner_A')`, text, note)
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: text, GivenOn: today}))
	must[ids.ID](t)(s.GiveRelease(ctx, clients.Release{CoupleID: id, Partner: clients.SlotA, ItemID: ids.New(), GivenOn: today}))
	if l := must[map[ids.ID]time.Time](t)(s.ReleasedNotes(ctx, coach, id)); len(l) != 1 || !l[text].Equal(at) {
		t.Errorf("%v", l)
	}
	if l := must[map[ids.ID]time.Time](t)(s.ReleasedNotes(ctx, asB, id)); len(l) != 0 {
		t.Errorf("B is told %v", l)
	}
}
