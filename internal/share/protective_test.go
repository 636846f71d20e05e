package share_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

// pair is the couple of newOffice and its first partner.
func (o *office) pair() (couple, ada ids.ID) {
	o.t.Helper()
	couple = o.couple()
	if err := o.cb[0].Reader().QueryRowContext(ctx, `SELECT a_id FROM couple WHERE id = ?`, couple).Scan(&ada); err != nil {
		o.t.Fatal(err)
	}
	o.sync(share.Options{})
	return couple, ada
}

// told is what the history of a record says that was written, newest first.
func (o *office) told(i int, id ids.ID, field string) (out []string) {
	o.t.Helper()
	events, err := changes.New(o.cb[i], nil).History(ctx, clients.For(clients.CoachView, day.Of(o.clock.Now())), id)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range events {
		for _, c := range e.Changes {
			if c.Field == field {
				out = append(out, c.After)
			}
		}
	}
	return out
}

func TestBothNumbersStandInTheHistory(t *testing.T) {
	o := newOffice(t)
	_, ada := o.pair()
	for i, phones := range [][]string{{"110", "111"}, {"220", "222"}} {
		for _, phone := range phones {
			o.clock.Move(time.Second)
			if err := o.cb[i].Write(ctx, "person.save", func(tx *casebook.Tx) error {
				_, err := tx.Exec(`UPDATE person SET phone = ? WHERE id = ?`, phone, ada)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	o.sync(share.Options{})
	for i := range o.cb {
		if got := o.told(i, ada, "phone"); !slices.Equal(got, []string{"222", "220", "111", "110"}) {
			t.Errorf("computer %d tells of %q", i, got)
		}
	}
}

// A quiz that was locked on one computer stays as it was there, whatever was keyed in on
// the other that did not know, earlier or later; that is kept and told.
func TestWhatALockClosedStaysAsItWas(t *testing.T) {
	const before, locked, offline = "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2", "3,3,2,1,2,2,1,1,2,1,2,2,3,3,3,1,3,3", "4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4"
	for name, c := range map[string]struct {
		locks  string
		editor int // who is first
	}{
		"as it stood, then keyed in":   {before, 0},
		"as it stood, after keyed in":  {before, 1},
		"with others, then keyed in":   {locked, 0},
		"with others, after keyed in":  {locked, 1},
		"locked on both computers":     {locked, 2},
		"locked on both, as it stood ": {before, 2},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			couple, ada := o.pair()
			d, err := quizzes.ByID("icp-18")
			if err != nil {
				t.Fatal(err)
			}
			a := quizzes.NewAdministration(d, couple, ada, o.clock.Now(), "Europe/London", quizzes.WithCoach)
			if a.Answers, err = quizzes.ParseAnswers(d, before); err != nil {
				t.Fatal(err)
			}
			if err := quizzes.NewStore(o.cb[0]).Save(ctx, &a); err != nil {
				t.Fatal(err)
			}
			o.sync(share.Options{})
			first, second := a, a
			first.Answers, _ = quizzes.ParseAnswers(d, c.locks)
			second.Answers, _ = quizzes.ParseAnswers(d, offline)
			lock := func() error { o.clock.Move(time.Minute); return quizzes.NewStore(o.cb[0]).Lock(ctx, &first) }
			key := func() error { o.clock.Move(time.Minute); return quizzes.NewStore(o.cb[1]).Save(ctx, &second) }
			steps := []func() error{lock, key}
			switch c.editor {
			case 1:
				steps = []func() error{key, lock}
			case 2:
				steps[1] = func() error { o.clock.Move(time.Minute); return quizzes.NewStore(o.cb[1]).Lock(ctx, &second) }
			}
			for _, s := range steps {
				if err := s(); err != nil {
					t.Fatal(err)
				}
			}
			o.sync(share.Options{})
			for i, cb := range o.cb {
				got, err := quizzes.NewStore(cb).Results(ctx, clients.For(clients.CoachView, day.Of(o.clock.Now())), couple)
				if err != nil || len(got) != 1 || got[0].LockedAt.IsZero() || !slices.Equal(got[0].Answers, first.Answers) || !got[0].LockedAt.Equal(first.LockedAt) {
					t.Errorf("computer %d: %+v (%v)", i, got, err)
				}
				if all := strings.Join(o.told(i, a.ID, "answers"), "\n"); strings.Count(all, "4,4,4,4,4,4,4,4") == 0 {
					t.Errorf("computer %d does not tell what was keyed in: %s", i, all)
				}
			}
		})
	}
}

func TestTheMoreProtectiveDecisionCountsOnBothComputers(t *testing.T) {
	o := newOffice(t)
	couple, ada := o.pair()
	note := o.note(0, couple, "something of Ada's")
	today := day.Of(o.clock.Now())
	give := func(i int) {
		t.Helper()
		if _, err := clients.New(o.cb[i]).GiveRelease(ctx, clients.Release{CoupleID: couple, Partner: clients.SlotA, ItemID: note}); err != nil {
			t.Fatal(err)
		}
	}
	give(0)
	o.sync(share.Options{})
	if _, err := clients.New(o.cb[0]).WithdrawRelease(ctx, couple, clients.SlotA, note, today, "said"); err != nil {
		t.Fatal(err)
	}
	o.clock.Move(time.Minute)
	give(1) // later, without knowing
	for i, outcome := range []clients.Outcome{clients.ScreenStop, clients.ScreenClear} {
		if _, err := clients.New(o.cb[i]).RecordScreen(ctx, clients.Screen{CoupleID: couple, PersonID: ada, Outcome: outcome, HeldOn: today}); err != nil {
			t.Fatal(err)
		}
	}
	o.sync(share.Options{})
	for i, cb := range o.cb {
		scope, err := clients.New(cb).ReleasedChannels(ctx, note, clients.SlotA, today)
		if err != nil || !scope.IsZero() {
			t.Errorf("computer %d shows what was withdrawn: %+v (%v)", i, scope, err)
		}
		if s, err := clients.New(cb).JointStatus(ctx, couple, today); err != nil || s.Verdict != clients.JointOnHold {
			t.Errorf("computer %d lets joint work go on: %+v (%v)", i, s, err)
		}
	}
	give(1) // who sees both may widen it
	o.sync(share.Options{})
	if scope, err := clients.New(o.cb[0]).ReleasedChannels(ctx, note, clients.SlotA, today); err != nil || scope.IsZero() {
		t.Errorf("a decision that knew both does not count: %+v (%v)", scope, err)
	}
}
