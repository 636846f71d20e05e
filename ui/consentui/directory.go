package consentui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// DirectoryStore keeps to whom clients can be sent: clients.Store.
type DirectoryStore interface {
	Contacts(ctx context.Context) ([]clients.ReferralContact, error)
	SaveContact(ctx context.Context, c clients.ReferralContact) (ids.ID, error)
	VerifyContact(ctx context.Context, id ids.ID) error
	DeleteContact(ctx context.Context, id ids.ID) error
	RestoreContact(ctx context.Context, id ids.ID) error
}

// Directory is the card of the settings with the referral directory.
type Directory struct {
	widget.BaseWidget
	env     kit.Env
	store   DirectoryStore
	load    *kit.Loader[[]clients.ReferralContact]
	lines   *fyne.Container
	buttons kit.Acts
	body    fyne.CanvasObject
}

// NewDirectory builds the card without any I/O.
func NewDirectory(env kit.Env, s DirectoryStore) *Directory {
	d := &Directory{env: env, store: s, load: kit.NewLoader[[]clients.ReferralContact](env.Runner, env.Messages), lines: kit.VBox(10), buttons: kit.Acts{}}
	d.body = kit.TitledCard(text.T("directory.title", "Referral directory"), d.buttons.Quiet("new", text.T("directory.new", "Add an entry"), func() { d.edit(clients.ReferralContact{Kind: clients.ContactSpecialist}) }), d.lines)
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer is Fyne's.
func (d *Directory) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.body) }

// Parts lets tests and focus look inside.
func (d *Directory) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{d.body} }

// Stands loads the entries.
func (d *Directory) Stands() { d.load.Load(d.store.Contacts, d.fill) }

func (d *Directory) fill(all []clients.ReferralContact) {
	d.lines.RemoveAll()
	if len(all) == 0 {
		d.lines.Add(kit.Hint(text.T("directory.empty", "To whom you send clients: emergency numbers, specialist services, physicians. Numbers differ from place to place, so none ships.")))
	}
	for _, c := range all {
		d.lines.Add(d.line(c))
	}
	d.lines.Refresh()
	d.Refresh()
}

func (d *Directory) line(c clients.ReferralContact) fyne.CanvasObject {
	key, today := c.ID.String(), day.Day(d.env.Today())
	words := []fyne.CanvasObject{kit.Bold(c.Name), kit.Paragraph(joined(clients.ContactKindWords(c.Kind), c.Region, c.Phone, c.Web, c.Hours))}
	if c.Note != "" {
		words = append(words, kit.Paragraph(c.Note))
	}
	verified := kit.Hint(verifiedWords(c, today))
	if c.Stale(today) {
		verified = kit.Wrapped(verifiedWords(c, today), kit.ColorCare)
	}
	return kit.Beside(kit.VBox(2, append(words, verified)...),
		d.buttons.Quiet("verify "+key, text.T("directory.verify", "It is right"), func() {
			d.do(func(ctx context.Context) error { return d.store.VerifyContact(ctx, c.ID) }, d.Stands)
		}),
		d.buttons.Quiet("edit "+key, text.T("record.edit", "Edit"), func() { d.edit(c) }),
		d.buttons.Quiet("delete "+key, text.T("record.delete", "Delete"), func() { d.remove(c) }))
}

func (d *Directory) do(change func(context.Context) error, then func()) {
	kit.Do(d.env.Runner, d.env.Messages, change, then)
}

func (d *Directory) remove(c clients.ReferralContact) {
	d.do(func(ctx context.Context) error { return d.store.DeleteContact(ctx, c.ID) }, func() {
		d.Stands()
		d.env.Messages.Undo(text.T("directory.deleted", "The entry was deleted."), func() {
			d.do(func(ctx context.Context) error { return d.store.RestoreContact(ctx, c.ID) }, d.Stands)
		})
	})
}

func (d *Directory) edit(c clients.ReferralContact) {
	var kinds []kit.Option[string]
	for _, k := range clients.ContactKinds() {
		kinds = append(kinds, kit.Option[string]{Value: k, Label: clients.ContactKindWords(k)})
	}
	kind, verified := kit.NewChoice(kinds, nil), kit.NewDateField(d.env.Today, nil)
	kind.SetValue(c.Kind)
	verified.SetValue(c.VerifiedOn)
	entries := map[*string]*kit.Entry{}
	entry := func(s *string) *kit.Entry {
		entries[s] = kit.NewEntry("")
		entries[s].SetText(*s)
		return entries[s]
	}
	x := c
	form := kit.NewForm(
		kit.Field{Key: "name", Label: text.T("directory.of", "Name"), Widget: entry(&x.Name)},
		kit.Field{Key: "kind", Label: text.T("directory.what", "What kind of help"), Widget: kind, Half: true},
		kit.Field{Key: "region", Label: text.T("directory.region", "Where"), Widget: entry(&x.Region), Half: true},
		kit.Field{Key: "phone", Label: text.T("person.phone", "Phone"), Widget: entry(&x.Phone), Half: true},
		kit.Field{Key: "web", Label: text.T("directory.web", "Address on the web"), Widget: entry(&x.Web), Half: true},
		kit.Field{Key: "hours", Label: text.T("person.when", "When"), Widget: entry(&x.Hours), Half: true},
		kit.Field{Key: "verified_on", Label: text.T("directory.verified_on", "Verified on"), Widget: verified, Half: true},
		kit.Field{Key: "note", Label: text.T("step.note", "A word for you"), Widget: entry(&x.Note)})
	d.env.Dialogs.Form(text.T("directory.entry", "Entry of the directory"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		for s, e := range entries {
			*s = e.Text
		}
		x.Kind, _ = kind.Value()
		if x.VerifiedOn, err = verified.FieldValue("verified_on"); err != nil {
			return err
		}
		_, err = d.store.SaveContact(ctx, x)
		return err
	}, d.Stands)
}
