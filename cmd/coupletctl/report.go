package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
)

func (c *call) report() error {
	r, err := c.request()
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
	return c.with(writing(), func(cb *casebook.Casebook) error {
		people := clients.New(cb)
		store := reports.NewStore(cb, people, sessions.New(cb, people.MayBeginJoint), quizzes.NewStore(cb), practices.NewStore(cb, people))
		rep, err := store.Build(c.ctx, r)
		if err != nil {
			return err
		}
		if !rep.Clean() {
			return c.leaks(rep)
		}
		file, subs, err := pdf.Render(rep.Document)
		if err != nil {
			return err
		}
		for _, s := range subs {
			c.note(text.T("ctl.replaced", "replaced: %s: %q is drawn as %q (%s, %d times)", s.Where, s.Text, s.With, s.Reason, s.Count))
		}
		for _, m := range rep.Withheld {
			c.note(text.T("ctl.withheld", "left out of a joint report until it was talked about: %s", m))
		}
		if err := durable.WriteNew(out, file, 0o600); err != nil {
			return err
		}
		if err := c.mind(people, r); err != nil {
			return err
		}
		return removeOn(store.Record(c.ctx, rep, sha256.Sum256(file), pages(file), filepath.Base(out)), out)
	})
}

// mind says that there is something to mind before what is theirs alone reaches a partner
// (rule PV-32); what it is stands in the record and under the command reach, for whatever
// this command says may land beside the report.
func (c *call) mind(people *clients.Store, r reports.Request) error {
	slot := clients.For(r.Reader, r.Date).Slot()
	if slot == "" {
		return nil
	}
	x, err := people.Couple(c.ctx, coachToday(), r.Couple)
	if err != nil {
		return err
	}
	reach, err := people.Reach(c.ctx, coachToday(), x.Person(slot))
	if err != nil {
		return err
	}
	if reach.Mind() != "" {
		c.note(text.T("ctl.mind", "Read how %s is safely reached before you send it: coupletctl reach.", reach.Person.Short()))
	}
	return nil
}

// request reads the flags of a report. Without --date it is dated today.
func (c *call) request() (r reports.Request, err error) {
	if r.Couple, err = c.needID("couple"); err != nil {
		return r, err
	}
	if r.Reader, err = c.reader(); err != nil {
		return r, err
	}
	for _, f := range []struct {
		name string
		to   *day.Day
	}{{"from", &r.From}, {"to", &r.To}, {"date", &r.Date}} {
		if *f.to, err = c.day(f.name); err != nil {
			return r, err
		}
	}
	if r.Date.IsZero() {
		r.Date = day.Of(now())
	}
	if !r.From.IsZero() && !r.To.IsZero() && r.To < r.From {
		return r, usage(text.T("ctl.period", "The period ends before it begins."), "")
	}
	return r, nil
}

// pages counts the pages of a PDF that pdf.Render made.
func pages(file []byte) int { return bytes.Count(file, []byte("<</Type /Page\n")) }

// leaks names what stands in the report that its reader may not see.
func (c *call) leaks(rep reports.Report) error {
	for _, h := range rep.Hits {
		c.note(fmt.Sprintf("%s: %s", h.Place, text.T("ctl.leak", "taken from a %s of %s that is not for this reader", h.Source.Kind, h.Source.Day)))
	}
	return fault.New(fault.Refused, text.T("ctl.leaks", "The report holds something that is not for its reader, so no file was written."),
		text.T("ctl.leaks_hint", "Leave it out, or record a release, and make the report again."))
}
