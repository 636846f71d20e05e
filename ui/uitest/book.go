package uitest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/clients/intake"
	"github.com/couplet-app/couplet/clients/rights"
	"github.com/couplet-app/couplet/clients/traces"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/day"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/reports"
	"github.com/couplet-app/couplet/sessions"
	"github.com/couplet-app/couplet/sessions/practices"
	"github.com/couplet-app/couplet/sessions/quizzes"
	"github.com/couplet-app/couplet/ui/kit"
)

const bookPassphrase = "nine kettles on a slow river"

// Book is a real, encrypted casebook with its stores, on the clock of the test.
type Book struct {
	Clients   *clients.Store
	Intake    *intake.Store
	Sessions  *sessions.Store
	Quizzes   *quizzes.Store
	Practices *practices.Store
	Reports   *reports.Store
	Traces    *traces.Store
	Changes   *changes.Store
	Rights    *rights.Store

	t      testing.TB
	path   string
	clock  *Clock
	cb     *casebook.Casebook
	folder string  // through which it is shared
	others []*Book // the same on other computers
}

// Book makes an empty casebook in a folder of the test.
func (a *App) Book() *Book {
	a.T.Helper()
	b := &Book{t: a.T, path: filepath.Join(a.T.TempDir(), "test.couplet"), clock: a.Clock}
	cb, _, err := casebook.Create(context.Background(), b.path, casebook.New{Passphrase: bookPassphrase, KDF: vault.FloorKDF, Workspace: "Test practice", Coach: "Test coach"}, casebook.Options{Now: a.Clock.Now})
	b.use(cb, err)
	a.T.Cleanup(func() { b.Must(b.cb.Close()) })
	return b
}

func (b *Book) use(cb *casebook.Casebook, err error) {
	b.t.Helper()
	b.Must(err)
	b.cb = cb
	b.Clients, b.Intake, b.Quizzes = clients.New(cb), intake.New(cb), quizzes.NewStore(cb)
	b.Sessions = sessions.New(cb, b.Clients.MayBeginJoint)
	b.Practices, b.Traces = practices.NewStore(cb, b.Clients), traces.New(cb)
	b.Rights = rights.New(cb, sessions.LockNotes)
	b.Changes = changes.New(cb, b.Clients.MayBeginJoint)
	b.Reports = reports.NewStore(cb, b.Clients, b.Sessions, b.Quizzes, b.Practices)
}

// Reopen closes the file and opens it again, as after the program ended: pages that
// were made before are over.
func (b *Book) Reopen() {
	b.t.Helper()
	b.Must(b.cb.Close())
	b.use(casebook.Open(context.Background(), b.path, vault.Secret{Passphrase: bookPassphrase}, casebook.Options{Now: b.clock.Now}))
}

// Elsewhere is the same casebook on another computer, where another coach works.
func (b *Book) Elsewhere(coach string) *Book {
	b.t.Helper()
	ctx, opts := context.Background(), casebook.Options{Now: b.clock.Now}
	if b.folder == "" {
		b.folder = filepath.Join(b.t.TempDir(), "shared")
		b.Must(share.Share(ctx, b.cb, b.folder, share.Options{Device: "laptop"}))
	}
	id, err := b.Clients.AddCoach(ctx, coach)
	b.Must(err)
	_, err = share.Sync(ctx, b.cb, share.Options{})
	b.Must(err)
	o := &Book{t: b.t, path: filepath.Join(b.t.TempDir(), "other.couplet"), clock: b.clock}
	b.Must(share.Join(ctx, b.folder, o.path, vault.Secret{Passphrase: bookPassphrase}, share.Options{Device: "desk"}, opts, nil))
	o.use(casebook.Open(ctx, o.path, vault.Secret{Passphrase: bookPassphrase}, opts))
	o.cb.SetCoach(id)
	b.t.Cleanup(func() { o.Must(o.cb.Close()) })
	b.others = append(b.others, o)
	return o
}

// Keep shares the casebook and keeps it in step on the clock of the test, as the window
// does. Told counts the files that the folder was told in.
func (b *Book) Keep() (told func() int) {
	b.t.Helper()
	if b.folder == "" {
		b.folder = filepath.Join(b.t.TempDir(), "shared")
		b.Must(share.Share(context.Background(), b.cb, b.folder, share.Options{Device: "laptop"}))
	}
	k := share.Keep(b.cb, share.Keeping{After: b.clock.After, Watch: func(func(string)) (share.Watcher, error) { return nil, errors.ErrUnsupported }})
	b.t.Cleanup(k.Close)
	return func() int {
		b.t.Helper()
		files, err := filepath.Glob(filepath.Join(b.folder, "*.changes", "*.chg"))
		b.Must(err)
		return len(files)
	}
}

// InStep lets this casebook and those elsewhere read what the others wrote.
func (b *Book) InStep() {
	b.t.Helper()
	for range 2 {
		for _, x := range append([]*Book{b}, b.others...) {
			_, err := share.Sync(context.Background(), x.cb, share.Options{})
			b.Must(err)
		}
	}
}

// Must ends the test for an error.
func (b *Book) Must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// Today is the coach's audience of the clock's day.
func (b *Book) Today() clients.Audience { return clients.For(clients.CoachView, day.Of(b.clock.Now())) }

// Couple makes an active couple whose screens are clear, with the test's coach.
func (b *Book) Couple(nameA, nameB string) ids.ID {
	b.t.Helper()
	ctx := context.Background()
	coaches, err := b.Clients.Coaches(ctx)
	b.Must(err)
	n := clients.NewCouple{
		A:     &clients.Person{Name: clients.Name{Given: nameA}},
		Stage: "active", StageAt: b.clock.Now(),
		Engagement: &clients.Engagement{Policy: clients.NoSecrets, StartedOn: b.Today().On().Add(-90), Coaches: []ids.ID{coaches[0].ID}},
	}
	if nameB != "" {
		n.B = &clients.Person{Name: clients.Name{Given: nameB}}
	}
	id, err := b.Clients.CreateCouple(ctx, n)
	b.Must(err)
	for _, p := range b.Header(id, clients.CoachView).Partners {
		b.Screen(id, p.Slot, clients.ScreenClear)
	}
	return id
}

// Screen records a safety screen of one partner.
func (b *Book) Screen(couple ids.ID, slot clients.Slot, o clients.Outcome) {
	b.t.Helper()
	_, err := b.Clients.RecordScreen(context.Background(), clients.Screen{
		CoupleID: couple, PersonID: b.Header(couple, clients.CoachView).Partner(slot).PersonID, Outcome: o, HeldOn: b.Today().On(),
	})
	b.Must(err)
}

// Header is the top of a record for one reader.
func (b *Book) Header(couple ids.ID, r clients.Reader) clients.Header {
	b.t.Helper()
	h, err := b.Clients.Header(context.Background(), clients.For(r, b.Today().On()), couple, b.clock.Now())
	b.Must(err)
	return h
}

// Record is a record as the window gives it to a tab, for one reader.
func (b *Book) Record(couple ids.ID, r clients.Reader) kit.Record {
	b.t.Helper()
	return kit.Record{Couple: couple, Header: b.Header(couple, r), Audience: clients.For(r, b.Today().On()), Lens: kit.Lens(r)}
}
