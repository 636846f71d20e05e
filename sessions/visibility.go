package sessions

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// item is a row whose visibility is a decision.
type item struct {
	table  string // note_field, addendum or session
	id     ids.ID
	couple ids.ID
	access clients.Access
}

// VisibilityChange is one decision on who may see a text.
type VisibilityChange struct {
	ID       ids.ID
	Item     ids.ID
	From, To clients.Visibility
	At       time.Time
	Coach    string
	Reason   string
}

// undoWithin is how long a visibility change can be taken back as a slip; later it is
// a new decision, with the releases that it needs.
const undoWithin = time.Hour

// SetVisibility changes who may see one text of a note, a field or an addendum, locked
// or not. Narrowing is always possible. Widening is refused for what concerns safety, and for what is a
// partner's until that partner has released it (rule PV-16, clients.SetVisibility).
// Every change is recorded with who, when, from and to; the id of the record is
// returned, zero when nothing changed.
func (s *Store) SetVisibility(ctx context.Context, id ids.ID, to clients.Visibility, reason string) (ids.ID, error) {
	var change ids.ID
	err := s.cb.Write(ctx, "note.visibility", func(tx *casebook.Tx) error {
		it, err := loadText(tx, id)
		if err != nil {
			return err
		}
		if err := clients.SetVisibility(tx, it.table, id, to, reason); err != nil || it.access.Visibility == to {
			return err
		}
		change, err = lastChange(tx, id)
		return err
	})
	return change, err
}

// UndoVisibility takes the last change of a text's visibility back within the hour
// and returns how many reports of the couple were made meanwhile: what those showed
// stays shown (rule PV-16).
func (s *Store) UndoVisibility(ctx context.Context, change ids.ID) (reports int, err error) {
	err = s.cb.Write(ctx, "note.visibility_undo", func(tx *casebook.Tx) error {
		var changed ids.ID
		var was, is clients.Visibility
		var at int64
		err := tx.QueryRow(`SELECT item_id, was, visibility, at FROM visibility_change c WHERE id = ? AND tbl IN ('note_field', 'addendum') AND deleted = 0
			AND NOT EXISTS (SELECT 1 FROM visibility_change x WHERE x.item_id = c.item_id AND x.replaces = c.id)`, change).Scan(&changed, &was, &is, &at)
		if errors.Is(err, sql.ErrNoRows) || (err == nil && (was == "" || tx.Now.Sub(instant(at)) > undoWithin)) {
			return fault.New(fault.Refused, text.T("note.undo_late", "This can no longer be undone."), text.T("note.undo_late_hint", "Change who may see it instead. Nothing was changed."))
		}
		if err != nil {
			return err
		}
		it, err := loadText(tx, changed)
		if err != nil {
			return err
		}
		if it.access.Visibility != is {
			return gone()
		}
		if err := tx.QueryRow(`SELECT count(*) FROM report_made WHERE couple_id = ? AND created_at >= ? AND deleted = 0`, it.couple, at).Scan(&reports); err != nil {
			return err
		}
		return clients.RecordVisibility(tx, it.table, it.couple, it.id, is, was, text.T("note.visibility_undone", "Undone"))
	})
	return reports, err
}

// VisibilityLog is who changed the visibility of a text, newest first. It is the
// coach's; nobody else is shown any of it.
func (s *Store) VisibilityLog(ctx context.Context, aud clients.Audience, id ids.ID) ([]VisibilityChange, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return casebook.Collect(ctx, s.q, func(r *sql.Rows, c *VisibilityChange) error {
		var at int64
		if err := r.Scan(&c.ID, &c.Item, &c.From, &c.To, &at, &c.Coach, &c.Reason); err != nil {
			return err
		}
		c.At = instant(at)
		return nil
	}, `SELECT v.id, v.item_id, v.was, v.visibility, v.at, coalesce(c.name, ''), v.reason
		FROM visibility_change v LEFT JOIN coach c ON c.id = v.coach_id WHERE v.item_id = ? AND v.deleted = 0 ORDER BY v.at DESC, v.id DESC`, id)
}

// loadText finds the field or addendum of that id.
func loadText(tx *casebook.Tx, id ids.ID) (item, error) {
	it := item{id: id}
	err := tx.QueryRow(`SELECT 'note_field', n.couple_id, f.subject, f.visibility, f.sensitivity FROM note_field f JOIN note n ON n.id = f.note_id WHERE f.id = ?1 AND f.deleted = 0 AND n.deleted = 0
		UNION ALL SELECT 'addendum', n.couple_id, d.subject, d.visibility, d.sensitivity FROM addendum d JOIN note n ON n.id = d.note_id WHERE d.id = ?1 AND d.deleted = 0 AND n.deleted = 0`, id).
		Scan(&it.table, &it.couple, &it.access.Subject, &it.access.Visibility, &it.access.Sensitivity)
	if errors.Is(err, sql.ErrNoRows) {
		return it, gone()
	}
	return it, err
}

// beyondOwn says whether visibility v shows what is one person's own data to others.
// What is both partners' was said between them, or is the coach's view of both.
func beyondOwn(s clients.Subject, v clients.Visibility) bool {
	switch s {
	case clients.SubjectBoth:
		return false
	case clients.SubjectA, clients.SubjectB:
		return v != clients.CoachOnly && v != clients.Slot(s).Own()
	}
	return v != clients.CoachOnly
}

// changesInForce are the decisions on an item that nothing replaces, the latest first;
// one zero id when there is none.
func changesInForce(tx *casebook.Tx, it ids.ID) ([]ids.ID, error) {
	out, err := casebook.Collect(tx.Context(), tx, casebook.Value[ids.ID],
		`SELECT v.id FROM visibility_change v WHERE v.item_id = ? AND v.deleted = 0
		AND NOT EXISTS (SELECT 1 FROM visibility_change x WHERE x.item_id = v.item_id AND x.replaces = v.id) ORDER BY v.at DESC, v.id DESC`, it)
	if err == nil && len(out) == 0 {
		out = []ids.ID{ids.Nil}
	}
	return out, err
}

// lastChange is the latest decision on an item that nothing replaces, zero for none.
func lastChange(tx *casebook.Tx, it ids.ID) (ids.ID, error) {
	l, err := changesInForce(tx, it)
	if err != nil {
		return ids.Nil, err
	}
	return l[0], nil
}
