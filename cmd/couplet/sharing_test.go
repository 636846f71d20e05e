package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui"
)

// TestSharingAsTheWindowDoesIt shares a casebook, joins it, leaves, and moves one out of
// a synced folder: what each leaves on the disk and in the other casebook.
func TestSharingAsTheWindowDoesIt(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	secret := ui.Secret{Passphrase: passphrase}
	folder, first, second := filepath.Join(dir, "folder"), filepath.Join(dir, "Practice.couplet"), filepath.Join(dir, "mine.couplet")
	cb, _, err := casebook.Create(ctx, first, casebook.New{Passphrase: passphrase, KDF: vault.FloorKDF, Workspace: "Two Rivers", Coach: "Anna"}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	o := &opener{trouble: func(err error) { t.Error(err) }}
	must := func(w ui.Workspace, err error) *workspace {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return w.(*workspace)
	}
	couples := func(w *workspace) int {
		t.Helper()
		l, err := w.stores.clients.List(ctx, w.stores.audience("coach"), clients.Filter{Shelf: clients.Everything, Now: w.book.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return l.Total
	}
	add := func(w *workspace, name string) {
		t.Helper()
		if _, err := w.stores.clients.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: name}}}); err != nil {
			t.Fatal(err)
		}
	}

	anna := must(o.Open(ctx, first, secret))
	if words, bad := anna.sharing.Standing(); words != "" || bad {
		t.Errorf("it is not shared, and says %q", words)
	}
	told := 0
	anna.sharing.OnStanding(func() { told++ })
	if err := anna.sharing.Share(ctx, dir, "Anna"); !fault.Is(err, fault.Refused) {
		t.Errorf("a casebook in the shared folder: %v", err)
	}
	if _, shared := anna.sharing.State(); shared {
		t.Error("it was refused, and is shared")
	}
	if err := anna.sharing.Share(ctx, folder, "Anna"); err != nil {
		t.Fatal(err)
	}
	if _, shared := anna.sharing.State(); !shared || told == 0 {
		t.Errorf("shared %v, told %d times", shared, told)
	}
	add(anna, "Mara")
	if err := anna.Close(ctx); err != nil { // at once: closing tells first
		t.Fatal(err)
	}
	snapshot := filepath.Join(folder, "Two Rivers.couplet")
	if !o.IsShared(snapshot) || o.IsShared(first) {
		t.Error("what is shared is not told from a casebook")
	}

	if _, err := o.Join(ctx, ui.Joining{From: snapshot, Path: second, Secret: ui.Secret{Passphrase: "wrong"}}, nil); !fault.Is(err, fault.WrongKey) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	ben := must(o.Join(ctx, ui.Joining{From: snapshot, Path: second, Secret: secret, Called: "Ben"}, nil))
	if n := couples(ben); n != 1 {
		t.Errorf("%d couples came", n)
	}
	if _, shared := ben.sharing.State(); !shared {
		t.Error("what was joined is not kept in step")
	}
	add(ben, "Noor")
	if err := ben.Close(ctx); err != nil {
		t.Fatal(err)
	}

	anna = must(o.Open(ctx, first, secret))
	if err := anna.sharing.Leave(ctx, false); err != nil {
		t.Fatal(err)
	}
	if _, shared := anna.sharing.State(); shared || couples(anna) != 2 {
		t.Errorf("after leaving: shared %v, %d couples", shared, couples(anna))
	}
	if err := anna.Close(ctx); err != nil {
		t.Fatal(err)
	}

	dropbox, moved := filepath.Join(dir, "Dropbox"), filepath.Join(dir, "moved.couplet")
	if err := os.Mkdir(dropbox, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(first, filepath.Join(dropbox, "Practice.couplet")); err != nil {
		t.Fatal(err)
	}
	out := must(o.MoveOut(ctx, ui.Joining{From: filepath.Join(dropbox, "Practice.couplet"), Path: moved, Secret: secret, Called: "Anna"}, nil))
	if s, shared := out.sharing.State(); !shared || couples(out) != 2 || out.Path() != moved {
		t.Errorf("moved out: shared %v %+v, %d couples", shared, s, couples(out))
	}
	if err := out.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dropbox, "*")); err != nil || len(left) != 2 || filepath.Base(left[1]) != "Two Rivers.couplet" {
		t.Errorf("in the folder: %v", left)
	}
	if kept, err := filepath.Glob(filepath.Join(dir, "data", "couplet", "backups", "*", "merged-*")); err != nil || len(kept) != 1 {
		t.Errorf("kept with the backups: %v", kept)
	}
}
