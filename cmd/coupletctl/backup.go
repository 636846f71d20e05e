package main

import (
	"fmt"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/text"
)

func (c *call) backup() error {
	return c.withAll(reading(), func(cb *casebook.Casebook) error {
		path, err := backup.Make(c.ctx, cb, c.positional[1])
		if err != nil {
			return err
		}
		fmt.Fprintln(c.out, path)
		return nil
	})
}

// backupFolders are where this computer keeps the backups of a casebook.
func backupFolders(cb *casebook.Casebook) (here, second string, err error) {
	if here, err = backup.Folder(cb); err != nil {
		return "", "", err
	}
	second, err = backup.SecondFolder(here)
	return here, second, err
}

// backups lists what there is, newest first, and looks at what was not looked at yet.
func (c *call) backups() error {
	return c.with(reading(), func(cb *casebook.Casebook) error {
		here, second, err := backupFolders(cb)
		if err != nil {
			return err
		}
		type entry struct {
			Path     string    `json:"path"`
			At       time.Time `json:"at"`
			Size     int64     `json:"size"`
			Verified bool      `json:"verified"`
		}
		doc := struct {
			Backups []entry `json:"backups"`
		}{Backups: []entry{}}
		for _, dir := range []string{here, second} {
			if dir == "" {
				continue
			}
			files, err := backup.Checked(c.ctx, dir, cb.Key(), false, nil)
			if err != nil {
				return err
			}
			for _, f := range files {
				doc.Backups = append(doc.Backups, entry{f.Path, f.At, f.Size, f.Verified})
			}
		}
		if c.on("json") {
			return c.json(doc)
		}
		for _, e := range doc.Backups {
			state := text.T("ctl.verified", "verified")
			if !e.Verified {
				state = text.T("ctl.not_verified", "NOT SOUND")
			}
			fmt.Fprintf(c.out, "%s\t%d\t%s\t%s\n", e.At.Local().Format("2006-01-02 15:04"), e.Size, state, e.Path)
		}
		return nil
	})
}

func (c *call) restore() error {
	from, to := c.positional[0], c.positional[1]
	if c.on("mode") {
		return c.bringBack(from, to)
	}
	if err := refuseExisting(to); err != nil {
		return err
	}
	s, err := c.secret()
	if err != nil {
		return err
	}
	if err := backup.Restore(c.ctx, from, to, s); err != nil {
		return notOurs(from, err)
	}
	c.note(text.T("ctl.restored", "Restored into %s.", to))
	return nil
}

// bringBack restores from a backup into the casebook itself.
func (c *call) bringBack(from, to string) error {
	restore := backup.Missing
	switch c.get("mode") {
	case "missing":
	case "day":
		restore = backup.Day
	default:
		return usage(text.T("ctl.mode", "The mode is missing or day."), "")
	}
	return c.withFile(to, reading(), func(cb *casebook.Casebook) error {
		if err := cb.OwnerOnly(); err != nil {
			return err
		}
		dir, err := backup.Folder(cb)
		if err != nil {
			return err
		}
		out, err := restore(c.ctx, cb, dir, from, nil)
		if err != nil {
			return err
		}
		c.note(text.T("ctl.brought_back", "%d rows came back, %d have earlier values again, %d went to the recycle bin, %d stayed as they are to protect somebody.", out.Back, out.Changed, out.Binned, out.Stayed))
		c.note(text.T("ctl.brought_before", "The casebook as it was before is in %s.", out.Before))
		return nil
	})
}
