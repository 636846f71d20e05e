// Package coupleui is the place of couples and single clients: the list in the middle,
// the record with its lens and tabs on the right, and the forms behind them.
package coupleui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "couples"

// Store is what the place needs of the clients: clients.Store.
type Store interface {
	List(ctx context.Context, aud clients.Audience, f clients.Filter) (clients.List, error)
	Tags(ctx context.Context, aud clients.Audience) ([]clients.TagCount, error)
	Coaches(ctx context.Context) ([]clients.Coach, error)
	Header(ctx context.Context, aud clients.Audience, id ids.ID, now clock) (clients.Header, error)
	Overview(ctx context.Context, aud clients.Audience, id ids.ID, now clock) (clients.Overview, error)
	Couple(ctx context.Context, aud clients.Audience, id ids.ID) (clients.Couple, error)
	CreateCouple(ctx context.Context, n clients.NewCouple) (ids.ID, error)
	UpdateCouple(ctx context.Context, id ids.ID, change func(*clients.Couple) error) error
	ArchiveCouple(ctx context.Context, id ids.ID, archived bool) error
	DeleteCouple(ctx context.Context, id ids.ID) error
	RestoreCouple(ctx context.Context, id ids.ID) error
	SetTags(ctx context.Context, couple ids.ID, tags []string) error
	JoinPartner(ctx context.Context, couple ids.ID, p *clients.Person) error
	Person(ctx context.Context, aud clients.Audience, id ids.ID) (clients.Person, error)
	UpdatePerson(ctx context.Context, id ids.ID, change func(*clients.Person) error) error
	Namesakes(ctx context.Context, aud clients.Audience, name clients.Name, except ids.ID) ([]clients.Namesake, error)
	Engagements(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Engagement, error)
	CreateEngagement(ctx context.Context, e clients.Engagement) (ids.ID, error)
	UpdateEngagement(ctx context.Context, id ids.ID, change func(*clients.Engagement) error) error
	Sign(ctx context.Context, g clients.Signature) (ids.ID, error)
	WithdrawConsent(ctx context.Context, couple, person ids.ID, purpose string, on day.Day, way string) (ids.ID, error)
	Screens(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Screen, error)
	RecordScreen(ctx context.Context, n clients.Screen) (ids.ID, error)
	OverrideJoint(ctx context.Context, couple ids.ID, reason string, until day.Day) error
	Releases(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Release, error)
	WithdrawRelease(ctx context.Context, couple ids.ID, partner clients.Slot, item ids.ID, on day.Day, way string) (ids.ID, error)
}

// AgreementStore keeps what partners agree with each other: practices.Store.
type AgreementStore interface {
	SaveAgreement(ctx context.Context, a practices.Agreement) error
	Agreements(ctx context.Context, aud clients.Audience, couple ids.ID) ([]practices.Agreement, error)
	DeleteAgreement(ctx context.Context, id ids.ID) error
	RestoreAgreement(ctx context.Context, id ids.ID) error
}

// Deps is what the place needs.
type Deps struct {
	kit.Env
	Clients    Store
	Agreements AgreementStore
	Tabs       []kit.TabSpec // after the overview
}

// Page is the list and the record beside it.
type Page struct {
	widget.BaseWidget
	deps   Deps
	filter clients.Filter
	load   *kit.Loader[clients.List]
	sides  *kit.Loader[choices]
	rows   []clients.Row
	chosen choices

	search  *kit.Entry
	tag     *kit.Choice[string]
	coach   *kit.Choice[ids.ID]
	stage   *kit.Choice[string]
	shelf   *kit.Choice[clients.Shelf]
	sorting *kit.Choice[clients.Sorting]
	list    *kit.List
	count   *kit.Line
	record  *record
	stack   *fyne.Container
	nothing fyne.CanvasObject
	body    fyne.CanvasObject
	route   kit.Route
}

// choices are what the filters offer.
type choices struct {
	tags    []clients.TagCount
	coaches []clients.Coach
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[clients.List](d.Runner, d.Messages), sides: kit.NewLoader[choices](d.Runner, d.Messages)}
	p.record = newRecord(d, p.recordChanged)
	p.search = kit.NewEntry(text.T("couples.filter", "Filter by name or tag"))
	p.search.OnChanged = func(s string) { p.filter.Text = strings.TrimSpace(s); p.fetch() }
	p.coach = kit.NewChoice(nil, func(id ids.ID) { p.filter.Coach = id; p.fetch() })
	p.tag = kit.NewChoice(nil, func(t string) { p.filter.Tag = t; p.fetch() })
	p.stage = kit.NewChoice(stageOptions(), func(s string) { p.filter.Stage = s; p.fetch() })
	p.shelf = kit.NewChoice([]kit.Option[clients.Shelf]{
		{Value: clients.Working, Label: text.T("couples.working", "Current")}, {Value: clients.Archived, Label: text.T("couples.archived", "Archived")}, {Value: clients.Everything, Label: text.T("couples.everything", "All")},
	}, func(s clients.Shelf) { p.filter.Shelf = s; p.fetch() })
	p.sorting = kit.NewChoice([]kit.Option[clients.Sorting]{
		{Value: clients.ByName, Label: text.T("couples.by_name", "By name")},
		{Value: clients.ByLast, Label: text.T("couples.by_last", "Last session")},
		{Value: clients.ByNext, Label: text.T("couples.by_next", "Next session")},
		{Value: clients.ByStage, Label: text.T("couples.by_stage", "By stage")},
	}, func(s clients.Sorting) { p.filter.Sort = s; p.fetch() })
	p.stage.SetValue("")
	p.shelf.SetValue(clients.Working)
	p.sorting.SetValue(clients.ByName)
	p.offer(choices{})
	p.count = kit.Soft("")
	p.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(p.rows) }, Row: p.row, Open: p.openRow, Keeps: true,
		Empty: kit.NewEmptyState("couples", text.T("couples.empty", "Couples and single clients stand here."), text.T("couples.new", "New couple"), p.newCouple),
	})
	p.nothing = kit.NewEmptyState("couples", text.T("couples.choose", "Choose a record on the left, or begin a new one."), text.T("couples.new", "New couple"), p.newCouple)
	p.stack = container.NewStack(p.nothing)
	left := kit.Inset(16, kit.Frame(
		kit.VBox(8,
			kit.HBox(8, kit.Title(text.T("couples.title", "Couples")), kit.Spacer(), kit.Primary(text.T("couples.new", "New couple"), p.newCouple)),
			p.search,
			container.NewGridWithColumns(2, p.shelf, p.sorting),
			container.NewGridWithColumns(2, p.stage, p.tag),
			p.coach,
			kit.HBox(8, p.count, kit.Spacer(), kit.Quiet(text.T("couples.new_single", "New single client"), p.newSingle)),
		), nil, p.list, nil, nil))
	p.body = kit.Frame(nil, kit.Sized(320, 0, left), p.stack, nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

func stageOptions() []kit.Option[string] {
	out := []kit.Option[string]{{Value: "", Label: text.T("couples.any_stage", "Any stage")}}
	for _, s := range append(intake.Stages(), intake.Exits()...) {
		out = append(out, kit.Option[string]{Value: string(s), Label: s.Words()})
	}
	return out
}

// offer fills the filters with the tags and coaches that there are.
func (p *Page) offer(c choices) {
	p.chosen = c
	tags := []kit.Option[string]{{Value: "", Label: text.T("couples.any_tag", "Any tag")}}
	for _, t := range c.tags {
		tags = append(tags, kit.Option[string]{Value: t.Tag, Label: t.Tag})
	}
	coaches := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("couples.any_coach", "Any coach")}}
	for _, k := range c.coaches {
		coaches = append(coaches, kit.Option[ids.ID]{Value: k.ID, Label: k.Name})
	}
	p.tag.SetOptions(tags)
	p.tag.SetValue(p.filter.Tag)
	p.coach.SetOptions(coaches)
	p.coach.SetValue(p.filter.Coach)
	if len(c.coaches) < 2 {
		p.coach.Hide()
	} else {
		p.coach.Show()
	}
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// First is the filter field.
func (p *Page) First() fyne.Focusable { return p.search }

// Open shows the list, and the record that the route names.
func (p *Page) Open(r kit.Route) {
	p.route = r
	p.Reload()
}

// Reload loads the list and the open record again.
func (p *Page) Reload() {
	aud := p.coachAudience()
	p.sides.Load(func(ctx context.Context) (c choices, err error) {
		if c.tags, err = p.deps.Clients.Tags(ctx, aud); err != nil {
			return c, err
		}
		c.coaches, err = p.deps.Clients.Coaches(ctx)
		return c, err
	}, p.offer)
	p.fetch()
	p.showRecord()
}

// Leave saves what is being written in the record.
func (p *Page) Leave() {
	p.load.Stop()
	p.sides.Stop()
	p.record.leave()
}

func (p *Page) coachAudience() clients.Audience {
	return clients.For(clients.CoachView, day.Day(p.deps.Today()))
}

func (p *Page) fetch() {
	f, aud := p.filter, p.coachAudience()
	f.Now = p.deps.Now()
	for _, s := range append(intake.Stages(), intake.Exits()...) {
		f.Stages = append(f.Stages, string(s))
	}
	p.load.Load(func(ctx context.Context) (clients.List, error) { return p.deps.Clients.List(ctx, aud, f) }, func(l clients.List) {
		p.rows = l.Rows
		p.count.SetText(text.N("couples.count", l.Total, "1 record", "%d records"))
		p.list.Reload()
		p.mark()
	})
}

// mark shows in the list which record is open.
func (p *Page) mark() {
	for i, r := range p.rows {
		if r.ID.String() == p.route.ID {
			p.list.Mark(i)
			return
		}
	}
	p.list.Mark(-1)
}

func (p *Page) row(i int) kit.Row {
	r := p.rows[i]
	facts := []string{intake.Stage(r.Stage).Words()}
	switch {
	case !r.NextAt.IsZero():
		facts = append(facts, text.T("couples.next", "next %s", r.NextAt.Format("2 Jan")))
	case !r.LastAt.IsZero():
		facts = append(facts, text.T("couples.last", "last %s", r.LastAt.Format("2 Jan 2006")))
	}
	if r.Archived {
		facts = append(facts, text.T("couples.is_archived", "archived"))
	}
	facts = append(facts, r.Tags...)
	return kit.Row{Title: r.Title, Detail: strings.Join(facts, " · ")}
}

func (p *Page) openRow(i int) {
	r := kit.Route{Page: PageID, ID: p.rows[i].ID.String(), Tab: p.route.Tab, Lens: p.route.Lens}
	if r.ID == p.route.ID {
		return
	}
	p.record.leave()
	p.route = r
	p.deps.Nav.Replace(r)
	p.showRecord()
}

func (p *Page) showRecord() {
	id, err := ids.Parse(p.route.ID)
	if err != nil || id.IsZero() {
		p.stack.Objects = []fyne.CanvasObject{p.nothing}
		p.stack.Refresh()
		return
	}
	p.stack.Objects = []fyne.CanvasObject{p.record}
	p.stack.Refresh()
	p.record.show(id, p.route)
}

// recordChanged is told by the record that a tab or a lens was chosen, or that it is gone.
func (p *Page) recordChanged(r kit.Route) {
	p.route = r
	p.deps.Nav.Replace(r)
	if r.ID == "" {
		p.showRecord()
		p.fetch()
	}
}

// Commands are what can be done here.
func (p *Page) Commands() []kit.Command {
	open := func() bool { return p.route.ID != "" }
	return append([]kit.Command{
		{ID: "couples.new", Title: text.T("couples.new", "New couple"), Menu: "record", Run: p.newCouple},
		{ID: "couples.new_single", Title: text.T("couples.new_single", "New single client"), Menu: "record", Run: p.newSingle},
		{ID: "couples.archive", Title: text.T("couples.archive", "Archive or bring back"), Menu: "record", Enabled: open, Run: p.record.archive},
		{ID: "couples.delete", Title: text.T("couples.delete", "Delete this record"), Menu: "record", Enabled: open, Run: p.record.remove},
	}, p.record.commands()...)
}
