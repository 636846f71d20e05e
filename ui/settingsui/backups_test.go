package settingsui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients/changes"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/ui/uitest"
)

// keeping is what the test's casebook keeps beside itself.
type keeping struct {
	trouble  string
	second   string
	restored []string
	findings []string
	binned   []changes.Binned
}

func (b *book) Backups(context.Context) ([]Backup, string, error) {
	return slices.Clone(b.backups), b.trouble, nil
}

func (b *book) MakeBackup(context.Context) error {
	if b.err != nil {
		return b.err
	}
	b.backups = append([]Backup{{At: b.now, Size: 2_340_000, Verified: true}}, b.backups...)
	return nil
}

func (b *book) Second(context.Context) (string, error) { return b.second, nil }

func (b *book) SetSecond(_ context.Context, folder string) error { b.second = folder; return nil }

func (b *book) BringBackFrom(_ context.Context, path string, day bool, r Report) (string, error) {
	r(1, 2)
	how := "missing "
	if day {
		how = "day "
	}
	b.restored = append(b.restored, how+path)
	return "3 things came back.", b.err
}

func (b *book) Check(_ context.Context, r Report) ([]string, error) {
	r(2, 2)
	return b.findings, b.err
}

func (b *book) Bin(context.Context, int) ([]changes.Binned, error) {
	return slices.Clone(b.binned), nil
}

func (b *book) BringBack(_ context.Context, x changes.Binned) error {
	b.binned = slices.DeleteFunc(b.binned, func(y changes.Binned) bool { return y.ID == x.ID })
	return b.err
}

func TestABackupSaysHowItStands(t *testing.T) {
	b := newBook()
	at := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	b.backups = []Backup{
		{Path: "a", At: at, Size: 1_500_000, Verified: true},
		{Path: "b", At: at.Add(-time.Hour), Size: 1, Unsound: true},
		{Path: "c", At: at.Add(-2 * time.Hour), Size: 1},
		{Path: "d", At: at, Size: 1, Verified: true, Second: true},
	}
	b.trouble = "The drive is gone."
	a, p, _ := open(t, b)
	a.MustSay("1.5 MB · verified", "1 kB · damaged", "1 kB · not checked yet", "1 kB · verified · second place", "The drive is gone.")
	if got := uitest.Clipped(t, p); len(got) > 0 {
		t.Errorf("clipped: %v", got)
	}
}

func TestABackupIsRestoredBothWays(t *testing.T) {
	b := newBook()
	b.backups = []Backup{{Path: "a", At: time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC), Verified: true}}
	a, _, _ := open(t, b)
	for range 2 {
		a.Tap("Restore…")
		a.MustSay("What was edited since stays as it is now.")
		if len(b.restored) == 1 {
			a.Tap("That day")
			a.MustSay("Everything reads again as it did that day.")
		}
		a.Tap("Restore")
		a.Settle()
	}
	if got := strings.Join(b.restored, ", "); got != "missing a, day a" {
		t.Errorf("restored %s", got)
	}
	if !slices.Contains(a.Said.Toasts, "3 things came back.") {
		t.Errorf("said %v", a.Said.Toasts)
	}
}

func TestTheCasebookIsCheckedInTheWindow(t *testing.T) {
	b := newBook()
	a, _, _ := open(t, b)
	a.Tap("Check the casebook…")
	a.Settle()
	if len(a.Said.Toasts) != 1 || !strings.Contains(a.Said.Toasts[0], "sound") {
		t.Errorf("said %v", a.Said.Toasts)
	}
	b.findings = []string{"page: page 12 is damaged"}
	a.Tap("Check the casebook…")
	a.Settle()
	a.MustSay("What the check found", "page: page 12 is damaged")
	a.Tap("Close")
	b.err = fault.New(fault.System, "The drive is gone.", "")
	a.Tap("Check the casebook…")
	if len(a.Said.Errors) != 1 {
		t.Errorf("said %v", a.Said.Errors)
	}
}

func TestASecondPlaceIsChosenAndLeft(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	b.second = "/mnt/stick"
	p.Reload()
	a.MustSay("/mnt/stick")
	p.chooseSecond()
	a.Tap("No more")
	a.Settle()
	if b.second != "" {
		t.Errorf("it is still %s", b.second)
	}
}

func TestWhatIsInTheBinComesBack(t *testing.T) {
	b := newBook()
	a, p, _ := open(t, b)
	a.MustSay("Nothing is deleted.")
	for i := range 8 {
		b.binned = append(b.binned, changes.Binned{
			Table: []string{"session", "note"}[i%2], ID: ids.New(), Title: "Ada & Ben", On: time.Date(2026, 5, i+1, 12, 0, 0, 0, time.UTC), At: time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC), Coach: "Ada Winter",
		})
	}
	p.Reload()
	a.MustSay("Session · Ada & Ben · 1 May 2026", "by Ada Winter", "Show 3 more")
	a.MustNotSay("8 May 2026")
	a.Tap("Show 3 more")
	a.MustSay("Note · Ada & Ben · 8 May 2026")
	p.bringBack(b.binned[0])
	a.Settle()
	a.MustNotSay("1 May 2026")
	if got := uitest.Clipped(t, p); len(got) > 0 {
		t.Errorf("clipped: %v", got)
	}
}
