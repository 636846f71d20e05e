package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/sample"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/todayui"
)

// unlockTime is what deriving the key from a passphrase is set to cost on the
// computer that makes a casebook.
const unlockTime = time.Second

// opener opens casebooks for the window. What goes wrong beside the pages it tells
// trouble, from any goroutine.
type opener struct {
	sampleDir string
	trouble   func(error)
}

func (o *opener) options() casebook.Options {
	return casebook.Options{
		BeforeMigration: func(ctx context.Context, cb *casebook.Casebook) error {
			dir, err := backup.Folder(cb)
			if err != nil {
				return err
			}
			_, err = backup.Now(ctx, cb, dir)
			return err
		},
		Hourly: func(_ context.Context, cb *casebook.Casebook) error {
			cb.Beside(func(ctx context.Context) { o.backUp(ctx, cb) })
			return nil
		},
	}
}

// backUp makes the backup of the hour. No save waits for it, and none is refused because
// it could not be made.
func (o *opener) backUp(ctx context.Context, cb *casebook.Casebook) {
	dir, err := backup.Folder(cb)
	var made backup.Made
	if err == nil {
		made, err = backup.Hourly(ctx, cb, dir)
	}
	if ctx.Err() != nil { // closed before it was done: the next opening makes it
		return
	}
	if made.Second != nil {
		o.trouble(made.Second)
	}
	if err != nil {
		o.trouble(fault.Wrap(fault.System, err, text.T("main.no_backup", "The backup of this hour could not be made."),
			text.T("main.no_backup_hint", "Your casebook itself is safe. Check that there is room on the disk; the backup is tried again with the first change after an hour.")))
	}
}

// Open opens the file at path.
func (o *opener) Open(ctx context.Context, path string, s ui.Secret) (ui.Workspace, error) {
	secret := vault.Secret{Passphrase: s.Passphrase, Recovery: s.RecoveryKey}
	if first, err := ids.Parse(s.First); err == nil {
		secret.First = first
	}
	cb, err := casebook.Open(ctx, path, secret, o.options())
	if err != nil {
		return nil, err
	}
	if err := backup.Forget(ctx, cb); err != nil { // before anything is shown
		return nil, errors.Join(err, cb.Close())
	}
	cb.Beside(func(ctx context.Context) {
		if err := backup.Scrubs(ctx, cb); err != nil && ctx.Err() == nil {
			o.trouble(err)
		}
	})
	w := newWorkspace(cb, casebookName(path), path)
	if err := w.sharing.begin(ctx); err != nil {
		return nil, errors.Join(err, cb.Close())
	}
	w.first, _ = w.stores.readToday(ctx) // nil after an error: the page asks by itself then, and says what is wrong
	w.stores.openAhead()
	return w, nil
}

// Newest finds the newest sound backup of a damaged casebook.
func (o *opener) Newest(ctx context.Context, path string, s ui.Secret) (ui.Rescue, error) {
	f, err := backup.Newest(ctx, path, vault.Secret{Passphrase: s.Passphrase, Recovery: s.RecoveryKey})
	return ui.Rescue{Path: f.Path, At: f.At}, err
}

// Rescue puts a backup in the place of a damaged casebook.
func (o *opener) Rescue(ctx context.Context, path string, s ui.Secret, r ui.Rescue) (string, error) {
	secret := vault.Secret{Passphrase: s.Passphrase, Recovery: s.RecoveryKey}
	aside, err := backup.Replace(ctx, r.Path, path, secret, time.Now())
	if err != nil {
		return "", err
	}
	cb, err := casebook.Open(ctx, path, secret, o.options())
	if err != nil {
		return "", err
	}
	share.Reclaim(ctx, cb, secret, aside) // what can be read of it; the rest comes from the shared folder
	return aside, cb.Close()
}

// Create makes a new file.
func (o *opener) Create(ctx context.Context, n ui.NewCasebook) (ui.Workspace, string, error) {
	cb, recovery, err := casebook.Create(ctx, n.Path, casebook.New{
		Passphrase: n.Passphrase, KDF: vault.Calibrate(unlockTime), Workspace: n.Business, Coach: n.Coach,
	}, o.options())
	if err != nil {
		return nil, "", err
	}
	return newWorkspace(cb, casebookName(n.Path), n.Path), recovery, nil
}

// Sample makes a sample in a folder of its own, which goes when the program ends; its
// passphrase is random and forgotten.
func (o *opener) Sample(ctx context.Context) (ui.Workspace, error) {
	o.removeSample()
	dir, err := os.MkdirTemp("", "couplet-sample-")
	if err != nil {
		return nil, err
	}
	o.sampleDir = dir
	secret := make([]byte, 16)
	rand.Read(secret) // crypto/rand never returns an error
	name := text.T("main.sample_name", "Sample")
	path := filepath.Join(dir, name+".couplet")
	recovery, err := sample.Casebook(ctx, path, casebook.New{Passphrase: hex.EncodeToString(secret), KDF: vault.FloorKDF}, day.Of(time.Now()), 1)
	if err != nil {
		return nil, err
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{})
	if err != nil {
		return nil, err
	}
	return newWorkspace(cb, name, ""), nil
}

func (o *opener) removeSample() {
	if o.sampleDir != "" {
		os.RemoveAll(o.sampleDir)
		o.sampleDir = ""
	}
}

func casebookName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".couplet") }

// workspace is an open casebook as the window sees it.
type workspace struct {
	book    *casebook.Casebook
	stores  *stores
	sharing *sharing
	first   *todayui.Reading
	name    string
	path    string
	role    string // of who is signed in, as the pages are made for it
	me      string
	stop    func()
}

func newWorkspace(cb *casebook.Casebook, name, path string) *workspace {
	w := &workspace{book: cb, stores: newStores(cb), sharing: &sharing{book: cb, place: path}, name: name, path: path, role: cb.Role(), stop: func() {}}
	w.me = w.stores.me(context.Background())
	return w
}

func (w *workspace) Name() string { return w.name }
func (w *workspace) Path() string { return w.path }

// Sharing is how it is kept in step with other computers.
func (w *workspace) Sharing() ui.Sharing { return w.sharing }

// OnChange calls f after every commit.
func (w *workspace) OnChange(f func()) {
	w.stop()
	w.stop = w.book.Changes.Subscribe(func(events.Changed) { f() })
}

// Given says whether the owner chose the passphrase that opened the casebook.
func (w *workspace) Given() bool { return w.book.Given() }

// ChooseOwn makes another one that of the coach signed in, after a verified backup.
func (w *workspace) ChooseOwn(ctx context.Context, passphrase string) error {
	if _, err := (settings{w.stores}).backUp(ctx); err != nil {
		return err
	}
	return w.book.ChangePassphrase(ctx, vault.Calibrate(unlockTime), passphrase)
}

// Me is who is signed in and what they do here.
func (w *workspace) Me() string { return w.me }

// Other says whether their role changed meanwhile, here or on another computer.
func (w *workspace) Other() bool { return w.book.Role() != w.role }

// Account tells the ways in apart.
func (w *workspace) Account() string { return ids.ID(w.book.Key().Account()).String() }

// ShutOut says whether the access of the coach signed in was closed meanwhile.
func (w *workspace) ShutOut() bool { return w.book.ShutOut() }

// Close finishes what is being written and wipes the keys.
func (w *workspace) Close(context.Context) error {
	w.stop()
	w.sharing.end()
	return w.book.Close()
}
