package pipelineui

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// moves are the stages one may go to: on, then back, then out.
func moves(from intake.Stage) []kit.Option[intake.Stage] {
	var on, back, out []kit.Option[intake.Stage]
	for _, to := range slices.Concat(intake.Stages(), intake.Exits()) {
		switch intake.MoveBetween(from, to) {
		case intake.Forward, intake.Resume:
			on = append(on, kit.Option[intake.Stage]{Value: to, Label: to.Words()})
		case intake.Correction, intake.Return:
			back = append(back, kit.Option[intake.Stage]{Value: to, Label: text.T("stage.back_to", "Back to: %s", to.Words())})
		case intake.Exit:
			out = append(out, kit.Option[intake.Stage]{Value: to, Label: text.T("stage.ends", "Ends: %s", to.Words())})
		}
	}
	return slices.Concat(on, back, out)
}

// move changes the stage; a step back or out asks for the reason.
func (d *detail) move() {
	f, deps := d.facts, d.page.deps
	options := moves(f.stage)
	to := kit.NewChoice(options, nil)
	if len(options) > 0 {
		to.SetValue(options[0].Value)
	}
	reason := kit.NewEntry("")
	form := kit.NewForm(
		kit.Field{Key: "stage", Label: text.T("stage.to", "Stage"), Widget: to},
		kit.Field{Key: "reason", Label: text.T("stage.reason", "Reason"), Widget: reason, Hint: text.T("stage.reason_hint", "needed for a step back or out")})
	deps.Dialogs.Form(text.T("stage.title", "Move on"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		stage, _ := to.Value()
		if !f.couple.IsZero() {
			return notReady(deps.Intake.MoveCouple(ctx, f.couple, stage, trim(reason)))
		}
		return deps.Intake.MoveEnquiry(ctx, f.enquiry.ID, stage, trim(reason))
	}, d.page.Reload)
}

// notReady says in one sentence at the stage that something is missing before the work may
// begin; what that is stands on the card behind the form.
func notReady(err error) error {
	for _, e := range faults(err) {
		if kind, _, slot := strings.Cut(e.Field, "_"); slot && missing(kind) != "" {
			return fault.Input("stage", text.T("stage.not_ready", "Not yet: see “Before the work begins”."))
		}
	}
	return err
}

func (d *detail) remove() {
	p, id, deps := d.page, d.enquiry.ID, d.page.deps
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.Delete(ctx, id) }, func() {
		p.home()
		deps.Messages.Undo(text.T("enquiry.deleted", "The enquiry was deleted."), func() {
			kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.Restore(ctx, id) }, p.Reload)
		})
	})
}

func (d *detail) removeCall(id ids.ID) {
	p, deps := d.page, d.page.deps
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.DeleteCall(ctx, id) }, func() {
		p.Reload()
		deps.Messages.Undo(text.T("call.deleted", "The call was deleted."), func() {
			kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.RestoreCall(ctx, id) }, p.Reload)
		})
	})
}

func (d *detail) archive() {
	p, id, on, deps := d.page, d.enquiry.ID, !d.enquiry.Archived, d.page.deps
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.Archive(ctx, id, on) }, func() {
		if on {
			deps.Messages.Toast(text.T("record.archived", "Archived. Nothing was removed."))
		} else {
			deps.Messages.Toast(text.T("enquiry.is_back", "It is back in the pipeline."))
		}
		p.Reload()
	})
}

// book sets the day and hour of the discovery call.
func (d *detail) book() {
	p, id, deps := d.page, d.enquiry.ID, d.page.deps
	on := kit.NewDateField(deps.Today, nil)
	on.SetValue(p.today().Add(1))
	at := kit.NewEntry("15:00")
	at.SetText("15:00")
	if booked := d.enquiry.CallAt; !booked.IsZero() {
		local, err := inZone(deps.Zone(), booked)
		if err != nil {
			deps.Messages.Show(err)
			return
		}
		on.Entry().SetText(local.Format(time.DateOnly))
		at.SetText(local.Format("15:04"))
	}
	form := kit.NewForm(kit.Field{Key: "on", Label: text.T("call.day", "Day"), Widget: on, Half: true}, kit.Field{Key: "at", Label: text.T("call.at", "At"), Widget: at, Half: true})
	deps.Dialogs.Form(text.T("call.book", "Book the discovery call"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		when, err := on.FieldValue("on")
		if err != nil {
			return err
		}
		start, err := clockTime(deps.Zone(), string(when), at.Text)
		if err != nil {
			return err
		}
		return deps.Intake.BookCall(ctx, id, start)
	}, p.Reload)
}

func inZone(zone string, t time.Time) (time.Time, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return t, err
	}
	return t.In(loc), nil
}

// clockTime reads a day and an hour on the clocks of a zone.
func clockTime(zone, on, at string) (time.Time, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, err
	}
	if on == "" {
		return time.Time{}, fault.Input("on", text.T("call.which_day", "Say on which day."))
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", on+" "+strings.TrimSpace(at), loc)
	if err != nil {
		return t, fault.Input("at", text.T("call.hour", "Write the hour like 15:00."))
	}
	return t, nil
}
