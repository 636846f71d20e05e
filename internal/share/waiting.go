package share

import (
	"errors"
	"os"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// WaitKind is why a file waits.
type WaitKind string

// The kinds.
const (
	WaitIncomplete WaitKind = "incomplete" // it has not come whole yet, or its end was damaged
	WaitDamaged    WaitKind = "damaged"
	WaitNewer      WaitKind = "newer"   // it asks for a newer version of the program
	WaitForeign    WaitKind = "foreign" // it is of another casebook
	WaitUnreadable WaitKind = "unreadable"
	WaitKey        WaitKind = "key"      // it is sealed with a key that has not come yet
	WaitShutOut    WaitKind = "shut_out" // somebody wrote it whose access was closed before
	WaitContent    WaitKind = "content"  // the content of a file kept with a couple stays away
)

// Waiting is a file of the folder that was not merged. It is looked at again at every turn.
type Waiting struct {
	Name     string // from the folder
	Kind     WaitKind
	Since    time.Time
	Sentence string
	Hint     string
}

// waiting tells of the files that could not be merged.
func (e *engine) waiting(files []file) {
	e.report.Waiting = nil
	for i := range files {
		f := &files[i]
		if f.trouble == nil {
			continue
		}
		w := Waiting{Name: f.path, Since: time.UnixMilli(f.since)}
		w.Kind, w.Sentence, w.Hint = explain(f.trouble)
		e.report.Waiting = append(e.report.Waiting, w)
	}
}

func explain(err error) (WaitKind, string, string) {
	again := text.T("share.wait_again", "It is tried again by itself. Nothing was changed.")
	switch {
	case errors.Is(err, errNewer):
		return WaitNewer, text.T("share.wait_newer", "This file was written by a newer version of Couplet."), text.T("share.wait_newer_hint", "Update Couplet on this computer. The file waits, and nothing is lost.")
	case errors.Is(err, errForeign):
		return WaitForeign, text.T("share.wait_foreign", "This file belongs to another casebook."), text.T("share.wait_foreign_hint", "Move it to where it belongs. Nothing was changed.")
	case errors.Is(err, errNoKey):
		return WaitKey, text.T("share.wait_key", "This file is sealed with a new key that is not here yet."), text.T("share.wait_key_hint", "The key comes with the casebook in the shared folder, for everybody who may still open it. Nothing was changed.")
	case errors.Is(err, errShutOut):
		_, name, _ := strings.Cut(err.Error(), ": ")
		return WaitShutOut, text.T("share.wait_shut_out", "%s wrote this after their access was closed. It was not taken in.", name), text.T("share.wait_shut_out_hint", "Ask them to stop the file service on their computer. If the file holds something from before that you need, bring it in by hand with coupletctl merge. Nothing was changed.")
	case errors.Is(err, errNoContent):
		return WaitContent, text.T("share.wait_content", "A file that is kept with a couple waits for its content."), text.T("share.wait_content_hint", "It comes once a computer that has it is online. Nothing was changed.")
	case errors.Is(err, errIncomplete):
		return WaitIncomplete, text.T("share.wait_incomplete", "This file has not come whole yet."), again
	case errors.Is(err, errDamaged), errors.Is(err, errContents):
		return WaitDamaged, text.T("share.wait_damaged", "This file is damaged."), text.T("share.wait_damaged_hint", "What it held is sent again by the computer that has it. Nothing here was changed.")
	case errors.Is(err, os.ErrPermission):
		return WaitUnreadable, text.T("share.wait_permission", "This file may not be read."), again
	}
	return WaitUnreadable, text.T("share.wait_unreadable", "This file could not be read."), again
}

// words turns the reasons why a container cannot be read into faults.
func words(err error) error {
	kind := fault.Damaged
	switch {
	case errors.Is(err, errNotShare):
		return fault.Wrap(fault.NotCasebook, err, text.T("share.not_one", "This is no shared casebook."), text.T("share.not_one_hint", "Choose a file that was made by sharing. Nothing was changed."))
	case errors.Is(err, errNewer):
		kind = fault.Newer
	case errors.Is(err, errForeign), errors.Is(err, errNoKey):
		kind = fault.WrongKey
	case errors.Is(err, errIncomplete), errors.Is(err, errDamaged), errors.Is(err, errContents):
	default:
		return err
	}
	_, sentence, hint := explain(err)
	return fault.Wrap(kind, err, sentence, hint)
}
