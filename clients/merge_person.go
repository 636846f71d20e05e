package clients

import (
	"context"
	"database/sql"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Joining is what making one person of two entries would do, for showing it first.
type Joining struct {
	From, Into Person
	Result     Person // how the one person would stand
	Moves      []Namesake
	Refused    error // why it is not done; nil when it may be
}

// Joined previews MergePersons. Only the coach is told.
func (s *Store) Joined(ctx context.Context, aud Audience, from, into ids.ID) (Joining, error) {
	var j Joining
	if !aud.IsCoach() {
		return j, NotFound()
	}
	q := s.cb.Reader()
	var err error
	if j.From, err = loadPerson(ctx, q, aud, from); err != nil {
		return j, err
	}
	if j.Into, err = loadPerson(ctx, q, aud, into); err != nil {
		return j, err
	}
	j.Result = oneOf(j.From, j.Into)
	all, err := s.people(ctx, ids.Nil, func(Name) bool { return true })
	for _, n := range all {
		if n.PersonID == from && !n.CoupleID.IsZero() {
			j.Moves = append(j.Moves, n)
		}
	}
	if err != nil {
		return j, err
	}
	j.Refused, err = mayMerge(ctx, q, from, into)
	return j, err
}

// mayMerge says why two entries cannot be one person: they are the two of one record.
func mayMerge(ctx context.Context, q casebook.Querier, from, into ids.ID) (refused, err error) {
	if from == into {
		return fault.Input("into", text.T("merge.same", "This is the same entry.")), nil
	}
	var together bool
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM couple WHERE (a_id = ?1 AND b_id = ?2) OR (a_id = ?2 AND b_id = ?1))`, from, into).Scan(&together)
	if together {
		refused = fault.New(fault.Refused, text.T("merge.couple", "These two are the partners of one record, so they are not one person."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	return refused, err
}

// oneOf is the person that two entries make: what the one that stays does not say is taken
// from the other, and of how they may be reached the more careful counts.
func oneOf(from, into Person) Person {
	out := into
	for _, f := range []struct{ to, of *string }{
		{&out.Given, &from.Given},
		{&out.Family, &from.Family},
		{&out.Latin, &from.Latin},
		{&out.Email, &from.Email},
		{&out.Phone, &from.Phone},
	} {
		if *f.to == "" {
			*f.to = *f.of
		}
	}
	if out.BirthYear == 0 {
		out.BirthYear = from.BirthYear
	}
	out.Safe = carefulOf(from.Safe, into.Safe)
	return out
}

// carefulOf keeps everything that either entry says against reaching somebody.
func carefulOf(a, b SafeContact) SafeContact {
	out := b
	if a.Message == "no" || out.Message == "" {
		out.Message = a.Message
	}
	if b.Message == "no" {
		out.Message = "no"
	}
	switch {
	case out.Channel == "":
		out.Channel = a.Channel
	case a.Channel != "" && a.Channel != out.Channel:
		out.Channel = "other" // the two disagree: ask before anything is sent
	}
	out.When, out.Note = both(a.When, b.When), both(a.Note, b.Note)
	shared := strings.Fields(b.Shared)
	for _, x := range strings.Fields(a.Shared) {
		if !b.IsShared(x) {
			shared = append(shared, x)
		}
	}
	out.Shared = strings.Join(shared, " ")
	return out
}

func both(a, b string) string {
	if a == "" || a == b {
		return b
	}
	if b == "" {
		return a
	}
	return b + " · " + a
}

// MergePersons makes one person of two entries: from goes into into, in every record that
// from is in. Nobody sees more by that than before (rule PV-19): records stay apart, whose
// an item is goes by its slot, a stop stays a stop, and of how to be reached the more
// careful counts. UnmergePersons takes it back.
func (s *Store) MergePersons(ctx context.Context, from, into ids.ID) error {
	return s.cb.Write(ctx, "person.merge", func(tx *casebook.Tx) error {
		refused, err := mayMerge(ctx, tx, from, into)
		if err != nil || refused != nil {
			return firstOf(err, refused)
		}
		a, err := loadPerson(ctx, tx, Audience{reader: CoachView}, from)
		if err != nil {
			return err
		}
		b, err := loadPerson(ctx, tx, Audience{reader: CoachView}, into)
		if err != nil {
			return err
		}
		if err := appendMerge(tx, from, into, "one"); err != nil {
			return err
		}
		if err := repoint(tx, from, into, ids.Nil); err != nil {
			return err
		}
		if err := storePerson(tx, oneOf(a, b)); err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE person SET deleted = 1 WHERE id = ?`, from))
	})
}

func firstOf(errs ...error) error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}

// UnmergePersons takes MergePersons back: the records that were from's are from's again.
// What was decided meanwhile is decided for from too.
func (s *Store) UnmergePersons(ctx context.Context, from, into ids.ID) error {
	return s.cb.Write(ctx, "person.unmerge", func(tx *casebook.Tx) error {
		var at int64
		err := tx.QueryRow(`SELECT k.hlc FROM person_merge m JOIN row_clock k ON k.id = m.id JOIN schema_rule t ON t.num = k.tbl AND t.tbl = 'person_merge' AND t.col = '*'
 WHERE m.from_id = ? AND m.into_id = ? AND m.state = 'one' AND NOT EXISTS (SELECT 1 FROM person_merge x WHERE x.replaces = m.id) ORDER BY k.hlc DESC LIMIT 1`, from, into).Scan(&at)
		if err != nil {
			return found(err)
		}
		records, err := casebook.Collect(ctx, tx, casebook.Value[ids.ID], `SELECT DISTINCT h.id FROM history h JOIN schema_rule t ON t.num = h.tbl AND t.tbl = 'couple' AND t.col = '*' WHERE h.hlc = ? AND h.col IN ('a_id', 'b_id') AND h.old = ?`, at, from)
		if err != nil {
			return err
		}
		if err := appendMerge(tx, from, into, "two"); err != nil {
			return err
		}
		for _, couple := range records {
			if err := repoint(tx, into, from, couple); err != nil {
				return err
			}
		}
		return one(tx.Exec(`UPDATE person SET deleted = 0 WHERE id = ?`, from))
	})
}

func appendMerge(tx *casebook.Tx, from, into ids.ID, state string) error {
	heads, err := heads(tx, "person_merge", `from_id = ? AND into_id = ?`, from, into)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if _, err := tx.Exec(`INSERT INTO person_merge (id, from_id, into_id, state, coach_id, replaces, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, ids.New(), from, into, state, tx.Coach, h, tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// repoint puts one person in the place of another in a record, or in all. What was decided
// by or about them is never changed: it is decided again, as it stands, for the one who
// takes the place.
func repoint(tx *casebook.Tx, from, into, couple ids.ID) error {
	records := []ids.ID{couple}
	if couple.IsZero() {
		var err error
		if records, err = casebook.Collect(tx.Context(), tx, casebook.Value[ids.ID], `SELECT id FROM couple WHERE a_id = ?1 OR b_id = ?1`, from); err != nil {
			return err
		}
	}
	for _, c := range records {
		for _, q := range []string{
			`UPDATE couple SET a_id = ?2 WHERE id = ?3 AND a_id = ?1`,
			`UPDATE couple SET b_id = ?2 WHERE id = ?3 AND b_id = ?1`,
			`UPDATE administration SET person_id = ?2 WHERE couple_id = ?3 AND person_id = ?1`,
			`UPDATE noted_condition SET person_id = ?2 WHERE couple_id = ?3 AND person_id = ?1`,
			`UPDATE referral SET person_id = ?2 WHERE couple_id = ?3 AND person_id = ?1`,
			`UPDATE attendance SET person_id = ?2 WHERE person_id = ?1 AND session_id IN (SELECT id FROM session WHERE couple_id = ?3)`,
		} {
			if _, err := tx.Exec(q, from, into, c); err != nil {
				return err
			}
		}
		if err := decideAgain(tx, c, from, into); err != nil {
			return err
		}
	}
	return nil
}

// decideAgain writes the signatures and screens in force of one person for another.
func decideAgain(tx *casebook.Tx, couple, from, into ids.ID) error {
	for _, d := range []struct{ tbl, cols, more string }{
		{"signature", "couple_id, purpose, state, text_version, language, signed_on, way, engagement_id, decision", ` AND NOT EXISTS (SELECT 1 FROM signature w WHERE w.couple_id = s.couple_id AND w.person_id = ?2 AND w.purpose = s.purpose AND w.state = s.state AND w.text_version = s.text_version AND w.signed_on = s.signed_on AND NOT EXISTS (SELECT 1 FROM signature x WHERE x.replaces = w.id))`},
		{"safety_screen", "couple_id, outcome, held_on, answers, body, supervisor, reason, subject, visibility, sensitivity", ` AND NOT EXISTS (SELECT 1 FROM safety_screen w WHERE w.couple_id = s.couple_id AND w.person_id = ?2 AND w.outcome = s.outcome AND w.held_on = s.held_on AND w.body = s.body AND NOT EXISTS (SELECT 1 FROM safety_screen x WHERE x.replaces = w.id))`},
	} {
		type head struct{ id ids.ID }
		heads, err := casebook.Collect(tx.Context(), tx, func(r *sql.Rows, h *head) error { return r.Scan(&h.id) },
			`SELECT s.id FROM `+d.tbl+` s WHERE s.couple_id = ?3 AND s.person_id = ?1 AND s.deleted = 0 AND NOT EXISTS (SELECT 1 FROM `+d.tbl+` w WHERE w.replaces = s.id)`+d.more+` ORDER BY s.id`, from, into, couple)
		if err != nil {
			return err
		}
		for _, h := range heads {
			if _, err := tx.Exec(`INSERT INTO `+d.tbl+` (id, person_id, created_at, `+d.cols+`) SELECT ?, ?, ?, `+d.cols+` FROM `+d.tbl+` WHERE id = ?`, ids.New(), into, tx.Now.UnixMilli(), h.id); err != nil {
				return err
			}
		}
	}
	return nil
}
