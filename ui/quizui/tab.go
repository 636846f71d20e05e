// Package quizui is the tab of quizzes in a record: entering the answers of both side
// by side, the profile, and change over time.
package quizui

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

// Store is what the tab needs: quizzes.Store.
type Store interface {
	Results(ctx context.Context, aud clients.Audience, couple ids.ID) ([]quizzes.Result, error)
	Typed(ctx context.Context, aud clients.Audience, couple ids.ID) ([]quizzes.Result, error)
	Keep(ctx context.Context, as ...*quizzes.Administration) error
	Save(ctx context.Context, as ...*quizzes.Administration) error
	Lock(ctx context.Context, as ...*quizzes.Administration) error
	Delete(ctx context.Context, couple, id ids.ID) error
	Restore(ctx context.Context, id ids.ID) error
}

// Releases shows an item of one partner to the other: clients.Store.
type Releases interface {
	releaseui.Store
	ReleasedOf(ctx context.Context, couple ids.ID, on day.Day) (map[ids.ID]map[clients.Slot]clients.Scope, error)
}

// Deps is what the tab needs.
type Deps struct {
	kit.Env
	Quizzes  Store
	Releases Releases
	Zone     func() string
}

// Tab is the tab "Quizzes".
func Tab(d Deps) kit.TabSpec {
	return kit.TabSpec{Key: "quizzes", Title: text.T("quizzes.tab", "Quizzes"), New: func() kit.Tab { return newTab(d) }}
}

type state struct {
	results  []quizzes.Result
	typed    map[ids.ID]quizzes.Result // entered further than what is saved
	released map[ids.ID]map[clients.Slot]clients.Scope
}

// fewLines is how many times of a quiz are listed before the rest is asked for.
const fewLines = 8

type tab struct {
	widget.BaseWidget
	deps  Deps
	load  *kit.Loader[state]
	rec   kit.Record
	state state
	top   *fyne.Container
	cards *fyne.Container
	list  fyne.CanvasObject
	stack *fyne.Container
	sheet *sheet
	held  map[ids.ID]*sheet // by record: the sheet that was left last
	whole map[string]bool   // of quizzes whose every line is shown
}

func newTab(d Deps) *tab {
	t := &tab{deps: d, held: map[ids.ID]*sheet{}, load: kit.NewLoader[state](d.Runner, d.Messages), top: kit.Flow(8), cards: kit.VBox(16)}
	t.list = kit.ScrollPast(kit.Insets(16, 24, 24, 24, kit.AtMost(900, kit.VBox(16, t.top, t.cards))))
	t.stack = container.NewStack(t.list)
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *tab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.stack) }

// Open loads the tab.
func (t *tab) Open(r kit.Record) {
	if t.sheet != nil {
		t.held[t.rec.Couple] = t.sheet
	}
	t.closeSheet()
	t.rec, t.whole = r, map[string]bool{}
	t.Reload()
	switch s := t.held[r.Couple]; {
	case s == nil:
	case s.saver.Stuck() && t.coach():
		delete(t.held, r.Couple)
		t.show(s)
	case !s.saver.Pending():
		delete(t.held, r.Couple)
	}
}

// Leave keeps what was entered.
func (t *tab) Leave() {
	t.load.Stop()
	if t.sheet != nil {
		t.sheet.saver.Leave()
	}
}

// Parts lets tests and focus look inside.
func (t *tab) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.stack} }

// Reload loads again, but not under the fingers of whoever enters answers.
func (t *tab) Reload() {
	if t.sheet != nil {
		return
	}
	rec, d := t.rec, t.deps
	t.load.LoadOr(func(ctx context.Context) (s state, err error) {
		if s.results, err = d.Quizzes.Results(ctx, rec.Audience, rec.Couple); err != nil || !rec.Audience.IsCoach() {
			return s, err
		}
		typed, err := d.Quizzes.Typed(ctx, rec.Audience, rec.Couple)
		if err != nil {
			return s, err
		}
		s.takeIn(typed)
		s.released, err = d.Releases.ReleasedOf(ctx, rec.Couple, rec.Today())
		return s, err
	}, t.fill, t.unread)
}

// unread stands where nothing could be loaded.
func (t *tab) unread(error) {
	t.top.Objects = nil
	t.top.Refresh()
	t.cards.Objects = []fyne.CanvasObject{kit.NewEmptyState("info", text.T("quizzes.not_read", "The quizzes could not be read just now. Nothing was lost."), text.T("kit.again", "Try again"), t.Reload)}
	t.cards.Refresh()
}

func (t *tab) coach() bool { return t.rec.Audience.IsCoach() }

func (t *tab) writes() bool { return t.rec.Writes() }

func (t *tab) fill(s state) {
	t.state = s
	t.top.Objects = nil
	if t.writes() {
		t.top.Objects = []fyne.CanvasObject{kit.Primary(text.T("quizzes.new", "New quiz…"), t.choose)}
	}
	t.top.Refresh()
	var cards []fyne.CanvasObject
	for _, d := range quizzes.Shipped() {
		if c := t.card(d); c != nil {
			cards = append(cards, c)
		}
	}
	if len(cards) == 0 {
		empty := kit.VBox(0, kit.Hint(text.T("quizzes.empty_reader", "No quiz is shared with this reader.")))
		if t.writes() {
			empty = kit.NewEmptyState("quiz", text.T("quizzes.empty", "Quizzes and their profiles stand here. The two-minute profile is a good start."), text.T("quizzes.new", "New quiz…"), t.choose)
		}
		cards = append(cards, empty)
	}
	t.cards.Objects = cards
	t.cards.Refresh()
}

// of are the results of one quiz, oldest first; s "" is both partners.
func (t *tab) of(d *quizzes.Definition, s clients.Slot) []quizzes.Result {
	var out []quizzes.Result
	for _, r := range t.state.results {
		if r.Instrument == d.ID && (s == "" || r.Slot == s) && r.Definition != nil {
			out = append(out, r)
		}
	}
	return out
}

func (t *tab) short(s clients.Slot) string { return kit.ShortName(t.rec.Header.Partner(s).Short) }

func slotColor(s clients.Slot) fyne.ThemeColorName {
	if s == clients.SlotB {
		return kit.ColorB
	}
	return kit.ColorA
}

// card is one quiz: the pictures, then each time it was taken.
func (t *tab) card(d *quizzes.Definition) fyne.CanvasObject {
	all := t.of(d, "")
	if len(all) == 0 || t.rec.Lens == kit.LensJoint && !t.bothHave(d) {
		return nil
	}
	content := kit.VBox(12, container.New(yielding{}, kit.VBox(12, t.pictures(d)...)))
	for i := len(all) - 1; i >= 0; i-- {
		if len(all)-i > fewLines && !t.whole[d.ID] {
			content.Add(kit.QuietRow(kit.Quiet(text.T("quizzes.show_all", "Show all %d", len(all)), func() {
				t.whole[d.ID] = true
				t.fill(t.state)
			})))
			break
		}
		content.Add(t.line(all[i]))
	}
	return kit.TitledCard(d.Name, nil, content)
}

// bothHave says whether both partners have shown a quiz: that one of them has is nothing
// for both together (rule PV-04).
func (t *tab) bothHave(d *quizzes.Definition) bool {
	return len(t.of(d, clients.SlotA)) > 0 && (len(t.of(d, clients.SlotB)) > 0 || t.rec.Header.Kind == clients.KindSingle)
}

// line is one time that a quiz was taken, with what can be done about it.
func (t *tab) line(r quizzes.Result) fyne.CanvasObject {
	words := []string{r.TakenOn().Words(), r.Mode.Words()}
	if s := t.scoreWords(r); s != "" {
		words = append(words, s)
	}
	if !r.Locked() {
		words = append(words, text.T("quizzes.open", "not locked yet"))
	}
	if _, typed := t.state.typed[r.ID]; typed {
		words = append(words, text.T("sessions.draft", "a draft waits"))
	}
	left := kit.Frame(nil, kit.Insets(0, 0, 0, 8, kit.NewChip(t.short(r.Slot), slotColor(r.Slot))), kit.Paragraph(strings.Join(words, " · ")), nil, nil)
	if !t.writes() {
		return left
	}
	buttons := kit.HBox(0)
	if r.Locked() {
		buttons.Add(kit.Quiet(t.releaseWord(r), func() { t.release(r) }))
		buttons.Add(kit.Quiet(text.T("quizzes.correct", "Correct"), func() { t.correct(r) }))
	} else {
		buttons.Add(kit.Quiet(text.T("quizzes.go_on", "Go on"), func() { t.enter(r.Definition, []*quizzes.Administration{open(r)}) }))
	}
	buttons.Add(kit.Quiet(text.T("record.delete", "Delete"), func() { t.remove(r) }))
	return kit.Beside(left, buttons.Objects...)
}

func open(r quizzes.Result) *quizzes.Administration {
	a := r.Administration
	return &a
}

func (t *tab) scoreWords(r quizzes.Result) string {
	if r.Profile != nil {
		if r.Profile.TotalExperienced == nil || shown(r, t.codes(r.Definition)) < len(r.Definition.Profile.Channels) {
			return ""
		}
		return text.T("quizzes.total", "felt %s of 100", quizzes.ShowTotal(r.Profile.TotalExperienced))
	}
	if v, ok := r.Scores[r.Definition.Total]; ok && r.Definition.Use != "pulse" {
		return text.T("quizzes.score", "score %s", quizzes.ShowScore(v))
	}
	return ""
}

func (t *tab) remove(r quizzes.Result) {
	s := t.deps.Quizzes
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Delete(ctx, t.rec.Couple, r.ID) }, func() {
		t.deps.Messages.Undo(text.T("quizzes.deleted", "The answers were deleted."), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return s.Restore(ctx, r.ID) }, nil)
		})
	})
}

func (t *tab) releaseWord(r quizzes.Result) string {
	switch scope := t.state.released[r.ID][r.Slot]; {
	case scope.IsZero():
		return text.T("quizzes.show", "Show to both…")
	case scope.Whole:
		return text.T("quizzes.shown", "Shown to both")
	}
	return text.T("quizzes.shown_some", "Shown in part")
}

// release records that a partner shows a result to the other, whole or some channels,
// or takes that back.
func (t *tab) release(r quizzes.Result) {
	x := releaseui.Item{Record: t.rec, Partner: r.Slot, ID: r.ID}
	if !t.state.released[r.ID][r.Slot].IsZero() {
		releaseui.Withdraw(t.deps.Env, t.deps.Releases, x, nil)
		return
	}
	if r.Profile == nil {
		x.Sees = []kit.Field{{Key: "what", Label: text.T("quizzes.channels", "What is shown"), Widget: kit.Paragraph(r.Definition.Name + ", " + r.TakenAt.Local().Format("2 January 2006"))}}
		releaseui.Give(t.deps.Env, t.deps.Releases, x, nil)
		return
	}
	box := kit.VBox(2)
	var ticks []*kit.Check
	for _, c := range r.Definition.Profile.Channels {
		k := kit.NewCheck(c.Name, nil)
		k.SetChecked(true)
		ticks = append(ticks, k)
		box.Add(k)
	}
	x.Sees = []kit.Field{{Key: "channels", Label: text.T("quizzes.channels", "What is shown"), Widget: box}}
	x.Scope = func() []string {
		out := []string{}
		for i, k := range ticks {
			if k.Checked {
				out = append(out, r.Definition.Profile.Channels[i].Code)
			}
		}
		if len(out) == len(ticks) {
			return nil
		}
		return out
	}
	releaseui.Give(t.deps.Env, t.deps.Releases, x, nil)
}

// correct goes on with the correction that was begun, or begins one.
func (t *tab) correct(r quizzes.Result) {
	for _, x := range t.state.results {
		if x.Replaces == r.ID && !x.Locked() {
			t.enter(r.Definition, []*quizzes.Administration{open(x)})
			return
		}
	}
	c, err := r.Administration.Correction()
	if err != nil {
		t.deps.Messages.Show(err)
		return
	}
	if x, ok := t.state.typed[r.ID]; ok { // it was locked elsewhere while it was entered here
		c.Answers, c.Picks, c.Seconds = x.Answers, x.Picks, x.Seconds
	}
	t.enter(r.Definition, []*quizzes.Administration{&c})
}

// choose asks which quiz, of whom and how, and opens the sheet.
func (t *tab) choose() {
	var options []kit.Option[string]
	for _, d := range quizzes.Shipped() {
		options = append(options, kit.Option[string]{Value: d.ID, Label: d.Name})
	}
	which := kit.NewChoice(options, nil)
	which.SetValue(options[0].Value)
	who := []kit.Option[clients.Slot]{{Value: "", Label: text.T("practices.both", "both")}, {Value: clients.SlotA, Label: t.short(clients.SlotA)}, {Value: clients.SlotB, Label: t.short(clients.SlotB)}}
	if t.rec.Header.Kind == clients.KindSingle {
		who = who[1:2]
	}
	whose := kit.NewSegments(who, nil)
	var modes []kit.Option[quizzes.Mode]
	for _, m := range quizzes.Modes() {
		modes = append(modes, kit.Option[quizzes.Mode]{Value: m, Label: m.Words()})
	}
	mode := kit.NewChoice(modes, nil)
	mode.SetValue(quizzes.Paper)
	on := kit.NewDateField(t.deps.Today, nil)
	on.SetValue(t.rec.Today())
	form := kit.NewForm(
		kit.Field{Key: "quiz", Label: text.T("quizzes.quiz", "Quiz"), Widget: which},
		kit.Field{Key: "who", Label: text.T("quizzes.who", "Of whom"), Widget: whose},
		kit.Field{Key: "mode", Label: text.T("quizzes.mode", "How it was answered"), Widget: mode, Half: true},
		kit.Field{Key: "on", Label: text.T("quizzes.on", "Answered on"), Widget: on, Half: true},
	)
	var d *quizzes.Definition
	var as []*quizzes.Administration
	t.deps.Dialogs.Form(text.T("quizzes.new_title", "New quiz"), text.T("quizzes.enter", "Enter answers"), form, func(context.Context) (err error) {
		id, _ := which.Value()
		if d, err = quizzes.ByID(id); err != nil {
			return err
		}
		taken, err := on.FieldValue("on")
		if err != nil {
			return err
		}
		m, _ := mode.Value()
		at := t.deps.Now()
		if taken != t.rec.Today() && !taken.IsZero() {
			at = taken.Time().Add(12 * time.Hour)
		}
		slots := []clients.Slot{whose.Value()}
		if whose.Value() == "" {
			slots = []clients.Slot{clients.SlotA, clients.SlotB}
		}
		as = nil
		for _, s := range slots {
			a := quizzes.NewAdministration(d, t.rec.Couple, t.rec.Header.Partner(s).PersonID, at, t.deps.Zone(), m)
			as = append(as, &a)
		}
		return nil
	}, func() { t.enter(d, as) })
}
