// Package searchui is the page that searches every text of the casebook, through the
// eyes of one reader.
package searchui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "search"

// fewRecords is how many records are offered to search in.
const fewRecords = 20

// limit is how many hits one page shows.
const limit = 50

// typingPause is how long the page waits for the next letter.
const typingPause = 200 * time.Millisecond

// Hit is a place where the words stand.
type Hit struct {
	Couple  string
	What    string // "Note of 12 March 2026 · What we worked on"
	Snippet string
	Route   kit.Route // opens the place
}

// Result is the best hits and how many there are.
type Result struct {
	Total int
	Hits  []Hit
}

// Query is what to look for. An empty Record is all records.
type Query struct {
	Words  string
	Lens   kit.Lens
	Record string
	Limit  int
}

// Record is a couple or single client whose texts alone are searched.
type Record struct {
	ID, Title, Detail string
	A, B              string // what the partners are called; B is empty for a single client
}

// Deps is what the page needs.
type Deps struct {
	kit.Env
	Searcher interface {
		// Search finds what the reader of the lens may see; counts obey as well.
		Search(ctx context.Context, q Query) (Result, error)
		// Record is one by its id.
		Record(ctx context.Context, id string) (Record, error)
		// Records are those whose names hold the letters.
		Records(ctx context.Context, letters string, limit int) ([]Record, error)
	}
}

// Page is the search page.
type Page struct {
	widget.BaseWidget
	deps   Deps
	entry  *kit.Entry
	choose *kit.Button
	all    *kit.Button
	within *kit.Line
	record Record
	lens   *kit.LensSwitch
	count  *kit.Line
	list   *kit.List
	hint   *fyne.Container
	load   *kit.Loader[Result]
	whose  *kit.Loader[Record]
	result Result
	query  string
	forget func()
	body   fyne.CanvasObject
}

// New is the page, without any I/O.
func New(d Deps) *Page {
	p := &Page{deps: d, count: kit.Soft(""), load: kit.NewLoader[Result](d.Runner, d.Messages), whose: kit.NewLoader[Record](d.Runner, d.Messages)}
	p.entry = kit.NewEntry(text.T("search.hint", "Words from notes, agreements, goals, answers"))
	p.entry.OnChanged = func(string) { p.later() }
	p.entry.OnSubmitted = func(string) { p.now() }
	p.entry.OnKey = p.down
	p.within = kit.NewLine("").Short()
	p.all = kit.Quiet(text.T("search.all", "All records"), func() { p.narrow(Record{}) })
	p.choose = kit.Secondary(text.T("search.choose", "Choose a record…"), p.pick)
	p.lens = kit.NewLensSwitch(func(kit.Lens) {
		p.showRecord()
		p.now()
	})
	p.lens.SetValue(kit.LensCoach)
	p.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(p.result.Hits) },
		Row: func(i int) kit.Row {
			h := p.result.Hits[i]
			return kit.Row{Title: h.Snippet, Detail: h.Couple + " · " + h.What}
		},
		Open: func(i int) { p.deps.Nav.Go(p.result.Hits[i].Route) },
	})
	p.hint = kit.NewEmptyState("search", text.T("search.empty", "Search finds words in everything you wrote. The switch above chooses through whose eyes: what that person may not see is not found and not counted."), "", nil)
	head := kit.VBox(kit.GapInside, p.entry, kit.Frame(nil, kit.HBox(kit.GapInside, p.choose, p.all), kit.Insets(0, 0, kit.GapInside, 0, p.within), nil, nil), p.lens, p.count)
	p.body = kit.Page(text.T("search.title", "Search"), nil,
		kit.Frame(kit.Insets(0, kit.GapCards, 0, 0, head), nil, container.NewStack(p.list, p.hint), nil, nil))
	p.ExtendBaseWidget(p)
	p.showRecord()
	return p
}

// pick asks for the record to search in.
func (p *Page) pick() {
	picker := &kit.Picker{
		Env: p.deps.Env, Hint: text.T("search.whose", "Whose texts? Type a name"),
		Now: func(string) []kit.PickRow {
			return []kit.PickRow{{Row: kit.Row{Title: text.T("search.all", "All records"), Detail: text.T("search.all_detail", "everything you wrote")}, Run: func() { p.narrow(Record{}) }}}
		},
		Later: func(ctx context.Context, letters string) ([]kit.PickRow, error) {
			found, err := p.deps.Searcher.Records(ctx, letters, fewRecords)
			var rows []kit.PickRow
			for _, r := range found {
				rows = append(rows, kit.PickRow{Row: kit.Row{Title: r.Title, Detail: r.Detail}, Run: func() { p.narrow(r) }})
			}
			return rows, err
		},
	}
	picker.Open()
}

// narrow searches in one record, or in all for none.
func (p *Page) narrow(r Record) {
	p.record = r
	p.showRecord()
	p.deps.Nav.Replace(kit.Route{Page: PageID, ID: r.ID, Lens: p.lens.Value()})
	p.now()
}

// showRecord says where is searched. Through a client's eyes no other record is offered:
// the client may sit beside (rule PV-13).
func (p *Page) showRecord() {
	p.choose.Hidden = p.record.ID != "" && p.lens.Value().IsClient()
	p.all.Hidden = p.record.ID == "" || p.choose.Hidden
	defer p.body.Refresh()
	if p.record.ID == "" {
		p.within.SetText(text.T("search.in_all", "in everything you wrote"))
		p.lens.Unnamed()
		return
	}
	p.within.SetText(text.T("search.in_one", "only in: %s", p.record.Title))
	if p.record.Title == "" { // the names are still to come
		p.lens.Unnamed()
		return
	}
	p.lens.SetNames(p.record.A, p.record.B)
}

// down goes from the field to the hits.
func (p *Page) down(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyDown || len(p.result.Hits) == 0 {
		return false
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Focus(p.list.Focusable())
	}
	return true
}

// Parts lets tests and focus look inside.
func (p *Page) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.body} }

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// First is the field.
func (p *Page) First() fyne.Focusable { return p.entry }

// Open shows the last search again. Who comes from a record that is looked at as a client
// searches in that record alone, with those eyes (rule PV-13).
func (p *Page) Open(r kit.Route) {
	if r.Lens.IsClient() {
		p.lens.SetValue(r.Lens)
		if r.ID != p.record.ID {
			p.record = Record{ID: r.ID}
			p.showRecord()
			p.whose.Load(func(ctx context.Context) (Record, error) { return p.deps.Searcher.Record(ctx, r.ID) }, func(found Record) {
				p.record = found
				p.showRecord()
			})
		} else {
			p.showRecord()
		}
	}
	p.Reload()
}

// Reload searches again.
func (p *Page) Reload() { p.now() }

// Leave drops what is under way.
func (p *Page) Leave() {
	p.load.Stop()
	p.whose.Stop()
	p.stopWaiting()
}

func (p *Page) later() {
	p.stopWaiting()
	p.forget = p.deps.Schedule.After(typingPause, p.now)
}

func (p *Page) stopWaiting() {
	if p.forget != nil {
		p.forget()
		p.forget = nil
	}
}

func (p *Page) now() {
	p.stopWaiting()
	p.query = strings.TrimSpace(p.entry.Text)
	if p.query == "" {
		p.load.Stop()
		p.show(Result{})
		return
	}
	q := Query{Words: p.query, Lens: p.lens.Value(), Record: p.record.ID, Limit: limit}
	p.load.Load(func(ctx context.Context) (Result, error) { return p.deps.Searcher.Search(ctx, q) }, p.show)
}

func (p *Page) show(r Result) {
	p.result = r
	switch {
	case p.query == "":
		p.count.SetText("")
	case r.Total == 0:
		p.count.SetText(text.T("search.none", "Nothing found. Try fewer letters or another reader."))
	case r.Total > len(r.Hits):
		p.count.SetText(text.T("search.best", "The best %d of %d", len(r.Hits), r.Total))
	default:
		p.count.SetText(text.N("search.found", r.Total, "1 place", "%d places"))
	}
	if p.query == "" {
		p.list.Hide()
		p.hint.Show()
	} else {
		p.hint.Hide()
		p.list.Show()
	}
	p.list.Reload()
	p.body.Refresh()
}
