package share

import (
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// partnerMark begins the columns of a record of erasure that is about all that is one
// partner's in a couple's record.
const partnerMark = "partner:"

// PartnerCols are the columns of the record of erasure that says so. Who is who in that
// record never changes again.
func PartnerCols(slot string) string { return partnerMark + slot + " a_id b_id" }

// Of says of whom everything is erased, also what comes later from a computer that did not
// know: a person, one partner's part of a record, or a record.
type Of struct {
	Person, Couple ids.ID
	Slot           string
}

// erasedRule is Of as a record of erasure says it.
type erasedRule struct {
	Of
	id, run ids.ID // of the record, and of its erasure
	at      stamp
}

// requestCols is what of a request and its steps goes; that there was one stays. So does
// that a copy left the house, which the coach still has to look after.
var requestCols = map[string]string{"subject_request": "identity outcome extended", "request_step": "reason", "export_made": "name"}

// enquiryCols is what of an enquiry is one partner's.
var enquiryCols = map[string]string{"A": "a_given a_family details:a", "B": "b_given b_family details:b"}

// Where is the condition for the rows x of a table that this is about, and which columns of
// them, ” for all; the condition is ” where there are none.
func (o Of) Where(t casebook.Rule, has func(col string) bool) (cond, cols string, args []any) {
	if t.Erase == "none" || notErased(t) {
		return "", "", nil
	}
	if !o.Person.IsZero() {
		switch {
		case t.Table == "request_step":
			return `x.request_id IN (SELECT id FROM subject_request WHERE person_id = ?)`, requestCols[t.Table], []any{o.Person}
		case !has("person_id"):
			return "", "", nil
		}
		return `x.person_id = ?`, requestCols[t.Table], []any{o.Person}
	}
	in := Within(has)
	args = []any{o.Couple}
	switch {
	case in == "" || o.Slot == "":
		return in, "", args
	case t.Table == "enquiry":
		return in, enquiryCols[o.Slot], args
	}
	whose := Whose(has)
	if whose == "" {
		return "", "", nil
	}
	return in + ` AND ` + whose + ` = ?`, "", append(args, o.Slot)
}

// Within is the condition that row x of a table belongs to a record; "" for none.
func Within(has func(col string) bool) string {
	switch {
	case has("couple_id"):
		return `x.couple_id = ?`
	case has("note_id"):
		return `x.note_id IN (SELECT id FROM note WHERE couple_id = ?)`
	case has("session_id"):
		return `x.session_id IN (SELECT id FROM session WHERE couple_id = ?)`
	}
	return ""
}

// Whose is what says of row x of a table with the columns that has tells of, whose it is
// in its record: A, B, both, third_party; "" where nothing says so. A row of a person is
// that person's, and nobody's slot.
func Whose(has func(col string) bool) string {
	whose := ""
	switch {
	case has("partner") && has("subject"):
		whose = `iif(x.partner IN ('A', 'B'), x.partner, x.subject)`
	case has("partner"):
		whose = `x.partner`
	case has("subject"):
		whose = `x.subject`
	case has("about"):
		whose = `x.about`
	}
	if whose != "" && has("person_id") {
		whose = `iif(x.person_id IS NULL, ` + whose + `, '')`
	}
	return whose
}

// notHeld leaves what an erasure left with a reason, or was decided about since.
const notHeld = ` AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.item_id = x.id)`

// ofErased finds the rows that rules are about, among those that came or were changed, and
// for a rule that came among all, and notes each as erased, so that it stays so.
func (a *applier) ofErased() error {
	for i, r := range a.rules {
		if i >= a.newRule && !r.Couple.IsZero() { // what is typed of letters, conversations and quizzes lies with the drafts of the record
			if err := a.exec(`DELETE FROM draft WHERE note_id = ?`, r.Couple); err != nil {
				return err
			}
		}
		for _, t := range a.schema.tables {
			cond, cols, args := r.Where(t.Rule, func(c string) bool { return t.col(c) >= 0 })
			if cond == "" {
				continue
			}
			if i >= a.newRule {
				found, err := casebook.Collect(a.ctx, a.to, casebook.Value[ids.ID], `SELECT x.id FROM `+t.Table+` x WHERE `+cond+notHeld, args...)
				if err != nil {
					return err
				}
				for _, id := range found {
					if err := a.isOf(r, t, id, cols); err != nil {
						return err
					}
				}
				continue
			}
			for k := range a.touched.of {
				if k.tbl != t.Num {
					continue
				}
				there, err := a.one(`SELECT 1 FROM `+t.Table+` x WHERE x.id = ? AND `+cond+notHeld, append([]any{k.id}, args...), new(int))
				if err != nil {
					return err
				}
				if there {
					if err := a.isOf(r, t, k.id, cols); err != nil {
						return err
					}
				}
			}
		}
	}
	a.newRule = len(a.rules)
	return nil
}

// isOf notes that a row is erased because of a rule, as every computer does by itself.
func (a *applier) isOf(r erasedRule, t *table, id ids.ID, cols string) error {
	a.touched.items[id] = true
	record := ErasureID(r.run, id, cols)
	if err := a.exec(`INSERT INTO erasure (id, item_tbl, item_id, ground, at, cols, run_id, created_at) SELECT ?, ?, ?, ground, at, ?, run_id, created_at FROM erasure WHERE id = ? ON CONFLICT DO NOTHING`,
		record, t.Table, id, cols, r.id); err != nil {
		return err
	}
	dev, err := a.device(r.at.dev)
	if err != nil {
		return err
	}
	if err := a.exec(`INSERT INTO row_clock (tbl, id, hlc, dev) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, a.schema.byName["erasure"].Num, record, r.at.hlc, dev); err != nil {
		return err
	}
	a.addErased(record, t.Table, id, r.run, cols, r.at)
	return nil
}
