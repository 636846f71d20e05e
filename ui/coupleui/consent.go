package coupleui

import (
	"cmp"
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
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
func (o *overview) signedPart(p clients.Person) fyne.CanvasObject {
	key := p.ID.String()
	lines := kit.VBox(4)
	for _, c := range o.facts.Consents {
		if c.PersonID != p.ID {
			continue
		}
		if !c.Given {
			lines.Add(kit.Paragraph(purposeWords(c.Purpose) + " · " + text.T("purpose.withdrawn_on", "withdrawn on %s", c.SignedOn.Words())))
			continue
		}
		words := purposeWords(c.Purpose) + " · " + text.T("purpose.version", "version %s, %s", c.TextVersion, c.SignedOn.Words())
		lines.Add(kit.Beside(kit.Paragraph(words),
			o.act("withdraw "+c.Purpose+key, text.T("release.withdraw", "Withdraw"), func() { o.withdrawConsent(p, c.Purpose) })))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("person.nothing_signed", "Nothing signed yet.")))
	}
	actions := kit.HBox(4)
	if o.signaturesOf(p) != nil {
		actions.Add(o.act("signatures "+key, text.T("overview.history", "History"), func() { o.signatureHistory(p) }))
	}
	actions.Add(o.act("sign "+key, text.T("person.sign", "Record a signature"), func() { o.sign(p) }))
	return kit.VBox(4, kit.Beside(kit.Bold(text.T("person.signed", "Signed")), actions.Objects...), lines)
}

func (o *overview) signaturesOf(p clients.Person) []clients.Signature {
	var out []clients.Signature
	for _, g := range o.facts.signatures {
		if g.PersonID == p.ID {
			out = append(out, g)
		}
	}
	return out
}

// signedCard is what a client signed, for that client alone; the store gives nobody the
// signatures of the other.
func (o *overview) signedCard() fyne.CanvasObject {
	var f facts
	for _, g := range o.facts.signatures {
		if !g.Current {
			continue
		}
		words := text.T("purpose.version", "version %s, %s", g.TextVersion, g.SignedOn.Words())
		if g.State == clients.StateWithdrawn {
			words = text.T("purpose.withdrawn_on", "withdrawn on %s", g.SignedOn.Words())
		}
		f.put(purposeWords(g.Purpose), words)
	}
	if len(f) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("overview.you_signed", "What you signed"), nil, kit.VBox(6, f...))
}

// signatureHistory shows every signature and withdrawal of a person.
func (o *overview) signatureHistory(p clients.Person) {
	lines := kit.VBox(10)
	for _, g := range o.signaturesOf(p) {
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
	o.showHistory(text.T("sign.history", "Signatures of %s", p.Short()), lines)
}

// showHistory opens what was recorded, the latest first.
func (o *overview) showHistory(title string, lines *fyne.Container) {
	lines.Resize(fyne.NewSize(460, 0)) // wrapped text knows its height only at its width
	read := kit.NewReader(kit.Insets(0, 4, 0, 14, lines), min(max(60, lines.MinSize().Height+8), 400))
	o.rec.deps.Dialogs.Open(kit.Dialog{Title: title, Content: read})
}

func (o *overview) sign(p clients.Person) {
	d := o.rec.deps
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
	couple := o.shown.Couple
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
func (o *overview) withdrawConsent(p clients.Person, purpose string) {
	d, couple := o.rec.deps, o.shown.Couple
	on, way, form := releaseui.Withdrawal(d.Env)
	d.Dialogs.Form(text.T("sign.withdraw_title", "%s takes back: %s", p.Short(), purposeWords(purpose)), text.T("release.withdraw", "Withdraw"), form, func(ctx context.Context) error {
		taken, err := on.FieldValue("given_on")
		if err != nil {
			return err
		}
		_, err = d.Clients.WithdrawConsent(ctx, couple, p.ID, purpose, taken, way.Text)
		return move(err, func(field string) string {
			if field == "signed_on" {
				return "given_on"
			}
			return field
		})
	}, nil)
}

// counts says whether a release lets the other see something on a day.
func counts(r clients.Release, on day.Day) bool {
	return r.Current && r.State == clients.StateGiven && (r.ExpiresOn.IsZero() || r.ExpiresOn >= on)
}

// releaseCard is what each partner lets the other see now.
func (o *overview) releaseCard() fyne.CanvasObject {
	lines := kit.VBox(8)
	for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		for _, r := range o.facts.releases {
			if r.Partner == s {
				lines.Add(o.releaseLine(r))
			}
		}
	}
	if len(o.facts.allReleases) == 0 {
		return nil
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("overview.no_releases", "Nothing is released now.")))
	}
	return kit.TitledCard(text.T("overview.releases", "Releases"), o.act("releases", text.T("overview.history", "History"), o.releaseHistory), lines)
}

// releaseHistory shows every release and withdrawal of the record.
func (o *overview) releaseHistory() {
	lines := kit.VBox(10)
	for _, r := range o.facts.allReleases {
		what, scope := o.releasedWords(r)
		head := text.T("release.by", "%s released %s (%s)", o.shown.Header.Partner(r.Partner).Short, what, scope)
		if r.State == clients.StateWithdrawn {
			head = text.T("release.taken_back", "%s took back %s", o.shown.Header.Partner(r.Partner).Short, what)
		}
		words := []string{r.GivenOn.Words()}
		if r.Way != "" {
			words = append(words, r.Way)
		}
		if !r.ExpiresOn.IsZero() {
			words = append(words, text.T("release.until", "until %s", r.ExpiresOn.Words()))
		}
		lines.Add(kit.VBox(2, kit.Paragraph(head), kit.Hint(strings.Join(words, " · "))))
	}
	o.showHistory(text.T("release.history", "Releases of this record"), lines)
}

// releasedWords are what a release is of, and how much of it.
func (o *overview) releasedWords(r clients.Release) (what, scope string) {
	x, known := o.facts.released[r.ItemID]
	note, isNote := o.facts.notes[r.ItemID]
	named := known && x.Definition != nil // one of another version of the program is not known here
	switch {
	case named:
		what = x.Definition.Name + ", " + o.rec.deps.at(x.TakenAt, "2 January 2006")
	case known:
		what = text.T("release.answers", "their answers of %s", o.rec.deps.at(x.TakenAt, "2 January 2006"))
	case isNote:
		what = text.T("release.note", "their part of the note of %s", o.rec.deps.at(note, "2 January 2006"))
	default:
		what = text.T("release.item", "one item")
	}
	if r.Channels == nil {
		return what, text.T("release.whole", "all of it")
	}
	var channels []string
	for _, code := range r.Channels {
		if named {
			if c, ok := x.Definition.Channel(code); ok {
				code = c.Name
			}
		}
		channels = append(channels, code)
	}
	return what, strings.Join(channels, ", ")
}

func (o *overview) releaseLine(r clients.Release) fyne.CanvasObject {
	h := o.shown.Header
	what, scope := o.releasedWords(r)
	words := text.T("release.line", "%s lets %s see %s (%s)", h.Partner(r.Partner).Short, h.Partner(r.Partner.Other()).Short, what, scope)
	facts := []string{text.T("release.given", "given on %s", r.GivenOn.Words())}
	if r.Way != "" {
		facts = append(facts, r.Way)
	}
	if !r.ExpiresOn.IsZero() {
		facts = append(facts, text.T("release.until", "until %s", r.ExpiresOn.Words()))
	}
	return kit.Beside(kit.VBox(2, kit.Paragraph(words), kit.Hint(strings.Join(facts, " · "))),
		o.act("release "+r.ID.String(), text.T("release.withdraw", "Withdraw"), func() { o.withdrawRelease(r) }))
}

func (o *overview) withdrawRelease(r clients.Release) {
	d := o.rec.deps
	releaseui.Withdraw(d.Env, d.Clients, releaseui.Item{Record: o.shown, Partner: r.Partner, ID: r.ItemID}, nil)
}
