package main

import (
	"encoding/json"
	"io"
	"os"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions"
)

// subject writes the file of one person as a folder.
func (c *call) subject() error {
	person, err := c.needID("person")
	if err != nil {
		return err
	}
	out, err := c.need("out")
	if err != nil {
		return err
	}
	if err := refuseExisting(out); err != nil {
		return err
	}
	decisions, err := readDecisions(c.get("decisions"))
	if err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		f, err := rights.New(cb, sessions.LockNotes).Subject(c.ctx, coachToday(), person, decisions)
		if err != nil {
			return err
		}
		p, err := clients.New(cb).Person(c.ctx, coachToday(), person)
		if err != nil {
			return err
		}
		f.Name = p.Full()
		workspace, err := cb.Setting(c.ctx, "workspace")
		if err != nil {
			return err
		}
		if err := reports.WriteSubject(c.ctx, cb, f, workspace, out, pdf.Render); err != nil {
			return err
		}
		c.note(text.T("ctl.subject", "%d entries; %d wait for a decision and are not in it", f.Count(rights.Included)+f.Count(rights.Changed), f.Count(rights.Waiting)))
		return nil
	})
}

func readDecisions(path string) ([]rights.Decision, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []rights.Decision
	if err := json.NewDecoder(io.LimitReader(f, maxPlan)).Decode(&out); err != nil {
		return nil, fault.Wrap(fault.BadInput, err, text.T("ctl.no_decisions", "This is no list of decisions."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	return out, nil
}
