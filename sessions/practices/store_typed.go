package practices

import (
	"context"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

func talkID(t Talk) ids.ID { return t.ID }

// KeepTalk keeps a conversation as it is filled in, on this computer alone: it is neither
// shared, searched nor told in the history, and it survives a crash. SaveTalk and
// FinishTalk end it.
func (s *Store) KeepTalk(ctx context.Context, t Talk) error {
	form, err := Conversation()
	if err != nil {
		return err
	}
	if err := s.mayTalk(ctx, t, form); err != nil {
		return err
	}
	if err := clients.MayChangeJoint(ctx, s.cb.Reader(), t.Couple); err != nil {
		return err
	}
	return casebook.KeepTyped(ctx, s.cb, t.Couple, t.ID, casebook.TypedTalk, t)
}

// TypedTalks are the conversations of a couple that are filled in on this computer and not
// yet saved: after a crash, say. They are the coach's.
func (s *Store) TypedTalks(ctx context.Context, aud clients.Audience, couple ids.ID) ([]Talk, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	all, err := casebook.Typed(ctx, s.cb.Reader(), couple, casebook.TypedTalk, talkID)
	if err != nil {
		return nil, err
	}
	var out []Talk
	for _, t := range all {
		var deleted bool
		if err := s.cb.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM conversation WHERE id = ? AND deleted = 1)`, t.ID).Scan(&deleted); err != nil {
			return nil, err
		}
		if !deleted {
			out = append(out, t)
		}
	}
	return out, nil
}

// DeleteTalk puts a conversation into the bin; RestoreTalk takes it out.
func (s *Store) DeleteTalk(ctx context.Context, t Talk) error {
	form, err := Conversation()
	if err != nil {
		return err
	}
	return s.cb.Write(ctx, "conversation.delete", func(tx *casebook.Tx) error {
		all, err := casebook.Typed(ctx, tx, t.Couple, casebook.TypedTalk, talkID)
		if err != nil {
			return err
		}
		for _, k := range all {
			var there bool
			if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM conversation WHERE id = ?)`, k.ID).Scan(&there); err != nil {
				return err
			}
			if k.ID == t.ID && !there { // the bin holds rows alone
				if err := saveTalk(tx, form, k); err != nil {
					return err
				}
			}
		}
		_, err = tx.Exec(`UPDATE conversation SET deleted = 1 WHERE id = ?`, t.ID)
		return err
	})
}

// RestoreTalk undoes DeleteTalk.
func (s *Store) RestoreTalk(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "conversation.restore", "conversation", id, 0)
}
