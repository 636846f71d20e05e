// Package rightsui is the page of what clients can ask for: their file, a pause, a hold and
// their erasure, item by item; and of how long records are kept.
package rightsui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes. Its id is a person; without one it is about all.
const PageID = "rights"

// Store is what the page needs of rights.Store.
type Store interface {
	Requests(ctx context.Context, aud clients.Audience, person ids.ID) ([]rights.Request, error)
	OpenRequests(ctx context.Context, aud clients.Audience) ([]rights.Request, error)
	Ask(ctx context.Context, person ids.ID, kind rights.Kind, on day.Day) (ids.ID, error)
	Identify(ctx context.Context, request ids.ID, how string, on day.Day) error
	Extend(ctx context.Context, request ids.ID, reason string) error
	Log(ctx context.Context, request ids.ID, what, reason string) error
	Finish(ctx context.Context, request ids.ID, state, outcome string, on day.Day) error
	Restrict(ctx context.Context, person ids.ID, on bool, reason string) error
	Restricted(ctx context.Context, aud clients.Audience) (map[ids.ID]string, error)
	Holds(ctx context.Context, aud clients.Audience) ([]rights.Hold, error)
	Hold(ctx context.Context, h rights.Hold) (ids.ID, error)
	Lift(ctx context.Context, hold ids.ID, reason string) error
	PlanPerson(ctx context.Context, aud clients.Audience, person ids.ID) (*rights.Plan, error)
	Rules(ctx context.Context) ([]rights.Rule, error)
	SetRule(ctx context.Context, r rights.Rule) error
	Due(ctx context.Context, aud clients.Audience) ([]rights.Due, error)
	Erasures(ctx context.Context, aud clients.Audience) ([]rights.Erasure, error)
	TaskDone(ctx context.Context, task ids.ID, on day.Day) error
	Late(ctx context.Context, aud clients.Audience) ([]rights.Late, error)
}

// People names who it is about.
type People interface {
	Person(ctx context.Context, aud clients.Audience, id ids.ID) (clients.Person, error)
}

// Work is what takes longer, and leaves the casebook.
type Work interface {
	// Erase does what a plan says, and takes it out of the file, the folder and the backups.
	Erase(ctx context.Context, p *rights.Plan, report func(part, whole int, what string)) (rights.Erasure, error)
	// EraseDue is Erase for a record whose time has come.
	EraseDue(ctx context.Context, d rights.Due, report func(part, whole int, what string)) (rights.Erasure, error)
	// Subject writes the file of a person as a folder of that path.
	Subject(ctx context.Context, person ids.ID, path string) error
	// Certificate writes the certificate of an erasure.
	Certificate(ctx context.Context, e rights.Erasure, path string) error
}

// Deps is what the page needs.
type Deps struct {
	kit.Env
	Rights Store
	People People
	Work   Work
}

func (d Deps) aud() clients.Audience { return clients.For(clients.CoachView, day.Day(d.Today())) }

// facts are what the page shows.
type facts struct {
	person     clients.Person
	requests   []rights.Request
	restricted map[ids.ID]string
	holds      []rights.Hold
	rules      []rights.Rule
	due        []rights.Due
	erasures   []rights.Erasure
	late       []rights.Late
}

// Page is the page. While a plan is looked through it stays, whatever loads anew.
type Page struct {
	widget.BaseWidget
	deps    Deps
	load    *kit.Loader[facts]
	person  ids.ID
	facts   facts
	queue   *queue // the plan that is looked through, nil for none
	title   *kit.Prose
	cards   *fyne.Container
	body    fyne.CanvasObject
	buttons kit.Acts
}

// NewPage builds the page without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[facts](d.Runner, d.Messages), title: kit.Name(pageTitle()), cards: kit.VBox(kit.GapCards), buttons: kit.Acts{}}
	p.body = kit.ScrollPage(24, kit.AtMost(860, kit.VBox(kit.GapCards, p.title, p.cards)))
	p.ExtendBaseWidget(p)
	return p
}

func pageTitle() string { return text.T("rights.title", "Rights and retention") }

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Open shows a person, or all.
func (p *Page) Open(r kit.Route) {
	id, _ := ids.Parse(r.ID) // a route that names nobody is about all
	if id != p.person {
		p.queue = nil
		p.cards.RemoveAll()
		clear(p.buttons)
	}
	p.person = id
	p.Reload()
}

// Leave forgets what is under way. A plan is made again: it is of a moment.
func (p *Page) Leave() { p.load.Stop() }

// Reload loads again.
func (p *Page) Reload() {
	person := p.person
	p.load.Load(func(ctx context.Context) (facts, error) { return p.read(ctx, person) }, p.fill)
}

func (p *Page) read(ctx context.Context, person ids.ID) (f facts, err error) {
	d := p.deps
	if f.restricted, err = d.Rights.Restricted(ctx, d.aud()); err != nil {
		return f, err
	}
	if f.holds, err = d.Rights.Holds(ctx, d.aud()); err != nil {
		return f, err
	}
	if !person.IsZero() {
		if f.person, err = d.People.Person(ctx, d.aud(), person); err != nil {
			return f, err
		}
		f.requests, err = d.Rights.Requests(ctx, d.aud(), person)
		return f, err
	}
	if f.requests, err = d.Rights.OpenRequests(ctx, d.aud()); err != nil {
		return f, err
	}
	if f.rules, err = d.Rights.Rules(ctx); err != nil {
		return f, err
	}
	if f.due, err = d.Rights.Due(ctx, d.aud()); err != nil {
		return f, err
	}
	if f.late, err = d.Rights.Late(ctx, d.aud()); err != nil {
		return f, err
	}
	f.erasures, err = d.Rights.Erasures(ctx, d.aud())
	return f, err
}

func (p *Page) fill(f facts) {
	p.facts = f
	title := pageTitle()
	var cards []fyne.CanvasObject
	switch {
	case p.queue != nil:
		title = text.T("rights.of", "%s: what is kept", name(f.person.Name))
		cards = append(cards, p.queue)
	case !p.person.IsZero():
		title = text.T("rights.of", "%s: what is kept", name(f.person.Name))
		cards = append(cards, p.requestCard(), p.fileCard(), p.restrictCard(), p.holdCard(), p.eraseCard())
	default:
		cards = append(cards, p.requestCard(), p.retentionCard(), p.dueCard(), p.holdCard(), p.erasuresCard())
	}
	p.title.SetText(title)
	p.cards.Objects = cards
	p.cards.Refresh()
	p.body.Refresh()
}

func name(n clients.Name) string {
	if n.IsEmpty() {
		return text.T("clients.unnamed", "No name yet")
	}
	return n.Full()
}

func (p *Page) act(key, word string, do func()) *kit.Button { return p.buttons.Quiet(key, word, do) }

// done toasts what was done and loads again.
func (p *Page) done(sentence string) func() {
	return func() {
		p.deps.Messages.Toast(sentence)
		p.Reload()
	}
}

// ask opens a form of one text.
func (p *Page) ask(title, label, key, ok, done string, save func(ctx context.Context, v string) error) {
	e := kit.NewEntry("")
	p.deps.Dialogs.Form(title, ok, kit.NewForm(kit.Field{Key: key, Label: label, Widget: e}),
		func(ctx context.Context) error { return save(ctx, strings.TrimSpace(e.Text)) }, p.done(done))
}

// fileCard writes the file of a person.
func (p *Page) fileCard() fyne.CanvasObject {
	return kit.TitledCard(text.T("rights.file", "Their file"), p.act("file", text.T("rights.make_file", "Make the file…"), func() {
		p.deps.Files.Save(text.T("rights.make_file_title", "A folder for the file"), "subject-"+p.deps.Today(), func(path string) {
			kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { return p.deps.Work.Subject(ctx, p.person, path) }, p.done(text.T("rights.file_made", "The file is made. Look at it before you hand it out.")))
		})
	}), kit.Hint(text.T("rights.file_hint", "A folder with an overview, everything as data, and tables of what they gave. Texts that are also about somebody else stay out until you decide; they are listed.")))
}
