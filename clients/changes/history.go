package changes

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// Event is what one action did to a record.
type Event struct {
	At      time.Time
	Coach   string // who, "" where it is not known
	Device  ids.ID // on which computer
	Action  string // as it is stored; Words says it to a person
	Changes []Change
}

// Change is one value of a record, or of a part of it.
type Change struct {
	Table  string
	Row    ids.ID
	Field  string // the column, or the key of a note's text
	Before string
	After  string
	Made   bool // the row was made with this value

	// Lost says that After lost to a value whose author had not seen it: it was written at
	// the same time as Stands, which By wrote.
	Lost   bool
	Stands string
	By     string

	stamp stamp
}

// parts are what belongs to a record: its rows are told with it. The columns say whose
// part a row is.
var parts = map[string][][2]string{
	"note":         {{"note_field", "note_id"}, {"note_rev", "note_id"}, {"addendum", "note_id"}, {"note_lock", "note_id"}},
	"session":      {{"attendance", "session_id"}},
	"conversation": {{"conversation_answer", "conversation_id"}},
	"couple":       {{"couple_tag", "couple_id"}, {"stage_change", "couple_id"}, {"signature", "couple_id"}, {"letter", "couple_id"}},
	"enquiry":      {{"stage_change", "enquiry_id"}},
	"engagement":   {{"engagement_coach", "engagement_id"}},
}

// about are the decisions on any row.
var about = [][2]string{{"visibility_change", "item_id"}, {"release", "item_id"}}

// History is everything that happened to the records of those ids and their parts, the
// newest first. It is the coach's; nobody else is shown any of it.
func (s *Store) History(ctx context.Context, aud clients.Audience, of ...ids.ID) ([]Event, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	all, err := rules(ctx, s.q)
	if err != nil {
		return nil, err
	}
	nums, names := map[string]int64{}, map[int64]string{}
	for n, r := range all {
		nums[r.Table], names[n] = n, r.Table
	}
	h := &teller{ctx: ctx, s: s, nums: nums, names: names, events: map[stamp]*Event{}, told: map[ids.ID]bool{}}
	for _, id := range of {
		tables, err := casebook.Collect(ctx, s.q, casebook.Value[int64], `SELECT tbl FROM row_clock WHERE id = ?`, id)
		if err != nil {
			return nil, err
		}
		if len(tables) == 0 {
			return nil, clients.NotFound()
		}
		for _, n := range tables {
			if err := h.record(all[n].Table, id); err != nil {
				return nil, err
			}
		}
	}
	if err := h.belonging(of); err != nil {
		return nil, err
	}
	return h.tell()
}

// teller gathers the changes of rows by the action that made them.
type teller struct {
	ctx    context.Context
	s      *Store
	nums   map[string]int64
	names  map[int64]string
	events map[stamp]*Event
	told   map[ids.ID]bool // the rows of which everything was told
}

// record tells of a row and its parts.
func (h *teller) record(tbl string, id ids.ID) error {
	if err := h.row(tbl, h.nums[tbl], id); err != nil {
		return err
	}
	for _, p := range slices.Concat(parts[tbl], about) {
		rows, err := casebook.Collect(h.ctx, h.s.q, casebook.Value[ids.ID], `SELECT id FROM `+p[0]+` WHERE `+p[1]+` = ?`, id)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := h.row(p[0], h.nums[p[0]], row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *teller) add(at stamp, c Change) {
	e := h.events[at]
	if e == nil {
		e = &Event{At: at.at()}
		h.events[at] = e
	}
	c.stamp = at
	e.Changes = append(e.Changes, c)
}

// row tells how a row was made and what changed in it.
func (h *teller) row(tbl string, num int64, id ids.ID) error {
	if tbl == "note_rev" {
		return h.revision(num, id)
	}
	now, err := h.cells(tbl, id)
	if err != nil || now == nil {
		return err
	}
	if to, sealed := now["sealed_to"].([]byte); sealed {
		if ids.ID(to) != h.s.cb.Me() {
			return nil // another coach's reflection: nobody else is told that there is one
		}
		if body, ok := now["body"].(string); ok {
			now["body"], _ = h.s.cb.Unseal(body)
		}
	}
	h.told[id] = true
	olds, err := casebook.Collect(h.ctx, h.s.q, scanOld, oldColumns+` WHERE tbl = ? AND id = ? ORDER BY hlc, n`, num, id)
	if err != nil {
		return err
	}
	lost, err := h.lostIn(num, id)
	if err != nil {
		return err
	}
	first := maps.Clone(now)
	for i := len(olds) - 1; i >= 0; i-- {
		o := olds[i]
		first[o.col] = o.value
		if silent(o.col) {
			continue
		}
		left := leftBy(olds[i:], now)
		c := Change{Table: tbl, Row: id, Field: o.col, Before: words(o.col, o.value)}
		if at := slices.IndexFunc(lost, func(l lostValue) bool { return l.col == o.col && l.stamp == o.stamp }); at >= 0 {
			left = lost[at].value
			if err := h.mark(&c, lost[at], now[o.col]); err != nil {
				return err
			}
			lost = slices.Delete(lost, at, at+1)
		}
		c.After = words(o.col, left)
		h.add(o.stamp, c)
	}
	for _, l := range lost { // of a row that was made in two places
		if c := (Change{Table: tbl, Row: id, Field: l.col, After: words(l.col, l.value)}); !silent(l.col) {
			if err := h.mark(&c, l, now[l.col]); err != nil {
				return err
			}
			if c.Lost {
				h.add(l.stamp, c)
			}
		}
	}
	return h.made(tbl, num, id, first)
}

// leftBy is what the first of the changes of a row left in its column: what the next one
// found there that had seen it. One that found what this one found had not.
func leftBy(olds []old, now map[string]any) any {
	for _, o := range olds[1:] {
		if o.col == olds[0].col && !same(o.value, olds[0].value) {
			return o.value
		}
	}
	return now[olds[0].col]
}

// made tells how a row was made: with what it held before every change.
func (h *teller) made(tbl string, num int64, id ids.ID, first map[string]any) error {
	var at stamp
	if err := h.s.q.QueryRowContext(h.ctx, `SELECT hlc, dev FROM row_clock WHERE tbl = ? AND id = ?`, num, id).Scan(&at.hlc, &at.dev); err != nil {
		if err == sql.ErrNoRows {
			return nil
		}
		return err
	}
	cols := make([]string, 0, len(first))
	for col, v := range first {
		if w := words(col, v); w != "" && w != "0" && w != "{}" && w != "[]" && !silent(col) && col != "deleted" {
			cols = append(cols, col)
		}
	}
	slices.Sort(cols)
	if len(cols) == 0 {
		h.add(at, Change{Table: tbl, Row: id, Made: true})
	}
	for _, col := range cols {
		h.add(at, Change{Table: tbl, Row: id, Field: col, After: words(col, first[col]), Made: true})
	}
	return nil
}

// revision tells what one saved text changed.
func (h *teller) revision(num int64, id ids.ID) error {
	var at stamp
	var c Change
	var parents string
	var sealedTo ids.ID
	err := h.s.q.QueryRowContext(h.ctx, `SELECT k.hlc, k.dev, f.id, f.key, v.parents, v.body, f.sealed_to FROM note_rev v JOIN note_field f ON f.id = v.field_id
		JOIN row_clock k ON k.tbl = ? AND k.id = v.id WHERE v.id = ?`, num, id).Scan(&at.hlc, &at.dev, &c.Row, &c.Field, &parents, &c.After, &sealedTo)
	if err == sql.ErrNoRows || (err == nil && !sealedTo.IsZero() && sealedTo != h.s.cb.Me()) {
		return nil
	}
	if err != nil {
		return err
	}
	c.Table = "note_rev"
	if first, _, _ := strings.Cut(parents, " "); len(first) >= 36 {
		parent, err := ids.Parse(first[:36])
		if err != nil {
			return err
		}
		if err := h.s.q.QueryRowContext(h.ctx, `SELECT coalesce((SELECT body FROM note_rev WHERE id = ?), '')`, parent).Scan(&c.Before); err != nil {
			return err
		}
	}
	if !sealedTo.IsZero() {
		c.Before, _ = h.s.cb.Unseal(c.Before)
		c.After, _ = h.s.cb.Unseal(c.After)
	}
	h.add(at, c)
	return nil
}

// cells are the values of a row by column, nil if there is no such row.
func (h *teller) cells(tbl string, id ids.ID) (map[string]any, error) {
	rows, err := h.s.q.QueryContext(h.ctx, `SELECT * FROM `+tbl+` WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil || !rows.Next() {
		return nil, cmp.Or(err, rows.Err())
	}
	vals, into := make([]any, len(cols)), make([]any, len(cols))
	for i := range vals {
		into[i] = &vals[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	out := map[string]any{}
	for i, col := range cols {
		out[col] = vals[i]
	}
	return out, nil
}

// silent are the columns that say nothing to a person by themselves.
func silent(col string) bool {
	switch col {
	case "id", "head", "created_at", "sealed_to", "nonce", "commitment", "chain", "replaces", "position":
		return true
	}
	return strings.HasSuffix(col, "_id") || strings.HasSuffix(col, "_hash")
}

// words is a stored value as text: instants in UTC, ids and sealed bytes not at all.
func words(col string, v any) string {
	switch x := v.(type) {
	case nil, []byte:
		return ""
	case int64:
		if x > 1e11 && strings.HasSuffix(col, "_at") {
			return time.UnixMilli(x).UTC().Format(time.RFC3339)
		}
		return fmt.Sprint(x)
	}
	return fmt.Sprint(v)
}

// tell names the actions and who took them.
func (h *teller) tell() ([]Event, error) {
	stamps := make([]stamp, 0, len(h.events))
	for at, e := range h.events {
		err := h.s.q.QueryRowContext(h.ctx, `SELECT coalesce((SELECT name FROM action WHERE hlc = ?1 AND dev = ?2), ''),
			coalesce((SELECT c.name FROM action a JOIN coach c ON c.id = a.coach_id WHERE a.hlc = ?1 AND a.dev = ?2), ''), (SELECT uuid FROM device WHERE n = ?2)`, at.hlc, at.dev).Scan(&e.Action, &e.Coach, &e.Device)
		if err != nil {
			return nil, err
		}
		stamps = append(stamps, at)
	}
	slices.SortFunc(stamps, func(a, b stamp) int { return cmp.Or(cmp.Compare(b.hlc, a.hlc), cmp.Compare(b.dev, a.dev)) })
	out := make([]Event, 0, len(stamps))
	for _, at := range stamps {
		out = append(out, *h.events[at])
	}
	return out, nil
}
