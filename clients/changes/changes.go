// Package changes is what happened to the records: who changed what and when, the
// last steps of this computer to be undone, and what lies in the recycle bin. All of it
// is the coach's alone: what was taken out of a text before somebody was shown it must
// not come back through its history.
//
// It reads what every write leaves behind (the stamps, old values and names of actions
// that internal/casebook captures), so it knows every table without being told.
package changes

import (
	"context"
	"database/sql"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Store reads and undoes changes.
type Store struct {
	cb *casebook.Casebook
	q  casebook.Querier
	// mayMeet says whether a joint session of a couple may be booked (rule PV-30).
	mayMeet func(ctx context.Context, couple ids.ID) error
}

// New is the store over an open casebook.
func New(cb *casebook.Casebook, mayMeet func(ctx context.Context, couple ids.ID) error) *Store {
	return &Store{cb: cb, q: cb.Reader(), mayMeet: mayMeet}
}

// stamp is the one clock that everything of a transaction carries.
type stamp struct {
	hlc int64
	dev int64
}

// at is the time in a stamp.
func (s stamp) at() time.Time { return time.UnixMilli(s.hlc >> 16).UTC() }

// key is one cell of the casebook.
type key struct {
	tbl int64
	row ids.ID
	col string
}

// old is what stood in a cell before a change.
type old struct {
	key
	stamp
	n     int64
	value any
}

// rules are the tables by their numbers.
func rules(ctx context.Context, q casebook.Querier) (map[int64]casebook.Rule, error) {
	all, err := casebook.Rules(ctx, q)
	out := map[int64]casebook.Rule{}
	for _, r := range all {
		out[r.Num] = r
	}
	return out, err
}

func scanOld(r *sql.Rows, o *old) error {
	return r.Scan(&o.n, &o.tbl, &o.row, &o.col, &o.value, &o.hlc, &o.dev)
}

const oldColumns = `SELECT n, tbl, id, col, old, hlc, dev FROM history`
