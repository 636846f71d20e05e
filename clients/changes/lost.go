package changes

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// lostValue is a value that lost to one whose author had not seen it.
type lostValue struct {
	key
	stamp
	value any
	seen  bool // somebody replaced it since, and knew it
}

// lostIn are the values that lost in a row.
func (h *teller) lostIn(num int64, id ids.ID) ([]lostValue, error) {
	return casebook.Collect(h.ctx, h.s.q, func(r *sql.Rows, l *lostValue) error {
		l.tbl, l.row = num, id
		return r.Scan(&l.col, &l.value, &l.hlc, &l.dev, &l.seen)
	}, `SELECT l.col, l.value, l.hlc, l.dev, EXISTS (SELECT 1 FROM history o WHERE o.tbl = l.tbl AND o.id = l.id AND o.col = l.col AND o.old IS l.value AND o.hlc > l.hlc)
		FROM lost l WHERE l.tbl = ? AND l.id = ? ORDER BY l.hlc, l.dev`, num, id)
}

// mark says of a change that its value lost, and to which one, while that still stands.
func (h *teller) mark(c *Change, l lostValue, now any) error {
	if l.seen || same(l.value, now) {
		return nil
	}
	c.Lost, c.Stands = true, words(l.col, now)
	return h.s.q.QueryRowContext(h.ctx, `SELECT coalesce((SELECT k.name FROM action a JOIN coach k ON k.id = a.coach_id
		WHERE (a.hlc, a.dev) = (SELECT hlc, dev FROM (SELECT hlc, dev, 0 AS made FROM col_clock WHERE tbl = ?1 AND id = ?2 AND col = ?3 UNION ALL SELECT hlc, dev, 1 FROM row_clock WHERE tbl = ?1 AND id = ?2) ORDER BY made LIMIT 1)), '')`,
		l.tbl, l.row, l.col).Scan(&c.By)
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// belonging tells of what was lost in the rows that belong to the records: a session of a
// couple, an answer in a conversation. Couples and persons are records of their own.
func (h *teller) belonging(of []ids.ID) error {
	rows, err := casebook.Collect(h.ctx, h.s.q, func(r *sql.Rows, k *key) error { return r.Scan(&k.tbl, &k.row) }, `SELECT DISTINCT tbl, id FROM lost`)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if h.told[k.row] {
			continue
		}
		tbl := h.names[k.tbl]
		mine, err := h.belongs(tbl, k.row, of, 0)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		alone := &teller{ctx: h.ctx, s: h.s, nums: h.nums, names: h.names, events: map[stamp]*Event{}, told: map[ids.ID]bool{}}
		if err := alone.row(tbl, k.tbl, k.row); err != nil {
			return err
		}
		for at, e := range alone.events {
			for _, c := range e.Changes {
				if c.Lost {
					h.add(at, c)
				}
			}
		}
	}
	return nil
}

// deepest is how many steps a row is from its couple at most.
const deepest = 4

// belongs follows what a row points to up to one of the records, and never through a
// couple or a person: they belong to others, too.
func (h *teller) belongs(tbl string, row ids.ID, of []ids.ID, steps int) (bool, error) {
	if slices.Contains(of, row) {
		return true, nil
	}
	if tbl == "couple" || tbl == "person" || steps == deepest {
		return false, nil
	}
	type link struct{ col, to string }
	links, err := casebook.Collect(h.ctx, h.s.q, func(r *sql.Rows, l *link) error { return r.Scan(&l.col, &l.to) },
		`SELECT "from", "table" FROM pragma_foreign_key_list(?) WHERE "table" NOT IN ('person', 'coach', 'note_rev')`, tbl)
	if err != nil {
		return false, err
	}
	for _, l := range links {
		var to ids.ID
		if err := h.s.q.QueryRowContext(h.ctx, `SELECT `+l.col+` FROM `+tbl+` WHERE id = ?`, row).Scan(&to); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return false, err
		}
		if to.IsZero() {
			continue
		}
		if mine, err := h.belongs(l.to, to, of, steps+1); mine || err != nil {
			return mine, err
		}
	}
	return false, nil
}

// CanTake says whether a value that lost can be taken instead of the one that stands.
func CanTake(c Change) bool {
	return c.Lost && slices.Contains(values[c.Table], c.Field)
}

// TakeLost writes a value that lost instead of the one that stands, which goes into the
// history like any other.
func (s *Store) TakeLost(ctx context.Context, aud clients.Audience, c Change) error {
	if !aud.IsCoach() || !CanTake(c) {
		return clients.NotFound()
	}
	return s.cb.Write(ctx, "history.take", func(tx *casebook.Tx) error {
		var lost any
		err := tx.QueryRow(`SELECT value FROM lost WHERE tbl = (SELECT num FROM schema_rule WHERE tbl = ? AND col = '*') AND id = ? AND col = ? AND hlc = ? AND dev = ?`,
			c.Table, c.Row, c.Field, c.stamp.hlc, c.stamp.dev).Scan(&lost)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Refused, text.T("history.taken", "This was decided on another computer meanwhile."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		if err != nil {
			return err
		}
		return bring(tx, c, lost)
	})
}
