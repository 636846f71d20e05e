package intake

import (
	"errors"
	"slices"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Fit is the coach's rating of six items, 0 to 2 each, nil where not rated. Only the
// coach ever sees it.
type Fit struct {
	Goal       *int `json:"goal"`       // the goal can be coached
	Willing    *int `json:"willing"`    // both are willing, or individual work fits
	Safe       *int `json:"safe"`       // 0 overrides any total
	Competence *int `json:"competence"` // it is within the coach's competence
	Means      *int `json:"means"`      // time and means
	Rapport    *int `json:"rapport"`    // good rapport
}

// FitItem is one rated item with its words.
type FitItem struct {
	Key   string
	Label string
	Value *int
}

// Items are the six items in order.
func (f Fit) Items() []FitItem {
	t := text.T
	return []FitItem{
		{"goal", t("fit.goal", "The goal can be coached"), f.Goal},
		{"willing", t("fit.willing", "Both are willing, or individual work fits"), f.Willing},
		{"safe", t("fit.safe", "Safe"), f.Safe},
		{"competence", t("fit.competence", "Within my competence"), f.Competence},
		{"means", t("fit.means", "Time and means"), f.Means},
		{"rapport", t("fit.rapport", "Good rapport"), f.Rapport},
	}
}

// Total is the sum, 0 to 12, and how many of the six items were rated.
func (f Fit) Total() (sum, rated int) {
	for _, i := range f.Items() {
		if i.Value != nil {
			sum += *i.Value
			rated++
		}
	}
	return sum, rated
}

// Unsafe says that safety was rated 0. It overrides any total.
func (f Fit) Unsafe() bool { return f.Safe != nil && *f.Safe == 0 }

// Decision is how the call ended.
type Decision string

// The decisions.
const (
	DecisionFit            Decision = "fit"
	DecisionIndividualOnly Decision = "fit_individual_only"
	DecisionNotNow         Decision = "not_now"
	DecisionReferOut       Decision = "refer_out"
	DecisionNotAFit        Decision = "not_a_fit"
	DecisionDeclined       Decision = "client_declined"
)

// Decisions are all decisions in the order of the form.
func Decisions() []Decision {
	return []Decision{DecisionFit, DecisionIndividualOnly, DecisionNotNow, DecisionReferOut, DecisionNotAFit, DecisionDeclined}
}

// Words is the decision as the coach reads it.
func (d Decision) Words() string {
	switch d {
	case DecisionFit:
		return text.T("decision.fit", "A fit")
	case DecisionIndividualOnly:
		return text.T("decision.fit_individual_only", "A fit for individual work only")
	case DecisionNotNow:
		return text.T("decision.not_now", "Not now")
	case DecisionReferOut:
		return text.T("decision.refer_out", "Refer to somebody else")
	case DecisionNotAFit:
		return text.T("decision.not_a_fit", "Not a fit")
	case DecisionDeclined:
		return text.T("decision.client_declined", "They declined")
	}
	return ""
}

// Fits says whether the decision counts as a fit.
func (d Decision) Fits() bool { return d == DecisionFit || d == DecisionIndividualOnly }

// Stage is where the pipeline goes after the decision.
func (d Decision) Stage() Stage {
	switch d {
	case DecisionFit, DecisionIndividualOnly, DecisionNotNow:
		return StageConsidering
	case DecisionReferOut:
		return ExitReferredOut
	case DecisionNotAFit:
		return ExitNotAFit
	case DecisionDeclined:
		return ExitDeclined
	}
	return StageCallHeld
}

func decisionOptions() []Option {
	var out []Option
	for _, d := range Decisions() {
		out = append(out, Option{string(d), d.Words()})
	}
	return out
}

// Reasons are the coded reasons of a decision.
func Reasons() []Option {
	t := text.T
	return []Option{
		{"wants_to_start", t("reason.wants_to_start", "Wants to start")},
		{"needs_time", t("reason.needs_time", "Needs time")},
		{"partner_unwilling", t("reason.partner_unwilling", "The partner does not want it")},
		{"price", t("reason.price", "Price")},
		{"schedule", t("reason.schedule", "Schedule")},
		{"other_help", t("reason.other_help", "Other help suits better")},
		{"competence", t("reason.competence", "Outside my competence")},
		{"scope", t("reason.scope", "Outside coaching")},
		{"other", t("reason.other", "Other")},
	}
}

// Sheet is the call sheet as it was filled in. It is kept as JSON and is for the
// coach alone.
type Sheet struct {
	Participants  string   `json:"participants,omitempty"`
	Mode          string   `json:"mode,omitempty"`
	Source        string   `json:"source,omitempty"`
	NotesConsentA day.Day  `json:"notes_consent_a,omitempty"`
	NotesConsentB day.Day  `json:"notes_consent_b,omitempty"`
	FreeToSpeak   string   `json:"free_to_speak,omitempty"`
	ConcernCodes  []string `json:"concern_codes,omitempty"`
	Concern       string   `json:"concern,omitempty"`
	Months        *int     `json:"months,omitempty"`
	PartnerKnows  string   `json:"partner_knows,omitempty"`
	ReadinessA    *int     `json:"readiness_a,omitempty"`
	ReadinessB    *int     `json:"readiness_b,omitempty"`
	Intent        string   `json:"intent,omitempty"`
	Hope          string   `json:"hope,omitempty"`
	Now           *int     `json:"now,omitempty"`
	Strengths     string   `json:"strengths,omitempty"`
	PriorHelp     string   `json:"prior_help,omitempty"`
	Exclusions    []string `json:"exclusions,omitempty"`
	Fit           Fit      `json:"fit"`
	Decision      Decision `json:"decision,omitempty"`
	ReasonCode    string   `json:"reason_code,omitempty"`
	NextStep      string   `json:"next_step,omitempty"`
	NextOn        day.Day  `json:"next_on,omitempty"`
	NextOwner     string   `json:"next_owner,omitempty"`
	Promised      string   `json:"promised,omitempty"`
	Reaction      string   `json:"reaction,omitempty"`
}

// Validate returns one fault.BadInput per field, joined; nil when the sheet can be
// saved. An empty sheet can: it fills during the call.
func (s Sheet) Validate() error {
	var errs []error
	bad := func(is bool, field, sentence string) {
		if is {
			errs = append(errs, fault.Input(field, sentence))
		}
	}
	given := map[string][]string{
		"participants": {s.Participants}, "mode": {s.Mode}, "free_to_speak": {s.FreeToSpeak}, "concern_codes": s.ConcernCodes, "intent": {s.Intent},
		"exclusions": s.Exclusions, "decision": {string(s.Decision)}, "reason_code": {s.ReasonCode},
	}
	for _, f := range CallSheet() {
		for _, v := range given[f.Key] {
			known := slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v })
			bad(v != "" && !known, f.Key, text.T("sheet.option", "Choose from the list."))
		}
	}
	bad(s.PartnerKnows != "" && s.PartnerKnows != "yes" && s.PartnerKnows != "no", "partner_knows", text.T("sheet.option", "Choose from the list."))
	for _, x := range []struct {
		field string
		value *int
	}{{"readiness_a", s.ReadinessA}, {"readiness_b", s.ReadinessB}, {"now", s.Now}} {
		bad(x.value != nil && (*x.value < 0 || *x.value > 10), x.field, text.T("sheet.scale", "Choose a number from 0 to 10."))
	}
	bad(s.Months != nil && (*s.Months < 0 || *s.Months > 1200), "months", text.T("sheet.months.range", "The months are a number from 0 to 1200."))
	for _, i := range s.Fit.Items() {
		bad(i.Value != nil && (*i.Value < 0 || *i.Value > 2), "fit_"+i.Key, text.T("sheet.fit.range", "Rate with 0, 1 or 2."))
	}
	for _, x := range []struct {
		field string
		value day.Day
	}{{"notes_consent_a", s.NotesConsentA}, {"notes_consent_b", s.NotesConsentB}, {"next_on", s.NextOn}} {
		_, err := day.Parse(string(x.value))
		bad(err != nil, x.field, text.T("sheet.day", "Write the day like 2026-11-22."))
	}
	bad(s.Fit.Unsafe() && s.Decision.Fits(), "decision", text.T("sheet.unsafe", "Safety is rated 0. That overrides the total: it cannot be a fit now."))
	return errors.Join(errs...)
}
