package clients

import (
	"errors"
	"time"

	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Outcome is what the coach concluded from a safety screen; there is no score.
type Outcome string

// The outcomes of a safety screen, held with each partner alone.
const (
	ScreenClear    Outcome = "clear"
	ScreenDiscuss  Outcome = "discuss" // with a supervisor, before joint work
	ScreenStop     Outcome = "stop_joint"
	ScreenDeclined Outcome = "declined"
)

// strictness orders outcomes: where decisions disagree the stricter one counts (rule PV-48).
func (o Outcome) strictness() int {
	switch o {
	case ScreenClear:
		return 0
	case ScreenDeclined:
		return 1
	case ScreenDiscuss:
		return 2
	}
	return 3 // stop, and whatever a later version may add
}

// Screen is one safety screen of one partner. The coach alone ever sees it. Screens
// are never changed: a later one replaces the one before.
type Screen struct {
	ID         ids.ID
	CoupleID   ids.ID
	PersonID   ids.ID
	Outcome    Outcome
	HeldOn     day.Day
	Answers    map[string]Spoken // to the topics of the guide, by code
	Body       string            // what was said, in the coach's words
	Supervisor string            // with whom it was discussed
	Reason     string            // why joint work may go on again after a stop
	Replaces   ids.ID
	Current    bool // nothing replaces it
	CreatedAt  time.Time
}

// Validate returns one fault for each field that cannot be stored.
func (s Screen) Validate() error {
	var errs []error
	switch s.Outcome {
	case ScreenClear, ScreenDiscuss, ScreenStop, ScreenDeclined:
	default:
		errs = append(errs, fault.Input("outcome", text.T("clients.outcome", "Choose how the talk ended.")))
	}
	if d, err := day.Parse(string(s.HeldOn)); err != nil || d == "" {
		errs = append(errs, fault.Input("held_on", text.T("clients.held_on", "Write the day of the talk like 2026-11-22.")))
	}
	return errors.Join(errs...)
}

// afterStop says whether next may replace stop: a stop is lifted only by a new screen
// with a reason, and with a supervisor's name if the stop had one.
func afterStop(stop, next Screen) error {
	if next.Outcome == ScreenStop {
		return nil
	}
	var errs []error
	if OneLine(next.Reason) == "" {
		errs = append(errs, fault.Input("reason", text.T("clients.stop_reason", "Say why joint work may go on.")))
	}
	if stop.Supervisor != "" && OneLine(next.Supervisor) == "" {
		errs = append(errs, fault.Input("supervisor", text.T("clients.stop_supervisor", "Name the supervisor who agreed.")))
	}
	return errors.Join(errs...)
}
