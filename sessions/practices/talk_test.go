package practices_test

import (
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
)

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
func TestPV34AStopClosesTheNextConversationUntilBothAreScreened(t *testing.T) {
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
