package changes

import (
	"context"
	"slices"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// values are the columns that an earlier value can be brought back into by itself:
// what says something, and nothing that decides who may see it or how things stand.
var values = map[string][]string{
	"person":           {"given_name", "family_name", "latin_name", "say_name", "pronouns", "language", "birth_year", "email", "phone", "safe_channel", "safe_when", "safe_message", "safe_note", "safe_shared"},
	"couple":           {"status", "together_since"},
	"enquiry":          {"a_given", "a_family", "b_given", "b_family", "source", "message", "next_step", "next_on"},
	"session":          {"place", "mode", "minutes"},
	"assignment":       {"cue", "size"},
	"practice_log":     {"noticed", "next_change"},
	"conversation":     {"topic"},
	"couple_agreement": {"body", "who", "review_on"},
	"letter":           {"body"},
}

// CanBringBack says whether the value before a change can be brought back by itself.
func CanBringBack(c Change) bool {
	return !c.Made && c.Before != "" && slices.Contains(values[c.Table], c.Field)
}

// BringBackValue writes the value before a change anew. What stands there now goes into
// the history like any other.
func (s *Store) BringBackValue(ctx context.Context, aud clients.Audience, c Change) error {
	if !aud.IsCoach() || !CanBringBack(c) {
		return clients.NotFound()
	}
	return s.cb.Write(ctx, "history.restore", func(tx *casebook.Tx) error {
		var was any
		if err := tx.QueryRow(`SELECT old FROM history WHERE tbl = (SELECT num FROM schema_rule WHERE tbl = ? AND col = '*') AND id = ? AND col = ? AND hlc = ? AND dev = ? ORDER BY n LIMIT 1`,
			c.Table, c.Row, c.Field, c.stamp.hlc, c.stamp.dev).Scan(&was); err != nil {
			return err
		}
		return bring(tx, c, was)
	})
}

// bring writes a value that stood or lost there before.
func bring(tx *casebook.Tx, c Change, was any) error {
	res, err := tx.Exec(`UPDATE `+c.Table+` SET `+c.Field+` = ? WHERE id = ? AND deleted = 0 AND `+c.Field+` IS NOT ?`, was, c.Row, was)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		if err == nil {
			err = fault.New(fault.Refused, text.T("history.same", "It says this already, or lies in the recycle bin."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		return err
	}
	return nil
}
