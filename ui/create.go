package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/internal/strength"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// create makes a new casebook: name, place, passphrase.
type create struct {
	widget.BaseWidget
	shell           *Shell
	business, coach *kit.Entry
	pass, again     *kit.Entry
	form            *kit.Form
	meter           *meter
	button          *kit.Button
	body            fyne.CanvasObject
	busy            bool
}

func newCreate(s *Shell) *create {
	c := &create{
		shell: s, business: kit.NewEntry(""), coach: kit.NewEntry(""),
		pass: kit.NewPassword(""), again: kit.NewPassword(""), meter: newMeter(),
	}
	c.pass.OnChanged = c.meter.rate
	c.again.OnSubmitted = func(string) { c.next() }
	c.form = kit.NewForm(
		kit.Field{Key: "business", Label: text.T("create.business", "Your business"), Widget: c.business, Hint: text.T("create.business_hint", "May stay empty"), Half: true},
		kit.Field{Key: "coach", Label: text.T("create.coach", "Your name"), Widget: c.coach, Hint: text.T("create.coach_hint", "As it stands under notes and reports"), Half: true},
		kit.Field{Key: "passphrase", Label: text.T("create.passphrase", "Passphrase"), Widget: c.pass},
		kit.Field{Widget: c.meter},
		kit.Field{Key: "again", Label: text.T("create.again", "The same passphrase again"), Widget: c.again})
	c.button = kit.Primary(text.T("create.next", "Choose where to keep it…"), c.next)
	back := kit.Secondary(text.T("create.back", "Back"), func() { s.showFront(newWelcome(s)) })
	c.body = frontCard(kit.VBox(kit.GapCards,
		kit.VBox(4, kit.Title(text.T("create.title", "New casebook")),
			kit.Paragraph(text.T("create.text", "The passphrase locks the file. Nobody can open it without the passphrase or the recovery key that you get next, not even we."))),
		c.form, kit.HBox(kit.GapInside, back, kit.Spacer(), c.button)))
	c.ExtendBaseWidget(c)
	return c
}

// Parts lets focus look inside.
func (c *create) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }

func (c *create) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

func (c *create) first() fyne.Focusable { return c.business }

func (c *create) next() {
	if c.busy {
		return
	}
	c.form.Clear()
	if err := strength.Choose(c.pass.Text, c.again.Text); err != nil {
		c.form.Mark(err)
		return
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return ' '
		}
		return r
	}, strings.TrimSpace(c.business.Text))
	if name == "" {
		name = text.T("create.file", "Casebook")
	}
	c.shell.env.Files.Save(text.T("create.where", "Keep the new casebook as"), name+".couplet", c.place)
}

// place warns of a folder that a file service keeps in step.
func (c *create) place(path string) {
	if by := share.Synced(path); by != "" {
		c.shell.askSynced(by, func() { c.make(path) })
		return
	}
	c.make(path)
}

func (c *create) make(path string) {
	s := c.shell
	n := NewCasebook{Path: path, Passphrase: c.pass.Text, Business: strings.TrimSpace(c.business.Text), Coach: strings.TrimSpace(c.coach.Text)}
	c.setBusy(true)
	var w Workspace
	var key string
	var err error
	s.whenClosed(func() {
		s.conf.Runner.Run(func(ctx context.Context) { w, key, err = s.conf.Opener.Create(ctx, n) }, func() {
			c.setBusy(false)
			if err != nil {
				s.notices.Show(err)
				return
			}
			c.pass.SetText("")
			c.again.SetText("")
			s.showFront(newRecovery(s, w, key))
		})
	})
}

func (c *create) setBusy(on bool) {
	c.busy = on
	if on {
		c.button.SetText(text.T("create.making", "Making it…"))
		c.button.Disable()
		return
	}
	c.button.SetText(text.T("create.next", "Choose where to keep it…"))
	c.button.Enable()
}

// meter says how strong a passphrase is, in words; four strokes say it again.
type meter struct {
	widget.BaseWidget
	strokes  []*kit.Panel
	sentence *kit.Prose
	body     fyne.CanvasObject
}

func newMeter() *meter {
	m := &meter{sentence: kit.Hint("")}
	row := container.NewGridWithColumns(4)
	for range 4 {
		p := kit.NewPanel(kit.ColorLine)
		p.Minimum, p.Radius = fyne.NewSize(10, 5), 2
		m.strokes = append(m.strokes, p)
		row.Add(p)
	}
	m.body = kit.VBox(6, row, kit.Sized(0, 34, m.sentence))
	m.ExtendBaseWidget(m)
	m.rate("")
	return m
}

func (m *meter) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(m.body) }

func (m *meter) rate(passphrase string) {
	e := strength.Of(passphrase)
	color := kit.ColorStop
	switch {
	case e.Level >= strength.Good:
		color = kit.ColorGood
	case e.Level == strength.Fair:
		color = kit.ColorCare
	}
	for i, p := range m.strokes {
		p.Fill = kit.ColorLine
		if i < int(e.Level) {
			p.Fill = color
		}
		p.Refresh()
	}
	words := e.Sentence()
	if advice := e.Advice(); advice != "" {
		words += " " + advice
	}
	m.sentence.SetText(words)
}
