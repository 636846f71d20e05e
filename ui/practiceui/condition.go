package practiceui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// noteCondition records what closes practices for a partner.
func (t *tab) noteCondition() {
	var conditions []kit.Option[practices.Condition]
	for _, c := range practices.Noteable() {
		conditions = append(conditions, kit.Option[practices.Condition]{Value: c, Label: c.Words()})
	}
	condition := kit.NewChoice(conditions, nil)
	var people []kit.Option[ids.ID]
	for _, p := range t.rec.Header.Partners {
		people = append(people, kit.Option[ids.ID]{Value: p.PersonID, Label: kit.ShortName(p.Short)})
	}
	person := kit.NewChoice(people, nil)
	person.SetValue(people[0].Value)
	since := kit.NewDateField(t.deps.Today, nil)
	form := kit.NewForm(
		kit.Field{Key: "person", Label: text.T("practices.whom", "Whom it is about"), Widget: person},
		kit.Field{Key: "condition", Label: text.T("practices.condition_label", "What it is"), Widget: condition},
		kit.Field{Key: "since", Label: text.T("practices.since_label", "Since"), Widget: since, Hint: text.T("practices.condition_private", "For coaches alone.")},
	)
	store, couple := t.deps.Practices, t.rec.Couple
	t.deps.Dialogs.Form(text.T("practices.condition_title", "What closes a practice"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		n := practices.Noted{ID: ids.New(), Couple: couple}
		n.Condition, _ = condition.Value()
		n.Person, _ = person.Value()
		if n.Since, err = since.FieldValue("since"); err != nil {
			return err
		}
		return store.Note(ctx, n)
	}, nil)
}

// notedCard lists what was noted, for the coach alone.
func (t *tab) notedCard() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, n := range t.state.noted {
		if n.Over {
			continue
		}
		who := ""
		for _, p := range t.rec.Header.Partners {
			if p.PersonID == n.Person {
				who = kit.ShortName(p.Short)
			}
		}
		words := kit.Paragraph(strings.Join(nonEmpty([]string{who, n.Condition.Words(), n.Since.Words()}), " · "))
		if !t.rec.Writes() {
			lines = append(lines, words)
			continue
		}
		lines = append(lines, kit.Beside(words, kit.Quiet(text.T("practices.over", "It is over"), func() {
			n.Over = true
			store := t.deps.Practices
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.Note(ctx, n) }, nil)
		})))
	}
	if len(lines) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("practices.noted", "Noted, for coaches alone"), nil, kit.VBox(6, lines...))
}
