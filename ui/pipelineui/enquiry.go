package pipelineui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// edit is the form of an enquiry: Tab alone walks it, Enter keeps it.
func (p *Page) edit(e intake.Enquiry) {
	entry := func(v string) *kit.Entry { x := kit.NewEntry(""); x.SetText(v); return x }
	ag, af, ae, ap := entry(e.A.Given), entry(e.A.Family), entry(e.A.Email), entry(e.A.Phone)
	bg, bf, be, bp := entry(e.B.Given), entry(e.B.Family), entry(e.B.Email), entry(e.B.Phone)
	azone, alang, apro := entry(e.A.Zone), entry(e.A.Language), entry(e.A.Pronouns)
	awhen, source := entry(e.A.Safe.When), entry(e.Source)
	message := kit.NewArea("", 4)
	message.SetText(e.Message)
	warning := kit.Wrapped("", kit.ColorCare)
	warning.Hide()
	look := func() {
		p.warn(warning, clients.Name{Given: ag.Text, Family: af.Text}, clients.Name{Given: bg.Text, Family: bf.Text})
	}
	af.OnLeave, bf.OnLeave = look, look
	kind := kit.NewSegments([]kit.Option[clients.Kind]{{Value: clients.KindCouple, Label: text.T("enquiry.couple", "A couple")}, {Value: clients.KindSingle, Label: text.T("enquiry.single", "One person")}}, nil)
	kind.SetValue(e.Kind)
	booked := kit.NewChoice([]kit.Option[string]{{Value: "a", Label: text.T("enquiry.first", "The first")}, {Value: "b", Label: text.T("enquiry.partner", "The partner")}, {Value: "both", Label: text.T("practices.both", "both")}}, nil)
	booked.SetValue(e.BookedBy)
	intent := kit.NewChoice([]kit.Option[string]{{Value: "", Label: text.T("person.channel.any", "Not said")}, {Value: "rebuild", Label: text.T("intent.rebuild", "Rebuild closeness")}, {Value: "grow", Label: text.T("intent.grow", "Grow closer")}, {Value: "prepare", Label: text.T("intent.prepare", "Prepare for a step")}, {Value: "other", Label: text.T("intent.other", "Something else")}}, nil)
	intent.SetValue(e.Intent)
	shared := kit.NewCheck(text.T("enquiry.shared", "They share a mailbox or a telephone"), nil)
	shared.SetChecked(e.SharedAddress)
	both := kit.NewCheck(text.T("enquiry.both_agreed", "Both agreed to messages there"), nil)
	both.SetChecked(e.BothAgreed)
	form := kit.NewForm(
		kit.Field{Key: "a_given", Label: text.T("enquiry.a_given", "First: given name"), Widget: ag, Half: true},
		kit.Field{Key: "a_family", Label: text.T("enquiry.a_family", "First: family name"), Widget: af, Half: true},
		kit.Field{Key: "b_given", Label: text.T("enquiry.b_given", "Partner: given name"), Widget: bg, Half: true},
		kit.Field{Key: "b_family", Label: text.T("enquiry.b_family", "Partner: family name"), Widget: bf, Half: true},
		kit.Field{Key: "same", Label: "", Widget: warning},
		kit.Field{Key: "source", Label: text.T("enquiry.source", "Heard of us through"), Widget: source, Half: true},
		kit.Field{Key: "booked_by", Label: text.T("enquiry.booked", "Who wrote"), Widget: booked, Half: true},
		kit.Field{Key: "kind", Label: text.T("enquiry.kind", "What it seems to be"), Widget: kind, Half: true},
		kit.Field{Key: "intent", Label: text.T("enquiry.intent", "What they want"), Widget: intent, Half: true},
		kit.Field{Key: "message", Label: text.T("enquiry.message", "What they wrote"), Widget: message},
		kit.Field{Key: "a_email", Label: text.T("enquiry.a_email", "First: e-mail"), Widget: ae, Half: true},
		kit.Field{Key: "a_phone", Label: text.T("enquiry.a_phone", "First: phone"), Widget: ap, Half: true},
		kit.Field{Key: "b_email", Label: text.T("enquiry.b_email", "Partner: e-mail"), Widget: be, Half: true},
		kit.Field{Key: "b_phone", Label: text.T("enquiry.b_phone", "Partner: phone"), Widget: bp, Half: true},
		kit.Field{Key: "a_safe_when", Label: text.T("enquiry.safe_when", "When it is safe to call"), Widget: awhen, Half: true},
		kit.Field{Key: "a_pronouns", Label: text.T("person.pronouns", "Pronouns"), Widget: apro, Half: true},
		kit.Field{Key: "a_zone", Label: text.T("person.zone", "Time zone"), Widget: azone, Half: true},
		kit.Field{Key: "a_language", Label: text.T("person.language", "Language"), Widget: alang, Half: true},
		kit.Field{Key: "shared", Label: "", Widget: kit.HBox(16, shared, both)},
	)
	id := e.ID
	title := text.T("pipeline.new", "New enquiry")
	if !id.IsZero() {
		title = text.T("enquiry.edit", "Edit the enquiry")
	}
	p.deps.Dialogs.Form(title, text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		change := func(x *intake.Enquiry) error {
			x.A.Given, x.A.Family, x.A.Email, x.A.Phone = trim(ag), trim(af), trim(ae), trim(ap)
			x.B.Given, x.B.Family, x.B.Email, x.B.Phone = trim(bg), trim(bf), trim(be), trim(bp)
			x.A.Zone, x.A.Language, x.A.Pronouns, x.A.Safe.When = trim(azone), trim(alang), trim(apro), trim(awhen)
			x.Source, x.Message, x.Kind = trim(source), strings.TrimSpace(message.Text), kind.Value()
			x.BookedBy, _ = booked.Value()
			x.Intent, _ = intent.Value()
			x.SharedAddress, x.BothAgreed = shared.Checked, both.Checked
			return nil
		}
		if !id.IsZero() {
			return p.deps.Intake.Update(ctx, id, change)
		}
		x := intake.Enquiry{ReceivedAt: p.deps.Now()}
		if err := change(&x); err != nil {
			return err
		}
		id, err = p.deps.Intake.Create(ctx, x)
		return err
	}, func() { p.deps.Nav.Go(kit.Route{Page: PageID, ID: id.String()}) })
}

func trim(e *kit.Entry) string { return strings.TrimSpace(e.Text) }

// warn says that there is somebody of the same name already.
func (p *Page) warn(w *kit.Prose, names ...clients.Name) {
	aud := p.coach()
	var said []string
	kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error {
		for _, n := range names {
			if n.IsEmpty() {
				continue
			}
			same, err := p.deps.Clients.Namesakes(ctx, aud, n, ids.Nil)
			if err != nil {
				return err
			}
			for _, s := range same {
				said = append(said, text.T("person.namesake", "There is already somebody of this name: %s.", s.Title))
			}
		}
		return nil
	}, func() {
		w.SetText(strings.Join(said, "\n"))
		if len(said) == 0 {
			w.Hide()
		} else {
			w.Show()
		}
	})
}

// book sets the day and hour of the discovery call.
func (d *detail) book() {
	on := kit.NewDateField(d.page.deps.Today, nil)
	on.SetValue(d.page.today().Add(1))
	at := kit.NewEntry("15:00")
	at.SetText("15:00")
	form := kit.NewForm(kit.Field{Key: "on", Label: text.T("call.day", "Day"), Widget: on, Half: true}, kit.Field{Key: "at", Label: text.T("call.at", "At"), Widget: at, Half: true})
	id, deps := d.enquiry.ID, d.page.deps
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
	}, nil)
}

// convert makes the enquiry a couple or a single client, with everything carried over.
func (d *detail) convert() {
	e, deps := d.enquiry, d.page.deps
	kind := kit.NewSegments([]kit.Option[clients.Kind]{{Value: clients.KindCouple, Label: text.T("enquiry.couple", "A couple")}, {Value: clients.KindSingle, Label: text.T("enquiry.single", "One person")}}, nil)
	kind.SetValue(e.Kind)
	var policies []kit.Option[clients.SecretsPolicy]
	for _, p := range []clients.SecretsPolicy{clients.NoSecrets, clients.LimitedSecrets, clients.SeparateConfidential} {
		policies = append(policies, kit.Option[clients.SecretsPolicy]{Value: p, Label: p.Words()})
	}
	policy := kit.NewChoice(policies, nil)
	policy.SetValue(clients.NoSecrets)
	status := kit.NewEntry(text.T("record.status_hint", "married, living together, long-distance …"))
	form := kit.NewForm(
		kit.Field{Key: "kind", Label: text.T("convert.kind", "It becomes"), Widget: kind},
		kit.Field{Key: "policy", Label: text.T("engagement.policy", "What was agreed about secrets"), Widget: policy},
		kit.Field{Key: "status", Label: text.T("record.status", "How they live"), Widget: status},
	)
	var couple ids.ID
	deps.Dialogs.Form(text.T("convert.title", "Make it a record"), text.T("convert.ok", "Make the record"), form, func(ctx context.Context) (err error) {
		o := intake.Conversion{Kind: kind.Value(), Status: trim(status)}
		o.Policy, _ = policy.Value()
		couple, err = deps.Intake.Convert(ctx, e.ID, o)
		return err
	}, func() { deps.Nav.Go(kit.Route{Page: "couples", ID: couple.String(), Lens: kit.LensCoach}) })
}

// move changes the stage; a step back or out asks for the reason.
func (d *detail) move() {
	e, deps := d.enquiry, d.page.deps
	var options []kit.Option[intake.Stage]
	for _, s := range e.Stage.Next() {
		options = append(options, kit.Option[intake.Stage]{Value: s, Label: s.Words()})
	}
	to := kit.NewChoice(options, nil)
	if len(options) > 0 {
		to.SetValue(options[0].Value)
	}
	reason := kit.NewEntry(text.T("stage.reason_hint", "needed for a step back or out"))
	form := kit.NewForm(kit.Field{Key: "stage", Label: text.T("stage.to", "Stage"), Widget: to}, kit.Field{Key: "reason", Label: text.T("stage.reason", "Reason"), Widget: reason})
	deps.Dialogs.Form(text.T("stage.title", "Move on"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		stage, _ := to.Value()
		if !e.CoupleID.IsZero() {
			return deps.Intake.MoveCouple(ctx, e.CoupleID, stage, trim(reason))
		}
		return deps.Intake.MoveEnquiry(ctx, e.ID, stage, trim(reason))
	}, nil)
}

func (d *detail) remove() {
	id, deps := d.enquiry.ID, d.page.deps
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.Delete(ctx, id) }, func() {
		deps.Nav.Replace(kit.Route{Page: PageID})
		d.page.route = kit.Route{Page: PageID}
		d.page.show(d.page.nothing)
		deps.Messages.Undo(text.T("enquiry.deleted", "The enquiry was deleted."), func() {
			kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.Restore(ctx, id) }, nil)
		})
	})
}

func (d *detail) archive() {
	id, on, deps := d.enquiry.ID, !d.enquiry.Archived, d.page.deps
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.Archive(ctx, id, on) }, func() {
		deps.Messages.Toast(text.T("record.archived", "Archived. Nothing was removed."))
	})
}

// clockTime reads a day and an hour on the clocks of a zone.
func clockTime(zone, on, at string) (time.Time, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.Local
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", on+" "+strings.TrimSpace(at), loc)
	if err != nil {
		return t, badHour()
	}
	return t, nil
}

var _ fyne.CanvasObject = (*Page)(nil)
