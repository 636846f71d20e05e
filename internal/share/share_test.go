package share

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

var ctx = context.Background()

var secret = vault.Secret{Passphrase: casebooktest.Passphrase}

// practice is one casebook on several computers.
type practice struct {
	t      testing.TB
	folder string
	cbs    []*casebook.Casebook
	clock  *casebooktest.Clock
}

// newPractice shares a casebook and joins n-1 more.
func newPractice(t testing.TB, n int) *practice {
	t.Helper()
	cb, clock := casebooktest.NewClock(t)
	p := &practice{t: t, folder: filepath.Join(t.TempDir(), "shared"), cbs: []*casebook.Casebook{cb}, clock: clock}
	if err := Share(ctx, cb, p.folder, Options{Device: "first"}); err != nil {
		t.Fatal(err)
	}
	for len(p.cbs) < n {
		p.join()
	}
	return p
}

func (p *practice) join() *casebook.Casebook {
	p.t.Helper()
	to := filepath.Join(p.t.TempDir(), "joined.couplet")
	opts := casebook.Options{Now: p.clock.Now}
	if err := Join(ctx, p.folder, to, secret, Options{Device: "joined"}, opts, nil); err != nil {
		p.t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, to, secret, opts)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { cb.Close() })
	p.cbs = append(p.cbs, cb)
	return cb
}

func (p *practice) sync(i int) Report {
	p.t.Helper()
	r, err := Sync(ctx, p.cbs[i], Options{})
	if err != nil {
		p.t.Fatalf("sync of %d: %v", i, err)
	}
	return r
}

// settle lets everybody sync twice and fails unless all casebooks are equal then.
func (p *practice) settle() string {
	p.t.Helper()
	for range 2 {
		for i := range p.cbs {
			p.sync(i)
		}
	}
	first := dump(p.t, p.cbs[0])
	for i, cb := range p.cbs[1:] {
		if d := cmp.Diff(strings.Split(first, "\n"), strings.Split(dump(p.t, cb), "\n")); d != "" {
			p.t.Fatalf("casebook %d differs:\n%s", i+1, d)
		}
		orphans(p.t, cb)
	}
	return first
}

func orphans(t testing.TB, cb *casebook.Casebook) {
	t.Helper()
	var n int
	if err := cb.Whole().QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&n); err != nil || n > 0 {
		t.Fatalf("%d rows point nowhere (%v)", n, err)
	}
}

func dump(t testing.TB, cb *casebook.Casebook) string {
	t.Helper()
	var b bytes.Buffer
	if err := Dump(ctx, cb, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func write(t testing.TB, cb *casebook.Casebook, query string, args ...any) {
	t.Helper()
	if err := cb.Write(ctx, "test", func(tx *casebook.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func person(t testing.TB, cb *casebook.Casebook, name string) ids.ID {
	t.Helper()
	id := ids.New()
	write(t, cb, `INSERT INTO person (id, given_name, created_at) VALUES (?, ?, 1)`, id, name)
	return id
}

func TestAnEditReachesTheOthers(t *testing.T) {
	p := newPractice(t, 2)
	id := person(t, p.cbs[0], "Ada")
	p.settle()
	write(t, p.cbs[1], `UPDATE person SET phone = '0123' WHERE id = ?`, id)
	if d := p.settle(); !strings.Contains(d, "phone: 0123") || !strings.Contains(d, "given_name: Ada") {
		t.Error(d)
	}
	entries, err := os.ReadDir(filepath.Join(p.folder, "Test practice.changes"))
	if err != nil || len(entries) == 0 {
		t.Errorf("no small files: %v (%v)", entries, err)
	}
	if r := p.sync(0); r.Published != 0 || r.Merged != 0 {
		t.Errorf("nothing was new, yet %+v", r)
	}
}

func TestTheValueThatLosesIsKept(t *testing.T) {
	p := newPractice(t, 3)
	id := person(t, p.cbs[0], "Ada")
	p.settle()
	write(t, p.cbs[0], `UPDATE person SET phone = '111' WHERE id = ?`, id)
	p.clock.Move(time.Second)
	write(t, p.cbs[1], `UPDATE person SET phone = '222' WHERE id = ?`, id)
	d := p.settle()
	if !strings.Contains(d, "phone: 222") || !strings.Contains(d, "lost person "+id.String()+"\n  phone: 111") {
		t.Error(d)
	}
	// Whoever saw 222 and writes again loses nothing.
	write(t, p.cbs[2], `UPDATE person SET phone = '333' WHERE id = ?`, id)
	if d := p.settle(); strings.Contains(d, "phone: 222") {
		t.Errorf("222 was seen and replaced:\n%s", d)
	}
}

func TestASnapshotIsMadeOnceWhenTheSmallFilesHaveGrown(t *testing.T) {
	p := newPractice(t, 1)
	id := person(t, p.cbs[0], "Ada")
	p.sync(0)
	noise := make([]byte, 60<<10)
	rand.Read(noise)
	for range 3 {
		write(t, p.cbs[0], `UPDATE person SET safe_note = ? WHERE id = ?`, hex.EncodeToString(noise), id)
		rand.Read(noise)
		p.sync(0)
	}
	write(t, p.cbs[0], `UPDATE person SET phone = '1' WHERE id = ?`, id)
	if r := p.sync(0); r.Published != 1 {
		t.Errorf("%+v", r)
	}
	if r := p.sync(0); r.Published != 0 {
		t.Errorf("nothing is new, yet %d files are written", r.Published)
	}
}

// A file service may put another computer's snapshot where ours was just written.
func TestASnapshotThatIsReplacedAtOnceIsRead(t *testing.T) {
	p := newPractice(t, 2)
	person(t, p.cbs[1], "Ada")
	var others bytes.Buffer
	if _, err := writeSnapshot(ctx, p.cbs[1], &others); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(p.folder, "Test practice.couplet")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	e, err := newEngine(ctx, p.cbs[0], Options{})
	if err != nil {
		t.Fatal(err)
	}
	e.step = func(at string) error {
		if at != "replaced" {
			return nil
		}
		e.step = func(string) error { return nil }
		return os.WriteFile(path, others.Bytes(), 0o600)
	}
	if _, err := e.sync(ctx); err != nil {
		t.Fatal(err)
	}
	if d := dump(t, p.cbs[0]); !strings.Contains(d, "given_name: Ada") {
		t.Error("the snapshot counts as read, and was not")
	}
}
