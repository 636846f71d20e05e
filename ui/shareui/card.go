package shareui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Card says among the settings how sharing stands, and leads to it.
type Card struct {
	widget.BaseWidget
	deps   Deps
	words  *kit.Prose
	button *kit.Button
	body   fyne.CanvasObject
}

// NewCard builds the card without any I/O.
func NewCard(d Deps) *Card {
	c := &Card{deps: d, words: kit.Paragraph("")}
	c.button = kit.Secondary("", c.do)
	c.body = kit.TitledCard(text.T("sharing.title", "Sharing"), nil, kit.VBox(12, c.words, kit.HBox(0, c.button)))
	c.ExtendBaseWidget(c)
	c.Stands()
	return c
}

// CreateRenderer is Fyne's.
func (c *Card) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// Parts lets tests and focus look inside.
func (c *Card) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }

// Stands says how it stands now.
func (c *Card) Stands() {
	s, shared := c.deps.Sharing.State()
	words, color, button := text.T("sharing.only_here", "This casebook is on this computer alone."), kit.ColorInk, text.T("cmd.share", "Share this casebook…")
	if shared {
		bad := false
		if words, bad = Standing(s, c.deps.Now()); bad {
			color = kit.ColorStop
		}
		button = text.T("sharing.open", "How it stands…")
	}
	c.words.Set(words, color)
	c.button.SetText(button)
	if c.deps.Sharing.Place() == "" {
		c.words.SetText(text.T("sharing.sample", "The sample cannot be shared: nothing of it is kept."))
		c.button.Hide()
	}
}

func (c *Card) do() {
	if _, shared := c.deps.Sharing.State(); shared {
		c.deps.Nav.Go(kit.Route{Page: PageID})
		return
	}
	Ask(c.deps)
}
