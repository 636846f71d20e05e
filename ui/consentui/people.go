package consentui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// slotColor is the colour of a slot.
func slotColor(s clients.Slot) fyne.ThemeColorName {
	if s == clients.SlotB {
		return kit.ColorB
	}
	return kit.ColorA
}

// personCard is one partner: how to reach them, what they signed, and their screens.
func (t *tab) personCard(p clients.Person) fyne.CanvasObject {
	who := t.partner(p)
	head := kit.Frame(nil, kit.Insets(0, 0, 0, 8, container.NewCenter(kit.NewChip(string(who.Slot), slotColor(who.Slot)))), kit.Paragraph(who.Full).Strong(), nil, nil)
	return kit.Card(kit.VBox(10, head, t.contactPart(p), kit.Rule(), t.signedPart(p), kit.Rule(), t.screenPart(p)))
}

// contactPart is how a person may be reached; an address leaves the window only after
// asking what for.
func (t *tab) contactPart(p clients.Person) fyne.CanvasObject {
	key, reach := p.ID.String(), t.state.reach[p.ID]
	words := reach.Mind()
	if words == "" {
		words = text.T("person.safe_none", "Nothing said yet about how they may be reached.")
	}
	lines := kit.VBox(4, kit.Beside(kit.Bold(text.T("person.safe", "Safe contact")), t.act("safe "+key, text.T("record.edit", "Edit"), func() { t.editContact(p) })), kit.Paragraph(words))
	for _, a := range []struct {
		name, value string
		out         []clients.Outgoing
	}{
		{text.T("person.email", "E-mail"), p.Email, []clients.Outgoing{clients.OutEmail, clients.OutICS}},
		{text.T("person.phone", "Phone"), p.Phone, []clients.Outgoing{clients.OutCall, clients.OutText, clients.OutReminder}},
	} {
		if a.value != "" {
			lines.Add(kit.Beside(kit.Fact(150, a.name, a.value), t.act("copy "+a.name+key, text.T("contact.copy", "Copy…"), func() { t.copyAddress(reach, a.value, a.out) })))
		}
	}
	return lines
}

// outWords is what is made of an address.
func outWords(o clients.Outgoing) string {
	switch o {
	case clients.OutEmail:
		return text.T("out.email", "an e-mail")
	case clients.OutICS:
		return text.T("out.ics", "an entry for a calendar")
	case clients.OutText:
		return text.T("out.text", "a text message")
	case clients.OutReminder:
		return text.T("out.reminder", "a reminder")
	}
	return text.T("out.call", "a call")
}

// copyAddress asks what an address is for and checks that against how the person may be
// reached (rule PV-32).
func (t *tab) copyAddress(reach clients.Reach, value string, out []clients.Outgoing) {
	var kinds []kit.Option[clients.Outgoing]
	for _, o := range out {
		kinds = append(kinds, kit.Option[clients.Outgoing]{Value: o, Label: kit.Upper(outWords(o))})
	}
	kind := kit.NewChoice(kinds, nil)
	kind.SetValue(out[0])
	alone := kit.NewCheck(text.T("contact.individual", "It holds something of %s alone", reach.Person.Short()), nil)
	alone.SetChecked(true)
	fields := []kit.Field{{Key: "for", Label: text.T("contact.for", "What for"), Widget: kind}, {Key: "individual", Widget: alone}}
	if mind := reach.Mind(); mind != "" {
		fields = append(fields, kit.Field{Key: "mind", Label: text.T("contact.mind", "To mind"), Widget: kit.Paragraph(mind)})
	}
	t.deps.Dialogs.Form(text.T("contact.copy_title", "Copy an address of %s", reach.Person.Short()), text.T("contact.copy_ok", "Copy"), kit.NewForm(fields...), func(context.Context) error {
		o, _ := kind.Value()
		return reach.May(o, alone.Checked)
	}, func() {
		fyne.CurrentApp().Clipboard().SetContent(value)
		t.deps.Messages.Toast(text.T("contact.copied", "Copied."))
	})
}

// contactFields are the form of how a person may be reached.
type contactFields struct {
	channel, message *kit.Choice[string]
	when, note       *kit.Entry
	shared           map[string]*kit.Check
}

func (t *tab) editContact(p clients.Person) {
	f := contactFields{when: kit.NewEntry(text.T("person.when_hint", "weekdays 10 to 15")), note: kit.NewEntry(""), shared: map[string]*kit.Check{}}
	var channels []kit.Option[string]
	for _, c := range clients.Channels() {
		channels = append(channels, kit.Option[string]{Value: c, Label: clients.ChannelWords(c)})
	}
	f.channel = kit.NewChoice(channels, nil)
	f.message = kit.NewChoice([]kit.Option[string]{
		{Value: "", Label: clients.ChannelWords("")},
		{Value: "yes", Label: text.T("person.message.yes", "May be left")},
		{Value: "no", Label: text.T("person.message.no", "Never")},
	}, nil)
	f.channel.SetValue(p.Safe.Channel)
	f.message.SetValue(p.Safe.Message)
	f.when.SetText(p.Safe.When)
	f.note.SetText(p.Safe.Note)
	ticks := kit.VBox(2)
	for _, a := range clients.SharedAddresses() {
		f.shared[a] = kit.NewCheck(clients.ChannelWords(a), nil)
		f.shared[a].SetChecked(p.Safe.IsShared(a))
		ticks.Add(f.shared[a])
	}
	form := kit.NewForm(
		kit.Field{Key: "safe_channel", Label: text.T("person.safe_only", "Only this way"), Widget: f.channel, Half: true},
		kit.Field{Key: "safe_message", Label: text.T("person.message", "Messages"), Widget: f.message, Half: true},
		kit.Field{Key: "safe_when", Label: text.T("person.when", "When"), Widget: f.when},
		kit.Field{Key: "safe_shared", Label: text.T("person.shared", "Somebody else reads what comes here"), Widget: ticks},
		kit.Field{Key: "safe_note", Label: text.T("person.safe_note", "What else to mind when reaching this person"), Widget: f.note})
	t.deps.Dialogs.Form(text.T("person.safe_title", "How %s may be reached", p.Short()), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		return t.deps.Clients.SetSafeContact(ctx, p.ID, f.value())
	}, nil)
}

func (f contactFields) value() clients.SafeContact {
	s := clients.SafeContact{When: f.when.Text, Note: f.note.Text}
	s.Channel, _ = f.channel.Value()
	s.Message, _ = f.message.Value()
	var shared []string
	for _, a := range clients.SharedAddresses() {
		if f.shared[a].Checked {
			shared = append(shared, a)
		}
	}
	s.Shared = strings.Join(shared, " ")
	return s
}
