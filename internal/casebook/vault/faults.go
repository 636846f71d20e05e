package vault

import (
	"errors"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	sqlite3 "github.com/mattn/go-sqlite3"
)

// WrongKey says that a secret does not open the casebook.
func WrongKey() error { return faultWrongKey() }

func faultWrongKey() error {
	return fault.New(fault.WrongKey,
		text.T("vault.wrong_key", "This passphrase or recovery key does not open the casebook."),
		text.T("vault.wrong_key_hint", "Check capital letters and the keyboard layout, then try again. Nothing was changed."))
}

func faultLocked(err error) error {
	return fault.Wrap(fault.WrongKey, err,
		text.T("vault.locked", "The casebook is locked."),
		text.T("vault.locked_hint", "Unlock it and try again. What was saved before is safe."))
}

func faultDamaged(err error) error {
	return fault.Wrap(fault.Damaged, err,
		text.T("vault.damaged", "The casebook file is damaged or cut short."),
		text.T("vault.damaged_hint", "Restore the newest backup. The damaged file was left as it is."))
}

func faultNewer() error {
	return fault.New(fault.Newer,
		text.T("vault.newer", "This casebook was made by a newer version of Couplet."),
		text.T("vault.newer_hint", "Update Couplet on this computer. Nothing was changed."))
}

func faultNotCasebook() error {
	return fault.New(fault.NotCasebook,
		text.T("vault.not_casebook", "This file is not a Couplet casebook."),
		text.T("vault.not_casebook_hint", "Choose a file that ends in .couplet. Nothing was changed."))
}

func faultBusy(err error) error {
	return fault.Wrap(fault.Busy, err,
		text.T("vault.busy", "The casebook is in use by another program."),
		text.T("vault.busy_hint", "Close the other window, then try again."))
}

func faultDisk(err error, code sqlite3.ErrNo) error {
	sentence, hint := text.T("vault.system", "The computer refused to read or write the casebook."),
		text.T("vault.system_hint", "Check the disk and try again. What was saved before is safe.")
	switch code {
	case sqlite3.ErrFull:
		sentence, hint = text.T("fault.disk_full", "The disk is full."),
			text.T("fault.disk_full_hint", "Free some space and try again. What was saved before is safe.")
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		sentence, hint = text.T("fault.read_only", "This place cannot be written to."),
			text.T("fault.read_only_hint", "Choose another folder or ask for permission. Nothing was lost.")
	}
	return fault.Wrap(fault.System, err, sentence, hint)
}

// Extended results of SQLite that the sealed VFS gives (sealed_file.c).
const (
	ioErrAuth sqlite3.ErrNoExtended = 10 | 28<<8
	ioErrData sqlite3.ErrNoExtended = 10 | 32<<8
)

// PlainCode is the result without its extension; the connections of this package give
// whole results in both fields of an error.
func PlainCode(e sqlite3.Error) sqlite3.ErrNo { return e.Code & 0xff }

// MapError turns an error of SQLite into a fault: Damaged when a page did not
// authenticate or SQLite finds the file corrupt, Busy, System for the disk, WrongKey
// after Wipe. Every other error, and nil, comes back as it is.
func MapError(err error) error {
	var e sqlite3.Error
	if _, known := fault.As(err); known || !errors.As(err, &e) {
		return err
	}
	code := PlainCode(e)
	switch {
	case e.ExtendedCode == ioErrData, code == sqlite3.ErrCorrupt, code == sqlite3.ErrNotADB:
		return faultDamaged(err)
	case e.ExtendedCode == ioErrAuth:
		return faultLocked(err)
	case e.ExtendedCode == sqlite3.ErrIoErrSHMSize: // the file beside the log found no room
		return faultDisk(err, sqlite3.ErrFull)
	case code == sqlite3.ErrBusy, code == sqlite3.ErrLocked:
		return faultBusy(err)
	case code == sqlite3.ErrIoErr, code == sqlite3.ErrFull, code == sqlite3.ErrReadonly,
		code == sqlite3.ErrCantOpen, code == sqlite3.ErrPerm:
		return faultDisk(err, code)
	}
	return err
}
