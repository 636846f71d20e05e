package share_test

import (
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/share"
)

// signIn closes the casebook of computer i and opens it with a passphrase.
func (o *office) signIn(i int, passphrase string) error {
	o.t.Helper()
	path := o.cb[i].Path()
	if err := o.cb[i].Close(); err != nil {
		o.t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Passphrase: passphrase}, casebook.Options{Now: o.clock.Now})
	if err != nil {
		return err
	}
	o.t.Cleanup(func() { cb.Close() })
	o.cb[i] = cb
	return nil
}

// opens says whether a passphrase opens the casebook of computer i, which it leaves closed.
func (o *office) opens(i int, passphrase string) bool {
	o.t.Helper()
	key, err := vault.Unlock(o.cb[i].Path(), vault.Secret{Passphrase: passphrase})
	if err == nil {
		key.Wipe()
	} else if !fault.Is(err, fault.WrongKey) {
		o.t.Fatal(err)
	}
	return err == nil
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

const (
	anna   = casebooktest.Passphrase
	given  = casebooktest.AnotherPassphrase
	bens   = "six kites above the salt meadow"
	newer  = "four bells under the chalk hill"
	thirds = "two foxes along the railway line"
)

// What was done on one computer with passphrases holds on the others after a sync.
func TestPassphrasesTravel(t *testing.T) {
	o := newOffice(t)
	ben := casebooktest.AddCoach(t, o.cb[0], "Ben")
	if o.opens(1, given) {
		t.Fatal("Ben opens the other computer's before it heard of him")
	}
	o.sync(share.Options{})
	o.must(o.signIn(1, given))
	if o.cb[1].Me() != ben || !o.cb[1].Given() {
		t.Fatalf("who opened is %v, given %v", o.cb[1].Me(), o.cb[1].Given())
	}
	if _, err := o.cb[1].Seal("mine"); !fault.Is(err, fault.Refused) {
		t.Errorf("sealed under a passphrase that somebody else chose: %v", err)
	}
	o.must(o.cb[1].ChangePassphrase(ctx, vault.FloorKDF, bens))
	sealed, err := o.cb[1].Seal("mine")
	o.must(err)
	o.sync(share.Options{})
	for i := range o.cb {
		if o.opens(i, given) || !o.opens(i, bens) || !o.opens(i, anna) {
			t.Errorf("computer %d: given %v, Ben's own %v, Anna's %v", i, o.opens(i, given), o.opens(i, bens), o.opens(i, anna))
		}
	}
	o.must(o.cb[0].ChangePassphrase(ctx, vault.FloorKDF, newer))
	o.sync(share.Options{})
	if o.opens(1, anna) || !o.opens(1, newer) {
		t.Error("Anna's old passphrase still opens the other computer's")
	}

	// who joins needs what the folder's snapshot says
	joined := filepath.Join(t.TempDir(), "bens-laptop.couplet")
	if err := share.Join(ctx, o.folder, joined, vault.Secret{Passphrase: given}, share.Options{}, casebook.Options{Now: o.clock.Now}, nil); !fault.Is(err, fault.WrongKey) {
		t.Errorf("joined with the first passphrase: %v", err)
	}
	o.must(share.Join(ctx, o.folder, joined, vault.Secret{Passphrase: bens}, share.Options{}, casebook.Options{Now: o.clock.Now}, nil))
	laptop, err := casebook.Open(ctx, joined, vault.Secret{Passphrase: bens}, casebook.Options{Now: o.clock.Now})
	o.must(err)
	defer laptop.Close()
	if plain, ok := laptop.Unseal(sealed); laptop.Me() != ben || !ok || plain != "mine" {
		t.Errorf("on his laptop %v reads %q (%v)", laptop.Me(), plain, ok)
	}
	if _, ok := o.cb[0].Unseal(sealed); ok {
		t.Error("Anna opens what is sealed to Ben")
	}
}

// Whoever is shut out is so everywhere, whatever they did meanwhile, until they are back.
func TestShutOut(t *testing.T) {
	o := newOffice(t)
	ben := casebooktest.AddCoach(t, o.cb[0], "Ben")
	o.sync(share.Options{})
	o.must(o.signIn(1, given))
	if err := o.cb[1].SetAccess(ctx, o.cb[0].Me(), false); !fault.Is(err, fault.Refused) {
		t.Errorf("Ben shuts the owner out: %v", err)
	}
	o.must(o.cb[0].SetAccess(ctx, ben, false))
	o.must(o.cb[1].ChangePassphrase(ctx, vault.FloorKDF, bens)) // without knowing
	if _, err := share.Sync(ctx, o.cb[0], share.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := share.Sync(ctx, o.cb[1], share.Options{}); err != nil && !fault.Is(err, fault.WrongKey) {
		t.Fatal(err)
	}
	if !o.cb[1].ShutOut() {
		t.Error("Ben's window does not hear of it")
	}
	err := o.cb[1].Write(ctx, "test", func(*casebook.Tx) error { return nil })
	if !fault.Is(err, fault.WrongKey) {
		t.Errorf("Ben still writes: %v", err)
	}
	for _, p := range []string{given, bens} {
		if o.opens(1, p) {
			t.Errorf("%q still opens", p)
		}
	}
	o.must(o.signIn(1, anna))
	o.sync(share.Options{})
	for i := range o.cb {
		if o.opens(i, bens) || o.opens(i, given) {
			t.Errorf("computer %d lets Ben in again: he had changed his passphrase", i)
		}
	}
	o.must(o.cb[0].SetAccess(ctx, ben, true))
	o.sync(share.Options{})
	for i := range o.cb {
		if !o.opens(i, bens) {
			t.Errorf("Ben is back, and computer %d stays closed", i)
		}
	}
}

// Two who decide at once: the more protective decision stands, and naming both opens.
func TestShutOutAndBackAtOnce(t *testing.T) {
	o := newOffice(t)
	ben := casebooktest.AddCoach(t, o.cb[0], "Ben")
	o.must(o.cb[0].SetAccess(ctx, ben, false))
	o.sync(share.Options{})
	o.must(o.cb[0].SetAccess(ctx, ben, true))
	o.must(o.cb[1].SetAccess(ctx, ben, false))
	o.sync(share.Options{})
	if o.opens(0, given) || o.opens(1, given) {
		t.Error("opened though one of two decisions closed it")
	}
	o.must(o.cb[1].SetAccess(ctx, ben, true))
	o.sync(share.Options{})
	if !o.opens(0, given) || !o.opens(1, given) {
		t.Error("a decision that knew both does not open")
	}
}

const (
	token   = "zqbensreflection"
	draft   = "zqbensdraft"
	added   = "zqbensaddition"
	earlier = "zqbensearlier"
)
