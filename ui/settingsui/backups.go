package settingsui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

const shownBackups = 5

// Backup is one copy of the casebook. Size is in bytes.
type Backup struct {
	Path     string
	At       time.Time
	Size     int64
	Verified bool // it was opened and checked, and not touched since
	Unsound  bool // it was checked and did not pass
	Second   bool // it lies in the second place
}

// Report is told how far long work has come.
type Report func(done, total int64)

// Backups are the copies of the casebook and what can be done with them.
type Backups interface {
	// Backups are the newest first, and those of the second place last. What keeps the
	// second place from being read is said as trouble.
	Backups(ctx context.Context) (list []Backup, trouble string, err error)
	MakeBackup(ctx context.Context) error
	// Second is the folder chosen for second copies, "" for none.
	Second(ctx context.Context) (string, error)
	SetSecond(ctx context.Context, folder string) error
	// BringBackFrom brings back what is missing from a backup, or all of its day, and says
	// what it did.
	BringBackFrom(ctx context.Context, path string, day bool, r Report) (said string, err error)
	// Check examines the casebook and says what it found; nothing when it is sound.
	Check(ctx context.Context, r Report) ([]string, error)
}

func (p *Page) safety() fyne.CanvasObject {
	p.backups, p.second = kit.VBox(4), kit.NewLine("")
	p.making = kit.Secondary(text.T("settings.backup", "Make a backup now"), p.makeBackup)
	return kit.TitledCard(text.T("settings.backups", "Backups"), nil, kit.VBox(12,
		p.backups,
		kit.Flow(8, p.making, kit.Secondary(text.T("settings.check", "Check the casebook…"), p.check)),
		kit.Rule(),
		row(text.T("settings.second", "Second place, on another drive if you can"), p.second, p.chooseSecond)))
}

func (p *Page) makeBackup() {
	d := p.deps
	kit.Do(d.Runner, d.Messages, d.Backups.MakeBackup, func() {
		d.Messages.Toast(text.T("settings.backup_done", "A backup was made and checked."))
		p.Reload()
	})
}

func (p *Page) showBackups() {
	p.backups.RemoveAll()
	shown := p.state.backups
	if !p.allBackups {
		shown = shown[:min(len(shown), shownBackups)]
	}
	for _, b := range shown {
		line := kit.NewLine(b.At.In(p.deps.Now().Location()).Format("2 January 2006, 15:04"))
		facts := age(p.deps.Now().Sub(b.At)) + " · " + size(b.Size) + " · " + standing(b)
		what := kit.Soft(facts)
		if b.Unsound {
			what.ColorName = kit.ColorStop
		}
		back := kit.Quiet(text.T("settings.restore", "Restore…"), func() { p.restore(b) })
		if b.Unsound {
			back.Disable()
		}
		p.backups.Add(kit.Frame(nil, nil, kit.VBox(0, line.Short(), what.Short()), back, nil))
	}
	switch more := len(p.state.backups) - len(shown); {
	case len(p.state.backups) == 0:
		p.backups.Add(kit.Hint(text.T("settings.no_backup", "No backup yet. One is made with the first change of every hour.")))
	case more > 0:
		p.backups.Add(kit.QuietRow(kit.Quiet(text.N("settings.more_backups", more, "Show 1 more", "Show %d more"), func() { p.allBackups = true; p.showBackups() })))
	}
	if p.state.trouble != "" {
		p.backups.Add(kit.Wrapped(p.state.trouble, kit.ColorStop))
	}
	p.backups.Refresh()
	if p.state.second == "" {
		p.second.Set(text.T("settings.no_second", "none"), kit.ColorInkSoft)
	} else {
		p.second.Set(p.state.second, kit.ColorInk)
	}
}

func standing(b Backup) string {
	words := text.T("settings.unchecked", "not checked yet")
	switch {
	case b.Unsound:
		words = text.T("settings.unsound", "damaged")
	case b.Verified:
		words = text.T("settings.verified", "verified")
	}
	if b.Second {
		words += " · " + text.T("settings.in_second", "second place")
	}
	return words
}

// age says how long ago in whole hours or days, rounded down.
func age(d time.Duration) string {
	switch hours := int(d.Hours()); {
	case hours < 1:
		return text.T("settings.just_now", "within the hour")
	case hours < 24:
		return text.N("settings.hours_ago", hours, "1 hour ago", "%d hours ago")
	default:
		return text.N("settings.days_ago", hours/24, "1 day ago", "%d days ago")
	}
}

// size is in decimal units, as file managers show it.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// restore asks what is wanted of a backup and does it; the casebook as it is now is
// backed up first.
func (p *Page) restore(b Backup) {
	d := p.deps
	explain := kit.Hint(explained(false))
	way := kit.NewSegments([]kit.Option[bool]{
		{Value: false, Label: text.T("settings.missing", "What is missing")},
		{Value: true, Label: text.T("settings.day", "That day")},
	}, func(day bool) { explain.SetText(explained(day)) })
	d.Dialogs.Open(kit.Dialog{
		Title:   text.T("settings.restore_title", "Restore from %s", b.At.In(d.Now().Location()).Format("2 January 2006, 15:04")),
		Content: kit.VBox(kit.GapInside, way, explain), OK: text.T("settings.restore_ok", "Restore"),
		OnOK: func(h *kit.Handle) {
			day := way.Value()
			h.Close()
			p.restoring(b, day)
		},
	})
}

func explained(day bool) string {
	if day {
		return text.T("settings.day_hint", "Everything reads again as it did that day. What was made since goes to the recycle bin, and what it replaces stays in the history. Locked notes, signatures, releases, safety talks and who may see what stay as protective as they are. A backup of how it is now is made first.")
	}
	return text.T("settings.missing_hint", "What was deleted since, or is not there any more, comes back. What was edited since stays as it is now. A backup of how it is now is made first.")
}

func (p *Page) restoring(b Backup, day bool) {
	d, said := p.deps, ""
	d.Dialogs.Progress(text.T("settings.restoring", "Restoring…"), d.Messages, func(ctx context.Context, report func(part, whole int, what string)) (err error) {
		said, err = d.Backups.BringBackFrom(ctx, b.Path, day, percent(report))
		return err
	}, func(err error) {
		if err == nil {
			d.Messages.Toast(said)
		}
		p.Reload()
	})
}

func (p *Page) check() {
	d := p.deps
	var found []string
	d.Dialogs.Progress(text.T("settings.checking", "Checking the casebook…"), d.Messages, func(ctx context.Context, report func(part, whole int, what string)) (err error) {
		found, err = d.Backups.Check(ctx, percent(report))
		return err
	}, func(err error) {
		if err == nil {
			p.checked(found)
		}
	})
}

// checked says what was found: in a dialog, for it may be long.
func (p *Page) checked(found []string) {
	d := p.deps
	if len(found) == 0 {
		d.Messages.Toast(text.T("settings.sound", "The casebook is sound: every page, row, lock and the search."))
		return
	}
	list := kit.VBox(4, kit.Wrapped(text.T("settings.findings", "Something is wrong with the casebook. Restore what is missing from a verified backup, or open the newest backup as a casebook of its own."), kit.ColorStop))
	for _, f := range found {
		list.Add(kit.Paragraph(f))
	}
	d.Dialogs.Open(kit.Dialog{Title: text.T("settings.found", "What the check found"), Content: d.Dialogs.Scrolled(list)})
}

func percent(report func(part, whole int, what string)) Report {
	return func(done, total int64) {
		if total > 0 {
			report(int(done*100/total), 100, "")
		}
	}
}

// chooseSecond asks for the folder; with one chosen, whether to go on with it.
func (p *Page) chooseSecond() {
	d := p.deps
	set := func(folder string) {
		kit.Do(d.Runner, d.Messages, func(ctx context.Context) error {
			if err := d.Backups.SetSecond(ctx, folder); err != nil || folder == "" {
				return err
			}
			return d.Backups.MakeBackup(ctx) // whether it can be written to is seen at once
		}, p.Reload)
	}
	if p.state.second == "" {
		d.Files.Folder(text.T("settings.second_title", "A second place for backups"), set)
		return
	}
	d.Dialogs.Ask(text.T("settings.second_end", "Make no more second copies?"), text.T("settings.second_end_text", "The copies that lie there stay. You can choose another place afterwards."), text.T("settings.second_end_ok", "No more"), func() { set("") })
}
