// Package casebooktest gives tests a real, encrypted casebook.
package casebooktest

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// Passphrase opens every casebook of the tests.
const Passphrase = "seven lanterns over a quiet harbour"

// Start is the time on the test clock before it is moved.
var Start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Clock is a clock that tests move by hand.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move sets the clock forward.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// New makes a casebook in a folder of the test; it is closed when the test ends.
func New(t testing.TB) *casebook.Casebook {
	c, _ := NewClock(t)
	return c
}

// NewClock is New with the clock to move.
func NewClock(t testing.TB) (*casebook.Casebook, *Clock) {
	t.Helper()
	clock := &Clock{now: Start}
	c, _, err := casebook.Create(context.Background(), filepath.Join(t.TempDir(), "test.couplet"),
		casebook.New{Passphrase: Passphrase, KDF: vault.FloorKDF, Workspace: "Test practice", Coach: "Test coach"}, casebook.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, clock
}

// AnotherPassphrase is what AddCoach and its coach choose.
const AnotherPassphrase = "nine herons beside the winter canal"

// AddCoach gives the casebook a coach who can open it with AnotherPassphrase.
func AddCoach(t testing.TB, c *casebook.Casebook, name string) ids.ID {
	t.Helper()
	ctx, id := context.Background(), ids.New()
	if err := c.Write(ctx, "coach.add", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO coach (id, name, role, created_at) VALUES (?, ?, 'coach', ?)`, id, name, tx.Now.UnixMilli())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := c.GivePassphrase(ctx, id, vault.FloorKDF, AnotherPassphrase); err != nil {
		t.Fatal(err)
	}
	return id
}

// Reopen closes a casebook and opens it with a passphrase; who was given theirs chooses the
// same one as their own. It is closed when the test ends.
func Reopen(t testing.TB, c *casebook.Casebook, passphrase string) *casebook.Casebook {
	t.Helper()
	ctx, now := context.Background(), c.Now
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := casebook.Open(ctx, c.Path(), vault.Secret{Passphrase: passphrase}, casebook.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if c.Given() {
		if err := c.ChangePassphrase(ctx, vault.FloorKDF, passphrase); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}
