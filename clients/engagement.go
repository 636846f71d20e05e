package clients

import (
	"errors"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// SecretsPolicy is what was agreed about what one partner tells alone. It drives
// prompts, never visibility (Leslie, California Association of Marriage and Family
// Therapists, on no-secrets policies).
type SecretsPolicy string

// The policies that can be agreed.
const (
	NoSecrets            SecretsPolicy = "no_secrets"
	LimitedSecrets       SecretsPolicy = "limited_secrets"
	SeparateConfidential SecretsPolicy = "separate_confidential"
)

// Words is the policy as it is shown.
func (p SecretsPolicy) Words() string {
	switch p {
	case LimitedSecrets:
		return text.T("clients.limited_secrets", "Limited secrets")
	case SeparateConfidential:
		return text.T("clients.separate_confidential", "Each kept separate")
	}
	return text.T("clients.no_secrets", "No secrets")
}

// Engagement is one period of coaching agreed with a couple or a single client.
type Engagement struct {
	ID        ids.ID
	CoupleID  ids.ID
	Intent    string // what they come for
	Policy    SecretsPolicy
	Programme string // id of the programme, "" for none
	StartedOn day.Day
	EndedOn   day.Day // zero while it runs
	Paused    bool
	Coaches   []ids.ID // at least one
	CreatedAt time.Time
}

// Validate returns one fault for each field that cannot be stored.
func (e Engagement) Validate() error {
	var errs []error
	switch e.Policy {
	case NoSecrets, LimitedSecrets, SeparateConfidential:
	default:
		errs = append(errs, fault.Input("secrets_policy", text.T("clients.policy", "Choose what was agreed about secrets.")))
	}
	if _, err := day.Parse(string(e.StartedOn)); err != nil {
		errs = append(errs, fault.Input("started_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	if _, err := day.Parse(string(e.EndedOn)); err != nil {
		errs = append(errs, fault.Input("ended_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	} else if e.StartedOn != "" && e.EndedOn != "" && e.EndedOn < e.StartedOn {
		errs = append(errs, fault.Input("ended_on", text.T("clients.ends_before", "The end lies before the start.")))
	}
	if len(e.Coaches) == 0 {
		errs = append(errs, fault.Input("coaches", text.T("clients.need_coach", "Say which coach works with them.")))
	}
	return errors.Join(errs...)
}
