package tracesui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

type world struct {
	*uitest.App
	*uitest.Book
	traces *traces.Store
	couple ids.ID
	page   *Page
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{App: uitest.NewApp(t)}
	w.Book = w.App.Book()
	w.couple = w.Couple("Anna", "Ben")
	w.traces = w.Book.Traces
	w.page = New(Deps{Env: w.Env, Traces: w.traces, Titles: w.Clients})
	w.Show(w.page)
	return w
}

func (w *world) out(kind, reader, name string) {
	w.T.Helper()
	w.Must(w.traces.Exported(context.Background(), traces.Export{Kind: kind, Reader: reader, CoupleID: w.couple, Code: "12ab34cd", Name: name}))
}

// The page says who did what, with names that stand in no trace.
func TestTheLogIsReadWithNames(t *testing.T) {
	w := newWorld(t)
	w.page.kind.SetValue(traces.ReleaseGiven)
	w.page.Open(kit.Route{Page: PageID})
	w.Settle()
	w.MustSay("Nothing of the kind was done.")
	w.page.kind.SetValue("")
	_, err := w.Clients.GiveRelease(context.Background(), clients.Release{CoupleID: w.couple, Partner: clients.SlotA, ItemID: ids.New()})
	w.Must(err)
	w.out(traces.KindReport, "a", "progress-A.pdf")
	w.page.Reload()
	w.Settle()
	w.MustSay("Recorded a release", "Let a copy out", "report · for A", "Changed what concerns safety", "Anna", "4 entries")
	w.Capture("traces-log")
	w.page.kind.SetValue(traces.ReleaseGiven)
	w.page.Reload()
	w.MustSay("Recorded a release", "1 entry")
	w.MustNotSay("for A")
	w.NoErrors()
}

// Each copy stands in the register until it is ticked off, by key too, and the tick can be
// taken back.
func TestPV47CopiesAreTickedOff(t *testing.T) {
	w := newWorld(t)
	w.out(traces.KindReport, "joint", "progress-J.pdf")
	other := w.Couple("Carl", "Dora")
	w.Must(w.traces.Exported(context.Background(), traces.Export{Kind: traces.KindReport, Reader: "b", CoupleID: other, Name: "other.pdf"}))
	w.page.Open(kit.Route{Page: PageID, Tab: CopiesTab, ID: w.couple.String()})
	w.Settle()
	w.MustSay("progress-J.pdf", "not deleted", "for both", "1 entry", "Asked about after 30 days")
	w.MustNotSay("other.pdf")
	w.Capture("traces-copies")
	w.Window.Canvas().Focus(kit.FirstFocusable(w.page.list))
	w.Key(fyne.KeyReturn)
	w.MustSay("deleted on 22 November 2026")
	w.Said.TakeBack()
	w.MustSay("not deleted")
	w.Tap("Of all records")
	w.MustSay("other.pdf", "2 entries")
	w.Tap("Asked about after 30 days")
	w.Field("After so many days; 0 is never").(*kit.Entry).SetText("0")
	w.Tap("Save")
	w.MustSay("Never asked about")
	w.NoErrors()
}
