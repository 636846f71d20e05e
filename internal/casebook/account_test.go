package casebook_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
)

// What was sealed with this identity, by this version and by any other program that knows
// age, can be read for ever.
const (
	oldSealed = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBuMGYxSGhlSDU4Y0VBSmdH\nVDJNZUVQb1RRc1RhZVpTS2lObENTQXo0SGw0Ci91c1N4TGtlZXhpUUc1MDhOQzJj\nTFU2RXU1aU05MTBxWjNucnE4Mk1kQlUKLS0tIHNKeUN6ejlWZm9uWGFHTWxnTStH\nUGZydUpYVWdXL1RSZFpGNGduWVZBSTgKYFTuesieFQeBd3O7VsI+tvERJPL9sH5p\n31gOXdJRZK/rK3N0FDmOmm4Gqy5DhaRiFlqpceD6I2NU4afGcFvhD0nh408ACTRM\nzXPgSiPi\n-----END AGE ENCRYPTED FILE-----\n"
	oldPlain  = "Slow down. Let the silence work.\n– 王晓梅"
	oldKey    = "AGE-SECRET-KEY-1Z3PD938QTSN4MP967PZLQ4P8NKEUN474Z9ZVZC2MCDXZEJ793QLQNG7GRU"
)

func TestWhatIsSealedCanBeReadForEver(t *testing.T) {
	c := casebooktest.New(t)
	if _, ok := c.Unseal(oldSealed); ok {
		t.Error("somebody else's identity opened it")
	}
	c.Key().Become(c.Key().Account(), oldKey)
	if plain, ok := c.Unseal(oldSealed); !ok || plain != oldPlain {
		t.Errorf("read %q, %v", plain, ok)
	}
	one, err := c.Seal(oldPlain)
	if err != nil || !casebook.Sealed(one) {
		t.Fatal(one, err)
	}
	two, err := c.Seal(oldPlain)
	if err != nil || one == two {
		t.Error("the same text gives the same seal: somebody could compare")
	}
	if plain, ok := c.Unseal(one); !ok || plain != oldPlain {
		t.Errorf("read %q, %v", plain, ok)
	}
	changed := []byte(one)
	changed[len(changed)-40] ^= 1
	if plain, ok := c.Unseal(string(changed)); ok {
		t.Errorf("a changed seal gave %q", plain)
	}
}

func TestEachCoachSignsInAsThemselves(t *testing.T) {
	c := casebooktest.New(t)
	owner := c.Me()
	ben := casebooktest.AddCoach(t, c, "Ben")
	if err := c.IsMine(ctx, vault.Secret{Passphrase: casebooktest.AnotherPassphrase}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("Ben's passphrase passes as the owner's: %v", err)
	}
	c = casebooktest.Reopen(t, c, casebooktest.AnotherPassphrase)
	if c.Me() != ben || c.Coach() != ben || c.Given() {
		t.Fatalf("who signed in is %v", c.Me())
	}
	addPerson(t, c, "Ada")
	var by ids.ID
	if err := c.Reader().QueryRowContext(ctx, `SELECT coach_id FROM action ORDER BY hlc DESC LIMIT 1`).Scan(&by); err != nil || by != ben {
		t.Errorf("written by %v (%v)", by, err)
	}
	for what, err := range map[string]error{
		"another's passphrase": c.GivePassphrase(ctx, owner, vault.FloorKDF, "x y z"),
		"shutting out":         c.SetAccess(ctx, owner, false),
	} {
		if !fault.Is(err, fault.Refused) {
			t.Errorf("%s by who is not the owner: %v", what, err)
		}
	}
	recovery := vault.NewRecovery()
	if err := c.ChangeRecovery(ctx, recovery); err != nil {
		t.Fatal(err)
	}
	sealed, err := c.Seal("ben's")
	if err != nil {
		t.Fatal(err)
	}
	path := c.Path()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err = casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if plain, ok := c.Unseal(sealed); c.Me() != ben || !ok || plain != "ben's" {
		t.Errorf("with his recovery key %v reads %q, %v", c.Me(), plain, ok)
	}
}

// A passphrase that was forgotten is replaced by the owner; what was sealed stays sealed.
func TestAForgottenPassphrase(t *testing.T) {
	c := casebooktest.New(t)
	ben := casebooktest.AddCoach(t, c, "Ben")
	c = casebooktest.Reopen(t, c, casebooktest.AnotherPassphrase)
	sealed, err := c.Seal("ben's")
	if err != nil {
		t.Fatal(err)
	}
	recovery := vault.NewRecovery()
	if err := c.ChangeRecovery(ctx, recovery); err != nil {
		t.Fatal(err)
	}
	c = casebooktest.Reopen(t, c, casebooktest.Passphrase)
	if err := c.GivePassphrase(ctx, ben, vault.FloorKDF, "once more for ben"); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Unlock(c.Path(), vault.Secret{Recovery: recovery}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("the recovery key of what was given up still opens: %v", err)
	}
	c = casebooktest.Reopen(t, c, "once more for ben")
	if c.Me() != ben {
		t.Fatalf("who signed in is %v", c.Me())
	}
	if plain, ok := c.Unseal(sealed); ok {
		t.Errorf("the owner could have read %q", plain)
	}
}

// A power cut between the rows and the header leaves a casebook that opens as before, and
// the next opening makes the header follow.
func TestThePowerFailsBetweenRowsAndHeader(t *testing.T) {
	c := casebooktest.New(t)
	head := make([]byte, 2*vault.HeaderSize)
	read := func() []byte {
		b, err := os.ReadFile(c.Path())
		if err != nil {
			t.Fatal(err)
		}
		return b[:len(head)]
	}
	copy(head, read())
	if err := c.ChangePassphrase(ctx, vault.FloorKDF, "the newer one of two"); err != nil {
		t.Fatal(err)
	}
	path := c.Path()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(file, head)
	torn := filepath.Join(t.TempDir(), "torn.couplet")
	if err := os.WriteFile(torn, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(head, read()) {
		t.Fatal("the header did not change")
	}
	for _, p := range []string{casebooktest.Passphrase, "the newer one of two"} {
		again, err := casebook.Open(ctx, torn, vault.Secret{Passphrase: p}, casebook.Options{})
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := vault.Unlock(torn, vault.Secret{Passphrase: casebooktest.Passphrase}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("the older passphrase still opens: %v", err)
	}
}

func TestThereIsRoomForFourteen(t *testing.T) {
	c := casebooktest.New(t)
	var err error
	for range vault.MaxWays - 1 {
		id := ids.New()
		if e := c.Write(ctx, "coach.add", func(tx *casebook.Tx) error {
			_, err := tx.Exec(`INSERT INTO coach (id, name) VALUES (?, 'one more')`, id)
			return err
		}); e != nil {
			t.Fatal(e)
		}
		if err != nil {
			t.Fatalf("refused too early: %v", err)
		}
		err = c.GivePassphrase(ctx, id, vault.FloorKDF, id.String())
	}
	if !fault.Is(err, fault.Refused) {
		t.Errorf("one too many: %v", err)
	}
}
