// Package intake is how people come to the practice: enquiries, the discovery call,
// the pipeline with its stages, and its figures.
package intake

import (
	"errors"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Stage is where an enquiry or a couple stands.
type Stage string

// The stages in their order.
const (
	StageEnquiry         Stage = "enquiry"
	StageCallBooked      Stage = "call_booked"
	StageCallHeld        Stage = "call_held"
	StageConsidering     Stage = "considering"
	StageProposalSent    Stage = "proposal_sent"
	StageAgreementSigned Stage = "agreement_signed"
	StageActive          Stage = "active"
	StagePaused          Stage = "paused"
	StageCompleted       Stage = "completed"
	StageFollowUp        Stage = "follow_up"
)

// The exits, open from every stage.
const (
	ExitNoShow      Stage = "no_show"
	ExitDeclined    Stage = "declined"
	ExitNotAFit     Stage = "not_a_fit"
	ExitReferredOut Stage = "referred_out"
	ExitLostContact Stage = "lost_contact"
	ExitEndedEarly  Stage = "ended_early"
)

var (
	order = []Stage{
		StageEnquiry, StageCallBooked, StageCallHeld, StageConsidering, StageProposalSent, StageAgreementSigned, StageActive, StagePaused, StageCompleted, StageFollowUp,
	}
	exits = []Stage{ExitNoShow, ExitDeclined, ExitNotAFit, ExitReferredOut, ExitLostContact, ExitEndedEarly}
)

// Stages are the stages in their order, without the exits.
func Stages() []Stage { return slices.Clone(order) }

// Exits are the ways out.
func Exits() []Stage { return slices.Clone(exits) }

// IsExit says whether the stage is a way out.
func (s Stage) IsExit() bool { return slices.Contains(exits, s) }

// Known says whether the stage exists.
func (s Stage) Known() bool { return s.IsExit() || slices.Contains(order, s) }

// Words is the stage as the coach reads it. No client ever sees it.
func (s Stage) Words() string {
	switch s {
	case StageEnquiry:
		return text.T("intake.stage.enquiry", "Enquiry")
	case StageCallBooked:
		return text.T("intake.stage.call_booked", "Call booked")
	case StageCallHeld:
		return text.T("intake.stage.call_held", "Call held")
	case StageConsidering:
		return text.T("intake.stage.considering", "Considering")
	case StageProposalSent:
		return text.T("intake.stage.proposal_sent", "Proposal sent")
	case StageAgreementSigned:
		return text.T("intake.stage.agreement_signed", "Agreement signed")
	case StageActive:
		return text.T("intake.stage.active", "Active")
	case StagePaused:
		return text.T("intake.stage.paused", "On hold")
	case StageCompleted:
		return text.T("intake.stage.completed", "Completed")
	case StageFollowUp:
		return text.T("intake.stage.follow_up", "Follow-up")
	case ExitNoShow:
		return text.T("intake.stage.no_show", "Did not come")
	case ExitDeclined:
		return text.T("intake.stage.declined", "Declined")
	case ExitNotAFit:
		return text.T("intake.stage.not_a_fit", "Not a fit")
	case ExitReferredOut:
		return text.T("intake.stage.referred_out", "Referred")
	case ExitLostContact:
		return text.T("intake.stage.lost_contact", "Lost contact")
	case ExitEndedEarly:
		return text.T("intake.stage.ended_early", "Ended early")
	}
	return ""
}

// Move is what kind of step a change of stage is.
type Move int

// The moves. A correction goes back.
const (
	NoMove Move = iota
	Forward
	Exit
	Resume     // paused to active
	Correction // to an earlier stage
	Return     // from an exit back into the pipeline
)

// NeedsReason says whether the step is taken with a reason only: back, and out.
func (m Move) NeedsReason() bool { return m == Correction || m == Return || m == Exit }

// MoveBetween says what kind of step it is from one stage to another, and NoMove when
// it is not allowed. Stages may be skipped on the way to a signed agreement, since
// not everybody needs time to consider. From there on each follows the one before:
// active comes after the signature, and only active work is paused or completed. Exits
// are open from every stage, and lead back to what comes before the agreement. The
// zero stage is a new enquiry.
func MoveBetween(from, to Stage) Move {
	if from == to || !to.Known() {
		return NoMove
	}
	i, j, signed := slices.Index(order, from), slices.Index(order, to), slices.Index(order, StageAgreementSigned)
	switch {
	case from == "":
		if to == StageEnquiry || to == StageCallBooked {
			return Forward
		}
		return NoMove
	case from.IsExit():
		if !to.IsExit() && j < signed {
			return Return
		}
		return NoMove
	case to.IsExit():
		return Exit
	case from == StagePaused && to == StageActive:
		return Resume
	case j < i:
		return Correction
	case j <= signed, j == i+1, from == StageActive && to == StageCompleted:
		return Forward
	}
	return NoMove
}

// StageChange is one entry of the history. It is never changed or removed.
type StageChange struct {
	Stage  Stage
	At     time.Time
	By     ids.ID // the coach
	Reason string
}

// History is every change of stage, oldest first.
type History []StageChange

// Current is where the history ends; the zero stage when it is empty.
func (h History) Current() Stage {
	if len(h) == 0 {
		return ""
	}
	return h[len(h)-1].Stage
}

// Since is when the current stage began.
func (h History) Since() time.Time {
	if len(h) == 0 {
		return time.Time{}
	}
	return h[len(h)-1].At
}

// Append returns the history with one more change; h itself is left as it is. It
// returns one fault.BadInput per field, joined, when the change is not allowed. What
// active needs besides is asked of Readiness.
func (h History) Append(c StageChange) (History, error) {
	var errs []error
	move := MoveBetween(h.Current(), c.Stage)
	if move == NoMove {
		errs = append(errs, fault.Input("stage", text.T("intake.order", "This stage does not follow the one before.")))
	}
	if c.Reason == "" && move.NeedsReason() {
		errs = append(errs, fault.Input("reason", text.T("intake.reason", "A step back or out needs a reason.")))
	}
	if c.At.IsZero() || c.At.Before(h.Since()) {
		errs = append(errs, fault.Input("at", text.T("intake.at", "This lies before the last change.")))
	}
	if c.By.IsZero() {
		errs = append(errs, fault.Input("by", text.T("intake.by", "Say who changes it.")))
	}
	if len(errs) > 0 {
		return h, errors.Join(errs...)
	}
	return append(slices.Clip(h), c), nil
}
