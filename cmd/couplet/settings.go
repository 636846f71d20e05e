package main

import (
	"context"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// settings is the open casebook as the page of settings sees it.
type settings struct{ *stores }

func (s settings) Name(ctx context.Context) (string, error) {
	return s.book.Setting(ctx, "workspace")
}

func (s settings) SetName(ctx context.Context, name string) error {
	return s.book.Write(ctx, "workspace.name", func(tx *casebook.Tx) error { return tx.SetSetting("workspace", name) })
}

func (s settings) Coaches(ctx context.Context) ([]clients.Coach, error) {
	return s.clients.Coaches(ctx)
}

func (s settings) AddCoach(ctx context.Context, name string) (ids.ID, error) {
	return s.clients.AddCoach(ctx, name)
}

func (s settings) RenameCoach(ctx context.Context, id ids.ID, name string) error {
	return s.clients.RenameCoach(ctx, id, name)
}

func (s settings) CoachLeft(ctx context.Context, id ids.ID, left bool) error {
	return s.clients.CoachLeft(ctx, id, left)
}

func (s settings) LockDays(ctx context.Context) (int, error) { return s.sessions.LockDays(ctx) }

func (s settings) SetLockDays(ctx context.Context, days int) error {
	return s.sessions.SetLockDays(ctx, days)
}

// ChangePassphrase makes a verified backup first: before every change of the keys.
func (s settings) ChangePassphrase(ctx context.Context, old, fresh string) error {
	key, err := vault.Unlock(s.book.Path(), vault.Secret{Passphrase: old})
	if err != nil {
		return err
	}
	key.Wipe()
	if _, err := s.backUp(ctx); err != nil {
		return err
	}
	return s.book.Key().ChangePassphrase(s.book.Path(), vault.Calibrate(unlockTime), fresh)
}

// NewRecoveryKey is a fresh recovery key for the person who has the passphrase.
func (s settings) NewRecoveryKey(_ context.Context, passphrase string) (string, error) {
	key, err := vault.Unlock(s.book.Path(), vault.Secret{Passphrase: passphrase})
	if err != nil {
		return "", err
	}
	key.Wipe()
	return vault.NewRecovery(), nil
}

// SetRecoveryKey makes a verified backup first, as before every change of the keys.
func (s settings) SetRecoveryKey(ctx context.Context, recovery string) error {
	if _, err := s.backUp(ctx); err != nil {
		return err
	}
	return s.book.Key().ChangeRecovery(s.book.Path(), recovery)
}

// backUp makes a backup. What keeps it from the second place keeps nothing else.
func (s settings) backUp(ctx context.Context) (backup.Made, error) {
	dir, err := backup.Folder(s.book)
	if err != nil {
		return backup.Made{}, err
	}
	return backup.Now(ctx, s.book, dir)
}
