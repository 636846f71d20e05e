package pipelineui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// subject is what the detail shows: an enquiry, or a record that was made without one.
type subject struct {
	id     ids.ID
	record bool
}

// detail is one enquiry or record: what they wrote, where it stands, what is next.
type detail struct {
	widget.BaseWidget
	page    *Page
	load    *kit.Loader[facts]
	facts   facts
	enquiry intake.Enquiry // zero for a record made without one
	cards   *fyne.Container
	scroll  fyne.CanvasObject
}

// facts is everything the detail says.
type facts struct {
	title   string
	stage   intake.Stage
	couple  ids.ID
	enquiry intake.Enquiry
	calls   []intake.Call
	said    [][]intake.Fact // in each of the calls
	history intake.History
	due     []intake.Due
	header  clients.Header // of the record, once there is one
	missing error          // what keeps the record from becoming active
}

func newDetail(p *Page) *detail {
	d := &detail{page: p, load: kit.NewLoader[facts](p.deps.Runner, p.deps.Messages), cards: kit.VBox(16)}
	d.scroll = kit.ScrollPage(16, kit.AtMost(860, d.cards))
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer is Fyne's.
func (d *detail) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.scroll) }

// Parts lets focus look inside.
func (d *detail) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{d.scroll} }

func (d *detail) open(s subject) {
	d.load.LoadOr(func(ctx context.Context) (facts, error) { return d.page.factsOf(ctx, s) }, d.fill, func(error) {
		d.page.show(d.page.overview)
		d.page.overview.open()
	})
}

func (p *Page) factsOf(ctx context.Context, s subject) (f facts, err error) {
	store, aud := p.deps.Intake, p.coach()
	if s.record {
		f.couple = s.id
		if f.history, err = store.HistoryOfCouple(ctx, aud, s.id); err != nil {
			return f, err
		}
		f.stage = f.history.Current()
	} else {
		if f.enquiry, err = store.Enquiry(ctx, aud, s.id); err != nil {
			return f, err
		}
		f.title, f.stage, f.couple = strings.Join(f.enquiry.Names(), " & "), f.enquiry.Stage, f.enquiry.CoupleID
		if f.calls, err = store.CallsOfEnquiry(ctx, aud, s.id); err != nil {
			return f, err
		}
		for _, c := range f.calls {
			said, err := c.Facts(f.enquiry.A.Short(), f.enquiry.B.Short(), time.Local)
			if err != nil {
				return f, err
			}
			f.said = append(f.said, said)
		}
		if f.history, err = store.HistoryOfEnquiry(ctx, aud, s.id); err != nil {
			return f, err
		}
		if f.due, err = store.FollowUpsDue(ctx, aud, p.today()); err != nil {
			return f, err
		}
	}
	if f.couple.IsZero() {
		return f, nil
	}
	if f.header, err = p.deps.Clients.Header(ctx, aud, f.couple, p.deps.Now()); err != nil {
		return f, err
	}
	f.title = f.header.Title
	ready, err := store.Readiness(ctx, aud, f.couple)
	if err == nil {
		f.missing = ready.MayStart()
	}
	return f, err
}

func (d *detail) fill(f facts) {
	d.facts, d.enquiry = f, f.enquiry
	title := f.title
	if title == "" {
		title = text.T("enquiry.no_name", "No name yet")
	}
	chips := kit.HBox(6, kit.NewChip(f.stage.Words(), kit.ColorBoth), forYou())
	if f.enquiry.Archived {
		chips.Add(kit.NewChip(text.T("pipeline.archived", "Archived"), kit.ColorInkSoft))
	}
	cards := []fyne.CanvasObject{kit.VBox(8, kit.Name(title), chips, d.actions())}
	for _, due := range f.due {
		if due.Card.EnquiryID == f.enquiry.ID {
			cards = append(cards, kit.Card(kit.Frame(nil, nil, kit.Paragraph(followUpWords(due.FollowUp)), d.page.doneButton(due), nil)))
		}
	}
	if !f.enquiry.ID.IsZero() {
		cards = append(cards, d.factCard(f.enquiry))
	}
	if !f.couple.IsZero() && !begun(f.stage) {
		cards = append(cards, readyCard(f))
	}
	for i, c := range f.calls {
		cards = append(cards, d.callCard(c, f.said[i]))
	}
	d.cards.Objects = append(cards, historyCard(f.history))
	d.cards.Refresh()
	d.page.fit()
}

// begun says that nothing has to be made ready any more.
func begun(s intake.Stage) bool {
	return s == intake.StageActive || s == intake.StagePaused || s == intake.StageCompleted || s == intake.StageFollowUp || s.IsExit()
}

// actions are what can be done now, the likeliest first and in clay.
func (d *detail) actions() fyne.CanvasObject {
	f, box := d.facts, kit.Flow(8)
	switch {
	case !f.couple.IsZero():
		box.Add(kit.Primary(text.T("convert.open", "Open the record"), func() { d.page.deps.Nav.Go(kit.Route{Page: "couples", ID: f.couple.String()}) }))
	case len(f.calls) > 0:
		box.Add(kit.Primary(text.T("convert.button", "Make it a record…"), d.convert))
	default:
		box.Add(kit.Primary(text.T("call.start", "Start the call"), d.startCall))
		box.Add(kit.Secondary(text.T("call.book_short", "Book a call…"), d.book))
		box.Add(kit.Quiet(text.T("convert.button", "Make it a record…"), d.convert))
	}
	box.Add(kit.Secondary(text.T("stage.move", "Move on…"), d.move))
	if f.enquiry.ID.IsZero() {
		return box
	}
	box.Add(kit.Quiet(text.T("record.edit", "Edit"), func() { d.page.edit(f.enquiry) }))
	word := text.T("record.archive", "Archive")
	if f.enquiry.Archived {
		word = text.T("enquiry.bring_back", "Bring back")
	}
	box.Add(kit.Quiet(word, d.archive))
	box.Add(kit.Quiet(text.T("record.delete", "Delete"), d.remove))
	return box
}

func fact(name, value string) fyne.CanvasObject {
	return kit.Fact(190, name, value)
}

// factLines are the facts that there are.
type factLines struct{ box *fyne.Container }

func newFacts() factLines { return factLines{kit.VBox(6)} }

func (f factLines) put(name string, values ...string) {
	if s := strings.Join(nonEmpty(values), " · "); s != "" {
		f.box.Add(fact(name, s))
	}
}

func (d *detail) factCard(e intake.Enquiry) fyne.CanvasObject {
	lines := newFacts()
	for i, group := range e.Facts(time.Local) {
		if i > 0 {
			lines.box.Add(kit.Rule())
		}
		for _, f := range group {
			lines.put(f.Name, f.Value)
		}
	}
	if e.SharedAddress && !intake.MayWriteTo(e.SharedAddress, e.BothAgreed) {
		lines.box.Add(kit.Wrapped(text.T("enquiry.careful", "They share an address and have not both agreed: no letters, no messages."), kit.ColorCare))
	}
	return kit.TitledCard(text.T("enquiry.title", "The enquiry"), nil, lines.box)
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2 January 2006, 15:04")
}

// readyCard lists what is missing before the work may begin.
func readyCard(f facts) fyne.CanvasObject {
	lines := kit.VBox(6)
	for _, e := range faults(f.missing) {
		kind, slot, _ := strings.Cut(e.Field, "_")
		lines.Add(fact(f.header.Partner(clients.Slot(slot)).Short, missing(kind)))
	}
	if len(lines.Objects) == 0 {
		lines.Add(kit.Wrapped(text.T("ready.all", "Everything is there: the work may begin."), kit.ColorGood))
	}
	return kit.TitledCard(text.T("ready.title", "Before the work begins"), nil, lines)
}

// missing says what is missing before the work may begin, "" for something else.
func missing(kind string) string {
	switch kind {
	case "agreement":
		return text.T("ready.agreement", "The coaching agreement is not signed.")
	case "consent":
		return text.T("ready.consent", "The consent to keeping records is not given.")
	case "screen":
		return text.T("ready.screen", "The talk alone is not recorded.")
	}
	return ""
}

// faults are the single faults in err.
func faults(err error) []*fault.Error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*fault.Error
		for _, e := range many.Unwrap() {
			all = append(all, faults(e)...)
		}
		return all
	}
	if e, ok := fault.As(err); ok {
		return []*fault.Error{e}
	}
	return nil
}

// callCard is everything that the sheet says.
func (d *detail) callCard(c intake.Call, said []intake.Fact) fyne.CanvasObject {
	lines := newFacts()
	for _, f := range said {
		lines.put(f.Name, f.Value)
	}
	actions := kit.HBox(6,
		kit.Quiet(text.T("call.open_sheet", "Open the sheet"), func() { d.page.openCall(c, d.enquiry) }),
		kit.Quiet(text.T("call.delete", "Delete the call"), func() { d.removeCall(c.ID) }))
	return kit.TitledCard(text.T("call.title", "Discovery call"), actions, lines.box)
}

// historyCard is every change of stage, the latest first; it is never changed.
func historyCard(h intake.History) fyne.CanvasObject {
	lines := newFacts()
	for i := len(h) - 1; i >= 0; i-- {
		lines.put(moment(h[i].At), h[i].Stage.Words(), h[i].Reason)
	}
	return kit.TitledCard(text.T("stage.history", "Stages"), nil, lines.box)
}

func (d *detail) startCall() {
	deps, e, aud := d.page.deps, d.enquiry, d.page.coach()
	var c intake.Call
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error {
		call, err := deps.Intake.StartCall(ctx, e.ID)
		if err != nil {
			return err
		}
		c, err = deps.Intake.Call(ctx, aud, call)
		return err
	}, func() { d.page.openCall(c, e) })
}
