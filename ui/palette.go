package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/couplet-app/couplet/internal/text"
	"github.com/couplet-app/couplet/ui/kit"
)

// foundLimit is how many records the palette shows.
const foundLimit = 8

// palette reaches every command and every record: type, Down, Enter.
func (s *Shell) palette() {
	p := &kit.Picker{
		Env: s.env, Hint: text.T("palette.hint", "Type a name or what you want to do"),
		Columns: []float32{110}, Now: s.commandRows, Public: true,
	}
	// Whoever looks on as a client is told of no other client (rule PV-13).
	if finder := s.open.Finder(); finder != nil && !s.Where().Lens.IsClient() && !s.shield.On() {
		p.Later = func(ctx context.Context, query string) ([]kit.PickRow, error) {
			all, err := finder.Find(ctx, query, foundLimit)
			var rows []kit.PickRow
			for _, f := range all {
				rows = append(rows, kit.PickRow{Row: kit.Row{Title: f.Title, Detail: f.Detail}, Run: func() { s.Go(f.Route) }})
			}
			return rows, err
		}
	}
	p.Open()
}

// commandRows are the commands that can be run now and have every word of the query in
// their title.
func (s *Shell) commandRows(query string) []kit.PickRow {
	var rows []kit.PickRow
	words := strings.Fields(strings.ToLower(query))
	for _, c := range placesFirst(s.Commands()) {
		if c.ID == "palette" || c.ID == "confirm" || !c.IsEnabled() || !hasAll(strings.ToLower(c.Title), words) {
			continue
		}
		rows = append(rows, kit.PickRow{
			Row: kit.Row{Title: c.Title, Detail: text.T("palette.command", "Command"), Cells: []kit.Cell{{Text: keys(c.Shortcut)}}},
			Run: func() { s.run(c) },
		})
	}
	return rows
}

// placesFirst begins with where one can go and ends with what leaves the casebook, so that
// Enter pressed too early does no harm.
func placesFirst(all []kit.Command) []kit.Command {
	rank := func(c kit.Command) int {
		switch {
		case strings.HasPrefix(c.ID, "go."):
			return 0
		case c.Menu == MenuFile:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b kit.Command) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

func hasAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}
