// Package consentui is the tab "People & consent" of a record: how each person may be
// reached, what they signed and released, what was agreed about secrets, safety and
// scope. A client's lens shows that client's own alone.
package consentui

import (
	"context"
	"strings"
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
	OwnReleases(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Release, error)
	Releasable(ctx context.Context, aud clients.Audience, couple ids.ID, partner clients.Slot) ([]clients.Releasable, error)
	releaseui.Store
	consents
	safety
	together
}

type consents interface {
	Reach(ctx context.Context, aud clients.Audience, person ids.ID) (clients.Reach, error)
	SetSafeContact(ctx context.Context, person ids.ID, safe clients.SafeContact) error
	ConsentTexts(ctx context.Context) ([]clients.ConsentText, error)
	Withdrawals(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Undecided, error)
	Decide(ctx context.Context, couple, person ids.ID, purpose, decision string) error
}

type safety interface {
	Steps(ctx context.Context, aud clients.Audience, couple ids.ID) (map[string]clients.SafetyStep, error)
	SaveStep(ctx context.Context, x clients.SafetyStep) error
	ScopeChecks(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.ScopeCheck, error)
	ScopeIsDue(ctx context.Context, couple ids.ID) (bool, error)
	CheckScope(ctx context.Context, c clients.ScopeCheck) (ids.ID, error)
	Contacts(ctx context.Context) ([]clients.ReferralContact, error)
	Referrals(ctx context.Context, aud clients.Audience, couple ids.ID) ([]clients.Referral, error)
	SaveReferral(ctx context.Context, r clients.Referral) (ids.ID, error)
}

type together interface {
	Parted(ctx context.Context, aud clients.Audience, couple ids.ID) (day.Day, error)
	Separate(ctx context.Context, couple ids.ID, on day.Day) error
	Rejoin(ctx context.Context, couple ids.ID) error
	OpenOwnRecord(ctx context.Context, couple ids.ID, slot clients.Slot) (ids.ID, error)
	ChangePartners(ctx context.Context, couple, a, b ids.ID) error
	WouldClose(ctx context.Context, aud clients.Audience, couple, a, b ids.ID) (int, error)
	People(ctx context.Context, aud clients.Audience, query string, limit int) ([]clients.Namesake, error)
	Joined(ctx context.Context, aud clients.Audience, from, into ids.ID) (clients.Joining, error)
	MergePersons(ctx context.Context, from, into ids.ID) error
	UnmergePersons(ctx context.Context, from, into ids.ID) error
}

// Traces remember who looked at what concerns safety: traces.Store.
type Traces interface {
	Viewed(ctx context.Context, couple ids.ID, table string, item ids.ID) error
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
	Traces  Traces
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

func (t *tab) act(key, word string, do func()) *kit.Button {
	b := t.buttons.Quiet(key, word, do)
	b.Hidden = t.shown.ReadOnly && !strings.HasPrefix(key, "releases") && !strings.HasPrefix(key, "screens") && !strings.HasPrefix(key, "signatures") // histories are read
	return b
}

func (t *tab) fill(s state) {
	t.state = s
	var cards []fyne.CanvasObject
	add := func(c fyne.CanvasObject) {
		if c != nil {
			cards = append(cards, c)
		}
	}
	if t.shown.Audience.IsCoach() {
		if !t.shown.ReadOnly {
			add(t.jointCard())
			add(t.safetyCard())
			add(t.decisionCard())
		}
		for _, p := range s.People {
			add(t.personCard(p))
		}
		add(t.secretsCard())
		add(t.releaseCard())
		add(t.scopeCard())
		add(t.togetherCard())
	} else if t.shown.Audience.Slot() != "" {
		add(t.signedCard())
		if s.Kind == clients.KindCouple {
			add(t.ownReleases())
		}
	}
	for _, draw := range s.parts {
		cards = append(cards, draw()...)
	}
	if len(cards) == 0 {
		cards = append(cards, kit.Hint(text.T("consent.each", "What each of you signed and released stands under your own names.")))
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
