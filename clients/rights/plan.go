// Package rights is what clients can ask of whoever keeps records about them: their file,
// a correction, a pause, and that they are erased; and how long records are kept at all.
package rights

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// Store answers requests of clients. It is safe for use by several goroutines.
type Store struct {
	cb *casebook.Casebook
	// lock closes notes as they are, before a part of them is erased.
	lock func(tx *casebook.Tx, notes []ids.ID) (int, error)
}

// New is the store of a casebook; lock is how notes are locked.
func New(cb *casebook.Casebook, lock func(tx *casebook.Tx, notes []ids.ID) (int, error)) *Store {
	return &Store{cb: cb, lock: lock}
}

// Choice is what becomes of an item.
type Choice string

// The choices. What is only the person's own is deleted or kept; a free text about both can
// be redacted, or left as it stands because it says nothing of the person.
const (
	Undecided Choice = ""
	Delete    Choice = "delete"
	Redact    Choice = "redact"
	Keep      Choice = "keep"  // under an exception, with reason, ground and a day of review
	Leave     Choice = "leave" // it says nothing of the person
)

// Grounds on which something may be kept although a person asked for erasure.
const (
	LegalClaim      = "legal_claim"
	LegalObligation = "legal_obligation"
	Safeguarding    = "safeguarding"
)

// Item is one row, or a part of one, and what becomes of it.
type Item struct {
	Table  string  `json:"table"`
	ID     ids.ID  `json:"id"`
	Cols   string  `json:"columns,omitempty"` // "" is the whole row
	Couple ids.ID  `json:"record"`
	What   string  `json:"what"`
	On     day.Day `json:"on,omitempty"`
	Both   bool    `json:"about_both"` // a text about both: whoever decides reads it
	Sealed bool    `json:"sealed,omitempty"`
	Text   string  `json:"text,omitempty"`
	Choice Choice  `json:"choice"`
	// Redacted is what stands there instead, when it is redacted.
	Redacted string `json:"redacted,omitempty"`
	// Why it is kept, on which ground, and when that is looked at again.
	Reason   string  `json:"reason,omitempty"`
	Ground   string  `json:"ground,omitempty"`
	ReviewOn day.Day `json:"review_on,omitempty"`
	Held     bool    `json:"held,omitempty"` // there is a hold on it: it is kept
}

func (i Item) key() string { return i.Table + i.ID.String() + i.Cols }

// Place is a record in which the person has a slot.
type Place struct {
	Couple ids.ID       `json:"record"`
	Slot   clients.Slot `json:"partner"`
}

// Outside is a copy that the program knows of and cannot erase, or can only help with.
type Outside struct {
	Kind string  `json:"kind"` // report
	On   day.Day `json:"on,omitempty"`
	Name string  `json:"name,omitempty"`
}

// Plan is what an erasure will do, item by item. Nothing happens until it is applied, and
// then only to the casebook as it was when the plan was made.
type Plan struct {
	Format  string    `json:"format"`
	State   string    `json:"state"` // of the casebook
	On      day.Day   `json:"on"`
	Scope   string    `json:"scope"` // person, record or enquiry
	ID      ids.ID    `json:"id"`
	Places  []Place   `json:"places"`
	People  []ids.ID  `json:"people"`            // whose names and contact go
	Hold    string    `json:"hold,omitempty"`    // why nothing may be erased
	Ground  string    `json:"ground"`            // on which it is erased
	Request ids.ID    `json:"request,omitempty"` // the request that it answers
	Items   []Item    `json:"items"`
	Outside []Outside `json:"outside"`

	rule string // of retention, whose time has come
}

// The scopes of a plan.
const (
	ScopePerson  = "person"
	ScopeRecord  = "record"
	ScopeEnquiry = "enquiry"

	planFormat = "couplet erasure plan 1"
)

// Undecided is how many items nobody has decided about.
func (p *Plan) Undecided() int {
	n := 0
	for _, i := range p.Items {
		if i.Choice == Undecided {
			n++
		}
	}
	return n
}

// PlanPerson plans the erasure of one person, in every record that they are in. Texts about
// both partners are left for somebody to decide.
func (s *Store) PlanPerson(ctx context.Context, aud clients.Audience, person ids.ID) (*Plan, error) {
	return s.plan(ctx, aud, ScopePerson, person)
}

// PlanRecord plans the erasure of a whole record, and of its people where it is their only one.
func (s *Store) PlanRecord(ctx context.Context, aud clients.Audience, couple ids.ID) (*Plan, error) {
	return s.plan(ctx, aud, ScopeRecord, couple)
}

// PlanEnquiry plans the erasure of an enquiry that no record was made of.
func (s *Store) PlanEnquiry(ctx context.Context, aud clients.Audience, enquiry ids.ID) (*Plan, error) {
	return s.plan(ctx, aud, ScopeEnquiry, enquiry)
}

func (s *Store) plan(ctx context.Context, aud clients.Audience, scope string, id ids.ID) (*Plan, error) {
	if err := s.cb.OwnerOnly(); err != nil { // it must reach all that there is of them, whoever coaches it
		return nil, err
	}
	if !aud.IsCoach() {
		return nil, clients.NotFound()
	}
	p := &Plan{Format: planFormat, On: aud.On(), Scope: scope, ID: id, Ground: "request", Places: []Place{}, People: []ids.ID{}, Items: []Item{}, Outside: []Outside{}}
	err := s.cb.Snapshot(ctx, func(q casebook.Querier) error {
		state, err := s.state(ctx, q, "")
		if err != nil {
			return err
		}
		p.State = state
		b := &planner{ctx: ctx, q: q, seals: s.cb, plan: p, seen: map[string]bool{}}
		return b.run()
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// state names what the casebook holds at a moment, by the actions for which a condition holds.
func (s *Store) state(ctx context.Context, q casebook.Querier, where string) (string, error) {
	var said string
	err := q.QueryRowContext(ctx, `SELECT coalesce((SELECT max(hlc) FROM action`+where+`), 0) || ' ' || coalesce((SELECT hlc FROM brought), 0) || ' ' || (SELECT count(*) FROM row_clock)`).Scan(&said)
	if err != nil {
		return "", err
	}
	mac, err := s.cb.MAC("erasure plan", []byte(said))
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(mac[:12]), nil
}

// planner builds a plan.
type planner struct {
	ctx    context.Context
	q      casebook.Querier
	seals  casebook.Seals
	plan   *Plan
	tables []*table
	held   map[ids.ID]Item // items with a hold: why
	seen   map[string]bool
	notes  map[ids.ID]bool // go as a whole: what is in them is not asked about
}

func (b *planner) run() error {
	var err error
	if b.tables, err = schema(b.ctx, b.q); err != nil {
		return err
	}
	b.notes = map[ids.ID]bool{}
	steps := []func() error{b.places, b.holds, b.own}
	if b.plan.Scope == ScopePerson {
		steps = append(steps, b.both, b.named)
	}
	for _, step := range append(steps, b.outside) {
		if err := step(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(b.plan.Items, func(x, y Item) int {
		return strings.Compare(fmt.Sprint(!x.Both)+string(x.On)+x.Table+x.ID.String(), fmt.Sprint(!y.Both)+string(y.On)+y.Table+y.ID.String())
	})
	return nil
}

// places finds the records, and whose names go.
func (b *planner) places() error {
	p := b.plan
	switch p.Scope {
	case ScopePerson:
		var there bool
		if err := b.q.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM person WHERE id = ?)`, p.ID).Scan(&there); err != nil {
			return err
		}
		if !there {
			return clients.NotFound()
		}
		merged, err := casebook.Collect(b.ctx, b.q, casebook.Value[ids.ID], `SELECT from_id FROM person_merge m WHERE into_id = ? AND state = 'one' AND deleted = 0 AND NOT EXISTS (SELECT 1 FROM person_merge x WHERE x.replaces = m.id)`, p.ID)
		if err != nil {
			return err
		}
		p.People = append(append(p.People, p.ID), merged...)
		return casebook.Each(b.ctx, b.q, func(r *sql.Rows) error {
			var pl Place
			if err := r.Scan(&pl.Couple, &pl.Slot); err != nil {
				return err
			}
			p.Places = append(p.Places, pl)
			return nil
		}, `SELECT id, iif(a_id = ?1, 'A', 'B') FROM couple WHERE a_id = ?1 OR b_id = ?1 ORDER BY id`, p.ID)
	case ScopeRecord:
		var people [2]ids.ID
		if err := b.q.QueryRowContext(b.ctx, `SELECT a_id, b_id FROM couple WHERE id = ?`, p.ID).Scan(&people[0], &people[1]); err != nil {
			return missing(err)
		}
		p.Places = append(p.Places, Place{Couple: p.ID})
		for _, person := range people {
			var elsewhere bool
			if err := b.q.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM couple WHERE id <> ?1 AND deleted = 0 AND (a_id = ?2 OR b_id = ?2))`, p.ID, person).Scan(&elsewhere); err != nil {
				return err
			}
			if !person.IsZero() && !elsewhere {
				p.People = append(p.People, person)
			}
		}
	case ScopeEnquiry:
		var couple ids.ID
		if err := b.q.QueryRowContext(b.ctx, `SELECT couple_id FROM enquiry WHERE id = ?`, p.ID).Scan(&couple); err != nil {
			return missing(err)
		}
		if !couple.IsZero() {
			return fault.New(fault.Refused, text.T("rights.has_record", "A record was made of this enquiry."), text.T("rights.has_record_hint", "Erase the record, or one of the two people. Nothing was changed."))
		}
	}
	return nil
}

// of are the rules of the erasure.
func (p *Plan) of() []share.Of {
	var out []share.Of
	for _, person := range p.People {
		out = append(out, share.Of{Person: person})
	}
	for _, pl := range p.Places {
		out = append(out, share.Of{Couple: pl.Couple, Slot: string(pl.Slot)})
	}
	return out
}

// holds reads what must be left: everything, or single items.
func (b *planner) holds() error {
	all, err := Holds(b.ctx, b.q)
	if err != nil {
		return err
	}
	b.held = map[ids.ID]Item{}
	for _, h := range all {
		switch {
		case !h.Item.IsZero():
			b.held[h.Item] = Item{Choice: Keep, Reason: h.Reason, Ground: h.Ground, ReviewOn: h.ReviewOn, Held: true}
		case slices.Contains(b.plan.People, h.Person) || slices.ContainsFunc(b.plan.Places, func(p Place) bool { return p.Couple == h.Couple }) || b.plan.Scope == ScopePerson && h.Person == b.plan.ID:
			b.plan.Hold = h.Reason
		}
	}
	return nil
}

// own finds what is the person's alone, or of a record or enquiry everything.
func (b *planner) own() error {
	for _, person := range b.plan.People {
		if err := b.add(b.table("person"), person, "", ids.Nil, false, Delete); err != nil {
			return err
		}
	}
	if b.plan.Scope == ScopeEnquiry {
		return b.enquiry()
	}
	for _, t := range sortedFirst(b.tables, "note") {
		if t.Table == "person" || t.Table == "note_rev" {
			continue
		}
		for _, of := range b.plan.of() {
			cond, cols, args := of.Where(t.Rule, t.has)
			if b.plan.Scope == ScopeRecord && t.Table == "couple" && !of.Couple.IsZero() {
				cond, args = `x.id = ?`, []any{of.Couple}
			}
			if cond == "" {
				continue
			}
			found, err := casebook.Collect(b.ctx, b.q, casebook.Value[ids.ID], `SELECT x.id FROM `+t.Table+` x WHERE `+cond+` AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = x.id AND e.cols = ?) ORDER BY x.id`, append(args, cols)...)
			if err != nil {
				return err
			}
			for _, id := range found {
				if err := b.add(t, id, cols, of.Couple, false, Delete); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (b *planner) enquiry() error {
	for _, x := range [][2]string{{"enquiry", "id"}, {"discovery_call", "enquiry_id"}, {"stage_change", "enquiry_id"}} {
		found, err := casebook.Collect(b.ctx, b.q, casebook.Value[ids.ID], `SELECT id FROM `+x[0]+` WHERE `+x[1]+` = ?`, b.plan.ID)
		if err != nil {
			return err
		}
		for _, id := range found {
			if err := b.add(b.table(x[0]), id, "", ids.Nil, false, Delete); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedFirst(all []*table, first string) []*table {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b *table) int {
		switch {
		case a.Table == first && b.Table != first:
			return -1
		case b.Table == first && a.Table != first:
			return 1
		}
		return 0
	})
	return out
}

func (b *planner) table(name string) *table {
	i := slices.IndexFunc(b.tables, func(t *table) bool { return t.Table == name })
	return b.tables[i]
}

// both finds the texts that are about both or about others, and the reports made of both.
func (b *planner) both() error {
	for _, t := range b.tables {
		for _, pl := range b.plan.Places {
			in := share.Within(t.has)
			if t.Table == "couple" {
				in = `x.id = ?`
			}
			if in == "" || t.Table == "note" || t.Table == "note_rev" {
				continue
			}
			if whose := share.Whose(t.has); whose != "" {
				in += ` AND ` + whose + ` NOT IN ('A', 'B', '')`
			} else if t.has("person_id") {
				continue
			}
			free := t.free()
			cols, choice := strings.Join(free, " "), Undecided
			switch {
			case t.Table == "report_made":
				cols, choice = "", Delete
			case len(free) == 0:
				continue
			case t.Table == "note_field":
				in += ` AND x.head IS NOT NULL`
				cols = ""
			case t.goesWhole():
				in += ` AND (` + strings.Join(free, " || ") + `) <> ''`
				cols = ""
			default:
				in += ` AND (` + strings.Join(free, " || ") + `) NOT IN ('', '{}')`
			}
			found, err := casebook.Collect(b.ctx, b.q, casebook.Value[ids.ID], `SELECT x.id FROM `+t.Table+` x WHERE `+in+` AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.item_id = x.id AND e.cols IN ('', ?))`+decidedOn+` ORDER BY x.id`, pl.Couple, cols)
			if err != nil {
				return err
			}
			for _, id := range found {
				if err := b.add(t, id, cols, pl.Couple, choice == Undecided, choice); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// add puts one item on the plan.
func (b *planner) add(t *table, id ids.ID, cols string, couple ids.ID, both bool, choice Choice) error {
	i := Item{Table: t.Table, ID: id, Cols: cols, Couple: couple, What: Name(t.Table), Both: both, Choice: choice}
	if b.seen[i.key()] {
		return nil
	}
	b.seen[i.key()] = true
	if t.Table == "note" {
		b.notes[id] = true
	} else if t.has("note_id") && len(b.notes) > 0 {
		var note ids.ID
		if err := b.q.QueryRowContext(b.ctx, `SELECT note_id FROM `+t.Table+` WHERE id = ?`, id).Scan(&note); err != nil {
			return err
		}
		if b.notes[note] {
			return nil
		}
	}
	if err := b.read(t, &i); err != nil {
		return err
	}
	if h, ok := b.held[id]; ok {
		i.Choice, i.Reason, i.Ground, i.ReviewOn, i.Held = h.Choice, h.Reason, h.Ground, h.ReviewOn, true
	}
	b.plan.Items = append(b.plan.Items, i)
	return nil
}
