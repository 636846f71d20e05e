package practices_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

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

func TestEachReaderSeesTheirPartOfTheBoard(t *testing.T) {
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

func TestJointPracticesWaitForBothScreens(t *testing.T) {
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

func TestConversationAnswersKeepTheirAudience(t *testing.T) {
	f := newBench(t)
	form, err := practices.Conversation()
	if err != nil {
		t.Fatal(err)
	}
	talk := practices.Talk{ID: ids.New(), Couple: f.couple, Zone: "Europe/London", Topic: "the evenings", Record: practices.Record{At: casebooktest.Start.AddDate(0, 0, -1), State: practices.ConversationHeld}}
	safety, own := 0, 0
	for _, st := range form.Steps {
		for _, fl := range st.Fields {
			switch {
			case fl.Audience == practices.SafetyOnly && fl.Kind == "yes_no":
				safety++
				talk.Answers = append(talk.Answers, practices.Answer{Key: fl.Key, Partner: clients.SlotB, Value: "yes"})
			case fl.Audience == practices.OwnRating && fl.Kind == "scale10":
				own++
				talk.Answers = append(talk.Answers, practices.Answer{Key: fl.Key, Partner: clients.SlotA, Value: "7"}, practices.Answer{Key: fl.Key, Partner: clients.SlotB, Value: "4"})
			}
		}
	}
	if safety == 0 || own == 0 {
		t.Fatalf("the form has %d safety questions and %d own ratings", safety, own)
	}
	if err := f.s.SaveTalk(ctx, talk); err != nil {
		t.Fatal(err)
	}
	if err := f.s.SaveTalk(ctx, talk); err != nil {
		t.Fatal(err)
	}
	for r, want := range map[clients.Reader]int{clients.CoachView: 2*own + safety, clients.A: own, clients.B: own, clients.Us: 0} {
		got, err := f.s.Talks(ctx, clients.For(r, today), f.couple, "", "")
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %d talks (%v)", r, len(got), err)
		}
		if len(got[0].Answers) != want {
			t.Errorf("%s sees %d answers, not %d", r, len(got[0].Answers), want)
		}
		for _, a := range got[0].Answers {
			if fl, _ := form.Field(a.Key); r != clients.CoachView && (fl.Audience == practices.SafetyOnly || a.Partner != clients.For(r, today).Slot()) {
				t.Errorf("%s sees %+v", r, a)
			}
		}
	}
	if got, err := f.s.Talks(ctx, clients.Audience{}, f.couple, "", ""); err != nil || len(got) != 0 {
		t.Errorf("nobody sees %d talks (%v)", len(got), err)
	}
}

func (f bench) talk(state practices.ConversationState, answers ...practices.Answer) practices.Talk {
	return practices.Talk{ID: ids.New(), Couple: f.couple, Zone: "Europe/London", Record: practices.Record{At: casebooktest.Start.Add(-time.Hour), State: state, Answers: answers}}
}

// A conversation begins only where its practice may be given to both.
func TestAConversationNeedsAnOpenPractice(t *testing.T) {
	f := newBench(t)
	running := f.talk(practices.ConversationOpen)
	if err := f.s.SaveTalk(ctx, running); err != nil {
		t.Fatal(err)
	}
	for name, j := range map[string]clients.JointFacts{
		"no screen":     {Kind: clients.KindCouple, A: clear(today)},
		"on hold":       {Kind: clients.KindCouple, Paused: true, A: clear(today), B: clear(today)},
		"overridden":    {Kind: clients.KindCouple, Override: today, A: clear(today)},
		"single client": {Kind: clients.KindSingle, A: clear(today)},
	} {
		f.joint.facts = j
		if err := f.s.SaveTalk(ctx, f.talk(practices.ConversationOpen)); !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v", name, err)
		}
		running.Topic = "told to its end: " + name
		if err := f.s.SaveTalk(ctx, running); err != nil {
			t.Errorf("%s: what had begun: %v", name, err)
		}
	}
}

// After a stop, or a yes to the private question, nothing begins before both have been
// screened again, and the coach is told whom to see, in words that name no answer.
func TestAStopClosesTheNextConversationUntilBothAreScreened(t *testing.T) {
	for name, k := range map[string]practices.Talk{
		"stopped": {Record: practices.Record{State: practices.ConversationHalted}},
		"afraid":  {Record: practices.Record{State: practices.ConversationHeld, Answers: []practices.Answer{{Key: "afraid", Partner: clients.SlotA, Value: "no"}, {Key: "afraid", Partner: clients.SlotB, Value: "yes"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newBench(t)
			talk := f.talk(k.State, k.Answers...)
			if err := f.s.SaveTalk(ctx, talk); err != nil {
				t.Fatal(err)
			}
			coach := clients.For(clients.CoachView, today)
			alone, err := f.s.ToSeeAlone(ctx, coach, 9)
			want := map[string]string{"stopped": "A B", "afraid": "B"}[name]
			var got []string
			for _, a := range alone {
				got = append(got, string(a.Partner))
			}
			if err != nil || strings.Join(got, " ") != want {
				t.Errorf("to see alone: %v, %v; want %s", got, err, want)
			}
			for _, r := range []clients.Reader{clients.Us, clients.A, clients.B} {
				if x, err := f.s.ToSeeAlone(ctx, clients.For(r, today), 9); err != nil || len(x) > 0 {
					t.Errorf("%s is told of %d, %v", r, len(x), err)
				}
			}
			err = f.s.SaveTalk(ctx, f.talk(practices.ConversationOpen))
			if !fault.Is(err, fault.Refused) {
				t.Fatalf("the next one: %v", err)
			}
			if s, hint := fault.Words(err); strings.Contains(s+hint, "afraid") || strings.Contains(s+hint, "Ben") {
				t.Errorf("the refusal tells too much: %s %s", s, hint)
			}
			if err := f.s.Assign(ctx, practices.Assignment{ID: ids.New(), CoupleID: f.couple, Practice: "pr-06", PracticeVersion: "1", Target: practices.ToBoth, Cadence: practices.Cadence{Text: "as needed", Every: practices.AsNeeded}, Starts: today, State: practices.Active}); !fault.Is(err, fault.Refused) {
				t.Errorf("the practice: %v", err)
			}
			again := []clients.Screen{{Outcome: clients.ScreenClear, HeldOn: today, CreatedAt: casebooktest.Start}}
			f.joint.facts.A, f.joint.facts.B = again, again
			if err := f.s.SaveTalk(ctx, f.talk(practices.ConversationOpen)); err != nil {
				t.Errorf("after new screens: %v", err)
			}
			if err := f.cb.Write(ctx, "test", func(tx *casebook.Tx) error {
				_, err := tx.Exec(`INSERT INTO safety_screen (id, couple_id, person_id, outcome, created_at) VALUES (?, ?, ?, 'clear', ?), (?, ?, ?, 'clear', ?)`,
					ids.New(), f.couple, f.a, casebooktest.Start.UnixMilli(), ids.New(), f.couple, f.b, casebooktest.Start.UnixMilli())
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if alone, err := f.s.ToSeeAlone(ctx, coach, 9); err != nil || len(alone) > 0 {
				t.Errorf("still to see alone: %v, %v", alone, err)
			}
		})
	}
}

func TestAConversationHasOneAgreement(t *testing.T) {
	f := newBench(t)
	talk := f.talk(practices.ConversationHeld, practices.Answer{Key: "agreement_kind", Value: "experiment"})
	if err := f.s.FinishTalk(ctx, talk, practices.Agreement{}); !fault.Is(err, fault.BadInput) {
		t.Errorf("an experiment without words: %v", err)
	}
	talk.Answers = append(talk.Answers, practices.Answer{Key: "agreement", Value: "Phones in a drawer at dinner"})
	a := practices.Agreement{Body: "Phones in a drawer at dinner", Who: "both", Agreed: today, Review: today.Add(14)}
	for range 2 {
		if err := f.s.FinishTalk(ctx, talk, a); err != nil {
			t.Fatal(err)
		}
	}
	coach := clients.For(clients.CoachView, today)
	all, err := f.s.Agreements(ctx, coach, f.couple)
	if err != nil || len(all) != 1 || all[0].State != practices.InForce || all[0].Review != today.Add(14) || all[0].Conversation != talk.ID {
		t.Fatalf("%+v, %v", all, err)
	}
	kept := all[0]
	kept.State = practices.Dropped
	if err := f.s.SaveAgreement(ctx, kept); err != nil {
		t.Fatal(err)
	}
	if err := f.s.FinishTalk(ctx, talk, a); err != nil {
		t.Fatal(err)
	}
	if all, _ = f.s.Agreements(ctx, coach, f.couple); all[0].State != practices.Dropped {
		t.Errorf("finishing again took %q back", practices.Dropped)
	}
	a.State = practices.Kept
	if err := f.s.FinishTalk(ctx, talk, a); err != nil {
		t.Fatal(err)
	}
	if all, _ = f.s.Agreements(ctx, coach, f.couple); len(all) != 1 || all[0].State != practices.Kept {
		t.Errorf("%+v", all)
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
