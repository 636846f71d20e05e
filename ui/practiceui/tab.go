// Package practiceui is the tab of practices in a record: what was given to whom, how
// it went, and the conflict-to-connection conversations.
package practiceui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/ui/kit"
)

// Store is what the tab needs: practices.Store.
type Store interface {
	Board(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]practices.Progress, error)
	Assign(ctx context.Context, a practices.Assignment) error
	DeleteAssignment(ctx context.Context, id ids.ID) error
	RestoreAssignment(ctx context.Context, id ids.ID) error
	SaveLog(ctx context.Context, logs ...practices.Log) error
	DeleteLog(ctx context.Context, id ids.ID) error
	RestoreLog(ctx context.Context, id ids.ID) error
	Situation(ctx context.Context, couple ids.ID, today day.Day) (practices.Situation, error)
	Conditions(ctx context.Context, aud clients.Audience, couple ids.ID) ([]practices.Noted, error)
	Note(ctx context.Context, n practices.Noted) error
	Talks(ctx context.Context, aud clients.Audience, couple ids.ID, from, to day.Day) ([]practices.Talk, error)
	TypedTalks(ctx context.Context, aud clients.Audience, couple ids.ID) ([]practices.Talk, error)
	KeepTalk(ctx context.Context, t practices.Talk) error
	SaveTalk(ctx context.Context, t practices.Talk) error
	DeleteTalk(ctx context.Context, t practices.Talk) error
	RestoreTalk(ctx context.Context, id ids.ID) error
	FinishTalk(ctx context.Context, t practices.Talk, a practices.Agreement) error
}

// Deps is what the tab needs.
type Deps struct {
	kit.Env
	Practices Store
	Zone      func() string // the IANA name of the coach's time zone
}

// Tab is the tab "Practices".
func Tab(d Deps) kit.TabSpec {
	return kit.TabSpec{Key: "practices", Title: text.T("practices.tab", "Practices"), New: func() kit.Tab { return newTab(d) }}
}

// state is everything the tab shows.
type state struct {
	board     []practices.Progress
	talks     []practices.Talk
	typed     map[ids.ID]bool // the talks that are filled in further than what is saved
	noted     []practices.Noted
	situation practices.Situation
}

// How much is listed before the rest is asked for.
const (
	fewCards = 20
	fewLogs  = 4
)

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
	form  *conversation
	held  map[ids.ID]*conversation // by record: the form that was left last

	allTalks bool
	allCards bool
	allLogs  map[ids.ID]bool // of assignments whose every log is shown
}

func newTab(d Deps) *tab {
	t := &tab{deps: d, held: map[ids.ID]*conversation{}, load: kit.NewLoader[state](d.Runner, d.Messages), top: kit.Flow(8), cards: kit.VBox(16)}
	t.list = kit.ScrollPast(kit.Insets(16, 24, 24, 24, kit.AtMost(860, kit.VBox(16, t.top, t.cards))))
	t.stack = container.NewStack(t.list)
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is Fyne's.
func (t *tab) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.stack) }

// Parts lets tests and focus look inside.
func (t *tab) Parts() []fyne.CanvasObject { return []fyne.CanvasObject{t.stack} }

// Open loads the tab.
func (t *tab) Open(r kit.Record) {
	if t.form != nil {
		t.held[t.rec.Couple] = t.form
	}
	t.closeForm()
	t.rec, t.allTalks, t.allCards, t.allLogs = r, false, false, map[ids.ID]bool{}
	t.Reload()
	switch c := t.held[r.Couple]; {
	case c == nil:
	case c.saver.Stuck() && t.writes():
		delete(t.held, r.Couple)
		t.showForm(c)
	case !c.saver.Pending():
		delete(t.held, r.Couple)
	}
}

// Leave saves what stands in an open conversation.
func (t *tab) Leave() {
	t.load.Stop()
	if t.form != nil {
		t.form.saver.Leave()
	}
}

// Reload loads again, but not under the fingers of whoever fills in the form.
func (t *tab) Reload() {
	if t.form != nil {
		return
	}
	rec, s := t.rec, t.deps.Practices
	t.load.LoadOr(func(ctx context.Context) (x state, err error) {
		if x.board, err = s.Board(ctx, rec.Audience, rec.Couple, "", ""); err != nil {
			return x, err
		}
		if x.talks, err = s.Talks(ctx, rec.Audience, rec.Couple, "", ""); err != nil || !rec.Audience.IsCoach() {
			return x, err
		}
		typed, err := s.TypedTalks(ctx, rec.Audience, rec.Couple)
		if err != nil {
			return x, err
		}
		x.takeIn(typed)
		if x.noted, err = s.Conditions(ctx, rec.Audience, rec.Couple); err != nil {
			return x, err
		}
		x.situation, err = s.Situation(ctx, rec.Couple, rec.Today())
		return x, err
	}, t.fill, t.unread)
}

// takeIn lets the talks stand as they were filled in last on this computer.
func (x *state) takeIn(typed []practices.Talk) {
	x.typed = map[ids.ID]bool{}
	for _, k := range typed {
		x.typed[k.ID] = true
		if i := slices.IndexFunc(x.talks, func(y practices.Talk) bool { return y.ID == k.ID }); i >= 0 {
			x.talks[i] = k
		} else {
			x.talks = append(x.talks, k)
		}
	}
	slices.SortStableFunc(x.talks, func(a, b practices.Talk) int { return a.At.Compare(b.At) })
}

// unread stands where nothing could be loaded.
func (t *tab) unread(error) {
	t.top.Objects = nil
	t.top.Refresh()
	t.cards.Objects = []fyne.CanvasObject{kit.NewEmptyState("info", text.T("practices.not_read", "The practices could not be read just now. Nothing was lost."), text.T("kit.again", "Try again"), t.Reload)}
	t.cards.Refresh()
}

func (t *tab) short(s clients.Slot) string { return kit.ShortName(t.rec.Header.Partner(s).Short) }

func (t *tab) writes() bool { return t.rec.Writes() }

func (t *tab) fill(s state) {
	t.state = s
	t.top.Objects = nil
	if t.writes() {
		t.top.Objects = []fyne.CanvasObject{
			kit.Primary(text.T("practices.assign", "Assign…"), t.assign),
			kit.Quiet(text.T("practices.note_condition", "Note what closes a practice…"), t.noteCondition),
		}
		if t.rec.Header.Kind != clients.KindSingle {
			talk := kit.Secondary(text.T("practices.talk", "New conversation…"), t.newTalk)
			t.top.Objects = slices.Insert(t.top.Objects, 1, fyne.CanvasObject(talk))
		}
	}
	t.top.Refresh()
	var cards []fyne.CanvasObject
	for i, p := range s.board {
		if i == fewCards && !t.allCards {
			cards = append(cards, kit.HBox(0, kit.Secondary(text.T("practices.show_all", "Show all %d practices", len(s.board)), func() {
				t.allCards = true
				t.fill(t.state)
			})))
			break
		}
		cards = append(cards, t.card(p))
	}
	if k := t.talksCard(); k != nil {
		cards = append(cards, k)
	}
	if n := t.notedCard(); n != nil {
		cards = append(cards, n)
	}
	if len(cards) == 0 {
		empty := kit.NewEmptyState("practice", text.T("practices.empty", "Practices that they do between sessions stand here."), text.T("practices.assign", "Assign…"), t.assign)
		if !t.writes() {
			empty = kit.VBox(0, kit.Hint(text.T("practices.empty_reader", "No practice is shared with this reader.")))
		}
		cards = append(cards, empty)
	}
	t.cards.Objects = cards
	t.cards.Refresh()
}

// who is the word and the colour of whom a practice is for.
func (t *tab) who(to practices.Target) (string, fyne.ThemeColorName) {
	switch to {
	case practices.ToA:
		return t.short(clients.SlotA), kit.ColorA
	case practices.ToB:
		return t.short(clients.SlotB), kit.ColorB
	}
	return text.T("practices.both", "both"), kit.ColorBoth
}

// card is one assignment: what, for whom, how it went, and one click to log.
func (t *tab) card(p practices.Progress) fyne.CanvasObject {
	word, colour := t.who(p.Target)
	facts := []string{p.Cadence.Text}
	if p.Cue != "" {
		facts = append(facts, p.Cue)
	}
	if p.Size != "" {
		facts = append(facts, p.Size)
	}
	dates := text.T("practices.since_day", "since %s", p.Starts.Words())
	if !p.Ends.IsZero() {
		dates = text.T("practices.from_to", "%s to %s", p.Starts.Words(), p.Ends.Words())
	}
	head := kit.Flow(8, kit.Bold(p.Title), kit.NewChip(word, colour))
	if p.State != practices.Active {
		head.Add(kit.NewChip(stateWords(p.State), kit.ColorInkSoft))
		facts = append(facts, p.Reason)
	}
	lines := kit.VBox(4, kit.Hint(strings.Join(nonEmpty(facts), " · ")), kit.Hint(dates), kit.Paragraph(t.wentWords(p)))
	for i, l := range p.Logs {
		if i == fewLogs && !t.allLogs[p.ID] {
			lines.Add(kit.QuietRow(kit.Quiet(text.T("practices.all_logs", "Show all %d logs", len(p.Logs)), func() {
				t.allLogs[p.ID] = true
				t.fill(t.state)
			})))
			break
		}
		lines.Add(t.logLine(l))
	}
	card := kit.VBox(8, head, lines)
	if t.writes() {
		card.Add(t.logButtons(p))
		card.Add(t.actions(p))
	}
	return kit.Card(card)
}

func nonEmpty(in []string) []string {
	var out []string
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func stateWords(s practices.State) string {
	switch s {
	case practices.Resting:
		return text.T("practices.resting", "resting")
	case practices.Ended:
		return text.T("practices.ended", "ended")
	}
	return text.T("practices.active", "active")
}

// wentWords says how it went as far as this reader may know.
func (t *tab) wentWords(p practices.Progress) string {
	var out []string
	if p.Shared {
		out = append(out, text.T("practices.together", "together %s", ofPlanned(p.Joint.Confirmed, p.Planned)))
	}
	for _, s := range []clients.Slot{clients.SlotA, clients.SlotB} {
		if n, ok := p.Own[s]; ok {
			out = append(out, text.T("practices.own", "%s %s", t.short(s), ofPlanned(n, p.Planned)))
		}
	}
	if p.Joint.Unconfirmed > 0 {
		out = append(out, text.N("practices.unconfirmed", p.Joint.Unconfirmed, "1 unconfirmed", "%d unconfirmed"))
	}
	return strings.Join(out, " · ")
}

// ofPlanned says how often, and of how many where something was planned.
func ofPlanned(done, planned int) string {
	if planned == 0 {
		return text.N("practices.times_done", done, "1 time", "%d times")
	}
	return text.T("practices.of_planned", "%d of %d", done, planned)
}

func (t *tab) logLine(l practices.Log) fyne.CanvasObject {
	words := fmt.Sprintf("%s · %s · %s", l.On.Words(), t.short(l.Partner), l.Result.Words())
	if l.Helpfulness != nil {
		words += " · " + text.T("practices.helped", "helped %d of 10", *l.Helpfulness)
	}
	if l.Obstacle != practices.NoObstacle {
		words += " · " + l.Obstacle.Words()
	}
	if l.Noticed != "" {
		words += " – " + l.Noticed
	}
	if !t.writes() {
		return kit.Hint(words)
	}
	return kit.Beside(kit.Hint(words),
		kit.Quiet(text.T("record.edit", "Edit"), func() { t.editLog(l) }),
		kit.Quiet(text.T("record.delete", "Delete"), func() { t.deleteLog(l) }))
}

// logButtons tell in one click how today went, a row for each partner.
func (t *tab) logButtons(p practices.Progress) fyne.CanvasObject {
	if p.State != practices.Active {
		return kit.Spacer()
	}
	rows := kit.VBox(4)
	var names []fyne.CanvasObject
	var width float32
	for _, s := range t.partners(p) {
		name := kit.Soft(text.T("practices.today", "%s today:", t.short(s)))
		names, width = append(names, name), max(width, name.MinSize().Width)
	}
	for i, s := range t.partners(p) {
		row := kit.Flow(6, kit.Sized(width, 0, names[i]))
		for _, r := range practices.Results() {
			row.Add(kit.Secondary(r.Words(), func() { t.quickLog(p, s, r) }))
		}
		row.Add(kit.Quiet(text.T("practices.more", "More…"), func() {
			l := practices.Log{AssignmentID: p.ID, CoupleID: t.rec.Couple, Partner: s, On: t.rec.Today(), At: t.deps.Now(), Zone: t.deps.Zone(), Result: practices.Done}
			if record, err := practices.ByID(p.Practice); err == nil {
				l.Access = record.DefaultLogAccess(s)
			}
			t.editLog(l)
		}))
		rows.Add(row)
	}
	return rows
}

func (t *tab) partners(p practices.Progress) []clients.Slot {
	switch p.Target {
	case practices.ToA:
		return []clients.Slot{clients.SlotA}
	case practices.ToB:
		return []clients.Slot{clients.SlotB}
	}
	return []clients.Slot{clients.SlotA, clients.SlotB}
}

func (t *tab) quickLog(p practices.Progress, s clients.Slot, r practices.Result) {
	l := practices.Log{ID: ids.New(), AssignmentID: p.ID, CoupleID: t.rec.Couple, Partner: s, On: t.rec.Today(), At: t.deps.Now(), Zone: t.deps.Zone(), Result: r}
	store := t.deps.Practices
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.SaveLog(ctx, l) }, func() {
		t.deps.Messages.Undo(text.T("practices.logged", "Logged: %s.", r.Words()), func() { t.takeBack(l) })
	})
}

func (t *tab) takeBack(l practices.Log) {
	store := t.deps.Practices
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.DeleteLog(ctx, l.ID) }, nil)
}

func (t *tab) deleteLog(l practices.Log) {
	store := t.deps.Practices
	kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.DeleteLog(ctx, l.ID) }, func() {
		t.deps.Messages.Undo(text.T("practices.log_deleted", "The log was deleted."), func() {
			kit.Do(t.deps.Runner, t.deps.Messages, func(ctx context.Context) error { return store.RestoreLog(ctx, l.ID) }, nil)
		})
	})
}
