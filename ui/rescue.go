package ui

import (
	"context"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// lookForBackup offers the newest sound backup of a casebook that is damaged.
func (u *unlock) lookForBackup(secret Secret) {
	s := u.shell
	looking := kit.Soft(text.T("rescue.looking", "Looking for the newest sound backup…"))
	u.problem.Add(looking)
	var r Rescue
	var err error
	s.conf.Runner.Run(func(ctx context.Context) { r, err = s.conf.Opener.Newest(ctx, u.path, secret) }, func() {
		if s.front != front(u) || u.busy { // the person went on
			return
		}
		u.problem.Remove(looking)
		if err != nil {
			sentence, hint := fault.Words(err)
			u.problem.Add(kit.Hint(sentence + " " + hint))
		} else {
			u.problem.Add(kit.Paragraph(text.T("rescue.offer", "There is a sound backup of %s. It can take the casebook's place; the damaged file is kept beside it.", r.At.Local().Format("2 January 2006, 15:04"))))
			u.problem.Add(kit.HBox(0, kit.Secondary(text.T("rescue.ok", "Restore this backup"), func() { u.rescue(secret, r) })))
		}
		u.body.Refresh()
	})
}

// rescue restores the backup and opens it.
func (u *unlock) rescue(secret Secret, r Rescue) {
	if u.busy {
		return
	}
	u.setBusy(true)
	s := u.shell
	var w Workspace
	var aside string
	var err error
	s.conf.Runner.Run(func(ctx context.Context) {
		if aside, err = s.conf.Opener.Rescue(ctx, u.path, secret, r); err == nil {
			w, err = s.conf.Opener.Open(ctx, u.path, secret)
		}
	}, func() {
		u.setBusy(false)
		if err != nil {
			u.refuse(err)
			return
		}
		u.entry.SetText("")
		s.enter(w)
		s.env.Dialogs.Open(kit.Dialog{Title: text.T("rescue.title", "The backup is open"), Content: kit.Paragraph(
			text.T("rescue.done", "Restored from the backup of %s. The damaged file is kept as %s.", r.At.Local().Format("2 January 2006, 15:04"), aside))})
	})
}
