package pipelineui

import (
	"cmp"
	"context"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func kinds() []kit.Option[clients.Kind] {
	return []kit.Option[clients.Kind]{{Value: clients.KindCouple, Label: text.T("enquiry.couple", "A couple")}, {Value: clients.KindSingle, Label: text.T("enquiry.single", "One person")}}
}

func intents() []kit.Option[string] {
	out := []kit.Option[string]{{Value: "", Label: text.T("person.channel.any", "Not said")}}
	for _, i := range clients.Intents() {
		out = append(out, kit.Option[string]{Value: i, Label: clients.IntentWords(i)})
	}
	return out
}

func channels() []kit.Option[string] {
	var out []kit.Option[string]
	for _, c := range clients.Channels() {
		out = append(out, kit.Option[string]{Value: c, Label: clients.ChannelWords(c)})
	}
	return out
}

// contact is how to reach and speak with one of those who enquire.
type contact struct {
	email, phone, when, note, latin, say, pronouns, zone, language *kit.Entry
	order                                                          *kit.Choice[clients.NameOrder]
	channel, message                                               *kit.Choice[string]
}

func filled(v string) *kit.Entry {
	e := kit.NewEntry("")
	e.SetText(v)
	return e
}

func chosen(options []kit.Option[string], v string) *kit.Choice[string] {
	c := kit.NewChoice(options, nil)
	c.SetValue(v)
	return c
}

func newContact(p clients.Person) contact {
	leave := []kit.Option[string]{{Value: "", Label: text.T("person.channel.any", "Not said")}, {Value: "yes", Label: text.T("person.message.yes", "May be left")}, {Value: "no", Label: text.T("person.message.no", "Never")}}
	return contact{
		email: filled(p.Email), phone: filled(p.Phone), when: filled(p.Safe.When), note: filled(p.Safe.Note),
		latin: filled(p.Latin), say: filled(p.Say), pronouns: filled(p.Pronouns), zone: filled(p.Zone), language: filled(clients.LanguageWords(p.Language)), order: nameOrder(p.Order),
		channel: chosen(channels(), p.Safe.Channel), message: chosen(leave, p.Safe.Message),
	}
}

func nameOrder(o clients.NameOrder) *kit.Choice[clients.NameOrder] {
	c := kit.NewChoice([]kit.Option[clients.NameOrder]{
		{Value: clients.GivenFirst, Label: text.T("person.given_first", "Given name first")},
		{Value: clients.FamilyFirst, Label: text.T("person.family_first", "Family name first")},
	}, nil)
	c.SetValue(cmp.Or(o, clients.GivenFirst))
	return c
}

// fields are the lines of the form; the prefix is that of the faults of intake.
func (c contact) fields(prefix, who string) []kit.Field {
	half := func(key, label string, w kit.Field) kit.Field {
		w.Key, w.Label, w.Half = prefix+key, who+label, true
		return w
	}
	return []kit.Field{
		half("email", text.T("person.email", "E-mail"), kit.Field{Widget: c.email}), half("phone", text.T("person.phone", "Phone"), kit.Field{Widget: c.phone}),
		half("safe_channel", text.T("person.safe", "Safe contact"), kit.Field{Widget: c.channel}), half("safe_when", text.T("person.when", "When"), kit.Field{Widget: c.when}),
		half("safe_message", text.T("person.message", "Messages"), kit.Field{Widget: c.message}), half("safe_note", text.T("enquiry.mind", "What else to mind"), kit.Field{Widget: c.note}),
		half("name_order", text.T("person.order", "Order of names"), kit.Field{Widget: c.order}), half("latin_name", text.T("person.latin", "In Latin letters"), kit.Field{Widget: c.latin}),
		half("say_name", text.T("person.say", "How to say it"), kit.Field{Widget: c.say}), half("pronouns", text.T("person.pronouns", "Pronouns"), kit.Field{Widget: c.pronouns}),
		half("language", text.T("person.language", "Language"), kit.Field{Widget: c.language}), half("zone", text.T("person.zone", "Time zone"), kit.Field{Widget: c.zone}),
	}
}

func (c contact) into(p *clients.Person) {
	p.Latin, p.Say = trim(c.latin), trim(c.say)
	p.Order, _ = c.order.Value()
	p.Email, p.Phone, p.Pronouns, p.Zone, p.Language = trim(c.email), trim(c.phone), trim(c.pronouns), trim(c.zone), clients.LanguageCode(c.language.Text)
	p.Safe.When, p.Safe.Note = trim(c.when), trim(c.note)
	p.Safe.Channel, _ = c.channel.Value()
	p.Safe.Message, _ = c.message.Value()
}

// edit is the form of an enquiry: Tab alone walks it, Ctrl+Enter keeps it.
func (p *Page) edit(e intake.Enquiry) {
	ag, af, bg, bf := filled(e.A.Given), filled(e.A.Family), filled(e.B.Given), filled(e.B.Family)
	source, message := filled(e.Source), kit.NewArea("", 4)
	message.SetText(e.Message)
	a, b := newContact(e.A), newContact(e.B)
	warning := kit.Wrapped("", kit.ColorCare)
	warning.Hide()
	look := func() {
		p.warn(warning, []clients.Person{e.A, e.B}, clients.Name{Given: trim(ag), Family: trim(af)}, clients.Name{Given: trim(bg), Family: trim(bf)})
	}
	ag.OnLeave, af.OnLeave, bg.OnLeave, bf.OnLeave = look, look, look, look
	kind := kit.NewSegments(kinds(), nil)
	kind.SetValue(e.Kind)
	booked := chosen([]kit.Option[string]{{Value: "a", Label: text.T("enquiry.first", "The first")}, {Value: "b", Label: text.T("enquiry.partner", "The partner")}, {Value: "both", Label: kit.Upper(text.T("practices.both", "both"))}}, e.BookedBy)
	intent := chosen(intents(), e.Intent)
	shared := kit.NewCheck(text.T("enquiry.shared", "They share a mailbox or a telephone"), nil)
	shared.SetChecked(e.SharedAddress)
	both := kit.NewCheck(text.T("enquiry.both_agreed", "Both agreed to messages there"), nil)
	both.SetChecked(e.BothAgreed)
	step, due := filled(e.NextStep), kit.NewDateField(p.deps.Today, nil)
	due.SetValue(e.NextOn)
	fields := []kit.Field{
		{Key: "a_given_name", Label: text.T("enquiry.a_given", "First: Given name"), Widget: ag, Half: true},
		{Key: "a_family_name", Label: text.T("enquiry.a_family", "First: Family name"), Widget: af, Half: true},
		{Key: "b_given_name", Label: text.T("enquiry.b_given", "Partner: Given name"), Widget: bg, Half: true},
		{Key: "b_family_name", Label: text.T("enquiry.b_family", "Partner: Family name"), Widget: bf, Half: true},
		{Key: "same", Label: "", Widget: warning},
		{Key: "source", Label: text.T("enquiry.source", "Heard of us through"), Widget: source, Half: true},
		{Key: "booked_by", Label: text.T("enquiry.booked", "Who wrote"), Widget: booked, Half: true},
		{Key: "kind", Label: text.T("enquiry.kind", "What it seems to be"), Widget: kind, Half: true},
		{Key: "intent", Label: text.T("enquiry.intent", "What they want"), Widget: intent, Half: true},
		{Key: "message", Label: text.T("enquiry.message", "What they wrote"), Widget: message},
	}
	fields = append(fields, a.fields("a_", text.T("enquiry.of_first", "First: "))...)
	fields = append(fields, b.fields("b_", text.T("enquiry.of_partner", "Partner: "))...)
	coaches := p.coachChoice(e)
	fields = append(fields,
		kit.Field{Key: "shared", Label: "", Widget: kit.VBox(4, shared, both)},
		kit.Field{Key: "next_step", Label: text.T("enquiry.next", "Next step"), Widget: step, Half: true},
		kit.Field{Key: "next_on", Label: text.T("sheet.next_on", "Due"), Widget: due, Half: true})
	if coaches != nil {
		fields = append(fields, kit.Field{Key: "coach", Label: text.T("enquiry.coach", "Who answers them"), Widget: coaches})
	}
	change := func(next day.Day) func(x *intake.Enquiry) error {
		return func(x *intake.Enquiry) error {
			x.A.Given, x.A.Family, x.B.Given, x.B.Family = trim(ag), trim(af), trim(bg), trim(bf)
			a.into(&x.A)
			b.into(&x.B)
			x.Source, x.Message, x.Kind = trim(source), strings.TrimSpace(message.Text), kind.Value()
			x.BookedBy, _ = booked.Value()
			x.Intent, _ = intent.Value()
			x.SharedAddress, x.BothAgreed = shared.Checked, both.Checked
			x.NextStep, x.NextOn = trim(step), next
			if coaches != nil {
				x.CoachID, _ = coaches.Value()
			}
			return nil
		}
	}
	id, title := e.ID, text.T("pipeline.new", "New enquiry")
	if !id.IsZero() {
		title = text.T("enquiry.edit", "Edit the enquiry")
	}
	p.deps.Dialogs.Form(title, text.T("record.save", "Save"), kit.NewForm(fields...), func(ctx context.Context) error {
		next, err := due.FieldValue("next_on")
		if err != nil {
			return err
		}
		if !id.IsZero() {
			return p.deps.Intake.Update(ctx, id, change(next))
		}
		x := intake.Enquiry{ReceivedAt: p.deps.Now()}
		if err := change(next)(&x); err != nil {
			return err
		}
		made, err := p.deps.Intake.Create(ctx, x)
		if err == nil {
			id = made
		}
		return err
	}, func() { p.deps.Nav.Go(kit.Route{Page: PageID, ID: id.String()}) })
}

// coachChoice is whose enquiry it is, nil where one coach works alone.
func (p *Page) coachChoice(e intake.Enquiry) *kit.Choice[ids.ID] {
	coaches := clients.AtWork(p.coaches, e.CoachID)
	if len(coaches) < 2 {
		return nil
	}
	var options []kit.Option[ids.ID]
	for _, c := range coaches {
		options = append(options, kit.Option[ids.ID]{Value: c.ID, Label: c.Name})
	}
	c := kit.NewChoice(options, nil)
	if c.SetValue(e.CoachID); e.CoachID.IsZero() {
		c.SetValue(coaches[0].ID)
	}
	return c
}

func trim(e *kit.Entry) string { return strings.TrimSpace(e.Text) }

// warn says that there is somebody of the same name already; those who are being
// edited, by their old names, are no news.
func (p *Page) warn(w *kit.Prose, old []clients.Person, names ...clients.Name) {
	aud := p.coach()
	var said []string
	kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error {
		for i, n := range names {
			if n.Given == "" || n.Family == "" || n.Same(old[i].Name) {
				continue
			}
			same, err := p.deps.Clients.Namesakes(ctx, aud, n, ids.Nil)
			if err != nil {
				return err
			}
			for _, s := range same {
				said = append(said, text.T("enquiry.namesake", "There is already somebody of this name: %s.", recordOf(s)))
			}
		}
		return nil
	}, func() {
		w.SetText(strings.Join(said, "\n"))
		setShown(w, len(said) > 0)
	})
}

// recordOf is the record that a namesake is in, or the name alone.
func recordOf(s clients.Namesake) string {
	if s.CoupleID.IsZero() {
		return s.Name.Full() + ", " + text.T("person.no_record", "in no record")
	}
	return s.Title
}
