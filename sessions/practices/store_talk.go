package practices

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// mayTalk says whether a conversation that is not in the casebook yet may begin: the
// practice it belongs to must be open for the couple. One that has begun may always be
// told to its end.
func (s *Store) mayTalk(ctx context.Context, t Talk, form *ConversationForm) error {
	var one int
	err := s.cb.Reader().QueryRowContext(ctx, `SELECT 1 FROM conversation WHERE id = ? UNION ALL SELECT 1 FROM draft WHERE note_id = ? AND field_id = ?`, t.ID, t.Couple, casebook.DraftPlace(t.ID, casebook.TypedTalk)).Scan(&one)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	sit, err := s.Situation(ctx, t.Couple, day.Of(s.cb.Now()))
	if err != nil {
		return err
	}
	return TalkRefusal(form, sit)
}

// TalkRefusal is why no conversation may begin now, nil when one may. The reason is for
// the coach alone and says nothing that one partner told in private (rule PV-34).
func TalkRefusal(form *ConversationForm, sit Situation) error {
	if sit.Single {
		return fault.New(fault.Refused, text.T("joint.single", "There is one client in this record."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	p, err := ByID(form.Practice)
	if err != nil {
		return err
	}
	if locks := p.Locked(ToBoth, sit); len(locks) > 0 {
		return fault.New(fault.Refused, text.T("practices.locked", "This practice is closed for this couple at the moment."), locks[0].Why)
	}
	return nil
}

// talkStopped says whether step 0 is locked (StepZeroLocked) by what is stored.
func (s *Store) talkStopped(ctx context.Context, couple ids.ID, f clients.JointFacts) (bool, error) {
	talks, err := s.Talks(ctx, clients.For(clients.CoachView, day.Of(s.cb.Now())), couple, "", "")
	if err != nil {
		return false, err
	}
	records := make([]Record, len(talks))
	for i, t := range talks {
		records[i] = t.Record
	}
	return StepZeroLocked(records, screened(f.A), screened(f.B)), nil
}

// screened is when the newest screen was recorded, the zero time for none.
func screened(heads []clients.Screen) (at time.Time) {
	for _, x := range heads {
		if x.CreatedAt.After(at) {
			at = x.CreatedAt
		}
	}
	return at
}

// Alone is a partner whom the coach should see alone: a conversation was stopped, or
// they said in private that they were afraid, and they have not been screened since.
type Alone struct {
	Couple  ids.ID
	Partner clients.Slot
	Since   time.Time // when the conversation was held
}

// ToSeeAlone lists whom to see alone, the longest wait first (rule PV-34). It is the
// coach's; other readers see nothing.
func (s *Store) ToSeeAlone(ctx context.Context, aud clients.Audience, limit int) ([]Alone, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, a *Alone) error {
		var at int64
		if err := r.Scan(&a.Couple, &a.Partner, &at); err != nil {
			return err
		}
		a.Since = time.UnixMilli(at).UTC()
		return nil
	}, `
		SELECT w.couple_id, w.partner, max(w.held_at) FROM (
		 SELECT c.couple_id, p.partner, c.held_at FROM conversation c JOIN (SELECT 'A' AS partner UNION ALL SELECT 'B') p WHERE c.state = 'stopped' AND c.deleted = 0
		 UNION ALL
		 SELECT c.couple_id, x.partner, c.held_at FROM conversation_answer x JOIN conversation c ON c.id = x.conversation_id WHERE x.key = 'afraid' AND x.value = 'yes' AND x.deleted = 0 AND c.deleted = 0
		) w JOIN couple k ON k.id = w.couple_id AND k.deleted = 0 AND k.archived = 0
		WHERE NOT EXISTS (SELECT 1 FROM safety_screen y WHERE y.couple_id = w.couple_id AND y.person_id = CASE w.partner WHEN 'A' THEN k.a_id ELSE k.b_id END AND y.deleted = 0 AND y.created_at > w.held_at)
		GROUP BY w.couple_id, w.partner ORDER BY 3, w.couple_id, w.partner LIMIT ?`, limit)
}

// FinishTalk writes a conversation together with what was agreed in it, all or nothing.
// A conversation has one agreement: finishing it again changes that one, and leaves
// where it stands alone unless a.State says so.
func (s *Store) FinishTalk(ctx context.Context, t Talk, a Agreement) error {
	form, err := Conversation()
	if err != nil {
		return err
	}
	if err := form.Check(&t.Record); err != nil {
		return err
	}
	if err := s.mayTalk(ctx, t, form); err != nil {
		return err
	}
	return s.cb.Write(ctx, "conversation.finish", func(tx *casebook.Tx) error {
		if err := saveTalk(tx, form, t); err != nil || a.Body == "" {
			return err
		}
		return agreeIn(tx, t, a)
	})
}

func agreeIn(tx *casebook.Tx, t Talk, a Agreement) error {
	stands := InForce
	err := tx.QueryRow(`SELECT id, agreed_on, state FROM couple_agreement WHERE conversation_id = ? ORDER BY id LIMIT 1`, t.ID).Scan(&a.ID, &a.Agreed, &stands)
	if errors.Is(err, sql.ErrNoRows) {
		a.ID, err = ids.New(), nil
	}
	if err != nil {
		return err
	}
	if a.State == "" {
		a.State = stands
	}
	a.Couple, a.Conversation = t.Couple, t.ID
	if err := a.check(); err != nil {
		return err
	}
	return saveAgreement(tx, a)
}
