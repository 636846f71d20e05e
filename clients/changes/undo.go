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

// Undone is what an undo did.
type Undone struct {
	Left    int // values that were changed again since, and stay
	Reports int // reports made while something could be seen that now cannot (rule PV-16)
}

// Undo takes back what a step did, as a new write of its own: values become what they
// were, what was made goes to the recycle bin, what was deleted comes back. A value that
// was changed again since stays. It never shows anything to more people, and touches
// neither what is locked nor what was decided, signed or concerns safety: it then
// refuses, and nothing is changed.
func (s *Store) Undo(ctx context.Context, aud clients.Audience, step Step) (Undone, error) {
	var done Undone
	if !aud.IsCoach() || step.stamp.hlc == 0 {
		return done, clients.NotFound()
	}
	if step.Action == "restore.day" || step.Action == "restore.missing" {
		return done, fault.New(fault.Refused, text.T("undo.restore", "A restore is taken back with the backup that was made before it."),
			text.T("undo.restore_hint", "You find it in Settings, under Backups. Nothing was changed."))
	}
	err := s.cb.Write(ctx, undoName(step), func(tx *casebook.Tx) error {
		u := &undoing{tx: tx, step: step, done: &done, mayMeet: s.mayMeet}
		return u.run()
	})
	return done, err
}

type undoing struct {
	tx      *casebook.Tx
	step    Step
	done    *Undone
	mayMeet func(ctx context.Context, couple ids.ID) error
	rules   map[int64]casebook.Rule
	made    map[ids.ID]string // rows made by the step, with their tables
	undone  int
}

func (u *undoing) num(tbl string) int64 {
	for n, r := range u.rules {
		if r.Table == tbl {
			return n
		}
	}
	return 0
}

func refuse(sentence string) error {
	return fault.New(fault.Refused, sentence, text.T("fault.nothing_saved", "Nothing was changed."))
}

func (u *undoing) run() error {
	ctx := u.tx.Context()
	var err error
	if u.rules, err = rules(ctx, u.tx); err != nil {
		return err
	}
	was, err := tail(ctx, u.tx, u.step.stamp)
	if err != nil {
		return err
	}
	if err := u.look(); err != nil {
		return err
	}
	for k := range was {
		if err := u.mayTouch(u.rules[k.tbl].Table, k.row); err != nil {
			return err
		}
	}
	for k, v := range was {
		if err := u.cell(k, v); err != nil {
			return err
		}
	}
	for row, tbl := range u.made {
		if err := u.bin(tbl, row); err != nil {
			return err
		}
	}
	if u.undone == 0 {
		return refuse(text.T("undo.changed", "This was changed again since and cannot be undone."))
	}
	return nil
}

// look finds the rows that the step made, and refuses a step that decided something.
func (u *undoing) look() error {
	type row struct {
		tbl int64
		id  ids.ID
	}
	rows, err := casebook.Collect(u.tx.Context(), u.tx, func(r *sql.Rows, x *row) error { return r.Scan(&x.tbl, &x.id) },
		`SELECT tbl, id FROM row_clock WHERE hlc = ? AND dev = ?`, u.step.stamp.hlc, u.step.stamp.dev)
	if err != nil {
		return err
	}
	u.made = map[ids.ID]string{}
	for _, r := range rows {
		rule := u.rules[r.tbl]
		switch {
		case rule.Table == "visibility_change" || rule.Table == "stage_change" || rule.Table == "note_rev" || rule.Table == "trace":
			continue // what they go with is undone, and they stay as what was done
		case rule.Table == "addendum" || rule.Table == "note_lock":
			return refuse(text.T("undo.locked", "What belongs to a locked note stays."))
		case rule.Merge != "lww" || rule.Audience == casebook.Keys:
			return refuse(text.T("undo.decided", "What was decided or signed is not undone: record the new decision."))
		}
		if err := u.mayTouch(rule.Table, r.id); err != nil {
			return err
		}
		u.made[r.id] = rule.Table
	}
	return nil
}

// mayTouch refuses what concerns safety and what is locked.
func (u *undoing) mayTouch(tbl string, row ids.ID) error {
	cols, err := casebook.Columns(u.tx.Context(), u.tx, tbl)
	if err != nil {
		return err
	}
	if slices.Contains(cols, "sensitivity") {
		var safety bool
		if err := u.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM `+tbl+` WHERE id = ? AND sensitivity = 'safety')`, row).Scan(&safety); err != nil {
			return err
		}
		if safety {
			return refuse(text.T("undo.safety", "What concerns safety is not undone: change it where it stands."))
		}
	}
	note := map[string]string{"note": "id", "note_field": "note_id"}[tbl]
	if note == "" {
		return nil
	}
	var locked bool
	if err := u.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM `+tbl+` x JOIN note_lock l ON l.note_id = x.`+note+` WHERE x.id = ?)`, row).Scan(&locked); err != nil {
		return err
	}
	if locked {
		return refuse(text.T("undo.locked", "What belongs to a locked note stays."))
	}
	return nil
}

// cell gives a value back that is still as the step left it.
func (u *undoing) cell(k key, was any) error {
	tbl := u.rules[k.tbl].Table
	if u.made[k.row] != "" { // it goes as a whole
		return nil
	}
	same, err := u.asLeft(k)
	if err != nil {
		return err
	}
	if !same {
		u.done.Left++
		return nil
	}
	u.undone++
	switch k.col {
	case "head":
		return u.text(k.row, was)
	case "visibility":
		return u.visibility(tbl, k.row, was)
	case "sensitivity":
		return refuse(text.T("undo.wider", "Undoing this would show it to more people: change that where it stands."))
	case "stage":
		if err := u.stage(tbl, k.row, was); err != nil {
			return err
		}
	}
	if _, err = u.tx.Exec(`UPDATE `+tbl+` SET `+k.col+` = ? WHERE id = ?`, was, k.row); err != nil {
		return err
	}
	if tbl == "session" {
		return u.booked(k.row)
	}
	return nil
}

// asLeft says whether a cell holds what the step left in it: nobody changed it since, or
// what they changed was undone.
func (u *undoing) asLeft(k key) (bool, error) {
	var now any
	if err := u.tx.QueryRow(`SELECT `+k.col+` FROM `+u.rules[k.tbl].Table+` WHERE id = ?`, k.row).Scan(&now); err != nil {
		return false, err
	}
	left := now
	err := u.tx.QueryRow(`SELECT old FROM history WHERE tbl = ? AND id = ? AND col = ? AND hlc > ? ORDER BY hlc, n LIMIT 1`, k.tbl, k.row, k.col, u.step.stamp.hlc).Scan(&left)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if k.col != "head" {
		return reflect.DeepEqual(now, left), nil
	}
	var same bool // the text counts, not the revision
	err = u.tx.QueryRow(`SELECT coalesce((SELECT body FROM note_rev WHERE id = ?), '') = coalesce((SELECT body FROM note_rev WHERE id = ?), '')`, now, left).Scan(&same)
	return same, err
}

// booked refuses a joint session that would be booked again and may not be any more.
func (u *undoing) booked(session ids.ID) error {
	var couple ids.ID
	err := u.tx.QueryRow(`SELECT couple_id FROM session WHERE id = ? AND kind = 'joint' AND state = 'booked' AND deleted = 0`, session).Scan(&couple)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return u.mayMeet(u.tx.Context(), couple)
}

// text writes the text before as a new revision, which follows the one of now. Before is
// what the step went on from, whatever else was shown when it was saved.
func (u *undoing) text(field ids.ID, was any) error {
	before, there, err := u.before(field)
	if err != nil {
		return err
	}
	if there {
		was = ids.Nil
		if len(before) == 1 {
			was = before[0]
		}
	}
	var note, head ids.ID
	var body string
	if err := u.tx.QueryRow(`SELECT note_id, head, coalesce((SELECT body FROM note_rev WHERE id = ?), '') FROM note_field WHERE id = ?`, was, field).Scan(&note, &head, &body); err != nil {
		return err
	}
	if len(before) > 1 {
		return u.apart(note, field, head, before)
	}
	return revise(u.tx, note, field, head, body)
}

// before are the revisions that the one of the step follows: two where it made one text
// of two versions.
func (u *undoing) before(field ids.ID) (revs []ids.ID, there bool, err error) {
	var parents string
	err = u.tx.QueryRow(`SELECT v.parents FROM note_rev v JOIN row_clock c ON c.id = v.id AND c.tbl = ? WHERE v.field_id = ? AND c.hlc = ? AND c.dev = ?`, u.num("note_rev"), field, u.step.stamp.hlc, u.step.stamp.dev).Scan(&parents)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return ids.List(parents), true, err
}

// apart sets the versions side by side again, each as its author wrote it; the first is
// shown, as the latest of them.
func (u *undoing) apart(note, field, head ids.ID, versions []ids.ID) error {
	revs := make([]ids.ID, len(versions))
	for i := range revs {
		revs[i] = ids.New()
	}
	slices.SortFunc(revs, func(a, b ids.ID) int { return slices.Compare(b[:], a[:]) })
	for i, v := range versions {
		if _, err := u.tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, coach_id, at, created_at) SELECT ?, ?, ?, ?, body, coach_id, at, ? FROM note_rev WHERE id = ?`,
			revs[i], note, field, head.String(), u.tx.Now.UnixMilli(), v); err != nil {
			return err
		}
	}
	_, err := u.tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, revs[0], field)
	return err
}

func revise(tx *casebook.Tx, note, field, head ids.ID, body string) error {
	rev, now := ids.New(), tx.Now.UnixMilli()
	if _, err := tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		rev, note, field, head.String(), body, tx.Coach, now, now); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, field)
	return err
}

// visibility closes again what the step opened; it never opens what the step closed.
func (u *undoing) visibility(tbl string, row ids.ID, was any) error {
	var is clients.Visibility
	var couple ids.ID
	s, _ := was.(string)
	to := clients.Visibility(s)
	if err := u.tx.QueryRow(`SELECT visibility FROM `+tbl+` WHERE id = ?`, row).Scan(&is); err != nil {
		return err
	}
	if clients.Widens(is, to) {
		return refuse(text.T("undo.wider", "Undoing this would show it to more people: change that where it stands."))
	}
	if err := clients.SetVisibility(u.tx, tbl, row, to, text.T("note.visibility_undone", "Undone")); err != nil {
		return err
	}
	if err := u.tx.QueryRow(`SELECT couple_id FROM visibility_change WHERE item_id = ? ORDER BY at DESC, id DESC LIMIT 1`, row).Scan(&couple); err != nil {
		return err
	}
	n := 0
	err := u.tx.QueryRow(`SELECT count(*) FROM report_made WHERE couple_id = ? AND created_at >= ? AND deleted = 0`, couple, u.step.At.UnixMilli()).Scan(&n)
	u.done.Reports = max(u.done.Reports, n)
	return err
}

// stage tells the list of stages that the step back was taken.
func (u *undoing) stage(tbl string, row ids.ID, was any) error {
	col := map[string]string{"couple": "couple_id", "enquiry": "enquiry_id"}[tbl]
	if col == "" {
		return nil
	}
	_, err := u.tx.Exec(`INSERT INTO stage_change (id, `+col+`, stage, at, coach_id, reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		ids.New(), row, was, u.tx.Now.UnixMilli(), u.tx.Coach, text.T("note.visibility_undone", "Undone"), u.tx.Now.UnixMilli())
	return err
}

// bin puts what the step made into the recycle bin. A field of a note that stays loses
// its text instead: the form needs its fields.
func (u *undoing) bin(tbl string, row ids.ID) error {
	if tbl == "note_field" {
		var note, head ids.ID
		if err := u.tx.QueryRow(`SELECT note_id, head FROM note_field WHERE id = ?`, row).Scan(&note, &head); err != nil {
			return err
		}
		if u.made[note] != "" || head.IsZero() {
			return nil
		}
		same, err := u.asLeft(key{tbl: u.num(tbl), row: row, col: "head"})
		if err != nil {
			return err
		}
		if !same {
			u.done.Left++
			return nil
		}
		u.undone++
		return revise(u.tx, note, row, head, "")
	}
	res, err := u.tx.Exec(`UPDATE `+tbl+` SET deleted = 1 WHERE id = ? AND deleted = 0`, row)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	u.undone += int(n)
	return err
}
