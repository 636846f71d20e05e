package pipelineui

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func badHour() error {
	return fault.Input("at", text.T("call.hour", "Write the hour like 15:00."))
}

// detail is one enquiry: what they wrote, where it stands, what is next.
type detail struct {
	widget.BaseWidget
	page    *Page
	load    *kit.Loader[enquiryFacts]
	enquiry intake.Enquiry
	cards   *fyne.Container
	body    fyne.CanvasObject
}

type enquiryFacts struct {
	enquiry intake.Enquiry
	calls   []intake.Call
	history intake.History
	metrics intake.Metrics
	due     []intake.Due
}

func newDetail(p *Page) *detail {
	d := &detail{page: p, load: kit.NewLoader[enquiryFacts](p.deps.Runner, p.deps.Messages), cards: kit.VBox(16)}
	d.body = kit.Scroll(kit.Insets(16, 24, 24, 24, kit.AtMost(860, d.cards)))
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer is Fyne's.
func (d *detail) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.body) }

func (d *detail) open(id ids.ID) {
	s, aud := d.page.deps.Intake, d.page.coach()
	today := d.page.today()
	d.load.Load(func(ctx context.Context) (f enquiryFacts, err error) {
		if f.enquiry, err = s.Enquiry(ctx, aud, id); err != nil {
			return f, err
		}
		if f.calls, err = s.CallsOfEnquiry(ctx, aud, id); err != nil {
			return f, err
		}
		if f.history, err = s.HistoryOfEnquiry(ctx, aud, id); err != nil {
			return f, err
		}
		if f.due, err = s.FollowUpsDue(ctx, aud, today); err != nil {
			return f, err
		}
		cases, err := s.Cases(ctx, aud, today)
		f.metrics = intake.Measure(cases, today.AddMonths(-12), today)
		return f, err
	}, d.fill)
}

func (d *detail) fill(f enquiryFacts) {
	e := f.enquiry
	d.enquiry = e
	title := strings.Join(e.Names(), " & ")
	head := kit.VBox(8, kit.Frame(nil, nil, kit.Title(title).Short(), kit.NewChip(e.Stage.Words(), kit.ColorBoth), nil))
	actions := kit.HBox(8)
	if len(f.calls) == 0 && e.CoupleID.IsZero() {
		actions.Add(kit.Primary(text.T("call.start", "Start the call"), d.startCall))
		actions.Add(kit.Secondary(text.T("call.book_short", "Book a call…"), d.book))
	}
	if e.CoupleID.IsZero() {
		if len(f.calls) > 0 {
			actions.Add(kit.Primary(text.T("convert.button", "Make it a record…"), d.convert))
		}
	} else {
		actions.Add(kit.Primary(text.T("convert.open", "Open the record"), func() { d.page.deps.Nav.Go(kit.Route{Page: "couples", ID: e.CoupleID.String()}) }))
	}
	actions.Add(kit.Secondary(text.T("stage.move", "Move on…"), d.move))
	actions.Add(kit.Quiet(text.T("record.edit", "Edit"), func() { d.page.edit(e) }))
	actions.Add(kit.Quiet(text.T("record.archive", "Archive"), d.archive))
	actions.Add(kit.Quiet(text.T("record.delete", "Delete"), d.remove))
	head.Add(actions)
	cards := []fyne.CanvasObject{head, d.factCard(e)}
	for _, due := range f.due {
		if due.Card.EnquiryID == e.ID {
			cards = append(cards, d.dueCard(due))
		}
	}
	for _, c := range f.calls {
		cards = append(cards, d.callCard(c))
	}
	d.cards.Objects = append(cards, d.historyCard(f.history), metricsCard(f.metrics))
	d.cards.Refresh()
}

func fact(name, value string) fyne.CanvasObject {
	return kit.Columns(12, []float32{170, 0}, kit.Soft(name), kit.Paragraph(value))
}

func (d *detail) factCard(e intake.Enquiry) fyne.CanvasObject {
	lines := kit.VBox(6)
	put := func(name, value string) {
		if value != "" {
			lines.Add(fact(name, value))
		}
	}
	put(text.T("enquiry.received", "Received"), e.ReceivedAt.Local().Format("2 January 2006, 15:04"))
	put(text.T("enquiry.source", "Heard of us through"), e.Source)
	put(text.T("enquiry.message", "What they wrote"), e.Message)
	put(text.T("person.email", "E-mail"), strings.Join(nonEmpty([]string{e.A.Email, e.B.Email}), ", "))
	put(text.T("person.phone", "Phone"), strings.Join(nonEmpty([]string{e.A.Phone, e.B.Phone}), ", "))
	put(text.T("person.safe", "Safe contact"), strings.Join(nonEmpty([]string{e.A.Safe.When, e.A.Safe.Note}), " · "))
	if !e.CallAt.IsZero() {
		put(text.T("call.booked", "Discovery call"), e.CallAt.Local().Format("2 January 2006, 15:04"))
	}
	put(text.T("enquiry.next", "Next step"), strings.Join(nonEmpty([]string{e.NextStep, e.NextOn.Words()}), " · "))
	if e.SharedAddress && !e.BothAgreed {
		lines.Add(kit.Wrapped(text.T("enquiry.careful", "They share an address and have not both agreed: no letters, no messages."), kit.ColorCare))
	}
	return kit.Card(kit.VBox(8, kit.HBox(6, kit.NewChip(text.T("talk.for_you", "for you alone"), kit.ColorCoach)), lines))
}

func (d *detail) dueCard(due intake.Due) fyne.CanvasObject {
	words := map[intake.FollowUpKind]string{
		intake.GentleMessage: text.T("followup.gentle", "One gentle message"), intake.AskAgain: text.T("followup.ask", "Ask how they decided"),
		intake.CloseQuietly: text.T("followup.close", "Close without another message"), intake.CheckBack: text.T("followup.back", "Check back, by the safe contact only"),
	}[due.FollowUp.Kind]
	id, on := d.enquiry.ID, due.FollowUp.On
	return kit.Card(kit.Frame(nil, nil, kit.Paragraph(words+" · "+on.Words()), kit.Secondary(text.T("followup.done", "Done"), func() {
		deps, today := d.page.deps, d.page.today()
		kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error { return deps.Intake.MarkFollowUp(ctx, id, on, today) }, nil)
	}), nil))
}

func (d *detail) callCard(c intake.Call) fyne.CanvasObject {
	lines := kit.VBox(6, fact(text.T("call.held", "Held"), c.HeldAt.Local().Format("2 January 2006, 15:04")))
	put := func(name, value string) {
		if value != "" {
			lines.Add(fact(name, value))
		}
	}
	put(text.T("sheet.concern", "In their own words"), c.Sheet.Concern)
	put(text.T("sheet.hope", "What they would notice first"), c.Sheet.Hope)
	if sum, rated := c.Sheet.Fit.Total(); rated > 0 {
		s := fmt.Sprintf("%d / 12", sum)
		if c.Sheet.Fit.Unsafe() {
			s += " · " + text.T("fit.unsafe", "not safe: that overrides the total")
		}
		put(text.T("sheet.fit", "Fit"), s)
	}
	put(text.T("sheet.decision", "Decision"), c.Sheet.Decision.Words())
	return kit.TitledCard(text.T("call.title", "Discovery call"), kit.Quiet(text.T("call.open_sheet", "Open the sheet"), func() { d.page.openCall(c) }), lines)
}

func (d *detail) historyCard(h intake.History) fyne.CanvasObject {
	lines := kit.VBox(4)
	for i := len(h) - 1; i >= 0; i-- {
		lines.Add(kit.Hint(strings.Join(nonEmpty([]string{h[i].At.Local().Format("2 January 2006"), h[i].Stage.Words(), h[i].Reason}), " · ")))
	}
	return kit.TitledCard(text.T("stage.history", "Stages"), nil, lines)
}

func metricsCard(m intake.Metrics) fyne.CanvasObject {
	rate := func(r intake.Rate) string {
		s := fmt.Sprintf("%d / %d", r.Count, r.Of)
		if v, ok := r.Value(); ok && r.ShowPercent() {
			low, high := r.Wilson()
			s += fmt.Sprintf(" · %.1f %% (%.1f–%.1f %%)", v*100, low*100, high*100)
		}
		return s
	}
	lines := kit.VBox(6,
		fact(text.T("metrics.show", "Came to the call"), rate(m.Show)),
		fact(text.T("metrics.fit", "Was a fit"), rate(m.Fit)),
		fact(text.T("metrics.conversion", "Began, of calls held"), rate(m.ConversionHeld)))
	if m.MedianDays != nil {
		lines.Add(fact(text.T("metrics.days", "Middle of days to decide"), fmt.Sprintf("%g", *m.MedianDays)))
	}
	return kit.TitledCard(text.T("metrics.title", "The last twelve months"), nil, lines)
}

func (d *detail) startCall() {
	deps, id, aud := d.page.deps, d.enquiry.ID, d.page.coach()
	var c intake.Call
	kit.Do(deps.Runner, deps.Messages, func(ctx context.Context) error {
		call, err := deps.Intake.StartCall(ctx, id)
		if err != nil {
			return err
		}
		c, err = deps.Intake.Call(ctx, aud, call)
		return err
	}, func() { d.page.openCall(c) })
}
