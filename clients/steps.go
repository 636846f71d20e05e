package clients

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// StepSupervision is the step whose entry names the supervisor.
const StepSupervision = "supervision"

// SafetySteps are what there is to do after a stop, by code, in the order of the checklist.
func SafetySteps() []string {
	return []string{"contact", "numbers", "referral", StepSupervision, "neutral", "nothing_sent", "next_talk"}
}

// StepWords is a step as it is shown.
func StepWords(step string) string {
	switch step {
	case "contact":
		return text.T("step.contact", "How to reach the person safely is agreed and written down.")
	case "numbers":
		return text.T("step.numbers", "The emergency numbers were spoken, not given on paper.")
	case "referral":
		return text.T("step.referral", "A specialist service was offered; whether and when is the person's choice.")
	case StepSupervision:
		return text.T("step.supervision", "It was talked through in supervision.")
	case "neutral":
		return text.T("step.neutral", "The other partner heard the neutral sentence: the programme is on hold.")
	case "nothing_sent":
		return text.T("step.nothing_sent", "Nothing is booked, sent or printed that would tell of it.")
	case "next_talk":
		return text.T("step.next_talk", "The next contact, alone, is agreed.")
	}
	return step
}

// SafetyStep is one thing that was done after a stop. The coach alone ever sees it.
type SafetyStep struct {
	ID       ids.ID
	CoupleID ids.ID
	Step     string
	On       day.Day // zero: it was not done after all
	Who      string  // with whom
	Note     string
}

// SaveStep stores that a step was done, or was not.
func (s *Store) SaveStep(ctx context.Context, x SafetyStep) error {
	x.Who, x.Note = OneLine(x.Who), OneLine(x.Note)
	var errs []error
	if !slices.Contains(SafetySteps(), x.Step) {
		errs = append(errs, fault.Input("step", text.T("step.unknown", "This is not on the checklist.")))
	}
	if _, err := day.Parse(string(x.On)); err != nil {
		errs = append(errs, fault.Input("done_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	if x.Step == StepSupervision && !x.On.IsZero() && x.Who == "" {
		errs = append(errs, fault.Input("who", text.T("step.who", "Name the supervisor.")))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return s.cb.Write(ctx, "safety.step", func(tx *casebook.Tx) error {
		if err := byNow(tx, "done_on", x.On); err != nil {
			return err
		}
		err := tx.QueryRow(`SELECT id FROM safety_step WHERE couple_id = ? AND step = ? AND deleted = 0 ORDER BY id LIMIT 1`, x.CoupleID, x.Step).Scan(&x.ID)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.Exec(`INSERT INTO safety_step (id, couple_id, step, done_on, who, note, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, ids.New(), x.CoupleID, x.Step, x.On, x.Who, x.Note, tx.Now.UnixMilli())
			return err
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE safety_step SET done_on = ?, who = ?, note = ? WHERE id = ?`, x.On, x.Who, x.Note, x.ID)
		return err
	})
}

// Steps are what was done after a stop, by step. Only the coach is told.
func (s *Store) Steps(ctx context.Context, aud Audience, couple ids.ID) (map[string]SafetyStep, error) {
	all, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, x *SafetyStep) error {
		return r.Scan(&x.ID, &x.CoupleID, &x.Step, &x.On, &x.Who, &x.Note)
	}, `SELECT s.id, s.couple_id, s.step, s.done_on, s.who, s.note FROM safety_step s WHERE s.couple_id = ? AND s.deleted = 0 AND s.done_on <> '' AND ? AND `+aud.Gate("s")+` ORDER BY s.id DESC`, couple, aud.IsCoach())
	out := map[string]SafetyStep{}
	for _, x := range all {
		out[x.Step] = x
	}
	return out, err
}
