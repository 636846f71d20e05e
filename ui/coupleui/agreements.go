package coupleui

import (
	"context"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

func (o *overview) editAgreement(a practices.Agreement) {
	d := o.rec.deps
	body, who := kit.NewArea("", 3), kit.NewEntry("")
	body.SetText(a.Body)
	who.SetText(a.Who)
	agreed, review := kit.NewDateField(d.Today, nil), kit.NewDateField(d.Today, nil)
	agreed.SetValue(a.Agreed)
	review.SetValue(a.Review)
	var options []kit.Option[practices.Standing]
	for _, s := range []practices.Standing{practices.InForce, practices.Kept, practices.Partial, practices.NotKept, practices.Dropped} {
		options = append(options, kit.Option[practices.Standing]{Value: s, Label: s.Words()})
	}
	state := kit.NewChoice(options, nil)
	state.SetValue(a.State)
	form := kit.NewForm(
		kit.Field{Key: "body", Label: text.T("agreement.what", "What they agreed"), Widget: body},
		kit.Field{Key: "who", Label: text.T("agreement.who", "Who does it"), Widget: who, Half: true},
		kit.Field{Key: "state", Label: text.T("agreement.stands", "Where it stands"), Widget: state, Half: true},
		kit.Field{Key: "agreed", Label: text.T("agreement.on", "Agreed on"), Widget: agreed, Half: true},
		kit.Field{Key: "review", Label: text.T("agreement.look_again", "Look at it again"), Widget: review, Half: true},
	)
	couple := o.shown.Couple
	d.Dialogs.Form(text.T("agreement.title", "An agreement of the couple"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		if a.ID.IsZero() {
			a.ID, a.Couple = ids.New(), couple
		}
		a.Body, a.Who = strings.TrimSpace(body.Text), strings.TrimSpace(who.Text)
		a.State, _ = state.Value()
		if a.Agreed, err = agreed.FieldValue("agreed"); err != nil {
			return err
		}
		if a.Review, err = review.FieldValue("review"); err != nil {
			return err
		}
		return d.Agreements.SaveAgreement(ctx, a)
	}, nil)
}

func (o *overview) deleteAgreement(a practices.Agreement) {
	d := o.rec.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Agreements.DeleteAgreement(ctx, a.ID) }, func() {
		d.Messages.Undo(text.T("agreement.deleted", "The agreement was deleted."), func() {
			kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Agreements.RestoreAgreement(ctx, a.ID) }, nil)
		})
	})
}

func intentWords(s string) string {
	switch s {
	case "rebuild":
		return text.T("intent.rebuild", "Rebuild closeness")
	case "grow":
		return text.T("intent.grow", "Grow closer")
	case "prepare":
		return text.T("intent.prepare", "Prepare for a step")
	case "":
		return text.T("intent.none", "Engagement")
	}
	return text.T("intent.other", "Something else")
}

func (o *overview) editEngagement(e clients.Engagement) {
	d := o.rec.deps
	var intents []kit.Option[string]
	for _, s := range []string{"rebuild", "grow", "prepare", "other"} {
		intents = append(intents, kit.Option[string]{Value: s, Label: intentWords(s)})
	}
	intent := kit.NewChoice(intents, nil)
	intent.SetValue(e.Intent)
	var policies []kit.Option[clients.SecretsPolicy]
	for _, p := range []clients.SecretsPolicy{clients.NoSecrets, clients.LimitedSecrets, clients.SeparateConfidential} {
		policies = append(policies, kit.Option[clients.SecretsPolicy]{Value: p, Label: p.Words()})
	}
	policy := kit.NewChoice(policies, nil)
	policy.SetValue(e.Policy)
	started, ended := kit.NewDateField(d.Today, nil), kit.NewDateField(d.Today, nil)
	started.SetValue(e.StartedOn)
	ended.SetValue(e.EndedOn)
	paused := kit.NewCheck(text.T("engagement.pause", "On hold"), nil)
	paused.SetChecked(e.Paused)
	form := kit.NewForm(
		kit.Field{Key: "intent", Label: text.T("engagement.intent", "What they come for"), Widget: intent, Half: true},
		kit.Field{Key: "policy", Label: text.T("engagement.policy", "What was agreed about secrets"), Widget: policy, Half: true},
		kit.Field{Key: "started_on", Label: text.T("engagement.from", "From"), Widget: started, Half: true},
		kit.Field{Key: "ended_on", Label: text.T("engagement.to", "Until"), Widget: ended, Half: true},
		kit.Field{Key: "paused", Label: "", Widget: paused},
	)
	d.Dialogs.Form(text.T("engagement.title", "Engagement"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		change := func(x *clients.Engagement) (err error) {
			x.Intent, _ = intent.Value()
			x.Policy, _ = policy.Value()
			x.Paused = paused.Checked
			if x.StartedOn, err = started.FieldValue("started_on"); err != nil {
				return err
			}
			x.EndedOn, err = ended.FieldValue("ended_on")
			return err
		}
		if !e.ID.IsZero() {
			return d.Clients.UpdateEngagement(ctx, e.ID, change)
		}
		if err := change(&e); err != nil {
			return err
		}
		_, err = d.Clients.CreateEngagement(ctx, e)
		return err
	}, nil)
}

func (o *overview) sign(p clients.Person) {
	d := o.rec.deps
	var purposes []kit.Option[string]
	for _, s := range []string{clients.PurposeAgreement, clients.PurposeRecords, clients.PurposeMessages} {
		purposes = append(purposes, kit.Option[string]{Value: s, Label: purposeWords(s)})
	}
	purpose := kit.NewChoice(purposes, nil)
	purpose.SetValue(clients.PurposeAgreement)
	version, language, way := kit.NewEntry("2026-1"), kit.NewEntry("en"), kit.NewEntry(text.T("sign.way_hint", "on paper, on the screen, by e-mail"))
	version.SetText("1")
	language.SetText("en")
	way.SetText(text.T("sign.on_paper", "on paper"))
	on := kit.NewDateField(d.Today, nil)
	on.SetValue(day.Day(d.Today()))
	withdrawn := kit.NewCheck(text.T("sign.withdraws", "This withdraws it"), nil)
	form := kit.NewForm(
		kit.Field{Key: "purpose", Label: text.T("sign.purpose", "What for"), Widget: purpose},
		kit.Field{Key: "text_version", Label: text.T("sign.version", "Version of the text"), Widget: version, Half: true},
		kit.Field{Key: "language", Label: text.T("person.language", "Language"), Widget: language, Half: true},
		kit.Field{Key: "signed_on", Label: text.T("sign.on", "Signed on"), Widget: on, Half: true},
		kit.Field{Key: "way", Label: text.T("sign.way", "How"), Widget: way, Half: true},
		kit.Field{Key: "withdrawn", Label: "", Widget: withdrawn},
	)
	couple := o.shown.Couple
	d.Dialogs.Form(text.T("sign.title", "A signature of %s", p.Short()), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		signed, err := on.FieldValue("signed_on")
		if err != nil {
			return err
		}
		what, _ := purpose.Value()
		if withdrawn.Checked {
			_, err = d.Clients.WithdrawConsent(ctx, couple, p.ID, what, signed, way.Text)
			return err
		}
		_, err = d.Clients.Sign(ctx, clients.Signature{CoupleID: couple, PersonID: p.ID, Purpose: what, State: clients.StateGiven, TextVersion: version.Text, Language: language.Text, SignedOn: signed, Way: way.Text})
		return err
	}, nil)
}

func (o *overview) screen(p clients.Person) {
	d := o.rec.deps
	var outcomes []kit.Option[clients.Outcome]
	for _, s := range []clients.Outcome{clients.ScreenClear, clients.ScreenDiscuss, clients.ScreenStop, clients.ScreenDeclined} {
		outcomes = append(outcomes, kit.Option[clients.Outcome]{Value: s, Label: outcomeWords(s)})
	}
	outcome := kit.NewChoice(outcomes, nil)
	on := kit.NewDateField(d.Today, nil)
	on.SetValue(day.Day(d.Today()))
	body, supervisor, reason := kit.NewArea("", 4), kit.NewEntry(""), kit.NewEntry("")
	form := kit.NewForm(
		kit.Field{Key: "outcome", Label: text.T("screen.outcome", "What you concluded"), Widget: outcome, Half: true},
		kit.Field{Key: "held_on", Label: text.T("screen.held", "Spoken on"), Widget: on, Half: true},
		kit.Field{Key: "body", Label: text.T("screen.body", "What was said, alone with you"), Widget: body, Hint: text.T("screen.private", "For you alone. It is in no report, no search and no list.")},
		kit.Field{Key: "supervisor", Label: text.T("screen.supervisor", "Discussed with"), Widget: supervisor, Half: true},
		kit.Field{Key: "reason", Label: text.T("screen.reason", "Why joint work may go on after a stop"), Widget: reason, Half: true},
	)
	couple := o.shown.Couple
	d.Dialogs.Form(text.T("screen.title", "Safety screen of %s", p.Short()), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		held, err := on.FieldValue("held_on")
		if err != nil {
			return err
		}
		what, _ := outcome.Value()
		_, err = d.Clients.RecordScreen(ctx, clients.Screen{CoupleID: couple, PersonID: p.ID, Outcome: what, HeldOn: held, Body: body.Text, Supervisor: supervisor.Text, Reason: reason.Text})
		return err
	}, nil)
}

func (o *overview) override() {
	d := o.rec.deps
	reason := kit.NewArea("", 3)
	form := kit.NewForm(kit.Field{Key: "reason", Label: text.T("jointwork.reason", "Why you go ahead before the talks"), Widget: reason, Hint: text.T("jointwork.reason_hint", "It counts for %d days, never against a stop.", clients.OverrideDays)})
	couple, until := o.shown.Couple, day.Day(d.Today()).Add(clients.OverrideDays)
	d.Dialogs.Form(text.T("jointwork.override_title", "Go ahead"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		return d.Clients.OverrideJoint(ctx, couple, reason.Text, until)
	}, nil)
}
