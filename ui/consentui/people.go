package consentui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// personCard is one partner: how to reach them, what they signed, and their screens.
func (t *tab) personCard(p clients.Person) fyne.CanvasObject {
	who := t.partner(p)
	colour := kit.ColorA
	if who.Slot == clients.SlotB {
		colour = kit.ColorB
	}
	head := kit.Frame(nil, kit.Insets(0, 0, 0, 8, container.NewCenter(kit.NewChip(string(who.Slot), colour))), kit.Paragraph(who.Full).Strong(), nil, nil)
	contact := p.Safe.Words()
	if contact == "" {
		contact = text.T("person.safe_none", "Nothing said yet about how they may be reached.")
	}
	return kit.Card(kit.VBox(10, head, kit.Fact(150, text.T("person.safe", "Safe contact"), contact), kit.Rule(), t.signedPart(p), kit.Rule(), t.screenPart(p)))
}
