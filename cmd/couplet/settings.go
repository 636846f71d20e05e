package main

import (
	"context"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/settingsui"
)

// settings is the open casebook as the page of settings sees it.
type settings struct{ *stores }

func (s settings) Name(ctx context.Context) (string, error) {
	return s.book.Setting(ctx, "workspace")
}

func (s settings) SetName(ctx context.Context, name string) error {
	if err := s.book.MayManage(ctx); err != nil {
		return err
	}
	return s.book.Write(ctx, "workspace.name", func(tx *casebook.Tx) error { return tx.SetSetting("workspace", name) })
}

// Members are the coaches, and whether the one signed in may change who they are.
func (s settings) Members(ctx context.Context) (all []settingsui.Member, manages bool, err error) {
	coaches, err := s.clients.Coaches(ctx)
	if err != nil {
		return nil, false, err
	}
	accounts, err := s.book.Accounts(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, c := range coaches {
		a := accounts[c.ID]
		m := settingsui.Member{Coach: c, Me: c.ID == s.book.Me(), Passphrase: a.Passphrase, Given: a.Given}
		if s.book.Role() == string(clients.RoleOwner) || m.Me {
			rows, err := s.clients.Mine(ctx, s.audience(kit.LensCoach), c.ID)
			if err != nil {
				return nil, false, err
			}
			for _, r := range rows {
				m.Records = append(m.Records, r.Title)
			}
		}
		all = append(all, m)
	}
	err = s.book.MayManage(ctx)
	if manages = err == nil; fault.Is(err, fault.Refused) {
		err = nil
	}
	return all, manages, err
}

// Lent are the records that others may see besides their coaches.
func (s settings) Lent(ctx context.Context) ([]clients.Lending, error) {
	return s.clients.Lent(ctx, s.audience(kit.LensCoach), ids.Nil)
}

// AddCoach makes a coach, and lets them in if there is a passphrase.
func (s settings) AddCoach(ctx context.Context, name string, role clients.Role, passphrase string) error {
	if err := s.book.MayManage(ctx); err != nil {
		return err
	}
	id, err := s.clients.AddCoach(ctx, name)
	if err != nil {
		return err
	}
	if role != clients.RoleCoach {
		if err := s.clients.SetRole(ctx, id, role); err != nil {
			return err
		}
	}
	if passphrase == "" {
		return nil
	}
	return s.LetIn(ctx, id, passphrase)
}

func (s settings) RenameCoach(ctx context.Context, id ids.ID, name string) error {
	return s.clients.RenameCoach(ctx, id, name)
}

func (s settings) SetRole(ctx context.Context, id ids.ID, role clients.Role) error {
	return s.clients.SetRole(ctx, id, role)
}

// LetIn makes a verified backup first, as before every change of the keys.
func (s settings) LetIn(ctx context.Context, id ids.ID, passphrase string) error {
	if _, err := s.backUp(ctx); err != nil {
		return err
	}
	return s.book.GivePassphrase(ctx, id, vault.Calibrate(unlockTime), passphrase)
}

// SetAccess makes a verified backup first, as before every change of the keys.
func (s settings) SetAccess(ctx context.Context, id ids.ID, open bool) error {
	if _, err := s.backUp(ctx); err != nil {
		return err
	}
	return s.book.SetAccess(ctx, id, open)
}

func (s settings) OldRecoveryKey() bool { return s.book.OldRecovery() }

func (s settings) LockDays(ctx context.Context) (int, error) { return s.sessions.LockDays(ctx) }

func (s settings) SetLockDays(ctx context.Context, days int) error {
	if err := s.book.MayManage(ctx); err != nil {
		return err
	}
	return s.sessions.SetLockDays(ctx, days)
}

// ChangePassphrase makes a verified backup first: before every change of the keys.
func (s settings) ChangePassphrase(ctx context.Context, old, fresh string) error {
	if err := s.isMine(ctx, old); err != nil {
		return err
	}
	if _, err := s.backUp(ctx); err != nil {
		return err
	}
	return s.book.ChangePassphrase(ctx, vault.Calibrate(unlockTime), fresh)
}

// isMine says whether what was typed opens the casebook as the coach signed in: the
// passphrase, or the recovery key of who forgot it.
func (s settings) isMine(ctx context.Context, typed string) error {
	if vault.CheckRecovery(typed) == nil {
		return s.book.IsMine(ctx, vault.Secret{Recovery: typed})
	}
	return s.book.IsMine(ctx, vault.Secret{Passphrase: typed})
}

// NewRecoveryKey is a fresh recovery key for the person who has the passphrase.
func (s settings) NewRecoveryKey(ctx context.Context, passphrase string) (string, error) {
	if err := s.isMine(ctx, passphrase); err != nil {
		return "", err
	}
	return vault.NewRecovery(), nil
}

// SetRecoveryKey makes a verified backup first, as before every change of the keys.
func (s settings) SetRecoveryKey(ctx context.Context, recovery string) error {
	if _, err := s.backUp(ctx); err != nil {
		return err
	}
	return s.book.ChangeRecovery(ctx, recovery)
}

// backUp makes a backup. What keeps it from the second place keeps nothing else.
func (s settings) backUp(ctx context.Context) (backup.Made, error) {
	dir, err := backup.Folder(s.book)
	if err != nil {
		return backup.Made{}, err
	}
	return backup.Now(ctx, s.book, dir)
}
