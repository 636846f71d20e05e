package rights

import (
	"context"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
)

// Shown is what becomes of one item in the file of a person.
type Shown string

// The ways. What is the person's own, and what they may see already, is included; what is
// about both, or about others, waits for a decision and is left out until then.
const (
	Included Shown = "included"
	Waiting  Shown = "waiting"
	LeftOut  Shown = "left_out"
	Changed  Shown = "redacted"
)

// Entry is one item of the file.
type Entry struct {
	Table    string         `json:"table"`
	ID       ids.ID         `json:"id"`
	What     string         `json:"what"`
	On       day.Day        `json:"on,omitempty"`
	Shown    Shown          `json:"shown"`
	Why      string         `json:"why,omitempty"` // code: own, seen, consent, reasonable, partner, third_party
	Provided bool           `json:"provided"`      // by the person: goes along to another program
	Text     string         `json:"text,omitempty"`
	Values   map[string]any `json:"values,omitempty"`
}

// Decision is what somebody decided about an item that waits.
type Decision struct {
	Table    string `json:"table"`
	ID       ids.ID `json:"id"`
	Shown    Shown  `json:"shown"`
	Why      string `json:"why"`
	Redacted string `json:"redacted,omitempty"`
}

// File is the file of one person: what is kept of them, what was left out and why, and
// what was done with it.
type File struct {
	On      day.Day       `json:"on"`
	Person  ids.ID        `json:"person"`
	Name    string        `json:"name"`
	Entries []Entry       `json:"entries"`
	Traces  []traces.Line `json:"traces"`
}

// Count is how many entries are shown so.
func (f *File) Count(s Shown) int {
	n := 0
	for _, e := range f.Entries {
		if e.Shown == s {
			n++
		}
	}
	return n
}

// notInFile are columns that say nothing of a person: how rows hang together.
var notInFile = []string{"subject", "visibility", "sensitivity", "deleted", "head", "sealed_to", "replaces", "definition_hash", "keyed_by", "coach_id", "note_id", "field_id", "session_id", "assignment_id", "conversation_id", "enquiry_id", "couple_id", "person_id", "request_id", "created_at", "parents", "a_id", "b_id", "archived", "sha256", "booked_by"}

// provided are the tables of what a person gave themselves.
var provided = []string{"person", "administration", "practice_log", "conversation_answer", "enquiry", "signature"}

// Subject collects the file of one person. Decisions are about items that wait. Nothing of
// the other partner's own is read, nor a reflection that another coach sealed.
func (s *Store) Subject(ctx context.Context, aud clients.Audience, person ids.ID, decisions []Decision) (*File, error) {
	if err := s.cb.OwnerOnly(); err != nil { // it must hold all that there is of them, whoever coaches it
		return nil, err
	}
	if !aud.IsCoach() {
		return nil, clients.NotFound()
	}
	f := &File{On: aud.On(), Person: person, Entries: []Entry{}, Traces: []traces.Line{}}
	err := s.cb.Snapshot(ctx, func(q casebook.Querier) error {
		b := &planner{ctx: ctx, q: q, seals: s.cb, plan: &Plan{Scope: ScopePerson, ID: person}, seen: map[string]bool{}, notes: map[ids.ID]bool{}}
		var err error
		if b.tables, err = schema(ctx, q); err != nil {
			return err
		}
		if err := b.places(); err != nil {
			return err
		}
		c := &collector{planner: b, file: f, on: aud.On(), decided: map[ids.ID]Decision{}}
		for _, d := range decisions {
			c.decided[d.ID] = d
		}
		return c.run()
	})
	if err != nil {
		return nil, err
	}
	f.Traces, err = traces.New(s.cb).OfPerson(ctx, aud, person)
	return f, err
}

type collector struct {
	*planner
	file    *File
	on      day.Day
	decided map[ids.ID]Decision
}

func (c *collector) run() error {
	if err := c.own(c.table("person"), `x.id = ?`, "", c.plan.ID); err != nil {
		return err
	}
	for _, t := range c.tables {
		if t.Table == "note_rev" || t.Table == "person" {
			continue
		}
		for _, of := range c.plan.of() {
			cond, cols, args := of.Where(t.Rule, t.has)
			if cond != "" {
				if err := c.own(t, cond, cols, args...); err != nil {
					return err
				}
			}
		}
		for _, pl := range c.plan.Places {
			if err := c.shared(t, pl); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(c.file.Entries, func(a, b Entry) int {
		return strings.Compare(string(a.On)+a.Table+a.ID.String(), string(b.On)+b.Table+b.ID.String())
	})
	return nil
}

// own adds rows that are the person's own, or the columns of them that are.
func (c *collector) own(t *table, cond, cols string, args ...any) error {
	if t.has("deleted") {
		cond += ` AND x.deleted = 0`
	}
	rows, err := someRows(c.ctx, c.q, t, cond, args...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		e := Entry{Shown: Included, Why: "own", Provided: slices.Contains(provided, t.Table)}
		switch {
		case t.Table == "enquiry":
			r = part(r, cols)
		case r["subject"] == "third_party":
			e.Shown, e.Why = Waiting, "third_party"
			if d, ok := c.decided[idOf(r["id"])]; ok {
				e.Shown, e.Why, e.Text = d.Shown, d.Why, d.Redacted
			}
		}
		if err := c.entry(t, r, e); err != nil {
			return err
		}
	}
	return nil
}

// part leaves of an enquiry what one partner gave, and when.
func part(r values, cols string) values {
	out := values{"id": r["id"], "received_at": r["received_at"], "source": r["source"]}
	for c := range strings.FieldsSeq(cols) {
		name, part, isPart := strings.Cut(c, ":")
		if isPart {
			s, _ := r[name].(string)
			out[name] = plainOf(s, part)
			continue
		}
		out[name] = r[name]
	}
	return out
}

// shared adds rows of a record that are about both or about others: what the person may see
// already, and the rest for a decision.
func (c *collector) shared(t *table, pl Place) error {
	in := share.Within(t.has)
	if t.Table == "couple" {
		in = `x.id = ?`
	}
	switch t.Table {
	case "safety_screen", "report_made", "note", "export_made", "couple_tag", "joint_override", "stage_change", "enquiry":
		if t.Table != "note" && t.Table != "couple_tag" && t.Table != "stage_change" {
			return nil // the other partner's, or a list of what left the house
		}
	}
	whose := share.Whose(t.has)
	if in == "" || whose == "" && t.has("person_id") {
		return nil
	}
	if whose != "" {
		in += ` AND ` + whose + ` NOT IN ('A', 'B', '')`
	}
	seen := `0`
	if t.Audience == "self" {
		in += ` AND x.sensitivity <> 'safety'` // whose safety it is stands nowhere: it is nobody's to read here
		own := clients.For(map[clients.Slot]clients.Reader{clients.SlotA: clients.A, clients.SlotB: clients.B}[pl.Slot], c.on)
		seen = own.Gate("x")
		for col, holder := range map[string]string{"conversation_id": "conversation", "assignment_id": "assignment"} {
			if t.has(col) && t.Table != "couple_agreement" { // what lies in something is seen by nobody who may not see that
				seen += ` AND EXISTS (SELECT 1 FROM ` + holder + ` h WHERE h.id = x.` + col + ` AND ` + own.Gate("h") + `)`
			}
		}
	} else if t.Table == "couple" {
		seen = `1`
	}
	rows, err := someRows(c.ctx, c.q, t, in+` AND x.deleted = 0`, pl.Couple)
	if err != nil {
		return err
	}
	open, err := casebook.Collect(c.ctx, c.q, casebook.Value[ids.ID], `SELECT x.id FROM `+t.Table+` x WHERE `+in+` AND x.deleted = 0 AND `+seen, pl.Couple)
	if err != nil {
		return err
	}
	may := map[ids.ID]bool{}
	for _, id := range open {
		may[id] = true
	}
	for _, r := range rows {
		id := idOf(r["id"])
		e := Entry{Shown: Waiting, Why: "partner"}
		third := r["subject"] == "third_party"
		if third {
			e.Why = "third_party"
		}
		switch d, ok := c.decided[id]; {
		case ok:
			e.Shown, e.Why, e.Text = d.Shown, d.Why, d.Redacted
		case !third && (may[id] || t.Table == "session" || t.Table == "engagement"):
			e.Shown, e.Why = Included, "seen"
		}
		if err := c.entry(t, r, e); err != nil {
			return err
		}
	}
	return nil
}

// entry adds one row, with its texts where it is included.
func (c *collector) entry(t *table, r values, e Entry) error {
	e.Table, e.ID, e.What = t.Table, idOf(r["id"]), Name(t.Table)
	if c.seen[t.Table+e.ID.String()] {
		return nil
	}
	c.seen[t.Table+e.ID.String()] = true
	i := Item{Table: t.Table, ID: e.ID}
	if err := c.read(t, &i); err != nil {
		return err
	}
	e.On = i.On
	if i.Sealed { // another coach's, for nobody else's eyes
		return nil
	}
	if t.Table == "note_field" && strings.TrimSpace(i.Text) == "" || t.Table == "note" && e.Shown != Included {
		return nil
	}
	if e.Shown != Included {
		c.file.Entries = append(c.file.Entries, e)
		return nil
	}
	e.Values = map[string]any{}
	for col, v := range r {
		if slices.Contains(notInFile, col) || col == "id" {
			continue
		}
		switch v.(type) {
		case string, int64, float64:
			if v != "" && v != int64(0) && v != "{}" && v != "[]" {
				e.Values[col] = v
			}
		}
	}
	if t.Table == "note_field" || t.Table == "addendum" {
		e.Text = i.Text
		delete(e.Values, "body")
	}
	if t.Table == "assignment" && e.Why == "seen" { // the coach's own words about it
		delete(e.Values, "reason")
	}
	if t.Table == "session" { // where it was is the practice's or the other's as much
		delete(e.Values, "place")
	}
	c.file.Entries = append(c.file.Entries, e)
	return nil
}
