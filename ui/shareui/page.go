// Package shareui is the page of sharing: how it stands, what waits and why, and which
// computers take part; and the form with which it begins.
package shareui

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "sharing"

// Sharing is the open casebook as this page sees it.
type Sharing interface {
	// State is how it stands; not shared is a casebook that is on this computer alone.
	State() (s share.State, shared bool)
	// Look does a turn at once.
	Look(ctx context.Context) error
	// Share shares through a folder, also another one than before, or once more after this
	// computer was removed. name is what this computer is called for the others.
	Share(ctx context.Context, folder, name string) error
	Rename(ctx context.Context, name string) error
	Remove(ctx context.Context, computer ids.ID) error
	TakeBack(ctx context.Context, computer ids.ID) error
	// Leave ends sharing here; with quietly the others are not told.
	Leave(ctx context.Context, quietly bool) error
	// Called is what this computer would be called for the others.
	Called() string
	// Place is where the casebook lies, "" for a sample.
	Place() string
}

// Deps is what the page needs.
type Deps struct {
	kit.Env
	Sharing Sharing
	// OfferMove offers to move a casebook out of a folder that a file service keeps in
	// step, and tells whether it lies in one.
	OfferMove func() bool
}

// Page is the page of sharing.
type Page struct {
	widget.BaseWidget
	deps  Deps
	shown string // what stands there, so that nothing is built anew for nothing
	cards *fyne.Container
	body  fyne.CanvasObject
}

// NewPage builds the page without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, cards: kit.VBox(kit.GapCards)}
	p.body = kit.Scroll(kit.Insets(24, 24, 24, 24, kit.AtMost(760, kit.VBox(kit.GapCards, kit.Title(text.T("sharing.title", "Sharing")), p.cards))))
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Open shows how it stands.
func (p *Page) Open(kit.Route) { p.shown = ""; p.Reload() }

// Stands shows how it stands now.
func (p *Page) Stands() { p.Reload() }

// Leave has nothing to save.
func (p *Page) Leave() {}

// Reload shows how it stands now. It reads nothing.
func (p *Page) Reload() {
	s, shared := p.deps.Sharing.State()
	words, _ := Standing(s, p.deps.Now())
	now := fmt.Sprint(shared, words, s.Folder, s.At.Format("15:04"), s.Trouble, s.Waiting, s.Notices, s.Devices)
	if now == p.shown {
		return
	}
	p.shown = now
	p.cards.RemoveAll()
	if !shared {
		p.cards.Add(p.alone())
	} else {
		for _, c := range []fyne.CanvasObject{p.standing(s), p.waiting(s), p.computers(s), p.notices(s)} {
			if c != nil {
				p.cards.Add(c)
			}
		}
	}
	p.body.Refresh()
}

// alone is the page of a casebook that nobody shares.
func (p *Page) alone() fyne.CanvasObject {
	sentence := text.T("sharing.alone", "This casebook is on this computer alone. Share it with your colleagues, or with your own second computer, through any folder that a file service keeps in step.")
	if p.deps.Sharing.Place() == "" {
		return kit.Card(kit.Hint(text.T("sharing.sample", "The sample cannot be shared: nothing of it is kept.")))
	}
	return kit.NewEmptyState("share", sentence, text.T("sharing.share", "Share this casebook…"), func() { Ask(p.deps) })
}

// standing is the card that says how it stands, why it waits, and what can be done.
func (p *Page) standing(s share.State) fyne.CanvasObject {
	d := p.deps
	words, color := head(s), kit.ColorGood
	switch {
	case s.Trouble != nil:
		words, color = text.T("sharing.waiting", "Waiting"), kit.ColorStop
	case len(s.Waiting) > 0:
		color = kit.ColorCare
	case s.Working, s.At.IsZero():
		color = kit.ColorInkSoft
	}
	col := kit.VBox(12, kit.VBox(2, kit.Soft(text.T("sharing.folder", "Shared folder")), kit.NewLine(s.Folder).Short()))
	again := func() { Ask(d) }
	switch {
	case errors.Is(s.Trouble, share.ErrRemoved):
		col.Add(problem(s.Trouble))
		col.Add(kit.HBox(8, kit.Primary(text.T("sharing.again", "Take part again"), func() { p.again(s) }), kit.Secondary(text.T("sharing.leave", "Leave sharing…"), func() { p.leave() })))
		return kit.TitledCard(text.T("sharing.stands", "How it stands"), kit.NewChip(words, color), col)
	case s.Trouble != nil:
		col.Add(problem(s.Trouble))
	case !s.At.IsZero():
		col.Add(kit.Hint(text.T("sharing.looked", "The folder was looked through at %s. What you change is told within seconds, what comes is merged at once.", s.At.In(d.Now().Location()).Format("15:04"))))
	}
	col.Add(kit.Flow(8,
		kit.Secondary(text.T("sharing.look", "Look now"), func() { kit.Do(d.Runner, d.Messages, d.Sharing.Look, p.Reload) }),
		kit.Secondary(text.T("sharing.elsewhere", "Another folder…"), again),
		kit.Secondary(text.T("sharing.leave", "Leave sharing…"), func() { p.leave() })))
	return kit.TitledCard(text.T("sharing.stands", "How it stands"), kit.NewChip(words, color), col)
}

func problem(err error) fyne.CanvasObject {
	sentence, hint := fault.Words(err)
	return kit.VBox(2, kit.Wrapped(sentence, kit.ColorStop), kit.Hint(hint))
}

// waiting names the files that were not merged.
func (p *Page) waiting(s share.State) fyne.CanvasObject {
	if len(s.Waiting) == 0 {
		return nil
	}
	col := kit.VBox(12)
	for _, w := range s.Waiting {
		since := w.Since.In(p.deps.Now().Location()).Format("2 January, 15:04")
		col.Add(kit.VBox(2, kit.NewLine(w.Name).Short(), kit.Wrapped(w.Sentence, kit.ColorCare), kit.Hint(w.Hint+" "+text.T("sharing.since", "It waits since %s.", since))))
	}
	return kit.TitledCard(text.T("sharing.waits", "What waits"), nil, col)
}

// notices are worth knowing; there is nothing to do about them.
func (p *Page) notices(s share.State) fyne.CanvasObject {
	if len(s.Notices) == 0 {
		return nil
	}
	col := kit.VBox(8)
	for _, n := range s.Notices {
		col.Add(kit.Paragraph(notice(n)))
	}
	return kit.TitledCard(text.T("sharing.to_know", "Good to know"), nil, col)
}
