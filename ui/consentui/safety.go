package consentui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// safetyCard is what a stop asks of the coach: how each may be reached, what to do, and the
// numbers. Nothing of it is ever seen by anybody else.
func (t *tab) safetyCard() fyne.CanvasObject {
	if !t.anyStop() {
		return nil
	}
	banner := kit.VBox(4, kit.Paragraph(text.T("safety.banner", "Reach each of them only so. Do not confront, do not tell the other, do not suggest that they talk it over.")).Strong())
	for _, p := range t.state.People {
		mind := t.state.reach[p.ID].Mind()
		if mind == "" {
			mind = text.T("person.safe_none", "Nothing said yet about how they may be reached.")
		}
		banner.Add(kit.Fact(150, p.Short(), mind))
	}
	steps := kit.VBox(8)
	for _, step := range clients.SafetySteps() {
		steps.Add(t.stepLine(step))
	}
	return kit.TitledCard(text.T("safety.title", "Safety"), kit.NewChip(text.T("safety.private", "for coaches alone"), kit.ColorStop), kit.VBox(12, banner, kit.Rule(), steps, kit.Rule(), t.numbers()))
}

// stepLine is one step of the checklist, with the day on which it was done.
func (t *tab) stepLine(step string) fyne.CanvasObject {
	done, is := t.state.steps[step]
	words := []fyne.CanvasObject{kit.Paragraph(clients.StepWords(step))}
	action := text.T("step.done", "Done…")
	if is {
		facts := []string{text.T("step.on", "done on %s", done.On.Words())}
		for _, w := range []string{done.Who, done.Note} {
			if w != "" {
				facts = append(facts, w)
			}
		}
		words = append(words, kit.Hint(strings.Join(facts, " · ")))
		action = text.T("record.edit", "Edit")
	}
	return kit.Beside(kit.VBox(2, words...), t.act("step "+step, action, func() { t.editStep(step, done) }))
}

func (t *tab) editStep(step string, was clients.SafetyStep) {
	d, couple := t.deps, t.shown.Couple
	on, who, note := kit.NewDateField(d.Today, nil), kit.NewEntry(""), kit.NewEntry("")
	on.SetValue(d.today())
	if !was.On.IsZero() {
		on.SetValue(was.On)
	}
	who.SetText(was.Who)
	note.SetText(was.Note)
	label := text.T("step.with", "With whom")
	if step == clients.StepSupervision {
		label = text.T("step.supervisor", "Supervisor")
	}
	form := kit.NewForm(
		kit.Field{Key: "step", Widget: kit.Paragraph(clients.StepWords(step))},
		kit.Field{Key: "done_on", Label: text.T("step.day", "Done on; empty for not yet"), Widget: on, Half: true},
		kit.Field{Key: "who", Label: label, Widget: who, Half: true},
		kit.Field{Key: "note", Label: text.T("step.note", "A word for you"), Widget: note})
	d.Dialogs.Form(text.T("step.title", "What was done"), text.T("record.save", "Save"), form, func(ctx context.Context) error {
		done, err := on.FieldValue("done_on")
		if err != nil {
			return err
		}
		return d.Clients.SaveStep(ctx, clients.SafetyStep{CoupleID: couple, Step: step, On: done, Who: who.Text, Note: note.Text})
	}, nil)
}

// numbers are the entries of the directory for emergencies, with the day somebody last
// made sure of them.
func (t *tab) numbers() fyne.CanvasObject {
	lines := kit.VBox(6, kit.Bold(text.T("safety.numbers", "Emergency numbers")))
	for _, c := range t.state.contacts {
		if c.Kind == clients.ContactEmergency {
			lines.Add(kit.VBox(2, kit.Fact(220, c.Name, c.Phone), kit.Hint(verifiedWords(c, t.shown.Today()))))
		}
	}
	if len(lines.Objects) == 1 {
		lines.Add(kit.Hint(text.T("safety.no_numbers", "The directory in Settings has none yet.")))
	}
	return lines
}

// verifiedWords say when an entry was last made sure of, and whether that is too long ago.
func verifiedWords(c clients.ReferralContact, today day.Day) string {
	switch {
	case c.VerifiedOn.IsZero():
		return text.T("directory.never", "nobody has made sure of it yet")
	case c.Stale(today):
		return text.T("directory.stale", "verified on %s: more than a year ago, look it up again", c.VerifiedOn.Words())
	}
	return text.T("directory.verified", "verified on %s", c.VerifiedOn.Words())
}
