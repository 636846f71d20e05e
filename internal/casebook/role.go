package casebook

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Who opened the casebook decides what its connections can read. Before every table of a
// reading connection stands a view of the same name with what the account may see, so that
// no statement of any page, list, report or command can forget it (rule PV-01); triggers of
// the writing connection refuse what the account may not write. The owner's connections are
// bare. Every account holds the key of the casebook, so this is kept by the program and not
// by cryptography; reflections are (Seals).

// Role is what the coach signed in does here: owner, coach, supervisor or assistant.
func (c *Casebook) Role() string {
	if e := c.eyes.Load(); e != nil {
		return e.role
	}
	return "owner"
}

// Writes says whether the coach signed in writes here at all.
func (c *Casebook) Writes() bool { r := c.Role(); return r == "owner" || r == "coach" }

// eyes are what an account that is not the owner may see. They never change; what changes
// is which ones count.
type eyes struct {
	role    string
	manages bool     // no owner can open the casebook
	clothes []string // statements that make the views and guards
	spans   []span
	veil    *veil

	mu   sync.Mutex
	day  string
	sets [4][]byte
}

// span is a record, or a person or enquiry of one, that may be seen from a day to a day.
type span struct {
	id           ids.ID
	from, until  string
	own          bool
	named, plain bool // a supervisor's: safety items, too; with the names
}

// at are the sets of ids for a day, as couplet_set takes them.
func (e *eyes) at(day string) [4][]byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.day == day {
		return e.sets
	}
	type sight struct{ own, named, unnamed, veiled bool }
	seen := map[ids.ID]*sight{}
	for _, s := range e.spans {
		if s.from > day || (s.until != "" && s.until < day) {
			continue
		}
		v := seen[s.id]
		if v == nil {
			v = &sight{}
			seen[s.id] = v
		}
		v.own = v.own || s.own
		v.named, v.unnamed = v.named || s.named, v.unnamed || !s.named // the more protective wins
		v.veiled = v.veiled || !s.plain
	}
	e.day, e.sets = day, [4][]byte{{}, {}, {}, {}}
	for _, id := range slices.SortedFunc(maps.Keys(seen), func(a, b ids.ID) int { return bytes.Compare(a[:], b[:]) }) {
		v := seen[id]
		for n, in := range []bool{true, v.own, v.named && !v.unnamed, v.veiled && e.role == "supervisor"} {
			if in {
				e.sets[n] = append(e.sets[n], id[:]...)
			}
		}
	}
	return e.sets
}

// dressed is what a connection wears.
type dressed struct {
	eyes *eyes
	day  string
}

// dress readies a connection for what the account signed in may do: the views, and the
// guards, which nothing that only reads ever meets.
func (c *Casebook) dress(cn *vault.Connection, strict bool) error {
	e, was := c.eyes.Load(), dressed{}
	if d, ok := cn.Mark.(dressed); ok {
		was = d
	}
	now := dressed{eyes: e}
	if e != nil {
		now.day = c.opts.Now().Format(time.DateOnly)
	}
	if now == was {
		return nil
	}
	steps := []func() error{func() error { return redress(cn, was.eyes, now) }}
	if strict { // it refuses to write even what is its own
		steps = []func() error{func() error { return cn.Exec(`PRAGMA query_only = OFF`) }, steps[0], func() error { return cn.Exec(`PRAGMA query_only = ON`) }}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	cn.Mark = now
	return nil
}

func redress(cn *vault.Connection, was *eyes, now dressed) error {
	if was != nil && (now.eyes == nil || was.role != now.eyes.role || was.manages != now.eyes.manages) {
		for _, s := range was.clothes {
			if err := cn.Exec(dropOf(s)); err != nil {
				return err
			}
		}
		was = nil
	}
	sets := [4][]byte{}
	if now.eyes != nil {
		sets = now.eyes.at(now.day)
	}
	for n, set := range sets {
		if err := cn.Exec(`SELECT couplet_set(?, ?)`, int64(n), set); err != nil {
			return err
		}
	}
	if now.eyes == nil {
		return nil
	}
	if now.eyes.veil != nil {
		if err := now.eyes.veil.give(cn); err != nil {
			return err
		}
	}
	if was != nil {
		return nil
	}
	for _, s := range now.eyes.clothes {
		if err := cn.Exec(s); err != nil {
			return fmt.Errorf("%.60s: %w", s, err)
		}
	}
	return nil
}

// dropOf undoes CREATE TEMP VIEW … and CREATE TEMP TRIGGER …, if it was done here.
func dropOf(create string) string {
	w := strings.Fields(create)
	return "DROP " + w[2] + " IF EXISTS temp." + w[3]
}

// look finds what the coach signed in may see now; c.mu is held, and no write is under way.
func (c *Casebook) look(ctx context.Context) error {
	var role string
	err := c.writer.QueryRowContext(ctx, `SELECT role FROM coach_now WHERE coach_id = ?`, c.me).Scan(&role)
	if errors.Is(err, sql.ErrNoRows) && c.me.IsZero() {
		return nil // nothing is in it yet
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if role == "owner" {
		c.eyes.Store(nil)
		return nil
	}
	was := c.eyes.Load()
	e := &eyes{role: role, manages: c.MayManage(ctx) == nil}
	if was != nil && was.role == e.role && was.manages == e.manages {
		e.clothes = was.clothes
	} else if err := c.tailor(ctx, e); err != nil {
		return err
	}
	if e.spans, err = c.spans(ctx, role); err != nil {
		return err
	}
	if role == "supervisor" {
		if e.veil, err = c.newVeil(ctx, e.spans); err != nil {
			return err
		}
	}
	if was != nil && was.role == e.role && was.manages == e.manages && slices.Equal(was.spans, e.spans) && was.veil.equal(e.veil) {
		return nil
	}
	c.eyes.Store(e)
	return nil
}

// lookAgain is look after a commit. Should it fail, what could be seen before stays until
// the next one.
func (c *Casebook) lookAgain(ctx context.Context) {
	_ = c.look(context.WithoutCancel(ctx))
}

// tailor makes the views and guards of an account, for the tables that there are.
func (c *Casebook) tailor(ctx context.Context, e *eyes) error {
	rules, err := Rules(ctx, c.writer)
	if err != nil {
		return err
	}
	numbers := map[string]int64{}
	for _, r := range rules {
		numbers[r.Table] = r.Num
	}
	type object struct{ kind, name, sql string }
	all, err := Collect(ctx, c.writer, func(r *sql.Rows, o *object) error { return r.Scan(&o.kind, &o.name, &o.sql) },
		`SELECT type, name, coalesce(sql, '') FROM main.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY type, name`)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.kind == "view" { // made anew, it reads what stands before its tables
			e.clothes = append(e.clothes, "CREATE TEMP VIEW "+strings.TrimPrefix(o.sql, "CREATE VIEW "))
			continue
		}
		cols, err := Collect(ctx, c.writer, func(r *sql.Rows, x *column) error { return r.Scan(&x.name, &x.kind) }, `SELECT name, type FROM pragma_table_info(?, 'main') ORDER BY cid`, o.name)
		if err != nil {
			return err
		}
		e.clothes = append(e.clothes, shadow(e.role, o.name, cols, numbers))
		e.clothes = append(e.clothes, guards(e.role, o.name, e.manages, c.me)...)
	}
	return nil
}

// spans are the records that an account may see, with the people in them, and enquiries.
func (c *Casebook) spans(ctx context.Context, role string) ([]span, error) {
	var records string
	args := []any{c.me}
	switch role {
	case "coach":
		// One's own: coached now or before, or begun by oneself and given to nobody yet. Lent:
		// handed over from a day to a day, or opened with a reason until one locks.
		records = `SELECT e.couple_id AS id, '' AS from_on, '' AS until_on, 1 AS own, 1 AS named, 1 AS plain FROM engagement_coach k JOIN engagement e ON e.id = k.engagement_id WHERE k.coach_id = ?1 AND k.deleted = 0 AND e.deleted = 0
			UNION SELECT s.couple_id, '', '', 1, 1, 1 FROM stage_change s WHERE s.coach_id = ?1 AND s.couple_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagement e JOIN engagement_coach k ON k.engagement_id = e.id WHERE e.couple_id = s.couple_id)
			UNION SELECT couple_id, from_on, until_on, 0, 1, 1 FROM record_access_given WHERE coach_id = ?1 AND kind = 'hand_over'`
		for _, g := range c.glass {
			args = append(args, g.couple, g.on)
			records += fmt.Sprintf(` UNION SELECT ?%d, ?%d, ?%d, 0, 1, 1`, len(args)-1, len(args), len(args))
		}
	case "supervisor":
		records = `SELECT couple_id AS id, from_on, until_on, 0 AS own, safety AS named, 1 - veiled AS plain FROM record_access_given WHERE coach_id = ?1 AND kind = 'supervision'`
	default:
		return nil, nil // an assistant sees names and times of all
	}
	enquiries := ``
	if role == "coach" {
		// What became a record is seen with it; what did not, by whom it was given to, or by all.
		enquiries = ` UNION ALL SELECT q.id, r.from_on, r.until_on, r.own, r.named, r.plain FROM r JOIN enquiry q ON q.couple_id = r.id
			UNION ALL SELECT q.id, '', '', 1, 1, 1 FROM enquiry q WHERE q.couple_id IS NULL AND (q.coach_id IS NULL OR q.coach_id = ?1)`
	}
	return Collect(ctx, c.writer, func(r *sql.Rows, s *span) error {
		return r.Scan(&s.id, &s.from, &s.until, &s.own, &s.named, &s.plain)
	}, `WITH r AS (`+records+`) SELECT * FROM r
		UNION ALL SELECT c.a_id, r.from_on, r.until_on, r.own, r.named, r.plain FROM r JOIN couple c ON c.id = r.id WHERE c.a_id IS NOT NULL
		UNION ALL SELECT c.b_id, r.from_on, r.until_on, r.own, r.named, r.plain FROM r JOIN couple c ON c.id = r.id WHERE c.b_id IS NOT NULL`+enquiries+` ORDER BY 1, 2, 3, 4, 5, 6`, args...)
}

// broken is a record opened with a reason, on a day.
type broken struct {
	couple ids.ID
	on     string
}

// BreakGlass opens another's record for the coach signed in, with a reason, until they lock
// or the day ends. Note records what else is to be said of it in the same write.
func (c *Casebook) BreakGlass(ctx context.Context, couple ids.ID, reason string, note func(*Tx, ids.ID) error) error {
	if c.Role() != "coach" {
		return fault.New(fault.Refused, text.T("casebook.no_glass", "Only a coach can open another's record with a reason."), text.T("fault.nothing_saved", "Nothing was changed."))
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Input("reason", text.T("casebook.glass_reason", "Write why you open it. The owner and the coaches of the record will read it."))
	}
	open := broken{couple, c.opts.Now().Format(time.DateOnly)}
	if err := c.Write(ctx, "glass.break", func(tx *Tx) error {
		id := ids.New()
		res, err := tx.Exec(`INSERT INTO glass (id, couple_id, coach_id, reason, at, created_at) SELECT ?, c.id, ?, ?, ?, ? FROM main.couple c WHERE c.id = ? AND c.deleted = 0`,
			id, c.me, reason, tx.Now.UnixMilli(), tx.Now.UnixMilli(), couple)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, text.T("clients.not_found", "There is no such record."), text.T("fault.nothing_saved", "Nothing was changed.")))
		}
		if note == nil {
			return nil
		}
		return note(tx, id)
	}); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.glass, open) {
		c.glass = append(c.glass, open)
	}
	return vault.MapError(c.look(ctx))
}

// Broken says whether the record is open today by BreakGlass alone.
func (c *Casebook) Broken(couple ids.ID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.glass, broken{couple, c.opts.Now().Format(time.DateOnly)})
}

// Owns says whether a record is one's own today, and not lent.
func (c *Casebook) Owns(couple ids.ID) bool {
	e := c.eyes.Load()
	if e == nil {
		return true
	}
	return slices.ContainsFunc(e.spans, func(s span) bool { return s.id == couple && s.own })
}

// Exists says whether there is a record, closed to the coach signed in or not. It says
// nothing else of it. An account that is not a coach's is told of none.
func (c *Casebook) Exists(ctx context.Context, couple ids.ID) (bool, error) {
	if r := c.Role(); r != "owner" && r != "coach" {
		return false, nil
	}
	var is bool
	err := c.engine.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM couple WHERE id = ? AND deleted = 0)`, couple).Scan(&is)
	return is, vault.MapError(err)
}

// Wear makes the pages read as a coach does who may see every record, until off is called:
// for measuring what the views cost beside Whole.
func (c *Casebook) Wear(ctx context.Context) (off func(), err error) {
	e := &eyes{role: "coach"}
	if err := c.tailor(ctx, e); err != nil {
		return nil, err
	}
	e.spans, err = Collect(ctx, c.writer, func(r *sql.Rows, s *span) error { return r.Scan(&s.id) }, `SELECT id FROM couple UNION ALL SELECT id FROM person UNION ALL SELECT id FROM enquiry`)
	c.eyes.Store(e)
	return func() { c.eyes.Store(nil) }, err
}

// Whole is the pool that reads everything, whoever signed in: for what keeps the casebook
// in step, copies and checks it, never for what somebody is shown.
func (c *Casebook) Whole() Querier { return c.engine }

// OwnerOnly refuses everybody but the owner what hands out the whole casebook.
func (c *Casebook) OwnerOnly() error {
	if c.eyes.Load() == nil {
		return nil
	}
	return fault.New(fault.Refused, text.T("casebook.owner_only", "Only the owner of the casebook can do this."), text.T("fault.nothing_saved", "Nothing was changed."))
}
