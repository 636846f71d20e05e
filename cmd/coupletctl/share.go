package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// sharing is how this computer takes part: merged copies go to its backups, and before
// very much changes at once it makes one.
func sharing(cb *casebook.Casebook) (share.Options, error) {
	dir, err := backup.Folder(cb)
	return share.Options{
		Backups:     dir,
		BeforeLarge: func(ctx context.Context, cb *casebook.Casebook) error { return backUp(ctx, cb, backup.Now) },
		Erased:      backup.Scrubs,
	}, err
}

func (c *call) share() error {
	folder := c.positional[1]
	return c.with(writing(), func(cb *casebook.Casebook) error {
		opts, err := sharing(cb)
		if err != nil {
			return err
		}
		if err := share.Share(c.ctx, cb, folder, opts); err != nil {
			return err
		}
		c.note(text.T("ctl.shared", "The casebook is shared through %s. The others join with: coupletctl join FOLDER FILE", folder))
		return nil
	})
}

func (c *call) join() error {
	from, to := c.positional[0], c.positional[1]
	if err := refuseExisting(to); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(to)); err != nil {
		return err
	}
	if _, err := os.Stat(from); err != nil {
		return err
	}
	s, err := c.secret()
	if err != nil {
		return err
	}
	if err := share.Join(c.ctx, from, to, s, share.Options{}, writing(), nil); err != nil {
		return err
	}
	c.warnSynced(to)
	c.note(text.T("ctl.joined", "%s is now your own copy of the casebook. Keep it in step with: coupletctl sync FILE", to))
	return nil
}

func (c *call) sync() error {
	return c.with(writing(), func(cb *casebook.Casebook) error {
		opts, err := sharing(cb)
		if err != nil {
			return err
		}
		r, err := share.Sync(c.ctx, cb, opts)
		return c.outcome(r, err)
	})
}

func (c *call) merge() error {
	into, from := c.positional[0], c.positional[1:]
	for _, f := range from {
		if sameFile(into, f) {
			return usage(text.T("ctl.merge_itself", "A casebook cannot be merged into itself."), "")
		}
		if _, err := os.Stat(f); err != nil {
			return err
		}
	}
	return c.withFile(into, writing(), func(cb *casebook.Casebook) error {
		s, err := c.secret()
		if err != nil {
			return err
		}
		opts, err := sharing(cb)
		if err != nil {
			return err
		}
		r, err := share.Merge(c.ctx, cb, s, opts, from...)
		return c.outcome(r, err)
	})
}

// sameFile says whether two names are of one file.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func (c *call) devices() error {
	return c.with(reading(), func(cb *casebook.Casebook) error {
		all, err := share.Devices(c.ctx, cb)
		if err != nil {
			return err
		}
		out := computers(all)
		if c.on("json") {
			return c.json(out)
		}
		for _, d := range out {
			name := d.Name
			if d.Own {
				name = text.T("ctl.this_computer", "%s (this one)", name)
			}
			fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\n", d.ID, name, minute(d.LastSeen), minute(d.Heard))
		}
		c.note(text.T("ctl.devices_found", "id, name, when it last wrote by its own clock, when that was read here"))
		return nil
	})
}

func minute(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return t.Local().Format("2006-01-02 15:04")
}

// computer is a device as programs read it.
type computer struct {
	ID       ids.ID     `json:"id"`
	Name     string     `json:"name"`
	Own      bool       `json:"own"`
	LastSeen *time.Time `json:"last_seen"`
	Heard    *time.Time `json:"heard"`
}

func computers(all []share.Device) []computer {
	out := []computer{}
	when := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	for _, d := range all {
		out = append(out, computer{d.ID, d.Name, d.Own, when(d.LastSeen), when(d.Heard)})
	}
	return out
}

// outcome says what a turn of sharing did, also when it could not go on to its end, and
// ends with a refusal when something waits.
func (c *call) outcome(r share.Report, failed error) error {
	type waiting struct {
		Name     string         `json:"name"`
		Kind     share.WaitKind `json:"kind"`
		Since    time.Time      `json:"since"`
		Sentence string         `json:"sentence"`
		Hint     string         `json:"hint"`
	}
	type notice struct {
		Kind     share.NoticeKind `json:"kind"`
		Name     string           `json:"name,omitempty"`
		Table    string           `json:"table,omitempty"`
		ID       *ids.ID          `json:"id,omitempty"`
		Sentence string           `json:"sentence"`
	}
	doc := struct {
		Merged    int        `json:"merged"`
		Published int        `json:"published"`
		Waiting   []waiting  `json:"waiting"`
		Notices   []notice   `json:"notices"`
		Devices   []computer `json:"devices"`
	}{r.Merged, r.Published, []waiting{}, []notice{}, computers(r.Devices)}
	for _, n := range r.Notices {
		one := notice{Kind: n.Kind, Name: n.Name, Sentence: sentence(n)}
		if !n.Row.ID.IsZero() {
			one.Table, one.ID = n.Row.Table, &n.Row.ID
		}
		doc.Notices = append(doc.Notices, one)
		c.note(one.Sentence)
	}
	for _, w := range r.Waiting {
		doc.Waiting = append(doc.Waiting, waiting(w))
		c.note(w.Name + ": " + w.Sentence)
		c.note("  " + w.Hint)
	}
	if c.on("json") {
		if err := c.json(doc); err != nil {
			return errors.Join(failed, err)
		}
	} else if failed == nil {
		c.note(text.T("ctl.synced", "Files merged: %d, written: %d.", r.Merged, r.Published))
	}
	if failed == nil && len(r.Waiting) > 0 {
		return fault.New(fault.Refused, text.N("ctl.waiting", len(r.Waiting), "One file waits.", "%d files wait."),
			text.T("ctl.waiting_hint", "They are named above. Everything else is merged, and nothing is lost."))
	}
	return failed
}

// sentence is what a notice says to a person.
func sentence(n share.Notice) string {
	switch {
	case n.Sentence != "":
		return n.Sentence
	case n.Kind == share.NoticeBack:
		return text.T("ctl.came_back", "%s %s came back from the recycle bin: somebody changed it after it was put there.", n.Row.Table, n.Row.ID)
	case n.Kind == share.NoticeMoved:
		return text.T("ctl.moved", "%s was merged, and is kept with the backups.", n.Name)
	}
	return string(n.Kind)
}

// notOurs says better why a file cannot be worked in when it is one of a shared folder.
func notOurs(path string, err error) error {
	if !fault.Is(err, fault.NotCasebook) || !share.IsShared(path) {
		return err
	}
	return fault.New(fault.NotCasebook, text.T("ctl.snapshot", "This is a shared snapshot, not a casebook to work in."),
		text.T("ctl.snapshot_hint", "Make a casebook of your own from it: coupletctl join %q NEWFILE. Nothing was changed.", path))
}

// warnSynced tells of a casebook that lies where a file service would copy it while it
// is being written.
func (c *call) warnSynced(path string) {
	if by := share.Synced(path); by != "" {
		c.note(text.T("ctl.in_synced", "Careful: %s lies in a folder that %s keeps in step, where a casebook that is in use can be damaged.", path, by))
		c.note("  " + text.T("ctl.in_synced_hint", "Move it out of there, then share it: coupletctl share FILE FOLDER"))
	}
}
