package coupleui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

type clock = time.Time

// record is one client record: header, lens, tabs.
type record struct {
	widget.BaseWidget
	deps    Deps
	changed func(kit.Route)
	load    *kit.Loader[clients.Header]
	id      ids.ID
	route   kit.Route
	header  clients.Header

	title *kit.Line
	facts *kit.Line
	chips *fyne.Container
	lens  *kit.LensSwitch
	tabs  *kit.Segments[string]
	built map[string]kit.Tab
	tab   kit.Tab
	shown string // the record, tab and lens that tab was opened for
	stack *fyne.Container
	more  *fyne.Container
	body  fyne.CanvasObject
}

const overviewKey = "overview"

func newRecord(d Deps, changed func(kit.Route)) *record {
	r := &record{deps: d, changed: changed, load: kit.NewLoader[clients.Header](d.Runner, d.Messages), built: map[string]kit.Tab{}}
	r.title, r.facts = kit.Title("").Short(), kit.Soft("").Short()
	r.chips = kit.HBox(6)
	r.lens = kit.NewLensSwitch(func(l kit.Lens) { r.turn(kit.Route{Tab: r.route.Tab, Lens: l}) })
	options := []kit.Option[string]{{Value: overviewKey, Label: text.T("record.overview", "Overview")}}
	for _, t := range d.Tabs {
		options = append(options, kit.Option[string]{Value: t.Key, Label: t.Title})
	}
	r.tabs = kit.NewSegments(options, func(key string) { r.turn(kit.Route{Tab: key, Lens: r.route.Lens}) })
	r.stack = container.NewStack()
	r.more = kit.HBox(8,
		kit.Quiet(text.T("record.edit", "Edit"), r.edit),
		kit.Quiet(text.T("record.archive", "Archive"), r.archive),
		kit.Quiet(text.T("record.delete", "Delete"), r.remove))
	top := kit.VBox(0, r.lens.Band(), kit.Insets(12, 8, 24, 24, kit.VBox(8,
		kit.Frame(nil, nil, r.title, r.more, nil),
		kit.Frame(nil, nil, r.facts, r.chips, nil),
		r.lens, r.tabs)), kit.Rule())
	r.body = kit.Frame(top, nil, r.stack, nil, nil)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's.
func (r *record) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

// show loads the header through the lens of the route, and then its tab.
func (r *record) show(id ids.ID, route kit.Route) {
	if route.Lens == "" {
		route.Lens = kit.LensCoach
	}
	if _, ok := r.spec(route.Tab); !ok {
		route.Tab = overviewKey
	}
	r.id, r.route = id, route
	aud, now := r.audience(), r.deps.Now()
	r.load.Load(func(ctx context.Context) (clients.Header, error) { return r.deps.Clients.Header(ctx, aud, id, now) }, r.fill)
}

func (r *record) audience() clients.Audience {
	return clients.For(clients.Reader(r.route.Lens), day.Day(r.deps.Today()))
}

func (r *record) fill(h clients.Header) {
	r.header = h
	if h.Kind == clients.KindSingle && (r.route.Lens == kit.LensB || r.route.Lens == kit.LensJoint) {
		r.route.Lens = kit.LensA
	}
	r.title.SetText(h.Title)
	r.facts.SetText(strings.Join(facts(h), " · "))
	r.chips.Objects = chips(h)
	r.chips.Refresh()
	b := h.Partner(clients.SlotB).Short
	if h.Kind == clients.KindSingle {
		b = ""
	}
	r.lens.SetNames(h.Partner(clients.SlotA).Short, b)
	r.lens.SetValue(r.route.Lens)
	r.tabs.SetValue(r.route.Tab)
	if r.route.Lens == kit.LensCoach {
		r.more.Show()
	} else {
		r.more.Hide()
	}
	r.openTab()
}

// facts are the second line of the header.
func facts(h clients.Header) []string {
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
		out = append(out, text.T("record.next", "next %s", h.NextAt.Local().Format("2 Jan, 15:04")))
	}
	return out
}

// chips are the states of a record; the stage and the tags are the coach's, and the
// header carries them for nobody else.
func chips(h clients.Header) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if h.Stage != "" {
		out = append(out, kit.NewChip(intake.Stage(h.Stage).Words(), kit.ColorBoth))
	}
	if h.Engagement != nil && h.Engagement.Policy != "" {
		out = append(out, kit.NewChip(h.Engagement.Policy.Words(), kit.ColorInkSoft))
	}
	if h.OnHold {
		out = append(out, kit.NewChip(text.T("record.on_hold", "On hold"), kit.ColorCare))
	}
	if h.Archived {
		out = append(out, kit.NewChip(text.T("couples.is_archived", "archived"), kit.ColorInkSoft))
	}
	for _, t := range h.Tags {
		out = append(out, kit.NewChip(t, kit.ColorInkSoft))
	}
	return out
}

func (r *record) spec(key string) (kit.TabSpec, bool) {
	if key == overviewKey {
		return kit.TabSpec{Key: key, New: func() kit.Tab { return newOverview(r) }}, true
	}
	for _, t := range r.deps.Tabs {
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
	tab.Open(kit.Record{Couple: r.id, Header: r.header, Audience: r.audience(), Lens: r.route.Lens, Item: r.route.Item})
}

// turn shows another tab or lens of the same record.
func (r *record) turn(to kit.Route) {
	if r.tab != nil {
		r.tab.Leave()
	}
	to.Page, to.ID = PageID, r.id.String()
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

// commands open the tabs from the keyboard.
func (r *record) commands() []kit.Command {
	var out []kit.Command
	open := func() bool { return !r.id.IsZero() }
	for _, t := range append([]kit.TabSpec{{Key: overviewKey, Title: text.T("record.overview", "Overview")}}, r.deps.Tabs...) {
		out = append(out, kit.Command{ID: "record." + t.Key, Title: text.T("record.show", "Show %s", t.Title), Enabled: open, Run: func() { r.turn(kit.Route{Tab: t.Key, Lens: r.route.Lens}) }})
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

// archive puts the record aside or brings it back.
func (r *record) archive() {
	id, on, s := r.id, !r.header.Archived, r.deps.Clients
	kit.Do(r.deps.Runner, r.deps.Messages, func(ctx context.Context) error { return s.ArchiveCouple(ctx, id, on) }, func() {
		said := text.T("record.archived", "Archived. Nothing was removed.")
		if !on {
			said = text.T("record.brought_back", "Brought back.")
		}
		r.deps.Messages.Undo(said, func() {
			kit.Do(r.deps.Runner, r.deps.Messages, func(ctx context.Context) error { return s.ArchiveCouple(ctx, id, !on) }, nil)
		})
	})
}

// remove deletes at once and offers Undo.
func (r *record) remove() {
	id, s := r.id, r.deps.Clients
	r.leave()
	kit.Do(r.deps.Runner, r.deps.Messages, func(ctx context.Context) error { return s.DeleteCouple(ctx, id) }, func() {
		r.tab, r.shown = nil, ""
		r.changed(kit.Route{Page: PageID})
		r.deps.Messages.Undo(text.T("record.deleted", "The record was deleted."), func() {
			kit.Do(r.deps.Runner, r.deps.Messages, func(ctx context.Context) error { return s.RestoreCouple(ctx, id) }, func() {
				r.changed(kit.Route{Page: PageID, ID: id.String()})
			})
		})
	})
}
