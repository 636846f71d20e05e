// Package tracesui is the page of traces: who looked at what concerns safety, let copies
// out and changed who may see what; and the register of the copies, to be ticked off when
// they are deleted. Names are looked up when it is read.
package tracesui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes; CopiesTab is its register.
const (
	PageID    = "traces"
	CopiesTab = "copies"
)

// most is how many are shown, the latest first.
const most = 1000

// Store keeps the traces: traces.Store.
type Store interface {
	Log(ctx context.Context, aud traces.Audience, f traces.Filter) ([]traces.Line, error)
	Exports(ctx context.Context, aud traces.Audience, f traces.Filter) ([]traces.Copy, error)
	SetDeleted(ctx context.Context, id ids.ID, on day.Day) error
	RemindDays(ctx context.Context) (int, error)
	SetRemindDays(ctx context.Context, days int) error
}

// Deps is what the page needs.
type Deps struct {
	kit.Env
	Traces Store
	Titles interface {
		Titles(ctx context.Context, aud clients.Audience, records []ids.ID) (map[ids.ID]string, error)
	}
}

// Commands lead to the page from anywhere.
func Commands(nav kit.Navigator) []kit.Command {
	return []kit.Command{
		{ID: "traces.log", Title: text.T("cmd.traces", "Traces: who looked, let out and changed what"), Run: func() { nav.Go(kit.Route{Page: PageID}) }},
		{ID: "traces.copies", Title: text.T("cmd.copies", "Copies that left the casebook"), Run: func() { nav.Go(kit.Route{Page: PageID, Tab: CopiesTab}) }},
	}
}

type reading struct {
	log    []traces.Line
	copies []traces.Copy
	titles map[ids.ID]string
	days   int
}

// Page is the page.
type Page struct {
	widget.BaseWidget
	deps   Deps
	load   *kit.Loader[reading]
	route  kit.Route
	couple ids.ID
	shown  reading

	what   *kit.Segments[string]
	kind   *kit.Choice[traces.Kind]
	of     *kit.Line
	all    *kit.Button
	remind *kit.Button
	count  *kit.Line
	hint   *kit.Prose
	list   *kit.List
	body   fyne.CanvasObject
}

// New builds the page without any I/O.
func New(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[reading](d.Runner, d.Messages), of: kit.NewLine("").Short(), count: kit.Soft(""), hint: kit.Hint("")}
	p.what = kit.NewSegments([]kit.Option[string]{
		{Value: "", Label: text.T("traces.done", "What was done")},
		{Value: CopiesTab, Label: text.T("traces.copies", "Copies that left")},
	}, func(tab string) { p.turn(tab) })
	options := []kit.Option[traces.Kind]{{Value: "", Label: text.T("traces.any_kind", "Everything")}}
	for _, k := range traces.Kinds() {
		options = append(options, kit.Option[traces.Kind]{Value: k, Label: kit.Upper(k.Words())})
	}
	p.kind = kit.NewChoice(options, func(traces.Kind) { p.Reload() })
	p.kind.SetValue("")
	p.all = kit.Quiet(text.T("traces.of_all", "Of all records"), func() {
		p.route.ID = ""
		p.deps.Nav.Replace(p.route)
		p.Open(p.route)
	})
	p.remind = kit.Quiet("", p.askDays)
	p.list = kit.NewList(kit.ListSpec{
		Length: p.length, Row: p.row, Columns: []float32{210, 130}, Open: p.tick,
		Empty: container.NewCenter(kit.Soft(text.T("traces.empty", "Nothing of the kind was done."))),
	})
	head := kit.VBox(8, kit.Frame(nil, nil, p.what, kit.Sized(360, 0, p.kind), nil),
		kit.Frame(nil, nil, p.of, kit.HBox(8, p.count, p.all, p.remind), nil), p.hint)
	p.body = kit.Page(text.T("traces.title", "Traces"), nil, kit.Frame(kit.Insets(0, 12, 0, 0, head), nil, p.list, nil, nil))
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Parts lets tests and focus look inside.
func (p *Page) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.body} }

// First is the choice between the two lists.
func (p *Page) First() fyne.Focusable { return p.what }

// Open shows what the route names: the register, or what was done; of one record or all.
func (p *Page) Open(r kit.Route) {
	p.route = r
	p.couple, _ = ids.Parse(r.ID) // what is no id is no record
	p.what.SetValue(r.Tab)
	p.Reload()
}

func (p *Page) turn(tab string) {
	p.route.Tab = tab
	p.deps.Nav.Replace(p.route)
	p.Reload()
}

// Leave forgets what is under way.
func (p *Page) Leave() { p.load.Stop() }

func (p *Page) audience() clients.Audience {
	return clients.For(clients.CoachView, day.Day(p.deps.Today()))
}

// Reload loads again.
func (p *Page) Reload() {
	d, aud, copies := p.deps, p.audience(), p.route.Tab == CopiesTab
	f := traces.Filter{Couple: p.couple, Limit: most}
	if k, ok := p.kind.Value(); ok && k != "" && !copies {
		f.Kinds = []traces.Kind{k}
	}
	p.load.Load(func(ctx context.Context) (r reading, err error) {
		records := []ids.ID{f.Couple}
		if copies {
			r.copies, err = d.Traces.Exports(ctx, aud, f)
			for _, c := range r.copies {
				records = append(records, c.CoupleID)
			}
		} else {
			r.log, err = d.Traces.Log(ctx, aud, f)
			for _, l := range r.log {
				records = append(records, l.CoupleID)
			}
		}
		if err != nil {
			return r, err
		}
		if r.titles, err = d.Titles.Titles(ctx, aud, records); err != nil {
			return r, err
		}
		r.days, err = d.Traces.RemindDays(ctx)
		return r, err
	}, p.fill)
}

func (p *Page) fill(r reading) {
	p.shown = r
	copies := p.route.Tab == CopiesTab
	p.kind.Hidden, p.remind.Hidden = copies, !copies
	p.of.SetText(text.T("traces.everywhere", "All records"))
	p.all.Hidden = p.couple.IsZero()
	if !p.couple.IsZero() {
		p.of.SetText(r.titles[p.couple])
	}
	p.count.SetText(text.N("traces.count", p.length(), "1 entry", "%d entries"))
	p.hint.SetText(text.T("traces.hint", "Ids and codes are kept, never contents. Nothing in this list can be changed."))
	if copies {
		p.hint.SetText(text.T("traces.copies_hint", "These files are not encrypted. When you have deleted one where it lay, tick it off: Enter or a click on its row."))
	}
	p.remind.SetText(text.N("traces.remind", r.days, "Asked about after 1 day", "Asked about after %d days"))
	if r.days == 0 {
		p.remind.SetText(text.T("traces.remind_never", "Never asked about"))
	}
	p.list.Reload()
	p.body.Refresh()
}

func (p *Page) length() int {
	if p.route.Tab == CopiesTab {
		return len(p.shown.copies)
	}
	return len(p.shown.log)
}

func stamp(t time.Time) string { return t.Local().Format("2 Jan 2006, 15:04") }

func (p *Page) row(i int) kit.Row {
	if p.route.Tab == CopiesTab {
		return p.copyRow(p.shown.copies[i])
	}
	l := p.shown.log[i]
	return kit.Row{
		Title: kit.Upper(l.Kind.Words()), Detail: join(p.record(l.CoupleID), change(l)),
		Cells: []kit.Cell{{Text: stamp(l.At)}, {Text: l.Coach}},
	}
}

func (p *Page) copyRow(c traces.Copy) kit.Row {
	state := kit.Cell{Text: text.T("traces.lies", "not deleted"), Chip: kit.ColorCare}
	switch {
	case !c.DeletedOn.IsZero():
		state = kit.Cell{Text: text.T("traces.deleted", "deleted"), Chip: kit.ColorGood}
	case c.Kind == traces.KindPrint || c.Kind == traces.KindCopy:
		state = kit.Cell{}
	}
	facts := []string{p.record(c.CoupleID), reader(c.Reader), c.Code}
	if !c.Superseded.IsZero() {
		facts = append(facts, text.T("reports.superseded", "superseded on %s: a release was taken back", c.Superseded.Words()))
	}
	if !c.DeletedOn.IsZero() {
		facts = append(facts, text.T("traces.deleted_on", "deleted on %s", c.DeletedOn.Words()))
	}
	return kit.Row{
		Title: join(kit.Upper(traces.KindWords(c.Kind)), c.Name), Detail: join(facts...),
		Cells: []kit.Cell{{Text: join(stamp(c.At), c.Coach)}, state},
	}
}

// record names a record; what is erased has no name any more.
func (p *Page) record(id ids.ID) string {
	if id.IsZero() {
		return ""
	}
	if t := p.shown.titles[id]; t != "" {
		return t
	}
	return text.T("traces.gone", "a record that is not here any more")
}

// change is what became of it, as codes that people know.
func change(l traces.Line) string {
	switch {
	case l.Kind == traces.VisibilityChanged:
		return sees(l.Was) + " → " + sees(l.Became)
	case l.Kind == traces.ExportMade:
		kind, to, _ := strings.Cut(l.Became, ":")
		return join(traces.KindWords(kind), reader(to))
	case l.Kind == traces.LeakKept:
		return l.Became
	case l.Was == "":
		return l.Became
	}
	return l.Was + " → " + l.Became
}

func sees(v string) string {
	switch clients.Visibility(v) {
	case clients.Joint:
		return text.T("traces.joint", "both")
	case clients.PartnerA:
		return text.T("traces.a", "A")
	case clients.PartnerB:
		return text.T("traces.b", "B")
	}
	return text.T("traces.coach", "coach only")
}

func reader(r string) string {
	switch clients.Reader(r) {
	case clients.Us:
		return text.T("traces.for_both", "for both")
	case clients.A, clients.B:
		return text.T("traces.for", "for %s", strings.ToUpper(r))
	case clients.CoachView:
		return text.T("traces.for_coach", "for the coach")
	}
	return ""
}

func join(words ...string) string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " · ")
}

// tick says that a copy is deleted, or that it is not; the bar takes it back.
func (p *Page) tick(i int) {
	if p.route.Tab != CopiesTab {
		return
	}
	c, d := p.shown.copies[i], p.deps
	to, said := day.Day(d.Today()), text.T("traces.ticked", "Ticked off as deleted.")
	if !c.DeletedOn.IsZero() {
		to, said = "", text.T("traces.unticked", "It counts as not deleted again.")
	}
	set := func(on day.Day, then func()) {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Traces.SetDeleted(ctx, c.ID, on) }, then)
	}
	set(to, func() {
		p.Reload()
		d.Messages.Undo(said, func() { set(c.DeletedOn, p.Reload) })
	})
}

// askDays asks after how many days copies are named on Today.
func (p *Page) askDays() {
	e := kit.NewEntry("")
	e.SetText(strconv.Itoa(p.shown.days))
	p.deps.Dialogs.Form(text.T("traces.remind_title", "When to ask about copies"), text.T("record.save", "Save"), kit.NewForm(
		kit.Field{Key: "days", Label: text.T("traces.remind_label", "After so many days; 0 is never"), Widget: e}), func(ctx context.Context) error {
		days, err := strconv.Atoi(strings.TrimSpace(e.Text))
		if err != nil {
			return fault.Input("days", text.T("practices.times_number", "Write a number."))
		}
		return p.deps.Traces.SetRemindDays(ctx, days)
	}, p.Reload)
}
