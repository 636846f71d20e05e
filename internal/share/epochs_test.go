package share

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// access shuts the coach out, or lets them in again.
func (w *world) access(r *computer) error {
	var closed bool
	if err := r.cb.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM coach_closed WHERE coach_id = ?)`, theCoach).Scan(&closed); err != nil {
		return err
	}
	return r.cb.SetAccess(ctx, theCoach, closed)
}

// watchEpochs sees that what a turn writes is sealed with the newest key that its computer
// has after it, but for the farewell, which tells nothing but who is left out.
func (w *world) watchEpochs(r *computer) (func() error, error) {
	before, err := list(r.folder)
	if err != nil || !w.rotates {
		return func() error { return nil }, err
	}
	return func() error {
		keys, err := keysOf(ctx, r.cb)
		if err != nil {
			return err
		}
		after, err := list(r.folder)
		if err != nil {
			return err
		}
		for _, f := range after {
			if slices.ContainsFunc(before, func(b file) bool { return b.path == f.path && b.size == f.size && b.mtime == f.mtime }) {
				continue
			}
			c, err := openContents(filepath.Join(r.folder, filepath.FromSlash(f.path)), keys)
			if err != nil {
				return err
			}
			all, err := c.append(nil)
			c.close()
			if err != nil {
				return err
			}
			if c.epoch == keys.Newest() {
				continue
			}
			told := slices.ContainsFunc(all, func(x *record) bool { return x.what != recRow || x.tbl != 34 && x.tbl != 2 && x.tbl != 1 })
			if told || c.kind != changes || len(c.about.claims) > 0 {
				return brokenf("%s is sealed with a key that somebody has who was shut out", f.path)
			}
		}
		return nil
	}, nil
}

// agreeOnKeys sees that all computers seal with one key, that it is none of the first epoch
// once somebody was shut out, and that it leaves out who is.
func (w *world) agreeOnKeys() error {
	for i, r := range w.r {
		keys, err := keysOf(ctx, r.cb)
		if err != nil {
			return err
		}
		first, err := keysOf(ctx, w.r[0].cb)
		if err != nil {
			return err
		}
		if keys.Newest() != first.Newest() || w.events >= 6 && keys.Newest() == "" {
			return brokenf("computer %d seals with %q, the first one with %q", i, keys.Newest(), first.Newest())
		}
		e := &engine{cb: r.cb}
		if ok, err := e.begun(ctx, r.cb.Reader()); err != nil || !ok {
			return brokenf("computer %d seals with a key that somebody has who was shut out (%v)", i, err)
		}
	}
	return nil
}

// TestHistoriesWithCoachesWhoGo plays histories in which a coach is shut out and let in again.
func TestHistoriesWithCoachesWhoGo(t *testing.T) {
	t.Parallel()
	n := 12
	if long() {
		n = 500
	}
	for seed := range n {
		err := play(seeded{rand.New(rand.NewPCG(uint64(seed), 7))}, sound, false, true)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// A computer that goes on with the key of before is caught.
func TestAFileUnderAnOldKeyIsCaught(t *testing.T) {
	t.Parallel()
	for seed := range 200 {
		if err := play(seeded{rand.New(rand.NewPCG(uint64(seed), 7))}, oldEpoch, false, true); errors.As(err, new(broken)) {
			if !strings.Contains(err.Error(), "sealed with a key") {
				t.Errorf("caught by something else: %v", err)
			}
			return
		}
	}
	t.Error("no history showed it")
}

// staff is a practice whose second computer is Ben's.
func staff(t *testing.T) (p *practice, ben ids.ID) {
	p = newPractice(t, 1)
	ben = casebooktest.AddCoach(t, p.cbs[0], "Ben")
	p.sync(0)
	p.joinAs(casebooktest.AnotherPassphrase)
	p.join()
	for i := range p.cbs {
		person(t, p.cbs[i], "Somebody")
	}
	p.settle()
	return p, ben
}

func (p *practice) joinAs(passphrase string) *casebook.Casebook {
	p.t.Helper()
	to := filepath.Join(p.t.TempDir(), "as.couplet")
	opts := casebook.Options{Now: p.clock.Now}
	s := vault.Secret{Passphrase: passphrase}
	if err := Join(ctx, p.folder, to, s, Options{Device: "another"}, opts, nil); err != nil {
		p.t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, to, s, opts)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { cb.Close() })
	p.cbs = append(p.cbs, cb)
	return cb
}

// readable are the files of the folder that the keys of a casebook open, whole.
func (p *practice) readable(cb *casebook.Casebook) (open, shut []string) {
	p.t.Helper()
	keys, err := keysOf(ctx, cb)
	if err != nil {
		p.t.Fatal(err)
	}
	files, err := list(p.folder)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range files {
		if f.inspect(p.folder, keys) == nil {
			open = append(open, f.path)
		} else {
			shut = append(shut, f.path)
		}
	}
	return open, shut
}

func TestWhoIsShutOutReadsNothingThatIsWrittenFromThenOn(t *testing.T) {
	p, ben := staff(t)
	if err := p.cbs[0].SetAccess(ctx, ben, false); err != nil {
		t.Fatal(err)
	}
	person(t, p.cbs[0], "After Ben")
	_, name := keepFile(t, p.cbs[0], "after Ben")
	p.sync(0)
	p.sync(2)
	person(t, p.cbs[2], "After Ben, too")
	p.sync(2)
	p.sync(0)
	if a, b := dump(t, p.cbs[0]), dump(t, p.cbs[2]); a != b || !strings.Contains(b, "After Ben, too") {
		t.Error("those who remain do not agree")
	}
	if p.contents().Verify(ctx, name) == nil {
		t.Error("the content of a file is sealed with the key that Ben has")
	}
	if !p.has(2, name) {
		t.Error("a colleague has not got the content")
	}

	// With all that he has, he opens what tells him to go, and what he had before.
	open, shut := p.readable(p.cbs[1])
	if len(shut) < 2 {
		t.Errorf("he is kept from %v only", shut)
	}
	for _, path := range shut {
		raw, err := os.ReadFile(filepath.Join(p.folder, filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		pre, err := container.ReadPreamble(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := p.cbs[1].OpenMine(pre.Ring); ok {
			t.Errorf("the key in %s is sealed to him", path)
		}
	}
	for _, path := range open {
		keys := container.Own(p.cbs[1].Key())
		c, err := openContents(filepath.Join(p.folder, filepath.FromSlash(path)), keys)
		if err != nil {
			t.Fatal(err)
		}
		all, err := c.append(nil)
		c.close()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			for _, x := range r.cells {
				if s, ok := x.value.(string); ok && strings.HasPrefix(s, "After") {
					t.Errorf("he reads %q in %s", s, path)
				}
			}
		}
	}
	if _, err := Sync(ctx, p.cbs[1], Options{}); err != nil && !fault.Is(err, fault.WrongKey) {
		t.Fatal(err)
	}
	if !p.cbs[1].ShutOut() {
		t.Error("his own program does not hear of it")
	}
	if strings.Contains(dump(t, p.cbs[1]), "After Ben") {
		t.Error("he reads what was written after")
	}
	// Nobody can join with his passphrase, and everybody else still can.
	if err := Join(ctx, p.folder, filepath.Join(t.TempDir(), "x.couplet"), vault.Secret{Passphrase: casebooktest.AnotherPassphrase}, Options{}, casebook.Options{}, nil); !fault.Is(err, fault.WrongKey) {
		t.Errorf("he joins: %v", err)
	}
	p.cbs = slices.Delete(p.cbs, 1, 2)
	p.join()
	if d := p.settle(); !strings.Contains(d, "After Ben") {
		t.Error("who joins later has not got all")
	}
	for i := range p.cbs {
		if r := p.sync(i); r.Published != 0 || len(r.Waiting) != 0 {
			t.Errorf("%d has no peace: %+v", i, r)
		}
	}
	// Who is let in later gets the keys of all epochs.
	casebooktest.AddCoach(t, p.cbs[0], "Dora")
	p.sync(0)
	hers := p.joinAs(casebooktest.AnotherPassphrase)
	if _, err := Sync(ctx, hers, Options{}); err != nil {
		t.Fatal(err)
	}
	if d := dump(t, hers); !strings.Contains(d, "After Ben, too") || attach.Of(hers).Verify(ctx, name) != nil {
		t.Error("who was let in later has not got all")
	}
}

// The colleague was offline and wrote under the old key; two more coaches were shut out
// meanwhile. What both sides wrote comes together.
func TestWhoWasOfflineForMonthsCatchesUp(t *testing.T) {
	p, ben := staff(t)
	person(t, p.cbs[2], "Written offline")
	carl := ids.New()
	write(t, p.cbs[0], `INSERT INTO coach (id, name) VALUES (?, 'Carl')`, carl)
	for _, coach := range []ids.ID{ben, carl} {
		if err := p.cbs[0].SetAccess(ctx, coach, false); err != nil {
			t.Fatal(err)
		}
		person(t, p.cbs[0], "Meanwhile")
		p.sync(0)
		p.clock.Move(40 * 24 * time.Hour)
		p.sync(0)
	}
	p.cbs = slices.Delete(p.cbs, 1, 2)
	if d := p.settle(); !strings.Contains(d, "Written offline") || strings.Count(d, "Meanwhile") != 2 {
		t.Errorf("something stayed away:\n%s", d)
	}
	for i, cb := range p.cbs {
		if all, err := readEpochs(ctx, cb.Reader()); err != nil || len(all) != 2 {
			t.Errorf("computer %d knows %d epochs (%v)", i, len(all), err)
		}
	}
}

// Two shut out somebody else at the same time, each without knowing of the other: neither of
// the two who went can read what is written once both know.
func TestTwoWhoShutOutAtTheSameTimeAgree(t *testing.T) {
	p, ben := staff(t)
	carl := casebooktest.AddCoach(t, p.cbs[0], "Carl")
	p.cbs = slices.Delete(p.cbs, 1, 2)
	p.settle()
	away := filepath.Join(t.TempDir(), "away")
	if err := p.cbs[0].SetAccess(ctx, ben, false); err != nil {
		t.Fatal(err)
	}
	if err := p.cbs[1].SetAccess(ctx, carl, false); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(away, os.DirFS(p.folder)); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	if err := os.Rename(p.folder, p.folder+" of the first"); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(p.folder, os.DirFS(away)); err != nil {
		t.Fatal(err)
	}
	p.sync(1)
	// Both folders come together; of two snapshots of one name a service renames one.
	if err := filepath.WalkDir(p.folder+" of the first", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(p.folder+" of the first", path)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		to := filepath.Join(p.folder, rel)
		if strings.HasSuffix(rel, snapshotSuffix) {
			to = strings.TrimSuffix(to, snapshotSuffix) + " (conflicted copy)" + snapshotSuffix
		}
		return os.WriteFile(to, raw, 0o600)
	}); err != nil {
		t.Fatal(err)
	}
	person(t, p.cbs[0], "Once both know")
	p.settle()
	person(t, p.cbs[1], "And later")
	p.settle()
	var newest []string
	for _, cb := range p.cbs {
		keys, err := keysOf(ctx, cb)
		if err != nil {
			t.Fatal(err)
		}
		newest = append(newest, keys.Newest())
		all, err := readEpochs(ctx, cb.Reader())
		if err != nil {
			t.Fatal(err)
		}
		if last := all[len(all)-1]; len(last.Without) != 2 {
			t.Errorf("the newest key is without %v", last.Without)
		}
	}
	if newest[0] != newest[1] {
		t.Error("they seal with different keys")
	}
	for i := range p.cbs {
		if r := p.sync(i); r.Published != 0 {
			t.Errorf("%d has no peace: %+v", i, r)
		}
	}
}

// What a coach wrote before they were shut out is taken in whenever it comes; what they wrote
// after, with a program that has not heard of it, waits and is named.
func TestWhatIsWrittenAfterTheAccessWasClosedWaitsAndIsNamed(t *testing.T) {
	p, ben := staff(t)
	person(t, p.cbs[1], "Before, on its way")
	p.clock.Move(time.Minute)
	his := filepath.Join(t.TempDir(), "his")
	if err := os.CopyFS(his, os.DirFS(p.folder)); err != nil {
		t.Fatal(err)
	}
	real := p.folder
	move := func(to string) { // his file service is off: he goes on in a folder of his own
		write := fmt.Sprintf(`UPDATE share_local SET folder = '%s'`, to)
		if err := p.cbs[1].Local(ctx, write); err != nil {
			t.Fatal(err)
		}
	}
	move(his)
	p.sync(1)
	if err := p.cbs[0].SetAccess(ctx, ben, false); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	p.clock.Move(time.Hour)
	person(t, p.cbs[1], "After")
	p.sync(1)
	for _, f := range p.ownFiles(1, his) {
		raw, err := os.ReadFile(filepath.Join(his, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(real, f), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := p.sync(0)
	d := dump(t, p.cbs[0])
	if !strings.Contains(d, "Before, on its way") || strings.Contains(d, "given_name: After\n") {
		t.Errorf("the wrong things were taken in:\n%s", d)
	}
	if len(r.Waiting) != 1 || r.Waiting[0].Kind != WaitShutOut || !strings.Contains(r.Waiting[0].Sentence, "Ben") {
		t.Fatalf("%+v", r.Waiting)
	}
	// By hand it can be brought in.
	if _, err := Merge(ctx, p.cbs[0], secret, Options{}, filepath.Join(real, filepath.FromSlash(r.Waiting[0].Name))); err != nil {
		t.Fatal(err)
	}
	if d := dump(t, p.cbs[0]); !strings.Contains(d, "given_name: After\n") {
		t.Error("it was not brought in by hand")
	}
	if r := p.sync(0); len(r.Waiting) != 0 {
		t.Errorf("it is named though it is here: %+v", r.Waiting)
	}
}

// ownFiles are the small files of a computer in a folder.
func (p *practice) ownFiles(i int, folder string) (out []string) {
	p.t.Helper()
	files, err := list(folder)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range files {
		if ownNumber(f.path, p.cbs[i].Device()) > 0 {
			out = append(out, f.path)
		}
	}
	return out
}

// A computer that was removed is left out, too; one that leaves by itself is not.
func TestRemovingAComputerBeginsAnEpochAndLeavingDoesNot(t *testing.T) {
	p := newOthers(t, 3)
	if err := LeaveWell(ctx, p.cbs[2], Options{}); err != nil {
		t.Fatal(err)
	}
	p.cbs = p.cbs[:2]
	p.settle()
	epochs := func() int {
		all, err := readEpochs(ctx, p.cbs[0].Reader())
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := epochs(); n != 0 {
		t.Errorf("%d epochs began when a computer left", n)
	}
	if err := Remove(ctx, p.cbs[0], p.cbs[1].Device()); err != nil {
		t.Fatal(err)
	}
	p.sync(0)
	p.sync(0)
	if n := epochs(); n != 1 {
		t.Errorf("%d epochs began", n)
	}
	// Its coach is the same, so that it hears of it and can take part again with all it wrote.
	person(t, p.cbs[1], "Written on it")
	if _, err := Sync(ctx, p.cbs[1], Options{}); !errors.Is(err, ErrRemoved) {
		t.Errorf("got %v", err)
	}
	if err := Share(ctx, p.cbs[1], p.folder, Options{}); err != nil {
		t.Fatal(err)
	}
	if d := p.settle(); !strings.Contains(d, "Written on it") {
		t.Error("what was written on it is lost")
	}
}
