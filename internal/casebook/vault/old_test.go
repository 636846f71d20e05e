package vault_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
)

var ctx = context.Background()

// before is a casebook from before there were several coaches.
func before(t *testing.T) (path, recovery string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "before.couplet")
	cb, recovery, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF, Coach: "Anna"}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	key, err := cb.Key().Again()
	if err != nil {
		t.Fatal(err)
	}
	defer key.Wipe()
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	vault.WriteOldSlots(t, key, path, casebooktest.Passphrase, recovery)
	db, err := sql.Open(vault.Driver, key.DSN(path, false))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`SELECT couplet_stamp(2, 0, 0)`, `DELETE FROM coach_way`, `DELETE FROM row_clock WHERE tbl = 33`} {
		if _, err := tx.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return path, recovery
}

func open(t *testing.T, path string, s vault.Secret) *casebook.Casebook {
	t.Helper()
	cb, err := casebook.Open(ctx, path, s, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cb.Close() })
	return cb
}

// Its passphrase becomes the owner's at the first opening, and seals; its recovery key
// opens the casebook, and nothing that is sealed, until there is a new one.
func TestACasebookFromBeforeThereWereCoaches(t *testing.T) {
	path, recovery := before(t)
	cb := open(t, path, vault.Secret{Recovery: recovery})
	if _, err := cb.Seal("mine"); err == nil {
		t.Error("the first recovery key seals, and nobody could open it")
	}
	cb.Close()

	cb = open(t, path, vault.Secret{Passphrase: casebooktest.Passphrase})
	sealed, err := cb.Seal("mine")
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := cb.Accounts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if a := accounts[cb.Me()]; !a.Passphrase || a.Recovery || a.Given || !cb.OldRecovery() {
		t.Errorf("the owner has %+v, an old recovery key: %v", a, cb.OldRecovery())
	}
	cb.Close()

	cb = open(t, path, vault.Secret{Recovery: recovery})
	if _, ok := cb.Unseal(sealed); ok {
		t.Error("the first recovery key opens an identity that it never held")
	}
	cb.Close()

	cb = open(t, path, vault.Secret{Passphrase: casebooktest.Passphrase})
	fresh := vault.NewRecovery()
	if err := cb.ChangeRecovery(ctx, fresh); err != nil {
		t.Fatal(err)
	}
	cb.Close()
	if _, err := vault.Unlock(path, vault.Secret{Recovery: recovery}); err == nil {
		t.Error("the first recovery key still opens beside the new one")
	}
	cb = open(t, path, vault.Secret{Recovery: fresh})
	if plain, ok := cb.Unseal(sealed); !ok || plain != "mine" {
		t.Errorf("the new recovery key reads %q, %v", plain, ok)
	}
}
