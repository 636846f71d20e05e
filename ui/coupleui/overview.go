package coupleui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

// overview is the first tab: what this reader may know at a glance; for the coach also
// the people, what they signed, the screens and what follows from them.
type overview struct {
	widget.BaseWidget
	rec   *record
	load  *kit.Loader[overviewFacts]
	shown kit.Record
	facts overviewFacts
	cards *fyne.Container
	body  fyne.CanvasObject
}

// overviewFacts is everything on the tab; what is the coach's alone stays empty for others.
type overviewFacts struct {
	clients.Overview
	agreements  []practices.Agreement
	engagements []clients.Engagement
	screens     []clients.Screen
	releases    []clients.Release
}

func newOverview(r *record) *overview {
	o := &overview{rec: r, load: kit.NewLoader[overviewFacts](r.deps.Runner, r.deps.Messages), cards: kit.VBox(16)}
	o.body = kit.Scroll(kit.Insets(16, 24, 24, 24, kit.AtMost(860, o.cards)))
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer is Fyne's.
func (o *overview) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.body) }

// Open loads the overview for a record and a lens.
func (o *overview) Open(rec kit.Record) {
	o.shown = rec
	o.Reload()
}

// Leave forgets what is under way.
func (o *overview) Leave() { o.load.Stop() }

// Reload loads again.
func (o *overview) Reload() {
	rec, d := o.shown, o.rec.deps
	now := d.Now()
	o.load.Load(func(ctx context.Context) (f overviewFacts, err error) {
		if f.Overview, err = d.Clients.Overview(ctx, rec.Audience, rec.Couple, now); err != nil {
			return f, err
		}
		if f.agreements, err = d.Agreements.Agreements(ctx, rec.Audience, rec.Couple); err != nil || !rec.Audience.IsCoach() {
			return f, err
		}
		if f.engagements, err = d.Clients.Engagements(ctx, rec.Audience, rec.Couple); err != nil {
			return f, err
		}
		if f.screens, err = d.Clients.Screens(ctx, rec.Audience, rec.Couple); err != nil {
			return f, err
		}
		f.releases, err = d.Clients.Releases(ctx, rec.Audience, rec.Couple)
		return f, err
	}, o.fill)
}

func (o *overview) fill(f overviewFacts) {
	o.facts = f
	var cards []fyne.CanvasObject
	add := func(c fyne.CanvasObject) {
		if c != nil {
			cards = append(cards, c)
		}
	}
	add(o.lately())
	add(o.agreements())
	if o.shown.Audience.IsCoach() {
		for _, p := range f.People {
			add(o.person(p))
		}
		add(o.joinCard())
		add(o.engagementCard())
		add(o.jointCard())
		add(o.releaseCard())
	}
	if len(cards) == 0 {
		cards = append(cards, kit.Hint(text.T("overview.empty", "There is nothing here yet for this reader.")))
	}
	o.cards.Objects = cards
	o.cards.Refresh()
}

// lately is what happened last, as far as this reader may know.
func (o *overview) lately() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, s := range o.facts.Sessions[:min(3, len(o.facts.Sessions))] {
		kind := text.T("overview.joint_session", "Joint session")
		if s.Kind != "joint" {
			kind = text.T("overview.individual_session", "Individual session")
		}
		lines = append(lines, fact(kind, s.At.Local().Format("2 January 2006, 15:04")))
	}
	for _, p := range o.facts.Practices[:min(3, len(o.facts.Practices))] {
		title := p.Practice
		if known, err := practices.ByID(p.Practice); err == nil {
			title = known.Title
		}
		lines = append(lines, fact(text.T("overview.practice", "Practice"), strings.TrimSuffix(title+" · "+p.Cue, " · ")))
	}
	for _, q := range o.facts.Quizzes[:min(3, len(o.facts.Quizzes))] {
		name := q.Instrument
		if d, err := quizzes.ByID(q.Instrument); err == nil {
			name = d.Name
		}
		lines = append(lines, fact(text.T("overview.quiz", "Quiz"), name+" · "+q.TakenAt.Local().Format("2 January 2006")))
	}
	if len(lines) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("overview.lately", "Lately"), nil, kit.VBox(6, lines...))
}

// fact is a word and what it is, in two columns.
func fact(name, value string) fyne.CanvasObject {
	return kit.Columns(12, []float32{150, 0}, kit.Soft(name), kit.Paragraph(value))
}

func (o *overview) agreements() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, a := range o.facts.agreements {
		buttons := kit.HBox(4)
		if o.shown.Audience.IsCoach() {
			buttons.Add(kit.Quiet(text.T("record.edit", "Edit"), func() { o.editAgreement(a) }))
			buttons.Add(kit.Quiet(text.T("record.delete", "Delete"), func() { o.deleteAgreement(a) }))
		}
		facts := a.State.Words()
		if !a.Review.IsZero() {
			facts += " · " + text.T("overview.review", "look again on %s", a.Review.Words())
		}
		lines = append(lines, kit.Frame(nil, nil, kit.VBox(2, kit.Paragraph(a.Body), kit.Soft(facts)), buttons, nil))
	}
	var add fyne.CanvasObject
	if o.shown.Audience.IsCoach() {
		add = kit.Quiet(text.T("overview.add_agreement", "Add an agreement"), func() { o.editAgreement(practices.Agreement{State: practices.InForce, Agreed: o.shown.Today()}) })
	}
	if len(lines) == 0 {
		if add == nil {
			return nil
		}
		lines = append(lines, kit.Hint(text.T("overview.no_agreements", "What the partners agree with each other stands here, for both to see.")))
	}
	return kit.TitledCard(text.T("overview.agreements", "Agreements"), add, kit.VBox(10, lines...))
}

// person is one partner with contact, signatures and screen, for the coach.
func (o *overview) person(p clients.Person) fyne.CanvasObject {
	slot := o.shown.Header.Partner(clients.SlotA)
	if o.shown.Header.Partner(clients.SlotB).PersonID == p.ID {
		slot = o.shown.Header.Partner(clients.SlotB)
	}
	lines := []fyne.CanvasObject{}
	put := func(name, value string) {
		if value != "" {
			lines = append(lines, fact(name, value))
		}
	}
	put(text.T("person.pronouns", "Pronouns"), p.Pronouns)
	put(text.T("person.say", "How to say it"), p.Say)
	put(text.T("person.latin", "In Latin letters"), p.Latin)
	put(text.T("person.language", "Language"), p.Language)
	put(text.T("person.zone", "Time zone"), p.Zone)
	put(text.T("person.email", "E-mail"), p.Email)
	put(text.T("person.phone", "Phone"), p.Phone)
	put(text.T("person.safe", "Safe contact"), safeWords(p.Safe))
	put(text.T("person.signed", "Signed"), o.signedWords(p))
	put(text.T("person.screen", "Safety screen"), o.screenWords(p))
	actions := kit.HBox(4,
		kit.Quiet(text.T("record.edit", "Edit"), func() { o.editPerson(p) }),
		kit.Quiet(text.T("person.sign", "Record a signature"), func() { o.sign(p) }),
		kit.Quiet(text.T("person.record_screen", "Record a screen"), func() { o.screen(p) }))
	colour := kit.ColorA
	if slot.Slot == clients.SlotB {
		colour = kit.ColorB
	}
	return kit.Card(kit.VBox(8, kit.HBox(8, kit.NewChip(string(slot.Slot), colour), kit.Bold(slot.Full)), kit.VBox(6, lines...), actions))
}

func safeWords(s clients.SafeContact) string {
	var out []string
	for _, w := range []string{s.Channel, s.When, s.Note} {
		if w != "" {
			out = append(out, w)
		}
	}
	if s.Message == "no" {
		out = append(out, text.T("person.no_message", "leave no message"))
	}
	return strings.Join(out, " · ")
}

func purposeWords(p string) string {
	switch p {
	case clients.PurposeAgreement:
		return text.T("purpose.agreement", "Coaching agreement")
	case clients.PurposeRecords:
		return text.T("purpose.records", "Consent to notes and answers")
	}
	return text.T("purpose.messages", "Consent to messages")
}

func (o *overview) signedWords(p clients.Person) string {
	var out []string
	for _, c := range o.facts.Consents {
		if c.PersonID != p.ID {
			continue
		}
		s := purposeWords(c.Purpose) + ", " + c.SignedOn.Words() + " (" + c.TextVersion + ")"
		if !c.Given {
			s = purposeWords(c.Purpose) + ", " + text.T("purpose.withdrawn", "withdrawn")
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return text.T("person.nothing_signed", "nothing yet")
	}
	return strings.Join(out, "\n")
}

func outcomeWords(s clients.Outcome) string {
	switch s {
	case clients.ScreenClear:
		return text.T("screen.clear", "clear")
	case clients.ScreenDiscuss:
		return text.T("screen.discuss", "to be discussed before joint work")
	case clients.ScreenStop:
		return text.T("screen.stop", "stops joint work")
	}
	return text.T("screen.declined", "declined")
}

func (o *overview) screenWords(p clients.Person) string {
	for _, s := range o.facts.screens {
		if s.PersonID == p.ID && s.Current {
			return outcomeWords(s.Outcome) + ", " + s.HeldOn.Words()
		}
	}
	return text.T("screen.none", "not held yet")
}

func (o *overview) joinCard() fyne.CanvasObject {
	if o.shown.Header.Kind != clients.KindSingle {
		return nil
	}
	return kit.Card(kit.VBox(8, kit.Paragraph(text.T("overview.single", "One client. A partner may join later; nothing that is here becomes visible to them.")),
		kit.HBox(0, kit.Secondary(text.T("overview.join", "A partner joins…"), o.join))))
}

func (o *overview) engagementCard() fyne.CanvasObject {
	lines := []fyne.CanvasObject{}
	for _, e := range o.facts.engagements {
		period := e.StartedOn.Words()
		if !e.EndedOn.IsZero() {
			period += " – " + e.EndedOn.Words()
		}
		words := []string{period, e.Policy.Words()}
		if e.Paused {
			words = append(words, text.T("engagement.paused", "on hold"))
		}
		lines = append(lines, kit.Frame(nil, nil, kit.VBox(2, kit.Bold(intentWords(e.Intent)), kit.Soft(strings.Join(words, " · "))), kit.Quiet(text.T("record.edit", "Edit"), func() { o.editEngagement(e) }), nil))
	}
	if len(lines) == 0 {
		lines = append(lines, kit.Hint(text.T("engagement.none", "No engagement yet: what they come for, since when, and with whom.")))
	}
	return kit.TitledCard(text.T("overview.engagement", "Engagement"), kit.Quiet(text.T("engagement.new", "New engagement"), func() {
		o.editEngagement(clients.Engagement{CoupleID: o.shown.Couple, Policy: clients.NoSecrets, StartedOn: o.shown.Today()})
	}), kit.VBox(10, lines...))
}

func (o *overview) jointCard() fyne.CanvasObject {
	if o.shown.Header.Kind == clients.KindSingle {
		return nil
	}
	j := o.facts.Joint
	words := text.T("jointwork.open", "Joint sessions, practices and reports are open.")
	switch j.Verdict {
	case clients.JointScreensDue:
		words = text.T("jointwork.due", "Joint work begins after a talk with each partner alone, not older than six months.")
	case clients.JointDiscuss:
		words = text.T("jointwork.discuss", "A screen is to be discussed with a supervisor before joint work.")
	case clients.JointOnHold:
		words = text.T("jointwork.hold", "Joint work is on hold.")
	}
	if j.Overridden {
		words = text.T("jointwork.overridden", "Open because you decided to go ahead before the talks.")
	}
	content := kit.VBox(8, kit.Paragraph(words))
	if j.Verdict == clients.JointScreensDue {
		content.Add(kit.HBox(0, kit.Secondary(text.T("jointwork.override", "Go ahead with a reason…"), o.override)))
	}
	return kit.TitledCard(text.T("overview.joint", "Joint work"), nil, content)
}

func (o *overview) releaseCard() fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, r := range o.facts.releases {
		if !r.Current || r.State != clients.StateGiven {
			continue
		}
		scope := text.T("release.whole", "all of it")
		if r.Channels != nil {
			scope = strings.Join(r.Channels, ", ")
		}
		words := text.T("release.line", "%s showed an item to the other: %s, on %s", o.shown.Header.Partner(r.Partner).Short, scope, r.GivenOn.Words())
		lines = append(lines, kit.Frame(nil, nil, kit.Paragraph(words), kit.Quiet(text.T("release.withdraw", "Withdraw"), func() { o.withdraw(r) }), nil))
	}
	if len(lines) == 0 {
		return nil
	}
	return kit.TitledCard(text.T("overview.releases", "Releases"), nil, kit.VBox(8, lines...))
}

func (o *overview) withdraw(r clients.Release) {
	d, on := o.rec.deps, day.Day(o.rec.deps.Today())
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error {
		_, err := d.Clients.WithdrawRelease(ctx, o.shown.Couple, r.Partner, r.ItemID, on, text.T("release.by_coach", "told the coach"))
		return err
	}, func() { d.Messages.Toast(text.T("release.withdrawn", "Withdrawn. It is closed again from now on.")) })
}
