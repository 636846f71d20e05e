package coupleui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// agreementCard is what the partners agreed with each other, for all to read.
func (o *overview) agreementCard() fyne.CanvasObject {
	coach := o.shown.Audience.IsCoach()
	lines := kit.VBox(10)
	for _, a := range o.facts.agreements {
		lines.Add(o.agreementLine(a, coach))
	}
	var add fyne.CanvasObject
	if coach {
		add = o.act("agreement", text.T("overview.add_agreement", "Add an agreement"), func() {
			o.editAgreement(practices.Agreement{State: practices.InForce, Agreed: o.shown.Today()})
		})
	}
	if len(o.facts.agreements) == 0 {
		if !coach {
			return nil
		}
		lines.Add(kit.Hint(text.T("overview.no_agreements", "What the partners agree with each other stands here, for both to see.")))
	}
	return kit.TitledCard(text.T("overview.agreements", "Agreements"), add, lines)
}

func (o *overview) agreementLine(a practices.Agreement, coach bool) fyne.CanvasObject {
	words := []string{a.State.Words()}
	if a.Who != "" {
		words = append(words, a.Who)
	}
	if !a.Agreed.IsZero() {
		words = append(words, text.T("overview.agreed", "agreed on %s", a.Agreed.Words()))
	}
	if !a.Review.IsZero() && a.State == practices.InForce {
		words = append(words, text.T("overview.review", "look again on %s", a.Review.Words()))
	}
	key := a.ID.String()
	line := fyne.CanvasObject(kit.VBox(2, kit.Paragraph(a.Body), kit.Hint(strings.Join(words, " · "))))
	if coach {
		line = kit.Beside(line,
			o.act("agreement "+key, text.T("record.edit", "Edit"), func() { o.editAgreement(a) }),
			o.act("delete "+key, text.T("record.delete", "Delete"), func() { o.deleteAgreement(a) }))
	}
	if o.shown.Item == key {
		o.target = line
	}
	return line
}

func (o *overview) editAgreement(a practices.Agreement) {
	d := o.rec.deps
	body, who := kit.NewArea("", 3), kit.NewEntry("")
	body.SetText(a.Body)
	who.SetText(a.Who)
	agreed, review := kit.NewDateField(d.Today, nil), kit.NewDateField(d.Today, nil)
	agreed.SetValue(a.Agreed)
	review.SetValue(a.Review)
	var options []kit.Option[practices.Standing]
	for _, s := range []practices.Standing{practices.InForce, practices.Kept, practices.Partial, practices.NotKept, practices.Dropped} {
		options = append(options, kit.Option[practices.Standing]{Value: s, Label: kit.Upper(s.Words())})
	}
	state := kit.NewChoice(options, nil)
	state.SetValue(a.State)
	form := kit.NewForm(
		kit.Field{Key: "body", Label: text.T("agreement.what", "What they agreed"), Widget: body, Hint: text.T("agreement.joint", "Both partners read it.")},
		kit.Field{Key: "who", Label: text.T("agreement.who", "Who does it"), Widget: who, Half: true},
		kit.Field{Key: "state", Label: text.T("agreement.stands", "Where it stands"), Widget: state, Half: true},
		kit.Field{Key: "agreed", Label: text.T("agreement.on", "Agreed on"), Widget: agreed, Half: true},
		kit.Field{Key: "review", Label: text.T("agreement.look_again", "Look at it again"), Widget: review, Half: true},
	)
	couple := o.shown.Couple
	d.Dialogs.Form(text.T("agreement.title", "An agreement of the couple"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		x := a
		if x.ID.IsZero() {
			x.ID, x.Couple = ids.New(), couple
		}
		x.Body, x.Who = strings.TrimSpace(body.Text), strings.TrimSpace(who.Text)
		x.State, _ = state.Value()
		if x.Agreed, err = agreed.FieldValue("agreed"); err != nil {
			return err
		}
		if x.Review, err = review.FieldValue("review"); err != nil {
			return err
		}
		return d.Agreements.SaveAgreement(ctx, x)
	}, nil)
}

func (o *overview) deleteAgreement(a practices.Agreement) {
	s := o.rec.deps.Agreements
	o.rec.deps.undoable(text.T("agreement.deleted", "The agreement was deleted."),
		func(ctx context.Context) error { return s.DeleteAgreement(ctx, a.ID) },
		func(ctx context.Context) error { return s.RestoreAgreement(ctx, a.ID) })
}
