package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// reading opens a casebook for commands that change nothing in it, apart from bringing
// an old file up to date after a backup, as the window does.
func reading() casebook.Options {
	return casebook.Options{
		Now:             now,
		BeforeMigration: func(ctx context.Context, cb *casebook.Casebook) error { return backUp(ctx, cb, backup.Now) },
	}
}

// writing is reading with the backup of the hour before the first write.
func writing() casebook.Options {
	opts := reading()
	opts.Hourly = func(ctx context.Context, cb *casebook.Casebook) error { return backUp(ctx, cb, backup.Hourly) }
	return opts
}

// backUp makes a backup where this computer keeps them. That the second place cannot be
// reached is said and keeps nothing from being done.
func backUp(ctx context.Context, cb *casebook.Casebook, make func(context.Context, *casebook.Casebook, string) (backup.Made, error)) error {
	dir, err := backup.Folder(cb)
	if err != nil {
		return err
	}
	made, err := make(ctx, cb, dir)
	if made.Second != nil {
		say(os.Stderr, made.Second)
	}
	return err
}

// with opens the casebook that stands first among the arguments, calls f and closes it.
func (c *call) with(opts casebook.Options, f func(*casebook.Casebook) error) error {
	return c.withFile(c.positional[0], opts, f)
}

// withAll is with for what hands out or changes the whole casebook, and so is the owner's.
func (c *call) withAll(opts casebook.Options, f func(*casebook.Casebook) error) error {
	return c.with(opts, func(cb *casebook.Casebook) error {
		if err := cb.OwnerOnly(); err != nil {
			return err
		}
		return f(cb)
	})
}

func (c *call) withFile(path string, opts casebook.Options, f func(*casebook.Casebook) error) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	s, err := c.secret()
	if err != nil {
		return err
	}
	cb, err := casebook.Open(c.ctx, path, s, opts)
	if err != nil {
		return notOurs(path, err)
	}
	c.warnSynced(path)
	if !opts.ReadOnly { // who may not write shows no content
		if err = backup.Forget(c.ctx, cb); err == nil {
			_, err = backup.Scrub(c.ctx, cb, nil)
		}
	}
	if err != nil {
		return errors.Join(err, cb.Close())
	}
	return errors.Join(f(cb), cb.Close())
}

// refuseExisting refuses to make a file that is there already.
func refuseExisting(paths ...string) error {
	for _, p := range paths {
		if p == "" {
			continue
		}
		switch _, err := os.Lstat(p); {
		case err == nil:
			return exists(p)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

func exists(path string) error {
	return fault.New(fault.Refused, text.T("ctl.exists", "There is already a file %s.", path), text.T("fault.exists_hint", "Choose another name. The existing file was not touched."))
}

// create makes a casebook at path: make fills it under another name in the same
// folder, and it comes to its place whole, with its recovery key told, or not at all.
func (c *call) create(path string, clock func() time.Time, make func(ctx context.Context, path string, n casebook.New, opts casebook.Options) (recovery string, err error)) (err error) {
	out := c.get("recovery-out")
	if c.on("recovery-out") && out == "" {
		return usage(text.T("ctl.need", "The flag --%s is needed.", "recovery-out"), "")
	}
	if err := refuseExisting(path, out); err != nil {
		return err
	}
	dir, name := filepath.Split(path)
	if _, err := os.Stat(filepath.Clean(dir)); err != nil {
		return err
	}
	pass, err := c.passphraseFrom("passphrase-file", "COUPLET_PASSPHRASE", text.T("ctl.prompt_new", "New passphrase: "), true)
	if err != nil {
		return err
	}
	kdf, err := c.kdf()
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, fmt.Sprintf(".%s.%d.new", name, os.Getpid()))
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
			os.Remove(tmp + suffix)
		}
		_ = attach.Clear(tmp)
	}()
	recovery, err := make(c.ctx, tmp, casebook.New{Passphrase: pass, KDF: kdf, Workspace: c.get("workspace"), Coach: c.get("coach")}, casebook.Options{Now: clock})
	if err != nil {
		return err
	}
	if err := durable.Place(tmp, path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(path) // a casebook whose recovery key nobody has seen
			_ = attach.Clear(path)
		}
	}()
	if err := attach.Move(tmp, path); err != nil {
		return err
	}
	return c.tellRecovery(recovery, out)
}

// tellRecovery shows the recovery key, the only time that anybody can see it.
func (c *call) tellRecovery(recovery, out string) error {
	if out != "" {
		if err := durable.WriteNew(out, []byte(recovery+"\n"), 0o600); err != nil {
			return err
		}
		c.note(text.T("ctl.recovery_file", "The recovery key is in %s. Keep it apart from the casebook.", out))
		return nil
	}
	if _, err := fmt.Fprintln(c.out, strings.TrimSpace(recovery)); err != nil {
		return systemFault(err)
	}
	if err := c.out.Flush(); err != nil {
		return systemFault(err)
	}
	c.note(text.T("ctl.recovery_note", "This is the recovery key. It is shown only now: keep it apart from the casebook."))
	return nil
}
