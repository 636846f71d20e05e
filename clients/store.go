package clients

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Store keeps persons, couples, engagements and what they agreed to. It is safe for
// use by several goroutines. Every method that returns client content takes the
// Audience that will read it.
type Store struct{ cb *casebook.Casebook }

// New is the store of a casebook.
func New(cb *casebook.Casebook) *Store { return &Store{cb: cb} }

// Millis is how a time is stored: milliseconds since 1970 in UTC, 0 for no time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// AtMillis reads what Millis stored, in UTC.
func AtMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// NotFound is the fault for a record that is not there, or not for this reader: the
// two look the same.
func NotFound() error {
	return fault.New(fault.NotFound, text.T("clients.not_found", "There is no such record."), text.T("fault.nothing_saved", "Nothing was changed."))
}

// found turns the absence of a row into NotFound.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return NotFound()
	}
	return err
}

// one is NotFound unless the statement touched a row.
func one(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return NotFound()
	}
	return err
}

// flag sets the column deleted or archived of one row.
func (s *Store) flag(ctx context.Context, action, tbl, col string, id ids.ID, on bool) error {
	return s.cb.Write(ctx, action, func(tx *casebook.Tx) error {
		return one(tx.Exec(`UPDATE `+tbl+` SET `+col+` = ? WHERE id = ?`, on, id))
	})
}
