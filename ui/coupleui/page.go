package coupleui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Page is the list and the record beside it. The list is the coach's: while the record
// is looked at as a client, other clients are not beside it (rule PV-13).
type Page struct {
	widget.BaseWidget
	deps   Deps
	filter clients.Filter
	load   *kit.Loader[clients.List]
	sides  *kit.Loader[choices]
	rows   []clients.Row

	search   *kit.Entry
	tag      *kit.Choice[string]
	coach    *kit.Choice[ids.ID]
	stage    *kit.Choice[string]
	shelf    *kit.Choice[clients.Shelf]
	sorting  *kit.Choice[clients.Sorting]
	list     *kit.List
	none     *kit.Prose
	count    *kit.Line
	pane     fyne.CanvasObject
	record   *record
	stack    *fyne.Container
	nothing  fyne.CanvasObject
	body     *fyne.Container
	width    float32
	route    kit.Route
	marked   ids.ID // which row is marked, and where it stood
	markedAt int
}

// choices are what the filters offer.
type choices struct {
	tags    []clients.TagCount
	coaches []clients.Coach
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{
		deps: d, markedAt: -1,
		load: kit.NewLoader[clients.List](d.Runner, d.Messages), sides: kit.NewLoader[choices](d.Runner, d.Messages),
	}
	p.record = newRecord(d, p.recordChanged, p.showPane)
	p.buildFilters()
	p.list = kit.NewListOf(kit.ListSpec{
		Length: func() int { return len(p.rows) }, Open: p.openRow, Keeps: true, Empty: p.emptyList(),
	}, func() fyne.CanvasObject { return newListRow() }, func(i int, o fyne.CanvasObject) { o.(*listRow).set(p.rows[i], d) })
	choose := text.T("couples.choose", "Choose a record on the left, or begin a new one.")
	if !d.writes() {
		choose = text.T("couples.choose_one", "Choose a record on the left.")
	}
	p.nothing = kit.NewEmptyState("couples", choose, "", nil)
	p.stack = container.NewStack(p.nothing)
	p.count = kit.Soft("")
	fresh, single := kit.Primary(text.T("couples.new", "New couple"), p.newCouple), kit.Quiet(text.T("couples.new_single", "New single client"), p.newSingle)
	fresh.Hidden, single.Hidden = !d.writes(), !d.writes()
	narrower := container.NewGridWithColumns(2, p.stage, p.tag)
	narrower.Hidden = d.assists() // they are shown neither
	p.pane = kit.Sized(paneWidth, 0, kit.Inset(16, kit.Frame(
		kit.VBox(8,
			kit.HBox(8, kit.Title(text.T("couples.title", "Couples")), kit.Spacer(), fresh),
			p.search,
			container.NewGridWithColumns(2, p.shelf, p.sorting),
			narrower,
			p.coach,
			kit.HBox(8, p.count, kit.Spacer(), single),
		), nil, p.list, nil, nil)))
	p.body = kit.Frame(nil, p.pane, p.stack, nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

// emptyList says why the list is empty: nothing there yet, or nothing that fits.
func (p *Page) emptyList() fyne.CanvasObject {
	p.none = kit.Paragraph("").Centred()
	return container.NewCenter(kit.Sized(paneWidth-80, 0, p.none))
}

func (p *Page) buildFilters() {
	p.search = kit.NewEntry(text.T("couples.filter", "Filter by name or tag"))
	p.search.OnChanged = func(s string) { p.filter.Text = strings.TrimSpace(s); p.fetch() }
	p.coach = kit.NewChoice(nil, func(id ids.ID) { p.filter.Coach = id; p.fetch() })
	p.tag = kit.NewChoice(nil, func(t string) { p.filter.Tag = t; p.fetch() })
	p.stage = kit.NewChoice(stageOptions(), func(s string) { p.filter.Stage = s; p.fetch() })
	p.shelf = kit.NewChoice([]kit.Option[clients.Shelf]{
		{Value: clients.Working, Label: text.T("couples.working", "Current")},
		{Value: clients.Archived, Label: text.T("couples.archived", "Archived")},
		{Value: clients.Everything, Label: text.T("couples.everything", "All")},
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
}

func allStages() []intake.Stage { return append(intake.Stages(), intake.Exits()...) }

func stageOptions() []kit.Option[string] {
	out := []kit.Option[string]{{Value: "", Label: text.T("couples.any_stage", "Any stage")}}
	for _, s := range allStages() {
		out = append(out, kit.Option[string]{Value: string(s), Label: s.Words()})
	}
	return out
}

// offer fills the filters with the tags and coaches that there are. A filter by what is
// gone would hide everything without a word.
func (p *Page) offer(c choices) {
	tags := []kit.Option[string]{{Value: "", Label: text.T("couples.any_tag", "Any tag")}}
	for _, t := range c.tags {
		tags = append(tags, kit.Option[string]{Value: t.Tag, Label: t.Tag})
	}
	coaches := []kit.Option[ids.ID]{{Value: ids.Nil, Label: text.T("couples.any_coach", "Any coach")}}
	for _, k := range c.coaches {
		label := k.Name
		if k.Left() {
			label = text.T("couples.coach_left", "%s (left)", k.Name)
		}
		coaches = append(coaches, kit.Option[ids.ID]{Value: k.ID, Label: label})
	}
	lost := keep(p.tag, tags, &p.filter.Tag)
	if lost = keep(p.coach, coaches, &p.filter.Coach) || lost; lost {
		p.fetch()
	}
	if len(c.coaches) < 2 {
		p.coach.Hide()
	} else {
		p.coach.Show()
	}
}

// keep offers options with the value still chosen; a value that is gone is given up.
func keep[T comparable](c *kit.Choice[T], options []kit.Option[T], value *T) (lost bool) {
	c.SetOptions(options)
	c.SetValue(*value)
	if _, ok := c.Value(); !ok {
		var none T
		*value, lost = none, true
		c.SetValue(none)
	}
	return lost
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// First is the filter field, or the tabs while the list is not there.
func (p *Page) First() fyne.Focusable {
	if !p.pane.Visible() {
		return p.record.tabs
	}
	return p.search
}

// Open shows the list, and the record that the route names.
func (p *Page) Open(r kit.Route) {
	p.route = r
	p.Reload()
}

// Reload loads the list and the open record again.
func (p *Page) Reload() {
	aud := p.deps.coach()
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

func (p *Page) fetch() {
	f, aud := p.filter, p.deps.coach()
	f.Now = p.deps.Now()
	for _, s := range allStages() {
		f.Stages = append(f.Stages, string(s))
	}
	p.load.Load(func(ctx context.Context) (clients.List, error) { return p.deps.Clients.List(ctx, aud, f) }, p.fill)
}

func (p *Page) fill(l clients.List) {
	p.rows = l.Rows
	p.count.SetText(text.N("couples.count", l.Total, "1 record", "%d records"))
	p.none.SetText(text.T("couples.empty", "Couples and single clients stand here."))
	if f := p.filter; f.Text != "" || f.Tag != "" || f.Stage != "" || !f.Coach.IsZero() || f.Shelf != clients.Working {
		p.none.SetText(text.T("couples.no_match", "No record fits these filters."))
	}
	p.list.Reload()
	p.mark()
}

// mark shows in the list which record is open. It scrolls there only when that changed:
// a list that was scrolled stays where it is while something is saved.
func (p *Page) mark() {
	id, at := ids.Nil, -1
	if open, err := ids.Parse(p.route.ID); err == nil && !open.IsZero() {
		for i := range p.rows {
			if p.rows[i].ID == open {
				id, at = open, i
				break
			}
		}
	}
	if id != p.marked || at != p.markedAt {
		p.marked, p.markedAt = id, at
		p.list.Mark(at)
	}
}

func (p *Page) openRow(i int) {
	r := kit.Route{Page: PageID, ID: p.rows[i].ID.String(), Tab: p.route.Tab, Lens: p.route.Lens}
	if r.ID == p.route.ID {
		return
	}
	p.marked, p.markedAt = p.rows[i].ID, i
	p.record.leave()
	p.route = r
	p.deps.Nav.Replace(r)
	p.showRecord()
}

func (p *Page) showRecord() {
	id, err := ids.Parse(p.route.ID)
	if err != nil || id.IsZero() {
		p.route.ID = ""
		p.put(p.nothing)
		p.record.forget()
	} else {
		p.put(p.record)
		p.record.show(id, p.route)
	}
	p.showPane()
}

func (p *Page) put(o fyne.CanvasObject) {
	if p.stack.Objects[0] != o {
		p.stack.Objects = []fyne.CanvasObject{o}
		p.stack.Refresh()
	}
}

// Resize takes the list away where there is no room for it beside an open record.
func (p *Page) Resize(s fyne.Size) {
	p.width = s.Width
	p.showPane()
	p.BaseWidget.Resize(s)
}

// showPane takes the list away while the record is looked at as a client, and where the
// window is too narrow, or the text too large, for both side by side.
func (p *Page) showPane() {
	open := p.route.ID != ""
	asClient := open && p.route.Lens.IsClient()
	narrow := open && p.width > 0 && p.width < p.pane.MinSize().Width+p.record.MinSize().Width
	p.record.alone(narrow)
	if gone := asClient || narrow; gone == !p.pane.Visible() {
		return
	} else if gone {
		p.pane.Hide()
	} else {
		p.pane.Show()
	}
	p.body.Refresh()
}

// recordChanged is told by the record that a tab or a lens was chosen, or that the
// record is gone or back.
func (p *Page) recordChanged(r kit.Route) {
	same := r.ID == p.route.ID
	p.route = r
	p.deps.Nav.Replace(r)
	p.showPane()
	if !same {
		p.showRecord()
		p.fetch()
	}
}

// Commands are what can be done here.
func (p *Page) Commands() []kit.Command {
	if !p.deps.writes() {
		return p.record.commands()
	}
	open := p.record.isCoach
	alone := func() bool { return p.route.ID == "" || !p.route.Lens.IsClient() } // a form for a new record names other clients
	return append([]kit.Command{
		{ID: "couples.new", Title: text.T("couples.new", "New couple"), Menu: "record", Enabled: alone, Run: p.newCouple},
		{ID: "couples.new_single", Title: text.T("couples.new_single", "New single client"), Menu: "record", Enabled: alone, Run: p.newSingle},
		{ID: "couples.edit", Title: text.T("record.edit_title", "Edit the record"), Menu: "record", Enabled: open, Run: p.record.edit},
		{ID: "couples.history", Title: text.T("record.history", "History of this record"), Menu: "record", Enabled: open, Run: p.record.history},
		{ID: "couples.handed_out", Title: text.T("couples.handed_out", "What was handed out of this record"), Menu: "record", Enabled: open, Run: func() {
			p.deps.Nav.Go(kit.Route{Page: "traces", Tab: "copies", ID: p.route.ID})
		}},
		{ID: "couples.hand_over", Title: text.T("couples.hand_over", "Hand this record over to a colleague…"), Menu: "record", Enabled: open, Run: p.record.handOver},
		{ID: "couples.supervise", Title: text.T("couples.supervise", "Give this record for supervision…"), Menu: "record", Enabled: open, Run: p.record.supervise},
		{ID: "couples.archive", Title: text.T("couples.archive", "Archive or bring back"), Menu: "record", Enabled: open, Run: p.record.archive},
		{ID: "couples.delete", Title: text.T("couples.delete", "Delete this record"), Menu: "record", Enabled: open, Run: p.record.remove},
	}, p.record.commands()...)
}
