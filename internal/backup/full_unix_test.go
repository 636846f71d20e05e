//go:build unix

package backup_test

import (
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/fault"
)

// A disk that takes no more, as the system's own limit on the size of files makes it:
// half a backup is no backup, and nothing of it stays.
func TestAFullDiskLeavesWhatWasThere(t *testing.T) {
	c := casebooktest.New(t)
	dir := t.TempDir()
	if _, err := backup.Make(ctx, c, dir); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	full := old
	full.Cur = 64 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	_, err := backup.Now(ctx, c, dir)
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); e != nil {
		t.Fatal(e)
	}
	if !fault.Is(err, fault.System) {
		t.Errorf("got %v", err)
	}
	entries, e := os.ReadDir(dir)
	if e != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v (%v)", entries, e)
	}
	if have := list(t, dir); len(have) != 1 || !have[0].Verified {
		t.Errorf("%+v", have)
	}
	if _, err := backup.Now(ctx, c, dir); err != nil {
		t.Errorf("once there is room: %v", err)
	}
}
