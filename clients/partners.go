package clients

import (
	"context"
	"database/sql"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// ChangePartners sets who is A and who is B of a couple: the two the other way round, or
// somebody else in a slot. What stands in the record was written of whoever had the slot,
// so whoever has it now sees none of it by that (rule PV-19): what was for one partner
// alone becomes the coach's, what was for both stays open to who could read it before, and
// every release ends, for it was given to somebody else. The coach opens again what belongs
// open.
func (s *Store) ChangePartners(ctx context.Context, couple, a, b ids.ID) error {
	return s.cb.Write(ctx, "couple.partners", func(tx *casebook.Tx) error {
		c, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, couple)
		if err != nil {
			return err
		}
		was := map[Slot]ids.ID{SlotA: c.A, SlotB: c.B}
		c.A, c.B = a, b
		if err := c.Validate(); err != nil {
			return err
		}
		for _, id := range []ids.ID{a, b} {
			if id.IsZero() {
				continue
			}
			if _, err := partner(tx, &Person{ID: id}); err != nil {
				return err
			}
		}
		changed := map[Slot]bool{SlotA: was[SlotA] != a, SlotB: was[SlotB] != b}
		if !changed[SlotA] && !changed[SlotB] {
			return nil
		}
		if err := stopsStay(tx, couple, was, map[Slot]ids.ID{SlotA: a, SlotB: b}); err != nil {
			return err
		}
		swapped := was[SlotA] == b && was[SlotB] == a
		if err := narrowForChange(tx, couple, changed, swapped); err != nil {
			return err
		}
		for _, slot := range []Slot{SlotA, SlotB} { // what one let see was for the other, not for whoever comes
			if err := withdrawAll(tx, couple, slot, "partners changed"); err != nil {
				return err
			}
		}
		return one(tx.Exec(`UPDATE couple SET a_id = ?, b_id = ? WHERE id = ?`, a, b, couple))
	})
}

// stopsStay refuses to take somebody out of a record whose screen stops it: the stop would
// go with them.
func stopsStay(tx *casebook.Tx, couple ids.ID, was, now map[Slot]ids.ID) error {
	for _, person := range was {
		if person == now[SlotA] || person == now[SlotB] || person.IsZero() {
			continue
		}
		inForce, err := screensInForce(tx.Context(), tx, couple, person)
		if err != nil {
			return err
		}
		for _, h := range inForce {
			if h.Outcome.strictness() >= ScreenDiscuss.strictness() {
				return holdRefusal()
			}
		}
	}
	return nil
}

// narrowForChange closes what a slot could read to whoever has it next.
func narrowForChange(tx *casebook.Tx, couple ids.ID, changed map[Slot]bool, swapped bool) error {
	type item struct {
		id  ids.ID
		vis Visibility
	}
	for tbl, owner := range carriers {
		open, err := casebook.Collect(tx.Context(), tx, func(r *sql.Rows, i *item) error { return r.Scan(&i.id, &i.vis) },
			`SELECT x.id, x.visibility FROM `+tbl+` x WHERE `+ofCouple(owner)+` AND x.visibility <> 'coach_only'`, couple)
		if err != nil {
			return err
		}
		for _, i := range open {
			to := narrowed(i.vis, changed, swapped)
			if to == i.vis {
				continue
			}
			if err := RecordVisibility(tx, tbl, couple, i.id, i.vis, to, "partners changed"); err != nil {
				return err
			}
		}
	}
	return nil
}

// narrowed is what a visibility becomes when slots change hands.
func narrowed(v Visibility, changed map[Slot]bool, swapped bool) Visibility {
	switch v {
	case PartnerA:
		if changed[SlotA] {
			return CoachOnly
		}
	case PartnerB:
		if changed[SlotB] {
			return CoachOnly
		}
	case Joint:
		switch {
		case swapped: // the same two
		case changed[SlotA] && changed[SlotB]:
			return CoachOnly
		case changed[SlotA]:
			return PartnerB
		case changed[SlotB]:
			return PartnerA
		}
	default:
		return CoachOnly
	}
	return v
}

// WouldClose is how many things a change of partners would close, for showing it first.
func (s *Store) WouldClose(ctx context.Context, aud Audience, couple, a, b ids.ID) (int, error) {
	if !aud.IsCoach() {
		return 0, nil
	}
	c, err := s.Couple(ctx, aud, couple)
	if err != nil {
		return 0, err
	}
	if a == b {
		return 0, fault.Input("b", text.T("clients.same_person", "A couple is two different people."))
	}
	changed := map[Slot]bool{SlotA: c.A != a, SlotB: c.B != b}
	n := 0
	for tbl, owner := range carriers {
		all, err := casebook.Collect(ctx, s.cb.Reader(), casebook.Value[Visibility], `SELECT x.visibility FROM `+tbl+` x WHERE `+ofCouple(owner)+` AND x.visibility <> 'coach_only'`, couple)
		if err != nil {
			return 0, err
		}
		for _, v := range all {
			if narrowed(v, changed, c.A == b && c.B == a) != v {
				n++
			}
		}
	}
	return n, nil
}
