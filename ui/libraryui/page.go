// Package libraryui is the library to read: practices, quizzes and note templates as
// they ship, with their sources.
package libraryui

import (
	"fmt"
	"strconv"
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

// entry is one thing to read.
type entry struct {
	id, title, detail string
	read              func() []fyne.CanvasObject
}

// Page is the list of what there is and the one that is read.
type Page struct {
	widget.BaseWidget
	deps    Deps
	all     []entry
	shown   []entry
	search  *kit.Entry
	list    *kit.List
	reading *fyne.Container
	body    fyne.CanvasObject
}

// NewPage builds the place; the library ships inside the program.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, reading: container.NewStack()}
	p.search = kit.NewEntry(text.T("library.filter", "Filter"))
	p.search.OnChanged = p.filter
	p.list = kit.NewList(kit.ListSpec{
		Length: func() int { return len(p.shown) },
		Row:    func(i int) kit.Row { return kit.Row{Title: p.shown[i].title, Detail: p.shown[i].detail} },
		Open:   func(i int) { p.read(p.shown[i]) }, Keeps: true,
		Empty: kit.Hint(text.T("library.nothing", "Nothing has these letters.")),
	})
	left := kit.Inset(16, kit.Frame(kit.VBox(8, kit.Title(text.T("library.title", "Library")), p.search), nil, p.list, nil, nil))
	p.reading.Objects = []fyne.CanvasObject{kit.NewEmptyState("library", text.T("library.choose", "Practices, quizzes and note templates stand here, with what is known about them."), text.T("library.first", "Read the first"), func() { p.read(p.all[0]) })}
	p.body = kit.Frame(nil, kit.Sized(344, 0, left), p.reading, nil, nil)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// First is the filter.
func (p *Page) First() fyne.Focusable { return p.search }

// Open shows the list, and the entry that the route names.
func (p *Page) Open(r kit.Route) {
	if p.all == nil {
		p.all = p.gather()
		p.filter(p.search.Text)
	}
	for _, e := range p.all {
		if e.id == r.ID {
			p.read(e)
		}
	}
}

// Reload has nothing to do: the library does not change.
func (p *Page) Reload() {}

// Leave has nothing to save.
func (p *Page) Leave() {}

func (p *Page) filter(letters string) {
	letters = clients.Fold(strings.TrimSpace(letters))
	p.shown = nil
	for _, e := range p.all {
		if letters == "" || strings.Contains(clients.Fold(e.title+" "+e.detail), letters) {
			p.shown = append(p.shown, e)
		}
	}
	p.list.Reload()
}

func (p *Page) read(e entry) {
	p.reading.Objects = []fyne.CanvasObject{kit.Scroll(kit.Insets(24, 24, 24, 24, kit.AtMost(720, kit.VBox(12, e.read()...))))}
	p.reading.Refresh()
}

func (p *Page) gather() []entry {
	var out []entry
	library, err := practices.All()
	if err != nil {
		p.deps.Messages.Show(err)
	}
	for _, x := range library {
		out = append(out, entry{x.ID, x.Title, text.T("library.practice", "Practice · %s", strings.Join(x.Channels, " ")), func() []fyne.CanvasObject { return practice(x) }})
	}
	for _, d := range quizzes.Shipped() {
		out = append(out, entry{d.ID, d.Name, text.T("library.quiz", "Quiz · version %s", d.Version), func() []fyne.CanvasObject { return quiz(d) }})
	}
	templates, err := sessions.Templates()
	if err != nil {
		p.deps.Messages.Show(err)
	}
	for _, t := range templates {
		out = append(out, entry{t.ID, t.Title, text.T("library.template", "Note template"), func() []fyne.CanvasObject { return template(t) }})
	}
	return out
}

// part is a heading with its lines; nothing without lines.
func part(title string, lines ...string) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, l := range lines {
		if l != "" {
			out = append(out, kit.Paragraph(l))
		}
	}
	if out == nil {
		return nil
	}
	return append([]fyne.CanvasObject{kit.Section(title)}, out...)
}

func bullets(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = "• " + s
	}
	return out
}

func numbered(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = strconv.Itoa(i+1) + ". " + s
	}
	return out
}

// strengthWords says how strong the evidence is.
func strengthWords(s string) string {
	words := map[string]string{
		"A": text.T("strength.a", "randomised trial of nearly this exercise"), "B": text.T("strength.b", "experiment or long study of the mechanism"),
		"C": text.T("strength.c", "correlational study"), "D": text.T("strength.d", "professional tradition"),
	}
	var out []string
	for _, one := range strings.Split(s, "/") {
		out = append(out, words[strings.TrimSpace(one)])
	}
	return strings.Join(out, " / ")
}

func practice(x *practices.Practice) []fyne.CanvasObject {
	out := []fyne.CanvasObject{kit.Title(x.Title), kit.Soft(fmt.Sprintf("%s · %s · %s", x.ID, x.Level, x.Cadence.Text)), kit.Paragraph(x.Purpose)}
	add := func(title string, lines ...string) { out = append(out, part(title, lines...)...) }
	add(text.T("library.steps", "Steps"), numbered(x.Steps)...)
	for _, s := range x.SubPractices {
		add(s.Title, numbered(s.Steps)...)
	}
	add(text.T("library.care", "Take care"), bullets(x.CareNotes)...)
	add(text.T("library.stop", "Stop when"), bullets(x.StopRules)...)
	var locks []string
	for _, l := range x.Locks {
		locks = append(locks, "• "+l.Why)
	}
	add(text.T("library.locks", "Closed when"), locks...)
	v := x.Variants
	for _, one := range [][2]string{
		{text.T("variant.distance", "Living apart"), v.LongDistance},
		{text.T("variant.parents", "New parents"), v.NewParents},
		{text.T("variant.neuro", "Neurodivergent"), v.Neurodivergent},
		{text.T("variant.abilities", "Different abilities"), v.DifferentAbilities},
		{text.T("variant.alcohol", "Without alcohol"), v.AlcoholFree},
		{text.T("variant.touch", "Without touch"), v.NoTouch},
	} {
		add(one[0], one[1])
	}
	var evidence []string
	for _, e := range x.Evidence {
		line := "• " + e.Citation + " – " + e.Claim + " (" + strengthWords(e.Strength) + ")"
		if e.Unverified {
			line += " · " + text.T("library.unverified", "unverified")
		}
		evidence = append(evidence, line)
	}
	add(text.T("library.evidence", "What is known"), evidence...)
	return out
}

func quiz(d *quizzes.Definition) []fyne.CanvasObject {
	out := []fyne.CanvasObject{kit.Title(d.Name), kit.Soft(fmt.Sprintf("%s · %s", d.ID, d.Version)), kit.Paragraph(d.Intro)}
	var items []string
	for i, it := range d.Items {
		if it.Text != "" {
			items = append(items, strconv.Itoa(i+1)+". "+it.Text)
		}
	}
	if len(items) == 0 {
		items = []string{text.T("library.no_text", "The questions are not shipped: use your own permitted copy. %d items.", len(d.Items))}
	}
	out = append(out, part(text.T("library.items", "Questions"), items...)...)
	var scales []string
	for _, s := range d.Scales {
		line := "• " + s.Name + ": " + s.Range.String()
		for _, c := range s.CutOffs {
			line += " · " + text.T("library.cutoff", "cut-off %g (%s)", c.Value, c.Source)
			if c.Unverified {
				line += ", " + text.T("library.unverified", "unverified")
			}
		}
		if s.Change != nil {
			line += " · " + text.T("library.threshold", "a change counts beyond %.1f points (%s)", s.Change.Points(), s.Change.Source)
			if s.Change.Unverified {
				line += ", " + text.T("library.unverified", "unverified")
			}
		}
		scales = append(scales, line)
	}
	out = append(out, part(text.T("library.scales", "Scales"), scales...)...)
	out = append(out, part(text.T("library.notes", "Notes"), bullets(d.Notes)...)...)
	var sources []string
	for _, s := range d.Sources {
		sources = append(sources, "• "+s.Citation)
	}
	out = append(out, part(text.T("report.sources", "Sources and versions"), sources...)...)
	return append(out, part(text.T("library.licence", "Licence"), d.Licence)...)
}

func template(t sessions.Template) []fyne.CanvasObject {
	out := []fyne.CanvasObject{kit.Title(t.Title), kit.Paragraph(t.Purpose)}
	for _, f := range t.Fields {
		sees, colour := text.T("talk.for_you", "for you alone"), kit.ColorCoach
		switch {
		case f.Sensitivity == clients.Safety:
			sees, colour = text.T("seen.safety", "safety, for you alone"), kit.ColorStop
		case f.Visibility == clients.Joint:
			sees, colour = text.T("seen.both", "for both"), kit.ColorBoth
		case f.Visibility == clients.PartnerA:
			sees, colour = "A", kit.ColorA
		case f.Visibility == clients.PartnerB:
			sees, colour = "B", kit.ColorB
		case f.Visibility != clients.CoachOnly:
			sees, colour = text.T("library.attendee", "for whoever it was with"), kit.ColorBoth
		}
		out = append(out, kit.HBox(8, kit.NewLine(f.Label), kit.NewChip(sees, colour)))
		if f.Hint != "" {
			out = append(out, kit.Hint(f.Hint))
		}
	}
	return out
}
