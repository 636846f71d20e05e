package coupleui

import (
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/ui/kit"
)

func TestTheHistoryOfARecordBringsAnEarlierValueBack(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"), "podcast")
	zoe := p.header(id, clients.CoachView).Partner(clients.SlotA).PersonID
	for _, phone := range []string{"111", "222"} {
		p.ok(p.clients.UpdatePerson(ctx, zoe, func(x *clients.Person) error { x.Phone = phone; return nil }))
	}
	p.ok(p.clients.DeleteCouple(ctx, id))
	p.ok(p.clients.RestoreCouple(ctx, id))
	p.open(id, kit.LensA)
	for _, c := range p.page.Commands() {
		if c.ID == "couples.history" && c.IsEnabled() {
			t.Error("a client's lens offers the history")
		}
	}
	p.open(id, kit.LensCoach)
	p.page.record.history()
	p.Settle()
	p.MustSay("History of this record", "Zoë · Telephone: “111” → “222”", "Zoë · Telephone: nothing → “111”", "Noor Haddad", "made a record", "Tag: podcast", "In the recycle bin: “no” → “yes”", "Ilan · In the recycle bin: “no” → “yes”")
	if n := len(p.Texts()); strings.Count(strings.Join(p.Texts(), "\n"), "deleted a record") != 1 {
		t.Errorf("one action is told more than once in %d texts", n)
	}
	p.Tap("Bring back “111”")
	p.Settle()
	p.quiet()
	x, err := p.clients.Person(ctx, p.coach(), zoe)
	p.ok(err)
	if x.Phone != "111" || p.Env.Dialogs.IsOpen() {
		t.Errorf("the phone is %s", x.Phone)
	}
}
