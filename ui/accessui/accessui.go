// Package accessui is how colleagues come to see records that are not theirs: the forms
// that hand records over for some days or give them for supervision, the list of who may
// see what, and the page of a record that is closed.
package accessui

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// Store is what is needed of clients.Store.
type Store interface {
	Coaches(ctx context.Context) ([]clients.Coach, error)
	List(ctx context.Context, aud clients.Audience, f clients.Filter) (clients.List, error)
	Lend(ctx context.Context, all ...clients.Lending) error
	TakeBack(ctx context.Context, id ids.ID) error
	BreakGlass(ctx context.Context, couple ids.ID, reason string) error
	Closed(ctx context.Context, couple ids.ID) (bool, error)
	FindClosed(ctx context.Context, name string) ([]ids.ID, error)
}

// Deps is what the forms need.
type Deps struct {
	kit.Env
	Clients Store
	Me      ids.ID // who is signed in
	Role    clients.Role
}

// Lends says whether who is signed in may let others see records.
func (d Deps) Lends() bool { return d.Role == clients.RoleOwner || d.Role == clients.RoleCoach }

func (d Deps) coach() clients.Audience { return clients.For(clients.CoachView, day.Day(d.Today())) }

// candidates are to whom records can be given, and which records.
type candidates struct {
	people  []clients.Coach
	records []clients.Row
}

func (d Deps) candidates(ctx context.Context, kind clients.LendKind) (c candidates, err error) {
	all, err := d.Clients.Coaches(ctx)
	if err != nil {
		return c, err
	}
	for _, k := range all {
		works := k.Role == clients.RoleCoach || k.Role == clients.RoleOwner
		if k.ID != d.Me && (kind == clients.HandOver && works || kind == clients.Supervision && k.Role == clients.RoleSupervisor) {
			c.people = append(c.people, k)
		}
	}
	f := clients.Filter{Now: d.Now()}
	if d.Role == clients.RoleCoach {
		f.Worker = d.Me
	}
	list, err := d.Clients.List(ctx, d.coach(), f)
	c.records = list.Rows
	return c, err
}

// HandOver asks to whom records are handed over, which and for how long. The record given
// is chosen already; the zero id is none.
func HandOver(d Deps, chosen ids.ID, then func()) { d.lend(clients.HandOver, chosen, then) }

// Supervise asks who supervises which records, and how much of them.
func Supervise(d Deps, chosen ids.ID, then func()) { d.lend(clients.Supervision, chosen, then) }

func (d Deps) lend(kind clients.LendKind, chosen ids.ID, then func()) {
	var c candidates
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) (err error) {
		if c, err = d.candidates(ctx, kind); err == nil && len(c.people) == 0 {
			err = nobody(kind)
		}
		return err
	}, func() { d.ask(kind, c, chosen, then) })
}

// nobody says that there is nobody to give a record to, and what to do.
func nobody(kind clients.LendKind) error {
	if kind == clients.Supervision {
		return fault.New(fault.Refused, text.T("access.no_supervisor", "Nobody here is a supervisor."), text.T("access.no_supervisor_hint", "The owner adds one under Settings, Coaches. Nothing was changed."))
	}
	return fault.New(fault.Refused, text.T("access.no_colleague", "There is no other coach here."), text.T("access.no_colleague_hint", "The owner adds one under Settings, Coaches. Nothing was changed."))
}

func (d Deps) ask(kind clients.LendKind, c candidates, chosen ids.ID, then func()) {
	var options []kit.Option[ids.ID]
	for _, k := range c.people {
		options = append(options, kit.Option[ids.ID]{Value: k.ID, Label: k.Name})
	}
	who, from, until := kit.NewChoice(options, nil), kit.NewDateField(d.Today, nil), kit.NewDateField(d.Today, nil)
	if len(options) == 1 {
		who.SetValue(options[0].Value)
	}
	from.SetValue(day.Day(d.Today()))
	which := newChooser(c.records, chosen)
	veiled, safety := kit.NewCheck(text.T("access.veiled", "Names replaced by pseudonyms, everywhere"), nil), kit.NewCheck(text.T("access.safety", "Named supervisor: sees what concerns safety, too"), nil)
	veiled.SetChecked(true)
	title, ok := text.T("access.hand_over", "Hand over records"), text.T("access.hand_over_ok", "Hand over")
	said := text.T("access.hand_over_means", "Your colleague works in these records as you do, until the last day; then they are closed by themselves. Reflections stay yours alone. The record shows it, and so does the log.")
	label := text.T("access.to", "To")
	last := text.T("access.until", "Until, that day included")
	if kind == clients.Supervision {
		title, ok = text.T("access.supervise", "Give records for supervision"), text.T("access.supervise_ok", "Give")
		said = text.T("access.supervise_means", "A supervisor reads these records and changes nothing. Reflections stay yours alone, and contact details are not shown.")
		label, last = text.T("access.supervisor", "Supervisor"), text.T("access.until_open", "Until; empty for no end")
	}
	fields := []kit.Field{
		{Widget: kit.Hint(said)},
		{Key: "coach", Label: label, Widget: who},
		{Key: "from", Label: text.T("access.from", "From"), Widget: from, Half: true},
		{Key: "until", Label: last, Widget: until, Half: true},
	}
	if kind == clients.Supervision {
		fields = append(fields, kit.Field{Widget: kit.VBox(2, veiled, safety)})
	}
	fields = append(fields, kit.Field{Key: "couple", Label: text.T("access.records", "Records"), Widget: which})
	d.Dialogs.Form(title, ok, kit.NewForm(fields...), func(ctx context.Context) error {
		l := clients.Lending{Kind: kind, Veiled: veiled.Checked, Safety: safety.Checked}
		l.CoachID, _ = who.Value()
		var errFrom, errUntil error
		l.From, errFrom = from.FieldValue("from")
		l.Until, errUntil = until.FieldValue("until")
		if err := errors.Join(errFrom, errUntil); err != nil {
			return err
		}
		all := make([]clients.Lending, 0, len(which.chosen))
		for _, r := range which.chosen {
			l.CoupleID = r
			all = append(all, l)
		}
		if len(all) == 0 {
			return l.Validate(day.Day(d.Today()))
		}
		return d.Clients.Lend(ctx, all...)
	}, then)
}

// Words says of a lending who may see what, and for how long.
func Words(l clients.Lending) string {
	until := text.T("access.no_end", "until it is taken back")
	if !l.Until.IsZero() {
		until = text.T("access.until_day", "until %s", l.Until.Words())
	}
	what := text.T("access.handed", "handed over")
	if l.Kind == clients.Supervision {
		what = text.T("access.supervised", "for supervision")
		if l.Veiled {
			what += ", " + text.T("access.without_names", "without names")
		}
		if l.Safety {
			what += ", " + text.T("access.with_safety", "with what concerns safety")
		}
	}
	return fmt.Sprintf("%s · %s · %s", what, text.T("access.from_day", "from %s", l.From.Words()), until)
}

// Card lists who may see which records besides their coaches, with what can be done about it.
type Card struct {
	widget.BaseWidget
	body  *fyne.Container
	deps  Deps
	lines *fyne.Container
	acts  kit.Acts
	again func()
}

// NewCard is the card; again loads what it shows anew.
func NewCard(d Deps, again func()) *Card {
	c := &Card{deps: d, lines: kit.VBox(8), acts: kit.Acts{}, again: again}
	buttons := kit.QuietRow(
		kit.Quiet(text.T("access.hand_over_dots", "Hand over records…"), func() { HandOver(d, ids.Nil, again) }),
		kit.Quiet(text.T("access.supervise_dots", "Give records for supervision…"), func() { Supervise(d, ids.Nil, again) }))
	c.body = kit.TitledCard(text.T("access.card", "Records that others may see"), nil, kit.VBox(10, c.lines, buttons))
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer is Fyne's.
func (c *Card) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// Parts lets tests and focus look inside.
func (c *Card) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }

// Fill sets what the card lists.
func (c *Card) Fill(all []clients.Lending) {
	c.lines.RemoveAll()
	for _, l := range all {
		c.lines.Add(kit.Beside(kit.VBox(2, kit.Paragraph(l.Coach+": "+l.Title), kit.Hint(Words(l))),
			c.acts.Quiet(l.ID.String(), text.T("access.end", "End now"), func() { End(c.deps, l, c.again) })))
	}
	if len(all) == 0 {
		c.lines.Add(kit.Hint(text.T("access.none", "Each record is seen by its coaches and the owner alone.")))
	}
	c.lines.Refresh()
}

// End takes a record back before the last day.
func End(d Deps, l clients.Lending, then func()) {
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Clients.TakeBack(ctx, l.ID) }, func() {
		d.Messages.Toast(text.T("access.ended", "%s does not see this record any more.", l.Coach))
		if then != nil {
			then()
		}
	})
}

// chooser is a list of records to tick, with a field that shortens it.
type chooser struct {
	widget.BaseWidget
	body   *fyne.Container
	all    []clients.Row
	chosen []ids.ID
	filter *kit.Entry
	boxes  *fyne.Container
	more   *kit.Line
}

// few is how many records are offered at once; the field finds the others.
const few = 12

func newChooser(all []clients.Row, chosen ids.ID) *chooser {
	c := &chooser{all: all, filter: kit.NewEntry(text.T("access.filter", "Find by name")), boxes: kit.VBox(0), more: kit.Soft("")}
	if !chosen.IsZero() {
		c.chosen = append(c.chosen, chosen)
	}
	c.filter.OnChanged = func(string) { c.offer() }
	c.body = kit.VBox(4, c.filter, c.boxes, c.more)
	c.ExtendBaseWidget(c)
	if len(all) <= few {
		c.filter.Hide()
	}
	c.offer()
	return c
}

// CreateRenderer is Fyne's.
func (c *chooser) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// Parts lets tests and focus look inside.
func (c *chooser) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.body} }

func (c *chooser) offer() {
	match, n := clients.Matcher(c.filter.Text), 0
	c.boxes.RemoveAll()
	for _, r := range c.all {
		ticked := slices.Contains(c.chosen, r.ID)
		if !ticked && !match(r.Title) {
			continue
		}
		if n++; !ticked && n > few {
			continue
		}
		box := kit.NewCheck(r.Title, nil)
		box.SetChecked(ticked)
		box.OnChanged = func(on bool) {
			c.chosen = slices.DeleteFunc(c.chosen, func(id ids.ID) bool { return id == r.ID })
			if on {
				c.chosen = append(c.chosen, r.ID)
			}
		}
		c.boxes.Add(box)
	}
	c.more.SetText("")
	if n > len(c.boxes.Objects) {
		c.more.SetText(text.N("access.more", n-len(c.boxes.Objects), "and 1 more: type a name", "and %d more: type a name"))
	}
	c.boxes.Refresh()
}
