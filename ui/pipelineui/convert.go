package pipelineui

import (
	"context"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// around is what the step to a record has to know besides the enquiry.
type around struct {
	coaches []clients.Coach
	a, b    []clients.Namesake
}

// convert makes the enquiry a couple or a single client, with everything carried over:
// one click here, one in the dialog, which is filled in already.
func (d *detail) convert() {
	e, p := d.enquiry, d.page
	aud := p.coach()
	var w around
	kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) (err error) {
		if w.coaches, err = p.deps.Clients.Coaches(ctx); err != nil {
			return err
		}
		if w.a, err = p.known(ctx, aud, e.A.Name); err != nil {
			return err
		}
		w.b, err = p.known(ctx, aud, e.B.Name)
		return err
	}, func() { p.askConversion(e, w) })
}

// known are the people of that name, once each.
func (p *Page) known(ctx context.Context, aud clients.Audience, n clients.Name) ([]clients.Namesake, error) {
	if n.IsEmpty() {
		return nil, nil
	}
	all, err := p.deps.Clients.Namesakes(ctx, aud, n, ids.Nil)
	seen := map[ids.ID]bool{}
	var once []clients.Namesake
	for _, s := range all {
		if !seen[s.PersonID] {
			seen[s.PersonID] = true
			once = append(once, s)
		}
	}
	return once, err
}

// whoIs asks whether somebody is new or already known; nil when nobody has the name.
func whoIs(same []clients.Namesake) *kit.Choice[ids.ID] {
	if len(same) == 0 {
		return nil
	}
	options := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("convert.new_person", "A new person of this name")}}
	for _, s := range same {
		options = append(options, kit.Option[ids.ID]{Value: s.PersonID, Label: text.T("convert.known_person", "The one already known: %s", recordOf(s))})
	}
	c := kit.NewChoice(options, nil)
	c.SetValue(ids.Nil)
	return c
}

func (p *Page) askConversion(e intake.Enquiry, w around) {
	kind := kit.NewSegments(kinds(), nil)
	kind.SetValue(e.Kind)
	var policies []kit.Option[clients.SecretsPolicy]
	for _, s := range []clients.SecretsPolicy{clients.NoSecrets, clients.LimitedSecrets, clients.SeparateConfidential} {
		policies = append(policies, kit.Option[clients.SecretsPolicy]{Value: s, Label: s.Words()})
	}
	policy := kit.NewChoice(policies, nil)
	policy.SetValue(clients.NoSecrets)
	status, since, tags := kit.NewEntry(text.T("record.status_hint", "married, living together, long-distance …")), kit.NewEntry("2015"), kit.NewEntry(text.T("record.tags_hint", "separated by commas"))
	fields := []kit.Field{
		{Key: "kind", Label: text.T("convert.kind", "It becomes"), Widget: kind},
		{Key: "policy", Label: text.T("engagement.policy", "What was agreed about secrets"), Widget: policy},
		{Key: "status", Label: text.T("record.status", "How they live"), Widget: status},
		{Key: "together_since", Label: text.T("record.since_when", "Together since"), Widget: since, Half: true},
		{Key: "tags", Label: text.T("record.tags", "Tags"), Widget: tags, Half: true},
	}
	client := whoIsClient(e)
	if client != nil {
		fields = append(fields[:1], append([]kit.Field{{Key: "client", Label: text.T("convert.client", "If it is one person: who"), Widget: client}}, fields[1:]...)...)
	}
	a, b := whoIs(w.a), whoIs(w.b)
	if a != nil {
		fields = append(fields, kit.Field{Key: "a", Label: e.A.Full(), Widget: a})
	}
	if b != nil {
		fields = append(fields, kit.Field{Key: "b", Label: e.B.Full(), Widget: b})
	}
	ticks := p.coachTicks(e, w.coaches)
	if len(ticks) > 1 {
		box := kit.Flow(8)
		for _, t := range ticks {
			box.Add(t.check)
		}
		fields = append(fields, kit.Field{Key: "coaches", Label: text.T("convert.coaches", "Who coaches"), Widget: box})
	}
	var couple ids.ID
	p.deps.Dialogs.Form(text.T("convert.title", "Make it a record"), text.T("convert.ok", "Make the record"), kit.NewForm(fields...), func(ctx context.Context) (err error) {
		o := intake.Conversion{Kind: kind.Value(), Status: trim(status), Since: trim(since), Tags: strings.Split(tags.Text, ",")}
		if client != nil {
			o.Client = client.Value()
		}
		o.Policy, _ = policy.Value()
		if a != nil {
			o.A, _ = a.Value()
		}
		if b != nil {
			o.B, _ = b.Value()
		}
		if o.Coaches = ticked(ticks); len(ticks) > 1 && len(o.Coaches) == 0 {
			return fault.Input("coaches", text.T("convert.need_coach", "Choose at least one coach."))
		}
		couple, err = p.deps.Intake.Convert(ctx, e.ID, o)
		return err
	}, func() { p.deps.Nav.Go(kit.Route{Page: "couples", ID: couple.String(), Lens: kit.LensCoach}) })
}

// whoIsClient asks which of the two a single client is; nil where one name is known.
func whoIsClient(e intake.Enquiry) *kit.Segments[clients.Slot] {
	if e.A.IsEmpty() || e.B.IsEmpty() {
		return nil
	}
	s := kit.NewSegments([]kit.Option[clients.Slot]{{Value: clients.SlotA, Label: e.A.Full()}, {Value: clients.SlotB, Label: e.B.Full()}}, nil)
	if e.BookedBy == "b" {
		s.SetValue(clients.SlotB)
	}
	return s
}

type coachTick struct {
	id    ids.ID
	check *kit.Check
}

// coachTicks offers the coaches who work here, with that of the enquiry ticked, else the
// first.
func (p *Page) coachTicks(e intake.Enquiry, all []clients.Coach) []coachTick {
	coaches := clients.AtWork(all)
	known := slices.ContainsFunc(coaches, func(c clients.Coach) bool { return c.ID == e.CoachID })
	var ticks []coachTick
	for i, c := range coaches {
		t := coachTick{c.ID, kit.NewCheck(c.Name, nil)}
		t.check.SetChecked(c.ID == e.CoachID || (!known && i == 0))
		ticks = append(ticks, t)
	}
	return ticks
}

func ticked(ticks []coachTick) []ids.ID {
	var out []ids.ID
	for _, t := range ticks {
		if t.check.Checked {
			out = append(out, t.id)
		}
	}
	return out
}
