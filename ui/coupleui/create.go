package coupleui

import (
	"context"
	"errors"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// recordFields are what is known of a record besides its people.
type recordFields struct {
	status, since, tags *kit.Entry
}

func newRecordFields() *recordFields {
	return &recordFields{
		status: kit.NewEntry(text.T("record.status_hint", "married, living together, long-distance …")),
		since:  kit.NewEntry("2015"),
		tags:   kit.NewEntry(text.T("record.tags_hint", "separated by commas")),
	}
}

func (f *recordFields) fields(k clients.Kind) []kit.Field {
	status := kit.Field{Key: "status", Label: text.T("record.status", "How they live"), Widget: f.status}
	tags := kit.Field{Key: "tags", Label: text.T("record.tags", "Tags"), Widget: f.tags, Hint: text.T("record.tags_private", "For coaches alone.")}
	if k == clients.KindSingle {
		return []kit.Field{status, tags}
	}
	since := kit.Field{Key: "together_since", Label: text.T("record.since_when", "Together since"), Widget: f.since, Half: true}
	tags.Half = true
	return []kit.Field{status, since, tags}
}

func (p *Page) newCouple() { p.newRecord(clients.KindCouple) }
func (p *Page) newSingle() { p.newRecord(clients.KindSingle) }

func (p *Page) newRecord(k clients.Kind) {
	a, b, more := newPersonFields("a_"), newPersonFields("b_"), newRecordFields()
	title, fields := text.T("couples.new_single", "New single client"), a.names("")
	if k == clients.KindCouple {
		title = text.T("couples.new", "New couple")
		fields = append(a.names(text.T("person.a", "A")), b.names(text.T("person.b", "B"))...)
	}
	form := kit.NewForm(append(fields, more.fields(k)...)...)
	a.watch(p.deps, form, ids.Nil)
	b.watch(p.deps, form, ids.Nil)
	var id ids.ID
	p.deps.Dialogs.Form(title, text.T("record.create", "Create"), form, func(ctx context.Context) (err error) {
		n := clients.NewCouple{Status: more.status.Text, Since: more.since.Text, Tags: splitTags(more.tags.Text)}
		var errA, errB error
		n.A, errA = a.person(ctx, p.deps)
		if k == clients.KindCouple {
			n.B, errB = b.person(ctx, p.deps)
		}
		if err := errors.Join(errA, errB); err != nil {
			return err
		}
		id, err = p.deps.Clients.CreateCouple(ctx, n)
		return toFields(err, "a_given_name", "b_same")
	}, func() { p.deps.Nav.Go(kit.Route{Page: PageID, ID: id.String(), Lens: kit.LensCoach}) })
}

// toFields sets what the store says of a missing name, and of a partner who is the same
// person twice, at the fields of the form that asked.
func toFields(err error, name, partner string) error {
	return move(err, func(field string) string {
		switch field {
		case "given_name", "a":
			return name
		case "b":
			return partner
		}
		return field
	})
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
	f := newRecordFields()
	f.status.SetText(r.header.Status)
	f.since.SetText(r.header.Since)
	f.tags.SetText(strings.Join(r.header.Tags, ", "))
	id, s := r.id, r.deps.Clients
	r.deps.Dialogs.Form(text.T("record.edit_title", "Edit the record"), text.T("record.save", "Save"), kit.NewForm(f.fields(r.header.Kind)...), func(ctx context.Context) error {
		if err := s.UpdateCouple(ctx, id, func(c *clients.Couple) error {
			c.Status, c.Since = strings.TrimSpace(f.status.Text), strings.TrimSpace(f.since.Text)
			return nil
		}); err != nil {
			return err
		}
		return s.SetTags(ctx, id, splitTags(f.tags.Text))
	}, nil)
}

func (o *overview) editPerson(p clients.Person) {
	f, d := newPersonFields(""), o.rec.deps
	f.fill(p)
	form := kit.NewForm(append(f.names(""), f.rest()...)...)
	f.watch(d, form, p.ID)
	f.same.who.Hide() // it is known who this is: the warning is enough
	d.Dialogs.Form(text.T("person.edit", "Edit a person"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		return d.Clients.UpdatePerson(ctx, p.ID, func(x *clients.Person) error { return f.into(x) })
	}, nil)
}

// join makes a couple of a single client.
func (o *overview) join() {
	f, d, couple := newPersonFields(""), o.rec.deps, o.shown.Couple
	if p, known := o.awaited(); known {
		f.fill(p)
	}
	form := kit.NewForm(append(f.names(""), f.rest()...)...)
	f.watch(d, form, ids.Nil)
	d.Dialogs.Form(text.T("overview.join_title", "A partner joins"), text.T("overview.join_ok", "Join"), form, func(ctx context.Context) error {
		p, err := f.person(ctx, d)
		if err != nil {
			return err
		}
		if p.ID.IsZero() && p.IsEmpty() {
			return fault.Input("given_name", text.T("clients.need_name", "Write at least one name."))
		}
		return toFields(d.Clients.JoinPartner(ctx, couple, p), "given_name", "same")
	}, nil)
}
