package main

import (
	"fmt"
	"path/filepath"

	"github.com/couplet-app/couplet/internal/attach"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
)

func (c *call) check() error {
	return c.with(casebook.Options{ReadOnly: true}, func(cb *casebook.Casebook) error {
		found, err := cb.Check(c.ctx, nil, sessions.VerifyLocks)
		if err != nil {
			return err
		}
		files, err := attach.Check(c.ctx, cb)
		if err != nil {
			return err
		}
		found = append(found, files...)
		if c.on("deep") {
			more, err := c.checkBackups(cb)
			if err != nil {
				return err
			}
			found = append(found, more...)
		}
		type finding struct {
			Area   string `json:"area"`
			Text   string `json:"text"`
			Notice bool   `json:"notice"`
		}
		doc := struct {
			Sound    bool      `json:"sound"`
			Findings []finding `json:"findings"`
		}{Sound: true, Findings: []finding{}}
		for _, f := range found {
			doc.Sound = doc.Sound && f.Notice
			doc.Findings = append(doc.Findings, finding(f))
		}
		if c.on("json") {
			if err := c.json(doc); err != nil {
				return err
			}
		} else {
			for _, f := range doc.Findings {
				fmt.Fprintf(c.out, "%s: %s\n", f.Area, f.Text)
			}
		}
		if !doc.Sound {
			return fault.New(fault.Refused, text.T("ctl.unsound", "The casebook is not sound."), text.T("ctl.unsound_hint", "Restore the newest backup into a new file (coupletctl restore). Nothing was changed."))
		}
		c.note(text.T("ctl.sound", "The casebook is sound."))
		return nil
	})
}

// checkBackups reads every backup of the casebook, here and in the second place. One
// that is damaged is a finding; a second place that is not there is a notice.
func (c *call) checkBackups(cb *casebook.Casebook) ([]casebook.Finding, error) {
	here, second, err := backupFolders(cb)
	if err != nil {
		return nil, err
	}
	var out []casebook.Finding
	for i, dir := range []string{here, second} {
		if dir == "" {
			continue
		}
		files, err := backup.Checked(c.ctx, dir, cb.Key(), true, nil)
		if err != nil {
			if i == 0 || c.ctx.Err() != nil {
				return nil, err
			}
			out = append(out, casebook.Finding{Area: "backup", Notice: true, Text: text.T("ctl.second_gone", "the second place of the backups cannot be read")})
			continue
		}
		contents, err := backup.CheckContents(c.ctx, cb, dir)
		if err != nil {
			return nil, err
		}
		out = append(out, contents...)
		for _, f := range files {
			if !f.Verified {
				out = append(out, casebook.Finding{Area: "backup", Text: text.T("ctl.backup_unsound", "%s did not pass its check", filepath.Base(f.Path))})
			}
		}
	}
	return out, nil
}
