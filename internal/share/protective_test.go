package share_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample/large"
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
		shown, err := clients.New(cb).ReleasedOf(ctx, couple, today)
		if err != nil || !shown[note][clients.SlotA].IsZero() {
			t.Errorf("computer %d shows what was withdrawn: %+v (%v)", i, shown, err)
		}
		if s, err := clients.New(cb).JointStatus(ctx, couple, today); err != nil || s.Verdict != clients.JointOnHold {
			t.Errorf("computer %d lets joint work go on: %+v (%v)", i, s, err)
		}
	}
	give(1) // who sees both may widen it
	o.sync(share.Options{})
	if shown, err := clients.New(o.cb[0]).ReleasedOf(ctx, couple, today); err != nil || shown[note][clients.SlotA].IsZero() {
		t.Errorf("a decision that knew both does not count: %+v (%v)", shown, err)
	}
}

// A note as the window saves it, of two thousand letters, is a small file.
func TestANewNoteIsASmallFile(t *testing.T) {
	o := newOffice(t)
	couple, _ := o.pair()
	prose := large.Prose(1)
	var sizes []int64
	for range 12 {
		before := o.small()
		o.note(0, couple, prose(2048))
		if _, err := share.Sync(ctx, o.cb[0], share.Options{}); err != nil {
			t.Fatal(err)
		}
		for name, size := range o.small() {
			if _, was := before[name]; !was {
				sizes = append(sizes, size)
			}
		}
	}
	t.Logf("%d bytes", sizes)
	if len(sizes) != 12 || slices.Max(sizes) > 1500 {
		t.Errorf("they take %d bytes", sizes)
	}
}

// Before very much that is new comes at once a backup is made; without it nothing comes.
func TestABackupIsMadeBeforeVeryMuchIsMerged(t *testing.T) {
	o := newOffice(t)
	couple, _ := o.pair()
	tags := func(n int) {
		t.Helper()
		if err := o.cb[1].Write(ctx, "tags", func(tx *casebook.Tx) error {
			for range n {
				if _, err := tx.Exec(`INSERT INTO couple_tag (id, couple_id, tag) VALUES (?, ?, 'many')`, ids.New(), couple); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := share.Sync(ctx, o.cb[1], share.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	made := 0
	full := errors.New("the disk is full")
	var refuse error
	opts := share.Options{BeforeLarge: func(_ context.Context, cb *casebook.Casebook) error {
		made++
		return refuse
	}}
	tags(900)
	if _, err := share.Sync(ctx, o.cb[0], opts); err != nil || made != 0 {
		t.Errorf("for a little: %d backups (%v)", made, err)
	}
	before := dumped(t, o.cb[0])
	tags(1100)
	refuse = full
	if _, err := share.Sync(ctx, o.cb[0], opts); !errors.Is(err, full) || made != 1 || dumped(t, o.cb[0]) != before {
		t.Errorf("it went on without a backup: %d (%v)", made, err)
	}
	refuse = nil
	if _, err := share.Sync(ctx, o.cb[0], opts); err != nil || made != 2 || dumped(t, o.cb[0]) == before {
		t.Errorf("%d backups (%v)", made, err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	raw, err := os.ReadFile(filepath.Join(o.folder, "Test practice.couplet"))
	if err == nil {
		err = os.WriteFile(copied, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := share.Merge(ctx, o.cb[0], secret, opts, copied); err != nil || made != 2 {
		t.Errorf("for a copy with nothing new: %d backups (%v)", made-2, err)
	}
}

// A damaged casebook whose damage is in what it needs for itself alone gives back all that
// it says; one whose texts are damaged gives nothing.
func TestWhatADamagedCasebookSaysIsReclaimed(t *testing.T) {
	for object, whole := range map[string]bool{"person_name": true, "person": false} {
		t.Run(object, func(t *testing.T) {
			cb, clock := casebooktest.NewClock(t)
			o := &office{t: t, cb: []*casebook.Casebook{cb}, clock: clock}
			couple := o.couple()
			backup := filepath.Join(t.TempDir(), "backup.couplet")
			if err := cb.Copy(ctx, backup); err != nil {
				t.Fatal(err)
			}
			o.note(0, couple, "written after the backup")
			var page int64
			if err := cb.Whole().QueryRowContext(ctx, `SELECT rootpage FROM sqlite_schema WHERE name = ?`, object).Scan(&page); err != nil {
				t.Fatal(err)
			}
			if err := cb.Close(); err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(cb.Path())
			if err != nil {
				t.Fatal(err)
			}
			raw[2*4096+(page-1)*4096+1000] ^= 1
			damaged := filepath.Join(t.TempDir(), "damaged.couplet")
			if err := os.WriteFile(damaged, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			restored := o.open(backup)
			before := dumped(t, restored)
			if got := share.Reclaim(ctx, restored, secret, damaged); got != whole {
				t.Errorf("reclaimed: %v", got)
			}
			if d := dumped(t, restored); strings.Contains(d, "written after the backup") != whole || !whole && d != before {
				t.Error(d)
			}
			if kept, err := os.ReadFile(damaged); err != nil || !bytes.Equal(kept, raw) {
				t.Errorf("the damaged file was changed: %v", err)
			}
		})
	}
}

// small are the small files and their sizes.
func (o *office) small() map[string]int64 {
	o.t.Helper()
	out := map[string]int64{}
	entries, err := os.ReadDir(filepath.Join(o.folder, "Test practice.changes"))
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			o.t.Fatal(err)
		}
		out[e.Name()] = info.Size()
	}
	return out
}
