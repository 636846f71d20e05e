// Package pipelineui is the place of enquiries: the pipeline as a list by stage, the
// enquiry beside it, the discovery call with its clock, and the step to a couple.
package pipelineui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "pipeline"

// The tabs of the page in routes: an enquiry has none.
const (
	tabNew    = "new"    // the form of a new enquiry is open
	tabCall   = "call"   // the sheet of the call that Item names
	tabRecord = "record" // ID is a record that was made without an enquiry
)

// Deps is what the place needs; intake.Store and clients.Store have it.
type Deps struct {
	kit.Env
	Intake  Intake
	Clients Clients
	Zone    func() string // of the coach, for the hour of a call
}

// Intake is what the place needs of enquiries, calls and stages.
type Intake interface {
	Pipeline(ctx context.Context, aud clients.Audience, f intake.PipelineFilter) ([]intake.Column, error)
	Sources(ctx context.Context, aud clients.Audience) ([]string, error)
	Cases(ctx context.Context, aud clients.Audience, today day.Day) ([]intake.Case, error)
	FollowUpsDue(ctx context.Context, aud clients.Audience, today day.Day) ([]intake.Due, error)
	MarkFollowUp(ctx context.Context, id ids.ID, due, on day.Day) error
	Enquiry(ctx context.Context, aud clients.Audience, id ids.ID) (intake.Enquiry, error)
	Create(ctx context.Context, e intake.Enquiry) (ids.ID, error)
	Update(ctx context.Context, id ids.ID, change func(*intake.Enquiry) error) error
	Archive(ctx context.Context, id ids.ID, archived bool) error
	Delete(ctx context.Context, id ids.ID) error
	Restore(ctx context.Context, id ids.ID) error
	BookCall(ctx context.Context, enquiry ids.ID, at time.Time) error
	StartCall(ctx context.Context, enquiry ids.ID) (ids.ID, error)
	Call(ctx context.Context, aud clients.Audience, id ids.ID) (intake.Call, error)
	CallsOfEnquiry(ctx context.Context, aud clients.Audience, enquiry ids.ID) ([]intake.Call, error)
	UpdateCall(ctx context.Context, id ids.ID, change func(*intake.Call) error) error
	FinishCall(ctx context.Context, id ids.ID, change func(*intake.Call) error) error
	DeleteCall(ctx context.Context, id ids.ID) error
	RestoreCall(ctx context.Context, id ids.ID) error
	HistoryOfEnquiry(ctx context.Context, aud clients.Audience, id ids.ID) (intake.History, error)
	HistoryOfCouple(ctx context.Context, aud clients.Audience, id ids.ID) (intake.History, error)
	Readiness(ctx context.Context, aud clients.Audience, couple ids.ID) (intake.Readiness, error)
	MoveEnquiry(ctx context.Context, id ids.ID, to intake.Stage, reason string) error
	MoveCouple(ctx context.Context, id ids.ID, to intake.Stage, reason string) error
	Convert(ctx context.Context, enquiry ids.ID, o intake.Conversion) (ids.ID, error)
}

// Clients is what the place needs of persons and records.
type Clients interface {
	Coaches(ctx context.Context) ([]clients.Coach, error)
	Header(ctx context.Context, aud clients.Audience, id ids.ID, now time.Time) (clients.Header, error)
	Namesakes(ctx context.Context, aud clients.Audience, name clients.Name, except ids.ID) ([]clients.Namesake, error)
}

// entry is one line of the list: the head of a stage, or a card.
type entry struct {
	stage intake.Stage
	n     int
	card  *intake.Card
}

// listed is what the list and its filters show.
type listed struct {
	columns []intake.Column
	sources []string
	coaches []clients.Coach
}

// Page is the list by stage and what is open beside it.
type Page struct {
	widget.BaseWidget
	deps     Deps
	filter   intake.PipelineFilter
	load     *kit.Loader[listed]
	entries  []entry
	coaches  []clients.Coach
	marked   int
	list     *kit.List
	count    *kit.Line
	add      *kit.Button
	choosers *fyne.Container
	source   *kit.Choice[string]
	coachBy  *kit.Choice[ids.ID]
	none     *fyne.Container // there are no enquiries at all
	filtered *fyne.Container // none that the filter takes
	stack    *fyne.Container
	pane     fyne.CanvasObject
	side     fyne.CanvasObject // within it
	back     fyne.CanvasObject // to the list, where there is no room for it
	width    float32
	overview *overview
	detail   *detail
	call     *callSheet
	route    kit.Route
	body     fyne.CanvasObject
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[listed](d.Runner, d.Messages), count: kit.Soft(""), marked: -1}
	p.detail, p.overview = newDetail(p), newOverview(p)
	search := kit.NewEntry(text.T("pipeline.filter", "Filter by name, source or next step"))
	search.OnChanged = func(s string) { p.filter.Text = strings.TrimSpace(s); p.fetch() }
	closed := kit.NewCheck(text.T("pipeline.closed", "With those that ended"), func(on bool) { p.filter.Closed = on; p.fetch() })
	archived := kit.NewCheck(text.T("pipeline.archived", "Archived"), func(on bool) { p.filter.Archived = on; p.fetch() })
	p.source = kit.NewChoice[string](nil, func(v string) { p.filter.Source = v; p.fetch() })
	p.coachBy = kit.NewChoice[ids.ID](nil, func(v ids.ID) { p.filter.Coach = v; p.fetch() })
	p.choosers = kit.Columns(8, []float32{0, 0}, p.source, p.coachBy)
	p.choosers.Hide()
	p.none = kit.NewEmptyState("pipeline", text.T("pipeline.empty", "People who ask for coaching stand here, from the first word to the start."), text.T("pipeline.new", "New enquiry"), p.NewEnquiry)
	p.filtered = kit.NewEmptyState("search", text.T("pipeline.filtered", "Nobody fits this filter."), "", nil)
	p.filtered.Hide()
	p.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(p.entries) }, Row: p.row, Open: p.openEntry, Keeps: true,
		Empty: container.NewStack(p.none, p.filtered),
	})
	p.stack = container.NewStack(p.overview)
	p.add = kit.Primary(text.T("pipeline.new", "New enquiry"), p.NewEnquiry)
	p.side = kit.Frame(kit.VBox(8,
		kit.HBox(8, kit.Title(text.T("pipeline.title", "Pipeline")), kit.Spacer(), p.add),
		search, p.choosers, kit.Flow(8, closed, archived), p.count), nil, p.list, nil, nil)
	p.pane = kit.Sized(360, 0, kit.Inset(16, p.side))
	p.back = kit.Insets(8, 0, kit.GapPage, 0, kit.QuietRow(kit.Quiet(text.T("pipeline.to_list", "All enquiries"), p.home)))
	p.back.Hide()
	p.body = kit.Frame(nil, p.pane, kit.Frame(p.back, nil, p.stack, nil, nil), nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Resize takes the list away where there is no room for it beside what is open.
func (p *Page) Resize(s fyne.Size) {
	p.width = s.Width
	p.fit()
	p.BaseWidget.Resize(s)
}

// fit leaves an open enquiry the whole width where both have no room side by side, with a
// way back to the list.
func (p *Page) fit() {
	narrow := p.route.ID != "" && p.width > 0 && p.width < p.pane.MinSize().Width+p.stack.MinSize().Width
	if narrow == !p.pane.Visible() {
		return
	}
	setShown(p.pane, !narrow)
	setShown(p.back, narrow)
	p.body.Refresh()
}

// Parts lets tests and focus look inside.
func (p *Page) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.body} }

// Commands are the commands of the place, wherever the window is.
func Commands(nav kit.Navigator) []kit.Command {
	return []kit.Command{{
		ID: "pipeline.new", Title: text.T("pipeline.new", "New enquiry"), Menu: "record",
		Shortcut: &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift},
		Run:      func() { nav.Go(kit.Route{Page: PageID, Tab: tabNew}) },
	}}
}

// Open shows the list, and what the route names.
func (p *Page) Open(r kit.Route) {
	p.route = r
	if r.Tab == tabNew { // the form opens once, not whenever one comes back here
		p.route = kit.Route{Page: PageID}
	}
	p.Reload()
	if r.Tab == tabNew {
		p.deps.Nav.Replace(p.route)
		p.NewEnquiry()
	}
}

// First is the list, which takes the keys.
func (p *Page) First() fyne.Focusable {
	if p.call != nil || len(p.entries) == 0 {
		return nil
	}
	return p.list.Focusable()
}

// Reload loads again. An open call sheet is left alone: the coach is typing in it.
func (p *Page) Reload() {
	p.fetch()
	if p.call != nil {
		return
	}
	id, err := ids.Parse(p.route.ID)
	switch {
	case err != nil || id.IsZero():
		p.show(p.overview)
		p.overview.open()
	case p.route.Tab == tabCall:
		p.reopenCall()
	default:
		p.show(p.detail)
		p.detail.open(subject{id: id, record: p.route.Tab == tabRecord})
	}
}

// Leave keeps what was entered in the call sheet.
func (p *Page) Leave() {
	p.load.Stop()
	p.closeCall()
}

func (p *Page) coach() clients.Audience { return clients.For(clients.CoachView, p.today()) }

func (p *Page) today() day.Day { return day.Day(p.deps.Today()) }

func (p *Page) show(o fyne.CanvasObject) {
	defer p.fit()
	if len(p.stack.Objects) == 1 && p.stack.Objects[0] == o {
		return
	}
	p.stack.Objects = []fyne.CanvasObject{o}
	p.stack.Refresh()
	p.add.Importance = widget.MediumImportance // an enquiry has a clay button of its own
	if o == fyne.CanvasObject(p.overview) {
		p.add.Importance = widget.HighImportance
	}
	p.add.Refresh()
}

// home shows no enquiry: the one that was open has gone.
func (p *Page) home() {
	p.route = kit.Route{Page: PageID}
	p.deps.Nav.Replace(p.route)
	p.Reload()
}

func (p *Page) fetch() {
	f, aud := p.filter, p.coach()
	p.load.Load(func(ctx context.Context) (l listed, err error) {
		if l.columns, err = p.deps.Intake.Pipeline(ctx, aud, f); err != nil {
			return l, err
		}
		if l.sources, err = p.deps.Intake.Sources(ctx, aud); err != nil {
			return l, err
		}
		l.coaches, err = p.deps.Clients.Coaches(ctx)
		return l, err
	}, p.fill)
}

func (p *Page) fill(l listed) {
	p.entries = nil
	total := 0
	for _, c := range l.columns {
		if len(c.Cards) == 0 {
			continue
		}
		p.entries = append(p.entries, entry{stage: c.Stage, n: len(c.Cards)})
		for i := range c.Cards {
			p.entries = append(p.entries, entry{stage: c.Stage, card: &c.Cards[i]})
		}
		total += len(c.Cards)
	}
	p.coaches = l.coaches
	p.offer(l)
	all := p.filter == (intake.PipelineFilter{})
	setShown(p.none, all)
	setShown(p.filtered, !all)
	p.count.SetText(text.N("pipeline.count", total, "1 card", "%d cards"))
	p.list.Reload()
	p.mark()
}

// offer fills the two choosers; with nothing to choose from they are away.
func (p *Page) offer(l listed) {
	sources := []kit.Option[string]{{Value: "", Label: text.T("pipeline.all_sources", "All sources")}}
	for _, s := range l.sources {
		sources = append(sources, kit.Option[string]{Value: s, Label: s})
	}
	p.source.SetOptions(sources)
	p.source.SetValue(p.filter.Source)
	coaches := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("pipeline.all_coaches", "All coaches")}}
	for _, c := range l.coaches {
		coaches = append(coaches, kit.Option[ids.ID]{Value: c.ID, Label: c.Name})
	}
	p.coachBy.SetOptions(coaches)
	p.coachBy.SetValue(p.filter.Coach)
	setShown(p.coachBy, len(l.coaches) > 1)
	if some := len(l.sources) > 0 || len(l.coaches) > 1; some != p.choosers.Visible() {
		setShown(p.choosers, some)
		p.side.Refresh() // the list moves down
	}
}

func setShown(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// mark marks the card that is open beside the list.
func (p *Page) mark() {
	at := -1
	for i, e := range p.entries {
		if e.card != nil && p.route.ID != "" && p.routeOf(e.card).ID == p.route.ID {
			at = i
		}
	}
	if at != p.marked {
		p.marked = at
		p.list.Mark(at)
	}
}

func (p *Page) routeOf(c *intake.Card) kit.Route {
	if c.EnquiryID.IsZero() {
		return kit.Route{Page: PageID, ID: c.CoupleID.String(), Tab: tabRecord}
	}
	return kit.Route{Page: PageID, ID: c.EnquiryID.String()}
}

func (p *Page) row(i int) kit.Row {
	e := p.entries[i]
	if e.card == nil {
		return kit.Row{Title: e.stage.Words(), Detail: text.N("pipeline.count", e.n, "1 card", "%d cards"), Strong: true}
	}
	facts := []string{e.card.Source}
	if !e.card.StageAt.IsZero() {
		facts = append(facts, text.T("pipeline.since", "since %s", e.card.StageAt.Local().Format("2 Jan")))
	}
	return kit.Row{Title: e.card.Title, Detail: strings.Join(nonEmpty(append(facts, e.card.NextStep)), " · ")}
}

func nonEmpty(in []string) []string {
	var out []string
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (p *Page) openEntry(i int) {
	c := p.entries[i].card
	if c == nil { // the head of a stage opens nothing
		p.list.Mark(p.marked)
		return
	}
	p.closeCall()
	p.marked, p.route = i, p.routeOf(c)
	p.deps.Nav.Replace(p.route)
	p.Reload()
}

// NewEnquiry opens the form of a first word.
func (p *Page) NewEnquiry() { p.edit(intake.Enquiry{Kind: clients.KindCouple, BookedBy: "a"}) }
