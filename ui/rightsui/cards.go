package rightsui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/ui/kit"
)

func stateWords(r rights.Request) string {
	switch r.State {
	case rights.Done:
		return text.T("rights.was_done", "done on %s", r.DoneOn.Words())
	case rights.Refused:
		return text.T("rights.was_refused", "refused on %s", r.DoneOn.Words())
	}
	return text.T("rights.due_on", "due on %s", r.DueOn.Words())
}

// requestCard are the requests of a person, or all that are open.
func (p *Page) requestCard() fyne.CanvasObject {
	var add fyne.CanvasObject
	if !p.person.IsZero() {
		add = p.act("ask", text.T("rights.record", "Record a request"), p.askFor)
	}
	box := kit.VBox(10)
	for _, r := range p.facts.requests {
		title := r.Kind.Words()
		if p.person.IsZero() {
			title = name(r.Name) + " · " + title
		}
		words := kit.VBox(2, kit.Bold(title).Short(), kit.Soft(stateWords(r)).Short())
		if r.State == rights.Open && r.IdentityOn == "" {
			words.Add(kit.Hint(text.T("rights.who", "Not yet recorded how you made sure who asks.")))
		}
		for _, s := range r.Steps {
			if s.Reason != "" {
				words.Add(kit.Hint(s.At.In(p.deps.Now().Location()).Format("2 January 2006") + " · " + s.Reason))
			}
		}
		key := r.ID.String()
		var actions []fyne.CanvasObject
		switch {
		case p.person.IsZero():
			actions = append(actions, p.act("open "+key, text.T("today.open", "Open"), func() { p.deps.Nav.Go(kit.Route{Page: PageID, ID: r.Person.String()}) }))
		case r.State == rights.Open:
			if r.IdentityOn == "" {
				actions = append(actions, p.act("who "+key, text.T("rights.identify", "Identity"), func() { p.identify(r) }))
			}
			if r.Extended == "" {
				actions = append(actions, p.act("more "+key, text.T("rights.extend", "More time"), func() {
					p.ask(text.T("rights.extend_title", "Two months more"), text.T("rights.extend_label", "Why, as you tell the client"), "extended", text.T("record.save", "Save"), text.T("rights.extended", "The request has more time."),
						func(ctx context.Context, v string) error { return p.deps.Rights.Extend(ctx, r.ID, v) })
				}))
			}
			actions = append(actions, p.act("end "+key, text.T("rights.finish", "Finish"), func() { p.finish(r) }))
		}
		box.Add(kit.Beside(words, actions...))
	}
	if len(box.Objects) == 0 {
		box.Add(kit.Hint(text.T("rights.none", "Nothing was asked for.")))
	}
	return kit.TitledCard(text.T("rights.requests", "Requests"), add, box)
}

func (p *Page) today() day.Day { return day.Day(p.deps.Today()) }

func (p *Page) dateField(on day.Day) *kit.DateField {
	d := kit.NewDateField(p.deps.Today, nil)
	d.SetValue(on)
	return d
}

func (p *Page) askFor() {
	var options []kit.Option[rights.Kind]
	for _, k := range rights.Kinds {
		options = append(options, kit.Option[rights.Kind]{Value: k, Label: k.Words()})
	}
	kind, on := kit.NewChoice(options, nil), p.dateField(p.today())
	kind.SetValue(rights.Access)
	p.deps.Dialogs.Form(text.T("rights.record", "Record a request"), text.T("record.save", "Save"), kit.NewForm(
		kit.Field{Key: "kind", Label: text.T("rights.kind_label", "They want to"), Widget: kind},
		kit.Field{Key: "received_on", Label: text.T("rights.received_label", "Asked on"), Widget: on, Hint: text.T("rights.received_hint", "There is a month to answer.")},
	), func(ctx context.Context) error {
		d, err := on.Value()
		if err != nil {
			return err
		}
		k, _ := kind.Value()
		_, err = p.deps.Rights.Ask(ctx, p.person, k, d)
		return err
	}, p.done(text.T("rights.recorded", "The request is recorded. It stands on Today until it is done.")))
}

func (p *Page) identify(r rights.Request) {
	p.ask(text.T("rights.identify_title", "Who asks"), text.T("rights.identify_label", "How you made sure"), "identity", text.T("record.save", "Save"), text.T("rights.identified", "Recorded."),
		func(ctx context.Context, v string) error { return p.deps.Rights.Identify(ctx, r.ID, v, p.today()) })
}

func (p *Page) finish(r rights.Request) {
	state := kit.NewSegments([]kit.Option[string]{{Value: rights.Done, Label: text.T("rights.done", "Done")}, {Value: rights.Refused, Label: text.T("rights.refused", "Refused")}}, nil)
	state.SetValue(rights.Done)
	why := kit.NewArea("", 3)
	p.deps.Dialogs.Form(r.Kind.Words(), text.T("rights.finish", "Finish"), kit.NewForm(
		kit.Field{Key: "state", Label: text.T("rights.how", "How it ends"), Widget: state},
		kit.Field{Key: "outcome", Label: text.T("rights.outcome", "What was decided, and why"), Widget: why},
	), func(ctx context.Context) error {
		s := state.Value()
		return p.deps.Rights.Finish(ctx, r.ID, s, strings.TrimSpace(why.Text), p.today())
	}, p.done(text.T("rights.finished", "The request is finished.")))
}

// restrictCard freezes what is kept of a person.
func (p *Page) restrictCard() fyne.CanvasObject {
	reason, is := p.facts.restricted[p.person]
	word, words := text.T("rights.restrict", "Restrict…"), text.T("rights.not_restricted", "Not restricted. While it is, nothing new is entered for this person, and no report shows them.")
	if is {
		word, words = text.T("rights.unrestrict", "Lift…"), text.T("rights.is_restricted", "Restricted: nothing new is entered for this person, and no report shows them. %s", reason)
	}
	return kit.TitledCard(text.T("rights.restriction_card", "Restriction"), p.act("restrict", word, func() {
		p.ask(word, text.T("rights.why", "Why"), "reason", text.T("record.save", "Save"), text.T("rights.identified", "Recorded."),
			func(ctx context.Context, v string) error { return p.deps.Rights.Restrict(ctx, p.person, !is, v) })
	}), kit.Paragraph(words))
}

// holdCard are the holds of a person, or all.
func (p *Page) holdCard() fyne.CanvasObject {
	box := kit.VBox(10)
	for _, h := range p.facts.holds {
		if !p.person.IsZero() && h.Person != p.person {
			continue
		}
		what := text.T("rights.hold_person", "Everything of a person")
		switch {
		case !h.Item.IsZero():
			what = rights.Name(h.Table)
		case !h.Couple.IsZero():
			what = text.T("rights.hold_record", "A whole record")
		}
		box.Add(kit.Beside(kit.VBox(2, kit.Bold(what).Short(), kit.Paragraph(h.Reason), kit.Soft(text.T("rights.hold_line", "because of %s · look at it again on %s", reports.GroundWords(h.Ground), h.ReviewOn.Words()))),
			p.act("lift "+h.ID.String(), text.T("rights.lift", "Lift…"), func() {
				p.ask(text.T("rights.lift_title", "Lift the hold"), text.T("rights.why", "Why"), "reason", text.T("rights.lift_ok", "Lift it"), text.T("rights.lifted", "The hold is lifted. Nothing was erased."),
					func(ctx context.Context, v string) error { return p.deps.Rights.Lift(ctx, h.ID, v) })
			})))
	}
	if len(box.Objects) == 0 {
		box.Add(kit.Hint(text.T("rights.no_holds", "Nothing has to be kept for a claim, a law or somebody's safety.")))
	}
	var add fyne.CanvasObject
	if !p.person.IsZero() {
		add = p.act("hold", text.T("rights.hold_add", "Hold…"), func() {
			p.why(text.T("rights.hold_title", "What must not be erased"), text.T("record.save", "Save"), func(ctx context.Context, reason, ground string, review day.Day) error {
				_, err := p.deps.Rights.Hold(ctx, rights.Hold{Person: p.person, Reason: reason, Ground: ground, ReviewOn: review})
				return err
			}, p.done(text.T("rights.identified", "Recorded.")))
		})
	}
	return kit.TitledCard(text.T("rights.holds", "Holds"), add, box)
}

// why asks for the reason, the ground and the day of review of what is kept.
func (p *Page) why(title, ok string, save func(ctx context.Context, reason, ground string, review day.Day) error, done func()) {
	var grounds []kit.Option[string]
	for _, g := range []string{rights.LegalClaim, rights.LegalObligation, rights.Safeguarding} {
		grounds = append(grounds, kit.Option[string]{Value: g, Label: kit.Upper(reports.GroundWords(g))})
	}
	reason, ground, review := kit.NewArea("", 3), kit.NewChoice(grounds, nil), p.dateField(p.today().AddMonths(12))
	p.deps.Dialogs.Form(title, ok, kit.NewForm(
		kit.Field{Key: "reason", Label: text.T("rights.why", "Why"), Widget: reason},
		kit.Field{Key: "ground", Label: text.T("rights.ground", "Because of"), Widget: ground},
		kit.Field{Key: "review_on", Label: text.T("rights.review", "Look at it again on"), Widget: review},
	), func(ctx context.Context) error {
		on, err := review.Value()
		if err != nil {
			return err
		}
		g, _ := ground.Value()
		return save(ctx, strings.TrimSpace(reason.Text), g, on)
	}, done)
}

// eraseCard begins an erasure.
func (p *Page) eraseCard() fyne.CanvasObject {
	return kit.TitledCard(text.T("rights.erase_card", "Erasure"), p.act("erase", text.T("rights.plan", "Look through it…"), p.plan),
		kit.Hint(text.T("rights.erase_hint", "You see everything that goes, and decide about each text that is about both. The other partner's own words stay. Nothing happens until you confirm at the end.")))
}

// retentionCard are the rules.
func (p *Page) retentionCard() fyne.CanvasObject {
	box := kit.VBox(10)
	for _, r := range p.facts.rules {
		words := text.N("rights.kept_months", r.Months, "kept for 1 month", "kept for %d months")
		if r.Months == 0 {
			words = text.T("rights.kept_always", "kept until you decide")
		}
		box.Add(kit.Beside(kit.VBox(2, kit.Bold(rights.RuleWords(r.Name)).Short(), kit.Soft(words).Short(), kit.Paragraph(r.Reason)), p.act("rule "+r.Name, text.T("settings.change", "Change"), func() { p.setRule(r) })))
	}
	box.Add(kit.Hint(text.T("rights.retention_hint", "Records of safety are kept as long as the rest of their client's. When the time comes, they stand here and on Today: nothing is deleted by itself, and a hold keeps it.")))
	return kit.TitledCard(text.T("rights.retention", "How long records are kept"), nil, box)
}

func (p *Page) setRule(r rights.Rule) {
	months, reason := kit.NewEntry(""), kit.NewArea("", 2)
	months.SetText(strconv.Itoa(r.Months))
	reason.SetText(r.Reason)
	p.deps.Dialogs.Form(rights.RuleWords(r.Name), text.T("record.save", "Save"), kit.NewForm(
		kit.Field{Key: "months", Label: text.T("rights.months_label", "Months"), Widget: months, Hint: text.T("rights.months_hint", "0 keeps it until you decide.")},
		kit.Field{Key: "reason", Label: text.T("rights.why", "Why"), Widget: reason},
	), func(ctx context.Context) error {
		n, err := strconv.Atoi(strings.TrimSpace(months.Text))
		if err != nil {
			n = -1
		}
		return p.deps.Rights.SetRule(ctx, rights.Rule{Name: r.Name, Months: n, Reason: reason.Text})
	}, p.done(text.T("rights.identified", "Recorded.")))
}

// dueCard are the records whose time has come.
func (p *Page) dueCard() fyne.CanvasObject {
	box := kit.VBox(10)
	for _, d := range p.facts.due {
		kind := clients.KindCouple
		if d.B.IsEmpty() {
			kind = clients.KindSingle
		}
		title := clients.Title(kind, d.A, d.B)
		words := kit.VBox(2, kit.Bold(title).Short(), kit.Soft(text.T("rights.due_line", "%s · since %s · due on %s", rights.RuleWords(d.Rule), d.Since.Words(), d.DueOn.Words())))
		if d.Held {
			words.Add(kit.Hint(text.T("rights.due_held", "There is a hold: it stays.")))
			box.Add(words)
			continue
		}
		box.Add(kit.Beside(words, p.act("due "+d.ID.String(), text.T("rights.erase", "Erase…"), func() {
			p.deps.Dialogs.Ask(text.T("rights.erase_due", "Erase this for ever?"), text.T("rights.erase_due_words", "Everything of %s is erased, in this casebook, the shared folder and the backups. It cannot be undone.", title), text.T("rights.erase_ok", "Erase"), func() {
				p.working(func(ctx context.Context, report func(int, int, string)) (rights.Erasure, error) {
					return p.deps.Work.EraseDue(ctx, d, report)
				})
			})
		})))
	}
	if len(box.Objects) == 0 {
		box.Add(kit.Hint(text.T("rights.nothing_due", "No record's time has come.")))
	}
	return kit.TitledCard(text.T("rights.due", "Due"), nil, box)
}

// erasuresCard are the erasures, and what is to be done by hand after each.
func (p *Page) erasuresCard() fyne.CanvasObject {
	box := kit.VBox(16)
	for _, l := range p.facts.late {
		box.Add(kit.Beside(kit.Paragraph(text.N("rights.late", l.Texts, "1 text about both came after a partner was erased, or was not looked at yet.", "%d texts about both came after a partner was erased, or were not looked at yet.")),
			p.act("late "+l.Person.String(), text.T("today.open", "Open"), func() { p.deps.Nav.Go(kit.Route{Page: PageID, ID: l.Person.String()}) })))
	}
	for _, e := range p.facts.erasures {
		tasks := kit.VBox(4)
		for _, t := range e.Tasks {
			tasks.Add(p.task(t))
		}
		box.Add(kit.VBox(6, kit.Beside(kit.VBox(2, kit.Bold(text.T("rights.erased_on", "Erased on %s", day.Of(e.At.In(p.deps.Now().Location())).Words())).Short(), kit.Soft(text.T("rights.erased_line", "%d records · number %s", e.Counts.All(), e.ID)).Short()),
			p.act("certificate "+e.ID.String(), text.T("rights.save_certificate", "Certificate…"), func() { p.certificate(e) })), tasks))
	}
	if len(box.Objects) == 0 {
		box.Add(kit.Hint(text.T("rights.no_erasures", "Nobody was erased.")))
	}
	return kit.TitledCard(text.T("rights.erasures", "Erasures, and what is left to do by hand"), nil, box)
}

func (p *Page) task(t rights.Task) fyne.CanvasObject {
	key := "task " + t.ID.String()
	save := func(on day.Day) func() {
		return func() {
			kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { return p.deps.Rights.TaskDone(ctx, t.ID, on) }, p.Reload)
		}
	}
	if t.Done == "" {
		return kit.Beside(kit.Paragraph(rights.TaskWords(t.Name)), p.act(key, text.T("rights.done", "Done"), save(p.today())))
	}
	return kit.Beside(kit.Hint(rights.TaskWords(t.Name)+" · "+text.T("rights.was_done", "done on %s", t.Done.Words())), p.act(key, text.T("rights.not_done", "Not done"), save("")))
}

func (p *Page) certificate(e rights.Erasure) {
	p.deps.Files.Save(text.T("rights.certificate", "Certificate of erasure"), "erasure-"+e.ID.String()[:8]+".pdf", func(path string) {
		kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { return p.deps.Work.Certificate(ctx, e, path) }, p.done(text.T("rights.certificate_saved", "The certificate is saved.")))
	})
}

// working shows the progress of an erasure and then all of them.
func (p *Page) working(work func(ctx context.Context, report func(int, int, string)) (rights.Erasure, error)) {
	p.deps.Dialogs.Progress(text.T("rights.erasing", "Erasing"), p.deps.Messages, func(ctx context.Context, report func(int, int, string)) error {
		_, err := work(ctx, report)
		return err
	}, func(err error) {
		if err != nil {
			p.Reload()
			return
		}
		p.queue, p.person = nil, ids.Nil
		p.deps.Messages.Toast(text.T("rights.erased", "Erased. What is left to do by hand stands here."))
		p.deps.Nav.Go(kit.Route{Page: PageID})
	})
}
