package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Store keeps enquiries, discovery calls and the history of stages. Everything in it is
// the coach's: other audiences find nothing and are told no number.
type Store struct{ cb *casebook.Casebook }

// New is the store of a casebook.
func New(cb *casebook.Casebook) *Store { return &Store{cb: cb} }

func only[T any](l []T, err error) (T, error) {
	if err == nil && len(l) == 0 {
		err = clients.NotFound()
	}
	if err != nil {
		var none T
		return none, err
	}
	return l[0], nil
}

func touched(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return clients.NotFound()
	}
	return err
}

// clean brings the texts of an enquiry to the form in which they are stored and fills
// what has a usual value.
func (e *Enquiry) clean(tx *casebook.Tx) {
	e.Source, e.NextStep, e.Message = clients.OneLine(e.Source), clients.OneLine(e.NextStep), strings.TrimSpace(e.Message)
	if e.Kind == "" {
		e.Kind = clients.KindCouple
	}
	if e.BookedBy == "" {
		e.BookedBy = "a"
	}
	if e.ReceivedAt.IsZero() {
		e.ReceivedAt = tx.Now
	}
	if e.CoachID.IsZero() {
		e.CoachID = tx.Coach
	}
}

const enquiryColumns = `received_at, source, kind, booked_by, a_given, a_family, b_given, b_family, details, message, intent, coach_id, call_at, next_step, next_on`

func (e *Enquiry) values() ([]any, error) {
	d, err := json.Marshal(details{contactOf(e.A), contactOf(e.B), e.SharedAddress, e.BothAgreed, e.Done})
	if err != nil {
		return nil, err
	}
	one := clients.OneLine
	return []any{
		clients.Millis(e.ReceivedAt), e.Source, e.Kind, e.BookedBy, one(e.A.Given), one(e.A.Family), one(e.B.Given), one(e.B.Family), string(d), e.Message, e.Intent, e.CoachID,
		clients.Millis(e.CallAt), e.NextStep, e.NextOn,
	}, nil
}

// Create stores a new enquiry; its history begins.
func (s *Store) Create(ctx context.Context, e Enquiry) (ids.ID, error) {
	err := s.cb.Write(ctx, "enquiry.create", func(tx *casebook.Tx) error { return InsertEnquiry(tx, &e) })
	return e.ID, err
}

// InsertEnquiry is Create inside a transaction; it sets e.ID.
func InsertEnquiry(tx *casebook.Tx, e *Enquiry) error {
	e.clean(tx)
	if err := e.Validate(); err != nil {
		return err
	}
	values, err := e.values()
	if err != nil {
		return err
	}
	if e.ID.IsZero() {
		e.ID = ids.New()
	}
	if _, err := tx.Exec(`INSERT INTO enquiry (`+enquiryColumns+`, id, stage, stage_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		append(values, e.ID, StageEnquiry, tx.Now.UnixMilli(), tx.Now.UnixMilli())...); err != nil {
		return err
	}
	return clients.InsertStage(tx, e.ID, ids.Nil, string(StageEnquiry), "")
}

// Update loads an enquiry, lets change edit it and stores it. Stage and record have
// methods of their own and are not stored here.
func (s *Store) Update(ctx context.Context, id ids.ID, change func(*Enquiry) error) error {
	return s.cb.Write(ctx, "enquiry.edit", func(tx *casebook.Tx) error { return changeEnquiry(tx, id, change) })
}

func changeEnquiry(tx *casebook.Tx, id ids.ID, change func(*Enquiry) error) error {
	e, err := loadEnquiry(tx.Context(), tx, id)
	if err != nil {
		return err
	}
	if err := change(&e); err != nil {
		return err
	}
	e.clean(tx)
	if err := e.Validate(); err != nil {
		return err
	}
	values, err := e.values()
	if err != nil {
		return err
	}
	set := strings.ReplaceAll(enquiryColumns, ",", " = ?,") + " = ?"
	return touched(tx.Exec(`UPDATE enquiry SET `+set+` WHERE id = ?`, append(values, id)...))
}

const selectEnquiry = `SELECT id, ` + enquiryColumns + `, stage, stage_at, couple_id, archived, deleted, created_at FROM enquiry`

func scanEnquiry(r *sql.Rows, e *Enquiry) error {
	var received, call, stageAt, created int64
	var ag, af, bg, bf, raw string
	if err := r.Scan(&e.ID, &received, &e.Source, &e.Kind, &e.BookedBy, &ag, &af, &bg, &bf, &raw, &e.Message, &e.Intent, &e.CoachID, &call, &e.NextStep, &e.NextOn,
		&e.Stage, &stageAt, &e.CoupleID, &e.Archived, &e.Deleted, &created); err != nil {
		return err
	}
	var d details
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		return err
	}
	e.ReceivedAt, e.CallAt, e.StageAt, e.CreatedAt = clients.AtMillis(received), clients.AtMillis(call), clients.AtMillis(stageAt), clients.AtMillis(created)
	e.A, e.B, e.SharedAddress, e.BothAgreed, e.Done = d.A.person(ag, af), d.B.person(bg, bf), d.SharedAddress, d.BothAgreed, d.Done
	return nil
}

func loadEnquiry(ctx context.Context, q casebook.Querier, id ids.ID) (Enquiry, error) {
	return only(casebook.Collect(ctx, q, scanEnquiry, selectEnquiry+` WHERE id = ?`, id))
}

// Enquiry is one enquiry, for the coach.
func (s *Store) Enquiry(ctx context.Context, aud clients.Audience, id ids.ID) (Enquiry, error) {
	return only(casebook.Collect(ctx, s.cb.Reader(), scanEnquiry, selectEnquiry+` WHERE id = ? AND ?`, id, aud.IsCoach()))
}

// Archive puts an enquiry aside without loss, or brings it back.
func (s *Store) Archive(ctx context.Context, id ids.ID, archived bool) error {
	return s.flag(ctx, "enquiry.archive", `UPDATE enquiry SET archived = ? WHERE id = ?`, id, archived)
}

// Delete moves an enquiry to the recycle bin.
func (s *Store) Delete(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "enquiry.delete", `UPDATE enquiry SET deleted = ? WHERE id = ?`, id, true)
}

// Restore undoes Delete.
func (s *Store) Restore(ctx context.Context, id ids.ID) error {
	return s.flag(ctx, "enquiry.restore", `UPDATE enquiry SET deleted = ? WHERE id = ?`, id, false)
}

func (s *Store) flag(ctx context.Context, action, statement string, id ids.ID, on bool) error {
	return s.cb.Write(ctx, action, func(tx *casebook.Tx) error { return touched(tx.Exec(statement, on, id)) })
}

// MarkFollowUp records that the follow-up due on a day was carried out, or with the
// zero day takes that back.
func (s *Store) MarkFollowUp(ctx context.Context, id ids.ID, due, on day.Day) error {
	return s.Update(ctx, id, func(e *Enquiry) error {
		kept := e.Done[:0:0]
		for _, d := range e.Done {
			if d.Due != due {
				kept = append(kept, d)
			}
		}
		if on != "" {
			kept = append(kept, FollowUpDone{Due: due, On: on})
		}
		e.Done = kept
		return nil
	})
}

// converted is the refusal to make two records of one enquiry.
func converted() error {
	return fault.New(fault.Refused, text.T("intake.converted", "This enquiry has become a client record already."), text.T("intake.converted_hint", "Open that record. Nothing was changed."))
}
