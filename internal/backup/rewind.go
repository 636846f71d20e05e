package backup

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/ids"
)

// rewind gives a row the values that it had, as far as nobody's protection is in them.
func (m *merger) rewind(t *described, was, is row) error {
	fixed, err := m.fixed(t, is)
	if err != nil {
		return err
	}
	stays, err := m.protects(t, is)
	if err != nil {
		return err
	}
	var set []string
	var args []any
	left := false
	put := func(col string, v any) { set, args = append(set, col+" = ?"), append(args, v) }
	for i, col := range t.cols {
		if same(was[i], is[i]) {
			continue
		}
		switch {
		case col == "head": // texts does that
		case col == "deleted":
			if is[i] == int64(0) && stays {
				left = true
			} else {
				put(col, was[i])
			}
		case col == "visibility":
			to := narrower(was[i], is[i])
			if to != was[i] {
				left = true
			}
			if to != is[i] {
				if err := m.decide(t, is, to); err != nil {
					return err
				}
				put(col, to)
			}
		case col == "sensitivity":
			if to := closer(was[i], is[i]); to != is[i] {
				put(col, to)
			} else {
				left = true
			}
		case col == "subject", col == "kind" && t.name == "session" && !same(t.cell(was, "subject"), t.cell(is, "subject")), fixed:
			left = true // whose it is says who may see it
		default:
			put(col, was[i])
		}
	}
	if left {
		m.out.Stayed++
	}
	if len(set) == 0 {
		return nil
	}
	if _, err := m.tx.Exec(`UPDATE `+t.name+` SET `+strings.Join(set, ", ")+` WHERE id = ?`, append(args, is[0])...); err != nil {
		return err
	}
	if t.cell(was, "deleted") == int64(0) && t.cell(is, "deleted") == int64(1) {
		m.out.Back++
		m.back.row(t, is)
	} else {
		m.out.Changed++
		m.changed.row(t, is)
	}
	return nil
}

// fixed says whether nothing but who may see a row, and the bin, can change in it.
func (m *merger) fixed(t *described, is row) (bool, error) {
	switch t.name {
	case "addendum", "report_made", "export_made", "noted_condition":
		return true, nil
	case "administration":
		return t.cell(is, "locked_at") != int64(0), nil
	case "note":
		return m.locked[idOf(is[0])], nil
	case "note_field":
		return m.locked[idOf(t.cell(is, "note_id"))], nil
	case "conversation", "conversation_answer":
		return m.protects(t, is)
	}
	return t.cell(is, "sensitivity") == "safety", nil
}

// protects says whether a row has to stay out of the bin: it is locked, or lies with
// what is; it concerns safety; or it says what left the house, or who is who in it.
func (m *merger) protects(t *described, is row) (bool, error) {
	if t.cell(is, "sensitivity") == "safety" {
		return true, nil
	}
	ask := func(query string, id any) (yes bool, err error) {
		err = m.now.QueryRowContext(m.ctx, `SELECT EXISTS (`+query+`)`, id).Scan(&yes)
		return yes, err
	}
	const stopped = ` AND (c.state = 'stopped' OR EXISTS (SELECT 1 FROM conversation_answer a WHERE a.conversation_id = c.id AND a.deleted = 0 AND a.sensitivity = 'safety'))`
	switch t.name {
	case "coach", "addendum", "report_made", "export_made", "noted_condition":
		return true, nil
	case "note":
		return m.locked[idOf(is[0])], nil
	case "note_field":
		return m.locked[idOf(t.cell(is, "note_id"))], nil
	case "session":
		return ask(`SELECT 1 FROM note n JOIN note_lock l ON l.note_id = n.id WHERE n.session_id = ?`, is[0])
	case "conversation":
		return ask(`SELECT 1 FROM conversation c WHERE c.id = ?`+stopped, is[0])
	case "conversation_answer":
		return ask(`SELECT 1 FROM conversation c WHERE c.id = ?`+stopped, t.cell(is, "conversation_id"))
	}
	return false, nil
}

// narrower is the more protective of two visibilities.
func narrower(a, b any) any {
	switch {
	case a == b || b == "joint":
		return a
	case a == "joint":
		return b
	}
	return "coach_only"
}

// closer is the stricter of two sensitivities.
func closer(a, b any) any {
	strict := []any{"normal", "sensitive", "safety"}
	if slices.Index(strict, a) > slices.Index(strict, b) {
		return a
	}
	return b
}

// decide records that a row is shown to fewer, beside every decision before.
func (m *merger) decide(t *described, is row, to any) error {
	couple := t.cell(is, "couple_id")
	if couple == nil {
		if err := m.now.QueryRowContext(m.ctx, `SELECT couple_id FROM note WHERE id = ?`, t.cell(is, "note_id")).Scan(&couple); err != nil {
			return err
		}
	}
	heads, err := casebook.Collect(m.ctx, m.now, casebook.Value[ids.ID], `SELECT id FROM visibility_change v WHERE item_id = ? AND deleted = 0
		AND NOT EXISTS (SELECT 1 FROM visibility_change x WHERE x.item_id = v.item_id AND x.replaces = v.id)`, is[0])
	if err != nil {
		return err
	}
	if len(heads) == 0 {
		heads = []ids.ID{ids.Nil}
	}
	for _, h := range heads {
		if _, err := m.tx.Exec(`INSERT INTO visibility_change (id, couple_id, tbl, item_id, was, visibility, replaces, coach_id, at, reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'restore', ?)`,
			ids.New(), couple, t.name, is[0], t.cell(is, "visibility"), to, h, m.tx.Coach, m.tx.Now.UnixMilli(), m.tx.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// noteLocked says whether a row that the casebook lacks is part of a note locked in it.
func (m *merger) noteLocked(t *described, was row) bool {
	return (t.name == "note_field" || t.name == "note_rev") && m.locked[idOf(t.cell(was, "note_id"))]
}

// fieldHead is a field whose text is not the same in both.
type fieldHead struct{ id, note, was, is ids.ID }

// texts brings the texts together once all revisions are there.
func (m *merger) texts() error {
	for _, h := range m.heads {
		if m.locked[h.note] {
			m.out.Stayed++
			continue
		}
		err := error(nil)
		if m.day {
			err = m.rewrite(h)
		} else {
			err = m.advance(h)
		}
		if err != nil {
			return err
		}
	}
	m.heads = nil
	return nil
}

// advance takes the backup's text where the casebook has none, or one that it followed.
func (m *merger) advance(h fieldHead) error {
	follows := h.is.IsZero() && !h.was.IsZero()
	seen := map[ids.ID]bool{}
	for look := []ids.ID{h.was}; len(look) > 0 && !follows; {
		at := look[0]
		if look = look[1:]; seen[at] || at.IsZero() {
			continue
		}
		seen[at] = true
		before, err := parents(m.old.QueryRowContext(m.ctx, `SELECT parents FROM note_rev WHERE id = ?`, at))
		if err != nil {
			return err
		}
		follows = slices.Contains(before, h.is)
		look = append(look, before...)
	}
	if !follows {
		return nil
	}
	m.out.Back++
	m.back.add("note", h.note)
	_, err := m.tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, h.was, h.id)
	return err
}

func parents(r *sql.Row) ([]ids.ID, error) {
	var s string
	if err := r.Scan(&s); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		return nil, err
	}
	var out []ids.ID
	for _, p := range strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == ',' }) {
		id, err := ids.Parse(p)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// rewrite makes the text of that day a new revision, which follows the one of now.
func (m *merger) rewrite(h fieldHead) error {
	var was, is sql.NullString
	if err := m.old.QueryRowContext(m.ctx, `SELECT (SELECT body FROM note_rev WHERE id = ?)`, h.was).Scan(&was); err != nil {
		return err
	}
	if err := m.now.QueryRowContext(m.ctx, `SELECT (SELECT body FROM note_rev WHERE id = ?)`, h.is).Scan(&is); err != nil {
		return err
	}
	if was.String == is.String {
		return nil
	}
	rev, now := ids.New(), m.tx.Now.UnixMilli()
	if _, err := m.tx.Exec(`INSERT INTO note_rev (id, note_id, field_id, parents, body, coach_id, at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		rev, h.note, h.id, h.is.String(), was.String, m.tx.Coach, now, now); err != nil {
		return err
	}
	m.out.Changed++
	_, err := m.tx.Exec(`UPDATE note_field SET head = ? WHERE id = ?`, rev, h.id)
	return err
}

// sameNote says whether a note reads here as it does in the backup.
func (m *merger) sameNote(note ids.ID) (bool, error) {
	const query = `SELECT hex(n.couple_id) || hex(n.session_id) || n.template || n.template_version || n.about || hex(n.coach_id) || n.written_at || n.zone
		|| (SELECT coalesce(group_concat(hex(f.id) || f.key || f.position || hex(f.head), ' ' ORDER BY f.id), '') FROM note_field f WHERE f.note_id = n.id) FROM note n WHERE n.id = ?`
	var was, is sql.NullString
	if err := m.old.QueryRowContext(m.ctx, query, note).Scan(&was); err != nil {
		return false, err
	}
	if err := m.tx.QueryRow(query, note).Scan(&is); err != nil {
		return false, err
	}
	return was == is, nil
}
