package practices_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
)

var (
	ctx   = context.Background()
	today = day.Of(casebooktest.Start)
)

type jointOpen struct{ facts clients.JointFacts }

func (j *jointOpen) JointFacts(context.Context, ids.ID) (clients.JointFacts, error) {
	return j.facts, nil
}

func clear(on day.Day) []clients.Screen {
	return []clients.Screen{{Outcome: clients.ScreenClear, HeldOn: on}}
}

type bench struct {
	cb           *casebook.Casebook
	s            *practices.Store
	joint        *jointOpen
	couple, a, b ids.ID
}

func newBench(t *testing.T) bench {
	t.Helper()
	j := &jointOpen{clients.JointFacts{Kind: clients.KindCouple, A: clear(today.Add(-30)), B: clear(today.Add(-30))}}
	f := bench{cb: casebooktest.New(t), joint: j, couple: ids.New(), a: ids.New(), b: ids.New()}
	f.s = practices.NewStore(f.cb, j)
	if err := f.cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		if _, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, 'Ada'), (?, 'Ben')`, f.a, f.b); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO couple (id, a_id, b_id) VALUES (?, ?, ?)`, f.couple, f.a, f.b)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f bench) assign(t *testing.T, practice string, to practices.Target) practices.Assignment {
	t.Helper()
	a := practices.Assignment{ID: ids.New(), CoupleID: f.couple, Practice: practice, PracticeVersion: "1", Target: to, Cadence: practices.Cadence{Text: "daily", Times: 1, Every: practices.EveryDay}, Starts: today.Add(-9), State: practices.Active}
	if err := f.s.Assign(ctx, a); err != nil {
		t.Fatal(err)
	}
	return a
}

func (f bench) log(a practices.Assignment, s clients.Slot, on day.Day, r practices.Result, noticed string) error {
	return f.s.SaveLog(ctx, practices.Log{ID: ids.New(), AssignmentID: a.ID, CoupleID: f.couple, Partner: s, On: on, Zone: "Europe/London", Minutes: 5, Result: r, Noticed: noticed})
}

func (f bench) board(t *testing.T, r clients.Reader) []practices.Progress {
	t.Helper()
	got, err := f.s.Board(ctx, clients.For(r, today), f.couple, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPV05EachReaderSeesTheirPartOfTheBoard(t *testing.T) {
	f := newBench(t)
	both, forA, forB := f.assign(t, "pr-12", practices.ToBoth), f.assign(t, "pr-07", practices.ToA), f.assign(t, "pr-07", practices.ToB)
	for i := range 3 {
		for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
			if s == clients.SlotB && i == 2 {
				continue // nine days ago only A confirmed
			}
			if err := f.log(both, s, today.Add(-7-i), practices.Done, "TOKEN-both-"+string(s)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.log(forA, clients.SlotA, today.Add(-1), practices.Done, "TOKEN-own-A"); err != nil {
		t.Fatal(err)
	}
	if err := f.log(forB, clients.SlotB, today.Add(-1), practices.Partly, "TOKEN-own-B"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reader clients.Reader
		boards int
		tokens string
		rates  string
	}{
		{clients.CoachView, 3, "both-A both-B own-A own-B", "A B"},
		{clients.A, 2, "both-A own-A", "A"},
		{clients.B, 2, "both-B own-B", "B"},
		{clients.Us, 1, "", ""},
		{"", 0, "", ""},
	} {
		got := f.board(t, c.reader)
		if len(got) != c.boards {
			t.Errorf("%q sees %d assignments", c.reader, len(got))
		}
		all := fmt.Sprintf("%+v", got)
		for _, tok := range []string{"both-A", "both-B", "own-A", "own-B"} {
			if want := strings.Contains(c.tokens, tok); strings.Contains(all, "TOKEN-"+tok) != want {
				t.Errorf("%q: token %s shown is %v", c.reader, tok, !want)
			}
		}
		for _, p := range got {
			for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
				if _, known := p.Own[s]; known && !strings.Contains(c.rates, string(s)) {
					t.Errorf("%q is shown how often %s practised", c.reader, s)
				}
			}
			if p.ID == both.ID {
				// Who reads their own count beside the couple's could subtract (rule PV-05).
				alone, confirmed := c.reader == clients.A || c.reader == clients.B, 2
				if alone {
					confirmed = 0
				}
				if p.Joint.Confirmed != confirmed || p.Shared == alone || p.Planned != 10 {
					t.Errorf("%q: %+v of %d, shared %v", c.reader, p.Joint, p.Planned, p.Shared)
				}
				if (p.Joint.Unconfirmed != 0) != (c.reader == clients.CoachView) {
					t.Errorf("%q: unconfirmed %d", c.reader, p.Joint.Unconfirmed)
				}
			}
		}
	}
}

// A bereavement four months ago locks the practice on mortality, for the assignment
// and for a log of one that was assigned before.
func TestALockedPracticeIsNeitherAssignedNorLogged(t *testing.T) {
	f := newBench(t)
	before := f.assign(t, "pr-04", practices.ToA)
	n := practices.Noted{ID: ids.New(), Couple: f.couple, Person: f.a, Condition: practices.Bereavement12m, Since: today.AddMonths(-4)}
	if err := f.s.Note(ctx, n); err != nil {
		t.Fatal(err)
	}
	again := before
	again.ID = ids.New()
	if err := f.s.Assign(ctx, again); !fault.Is(err, fault.Refused) {
		t.Errorf("assigned: %v", err)
	}
	if err := f.log(before, clients.SlotA, today, practices.Tried, ""); !fault.Is(err, fault.Refused) {
		t.Errorf("logged: %v", err)
	}
	if got, err := f.s.Conditions(ctx, clients.For(clients.A, today), f.couple); err != nil || len(got) != 0 {
		t.Errorf("A is shown what the coach noted: %v %v", got, err)
	}
	n.Since = today.AddMonths(-13)
	if err := f.s.Note(ctx, n); err != nil {
		t.Fatal(err)
	}
	if err := f.s.Assign(ctx, again); err != nil {
		t.Errorf("after a year: %v", err)
	}
}

func TestPV30JointPracticesWaitForBothScreens(t *testing.T) {
	f := newBench(t)
	f.joint.facts.B = nil
	a := practices.Assignment{ID: ids.New(), CoupleID: f.couple, Practice: "pr-12", PracticeVersion: "1", Target: practices.ToBoth, Cadence: practices.Cadence{Times: 1, Every: practices.EveryDay}, Starts: today, State: practices.Active}
	if err := f.s.Assign(ctx, a); !fault.Is(err, fault.Refused) {
		t.Errorf("got %v", err)
	}
	if n := len(f.board(t, clients.CoachView)); n != 0 {
		t.Errorf("%d assignments", n)
	}
}

func TestAPartnerLogsOnlyTheirOwn(t *testing.T) {
	f := newBench(t)
	a := f.assign(t, "pr-07", practices.ToA)
	if err := f.log(a, clients.SlotB, today, practices.Done, ""); !fault.Is(err, fault.BadInput) {
		t.Errorf("got %v", err)
	}
	if err := f.log(a, clients.SlotA, today.Add(5), practices.Done, ""); !fault.Is(err, fault.BadInput) {
		t.Errorf("a day to come: %v", err)
	}
}

// The writer chooses who sees a log; opening one later needs the writer's release.
func TestTheWriterChoosesWhoSeesALog(t *testing.T) {
	f := newBench(t)
	p := f.assign(t, "pr-02", practices.ToBoth)
	l := practices.Log{
		ID: ids.New(), AssignmentID: p.ID, CoupleID: f.couple, Partner: clients.SlotA, On: today, Zone: "Europe/London", Result: practices.Done, Noticed: "TOKEN",
		Access: clients.Access{Subject: clients.SubjectA, Visibility: clients.Joint, Sensitivity: clients.Normal},
	}
	save := func(v clients.Visibility) error {
		l.Access.Visibility = v
		return f.s.SaveLog(ctx, l)
	}
	seen := func(r clients.Reader) bool { return len(f.board(t, r)[0].Logs) > 0 }
	if err := save(clients.Joint); err != nil || !seen(clients.B) || !seen(clients.Us) {
		t.Fatalf("chosen for both: %v", err)
	}
	if err := save(clients.PartnerA); err != nil || seen(clients.B) || seen(clients.Us) || !seen(clients.A) {
		t.Errorf("narrowed: %v", err)
	}
	if err := save(clients.Joint); !fault.Is(err, fault.Refused) || seen(clients.B) {
		t.Errorf("opened again without a release: %v", err)
	}
	l.Access = clients.Access{}
	l.Noticed = "TOKEN again"
	if err := f.s.SaveLog(ctx, l); err != nil || seen(clients.B) || !seen(clients.A) {
		t.Errorf("saved without an audience it changes it: %v", err)
	}
	l.Access = clients.Access{Subject: clients.SubjectA, Sensitivity: clients.Normal}
	if err := save(clients.CoachOnly); err != nil || seen(clients.A) || !seen(clients.CoachView) {
		t.Errorf("for the coach alone: %v", err)
	}
}

// What rested is read back with its rest, and a partner's figures know of it too.
func TestARestIsKept(t *testing.T) {
	f := newBench(t)
	a := f.assign(t, "pr-07", practices.ToA)
	a.Stop(practices.Resting, "exams", today.Add(-5))
	a.Resume(today)
	if err := f.s.Assign(ctx, a); err != nil {
		t.Fatal(err)
	}
	for _, r := range []clients.Reader{clients.CoachView, clients.A} {
		got := f.board(t, r)[0]
		if got.Planned != 10-4 || len(got.Rests) != 1 || got.Cadence != a.Cadence {
			t.Errorf("%s: %d planned, rests %v, cadence %+v", r, got.Planned, got.Rests, got.Cadence)
		}
	}
}
