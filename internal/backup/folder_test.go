package backup_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
)

func list(t *testing.T, dir string) []backup.File {
	t.Helper()
	files, err := backup.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func flip(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOneAnHourAndTheOldestGo(t *testing.T) {
	c, clock := casebooktest.NewClock(t)
	dir := t.TempDir()
	made := 0
	for range 30 {
		for range 2 {
			m, err := backup.Hourly(ctx, c, dir)
			if err != nil {
				t.Fatal(err)
			}
			if m.Path != "" {
				made++
			}
			clock.Move(30 * time.Minute)
		}
	}
	if made != 30 {
		t.Errorf("%d were made in 30 hours", made)
	}
	have := list(t, dir)
	if len(have) != 24 { // the last of the day before is one of the 24 hours
		t.Errorf("%d stay", len(have))
	}
	for _, f := range have {
		if !f.Verified {
			t.Errorf("%s is not verified", f.Path)
		}
	}
}

func TestADamagedBackupTakesNoOthersPlace(t *testing.T) {
	c, clock := casebooktest.NewClock(t)
	dir := t.TempDir()
	now := func() string {
		m, err := backup.Now(ctx, c, dir)
		if err != nil {
			t.Fatal(err)
		}
		return m.Path
	}
	first := now()
	clock.Move(10 * time.Minute)
	second := now()
	if have := list(t, dir); len(have) != 2 {
		t.Errorf("of the last day there are %d: all stay", len(have))
	}
	flip(t, second)
	if have := list(t, dir); have[0].Verified {
		t.Error("it was touched and counts as verified")
	}
	clock.Move(48 * time.Hour) // of one hour and day, the last sound one stays
	third := now()
	files, err := backup.Checked(ctx, dir, c.Key(), false, nil)
	if err != nil || len(files) != 3 || files[0].Path != third || !files[0].Verified || files[1].Verified || files[2].Path != first || !files[2].Verified {
		t.Errorf("%+v (%v)", files, err)
	}
	flip(t, third) // the newest is damaged: the hour has none, and the next write makes one
	if _, err := backup.Checked(ctx, dir, c.Key(), false, nil); err != nil {
		t.Fatal(err)
	}
	if m, err := backup.Hourly(ctx, c, dir); err != nil || m.Path == "" {
		t.Errorf("made %q (%v)", m.Path, err)
	}
}

// The clock was a year ahead when a backup was made: the one made now is the last
// verified, whatever its name says, and stays.
func TestAClockThatWasAhead(t *testing.T) {
	c, clock := casebooktest.NewClock(t)
	dir := t.TempDir()
	clock.Move(365 * 24 * time.Hour)
	for range 60 {
		clock.Move(31 * 24 * time.Hour)
		if _, err := backup.Now(ctx, c, dir); err != nil {
			t.Fatal(err)
		}
	}
	clock.Move(-(365 + 60*31) * 24 * time.Hour)
	m, err := backup.Hourly(ctx, c, dir)
	if err != nil || m.Path == "" {
		t.Fatalf("made %q (%v)", m.Path, err)
	}
	if _, err := os.Stat(m.Path); err != nil {
		t.Error("the one just verified was pruned")
	}
}

func TestWhatACrashLeftIsSweptAndNoBackup(t *testing.T) {
	c := casebooktest.New(t)
	dir := t.TempDir()
	if _, err := backup.Make(ctx, c, dir); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{".tmp-OLD": 2 * time.Hour, ".tmp-OLD-wal": 2 * time.Hour, ".tmp-NEW": 0} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if have := list(t, dir); len(have) != 1 {
		t.Errorf("%d backups", len(have))
	}
	if _, err := backup.Make(ctx, c, dir); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
	if err != nil || !slices.Equal(left, []string{filepath.Join(dir, ".tmp-NEW")}) {
		t.Errorf("left: %v (%v)", left, err)
	}
	if have := list(t, dir); len(have) != 2 || !strings.HasSuffix(have[0].Path, "-2"+backup.Extension) {
		t.Errorf("two of one minute: %+v", have)
	}
}

func TestASecondPlace(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	c, clock := casebooktest.NewClock(t)
	dir, err := backup.Folder(c)
	if err != nil {
		t.Fatal(err)
	}
	drive := filepath.Join(t.TempDir(), "stick")
	if err := backup.SetSecond(dir, drive); err == nil {
		t.Error("a folder that is not there was taken")
	}
	if err := os.Mkdir(drive, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := backup.SetSecond(dir, drive); err != nil {
		t.Fatal(err)
	}
	m, err := backup.Now(ctx, c, dir)
	if err != nil || m.Second != nil {
		t.Fatal(err, m.Second)
	}
	there, err := backup.SecondFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if have := list(t, there); len(have) != 1 || !have[0].Verified || filepath.Base(have[0].Path) != filepath.Base(m.Path) {
		t.Errorf("in the second place: %+v", have)
	}
	if err := os.RemoveAll(drive); err != nil { // pulled out
		t.Fatal(err)
	}
	clock.Move(2 * time.Hour)
	m, err = backup.Hourly(ctx, c, dir)
	if err != nil || m.Path == "" || !fault.Is(m.Second, fault.System) {
		t.Errorf("the first backup: %q (%v); the second place says %v", m.Path, err, m.Second)
	}
	if _, err := os.Stat(drive); err == nil {
		t.Error("a drive that is not there came to life as a folder")
	}
	if err := backup.SetSecond(dir, ""); err != nil {
		t.Fatal(err)
	}
	clock.Move(2 * time.Hour)
	if m, err = backup.Hourly(ctx, c, dir); err != nil || m.Second != nil {
		t.Error(err, m.Second)
	}
}

func TestABackupOfAnotherCasebookIsNotMixedIn(t *testing.T) {
	c, other := casebooktest.New(t), casebooktest.New(t)
	dir := t.TempDir()
	path, err := backup.Make(ctx, other, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []func() (backup.Outcome, error){
		func() (backup.Outcome, error) { return backup.Missing(ctx, c, t.TempDir(), path, nil) },
		func() (backup.Outcome, error) { return backup.Day(ctx, c, t.TempDir(), path, nil) },
	} {
		if _, err := f(); !fault.Is(err, fault.Refused) {
			t.Errorf("got %v", err)
		}
	}
	var actions int
	if err := c.Reader().QueryRowContext(ctx, `SELECT count(*) FROM action WHERE name LIKE 'restore.%'`).Scan(&actions); err != nil || actions != 0 {
		t.Errorf("%d restores (%v)", actions, err)
	}
}

func TestADamagedBackupBringsNothingBack(t *testing.T) {
	c := casebooktest.New(t)
	add(t, c, "Before")
	path, err := backup.Make(ctx, c, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	flip(t, path)
	if _, err := backup.Day(ctx, c, t.TempDir(), path, nil); !fault.Is(err, fault.Damaged) {
		t.Errorf("got %v", err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(c.Path()), ".tmp-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	if err := casebook.NotHeld(c.Path()); !fault.Is(err, fault.Busy) {
		t.Errorf("the casebook lost its place: %v", err)
	}
}
