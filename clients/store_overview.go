package clients

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
)

// Overview is the first page of a record for one reader: the header, and the latest of
// each thing that this reader may see.
type Overview struct {
	Header
	Sessions   []SessionLine
	Practices  []PracticeLine
	Agreements []AgreementLine
	Quizzes    []QuizLine
	// What follows is the coach's alone, empty for others.
	People   []Person // with contact data, in the order of Partners
	Consents []ConsentState
	Joint    JointState
}

// SessionLine is a session on the overview, the latest first.
type SessionLine struct {
	ID    ids.ID
	Kind  string // joint, individual
	At    time.Time
	Zone  string
	State string
}

// PracticeLine is an active assignment on the overview.
type PracticeLine struct {
	ID       ids.ID
	Practice string // id of the practice
	Target   string // A, B, both
	Cue      string
	Cadence  string
	StartsOn day.Day
	EndsOn   day.Day
}

// AgreementLine is an agreement of the partners with each other that is in force.
type AgreementLine struct {
	ID       ids.ID
	Body     string
	AgreedOn day.Day
	ReviewOn day.Day
}

// QuizLine is the latest filling-in of one quiz by one partner.
type QuizLine struct {
	ID         ids.ID
	PersonID   ids.ID
	Instrument string
	TakenAt    time.Time
	Zone       string
}

// overviewLines is how many of each thing the overview shows.
const overviewLines = 5

// Overview is the first page of a record as the audience may see it at a time.
func (s *Store) Overview(ctx context.Context, aud Audience, id ids.ID, now time.Time) (Overview, error) {
	q := s.cb.Reader()
	h, err := header(ctx, q, aud, id, now)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Header: h}
	gate := aud.Gate("x")
	if o.Sessions, err = casebook.Collect(ctx, q, func(r *sql.Rows, l *SessionLine) error {
		var at int64
		err := r.Scan(&l.ID, &l.Kind, &at, &l.Zone, &l.State)
		l.At = AtMillis(at)
		return err
	}, `SELECT x.id, x.kind, x.starts_at, x.zone, x.state FROM session x WHERE x.couple_id = ? AND x.deleted = 0 AND `+gate+` ORDER BY x.starts_at DESC, x.id DESC LIMIT ?`, id, overviewLines); err != nil {
		return Overview{}, err
	}
	if o.Practices, err = casebook.Collect(ctx, q, func(r *sql.Rows, l *PracticeLine) error {
		return r.Scan(&l.ID, &l.Practice, &l.Target, &l.Cue, &l.Cadence, &l.StartsOn, &l.EndsOn)
	}, `SELECT x.id, x.practice, x.target, x.cue, x.cadence, x.starts_on, x.ends_on FROM assignment x WHERE x.couple_id = ? AND x.state = 'active' AND x.deleted = 0 AND `+gate+` ORDER BY x.starts_on DESC, x.id DESC`, id); err != nil {
		return Overview{}, err
	}
	if o.Agreements, err = casebook.Collect(ctx, q, func(r *sql.Rows, l *AgreementLine) error { return r.Scan(&l.ID, &l.Body, &l.AgreedOn, &l.ReviewOn) },
		`SELECT x.id, x.body, x.agreed_on, x.review_on FROM couple_agreement x WHERE x.couple_id = ? AND x.state = 'in_force' AND x.deleted = 0 AND `+gate+` ORDER BY x.agreed_on DESC, x.id DESC LIMIT ?`, id, overviewLines); err != nil {
		return Overview{}, err
	}
	if o.Quizzes, err = casebook.Collect(ctx, q, func(r *sql.Rows, l *QuizLine) error {
		var at int64
		err := r.Scan(&l.ID, &l.PersonID, &l.Instrument, &at, &l.Zone)
		l.TakenAt = AtMillis(at)
		return err
	}, `SELECT x.id, x.person_id, x.instrument, max(x.taken_at), x.zone FROM administration x WHERE x.couple_id = ? AND x.deleted = 0 AND (x.locked_at <> 0 OR ?) AND `+gate+` GROUP BY x.person_id, x.instrument ORDER BY max(x.taken_at) DESC, x.id`, id, aud.IsCoach()); err != nil {
		return Overview{}, err
	}
	if aud.IsCoach() {
		err = s.coachOverview(ctx, aud, &o, now)
	}
	return o, err
}

// coachOverview adds what only the coach sees.
func (s *Store) coachOverview(ctx context.Context, aud Audience, o *Overview, now time.Time) (err error) {
	for _, p := range o.Partners {
		person, err := s.Person(ctx, aud, p.PersonID)
		if err != nil {
			return err
		}
		o.People = append(o.People, person)
	}
	if o.Consents, err = s.Consents(ctx, o.ID); err != nil {
		return err
	}
	o.Joint, err = s.JointStatus(ctx, o.ID, day.Of(now))
	return err
}
