package rights

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
)

// Counts is what an erasure did: numbers, and never of whom.
type Counts struct {
	Erased   map[string]int `json:"erased"`   // rows, by table
	Redacted int            `json:"redacted"` // texts about both
	Left     int            `json:"left"`     // texts about both that say nothing of the person
	Kept     map[string]int `json:"kept"`     // by ground
}

// All is how many rows were erased.
func (c Counts) All() int {
	n := 0
	for _, of := range c.Erased {
		n += of
	}
	return n
}

func nothing(sentence, hint string) error {
	return fault.New(fault.Refused, sentence, hint)
}

// Apply does what a plan says, all of it or nothing, and returns the id of the erasure. It
// refuses a plan that was made of another state of the casebook, that leaves something
// undecided, or that a hold forbids. What this computer, the shared folder and the backups
// still hold afterwards is listed as due in the casebook.
func (s *Store) Apply(ctx context.Context, aud clients.Audience, p *Plan) (ids.ID, error) {
	if p.Format != planFormat {
		return ids.Nil, fault.Input("plan", text.T("rights.not_plan", "This is no plan of an erasure."))
	}
	now, err := s.plan(ctx, aud, p.Scope, p.ID)
	if err != nil {
		return ids.Nil, err
	}
	if err := p.agrees(now); err != nil {
		return ids.Nil, err
	}
	run := ids.New()
	err = s.cb.Write(ctx, "erasure.make", func(tx *casebook.Tx) error {
		if state, err := s.state(ctx, tx, ` WHERE hlc <> couplet_hlc() OR dev <> couplet_dev()`); err != nil || state != p.State {
			if err == nil {
				err = changedSince()
			}
			return err
		}
		e := &eraser{tx: tx, plan: p, run: run, lock: s.lock, counts: Counts{Erased: map[string]int{}, Kept: map[string]int{}}}
		return e.do()
	})
	if err != nil {
		return ids.Nil, err
	}
	return run, nil
}

func changedSince() error {
	return nothing(text.T("rights.changed", "The casebook was changed since this plan was made."), text.T("rights.changed_hint", "Make the plan again and look at what is new. Nothing was erased."))
}

// agrees holds a plan with somebody's choices to one that was made just now.
func (p *Plan) agrees(now *Plan) error {
	if p.State != now.State {
		return changedSince()
	}
	if now.Hold != "" {
		return nothing(text.T("rights.held", "There is a hold: nothing may be erased."), text.T("rights.held_hint", "Lift the hold first, with the reason. Nothing was erased."))
	}
	if len(p.Items) != len(now.Items) {
		return fault.Input("items", text.T("rights.items", "The plan does not name every item. Make it again."))
	}
	mine := map[string]Item{}
	for _, i := range p.Items {
		mine[i.key()] = i
	}
	var errs []error
	undecided := 0
	for _, n := range now.Items {
		i, ok := mine[n.key()]
		switch {
		case !ok:
			return fault.Input("items", text.T("rights.items", "The plan does not name every item. Make it again."))
		case n.Held && i.Choice != Keep:
			errs = append(errs, fault.Input(i.key(), text.T("rights.item_held", "%s: there is a hold on it, so it has to be kept.", n.What)))
		case i.Choice == Undecided:
			undecided++
		case (i.Choice == Redact || i.Choice == Leave) && (!n.Both || n.Sealed), !slices.Contains([]Choice{Delete, Redact, Keep, Leave}, i.Choice):
			errs = append(errs, fault.Input(i.key(), text.T("rights.choice", "%s: this cannot be chosen for it.", n.What)))
		case i.Choice == Redact && strings.TrimSpace(i.Redacted) == "":
			errs = append(errs, fault.Input(i.key(), text.T("rights.redacted", "%s: write what is to stand there, or delete it.", n.What)))
		case i.Choice == Keep:
			if err := (Hold{Reason: i.Reason, Ground: i.Ground, ReviewOn: i.ReviewOn}).Validate(); err != nil {
				errs = append(errs, err)
			}
		}
	}
	if undecided > 0 {
		errs = append(errs, nothing(text.T("rights.undecided", "%d items are not decided yet.", undecided), text.T("rights.undecided_hint", "Choose for each whether it is deleted, redacted, kept or left. Nothing was erased.")))
	}
	// The scope, the people and the records are those of now, whatever the file says.
	p.Places, p.People = now.Places, now.People
	return errors.Join(errs...)
}

// eraser writes the records of one erasure and does what they say.
type eraser struct {
	tx     *casebook.Tx
	plan   *Plan
	run    ids.ID
	lock   func(*casebook.Tx, []ids.ID) (int, error)
	counts Counts
}

func (e *eraser) do() error {
	if err := e.lockNotes(); err != nil {
		return err
	}
	for _, i := range e.plan.Items {
		if err := e.item(i); err != nil {
			return err
		}
	}
	for _, pl := range e.plan.Places {
		if slices.ContainsFunc(e.plan.Items, func(i Item) bool { return i.ID == pl.Couple && i.Choice == Keep && pl.Slot == "" }) {
			continue
		}
		cols := ""
		if pl.Slot != "" {
			cols = share.PartnerCols(string(pl.Slot))
		}
		if err := e.record("couple", pl.Couple, cols); err != nil {
			return err
		}
	}
	counts, err := json.Marshal(e.counts)
	if err != nil {
		return err
	}
	if _, err := e.tx.Exec(`INSERT INTO erasure (id, ground, at, counts, run_id, created_at) VALUES (?1, ?2, ?3, ?4, ?1, ?3)`, e.run, e.plan.Ground, e.tx.Now.UnixMilli(), string(counts)); err != nil {
		return err
	}
	for _, t := range Tasks {
		if _, err := e.tx.Exec(`INSERT INTO erasure_task (id, run_id, task, created_at) VALUES (?, ?, ?, ?)`, ids.New(), e.run, t, e.tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	if e.plan.rule != "" {
		if err := decided(e.tx, e.plan.rule, "erased", 1); err != nil {
			return err
		}
	}
	if !e.plan.Request.IsZero() {
		if _, err := e.tx.Exec(`UPDATE subject_request SET state = 'done', done_on = ? WHERE id = ? AND person_id = ?`, string(e.plan.On), e.plan.Request, e.plan.ID); err != nil {
			return err
		}
	}
	who := traces.Entry{Kind: traces.ErasureMade, Table: "erasure", ItemID: e.run}
	if e.plan.Scope == ScopePerson {
		who.PersonID = e.plan.ID
	}
	if err := traces.Record(e.tx, who); err != nil {
		return err
	}
	return share.EraseNow(e.tx, e.run)
}

// lockNotes locks the notes of which a part is erased: what goes on is written beside it.
func (e *eraser) lockNotes() error {
	var notes []ids.ID
	for _, i := range e.plan.Items {
		if i.Choice == Keep || i.Choice == Leave {
			continue
		}
		note := i.ID
		switch i.Table {
		case "note":
		case "note_field":
			if err := e.tx.QueryRow(`SELECT note_id FROM note_field WHERE id = ?`, i.ID).Scan(&note); err != nil {
				return err
			}
		default:
			continue
		}
		if !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	if len(notes) == 0 || e.lock == nil {
		return nil
	}
	_, err := e.lock(e.tx, notes)
	return err
}

func (e *eraser) item(i Item) error {
	switch i.Choice {
	case Keep:
		e.counts.Kept[i.Ground]++
		return e.keep(i)
	case Leave:
		e.counts.Left++
		return e.keepAs(i, Hold{Reason: text.T("rights.left", "says nothing of the person")}, "off")
	case Redact:
		e.counts.Redacted++
		cols := e.colsOf(i)
		if err := e.record(i.Table, i.ID, cols); err != nil {
			return err
		}
		_, err := e.tx.Exec(`INSERT INTO redaction (id, run_id, item_tbl, item_id, col, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			ids.New(), e.run, i.Table, i.ID, strings.Fields(cols)[0], i.Redacted, e.tx.Now.UnixMilli())
		return err
	}
	e.counts.Erased[i.Table]++
	return e.record(i.Table, i.ID, i.Cols)
}

// colsOf are the columns that a redaction takes out and writes anew, the latter first.
func (e *eraser) colsOf(i Item) string {
	if i.Cols != "" {
		return i.Cols
	}
	if l := freeTexts[i.Table]; len(l) > 0 {
		return strings.Join(l, " ")
	}
	return "body"
}

// keep leaves an item, and of a note all that is in it, with the reason.
func (e *eraser) keep(i Item) error {
	h := Hold{Reason: i.Reason, Ground: i.Ground, ReviewOn: i.ReviewOn}
	if err := e.keepAs(i, h, "on"); err != nil || i.Table != "note" {
		return err
	}
	for _, tbl := range []string{"note_field", "addendum"} {
		parts, err := casebook.Collect(e.tx.Context(), e.tx, casebook.Value[ids.ID], `SELECT id FROM `+tbl+` WHERE note_id = ?`, i.ID)
		if err != nil {
			return err
		}
		for _, id := range parts {
			if err := e.keepAs(Item{Table: tbl, ID: id, Couple: i.Couple}, h, "on"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *eraser) keepAs(i Item, h Hold, state string) error {
	if i.Held { // there is one already
		return nil
	}
	h.ID, h.Couple, h.Table, h.Item = ids.New(), i.Couple, i.Table, i.ID
	return insertHold(e.tx, h, state, ids.Nil)
}

func (e *eraser) record(tbl string, id ids.ID, cols string) error {
	_, err := e.tx.Exec(`INSERT INTO erasure (id, item_tbl, item_id, ground, at, cols, run_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5) ON CONFLICT DO NOTHING`,
		share.ErasureID(e.run, id, cols), tbl, id, e.plan.Ground, e.tx.Now.UnixMilli(), cols, e.run)
	if err != nil {
		return fmt.Errorf("record of %s: %w", tbl, err)
	}
	return nil
}
