package quizzes

import (
	"context"
	"encoding/json"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Store keeps administrations in a casebook.
type Store struct{ cb *casebook.Casebook }

// NewStore is the store of an open casebook.
func NewStore(cb *casebook.Casebook) *Store { return &Store{cb: cb} }

// Save writes an administration that is not locked yet, new or changed, after
// checking it whole. Answers belong to the partner who gave them: subject and
// visibility follow from the person's slot in the couple. A person who is not a
// partner of the couple is refused, and so is one who withdrew the consent that it needs
// (rule PV-45); a locked administration is fault.Refused.
func (s *Store) Save(ctx context.Context, as ...*Administration) error {
	return s.cb.Write(ctx, "quiz.save", func(tx *casebook.Tx) error {
		for _, a := range as {
			s.keyed(a)
			if err := save(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// Lock makes administrations final, all or none. They must have been complete enough
// for their definition to accept them.
func (s *Store) Lock(ctx context.Context, as ...*Administration) error {
	return s.cb.Write(ctx, "quiz.lock", func(tx *casebook.Tx) error {
		for _, a := range as {
			d, err := definitionOf(a.Instrument, a.Version, a.Hash)
			if err != nil {
				return err
			}
			locked := *a
			s.keyed(&locked)
			if err := locked.Lock(d, tx.Now); err != nil {
				return err
			}
			if err := save(tx, &locked); err != nil {
				return err
			}
			*a = locked
		}
		return nil
	})
}

// keyed notes who keyed the answers in, where the partner did not (rule Q-16).
func (s *Store) keyed(a *Administration) {
	if a.Mode != OnScreenAlone && a.KeyedBy.IsZero() {
		a.KeyedBy = s.cb.Coach()
	}
}

func save(tx *casebook.Tx, a *Administration) error {
	d, err := definitionOf(a.Instrument, a.Version, a.Hash)
	if err != nil {
		return err
	}
	if err := a.Validate(d); err != nil {
		return err
	}
	var slot clients.Slot
	err = tx.QueryRow(`SELECT CASE ? WHEN a_id THEN 'A' WHEN b_id THEN 'B' ELSE '' END FROM couple WHERE id = ? AND deleted = 0`, a.Person, a.Couple).Scan(&slot)
	if err != nil || slot == "" {
		return fault.Input("person", text.T("quiz.not_partner", "This person is not a partner in this record."))
	}
	if err := clients.MayProcess(tx.Context(), tx, a.Couple, a.Person, clients.PurposeQuizzes); err != nil {
		return err
	}
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return err
	}
	picks, err := json.Marshal(append([]string{}, a.Picks...))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO administration (id, couple_id, person_id, instrument, version, definition_hash, taken_at, zone, mode, keyed_by, seconds, answers, picks, locked_at, replaces, subject, visibility, sensitivity, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sensitive', ?)
		ON CONFLICT (id) DO UPDATE SET taken_at = excluded.taken_at, zone = excluded.zone, mode = excluded.mode, keyed_by = excluded.keyed_by, seconds = excluded.seconds,
		 answers = excluded.answers, picks = excluded.picks, locked_at = excluded.locked_at`,
		a.ID, a.Couple, a.Person, a.Instrument, a.Version, a.Hash, a.TakenAt.UnixMilli(), a.Zone, string(a.Mode), a.KeyedBy, a.Seconds, string(answers), string(picks), millis(a.LockedAt), a.Replaces,
		string(slot.Subject()), string(slot.Own()), tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	return endTyped(tx, a)
}

func definitionOf(id, version, hash string) (*Definition, error) {
	d, err := ByID(id)
	if err != nil {
		return nil, err
	}
	if d.Version != version || d.Hash() != hash {
		return nil, fault.New(fault.Refused, text.T("quiz.other_version", "These answers belong to another version of this quiz."), text.T("quiz.other_version_hint", "They are kept as they are."))
	}
	return d, nil
}

// Result is an administration as a reader may see it.
type Result struct {
	Administration // Answers and Picks are empty unless the reader is the coach or the one who answered
	Slot           clients.Slot
	Definition     *Definition
	Own            bool                // the reader may see the answers themselves
	Channels       []string            // the channels this reader sees, where only some; nil is all of them
	Profile        *ProfileScores      // for a quiz of channels
	Scores         map[string]*float64 // for the others, by scale
}

// Partial says that only some channels are shown to this reader, so that what is missing says
// nothing (rule PV-08).
func (r Result) Partial() bool { return r.Channels != nil }

// Results are the administrations of a couple that aud may see, oldest first, each in
// its newest correction. The coach and the partner who answered see the answers;
// other readers see scores, and only what was released: all of it, or the channels
// chosen. Open (unlocked) ones are shown to the coach alone.
func (s *Store) Results(ctx context.Context, aud clients.Audience, couple ids.ID) ([]Result, error) {
	own := "0"
	if slot := aud.Slot(); slot != "" {
		own = "a.subject = '" + string(slot) + "'"
	}
	if aud.IsCoach() {
		own = "1"
	}
	rows, err := s.cb.Reader().QueryContext(ctx, `
		SELECT * FROM (
		 SELECT a.id, a.person_id, a.instrument, a.version, a.definition_hash, a.taken_at, a.zone, a.mode, a.keyed_by, a.seconds, a.answers, a.picks, a.locked_at, a.replaces, a.subject,
		  `+own+` AS own, `+aud.Gate("a")+` AS whole, `+aud.Part("a")+` AS some
		 FROM administration a
		 WHERE a.couple_id = ? AND a.deleted = 0 AND (a.locked_at <> 0 OR `+coachOnly(aud)+`)
		  AND NOT EXISTS (SELECT 1 FROM administration c WHERE c.replaces = a.id AND c.deleted = 0 AND c.locked_at <> 0)
		) WHERE whole OR some <> '' ORDER BY taken_at, id`, couple)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Result
	for rows.Next() {
		var r Result
		var taken, locked int64
		var mode, answers, picks, subject, some string
		var own, whole bool
		if err := rows.Scan(&r.ID, &r.Person, &r.Instrument, &r.Version, &r.Hash, &taken, &r.Zone, &mode, &r.KeyedBy, &r.Seconds, &answers, &picks, &locked, &r.Replaces, &subject, &own, &whole, &some); err != nil {
			return nil, err
		}
		r.Couple, r.Mode, r.TakenAt, r.Slot, r.Own = couple, Mode(mode), time.UnixMilli(taken).UTC(), clients.Slot(subject), own && whole
		if locked != 0 {
			r.LockedAt = time.UnixMilli(locked).UTC()
		}
		if err := r.fill(answers, picks, whole, some, aud); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return discreet(aud, out), rows.Err()
}

// fill scores what is stored and drops what the reader may not have.
func (r *Result) fill(answers, picks string, whole bool, some string, aud clients.Audience) error {
	if err := json.Unmarshal([]byte(answers), &r.Answers); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(picks), &r.Picks); err != nil {
		return err
	}
	if !whole {
		if err := json.Unmarshal([]byte(some), &r.Channels); err != nil {
			return err
		}
	}
	d, err := definitionOf(r.Instrument, r.Version, r.Hash)
	if err == nil {
		r.Definition = d
		if err := r.score(d); err != nil {
			return err
		}
	} else if !fault.Is(err, fault.Refused) && !fault.Is(err, fault.NotFound) {
		return err
	}
	if !whole && r.Profile == nil {
		r.Scores = nil // a choice of channels releases nothing of a quiz that has none
	}
	if r.Profile != nil {
		if !aud.IsCoach() {
			r.Profile.Flags, r.Profile.CoachPrompts, r.Profile.Inconsistency = nil, nil, nil
		}
		if !r.Own && !aud.IsCoach() {
			r.Channels = r.Profile.answered(r.Channels)
		}
		if r.Channels != nil {
			p := r.Profile.Only(r.Channels)
			r.Profile = &p
		}
	}
	if !aud.IsCoach() {
		r.Seconds, r.KeyedBy = 0, ids.Nil // they serve the coach's remarks
	}
	if !r.Own {
		r.hideAnswers(whole)
	}
	return nil
}

func (r *Result) score(d *Definition) error {
	if d.Profile != nil {
		p, err := ScoreProfile(d, r.Answers, r.Picks, r.Seconds)
		r.Profile = &p
		return err
	}
	scores, err := Score(d, r.Answers)
	r.Scores = scores.Scales
	return err
}

// Open is one administration as stored, for going on with entering it; the coach's
// view only.
func (s *Store) Open(ctx context.Context, aud clients.Audience, id ids.ID) (Administration, error) {
	var a Administration
	var taken, locked int64
	var mode, answers, picks string
	err := s.cb.Reader().QueryRowContext(ctx, `SELECT a.id, a.couple_id, a.person_id, a.instrument, a.version, a.definition_hash, a.taken_at, a.zone, a.mode, a.keyed_by, a.seconds, a.answers, a.picks, a.locked_at, a.replaces
		FROM administration a WHERE a.id = ? AND a.deleted = 0 AND `+coachOnly(aud), id).
		Scan(&a.ID, &a.Couple, &a.Person, &a.Instrument, &a.Version, &a.Hash, &taken, &a.Zone, &mode, &a.KeyedBy, &a.Seconds, &answers, &picks, &locked, &a.Replaces)
	if err != nil {
		return a, fault.Wrap(fault.NotFound, err, text.T("quiz.gone", "This quiz is not there any more."), text.T("quiz.gone_hint", "It may have been deleted; Undo brings it back."))
	}
	a.Mode, a.TakenAt = Mode(mode), time.UnixMilli(taken).UTC()
	if locked != 0 {
		a.LockedAt = time.UnixMilli(locked).UTC()
	}
	if err := json.Unmarshal([]byte(answers), &a.Answers); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(picks), &a.Picks)
}

func coachOnly(aud clients.Audience) string {
	if aud.IsCoach() {
		return "1"
	}
	return "0"
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
