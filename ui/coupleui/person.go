package coupleui

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// personFields are the fields of one person in a form; prefix tells two persons of one
// form apart.
type personFields struct {
	prefix                                                                               string
	given, family, latin, say, pronouns, language, zone, birth, email, phone, when, note *kit.Entry
	order                                                                                *kit.Choice[clients.NameOrder]
	channel, message                                                                     *kit.Choice[string]
	same                                                                                 *namesakes
}

func newPersonFields(prefix string) *personFields {
	f := &personFields{prefix: prefix, same: newNamesakes()}
	for _, e := range []**kit.Entry{&f.given, &f.family, &f.latin, &f.pronouns, &f.birth, &f.email, &f.phone} {
		*e = kit.NewEntry("")
	}
	f.say = kit.NewEntry(text.T("person.say_hint", "PREE-ya"))
	f.language = kit.NewEntry(text.T("person.language_hint", "English"))
	f.zone = kit.NewEntry("Europe/Amsterdam")
	f.when = kit.NewEntry(text.T("person.when_hint", "weekdays 10 to 15"))
	f.note = kit.NewEntry("")
	f.order = kit.NewChoice([]kit.Option[clients.NameOrder]{
		{Value: clients.GivenFirst, Label: text.T("person.given_first", "Given name first")},
		{Value: clients.FamilyFirst, Label: text.T("person.family_first", "Family name first")},
	}, nil)
	f.order.SetValue(clients.GivenFirst)
	var channels []kit.Option[string]
	for _, c := range clients.Channels() {
		channels = append(channels, kit.Option[string]{Value: c, Label: clients.ChannelWords(c)})
	}
	f.channel = kit.NewChoice(channels, nil)
	f.channel.SetValue("")
	f.message = kit.NewChoice([]kit.Option[string]{
		{Value: "", Label: clients.ChannelWords("")},
		{Value: "yes", Label: text.T("person.message.yes", "May be left")},
		{Value: "no", Label: text.T("person.message.no", "Never")},
	}, nil)
	f.message.SetValue("")
	return f
}

// names are the fields that a new record asks for.
func (f *personFields) names(who string) []kit.Field {
	label := func(s string) string {
		if who == "" {
			return s
		}
		return who + ": " + s
	}
	return []kit.Field{
		{Key: f.prefix + "given_name", Label: label(text.T("person.given", "Given name")), Widget: f.given, Half: true},
		{Key: f.prefix + "family_name", Label: label(text.T("person.family", "Family name")), Widget: f.family, Half: true},
		{Key: f.prefix + "same", Widget: f.same.box},
	}
}

// rest are the fields that can wait.
func (f *personFields) rest() []kit.Field {
	return []kit.Field{
		{Key: f.prefix + "name_order", Label: text.T("person.order", "Order of names"), Widget: f.order, Half: true},
		{Key: f.prefix + "latin_name", Label: text.T("person.latin", "In Latin letters"), Widget: f.latin, Half: true},
		{Key: f.prefix + "say_name", Label: text.T("person.say", "How to say it"), Widget: f.say, Half: true},
		{Key: f.prefix + "pronouns", Label: text.T("person.pronouns", "Pronouns"), Widget: f.pronouns, Half: true},
		{Key: f.prefix + "language", Label: text.T("person.language", "Language"), Widget: f.language, Half: true},
		{Key: f.prefix + "zone", Label: text.T("person.zone", "Time zone"), Widget: f.zone, Half: true},
		{Key: f.prefix + "email", Label: text.T("person.email", "E-mail"), Widget: f.email, Half: true},
		{Key: f.prefix + "phone", Label: text.T("person.phone", "Phone"), Widget: f.phone, Half: true},
		{Key: f.prefix + "birth_year", Label: text.T("person.birth", "Year of birth"), Widget: f.birth, Half: true},
		{Key: f.prefix + "safe_channel", Label: text.T("person.safe", "Safe contact"), Widget: f.channel, Half: true},
		{Key: f.prefix + "safe_when", Label: text.T("person.when", "When"), Widget: f.when, Half: true},
		{Key: f.prefix + "safe_message", Label: text.T("person.message", "Messages"), Widget: f.message, Half: true},
		{Key: f.prefix + "safe_note", Label: text.T("person.safe_note", "What else to mind when reaching this person"), Widget: f.note},
	}
}

func (f *personFields) fill(p clients.Person) {
	for _, x := range []struct {
		e *kit.Entry
		s string
	}{
		{f.given, p.Given},
		{f.family, p.Family},
		{f.latin, p.Latin},
		{f.say, p.Say},
		{f.pronouns, p.Pronouns},
		{f.language, clients.LanguageWords(p.Language)},
		{f.zone, p.Zone},
		{f.email, p.Email},
		{f.phone, p.Phone},
		{f.when, p.Safe.When},
		{f.note, p.Safe.Note},
	} {
		x.e.SetText(x.s)
	}
	if p.BirthYear > 0 {
		f.birth.SetText(strconv.Itoa(p.BirthYear))
	}
	f.channel.SetValue(p.Safe.Channel)
	f.message.SetValue(p.Safe.Message)
	if p.Order != "" {
		f.order.SetValue(p.Order)
	}
}

// into writes the fields into a person.
func (f *personFields) into(p *clients.Person) error {
	p.Name = f.name()
	p.Say, p.Pronouns, p.Language, p.Zone = f.say.Text, f.pronouns.Text, clients.LanguageCode(f.language.Text), strings.TrimSpace(f.zone.Text)
	p.Email, p.Phone = strings.TrimSpace(f.email.Text), strings.TrimSpace(f.phone.Text)
	p.Safe.Channel, _ = f.channel.Value()
	p.Safe.Message, _ = f.message.Value()
	p.Safe.When, p.Safe.Note = f.when.Text, f.note.Text
	p.BirthYear = 0
	if s := strings.TrimSpace(f.birth.Text); s != "" {
		year, err := strconv.Atoi(s)
		if err != nil {
			return fault.Input(f.prefix+"birth_year", text.T("person.birth_number", "Write the year in four digits."))
		}
		p.BirthYear = year
	}
	return nil
}

func (f *personFields) name() clients.Name {
	order, _ := f.order.Value()
	return clients.Name{Given: strings.TrimSpace(f.given.Text), Family: strings.TrimSpace(f.family.Text), Order: order, Latin: strings.TrimSpace(f.latin.Text)}
}

// person is what the form says: somebody known, or somebody new whose name nobody has,
// or about whom the coach said that it is somebody new.
func (f *personFields) person(ctx context.Context, d Deps) (*clients.Person, error) {
	known, err := f.decide(ctx, d, ids.Nil)
	if err != nil {
		return nil, err
	}
	if !known.IsZero() {
		return &clients.Person{ID: known}, nil
	}
	p := new(clients.Person)
	if err := f.into(p); err != nil {
		return nil, err
	}
	return p, at(f.prefix, p.Validate())
}

// at makes the faults of one person point at that person's fields of the form.
func at(prefix string, err error) error {
	return move(err, func(field string) string { return prefix + field })
}

// move gives the faults in err the names of fields that a form has for them.
func move(err error, to func(field string) string) error {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		var all []error
		for _, x := range e.Unwrap() {
			all = append(all, move(x, to))
		}
		return errors.Join(all...)
	case *fault.Error:
		moved := *e
		moved.Field = to(e.Field)
		return &moved
	}
	return err
}
