package main

import (
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// rebuild puts the newest sound backup in the place of a damaged casebook, and brings in
// what the damaged file still says and what the others have written since. The damaged
// file is kept.
func (c *call) rebuild() error {
	path := c.positional[0]
	s, err := c.secret()
	if err != nil {
		return err
	}
	newest, err := backup.Newest(c.ctx, path, s)
	if err != nil {
		return err
	}
	aside, err := backup.Replace(c.ctx, newest.Path, path, s, time.Now())
	if err != nil {
		return err
	}
	c.note(text.T("ctl.rebuilt", "The backup of %s took its place. The damaged file is kept as %s.", newest.At.Local().Format("2006-01-02 15:04"), aside))
	return c.with(writing(), func(cb *casebook.Casebook) error {
		opts, err := sharing(cb)
		if err != nil {
			return err
		}
		if share.Reclaim(c.ctx, cb, s, aside) {
			c.note(text.T("ctl.reclaimed", "All that the damaged file still says was brought in."))
		}
		folder, err := share.Folder(c.ctx, cb)
		switch {
		case err != nil:
			return err
		case len(c.positional) > 1 && folder == "": // the backup is from before it was shared
			if err := share.Share(c.ctx, cb, c.positional[1], opts); err != nil {
				return err
			}
		case folder == "":
			return nil
		}
		r, err := share.Sync(c.ctx, cb, opts)
		return c.outcome(r, err)
	})
}
