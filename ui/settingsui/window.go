package settingsui

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

func (p *Page) appearance() fyne.CanvasObject {
	p.modes = kit.NewSegments([]kit.Option[kit.Mode]{
		{Value: kit.System, Label: text.T("settings.system", "As on this computer")},
		{Value: kit.Light, Label: text.T("settings.light", "Light")},
		{Value: kit.Dark, Label: text.T("settings.dark", "Dark")},
	}, func(m kit.Mode) {
		_, scale := p.deps.Appearance()
		p.deps.SetAppearance(m, scale)
	})
	p.size = kit.NewChoice(nil, func(s float32) {
		mode, _ := p.deps.Appearance()
		p.deps.SetAppearance(mode, s)
	})
	return kit.TitledCard(text.T("settings.appearance", "Appearance"), nil, kit.VBox(12, p.modes,
		kit.VBox(4, kit.Soft(text.T("settings.text_size", "Size of the text")), kit.AtMost(240, p.size))))
}

// showWindow shows the window's own settings as they are; the menu changes them too.
func (p *Page) showWindow() {
	mode, scale := p.deps.Appearance()
	p.modes.SetValue(mode)
	var sizes []kit.Option[float32]
	for _, s := range with([]float32{0.8, 0.9, 1, 1.25, 1.5, 2}, scale) {
		sizes = append(sizes, kit.Option[float32]{Value: s, Label: fmt.Sprintf("%d %%", int(s*100+0.5))})
	}
	p.size.SetOptions(sizes)
	p.size.SetValue(scale)

	after := p.deps.LockAfter()
	var waits []kit.Option[time.Duration]
	for _, d := range with([]time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, time.Hour}, after) {
		waits = append(waits, kit.Option[time.Duration]{Value: d, Label: wait(d)})
	}
	p.after.SetOptions(waits)
	p.after.SetValue(after)
}

// with adds what is set now to what is offered, in order.
func with[T float32 | time.Duration](offered []T, now T) []T {
	if !slices.Contains(offered, now) {
		offered = append(offered, now)
		slices.Sort(offered)
	}
	return offered
}

func wait(d time.Duration) string {
	if d == 0 {
		return text.T("settings.never", "never")
	}
	return text.N("settings.minutes", int(d.Minutes()), "1 minute", "%d minutes")
}

func (p *Page) about() fyne.CanvasObject {
	return kit.TitledCard(text.T("settings.about", "About"), nil, kit.VBox(4,
		kit.Paragraph(text.T("settings.version", "Couplet %s", p.deps.Version)),
		kit.Hint(text.T("settings.licence", "Copyright The Couplet Authors, Apache License 2.0. Fonts: Source Sans 3 and Noto Sans (SIL Open Font License), Droid Sans Fallback (Apache License 2.0)."))))
}

// rights is the way to how long records are kept, and to what clients can ask for.
func (p *Page) rights() fyne.CanvasObject {
	return kit.TitledCard(text.T("rights.title", "Rights and retention"), kit.Quiet(text.T("today.open", "Open"), func() { p.deps.Nav.Go(kit.Route{Page: "rights"}) }),
		kit.Hint(text.T("rights.settings_hint", "How long records are kept, whose time has come, what clients asked for, and erasures.")))
}
