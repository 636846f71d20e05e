package intake

import (
	"errors"
	"slices"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Readiness is what stands behind the stage active: the signatures that nothing
// replaces and the screens that nothing replaces.
type Readiness struct {
	Couple     clients.Couple
	Signatures []clients.Signature
	Screens    []clients.Screen
}

// MayStart is nil when work may become active: each partner has signed the agreement,
// has consented to records in a named version, and has a screen with an outcome.
// Otherwise it is one fault.BadInput per requirement and partner, joined; the field is
// "agreement_A", "consent_B", "screen_A" and so on. A screen that stops joint work
// does not keep individual work from starting; joint work has its own rule
// (rule PV-30, clients.JointRule).
func (r Readiness) MayStart() error {
	var errs []error
	slots := []clients.Slot{clients.SlotA, clients.SlotB}
	if r.Couple.Kind == clients.KindSingle {
		slots = slots[:1]
	}
	for _, s := range slots {
		p := r.Couple.Person(s)
		signed := func(purpose string) bool {
			return slices.ContainsFunc(r.Signatures, func(x clients.Signature) bool {
				return x.PersonID == p && x.Purpose == purpose && x.State == clients.StateGiven && x.TextVersion != ""
			}) && !slices.ContainsFunc(r.Signatures, func(x clients.Signature) bool {
				return x.PersonID == p && x.Purpose == purpose && x.State == clients.StateWithdrawn
			})
		}
		if !signed(clients.PurposeAgreement) {
			errs = append(errs, fault.Input("agreement_"+string(s), text.T("intake.need_agreement", "The coaching agreement is not signed by both.")))
		}
		if !signed(clients.PurposeRecords) {
			errs = append(errs, fault.Input("consent_"+string(s), text.T("intake.need_consent", "The consent to keeping records is not given by both.")))
		}
		if !slices.ContainsFunc(r.Screens, func(x clients.Screen) bool { return x.PersonID == p && x.Outcome != "" }) {
			errs = append(errs, fault.Input("screen_"+string(s), text.T("intake.need_screen", "The talk with each partner alone is not recorded yet.")))
		}
	}
	return errors.Join(errs...)
}
