// Package todayui is the first place of the morning: the next session and what it
// needs, what waits to be written, practices due, enquiries to answer.
package todayui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
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

// fewRows is how many lines a card shows.
const fewRows = 6

// Deps is what the place needs.
type Deps struct {
	kit.Env
	Sessions interface {
		Today(ctx context.Context, aud clients.Audience, now time.Time) (sessions.Today, error)
		LockDue(ctx context.Context, now time.Time) (int, error)
	}
	Practices interface {
		DueOn(ctx context.Context, aud clients.Audience, limit int) ([]practices.Due, error)
	}
	Intake interface {
		Today(ctx context.Context, aud clients.Audience, today day.Day, coach ids.ID) (intake.TodayView, error)
	}
	Clients interface {
		Titles(ctx context.Context, aud clients.Audience, records []ids.ID) (map[ids.ID]string, error)
	}
}

type state struct {
	sessions sessions.Today
	due      []practices.Due
	intake   intake.TodayView
	titles   map[ids.ID]string
}

// Page is Today.
type Page struct {
	widget.BaseWidget
	deps   Deps
	load   *kit.Loader[state]
	state  state
	cards  *fyne.Container
	title  *kit.Line
	body   fyne.CanvasObject
	locked bool
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages), cards: kit.VBox(16), title: kit.Title("")}
	p.body = kit.Scroll(kit.Insets(24, 24, 24, 24, kit.AtMost(920, kit.VBox(16, p.title, p.cards))))
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Open loads the place; the first visit of the day locks the notes that are due.
func (p *Page) Open(kit.Route) {
	if !p.locked {
		p.locked = true
		now, s := p.deps.Now(), p.deps.Sessions
		kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { _, err := s.LockDue(ctx, now); return err }, nil)
	}
	p.Reload()
}

// Leave forgets what is under way.
func (p *Page) Leave() { p.load.Stop() }

// Reload loads again.
func (p *Page) Reload() {
	d, now := p.deps, p.deps.Now()
	today := day.Day(d.Today())
	aud := clients.For(clients.CoachView, today)
	p.title.SetText(now.Format("Monday, 2 January 2006"))
	p.load.Load(func(ctx context.Context) (s state, err error) {
		if s.sessions, err = d.Sessions.Today(ctx, aud, now); err != nil {
			return s, err
		}
		if s.due, err = d.Practices.DueOn(ctx, aud, fewRows); err != nil {
			return s, err
		}
		if s.intake, err = d.Intake.Today(ctx, aud, today, ids.Nil); err != nil {
			return s, err
		}
		var records []ids.ID
		for _, x := range s.due {
			records = append(records, x.Couple)
		}
		s.titles, err = d.Clients.Titles(ctx, aud, records)
		return s, err
	}, p.fill)
}

func (p *Page) fill(s state) {
	p.state = s
	var cards []fyne.CanvasObject
	add := func(title string, lines []fyne.CanvasObject) {
		if len(lines) > 0 {
			cards = append(cards, kit.TitledCard(title, nil, kit.VBox(8, lines...)))
		}
	}
	add(text.T("today.next", "Next sessions"), p.next())
	add(text.T("today.unwritten", "Sessions without a note"), p.unwritten())
	add(text.T("today.drafts", "Begun and not finished"), p.drafts())
	add(text.T("today.enquiries", "Enquiries"), p.enquiries())
	add(text.T("today.practices", "Practices that wait for a word"), p.practices())
	add(text.T("today.unbooked", "Nothing booked"), p.unbooked())
	if len(cards) == 0 {
		cards = append(cards, kit.NewEmptyState("today", text.T("today.empty", "Your day stands here: sessions, notes to write, people to answer. It begins with an enquiry or a couple."), text.T("pipeline.new", "New enquiry"), func() { p.deps.Nav.Go(kit.Route{Page: "pipeline", Tab: "new"}) }))
	}
	p.cards.Objects = cards
	p.cards.Refresh()
}

// line is a fact with the one thing that can be done about it.
func line(title, detail, word string, do func()) fyne.CanvasObject {
	left := kit.VBox(2, kit.NewLine(title).Short())
	if detail != "" {
		left.Add(kit.Soft(detail).Short())
	}
	return kit.Frame(nil, nil, left, kit.Secondary(word, do), nil)
}

func names(n sessions.Names) string {
	if n.B.IsEmpty() {
		return clients.Title(clients.KindSingle, n.A, n.B)
	}
	return clients.Title(clients.KindCouple, n.A, n.B)
}

func (p *Page) open(couple ids.ID, tab string, item ids.ID) {
	r := kit.Route{Page: "couples", ID: couple.String(), Tab: tab, Lens: kit.LensCoach}
	if !item.IsZero() {
		r.Item = item.String()
	}
	p.deps.Nav.Go(r)
}

func (p *Page) next() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, x := range p.state.sessions.Next[:min(fewRows, len(p.state.sessions.Next))] {
		detail := x.Local().Format("Monday 2 January, 15:04")
		if a := strings.ReplaceAll(strings.TrimSpace(x.Agreements), "\n", " · "); a != "" {
			detail += " · " + text.T("today.agreed", "last agreed: %s", a)
		}
		out = append(out, line(names(x.Names), detail, text.T("today.open", "Open"), func() { p.open(x.Couple, "sessions", x.ID) }))
	}
	return out
}

func (p *Page) unwritten() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, x := range p.state.sessions.WithoutNote[:min(fewRows, len(p.state.sessions.WithoutNote))] {
		out = append(out, line(names(x.Names), x.Local().Format("Monday 2 January, 15:04"), text.T("today.write", "Write the note"), func() { p.open(x.Couple, "sessions", x.ID) }))
	}
	return out
}

func (p *Page) drafts() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, x := range p.state.sessions.Drafts[:min(fewRows, len(p.state.sessions.Drafts))] {
		item := x.Session
		if item.IsZero() {
			item = x.Note
		}
		out = append(out, line(names(x.Names), text.T("today.typed", "typed %s", x.Typed.Local().Format("2 January, 15:04")), text.T("today.open", "Open"), func() { p.open(x.Couple, "sessions", item) }))
	}
	return out
}

func (p *Page) practices() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, x := range p.state.due {
		detail := text.T("today.no_log", "no word yet")
		if !x.Last.IsZero() {
			detail = text.T("today.last_log", "last word on %s", x.Last.Words())
		}
		out = append(out, line(p.state.titles[x.Couple]+" · "+x.Title, detail, text.T("today.open", "Open"), func() { p.open(x.Couple, "practices", ids.Nil) }))
	}
	return out
}

func (p *Page) unbooked() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, x := range p.state.sessions.Unbooked[:min(fewRows, len(p.state.sessions.Unbooked))] {
		detail := ""
		if !x.Last.IsZero() {
			detail = text.T("today.last_met", "last met on %s", x.Last.Local().Format("2 January"))
		}
		out = append(out, line(names(x.Names), detail, text.T("today.open", "Open"), func() { p.open(x.Couple, "sessions", ids.Nil) }))
	}
	return out
}

func (p *Page) enquiries() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	card := func(c intake.Card, detail string) {
		if len(out) < fewRows {
			out = append(out, line(c.Title, detail, text.T("today.open", "Open"), func() { p.deps.Nav.Go(kit.Route{Page: "pipeline", ID: c.EnquiryID.String()}) }))
		}
	}
	for _, c := range p.state.intake.Calls {
		card(c, text.T("today.call", "call on %s", c.CallAt.Local().Format("Monday 2 January, 15:04")))
	}
	for _, c := range p.state.intake.ToAnswer {
		card(c, text.T("today.answer", "to be answered"))
	}
	for _, f := range p.state.intake.FollowUps {
		card(f.Card, text.T("today.follow_up", "follow up on %s", f.FollowUp.On.Words()))
	}
	return out
}

// Commands can be run from anywhere: Ctrl+N starts the note of the session just held.
func Commands(p *Page) []kit.Command {
	return []kit.Command{{
		ID: "note.new", Title: text.T("today.new_note", "Write the note of the last session"), Menu: "record",
		Shortcut: &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault},
		Run:      p.writeLast,
	}}
}

func (p *Page) writeLast() {
	d, now := p.deps, p.deps.Now()
	aud := clients.For(clients.CoachView, day.Day(d.Today()))
	var s sessions.Today
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		s, err = d.Sessions.Today(ctx, aud, now)
		return err
	}, func() {
		if len(s.WithoutNote) == 0 {
			d.Messages.Toast(text.T("today.all_written", "Every session has its note."))
			return
		}
		x := s.WithoutNote[0]
		p.open(x.Couple, "sessions", x.ID)
	})
}
