package share

import (
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// rev is one revision of a text, without the text.
type rev struct {
	id, field ids.ID
	parents   []ids.ID
	at        stamp
}

// revs are the revisions that have come, by a condition on r.
func (a *applier) revs(where string, args ...any) ([]rev, error) {
	st, err := a.stmt(`SELECT r.id, r.field_id, r.parents, c.hlc, c.dev FROM note_rev r JOIN row_clock c ON c.id = r.id AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'note_rev' AND col = '*') WHERE ` + where)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(a.ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []rev
	for rows.Next() {
		var r rev
		var parents string
		var dev int64
		if err := rows.Scan(&r.id, &r.field, &parents, &r.at.hlc, &dev); err != nil {
			return nil, err
		}
		r.at.dev = a.byN[dev]
		r.parents = ids.List(parents)
		out = append(out, r)
	}
	return out, rows.Err()
}

// heads are the revisions that no other one followed, the latest first. If each follows
// another, which no honest computer writes, all of them are.
func heads(revs []rev) []rev {
	followed := map[ids.ID]bool{}
	for _, r := range revs {
		for _, p := range r.parents {
			if p != r.id {
				followed[p] = true
			}
		}
	}
	out := slices.DeleteFunc(slices.Clone(revs), func(r rev) bool { return followed[r.id] })
	if len(out) == 0 {
		out = slices.Clone(revs)
	}
	slices.SortFunc(out, func(a, b rev) int {
		switch {
		case a.at == b.at: // of one action
			return compareIDs(b.id, a.id)
		case a.at.after(b.at):
			return -1
		}
		return 1
	})
	return out
}

// texts finds the newest text of every field that was touched, and for a locked note
// what the lock closes and what was added to it without knowing.
func (a *applier) texts() error {
	for field := range a.touched.fields {
		if err := a.noteOf(field); err != nil {
			return err
		}
	}
	if len(a.touched.notes) == 0 && len(a.touched.fields) == 0 {
		return nil
	}
	done := map[ids.ID]bool{}
	for note := range a.touched.notes {
		a.touched.rows[cellKey{a.schema.byName["note"].Num, note}] = true
		locked, err := a.lockedNote(note)
		if err != nil {
			return err
		}
		done[note] = locked
	}
	for field := range a.touched.fields {
		var note ids.ID
		if _, err := a.one(`SELECT note_id FROM note_field WHERE id = ?`, []any{field}, &note); err != nil {
			return err
		}
		if done[note] {
			continue
		}
		revs, err := a.revs(`r.field_id = ?`, field)
		if err != nil {
			return err
		}
		if len(revs) == 0 {
			continue
		}
		if err := a.setHead(field, heads(revs)[0].id); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) setHead(field, head ids.ID) error {
	return a.exec(`UPDATE note_field SET head = ?1 WHERE id = ?2 AND head IS NOT ?1`, head, field)
}

// noteLock is a lock as it came.
type noteLock struct {
	covers []ids.ID
	at     stamp
}

// firstLock is the lock of a note that counts, the earliest; nil when it is open.
func (a *applier) firstLock(note ids.ID) (*noteLock, error) {
	st, err := a.stmt(`SELECT l.covers, c.hlc, c.dev FROM note_lock l JOIN row_clock c ON c.id = l.id AND c.tbl = (SELECT num FROM schema_rule WHERE tbl = 'note_lock' AND col = '*') WHERE l.note_id = ?`)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(a.ctx, note)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var first *noteLock
	for rows.Next() {
		var l noteLock
		var covers string
		var dev int64
		if err := rows.Scan(&covers, &l.at.hlc, &dev); err != nil {
			return nil, err
		}
		l.at.dev = a.byN[dev]
		l.covers = ids.List(covers)
		if first == nil || first.at.after(l.at) {
			first = &l
		}
	}
	return first, rows.Err()
}

// lockedNote keeps a locked note as it was locked: what was written without knowing of
// the lock becomes an addendum. It says whether the note is locked.
func (a *applier) lockedNote(note ids.ID) (bool, error) {
	lock, err := a.firstLock(note)
	if err != nil || lock == nil {
		return false, err
	}
	revs, err := a.revs(`r.note_id = ?`, note)
	if err != nil {
		return false, err
	}
	byField, byID := map[ids.ID][]rev{}, map[ids.ID]rev{}
	for _, r := range revs {
		byField[r.field] = append(byField[r.field], r)
		byID[r.id] = r
	}
	if len(lock.covers) == 0 { // from before locks said what they cover
		for _, of := range byField {
			before := slices.DeleteFunc(slices.Clone(of), func(r rev) bool { return r.at.after(lock.at) })
			if len(before) > 0 {
				lock.covers = append(lock.covers, heads(before)[0].id)
			}
		}
	}
	covered := ancestors(lock.covers, byID)
	var added []rev
	for field, of := range byField {
		var head ids.ID
		for _, id := range lock.covers {
			if byID[id].field == field {
				head = id
			}
		}
		if err := a.setHead(field, head); err != nil {
			return false, err
		}
		if beyond := slices.DeleteFunc(slices.Clone(of), func(r rev) bool { return covered[r.id] }); len(beyond) > 0 {
			added = append(added, heads(beyond)...)
		}
	}
	return true, a.addenda(note, revs, added)
}

// ancestors are the revisions given and all that they follow.
func ancestors(from []ids.ID, byID map[ids.ID]rev) map[ids.ID]bool {
	out := map[ids.ID]bool{}
	queue := slices.Clone(from)
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if !out[id] {
			out[id] = true
			queue = append(queue, byID[id].parents...)
		}
	}
	return out
}

// addenda makes the addenda of a locked note agree with the revisions in added.
func (a *applier) addenda(note ids.ID, revs, added []rev) error {
	t := a.schema.byName["addendum"]
	want := map[ids.ID]bool{}
	for _, r := range added {
		id := casebook.AddendumOf(r.id)
		made, err := a.addendum(t, id, r)
		if err != nil {
			return err
		}
		want[id] = made
	}
	for _, r := range revs { // one that was continued, or that an earlier lock covers
		id := casebook.AddendumOf(r.id)
		if want[id] {
			continue
		}
		here, err := a.isHere(t, id)
		if err != nil {
			return err
		}
		if !here {
			continue
		}
		for _, s := range []string{`DELETE FROM addendum WHERE id = ?`, `SELECT couplet_dirty('addendum', ?)`} {
			if err := a.exec(s, id); err != nil {
				return err
			}
		}
		if err := a.exec(`DELETE FROM row_clock WHERE id = ? AND tbl = ?`, id, t.Num); err != nil {
			return err
		}
	}
	return nil
}

// addendum makes or keeps one, for whom its field is. It says whether there is one: an
// empty text, and one that is locked already in the same words, add nothing.
func (a *applier) addendum(t *table, id ids.ID, r rev) (bool, error) {
	var useful bool
	if _, err := a.one(`SELECT trim(r.body) <> '' AND r.body IS NOT (SELECT h.body FROM note_rev h WHERE h.id = f.head) FROM note_rev r JOIN note_field f ON f.id = r.field_id WHERE r.id = ?`, []any{r.id}, &useful); err != nil || !useful {
		return false, err
	}
	dev, err := a.device(r.at.dev)
	if err != nil {
		return false, err
	}
	err = a.exec(`INSERT INTO addendum (id, note_id, field_id, body, coach_id, at, subject, visibility, sensitivity, sealed_to, created_at)
		SELECT ?1, r.note_id, r.field_id, r.body, r.coach_id, r.at, f.subject, f.visibility, f.sensitivity, f.sealed_to, r.created_at FROM note_rev r JOIN note_field f ON f.id = r.field_id WHERE r.id = ?2
		ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, visibility = excluded.visibility, sensitivity = excluded.sensitivity, sealed_to = excluded.sealed_to`, id, r.id)
	if err != nil {
		return false, err
	}
	a.touched.seen[cellKey{t.Num, id}] = true
	return true, a.exec(`INSERT INTO row_clock (tbl, id, hlc, dev) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, t.Num, id, r.at.hlc, dev)
}
