// Package todayui is the first place of the morning: the next session and what it
// needs, what waits to be written, practices due, enquiries to answer.
package todayui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "today"

// fewRows is how many lines a card shows; one more says how many others there are.
const fewRows = 5

// manyDue is how many practices are counted.
const manyDue = 50

// Deps is what the place needs. It is the coach's page: every read is the coach's.
type Deps struct {
	kit.Env
	Sessions  SessionStore
	Practices PracticeStore
	Intake    interface {
		Today(ctx context.Context, aud clients.Audience, today day.Day, coach ids.ID) (intake.TodayView, error)
	}
	Clients interface {
		Titles(ctx context.Context, aud clients.Audience, records []ids.ID) (map[ids.ID]string, error)
	}
}

// SessionStore is what it needs of sessions.Store.
type SessionStore interface {
	Today(ctx context.Context, aud clients.Audience, now clock) (sessions.Today, error)
	LockDue(ctx context.Context, now clock) (int, error)
}

// PracticeStore is what it needs of practices.Store.
type PracticeStore interface {
	DueOn(ctx context.Context, aud clients.Audience, limit int) ([]practices.Due, error)
	ToSeeAlone(ctx context.Context, aud clients.Audience, limit int) ([]practices.Alone, error)
	Board(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]practices.Progress, error)
}

// state is what the cards say.
type state struct {
	sessions sessions.Today
	doing    []string // the practices that the next session's clients are doing
	due      []practices.Due
	alone    []practices.Alone
	intake   intake.TodayView
	titles   map[ids.ID]string
}

// Page is Today.
type Page struct {
	widget.BaseWidget
	deps   Deps
	load   *kit.Loader[state]
	state  state
	loaded bool
	locked day.Day // the day on which the notes that were due were locked
	title  *kit.Line
	cards  *fyne.Container
	scroll *container.Scroll
	body   fyne.CanvasObject
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages), cards: kit.VBox(kit.GapCards), title: kit.Title("").Short()}
	p.scroll = kit.Scroll(kit.Insets(kit.GapPage, kit.GapPage, kit.GapPage, kit.GapPage, kit.AtMost(1120, kit.VBox(kit.GapCards, p.title, p.cards))))
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
	if today := day.Day(p.deps.Today()); p.locked != today {
		p.locked = today
		now, s := p.deps.Now(), p.deps.Sessions
		kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { _, err := s.LockDue(ctx, now); return err }, nil)
	}
	p.Reload()
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
	p.load.LoadOr(func(ctx context.Context) (state, error) { return d.read(ctx, aud, now) }, p.fill, func(error) {
		if !p.loaded {
			p.show(kit.NewEmptyState("info", text.T("today.not_read", "Your day could not be read just now. Nothing was lost."), text.T("kit.again", "Try again"), p.Reload))
		}
	})
}

// read is all that the place shows, in a fixed handful of queries.
func (d Deps) read(ctx context.Context, aud clients.Audience, now clock) (s state, err error) {
	if s.sessions, err = d.Sessions.Today(ctx, aud, now); err != nil {
		return s, err
	}
	if s.due, err = d.Practices.DueOn(ctx, aud, manyDue); err != nil {
		return s, err
	}
	if s.alone, err = d.Practices.ToSeeAlone(ctx, aud, manyDue); err != nil {
		return s, err
	}
	if s.intake, err = d.Intake.Today(ctx, aud, aud.On(), ids.Nil); err != nil {
		return s, err
	}
	var records []ids.ID
	for _, x := range s.due {
		records = append(records, x.Couple)
	}
	for _, x := range s.alone {
		records = append(records, x.Couple)
	}
	if s.titles, err = d.Clients.Titles(ctx, aud, records); err != nil || len(s.sessions.Next) == 0 {
		return s, err
	}
	board, err := d.Practices.Board(ctx, aud, s.sessions.Next[0].Couple, aud.On(), aud.On())
	for _, a := range board {
		if a.State == practices.Active && a.Starts <= aud.On() && (a.Ends.IsZero() || a.Ends >= aud.On()) {
			s.doing = append(s.doing, a.Title)
		}
	}
	return s, err
}

func (p *Page) fill(s state) {
	p.state, p.loaded = s, true
	left := filled(p.alone(), p.unwritten(), p.next(), p.drafts(), p.later())
	right := filled(p.enquiries(), p.practices(), p.unbooked())
	switch {
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
