// Package settingsui is the place of settings: workspace, coaches, notes, security,
// backups and how the window looks.
package settingsui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/kit"
)

// PageID is the page in routes.
const PageID = "settings"

// Workspace is what can be set of the casebook.
type Workspace interface {
	Name(ctx context.Context) (string, error)
	SetName(ctx context.Context, name string) error
	// Members are the coaches, and whether the one signed in may change who they are.
	Members(ctx context.Context) (all []Member, manages bool, err error)
	// Lent are the records that others may see besides their coaches.
	Lent(ctx context.Context) ([]clients.Lending, error)
	// AddCoach makes a coach; without a passphrase they cannot open the casebook.
	AddCoach(ctx context.Context, name string, role clients.Role, passphrase string) error
	RenameCoach(ctx context.Context, id ids.ID, name string) error
	SetRole(ctx context.Context, id ids.ID, role clients.Role) error
	LetIn(ctx context.Context, id ids.ID, passphrase string) error
	SetAccess(ctx context.Context, id ids.ID, open bool) error
	LockDays(ctx context.Context) (int, error)
	SetLockDays(ctx context.Context, days int) error
	ChangePassphrase(ctx context.Context, old, fresh string) error
	// NewRecoveryKey is a fresh key that opens nothing yet; SetRecoveryKey makes it the
	// one that does.
	NewRecoveryKey(ctx context.Context, passphrase string) (string, error)
	SetRecoveryKey(ctx context.Context, key string) error
	// OldRecoveryKey says whether the recovery key opens the casebook and no reflections.
	OldRecoveryKey() bool
}

// Deps is what the place needs; the functions are the window's own settings.
type Deps struct {
	kit.Env
	Workspace     Workspace
	Backups       Backups
	Bin           Bin
	Sharing       Stander
	Cards         []Stander // of other areas, below the coaches
	Access        accessui.Deps
	Version       string
	Appearance    func() (kit.Mode, float32)
	SetAppearance func(kit.Mode, float32)
	LockAfter     func() time.Duration
	SetLockAfter  func(time.Duration)
	// ShowRecoveryKey shows a key until the person has it, and then keeps it.
	ShowRecoveryKey func(key string, keep func(context.Context) error)
}

// Stander is a card that says how something of its own stands.
type Stander interface {
	fyne.CanvasObject
	Stands()
}

type state struct {
	name     string
	coaches  []Member
	manages  bool
	lent     []clients.Lending
	lockDays int
	backups  []Backup
	trouble  string
	second   string
	bin      []changes.Binned
}

// Page is the settings. Its widgets stay when it loads anew, so that the focus does.
type Page struct {
	widget.BaseWidget
	deps  Deps
	load  *kit.Loader[state]
	state state

	name       *kit.Line
	coaches    *fyne.Container
	coachRows  []coachRow
	addCoach   *kit.Button
	lent       *accessui.Card
	oldKey     *kit.Prose
	days       *kit.Line
	after      *kit.Choice[time.Duration]
	backups    *fyne.Container
	making     *kit.Button
	second     *kit.Line
	bin        *fyne.Container
	allBackups bool
	allBin     bool
	modes      *kit.Segments[kit.Mode]
	size       *kit.Choice[float32]
	cards      *fyne.Container
	named      map[string]fyne.CanvasObject
	at         string // the card to go to once it is filled
	body       fyne.CanvasObject
}

// NewPage builds the place without any I/O.
func NewPage(d Deps) *Page {
	p := &Page{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages)}
	p.named = map[string]fyne.CanvasObject{atCoaches: p.coachCard(), atSecurity: p.security(), atBackups: p.safety(), atBin: p.recycled(), atAppearance: p.appearance()}
	p.lent = accessui.NewCard(d.Access, p.Reload)
	cards := []fyne.CanvasObject{p.workspace(), p.named[atCoaches], p.lent, p.notes(), p.named[atSecurity], p.named[atBackups], p.named[atBin], p.rights(), p.named[atAppearance], p.about()}
	if d.Sharing != nil {
		cards = slices.Insert(cards, 5, fyne.CanvasObject(d.Sharing))
	}
	for _, c := range d.Cards {
		cards = slices.Insert(cards, 2, fyne.CanvasObject(c))
	}
	if !d.Access.Lends() { // who only reads has their own passphrase and the look of the window
		cards = []fyne.CanvasObject{p.named[atSecurity], p.named[atAppearance], p.about()}
	}
	p.cards = kit.VBox(kit.GapCards, cards...)
	p.cards.Hide()
	p.body = kit.ScrollPage(24, kit.AtMost(760, kit.VBox(kit.GapCards, kit.Title(text.T("settings.title", "Settings")), p.cards)))
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.body) }

// Open loads the settings. The tab of the route names a card.
func (p *Page) Open(r kit.Route) {
	p.at = r.Tab
	p.Reload()
}

// Stands says anew how what has a card of its own stands.
func (p *Page) Stands() {
	if p.deps.Sharing != nil {
		p.deps.Sharing.Stands()
	}
	for _, c := range p.deps.Cards {
		c.Stands()
	}
}

// Leave forgets what is under way.
func (p *Page) Leave() { p.load.Stop() }

// Reload loads again.
func (p *Page) Reload() {
	w := p.deps.Workspace
	p.load.Load(func(ctx context.Context) (s state, err error) {
		if s.name, err = w.Name(ctx); err != nil {
			return s, err
		}
		if s.coaches, s.manages, err = w.Members(ctx); err != nil {
			return s, err
		}
		if s.lent, err = w.Lent(ctx); err != nil {
			return s, err
		}
		if s.lockDays, err = w.LockDays(ctx); err != nil {
			return s, err
		}
		if s.backups, s.trouble, err = p.deps.Backups.Backups(ctx); err != nil {
			return s, err
		}
		if s.second, err = p.deps.Backups.Second(ctx); err != nil {
			return s, err
		}
		s.bin, err = p.deps.Bin.Bin(ctx, allBinned)
		return s, err
	}, p.fill)
}

func (p *Page) fill(s state) {
	p.state = s
	p.showName()
	p.showCoaches()
	p.lent.Fill(s.lent)
	p.oldKey.Hidden = !p.deps.Workspace.OldRecoveryKey()
	p.days.SetText(text.N("settings.days", s.lockDays, "1 day", "%d days"))
	p.showBackups()
	p.showBin()
	p.showWindow()
	p.Stands()
	p.cards.Show()
	p.body.Refresh()
	p.goTo()
}

// row is a name, what it is, and a word to change it.
func row(name string, value *kit.Line, do func()) fyne.CanvasObject {
	return kit.Frame(nil, nil, kit.VBox(2, kit.Soft(name), value.Short()), kit.Quiet(text.T("settings.change", "Change"), do), nil)
}

// ask opens a form of one line. Key is the name that the rule gives the field.
func (p *Page) ask(title, label, value, key string, save func(ctx context.Context, v string) error) {
	e := kit.NewEntry("")
	e.SetText(value)
	p.deps.Dialogs.Form(title, text.T("record.save", "Save"), kit.NewForm(kit.Field{Key: key, Label: label, Widget: e}),
		func(ctx context.Context) error { return save(ctx, strings.TrimSpace(e.Text)) }, p.Reload)
}
