package intake

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// place is what a history of stages belongs to: an enquiry, the record it became, or
// a record without an enquiry.
type place struct{ enquiry, couple ids.ID }

// placeOfEnquiry and placeOfCouple find both sides.
func placeOfEnquiry(tx *casebook.Tx, id ids.ID) (place, error) {
	e, err := loadEnquiry(tx.Context(), tx, id)
	return place{id, e.CoupleID}, err
}

func placeOfCouple(tx *casebook.Tx, id ids.ID) (place, error) {
	p := place{couple: id}
	err := tx.QueryRow(`SELECT (SELECT e.id FROM enquiry e WHERE e.couple_id = c.id ORDER BY e.id LIMIT 1) FROM couple c WHERE c.id = ?`, id).Scan(&p.enquiry)
	if err == sql.ErrNoRows {
		err = clients.NotFound()
	}
	return p, err
}

// historySQL reads a history from both sides, oldest first.
const historySQL = `SELECT stage, at, coach_id, reason FROM stage_change WHERE deleted = 0 AND (couple_id = ?1 OR enquiry_id = ?2 OR enquiry_id IN (SELECT id FROM enquiry WHERE couple_id = ?1)) AND ?3 ORDER BY at, id`

func scanChange(r *sql.Rows, c *StageChange) error {
	var at int64
	err := r.Scan(&c.Stage, &at, &c.By, &c.Reason)
	c.At = clients.AtMillis(at)
	return err
}

// move appends a change of stage and brings what is cached of it up to date.
func (p place) move(tx *casebook.Tx, to Stage, reason string) error {
	h, err := casebook.Collect(tx.Context(), tx, scanChange, historySQL, p.couple, p.enquiry, true)
	if err != nil {
		return err
	}
	from := History(h).Current()
	if _, err := History(h).Append(StageChange{Stage: to, At: tx.Now.Truncate(time.Millisecond), By: tx.Coach, Reason: clients.OneLine(reason)}); err != nil {
		return err
	}
	if to == StageActive {
		if err := p.mayStart(tx); err != nil {
			return err
		}
	}
	if err := clients.InsertStage(tx, p.enquiry, p.couple, string(to), reason); err != nil {
		return err
	}
	if !p.enquiry.IsZero() {
		if err := touched(tx.Exec(`UPDATE enquiry SET stage = ?, stage_at = ? WHERE id = ?`, to, tx.Now.UnixMilli(), p.enquiry)); err != nil {
			return err
		}
	}
	if p.couple.IsZero() {
		return nil
	}
	if err := touched(tx.Exec(`UPDATE couple SET stage = ?, stage_at = ? WHERE id = ?`, to, tx.Now.UnixMilli(), p.couple)); err != nil {
		return err
	}
	return p.engagement(tx, from, to)
}

// mayStart holds an active stage to its conditions.
func (p place) mayStart(tx *casebook.Tx) error {
	if p.couple.IsZero() {
		return fault.New(fault.Refused, text.T("intake.not_a_record", "This is an enquiry still."),
			text.T("intake.not_a_record_hint", "Make a client record of it first. Nothing was changed."))
	}
	c, err := clients.LoadCouple(tx.Context(), tx, clients.For(clients.CoachView, day.Of(tx.Now)), p.couple)
	if err != nil {
		return err
	}
	r := Readiness{Couple: c}
	if r.Signatures, r.Screens, err = clients.InForce(tx.Context(), tx, p.couple); err != nil {
		return err
	}
	return r.MayStart()
}

// engagement keeps the engagement in step with the stage: it starts when work becomes
// active, is on hold while the stage says so, and ends with the work.
func (p place) engagement(tx *casebook.Tx, from, to Stage) error {
	var id ids.ID
	err := tx.QueryRow(`SELECT `+clients.CurrentEngagement("?"), p.couple).Scan(&id)
	if err != nil || id.IsZero() {
		return err
	}
	today := day.Of(tx.Now)
	return clients.ChangeEngagement(tx, id, func(e *clients.Engagement) error {
		e.Paused = to == StagePaused
		switch {
		case to == StageActive:
			if e.StartedOn == "" {
				e.StartedOn = today
			}
			if from == StageCompleted || from == StageFollowUp {
				e.EndedOn = ""
			}
		case (to == StageCompleted || to.IsExit()) && e.EndedOn == "":
			e.EndedOn = max(today, e.StartedOn)
		}
		return nil
	})
}

// MoveEnquiry changes the stage of an enquiry, and of the record it became.
func (s *Store) MoveEnquiry(ctx context.Context, id ids.ID, to Stage, reason string) error {
	return s.cb.Write(ctx, "stage.move", func(tx *casebook.Tx) error {
		p, err := placeOfEnquiry(tx, id)
		if err != nil {
			return err
		}
		return p.move(tx, to, reason)
	})
}

// MoveCouple changes the stage of a couple or single client. Paused puts the engagement
// on hold; completed and the exits end it; active needs what Readiness asks for.
func (s *Store) MoveCouple(ctx context.Context, id ids.ID, to Stage, reason string) error {
	return s.cb.Write(ctx, "stage.move", func(tx *casebook.Tx) error {
		p, err := placeOfCouple(tx, id)
		if err != nil {
			return err
		}
		return p.move(tx, to, reason)
	})
}

// Readiness is what stands between a record and the stage active, for the coach.
func (s *Store) Readiness(ctx context.Context, aud clients.Audience, couple ids.ID) (Readiness, error) {
	if !aud.IsCoach() {
		return Readiness{}, clients.NotFound()
	}
	c, err := clients.LoadCouple(ctx, s.cb.Reader(), aud, couple)
	if err != nil {
		return Readiness{}, err
	}
	r := Readiness{Couple: c}
	r.Signatures, r.Screens, err = clients.InForce(ctx, s.cb.Reader(), couple)
	return r, err
}

// HistoryOfEnquiry is every change of stage of an enquiry and of the record it became.
func (s *Store) HistoryOfEnquiry(ctx context.Context, aud clients.Audience, id ids.ID) (History, error) {
	var couple ids.ID
	err := s.cb.Reader().QueryRowContext(ctx, `SELECT couple_id FROM enquiry WHERE id = ? AND ?`, id, aud.IsCoach()).Scan(&couple)
	if err == sql.ErrNoRows {
		return nil, clients.NotFound()
	}
	if err != nil {
		return nil, err
	}
	return casebook.Collect(ctx, s.cb.Reader(), scanChange, historySQL, couple, id, aud.IsCoach())
}

// HistoryOfCouple is every change of stage of a record, from its enquiry on.
func (s *Store) HistoryOfCouple(ctx context.Context, aud clients.Audience, id ids.ID) (History, error) {
	return casebook.Collect(ctx, s.cb.Reader(), scanChange, historySQL, id, ids.Nil, aud.IsCoach())
}
