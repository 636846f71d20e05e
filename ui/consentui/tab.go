// Package consentui is the tab "People & consent" of a record: how each person may be
// reached, what they signed and released, what was agreed about secrets, safety and
// scope. A client's lens shows that client's own alone.
package consentui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// TabKey is the tab in routes.
const TabKey = "consent"

// Store is what the tab needs of the clients: clients.Store.
type Store interface {
	Overview(ctx context.Context, aud clients.Audience, id ids.ID, now time.Time) (clients.Overview, error)
	Signatures(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Signature, error)
	Sign(ctx context.Context, g clients.Signature) (ids.ID, error)
	WithdrawConsent(ctx context.Context, couple, person ids.ID, purpose string, on day.Day, way string) (ids.ID, error)
	Screens(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Screen, error)
	RecordScreen(ctx context.Context, n clients.Screen) (ids.ID, error)
	Overrides(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Override, error)
	OverrideJoint(ctx context.Context, couple ids.ID, reason string, until day.Day) error
	Releases(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Release, error)
	ReleasedNotes(ctx context.Context, aud clients.Audience, couple ids.ID) (map[ids.ID]time.Time, error)
	releaseui.Store
}

// QuizStore names what partners released to each other: quizzes.Store.
type QuizStore interface {
	Results(ctx context.Context, aud clients.Audience, couple ids.ID) ([]quizzes.Result, error)
}

// Part is cards of another area in the tab, below its own: the rights of clients.
type Part interface {
	// Read reads what the cards show of a record, through its lens; draw makes them of it.
	Read(ctx context.Context, rec kit.Record) (draw func() []fyne.CanvasObject, err error)
}

// Deps is what the tab needs.
type Deps struct {
	kit.Env
	Clients Store
	Quizzes QuizStore
	Parts   []Part
}

func (d Deps) today() day.Day { return day.Day(d.Today()) }

// at writes a time on the coach's clock.
func (d Deps) at(t time.Time, layout string) string {
	return t.In(d.Now().Location()).Format(layout)
}

// Tab is the tab "People & consent".
func Tab(d Deps) kit.TabSpec {
	return kit.TabSpec{Key: TabKey, Title: text.T("consent.tab", "People & consent"), New: func() kit.Tab { return newTab(d) }}
}

type tab struct {
	widget.BaseWidget
	deps    Deps
	load    *kit.Loader[state]
	shown   kit.Record
	state   state
	cards   *fyne.Container
	scroll  *container.Scroll
	buttons kit.Acts
}

func newTab(d Deps) *tab {
	t := &tab{deps: d, load: kit.NewLoader[state](d.Runner, d.Messages), cards: kit.VBox(kit.GapCards), buttons: kit.Acts{}}
	t.scroll = kit.ScrollPage(kit.GapCards, kit.AtMost(860, t.cards))
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *tab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.scroll) }

// Open loads the tab for a record and a lens; nothing of the one before stays.
func (t *tab) Open(rec kit.Record) {
	if rec.Couple != t.shown.Couple || rec.Lens != t.shown.Lens {
		t.cards.RemoveAll()
		t.scroll.ScrollToTop()
		clear(t.buttons)
	}
	t.shown = rec
	t.Reload()
}

// Leave forgets what is under way.
func (t *tab) Leave() { t.load.Stop() }

// Reload loads again.
func (t *tab) Reload() {
	rec := t.shown
	t.load.Load(func(ctx context.Context) (state, error) { return t.read(ctx, rec) }, t.fill)
}

func (t *tab) act(key, word string, do func()) *kit.Button { return t.buttons.Quiet(key, word, do) }

func (t *tab) fill(s state) {
	t.state = s
	var cards []fyne.CanvasObject
	add := func(c fyne.CanvasObject) {
		if c != nil {
			cards = append(cards, c)
		}
	}
	if t.shown.Audience.IsCoach() {
		add(t.jointCard())
		for _, p := range s.People {
			add(t.personCard(p))
		}
		add(t.releaseCard())
	} else {
		add(t.signedCard())
	}
	for _, draw := range s.parts {
		cards = append(cards, draw()...)
	}
	t.cards.Objects = cards
	t.cards.Refresh()
}

// partner is who has a person's slot in the record.
func (t *tab) partner(p clients.Person) clients.Partner {
	for _, x := range t.state.Partners {
		if x.PersonID == p.ID {
			return x
		}
	}
	return clients.Partner{}
}
