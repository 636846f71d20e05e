// Package settingsui is the place of settings: workspace, coaches, notes, security,
// backups and how the window looks.
package settingsui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/strength"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "settings"

// Backup is one verified copy.
type Backup struct {
	At   time.Time
	Size int64
}

// Workspace is what can be set of the casebook.
type Workspace interface {
	Name(ctx context.Context) (string, error)
	SetName(ctx context.Context, name string) error
	Coaches(ctx context.Context) ([]clients.Coach, error)
	AddCoach(ctx context.Context, name string) (ids.ID, error)
	RenameCoach(ctx context.Context, id ids.ID, name string) error
	LockDays(ctx context.Context) (int, error)
	SetLockDays(ctx context.Context, days int) error
	ChangePassphrase(ctx context.Context, old, fresh string) error
	Backups(ctx context.Context) ([]Backup, error)
	MakeBackup(ctx context.Context) error
}

// Deps is what the place needs; the functions are the window's own settings.
type Deps struct {
	kit.Env
	Workspace     Workspace
	Version       string
	Appearance    func() (kit.Mode, float32)
	SetAppearance func(kit.Mode, float32)
	LockAfter     func() time.Duration
	SetLockAfter  func(time.Duration)
}

type state struct {
	name     string
	coaches  []clients.Coach
	lockDays int
	backups  []Backup
}

// Page is the settings.
type Page struct {
	widget.BaseWidget
	deps  Deps
	load  *kit.Loader[state]
	cards *fyne.Container
	body  fyne.CanvasObject
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages), cards: kit.VBox(16)}
	p.body = kit.Scroll(kit.Insets(24, 24, 24, 24, kit.AtMost(760, kit.VBox(16, kit.Title(text.T("settings.title", "Settings")), p.cards))))
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Open loads the settings.
func (p *Page) Open(kit.Route) { p.Reload() }

// Leave forgets what is under way.
func (p *Page) Leave() { p.load.Stop() }

// Reload loads again.
func (p *Page) Reload() {
	w := p.deps.Workspace
	p.load.Load(func(ctx context.Context) (s state, err error) {
		if s.name, err = w.Name(ctx); err != nil {
			return s, err
		}
		if s.coaches, err = w.Coaches(ctx); err != nil {
			return s, err
		}
		if s.lockDays, err = w.LockDays(ctx); err != nil {
			return s, err
		}
		s.backups, err = w.Backups(ctx)
		return s, err
	}, p.fill)
}

func (p *Page) fill(s state) {
	p.cards.Objects = []fyne.CanvasObject{p.workspace(s), p.notes(s), p.security(s), p.appearance(), p.about()}
	p.cards.Refresh()
}

// row is a name, what it is, and a word to change it.
func row(name, value, word string, do func()) fyne.CanvasObject {
	return kit.Frame(nil, nil, kit.VBox(2, kit.Soft(name), kit.NewLine(value).Short()), kit.Quiet(word, do), nil)
}

// ask opens a form of one line.
func (p *Page) ask(title, label, value, key string, save func(ctx context.Context, v string) error) {
	e := kit.NewEntry("")
	e.SetText(value)
	p.deps.Dialogs.Form(title, text.T("record.save", "Save"), kit.NewForm(kit.Field{Key: key, Label: label, Widget: e}),
		func(ctx context.Context) error { return save(ctx, strings.TrimSpace(e.Text)) }, p.Reload)
}

func (p *Page) workspace(s state) fyne.CanvasObject {
	w := p.deps.Workspace
	change := text.T("settings.change", "Change")
	box := kit.VBox(10, row(text.T("settings.business", "Your business"), s.name, change, func() {
		p.ask(text.T("settings.business", "Your business"), text.T("settings.business_name", "As it stands on reports"), s.name, "name", w.SetName)
	}))
	for _, c := range s.coaches {
		box.Add(row(text.T("settings.coach", "Coach"), c.Name, change, func() {
			p.ask(text.T("settings.coach", "Coach"), text.T("settings.coach_name", "Name"), c.Name, "name", func(ctx context.Context, v string) error { return w.RenameCoach(ctx, c.ID, v) })
		}))
	}
	add := kit.Quiet(text.T("settings.add_coach", "Add a coach"), func() {
		p.ask(text.T("settings.add_coach", "Add a coach"), text.T("settings.coach_name", "Name"), "", "name", func(ctx context.Context, v string) error { _, err := w.AddCoach(ctx, v); return err })
	})
	return kit.TitledCard(text.T("settings.workspace", "Workspace"), add, box)
}

func (p *Page) notes(s state) fyne.CanvasObject {
	w := p.deps.Workspace
	return kit.TitledCard(text.T("settings.notes", "Notes"), nil, row(text.T("settings.lock_days", "Notes lock after"), text.N("settings.days", s.lockDays, "1 day", "%d days"), text.T("settings.change", "Change"), func() {
		p.ask(text.T("settings.lock_days", "Notes lock after"), text.T("settings.how_many_days", "Days"), strconv.Itoa(s.lockDays), "days", func(ctx context.Context, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil {
				return fault.Input("days", text.T("practices.times_number", "Write a number."))
			}
			return w.SetLockDays(ctx, n)
		})
	}))
}

func (p *Page) security(s state) fyne.CanvasObject {
	var minutes []kit.Option[time.Duration]
	for _, m := range []int{1, 5, 10, 20, 60} {
		minutes = append(minutes, kit.Option[time.Duration]{Value: time.Duration(m) * time.Minute, Label: text.N("settings.minutes", m, "1 minute", "%d minutes")})
	}
	after := kit.NewChoice(minutes, p.deps.SetLockAfter)
	after.SetValue(p.deps.LockAfter())
	backups := kit.VBox(2)
	for i, b := range s.backups {
		if i == 5 {
			break
		}
		backups.Add(kit.Hint(fmt.Sprintf("%s · %.1f MB · %s", b.At.Local().Format("2 January 2006, 15:04"), float64(b.Size)/1e6, text.T("settings.verified", "verified"))))
	}
	if len(s.backups) == 0 {
		backups.Add(kit.Hint(text.T("settings.no_backup", "No backup yet. One is made every day before the first change.")))
	}
	d := p.deps
	return kit.TitledCard(text.T("settings.security", "Security"), nil, kit.VBox(12,
		kit.VBox(4, kit.Soft(text.T("settings.lock_after", "Lock the window when nobody is at it for")), kit.AtMost(240, after)),
		kit.HBox(8, kit.Secondary(text.T("settings.passphrase", "Change the passphrase…"), p.passphrase),
			kit.Secondary(text.T("settings.backup", "Make a backup now"), func() {
				kit.Do(d.Runner, d.Messages, d.Workspace.MakeBackup, func() {
					d.Messages.Toast(text.T("settings.backup_done", "A backup was made and checked."))
					p.Reload()
				})
			})),
		backups))
}

func (p *Page) passphrase() {
	old, fresh, again := kit.NewPassword(""), kit.NewPassword(""), kit.NewPassword("")
	honest := kit.Hint("")
	fresh.OnChanged = func(s string) { honest.SetText(strength.Of(s).Sentence()) }
	form := kit.NewForm(
		kit.Field{Key: "old", Label: text.T("settings.old", "The passphrase so far"), Widget: old},
		kit.Field{Key: "passphrase", Label: text.T("settings.new", "The new one"), Widget: fresh},
		kit.Field{Key: "strength", Label: "", Widget: honest},
		kit.Field{Key: "again", Label: text.T("create.again", "The same passphrase again"), Widget: again})
	w := p.deps.Workspace
	p.deps.Dialogs.Form(text.T("settings.passphrase_title", "Change the passphrase"), text.T("settings.passphrase_ok", "Change it"), form, func(ctx context.Context) error {
		switch {
		case fresh.Text == "":
			return fault.Input("passphrase", text.T("create.empty", "Choose a passphrase."))
		case fresh.Text != again.Text:
			return fault.Input("again", text.T("create.differs", "The two are not the same."))
		}
		return w.ChangePassphrase(ctx, old.Text, fresh.Text)
	}, func() {
		p.deps.Messages.Toast(text.T("settings.passphrase_done", "Changed. Older backups still open with the old one."))
	})
}

func (p *Page) appearance() fyne.CanvasObject {
	mode, scale := p.deps.Appearance()
	modes := kit.NewSegments([]kit.Option[kit.Mode]{{Value: kit.System, Label: text.T("settings.system", "As on this computer")}, {Value: kit.Light, Label: text.T("settings.light", "Light")}, {Value: kit.Dark, Label: text.T("settings.dark", "Dark")}}, func(m kit.Mode) {
		_, scale := p.deps.Appearance()
		p.deps.SetAppearance(m, scale)
	})
	modes.SetValue(mode)
	var sizes []kit.Option[float32]
	for _, s := range []float32{0.8, 0.9, 1, 1.25, 1.5, 2} {
		sizes = append(sizes, kit.Option[float32]{Value: s, Label: fmt.Sprintf("%d %%", int(s*100+0.5))})
	}
	size := kit.NewChoice(sizes, func(s float32) {
		mode, _ := p.deps.Appearance()
		p.deps.SetAppearance(mode, s)
	})
	size.SetValue(scale)
	return kit.TitledCard(text.T("settings.appearance", "Appearance"), nil, kit.VBox(8, modes, kit.Soft(text.T("settings.text_size", "Size of the text")), kit.AtMost(240, size)))
}

func (p *Page) about() fyne.CanvasObject {
	return kit.TitledCard(text.T("settings.about", "About"), nil, kit.VBox(4,
		kit.Paragraph(text.T("settings.version", "Couplet %s", p.deps.Version)),
		kit.Hint(text.T("settings.licence", "Copyright The Couplet Authors, Apache License 2.0. Fonts: Source Sans 3 and Noto Sans (SIL Open Font License), Droid Sans Fallback (Apache License 2.0)."))))
}
