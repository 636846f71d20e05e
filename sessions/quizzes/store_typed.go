package quizzes

import (
	"context"
	"errors"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

func administrationID(a Administration) ids.ID { return a.ID }

// Keep keeps administrations as they are entered, on this computer alone: they are neither
// shared nor told in the history, and survive a crash. Save and Lock end that.
func (s *Store) Keep(ctx context.Context, as ...*Administration) error {
	for _, a := range as {
		if err := clients.MayProcess(ctx, s.cb.Reader(), a.Couple, a.Person, clients.PurposeQuizzes); err != nil {
			return err
		}
		s.keyed(a)
		if err := casebook.KeepTyped(ctx, s.cb, a.Couple, a.ID, casebook.TypedQuiz, a); err != nil {
			return err
		}
	}
	return nil
}

// endTyped ends the draft of an administration, and the one that a lock on another
// computer left behind and that its correction took in.
func endTyped(tx *casebook.Tx, a *Administration) error {
	return errors.Join(tx.EndDraft(a.Couple, casebook.DraftPlace(a.ID, casebook.TypedQuiz)), tx.EndDraft(a.Couple, casebook.DraftPlace(a.Replaces, casebook.TypedQuiz)))
}

// Typed are the administrations of a couple that are entered on this computer and not yet
// saved, after a crash, say, as open results. One of them may have been locked on another
// computer meanwhile. They are the coach's.
func (s *Store) Typed(ctx context.Context, aud clients.Audience, couple ids.ID) ([]Result, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	all, err := casebook.Typed(ctx, s.cb.Reader(), couple, casebook.TypedQuiz, administrationID)
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, a := range all {
		r := Result{Administration: a, Own: true}
		var deleted bool
		err := s.cb.Reader().QueryRowContext(ctx, `SELECT CASE ?1 WHEN a_id THEN 'A' WHEN b_id THEN 'B' ELSE '' END, EXISTS (SELECT 1 FROM administration WHERE id = ?2 AND deleted = 1) FROM couple WHERE id = ?3`, a.Person, a.ID, couple).Scan(&r.Slot, &deleted)
		if err != nil {
			return nil, err
		}
		if r.Definition, err = definitionOf(a.Instrument, a.Version, a.Hash); err != nil || deleted || r.Slot == "" {
			continue
		}
		if err := r.score(r.Definition); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Delete puts an administration into the bin; Restore takes it out.
func (s *Store) Delete(ctx context.Context, couple, id ids.ID) error {
	return s.cb.Write(ctx, "quiz.delete", func(tx *casebook.Tx) error {
		all, err := casebook.Typed(ctx, tx, couple, casebook.TypedQuiz, administrationID)
		if err != nil {
			return err
		}
		for _, a := range all {
			var there bool
			if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM administration WHERE id = ?)`, a.ID).Scan(&there); err != nil {
				return err
			}
			if a.ID == id && !there { // the bin holds rows alone
				if err := save(tx, &a); err != nil {
					return err
				}
			}
		}
		_, err = tx.Exec(`UPDATE administration SET deleted = 1 WHERE id = ?`, id)
		return err
	})
}

// Restore undoes Delete.
func (s *Store) Restore(ctx context.Context, id ids.ID) error {
	return s.cb.Write(ctx, "quiz.restore", func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE administration SET deleted = 0 WHERE id = ?`, id)
		return err
	})
}
