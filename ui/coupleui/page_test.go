package coupleui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

func TestEmptyPlaceOffersTheFirstRecord(t *testing.T) {
	p := newPlace(t)
	p.page.Open(kit.Route{Page: PageID})
	p.MustSay("Couples and single clients stand here.", "New couple", "New single client", "0 records")
	p.MustNotSay("Any coach") // there is one
	p.Window.Canvas().Focus(p.page.First())
	p.Type("nobody")
	p.MustSay("No record fits these filters.")
	p.quiet()
}

func TestTheListIsFilteredAndSorted(t *testing.T) {
	p := newPlace(t)
	p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"), "podcast")
	away := p.couple(named("Bo", ""), named("Kit", ""))
	p.couple(named("Ada", ""), nil, "parents")
	p.ok(p.clients.ArchiveCouple(ctx, away, true))
	_, err := p.clients.AddCoach(ctx, "Sam")
	p.ok(err)
	p.page.Open(kit.Route{Page: PageID})
	titles := func() string {
		var out []string
		for _, r := range p.page.rows {
			out = append(out, r.Title)
		}
		return strings.Join(out, ", ")
	}
	if got := titles(); got != "Ada, Zoë Marsh & Ilan Adler" {
		t.Fatalf("by name: %s", got)
	}
	p.MustSay("Ada", "Zoë Marsh & Ilan Adler", "Call held", "podcast", "2 records", "Any coach")
	pick := func(c interface{ SetSelected(string) }, label string) { c.SetSelected(label); p.Settle() }
	pick(p.page.shelf, "Archived")
	p.MustSay("Bo & Kit", "archived", "1 record")
	pick(p.page.shelf, "All")
	if got := titles(); got != "Ada, Bo & Kit, Zoë Marsh & Ilan Adler" {
		t.Errorf("all: %s", got)
	}
	pick(p.page.shelf, "Current")
	pick(p.page.tag, "podcast")
	if got := titles(); got != "Zoë Marsh & Ilan Adler" {
		t.Errorf("by tag: %s", got)
	}
	pick(p.page.stage, "Active")
	p.MustSay("No record fits these filters.")
	pick(p.page.stage, "Call held")
	pick(p.page.coach, "Sam")
	p.MustSay("0 records")
	pick(p.page.coach, "Any coach")
	// A tag that is gone does not hide everything without a word.
	p.ok(p.clients.SetTags(ctx, p.page.rows[0].ID, nil))
	p.changed()
	if got := titles(); got != "Ada, Zoë Marsh & Ilan Adler" {
		t.Errorf("after the tag was gone: %s", got)
	}
	if v, _ := p.page.tag.Value(); v != "" {
		t.Errorf("the filter still says %q", v)
	}
	p.Window.Canvas().Focus(p.page.search)
	p.Type("zo")
	if got := titles(); got != "Zoë Marsh & Ilan Adler" {
		t.Errorf("by text: %s", got)
	}
	p.quiet()
}

func TestAListOfManyShowsOnlyWhatIsSeenAndStaysWhereItWasScrolled(t *testing.T) {
	p := newPlace(t)
	var many clients.List
	for i := range 5200 {
		many.Rows = append(many.Rows, clients.Row{ID: ids.New(), Title: fmt.Sprintf("Couple %d", i), Stage: "active"})
	}
	many.Total = len(many.Rows)
	p.page.Open(kit.Route{Page: PageID})
	p.page.route.ID = many.Rows[2600].ID.String()
	p.page.fill(many)
	p.Settle()
	p.MustSay("5200 records", "Couple 2600")
	if rows := uitest.Find[*listRow](p.page); len(rows) > 40 {
		t.Errorf("%d rows exist for the few that are seen", len(rows))
	}
	p.page.list.ScrollTo(0)
	p.page.fill(many) // something was saved
	p.Settle()
	p.MustSay("Couple 0")
}

func TestByKeysAloneARecordIsFoundAndOpened(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"))
	p.couple(named("Ada", ""), nil)
	p.page.Open(kit.Route{Page: PageID})
	p.Window.Canvas().Focus(p.page.First())
	p.Type("marsh")
	for i := 0; p.Focused() != p.page.list.Focusable(); i++ {
		if i > 12 {
			t.Fatal("Tab does not reach the list")
		}
		p.Key(fyne.KeyTab)
	}
	p.Key(fyne.KeyReturn)
	p.Settle()
	if p.page.route.ID != id.String() {
		t.Fatalf("open is %q", p.page.route.ID)
	}
	p.MustSay("with us since 1 September 2026")
	for i := 0; p.Focused() != fyne.Focusable(p.page.record.tabs); i++ {
		if i > 12 {
			t.Fatal("Tab does not reach the tabs")
		}
		p.Key(fyne.KeyTab)
	}
	p.Key(fyne.KeyRight)
	p.MustSay("the other tab")
	if last := p.Nav.Replaced[len(p.Nav.Replaced)-1]; last.Tab != "sessions" || last.ID != id.String() {
		t.Errorf("the history says %v", last)
	}
	p.quiet()
}

func TestALensShowsNoOtherClient(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"), "PRIVATETAG")
	p.couple(named("Somebody", "Else"), nil)
	p.open(id, kit.LensCoach)
	p.MustSay("Somebody Else", "PRIVATETAG", "Call held")
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		p.MustSay("Zoë Marsh & Ilan Adler")
		p.MustNotSay("Somebody Else", "PRIVATETAG", "Call held", "2 records", "New couple", "Archive")
		if p.page.First() != fyne.Focusable(p.page.record.tabs) {
			t.Error("the keys go to a field that is not there")
		}
		for _, c := range p.page.Commands() {
			if strings.HasPrefix(c.ID, "couples.") && c.Enabled != nil && c.IsEnabled() {
				t.Errorf("%s can be done through the lens %s", c.ID, l)
			}
		}
	}
	p.Tap("All records")
	p.MustSay("Somebody Else")
	p.quiet()
}

func TestASingleClientHasNoLensOfTheOther(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Ada", ""), nil)
	for _, l := range []kit.Lens{kit.LensJoint, kit.LensB, kit.LensA} {
		p.open(id, l)
		if p.page.record.route.Lens != kit.LensA {
			t.Errorf("%s shows %s", l, p.page.record.route.Lens)
		}
		p.MustSay("A · Ada", "Coach only")
		p.MustNotSay("Us", "B ·")
	}
	p.quiet()
}

func TestTabsOfOtherPackagesGetTheRecordAsTheLensSeesIt(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", ""), named("Ilan", ""), "PRIVATETAG")
	p.Env.Nav.Go(kit.Route{Page: PageID, ID: id.String(), Tab: "sessions", Lens: kit.LensA, Item: "some-item"})
	got := p.other.opened[len(p.other.opened)-1]
	if got.Couple != id || got.Lens != kit.LensA || got.Item != "some-item" || got.Audience.Reader() != clients.A || len(got.Header.Tags) > 0 || got.Header.Stage != "" {
		t.Errorf("the tab got %+v", got)
	}
	n := len(p.other.opened)
	p.changed()
	if p.other.reloads != 1 || len(p.other.opened) != n {
		t.Errorf("after a change: %d reloads, %d openings more", p.other.reloads, len(p.other.opened)-n)
	}
	left := p.other.left
	p.Tap("Overview")
	if p.other.left == left {
		t.Error("the tab was not left")
	}
	p.page.Leave()
	p.page.Open(kit.Route{Page: PageID, ID: id.String(), Tab: "sessions"})
	if len(p.other.opened) != n+1 {
		t.Error("the tab was not opened anew")
	}
	p.page.Open(kit.Route{Page: PageID, ID: id.String(), Tab: "no-such-tab"})
	p.MustSay("Engagement", "Agreements")
}

func TestARecordIsArchivedDeletedAndBroughtBack(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"))
	p.open(id, kit.LensCoach)
	archived := func() bool { return p.header(id, clients.CoachView).Archived }
	p.Tap("Archive")
	p.changed()
	if !archived() || p.page.record.shelve.Text != "Bring back" {
		t.Fatalf("archived %v, the button says %q", archived(), p.page.record.shelve.Text)
	}
	p.MustSay("0 records") // the record stays open
	p.page.record.archive()
	p.changed()
	if archived() {
		t.Error("still archived")
	}
	p.page.record.archive()
	p.Said.TakeBack()
	if archived() {
		t.Error("Undo did not bring it back")
	}
	p.page.record.remove()
	p.changed()
	p.MustSay("Choose a record")
	p.MustNotSay("Zoë Marsh")
	if !p.header(id, clients.CoachView).Deleted {
		t.Error("not deleted")
	}
	p.Said.TakeBack()
	p.changed()
	p.MustSay("Zoë Marsh & Ilan Adler", "with us since")
	// The way back through the history leads to a deleted record: it can be brought back.
	p.ok(p.clients.DeleteCouple(ctx, id))
	p.open(id, kit.LensCoach)
	p.MustSay("deleted", "Bring back")
	p.page.record.archive()
	p.changed()
	if h := p.header(id, clients.CoachView); h.Deleted || h.Title != "Zoë Marsh & Ilan Adler" {
		t.Errorf("%+v", h)
	}
	p.quiet()
}

// broken fails where it is told to.
type broken struct {
	*clients.Store
	err error
}

func (b *broken) Couple(context.Context, clients.Audience, ids.ID) (clients.Couple, error) {
	return clients.Couple{}, b.err
}

func TestARecordThatIsNotThereLeavesNothingOfTheOneBefore(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"))
	p.open(id, kit.LensCoach)
	p.open(ids.New(), kit.LensCoach)
	p.MustSay("This record is not here any more.")
	p.MustNotSay("with us since", "Coach only")
	if len(p.Said.Errors) != 1 {
		t.Errorf("said %v", p.Said.Errors)
	}
	for _, c := range p.page.Commands() {
		if c.ID == "couples.delete" && c.IsEnabled() {
			t.Error("a record that is not there can be deleted")
		}
	}
	p.page.record.deps.Clients = &broken{p.clients, errors.New("the disk is gone")}
	p.open(id, kit.LensB)
	p.MustNotSay("Zoë Marsh & Ilan Adler", "Overview")
}

// Where the list and a record have no room side by side the record has it all, and one
// word leads back to the list.
func TestANarrowWindowShowsOneAtATime(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"))
	p.open(id, kit.LensCoach)
	p.MustSay("New couple")
	p.MustNotSay("All records")
	narrow := fyne.NewSize(p.page.record.MinSize().Width+100, 600)
	p.Window.Resize(narrow)
	p.MustNotSay("New couple")
	p.MustSay("Zoë Marsh & Ilan Adler", "All records")
	p.Tap("All records")
	p.MustSay("New couple", "Zoë Marsh & Ilan Adler")
	p.MustNotSay("Overview")
	p.page.list.Activate(0)
	p.Settle()
	p.Window.Resize(narrow) // the list and the picture beside it may need more
	p.MustSay("Overview", "All records")
	p.Window.Resize(fyne.NewSize(1280, 800))
	p.MustSay("New couple", "Overview")
	p.MustNotSay("All records")
	p.quiet()
}

func TestLongNamesDoNotWidenTheWindow(t *testing.T) {
	p := newPlace(t)
	long := strings.Repeat("Wolfeschlegelsteinhausen", 9)[:clients.MaxName]
	id := p.couple(named(long, long), named("<>&\"😀", "سميرة"), strings.Repeat("t", clients.MaxTag), "two", "three", "four", "five", "six", "seven")
	for _, l := range []kit.Lens{kit.LensCoach, kit.LensJoint, kit.LensA, kit.LensB} {
		p.open(id, l)
		if w := p.page.MinSize().Width; w > 824 {
			t.Errorf("through %s the page needs %v", l, w)
		}
	}
	p.open(id, kit.LensCoach)
	if cut := uitest.Clipped(t, p.page); len(cut) > 0 {
		t.Errorf("clipped: %.100q", cut)
	}
	p.quiet()
}
