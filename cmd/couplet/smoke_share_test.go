package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/share/syncthingtest"
	"github.com/couplet-app/couplet/sessions"
)

// What is written on the two computers.
const (
	atFirst  = "Written before anybody shared"
	byAnna   = "Anna wrote this while she was away"
	byBen    = "Ben wrote that on the train"
	together = "555 0111"
	annas    = "555 0122"
	bens     = "555 0133"
)

// TestSmokeSharing has two real windows share a casebook through two real Syncthings: an
// edit in one appears in the other; cut off from each other both change the same note and
// the same phone number, and when they meet again both texts are there, and one number
// with the other in its history. `make smoke` runs it.
func TestSmokeSharing(t *testing.T) {
	if os.Getenv("COUPLET_SMOKE") == "" {
		t.Skip("two windows that share run in `make smoke`, which sets up a display and Syncthing")
	}
	nodes := syncthingtest.Start(t, 2, 10)
	anna, ben := newRobot(t), newRobot(t)
	books := []string{filepath.Join(anna.home, "Practice.couplet"), filepath.Join(ben.home, "Mine.couplet")}
	anna.practice(books[0])

	anna.start(books[0])
	anna.sees("Unlock")
	anna.write(passphrase)
	anna.key("Return")
	anna.sees("Today")
	anna.command("Share this casebook")
	anna.fill("Folder that your file service keeps in step", nodes[0].Folder)
	anna.fill("This computer is called", "Anna")
	anna.picture("s1-share")
	anna.key("ctrl+Return")
	anna.sees("How it stands")
	anna.sees("Up to date")
	syncthingtest.Carried(nodes)

	ben.start()
	ben.click("Join a shared casebook…")
	ben.fill("Shared folder, or a file of it", nodes[1].Folder)
	ben.fill("Keep my own casebook as", books[1])
	ben.fill("This computer is called", "Ben")
	ben.fill("Passphrase of the shared casebook", passphrase)
	ben.picture("s2-join")
	ben.click("Join")
	ben.sees("Up to date · Anna")
	anna.sees("Up to date · Ben")
	anna.picture("s3-both")

	for _, r := range []*robot{anna, ben} {
		r.click("Couples")
		r.click("Mara Lind & Jonas Berg")
		r.sees("555 0100")
	}
	anna.phone(together)
	ben.sees(together)
	ben.picture("s4-arrived")

	syncthingtest.Cut(nodes, func(i int) int { return i })
	anna.rewrite(byAnna)
	anna.phone(annas)
	ben.rewrite(byBen)
	ben.phone(bens)
	ben.missing(annas)
	syncthingtest.Rejoin(nodes)
	anna.sees(bens)
	for _, r := range []*robot{anna, ben} {
		r.command("History of this record")
		r.pressable("Take “" + annas + "” instead")
		r.picture("s5-history-" + filepath.Base(r.home))
		r.key("Escape")
		r.click("Sessions")
		r.click("Brief contact")
		r.click("Look at both…")
		r.gone("Look at both…")
		r.sees(byAnna)
		r.sees(byBen)
		r.picture("s6-note-" + filepath.Base(r.home))
		r.quit()
	}
	agree(t, books)
}

// practice makes a casebook with one couple, a phone number and a note.
func (r *robot) practice(path string) {
	r.t.Helper()
	ctx := context.Background()
	cb, _, err := casebook.Create(ctx, path, casebook.New{Passphrase: passphrase, KDF: vault.FloorKDF, Workspace: "Two Rivers Coaching", Coach: "Anna"}, casebook.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer cb.Close()
	c := clients.New(cb)
	coaches, err := c.Coaches(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	couple, err := c.CreateCouple(ctx, clients.NewCouple{
		A:     &clients.Person{Name: clients.Name{Given: "Mara", Family: "Lind"}, Phone: "555 0100"},
		B:     &clients.Person{Name: clients.Name{Given: "Jonas", Family: "Berg"}},
		Stage: "active", StageAt: cb.Now(), Engagement: &clients.Engagement{Policy: clients.NoSecrets, Coaches: []ids.ID{coaches[0].ID}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := sessions.New(cb, nil).QuickNote(ctx, couple, clients.CoachView, atFirst, cb.Now().Add(-time.Hour), "Europe/London"); err != nil {
		r.t.Fatal(err)
	}
}

// command runs what the palette finds.
func (r *robot) command(title string) {
	r.t.Helper()
	r.key("ctrl+k")
	r.until("the palette", func(t tree) bool {
		for _, n := range t.Nodes {
			if n.Overlay && n.Focused && isEntry(n) {
				return true
			}
		}
		return false
	})
	r.write(title)
	r.sees(title)
	r.key("Return")
}

// phone changes the number of the first partner.
func (r *robot) phone(number string) {
	r.t.Helper()
	r.click("Overview")
	r.clickNth("Edit", 2) // after those of the record and of the engagement
	r.sees("E-mail")
	r.fill("Phone", number)
	r.key("ctrl+Return")
	r.sees(number)
}

// rewrite changes the only note.
func (r *robot) rewrite(words string) {
	r.t.Helper()
	r.click("Sessions")
	r.click("Brief contact")
	r.click("Edit")
	r.sees("What you type is kept")
	r.key("ctrl+a")
	r.write(words)
	r.click("Done")
	r.gone("What you type is kept")
	r.sees(words)
}

// agree opens both casebooks without a window: they hold the same, and everything.
func agree(t *testing.T, books []string) {
	t.Helper()
	ctx := context.Background()
	var dumps []string
	for _, path := range books {
		cb, err := casebook.Open(ctx, path, vault.Secret{Passphrase: passphrase}, casebook.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var all bytes.Buffer
		if err := share.Dump(ctx, cb, &all); err != nil {
			t.Error(err)
		}
		dumps = append(dumps, all.String())
		if found, err := cb.Check(ctx, nil, sessions.VerifyLocks); err != nil || len(found) > 0 {
			t.Errorf("%s: %v (%v)", path, found, err)
		}
		if err := cb.Close(); err != nil {
			t.Error(err)
		}
		for _, words := range []string{atFirst, byAnna, byBen, annas, bens} {
			if !strings.Contains(all.String(), words) {
				t.Errorf("%s has lost %q", path, words)
			}
		}
	}
	if d := cmp.Diff(strings.Split(dumps[0], "\n"), strings.Split(dumps[1], "\n")); d != "" {
		t.Error(d)
	}
}
