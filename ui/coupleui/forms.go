package coupleui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// personFields are the fields of one person in a form; prefix tells two persons of one
// form apart.
type personFields struct {
	prefix                                                                         string
	given, family, latin, say, pronouns, language, zone, birth, email, phone, when *kit.Entry
	note                                                                           *kit.Entry
	order                                                                          *kit.Choice[clients.NameOrder]
	channel, message                                                               *kit.Choice[string]
	existing                                                                       ids.ID // somebody who is known already
	warning                                                                        *kit.Prose
	use                                                                            *kit.Check
}

func newPersonFields(prefix string) *personFields {
	f := &personFields{prefix: prefix}
	for _, e := range []**kit.Entry{&f.given, &f.family, &f.latin, &f.say, &f.pronouns, &f.language, &f.zone, &f.birth, &f.email, &f.phone, &f.when, &f.note} {
		*e = kit.NewEntry("")
	}
	f.order = kit.NewChoice([]kit.Option[clients.NameOrder]{
		{Value: clients.GivenFirst, Label: text.T("person.given_first", "Given name first")}, {Value: clients.FamilyFirst, Label: text.T("person.family_first", "Family name first")},
	}, nil)
	f.order.SetValue(clients.GivenFirst)
	f.channel = kit.NewChoice([]kit.Option[string]{
		{Value: "", Label: text.T("person.channel.any", "Not said")},
		{Value: "phone", Label: text.T("person.channel.phone", "Phone")},
		{Value: "text", Label: text.T("person.channel.text", "Text message")},
		{Value: "email", Label: text.T("person.channel.email", "E-mail")},
		{Value: "post", Label: text.T("person.channel.post", "Post")},
		{Value: "other", Label: text.T("person.channel.other", "Other")},
	}, nil)
	f.channel.SetValue("")
	f.message = kit.NewChoice([]kit.Option[string]{
		{Value: "", Label: text.T("person.channel.any", "Not said")}, {Value: "yes", Label: text.T("person.message.yes", "May be left")}, {Value: "no", Label: text.T("person.message.no", "Never")},
	}, nil)
	f.message.SetValue("")
	f.warning = kit.Hint("")
	f.warning.Hide()
	f.use = kit.NewCheck(text.T("person.use_existing", "It is this person"), nil)
	f.use.Hide()
	return f
}

// short are the fields that a new record asks for.
func (f *personFields) short(who string) []kit.Field {
	label := func(s string) string {
		if who == "" {
			return s
		}
		return who + ": " + s
	}
	return []kit.Field{
		{Key: f.prefix + "given", Label: label(text.T("person.given", "Given name")), Widget: f.given, Half: true},
		{Key: f.prefix + "family", Label: label(text.T("person.family", "Family name")), Widget: f.family, Half: true},
		{Key: f.prefix + "same", Label: "", Widget: kit.VBox(4, f.warning, f.use)},
	}
}

// rest are the fields that can wait.
func (f *personFields) rest() []kit.Field {
	return []kit.Field{
		{Key: f.prefix + "order", Label: text.T("person.order", "Order of names"), Widget: f.order, Half: true},
		{Key: f.prefix + "latin", Label: text.T("person.latin", "In Latin letters"), Widget: f.latin, Half: true},
		{Key: f.prefix + "say", Label: text.T("person.say", "How to say it"), Widget: f.say, Half: true},
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
	f.given.SetText(p.Given)
	f.family.SetText(p.Family)
	f.latin.SetText(p.Latin)
	f.say.SetText(p.Say)
	f.pronouns.SetText(p.Pronouns)
	f.language.SetText(p.Language)
	f.zone.SetText(p.Zone)
	if p.BirthYear > 0 {
		f.birth.SetText(strconv.Itoa(p.BirthYear))
	}
	f.email.SetText(p.Email)
	f.phone.SetText(p.Phone)
	f.when.SetText(p.Safe.When)
	f.note.SetText(p.Safe.Note)
	f.channel.SetValue(p.Safe.Channel)
	f.message.SetValue(p.Safe.Message)
	if p.Order != "" {
		f.order.SetValue(p.Order)
	}
}

// into writes the fields into a person.
func (f *personFields) into(p *clients.Person) error {
	p.Given, p.Family, p.Latin = strings.TrimSpace(f.given.Text), strings.TrimSpace(f.family.Text), strings.TrimSpace(f.latin.Text)
	p.Say, p.Pronouns, p.Language, p.Zone = f.say.Text, f.pronouns.Text, strings.TrimSpace(f.language.Text), strings.TrimSpace(f.zone.Text)
	p.Email, p.Phone = strings.TrimSpace(f.email.Text), strings.TrimSpace(f.phone.Text)
	p.Order, _ = f.order.Value()
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
	return clients.Name{Given: strings.TrimSpace(f.given.Text), Family: strings.TrimSpace(f.family.Text)}
}

// warn looks for somebody of the same name whenever a name field is left.
func (p *Page) warn(f *personFields) {
	look := func() {
		name, aud := f.name(), p.coachAudience()
		if name.IsEmpty() {
			return
		}
		var same []clients.Namesake
		kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) (err error) {
			same, err = p.deps.Clients.Namesakes(ctx, aud, name, ids.Nil)
			return err
		}, func() { f.sayNamesakes(same) })
	}
	f.given.OnLeave, f.family.OnLeave = look, look
}

func (f *personFields) sayNamesakes(same []clients.Namesake) {
	if len(same) == 0 {
		f.existing = ids.Nil
		f.warning.Hide()
		f.use.Hide()
		f.use.SetChecked(false)
		return
	}
	where := same[0].Title
	if where == "" {
		where = text.T("person.no_record", "in no record")
	}
	f.existing = same[0].PersonID
	f.warning.SetText(text.T("person.namesake", "There is already somebody of this name: %s.", where))
	f.warning.Show()
	f.use.Show()
}

// person is what the form says: somebody known, somebody new, or nobody.
func (f *personFields) person() (*clients.Person, error) {
	if f.use.Checked && !f.existing.IsZero() {
		return &clients.Person{ID: f.existing}, nil
	}
	p := new(clients.Person)
	return p, f.into(p)
}

func (p *Page) newCouple() { p.newRecord(false) }
func (p *Page) newSingle() { p.newRecord(true) }

func (p *Page) newRecord(single bool) {
	a, b := newPersonFields("a_"), newPersonFields("b_")
	p.warn(a)
	p.warn(b)
	tags := kit.NewEntry(text.T("record.tags_hint", "separated by commas"))
	title, fields := text.T("couples.new_single", "New single client"), a.short("")
	if !single {
		title = text.T("couples.new", "New couple")
		fields = append(a.short(text.T("person.a", "A")), b.short(text.T("person.b", "B"))...)
	}
	form := kit.NewForm(append(fields, kit.Field{Key: "tags", Label: text.T("record.tags", "Tags"), Widget: tags})...)
	var id ids.ID
	p.deps.Dialogs.Form(title, text.T("record.create", "Create"), form, func(ctx context.Context) (err error) {
		n := clients.NewCouple{Tags: splitTags(tags.Text)}
		if n.A, err = a.person(); err != nil {
			return err
		}
		if !single {
			if n.B, err = b.person(); err != nil {
				return err
			}
		}
		id, err = p.deps.Clients.CreateCouple(ctx, n)
		return err
	}, func() { p.deps.Nav.Go(kit.Route{Page: PageID, ID: id.String(), Lens: kit.LensCoach}) })
}

func splitTags(s string) []string {
	var out []string
	for _, t := range strings.Split(s, ",") {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// edit changes the record itself.
func (r *record) edit() {
	status, since, tags := kit.NewEntry(text.T("record.status_hint", "married, living together, long-distance …")), kit.NewEntry("2015"), kit.NewEntry(text.T("record.tags_hint", "separated by commas"))
	status.SetText(r.header.Status)
	since.SetText(r.header.Since)
	tags.SetText(strings.Join(r.header.Tags, ", "))
	form := kit.NewForm(
		kit.Field{Key: "status", Label: text.T("record.status", "How they live"), Widget: status},
		kit.Field{Key: "since", Label: text.T("record.since_when", "Together since"), Widget: since},
		kit.Field{Key: "tags", Label: text.T("record.tags", "Tags"), Widget: tags},
	)
	id, s := r.id, r.deps.Clients
	r.deps.Dialogs.Form(text.T("record.edit_title", "Edit the record"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		if err := s.UpdateCouple(ctx, id, func(c *clients.Couple) error {
			c.Status, c.Since = strings.TrimSpace(status.Text), strings.TrimSpace(since.Text)
			return nil
		}); err != nil {
			return err
		}
		return s.SetTags(ctx, id, splitTags(tags.Text))
	}, nil)
}

func (o *overview) editPerson(p clients.Person) {
	f := newPersonFields("")
	f.fill(p)
	s := o.rec.deps.Clients
	form := kit.NewForm(append(f.short("")[:2], f.rest()...)...)
	o.rec.deps.Dialogs.Form(text.T("person.edit", "Edit a person"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		return s.UpdatePerson(ctx, p.ID, func(x *clients.Person) error { return f.into(x) })
	}, nil)
}

func (o *overview) join() {
	f := newPersonFields("")
	couple, s := o.shown.Couple, o.rec.deps.Clients
	form := kit.NewForm(append(f.short("")[:2], f.rest()...)...)
	o.rec.deps.Dialogs.Form(text.T("overview.join_title", "A partner joins"), text.T("overview.join_ok", "Join"), form, func(ctx context.Context) error {
		p, err := f.person()
		if err != nil {
			return err
		}
		return s.JoinPartner(ctx, couple, p)
	}, nil)
}

var _ fyne.CanvasObject = (*Page)(nil)
