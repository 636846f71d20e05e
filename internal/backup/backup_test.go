package backup_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

var (
	ctx    = context.Background()
	secret = vault.Secret{Passphrase: casebooktest.Passphrase}
)

func add(t *testing.T, c *casebook.Casebook, name string) {
	t.Helper()
	if err := c.Write(ctx, "person.add", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO person (id, given_name) VALUES (?, ?)`, ids.New(), name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestABackupIsSealedWholeAndRestores(t *testing.T) {
	c := casebooktest.New(t)
	add(t, c, "TOKENPERSON")
	dir := t.TempDir()
	path, err := backup.Make(ctx, c, dir)
	if err != nil {
		t.Fatal(err)
	}
	add(t, c, "Later")
	raw, err := os.ReadFile(path)
	if err != nil || bytes.Contains(raw, []byte("TOKENPERSON")) {
		t.Fatalf("a backup is sealed like the casebook: %v", err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 { // and what is known of it
		t.Errorf("the folder holds %v (%v)", entries, err)
	}
	to := filepath.Join(t.TempDir(), "back.couplet")
	if err := backup.Restore(ctx, path, to, vault.Secret{Passphrase: "something else entirely"}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("got %v", err)
	}
	if err := backup.Restore(ctx, path, to, secret); err != nil {
		t.Fatal(err)
	}
	if err := backup.Restore(ctx, path, to, secret); err == nil {
		t.Error("an existing file was overwritten")
	}
	r, err := casebook.Open(ctx, to, secret, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Device() == c.Device() {
		t.Error("the restored casebook would write under the name of the one it was made of")
	}
	var n int
	if err := r.Reader().QueryRowContext(ctx, `SELECT count(*) FROM person WHERE given_name = 'TOKENPERSON'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("found %d (%v)", n, err)
	}
}

func TestADamagedBackupIsNoBackup(t *testing.T) {
	c := casebooktest.New(t)
	path, err := backup.Make(ctx, c, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := backup.Restore(ctx, path, filepath.Join(t.TempDir(), "x"), secret); !fault.Is(err, fault.Damaged) {
		t.Errorf("got %v", err)
	}
}

func TestABackupFolderCarriesNoName(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	c := casebooktest.New(t)
	dir, err := backup.Folder(c)
	if err != nil {
		t.Fatal(err)
	}
	if base := filepath.Base(dir); len(base) != 16 {
		t.Errorf("the folder is called %s", base)
	}
}

func TestARestoreTakesTheLogOfACasebookThatWasNotClosed(t *testing.T) {
	c := casebooktest.New(t)
	add(t, c, "Before")
	kept := filepath.Join(t.TempDir(), "kept.couplet")
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(c.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(kept+suffix, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(t.TempDir(), "back.couplet")
	if err := backup.Restore(ctx, c.Path(), to, secret); !fault.Is(err, fault.Busy) {
		t.Errorf("of an open casebook: %v", err)
	}
	if err := backup.Restore(ctx, kept, to, secret); err != nil {
		t.Fatal(err)
	}
	r, err := casebook.Open(ctx, to, secret, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var n int
	if err := r.Reader().QueryRowContext(ctx, `SELECT count(*) FROM person WHERE given_name = 'Before'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("found %d (%v)", n, err)
	}
}
