package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/shareui"
)

// folderPatience is how long sharing and leaving may take: a large casebook on a slow
// drive takes a minute.
const folderPatience = 2 * time.Minute

// sharing keeps the open casebook in step with the folder that it is shared through, if
// it is.
type sharing struct {
	book  *casebook.Casebook
	place string // where the casebook lies, "" for a sample

	mu     sync.Mutex
	keeper *share.Keeper // nil while it is not shared
	told   func()
}

// shareOptions are those of a window: merged copies go to the backups, and before very
// much changes at once a backup is made.
func shareOptions(cb *casebook.Casebook) (share.Options, error) {
	dir, err := backup.Folder(cb)
	return share.Options{Backups: dir, BeforeLarge: func(ctx context.Context, cb *casebook.Casebook) error {
		_, err := backup.Now(ctx, cb, dir)
		return err
	}, Erased: backup.Scrubs}, err
}

// begin keeps the casebook in step if it is shared.
func (s *sharing) begin(ctx context.Context) error {
	folder, err := share.Folder(ctx, s.book)
	if err != nil || folder == "" {
		return err
	}
	opts, err := shareOptions(s.book)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keeper == nil {
		s.keeper = share.Keep(s.book, share.Keeping{Options: opts, Told: func(share.State) { s.tell() }})
	}
	return nil
}

// end tells the folder what is new, and keeps the casebook in step no longer.
func (s *sharing) end() {
	s.mu.Lock()
	k := s.keeper
	s.keeper = nil
	s.mu.Unlock()
	if k != nil {
		k.Close()
	}
}

func (s *sharing) tell() {
	s.mu.Lock()
	told := s.told
	s.mu.Unlock()
	if told != nil {
		told()
	}
}

func (s *sharing) now() *share.Keeper {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keeper
}

// OnStanding calls f when there may be something new to say.
func (s *sharing) OnStanding(f func()) {
	s.mu.Lock()
	s.told = f
	s.mu.Unlock()
}

// Standing is what the rail says.
func (s *sharing) Standing() (string, bool) {
	k := s.now()
	if k == nil {
		return "", false
	}
	return shareui.Standing(k.State(), s.book.Now())
}

func (s *sharing) State() (share.State, bool) {
	k := s.now()
	if k == nil {
		return share.State{}, false
	}
	return k.State(), true
}

func (s *sharing) Look(context.Context) error {
	if k := s.now(); k != nil {
		k.Now()
	}
	return nil
}

// Share shares through folder. What kept it in step before ends first.
func (s *sharing) Share(ctx context.Context, folder, name string) error {
	s.end()
	opts, err := shareOptions(s.book)
	if err == nil {
		opts.Device = name
		err = patiently(ctx, func(ctx context.Context) error { return share.Share(ctx, s.book, folder, opts) })
	}
	if again := s.begin(ctx); err == nil { // also with the folder from before, if the new one was refused
		err = again
	}
	s.tell()
	return err
}

func (s *sharing) Rename(ctx context.Context, name string) error {
	return share.Rename(ctx, s.book, name)
}

func (s *sharing) Remove(ctx context.Context, computer ids.ID) error {
	return share.Remove(ctx, s.book, computer)
}

func (s *sharing) TakeBack(ctx context.Context, computer ids.ID) error {
	return share.TakeBack(ctx, s.book, computer)
}

// Leave ends sharing on this computer.
func (s *sharing) Leave(ctx context.Context, quietly bool) error {
	s.end()
	opts, err := shareOptions(s.book)
	switch {
	case err != nil:
	case quietly:
		err = share.Leave(ctx, s.book)
	default:
		err = patiently(ctx, func(ctx context.Context) error { return share.LeaveWell(ctx, s.book, opts) })
	}
	if again := s.begin(ctx); err == nil { // still, if it could not leave
		err = again
	}
	s.tell()
	return err
}

// patiently does something with the shared folder, and gives up when the folder does not
// answer: locking and quitting wait for what is under way.
func patiently(ctx context.Context, do func(context.Context) error) error {
	ctx, stop := context.WithTimeout(ctx, folderPatience)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- do(ctx) }() // once nobody waits for it, it finds the casebook closed
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return share.Silent()
	}
}

// Called is this computer's name so far, or else the one that the system has for it.
func (s *sharing) Called() string {
	if st, shared := s.State(); shared {
		for _, d := range st.Devices {
			if d.Own && d.Name != "" {
				return d.Name
			}
		}
	}
	name, _ := os.Hostname() // without a name it has none
	return name
}

func (s *sharing) Place() string { return s.place }

// Join makes a casebook of what a shared folder holds, and opens it.
func (o *opener) Join(ctx context.Context, j ui.Joining, report func(done, total int64)) (ui.Workspace, error) {
	secret := vault.Secret{Passphrase: j.Secret.Passphrase, Recovery: j.Secret.RecoveryKey}
	if err := share.Join(ctx, j.From, j.Path, secret, share.Options{Device: j.Called}, casebook.Options{}, report); err != nil {
		return nil, err
	}
	w, err := o.Open(ctx, j.Path, j.Secret)
	if err != nil {
		return nil, err
	}
	if err := share.Announce(ctx, w.(*workspace).book); err != nil {
		return nil, errors.Join(err, w.Close(ctx))
	}
	return w, nil
}

// MoveOut moves a casebook out of a synced folder, shares it there and opens it.
func (o *opener) MoveOut(ctx context.Context, j ui.Joining, report func(done, total int64)) (ui.Workspace, error) {
	secret := vault.Secret{Passphrase: j.Secret.Passphrase, Recovery: j.Secret.RecoveryKey}
	options := func(cb *casebook.Casebook) (share.Options, error) {
		opts, err := shareOptions(cb)
		opts.Device = j.Called
		return opts, err
	}
	if err := share.MoveOut(ctx, j.From, j.Path, secret, options, casebook.Options{}, report); err != nil {
		return nil, err
	}
	return o.Open(ctx, j.Path, j.Secret)
}

// IsShared says whether a file is one of a shared folder.
func (o *opener) IsShared(path string) bool { return share.IsShared(path) }
