package sessions

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// world is a casebook with one couple, and a guard that a test can close.
type world struct {
	*Store
	t             testing.TB
	cb            *casebook.Casebook
	clock         *casebooktest.Clock
	couple, a, b  ids.ID
	onHold        bool
	refusedGuards int
}

var errOnHold = errors.New("on hold")

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t}
	w.cb, w.clock = casebooktest.NewClock(t)
	w.Store = New(w.cb, func(context.Context, ids.ID) error {
		if w.onHold {
			w.refusedGuards++
			return errOnHold
		}
		return nil
	})
	w.couple, w.a, w.b = w.addCouple("couple")
	return w
}

func (w *world) addCouple(kind string) (couple, a, b ids.ID) {
	couple, a = ids.New(), ids.New()
	if kind == "couple" {
		b = ids.New()
	}
	w.write(func(tx *casebook.Tx) error {
		for _, p := range []ids.ID{a, b} {
			if p.IsZero() {
				continue
			}
			if _, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, ?)`, p, map[bool]string{true: "Ana", false: "Ben"}[p == a]); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO couple (id, kind, a_id, b_id, stage) VALUES (?, ?, ?, ?, 'active')`, couple, kind, a, b)
		return err
	})
	return couple, a, b
}

func (w *world) write(f func(*casebook.Tx) error) {
	w.t.Helper()
	w.must(w.cb.Write(context.Background(), "test", f))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func as(r clients.Reader) clients.Audience { return clients.For(r, "2026-11-22") }

var readers = []clients.Reader{clients.CoachView, clients.Us, clients.A, clients.B, ""}

func (w *world) session(kind Kind, slot clients.Slot, daysAgo int, state State) ids.ID {
	w.t.Helper()
	id, err := w.Create(context.Background(), Session{Couple: w.couple, Kind: kind, Slot: slot, Start: casebooktest.Start.AddDate(0, 0, -daysAgo), Zone: "Europe/Berlin", Minutes: 60, State: state})
	w.must(err)
	return id
}

// written makes a note with texts by key and returns it as opened by the coach.
func (w *world) written(n NewNote, texts map[string]string) Note {
	w.t.Helper()
	ctx := context.Background()
	if n.Couple.IsZero() && n.Session.IsZero() {
		n.Couple = w.couple
	}
	if n.At.IsZero() {
		n.At = w.clock.Now()
	}
	note, err := w.Start(ctx, coach, n)
	w.must(err)
	w.must(w.SaveRevision(ctx, note, texts))
	note, err = w.Edit(ctx, coach, note.ID)
	w.must(err)
	return note
}

func (w *world) fieldID(n Note, key string) ids.ID {
	w.t.Helper()
	f, ok := n.Field(key)
	if !ok {
		w.t.Fatalf("no field %s", key)
	}
	return f.ID
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.cb.Reader().QueryRowContext(context.Background(), query, args...).Scan(&n))
	return n
}

func wantKind(t testing.TB, err error, k fault.Kind, what string) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Errorf("%s: %v, want a fault of kind %d", what, err, k)
	}
}

func TestSessionIsKeptAsItWasEntered(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	in := Session{
		Couple: w.couple, Kind: JointSession, Start: casebooktest.Start, Zone: "Asia/Kolkata", Minutes: 75, Mode: Hybrid, Place: "Room 2", State: Held,
		Attendance: []Attendance{{Person: w.a, Presence: Late, Mode: Video}, {Person: w.b, Presence: Present}, {Coach: w.cb.Coach(), Presence: Present}},
	}
	id, err := w.Create(ctx, in)
	w.must(err)
	v, err := w.Session(ctx, coach, id)
	w.must(err)
	if v.Number != 1 || v.Names.A.Given != "Ana" || v.Names.B.Given != "Ben" || !v.Start.Equal(in.Start) || v.Place != "Room 2" || v.Minutes != 75 || v.Mode != Hybrid {
		t.Errorf("session reads %+v", v)
	}
	if got := v.Local().Format("15:04"); got != "17:30" {
		t.Errorf("local start %s, want 17:30", got)
	}
	var got []string
	for _, x := range v.Attendance {
		got = append(got, x.Name+" "+string(x.Presence)+" "+string(x.Attendance.Mode)+" "+string(x.Slot))
	}
	if d := cmp.Diff([]string{"Ana late video A", "Ben present  B", "Test coach present  "}, got); d != "" {
		t.Error(d)
	}
	w.must(w.Update(ctx, id, func(x *Session) error {
		x.Attendance = []Attendance{{Person: w.a, Presence: LeftEarly}}
		x.State = NoShow
		return nil
	}))
	v, err = w.Session(ctx, coach, id)
	w.must(err)
	if len(v.Attendance) != 1 || v.Attendance[0].Presence != LeftEarly || v.Number != 0 {
		t.Errorf("after the change: %+v", v)
	}
	w.must(w.Update(ctx, id, func(x *Session) error { x.Attendance = in.Attendance; return nil }))
	if n := w.count(`SELECT count(*) FROM attendance`); n != 3 {
		t.Errorf("%d rows of attendance after leaving and coming back, want 3", n)
	}
}

func TestSessionNamesEveryFieldThatIsWrong(t *testing.T) {
	w := newWorld(t)
	_, err := w.Create(context.Background(), Session{Kind: "x", Zone: "Mars/Base", Mode: "owl", Place: strings.Repeat("x", 501), State: "x", Attendance: []Attendance{{}}})
	fields := map[string]bool{}
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		if f, ok := fault.As(e); ok {
			fields[f.Field] = true
		}
	}
	want := map[string]bool{"couple": true, "kind": true, "start": true, "zone": true, "minutes": true, "mode": true, "place": true, "state": true, "attendance": true}
	if d := cmp.Diff(want, fields); d != "" {
		t.Error(d)
	}
}

// Rule PV-30: no way leads to a joint session while joint work is on hold.
func TestPV30AJointSessionWaitsForTheGuard(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	alone := w.session(IndividualSession, clients.SlotA, 0, Held)
	joint := w.session(JointSession, "", 3, Held)
	booked := w.session(JointSession, "", -3, Booked)
	w.must(w.Delete(ctx, booked))
	w.onHold = true
	x := Session{Couple: w.couple, Kind: JointSession, Start: casebooktest.Start, Zone: "UTC", Minutes: 60, State: Booked}
	_, err := w.Create(ctx, x)
	for name, err := range map[string]error{
		"create":    err,
		"regroup":   w.Update(ctx, alone, func(s *Session) error { s.Kind, s.Slot = JointSession, ""; return nil }),
		"book anew": w.Update(ctx, joint, func(s *Session) error { s.State = Booked; return nil }),
		"restore":   w.Restore(ctx, booked),
	} {
		if !errors.Is(err, errOnHold) {
			t.Errorf("%s: %v, want the guard's refusal", name, err)
		}
	}
	w.must(w.Update(ctx, joint, func(s *Session) error { s.Place = "as it was"; return nil }))
	w.session(IndividualSession, clients.SlotB, 0, Booked)
	_, err = New(w.cb, nil).Create(ctx, x)
	wantKind(t, err, fault.Refused, "without a guard")
}

func TestSingleClientHasNoJointSession(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	single, _, _ := w.addCouple("single")
	x := Session{Couple: single, Kind: JointSession, Start: casebooktest.Start, Zone: "UTC", Minutes: 60, State: Held}
	_, err := w.Create(ctx, x)
	wantKind(t, err, fault.BadInput, "joint")
	x.Kind, x.Slot = IndividualSession, clients.SlotB
	_, err = w.Create(ctx, x)
	wantKind(t, err, fault.BadInput, "B")
	x.Slot = clients.SlotA
	id, err := w.Create(ctx, x)
	w.must(err)
	n, err := w.Start(ctx, coach, NewNote{Session: id, Template: "couple-session"})
	w.must(err)
	if _, ok := n.Field("note_b"); ok {
		t.Error("a single client's note has a part for B")
	}
}

// Rule PV-06: lists and numbers begin anew for every reader.
func TestPV06SessionListAndNumbersObeyTheReader(t *testing.T) {
	w := newWorld(t)
	w.session(IndividualSession, clients.SlotA, 30, Held)
	w.session(JointSession, "", 20, Held)
	w.session(JointSession, "", 15, NoShow)
	w.session(IndividualSession, clients.SlotB, 10, Held)
	w.session(JointSession, "", 5, Held)
	want := map[clients.Reader]string{
		clients.CoachView: "joint 4, individual B 3, joint 0, joint 2, individual A 1",
		clients.Us:        "joint 2, joint 0, joint 1",
		clients.A:         "joint 3, joint 0, joint 2, individual A 1",
		clients.B:         "joint 3, individual B 2, joint 0, joint 1",
		"":                "",
	}
	for _, r := range readers {
		rows, err := w.Sessions(context.Background(), as(r), w.couple)
		w.must(err)
		var got []string
		for _, x := range rows {
			got = append(got, strings.Join(strings.Fields(string(x.Kind)+" "+string(x.Slot)+" "+string(rune('0'+x.Number))), " "))
		}
		if s := strings.Join(got, ", "); s != want[r] {
			t.Errorf("%q sees %s, want %s", r, s, want[r])
		}
	}
	last, next, err := w.Around(context.Background(), as(clients.B), w.couple, casebooktest.Start.AddDate(0, 0, -7))
	w.must(err)
	if last == nil || last.Slot != clients.SlotB || last.Number != 2 || next != nil {
		t.Errorf("around: %+v %+v", last, next)
	}
}

func TestDeletedSessionTakesItsNotesAlongAndBack(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.session(JointSession, "", 1, Held)
	kept := w.written(NewNote{Session: id}, map[string]string{"did": "walked"})
	gone := w.written(NewNote{Session: id, Template: "reflection"}, map[string]string{"reflection": "slow down"})
	w.must(w.DeleteNote(ctx, gone.ID))
	w.must(w.Delete(ctx, id))
	_, err := w.Session(ctx, coach, id)
	wantKind(t, err, fault.NotFound, "deleted session")
	_, err = w.Note(ctx, coach, kept.ID)
	wantKind(t, err, fault.NotFound, "note of a deleted session")
	w.must(w.Restore(ctx, id))
	v, err := w.Session(ctx, coach, id)
	w.must(err)
	if len(v.Written) != 1 || v.Written[0].ID != kept.ID {
		t.Errorf("restored with %d notes, want the one that went with it", len(v.Written))
	}
	w.must(w.LockNote(ctx, kept.ID))
	wantKind(t, w.Delete(ctx, id), fault.Refused, "delete with a locked note")
	wantKind(t, w.DeleteNote(ctx, kept.ID), fault.Refused, "delete a locked note")
	wantKind(t, w.Delete(ctx, ids.New()), fault.NotFound, "delete what is not there")
}

func TestWhoASessionIsWithStaysOnceWritten(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.session(IndividualSession, clients.SlotA, 1, Held)
	w.must(w.Update(ctx, id, func(s *Session) error { s.Slot = clients.SlotB; return nil }))
	if n := w.count(`SELECT count(*) FROM visibility_change WHERE item_id = ? AND was = 'partner_A' AND visibility = 'partner_B'`, id); n != 1 {
		t.Errorf("%d records of the change, want 1", n)
	}
	if _, err := w.Session(ctx, as(clients.A), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("A sees B's session: %v", err)
	}
	w.written(NewNote{Session: id}, map[string]string{"content": "x"})
	err := w.Update(ctx, id, func(s *Session) error { s.Kind, s.Slot = JointSession, ""; return nil })
	wantKind(t, err, fault.BadInput, "regroup a written session")
}

func TestTodayShowsWhatWaits(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	past := w.session(JointSession, "", 2, Held)
	forgotten := w.session(JointSession, "", 1, Booked)
	w.session(JointSession, "", 3, LateCancel)
	w.session(JointSession, "", 40, Held)
	w.written(NewNote{Session: w.session(JointSession, "", 4, Held)}, map[string]string{"agreements": "phones away at nine"})
	next := w.session(JointSession, "", -1, Booked)
	private := w.session(IndividualSession, clients.SlotB, -2, Booked)
	idle, _, _ := w.addCouple("couple")
	n, err := w.Start(ctx, coach, NewNote{Couple: idle, At: w.clock.Now()})
	w.must(err)
	_, err = w.SaveDraft(ctx, n, "content", "half a sen")
	w.must(err)

	got, err := w.Today(ctx, coach, w.clock.Now())
	w.must(err)
	if len(got.Next) != 2 || got.Next[0].ID != next || got.Next[0].Agreements != "phones away at nine" || got.Next[1].ID != private {
		t.Errorf("next: %+v", got.Next)
	}
	if len(got.WithoutNote) != 2 || got.WithoutNote[0].ID != forgotten || got.WithoutNote[1].ID != past {
		t.Errorf("without note: %+v", got.WithoutNote)
	}
	if len(got.Drafts) != 1 || got.Drafts[0].Note != n.ID || got.Drafts[0].Names.A.Given != "Ana" {
		t.Errorf("drafts: %+v", got.Drafts)
	}
	if len(got.Unbooked) != 1 || got.Unbooked[0].Couple != idle {
		t.Errorf("unbooked: %+v", got.Unbooked)
	}
	us, err := w.Today(ctx, as(clients.Us), w.clock.Now())
	w.must(err)
	if us.Next != nil || us.WithoutNote != nil || us.Drafts != nil || us.Unbooked != nil {
		t.Errorf("both see the coach's day: %+v", us)
	}
}
