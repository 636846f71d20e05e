package coupleui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func intentWords(s string) string {
	if s == "" {
		return text.T("intent.none", "Engagement")
	}
	return clients.IntentWords(s)
}

// programmeWords is a programme as it is called; one that this version does not know
// keeps its id.
func programmeWords(id string) string {
	switch id {
	case "emotional-intimacy-8":
		return text.T("programme.emotional_intimacy", "Emotional intimacy, 8 weeks")
	case "reignite-4":
		return text.T("programme.reignite", "Reignite, 4 weeks")
	case "conflict-6":
		return text.T("programme.conflict", "Conflict to connection, 6 weeks")
	case "long-distance-6":
		return text.T("programme.long_distance", "Long-distance, 6 weeks")
	case "individual-6":
		return text.T("programme.individual", "Individual, 6 weeks")
	}
	return id
}

// programmes are what can be chosen, with the one chosen now.
func programmes(now string) []kit.Option[string] {
	known := []string{"emotional-intimacy-8", "reignite-4", "conflict-6", "long-distance-6", "individual-6"}
	if now != "" && !slices.Contains(known, now) {
		known = append(known, now)
	}
	out := []kit.Option[string]{{Value: "", Label: text.T("programme.none", "None")}}
	for _, id := range known {
		out = append(out, kit.Option[string]{Value: id, Label: programmeWords(id)})
	}
	return out
}

// engagementCard lists the periods of coaching, the latest first, for the coach.
func (o *overview) engagementCard() fyne.CanvasObject {
	lines := kit.VBox(10)
	for _, e := range o.facts.engagements {
		lines.Add(o.engagementLine(e))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("engagement.none", "No engagement yet: what they come for, since when, and with whom.")))
	}
	begin := o.act("engagement", text.T("engagement.new", "New engagement"), func() {
		e := clients.Engagement{CoupleID: o.shown.Couple, Policy: clients.NoSecrets, StartedOn: o.shown.Today()}
		if len(o.facts.coaches) > 0 {
			e.Coaches = []ids.ID{o.facts.coaches[0].ID}
		}
		o.editEngagement(e)
	})
	return kit.TitledCard(text.T("overview.engagement", "Engagement"), begin, lines)
}

func (o *overview) engagementLine(e clients.Engagement) fyne.CanvasObject {
	period := text.T("engagement.since", "since %s", e.StartedOn.Words())
	switch {
	case e.StartedOn.IsZero():
		period = ""
	case !e.EndedOn.IsZero():
		period = e.StartedOn.Words() + " – " + e.EndedOn.Words()
	}
	var with []string
	for _, c := range o.facts.coaches {
		if slices.Contains(e.Coaches, c.ID) {
			with = append(with, c.Name)
		}
	}
	var words []string
	for _, w := range []string{period, e.Policy.Words(), programmeWords(e.Programme), strings.Join(with, ", ")} {
		if w != "" {
			words = append(words, w)
		}
	}
	if e.Paused && e.EndedOn.IsZero() {
		words = append(words, text.T("engagement.paused", "on hold"))
	}
	key := e.ID.String()
	return kit.Beside(kit.VBox(2, kit.Bold(intentWords(e.Intent)), kit.Hint(strings.Join(words, " · "))),
		o.act("engagement "+key, text.T("record.edit", "Edit"), func() { o.editEngagement(e) }),
		o.act("delete "+key, text.T("record.delete", "Delete"), func() { o.deleteEngagement(e) }))
}

func (o *overview) deleteEngagement(e clients.Engagement) {
	s := o.rec.deps.Clients
	o.rec.deps.undoable(text.T("engagement.deleted", "The engagement was deleted."),
		func(ctx context.Context) error { return s.DeleteEngagement(ctx, e.ID) },
		func(ctx context.Context) error { return s.RestoreEngagement(ctx, e.ID) })
}

// engagementFields are the form of a period of coaching.
type engagementFields struct {
	intent         *kit.Choice[string]
	policy         *kit.Choice[clients.SecretsPolicy]
	programme      *kit.Choice[string]
	started, ended *kit.DateField
	paused         *kit.Check
	coaches        []coachCheck
}

// coachCheck is the tick of one coach.
type coachCheck struct {
	id   ids.ID
	tick *kit.Check
}

func newEngagementFields(d Deps, e clients.Engagement, coaches []clients.Coach) *engagementFields {
	var intents []kit.Option[string]
	for _, s := range clients.Intents() {
		intents = append(intents, kit.Option[string]{Value: s, Label: intentWords(s)})
	}
	var policies []kit.Option[clients.SecretsPolicy]
	for _, p := range []clients.SecretsPolicy{clients.NoSecrets, clients.LimitedSecrets, clients.SeparateConfidential} {
		policies = append(policies, kit.Option[clients.SecretsPolicy]{Value: p, Label: p.Words()})
	}
	f := &engagementFields{
		intent: kit.NewChoice(intents, nil), policy: kit.NewChoice(policies, nil), programme: kit.NewChoice(programmes(e.Programme), nil),
		started: kit.NewDateField(d.Today, nil), ended: kit.NewDateField(d.Today, nil),
		paused: kit.NewCheck(text.T("engagement.pause", "On hold"), nil),
	}
	f.intent.SetValue(e.Intent)
	f.policy.SetValue(e.Policy)
	f.programme.SetValue(e.Programme)
	f.started.SetValue(e.StartedOn)
	f.ended.SetValue(e.EndedOn)
	f.paused.SetChecked(e.Paused)
	for _, c := range clients.AtWork(coaches, e.Coaches...) {
		t := kit.NewCheck(c.Name, nil)
		t.SetChecked(slices.Contains(e.Coaches, c.ID))
		f.coaches = append(f.coaches, coachCheck{c.ID, t})
	}
	return f
}

func (f *engagementFields) form() *kit.Form {
	ticks := kit.VBox(2)
	for _, c := range f.coaches {
		ticks.Add(c.tick)
	}
	return kit.NewForm(
		kit.Field{Key: "intent", Label: text.T("engagement.intent", "What they come for"), Widget: f.intent, Half: true},
		kit.Field{Key: "secrets_policy", Label: text.T("engagement.policy", "What was agreed about secrets"), Widget: f.policy, Half: true},
		kit.Field{Key: "started_on", Label: text.T("engagement.from", "From"), Widget: f.started, Half: true},
		kit.Field{Key: "ended_on", Label: text.T("engagement.to", "Until"), Widget: f.ended, Half: true},
		kit.Field{Key: "programme", Label: text.T("engagement.programme", "Programme"), Widget: f.programme},
		kit.Field{Key: "coaches", Label: text.T("engagement.coaches", "Who works with them"), Widget: ticks},
		kit.Field{Key: "paused", Widget: f.paused},
	)
}

// into writes the fields into an engagement. Somebody who works here no more stays with
// what they did.
func (f *engagementFields) into(e *clients.Engagement) (err error) {
	if v, ok := f.intent.Value(); ok {
		e.Intent = v
	}
	e.Policy, _ = f.policy.Value()
	e.Programme, _ = f.programme.Value()
	e.Paused = f.paused.Checked
	for _, c := range f.coaches {
		e.Coaches = slices.DeleteFunc(e.Coaches, func(id ids.ID) bool { return id == c.id })
		if c.tick.Checked {
			e.Coaches = append(e.Coaches, c.id)
		}
	}
	if e.StartedOn, err = f.started.FieldValue("started_on"); err != nil {
		return err
	}
	e.EndedOn, err = f.ended.FieldValue("ended_on")
	return err
}

func (o *overview) editEngagement(e clients.Engagement) {
	d := o.rec.deps
	f := newEngagementFields(d, e, o.facts.coaches)
	d.Dialogs.Form(text.T("engagement.title", "Engagement"), text.T("record.save", "Save"), f.form(), func(ctx context.Context) error {
		if !e.ID.IsZero() {
			return d.Clients.UpdateEngagement(ctx, e.ID, f.into)
		}
		fresh := e
		fresh.Coaches = slices.Clone(e.Coaches)
		if err := f.into(&fresh); err != nil {
			return err
		}
		if err := fresh.Validate(); err != nil {
			return err
		}
		_, err := d.Clients.CreateEngagement(ctx, fresh)
		return err
	}, nil)
}
