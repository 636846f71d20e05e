package todayui

import (
	"context"
	"slices"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
)

// manyDue is how many practices are counted.
const manyDue = 50

// fresh is for how long a reading is the first page's.
const fresh = 2 * time.Second

// Stores are what the place reads. It is the coach's page: every read is the coach's.
type Stores struct {
	// TimesAlone is for an assistant, whom appointments alone are shown.
	TimesAlone bool
	Sessions   SessionStore
	Practices  PracticeStore
	Intake     interface {
		Today(ctx context.Context, aud clients.Audience, today day.Day, coach ids.ID) (intake.TodayView, error)
	}
	Traces interface {
		Overdue(ctx context.Context, aud traces.Audience, now clock) (int, error)
	}
	Clients interface {
		Openings(ctx context.Context, aud clients.Audience, since time.Time) ([]clients.Opening, error)
		Titles(ctx context.Context, aud clients.Audience, records []ids.ID) (map[ids.ID]string, error)
		PlansDue(ctx context.Context, aud clients.Audience, limit int) ([]clients.PlanDue, error)
		TalksDue(ctx context.Context, aud clients.Audience, limit int) ([]ids.ID, error)
		ScopesDue(ctx context.Context, aud clients.Audience, limit int) ([]ids.ID, error)
	}
	// Rights is what clients asked for, and the records whose time has come; may be nil.
	Rights interface {
		OpenRequests(ctx context.Context, aud clients.Audience) ([]rights.Request, error)
		Due(ctx context.Context, aud clients.Audience) ([]rights.Due, error)
	}
}

// SessionStore is what it needs of sessions.Store.
type SessionStore interface {
	Today(ctx context.Context, aud clients.Audience, now clock) (sessions.Today, error)
	LockDue(ctx context.Context, now clock) (int, error)
}

// PracticeStore is what it needs of practices.Store.
type PracticeStore interface {
	DueOn(ctx context.Context, aud clients.Audience, limit int) ([]practices.Due, error)
	ToSeeAlone(ctx context.Context, aud clients.Audience, limit int) ([]practices.Alone, error)
	Board(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]practices.Progress, error)
}

// Reading is what the cards say, as it was at one moment.
type Reading struct {
	at       clock
	sessions sessions.Today
	doing    []string // the practices that the next session's clients are doing
	due      []practices.Due
	alone    []practices.Alone
	plans    []clients.PlanDue // what one partner told alone and is to be said
	talks    []ids.ID          // whom to speak with alone again
	scopes   []ids.ID          // whose scope to look at
	intake   intake.TodayView
	titles   map[ids.ID]string
	copies   int // that lie about too long
	asked    []rights.Request
	over     int // records whose time has come
	openings []clients.Opening
}

// openingDays is for how long Today tells that somebody opened another's record.
const openingDays = 14

// Read is all that the place shows, in a fixed handful of queries.
func (d Stores) Read(ctx context.Context, aud clients.Audience, now clock) (*Reading, error) {
	s := &Reading{at: now}
	var err error
	if s.sessions, err = d.Sessions.Today(ctx, aud, now); err != nil {
		return nil, err
	}
	if d.TimesAlone {
		s.sessions.WithoutNote, s.sessions.Drafts, s.sessions.Unbooked = nil, nil, nil
		return s, nil
	}
	if s.openings, err = d.Clients.Openings(ctx, aud, now.AddDate(0, 0, -openingDays)); err != nil {
		return nil, err
	}
	if s.due, err = d.Practices.DueOn(ctx, aud, manyDue); err != nil {
		return nil, err
	}
	if s.alone, err = d.Practices.ToSeeAlone(ctx, aud, manyDue); err != nil {
		return nil, err
	}
	if s.intake, err = d.Intake.Today(ctx, aud, aud.On(), ids.Nil); err != nil {
		return nil, err
	}
	if s.copies, err = d.Traces.Overdue(ctx, aud, now); err != nil {
		return nil, err
	}
	if d.Rights != nil {
		if s.asked, err = d.Rights.OpenRequests(ctx, aud); err != nil {
			return nil, err
		}
		over, err := d.Rights.Due(ctx, aud)
		if err != nil {
			return nil, err
		}
		for _, x := range over {
			if !x.Held {
				s.over++
			}
		}
	}
	if s.plans, err = d.Clients.PlansDue(ctx, aud, manyDue); err != nil {
		return nil, err
	}
	if s.talks, err = d.Clients.TalksDue(ctx, aud, manyDue); err != nil {
		return nil, err
	}
	if s.scopes, err = d.Clients.ScopesDue(ctx, aud, manyDue); err != nil {
		return nil, err
	}
	records := append(slices.Clone(s.talks), s.scopes...)
	for _, x := range s.plans {
		records = append(records, x.CoupleID)
	}
	for _, x := range s.due {
		records = append(records, x.Couple)
	}
	for _, x := range s.alone {
		records = append(records, x.Couple)
	}
	if s.titles, err = d.Clients.Titles(ctx, aud, records); err != nil {
		return nil, err
	}
	if len(s.sessions.Next) == 0 {
		return s, nil
	}
	board, err := d.Practices.Board(ctx, aud, s.sessions.Next[0].Couple, aud.On(), aud.On())
	if err != nil {
		return nil, err
	}
	for _, a := range board {
		if a.State == practices.Active && a.Starts <= aud.On() && (a.Ends.IsZero() || a.Ends >= aud.On()) {
			s.doing = append(s.doing, a.Title)
		}
	}
	return s, nil
}
