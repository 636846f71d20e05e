// Package ui is the window: the rail with its places, the pages and their history,
// the commands with menu and palette, the pages before a casebook is open, and the
// lock. It knows no casebook: cmd/couplet hands it an Opener.
package ui

import (
	"context"
	"time"

	"github.com/couplet-app/couplet/ui/kit"
)

// Secret is what opens a casebook: one of the two.
type Secret struct {
	Passphrase  string
	RecoveryKey string
	First       string // the Account whose passphrase is tried first: each try takes its time
}

// Opener makes and opens casebooks. Its errors are faults: a wrong passphrase, a
// damaged, newer, busy or other file each has its own sentence.
type Opener interface {
	// Open opens the file at path; it takes about a second, for the key.
	Open(ctx context.Context, path string, secret Secret) (Workspace, error)
	// Newest finds the newest sound backup of a casebook that is damaged.
	Newest(ctx context.Context, path string, secret Secret) (Rescue, error)
	// Rescue puts it in the casebook's place and tells where the damaged file is kept.
	Rescue(ctx context.Context, path string, secret Secret, r Rescue) (aside string, err error)
	// Create makes a new file, which must not exist, and tells its recovery key once.
	Create(ctx context.Context, n NewCasebook) (w Workspace, recoveryKey string, err error)
	// Sample opens a fresh sample casebook that nothing depends on.
	Sample(ctx context.Context) (Workspace, error)
	// IsShared says whether the file at path is one of a shared folder, not a casebook to
	// work in.
	IsShared(path string) bool
	// Join makes a casebook of what a shared folder holds and opens it. It is stopped by
	// ctx, and then leaves nothing.
	Join(ctx context.Context, j Joining, report func(done, total int64)) (Workspace, error)
	// MoveOut moves the casebook j.From out of a folder that a file service keeps in step,
	// merges the copies of it that lie there, shares it through that folder and opens it.
	MoveOut(ctx context.Context, j Joining, report func(done, total int64)) (Workspace, error)
}

// Joining is what joining a shared casebook needs, or moving one out.
type Joining struct {
	From   string // the shared folder, or a file of it; the casebook to move
	Path   string // the own casebook, which must not exist
	Secret Secret
	Called string // what this computer is called for the others
}

// Rescue is a backup that can take a damaged casebook's place.
type Rescue struct {
	Path string
	At   time.Time
}

// NewCasebook is what a new casebook needs.
type NewCasebook struct {
	Path       string
	Passphrase string
	Business   string // may be empty
	Coach      string // may be empty
}

// Workspace is an open casebook.
type Workspace interface {
	// Name is what the window's title and the rail show.
	Name() string
	// Path is the file, empty for a sample.
	Path() string
	// Finder finds records for the palette; nil when there is nothing to find.
	Finder() Finder
	// Undoer undoes the last steps; nil when there is none.
	Undoer() Undoer
	// Sharing is how it is kept in step with other computers; nil for a casebook that
	// cannot be shared.
	Sharing() Sharing
	// OnChange calls f, on any thread, after every change but the saving of drafts.
	OnChange(f func())
	// Given says whether somebody else chose the passphrase of who is signed in; until they
	// choose their own with ChooseOwn, nothing can be kept for their eyes alone.
	Given() bool
	ChooseOwn(ctx context.Context, passphrase string) error
	// Me is who is signed in and what they do here: "Coach · Mara Holt".
	Me() string
	// Other says whether what they do here changed since it was opened: the pages are made
	// for it anew then.
	Other() bool
	// Account tells the ways in apart, and says nothing of whose they are.
	Account() string
	// ShutOut says whether the access of who is signed in was closed meanwhile.
	ShutOut() bool
	// Close finishes what is being written and wipes the keys.
	Close(ctx context.Context) error
}

// Sharing is how a casebook is kept in step with other computers.
type Sharing interface {
	// Standing is what the rail says of it now, "" while it is not shared; bad says that
	// there is something to look at.
	Standing() (words string, bad bool)
	// OnStanding calls f, on any thread, when it may be another.
	OnStanding(f func())
}

// Finder finds records by name for the palette.
type Finder interface {
	Find(ctx context.Context, query string, limit int) ([]Found, error)
}

// Step is something that was done on this computer and can be asked to be undone.
type Step struct {
	Words string // "deleted a session"; empty for no step
	Ref   any    // what the Undoer knows it by
}

// Undoer undoes the last steps of this computer, those before a restart too.
type Undoer interface {
	// Last is the newest step, or with a step the one before it.
	Last(ctx context.Context, before Step) (Step, error)
	// Undo takes a step back and says what a person has to know about it, or refuses.
	Undo(ctx context.Context, s Step) (said string, err error)
}

// Found is a record that the palette offers.
type Found struct {
	Title  string
	Detail string
	Route  kit.Route
}

// Runner is a kit.Runner that can wait for its work, for locking and quitting.
type Runner interface {
	kit.Runner
	Drain(last, done func())
}
