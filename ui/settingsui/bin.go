package settingsui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// shownBinned is how many deleted records are listed at first; all is as many as ever are.
const (
	shownBinned = 5
	allBinned   = 200
)

// Bin is the recycle bin.
type Bin interface {
	Bin(ctx context.Context, limit int) ([]changes.Binned, error)
	BringBack(ctx context.Context, b changes.Binned) error
}

func (p *Page) recycled() fyne.CanvasObject {
	p.bin = kit.VBox(6)
	return kit.TitledCard(text.T("settings.bin", "Recycle bin"), nil, p.bin)
}

func (p *Page) showBin() {
	p.bin.RemoveAll()
	shown := p.state.bin
	if !p.allBin {
		shown = shown[:min(len(shown), shownBinned)]
	}
	for _, b := range shown {
		p.bin.Add(kit.Frame(nil, nil, kit.VBox(2, kit.NewLine(binnedTitle(b)).Short(), kit.Soft(binnedFacts(b)).Short()),
			kit.Quiet(text.T("settings.bring_back", "Bring back"), func() { p.bringBack(b) }), nil))
	}
	switch more := len(p.state.bin) - len(shown); {
	case len(p.state.bin) == 0:
		p.bin.Add(kit.Hint(text.T("settings.bin_empty", "Nothing is deleted. What you delete lies here and can be brought back.")))
	case more > 0:
		p.bin.Add(kit.QuietRow(kit.Quiet(text.N("settings.bin_more", more, "Show 1 more", "Show %d more"), func() { p.allBin = true; p.showBin() })))
	}
	p.bin.Refresh()
}

func (p *Page) bringBack(b changes.Binned) {
	d := p.deps
	kit.Do(d.Runner, d.Messages, func(ctx context.Context) error { return d.Bin.BringBack(ctx, b) }, func() {
		d.Messages.Toast(text.T("settings.brought_back", "It is back where it was."))
		p.Reload()
	})
}

func binnedTitle(b changes.Binned) string {
	parts := []string{changes.KindWords(b.Table), b.Title}
	if !b.On.IsZero() && b.Table != "couple" {
		on := b.On.Local()
		if zone, err := time.LoadLocation(b.Zone); err == nil && b.Zone != "" {
			on = b.On.In(zone)
		}
		parts = append(parts, on.Format("2 January 2006"))
	}
	return strings.Join(parts, " · ")
}

func binnedFacts(b changes.Binned) string {
	when := b.At.Local().Format("2 January 2006, 15:04")
	if b.Coach == "" {
		return text.T("settings.deleted", "Deleted %s", when)
	}
	return text.T("settings.deleted_by", "Deleted %s by %s", when, b.Coach)
}
