package clients

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// PlanState is what is to happen with what one partner told alone.
type PlanState string

// The states of a disclosure plan.
const (
	PlanNone   PlanState = "none"   // nothing needs to be said
	PlanClient PlanState = "client" // the client raises it, by a day
	PlanCoach  PlanState = "coach"  // the coach raises it, by a day
	PlanEnded  PlanState = "ended"  // it was said, or the work has ended
)

// PlanStates are the states in the order of the forms.
func PlanStates() []PlanState { return []PlanState{PlanNone, PlanClient, PlanCoach, PlanEnded} }

// Open says whether somebody still has to say something.
func (p PlanState) Open() bool { return p == PlanClient || p == PlanCoach }

// Plan is the disclosure plan of an individual note under a policy without secrets. It
// reminds; it never changes who may see the note. Plans are never changed: a later one
// replaces the one before.
type Plan struct {
	ID        ids.ID
	CoupleID  ids.ID
	NoteID    ids.ID
	State     PlanState
	By        day.Day // for an open one
	CreatedAt time.Time
}

// Validate returns one fault for each field that cannot be stored.
func (p Plan) Validate() error {
	var errs []error
	switch p.State {
	case PlanNone, PlanClient, PlanCoach, PlanEnded:
	default:
		errs = append(errs, fault.Input("state", text.T("plan.state", "Choose what is to happen.")))
	}
	if d, err := day.Parse(string(p.By)); err != nil || p.State.Open() && d == "" {
		errs = append(errs, fault.Input("by_on", text.T("plan.by", "Write by which day it is to be said, like 2026-11-22.")))
	}
	return errors.Join(errs...)
}

// SetPlan stores the plan of an individual note. It is refused for a joint note, under
// another policy, and for a note that is about safety alone: that stays with the coach.
func (s *Store) SetPlan(ctx context.Context, p Plan) error {
	return s.cb.Write(ctx, "plan.set", func(tx *casebook.Tx) error { return InsertPlan(tx, p) })
}

// InsertPlan is SetPlan inside a transaction.
func InsertPlan(tx *casebook.Tx, p Plan) error {
	if !p.State.Open() {
		p.By = ""
	}
	if err := p.Validate(); err != nil {
		return err
	}
	var about string
	var policy SecretsPolicy
	var safety bool
	err := tx.QueryRow(`SELECT n.couple_id, n.about, coalesce((SELECT e.secrets_policy FROM engagement e WHERE e.id = `+CurrentEngagement("n.couple_id")+`), ''), `+onlySafety("n")+`
 FROM note n WHERE n.id = ? AND n.deleted = 0`, p.NoteID).Scan(&p.CoupleID, &about, &policy, &safety)
	switch {
	case err != nil:
		return found(err)
	case about != string(SlotA) && about != string(SlotB) || policy != NoSecrets:
		return fault.New(fault.Refused, text.T("plan.not_here", "A plan belongs to a note of one partner, where no secrets was agreed."), text.T("fault.nothing_saved", "Nothing was changed."))
	case safety && p.State.Open():
		return fault.New(fault.Refused, text.T("audience.safety", "What concerns safety stays with the coach."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	heads, err := heads(tx, "disclosure_plan", `note_id = ?`, p.NoteID)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if _, err := tx.Exec(`INSERT INTO disclosure_plan (id, couple_id, note_id, state, by_on, coach_id, replaces, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), p.CoupleID, p.NoteID, p.State, p.By, tx.Coach, h, tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// onlySafety is true for a note x in which nothing is written but what concerns safety.
func onlySafety(x string) string {
	written := `SELECT 1 FROM note_field f WHERE f.note_id = ` + x + `.id AND f.deleted = 0 AND f.head IS NOT NULL AND f.sensitivity`
	return `(EXISTS (` + written + ` = 'safety') AND NOT EXISTS (` + written + ` <> 'safety'))`
}

// planHeads are the plans that nothing replaces, of notes that are there.
const planHeads = ` FROM disclosure_plan p JOIN note n ON n.id = p.note_id AND n.deleted = 0 WHERE p.deleted = 0 AND NOT EXISTS (SELECT 1 FROM disclosure_plan x WHERE x.replaces = p.id)`

// Plans are the plans of a record, by note. Of two that do not know of each other the one
// that is open counts, and of those the one due first. Only the coach is told.
func (s *Store) Plans(ctx context.Context, aud Audience, couple ids.ID) (map[ids.ID]Plan, error) {
	all, err := casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, p *Plan) error {
		var created int64
		err := r.Scan(&p.ID, &p.NoteID, &p.State, &p.By, &created)
		p.CoupleID, p.CreatedAt = couple, AtMillis(created)
		return err
	}, `SELECT p.id, p.note_id, p.state, p.by_on, p.created_at`+planHeads+` AND p.couple_id = ? AND ? ORDER BY p.state NOT IN ('client', 'coach'), p.by_on, p.id`, couple, aud.IsCoach())
	out := map[ids.ID]Plan{}
	for _, p := range all {
		if _, known := out[p.NoteID]; !known {
			out[p.NoteID] = p
		}
	}
	return out, err
}

// PlanDue is a plan whose day has come.
type PlanDue struct {
	CoupleID ids.ID
	NoteID   ids.ID
	State    PlanState
	By       day.Day
}

// PlansDue are the open plans whose day has come, over all records, the longest due first.
// Only the coach is told.
func (s *Store) PlansDue(ctx context.Context, aud Audience, limit int) ([]PlanDue, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, p *PlanDue) error { return r.Scan(&p.CoupleID, &p.NoteID, &p.State, &p.By) },
		`SELECT p.couple_id, p.note_id, p.state, p.by_on`+planHeads+` AND p.state IN ('client', 'coach') AND p.by_on <= ? AND ? AND EXISTS (SELECT 1 FROM couple c WHERE c.id = p.couple_id AND c.deleted = 0 AND c.archived = 0) ORDER BY p.by_on, p.id LIMIT ?`,
		aud.On(), aud.IsCoach(), limit)
}
