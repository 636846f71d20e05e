package share

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
)

// TestClosingDoesNotWaitForAFolderThatHangs has a turn that never ends.
func TestClosingDoesNotWaitForAFolderThatHangs(t *testing.T) {
	p := newPractice(t, 1)
	late := func(d time.Duration, f func()) func() {
		if d == closeWithin {
			go f()
		}
		return func() {}
	}
	k := Keep(p.cbs[0], Keeping{After: late})
	k.turn.Lock() // somebody waits for the disk
	person(t, p.cbs[0], "Ada")
	k.Close()
	if err := p.cbs[0].Close(); err != nil {
		t.Fatal(err)
	}
	k.turn.Unlock() // what comes back finds nothing to do
	k.turn.Lock()
	if _, err := k.sync(k.ctx, true); err == nil {
		t.Error("it went on with a closed casebook")
	}
}

// TestATurnThatTheFolderHeldUpFindsTheCasebookClosed has the casebook closed between two
// files: there is no key any more for what comes then.
func TestATurnThatTheFolderHeldUpFindsTheCasebookClosed(t *testing.T) {
	p := newPractice(t, 2)
	for range 3 {
		person(t, p.cbs[0], "Ada")
		p.sync(0)
	}
	e, err := newEngine(ctx, p.cbs[1], Options{})
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	e.looked = func(int64) {
		if looks++; looks == 1 {
			p.cbs[1].Close()
		}
	}
	if _, err := e.sync(ctx); err == nil || looks < 3 {
		t.Errorf("it looked at %d files and says %v", looks, err)
	}
}

func TestJoiningTellsHowFarItIsAndCanBeStopped(t *testing.T) {
	p := newPractice(t, 1)
	for range 10 {
		person(t, p.cbs[0], "Ada")
		p.sync(0)
	}
	dir := t.TempDir()
	to := filepath.Join(dir, "mine.couplet")
	var at []int64
	var whole int64
	count := func(done, total int64) {
		if total != whole && whole != 0 || done > total {
			t.Fatalf("%d of %d, which was %d", done, total, whole)
		}
		at, whole = append(at, done), total
	}
	stopped, stop := context.WithCancel(ctx)
	err := Join(stopped, p.folder, to, secret, Options{}, casebook.Options{Now: p.clock.Now}, func(done, total int64) { count(done, total); stop() })
	if left, _ := os.ReadDir(dir); !errors.Is(err, context.Canceled) || len(left) > 0 {
		t.Fatalf("stopped: %v, and left %v", err, left)
	}
	at, whole = nil, 0
	if err := Join(ctx, p.folder, to, secret, Options{}, casebook.Options{Now: p.clock.Now}, count); err != nil {
		t.Fatal(err)
	}
	if len(at) < 11 || at[len(at)-1] != whole {
		t.Errorf("it went %v of %d", at, whole)
	}
	for i := 1; i < len(at); i++ {
		if at[i] < at[i-1] {
			t.Errorf("it went back: %v", at)
		}
	}
}

// TestJoiningBeforeAnySmallFileHasCome: some file services carry no empty folder.
func TestJoiningBeforeAnySmallFileHasCome(t *testing.T) {
	p := newPractice(t, 1)
	if err := os.Remove(filepath.Join(p.folder, "Test practice.changes")); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "mine.couplet")
	opts := casebook.Options{Now: p.clock.Now}
	if err := Join(ctx, p.folder, to, secret, Options{}, opts, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, to, secret, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer cb.Close()
	person(t, cb, "Ada")
	if _, err := Sync(ctx, cb, Options{}); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	var names int
	if err := p.cbs[0].Reader().QueryRowContext(ctx, `SELECT count(*) FROM person WHERE given_name = 'Ada'`).Scan(&names); err != nil || names != 1 {
		t.Errorf("the other has %d of it (%v)", names, err)
	}
}

func TestTheOthersKnowWhoJoined(t *testing.T) {
	p := newPractice(t, 2)
	if err := Announce(ctx, p.cbs[1]); err != nil {
		t.Fatal(err)
	}
	p.sync(1)
	p.sync(0)
	all, err := Devices(ctx, p.cbs[0])
	if err != nil || len(all) != 2 || all[1].Name != "joined" || all[1].Heard.IsZero() {
		t.Errorf("%+v (%v)", all, err)
	}
}

// TestWhatThisComputerWasBeforeIsNoOtherComputer: after a restore, say. It leaves the list
// by itself, and is another computer if it goes on elsewhere, because this one is a copy.
func TestWhatThisComputerWasBeforeIsNoOtherComputer(t *testing.T) {
	p := newPractice(t, 2)
	p.sync(1)
	was := p.cbs[1].Device()
	if err := p.cbs[1].NewDevice(ctx); err != nil {
		t.Fatal(err)
	}
	p.sync(1)
	find := func() *Device {
		t.Helper()
		all, err := Devices(ctx, p.cbs[1])
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range all {
			if d.ID == was {
				return &all[i]
			}
			if d.Earlier {
				t.Errorf("%+v is called an earlier copy", d)
			}
		}
		return nil
	}
	if d := find(); d == nil || !d.Earlier || d.Own {
		t.Fatalf("%+v", d)
	}
	p.clock.Move(keepChanges + time.Hour)
	if d := find(); d != nil {
		t.Errorf("after 90 days it is there still: %+v", d)
	}
	if err := p.cbs[1].Local(ctx, `UPDATE device SET heard = ?, last_seen = ? WHERE uuid = ?`, p.clock.Now().UnixMilli(), p.clock.Now().UnixMilli(), was); err != nil {
		t.Fatal(err)
	}
	if d := find(); d == nil || d.Earlier {
		t.Errorf("it goes on elsewhere: %+v", d)
	}
}

func TestAFolderThatDoesNotAnswerIsNamed(t *testing.T) {
	p := newPractice(t, 1)
	var silent func()
	k := Keep(p.cbs[0], Keeping{After: func(d time.Duration, f func()) func() {
		if d == silentAfter {
			silent = f
		}
		return func() {}
	}})
	defer k.Close()
	k.answers(0) // a turn looks at a file, and then at nothing for long
	silent()
	if s := k.State(); s.Trouble == nil || s.Trouble.Error() != Silent().Error() {
		t.Errorf("it says %v", s.Trouble)
	}
	k.take()
	if s := k.State(); s.Trouble != nil || s.At.IsZero() {
		t.Errorf("it answers, and yet it says %v", s.Trouble)
	}
}
