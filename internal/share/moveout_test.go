package share

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
)

// TestACasebookIsMovedOutWithItsConflictCopies begins with a live casebook in a synced
// folder, a copy of it that went another way, one of a colleague's other casebook, and a
// file that is none.
func TestACasebookIsMovedOutWithItsConflictCopies(t *testing.T) {
	p := newPractice(t, 1)
	person(t, p.cbs[0], "Ada")
	if err := Leave(ctx, p.cbs[0]); err != nil {
		t.Fatal(err)
	}
	synced, mine, backups := t.TempDir(), filepath.Join(t.TempDir(), "mine.couplet"), t.TempDir()
	live, copied := filepath.Join(synced, "Practice.couplet"), filepath.Join(synced, "Practice (Ben's conflicted copy).couplet")
	opts := casebook.Options{Now: p.clock.Now}
	put := func(path, name string) {
		t.Helper()
		if err := p.cbs[0].Copy(ctx, path); err != nil {
			t.Fatal(err)
		}
		cb, err := casebook.Open(ctx, path, secret, opts)
		if err != nil {
			t.Fatal(err)
		}
		person(t, cb, name)
		if err := cb.Close(); err != nil {
			t.Fatal(err)
		}
	}
	put(live, "Written in the folder")
	put(copied, "Written by Ben")
	other := casebooktest.New(t)
	if err := other.Copy(ctx, filepath.Join(synced, "Other.couplet")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(synced, "letter.txt"), []byte("Dear Ben"), 0o600); err != nil {
		t.Fatal(err)
	}
	options := func(*casebook.Casebook) (Options, error) { return Options{Device: "first", Backups: backups}, nil }
	if err := MoveOut(ctx, live, filepath.Join(synced, "inside.couplet"), secret, options, opts, nil); err == nil {
		t.Error("it was moved to where it was")
	}
	var last, whole int64
	if err := MoveOut(ctx, live, mine, secret, options, opts, func(done, total int64) { last, whole = done, total }); err != nil {
		t.Fatal(err)
	}
	if last != whole || whole == 0 {
		t.Errorf("it went %d of %d", last, whole)
	}
	cb, err := casebook.Open(ctx, mine, secret, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer cb.Close()
	all := dump(t, cb)
	for _, name := range []string{"Ada", "Written in the folder", "Written by Ben"} {
		if !strings.Contains(all, name) {
			t.Errorf("%s is not in it", name)
		}
	}
	if f, err := Folder(ctx, cb); err != nil || f != synced {
		t.Errorf("shared through %q (%v)", f, err)
	}
	var there []string
	entries, err := os.ReadDir(synced)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		there = append(there, e.Name())
	}
	if want := []string{"Other.couplet", "Test practice.changes", "Test practice.couplet", "letter.txt"}; !slices.Equal(there, want) {
		t.Errorf("in the folder: %q", there)
	}
	if kept, err := os.ReadDir(backups); err != nil || len(kept) != 2 {
		t.Errorf("with the backups: %v (%v)", kept, err)
	}
}
