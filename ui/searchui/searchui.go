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

// Deps is what the page needs.
type Deps struct {
	kit.Env
	// Searcher finds what the reader of lens may see; counts obey as well.
	Searcher interface {
		Search(ctx context.Context, query string, lens kit.Lens, limit int) (Result, error)
	}
}

// Page is the search page.
type Page struct {
	widget.BaseWidget
	deps   Deps
	entry  *kit.Entry
	lens   *kit.LensSwitch
	count  *kit.Line
	list   *kit.List
	hint   *fyne.Container
	load   *kit.Loader[Result]
	result Result
	query  string
	forget func()
	body   fyne.CanvasObject
}

// New is the page, without any I/O.
func New(d Deps) *Page {
	p := &Page{deps: d, count: kit.Soft(""), load: kit.NewLoader[Result](d.Runner, d.Messages)}
	p.entry = kit.NewEntry(text.T("search.hint", "Words from notes, agreements, goals, answers"))
	p.entry.OnChanged = func(string) { p.later() }
	p.entry.OnSubmitted = func(string) { p.now() }
	p.lens = kit.NewLensSwitch(func(kit.Lens) { p.now() })
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
	head := kit.VBox(kit.GapInside, p.entry, kit.HBox(kit.GapCards, p.lens, p.count))
	p.body = kit.Page(text.T("search.title", "Search"), nil,
		kit.Frame(kit.Insets(0, kit.GapCards, 0, 0, head), nil, container.NewStack(p.list, p.hint), nil, nil))
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// First is the field.
func (p *Page) First() fyne.Focusable { return p.entry }

// Open shows the last search again.
func (p *Page) Open(kit.Route) { p.Reload() }

// Reload searches again.
func (p *Page) Reload() { p.now() }

// Leave drops what is under way.
func (p *Page) Leave() {
	p.load.Stop()
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
	query, lens := p.query, p.lens.Value()
	p.load.Load(func(ctx context.Context) (Result, error) {
		return p.deps.Searcher.Search(ctx, query, lens, limit)
	}, p.show)
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
