package rights

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// The rules of retention. Safety records are kept as long as the rest of their client's.
const (
	Enquiries = "enquiries" // that did not proceed
	Clients   = "clients"   // after closing
)

// Rule is how long something is kept, and why so long.
type Rule struct {
	Name   string
	Months int // 0: until somebody decides
	Reason string
}

const maxMonths = 100 * 12

// shipped are the rules as long as nobody set others.
func shipped() []Rule {
	return []Rule{
		{Enquiries, 12, text.T("rights.enquiries_reason", "A year later nobody comes back to it.")},
		{Clients, 7 * 12, text.T("rights.clients_reason", "Claims and questions can come for some years after the end.")},
	}
}

// RuleWords is what a rule is about.
func RuleWords(name string) string {
	if name == Enquiries {
		return text.T("rights.rule_enquiries", "Enquiries that did not proceed")
	}
	return text.T("rights.rule_clients", "Clients, after closing")
}

// Rules are the rules in force.
func (s *Store) Rules(ctx context.Context) ([]Rule, error) {
	out := shipped()
	for i := range out {
		v, err := s.cb.Setting(ctx, "retention."+out[i].Name)
		if err != nil {
			return nil, err
		}
		months, reason, ok := strings.Cut(v, " ")
		if n, err := strconv.Atoi(months); err == nil && ok {
			out[i].Months, out[i].Reason = n, reason
		}
	}
	return out, nil
}

// SetRule changes how long something is kept. Nothing is deleted by that.
func (s *Store) SetRule(ctx context.Context, r Rule) error {
	r.Reason = clients.OneLine(r.Reason)
	switch {
	case !slices.ContainsFunc(shipped(), func(x Rule) bool { return x.Name == r.Name }):
		return fault.Input("rule", text.T("rights.no_rule", "There is no such rule."))
	case r.Months < 0 || r.Months > maxMonths:
		return fault.Input("months", text.T("rights.months", "Write how many months, up to %d; 0 keeps it until you decide.", maxMonths))
	case r.Reason == "":
		return fault.Input("reason", text.T("rights.rule_reason", "Say why it is kept so long."))
	}
	return s.cb.Write(ctx, "retention.rule", func(tx *casebook.Tx) error {
		return tx.SetSetting("retention."+r.Name, strconv.Itoa(r.Months)+" "+r.Reason)
	})
}

// Due is a record whose time has come. Nothing happens to it until somebody decides.
type Due struct {
	Rule  string
	Scope string // record or enquiry
	ID    ids.ID
	A, B  clients.Name
	Since day.Day // closed, or nothing happened
	DueOn day.Day
	Held  bool // a hold keeps it
}

// Due are the records whose time has come on the day of the audience, the oldest first. Days
// are counted where the coach is, by the calendar: the 29th of February becomes the 28th.
func (s *Store) Due(ctx context.Context, aud clients.Audience) ([]Due, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	holds, err := Holds(ctx, s.cb.Reader())
	if err != nil {
		return nil, err
	}
	zone := s.cb.Now().Location()
	var out []Due
	for _, r := range rules {
		if r.Months == 0 {
			continue
		}
		found, err := casebook.Collect(ctx, s.cb.Reader(), func(rows *sql.Rows, d *Due) error {
			var since string
			var a, b ids.ID
			d.Rule = r.Name
			if err := rows.Scan(&d.Scope, &d.ID, &since, &a, &b, &d.A.Given, &d.A.Family, &d.A.Order, &d.A.Latin, &d.B.Given, &d.B.Family, &d.B.Order, &d.B.Latin); err != nil {
				return err
			}
			d.Since = sinceDay(since, zone)
			d.DueOn = d.Since.AddMonths(r.Months)
			d.Held = slices.ContainsFunc(holds, func(h Hold) bool {
				return h.Item == d.ID || h.Couple == d.ID && h.Item.IsZero() || !h.Person.IsZero() && (h.Person == a || h.Person == b)
			})
			return nil
		}, dueSQL[r.Name])
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			if d.DueOn != "" && d.DueOn <= aud.On() {
				out = append(out, d)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Due) int { return strings.Compare(string(a.DueOn), string(b.DueOn)) })
	return out, nil
}

// sinceDay reads a day, or a time in milliseconds as the day that it was in a zone.
func sinceDay(s string, zone *time.Location) day.Day {
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		return day.Of(time.UnixMilli(ms).In(zone))
	}
	return day.Day(s)
}

// dueSQL are the records that a rule is about, with the day or time from which it counts.
var dueSQL = map[string]string{
	Enquiries: `SELECT 'enquiry', e.id, CAST(max(e.received_at, e.stage_at, e.call_at) AS TEXT), NULL, NULL, e.a_given, e.a_family, 'given_first', '', e.b_given, e.b_family, 'given_first', '' FROM enquiry e
 WHERE e.couple_id IS NULL AND NOT EXISTS (SELECT 1 FROM erasure x WHERE x.item_id = e.id AND x.cols = '')`,
	Clients: `SELECT 'record', c.id, (SELECT max(g.ended_on) FROM engagement g WHERE g.couple_id = c.id AND g.deleted = 0), c.a_id, c.b_id,
 coalesce(a.given_name, ''), coalesce(a.family_name, ''), coalesce(a.name_order, ''), coalesce(a.latin_name, ''), coalesce(b.given_name, ''), coalesce(b.family_name, ''), coalesce(b.name_order, ''), coalesce(b.latin_name, '')
 FROM couple c LEFT JOIN person a ON a.id = c.a_id LEFT JOIN person b ON b.id = c.b_id
 WHERE EXISTS (SELECT 1 FROM engagement g WHERE g.couple_id = c.id AND g.deleted = 0) AND NOT EXISTS (SELECT 1 FROM engagement g WHERE g.couple_id = c.id AND g.deleted = 0 AND g.ended_on = '')
 AND NOT EXISTS (SELECT 1 FROM erasure x WHERE x.item_id = c.id AND x.cols = '')`,
}

// Decided notes what was decided about records whose time had come: how many, not whose.
func (s *Store) Decided(ctx context.Context, rule, decision string, records int) error {
	return s.cb.Write(ctx, "retention.decide", func(tx *casebook.Tx) error { return decided(tx, rule, decision, records) })
}

func decided(tx *casebook.Tx, rule, decision string, records int) error {
	_, err := tx.Exec(`INSERT INTO retention_log (id, rule, decision, records, coach_id, at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`, ids.New(), rule, decision, records, tx.Coach, tx.Now.UnixMilli())
	return err
}

// EraseDue erases one record whose time has come, because somebody confirmed it: a record
// that is not due, or that a hold keeps, is refused.
func (s *Store) EraseDue(ctx context.Context, aud clients.Audience, d Due) (ids.ID, error) {
	due, err := s.Due(ctx, aud)
	if err != nil {
		return ids.Nil, err
	}
	i := slices.IndexFunc(due, func(x Due) bool { return x.ID == d.ID && x.Scope == d.Scope })
	switch {
	case i < 0:
		return ids.Nil, nothing(text.T("rights.not_due", "The time of this record has not come."), text.T("rights.nothing_erased", "Nothing was erased."))
	case due[i].Held:
		return ids.Nil, nothing(text.T("rights.held", "There is a hold: nothing may be erased."), text.T("rights.held_hint", "Lift the hold first, with the reason. Nothing was erased."))
	}
	plan, err := s.plan(ctx, aud, d.Scope, d.ID)
	if err != nil {
		return ids.Nil, err
	}
	plan.Ground, plan.rule = "retention", due[i].Rule
	return s.Apply(ctx, aud, plan)
}
