package noteui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/ui/kit"
)

// Plans are who says what one partner told alone: clients.Store.
type Plans interface {
	Plans(ctx context.Context, aud clients.Audience, couple ids.ID) (map[ids.ID]clients.Plan, error)
	SetPlan(ctx context.Context, p clients.Plan) error
}

// policy is what was agreed about secrets, where it matters for a note about one partner:
// to the coach, of a couple. Else it is empty.
func (t *tab) policy(about clients.Slot) clients.SecretsPolicy {
	if about == "" || !t.coach() || !t.couple() || t.rec.Header.Engagement == nil {
		return ""
	}
	return t.rec.Header.Engagement.Policy
}

// policyWords remind of what was agreed while a note about one partner is written or read.
func policyWords(p clients.SecretsPolicy) string {
	switch p {
	case clients.NoSecrets:
		return text.T("plan.no_secrets", "No secrets was agreed: say how this reaches the other, or that it need not. What concerns safety stays with you.")
	case clients.LimitedSecrets:
		return text.T("plan.limited", "Limited secrets was agreed: this stays with you, unless it stands in the way of what both came for.")
	case clients.SeparateConfidential:
		return text.T("plan.separate", "Each is kept separate: this is carried to nobody.")
	}
	return ""
}

func planWords(p clients.Plan) string {
	switch p.State {
	case clients.PlanNone:
		return text.T("plan.none", "Nothing needs to be said.")
	case clients.PlanClient:
		return text.T("plan.client", "The client says it, by %s.", p.By.Words())
	case clients.PlanCoach:
		return text.T("plan.coach", "You say it, by %s.", p.By.Words())
	case clients.PlanEnded:
		return text.T("plan.ended", "It was said, or has ended.")
	}
	return text.T("plan.missing", "No plan yet.")
}

// planPart is the banner of an individual note, with its plan where one is asked for; nil
// elsewhere. It never changes who may see the note.
func (t *tab) planPart(n sessions.NoteView) fyne.CanvasObject {
	p := t.policy(n.About)
	if p == "" {
		return nil
	}
	banner := kit.Wrapped(policyWords(p), kit.ColorCare)
	if p != clients.NoSecrets {
		return banner
	}
	plan := t.state.plans[n.ID]
	return kit.VBox(4, banner, kit.Beside(kit.Paragraph(planWords(plan)), kit.Quiet(text.T("plan.set", "Plan…"), func() { t.setPlan(n, plan) })))
}

func (t *tab) setPlan(n sessions.NoteView, was clients.Plan) {
	d := t.deps
	label := map[clients.PlanState]string{
		clients.PlanNone: text.T("plan.is_none", "Nothing needs to be said"), clients.PlanClient: text.T("plan.is_client", "The client says it"),
		clients.PlanCoach: text.T("plan.is_coach", "I say it"), clients.PlanEnded: text.T("plan.is_ended", "It was said, or has ended"),
	}
	var states []kit.Option[clients.PlanState]
	for _, s := range clients.PlanStates() {
		states = append(states, kit.Option[clients.PlanState]{Value: s, Label: label[s]})
	}
	state, by := kit.NewChoice(states, nil), kit.NewDateField(d.Today, nil)
	state.SetValue(was.State)
	by.SetValue(day.Day(d.Today()).Add(14))
	if !was.By.IsZero() {
		by.SetValue(was.By)
	}
	form := kit.NewForm(
		kit.Field{Key: "state", Label: text.T("plan.what", "What happens with it"), Widget: state},
		kit.Field{Key: "by_on", Label: text.T("plan.by_when", "By"), Widget: by, Hint: text.T("plan.hint", "Today reminds you. Who may see the note does not change by this.")})
	d.Dialogs.Form(text.T("plan.title", "What one told alone"), text.T("record.save", "Save"), form, func(ctx context.Context) (err error) {
		p := clients.Plan{NoteID: n.ID}
		p.State, _ = state.Value()
		if p.By, err = by.FieldValue("by_on"); err != nil {
			return err
		}
		return d.Releases.SetPlan(ctx, p)
	}, t.Reload)
}
