package pipelineui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// period is how far back the figures reach, in months.
const period = 12

// overview stands beside the list while nothing is chosen: who is to be written to, and
// the figures of the practice.
type overview struct {
	widget.BaseWidget
	page  *Page
	load  *kit.Loader[standing]
	cards *fyne.Container
	body  fyne.CanvasObject
}

type standing struct {
	due      []intake.Due
	metrics  intake.Metrics
	bySource map[string]intake.Metrics
}

func newOverview(p *Page) *overview {
	o := &overview{page: p, load: kit.NewLoader[standing](p.deps.Runner, p.deps.Messages), cards: kit.VBox(16)}
	o.body = kit.ScrollPage(16, kit.AtMost(860, o.cards))
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer is Fyne's.
func (o *overview) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.body) }

// Parts lets focus look inside.
func (o *overview) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{o.body} }

func (o *overview) open() {
	s, aud, today := o.page.deps.Intake, o.page.coach(), o.page.today()
	o.load.Load(func(ctx context.Context) (f standing, err error) {
		if f.due, err = s.FollowUpsDue(ctx, aud, today); err != nil {
			return f, err
		}
		cases, err := s.Cases(ctx, aud, today)
		if err != nil {
			return f, err
		}
		from := today.AddMonths(-period).Add(1)
		f.metrics, f.bySource = intake.Measure(cases, from, today), intake.MeasureBySource(cases, from, today)
		return f, nil
	}, o.fill)
}

func (o *overview) fill(f standing) {
	cards := []fyne.CanvasObject{kit.Hint(text.T("pipeline.choose", "Choose an enquiry on the left, or write down a new one."))}
	if len(f.due) > 0 {
		cards = append(cards, o.dueCard(f.due))
	}
	o.cards.Objects = append(cards, metricsCard(f.metrics), sourcesCard(f.bySource))
	o.cards.Refresh()
}

func (o *overview) dueCard(all []intake.Due) fyne.CanvasObject {
	lines := kit.VBox(8)
	for _, due := range all {
		open := kit.Quiet(text.T("followup.open", "Open"), func() {
			o.page.route = o.page.routeOf(&due.Card)
			o.page.deps.Nav.Replace(o.page.route)
			o.page.Reload()
		})
		lines.Add(kit.Frame(nil, nil, kit.VBox(2, kit.NewLine(due.Card.Title).Short(), kit.Soft(followUpWords(due.FollowUp)).Short()), kit.HBox(6, o.page.doneButton(due), open), nil))
	}
	return kit.TitledCard(text.T("followup.title", "Follow-ups due"), nil, lines)
}

// followUpWords is what is to be done, and when.
func followUpWords(f intake.FollowUp) string {
	words := map[intake.FollowUpKind]string{
		intake.GentleMessage: text.T("followup.gentle", "One gentle message"), intake.AskAgain: text.T("followup.ask", "Ask how they decided"),
		intake.CloseQuietly: text.T("followup.close", "Close without another message"), intake.CheckBack: text.T("followup.back", "Check back, by the safe contact only"),
	}[f.Kind]
	return words + " · " + f.On.Words()
}

// doneButton ticks a follow-up off, which can be taken back.
func (p *Page) doneButton(due intake.Due) fyne.CanvasObject {
	id, on, today := due.Card.EnquiryID, due.FollowUp.On, p.today()
	mark := func(done day.Day, then func()) {
		kit.Do(p.deps.Runner, p.deps.Messages, func(ctx context.Context) error { return p.deps.Intake.MarkFollowUp(ctx, id, on, done) }, then)
	}
	if id.IsZero() { // a record made without an enquiry keeps no follow-ups
		return kit.Spacer()
	}
	return kit.Secondary(text.T("followup.done", "Done"), func() {
		mark(today, func() {
			p.deps.Messages.Undo(text.T("followup.ticked", "The follow-up is ticked off."), func() { mark("", nil) })
		})
	})
}

// rateRow shows a share with its counts always, in percent only from five on, with its
// 95 % interval (Wilson).
func rateRow(name string, r intake.Rate) []string {
	row := []string{name, text.T("metrics.of", "%d of %d", r.Count, r.Of), "–", "–"}
	if v, ok := r.Value(); ok && r.ShowPercent() {
		low, high := r.Wilson()
		row[2], row[3] = fmt.Sprintf("%.1f %%", v*100), fmt.Sprintf("%.1f–%.1f %%", low*100, high*100)
	}
	return row
}

func metricsCard(m intake.Metrics) fyne.CanvasObject {
	columns := []kit.Column{
		{Title: ""},
		{Title: text.T("metrics.count", "Count"), Width: 84, Number: true},
		{Title: text.T("metrics.share", "Share"), Width: 84, Number: true},
		{Title: text.T("metrics.range", "95 % range"), Width: 136, Number: true},
	}
	table := kit.NewTable(columns, [][]string{
		rateRow(text.T("metrics.show", "Came to the call"), m.Show),
		rateRow(text.T("metrics.fit", "Was a fit"), m.Fit),
		rateRow(text.T("metrics.conversion", "Began, of calls held"), m.ConversionHeld),
		rateRow(text.T("metrics.conversion_fit", "Began, of those who fit"), m.ConversionFit),
		rateRow(text.T("metrics.ended_early", "Ended early, of those who began"), m.EndedEarly),
		rateRow(text.T("metrics.follow_ups", "Follow-ups done in time"), m.FollowUpsOnTime),
	})
	about := text.T("metrics.cohort", "Enquiries from %s to %s: %d.", m.From.Words(), m.To.Words(), m.Enquiries)
	if m.MedianDays != nil {
		about += " " + text.T("metrics.median", "Half of them decided within %s days of the call.", strconv.FormatFloat(*m.MedianDays, 'f', -1, 64))
	}
	return kit.TitledCard(text.T("metrics.title", "The last twelve months"), nil, kit.VBox(12,
		kit.Hint(about), roomy(table),
		kit.Hint(text.T("metrics.small", "A share is shown from %d on. Who was referred does not count as a call that led nowhere.", intake.MinForPercent))))
}

// roomy lets a table that has no room be moved sideways instead of cutting its words.
func roomy(table fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHScroll(kit.Sized(540, 0, table))
}

func sourcesCard(by map[string]intake.Metrics) fyne.CanvasObject {
	var rows [][]string
	for _, s := range slices.Sorted(maps.Keys(by)) {
		name := s
		if name == "" {
			name = text.T("metrics.no_source", "Not said")
		}
		m := by[s]
		rows = append(rows, []string{name, strconv.Itoa(m.Enquiries), text.T("metrics.of", "%d of %d", m.Show.Count, m.Show.Of), text.T("metrics.of", "%d of %d", m.ConversionHeld.Count, m.ConversionHeld.Of)})
	}
	if len(rows) == 0 {
		return kit.Spacer()
	}
	return kit.TitledCard(text.T("metrics.sources", "Where they heard of you"), nil, roomy(kit.NewTable([]kit.Column{
		{Title: text.T("enquiry.source", "Heard of us through")},
		{Title: text.T("metrics.enquiries", "Enquiries"), Width: 84, Number: true},
		{Title: text.T("metrics.came", "Came"), Width: 84, Number: true},
		{Title: text.T("metrics.began", "Began"), Width: 84, Number: true},
	}, rows)))
}
