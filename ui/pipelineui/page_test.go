package pipelineui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

var ctx = context.Background()

// place is the page over a real casebook, with a navigator that goes there.
type place struct {
	*uitest.App
	page    *Page
	intake  *intake.Store
	clients *clients.Store
	nav     *walker
}

// walker shows the page's own routes at once and remembers the others.
type walker struct {
	p  *place
	at []kit.Route
}

func (w *walker) Go(r kit.Route) {
	w.at = append(w.at, r)
	if r.Page == PageID {
		w.p.page.Leave()
		w.p.page.Open(r)
		w.p.Settle()
	}
}
func (w *walker) Back()               {}
func (w *walker) Replace(r kit.Route) { w.at = append(w.at, r) }
func (w *walker) last() kit.Route     { return w.at[len(w.at)-1] }

func newPlace(t *testing.T) *place {
	t.Helper()
	a := uitest.NewApp(t)
	cb, _, err := casebook.Create(ctx, filepath.Join(t.TempDir(), "test.couplet"),
		casebook.New{Passphrase: "seven lanterns over a quiet harbour", KDF: vault.FloorKDF, Workspace: "Practice", Coach: "Noor Haddad"}, casebook.Options{Now: a.Env.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cb.Close(); err != nil {
			t.Error(err)
		}
	})
	p := &place{App: a, intake: intake.New(cb), clients: clients.New(cb)}
	p.nav = &walker{p: p}
	p.Env.Nav = p.nav
	p.page = NewPage(p.deps())
	p.Show(p.page)
	return p
}

func (p *place) deps() Deps {
	return Deps{Env: p.Env, Intake: p.intake, Clients: p.clients, Zone: func() string { return "UTC" }}
}

func (p *place) coach() clients.Audience {
	return clients.For(clients.CoachView, day.Day(p.Env.Today()))
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func enquiry(a, b, source string) intake.Enquiry {
	given := func(s string) clients.Person {
		g, f, _ := strings.Cut(s, " ")
		return clients.Person{Name: clients.Name{Given: g, Family: f}}
	}
	return intake.Enquiry{Kind: clients.KindCouple, BookedBy: "a", A: given(a), B: given(b), Source: source, ReceivedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
}

// add stores an enquiry and opens it.
func (p *place) add(e intake.Enquiry) ids.ID {
	p.T.Helper()
	id, err := p.intake.Create(ctx, e)
	if err != nil {
		p.T.Fatal(err)
	}
	p.nav.Go(kit.Route{Page: PageID, ID: id.String()})
	return id
}

func (p *place) stored(id ids.ID) intake.Enquiry {
	p.T.Helper()
	e, err := p.intake.Enquiry(ctx, p.coach(), id)
	if err != nil {
		p.T.Fatal(err)
	}
	return e
}

func (p *place) quiet() {
	p.T.Helper()
	if len(p.Said.Errors) > 0 {
		p.T.Fatalf("said %v", p.Said.Errors)
	}
}

func (p *place) confirm() { p.Env.Dialogs.Confirm(); p.Settle() }

func TestEmptyPlaceOffersTheFirstEnquiry(t *testing.T) {
	p := newPlace(t)
	p.page.Open(kit.Route{Page: PageID})
	p.MustSay("People who ask for coaching stand here", "The last twelve months", "0 of 0")
	p.MustNotSay("Nobody fits")
	p.Tap("New enquiry")
	p.MustSay("First: Given name")
	p.quiet()
}

func TestNewEnquiryByKeysAlone(t *testing.T) {
	p := newPlace(t)
	c := Commands(p.nav)[0]
	if name := c.Shortcut.ShortcutName(); !strings.Contains(name, "Shift") || !strings.Contains(name, "N") {
		t.Errorf("the shortcut is %s", name)
	}
	c.Run()
	for _, s := range []string{"Zoë", "Varga", "Ilan", "Östlund", "a friend"} {
		p.Type(s)
		p.Key(fyne.KeyTab)
	}
	// Who wrote, what it seems to be, what they want; then the message.
	p.Key(fyne.KeyTab, fyne.KeyTab, fyne.KeyTab)
	p.Type("We talk past each other.")
	p.Key(fyne.KeyTab)
	p.Type("zoe@example.org")
	p.Key(fyne.KeyTab)
	p.Type("+31 20 1234567")
	p.confirm()
	p.quiet()
	p.MustSay("Zoë Varga & Ilan Östlund", "Enquiry", "a friend", "We talk past each other.", "zoe@example.org")
	id := must[ids.ID](t)(ids.Parse(p.nav.last().ID))
	e := p.stored(id)
	if e.A.Phone != "+31 20 1234567" || e.B.Family != "Östlund" || e.Kind != clients.KindCouple || !e.ReceivedAt.Equal(p.Env.Now()) {
		t.Errorf("stored %+v", e)
	}
}

func TestFormNamesTheFieldThatIsWrong(t *testing.T) {
	p := newPlace(t)
	p.page.NewEnquiry()
	p.confirm()
	p.MustSay("Write a name, an e-mail address or a telephone number.")
	p.Fill("First: Given name", "Ada")
	p.Fill("Partner: E-mail", "nowhere")
	p.Fill("First: Time zone", "Mars")
	p.confirm()
	p.MustSay("An e-mail address looks like", "This time zone is not known")
	if n := len(must[[]intake.Column](t)(p.intake.Pipeline(ctx, p.coach(), intake.PipelineFilter{}))[0].Cards); n != 0 {
		t.Errorf("%d stored", n)
	}
}

func TestSameNameIsWarnedOf(t *testing.T) {
	p := newPlace(t)
	_, err := p.clients.CreateCouple(ctx, clients.NewCouple{
		A: &clients.Person{Name: clients.Name{Given: "Mara", Family: "Vos"}}, B: &clients.Person{Name: clients.Name{Given: "Tom", Family: "Bakker"}},
	})
	ok(t, err)
	p.page.NewEnquiry()
	p.Type("Mara")
	p.Key(fyne.KeyTab)
	p.MustNotSay("already somebody")
	p.Type("Vos")
	p.Key(fyne.KeyTab)
	p.Settle()
	p.MustSay("There is already somebody of this name: Mara Vos & Tom Bakker.")
}

func TestListByStageAndItsFilters(t *testing.T) {
	p := newPlace(t)
	p.add(enquiry("Ada Berg", "Bo Berg", "a friend"))
	p.add(enquiry("Cleo Dahl", "", "search"))
	booked := p.add(enquiry("Eva Falk", "", "search"))
	ok(t, p.intake.BookCall(ctx, booked, p.Env.Now().Add(24*time.Hour)))
	out := p.add(enquiry("Gus Holm", "", ""))
	ok(t, p.intake.MoveEnquiry(ctx, out, intake.ExitDeclined, "too far"))
	p.page.Open(kit.Route{Page: PageID})
	p.Settle()
	p.MustSay("Enquiry", "2 cards", "Call booked", "1 card", "3 cards", "Ada Berg & Bo Berg", "a friend · since 22 Nov", "All sources")
	p.MustNotSay("Gus Holm", "All coaches")
	p.page.filter.Source = "search"
	p.page.Reload()
	p.MustSay("Cleo Dahl", "Eva Falk")
	p.MustNotSay("Ada Berg")
	p.Tap("With those that ended")
	p.page.filter.Source = ""
	p.page.Reload()
	p.MustSay("Gus Holm", "Declined")
	p.page.filter.Text = "nobody like this"
	p.page.Reload()
	p.MustSay("Nobody fits this filter.")
	p.MustNotSay("People who ask for coaching stand here")
	p.quiet()
}

func TestCoachesAreChosenFromOnceThereAreTwo(t *testing.T) {
	p := newPlace(t)
	other := must[ids.ID](t)(p.clients.AddCoach(ctx, "Lin Park"))
	e := enquiry("Ada Berg", "", "")
	e.CoachID = other
	p.add(e)
	p.add(enquiry("Cleo Dahl", "", ""))
	p.page.Open(kit.Route{Page: PageID})
	p.MustSay("All coaches", "Ada Berg", "Cleo Dahl")
	p.page.filter.Coach = other
	p.page.Reload()
	p.MustSay("Ada Berg", "Lin Park")
	p.MustNotSay("Cleo Dahl")
}

func TestStagesMoveOnBackAndOut(t *testing.T) {
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "Bo Berg", ""))
	p.Tap("Move on…")
	p.confirm()
	if s := p.stored(id).Stage; s != intake.StageCallBooked {
		t.Fatalf("moved to %s", s)
	}
	var back, out []string
	for _, o := range moves(intake.StageConsidering) {
		if strings.HasPrefix(o.Label, "Back to") {
			back = append(back, string(o.Value))
		}
		if strings.HasPrefix(o.Label, "Ends") {
			out = append(out, string(o.Value))
		}
	}
	if want := []string{"enquiry", "call_booked", "call_held"}; !slices.Equal(back, want) || len(out) != len(intake.Exits()) {
		t.Errorf("back %v, out %v", back, out)
	}
	p.Tap("Move on…")
	uitest.First[*kit.Choice[intake.Stage]](p.App).SetValue(intake.ExitLostContact)
	p.confirm()
	p.MustSay("A step back or out needs a reason.")
	p.Fill("Reason", "no answer twice")
	p.confirm()
	p.quiet()
	e := p.stored(id)
	if e.Stage != intake.ExitLostContact {
		t.Errorf("moved to %s", e.Stage)
	}
	p.MustSay("Lost contact · no answer twice")
}

func TestDeleteAndArchiveComeBack(t *testing.T) {
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "", ""))
	p.Tap("Archive")
	p.MustSay("Archived", "Bring back")
	if !p.stored(id).Archived {
		t.Error("not archived")
	}
	p.Tap("Bring back")
	if p.stored(id).Archived {
		t.Error("not brought back")
	}
	p.Tap("Delete")
	p.MustNotSay("Ada Berg")
	if !p.stored(id).Deleted {
		t.Error("not deleted")
	}
	p.Said.TakeBack()
	p.MustSay("Ada Berg")
	p.quiet()
}

func TestFollowUpIsTickedOffAndTakenBack(t *testing.T) {
	p := newPlace(t)
	id := p.add(enquiry("Ada Berg", "", ""))
	ok(t, p.intake.MoveEnquiry(ctx, id, intake.StageCallBooked, ""))
	ok(t, p.intake.MoveEnquiry(ctx, id, intake.ExitNoShow, "did not come"))
	p.Clock.Jump(48 * time.Hour)
	p.page.Open(kit.Route{Page: PageID})
	p.MustSay("Follow-ups due", "One gentle message · 23 November 2026")
	p.Tap("Done")
	if done := p.stored(id).Done; len(done) != 1 || done[0].Due != "2026-11-23" || done[0].On != "2026-11-24" {
		t.Errorf("done %v", done)
	}
	p.Said.TakeBack()
	if done := p.stored(id).Done; len(done) != 0 {
		t.Errorf("still done: %v", done)
	}
	p.page.Reload()
	p.Tap("Open")
	p.MustSay("Ada Berg", "One gentle message")
	p.quiet()
}

func TestFiguresHideSmallShares(t *testing.T) {
	if got := rateRow("x", intake.Rate{Count: 2, Of: 4}); got[1] != "2 of 4" || got[2] != "–" || got[3] != "–" {
		t.Errorf("%v shows a share of four", got)
	}
	if got := rateRow("x", intake.Rate{Count: 9, Of: 20}); got[1] != "9 of 20" || got[2] != "45.0 %" || got[3] != "25.8–65.8 %" {
		t.Errorf("%v", got)
	}
}

func TestLongNamesAndTwoHundredCards(t *testing.T) {
	p := newPlace(t)
	for i := range 200 {
		_, err := p.intake.Create(ctx, enquiry(fmt.Sprintf("Person%03d %s", i, strings.Repeat("Ünïcödé", 20)), "", "a source with a long name that goes on and on"))
		ok(t, err)
	}
	p.page.Open(kit.Route{Page: PageID})
	p.MustSay("200 cards")
	p.page.list.Activate(1)
	p.Settle()
	p.MustSay("Start the call")
	if rows := len(uitest.Texts(p.page.list)); rows > 120 {
		t.Errorf("%d texts are drawn for 200 cards", rows)
	}
	if cut := uitest.Clipped(t, p.page.detail); slices.ContainsFunc(cut, func(s string) bool { return !strings.Contains(s, "Ünïcödé") }) {
		t.Errorf("clipped: %q", cut)
	}
	p.quiet()
}

// broken answers every question with an error.
type broken struct{ Intake }

var errGone = errors.New("the casebook has gone")

func (broken) Enquiry(context.Context, clients.Audience, ids.ID) (intake.Enquiry, error) {
	return intake.Enquiry{}, errGone
}

func TestErrorIsShownAndThePlaceStays(t *testing.T) {
	p := newPlace(t)
	d := p.deps()
	d.Intake = broken{p.intake}
	p.page = NewPage(d)
	p.Show(p.page)
	p.page.Open(kit.Route{Page: PageID, ID: ids.New().String()})
	if len(p.Said.Errors) != 1 || !errors.Is(p.Said.Errors[0], errGone) {
		t.Errorf("said %v", p.Said.Errors)
	}
	p.MustSay("The last twelve months")
}
