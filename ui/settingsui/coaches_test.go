package settingsui

import (
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
)

func TestCoachesAreAddedAndChanged(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	a.MustSay("Owner · signed in here")
	a.Tap("Add a coach")
	a.Tap("Save")
	a.MustSay("Write the coach's name.")
	a.Fill("Name", "Noor")
	a.Fill("Their passphrase", "password")
	a.Tap("Save")
	a.MustSay("This one is tried first.")
	a.Fill("Their passphrase", " of nine herons")
	a.Fill("The same passphrase again", "password of nine herons")
	a.Tap("Save")
	a.Settle()
	a.MustSay("Ada Winter", "Noor", "Coach · has a first passphrase, and has not chosen their own yet")
	p.changeCoach(1)
	a.Fill("Name", " Haddad")
	a.Field("Role").(*kit.Choice[clients.Role]).SetValue(clients.RoleSupervisor)
	a.Tap("Save")
	if got := b.coaches[1]; !strings.Contains(got.Name, "Noor") || !strings.Contains(got.Name, "Haddad") || got.Role != clients.RoleSupervisor {
		t.Errorf("the second coach is %+v", got)
	}
	if b.coaches[0].Name != "Ada Winter" {
		t.Errorf("the first coach is %q", b.coaches[0].Name)
	}
	b.coaches = b.coaches[:1]
	p.Reload()
	a.Settle()
	a.MustNotSay("Haddad")
}

// withNoor is a workspace in which Noor has a passphrase of her own.
func withNoor() *book {
	b := newBook()
	b.coaches = append(b.coaches, Member{Coach: clients.Coach{ID: ids.New(), Name: "Noor Haddad", Role: clients.RoleCoach}, Passphrase: true})
	return b
}

// Closing is asked for, in plain words about what it cannot do, and can be taken back.
func TestAccessIsClosedAndOpened(t *testing.T) {
	b := withNoor()
	a, _, _ := open(t, b)
	a.MustSay("Coach · signs in with a passphrase of their own")
	a.MustNotSay("Open again")
	a.Tap("Close access…") // one: the owner stays
	a.MustSay("copies and backups that they have still open with their passphrase", "sealed in the shared folder with a new key, which they never get")
	a.Env.Dialogs.Dismiss()
	if b.coaches[1].Left() {
		t.Fatal("closed without an answer")
	}
	a.Tap("Close access…")
	a.Env.Dialogs.Confirm()
	a.MustSay("Cannot open the casebook any more")
	if !slices.ContainsFunc(a.Said.Undos, func(s string) bool { return strings.Contains(s, "can no longer open the casebook") }) || !b.coaches[1].Left() || b.coaches[0].Left() {
		t.Errorf("%+v", b.coaches)
	}
	a.Said.TakeBack()
	a.MustNotSay("Cannot open the casebook any more")
	a.Tap("Close access…")
	a.Env.Dialogs.Confirm()
	a.Tap("Open again")
	a.MustNotSay("Cannot open the casebook any more")
	if b.coaches[1].Left() {
		t.Errorf("%+v", b.coaches)
	}
}

// Who gives a new passphrase is told that the reflections so far are gone with the old one.
func TestAForgottenPassphraseIsReplacedHonestly(t *testing.T) {
	b := withNoor()
	a, _, _ := open(t, b)
	a.Tap("Passphrase…")
	a.MustSay("stays sealed for ever")
	a.Fill("Their passphrase", "river lantern moss")
	a.Fill("The same passphrase again", "river lantern")
	a.Tap("Give it")
	a.MustSay("The two are not the same.")
	a.Fill("The same passphrase again", " moss")
	a.Tap("Give it")
	if b.told != "river lantern moss" {
		t.Errorf("given: %q", b.told)
	}
}

// Who is not the owner changes their own name and nobody else's standing.
func TestOnlyTheOwnerManagesCoaches(t *testing.T) {
	b := withNoor()
	b.guest = true
	b.coaches[0].Me, b.coaches[1].Me = false, true
	a, _, _ := open(t, b)
	a.MustSay("Coach · signed in here")
	a.MustNotSay("Add a coach", "Close access…", "Passphrase…")
	a.Tap("Change") // of the business
	a.Env.Dialogs.Dismiss()
}
