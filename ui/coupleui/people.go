package coupleui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// personCard is one partner with contact, for the coach.
func (o *overview) personCard(p clients.Person) fyne.CanvasObject {
	slot, key := o.partner(p), p.ID.String()
	var f facts
	f.put(text.T("person.pronouns", "Pronouns"), p.Pronouns)
	f.put(text.T("person.say", "How to say it"), p.Say)
	f.put(text.T("person.latin", "In Latin letters"), p.Latin)
	f.put(text.T("person.language", "Language"), clients.LanguageWords(p.Language))
	f.put(text.T("person.zone", "Time zone"), p.Zone)
	if p.BirthYear > 0 {
		f.put(text.T("person.birth", "Year of birth"), strconv.Itoa(p.BirthYear))
	}
	f.put(text.T("person.email", "E-mail"), p.Email)
	f.put(text.T("person.phone", "Phone"), p.Phone)
	f.put(text.T("person.safe", "Safe contact"), p.Safe.Words())

	colour := kit.ColorA
	if slot.Slot == clients.SlotB {
		colour = kit.ColorB
	}
	head := kit.HBox(8, container.NewCenter(kit.NewChip(string(slot.Slot), colour)))
	if p.Archived {
		head.Add(container.NewCenter(kit.NewChip(text.T("couples.is_archived", "archived"), kit.ColorInkSoft)))
	}
	if p.Deleted {
		head.Add(container.NewCenter(kit.NewChip(text.T("record.is_deleted", "deleted"), kit.ColorStop)))
		back := o.act("restore "+key, text.T("record.bring_back", "Bring back"), func() { o.restorePerson(p) })
		words := kit.Hint(text.T("person.is_deleted", "This person was deleted. The record shows a neutral word in their place."))
		return kit.Card(kit.Frame(nil, kit.Insets(0, 0, 0, 8, head), kit.Beside(words, back), nil, nil))
	}
	shelve := text.T("record.archive", "Archive")
	if p.Archived {
		shelve = text.T("record.bring_back", "Bring back")
	}
	name := slot.Full
	if name == "" {
		name = p.Full()
	}
	return kit.Card(kit.VBox(10,
		kit.Frame(nil, kit.Insets(0, 0, 0, 8, head), kit.Beside(kit.Paragraph(name).Strong(),
			o.act("person "+key, text.T("record.edit", "Edit"), func() { o.editPerson(p) }),
			o.act("shelve "+key, shelve, func() { o.archivePerson(p) }),
			o.act("delete "+key, text.T("record.delete", "Delete"), func() { o.deletePerson(p) })), nil, nil),
		kit.VBox(6, f...)))
}

func (o *overview) archivePerson(p clients.Person) {
	s, on := o.rec.deps.Clients, !p.Archived
	said := text.T("record.archived", "Archived. Nothing was removed.")
	if !on {
		said = text.T("record.brought_back", "Brought back.")
	}
	o.rec.deps.undoable(said,
		func(ctx context.Context) error { return s.ArchivePerson(ctx, p.ID, on) },
		func(ctx context.Context) error { return s.ArchivePerson(ctx, p.ID, !on) })
}

func (o *overview) deletePerson(p clients.Person) {
	s := o.rec.deps.Clients
	o.rec.deps.undoable(text.T("person.deleted", "The person was deleted. The record stays."),
		func(ctx context.Context) error { return s.DeletePerson(ctx, p.ID) },
		func(ctx context.Context) error { return s.RestorePerson(ctx, p.ID) })
}

func (o *overview) restorePerson(p clients.Person) {
	s := o.rec.deps.Clients
	o.rec.deps.undoable(text.T("record.brought_back", "Brought back."),
		func(ctx context.Context) error { return s.RestorePerson(ctx, p.ID) },
		func(ctx context.Context) error { return s.DeletePerson(ctx, p.ID) })
}
