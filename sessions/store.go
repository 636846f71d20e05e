package sessions

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Store keeps sessions, notes and their locks in a casebook. It is safe for use by
// several goroutines.
type Store struct {
	cb    *casebook.Casebook
	q     casebook.Querier
	guard JointGuard
	pens  pens

	opened opened
}

// New is a store over a casebook. Without a guard every joint session is refused.
func New(cb *casebook.Casebook, guard JointGuard) *Store {
	return &Store{cb: cb, q: cb.Reader(), guard: guard}
}

func gone() error {
	return fault.New(fault.NotFound, text.T("session.gone", "This is not there any more."), text.T("session.gone_hint", "It may have been deleted. Nothing was changed."))
}

// mayMeet asks the guard before a joint session begins to be one.
func (s *Store) mayMeet(ctx context.Context, tx *casebook.Tx, x Session) error {
	var kind string
	if err := tx.QueryRow(`SELECT kind FROM couple WHERE id = ? AND deleted = 0`, x.Couple).Scan(&kind); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return gone()
		}
		return err
	}
	if kind == "single" && (x.Kind == JointSession || x.Slot == clients.SlotB) {
		return fault.Input("kind", text.T("session.single", "This client comes alone: it is an individual session."))
	}
	if x.Kind != JointSession {
		return nil
	}
	if s.guard == nil {
		return fault.New(fault.Refused, text.T("session.no_joint", "Joint sessions cannot be started here."), text.T("session.no_joint_hint", "Nothing was changed."))
	}
	return s.guard(ctx, x.Couple)
}

// Create stores a new session and returns its id. A joint session is refused while
// the couple's joint work is on hold (rule PV-30).
func (s *Store) Create(ctx context.Context, x Session) (ids.ID, error) {
	if err := x.Validate(); err != nil {
		return ids.Nil, err
	}
	x.ID = ids.New()
	err := s.cb.Write(ctx, "session.create", func(tx *casebook.Tx) error {
		if err := s.mayMeet(ctx, tx, x); err != nil {
			return err
		}
		a := x.Access()
		if _, err := tx.Exec(`INSERT INTO session (id, couple_id, kind, starts_at, zone, minutes, mode, place, state, subject, visibility, sensitivity, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, x.ID, x.Couple, x.Kind, x.Start.UnixMilli(), x.Zone, x.Minutes, x.Mode, x.Place, x.State,
			a.Subject, a.Visibility, a.Sensitivity, tx.Now.UnixMilli()); err != nil {
			return err
		}
		return saveAttendance(tx, x, nil)
	})
	if err != nil {
		return ids.Nil, err
	}
	return x.ID, nil
}

// Update loads a session, lets change edit it, and saves it. Who the session is with
// can change only while nothing has been written about it, and a joint session is
// refused as by Create.
func (s *Store) Update(ctx context.Context, id ids.ID, change func(*Session) error) error {
	return s.cb.Write(ctx, "session.save", func(tx *casebook.Tx) error {
		old, err := loadSession(tx, id)
		if err != nil {
			return err
		}
		x := old
		x.Attendance = append([]Attendance(nil), old.Attendance...)
		if err := change(&x); err != nil {
			return err
		}
		x.ID, x.Couple = old.ID, old.Couple
		if err := x.Validate(); err != nil {
			return err
		}
		regrouped := x.Kind != old.Kind || x.Slot != old.Slot
		if regrouped || (x.Kind == JointSession && x.State == Booked && (old.State != Booked || !x.Start.Equal(old.Start))) {
			if err := s.mayMeet(ctx, tx, x); err != nil {
				return err
			}
		}
		if regrouped {
			if err := regroup(tx, old, x); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`UPDATE session SET starts_at = ?, zone = ?, minutes = ?, mode = ?, place = ?, state = ? WHERE id = ?`,
			x.Start.UnixMilli(), x.Zone, x.Minutes, x.Mode, x.Place, x.State, x.ID); err != nil {
			return err
		}
		return saveAttendance(tx, x, old.Attendance)
	})
}

// regroup makes a session one with other people, which changes who may see it.
func regroup(tx *casebook.Tx, old, x Session) error {
	var written bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM note n WHERE n.session_id = ? AND n.deleted = 0
		AND (EXISTS (SELECT 1 FROM note_field f WHERE f.note_id = n.id AND f.head IS NOT NULL) OR EXISTS (SELECT 1 FROM draft d WHERE d.note_id = n.id)))`, x.ID).Scan(&written)
	if err != nil {
		return err
	}
	if written {
		return fault.Input("kind", text.T("session.kind_written", "There is a note about this session, so who it was with stays. Make another session instead."))
	}
	a := x.Access()
	if _, err := tx.Exec(`UPDATE session SET kind = ?, subject = ? WHERE id = ?`, x.Kind, a.Subject, x.ID); err != nil {
		return err
	}
	return clients.RecordVisibility(tx, "session", x.Couple, x.ID, old.Access().Visibility, a.Visibility, text.T("session.regrouped", "The session was with other people than first entered."))
}

// Delete puts a session with its notes into the recycle bin. A session that has a
// locked note stays.
func (s *Store) Delete(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "session.delete", func(tx *casebook.Tx) error {
		if _, err := loadSession(tx, id); err != nil {
			return err
		}
		var locked bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM note n WHERE n.session_id = ? AND EXISTS (SELECT 1 FROM note_lock l WHERE l.note_id = n.id))`, id).Scan(&locked); err != nil {
			return err
		}
		if locked {
			return fault.New(fault.Refused, text.T("session.locked_note", "This session has a locked note, so it stays."), text.T("session.locked_note_hint", "Locked notes are only removed by erasing a client's data. Nothing was changed."))
		}
		if _, err := tx.Exec(`UPDATE note SET deleted = 1 WHERE session_id = ? AND deleted = 0`, id); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE session SET deleted = 1 WHERE id = ?`, id)
		return err
	})
}

// Restore brings a deleted session back, with the notes that went with it. A booked
// joint session is refused as by Create.
func (s *Store) Restore(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "session.restore", func(tx *casebook.Tx) error {
		x, err := scanSession(tx.QueryRow(sessionRow+` WHERE id = ? AND deleted = 1`, id))
		if err != nil {
			return err
		}
		if x.Kind == JointSession && x.State == Booked {
			if err := s.mayMeet(ctx, tx, x); err != nil {
				return err
			}
		}
		// The notes of the same stroke carry the same clock as the session.
		if _, err := tx.Exec(`UPDATE note SET deleted = 0 WHERE session_id = ?1 AND deleted = 1 AND EXISTS (
			SELECT 1 FROM col_clock n JOIN col_clock s ON s.hlc = n.hlc AND s.dev = n.dev
			WHERE n.tbl = (SELECT num FROM schema_rule WHERE tbl = 'note' AND col = '*') AND n.id = note.id AND n.col = 'deleted'
			AND s.tbl = (SELECT num FROM schema_rule WHERE tbl = 'session' AND col = '*') AND s.id = ?1 AND s.col = 'deleted')`, id); err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE session SET deleted = 0 WHERE id = ?`, id)
		return err
	})
}

const sessionRow = `SELECT id, couple_id, kind, subject, starts_at, zone, minutes, mode, place, state FROM session`

type scanner interface{ Scan(...any) error }

func scanSession(row scanner) (Session, error) {
	var x Session
	var subject clients.Subject
	var at int64
	err := row.Scan(&x.ID, &x.Couple, &x.Kind, &subject, &at, &x.Zone, &x.Minutes, &x.Mode, &x.Place, &x.State)
	if errors.Is(err, sql.ErrNoRows) {
		return x, gone()
	}
	x.Start = instant(at)
	x.Slot = slotOf(x.Kind, subject)
	return x, err
}

// slotOf is whose individual session it is.
func slotOf(k Kind, s clients.Subject) clients.Slot {
	if k == IndividualSession && (s == clients.SubjectA || s == clients.SubjectB) {
		return clients.Slot(s)
	}
	return ""
}

// instant is the time of unix milliseconds, in UTC; 0 is no time.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// loadSession reads a session for a change.
func loadSession(tx *casebook.Tx, id ids.ID) (Session, error) {
	x, err := scanSession(tx.QueryRow(sessionRow+` WHERE id = ? AND deleted = 0`, id))
	if err != nil {
		return x, err
	}
	x.Attendance, err = casebook.Collect(tx.Context(), tx, func(r *sql.Rows, a *Attendance) error {
		return r.Scan(&a.Person, &a.Coach, &a.Presence, &a.Mode)
	}, `SELECT person_id, coach_id, state, mode FROM attendance WHERE session_id = ? AND deleted = 0 ORDER BY id`, id)
	return x, err
}

// saveAttendance makes the stored list that of x. A person or coach keeps the row they
// ever had at this session.
func saveAttendance(tx *casebook.Tx, x Session, old []Attendance) error {
	had := map[[2]ids.ID]Attendance{}
	for _, a := range old {
		had[[2]ids.ID{a.Person, a.Coach}] = a
	}
	for _, a := range x.Attendance {
		who := [2]ids.ID{a.Person, a.Coach}
		before, ok := had[who]
		delete(had, who)
		if ok && before == a {
			continue
		}
		res, err := tx.Exec(`UPDATE attendance SET state = ?, mode = ?, deleted = 0 WHERE session_id = ? AND person_id IS ? AND coach_id IS ?`, a.Presence, a.Mode, x.ID, a.Person, a.Coach)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO attendance (id, session_id, person_id, coach_id, state, mode, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), x.ID, a.Person, a.Coach, a.Presence, a.Mode, tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	for who := range had {
		if _, err := tx.Exec(`UPDATE attendance SET deleted = 1 WHERE session_id = ? AND person_id IS ? AND coach_id IS ?`, x.ID, who[0], who[1]); err != nil {
			return err
		}
	}
	return nil
}
