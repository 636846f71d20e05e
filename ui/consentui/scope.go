package consentui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func scopeOutcomeWords(o clients.ScopeOutcome) string {
	switch o {
	case clients.ScopePause:
		return text.T("scope.is_pause", "pause")
	case clients.ScopeRefer:
		return text.T("scope.is_refer", "refer")
	}
	return text.T("scope.is_go_on", "go on")
}

// scopeCard is whether coaching is the right help, and to whom they were sent.
func (t *tab) scopeCard() fyne.CanvasObject {
	lines := kit.VBox(8)
	chip := kit.NewChip(text.T("scope.looked", "looked at"), kit.ColorGood)
	if t.state.scopeDue {
		chip = kit.NewChip(text.T("scope.due", "due"), kit.ColorCare)
	}
	if len(t.state.scope) == 0 {
		lines.Add(kit.Hint(text.T("scope.none", "Not looked at yet: at the start, and every six sessions.")))
	} else {
		c := t.state.scope[0]
		var signs []string
		for _, s := range c.Signs {
			signs = append(signs, clients.ScopeWords(s))
		}
		words := text.T("scope.line", "%s: %s", c.On.Words(), scopeOutcomeWords(c.Outcome))
		lines.Add(kit.Paragraph(words))
		for _, w := range []string{strings.Join(signs, " · "), c.Body} {
			if w != "" {
				lines.Add(kit.Hint(w))
			}
		}
	}
	for _, r := range t.state.referrals {
		words := text.T("referral.line", "Referred to %s on %s: %s", r.ToWhom, r.On.Words(), r.Outcome.Words())
		detail := []fyne.CanvasObject{kit.Paragraph(words)}
		for _, w := range []string{r.Reason, r.Note} {
			if w != "" {
				detail = append(detail, kit.Hint(w))
			}
		}
		lines.Add(kit.Beside(kit.VBox(2, detail...), t.act("referral "+r.ID.String(), text.T("record.edit", "Edit"), func() { t.editReferral(r) })))
	}
	return kit.TitledCard(text.T("scope.title", "Scope and referrals"), chip, kit.VBox(10, lines, kit.QuietRow(
		t.act("scope", text.T("scope.check", "Look at the scope…"), t.checkScope),
		t.act("refer", text.T("referral.new", "Record a referral…"), func() {
			t.editReferral(clients.Referral{CoupleID: t.shown.Couple, On: t.deps.today(), Outcome: clients.ReferralOpen})
		}))))
}

func (t *tab) checkScope() {
	d, couple := t.deps, t.shown.Couple
	signs := map[string]*kit.Check{}
	ticks := kit.VBox(2)
	for _, s := range clients.ScopeSigns() {
		signs[s] = kit.NewCheck(clients.ScopeWords(s), nil)
		ticks.Add(signs[s])
	}
	var outcomes []kit.Option[clients.ScopeOutcome]
	for _, o := range []clients.ScopeOutcome{clients.ScopeGoOn, clients.ScopePause, clients.ScopeRefer} {
		outcomes = append(outcomes, kit.Option[clients.ScopeOutcome]{Value: o, Label: kit.Upper(scopeOutcomeWords(o))})
	}
	outcome := kit.NewChoice(outcomes, nil)
	on, body := kit.NewDateField(d.Today, nil), kit.NewArea("", 3)
	on.SetValue(d.today())
	form := kit.NewForm(
		kit.Field{Key: "signs", Label: text.T("scope.signs", "What speaks for a pause or other help"), Widget: ticks},
		kit.Field{Key: "outcome", Label: text.T("scope.follows", "What follows"), Widget: outcome, Half: true},
		kit.Field{Key: "checked_on", Label: text.T("scope.on", "Looked at on"), Widget: on, Half: true},
		kit.Field{Key: "body", Label: text.T("scope.body", "For you"), Widget: body, Hint: text.T("screen.private", "For coaches alone. It is in no report, no search and no list.")})
	d.Dialogs.Form(text.T("scope.form", "Is coaching the right help?"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		c := clients.ScopeCheck{CoupleID: couple, Body: body.Text}
		c.Outcome, _ = outcome.Value()
		for _, s := range clients.ScopeSigns() {
			if signs[s].Checked {
				c.Signs = append(c.Signs, s)
			}
		}
		var err error
		if c.On, err = on.FieldValue("checked_on"); err != nil {
			return err
		}
		_, err = d.Clients.CheckScope(ctx, c)
		return err
	}, nil)
}

func (t *tab) editReferral(r clients.Referral) {
	d := t.deps
	contacts := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("referral.elsewhere", "Somebody else")}}
	for _, c := range t.state.contacts {
		contacts = append(contacts, kit.Option[ids.ID]{Value: c.ID, Label: c.Name})
	}
	people := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("referral.both", "Both")}}
	for _, p := range t.state.Partners {
		people = append(people, kit.Option[ids.ID]{Value: p.PersonID, Label: p.Short})
	}
	var outcomes []kit.Option[clients.ReferralOutcome]
	for _, o := range clients.ReferralOutcomes() {
		outcomes = append(outcomes, kit.Option[clients.ReferralOutcome]{Value: o, Label: kit.Upper(o.Words())})
	}
	contact, person, outcome := kit.NewChoice(contacts, nil), kit.NewChoice(people, nil), kit.NewChoice(outcomes, nil)
	to, reason, note := kit.NewEntry(""), kit.NewArea("", 2), kit.NewArea("", 2)
	on, ended := kit.NewDateField(d.Today, nil), kit.NewDateField(d.Today, nil)
	contact.SetValue(r.ContactID)
	person.SetValue(r.PersonID)
	outcome.SetValue(r.Outcome)
	if !slices.ContainsFunc(t.state.contacts, func(c clients.ReferralContact) bool { return c.ID == r.ContactID }) {
		to.SetText(r.ToWhom)
	}
	reason.SetText(r.Reason)
	note.SetText(r.Note)
	on.SetValue(r.On)
	ended.SetValue(r.OutcomeOn)
	form := kit.NewForm(
		kit.Field{Key: "contact", Label: text.T("referral.to_whom", "To whom"), Widget: contact, Half: true},
		kit.Field{Key: "person", Label: text.T("referral.who", "Who"), Widget: person, Half: true},
		kit.Field{Key: "to_whom", Label: text.T("referral.name", "Name, if not of the directory"), Widget: to},
		kit.Field{Key: "reason", Label: text.T("referral.reason", "Why"), Widget: reason},
		kit.Field{Key: "referred_on", Label: text.T("referral.on", "Offered on"), Widget: on, Half: true},
		kit.Field{Key: "outcome", Label: text.T("referral.became", "What became of it"), Widget: outcome, Half: true},
		kit.Field{Key: "outcome_on", Label: text.T("referral.outcome_on", "Known since"), Widget: ended, Half: true},
		kit.Field{Key: "note", Label: text.T("scope.body", "For you"), Widget: note, Hint: text.T("screen.private", "For coaches alone. It is in no report, no search and no list.")})
	d.Dialogs.Form(text.T("referral.title", "Referral"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		x := r
		x.ContactID, _ = contact.Value()
		x.PersonID, _ = person.Value()
		x.Outcome, _ = outcome.Value()
		x.ToWhom, x.Reason, x.Note = to.Text, reason.Text, note.Text
		var err error
		if x.On, err = on.FieldValue("referred_on"); err != nil {
			return err
		}
		if x.OutcomeOn, err = ended.FieldValue("outcome_on"); err != nil {
			return err
		}
		_, err = d.Clients.SaveReferral(ctx, x)
		return err
	}, nil)
}
