package share_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/sessions"
)

var (
	ctx    = context.Background()
	secret = vault.Secret{Passphrase: casebooktest.Passphrase}
)

// office is a practice as its coaches know it: two computers and one folder.
type office struct {
	t      *testing.T
	folder string
	cb     []*casebook.Casebook
	clock  *casebooktest.Clock
}

func newOffice(t *testing.T) *office {
	t.Helper()
	cb, clock := casebooktest.NewClock(t)
	o := &office{t: t, folder: filepath.Join(t.TempDir(), "shared"), cb: []*casebook.Casebook{cb}, clock: clock}
	if err := share.Share(ctx, cb, o.folder, share.Options{}); err != nil {
		t.Fatal(err)
	}
	o.open(o.join())
	return o
}

// join makes one more replica and returns where it lies.
func (o *office) join() string {
	o.t.Helper()
	to := filepath.Join(o.t.TempDir(), "joined.couplet")
	if err := share.Join(ctx, o.folder, to, secret, share.Options{}, casebook.Options{Now: o.clock.Now}, nil); err != nil {
		o.t.Fatal(err)
	}
	return to
}

func (o *office) open(path string) *casebook.Casebook {
	o.t.Helper()
	cb, err := casebook.Open(ctx, path, secret, casebook.Options{Now: o.clock.Now})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { cb.Close() })
	o.cb = append(o.cb, cb)
	return cb
}

func (o *office) sync(opts share.Options) (last share.Report) {
	o.t.Helper()
	for range 2 {
		for _, cb := range o.cb {
			r, err := share.Sync(ctx, cb, opts)
			if err != nil {
				o.t.Fatal(err)
			}
			last = r
		}
	}
	first := dumped(o.t, o.cb[0])
	for _, cb := range o.cb[1:] {
		if d := cmp.Diff(strings.Split(first, "\n"), strings.Split(dumped(o.t, cb), "\n")); d != "" {
			o.t.Fatal(d)
		}
	}
	for _, cb := range o.cb {
		found, err := cb.Check(ctx, nil, sessions.VerifyLocks)
		if err != nil || len(found) > 0 {
			o.t.Errorf("check: %v (%v)", found, err)
		}
	}
	return last
}

func dumped(t *testing.T, cb *casebook.Casebook) string {
	t.Helper()
	var b bytes.Buffer
	if err := share.Dump(ctx, cb, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// couple makes a record with two people.
func (o *office) couple() ids.ID {
	o.t.Helper()
	id, err := clients.New(o.cb[0]).CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Ada"}}, B: &clients.Person{Name: clients.Name{Given: "Ben"}}})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) note(i int, couple ids.ID, body string) ids.ID {
	o.t.Helper()
	id, err := sessions.New(o.cb[i], nil).QuickNote(ctx, couple, clients.CoachView, body, o.clock.Now(), "UTC")
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) edit(i int, note ids.ID, body string) {
	o.t.Helper()
	s := sessions.New(o.cb[i], nil)
	n, err := s.Edit(ctx, clients.For(clients.CoachView, ""), note)
	if err == nil {
		err = s.SaveRevision(ctx, n, map[string]string{"content": body})
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestTwoCoachesWriteTheSameNote(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	note := o.note(0, couple, "what we began with")
	o.sync(share.Options{})
	o.edit(0, note, "what Anna wrote on the train")
	o.edit(1, note, "what Ben wrote at home")
	o.sync(share.Options{})
	d := dumped(t, o.cb[0])
	if strings.Count(d, "  version ") != 2 || !strings.Contains(d, "what Anna wrote on the train") || !strings.Contains(d, "what Ben wrote at home") {
		t.Errorf("both texts have to stand:\n%s", d)
	}
}

func TestWhatWasWrittenWithoutKnowingOfTheLockIsAdded(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	note := o.note(0, couple, "as it was")
	o.sync(share.Options{})
	o.edit(1, note, "as Ben changed it offline")
	if err := sessions.New(o.cb[0], nil).LockNote(ctx, note); err != nil {
		t.Fatal(err)
	}
	o.sync(share.Options{})
	for _, cb := range o.cb {
		var text, added, audience string
		if err := cb.Whole().QueryRowContext(ctx, `SELECT r.body, a.body, a.visibility FROM note_field f JOIN note_rev r ON r.id = f.head JOIN addendum a ON a.field_id = f.id WHERE f.note_id = ?`, note).Scan(&text, &added, &audience); err != nil {
			t.Fatal(err)
		}
		if text != "as it was" || added != "as Ben changed it offline" || audience != "coach_only" {
			t.Errorf("%q with %q for %s", text, added, audience)
		}
	}
}

func TestTwoComputersLockDifferentTexts(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	note := o.note(0, couple, "as it was")
	o.sync(share.Options{})
	o.edit(0, note, "Anna's")
	o.clock.Move(time.Second)
	o.edit(1, note, "Ben's")
	for _, cb := range o.cb {
		if err := sessions.New(cb, nil).LockNote(ctx, note); err != nil {
			t.Fatal(err)
		}
	}
	o.sync(share.Options{}) // and check accepts both locks
	if d := dumped(t, o.cb[1]); !strings.Contains(d, "Anna's") || !strings.Contains(d, "Ben's") {
		t.Error(d)
	}
}

func TestTheFolderIsOnlyTransport(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	o.sync(share.Options{})
	o.note(1, couple, "while the folder is gone")
	if err := os.RemoveAll(o.folder); err != nil {
		t.Fatal(err)
	}
	if _, err := share.Sync(ctx, o.cb[0], share.Options{}); !fault.Is(err, fault.System) {
		t.Errorf("a folder that is gone: %v", err)
	}
	if err := os.Mkdir(o.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	o.sync(share.Options{})
	o.open(o.join())
	if !strings.Contains(dumped(t, o.cb[2]), "while the folder is gone") {
		t.Error("the folder was not healed")
	}
}

func TestCopiesAreMergedAndPutAway(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	o.sync(share.Options{})
	snapshot := filepath.Join(o.folder, "Test practice.couplet")
	raw, err := os.ReadFile(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Test practice (conflicted copy 2026-11-22).couplet", "Test practice-LAPTOP7.couplet", "Test practice.sync-conflict-20261122-101010-ABCDEFG.couplet", "mailed.bin"} {
		if err := os.WriteFile(filepath.Join(o.folder, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.note(1, couple, "meanwhile")
	backups := t.TempDir()
	o.sync(share.Options{Backups: backups})
	left, err := os.ReadDir(o.folder)
	if err != nil || len(left) != 2 {
		t.Errorf("left in the folder: %v (%v)", left, err)
	}
	kept, err := os.ReadDir(backups)
	if err != nil || len(kept) == 0 {
		t.Errorf("the copies were not kept: %v (%v)", kept, err)
	}
}

func TestWhatCannotBeReadWaitsAndIsNamed(t *testing.T) {
	o := newOffice(t)
	couple := o.couple()
	o.sync(share.Options{})
	other := casebooktest.New(t)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := share.Share(ctx, other, elsewhere, share.Options{}); err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(filepath.Join(elsewhere, "Test practice.couplet"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(filepath.Join(o.folder, "Test practice.couplet"))
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Clone(own)
	newer[17] = 99
	for name, raw := range map[string][]byte{"foreign": foreign, "newer": newer, "cut": own[:len(own)/2], "readme.txt": []byte("not ours"), "empty": nil, ".hidden": own[:99]} {
		if err := os.WriteFile(filepath.Join(o.folder, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.note(1, couple, "goes on all the same")
	r := o.sync(share.Options{})
	got := map[string]share.WaitKind{}
	for _, w := range r.Waiting {
		got[w.Name] = w.Kind
		if w.Sentence == "" || w.Hint == "" || w.Since.IsZero() {
			t.Errorf("%s says %+v", w.Name, w)
		}
	}
	want := map[string]share.WaitKind{"foreign": share.WaitForeign, "newer": share.WaitNewer, "cut": share.WaitIncomplete}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCopiesOfTheFileAreMergedByHand(t *testing.T) {
	cb, clock := casebooktest.NewClock(t)
	path := cb.Path()
	o := &office{t: t, cb: []*casebook.Casebook{cb}, clock: clock}
	couple := o.couple()
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.couplet")
	if err := os.WriteFile(copied, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	o.cb = nil
	o.open(path)
	o.open(copied)
	if o.cb[0].Device() != o.cb[1].Device() {
		t.Fatal("a copy that wrote nothing has the name of the first")
	}
	o.note(0, couple, "written in the first")
	o.note(1, couple, "written in the copy")
	if o.cb[0].Device() == o.cb[1].Device() {
		t.Error("a copy that writes needs a name of its own")
	}
	if err := o.cb[1].Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := share.Merge(ctx, o.cb[0], secret, share.Options{}, copied); err != nil {
		t.Fatal(err)
	}
	if d := dumped(t, o.cb[0]); !strings.Contains(d, "written in the first") || !strings.Contains(d, "written in the copy") {
		t.Error(d)
	}
	r, err := share.Merge(ctx, o.cb[0], secret, share.Options{}, copied)
	if err != nil || r.Merged != 0 {
		t.Errorf("twice: %+v (%v)", r, err)
	}
	other := casebooktest.New(t)
	if err := errors.Join(other.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := share.Merge(ctx, o.cb[0], secret, share.Options{}, other.Path()); !fault.Is(err, fault.WrongKey) {
		t.Errorf("a stranger: %v", err)
	}
}
