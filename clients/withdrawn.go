package clients

import (
	"context"
	"database/sql"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// withdrawn is SQL for "person ?2 has withdrawn in record ?1 one of the purposes": what
// cannot be kept cannot be asked or reported either. A purpose nobody signed for is not
// withdrawn.
func withdrawn(purpose string) string {
	purposes := []string{purpose}
	if purpose == PurposeQuizzes || purpose == PurposeReports {
		purposes = append(purposes, PurposeRecords)
	}
	return `SELECT EXISTS (SELECT 1 FROM signature s WHERE s.couple_id = ?1 AND s.person_id = ?2 AND s.deleted = 0 AND s.state <> 'given' AND s.purpose IN ('` + strings.Join(purposes, `', '`) + `')
 AND NOT EXISTS (SELECT 1 FROM signature w WHERE w.replaces = s.id))`
}

// HasWithdrawn says whether a person has taken back the consent that a purpose needs.
func HasWithdrawn(ctx context.Context, q casebook.Querier, couple, person ids.ID, purpose string) (is bool, err error) {
	err = q.QueryRowContext(ctx, withdrawn(purpose), couple, person).Scan(&is)
	return is, err
}

// HasWithdrawn is the package's HasWithdrawn on what is stored, for rules.
func (s *Store) HasWithdrawn(ctx context.Context, couple, person ids.ID, purpose string) (bool, error) {
	return HasWithdrawn(ctx, s.cb.Reader(), couple, person, purpose)
}

// MayProcess is nil while something new may be done with a person's data for a purpose,
// else the refusal to show (rule PV-45). Call it inside the transaction that does it.
func MayProcess(ctx context.Context, q casebook.Querier, couple, person ids.ID, purpose string) error {
	is, err := HasWithdrawn(ctx, q, couple, person, purpose)
	if err != nil || !is {
		return err
	}
	return ConsentRefusal()
}

// ConsentRefusal is the refusal of what a withdrawn consent stands against.
func ConsentRefusal() error {
	return fault.New(fault.Refused, text.T("consent.withdrawn", "The consent that this needs was withdrawn."),
		text.T("consent.withdrawn_hint", "It stands under People & consent of this record, where a new signature would allow it. Nothing was changed."))
}

// Undecided is a consent that was withdrawn while there are data for its purpose: a person
// decides what becomes of them (rule PV-45).
type Undecided struct {
	PersonID ids.ID
	Purpose  string
	On       day.Day
	Items    int    // how many things there are
	Decision string // what was decided, "" for nothing yet
}

// items count what there is of a person for a purpose; one that is not here leaves nothing
// to decide about.
var items = map[string]string{
	PurposeQuizzes: `SELECT count(*) FROM administration a WHERE a.couple_id = ?1 AND a.person_id = ?2 AND a.deleted = 0`,
	PurposeReports: `SELECT count(*) FROM report_made m WHERE m.couple_id = ?1 AND m.deleted = 0 AND m.reader IN ('joint', 'coach', (SELECT iif(c.a_id = ?2, 'a', 'b') FROM couple c WHERE c.id = ?1))`,
	PurposeRecords: `SELECT (SELECT count(*) FROM administration a WHERE a.couple_id = ?1 AND a.person_id = ?2 AND a.deleted = 0)
 + (SELECT count(*) FROM note n WHERE n.couple_id = ?1 AND n.deleted = 0 AND n.about IN ('both', (SELECT iif(c.a_id = ?2, 'A', 'B') FROM couple c WHERE c.id = ?1)))
 + (SELECT count(*) FROM practice_log l WHERE l.couple_id = ?1 AND l.deleted = 0 AND l.partner = (SELECT iif(c.a_id = ?2, 'A', 'B') FROM couple c WHERE c.id = ?1))`,
}

// Withdrawals are the consents of a record that are withdrawn, with what there is to decide
// about. Only the coach is told.
func (s *Store) Withdrawals(ctx context.Context, aud Audience, couple ids.ID) ([]Undecided, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	q := s.cb.Reader()
	all, err := casebook.Collect(ctx, q, func(r *sql.Rows, u *Undecided) error { return r.Scan(&u.PersonID, &u.Purpose, &u.On, &u.Decision) },
		`SELECT s.person_id, s.purpose, max(s.signed_on), max(s.decision) FROM signature s WHERE s.couple_id = ? AND s.deleted = 0 AND s.state <> 'given'
 AND NOT EXISTS (SELECT 1 FROM signature w WHERE w.replaces = s.id) GROUP BY s.person_id, s.purpose ORDER BY max(s.signed_on) DESC, s.purpose`, couple)
	if err != nil {
		return nil, err
	}
	var out []Undecided
	for _, u := range all {
		count, counted := items[u.Purpose]
		if !counted {
			continue
		}
		if err := q.QueryRowContext(ctx, count, couple, u.PersonID).Scan(&u.Items); err != nil {
			return nil, err
		}
		if u.Items > 0 {
			out = append(out, u)
		}
	}
	return out, nil
}

// Decide stores what becomes of the data after a withdrawal: a row of its own, by which the
// consent stays withdrawn.
func (s *Store) Decide(ctx context.Context, couple, person ids.ID, purpose, decision string) error {
	return s.cb.Write(ctx, "consent.decide", func(tx *casebook.Tx) error {
		if OneLine(decision) == "" {
			return fault.Input("decision", text.T("consent.decision", "Write what becomes of the data, and why."))
		}
		is, err := HasWithdrawn(ctx, tx, couple, person, purpose)
		if err != nil {
			return err
		}
		if !is {
			return NotFound()
		}
		g := Signature{CoupleID: couple, PersonID: person, Purpose: purpose, State: StateWithdrawn, Decision: OneLine(decision)}
		err = tx.QueryRow(`SELECT text_version, language, signed_on, way FROM signature WHERE couple_id = ? AND person_id = ? AND purpose = ? AND deleted = 0 AND state <> 'given' ORDER BY created_at DESC, id DESC LIMIT 1`, couple, person, purpose).Scan(&g.TextVersion, &g.Language, &g.SignedOn, &g.Way)
		if err != nil {
			return found(err)
		}
		_, err = insertSignature(tx, g)
		return err
	})
}
