package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// BookCall notes when the discovery call will be and moves the stage there.
func (s *Store) BookCall(ctx context.Context, enquiry ids.ID, at time.Time) error {
	return s.cb.Write(ctx, "call.book", func(tx *casebook.Tx) error {
		var e Enquiry
		if err := changeEnquiry(tx, enquiry, func(x *Enquiry) error { x.CallAt = at; e = *x; return nil }); err != nil {
			return err
		}
		if e.Stage == StageCallBooked || MoveBetween(e.Stage, StageCallBooked) == NoMove || MoveBetween(e.Stage, StageCallBooked) == Correction {
			return nil
		}
		return place{enquiry, e.CoupleID}.move(tx, StageCallBooked, text.T("intake.call_booked_reason", "Call booked"))
	})
}

// StartCall opens the sheet of a discovery call that begins now.
func (s *Store) StartCall(ctx context.Context, enquiry ids.ID) (ids.ID, error) {
	id := ids.New()
	err := s.cb.Write(ctx, "call.start", func(tx *casebook.Tx) error {
		e, err := loadEnquiry(tx.Context(), tx, enquiry)
		if err != nil {
			return err
		}
		c := Call{ID: id, EnquiryID: enquiry, CoupleID: e.CoupleID, HeldAt: tx.Now, Sheet: Sheet{Source: e.Source, Intent: knownIntent(e.Intent)}}
		return insertCall(tx, c)
	})
	return id, err
}

// knownIntent is the intent if the sheet has it among its choices.
func knownIntent(intent string) string {
	if (Sheet{Intent: intent}).Validate() != nil {
		return ""
	}
	return intent
}

func insertCall(tx *casebook.Tx, c Call) error {
	sheet, err := json.Marshal(c.Sheet)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO discovery_call (id, enquiry_id, couple_id, held_at, minutes, sheet, decision, reason, subject, visibility, sensitivity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'both', 'coach_only', ?, ?)`,
		c.ID, c.EnquiryID, c.CoupleID, clients.Millis(c.HeldAt), c.Minutes, string(sheet), c.Sheet.Decision, c.Sheet.ReasonCode, c.Sheet.sensitivity(), tx.Now.UnixMilli())
	return err
}

// UpdateCall loads a call, lets change edit the sheet and stores it. What the sheet says
// of the next step goes to the enquiry too.
func (s *Store) UpdateCall(ctx context.Context, id ids.ID, change func(*Call) error) error {
	return s.cb.Write(ctx, "call.edit", func(tx *casebook.Tx) error {
		_, err := changeCall(tx, id, change)
		return err
	})
}

func changeCall(tx *casebook.Tx, id ids.ID, change func(*Call) error) (Call, error) {
	c, err := only(casebook.Collect(tx.Context(), tx, scanCall, selectCall+` WHERE id = ?`, id))
	if err != nil {
		return Call{}, err
	}
	if err := change(&c); err != nil {
		return Call{}, err
	}
	if err := c.Sheet.Validate(); err != nil {
		return Call{}, err
	}
	if c.Minutes < 0 || c.Minutes > 24*60 {
		return Call{}, fault.Input("minutes", text.T("intake.minutes", "The length of the call is given in minutes."))
	}
	sheet, err := json.Marshal(c.Sheet)
	if err != nil {
		return Call{}, err
	}
	if err := touched(tx.Exec(`UPDATE discovery_call SET held_at = ?, minutes = ?, sheet = ?, decision = ?, reason = ?, sensitivity = ? WHERE id = ?`,
		clients.Millis(c.HeldAt), c.Minutes, string(sheet), c.Sheet.Decision, c.Sheet.ReasonCode, c.Sheet.sensitivity(), id)); err != nil {
		return Call{}, err
	}
	if c.Sheet.NextStep == "" && c.Sheet.NextOn == "" {
		return c, nil
	}
	return c, changeEnquiry(tx, c.EnquiryID, func(e *Enquiry) error {
		e.NextStep, e.NextOn = c.Sheet.NextStep, c.Sheet.NextOn
		return nil
	})
}

// FinishCall stores the sheet as UpdateCall does and moves the stage to call held, and on
// to where the decision leads if there is one.
func (s *Store) FinishCall(ctx context.Context, id ids.ID, change func(*Call) error) error {
	return s.cb.Write(ctx, "call.finish", func(tx *casebook.Tx) error {
		c, err := changeCall(tx, id, change)
		if err != nil {
			return err
		}
		e, err := loadEnquiry(tx.Context(), tx, c.EnquiryID)
		if err != nil {
			return err
		}
		at := e.Stage
		for _, to := range []Stage{StageCallHeld, c.Sheet.Decision.Stage()} {
			if m := MoveBetween(at, to); m != Forward && m != Exit && m != Return {
				continue
			}
			if err := (place{e.ID, e.CoupleID}).move(tx, to, text.T("intake.after_call", "After the call")); err != nil {
				return err
			}
			at = to
		}
		return nil
	})
}

// DeleteCall moves a call with its sheet to the recycle bin; RestoreCall undoes it.
func (s *Store) DeleteCall(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "call.delete", `UPDATE discovery_call SET deleted = ? WHERE id = ?`, id, true)
}

// RestoreCall undoes DeleteCall.
func (s *Store) RestoreCall(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "call.restore", `UPDATE discovery_call SET deleted = ? WHERE id = ?`, id, false)
}

const selectCall = `SELECT id, enquiry_id, couple_id, held_at, minutes, sheet, deleted FROM discovery_call x`

func scanCall(r *sql.Rows, c *Call) error {
	var held int64
	var sheet string
	if err := r.Scan(&c.ID, &c.EnquiryID, &c.CoupleID, &held, &c.Minutes, &sheet, &c.Deleted); err != nil {
		return err
	}
	c.HeldAt = clients.AtMillis(held)
	return json.Unmarshal([]byte(sheet), &c.Sheet)
}

// Call is one discovery call, for the coach.
func (s *Store) Call(ctx context.Context, aud clients.Audience, id ids.ID) (Call, error) {
	return only(casebook.Collect(ctx, s.cb.Reader(), scanCall, selectCall+` WHERE id = ? AND ?`, id, aud.IsCoach()))
}

// CallsOfEnquiry are the discovery calls of an enquiry, the latest first.
func (s *Store) CallsOfEnquiry(ctx context.Context, aud clients.Audience, enquiry ids.ID) ([]Call, error) {
	return casebook.Collect(ctx, s.cb.Reader(), scanCall, selectCall+` WHERE enquiry_id = ? AND deleted = 0 AND ? ORDER BY held_at DESC, id DESC`, enquiry, aud.IsCoach())
}

// Origin is how a record came to be: its enquiry, the calls and the history of stages.
type Origin struct {
	Enquiry *Enquiry // nil for a record made without one
	Calls   []Call
	History History
}

// OfCouple is the origin of a record, for the coach; others get an empty one.
func (s *Store) OfCouple(ctx context.Context, aud clients.Audience, couple ids.ID) (Origin, error) {
	var o Origin
	if !aud.IsCoach() {
		return o, nil
	}
	l, err := casebook.Collect(ctx, s.cb.Reader(), scanEnquiry, selectEnquiry+` WHERE couple_id = ? AND deleted = 0 ORDER BY id LIMIT 1`, couple)
	if err != nil {
		return o, err
	}
	if len(l) > 0 {
		o.Enquiry = &l[0]
	}
	if o.Calls, err = casebook.Collect(ctx, s.cb.Reader(), scanCall, selectCall+` WHERE couple_id = ? AND deleted = 0 ORDER BY held_at DESC, id DESC`, couple); err != nil {
		return o, err
	}
	o.History, err = s.HistoryOfCouple(ctx, aud, couple)
	return o, err
}
