package coupleui

import (
	"fmt"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
)

// BenchmarkFill is what the drawing thread does for each key typed into the filter of a
// list of 5,200 records.
func BenchmarkFill(b *testing.B) {
	p := newPlace(b)
	p.page.Open(kit.Route{Page: PageID})
	var l clients.List
	for i := range 5200 {
		l.Rows = append(l.Rows, clients.Row{ID: ids.New(), Title: fmt.Sprintf("Couple %d", i), Stage: "active", Tags: []string{"podcast", "parents"}})
	}
	l.Total = len(l.Rows)
	p.page.route.ID = l.Rows[5199].ID.String()
	for b.Loop() {
		p.page.fill(l)
	}
}
