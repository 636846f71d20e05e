// Package fault is what can go wrong, said to a person: one sentence, a hint, and
// the kind that programs act on. A fault never carries client text.
package fault

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/couplet-app/couplet/internal/text"
)

// Kind tells programs which exit code and which window to show.
type Kind int

// The kinds. Their exit codes are the same for every command.
const (
	Internal    Kind = iota // something that should not happen
	Refused                 // a rule says no; also findings of a check
	BadInput                // what was entered cannot be taken; Field or Item names it
	NotFound                // there is no such record
	Usage                   // the command line is off
	WrongKey                // passphrase or recovery key opens no slot
	Damaged                 // a page does not authenticate, or the file is cut short
	Newer                   // made by a later version
	Busy                    // another program holds the casebook
	NotCasebook             // some other file
	System                  // disk full, read-only, folder gone
)

// Error is a fault with its words. Wrap it freely: kinds survive errors.As.
type Error struct {
	Kind     Kind
	Sentence string // what happened, for a person
	Hint     string // what to do, and that nothing was lost
	Field    string // the field, item or line concerned, for forms
	Err      error  // the cause, for the details
}

func (e *Error) Error() string {
	s := e.Sentence
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// New makes a fault of kind k.
func New(k Kind, sentence, hint string) *Error {
	return &Error{Kind: k, Sentence: sentence, Hint: hint}
}

// Wrap makes a fault of kind k with its cause.
func Wrap(k Kind, err error, sentence, hint string) *Error {
	return &Error{Kind: k, Sentence: sentence, Hint: hint, Err: err}
}

// Input is a BadInput that names the field, item or line.
func Input(field, sentence string) *Error {
	return &Error{Kind: BadInput, Field: field, Sentence: sentence, Hint: text.T("fault.nothing_saved", "Nothing was changed.")}
}

// As finds the fault in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf is the kind of err; an error of the operating system is System.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	if isSystem(err) {
		return System
	}
	return Internal
}

// Is says whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

func isSystem(err error) bool {
	var p *fs.PathError
	var n syscall.Errno
	return errors.As(err, &p) || errors.As(err, &n) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}

// ExitCode is what every command of coupletctl ends with.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	switch KindOf(err) {
	case Usage:
		return 2
	case WrongKey:
		return 3
	case Damaged:
		return 4
	case Newer:
		return 5
	case Busy:
		return 6
	case NotCasebook:
		return 7
	case System:
		return 8
	default:
		return 1
	}
}

// Words are the sentence and the hint to show for any error, known or not.
func Words(err error) (sentence, hint string) {
	if errors.Is(err, context.Canceled) {
		return text.T("fault.cancelled", "Stopped."), text.T("fault.nothing_saved", "Nothing was changed.")
	}
	if e, ok := As(err); ok {
		return e.Sentence, e.Hint
	}
	if isSystem(err) {
		return systemWords(err)
	}
	return text.T("fault.unknown", "Something went wrong. Your text is saved."), text.T("fault.unknown_hint", "You can copy the details and go on working.")
}

func systemWords(err error) (string, string) {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return text.T("fault.disk_full", "The disk is full."), text.T("fault.disk_full_hint", "Free some space and try again. What was saved before is safe.")
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return text.T("fault.read_only", "This place cannot be written to."), text.T("fault.read_only_hint", "Choose another folder or ask for permission. Nothing was lost.")
	case errors.Is(err, fs.ErrNotExist):
		return text.T("fault.gone", "The file or folder is not there."), text.T("fault.gone_hint", "Check the name, or reconnect the drive. Nothing was changed.")
	case errors.Is(err, fs.ErrExist):
		return text.T("fault.exists", "There is already a file of that name."), text.T("fault.exists_hint", "Choose another name. The existing file was not touched.")
	}
	return text.T("fault.system", "The computer refused to read or write the file."), text.T("fault.system_hint", "Try again. What was saved before is safe.")
}
