package coupleui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// overview is the first tab: what this reader may know at a glance; for the coach also
// the people, and whether there may be joint work.
type overview struct {
	widget.BaseWidget
	rec     *record
	load    *kit.Loader[overviewFacts]
	shown   kit.Record
	facts   overviewFacts
	cards   *fyne.Container
	scroll  *container.Scroll
	body    fyne.CanvasObject
	buttons kit.Acts
	target  fyne.CanvasObject // the item that the route names
	sought  bool              // it was brought into view
}

// overviewFacts is everything on the tab; what is the coach's alone stays empty for
// others.
type overviewFacts struct {
	clients.Overview
	agreements  []practices.Agreement
	coaches     []clients.Coach
	engagements []clients.Engagement
	origin      intake.Origin
	said        [][]intake.Fact // in each of the discovery calls
}

func newOverview(r *record) *overview {
	o := &overview{rec: r, load: kit.NewLoader[overviewFacts](r.deps.Runner, r.deps.Messages), cards: kit.VBox(16), buttons: kit.Acts{}}
	o.scroll = kit.ScrollPage(16, kit.AtMost(860, o.cards))
	o.body = o.scroll
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer is Fyne's.
func (o *overview) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.body) }

// Open loads the overview for a record and a lens; nothing of the one before stays.
func (o *overview) Open(rec kit.Record) {
	if rec.Couple != o.shown.Couple || rec.Lens != o.shown.Lens {
		o.cards.RemoveAll()
		o.scroll.ScrollToTop()
		clear(o.buttons)
	}
	o.shown, o.sought = rec, false
	o.Reload()
}

// Leave forgets what is under way.
func (o *overview) Leave() { o.load.Stop() }

// Reload loads again.
func (o *overview) Reload() {
	rec := o.shown
	o.load.Load(func(ctx context.Context) (overviewFacts, error) { return o.read(ctx, rec) }, o.fill)
}

func (o *overview) read(ctx context.Context, rec kit.Record) (f overviewFacts, err error) {
	d := o.rec.deps
	if f.Overview, err = d.Clients.Overview(ctx, rec.Audience, rec.Couple, d.Now()); err != nil {
		return f, err
	}
	if f.agreements, err = d.Agreements.Agreements(ctx, rec.Audience, rec.Couple); err != nil {
		return f, err
	}
	if !rec.Audience.IsCoach() {
		return f, nil
	}
	if f.coaches, err = d.Clients.Coaches(ctx); err != nil {
		return f, err
	}
	if f.engagements, err = d.Clients.Engagements(ctx, rec.Audience, rec.Couple); err != nil {
		return f, err
	}
	return f, o.readOrigin(ctx, rec, &f)
}

func (o *overview) fill(f overviewFacts) {
	o.facts, o.target = f, nil
	var cards []fyne.CanvasObject
	add := func(c fyne.CanvasObject) {
		if c != nil {
			cards = append(cards, c)
		}
	}
	switch {
	case o.rec.deps.assists():
		for _, p := range f.People {
			add(o.personCard(p))
		}
		add(o.times())
	case o.shown.Audience.IsCoach():
		if o.shown.Writes() {
			add(o.backCard())
			add(o.jointCard())
			add(o.joinCard())
		}
		add(o.lately())
		add(o.engagementCard())
		for _, p := range f.People {
			add(o.personCard(p))
		}
		add(o.agreementCard())
		add(o.recordCard())
		add(o.originCard())
	default:
		add(o.whoCard())
		add(o.lately())
		add(o.agreementCard())
	}
	o.cards.Objects = cards
	o.cards.Refresh()
	o.bringIntoView()
}

// backCard says that the record was deleted and came back, and lets it stay so.
func (o *overview) backCard() fyne.CanvasObject {
	if !o.rec.header.Back {
		return nil
	}
	d, id := o.rec.deps, o.shown.Couple
	return kit.Banner(text.T("sessions.why_back", "This was deleted on one computer and changed on another at the same time, so it came back."),
		o.act("keep", text.T("sessions.keep", "Keep it"), func() {
			d.do(func(ctx context.Context) error { return d.Clients.KeepCouple(ctx, id) }, nil)
		}))
}

// bringIntoView scrolls once to the item that the route names.
func (o *overview) bringIntoView() {
	if o.target == nil || o.sought {
		return
	}
	o.sought = true
	o.scroll.Refresh()
	d := fyne.CurrentApp().Driver()
	y := d.AbsolutePositionForObject(o.target).Y - d.AbsolutePositionForObject(o.scroll.Content).Y
	o.scroll.ScrollToOffset(fyne.NewPos(0, max(0, y-80)))
}

func (o *overview) act(key, word string, do func()) *kit.Button {
	b := o.buttons.Quiet(key, word, do)
	b.Hidden = !o.shown.Writes() && key != "consent"
	return b
}

// facts collects words and what they are, in two columns; what is empty is not there.
type facts []fyne.CanvasObject

func (f *facts) put(name, value string) {
	if value != "" {
		*f = append(*f, kit.Fact(150, name, value))
	}
}

// whoCard is what a client may know of the record: who is in it, and who works with them.
func (o *overview) whoCard() fyne.CanvasObject {
	var f facts
	h := o.facts.Header
	for _, p := range h.Partners {
		words := []string{p.Full}
		for _, w := range []string{p.Pronouns, p.Say} {
			if w != "" {
				words = append(words, w)
			}
		}
		f.put(clients.PartnerLabel(p.Slot, h.Kind), strings.Join(words, " · "))
	}
	f.put(text.N("overview.coach", len(h.Coaches), "Coach", "Coaches"), names(h.Coaches))
	if h.Engagement != nil && h.Engagement.Intent != "" {
		f.put(text.T("engagement.intent", "What they come for"), intentWords(h.Engagement.Intent))
	}
	return kit.TitledCard(text.T("overview.who", "Who is here"), nil, kit.VBox(6, f...))
}

func names(coaches []clients.Coach) string {
	var out []string
	for _, c := range coaches {
		out = append(out, c.Name)
	}
	return strings.Join(out, ", ")
}

// recordCard is what the coach keeps of the record itself.
func (o *overview) recordCard() fyne.CanvasObject {
	var f facts
	h := o.facts.Header
	f.put(text.T("record.tags", "Tags"), strings.Join(h.Tags, ", "))
	if s := intake.Stage(h.Stage); s != "" {
		f.put(text.T("overview.stage", "Stage"), s.Words())
	}
	if !h.StageAt.IsZero() {
		f.put(text.T("overview.stage_since", "At this stage since"), o.rec.deps.at(h.StageAt, "2 January 2006"))
	}
	return kit.TitledCard(text.T("overview.record", "For you"), o.act("stage", text.T("overview.to_pipeline", "Open in the pipeline"), o.toPipeline), kit.VBox(6, f...))
}

// lately is what happened last and comes next, as far as this reader may know.
func (o *overview) lately() fyne.CanvasObject {
	var f facts
	const when = "2 January 2006, 15:04"
	for _, s := range o.facts.Sessions[:min(3, len(o.facts.Sessions))] {
		f.put(sessionWords(s.Kind), day.Clock(s.At, s.Zone).Format(when)+stateWords(s.State))
	}
	for _, p := range o.facts.Practices[:min(3, len(o.facts.Practices))] {
		title := p.Practice
		if known, err := practices.ByID(p.Practice); err == nil {
			title = known.Title
		}
		f.put(text.T("overview.practice", "Practice"), strings.TrimSuffix(title+" · "+p.Cue, " · "))
	}
	for _, q := range o.facts.Quizzes[:min(4, len(o.facts.Quizzes))] {
		f.put(text.T("overview.quiz", "Quiz"), quizWords(q, o.shown.Header)+" · "+day.Clock(q.TakenAt, q.Zone).Format("2 January 2006"))
	}
	if len(f) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("overview.lately", "Lately"), nil, kit.VBox(6, f...))
}

// times are when they come, for who is shown no more.
func (o *overview) times() fyne.CanvasObject {
	var f facts
	for _, s := range o.facts.Sessions {
		f.put(sessionWords(s.Kind), day.Clock(s.At, s.Zone).Format("2 January 2006, 15:04")+stateWords(s.State))
	}
	if len(f) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("overview.times", "Appointments"), nil, kit.VBox(6, f...))
}

// quizWords is a quiz and, in a couple, who filled it in.
func quizWords(q clients.QuizLine, h clients.Header) string {
	name := q.Instrument
	if d, err := quizzes.ByID(q.Instrument); err == nil {
		name = d.Name
	}
	if len(h.Partners) < 2 {
		return name
	}
	for _, p := range h.Partners {
		if p.PersonID == q.PersonID {
			return name + " · " + p.Short
		}
	}
	return name
}

func sessionWords(kind string) string {
	if kind == string(sessions.JointSession) {
		return text.T("overview.joint_session", "Joint session")
	}
	return text.T("overview.individual_session", "Individual session")
}

// stateWords follow the time of a session that was not simply held.
func stateWords(state string) string {
	switch sessions.State(state) {
	case sessions.Booked:
		return " · " + text.T("overview.booked", "booked")
	case sessions.NoShow:
		return " · " + text.T("overview.no_show", "nobody came")
	case sessions.LateCancel:
		return " · " + text.T("overview.late_cancel", "cancelled late")
	}
	return ""
}

// joinCard is how a partner comes to a single client.
func (o *overview) joinCard() fyne.CanvasObject {
	if o.shown.Header.Kind != clients.KindSingle {
		return nil
	}
	return kit.Card(kit.Beside(
		kit.Paragraph(text.T("overview.single", "One client. A partner may join later; nothing that is here becomes visible to them.")),
		o.act("join", text.T("overview.join", "A partner joins…"), o.join)))
}

// partner is who has a person's slot in the record.
func (o *overview) partner(p clients.Person) clients.Partner {
	all := o.facts.Partners
	if i := slices.IndexFunc(all, func(x clients.Partner) bool { return x.PersonID == p.ID }); i >= 0 {
		return all[i]
	}
	return clients.Partner{}
}
