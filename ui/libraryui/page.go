// Package libraryui is the library to read: practices, quizzes and note templates as
// they ship, with their sources.
package libraryui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "library"

// Deps is what the place needs.
type Deps struct{ kit.Env }

// entry is one thing to read. One without read is the heading of a section.
type entry struct {
	id, title, detail string
	read              func() []fyne.CanvasObject
}

// section is one part of the list.
type section struct {
	title   string
	entries []entry
}

// Page is the list of what there is and the one that is read.
type Page struct {
	widget.BaseWidget
	deps    Deps
	all     []section
	shown   []entry
	chosen  string // id of what is read
	search  *kit.Entry
	list    *kit.List
	reading *fyne.Container
	nothing fyne.CanvasObject
	body    fyne.CanvasObject
}

// NewPage builds the place; the library ships inside the program.
func NewPage(d Deps) *Page {
	p := &Page{deps: d}
	p.search = kit.NewEntry(text.T("library.filter", "Filter"))
	p.search.OnChanged = p.filter
	p.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(p.shown) },
		Row:    p.row, Open: p.open, Keeps: true,
		Empty: kit.Hint(text.T("library.nothing", "Nothing has these letters.")),
	})
	left := kit.Inset(16, kit.Frame(kit.Insets(0, kit.GapInside, 0, 0, kit.VBox(8, kit.Title(text.T("library.title", "Library")), p.search)), nil, p.list, nil, nil))
	p.nothing = kit.NewEmptyState("library", text.T("library.choose", "Practices, quizzes and note templates stand here, with what is known about them."), text.T("library.first", "Read the first"), func() { p.open(0) })
	p.reading = container.NewStack(p.nothing)
	p.body = kit.Frame(nil, kit.Sized(344, 0, left), p.reading, nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Parts lets tests and focus look inside.
func (p *Page) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{p.body} }

// First is the filter.
func (p *Page) First() fyne.Focusable { return p.search }

// Open shows the list, and the entry that the route names.
func (p *Page) Open(r kit.Route) {
	if p.all == nil {
		p.gather()
		p.filter(p.search.Text)
	}
	for _, s := range p.all {
		for _, e := range s.entries {
			if e.id == r.ID {
				p.read(e)
			}
		}
	}
}

// Reload has nothing to do: the library does not change.
func (p *Page) Reload() {}

// Leave has nothing to save.
func (p *Page) Leave() {}

// gather reads what ships. A part that cannot be read is told and left out.
func (p *Page) gather() {
	library, err := practices.All()
	if err != nil {
		p.deps.Messages.Show(err)
	}
	care, err := practices.CareDefaults()
	if err != nil {
		p.deps.Messages.Show(err)
	}
	templates, err := sessions.Templates()
	if err != nil {
		p.deps.Messages.Show(err)
	}
	exercises := section{title: text.T("library.practices", "Practices")}
	for _, x := range library {
		exercises.entries = append(exercises.entries, entry{x.ID, x.Title, channels(x.Channels), func() []fyne.CanvasObject { return practice(x, care) }})
	}
	asked := section{title: text.T("library.quizzes", "Quizzes")}
	for _, d := range quizzes.Shipped() {
		asked.entries = append(asked.entries, entry{d.ID, d.Name, text.T("library.quiz", "Version %s", d.Version), func() []fyne.CanvasObject { return quiz(d) }})
	}
	forms := section{title: text.T("library.templates", "Note templates")}
	for _, t := range templates {
		forms.entries = append(forms.entries, entry{t.ID, t.Title, text.T("library.template", "Note template"), func() []fyne.CanvasObject { return template(t) }})
	}
	p.all = []section{exercises, asked, forms}
}

// channels are the words for the channels that a practice works on.
func channels(codes []string) string {
	d, err := quizzes.ByID("icp-18")
	if err != nil {
		return ""
	}
	var names []string
	for _, code := range codes {
		if c, ok := d.Channel(code); ok {
			names = append(names, c.Name)
		}
	}
	if len(names) > 1 && len(names) == len(d.Profile.Channels) {
		return text.T("library.every_channel", "All channels")
	}
	return strings.Join(names, ", ")
}

// filter keeps what has the letters, under the headings of the sections that still
// have something.
func (p *Page) filter(letters string) {
	letters = clients.Fold(strings.TrimSpace(letters))
	p.shown = nil
	for _, s := range p.all {
		var kept []entry
		for _, e := range s.entries {
			if strings.Contains(clients.Fold(e.title+" "+e.detail), letters) {
				kept = append(kept, e)
			}
		}
		if len(kept) > 0 {
			p.shown = append(p.shown, entry{title: s.title, detail: text.N("library.count", len(kept), "1 to read", "%d to read")})
			p.shown = append(p.shown, kept...)
		}
	}
	p.list.Reload()
	p.mark()
}

func (p *Page) row(i int) kit.Row {
	e := p.shown[i]
	return kit.Row{Title: e.title, Detail: e.detail, Strong: e.read == nil}
}

// open reads row i; a heading opens the first of its section.
func (p *Page) open(i int) {
	if i < len(p.shown) && p.shown[i].read == nil {
		i++
	}
	if i >= len(p.shown) {
		return
	}
	p.deps.Nav.Replace(kit.Route{Page: PageID, ID: p.shown[i].id})
	p.read(p.shown[i])
}

func (p *Page) read(e entry) {
	p.chosen = e.id
	p.reading.Objects = []fyne.CanvasObject{kit.NewReader(kit.Insets(24, 24, 24, 24, kit.AtMost(720, kit.VBox(8, e.read()...))), 0)}
	p.reading.Refresh()
	p.mark()
}

// mark shows in the list what is read.
func (p *Page) mark() {
	for i, e := range p.shown {
		if e.read != nil && e.id == p.chosen {
			p.list.Mark(i)
			return
		}
	}
	p.list.Mark(-1)
}
