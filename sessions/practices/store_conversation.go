package practices

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Talk is a conflict-to-connection conversation of a couple as a reader may see it.
type Talk struct {
	ID     ids.ID
	Couple ids.ID
	Zone   string
	Topic  string
	Step   int // the step reached, 0 to 9
	Record
}

// SaveTalk writes a conversation and its answers, new or changed. Each answer gets the
// audience of its field; an empty value clears one. Answers that the form does not
// know or that do not fit are refused with the field named.
func (s *Store) SaveTalk(ctx context.Context, t Talk) error {
	form, err := Conversation()
	if err != nil {
		return err
	}
	for _, a := range t.Answers {
		if err := form.CheckAnswer(a); err != nil {
			return err
		}
	}
	if err := s.mayTalk(ctx, t, form); err != nil {
		return err
	}
	return s.cb.Write(ctx, "conversation.save", func(tx *casebook.Tx) error { return saveTalk(tx, form, t) })
}

func saveTalk(tx *casebook.Tx, form *ConversationForm, t Talk) error {
	if err := clients.MayChangeJoint(tx.Context(), tx, t.Couple); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO conversation (id, couple_id, held_at, zone, topic, step, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET held_at = excluded.held_at, zone = excluded.zone, topic = excluded.topic, step = excluded.step, state = excluded.state`,
		t.ID, t.Couple, t.At.UnixMilli(), t.Zone, t.Topic, t.Step, string(t.State), tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	for _, a := range t.Answers {
		if err := saveAnswer(tx, form, t, a); err != nil {
			return err
		}
	}
	return tx.EndDraft(t.Couple, casebook.DraftPlace(t.ID, casebook.TypedTalk))
}

func saveAnswer(tx *casebook.Tx, form *ConversationForm, t Talk, a Answer) error {
	f, _ := form.Field(a.Key)
	access := f.Access(a.Partner)
	res, err := tx.Exec(`UPDATE conversation_answer SET value = ?, deleted = ? WHERE conversation_id = ? AND key = ? AND partner = ?`, a.Value, a.Value == "", t.ID, a.Key, string(a.Partner))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 || a.Value == "" {
		return err
	}
	_, err = tx.Exec(`INSERT INTO conversation_answer (id, conversation_id, couple_id, key, partner, value, subject, visibility, sensitivity, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ids.New(), t.ID, t.Couple, a.Key, string(a.Partner), a.Value, string(access.Subject), string(access.Visibility), string(access.Sensitivity), tx.Now.UnixMilli())
	return err
}

// Talks are the conversations of a couple that aud may see, oldest first, with those
// answers that aud may see: joint facts for both, own ratings for each, the private
// question after use for the coach alone.
func (s *Store) Talks(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]Talk, error) {
	if to == "" {
		to = "9999-12-30"
	}
	rows, err := s.cb.Reader().QueryContext(ctx, `SELECT c.id, c.held_at, c.zone, c.topic, c.step, c.state, coalesce(x.key, ''), coalesce(x.partner, ''), coalesce(x.value, '')
		FROM conversation c LEFT JOIN conversation_answer x ON x.conversation_id = c.id AND x.deleted = 0 AND `+aud.Gate("x")+`
		WHERE c.couple_id = ? AND c.deleted = 0 AND c.held_at >= ? AND c.held_at < ? AND `+aud.Gate("c")+` ORDER BY c.held_at, c.id, x.id`,
		couple, from.Time().UnixMilli(), to.Add(1).Time().UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Talk
	for rows.Next() {
		var t Talk
		var a Answer
		var at int64
		if err := rows.Scan(&t.ID, &at, &t.Zone, &t.Topic, &t.Step, &t.State, &a.Key, &a.Partner, &a.Value); err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].ID != t.ID {
			t.Couple, t.At = couple, time.UnixMilli(at).UTC()
			out = append(out, t)
		}
		if a.Key != "" {
			last := &out[len(out)-1]
			last.Answers = append(last.Answers, a)
		}
	}
	return out, rows.Err()
}

// Standing is where an agreement of the couple stands.
type Standing string

// The standings of an agreement.
const (
	InForce Standing = "in_force"
	Kept    Standing = "kept"
	Partial Standing = "partly"
	NotKept Standing = "not_kept"
	Dropped Standing = "dropped"
)

// Agreement is what the partners agree with each other. It is joint from the start.
type Agreement struct {
	ID           ids.ID
	Couple       ids.ID
	Conversation ids.ID
	Session      ids.ID
	Body         string
	Who          string
	Agreed       day.Day
	Review       day.Day
	State        Standing
}

// Words says the standing to clients.
func (s Standing) Words() string {
	switch s {
	case Kept:
		return text.T("agreement.kept", "kept")
	case Partial:
		return text.T("agreement.partly", "partly kept")
	case NotKept:
		return text.T("agreement.not_kept", "to be looked at again")
	case Dropped:
		return text.T("agreement.dropped", "let go")
	}
	return text.T("agreement.in_force", "in force")
}

// SaveAgreement writes an agreement, new or changed.
func (s *Store) SaveAgreement(ctx context.Context, a Agreement) error {
	if err := a.check(); err != nil {
		return err
	}
	return s.cb.Write(ctx, "agreement.save", func(tx *casebook.Tx) error { return saveAgreement(tx, a) })
}

func (a Agreement) check() error {
	switch {
	case a.Body == "":
		return fault.Input("body", text.T("agreement.body", "Write what you agreed."))
	case a.State.Words() == InForce.Words() && a.State != InForce:
		return fault.Input("state", text.T("agreement.state", "Choose where it stands."))
	case a.Review != "" && a.Agreed != "" && a.Review < a.Agreed:
		return fault.Input("review", text.T("agreement.review", "The review is before the agreement."))
	}
	return nil
}

func saveAgreement(tx *casebook.Tx, a Agreement) error {
	if err := clients.MayChangeJoint(tx.Context(), tx, a.Couple); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO couple_agreement (id, couple_id, conversation_id, session_id, body, who, agreed_on, review_on, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body, who = excluded.who, agreed_on = excluded.agreed_on, review_on = excluded.review_on, state = excluded.state`,
		a.ID, a.Couple, a.Conversation, a.Session, a.Body, a.Who, string(a.Agreed), string(a.Review), string(a.State), tx.Now.UnixMilli())
	return err
}

// Agreements are a couple's agreements that aud may see, newest first.
func (s *Store) Agreements(ctx context.Context, aud clients.Audience, couple ids.ID) ([]Agreement, error) {
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, a *Agreement) error {
		a.Couple = couple
		return r.Scan(&a.ID, &a.Conversation, &a.Session, &a.Body, &a.Who, &a.Agreed, &a.Review, &a.State)
	}, `SELECT g.id, g.conversation_id, g.session_id, g.body, g.who, g.agreed_on, g.review_on, g.state FROM couple_agreement g
		WHERE g.couple_id = ? AND g.deleted = 0 AND `+aud.Gate("g")+` ORDER BY g.agreed_on DESC, g.id DESC`, couple)
}

// DeleteAgreement puts an agreement into the bin; RestoreAgreement takes it out.
func (s *Store) DeleteAgreement(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "agreement.delete", "couple_agreement", id, 1)
}

// RestoreAgreement undoes DeleteAgreement.
func (s *Store) RestoreAgreement(ctx context.Context, id ids.ID) error {
	return s.setDeleted(ctx, "agreement.restore", "couple_agreement", id, 0)
}
