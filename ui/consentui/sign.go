package consentui

import (
	"cmp"
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

func purposeWords(p string) string {
	switch p {
	case clients.PurposeAgreement:
		return text.T("purpose.agreement", "Coaching agreement")
	case clients.PurposeRecords:
		return text.T("purpose.records", "Consent to notes and answers")
	}
	return text.T("purpose.messages", "Consent to messages")
}

func purposes() []kit.Option[string] {
	var out []kit.Option[string]
	for _, s := range []string{clients.PurposeAgreement, clients.PurposeRecords, clients.PurposeMessages} {
		out = append(out, kit.Option[string]{Value: s, Label: purposeWords(s)})
	}
	return out
}

// signedPart is what stands of a person's signatures, for the coach.
func (t *tab) signedPart(p clients.Person) fyne.CanvasObject {
	key := p.ID.String()
	lines := kit.VBox(4)
	for _, c := range t.state.Consents {
		if c.PersonID != p.ID {
			continue
		}
		if !c.Given {
			lines.Add(kit.Paragraph(purposeWords(c.Purpose) + " · " + text.T("purpose.withdrawn_on", "withdrawn on %s", c.SignedOn.Words())))
			continue
		}
		words := purposeWords(c.Purpose) + " · " + text.T("purpose.version", "version %s, %s", c.TextVersion, c.SignedOn.Words())
		lines.Add(kit.Beside(kit.Paragraph(words),
			t.act("withdraw "+c.Purpose+key, text.T("release.withdraw", "Withdraw"), func() { t.withdrawConsent(p, c.Purpose) })))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("person.nothing_signed", "Nothing signed yet.")))
	}
	actions := kit.HBox(4)
	if t.signaturesOf(p) != nil {
		actions.Add(t.act("signatures "+key, text.T("overview.history", "History"), func() { t.signatureHistory(p) }))
	}
	actions.Add(t.act("sign "+key, text.T("person.sign", "Record a signature"), func() { t.sign(p) }))
	return kit.VBox(4, kit.Beside(kit.Bold(text.T("person.signed", "Signed")), actions.Objects...), lines)
}

func (t *tab) signaturesOf(p clients.Person) []clients.Signature {
	var out []clients.Signature
	for _, g := range t.state.signatures {
		if g.PersonID == p.ID {
			out = append(out, g)
		}
	}
	return out
}

// signedCard is what a client signed, for that client alone; the store gives nobody the
// signatures of the other.
func (t *tab) signedCard() fyne.CanvasObject {
	lines := kit.VBox(6)
	for _, g := range t.state.signatures {
		if !g.Current {
			continue
		}
		words := text.T("purpose.version", "version %s, %s", g.TextVersion, g.SignedOn.Words())
		if g.State == clients.StateWithdrawn {
			words = text.T("purpose.withdrawn_on", "withdrawn on %s", g.SignedOn.Words())
		}
		lines.Add(kit.Fact(220, purposeWords(g.Purpose), words))
	}
	if len(lines.Objects) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("overview.you_signed", "What you signed"), nil, lines)
}

// signatureHistory shows every signature and withdrawal of a person.
func (t *tab) signatureHistory(p clients.Person) {
	lines := kit.VBox(10)
	for _, g := range t.signaturesOf(p) {
		head := text.T("purpose.given", "%s, given", purposeWords(g.Purpose))
		if g.State == clients.StateWithdrawn {
			head = text.T("purpose.taken_back", "%s, withdrawn", purposeWords(g.Purpose))
		}
		words := []string{g.SignedOn.Words(), text.T("purpose.text_version", "version %s", g.TextVersion)}
		for _, w := range []string{g.Language, g.Way} {
			if w != "" {
				words = append(words, w)
			}
		}
		lines.Add(kit.VBox(2, kit.Paragraph(head), kit.Hint(strings.Join(words, " · "))))
	}
	t.showHistory(text.T("sign.history", "Signatures of %s", p.Short()), lines)
}

// showHistory opens what was recorded, the latest first.
func (t *tab) showHistory(title string, lines *fyne.Container) {
	lines.Resize(fyne.NewSize(460, 0)) // wrapped text knows its height only at its width
	read := kit.NewReader(kit.Insets(0, 4, 0, 14, lines), min(max(60, lines.MinSize().Height+8), 400))
	t.deps.Dialogs.Open(kit.Dialog{Title: title, Content: read})
}

func (t *tab) sign(p clients.Person) {
	d := t.deps
	purpose := kit.NewChoice(purposes(), nil)
	purpose.SetValue(clients.PurposeAgreement)
	version, language, way := kit.NewEntry("2026-1"), kit.NewEntry(text.T("person.language_hint", "English")), kit.NewEntry(text.T("sign.way_hint", "on paper, on the screen, by e-mail"))
	version.SetText("1")
	language.SetText(clients.LanguageWords(cmp.Or(p.Language, "en")))
	way.SetText(text.T("sign.on_paper", "on paper"))
	on := kit.NewDateField(d.Today, nil)
	on.SetValue(d.today())
	form := kit.NewForm(
		kit.Field{Key: "purpose", Label: text.T("sign.purpose", "What for"), Widget: purpose},
		kit.Field{Key: "text_version", Label: text.T("sign.version", "Version of the text"), Widget: version, Half: true},
		kit.Field{Key: "language", Label: text.T("person.language", "Language"), Widget: language, Half: true},
		kit.Field{Key: "signed_on", Label: text.T("sign.on", "Signed on"), Widget: on, Half: true},
		kit.Field{Key: "way", Label: text.T("sign.way", "How"), Widget: way, Half: true},
	)
	couple := t.shown.Couple
	d.Dialogs.Form(text.T("sign.title", "A signature of %s", p.Short()), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		signed, err := on.FieldValue("signed_on")
		if err != nil {
			return err
		}
		what, _ := purpose.Value()
		_, err = d.Clients.Sign(ctx, clients.Signature{
			CoupleID: couple, PersonID: p.ID, Purpose: what, State: clients.StateGiven,
			TextVersion: version.Text, Language: clients.LanguageCode(language.Text), SignedOn: signed, Way: way.Text,
		})
		return err
	}, nil)
}

// withdrawConsent records that a person takes back what they signed. It is a decision of
// theirs with a day, so it is asked and not undone.
func (t *tab) withdrawConsent(p clients.Person, purpose string) {
	d, couple := t.deps, t.shown.Couple
	on, way, form := releaseui.Withdrawal(d.Env, "signed_on")
	d.Dialogs.Form(text.T("sign.withdraw_title", "%s takes back: %s", p.Short(), purposeWords(purpose)), text.T("release.withdraw", "Withdraw"), form, func(ctx context.Context) error {
		taken, err := on.FieldValue("signed_on")
		if err != nil {
			return err
		}
		_, err = d.Clients.WithdrawConsent(ctx, couple, p.ID, purpose, taken, way.Text)
		return err
	}, nil)
}
