package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"

	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/reports/pdf"
	"github.com/couplet-app/couplet/sessions"
)

// maxPlan is how much of a plan is read, in bytes.
const maxPlan = 64 << 20

// erase plans an erasure, or does what a plan says.
func (c *call) erase() error {
	scope, id, err := c.scope()
	if err != nil {
		return err
	}
	if c.on("plan") == c.on("apply") {
		return usage(text.T("ctl.erase_which", "Give --plan or --apply."), "")
	}
	if c.on("plan") {
		return c.planErasure(scope, id)
	}
	return c.applyErasure(scope, id)
}

// scope is what is to be erased.
func (c *call) scope() (scope string, id ids.ID, err error) {
	for _, s := range []string{rights.ScopePerson, rights.ScopeRecord, rights.ScopeEnquiry} {
		if !c.on(s) {
			continue
		}
		if scope != "" {
			scope = ""
			break
		}
		scope = s
	}
	if scope == "" {
		return "", ids.Nil, usage(text.T("ctl.erase_whom", "Give one of --person, --record and --enquiry."), "")
	}
	id, err = c.needID(scope)
	return scope, id, err
}

func (c *call) planErasure(scope string, id ids.ID) error {
	out := c.get("out")
	if err := refuseExisting(out); err != nil {
		return err
	}
	return c.with(reading(), func(cb *casebook.Casebook) error {
		store := rights.New(cb, sessions.LockNotes)
		plan, err := makePlan(c, store, scope, id)
		if err != nil {
			return err
		}
		left, named := 0, 0
		for i := range plan.Items {
			switch item := &plan.Items[i]; {
			case item.Choice != rights.Undecided:
			case item.Redacted != "":
				item.Choice = rights.Redact
				named++
			default:
				item.Choice = rights.Delete
				left++
			}
		}
		if left > 0 {
			c.note(text.T("ctl.erase_both", "%d texts are about both partners or others. The plan deletes them; change \"choice\" to redact (with \"redacted\"), leave, or keep (with \"reason\", \"ground\" and \"review_on\").", left))
		}
		if named > 0 {
			c.note(text.T("ctl.erase_named", "%d texts of the other partner name the person. The plan writes another name in its place.", named))
		}
		if plan.Hold != "" {
			c.note(text.T("ctl.erase_hold", "There is a hold, so this plan cannot be applied until it is lifted."))
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetIndent("", " ")
		e.SetEscapeHTML(false)
		if err := e.Encode(plan); err != nil {
			return err
		}
		if out != "" {
			return durable.WriteNew(out, b.Bytes(), 0o600)
		}
		_, err = c.out.Write(b.Bytes())
		return err
	})
}

func makePlan(c *call, store *rights.Store, scope string, id ids.ID) (*rights.Plan, error) {
	switch scope {
	case rights.ScopeRecord:
		return store.PlanRecord(c.ctx, coachToday(), id)
	case rights.ScopeEnquiry:
		return store.PlanEnquiry(c.ctx, coachToday(), id)
	}
	return store.PlanPerson(c.ctx, coachToday(), id)
}

func (c *call) applyErasure(scope string, id ids.ID) error {
	plan, err := readPlan(c.get("apply"))
	if err != nil {
		return err
	}
	if plan.Scope != scope || plan.ID != id {
		return fault.Input("plan", text.T("ctl.erase_other", "This plan is for somebody else."))
	}
	if err := refuseExisting(c.get("certificate")); err != nil {
		return err
	}
	return c.with(writing(), func(cb *casebook.Casebook) error {
		store := rights.New(cb, sessions.LockNotes)
		run, err := store.Apply(c.ctx, coachToday(), plan)
		if err != nil {
			return err
		}
		tell := c.progress()
		clean, err := backup.Scrub(c.ctx, cb, func(done, total int64) { tell(int(done), int(total)) })
		if err != nil {
			return err
		}
		for _, path := range clean.Left {
			c.note(text.T("ctl.erase_left", "this backup could not be written anew and may still hold it: %s", path))
		}
		folder, err := share.Folder(c.ctx, cb)
		if err != nil {
			return err
		}
		if folder != "" {
			opts, err := sharing(cb)
			if err != nil {
				return err
			}
			if _, err := share.Sync(c.ctx, cb, opts); err != nil {
				say(c.err, err)
				c.note(text.T("ctl.erase_folder", "the shared folder still holds it; it is taken out at the next turn of sharing"))
			}
		}
		e, err := store.Erasure(c.ctx, coachToday(), run)
		if err != nil {
			return err
		}
		c.note(text.T("ctl.erased", "erased: %d rows; redacted: %d texts; left: %d; backups written anew: %d", e.Counts.All(), e.Counts.Redacted, e.Counts.Left, clean.Backups))
		for _, t := range e.Tasks {
			c.note("- " + rights.TaskWords(t.Name))
		}
		if _, err := c.out.WriteString(run.String() + "\n"); err != nil {
			return err
		}
		return c.certificate(cb, e, clean)
	})
}

// readPlan reads a plan from a file.
func readPlan(path string) (*rights.Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var plan rights.Plan
	d := json.NewDecoder(io.LimitReader(f, maxPlan))
	d.DisallowUnknownFields()
	if err := d.Decode(&plan); err != nil {
		return nil, fault.Wrap(fault.BadInput, err, text.T("rights.not_plan", "This is no plan of an erasure."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	return &plan, nil
}

// certificate writes the certificate of an erasure, if one is asked for.
func (c *call) certificate(cb *casebook.Casebook, e rights.Erasure, clean backup.Scrubbed) error {
	out := c.get("certificate")
	if out == "" {
		return nil
	}
	workspace, err := cb.Setting(c.ctx, "workspace")
	if err != nil {
		return err
	}
	file, _, err := pdf.Render(reports.Certificate(e, workspace, day.Of(now()), len(clean.Left)))
	if err != nil {
		return err
	}
	return durable.WriteNew(out, file, 0o600)
}
