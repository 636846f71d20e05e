package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// foundLimit is how many records the palette shows.
const foundLimit = 8

type paletteRow struct {
	row kit.Row
	run func()
}

// palette reaches every command and every record: type, Down, Enter.
func (s *Shell) palette() {
	p := &palette{shell: s, entry: kit.NewEntry(text.T("palette.hint", "Type a name or what you want to do"))}
	p.load = kit.NewLoader[[]Found](s.env.Runner, s.notices)
	p.list = kit.NewList(kit.ListSpec{
		Length:  func() int { return len(p.rows) },
		Row:     p.row,
		Columns: []float32{110},
		Open:    p.open,
		Empty:   container.NewCenter(kit.Soft(text.T("palette.nothing", "Nothing has that name."))),
	})
	p.entry.OnChanged = p.search
	p.entry.OnSubmitted = func(string) { p.open(p.at) }
	p.entry.OnKey = p.key
	p.dialogs = s.env.Dialogs
	p.dialogs.Open(kit.Dialog{
		Content: kit.Frame(kit.Insets(0, 8, 0, 0, p.entry), nil, p.list, nil, nil),
		First:   p.entry, Width: 640, Height: 440, Bare: true, Closed: p.load.Stop,
	})
	p.search("")
}

type palette struct {
	shell   *Shell
	dialogs *kit.Dialogs
	entry   *kit.Entry
	list    *kit.List
	load    *kit.Loader[[]Found]
	rows    []paletteRow
	at      int
}

func (p *palette) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown:
		p.choose(p.at + 1)
	case fyne.KeyUp:
		p.choose(p.at - 1)
	default:
		return false
	}
	return true
}

func (p *palette) choose(i int) {
	if len(p.rows) == 0 {
		return
	}
	p.at = max(0, min(len(p.rows)-1, i))
	p.list.Reload()
	p.list.ScrollTo(p.at)
}

func (p *palette) row(i int) kit.Row {
	r := p.rows[i].row
	r.Marked = i == p.at
	return r
}

func (p *palette) open(i int) {
	if i < 0 || i >= len(p.rows) {
		return
	}
	run := p.rows[i].run
	p.dialogs.Dismiss()
	run()
}

func (p *palette) search(query string) {
	commands := p.commands(query)
	p.set(commands)
	finder := p.shell.open.Finder()
	query = strings.TrimSpace(query)
	if finder == nil || query == "" {
		p.load.Stop()
		return
	}
	p.load.Load(func(ctx context.Context) ([]Found, error) { return finder.Find(ctx, query, foundLimit) }, func(all []Found) {
		var rows []paletteRow
		for _, f := range all {
			rows = append(rows, paletteRow{kit.Row{Title: f.Title, Detail: f.Detail}, func() { p.shell.Go(f.Route) }})
		}
		p.set(append(rows, commands...))
	})
}

func (p *palette) set(rows []paletteRow) {
	p.rows, p.at = rows, 0
	p.list.Reload()
	if len(rows) > 0 {
		p.list.ScrollTo(0)
	}
}

// commands are those that can be run now and have every word of the query in their
// title.
func (p *palette) commands(query string) []paletteRow {
	var rows []paletteRow
	words := strings.Fields(strings.ToLower(query))
	for _, c := range p.shell.Commands() {
		if c.ID == "palette" || c.ID == "confirm" || !c.IsEnabled() || !hasAll(strings.ToLower(c.Title), words) {
			continue
		}
		rows = append(rows, paletteRow{
			kit.Row{Title: c.Title, Detail: text.T("palette.command", "Command"), Cells: []kit.Cell{{Text: keys(c.Shortcut)}}},
			func() { p.shell.run(c) },
		})
	}
	return rows
}

func hasAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}
