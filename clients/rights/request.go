package rights

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Kind is what a client asks for.
type Kind string

// The kinds of requests.
const (
	Access        Kind = "access"        // to see what is kept
	Portability   Kind = "portability"   // to have what they gave, for another program
	Rectification Kind = "rectification" // that something is put right
	Restriction   Kind = "restriction"   // that nothing new is done with it
	Erasing       Kind = "erasure"
)

// Kinds are all kinds of requests.
var Kinds = []Kind{Access, Portability, Rectification, Restriction, Erasing}

var kindWords = text.Phrases(map[string]text.Phrase{
	string(Access): text.P("rights.access", "See their file"), string(Portability): text.P("rights.portability", "Take their data along"),
	string(Rectification): text.P("rights.rectification", "Put something right"), string(Restriction): text.P("rights.restriction", "Do nothing new with it"),
	string(Erasing): text.P("rights.erasure", "Be erased"),
})

// Words is the kind as the coach reads it.
func (k Kind) Words() string {
	if p, ok := kindWords[string(k)]; ok {
		return p.String()
	}
	return text.T("rights.other", "Something else")
}

// How long there is: a month, and two more with a reason.
const (
	monthsToAnswer = 1
	monthsExtended = 3
)

// The states of a request.
const (
	Open    = "open"
	Done    = "done"
	Refused = "refused"
)

// Request is what a client asked for.
type Request struct {
	ID         ids.ID
	Person     ids.ID
	Name       clients.Name
	Couple     ids.ID // a record that the person is in
	Kind       Kind
	ReceivedOn day.Day
	DueOn      day.Day
	Extended   string // why it takes longer
	Identity   string // how it was made sure who asks
	IdentityOn day.Day
	State      string
	DoneOn     day.Day
	Outcome    string
	Steps      []Step
}

// Step is one line of the log of a request.
type Step struct {
	Step   string
	Reason string
	Coach  string
	At     time.Time
}

// Ask records what a client asks for. It is due a month after the day on which it came.
func (s *Store) Ask(ctx context.Context, person ids.ID, kind Kind, on day.Day) (ids.ID, error) {
	if !slices.Contains(Kinds, kind) {
		return ids.Nil, fault.Input("kind", text.T("rights.kind", "Choose what they ask for."))
	}
	if d, err := day.Parse(string(on)); err != nil || d == "" {
		return ids.Nil, fault.Input("received_on", text.T("rights.received", "Write the day on which they asked, like 2026-11-22."))
	}
	if on > day.Of(s.cb.Now()) {
		return ids.Nil, fault.Input("received_on", text.T("clients.to_come", "This day is still to come."))
	}
	id := ids.New()
	return id, s.cb.Write(ctx, "request.make", func(tx *casebook.Tx) error {
		var there bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM person WHERE id = ? AND deleted = 0)`, person).Scan(&there); err != nil {
			return err
		}
		if !there {
			return clients.NotFound()
		}
		if _, err := tx.Exec(`INSERT INTO subject_request (id, person_id, kind, received_on, due_on, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			id, person, string(kind), string(on), string(on.AddMonths(monthsToAnswer)), tx.Now.UnixMilli()); err != nil {
			return err
		}
		return step(tx, id, "received", "")
	})
}

// Identify records how it was made sure that the request comes from the person.
func (s *Store) Identify(ctx context.Context, request ids.ID, how string, on day.Day) error {
	how = clients.OneLine(how)
	if how == "" {
		return fault.Input("identity", text.T("rights.identity", "Say how you made sure who asks."))
	}
	return s.change(ctx, request, "identity", how, `identity = ?, identity_on = ?`, how, string(on))
}

// Extend gives a request two months more, for a reason that the client is told.
func (s *Store) Extend(ctx context.Context, request ids.ID, reason string) error {
	reason = clients.OneLine(reason)
	if reason == "" {
		return fault.Input("extended", text.T("rights.extend_reason", "Say why it takes longer."))
	}
	var received day.Day
	if err := s.cb.Reader().QueryRowContext(ctx, `SELECT received_on FROM subject_request WHERE id = ?`, request).Scan(&received); err != nil {
		return missing(err)
	}
	return s.change(ctx, request, "extended", reason, `extended = ?, due_on = ?`, reason, string(received.AddMonths(monthsExtended)))
}

// Log adds a line to the log of a request: what was decided, and why.
func (s *Store) Log(ctx context.Context, request ids.ID, what, reason string) error {
	if clients.OneLine(reason) == "" {
		return fault.Input("reason", text.T("rights.log", "Say what was decided, and why."))
	}
	return s.cb.Write(ctx, "request.step", func(tx *casebook.Tx) error { return step(tx, request, what, clients.OneLine(reason)) })
}

// Finish ends a request: done, or refused with the reason. It is done only for somebody of
// whom it is known who they are.
func (s *Store) Finish(ctx context.Context, request ids.ID, state, outcome string, on day.Day) error {
	outcome = clients.OneLine(outcome)
	var identity string
	if err := s.cb.Reader().QueryRowContext(ctx, `SELECT identity FROM subject_request WHERE id = ? AND deleted = 0`, request).Scan(&identity); err != nil {
		return missing(err)
	}
	switch {
	case state != Done && state != Refused:
		return fault.Input("state", text.T("rights.state", "Say whether it was done or refused."))
	case state == Done && identity == "":
		return fault.Input("identity", text.T("rights.identity_first", "Record first how you made sure who asks."))
	case state == Refused && outcome == "":
		return fault.Input("outcome", text.T("rights.why_refused", "Say why it is refused."))
	}
	return s.change(ctx, request, state, outcome, `state = ?, outcome = ?, done_on = ?`, state, outcome, string(on))
}

func (s *Store) change(ctx context.Context, request ids.ID, what, reason, set string, args ...any) error {
	action := "request.step"
	if what == Done || what == Refused {
		action = "request.done"
	}
	return s.cb.Write(ctx, action, func(tx *casebook.Tx) error {
		res, err := tx.Exec(`UPDATE subject_request SET `+set+` WHERE id = ? AND deleted = 0`, append(args, request)...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, clients.NotFound())
		}
		return step(tx, request, what, reason)
	})
}

func step(tx *casebook.Tx, request ids.ID, what, reason string) error {
	_, err := tx.Exec(`INSERT INTO request_step (id, request_id, step, reason, coach_id, at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`, ids.New(), request, what, reason, tx.Coach, tx.Now.UnixMilli())
	return err
}

const selectRequest = `SELECT r.id, r.person_id, p.given_name, p.family_name, p.name_order, p.latin_name, (SELECT c.id FROM couple c WHERE (c.a_id = p.id OR c.b_id = p.id) ORDER BY c.deleted, c.id DESC LIMIT 1),
 r.kind, r.received_on, r.due_on, r.extended, r.identity, r.identity_on, r.state, r.done_on, r.outcome FROM subject_request r JOIN person p ON p.id = r.person_id WHERE r.deleted = 0`

func scanRequest(r *sql.Rows, q *Request) error {
	return r.Scan(&q.ID, &q.Person, &q.Name.Given, &q.Name.Family, &q.Name.Order, &q.Name.Latin, &q.Couple, &q.Kind, &q.ReceivedOn, &q.DueOn, &q.Extended, &q.Identity, &q.IdentityOn, &q.State, &q.DoneOn, &q.Outcome)
}

// Requests are what a person asked for, the latest first, with their logs.
func (s *Store) Requests(ctx context.Context, aud clients.Audience, person ids.ID) ([]Request, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	q := s.cb.Reader()
	all, err := casebook.Collect(ctx, q, scanRequest, selectRequest+` AND r.person_id = ? ORDER BY r.received_on DESC, r.id DESC`, person)
	for i := range all {
		if err == nil {
			all[i].Steps, err = casebook.Collect(ctx, q, func(r *sql.Rows, s *Step) error {
				var at int64
				err := r.Scan(&s.Step, &s.Reason, &s.Coach, &at)
				s.At = clients.AtMillis(at)
				return err
			}, `SELECT s.step, s.reason, coalesce(k.name, ''), s.at FROM request_step s LEFT JOIN coach k ON k.id = s.coach_id WHERE s.request_id = ? AND s.deleted = 0 ORDER BY s.at, s.id`, all[i].ID)
		}
	}
	return all, err
}

// OpenRequests are the requests that are not done, the one that is due first first.
func (s *Store) OpenRequests(ctx context.Context, aud clients.Audience) ([]Request, error) {
	if !aud.IsCoach() {
		return nil, nil
	}
	return casebook.Collect(ctx, s.cb.Reader(), scanRequest, selectRequest+` AND r.state = 'open' ORDER BY r.due_on, r.id`)
}

// Restrict stops new processing for a person; what is kept stays and is shown to nobody else.
func (s *Store) Restrict(ctx context.Context, person ids.ID, on bool, reason string) error {
	reason = clients.OneLine(reason)
	if reason == "" {
		return fault.Input("reason", text.T("rights.restrict_reason", "Say why."))
	}
	action, state := "restriction.set", "on"
	if !on {
		action, state = "restriction.lift", "off"
	}
	return s.cb.Write(ctx, action, func(tx *casebook.Tx) error {
		heads, err := casebook.Collect(tx.Context(), tx, casebook.Value[ids.ID], `SELECT id FROM restriction r WHERE person_id = ? AND deleted = 0 AND NOT EXISTS (SELECT 1 FROM restriction x WHERE x.replaces = r.id) ORDER BY id`, person)
		if err != nil {
			return err
		}
		if len(heads) == 0 {
			heads = []ids.ID{ids.Nil}
		}
		for _, h := range heads {
			if _, err := tx.Exec(`INSERT INTO restriction (id, person_id, state, reason, replaces, coach_id, at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)`, ids.New(), person, state, reason, h, tx.Coach, tx.Now.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Restricted says for which people nothing new may be done, with the reasons. One decision
// that restricts counts, whatever others say beside it (rule PV-48).
func (s *Store) Restricted(ctx context.Context, aud clients.Audience) (map[ids.ID]string, error) {
	out := map[ids.ID]string{}
	if !aud.IsCoach() {
		return out, nil
	}
	return out, casebook.Each(ctx, s.cb.Reader(), func(r *sql.Rows) error {
		var person ids.ID
		var reason string
		err := r.Scan(&person, &reason)
		out[person] = reason
		return err
	}, `SELECT person_id, reason FROM restricted`)
}
