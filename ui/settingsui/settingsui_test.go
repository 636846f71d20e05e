package settingsui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/accessui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// book is a workspace in memory.
type book struct {
	name     string
	coaches  []Member
	lent     []clients.Lending
	guest    bool // who is signed in is not the owner
	told     string
	oldKey   bool
	days     int
	pass     string
	recovery string
	backups  []Backup
	now      time.Time
	err      error
	keeping
}

func (b *book) Name(context.Context) (string, error) { return b.name, b.err }

func (b *book) SetName(_ context.Context, name string) error { b.name = name; return b.err }

func (b *book) Members(context.Context) ([]Member, bool, error) {
	return slices.Clone(b.coaches), !b.guest, nil
}

func (b *book) Lent(context.Context) ([]clients.Lending, error) { return b.lent, nil }

func (b *book) AddCoach(_ context.Context, name string, role clients.Role, passphrase string) error {
	if name == "" {
		return fault.Input("name", "Write the coach's name.")
	}
	b.coaches = append(b.coaches, Member{Coach: clients.Coach{ID: ids.New(), Name: name, Role: role}, Passphrase: passphrase != "", Given: passphrase != ""})
	return nil
}

func (b *book) member(id ids.ID) *Member {
	return &b.coaches[slices.IndexFunc(b.coaches, func(m Member) bool { return m.ID == id })]
}

func (b *book) SetRole(_ context.Context, id ids.ID, role clients.Role) error {
	b.member(id).Role = role
	return nil
}

func (b *book) LetIn(_ context.Context, id ids.ID, passphrase string) error {
	m := b.member(id)
	m.Passphrase, m.Given, b.told = true, true, passphrase
	return nil
}

func (b *book) SetAccess(_ context.Context, id ids.ID, open bool) error {
	b.member(id).Role = map[bool]clients.Role{false: "left", true: clients.RoleCoach}[open]
	return nil
}

func (b *book) OldRecoveryKey() bool { return b.oldKey }

func (b *book) RenameCoach(_ context.Context, id ids.ID, name string) error {
	for i := range b.coaches {
		if b.coaches[i].ID == id {
			b.coaches[i].Name = name
			return nil
		}
	}
	return fault.New(fault.NotFound, "No such coach.", "")
}

func (b *book) LockDays(context.Context) (int, error) { return b.days, nil }

func (b *book) SetLockDays(_ context.Context, days int) error {
	if days < 1 || days > 365 {
		return fault.Input("lock_days", "Notes can lock after 1 to 365 days.")
	}
	b.days = days
	return nil
}

func (b *book) ChangePassphrase(_ context.Context, old, fresh string) error {
	if old != b.pass {
		return fault.New(fault.Refused, "The passphrase does not open this casebook.", "")
	}
	b.pass = fresh
	return nil
}

func (b *book) NewRecoveryKey(_ context.Context, passphrase string) (string, error) {
	if passphrase != b.pass {
		return "", fault.New(fault.WrongKey, "The passphrase does not open this casebook.", "")
	}
	return "AAAA-BBBB", nil
}

func (b *book) SetRecoveryKey(_ context.Context, key string) error { b.recovery = key; return nil }

// window is the window's own settings.
type window struct {
	mode  kit.Mode
	scale float32
	after time.Duration
	shown string
}

func newBook() *book {
	return &book{name: "Two Rivers Coaching", coaches: []Member{{Coach: clients.Coach{ID: ids.New(), Name: "Ada Winter", Role: clients.RoleOwner}, Me: true, Passphrase: true}}, days: 7, pass: "river lantern moss quartet"}
}

func open(t *testing.T, b *book) (*uitest.App, *Page, *window) {
	t.Helper()
	a, w := uitest.NewApp(t), &window{scale: 1, after: 10 * time.Minute}
	b.now = a.Env.Now()
	p := NewPage(Deps{
		Env: a.Env, Workspace: b, Backups: b, Bin: b, Version: "1.2.3", Access: accessui.Deps{Env: a.Env, Role: clients.RoleOwner},
		Appearance:    func() (kit.Mode, float32) { return w.mode, w.scale },
		SetAppearance: func(m kit.Mode, s float32) { w.mode, w.scale = m, s },
		LockAfter:     func() time.Duration { return w.after },
		SetLockAfter:  func(d time.Duration) { w.after = d },
		ShowRecoveryKey: func(key string, keep func(context.Context) error) {
			w.shown = key
			a.T.Helper()
			if err := keep(context.Background()); err != nil {
				a.T.Error(err)
			}
		},
	})
	a.Show(p)
	p.Open(kit.Route{Page: PageID})
	a.Settle()
	return a, p, w
}

func TestEverySettingIsShown(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	a.MustSay("Workspace", "Two Rivers Coaching", "Ada Winter", "Notes", "7 days", "Security", "10 minutes", "Appearance", "100 %", "About", "Couplet 1.2.3", "Apache License 2.0", "Open Font License", "No backup yet")
	if got := uitest.Clipped(t, p); len(got) > 0 {
		t.Errorf("clipped: %v", got)
	}
	b.name = ""
	p.Reload()
	a.MustSay("not named yet")
}

func TestAnErrorIsToldAndNothingHalfIsShown(t *testing.T) {
	b := newBook()
	b.err = errors.New("the disk is gone")
	a, _, _ := open(t, b)
	if len(a.Said.Errors) != 1 {
		t.Fatalf("said %v", a.Said.Errors)
	}
	a.MustNotSay("Workspace", "0 days")
}

func TestLockDaysStandAtTheirField(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	change := func(days string) {
		p.askLockDays()
		e := a.Field("Days").(*kit.Entry)
		e.SetText(days)
		a.Tap("Save")
	}
	change("soon")
	form := uitest.First[*kit.Form](a)
	if got := form.ErrorAt("lock_days"); got != "Write a number." {
		t.Errorf("under the field stands %q", got)
	}
	a.Env.Dialogs.Dismiss()
	change("366")
	form = uitest.First[*kit.Form](a)
	if got := form.ErrorAt("lock_days"); !strings.Contains(got, "1 to 365") {
		t.Errorf("under the field stands %q", got)
	}
	a.Env.Dialogs.Dismiss()
	change("14")
	if b.days != 14 {
		t.Errorf("notes lock after %d days", b.days)
	}
	a.MustSay("14 days")
}

func TestThePassphraseIsChangedOnlyWhenItIsSafe(t *testing.T) {
	const good = "copper violin meadow harbour"
	for name, c := range map[string]struct{ old, fresh, again, says string }{
		"empty":       {"river lantern moss quartet", "", "", "Choose a passphrase."},
		"tried first": {"river lantern moss quartet", "password", "password", "This one is tried first."},
		"differs":     {"river lantern moss quartet", good, good + "s", "The two are not the same."},
		"wrong old":   {"river lantern", good, good, "does not open"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook()
			a, _, _ := open(t, b)
			a.Tap("Change the passphrase…")
			a.Fill("The passphrase so far, or your recovery key", c.old)
			a.Fill("The new one", c.fresh)
			a.Fill("The same passphrase again", c.again)
			a.Tap("Change it")
			a.MustSay(c.says)
			if b.pass != "river lantern moss quartet" {
				t.Error("the passphrase was changed")
			}
		})
	}
	b := newBook()
	a, _, _ := open(t, b)
	a.Tap("Change the passphrase…")
	a.Fill("The passphrase so far, or your recovery key", b.pass)
	a.Fill("The new one", good)
	a.MustSay("somebody with the file")
	a.Fill("The same passphrase again", good)
	a.Capture("settings-passphrase")
	a.Tap("Change it")
	if b.pass != good || len(a.Said.Toasts) != 1 {
		t.Errorf("changed %v, said %v", b.pass == good, a.Said.Toasts)
	}
	if a.Env.Dialogs.IsOpen() {
		t.Error("the form is still open")
	}
}

func TestBackupsSayWhenHowOldAndHowBig(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	a.Tap("Make a backup now")
	a.Settle()
	a.MustSay("22 November 2026, 14:03", "within the hour · 2.3 MB")
	a.MustNotSay("No backup yet")
	for i := range 6 {
		b.backups = append(b.backups, Backup{At: b.now.Add(-time.Duration(i+1) * 24 * time.Hour), Size: 1})
	}
	p.Reload()
	a.Settle()
	a.MustSay("1 day ago · 1 kB", "4 days ago", "Show 2 more")
	a.MustNotSay("5 days ago")
	a.Tap("Show 2 more")
	a.MustSay("5 days ago", "6 days ago")

	b.err = errors.New("the disk is full")
	a.Tap("Make a backup now")
	if len(a.Said.Errors) != 1 || len(a.Said.Toasts) != 1 {
		t.Errorf("said %v and %v", a.Said.Errors, a.Said.Toasts)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		59 * time.Minute: "within the hour", time.Hour: "1 hour ago", 23 * time.Hour: "23 hours ago",
		24 * time.Hour: "1 day ago", 49 * time.Hour: "2 days ago",
	} {
		if got := age(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestTheWindowsOwnSettings(t *testing.T) {
	a, p, w := open(t, newBook())
	a.Tap("Dark")
	if w.mode != kit.Dark || w.scale != 1 {
		t.Errorf("the window is %+v", *w)
	}
	p.size.SetSelected("150 %")
	p.after.SetSelected("20 minutes")
	if *w != (window{mode: kit.Dark, scale: 1.5, after: 20 * time.Minute}) {
		t.Errorf("the window is %+v", *w)
	}
	// The menu makes text larger by steps that are not in the list.
	w.scale, w.after = 1.1, 0
	p.Reload()
	if p.size.Text() != "110 %" || p.after.Text() != "never" {
		t.Errorf("shown %q and %q", p.size.Text(), p.after.Text())
	}
	if w.scale != 1.1 || w.after != 0 {
		t.Errorf("loading changed the window to %+v", *w)
	}
}

func TestKeysReachEverythingAndTheFocusStays(t *testing.T) {
	a, p, _ := open(t, newBook())
	seen := map[fyne.Focusable]bool{}
	for range 30 {
		a.Key(fyne.KeyTab)
		seen[a.Focused()] = true
	}
	for _, f := range []fyne.Focusable{p.after, p.making, p.modes, p.size} {
		if !seen[f] {
			t.Errorf("Tab does not reach %T", f)
		}
	}
	a.Window.Canvas().Focus(p.making)
	a.Key(fyne.KeyReturn)
	a.Settle()
	if a.Focused() != fyne.Focusable(p.making) {
		t.Errorf("after the backup the focus is on %T", a.Focused())
	}
	a.MustSay("within the hour")
}

// The palette leads to a card: it is in view, and the focus stands in it.
func TestACommandLeadsToItsCard(t *testing.T) {
	a, p, _ := open(t, newBook())
	a.Window.Resize(fyne.NewSize(1000, 500))
	for _, c := range Commands(a.Nav) {
		c.Run()
		r := a.Nav.Last()
		p.Open(r)
		a.Settle()
		card := p.named[r.Tab]
		if card == nil {
			t.Fatalf("%s leads to no card: %v", c.Title, r)
		}
		if kit.FirstFocusable(card) == nil {
			continue // an empty bin
		}
		if a.Window.Canvas().Focused() != kit.FirstFocusable(card) {
			t.Errorf("%s: the focus is not in its card", c.Title)
		}
	}
}

func TestLongNames(t *testing.T) {
	b := newBook()
	b.name = strings.Repeat("A very long name of a business ", 12)
	b.coaches[0].Name = strings.Repeat("Wilhelmina ", 30)
	_, p, _ := open(t, b)
	if got := p.MinSize().Width; got > 900 {
		t.Errorf("long names make the page %v wide", got)
	}
}

func TestShotsSettings(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	b.coaches = append(b.coaches, Member{Coach: clients.Coach{ID: ids.New(), Name: "Noor Haddad", Role: clients.RoleCoach}, Passphrase: true},
		Member{Coach: clients.Coach{ID: ids.New(), Name: "Sam Reed", Role: clients.RoleAssistant}, Passphrase: true, Given: true},
		Member{Coach: clients.Coach{ID: ids.New(), Name: "Lin Park", Role: clients.RoleSupervisor}}, Member{Coach: clients.Coach{ID: ids.New(), Name: "Tomas Berg", Role: "left"}})
	b.oldKey = true
	for i := range 3 {
		b.backups = append(b.backups, Backup{At: b.now.Add(-time.Duration(i) * 26 * time.Hour), Size: 2_340_000})
	}
	p.Reload()
	a.Settle()
	a.MustSay("Noor Haddad", "1 day ago")
	a.Capture("settings")
}

func TestANewRecoveryKeyNeedsThePassphrase(t *testing.T) {
	b := newBook()
	a, _, w := open(t, b)
	a.Tap("Make a new recovery key…")
	a.Env.Dialogs.Confirm()
	a.MustSay("Type the passphrase.")
	a.Type("wrong")
	a.Env.Dialogs.Confirm()
	a.MustSay("does not open this casebook")
	if w.shown != "" || b.recovery != "" {
		t.Fatalf("shown %q, kept %q", w.shown, b.recovery)
	}
	a.Window.Canvas().Focused().(*kit.Entry).SetText(b.pass)
	a.Env.Dialogs.Confirm()
	if w.shown != "AAAA-BBBB" || b.recovery != "AAAA-BBBB" {
		t.Errorf("shown %q, kept %q", w.shown, b.recovery)
	}
}
