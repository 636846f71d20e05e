package clients

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Sign stores that a partner signed a version of a text.
func (s *Store) Sign(ctx context.Context, g Signature) (ids.ID, error) {
	g.State = StateGiven
	var id ids.ID
	err := s.cb.Write(ctx, "consent.sign", func(tx *casebook.Tx) (err error) {
		id, err = insertSignature(tx, g)
		return err
	})
	return id, err
}

// byNow refuses a decision on a day that is still to come: it would count from now on.
func byNow(tx *casebook.Tx, field string, on day.Day) error {
	if on > today(tx) {
		return fault.Input(field, text.T("clients.to_come", "This day is still to come."))
	}
	return nil
}

// WithdrawConsent stores that a partner takes back what they signed for a purpose. It
// is a row of its own; what was signed stays on record.
func (s *Store) WithdrawConsent(ctx context.Context, couple, person ids.ID, purpose string, on day.Day, way string) (ids.ID, error) {
	var id ids.ID
	err := s.cb.Write(ctx, "consent.withdraw", func(tx *casebook.Tx) error {
		g := Signature{CoupleID: couple, PersonID: person, Purpose: purpose, State: StateWithdrawn, SignedOn: on, Way: way}
		err := tx.QueryRow(`SELECT text_version, language FROM signature WHERE couple_id = ? AND person_id = ? AND purpose = ? AND deleted = 0 ORDER BY created_at DESC, id DESC LIMIT 1`, couple, person, purpose).Scan(&g.TextVersion, &g.Language)
		if err != nil {
			return found(err)
		}
		id, err = insertSignature(tx, g)
		return err
	})
	return id, err
}

// insertSignature appends the decision, once for each decision in force that it replaces.
func insertSignature(tx *casebook.Tx, g Signature) (ids.ID, error) {
	g.TextVersion, g.Way = OneLine(g.TextVersion), OneLine(g.Way)
	if err := errors.Join(g.Validate(), byNow(tx, "signed_on", g.SignedOn)); err != nil {
		return ids.Nil, err
	}
	if err := inRecord(tx, g.CoupleID, g.PersonID); err != nil {
		return ids.Nil, err
	}
	if err := ofEngagement(tx, &g); err != nil {
		return ids.Nil, err
	}
	heads, err := heads(tx, "signature", `couple_id = ? AND person_id = ? AND purpose = ?`, g.CoupleID, g.PersonID, g.Purpose)
	if err != nil {
		return ids.Nil, err
	}
	var id ids.ID
	for _, h := range heads {
		id = ids.New()
		if _, err := tx.Exec(`INSERT INTO signature (id, couple_id, person_id, engagement_id, purpose, state, text_version, language, signed_on, way, decision, replaces, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, g.CoupleID, g.PersonID, g.EngagementID, g.Purpose, g.State, g.TextVersion, g.Language, g.SignedOn, g.Way, g.Decision, h, tx.Now.UnixMilli()); err != nil {
			return ids.Nil, err
		}
	}
	return id, traces.Record(tx, traces.Entry{Kind: traces.ConsentChanged, CoupleID: g.CoupleID, PersonID: g.PersonID, Table: "signature", ItemID: id, Was: traces.Code(g.Purpose), Became: traces.Code(g.State)})
}

// ofEngagement ties what is signed about secrets to the engagement that it was agreed for:
// the next one is signed anew.
func ofEngagement(tx *casebook.Tx, g *Signature) error {
	if !strings.HasPrefix(g.Purpose, secretsPrefix) {
		g.EngagementID = ids.Nil
		return nil
	}
	if g.EngagementID.IsZero() {
		if err := tx.QueryRow(`SELECT `+CurrentEngagement("?"), g.CoupleID).Scan(&g.EngagementID); err != nil {
			return err
		}
	}
	var fits bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM engagement WHERE id = ? AND couple_id = ?)`, g.EngagementID, g.CoupleID).Scan(&fits); err != nil || fits {
		return err
	}
	return fault.Input("purpose", text.T("clients.secrets_engagement", "What is agreed about secrets belongs to an engagement. Begin one first."))
}

// heads are the decisions of a table that nothing replaces; one zero id when there is
// none yet, so that the first decision replaces nothing.
func heads(tx *casebook.Tx, tbl, where string, args ...any) ([]ids.ID, error) {
	l, err := casebook.Collect(tx.Context(), tx, casebook.Value[ids.ID],
		`WITH d AS (SELECT id, replaces FROM `+tbl+` WHERE deleted = 0 AND `+where+`) SELECT id FROM d WHERE id NOT IN (SELECT replaces FROM d WHERE replaces IS NOT NULL) ORDER BY id`, args...)
	if err == nil && len(l) == 0 {
		l = []ids.ID{ids.Nil}
	}
	return l, err
}

// inRecord refuses a person who is not one of the record's.
func inRecord(tx *casebook.Tx, couple, person ids.ID) error {
	c, err := LoadCouple(tx.Context(), tx, Audience{reader: CoachView}, couple)
	if err != nil {
		return err
	}
	if c.SlotOf(person) == "" {
		return fault.Input("person", text.T("clients.not_in_record", "This person is not in the record."))
	}
	return nil
}

const selectSignature = `SELECT s.id, s.couple_id, s.person_id, s.engagement_id, s.purpose, s.state, s.text_version, s.language, s.signed_on, s.way, s.decision, s.replaces, s.created_at,
 NOT EXISTS (SELECT 1 FROM signature w WHERE w.couple_id = s.couple_id AND w.replaces = s.id) AS current
 FROM signature s JOIN couple c ON c.id = s.couple_id WHERE s.couple_id = ? AND s.deleted = 0`

func scanSignature(r *sql.Rows, g *Signature) error {
	var created int64
	err := r.Scan(&g.ID, &g.CoupleID, &g.PersonID, &g.EngagementID, &g.Purpose, &g.State, &g.TextVersion, &g.Language, &g.SignedOn, &g.Way, &g.Decision, &g.Replaces, &created, &g.Current)
	g.CreatedAt = AtMillis(created)
	return err
}

// Signatures are all signatures and withdrawals of a record, the latest first. A partner
// sees their own, the coach all, both together none.
func (s *Store) Signatures(ctx context.Context, aud Audience, couple ids.ID) ([]Signature, error) {
	return casebook.Collect(ctx, s.cb.Reader(), scanSignature, selectSignature+` AND `+ofPerson(aud, "s.person_id")+` ORDER BY s.signed_on DESC, s.id DESC`, couple)
}

// InForce are the signatures and the safety screens of a record that nothing replaces,
// for the rules of the pipeline; no person reads them.
func InForce(ctx context.Context, q casebook.Querier, couple ids.ID) (signatures []Signature, screens []Screen, err error) {
	if signatures, err = casebook.Collect(ctx, q, scanSignature, selectSignature+` AND current`, couple); err != nil {
		return nil, nil, err
	}
	screens, err = casebook.Collect(ctx, q, scanScreen, selectScreen, couple)
	return signatures, slices.DeleteFunc(screens, func(s Screen) bool { return !s.Current }), err
}

// ofPerson is the gate for rows whose audience is the person in a column, in a query
// with the couple as c.
func ofPerson(aud Audience, column string) string {
	switch {
	case aud.IsCoach():
		return "1"
	case aud.Slot() == SlotA:
		return column + " = c.a_id"
	case aud.Slot() == SlotB:
		return column + " = c.b_id"
	}
	return "0"
}

// ConsentState is what stands of a person's signatures for one purpose.
type ConsentState struct {
	PersonID    ids.ID
	Purpose     string
	Given       bool // false: withdrawn
	TextVersion string
	SignedOn    day.Day
}

// Consents is what stands for each person and purpose of a record: a withdrawal wins
// where decisions disagree (rule PV-48). A purpose nobody signed for is not in it.
func Consents(ctx context.Context, q casebook.Querier, couple ids.ID) ([]ConsentState, error) {
	l, err := casebook.Collect(ctx, q, func(r *sql.Rows, c *ConsentState) error {
		return r.Scan(&c.PersonID, &c.Purpose, &c.Given, &c.TextVersion, &c.SignedOn)
	}, `WITH d AS (SELECT * FROM signature WHERE couple_id = ? AND deleted = 0)
 SELECT person_id, purpose, state = 'given', text_version, signed_on FROM d WHERE id NOT IN (SELECT replaces FROM d WHERE replaces IS NOT NULL) ORDER BY person_id, purpose, state = 'given', signed_on DESC`, couple)
	if err != nil {
		return nil, err
	}
	var out []ConsentState
	for _, c := range l {
		if n := len(out); n == 0 || out[n-1].PersonID != c.PersonID || out[n-1].Purpose != c.Purpose {
			out = append(out, c)
		}
	}
	return out, nil
}

// Consents is what stands of the signatures of a record, for rules; no person reads it.
func (s *Store) Consents(ctx context.Context, couple ids.ID) ([]ConsentState, error) {
	return Consents(ctx, s.cb.Reader(), couple)
}
