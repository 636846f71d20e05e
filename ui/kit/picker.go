package kit

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/couplet-app/couplet/internal/text"
)

// PickRow is something that a Picker offers.
type PickRow struct {
	Row Row
	Run func()
}

// Picker offers what fits the letters that are typed: type, Down, Enter.
type Picker struct {
	Env     Env
	Hint    string    // in the empty field
	Columns []float32 // widths of the cells of the rows
	// Now is offered at once.
	Now func(query string) []PickRow
	// Later is looked up for a query that is not empty, and stands above the rest; nil
	// is nothing.
	Later func(ctx context.Context, query string) ([]PickRow, error)
	// Public says that it offers nothing of clients.
	Public bool

	entry *Entry
	list  *List
	load  *Loader[[]PickRow]
	rows  []PickRow
	at    int
}

// Open shows the picker; Escape closes it.
func (p *Picker) Open() {
	p.entry = NewEntry(p.Hint)
	p.load = NewLoader[[]PickRow](p.Env.Runner, p.Env.Messages)
	p.list = NewList(ListSpec{
		Length: func() int { return len(p.rows) }, Row: p.row, Columns: p.Columns, Open: p.run,
		Empty: container.NewCenter(Soft(text.T("palette.nothing", "Nothing has that name."))),
	})
	p.entry.OnChanged = p.search
	p.entry.OnSubmitted = func(string) { p.run(p.at) }
	p.entry.OnKey = p.key
	p.Env.Dialogs.Open(Dialog{
		Content: Frame(Insets(0, 8, 0, 0, p.entry), nil, p.list, nil, nil),
		First:   p.entry, Width: 640, Height: 440, Bare: true, Public: p.Public, Closed: p.load.Stop,
	})
	p.search("")
}

func (p *Picker) key(k *fyne.KeyEvent) bool {
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

func (p *Picker) choose(i int) {
	if len(p.rows) == 0 {
		return
	}
	p.at = max(0, min(len(p.rows)-1, i))
	p.list.Reload()
	p.list.ScrollTo(p.at)
}

func (p *Picker) row(i int) Row {
	r := p.rows[i].Row
	r.Marked = i == p.at
	return r
}

func (p *Picker) run(i int) {
	if i < 0 || i >= len(p.rows) {
		return
	}
	run := p.rows[i].Run
	p.Env.Dialogs.Dismiss()
	run()
}

func (p *Picker) search(query string) {
	query = strings.TrimSpace(query)
	now := p.Now(query)
	p.set(now)
	if p.Later == nil || query == "" {
		p.load.Stop()
		return
	}
	p.load.Load(func(ctx context.Context) ([]PickRow, error) { return p.Later(ctx, query) }, func(found []PickRow) {
		p.set(append(found, now...))
	})
}

func (p *Picker) set(rows []PickRow) {
	p.rows, p.at = rows, 0
	p.list.Reload()
	if len(rows) > 0 {
		p.list.ScrollTo(0)
	}
}
