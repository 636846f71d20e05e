package practices

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Joint looks up what the rule on joint work needs; clients.Store has it.
type Joint interface {
	JointFacts(ctx context.Context, couple ids.ID) (clients.JointFacts, error)
}

// Store keeps assignments, logs, conversations and agreements in a casebook.
type Store struct {
	cb    *casebook.Casebook
	joint Joint
}

// NewStore is the store of an open casebook.
func NewStore(cb *casebook.Casebook, joint Joint) *Store { return &Store{cb: cb, joint: joint} }

// Situation is what holds for a couple on a day: screens, a pause, and the conditions
// that the coach noted and that are not over. It is for the coach alone.
func (s *Store) Situation(ctx context.Context, couple ids.ID, today day.Day) (Situation, error) {
	facts, err := s.joint.JointFacts(ctx, couple)
	if err != nil {
		return Situation{}, err
	}
	noted, err := s.Conditions(ctx, clients.For(clients.CoachView, today), couple)
	if err != nil {
		return Situation{}, err
	}
	var holding []Condition
	for _, n := range noted {
		if n.Holds(today) {
			holding = append(holding, n.Condition)
		}
	}
	if facts.Kind != clients.KindSingle {
		stopped, err := s.talkStopped(ctx, couple, facts)
		if err != nil {
			return Situation{}, err
		}
		if stopped {
			holding = append(holding, ConversationStopped)
		}
	}
	return SituationOf(facts, holding, today), nil
}

// Noted is a condition of one partner that locks practices, for the coach alone.
type Noted struct {
	ID        ids.ID
	Couple    ids.ID
	Person    ids.ID
	Condition Condition
	Since     day.Day
	Over      bool
}

// Holds says whether the condition counts on today: a bereavement for twelve months,
// the others until the coach says that they are over.
func (n Noted) Holds(today day.Day) bool {
	if n.Over {
		return false
	}
	if n.Condition == Bereavement12m {
		return BereavementLocks(n.Since, today)
	}
	return true
}

// Note records a condition, or changes one that was recorded.
func (s *Store) Note(ctx context.Context, n Noted) error {
	if !n.Condition.known() {
		return fault.Input("condition", text.T("practices.condition", "Choose a condition from the list."))
	}
	if n.Condition == Bereavement12m && n.Since.IsZero() {
		return fault.Input("since", text.T("practices.since", "Enter the day it happened."))
	}
	return s.cb.Write(ctx, "condition.note", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO noted_condition (id, couple_id, person_id, condition, since_on, over, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET condition = excluded.condition, since_on = excluded.since_on, over = excluded.over`,
			n.ID, n.Couple, n.Person, string(n.Condition), string(n.Since), n.Over, tx.Now.UnixMilli())
		return err
	})
}

// Conditions are what was noted about the partners of a couple; only the coach sees any.
func (s *Store) Conditions(ctx context.Context, aud clients.Audience, couple ids.ID) ([]Noted, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, n *Noted) error {
		n.Couple = couple
		return r.Scan(&n.ID, &n.Person, &n.Condition, &n.Since, &n.Over)
	}, `SELECT c.id, c.person_id, c.condition, c.since_on, c.over FROM noted_condition c WHERE c.couple_id = ? AND c.deleted = 0 AND `+aud.Gate("c")+` ORDER BY c.id`, couple)
}

// Assign writes an assignment, new or changed. A practice that is locked for this
// couple now is refused with the reasons as details; so is joint work that is not
// open. Changing one that already runs asks for the locks only when it is (again) active.
func (s *Store) Assign(ctx context.Context, a Assignment) error {
	p, err := ByID(a.Practice)
	if err != nil {
		return err
	}
	if a.Access == (clients.Access{}) {
		a.Access = a.Target.DefaultAccess()
	}
	if err := a.Validate(); err != nil {
		return err
	}
	if a.State == Active {
		if err := s.mayAssign(ctx, p, a); err != nil {
			return err
		}
	}
	cadence, err := json.Marshal(plan{a.Cadence, a.Rests})
	if err != nil {
		return err
	}
	return s.cb.Write(ctx, "practice.assign", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`INSERT INTO assignment (id, couple_id, practice, practice_version, target, cue, size, cadence, times, starts_on, ends_on, state, reason, subject, visibility, sensitivity, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET cue = excluded.cue, size = excluded.size, cadence = excluded.cadence, times = excluded.times, starts_on = excluded.starts_on, ends_on = excluded.ends_on, state = excluded.state, reason = excluded.reason`,
			a.ID, a.CoupleID, a.Practice, a.PracticeVersion, string(a.Target), a.Cue, a.Size, string(cadence), a.Cadence.Times, string(a.Starts), string(a.Ends), string(a.State), a.Reason,
			string(a.Access.Subject), string(a.Access.Visibility), string(a.Access.Sensitivity), tx.Now.UnixMilli())
		return err
	})
}

func (s *Store) mayAssign(ctx context.Context, p *Practice, a Assignment) error {
	sit, err := s.Situation(ctx, a.CoupleID, day.Of(s.cb.Now()))
	if err != nil {
		return err
	}
	if sit.Single && a.Target != ToA {
		return fault.Input("target", text.T("practices.single", "There is one client in this record."))
	}
	if locks := p.Locked(a.Target, sit); len(locks) > 0 {
		return fault.New(fault.Refused, text.T("practices.locked", "This practice is closed for this couple at the moment."), locks[0].Why)
	}
	return nil
}

// DeleteAssignment puts an assignment into the bin with its logs; RestoreAssignment
// takes it out again.
func (s *Store) DeleteAssignment(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "practice.delete", "assignment", id, 1)
}

// RestoreAssignment undoes DeleteAssignment.
func (s *Store) RestoreAssignment(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "practice.restore", "assignment", id, 0)
}

// DeleteLog puts a log into the bin; RestoreLog takes it out.
func (s *Store) DeleteLog(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "practice.log.delete", "practice_log", id, 1)
}

// RestoreLog undoes DeleteLog.
func (s *Store) RestoreLog(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "practice.log.restore", "practice_log", id, 0)
}

func (s *Store) setDeleted(ctx context.Context, action, tbl string, id ids.ID, deleted int) error {
	return s.cb.Write(ctx, action, func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE `+tbl+` SET deleted = ? WHERE id = ?`, deleted, id)
		return err
	})
}

// SaveLog writes what one partner tells of one use, new or corrected. The audience is
// the practice's default unless the writer chose one. A use after the practice was
// locked for the couple is refused, and so is one by a partner it was not given to.
func (s *Store) SaveLog(ctx context.Context, logs ...Log) error {
	for i := range logs {
		if err := s.mayLog(ctx, &logs[i]); err != nil {
			return err
		}
	}
	return s.cb.Write(ctx, "practice.log", func(tx *casebook.Tx) error {
		for _, l := range logs {
			if err := saveLog(tx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

// saveLog writes one log. Whom an existing one is shown to changes by the rule on
// visibility alone: opening it to the other partner needs the writer's release.
func saveLog(tx *casebook.Tx, l Log) error {
	if err := mayKeep(tx, l); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO practice_log (id, assignment_id, couple_id, partner, used_on, used_at, zone, minutes, result, helpfulness, difficulty, obstacle, noticed, next_change, subject, visibility, sensitivity, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET used_on = excluded.used_on, used_at = excluded.used_at, zone = excluded.zone, minutes = excluded.minutes, result = excluded.result, helpfulness = excluded.helpfulness,
		 difficulty = excluded.difficulty, obstacle = excluded.obstacle, noticed = excluded.noticed, next_change = excluded.next_change`,
		l.ID, l.AssignmentID, l.CoupleID, string(l.Partner), string(l.On), l.At.UnixMilli(), l.Zone, l.Minutes, string(l.Result), l.Helpfulness, l.Difficulty, string(l.Obstacle), l.Noticed, l.NextChange,
		string(l.Access.Subject), string(l.Access.Visibility), string(l.Access.Sensitivity), tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	return clients.SetVisibility(tx, "practice_log", l.ID, l.Access.Visibility, "")
}

// mayKeep refuses a log of somebody who takes their data back (rule PV-45), and one of a
// practice of both once they have parted (rule PV-20).
func mayKeep(tx *casebook.Tx, l Log) error {
	var person ids.ID
	var target string
	if err := tx.QueryRow(`SELECT iif(? = 'B', c.b_id, c.a_id), a.target FROM assignment a JOIN couple c ON c.id = a.couple_id WHERE a.id = ?`, string(l.Partner), l.AssignmentID).Scan(&person, &target); err != nil {
		return err
	}
	if Target(target) == ToBoth {
		if err := clients.MayChangeJoint(tx.Context(), tx, l.CoupleID); err != nil {
			return err
		}
	}
	return clients.MayProcess(tx.Context(), tx, l.CoupleID, person, clients.PurposeRecords)
}

func (s *Store) mayLog(ctx context.Context, l *Log) error {
	var practice, target string
	err := s.cb.Reader().QueryRowContext(ctx, `SELECT practice, target FROM assignment WHERE id = ? AND couple_id = ? AND deleted = 0`, l.AssignmentID, l.CoupleID).Scan(&practice, &target)
	if err != nil {
		return fault.Wrap(fault.NotFound, err, text.T("practices.no_assignment", "This practice is not assigned here."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	p, err := ByID(practice)
	if err != nil {
		return err
	}
	if l.Access == (clients.Access{}) {
		if l.Access, err = s.logAccess(ctx, l.ID, p.DefaultLogAccess(l.Partner)); err != nil {
			return err
		}
	}
	if l.At.IsZero() {
		if loc, err := time.LoadLocation(l.Zone); err == nil {
			l.At = l.On.In(loc).Add(12 * time.Hour).UTC()
		}
	}
	if err := l.Validate(); err != nil {
		return err
	}
	if Target(target) != ToBoth && Target(target) != Target(l.Partner) {
		return fault.Input("partner", text.T("practices.not_theirs", "This practice was given to the other partner."))
	}
	today := day.Of(s.cb.Now())
	if l.On > today.Add(1) {
		return fault.Input("on", text.T("practices.future", "This day has not come yet."))
	}
	sit, err := s.Situation(ctx, l.CoupleID, l.On)
	if err != nil {
		return err
	}
	if locks := p.locks(scopeWhole, sit); len(locks) > 0 && !onlyScreens(locks) {
		return fault.New(fault.Refused, text.T("practices.locked", "This practice is closed for this couple at the moment."), locks[0].Why)
	}
	return nil
}

// logAccess is the audience of a log that is stored, fresh for a new one.
func (s *Store) logAccess(ctx context.Context, id ids.ID, fresh clients.Access) (clients.Access, error) {
	a := fresh
	err := s.cb.Reader().QueryRowContext(ctx, `SELECT subject, visibility, sensitivity FROM practice_log WHERE id = ?`, id).Scan(&a.Subject, &a.Visibility, &a.Sensitivity)
	if errors.Is(err, sql.ErrNoRows) {
		return fresh, nil
	}
	return a, err
}

// onlyScreens says whether all that locks is a screen, or a conversation that waits for
// one: what was done before may still be told.
func onlyScreens(locks []Lock) bool {
	for _, l := range locks {
		if l.Condition != AnyScreenNotClear && l.Condition != AnyScreenStop && l.Condition != ConversationStopped {
			return false
		}
	}
	return true
}
