package consentui

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"golang.org/x/text/language"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// isSecrets says whether a purpose is a policy on secrets, which has a card of its own.
func isSecrets(purpose string) bool { return !slices.Contains(clients.Purposes(), purpose) }

// signedPart is what stands of a person's signatures, for the coach.
func (t *tab) signedPart(p clients.Person) fyne.CanvasObject {
	key := p.ID.String()
	lines := kit.VBox(4)
	for _, c := range t.state.Consents {
		if c.PersonID != p.ID || isSecrets(c.Purpose) {
			continue
		}
		if !c.Given {
			lines.Add(kit.Paragraph(clients.PurposeWords(c.Purpose) + " · " + text.T("purpose.withdrawn_on", "withdrawn on %s", c.SignedOn.Words())))
			continue
		}
		words := clients.PurposeWords(c.Purpose) + " · " + text.T("purpose.version", "version %s, %s", c.TextVersion, c.SignedOn.Words())
		if clients.NeedsBoth(c.Purpose) && !t.bothSigned(c.Purpose) {
			words += " · " + text.T("purpose.needs_both", "counts once both have signed")
		}
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
	actions.Add(t.act("sign "+key, text.T("person.sign", "Record a signature"), func() { t.sign([]clients.Person{p}, clients.PurposeAgreement) }))
	return kit.VBox(4, kit.Beside(kit.Bold(text.T("person.signed", "Signed")), actions.Objects...), lines)
}

// bothSigned says whether everybody in the record has given a consent.
func (t *tab) bothSigned(purpose string) bool {
	n := 0
	for _, c := range t.state.Consents {
		if c.Purpose == purpose && c.Given {
			n++
		}
	}
	return n == len(t.state.Partners)
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
		lines.Add(kit.Fact(220, clients.PurposeWords(g.Purpose), words))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Hint(text.T("person.nothing_signed", "Nothing signed yet.")))
	}
	return kit.TitledCard(text.T("overview.you_signed", "What you signed"), nil, lines)
}

// signatureHistory shows every signature and withdrawal of a person.
func (t *tab) signatureHistory(p clients.Person) {
	lines := kit.VBox(10)
	for _, g := range t.signaturesOf(p) {
		head := text.T("purpose.given", "%s, given", clients.PurposeWords(g.Purpose))
		if g.State == clients.StateWithdrawn {
			head = text.T("purpose.taken_back", "%s, withdrawn", clients.PurposeWords(g.Purpose))
		}
		words := []string{g.SignedOn.Words(), text.T("purpose.text_version", "version %s", g.TextVersion)}
		for _, w := range []string{clients.LanguageWords(g.Language), g.Way, g.Decision} {
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

// signing is the form of a signature: the versions offered follow what it is for.
type signing struct {
	t       *tab
	purpose *kit.Choice[string]
	version *kit.Choice[string]
	words   *kit.Prose
	texts   map[string]clients.ConsentText
	form    *kit.Form
}

// sign records that somebody signed a version of a text; of several people each who did.
func (t *tab) sign(people []clients.Person, purpose string) {
	d := t.deps
	s := &signing{t: t, words: kit.Wrapped("", kit.ColorInkSoft)}
	var purposes []kit.Option[string]
	offered := clients.Purposes()
	if isSecrets(purpose) {
		offered = []string{purpose}
	}
	for _, p := range offered {
		purposes = append(purposes, kit.Option[string]{Value: p, Label: clients.PurposeWords(p)})
	}
	s.version = kit.NewChoice[string](nil, func(string) { s.read() })
	s.purpose = kit.NewChoice(purposes, func(p string) { s.offer(p, people[0].Language) })
	way := kit.NewEntry(text.T("sign.way_hint", "on paper, on the screen, by e-mail"))
	way.SetText(text.T("sign.on_paper", "on paper"))
	on := kit.NewDateField(d.Today, nil)
	on.SetValue(d.today())
	fields := []kit.Field{{Key: "purpose", Label: text.T("sign.purpose", "What for"), Widget: s.purpose}}
	ticks := map[ids.ID]*kit.Check{}
	if len(people) > 1 {
		who := kit.VBox(2)
		for _, p := range people {
			ticks[p.ID] = kit.NewCheck(t.partner(p).Short, nil)
			ticks[p.ID].SetChecked(true)
			who.Add(ticks[p.ID])
		}
		fields = append(fields, kit.Field{Key: "person", Label: text.T("sign.who", "Who signed"), Widget: who})
	}
	ground := kit.NewPanel(kit.ColorPaper)
	ground.Radius = 6
	s.form = kit.NewForm(append(fields,
		kit.Field{Key: "text_version", Label: text.T("sign.version", "Version of the text"), Widget: s.version},
		kit.Field{Key: "language", Widget: kit.NewReader(kit.Inset(8, s.words), 150)},
		kit.Field{Key: "signed_on", Label: text.T("sign.on", "Signed on"), Widget: on, Half: true},
		kit.Field{Key: "way", Label: text.T("sign.way", "How"), Widget: way, Half: true})...)
	s.purpose.SetValue(purpose)
	s.offer(purpose, people[0].Language)
	title := text.T("sign.title", "A signature of %s", t.partner(people[0]).Short)
	if len(people) > 1 {
		title = text.T("sign.title_both", "Signatures")
	}
	couple := t.shown.Couple
	d.Dialogs.Form(title, text.T("record.save", "Save"), s.form, func(ctx context.Context) error {
		signed, err := on.FieldValue("signed_on")
		if err != nil {
			return err
		}
		what, _ := s.purpose.Value()
		key, _ := s.version.Value()
		g := clients.Signature{CoupleID: couple, Purpose: what, State: clients.StateGiven, TextVersion: s.texts[key].Version, Language: s.texts[key].Language, SignedOn: signed, Way: way.Text}
		for _, p := range people {
			if tick := ticks[p.ID]; tick != nil && !tick.Checked {
				continue
			}
			g.PersonID = p.ID
			if _, err := d.Clients.Sign(ctx, g); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

// offer lists the versions of the text for a purpose, the newest in the person's language
// chosen.
func (s *signing) offer(purpose, lang string) {
	s.texts = map[string]clients.ConsentText{}
	var options []kit.Option[string]
	chosen := ""
	for _, x := range s.t.state.texts {
		if x.Purpose != purpose {
			continue
		}
		key := x.Version + "\x00" + x.Language
		s.texts[key] = x
		options = append(options, kit.Option[string]{Value: key, Label: versionWords(x)})
		if chosen == "" || sameLanguage(x.Language, lang) && !sameLanguage(s.texts[chosen].Language, lang) {
			chosen = key
		}
	}
	s.version.SetOptions(options)
	s.version.SetValue(chosen)
	s.read()
}

// read shows the text that is chosen.
func (s *signing) read() {
	key, _ := s.version.Value()
	s.words.SetText(s.texts[key].Body)
	if s.form != nil {
		s.form.Refresh()
	}
}

func versionWords(x clients.ConsentText) string {
	return text.T("sign.of_version", "%s · version %s, %s", x.Title, x.Version, clients.LanguageWords(x.Language))
}

// sameLanguage says whether two codes are one language to a reader: "en" and "en-GB".
func sameLanguage(a, b string) bool {
	base := func(s string) string {
		t, err := language.Parse(cmp.Or(s, "en"))
		if err != nil {
			return s
		}
		b, _ := t.Base()
		return b.String()
	}
	return base(a) == base(b)
}

// withdrawConsent records that a person takes back what they signed. It is a decision of
// theirs with a day, so it is asked and not undone.
func (t *tab) withdrawConsent(p clients.Person, purpose string) {
	d, couple := t.deps, t.shown.Couple
	on, way, form := releaseui.Withdrawal(d.Env, "signed_on")
	d.Dialogs.Form(text.T("sign.withdraw_title", "%s takes back: %s", p.Short(), clients.PurposeWords(purpose)), text.T("release.withdraw", "Withdraw"), form, func(ctx context.Context) error {
		taken, err := on.FieldValue("signed_on")
		if err != nil {
			return err
		}
		_, err = d.Clients.WithdrawConsent(ctx, couple, p.ID, purpose, taken, way.Text)
		return err
	}, nil)
}

// decisionCard is what to decide about after a consent was withdrawn (rule PV-45).
func (t *tab) decisionCard() fyne.CanvasObject {
	lines := kit.VBox(10)
	for _, u := range t.state.withdrawals {
		name := ""
		for _, p := range t.state.Partners {
			if p.PersonID == u.PersonID {
				name = p.Short
			}
		}
		head := text.T("decide.line", "%s withdrew: %s", name, clients.PurposeWords(u.Purpose))
		detail := text.N("decide.items", u.Items, "1 thing is there. Nothing new is made of it until you decide: keep it with a reason, or delete it.", "%d things are there. Nothing new is made of them until you decide: keep them with a reason, or delete them.")
		if u.Decision != "" {
			detail = text.T("decide.decided", "Decided: %s", u.Decision)
		}
		lines.Add(kit.Beside(kit.VBox(2, kit.Paragraph(head), kit.Hint(detail)),
			t.act("decide "+u.Purpose+u.PersonID.String(), text.T("decide.decide", "Decide…"), func() { t.decide(u, name) })))
	}
	if len(lines.Objects) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("decide.title", "To decide"), nil, lines)
}

func (t *tab) decide(u clients.Undecided, name string) {
	d, couple := t.deps, t.shown.Couple
	words := kit.NewArea("", 3)
	words.SetText(u.Decision)
	form := kit.NewForm(kit.Field{Key: "decision", Label: text.T("decide.words", "What becomes of the data, and why"), Widget: words, Hint: text.T("decide.hint", "What is deleted goes to the recycle bin, or is erased below. The consent stays withdrawn.")})
	d.Dialogs.Form(text.T("decide.form", "%s withdrew: %s", name, clients.PurposeWords(u.Purpose)), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		return d.Clients.Decide(ctx, couple, u.PersonID, u.Purpose, words.Text)
	}, nil)
}
