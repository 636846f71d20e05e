package shareui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/share"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// book is a casebook that is shared in memory.
type book struct {
	state    share.State
	shared   bool
	sample   bool
	lies     bool
	err      error
	folder   string
	called   string
	looks    int
	removed  []ids.ID
	back     []ids.ID
	left     []bool
	offered  int
	leaveErr error
}

func (b *book) State() (share.State, bool) { return b.state, b.shared }
func (b *book) Look(context.Context) error { b.looks++; return nil }
func (b *book) Called() string             { return "anna-laptop" }
func (b *book) Rename(_ context.Context, n string) error {
	if n == "" {
		return fault.Input("name", "Give this computer a name.")
	}
	b.state.Devices[0].Name = n
	return nil
}

func (b *book) Place() string {
	if b.sample {
		return ""
	}
	return "/books/Practice.couplet"
}

func (b *book) Share(_ context.Context, folder, name string) error {
	if b.err != nil {
		return b.err
	}
	b.folder, b.called, b.shared = folder, name, true
	b.state.Folder, b.state.Trouble = folder, nil
	return nil
}

func (b *book) Remove(_ context.Context, id ids.ID) error {
	b.removed = append(b.removed, id)
	return nil
}

func (b *book) TakeBack(_ context.Context, id ids.ID) error { b.back = append(b.back, id); return nil }

func (b *book) Leave(_ context.Context, quietly bool) error {
	b.left = append(b.left, quietly)
	if !quietly && b.leaveErr != nil {
		return b.leaveErr
	}
	b.shared = false
	return nil
}

func open(t *testing.T, b *book) (*uitest.App, *Page, Deps) {
	t.Helper()
	a := uitest.NewApp(t)
	d := Deps{Env: a.Env, Sharing: b, OfferMove: func() bool { b.offered++; return b.lies }}
	p := NewPage(d)
	a.Show(p)
	p.Open(kit.Route{Page: PageID})
	a.Settle()
	return a, p, d
}

func sharedBook(now time.Time) *book {
	return &book{shared: true, state: share.State{
		Folder: "/sync/Practice", At: now,
		Devices: []share.Device{
			{ID: ids.New(), Name: "Anna's laptop", Own: true},
			{ID: ids.New(), Name: "Ben", Heard: now.Add(-75 * time.Hour)},
			{ID: ids.New(), Name: "Noor", Heard: now.Add(-2 * time.Minute)},
			{ID: ids.New(), Name: "The old one", Heard: now.Add(-900 * time.Hour), Removed: now.Add(-30 * time.Hour)},
			{ID: ids.New()},
		},
	}}
}

var now = time.Date(2026, 11, 22, 14, 3, 0, 0, time.UTC)

func TestStandingIsOneLine(t *testing.T) {
	s := sharedBook(now).state
	for _, c := range []struct {
		change func(*share.State)
		want   string
		bad    bool
	}{
		{func(*share.State) {}, "Up to date · Noor 2 minutes ago · Ben 3 days ago", false},
		{func(s *share.State) { s.Working = true }, "Working… · Noor 2 minutes ago · Ben 3 days ago", false},
		{func(s *share.State) { s.At, s.Devices = time.Time{}, nil }, "Looking into the shared folder…", false},
		{func(s *share.State) { s.Devices = s.Devices[:1]; s.Waiting = make([]share.Waiting, 2) }, "2 files wait", true},
		{func(s *share.State) {
			s.Devices, s.Trouble = nil, fault.New(fault.System, "The shared folder is not there.", "")
		}, "Waiting: The shared folder is not there", true},
		{func(s *share.State) {
			s.Devices, s.Trouble = nil, fault.Wrap(fault.Refused, share.ErrRemoved, "x.", "")
		}, "Removed from sharing", true},
		{func(s *share.State) {
			for range 3 {
				s.Devices = append(s.Devices, share.Device{Heard: now.Add(-time.Hour)})
			}
		}, "Up to date · Noor 2 minutes ago · another computer 1 hour ago · another computer 1 hour ago · 2 more", false},
	} {
		x := s
		x.Devices = append([]share.Device{}, s.Devices...)
		c.change(&x)
		if got, bad := Standing(x, now); got != c.want || bad != c.bad {
			t.Errorf("%q, %v; want %q, %v", got, bad, c.want, c.bad)
		}
	}
}

func TestSharingBeginsWithAFolder(t *testing.T) {
	b := &book{}
	a, p, _ := open(t, b)
	a.Capture("sharing-alone")
	a.Tap("Share this casebook…")
	a.MustSay("a sealed copy", "open with your passphrase alone", "works without a network", "nothing is lost", "anna-laptop")
	a.Capture("sharing-ask")
	a.Tap("Share")
	a.MustSay("Choose the folder, or write its whole path.")
	a.Files.Path = "/sync/Practice"
	a.Tap("Browse…")
	b.err = fault.New(fault.Refused, "The casebook itself lies in this folder.", "Choose another.")
	a.Tap("Share")
	a.MustSay("The casebook itself lies in this folder.")
	b.err = nil
	a.Tap("Share")
	if b.folder != "/sync/Practice" || b.called != "anna-laptop" || a.Nav.Last().Page != PageID {
		t.Errorf("shared %q as %q, went %v", b.folder, b.called, a.Nav.Last())
	}
	p.Stands()
	a.Settle()
	a.MustSay("/sync/Practice", "How it stands")
}

func TestACasebookInASyncedFolderIsMovedFirst(t *testing.T) {
	b := &book{lies: true}
	a, _, _ := open(t, b)
	a.Tap("Share this casebook…")
	if b.offered != 1 || a.Env.Dialogs.IsOpen() {
		t.Errorf("offered %d times", b.offered)
	}
}

func TestTheSampleIsNotShared(t *testing.T) {
	b := &book{sample: true}
	a, _, d := open(t, b)
	a.MustSay("nothing of it is kept")
	a.MustNotSay("Share this casebook…")
	if Commands(d)[0].IsEnabled() {
		t.Error("the command is offered")
	}
}

func TestWhoTakesPart(t *testing.T) {
	b := sharedBook(now)
	a, p, d := open(t, b)
	a.MustSay("Up to date", "Anna's laptop", "this computer", "last heard 2 minutes ago", "last heard 3 days ago", "takes part no longer, since", "another computer", "not heard yet")
	if got := uitest.Clipped(t, p); len(got) > 0 {
		t.Errorf("clipped: %v", got)
	}
	a.Capture("sharing")
	if c := Commands(d); c[0].IsEnabled() || !c[1].IsEnabled() {
		t.Error("what is shared is offered to be shared")
	}
	a.Tap("Rename…")
	e := a.Field("This computer is called").(*kit.Entry)
	e.SetText(" ")
	a.Tap("Save")
	a.MustSay("Give this computer a name.")
	e.SetText(" Anna ")
	a.Tap("Save")
	a.Settle()
	if b.state.Devices[0].Name != "Anna" {
		t.Errorf("it is called %q", b.state.Devices[0].Name)
	}
	a.Tap("Remove…") // the first: Ben
	a.MustSay("Remove Ben?", "Nothing is lost", "give that coach another one under Coaches")
	a.Capture("sharing-remove")
	a.Tap("Remove")
	a.Tap("Take back")
	if len(b.removed) != 1 || b.removed[0] != b.state.Devices[1].ID || len(b.back) != 1 || b.back[0] != b.state.Devices[3].ID {
		t.Errorf("removed %v, took back %v", b.removed, b.back)
	}
	looks := b.looks
	a.Tap("Look now")
	if b.looks != looks+1 {
		t.Error("it did not look")
	}
}

func TestWhatWaitsIsNamedWithWhatToDo(t *testing.T) {
	b := sharedBook(now)
	b.state.Waiting = []share.Waiting{{Name: "Practice.changes/x.chg", Kind: share.WaitNewer, Since: now.Add(-time.Hour), Sentence: "This file was written by a newer version of Couplet.", Hint: "Update Couplet on this computer."}}
	b.state.Notices = []share.Notice{
		{Kind: share.NoticeClock, Sentence: "The clock of Ben is far ahead."},
		{Kind: share.NoticeBack, Row: share.Row{Table: "session"}},
		{Kind: share.NoticeMoved, Name: "Practice (Ben's copy).couplet"},
	}
	a, p, _ := open(t, b)
	a.MustSay("1 file waits", "x.chg", "newer version", "Update Couplet", "It waits since 22 November, 13:03.", "clock of Ben", "A session came back from the recycle bin", "Ben's copy")
	a.Capture("sharing-waits")
	b.state.Trouble = fault.New(fault.System, "The shared folder is not there.", "Connect the disk.")
	p.Stands()
	a.Settle()
	a.MustSay("Waiting", "The shared folder is not there.", "Connect the disk.")
	a.Capture("sharing-trouble")
}

func TestARemovedComputerMayTakePartAgain(t *testing.T) {
	b := sharedBook(now)
	b.state.Trouble = fault.Wrap(fault.Refused, share.ErrRemoved, "This computer was removed from sharing on 3 November 2026.", "Everything stays.")
	a, _, _ := open(t, b)
	a.MustSay("removed from sharing on 3 November", "Everything stays.")
	a.Capture("sharing-removed")
	a.Tap("Take part again")
	if b.folder != "/sync/Practice" || b.called != "anna-laptop" {
		t.Errorf("shared %q as %q", b.folder, b.called)
	}
	a.Settle()
	a.MustSay("Up to date")
}

func TestLeavingLosesNothingAndNeedsNoFolder(t *testing.T) {
	b := sharedBook(now)
	b.leaveErr = fault.New(fault.System, "The shared folder is not there.", "Connect the disk.")
	a, _, _ := open(t, b)
	a.Tap("Leave sharing…")
	a.MustSay("Nothing is lost")
	a.Tap("Leave")
	a.MustSay("The others could not be told", "The shared folder is not there.")
	a.Capture("sharing-quietly")
	a.Tap("Leave now")
	a.Settle()
	a.MustSay("on this computer alone")
	if len(b.left) != 2 || b.left[0] || !b.left[1] || len(a.Said.Errors) > 0 {
		t.Errorf("left %v, said %v", b.left, a.Said.Errors)
	}
}

func TestThePageIsBuiltAnewOnlyForNews(t *testing.T) {
	b := sharedBook(now)
	a, p, _ := open(t, b)
	before := p.cards.Objects[0]
	p.Stands()
	if p.cards.Objects[0] != before {
		t.Error("it was built anew for nothing")
	}
	b.state.Trouble = errors.New("x")
	p.Stands()
	if p.cards.Objects[0] == before {
		t.Error("news is not shown")
	}
	_ = a
}

func TestTheCardInTheSettings(t *testing.T) {
	b := &book{}
	a, _, d := open(t, b)
	c := NewCard(d)
	a.Show(c)
	a.MustSay("on this computer alone", "Share this casebook…")
	*b = *sharedBook(now)
	c.Stands()
	a.Settle()
	a.MustSay("Up to date · Noor 2 minutes ago")
	a.Tap("How it stands…")
	if a.Nav.Last().Page != PageID {
		t.Errorf("went %v", a.Nav.Last())
	}
}

func TestAgo(t *testing.T) {
	for d, want := range map[time.Duration]string{59 * time.Second: "just now", time.Minute: "1 minute ago", 59 * time.Minute: "59 minutes ago", time.Hour: "1 hour ago", 24 * time.Hour: "1 day ago", -time.Hour: "just now"} {
		if got := Ago(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
	if strings.Contains(Ago(time.Hour), "%") {
		t.Error("a number is missing")
	}
}
