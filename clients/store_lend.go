package clients

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// LendKind is for what a colleague may see a record.
type LendKind string

// The kinds: to coach in somebody's place for some days, or to supervise.
const (
	HandOver    LendKind = "hand_over"
	Supervision LendKind = "supervision"
)

// Lending lets a colleague see a record that is not theirs, from a day to a day. It ends
// by itself. A coach whom a record was handed over to works in it like its own coaches,
// but cannot pass it on; a supervisor only reads.
type Lending struct {
	ID       ids.ID
	CoupleID ids.ID
	CoachID  ids.ID
	Kind     LendKind
	From     day.Day
	Until    day.Day // zero for a supervision without an end
	Veiled   bool    // supervision: pseudonyms stand in the place of the names
	Safety   bool    // supervision: they are the named supervisor, and see what concerns safety
	By       ids.ID
	At       time.Time
	Title    string // what the record is called
	Coach    string // what the colleague is called
	ByName   string
}

// Validate says what is missing, at the field where it is.
func (l Lending) Validate(today day.Day) error {
	var errs []error
	if l.CoachID.IsZero() {
		errs = append(errs, fault.Input("coach", text.T("lend.coach", "Say to whom.")))
	}
	if l.CoupleID.IsZero() {
		errs = append(errs, fault.Input("couple", text.T("lend.couple", "Choose a record.")))
	}
	if l.From.IsZero() {
		errs = append(errs, fault.Input("from", text.T("lend.from", "Say from which day.")))
	}
	switch {
	case l.Until.IsZero() && l.Kind == HandOver:
		errs = append(errs, fault.Input("until", text.T("lend.until", "Say until which day. It ends by itself then.")))
	case !l.Until.IsZero() && l.Until < l.From:
		errs = append(errs, fault.Input("until", text.T("lend.order", "The last day is before the first.")))
	case !l.Until.IsZero() && l.Until < today:
		errs = append(errs, fault.Input("until", text.T("lend.past", "This day is over.")))
	}
	if l.Kind != HandOver && l.Kind != Supervision {
		errs = append(errs, fault.Input("kind", text.T("lend.kind", "A record is handed over or supervised.")))
	}
	return errors.Join(errs...)
}

// Lend lets colleagues see records, all of them or none. Only the coaches of a record and
// the owner can.
func (s *Store) Lend(ctx context.Context, all ...Lending) error {
	return s.cb.Write(ctx, "access.lend", func(tx *casebook.Tx) error {
		for _, l := range all {
			if err := lend(tx, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func lend(tx *casebook.Tx, l Lending) error {
	if err := l.Validate(today(tx)); err != nil {
		return err
	}
	var role Role
	if err := tx.QueryRow(`SELECT role FROM coach_now WHERE coach_id = ?`, l.CoachID).Scan(&role); err != nil {
		return found(err)
	}
	switch {
	case l.CoachID == tx.Coach:
		return fault.Input("coach", text.T("lend.self", "That is you."))
	case l.Kind == HandOver && role != RoleCoach && role != RoleOwner:
		return fault.Input("coach", text.T("lend.to_coach", "Hand over to a coach who can open the casebook."))
	case l.Kind == Supervision && role != RoleSupervisor:
		return fault.Input("coach", text.T("lend.to_supervisor", "Choose somebody whose role is supervisor."))
	}
	var there bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM couple WHERE id = ? AND deleted = 0)`, l.CoupleID).Scan(&there); err != nil {
		return err
	}
	if !there {
		return NotFound()
	}
	// A supervision that is given anew takes the place of the one before.
	before := []ids.ID{ids.Nil}
	if l.Kind == Supervision {
		had, err := casebook.Collect(tx.Context(), tx, casebook.Value[ids.ID], `SELECT id FROM record_access_given WHERE couple_id = ? AND coach_id = ? AND kind = 'supervision'`, l.CoupleID, l.CoachID)
		if err != nil {
			return err
		}
		if len(had) > 0 {
			before = had
		}
	}
	for _, b := range before {
		id := ids.New()
		if _, err := tx.Exec(`INSERT INTO record_access (id, couple_id, coach_id, kind, from_on, until_on, veiled, safety, state, replaces, by_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'given', ?, ?, ?, ?)`,
			id, l.CoupleID, l.CoachID, l.Kind, l.From, l.Until, l.Kind == Supervision && l.Veiled, l.Kind == Supervision && l.Safety, b, tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli()); err != nil {
			return err
		}
		if err := traces.Record(tx, traces.Entry{Kind: traces.AccessChanged, CoupleID: l.CoupleID, ItemID: id, Table: "record_access", Became: string(l.Kind)}); err != nil {
			return err
		}
	}
	return nil
}

// TakeBack ends a lending now, before its last day.
func (s *Store) TakeBack(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "access.take_back", func(tx *casebook.Tx) error {
		var couple ids.ID
		var kind LendKind
		if err := tx.QueryRow(`SELECT couple_id, kind FROM record_access_given WHERE id = ?`, id).Scan(&couple, &kind); err != nil {
			return found(err)
		}
		if err := one(tx.Exec(`INSERT INTO record_access (id, couple_id, coach_id, kind, from_on, until_on, veiled, safety, state, replaces, by_id, at, created_at)
 SELECT ?, couple_id, coach_id, kind, from_on, until_on, veiled, safety, 'withdrawn', id, ?, ?, ? FROM record_access_given WHERE id = ?`,
			ids.New(), tx.Coach, tx.Now.UnixMilli(), tx.Now.UnixMilli(), id)); err != nil {
			return err
		}
		return traces.Record(tx, traces.Entry{Kind: traces.AccessChanged, CoupleID: couple, ItemID: id, Table: "record_access", Was: string(kind)})
	})
}

// Lent are the lendings that count or will, of one record or, for the zero id, of all that
// the coach signed in sees; the soonest to end first.
func (s *Store) Lent(ctx context.Context, aud Audience, couple ids.ID) ([]Lending, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, l *Lending) error {
		var at int64
		var kind Kind
		var a, b Name
		err := r.Scan(&l.ID, &l.CoupleID, &l.CoachID, &l.Kind, &l.From, &l.Until, &l.Veiled, &l.Safety, &l.By, &at, &l.Coach, &l.ByName,
			&kind, &a.Given, &a.Family, &a.Order, &a.Latin, &b.Given, &b.Family, &b.Order, &b.Latin)
		l.At, l.Title = AtMillis(at), Title(kind, a, b)
		return err
	}, `SELECT g.id, g.couple_id, g.coach_id, g.kind, g.from_on, g.until_on, g.veiled, g.safety, g.by_id, g.at, coalesce(k.name, ''), coalesce(w.name, ''), c.kind,
 coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, '')
 FROM record_access_given g JOIN couple c ON c.id = g.couple_id AND c.deleted = 0 LEFT JOIN coach k ON k.id = g.coach_id LEFT JOIN coach w ON w.id = g.by_id
 LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 WHERE (g.until_on = '' OR g.until_on >= ?1) AND (?2 IS NULL OR g.couple_id = ?2) ORDER BY g.until_on = '', g.until_on, g.from_on, g.id`, aud.On(), couple)
}

// Mine are the records of one coach, current or past, by name. Of others' the owner alone
// is told.
func (s *Store) Mine(ctx context.Context, aud Audience, coach ids.ID) ([]Row, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	list, err := s.List(ctx, aud, Filter{Worker: coach})
	return list.Rows, err
}

// Standing is why the coach signed in can see a record.
type Standing struct {
	Role   Role
	Lent   *Lending // it is not theirs: it was handed over, or given for supervision
	Broken bool     // they opened it with a reason, until they lock
}

// Standing says why the coach signed in can see a record.
func (s *Store) Standing(ctx context.Context, aud Audience, couple ids.ID) (Standing, error) {
	st := Standing{Role: Role(s.cb.Role())}
	if st.Role == RoleOwner || st.Role == RoleAssistant {
		return st, nil
	}
	if s.cb.Owns(couple) {
		return st, nil
	}
	lent, err := s.Lent(ctx, aud, couple)
	for i, l := range lent {
		if l.CoachID == s.cb.Me() && l.From <= aud.On() && st.Lent == nil {
			st.Lent = &lent[i]
		}
	}
	st.Broken = st.Lent == nil && s.cb.Broken(couple)
	return st, err
}

// Closed says whether a record is there, and closed to the coach signed in, who could open
// it with a reason.
func (s *Store) Closed(ctx context.Context, couple ids.ID) (bool, error) {
	if Role(s.cb.Role()) != RoleCoach {
		return false, nil
	}
	if _, err := s.Couple(ctx, Audience{reader: CoachView}, couple); err == nil || !fault.Is(err, fault.NotFound) {
		return false, err
	}
	return s.cb.Exists(ctx, couple)
}

// FindClosed are the records, closed to the coach signed in, of somebody who is called
// exactly so, in any spelling of capitals and accents. It finds nothing by a part of a name.
func (s *Store) FindClosed(ctx context.Context, name string) ([]ids.ID, error) {
	if name = Fold(OneLine(name)); name == "" || Role(s.cb.Role()) != RoleCoach {
		return nil, nil
	}
	type row struct {
		couple ids.ID
		name   Name
	}
	all, err := casebook.Collect(ctx, s.cb.Whole(), func(r *sql.Rows, x *row) error {
		return r.Scan(&x.couple, &x.name.Given, &x.name.Family, &x.name.Order, &x.name.Latin)
	}, `SELECT c.id, p.given_name, p.family_name, p.name_order, p.latin_name FROM couple c JOIN person p ON p.id IN (c.a_id, c.b_id) AND p.deleted = 0 WHERE c.deleted = 0 ORDER BY c.id`)
	if err != nil {
		return nil, err
	}
	var out []ids.ID
	for _, x := range all {
		whole := []string{Fold(x.name.Full()), Fold(x.name.Given + " " + x.name.Family), Fold(x.name.Family + " " + x.name.Given), Fold(x.name.Latin)}
		if !slices.Contains(whole, name) || slices.Contains(out, x.couple) {
			continue
		}
		closed, err := s.Closed(ctx, x.couple)
		if err != nil {
			return nil, err
		}
		if closed {
			out = append(out, x.couple)
		}
	}
	return out, nil
}

// BreakGlass opens another's record for the coach signed in, until they lock or the day
// ends. Who, when, which and why is kept; the owner and the record's coaches read it.
func (s *Store) BreakGlass(ctx context.Context, couple ids.ID, reason string) error {
	if reason = strings.TrimSpace(reason); len([]rune(reason)) > MaxReason {
		return fault.Input("reason", text.T("clients.too_long", "This has room for %d characters.", MaxReason))
	}
	return s.cb.BreakGlass(ctx, couple, reason, func(tx *casebook.Tx, id ids.ID) error {
		return traces.Record(tx, traces.Entry{Kind: traces.GlassBroken, CoupleID: couple, ItemID: id, Table: "glass"})
	})
}

// MaxReason is how long a reason may be.
const MaxReason = 500

// Opening is that somebody opened a record that is not theirs.
type Opening struct {
	CoupleID ids.ID
	Title    string
	Coach    string
	Reason   string
	At       time.Time
}

// Openings are the records that others opened with a reason, since a time, the latest
// first. The owner is told of all, a coach of their own records.
func (s *Store) Openings(ctx context.Context, aud Audience, since time.Time) ([]Opening, error) {
	if !aud.IsCoach() || Role(s.cb.Role()) == RoleSupervisor {
		return nil, nil
	}
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, o *Opening) error {
		var at int64
		var kind Kind
		var a, b Name
		err := r.Scan(&o.CoupleID, &o.Coach, &o.Reason, &at, &kind, &a.Given, &a.Family, &a.Order, &a.Latin, &b.Given, &b.Family, &b.Order, &b.Latin)
		o.At, o.Title = AtMillis(at), Title(kind, a, b)
		return err
	}, `SELECT g.couple_id, k.name, g.reason, g.at, c.kind,
 coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''),
 coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, '')
 FROM glass g JOIN coach k ON k.id = g.coach_id JOIN couple c ON c.id = g.couple_id LEFT JOIN person a ON a.id = c.a_id AND a.deleted = 0 LEFT JOIN person b ON b.id = c.b_id AND b.deleted = 0
 WHERE g.at >= ?1 AND g.coach_id <> ?2 AND g.deleted = 0 ORDER BY g.at DESC, g.id DESC`, Millis(since), s.cb.Me())
}
