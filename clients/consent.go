package clients

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// What a signature is for. What was agreed about secrets is signed under SecretsPurpose.
const (
	PurposeAgreement  = "agreement"   // the coaching agreement
	PurposeRecords    = "records"     // notes and answers, with what the law protects specially
	PurposeQuizzes    = "quizzes"     // being asked
	PurposeReports    = "reports"     // being written about in a report
	PurposeRecording  = "recording"   // sound or picture of a session; counts with both signatures
	PurposeMessages   = "messages"    // being written to
	PurposeThirdParty = "third_party" // contact with somebody else; counts with both signatures
	PurposeStatistics = "statistics"  // being counted

	secretsPrefix = "secrets."
)

// SecretsPurpose is what the signature under a policy on secrets is for.
func SecretsPurpose(p SecretsPolicy) string { return secretsPrefix + string(p) }

// Purposes are what can be signed, in the order of the forms, but for the policies on
// secrets, which belong to an engagement.
func Purposes() []string {
	return []string{PurposeAgreement, PurposeRecords, PurposeQuizzes, PurposeReports, PurposeMessages, PurposeRecording, PurposeThirdParty, PurposeStatistics}
}

// Policies are the policies on secrets, in the order of the forms.
func Policies() []SecretsPolicy {
	return []SecretsPolicy{NoSecrets, LimitedSecrets, SeparateConfidential}
}

func knownPurpose(purpose string) bool {
	if p, ok := strings.CutPrefix(purpose, secretsPrefix); ok {
		return slices.Contains(Policies(), SecretsPolicy(p))
	}
	return slices.Contains(Purposes(), purpose)
}

// NeedsBoth says whether a purpose counts only once both partners have signed.
func NeedsBoth(purpose string) bool {
	return purpose == PurposeThirdParty || purpose == PurposeRecording || strings.HasPrefix(purpose, secretsPrefix)
}

// PurposeWords is what a signature is for, as it is shown.
func PurposeWords(purpose string) string {
	switch purpose {
	case PurposeAgreement:
		return text.T("purpose.agreement", "Coaching agreement")
	case PurposeRecords:
		return text.T("purpose.records", "Consent to notes and answers")
	case PurposeQuizzes:
		return text.T("purpose.quizzes", "Consent to quizzes")
	case PurposeReports:
		return text.T("purpose.reports", "Consent to reports")
	case PurposeRecording:
		return text.T("purpose.recording", "Consent to recording")
	case PurposeMessages:
		return text.T("purpose.messages", "Consent to messages")
	case PurposeThirdParty:
		return text.T("purpose.third_party", "Contact with others")
	case PurposeStatistics:
		return text.T("purpose.statistics", "Consent to statistics")
	}
	if p, ok := strings.CutPrefix(purpose, secretsPrefix); ok {
		return text.T("purpose.secrets", "About secrets: %s", SecretsPolicy(p).Words())
	}
	return text.T("purpose.other", "Something else")
}

// Given and withdrawn are the states of signatures and releases.
const (
	StateGiven     = "given"
	StateWithdrawn = "withdrawn"
)

// Signature is one partner's yes to one version of one text, or the withdrawal of it.
// It is never changed; a withdrawal is a row of its own.
type Signature struct {
	ID           ids.ID
	CoupleID     ids.ID
	PersonID     ids.ID
	EngagementID ids.ID // for which alone it was signed; zero for the record
	Purpose      string
	State        string // given or withdrawn
	TextVersion  string // the version of the text that was signed
	Language     string
	SignedOn     day.Day
	Way          string // how: on paper, by e-mail, on the screen, said aloud
	Decision     string // of a withdrawal: what becomes of the data that are there
	Replaces     ids.ID
	Current      bool // nothing replaces it
	CreatedAt    time.Time
}

// Validate returns one fault for each field that cannot be stored. A signature names the
// version and the language of its text, the day and the way (rule PV-46).
func (s Signature) Validate() error {
	var errs []error
	if !knownPurpose(s.Purpose) {
		errs = append(errs, fault.Input("purpose", text.T("clients.purpose", "Say what was signed.")))
	}
	if s.State == StateGiven {
		for _, f := range []struct{ field, value, sentence string }{
			{"text_version", s.TextVersion, text.T("clients.text_version", "Name the version of the text that was signed.")},
			{"language", s.Language, text.T("clients.text_language", "Name the language of the text that was signed.")},
			{"way", s.Way, text.T("clients.sign_way", "Say how it was given: on paper, on the screen, by e-mail.")},
		} {
			if OneLine(f.value) == "" {
				errs = append(errs, fault.Input(f.field, f.sentence))
			}
		}
	}
	if d, err := day.Parse(string(s.SignedOn)); err != nil || d == "" {
		errs = append(errs, fault.Input("signed_on", text.T("clients.signed_on", "Write the day of signing like 2026-11-22.")))
	}
	return errors.Join(errs...)
}
