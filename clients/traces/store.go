package traces

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Audience is who reads: traces are the coach's alone (clients.Audience is one).
type Audience interface{ IsCoach() bool }

// Store reads traces and keeps the register.
type Store struct{ cb *casebook.Casebook }

// New is the store of a casebook.
func New(cb *casebook.Casebook) *Store { return &Store{cb: cb} }

// Line is one trace as it is read.
type Line struct {
	ID       ids.ID    `json:"id"`
	Kind     Kind      `json:"kind"`
	At       time.Time `json:"at"`
	CoachID  ids.ID    `json:"coach"`
	Coach    string    `json:"-"`
	CoupleID ids.ID    `json:"couple"`
	PersonID ids.ID    `json:"person"`
	Table    string    `json:"table"`
	ItemID   ids.ID    `json:"item"`
	Was      string    `json:"was"`
	Became   string    `json:"became"`
}

// Filter chooses traces and exports; its zero value chooses all.
type Filter struct {
	Couple ids.ID
	Coach  ids.ID
	Kinds  []Kind
	From   time.Time
	To     time.Time // before
	Limit  int       // 0 for all
}

// where is the filter over the table x, with what it asks for.
func (f Filter) where(x string) (string, []any) {
	cond, args := x+`.deleted = 0`, []any(nil)
	add := func(c string, v ...any) { cond, args = cond+" AND "+c, append(args, v...) }
	if !f.Couple.IsZero() {
		add(x+`.couple_id = ?`, f.Couple)
	}
	if !f.Coach.IsZero() {
		add(x+`.coach_id = ?`, f.Coach)
	}
	if !f.From.IsZero() {
		add(x+`.at >= ?`, f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add(x+`.at < ?`, f.To.UnixMilli())
	}
	return cond, args
}

const selectLine = `SELECT t.id, t.kind, t.at, t.coach_id, coalesce(k.name, ''), t.couple_id, t.person_id, t.tbl, t.item_id, t.was, t.became FROM trace t LEFT JOIN coach k ON k.id = t.coach_id WHERE `

func scanLine(r *sql.Rows, l *Line) error {
	var at int64
	err := r.Scan(&l.ID, &l.Kind, &at, &l.CoachID, &l.Coach, &l.CoupleID, &l.PersonID, &l.Table, &l.ItemID, &l.Was, &l.Became)
	l.At = time.UnixMilli(at).UTC()
	return err
}

// Log is what was done, the latest first.
func (s *Store) Log(ctx context.Context, aud Audience, f Filter) ([]Line, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	where, args := f.where("t")
	if len(f.Kinds) > 0 {
		where += ` AND t.kind IN (?` + strings.Repeat(", ?", len(f.Kinds)-1) + `)`
		for _, k := range f.Kinds {
			args = append(args, k)
		}
	}
	return casebook.Collect(ctx, s.cb.Reader(), scanLine, selectLine+where+` ORDER BY t.at DESC, t.id DESC LIMIT ?`, append(args, limit(f.Limit))...)
}

// OfPerson are the traces about one person, the oldest first, for their own file: what
// was done with their data, and with what is both partners'. Of what is the other
// partner's, or says that there is something of theirs, nothing is among them.
func (s *Store) OfPerson(ctx context.Context, aud Audience, person ids.ID) ([]Line, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return casebook.Collect(ctx, s.cb.Reader(), scanLine, selectLine+`t.deleted = 0 AND (t.person_id = ?1 OR (t.person_id IS NULL AND `+shared+`
 AND t.couple_id IN (SELECT id FROM couple WHERE a_id = ?1 OR b_id = ?1))) ORDER BY t.at, t.id`, person)
}

// shared is what both partners may learn of a trace t that names nobody: nothing that
// concerns safety or what the other asked for, and of what was made for one of them only
// that one.
const shared = `t.kind IN ('export.made', 'leak.kept', 'visibility.changed', 'access.changed', 'glass.broken') AND (t.kind <> 'export.made' OR t.became NOT LIKE '%:_'
 OR EXISTS (SELECT 1 FROM couple c WHERE c.id = t.couple_id AND iif(t.became LIKE '%:a', c.a_id, c.b_id) = ?1))`

// Copy is one line of the register of exports.
type Copy struct {
	ID         ids.ID    `json:"id"`
	Kind       string    `json:"kind"`
	Reader     string    `json:"reader"`
	At         time.Time `json:"at"`
	CoachID    ids.ID    `json:"coach"`
	Coach      string    `json:"-"`
	CoupleID   ids.ID    `json:"couple"`
	PersonID   ids.ID    `json:"person"`
	Code       string    `json:"code"`
	SHA256     string    `json:"sha256"`
	Name       string    `json:"name"`
	DeletedOn  day.Day   `json:"deleted_on"`
	Superseded day.Day   `json:"superseded_on"` // since when it shows what was released and is not any more
}

// Exports is the register of plain copies, the latest first.
func (s *Store) Exports(ctx context.Context, aud Audience, f Filter) ([]Copy, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	where, args := f.where("x")
	return casebook.Collect(ctx, s.cb.Reader(), func(r *sql.Rows, c *Copy) error {
		var at int64
		err := r.Scan(&c.ID, &c.Kind, &c.Reader, &at, &c.CoachID, &c.Coach, &c.CoupleID, &c.PersonID, &c.Code, &c.SHA256, &c.Name, &c.DeletedOn, &c.Superseded)
		c.At = time.UnixMilli(at).UTC()
		return err
	}, `SELECT x.id, x.kind, x.reader, x.at, x.coach_id, coalesce(k.name, ''), x.couple_id, x.person_id, x.code, x.sha256, x.name, x.deleted_on,
 coalesce((SELECT s.since FROM superseded s WHERE s.report_id = x.item_id), '') FROM export_made x LEFT JOIN coach k ON k.id = x.coach_id WHERE `+where+` ORDER BY x.at DESC, x.id DESC LIMIT ?`,
		append(args, limit(f.Limit))...)
}

func limit(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

// SetDeleted says on which day a copy was deleted where it lay, or with no day that it
// was not.
func (s *Store) SetDeleted(ctx context.Context, id ids.ID, on day.Day) error {
	return s.cb.Write(ctx, "export.deleted", func(tx *casebook.Tx) error {
		res, err := tx.Exec(`UPDATE export_made SET deleted_on = ? WHERE id = ? AND deleted = 0`, on, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return fault.New(fault.NotFound, text.T("traces.not_found", "There is no such copy in the register."), text.T("fault.nothing_saved", "Nothing was changed."))
	})
}

// Exported is Exported in a write of its own.
func (s *Store) Exported(ctx context.Context, x Export) error {
	action := "export.made"
	if x.Kind == KindCasebook {
		action = casebook.ExportAction
	}
	return s.cb.Write(ctx, action, func(tx *casebook.Tx) error { return Exported(tx, x) })
}

// again is how long somebody who looks at the same item again is still looking at it.
const again = 10 * time.Minute

// Viewed records that the coach looked at something that concerns safety.
func (s *Store) Viewed(ctx context.Context, couple ids.ID, table string, item ids.ID) error {
	var seen bool
	now := s.cb.Now()
	if err := s.cb.Reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM trace WHERE item_id = ? AND kind = ? AND coach_id = ? AND at > ? AND at <= ?)`,
		item, SafetyViewed, s.cb.Coach(), now.Add(-again).UnixMilli(), now.UnixMilli()).Scan(&seen); err != nil || seen {
		return err
	}
	return s.cb.Write(ctx, "safety.viewed", func(tx *casebook.Tx) error {
		return Record(tx, Entry{Kind: SafetyViewed, CoupleID: couple, Table: table, ItemID: item})
	})
}
