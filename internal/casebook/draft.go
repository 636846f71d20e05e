package casebook

import (
	"context"
	"crypto/sha1" // a place, nothing secret
	"database/sql"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/couplet-app/couplet/internal/ids"
)

// DraftPlace is the place of what is typed into something of a kind, such as the letter
// to one reader or one conversation, among the drafts of a record.
func DraftPlace(of ids.ID, kind string) ids.ID {
	return ids.ID(uuid.NewHash(sha1.New(), uuid.UUID(of), []byte("couplet "+kind), 8))
}

// The kinds of what is filled in over a while and has an id of its own. Their drafts lie in
// the record, with what they hold as JSON.
const (
	TypedTalk = "conversation"
	TypedQuiz = "quiz"
)

// KeepDraft keeps what is typed in a record on this computer alone: it has no stamp and is
// neither shared, searched nor told in the history, and it survives a crash. EndDraft ends it.
func (c *Casebook) KeepDraft(ctx context.Context, record, place ids.ID, body string) error {
	return c.Local(ctx, `INSERT INTO draft (note_id, field_id, body, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (note_id, field_id) DO UPDATE SET body = excluded.body, at = excluded.at`, record, place, body, c.Now().UnixMilli())
}

// EndDraft ends a draft with the rows that it has become.
func (t *Tx) EndDraft(record, place ids.ID) error {
	_, err := t.Exec(`DELETE FROM draft WHERE note_id = ? AND field_id = ?`, record, place)
	return err
}

// KeepTyped is KeepDraft of something of a kind with an id of its own.
func KeepTyped(ctx context.Context, c *Casebook, record, id ids.ID, kind string, typed any) error {
	body, err := json.Marshal(typed)
	if err != nil {
		return err
	}
	return c.KeepDraft(ctx, record, DraftPlace(id, kind), string(body))
}

// Typed are the drafts of one kind in a record, as KeepTyped kept them.
func Typed[T any](ctx context.Context, q Querier, record ids.ID, kind string, id func(T) ids.ID) ([]T, error) {
	type draft struct {
		place ids.ID
		body  string
	}
	all, err := Collect(ctx, q, func(r *sql.Rows, d *draft) error { return r.Scan(&d.place, &d.body) }, `SELECT field_id, body FROM draft WHERE note_id = ? ORDER BY at, field_id`, record)
	if err != nil {
		return nil, err
	}
	var out []T
	for _, d := range all {
		var x T
		if json.Unmarshal([]byte(d.body), &x) == nil && DraftPlace(id(x), kind) == d.place { // any other is of another kind
			out = append(out, x)
		}
	}
	return out, nil
}
