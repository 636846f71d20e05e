package rightsui

import (
	"context"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

var ctx = context.Background()

// place is the page over a real casebook.
type place struct {
	*uitest.App
	*uitest.Book
	page   *Page
	couple ids.ID
	a, b   ids.ID
	made   string
}

const longName = "Maximiliane-Alexandra von und zu Hohenlohe-Langenburg-Schillingsfürst"

func newPlace(t testing.TB) *place {
	t.Helper()
	p := &place{App: uitest.NewApp(t)}
	p.Book = p.App.Book()
	p.page = NewPage(Deps{Env: p.Env, Rights: p.Rights, People: p.Clients, Work: p})
	p.Show(p.page)
	id, err := p.Clients.CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: longName}}, B: &clients.Person{Name: clients.Name{Given: "Ilan"}}, Engagement: &clients.Engagement{Policy: clients.NoSecrets, StartedOn: "2026-09-01"}})
	p.Must(err)
	c, err := p.Clients.Couple(ctx, p.Record(id, clients.CoachView).Audience, id)
	p.Must(err)
	p.couple, p.a, p.b = id, c.A, c.B
	return p
}

func (p *place) Erase(ctx context.Context, plan *rights.Plan, _ func(int, int, string)) (rights.Erasure, error) {
	run, err := p.Rights.Apply(ctx, p.page.deps.aud(), plan)
	if err != nil {
		return rights.Erasure{}, err
	}
	return p.Rights.Erasure(ctx, p.page.deps.aud(), run)
}

func (p *place) EraseDue(ctx context.Context, d rights.Due, _ func(int, int, string)) (rights.Erasure, error) {
	_, err := p.Rights.EraseDue(ctx, p.page.deps.aud(), d)
	return rights.Erasure{}, err
}

func (p *place) Subject(_ context.Context, _ ids.ID, path string) error {
	p.made = path
	return nil
}

func (p *place) Certificate(_ context.Context, _ rights.Erasure, path string) error {
	return os.WriteFile(path, []byte("certificate"), 0o600)
}

// note writes a note about both.
func (p *place) note(body string) {
	p.T.Helper()
	_, err := p.Sessions.QuickNote(ctx, p.couple, clients.Us, body, p.Clock.Now(), "UTC")
	p.Must(err)
}

// An erasure is looked through item by item, by key, and nothing happens before the end.
func TestAPlanIsLookedThroughByKey(t *testing.T) {
	p := newPlace(t)
	p.note("Both spoke about " + longName + " and money.")
	p.note("Nothing of anybody.")
	p.page.Open(kit.Route{Page: PageID, ID: p.a.String()})
	p.Settle()
	p.Capture("rights-person")
	p.Tap("Look through it…")
	q := p.page.queue
	if q == nil || q.plan.Undecided() < 2 {
		t.Fatalf("%+v", q)
	}
	p.Capture("rights-queue")
	q.FocusGained()
	for _, i := range q.plan.Items {
		if i.Both && !strings.Contains(i.Text, "money") && !strings.Contains(i.Text, "Nothing") {
			t.Errorf("asked about %s %q", i.Table, i.Text)
		}
	}
	for q.plan.Undecided() > 0 {
		if strings.Contains(q.plan.Items[q.at].Text, "money") {
			q.TypedRune('d')
		} else {
			q.TypedRune('l')
		}
	}
	person, err := p.Clients.Person(ctx, p.page.deps.aud(), p.a)
	p.Must(err)
	if person.Given != longName {
		t.Fatal("erased before the end")
	}
	q.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	p.Tap("Erase…")
	p.Env.Dialogs.Confirm()
	p.Settle()
	person, err = p.Clients.Person(ctx, p.page.deps.aud(), p.a)
	p.Must(err)
	if person.Given != share.Former {
		t.Errorf("still called %q", person.Given)
	}
	p.page.Open(kit.Route{Page: PageID})
	p.Settle()
	p.Capture("rights-all")
	e, err := p.Rights.Erasures(ctx, p.page.deps.aud())
	p.Must(err)
	if len(e) != 1 || e[0].Counts.Left != 1 {
		t.Errorf("%+v", e)
	}
}

// A request stands on the page with its day until it is finished, and is done for nobody
// whose identity was not looked at.
func TestARequestIsWorkedOn(t *testing.T) {
	p := newPlace(t)
	id, err := p.Rights.Ask(ctx, p.a, rights.Access, "2026-11-01")
	p.Must(err)
	p.page.Open(kit.Route{Page: PageID, ID: p.a.String()})
	p.Settle()
	p.Tap("Finish")
	p.Env.Dialogs.Confirm()
	p.Settle()
	if all, err := p.Rights.OpenRequests(ctx, p.page.deps.aud()); err != nil || len(all) != 1 {
		t.Fatalf("%v %v", all, err)
	}
	p.Env.Dialogs.CloseAll()
	p.Must(p.Rights.Identify(ctx, id, "saw the passport", "2026-11-02"))
	p.page.Reload()
	p.Settle()
	p.Tap("Finish")
	p.Env.Dialogs.Confirm()
	p.Settle()
	if all, err := p.Rights.OpenRequests(ctx, p.page.deps.aud()); err != nil || len(all) != 0 {
		t.Fatalf("%v %v", all, err)
	}
}
