package noteui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/releaseui"
)

// Releases are what partners let each other see: clients.Store.
type Releases interface {
	releaseui.Store
	ReleasedOf(ctx context.Context, couple ids.ID, on day.Day) (map[ids.ID]map[clients.Slot]clients.Scope, error)
}

// owner is the partner whose own a text is, "" for what nobody can release.
func (t *tab) owner(x shown) clients.Slot {
	by := clients.Slot(x.access.Subject)
	if !t.couple() || x.access.Sensitivity == clients.Safety || by != clients.SlotA && by != clients.SlotB {
		return ""
	}
	if _, asked := t.state.released[x.id][by]; x.access.Visibility == clients.Joint && !asked {
		return "" // it was for both from the start
	}
	return by
}

// now is who may see a text: what was opened to the other on a release is its partner's
// own again when that was taken back or has ended.
func (t *tab) now(x shown) shown {
	by := t.owner(x)
	if by == "" || t.released(x, by) || x.access.Visibility == clients.CoachOnly {
		return x
	}
	if _, asked := t.state.released[x.id][by]; asked {
		x.access.Visibility = by.Own()
	}
	return x
}

func (t *tab) released(x shown, by clients.Slot) bool {
	return t.state.released[x.id][by].Whole
}

// releaseActions say that a text is released, and let its partner release it or take that
// back; none for a text that is not one partner's own.
func (t *tab) releaseActions(x shown) []fyne.CanvasObject {
	by := t.owner(x)
	switch {
	case by == "":
		return nil
	case t.released(x, by):
		return []fyne.CanvasObject{
			container.NewCenter(kit.NewChip(text.T("note.released", "released by %s", t.name(by)), kit.ColorBoth)),
			kit.Quiet(text.T("note.take_back", "Take back…"), func() { releaseui.Withdraw(t.deps.Env, t.deps.Releases, t.releasable(x, by), t.Reload) }),
		}
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
