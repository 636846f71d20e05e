package clients

import (
	"errors"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// What a signature is for.
const (
	PurposeAgreement = "agreement" // the coaching agreement
	PurposeRecords   = "records"   // consent to keeping notes and answers
	PurposeMessages  = "messages"  // consent to being written to
)

// Given and withdrawn are the states of signatures and releases.
const (
	StateGiven     = "given"
	StateWithdrawn = "withdrawn"
)

// Signature is one partner's yes to one version of one text, or the withdrawal of it.
// It is never changed; a withdrawal is a row of its own.
type Signature struct {
	ID          ids.ID
	CoupleID    ids.ID
	PersonID    ids.ID
	Purpose     string
	State       string // given or withdrawn
	TextVersion string // the version of the text that was signed
	Language    string
	SignedOn    day.Day
	Way         string // how: on paper, by e-mail, on the screen, said aloud
	Replaces    ids.ID
	Current     bool // nothing replaces it
	CreatedAt   time.Time
}

// Validate returns one fault for each field that cannot be stored.
func (s Signature) Validate() error {
	var errs []error
	switch s.Purpose {
	case PurposeAgreement, PurposeRecords, PurposeMessages:
	default:
		errs = append(errs, fault.Input("purpose", text.T("clients.purpose", "Say what was signed.")))
	}
	if s.State == StateGiven && OneLine(s.TextVersion) == "" {
		errs = append(errs, fault.Input("text_version", text.T("clients.text_version", "Name the version of the text that was signed.")))
	}
	if d, err := day.Parse(string(s.SignedOn)); err != nil || d == "" {
		errs = append(errs, fault.Input("signed_on", text.T("clients.signed_on", "Write the day of signing like 2026-11-22.")))
	}
	return errors.Join(errs...)
}
