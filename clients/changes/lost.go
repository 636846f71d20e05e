package changes

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

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
	tables, err := casebook.Collect(h.ctx, h.s.q, casebook.Value[int64], `SELECT DISTINCT tbl FROM lost`)
	if err != nil || len(tables) == 0 {
		return err
	}
	up, err := h.links()
	if err != nil {
		return err
	}
	list, err := json.Marshal(of)
	if err != nil {
		return err
	}
	for _, num := range tables {
		tbl := h.names[num]
		if tbl == "" || tbl == "couple" || tbl == "person" {
			continue
		}
		rows, err := casebook.Collect(h.ctx, h.s.q, casebook.Value[ids.ID], lostOf(tbl, up), num, string(list))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := h.lostPart(tbl, num, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// lostPart tells of what was lost in a row, and of nothing else in it.
func (h *teller) lostPart(tbl string, num int64, row ids.ID) error {
	if h.told[row] {
		return nil
	}
	alone := &teller{ctx: h.ctx, s: h.s, nums: h.nums, names: h.names, events: map[stamp]*Event{}, told: map[ids.ID]bool{}}
	if err := alone.row(tbl, num, row); err != nil {
		return err
	}
	for at, e := range alone.events {
		for _, c := range e.Changes {
			if c.Lost {
				h.add(at, c)
			}
		}
	}
	return nil
}

// link is a column that points to a row of another table.
type link struct{ tbl, col, to string }

// links are the columns of a table that point to what its rows are a part of.
func (h *teller) links() (map[string][]link, error) {
	all, err := casebook.Collect(h.ctx, h.s.q, func(r *sql.Rows, l *link) error { return r.Scan(&l.tbl, &l.col, &l.to) },
		`SELECT m.name, k."from", k."table" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table' AND k."table" NOT IN ('person', 'coach', 'note_rev')`)
	out := map[string][]link{}
	for _, l := range all {
		out[l.tbl] = append(out[l.tbl], l)
	}
	return out, err
}

// deepest is how many steps a row is from its couple at most.
const deepest = 4

// lostOf is SQL for the rows of a table (its number is ?1) in which something was lost and
// that belong to one of the records ?2: it follows what a row points to, and never
// through a couple, which other rows belong to as well.
func lostOf(tbl string, up map[string][]link) string {
	var joins, mine strings.Builder
	n := 0
	var follow func(tbl, x string, steps int)
	follow = func(tbl, x string, steps int) {
		for _, l := range up[tbl] {
			fmt.Fprintf(&mine, " OR %s.%s IN record", x, l.col)
			if l.to == "couple" || steps == deepest {
				continue
			}
			n++
			y := fmt.Sprintf("x%d", n)
			fmt.Fprintf(&joins, " LEFT JOIN %s %s ON %s.id = %s.%s", l.to, y, y, x, l.col)
			follow(l.to, y, steps+1)
		}
	}
	follow(tbl, "x", 1)
	return `WITH record (id) AS (SELECT unhex(replace(value, '-', '')) FROM json_each(?2)) SELECT DISTINCT l.id FROM lost l JOIN ` + tbl + ` x ON x.id = l.id` + joins.String() +
		` WHERE l.tbl = ?1 AND (x.id IN record` + mine.String() + `)`
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
