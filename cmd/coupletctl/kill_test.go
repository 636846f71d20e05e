//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/share"
)

// calls are the system calls at which sync is killed: those that change a disk.
var calls = []string{"openat", "mkdirat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "linkat", "renameat", "unlinkat", "unlink", "fchmod", "close"}

// A scene is a command that is killed at one system call after another. However far it
// came, afterwards holds must be true: it lets everybody go on and looks at what there is.
type scene struct {
	name  string
	long  int // killed at every so manieth call
	argv  []string
	holds func(at string)
}

// TestKilledAtASystemCall kills a command at one system call after another, in a practice
// with everything to do: changes to read and to publish and a conflict copy to put away.
// Whatever was left behind, the next command goes on, and nothing is missing anywhere.
func TestKilledAtASystemCall(t *testing.T) {
	long := faults(t)
	if out, err := exec.Command("strace", "-f", "-qq", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("not run and not counted: strace may not trace here (%v %s)", err, out)
	}
	p, first := newPractice(t)
	work := filepath.Join(p.dir, "work")
	anna, ben, folder := filepath.Join(work, "anna.couplet"), filepath.Join(work, "ben.couplet"), filepath.Join(work, "folder")
	if err := os.Mkdir(work, 0o700); err != nil {
		t.Fatal(err)
	}
	copyTree(t, first, anna)
	p.ctl(0, "share", anna, folder)
	p.ctl(0, "join", folder, ben)
	p.edit(ben, "by ben before")
	p.ctl(0, "sync", ben)
	copyTree(t, filepath.Join(folder, "Harbour Light Coaching.couplet"), filepath.Join(folder, "Harbour Light Coaching (1).couplet"))
	backup := strings.TrimSpace(p.ctl(0, "backup", anna, filepath.Join(work, "kept")))
	p.edit(anna, "by anna before")
	start := filepath.Join(p.dir, "start")
	copyTree(t, work, start)
	want := p.settled(anna, ben)

	killed := 0
	for _, s := range p.scenes(anna, ben, folder, backup, want) {
		before, stride := killed, s.long
		if !long {
			stride *= 40
		}
		for _, call := range calls {
			for n := 1; ; n += stride {
				again(t, start, work)
				if !killAt(t, call, n, s.argv) {
					break
				}
				killed++
				s.holds(fmt.Sprintf("%s, killed at %s %d", s.name, call, n))
			}
		}
		if killed == before {
			t.Errorf("%s: nothing was killed", s.name)
		}
		t.Logf("%s: %d kills", s.name, killed-before)
	}
	t.Logf("%d kills at a system call, 0 saves lost", killed)
}

func (p *practice) scenes(anna, ben, folder, backup, want string) []scene {
	same := func(at string) {
		p.t.Helper()
		if got := p.settled(anna, ben); got != want {
			p.t.Fatalf("%s: what is there afterwards is not what was there before", at)
		}
	}
	third := filepath.Join(filepath.Dir(anna), "third.couplet")
	whole := func(make ...string) func(string) {
		return func(at string) { // what was to be made is there whole or not at all, and can be made again
			p.t.Helper()
			if _, err := os.Stat(third); err != nil {
				p.ctl(0, make...)
			}
			if out, errs, code := p.try("check", third); code != 0 {
				p.t.Fatalf("%s: %s%s", at, out, errs)
			}
			same(at)
		}
	}
	return []scene{
		{"sync", 1, []string{"sync", anna}, same},
		{"save", 1, []string{"contact", anna, "--person", p.person, "--phone", "not told to anybody"}, func(at string) {
			p.t.Helper()
			p.settled(anna, ben)
			p.agree(anna, ben)
			p.ctl(0, "check", anna)
		}},
		{"backup", 4, []string{"backup", anna, filepath.Join(filepath.Dir(anna), "kept")}, func(at string) {
			p.t.Helper()
			p.ctl(0, "backup", anna, filepath.Join(filepath.Dir(anna), "kept"))
			same(at)
		}},
		{"join", 4, []string{"join", folder, third}, whole("join", folder, third)},
		{"restore", 4, []string{"restore", backup, third}, whole("restore", backup, third)},
		{"go back to a day", 4, []string{"restore", backup, anna, "--mode", "day"}, func(at string) {
			p.t.Helper()
			p.settled(anna, ben)
			p.agree(anna, ben)
			p.ctl(0, "check", anna)
		}},
	}
}

// again makes work what start is. The casebooks stay the files that they are, so that
// they count as the same computers.
func again(t *testing.T, start, work string) {
	t.Helper()
	entries, err := os.ReadDir(work)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(start, e.Name())); err != nil || e.IsDir() {
			if err := os.RemoveAll(filepath.Join(work, e.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	copyTree(t, start, work)
}

// killAt runs a command and kills it when a thread makes its n-th call of a kind.
func killAt(t *testing.T, call string, n int, argv []string) (dead bool) {
	t.Helper()
	trace := []string{"-f", "-qq", "-o", os.DevNull, "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:signal=SIGKILL:when=%d", call, n), "coupletctl"}
	cmd := exec.Command("strace", append(trace, argv...)...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	err := cmd.Run()
	if err == nil {
		return false
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !(status.Signaled() && status.Signal() == syscall.SIGKILL || status.ExitStatus() == 128+int(syscall.SIGKILL)) {
		t.Fatalf("%s at %s %d: %v %s", argv[0], call, n, err, errs.String())
	}
	return true
}

// settled lets both sync, in this process, and gives the state that they agree on.
func (p *practice) settled(anna, ben string) string {
	p.t.Helper()
	ctx := context.Background()
	cbs := []*casebook.Casebook{p.open(anna), p.open(ben)}
	defer func() {
		for _, cb := range cbs {
			p.close(cb)
		}
	}()
	for _, i := range []int{0, 1, 0, 1} {
		opts, err := sharing(cbs[i])
		if err != nil {
			p.t.Fatal(err)
		}
		r, err := share.Sync(ctx, cbs[i], opts)
		if err != nil || len(r.Waiting) > 0 {
			p.t.Fatalf("%+v %v", r, err)
		}
	}
	var dumps [2]strings.Builder
	for i, cb := range cbs {
		if err := share.Dump(ctx, cb, &dumps[i]); err != nil {
			p.t.Fatal(err)
		}
	}
	if dumps[0].String() != dumps[1].String() {
		p.t.Fatal("two casebooks differ that have seen all of each other")
	}
	return dumps[0].String()
}
