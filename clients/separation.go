package clients

import (
	"context"
	"errors"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Separate stores that the two of a record parted on a day (rule PV-20). Their engagement
// ends, every release that still counts ends with it, and nothing joint begins any more.
// What was joint stays for each to read; nothing widens. A joint report needs both to
// release it anew (ReportRelease).
func (s *Store) Separate(ctx context.Context, couple ids.ID, on day.Day) error {
	return s.cb.Write(ctx, "couple.separate", func(tx *casebook.Tx) error {
		if d, err := day.Parse(string(on)); err != nil || d == "" {
			return fault.Input("on_day", text.T("clients.day", "Write the day like 2026-11-22."))
		}
		if err := byNow(tx, "on_day", on); err != nil {
			return err
		}
		c, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, couple)
		if err != nil {
			return err
		}
		if c.Kind != KindCouple {
			return fault.New(fault.Refused, text.T("joint.single", "There is one client in this record."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		running, err := casebook.Collect(ctx, tx, casebook.Value[ids.ID], `SELECT id FROM engagement WHERE couple_id = ? AND deleted = 0 AND (ended_on = '' OR ended_on > ?)`, couple, on)
		if err != nil {
			return err
		}
		for _, id := range running {
			if err := ChangeEngagement(tx, id, func(e *Engagement) error { e.EndedOn = max(on, e.StartedOn); return nil }); err != nil {
				return err
			}
		}
		for _, slot := range []Slot{SlotA, SlotB} {
			if err := withdrawAll(tx, couple, slot, text.T("separation.way", "they parted")); err != nil {
				return err
			}
		}
		return appendSeparation(tx, couple, "parted", on)
	})
}

// Rejoin stores that the two are together again. Nothing opens by that: releases are given
// anew, and a new engagement begins.
func (s *Store) Rejoin(ctx context.Context, couple ids.ID) error {
	return s.cb.Write(ctx, "couple.rejoin", func(tx *casebook.Tx) error { return appendSeparation(tx, couple, "together", today(tx)) })
}

func appendSeparation(tx *casebook.Tx, couple ids.ID, state string, on day.Day) error {
	heads, err := heads(tx, "separation", `couple_id = ?`, couple)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if _, err := tx.Exec(`INSERT INTO separation (id, couple_id, state, on_day, coach_id, replaces, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, ids.New(), couple, state, on, tx.Coach, h, tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// Parted is the day on which the two of a record parted, zero while they are together.
func Parted(ctx context.Context, q casebook.Querier, couple ids.ID) (on day.Day, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce((SELECT on_day FROM parted WHERE couple_id = ?), '')`, couple).Scan(&on)
	return on, err
}

// Parted is the package's Parted on what is stored, for the coach.
func (s *Store) Parted(ctx context.Context, aud Audience, couple ids.ID) (day.Day, error) {
	if !aud.IsCoach() {
		return "", nil
	}
	return Parted(ctx, s.cb.Reader(), couple)
}

// bothReleased says whether both have released the record itself on a day: the release that
// a joint report of two who parted needs.
func bothReleased(ctx context.Context, q casebook.Querier, couple ids.ID, on day.Day) (bool, error) {
	m, err := releasedScopes(ctx, q, `item_id = ?`, on, couple)
	return m[couple][SlotA].Whole && m[couple][SlotB].Whole, err
}

// OpenOwnRecord makes a record of their own for one of two who parted. Nothing of the
// couple's is in it or can be reached from it (rule PV-21).
func (s *Store) OpenOwnRecord(ctx context.Context, couple ids.ID, slot Slot) (ids.ID, error) {
	var id ids.ID
	err := s.cb.Write(ctx, "couple.own", func(tx *casebook.Tx) error {
		c, err := LoadCouple(ctx, tx, Audience{reader: CoachView}, couple)
		if err != nil {
			return err
		}
		on, err := Parted(ctx, tx, couple)
		if err != nil {
			return err
		}
		if on.IsZero() || c.Person(slot).IsZero() {
			return fault.New(fault.Refused, text.T("separation.not_parted", "The two of this record have not parted."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		var there bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM couple WHERE kind = 'single' AND a_id = ? AND deleted = 0)`, c.Person(slot)).Scan(&there); err != nil {
			return err
		}
		if there {
			return fault.New(fault.Refused, text.T("separation.has_own", "There is a record of this person alone already."), text.T("fault.nothing_saved", "Nothing was changed."))
		}
		e := &Engagement{StartedOn: today(tx)}
		if err := tx.QueryRow(`SELECT coalesce((SELECT e.intent FROM engagement e WHERE e.id = `+CurrentEngagement("?1")+`), '')`, couple).Scan(&e.Intent); err != nil {
			return err
		}
		e.Coaches, err = casebook.Collect(ctx, tx, casebook.Value[ids.ID], `SELECT coach_id FROM engagement_coach WHERE engagement_id = `+CurrentEngagement("?1")+` AND deleted = 0 ORDER BY id`, couple)
		if err != nil {
			return err
		}
		id, err = InsertCouple(tx, NewCouple{A: &Person{ID: c.Person(slot)}, Engagement: e, Stage: "active", StageAt: tx.Now})
		if err != nil {
			return err
		}
		return InsertStage(tx, ids.Nil, id, "active", "")
	})
	return id, err
}

// errParted is what joint work of two who parted is refused with.
func errParted() error {
	return fault.New(fault.Refused, text.T("joint.parted", "They have parted: nothing joint is begun any more."),
		text.T("joint.parted_hint", "What was joint stays to be read. Each can be worked with in a record of their own. Nothing was changed."))
}

// MayChangeJoint is nil while what is joint may be written, else the refusal: of two who
// parted it stays as it is (rule PV-20).
func MayChangeJoint(ctx context.Context, q casebook.Querier, couple ids.ID) error {
	on, err := Parted(ctx, q, couple)
	return errors.Join(err, refusalIf(!on.IsZero(), errParted))
}

func refusalIf(is bool, refusal func() error) error {
	if is {
		return refusal()
	}
	return nil
}
