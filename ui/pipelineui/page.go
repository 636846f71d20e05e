// Package pipelineui is the place of enquiries: the pipeline as a list by stage, the
// enquiry beside it, the discovery call with its clock, and the step to a couple.
package pipelineui

import (
	"context"
	"strings"

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

// Deps is what the place needs.
type Deps struct {
	kit.Env
	Intake  *intake.Store
	Clients *clients.Store
	Zone    func() string
}

// entry is one line of the list: the head of a stage, or a card.
type entry struct {
	stage intake.Stage
	n     int
	card  *intake.Card
}

// Page is the list by stage and what is open beside it.
type Page struct {
	widget.BaseWidget
	deps    Deps
	filter  intake.PipelineFilter
	load    *kit.Loader[[]intake.Column]
	entries []entry
	list    *kit.List
	count   *kit.Line
	stack   *fyne.Container
	nothing fyne.CanvasObject
	detail  *detail
	call    *callSheet
	route   kit.Route
	body    fyne.CanvasObject
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[[]intake.Column](d.Runner, d.Messages), count: kit.Soft("")}
	p.detail = newDetail(p)
	search := kit.NewEntry(text.T("pipeline.filter", "Filter by name, source or next step"))
	search.OnChanged = func(s string) { p.filter.Text = strings.TrimSpace(s); p.fetch() }
	closed := kit.NewCheck(text.T("pipeline.closed", "With those that ended"), func(on bool) { p.filter.Closed = on; p.fetch() })
	archived := kit.NewCheck(text.T("pipeline.archived", "Archived"), func(on bool) { p.filter.Archived = on; p.fetch() })
	p.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(p.entries) }, Row: p.row, Open: p.openEntry, Keeps: true,
		Empty: kit.NewEmptyState("pipeline", text.T("pipeline.empty", "People who ask for coaching stand here, from the first word to the start."), text.T("pipeline.new", "New enquiry"), p.NewEnquiry),
	})
	p.nothing = kit.NewEmptyState("pipeline", text.T("pipeline.choose", "Choose an enquiry on the left, or write down a new one."), text.T("pipeline.new", "New enquiry"), p.NewEnquiry)
	p.stack = container.NewStack(p.nothing)
	left := kit.Inset(16, kit.Frame(kit.VBox(8,
		kit.HBox(8, kit.Title(text.T("pipeline.title", "Pipeline")), kit.Spacer(), kit.Primary(text.T("pipeline.new", "New enquiry"), p.NewEnquiry)),
		search, kit.HBox(8, closed, archived), p.count), nil, p.list, nil, nil))
	p.body = kit.Frame(nil, kit.Sized(360, 0, left), p.stack, nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Commands can be run from anywhere.
func (p *Page) Commands() []kit.Command { return nil }

// Commands are the commands of the place, wherever the window is.
func Commands(nav kit.Navigator) []kit.Command {
	return []kit.Command{{
		ID: "pipeline.new", Title: text.T("pipeline.new", "New enquiry"), Menu: "record",
		Shortcut: &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift},
		Run:      func() { nav.Go(kit.Route{Page: PageID, Tab: "new"}) },
	}}
}

// Open shows the list, and what the route names.
func (p *Page) Open(r kit.Route) {
	p.route = r
	p.Reload()
	if r.Tab == "new" {
		p.NewEnquiry()
	}
}

// Reload loads again.
func (p *Page) Reload() {
	p.fetch()
	if p.call != nil {
		return
	}
	id, err := ids.Parse(p.route.ID)
	if err != nil || id.IsZero() {
		p.show(p.nothing)
		return
	}
	p.show(p.detail)
	p.detail.open(id)
}

// Leave keeps what was entered in the call sheet.
func (p *Page) Leave() {
	p.load.Stop()
	p.closeCall()
}

func (p *Page) coach() clients.Audience {
	return clients.For(clients.CoachView, p.today())
}

func (p *Page) today() day.Day { return day.Day(p.deps.Today()) }

func (p *Page) show(o fyne.CanvasObject) {
	p.stack.Objects = []fyne.CanvasObject{o}
	p.stack.Refresh()
}

func (p *Page) fetch() {
	f, aud := p.filter, p.coach()
	p.load.Load(func(ctx context.Context) ([]intake.Column, error) { return p.deps.Intake.Pipeline(ctx, aud, f) }, p.fill)
}

func (p *Page) fill(columns []intake.Column) {
	p.entries = nil
	total := 0
	for _, c := range columns {
		if len(c.Cards) == 0 {
			continue
		}
		p.entries = append(p.entries, entry{stage: c.Stage, n: len(c.Cards)})
		for i := range c.Cards {
			p.entries = append(p.entries, entry{stage: c.Stage, card: &c.Cards[i]})
		}
		total += len(c.Cards)
	}
	p.count.SetText(text.N("pipeline.count", total, "1 card", "%d cards"))
	p.list.Reload()
}

func (p *Page) row(i int) kit.Row {
	e := p.entries[i]
	if e.card == nil {
		return kit.Row{Title: e.stage.Words(), Detail: text.N("pipeline.count", e.n, "1 card", "%d cards"), Strong: true, Marked: true}
	}
	facts := []string{e.card.Source}
	if !e.card.StageAt.IsZero() {
		facts = append(facts, text.T("pipeline.since", "since %s", e.card.StageAt.Local().Format("2 Jan")))
	}
	if e.card.NextStep != "" {
		facts = append(facts, e.card.NextStep)
	}
	return kit.Row{Title: e.card.Title, Detail: strings.Join(nonEmpty(facts), " · ")}
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
	if c == nil {
		return
	}
	p.closeCall()
	if c.EnquiryID.IsZero() {
		p.deps.Nav.Go(kit.Route{Page: "couples", ID: c.CoupleID.String()})
		return
	}
	p.route = kit.Route{Page: PageID, ID: c.EnquiryID.String()}
	p.deps.Nav.Replace(p.route)
	p.show(p.detail)
	p.detail.open(c.EnquiryID)
}

// NewEnquiry opens the form of a first word.
func (p *Page) NewEnquiry() { p.edit(intake.Enquiry{Kind: clients.KindCouple, BookedBy: "a"}) }
