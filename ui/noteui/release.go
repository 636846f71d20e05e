package noteui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// Releases are what partners let each other see: clients.Store.
type Releases interface {
	releaseui.Store
	GiveRelease(ctx context.Context, r clients.Release) (ids.ID, error)
	Plans
	ReleasedOf(ctx context.Context, couple ids.ID, on day.Day) (map[ids.ID]map[clients.Slot]clients.Scope, error)
}

// owner is the partner whose own a text is, "" for what nobody can release.
func (t *tab) owner(x shown) clients.Slot {
	by := clients.Slot(x.access.Subject)
	if !t.couple() || x.access.Sensitivity == clients.Safety || by != clients.SlotA && by != clients.SlotB {
		return ""
	}
	if x.access.Visibility == clients.Joint && !t.asked(x, by) {
		return "" // it was for both from the start
	}
	return by
}

// asked says whether a partner ever released a text.
func (t *tab) asked(x shown, by clients.Slot) bool {
	_, asked := t.state.released[x.id][by]
	return asked
}

// now is who may see a text: what was opened on a release is closed to the other again
// when that was taken back or has ended.
func (t *tab) now(x shown) shown {
	for _, by := range []clients.Slot{clients.SlotA, clients.SlotB} {
		theirs := x.access.Subject == by.Subject() || x.access.Subject == clients.SubjectBoth
		if !theirs || !t.couple() || !t.asked(x, by) || t.released(x, by) {
			continue
		}
		switch x.access.Visibility {
		case clients.Joint:
			x.access.Visibility = by.Own()
		case by.Other().Own():
			x.access.Visibility = clients.CoachOnly
			if x.access.Subject != clients.SubjectBoth {
				x.access.Visibility = by.Own()
			}
		}
	}
	return x
}

// lacking are the partners who have to agree before a text about both is opened so far:
// what one reads there is the other's too.
func (t *tab) lacking(x shown, to clients.Visibility) []clients.Slot {
	if x.access.Subject != clients.SubjectBoth || !t.couple() {
		return nil
	}
	var out []clients.Slot
	for by, reader := range map[clients.Slot]clients.Reader{clients.SlotA: clients.B, clients.SlotB: clients.A} {
		if clients.ShownTo(reader, to) && !clients.ShownTo(reader, x.access.Visibility) && !t.released(x, by) {
			out = append(out, by)
		}
	}
	slices.Sort(out)
	return out
}

// agreement asks who has agreed that a text about both is opened, when and how.
type agreement struct {
	ticks map[clients.Slot]*kit.Check
	given *kit.DateField
	way   *kit.Entry
	box   *fyne.Container
}

func (t *tab) newAgreement() *agreement {
	a := &agreement{ticks: map[clients.Slot]*kit.Check{}, given: kit.NewDateField(t.deps.Today, nil), way: kit.NewEntry("")}
	a.given.SetValue(day.Day(t.deps.Today()))
	a.way.SetText(text.T("quizzes.way", "said in the session"))
	a.box = kit.VBox(4)
	for _, by := range []clients.Slot{clients.SlotA, clients.SlotB} {
		if t.couple() {
			a.ticks[by] = kit.NewCheck(text.T("note.agrees", "%s lets %s see this", t.name(by), t.name(by.Other())), nil)
			a.box.Add(a.ticks[by])
		}
	}
	a.box.Add(kit.Columns(8, []float32{0, 0}, kit.VBox(2, kit.Soft(text.T("release.given_on", "Given on")), a.given), kit.VBox(2, kit.Soft(text.T("note.how_given", "How it was given")), a.way)))
	return a
}

// show asks those who are lacking, and nothing where nobody is.
func (a *agreement) show(lacking []clients.Slot) {
	for by, k := range a.ticks {
		k.Hidden = !slices.Contains(lacking, by)
	}
	a.box.Hidden = len(lacking) == 0
	a.box.Refresh()
}

// releases are what was agreed of those who are lacking.
func (a *agreement) releases(x shown, couple ids.ID, lacking []clients.Slot) (out []clients.Release, err error) {
	if len(lacking) == 0 {
		return nil, nil
	}
	on, err := a.given.FieldValue("agreed")
	if err != nil {
		return nil, err
	}
	for _, by := range lacking {
		if !a.ticks[by].Checked {
			return nil, fault.Input("agreed", text.T("note.needs_both", "It is about both: tick who lets the other see it. Without that it stays closed."))
		}
		out = append(out, clients.Release{CoupleID: couple, Partner: by, ItemID: x.id, State: clients.StateGiven, GivenOn: on, Way: strings.TrimSpace(a.way.Text)})
	}
	if out[0].Way == "" {
		return nil, fault.Input("agreed", text.T("release.need_way", "Say how it was given."))
	}
	return out, nil
}

func (t *tab) released(x shown, by clients.Slot) bool {
	return t.state.released[x.id][by].Whole
}

// releaseActions say who released a text and let that be taken back; a partner's own text
// can be released here, one about both where it is opened.
func (t *tab) releaseActions(x shown) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, by := range []clients.Slot{clients.SlotA, clients.SlotB} {
		if !t.couple() || !t.released(x, by) || x.access.Subject != clients.SubjectBoth && t.owner(x) != by {
			continue
		}
		out = append(out, container.NewCenter(kit.NewChip(text.T("note.released", "released by %s", t.name(by)), kit.ColorBoth)),
			kit.Quiet(text.T("note.take_back", "Take back…"), func() { releaseui.Withdraw(t.deps.Env, t.deps.Releases, t.releasable(x, by), t.Reload) }))
	}
	by := t.owner(x)
	if by == "" || len(out) > 0 {
		return out
	}
	return []fyne.CanvasObject{kit.Quiet(text.T("note.release", "Release…"), func() { releaseui.Give(t.deps.Env, t.deps.Releases, t.releasable(x, by), t.Reload) })}
}

// releasable is the text with all that becomes visible. A text that was the coach's alone
// becomes its partner's own first: a release never opens what the coach keeps.
func (t *tab) releasable(x shown, by clients.Slot) releaseui.Item {
	whole := kit.NewReader(kit.Inset(8, kit.Markdown(x.body)), 120)
	ground := kit.NewPanel(kit.ColorPaper)
	ground.Radius = 6
	item := releaseui.Item{Record: t.rec, Partner: by, ID: x.id, Sees: []kit.Field{{Key: "text", Label: x.label, Widget: container.NewStack(ground, whole)}}}
	if x.access.Visibility != by.Own() {
		item.Before = func(ctx context.Context) error {
			_, err := t.deps.Sessions.SetVisibility(ctx, x.id, by.Own(), text.T("note.released", "released by %s", t.name(by)))
			return err
		}
	}
	return item
}
