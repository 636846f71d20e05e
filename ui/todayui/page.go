// Package todayui is the first place of the morning: the next session and what it
// needs, what waits to be written, practices due, enquiries to answer.
package todayui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "today"

// fewRows is how many lines a card shows; one more says how many others there are.
const fewRows = 5

// Deps is what the place needs.
type Deps struct {
	kit.Env
	Stores
	// First is what was read where the casebook was opened, or nil. It spares the page its
	// first reading, so that it is filled before it is drawn.
	First *Reading
}

// Page is Today.
type Page struct {
	widget.BaseWidget
	deps   Deps
	load   *kit.Loader[*Reading]
	shown  *Reading // nil before the first
	locked day.Day  // the day on which the notes that were due were locked
	title  *kit.Line
	cards  *fyne.Container
	scroll *container.Scroll
	body   fyne.CanvasObject
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[*Reading](d.Runner, d.Messages), cards: kit.VBox(kit.GapCards), title: kit.Title("").Short()}
	p.scroll = kit.ScrollPage(kit.GapPage, kit.AtMost(1120, kit.VBox(kit.GapCards, p.title, p.cards)))
	p.body = p.scroll
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Parts lets tests and focus look inside.
func (p *Page) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.body} }

// Open loads the place; the first visit of a day locks the notes that are due.
func (p *Page) Open(kit.Route) {
	p.Reload()
	if today := day.Day(p.deps.Today()); p.locked != today && !p.deps.TimesAlone {
		p.locked = today
		now, s := p.deps.Now(), p.deps.Sessions
		kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { _, err := s.LockDue(ctx, now); return err }, nil)
	}
}

// Leave forgets what is under way.
func (p *Page) Leave() { p.load.Stop() }

func (p *Page) audience() clients.Audience {
	return clients.For(clients.CoachView, day.Day(p.deps.Today()))
}

// Reload loads again.
func (p *Page) Reload() {
	d, aud, now := p.deps, p.audience(), p.deps.Now()
	p.title.SetText(now.Format("Monday, 2 January 2006"))
	if first := d.First; p.shown == nil && first != nil && now.Sub(first.at) < fresh {
		p.fill(first)
		return
	}
	p.load.LoadOr(func(ctx context.Context) (*Reading, error) { return d.Read(ctx, aud, now) }, p.fill, func(error) {
		if p.shown == nil {
			p.show(kit.NewEmptyState("info", text.T("today.not_read", "Your day could not be read just now. Nothing was lost."), text.T("kit.again", "Try again"), p.Reload))
		}
	})
}

func (p *Page) fill(r *Reading) {
	p.shown = r
	left := filled(p.openings(), p.alone(), p.unwritten(), p.next(), p.drafts())
	right := filled(p.asked(), p.enquiries(), p.practices(), p.looks(), p.unbooked(), p.copies())
	if len(left) > 0 && len(right) == 0 {
		right = filled(p.later())
	} else {
		left = append(left, filled(p.later())...)
	}
	switch {
	case len(left)+len(right) == 0 && p.deps.TimesAlone:
		p.show(kit.Sized(0, 420, kit.NewEmptyState("today", text.T("today.no_times", "No appointment is booked for the next two weeks."), "", nil)))
	case len(left)+len(right) == 0:
		p.show(kit.Sized(0, 420, kit.NewEmptyState("today",
			text.T("today.empty", "Your day stands here: sessions, notes to write, people to answer. It begins with an enquiry or a couple."),
			text.T("pipeline.new", "New enquiry"), func() { p.deps.Nav.Go(kit.Route{Page: "pipeline", Tab: "new"}) })))
	case len(left) == 0 || len(right) == 0:
		p.show(kit.AtMost(720, kit.VBox(kit.GapCards, append(left, right...)...)))
	default:
		p.show(kit.Columns(kit.GapCards, nil, kit.VBox(kit.GapCards, left...), kit.VBox(kit.GapCards, right...)))
	}
}

func (p *Page) show(o fyne.CanvasObject) {
	p.cards.Objects = []fyne.CanvasObject{o}
	p.cards.Refresh()
	p.scroll.Refresh()
}

// filled are the cards that have something to say.
func filled(cards ...fyne.CanvasObject) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, c := range cards {
		if c != nil {
			out = append(out, c)
		}
	}
	return out
}
