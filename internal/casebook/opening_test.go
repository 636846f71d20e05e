package casebook_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
)

func TestOpeningToldApart(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.couplet")
	c, recovery, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := casebook.Open(ctx, path, vault.Secret{Passphrase: casebooktest.Passphrase}, casebook.Options{}); !fault.Is(err, fault.Busy) {
		t.Errorf("a second opening: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("a closed casebook is one file, found %v (%v)", entries, err)
	}
	for _, c := range []struct {
		secret vault.Secret
		kind   fault.Kind
	}{
		{vault.Secret{Passphrase: "another passphrase altogether"}, fault.WrongKey},
		{vault.Secret{Recovery: strings.ToUpper(recovery[:4]) + recovery[4:]}, -1},
	} {
		got, err := casebook.Open(ctx, path, c.secret, casebook.Options{})
		if c.kind >= 0 && !fault.Is(err, c.kind) {
			t.Errorf("got %v", err)
		}
		if c.kind < 0 {
			if err != nil {
				t.Errorf("the recovery key: %v", err)
				continue
			}
			got.Close()
		}
	}
	if _, _, err := casebook.Create(ctx, path, casebook.New{Passphrase: "x", KDF: vault.FloorKDF}, casebook.Options{}); err == nil {
		t.Error("an existing file was overwritten")
	}
	if _, err := casebook.Open(ctx, filepath.Join(dir, "gone"), vault.Secret{Passphrase: "x"}, casebook.Options{}); !fault.Is(err, fault.System) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestANewerCasebookIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.couplet")
	c, _, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Local(ctx, `PRAGMA user_version = 9999`); err != nil {
		t.Fatal(err)
	}
	c.Close()
	before, _ := os.ReadFile(path)
	if _, err := casebook.Open(ctx, path, vault.Secret{Passphrase: casebooktest.Passphrase}, casebook.Options{}); !fault.Is(err, fault.Newer) {
		t.Errorf("got %v", err)
	}
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Error("the file was touched")
	}
}

func TestTheFileHoldsNothingReadable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.couplet")
	c, _, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF, Workspace: "TOKENWORKSPACE"}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	addPerson(t, c, "TOKENPERSON")
	if err := c.Local(ctx, `INSERT INTO draft (note_id, field_id, body, at) VALUES (x'01', x'02', 'TOKENDRAFT', 0)`); err != nil {
		t.Fatal(err)
	}
	tokens := []string{"TOKENWORKSPACE", "TOKENPERSON", "TOKENDRAFT", "SQLite format 3", "CREATE TABLE", "person.add", casebooktest.Passphrase}
	look := func() {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			for _, tok := range tokens {
				if bytes.Contains(b, []byte(tok)) {
					t.Errorf("%s stands readable in %s", tok, e.Name())
				}
			}
		}
	}
	look()
	for _, q := range []string{
		`SELECT count(*) FROM person WHERE given_name = 'TOKENPERSON'`, `SELECT count(*) FROM draft WHERE body = 'TOKENDRAFT'`,
		`SELECT count(*) FROM setting WHERE value = 'TOKENWORKSPACE'`, `SELECT count(*) FROM action WHERE name = 'person.add'`,
	} {
		if count(t, c, q) != 1 {
			t.Errorf("%s is not 1: the search of the raw bytes proves nothing", q)
		}
	}
	c.Close()
	look()
}

func TestADamagedPageIsDamageWhereverItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flipped.couplet")
	cb, recovery, err := casebook.Create(ctx, path, casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	addPerson(t, cb, "Ada")
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	refused := 0
	for at := 2*page + 77; at < len(sound); at += 5 * page { // every fifth page will do
		flipped := bytes.Clone(sound)
		flipped[at] ^= 4
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{ReadOnly: true})
		if err != nil {
			refused++
			if !fault.Is(err, fault.Damaged) {
				t.Errorf("page at %d: %v", at, err)
			}
			continue
		}
		found, err := cb.Check(ctx, nil)
		if err != nil || len(found) == 0 {
			t.Errorf("page at %d: check says %v, %v", at, found, err)
		}
		if err := cb.Close(); err != nil {
			t.Error(err)
		}
	}
	if refused < 3 {
		t.Errorf("only %d damaged pages kept the casebook closed: the schema has more", refused)
	}
}

func TestClosingAgainLeavesTheNextProgramAlone(t *testing.T) {
	first := casebooktest.New(t)
	path := first.Path()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := casebook.Open(ctx, path, vault.Secret{Passphrase: casebooktest.Passphrase}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if err := casebook.NotHeld(path); !fault.Is(err, fault.Busy) {
		t.Errorf("it is open in one program, and another hears %v", err)
	}
}
