package consentui

import (
	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// secretsSigned is the signature of a person under the policy of an engagement, nil for
// none in force.
func (t *tab) secretsSigned(person clients.Partner, e *clients.Engagement) *clients.Signature {
	for i, g := range t.state.signatures {
		if g.Current && g.State == clients.StateGiven && g.PersonID == person.PersonID && g.EngagementID == e.ID && g.Purpose == clients.SecretsPurpose(e.Policy) {
			return &t.state.signatures[i]
		}
	}
	return nil
}

// secretsCard is what was agreed about what one partner tells alone, and who signed it. It
// drives reminders, never who may see something.
func (t *tab) secretsCard() fyne.CanvasObject {
	e := t.state.Engagement
	if e == nil || t.state.Kind == clients.KindSingle {
		return nil
	}
	lines, missing := kit.VBox(6), 0
	for _, p := range t.state.Partners {
		words := text.T("secrets.unsigned", "not signed yet")
		if g := t.secretsSigned(p, e); g != nil {
			words = text.T("purpose.version", "version %s, %s", g.TextVersion, g.SignedOn.Words())
		} else {
			missing++
		}
		lines.Add(kit.Fact(150, p.Short, words))
	}
	if missing > 0 {
		lines.Add(kit.Hint(text.T("secrets.before", "Both sign before anybody is spoken with alone.")))
	}
	if e.Policy == clients.NoSecrets {
		lines.Add(kit.Hint(text.T("secrets.plan", "A note of one partner alone asks for a plan: who says it, and by when. It never changes who may see the note.")))
	}
	return kit.TitledCard(text.T("secrets.title", "Secrets"), kit.NewChip(e.Policy.Words(), kit.ColorInkSoft), kit.VBox(8, lines,
		kit.QuietRow(t.act("secrets", text.T("secrets.sign", "Record a signature about secrets"), func() { t.sign(t.state.People, clients.SecretsPurpose(e.Policy)) }))))
}
