package clients

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// ScopeEvery is after how many sessions held the scope is looked at again.
const ScopeEvery = 6

// ScopeSigns are what speaks for a pause or for other help, by code, in the order of the
// checklist (International Coaching Federation, Referring a client to therapy).
func ScopeSigns() []string {
	return []string{"violence", "self_harm", "psychosis", "depression", "addiction", "eating", "trauma", "child", "affair", "leaving", "legal", "pain", "under_18"}
}

// ScopeWords is a sign as it is shown.
func ScopeWords(sign string) string {
	switch sign {
	case "violence":
		return text.T("scope.violence", "Fear or violence")
	case "self_harm":
		return text.T("scope.self_harm", "Thoughts of harming oneself or of ending one's life")
	case "psychosis":
		return text.T("scope.psychosis", "Lost touch with what is real, or a high that does not end")
	case "depression":
		return text.T("scope.depression", "Low mood or anxiety that stops daily life")
	case "addiction":
		return text.T("scope.addiction", "An addiction that nobody helps with")
	case "eating":
		return text.T("scope.eating", "Trouble with eating")
	case "trauma":
		return text.T("scope.trauma", "A fresh shock or loss")
	case "child":
		return text.T("scope.child", "Worry about a child's safety")
	case "affair":
		return text.T("scope.affair", "A secret affair, while both work on closeness")
	case "leaving":
		return text.T("scope.leaving", "One has decided to leave")
	case "legal":
		return text.T("scope.legal", "A dispute before a court, or about custody")
	case "pain":
		return text.T("scope.pain", "Pain or trouble with sex: a physician first")
	case "under_18":
		return text.T("scope.under_18", "Somebody is under 18")
	}
	return sign
}

// ScopeOutcome is what follows from a scope check.
type ScopeOutcome string

// The outcomes of a scope check.
const (
	ScopeGoOn  ScopeOutcome = "go_on"
	ScopePause ScopeOutcome = "pause"
	ScopeRefer ScopeOutcome = "refer"
)

// ScopeCheck is one look at whether coaching is the right help. It is never changed; the
// next one is a row of its own. The coach alone ever sees it.
type ScopeCheck struct {
	ID        ids.ID
	CoupleID  ids.ID
	On        day.Day
	Signs     []string
	Outcome   ScopeOutcome
	Body      string
	Sessions  int // held until then
	CreatedAt time.Time
}

// Validate returns one fault for each field that cannot be stored. Going on in spite of a
// sign needs a word why.
func (c ScopeCheck) Validate() error {
	var errs []error
	switch c.Outcome {
	case ScopeGoOn, ScopePause, ScopeRefer:
	default:
		errs = append(errs, fault.Input("outcome", text.T("scope.outcome", "Choose what follows.")))
	}
	if d, err := day.Parse(string(c.On)); err != nil || d == "" {
		errs = append(errs, fault.Input("checked_on", text.T("clients.day", "Write the day like 2026-11-22.")))
	}
	if slices.ContainsFunc(c.Signs, func(s string) bool { return !slices.Contains(ScopeSigns(), s) }) {
		errs = append(errs, fault.Input("signs", text.T("scope.sign", "This is not on the checklist.")))
	}
	if c.Outcome == ScopeGoOn && len(c.Signs) > 0 && strings.TrimSpace(c.Body) == "" {
		errs = append(errs, fault.Input("body", text.T("scope.why", "Say why you go on.")))
	}
	return errors.Join(errs...)
}

// CheckScope stores a scope check.
func (s *Store) CheckScope(ctx context.Context, c ScopeCheck) (ids.ID, error) {
	id := ids.New()
	err := s.cb.Write(ctx, "scope.check", func(tx *casebook.Tx) error {
		if err := errors.Join(c.Validate(), byNow(tx, "checked_on", c.On)); err != nil {
			return err
		}
		signs, err := json.Marshal(append([]string{}, c.Signs...))
		if err != nil {
			return err
		}
		if _, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, c.CoupleID); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO scope_check (id, couple_id, checked_on, signs, outcome, body, sessions, coach_id, created_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, `+heldSessions("?2")+`, ?7, ?8`,
			id, c.CoupleID, c.On, string(signs), c.Outcome, strings.TrimSpace(c.Body), tx.Coach, tx.Now.UnixMilli())
		if err != nil {
			return err
		}
		return touchedSafety(tx, c.CoupleID, ids.Nil, "scope_check", id)
	})
	return id, err
}

// heldSessions is SQL for how many sessions of a couple were held.
func heldSessions(couple string) string {
	return `(SELECT count(*) FROM session x WHERE x.couple_id = ` + couple + ` AND x.deleted = 0 AND x.state = 'held')`
}

// ScopeChecks are all scope checks of a record, the latest first. Only the coach is told.
func (s *Store) ScopeChecks(ctx context.Context, aud Audience, couple ids.ID) ([]ScopeCheck, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *ScopeCheck) error {
		var created int64
		var signs string
		if err := r.Scan(&c.ID, &c.CoupleID, &c.On, &signs, &c.Outcome, &c.Body, &c.Sessions, &created); err != nil {
			return err
		}
		c.CreatedAt = AtMillis(created)
		return json.Unmarshal([]byte(signs), &c.Signs)
	}, `SELECT c.id, c.couple_id, c.checked_on, c.signs, c.outcome, c.body, c.sessions, c.created_at FROM scope_check c WHERE c.couple_id = ? AND c.deleted = 0 AND ? AND `+aud.Gate("c")+` ORDER BY c.checked_on DESC, c.created_at DESC, c.id DESC`, couple, aud.IsCoach())
}

// underWay are the records that are worked with: of couple c.
const underWay = `c.deleted = 0 AND c.archived = 0 AND c.stage IN ('active', 'paused')`

// scopeDue is true for a couple c whose scope was not looked at since it began, or not in
// the last ScopeEvery sessions.
func scopeDue() string {
	return `(NOT EXISTS (SELECT 1 FROM scope_check k WHERE k.couple_id = c.id AND k.deleted = 0)
 OR ` + heldSessions("c.id") + ` >= ?1 + (SELECT max(k.sessions) FROM scope_check k WHERE k.couple_id = c.id AND k.deleted = 0))`
}

// ScopeIsDue says whether the scope of one record is to be looked at.
func (s *Store) ScopeIsDue(ctx context.Context, couple ids.ID) (due bool, err error) {
	err = s.cb.Reader().QueryRowContext(ctx, `SELECT `+scopeDue()+` FROM couple c WHERE c.id = ?2`, ScopeEvery, couple).Scan(&due)
	return due, found(err)
}

// ScopesDue are the records under way whose scope is to be looked at: at the start, and
// every six sessions. Only the coach is told.
func (s *Store) ScopesDue(ctx context.Context, aud Audience, limit int) ([]ids.ID, error) {
	return casebook.Collect(ctx, s.cb.Reader(), casebook.Value[ids.ID], `SELECT c.id FROM couple c WHERE `+underWay+` AND ?2 AND `+scopeDue()+` ORDER BY c.id LIMIT ?3`, ScopeEvery, aud.IsCoach(), limit)
}

// TalksDue are the couples under way of whom somebody was not spoken with alone in the last
// six months, whatever came of the talk before: the list says nothing else (rule PV-31).
// Only the coach is told.
func (s *Store) TalksDue(ctx context.Context, aud Audience, limit int) ([]ids.ID, error) {
	old := aud.On().AddMonths(-ScreenMonths)
	spoken := func(person string) string {
		return `EXISTS (SELECT 1 FROM safety_screen s WHERE s.couple_id = c.id AND s.person_id = c.` + person + ` AND s.deleted = 0 AND s.outcome <> 'declined' AND s.held_on >= ?1)`
	}
	return casebook.Collect(ctx, s.cb.Reader(), casebook.Value[ids.ID], `SELECT c.id FROM couple c WHERE c.kind = 'couple' AND `+underWay+` AND ?2 AND NOT (`+spoken("a_id")+` AND `+spoken("b_id")+`)
 AND NOT EXISTS (SELECT 1 FROM parted p WHERE p.couple_id = c.id) ORDER BY c.id LIMIT ?3`, old, aud.IsCoach(), limit)
}
