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
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/kit"
)

// record is one client record: header, lens, tabs.
type record struct {
	widget.BaseWidget
	deps    Deps
	changed func(kit.Route)
	filled  func() // it is known how much room the record needs
	load    *kit.Loader[opened]
	id      ids.ID
	route   kit.Route
	header  clients.Header // of the record that is shown; empty until it is loaded

	title  *kit.Prose
	facts  *kit.Prose
	chips  *fyne.Container
	lens   *kit.LensSwitch
	tabs   *kit.Segments[string]
	built  map[string]kit.Tab
	tab    kit.Tab
	shown  string // the record, tab, lens and item that tab was opened for
	stack  *fyne.Container
	more   *fyne.Container // what the coach can do with the record
	shelve *kit.Button
	lend   *kit.Button // hand it over: not what is lent oneself
	list   *kit.Button // back to the list of all records
	whole  *fyne.Container
	single bool // the list is away for want of room
	gone   *kit.Prose
	closed *kit.Loader[bool]
	glass  *accessui.Glass
	strip  *fyne.Container // why it can be seen, and who else can see it
	body   fyne.CanvasObject
}

// opened is a header, and the lens that it was read through.
type opened struct {
	clients.Header
	lens     kit.Lens
	standing clients.Standing
	lent     []clients.Lending
}

const overviewKey = "overview"

func newRecord(d Deps, changed func(kit.Route), filled func()) *record {
	r := &record{deps: d, changed: changed, filled: filled, load: kit.NewLoader[opened](d.Runner, d.Messages), built: map[string]kit.Tab{}}
	r.title, r.facts = kit.Name(""), kit.Hint("")
	r.chips = kit.HBox(6)
	r.lens = kit.NewLensSwitch(func(l kit.Lens) { r.turn(kit.Route{Tab: r.route.Tab, Lens: l}) })
	r.lens.Behind(d.Shield)
	var options []kit.Option[string]
	for _, t := range r.specs() {
		options = append(options, kit.Option[string]{Value: t.Key, Label: t.Title})
	}
	r.tabs = kit.NewSegments(options, func(key string) { r.turn(kit.Route{Tab: key, Lens: r.route.Lens}) })
	r.stack = container.NewStack()
	r.shelve = kit.Quiet(text.T("record.archive", "Archive"), r.archive)
	r.strip = kit.VBox(4)
	r.closed = kit.NewLoader[bool](d.Runner, d.Messages)
	r.glass = accessui.NewGlass(d.Access)
	r.lend = kit.Quiet(text.T("record.hand_over", "Hand over…"), r.handOver)
	r.more = kit.HBox(8, r.lend, kit.Quiet(text.T("record.edit", "Edit"), r.edit), r.shelve, kit.Quiet(text.T("record.delete", "Delete"), r.remove))
	r.list = kit.Quiet(text.T("record.to_list", "All records"), r.toList)
	if d.assists() {
		r.lens.Hide()
		r.tabs.Hide()
	}
	top := kit.VBox(0, r.lens.Band(), kit.Insets(12, 8, 24, 24, kit.VBox(8,
		r.strip,
		kit.Beside(r.title, r.more, r.list),
		kit.Beside(r.facts, r.chips),
		r.lens, r.tabs)), kit.Rule())
	r.whole = kit.Frame(top, nil, r.stack, nil, nil)
	r.gone = kit.Paragraph(text.T("record.gone", "This record is not here any more.")).Centred()
	r.gone.Hide()
	r.glass.Hide()
	r.body = container.NewStack(r.whole, container.NewCenter(kit.Sized(380, 0, r.gone)), container.NewCenter(kit.Sized(460, 0, r.glass)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's.
func (r *record) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

// show loads the header through the lens of the route, and then its tab. Until another
// record is loaded nothing of the one before stands there.
func (r *record) show(id ids.ID, route kit.Route) {
	if route.Lens == "" {
		route.Lens = kit.LensCoach
	}
	route.Lens = r.deps.Shield.Lens(route.Lens)
	if _, ok := r.spec(route.Tab); !ok {
		route.Tab = overviewKey
	}
	if id != r.header.ID {
		r.header = clients.Header{}
		r.whole.Hide()
	}
	r.gone.Hide()
	r.glass.Hide()
	r.closed.Stop()
	r.id, r.route = id, route
	r.load.LoadOr(func(ctx context.Context) (opened, error) { return r.read(ctx, id, route.Lens) }, r.fill, r.missing)
}

// read reads the header through a lens; a single client is looked at as that client
// where a couple would be looked at as both, or as the other.
func (r *record) read(ctx context.Context, id ids.ID, l kit.Lens) (o opened, err error) {
	if o.lens = l; l == kit.LensB || l == kit.LensJoint {
		c, err := r.deps.Clients.Couple(ctx, r.deps.coach(), id)
		if err != nil {
			return o, err
		}
		if c.Kind == clients.KindSingle {
			o.lens = kit.LensA
		}
	}
	if o.Header, err = r.deps.Clients.Header(ctx, clients.For(clients.Reader(o.lens), r.deps.today()), id, r.deps.Now()); err != nil || o.lens != kit.LensCoach {
		return o, err
	}
	if o.standing, err = r.deps.Clients.Standing(ctx, r.deps.coach(), id); err == nil {
		o.lent, err = r.deps.Clients.Lent(ctx, r.deps.coach(), id)
	}
	return o, err
}

// missing leaves nothing of a record that cannot be shown. One that is closed to who is
// signed in can be opened with a reason.
func (r *record) missing(error) {
	id, route := r.id, r.route
	r.forget()
	r.gone.Show()
	r.body.Refresh()
	r.closed.Load(func(ctx context.Context) (bool, error) { return r.deps.Clients.Closed(ctx, id) }, func(is bool) {
		if !is {
			return
		}
		r.gone.Hide()
		r.glass.For(id, func() { r.show(id, route) })
		r.glass.Show()
		r.body.Refresh()
		if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
			c.Focus(r.glass.First())
		}
	})
}

// forget is a record that is not shown any more.
func (r *record) forget() {
	r.leave()
	r.id, r.header = ids.Nil, clients.Header{}
	r.whole.Hide()
}

func (r *record) isCoach() bool { return !r.header.ID.IsZero() && r.route.Lens == kit.LensCoach }

func (r *record) audience() clients.Audience {
	return clients.For(clients.Reader(r.route.Lens), r.deps.today())
}

func (r *record) fill(o opened) {
	h := o.Header
	r.header, r.route.Lens = h, o.lens
	r.title.SetText(h.Title)
	r.facts.SetText(strings.Join(r.factWords(), " · "))
	r.chips.Objects = chips(h)
	r.chips.Refresh()
	b := h.Partner(clients.SlotB).Short
	if h.Kind == clients.KindSingle {
		b = ""
	}
	r.lens.SetNames(kit.ShortName(h.Partner(clients.SlotA).Short), kit.ShortName(b))
	r.lens.SetValue(r.route.Lens)
	r.tabs.SetValue(r.route.Tab)
	r.shelve.SetText(text.T("record.archive", "Archive"))
	if h.Archived || h.Deleted {
		r.shelve.SetText(text.T("record.bring_back", "Bring back"))
	}
	r.more.Hide()
	if r.isCoach() && r.deps.writes() {
		r.more.Show()
	}
	r.showStrip(o)
	if r.lens.Show(); r.deps.Shield.Presents() || r.deps.assists() {
		r.lens.Hide()
	}
	r.showList()
	r.whole.Show()
	r.body.Refresh()
	r.openTab()
	r.filled()
}

// alone says that there is no room for the list beside the record.
func (r *record) alone(is bool) {
	if r.single != is {
		r.single = is
		r.showList()
	}
}

// showList shows the way to the list where the list itself is away.
func (r *record) showList() {
	if r.isCoach() && !r.single || r.deps.Shield.On() {
		r.list.Hide()
		return
	}
	r.list.Show()
}

// toList goes back to all records: out of a client's lens first, else out of the record.
func (r *record) toList() {
	if r.isCoach() {
		r.changed(kit.Route{Page: PageID})
		return
	}
	r.turn(kit.Route{Tab: r.route.Tab, Lens: kit.LensCoach})
}

// factWords are the second line of the header.
func (r *record) factWords() []string {
	h := r.header
	var out []string
	if h.Status != "" {
		out = append(out, h.Status)
	}
	if h.Since != "" {
		out = append(out, text.T("record.since", "since %s", h.Since))
	}
	if h.Engagement != nil && !h.Engagement.StartedOn.IsZero() {
		out = append(out, text.T("record.with_us", "with us since %s", h.Engagement.StartedOn.Words()))
	}
	if h.Sessions > 0 {
		out = append(out, text.N("record.sessions", h.Sessions, "1 session", "%d sessions"))
	}
	if !h.NextAt.IsZero() {
		out = append(out, text.T("record.next", "next %s", h.NextAt.Format("2 Jan, 15:04")))
	}
	return out
}

// chips are the states of a record. The stage is the coach's, and the header carries it
// for nobody else; "On hold" does not say why (rule PV-31).
func chips(h clients.Header) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	stage := intake.Stage(h.Stage)
	if stage != "" {
		out = append(out, kit.NewChip(stage.Words(), kit.ColorBoth))
	}
	if h.OnHold && stage != intake.StagePaused {
		out = append(out, kit.NewChip(text.T("record.on_hold", "On hold"), kit.ColorCare))
	}
	if h.Engagement != nil && h.Engagement.Policy != "" {
		out = append(out, kit.NewChip(h.Engagement.Policy.Words(), kit.ColorInkSoft))
	}
	if h.Back {
		out = append(out, kit.NewChip(text.T("record.came_back", "came back from the recycle bin"), kit.ColorCare))
	}
	if h.Archived {
		out = append(out, kit.NewChip(text.T("couples.is_archived", "archived"), kit.ColorInkSoft))
	}
	if h.Deleted {
		out = append(out, kit.NewChip(text.T("record.is_deleted", "deleted"), kit.ColorStop))
	}
	return out
}

func (r *record) specs() []kit.TabSpec {
	if r.deps.assists() { // names and times stand in the overview
		return []kit.TabSpec{{Key: overviewKey, Title: text.T("record.overview", "Overview"), New: func() kit.Tab { return newOverview(r) }}}
	}
	own := kit.TabSpec{Key: overviewKey, Title: text.T("record.overview", "Overview"), New: func() kit.Tab { return newOverview(r) }}
	return append([]kit.TabSpec{own}, r.deps.Tabs...)
}

func (r *record) spec(key string) (kit.TabSpec, bool) {
	for _, t := range r.specs() {
		if t.Key == key {
			return t, true
		}
	}
	return kit.TabSpec{}, false
}

func (r *record) openTab() {
	spec, ok := r.spec(r.route.Tab)
	if !ok {
		return
	}
	tab, ok := r.built[spec.Key]
	if !ok {
		tab = spec.New()
		r.built[spec.Key] = tab
	}
	// Something changed underneath: what is being entered in the tab stays.
	if key := r.id.String() + r.route.Tab + string(r.route.Lens) + r.route.Item; r.tab == tab && r.shown == key {
		tab.Reload()
		return
	} else if r.shown = key; r.tab != nil && r.tab != tab {
		r.tab.Leave()
	}
	r.tab = tab
	r.stack.Objects = []fyne.CanvasObject{tab}
	r.stack.Refresh()
	tab.Open(kit.Record{Couple: r.id, Header: r.header, Audience: r.audience(), Lens: r.route.Lens, Item: r.route.Item, ReadOnly: !r.deps.writes()})
}

// turn shows another tab or lens of the same record.
func (r *record) turn(to kit.Route) {
	if r.tab != nil {
		r.tab.Leave()
	}
	to.Page, to.ID, to.Lens = PageID, r.id.String(), r.deps.Shield.Lens(to.Lens)
	r.changed(to)
	r.show(r.id, to)
}

func (r *record) leave() {
	r.load.Stop()
	r.shown = "" // the next visit opens the tab anew, with the item it names
	if r.tab != nil {
		r.tab.Leave()
	}
}

// commands open the tabs and lenses from the keyboard.
func (r *record) commands() []kit.Command {
	var out []kit.Command
	open := func() bool { return !r.header.ID.IsZero() }
	for _, t := range r.specs() {
		out = append(out, kit.Command{ID: "record." + t.Key, Title: text.T("record.show", "Show %s", t.Title), Enabled: open, Run: func() { r.turn(kit.Route{Tab: t.Key, Lens: r.route.Lens}) }})
	}
	if r.deps.assists() {
		return nil
	}
	for _, l := range []struct {
		lens  kit.Lens
		title string
	}{
		{kit.LensJoint, text.T("record.lens_us", "Look as both partners")},
		{kit.LensA, text.T("record.lens_a", "Look as partner A")},
		{kit.LensB, text.T("record.lens_b", "Look as partner B")},
		{kit.LensCoach, text.T("record.lens_coach", "Look as the coach")},
	} {
		out = append(out, kit.Command{ID: "record.lens." + string(l.lens), Title: l.title, Enabled: open, Run: func() { r.turn(kit.Route{Tab: r.route.Tab, Lens: l.lens}) }})
	}
	return out
}

// archive puts the record aside or brings it back, out of the recycle bin too.
func (r *record) archive() {
	id, on, s := r.id, !r.header.Archived, r.deps.Clients
	if r.header.Deleted {
		r.deps.undoable(text.T("record.brought_back", "Brought back."),
			func(ctx context.Context) error { return s.RestoreCouple(ctx, id) },
			func(ctx context.Context) error { return s.DeleteCouple(ctx, id) })
		return
	}
	said := text.T("record.archived", "Archived. Nothing was removed.")
	if !on {
		said = text.T("record.brought_back", "Brought back.")
	}
	r.deps.undoable(said,
		func(ctx context.Context) error { return s.ArchiveCouple(ctx, id, on) },
		func(ctx context.Context) error { return s.ArchiveCouple(ctx, id, !on) })
}

// remove deletes at once and offers Undo.
func (r *record) remove() {
	id, was, d := r.id, r.route, r.deps
	was.Page, was.ID = PageID, id.String()
	r.leave()
	d.do(func(ctx context.Context) error { return d.Clients.DeleteCouple(ctx, id) }, func() {
		r.tab = nil
		r.changed(kit.Route{Page: PageID})
		d.Messages.Undo(text.T("record.deleted", "The record was deleted."), func() {
			d.do(func(ctx context.Context) error { return d.Clients.RestoreCouple(ctx, id) }, func() { r.changed(was) })
		})
	})
}
