// Package coupleui is the place of couples and single clients: the list in the middle,
// the record with its lens and tabs on the right, and the forms behind them.
package coupleui

import (
	"context"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "couples"

// Store is what the place needs of the clients: clients.Store.
type Store interface {
	records
	people
	engagements
}

type records interface {
	Standing(ctx context.Context, aud clients.Audience, couple ids.ID) (clients.Standing, error)
	Lent(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Lending, error)
	Closed(ctx context.Context, couple ids.ID) (bool, error)
	List(ctx context.Context, aud clients.Audience, f clients.Filter) (clients.List, error)
	Tags(ctx context.Context, aud clients.Audience) ([]clients.TagCount, error)
	Header(ctx context.Context, aud clients.Audience, id ids.ID, now time.Time) (clients.Header, error)
	Overview(ctx context.Context, aud clients.Audience, id ids.ID, now time.Time) (clients.Overview, error)
	Couple(ctx context.Context, aud clients.Audience, id ids.ID) (clients.Couple, error)
	CreateCouple(ctx context.Context, n clients.NewCouple) (ids.ID, error)
	UpdateCouple(ctx context.Context, id ids.ID, change func(*clients.Couple) error) error
	ArchiveCouple(ctx context.Context, id ids.ID, archived bool) error
	DeleteCouple(ctx context.Context, id ids.ID) error
	RestoreCouple(ctx context.Context, id ids.ID) error
	KeepCouple(ctx context.Context, id ids.ID) error
	SetTags(ctx context.Context, couple ids.ID, tags []string) error
	JoinPartner(ctx context.Context, couple ids.ID, p *clients.Person) error
}

type people interface {
	UpdatePerson(ctx context.Context, id ids.ID, change func(*clients.Person) error) error
	ArchivePerson(ctx context.Context, id ids.ID, archived bool) error
	DeletePerson(ctx context.Context, id ids.ID) error
	RestorePerson(ctx context.Context, id ids.ID) error
	Namesakes(ctx context.Context, aud clients.Audience, name clients.Name, except ids.ID) ([]clients.Namesake, error)
}

type engagements interface {
	Coaches(ctx context.Context) ([]clients.Coach, error)
	Engagements(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Engagement, error)
	CreateEngagement(ctx context.Context, e clients.Engagement) (ids.ID, error)
	UpdateEngagement(ctx context.Context, id ids.ID, change func(*clients.Engagement) error) error
	DeleteEngagement(ctx context.Context, id ids.ID) error
	RestoreEngagement(ctx context.Context, id ids.ID) error
}

// AgreementStore keeps what partners agree with each other: practices.Store.
type AgreementStore interface {
	SaveAgreement(ctx context.Context, a practices.Agreement) error
	Agreements(ctx context.Context, aud clients.Audience, couple ids.ID) ([]practices.Agreement, error)
	DeleteAgreement(ctx context.Context, id ids.ID) error
	RestoreAgreement(ctx context.Context, id ids.ID) error
}

// OriginStore tells how a record came to be: intake.Store.
type OriginStore interface {
	OfCouple(ctx context.Context, aud clients.Audience, couple ids.ID) (intake.Origin, error)
}

// Deps is what the place needs.
type Deps struct {
	kit.Env
	Clients    Store
	Agreements AgreementStore
	Origins    OriginStore
	History    HistoryStore
	Access     accessui.Deps
	Tabs       []kit.TabSpec // after the overview
}

// writes says whether who is signed in changes records.
func (d Deps) writes() bool { return d.Access.Lends() }

// assists says whether who is signed in is shown names and times alone.
func (d Deps) assists() bool { return d.Access.Role == clients.RoleAssistant }

func (d Deps) today() day.Day { return day.Day(d.Today()) }

func (d Deps) coach() clients.Audience { return clients.For(clients.CoachView, d.today()) }

// at writes a time on the coach's clock.
func (d Deps) at(t time.Time, layout string) string {
	return t.In(d.Now().Location()).Format(layout)
}

// do changes the store elsewhere and then says so.
func (d Deps) do(change func(context.Context) error, then func()) {
	kit.Do(d.Runner, d.Messages, change, then)
}

// undoable changes the store and offers the way back.
func (d Deps) undoable(said string, change, back func(context.Context) error) {
	d.do(change, func() { d.Messages.Undo(said, func() { d.do(back, nil) }) })
}
