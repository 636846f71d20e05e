package coupleui

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/share"
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

// TestTheHistoryShowsAValueThatLost: two casebooks, two coaches, one telephone number.
func TestTheHistoryShowsAValueThatLost(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"), "podcast")
	zoe := p.header(id, clients.CoachView).Partner(clients.SlotA).PersonID
	ben, err := p.clients.AddCoach(ctx, "Ben Weir")
	p.ok(err)
	folder, to := filepath.Join(t.TempDir(), "shared"), filepath.Join(t.TempDir(), "other.couplet")
	secret, opts := vault.Secret{Passphrase: "seven lanterns over a quiet harbour"}, casebook.Options{Now: p.Env.Now}
	p.ok(share.Share(ctx, p.cb, folder, share.Options{}))
	p.ok(share.Join(ctx, folder, to, secret, share.Options{}, opts, nil))
	other, err := casebook.Open(ctx, to, secret, opts)
	p.ok(err)
	defer other.Close()
	other.SetCoach(ben)
	call := func(s *clients.Store, phone string) {
		p.Clock.Jump(time.Minute)
		p.ok(s.UpdatePerson(ctx, zoe, func(x *clients.Person) error { x.Phone = phone; return nil }))
	}
	call(clients.New(other), "0171 555")
	call(p.clients, "0172 555")
	for _, cb := range []*casebook.Casebook{other, p.cb} {
		_, err := share.Sync(ctx, cb, share.Options{})
		p.ok(err)
	}
	p.open(id, kit.LensCoach)
	p.page.record.history()
	p.Settle()
	p.MustSay("Ben Weir", "Zoë · Telephone: “0171 555” was written at the same time as “0172 555” by Noor Haddad, which stands.", "Zoë · Telephone: nothing → “0172 555”")
	p.Capture("couples-history-lost")
	p.Tap("Take “0171 555” instead")
	p.Settle()
	p.quiet()
	if x, err := p.clients.Person(ctx, p.coach(), zoe); err != nil || x.Phone != "0171 555" {
		t.Errorf("the phone is %s (%v)", x.Phone, err)
	}
	p.page.record.history()
	p.Settle()
	p.MustSay("took the other of two values", "Zoë · Telephone: “0172 555” → “0171 555”")
	p.MustNotSay("at the same time")
}

// TestARecordThatCameBackIsKept: it is marked until the coach says that it stays.
func TestARecordThatCameBackIsKept(t *testing.T) {
	p := newPlace(t)
	id := p.couple(named("Zoë", "Marsh"), named("Ilan", "Adler"))
	folder, to := filepath.Join(t.TempDir(), "shared"), filepath.Join(t.TempDir(), "other.couplet")
	secret, opts := vault.Secret{Passphrase: "seven lanterns over a quiet harbour"}, casebook.Options{Now: p.Env.Now}
	p.ok(share.Share(ctx, p.cb, folder, share.Options{}))
	p.ok(share.Join(ctx, folder, to, secret, share.Options{}, opts, nil))
	other, err := casebook.Open(ctx, to, secret, opts)
	p.ok(err)
	defer other.Close()
	p.ok(p.clients.DeleteCouple(ctx, id))
	p.Clock.Jump(time.Minute)
	p.ok(clients.New(other).UpdateCouple(ctx, id, func(x *clients.Couple) error { x.Since = "2019"; return nil }))
	for _, cb := range []*casebook.Casebook{other, p.cb} {
		_, err := share.Sync(ctx, cb, share.Options{})
		p.ok(err)
	}
	p.open(id, kit.LensA)
	p.MustNotSay("came back")
	p.open(id, kit.LensCoach)
	p.MustSay("came back from the recycle bin", "deleted on one computer and changed on another")
	p.Tap("Keep it")
	p.changed()
	p.quiet()
	p.MustNotSay("came back")
	if h := p.header(id, clients.CoachView); h.Back || h.Deleted {
		t.Errorf("%+v", h)
	}
}
