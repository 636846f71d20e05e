package coupleui

import (
	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/consentui"
	"github.com/couplet-app/couplet/ui/kit"
)

// jointCard says whether there may be joint work, and leads to what it hangs on. It does
// not say why not: somebody may be looking over the coach's shoulder.
func (o *overview) jointCard() fyne.CanvasObject {
	if o.facts.Kind == clients.KindSingle {
		return nil
	}
	word, colour, words := consentui.JointWords(o.facts.Joint.Verdict)
	open := o.act("consent", text.T("consent.tab", "People & consent"), func() { o.rec.turn(kit.Route{Tab: consentui.TabKey, Lens: o.rec.route.Lens}) })
	return kit.TitledCard(text.T("overview.joint", "Joint work"), kit.NewChip(word, colour), kit.Beside(kit.Paragraph(words), open))
}
