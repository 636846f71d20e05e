package clients

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// RecordScreen stores a safety screen; it replaces the one before. Replacing a stop by
// another outcome needs a reason, and a supervisor's name if the stop had one.
func (s *Store) RecordScreen(ctx context.Context, n Screen) (ids.ID, error) {
	var id ids.ID
	err := s.cb.Write(ctx, "screen.record", func(tx *casebook.Tx) (err error) {
		if err := byNow(tx, "held_on", n.HeldOn); err != nil {
			return err
		}
		id, err = InsertScreen(tx, n)
		return err
	})
	return id, err
}

// InsertScreen is RecordScreen inside a transaction.
func InsertScreen(tx *casebook.Tx, n Screen) (ids.ID, error) {
	n.Supervisor, n.Reason, n.Body = OneLine(n.Supervisor), OneLine(n.Reason), strings.TrimSpace(n.Body)
	said, err := cleanAnswers(n.Answers)
	if err = errors.Join(n.Validate(), err); err != nil {
		return ids.Nil, err
	}
	answers, err := answersText(said)
	if err != nil {
		return ids.Nil, err
	}
	c, err := LoadCouple(tx.Context(), tx, Audience{reader: CoachView}, n.CoupleID)
	if err != nil {
		return ids.Nil, err
	}
	slot := c.SlotOf(n.PersonID)
	if slot == "" {
		return ids.Nil, fault.Input("person", text.T("clients.not_in_record", "This person is not in the record."))
	}
	inForce, err := screensInForce(tx.Context(), tx, n.CoupleID, n.PersonID)
	if err != nil {
		return ids.Nil, err
	}
	for _, h := range inForce {
		if h.Outcome == ScreenStop {
			if err := afterStop(h, n); err != nil {
				return ids.Nil, err
			}
		}
	}
	if len(inForce) == 0 {
		inForce = []Screen{{}}
	}
	var id ids.ID
	for _, h := range inForce {
		id = ids.New()
		if _, err := tx.Exec(`INSERT INTO safety_screen (id, couple_id, person_id, outcome, held_on, answers, body, supervisor, reason, replaces, subject, visibility, sensitivity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'coach_only', 'safety', ?)`,
			id, n.CoupleID, n.PersonID, n.Outcome, n.HeldOn, answers, n.Body, n.Supervisor, n.Reason, h.ID, slot.Subject(), tx.Now.UnixMilli()); err != nil {
			return ids.Nil, err
		}
	}
	return id, touchedSafety(tx, n.CoupleID, n.PersonID, "safety_screen", id)
}

// touchedSafety leaves the trace of a change to what concerns safety: never what changed.
func touchedSafety(tx *casebook.Tx, couple, person ids.ID, table string, item ids.ID) error {
	return traces.Record(tx, traces.Entry{Kind: traces.SafetyChanged, CoupleID: couple, PersonID: person, Table: table, ItemID: item})
}

const selectScreen = `SELECT s.id, s.couple_id, s.person_id, s.outcome, s.held_on, s.answers, s.body, s.supervisor, s.reason, s.replaces, s.created_at,
 NOT EXISTS (SELECT 1 FROM safety_screen w WHERE w.couple_id = s.couple_id AND w.replaces = s.id) FROM safety_screen s WHERE s.deleted = 0 AND s.couple_id = ?`

func scanScreen(r *sql.Rows, s *Screen) error {
	var created int64
	var answers string
	err := r.Scan(&s.ID, &s.CoupleID, &s.PersonID, &s.Outcome, &s.HeldOn, &answers, &s.Body, &s.Supervisor, &s.Reason, &s.Replaces, &created, &s.Current)
	s.CreatedAt, s.Answers = AtMillis(created), parseAnswers(answers)
	return err
}

// Screens are all safety screens of a record, the latest first. Only the coach ever
// sees one, or that there is one, whatever its row says.
func (s *Store) Screens(ctx context.Context, aud Audience, couple ids.ID) ([]Screen, error) {
	return casebook.Collect(ctx, s.cb.Reader(), scanScreen, selectScreen+` AND ? ORDER BY s.held_on DESC, s.created_at DESC, s.id DESC`, couple, aud.IsCoach())
}

func screensInForce(ctx context.Context, q casebook.Querier, couple, person ids.ID) ([]Screen, error) {
	l, err := casebook.Collect(ctx, q, scanScreen, selectScreen+` AND s.person_id = ? ORDER BY s.id`, couple, person)
	var out []Screen
	for _, s := range l {
		if s.Current {
			out = append(out, s)
		}
	}
	return out, err
}

// OverrideDays is how long an override of screens that are due counts, in days.
const OverrideDays = 30

// OverrideJoint lets joint work go on although screens are due, with a reason, until a
// day (none means OverrideDays from now). It is refused where something else than a
// screen that is due stands in the way: nothing overrides a stop (rule PV-30).
func (s *Store) OverrideJoint(ctx context.Context, couple ids.ID, reason string, until day.Day) error {
	return s.cb.Write(ctx, "joint.override", func(tx *casebook.Tx) error {
		reason := strings.TrimSpace(reason)
		if reason == "" {
			return fault.Input("reason", text.T("clients.override_reason", "Say why you go ahead before the talks."))
		}
		st, err := JointStatus(tx.Context(), tx, couple, today(tx))
		if err != nil {
			return err
		}
		if st.Verdict > JointScreensDue {
			return st.MayBegin()
		}
		if until == "" {
			until = today(tx).Add(OverrideDays)
		}
		if _, err := day.Parse(string(until)); err != nil || until < today(tx) {
			return fault.Input("until", text.T("clients.override_until", "Choose a day that is still to come."))
		}
		_, err = tx.Exec(`INSERT INTO joint_override (id, couple_id, reason, until, coach_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`, ids.New(), couple, reason, until, tx.Coach, tx.Now.UnixMilli())
		return err
	})
}

// Override is one decision to go ahead with joint work before the screens.
type Override struct {
	Reason string
	Until  day.Day
	Coach  string
}

// Overrides are the overrides of a record, the latest first. Only the coach is told.
func (s *Store) Overrides(ctx context.Context, aud Audience, couple ids.ID) ([]Override, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, o *Override) error { return r.Scan(&o.Reason, &o.Until, &o.Coach) },
		`SELECT o.reason, o.until, coalesce(k.name, '') FROM joint_override o LEFT JOIN coach k ON k.id = o.coach_id WHERE o.couple_id = ? AND o.deleted = 0 AND ? ORDER BY o.created_at DESC, o.id DESC`, couple, aud.IsCoach())
}

// LoadJointFacts reads what the rule on joint work looks at. It is for the rules, not
// for anybody's eye. Work that ended while it was on hold stays on hold: else its reports
// would tell a pause, which ends with it, from a stop, which does not (rule PV-31).
func LoadJointFacts(ctx context.Context, q casebook.Querier, couple ids.ID, on day.Day) (JointFacts, error) {
	var f JointFacts
	var a, b ids.ID
	err := q.QueryRowContext(ctx, `SELECT c.kind, c.a_id, c.b_id, coalesce((SELECT e.paused FROM engagement e WHERE e.id = `+CurrentEngagement("c.id")+`), 0),
 coalesce((SELECT max(o.until) FROM joint_override o WHERE o.couple_id = c.id AND o.deleted = 0), ''), coalesce((SELECT p.on_day FROM parted p WHERE p.couple_id = c.id), '') FROM couple c WHERE c.id = ?`, couple).
		Scan(&f.Kind, &a, &b, &f.Paused, &f.Override, &f.Parted)
	if err != nil {
		return f, found(err)
	}
	if !f.Parted.IsZero() {
		if f.Released, err = bothReleased(ctx, q, couple, on); err != nil {
			return f, err
		}
	}
	all, err := casebook.Collect(ctx, q, scanScreen, selectScreen, couple)
	if err != nil {
		return f, err
	}
	for _, s := range all {
		switch {
		case !s.Current:
		case s.PersonID == a:
			f.A = append(f.A, s)
		case s.PersonID == b:
			f.B = append(f.B, s)
		}
	}
	return f, nil
}

// JointStatus says whether there may be joint work with a record on a day (JointRule).
// Call it with the transaction that begins the joint session or practice.
func JointStatus(ctx context.Context, q casebook.Querier, couple ids.ID, on day.Day) (JointState, error) {
	f, err := LoadJointFacts(ctx, q, couple, on)
	if err != nil {
		return JointState{Verdict: JointOnHold}, err
	}
	return JointRule(f, on), nil
}

// JointFacts is LoadJointFacts on what is stored.
func (s *Store) JointFacts(ctx context.Context, couple ids.ID) (JointFacts, error) {
	return LoadJointFacts(ctx, s.cb.Reader(), couple, day.Of(s.cb.Now()))
}

// JointStatus is the package's JointStatus on what is stored. It carries no content.
func (s *Store) JointStatus(ctx context.Context, couple ids.ID, on day.Day) (JointState, error) {
	return JointStatus(ctx, s.cb.Reader(), couple, on)
}

// MayBeginJoint is nil when a joint session or practice may begin today, else the
// refusal to show.
func (s *Store) MayBeginJoint(ctx context.Context, couple ids.ID) error {
	state, err := s.JointStatus(ctx, couple, day.Of(s.cb.Now()))
	if err != nil {
		return err
	}
	return state.MayBegin()
}
