//go:build linux

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// mountSmall gives a disk of that many kilobytes.
func mountSmall(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := asRoot("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("not run and not counted: a small disk needs root (%v %s)", err, strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() { asRoot("umount", "-l", dir).Run() })
	return dir
}

// asRoot is a command of the system's; somebody who is not root asks sudo, as the set-up
// of the tests does.
func asRoot(command ...string) *exec.Cmd {
	if os.Geteuid() != 0 {
		command = append([]string{"sudo", "-n"}, command...)
	}
	return exec.Command(command[0], command[1:]...)
}

// fillUp takes all room that a disk has left, but for so many bytes.
func fillUp(t *testing.T, dir string, leave int64) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n, err := io.Copy(f, zeros{})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := f.Truncate(n - leave); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestTheSharedFolderIsFullOrReadOnly: what cannot be told is said, nothing half stays
// in the folder, and all goes on when there is room again.
func TestTheSharedFolderIsFullOrReadOnly(t *testing.T) {
	faults(t)
	p, anna := newPractice(t)
	disk := mountSmall(t, "1m")
	folder, ben := filepath.Join(disk, "shared"), filepath.Join(p.dir, "ben.couplet")
	p.ctl(0, "share", anna, folder)
	p.ctl(0, "join", folder, ben)
	p.edit(ben, "told before")
	p.ctl(0, "sync", ben)

	p.edit(anna, "written on a full disk")
	free := fillUp(t, disk, 0)
	for range 3 {
		_, errs, code := p.try("sync", anna)
		if code != 8 || !strings.Contains(errs, "disk is full") {
			t.Errorf("full: exit %d %s", code, errs)
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*", ".tmp-*")); err != nil || len(left) > 0 {
		t.Errorf("half files stay: %v (%v)", left, err)
	}
	if dump := p.ctl(0, "dump", anna); !strings.Contains(dump, "told before") {
		t.Error("what could be read was not merged")
	}
	free()
	p.ctl(0, "sync", anna)
	p.ctl(0, "sync", ben)
	p.agree(anna, ben)

	remount := func(as string) {
		if out, err := asRoot("mount", "-o", "remount,"+as, disk).CombinedOutput(); err != nil {
			t.Fatalf("remount: %v %s", err, out)
		}
	}
	p.edit(ben, "told before it was locked")
	p.ctl(0, "sync", ben)
	p.edit(anna, "written beside a folder that is locked")
	remount("ro")
	_, errs, code := p.try("sync", anna)
	if code != 8 || !strings.Contains(errs, "cannot be written") {
		t.Errorf("read-only: exit %d %s", code, errs)
	}
	if dump := p.ctl(0, "dump", anna); !strings.Contains(dump, "told before it was locked") {
		t.Error("what could be read was not merged")
	}
	p.ctl(0, "join", folder, filepath.Join(p.dir, "carl.couplet"))
	remount("rw")
	p.ctl(0, "sync", anna)
	p.ctl(0, "sync", ben)
	p.ctl(0, "sync", filepath.Join(p.dir, "carl.couplet"))
	p.agree(anna, ben, filepath.Join(p.dir, "carl.couplet"))
}

// TestTheDiskOfTheCasebookIsFull: a merge that finds no room changes nothing.
func TestTheDiskOfTheCasebookIsFull(t *testing.T) {
	faults(t)
	p, anna := newPractice(t)
	disk := mountSmall(t, "8m")
	folder, ben := filepath.Join(p.dir, "shared"), filepath.Join(disk, "ben.couplet")
	p.ctl(0, "share", anna, folder)
	p.ctl(0, "join", folder, ben)
	before := p.ctl(0, "dump", ben)
	for _, word := range []string{"much", "more", "most"} {
		text := strings.Repeat(word+" ", 3000) + "."
		if err := reviseNote(anna, p.note, text); err != nil {
			t.Fatal(err)
		}
		p.texts = append(p.texts, text)
		p.ctl(0, "sync", anna)
	}
	failed := 0
	for _, leave := range []int64{0, 4 << 10, 16 << 10, 40 << 10, 64 << 10} {
		free := fillUp(t, disk, leave)
		_, errs, code := p.try("sync", ben)
		free()
		switch {
		case code == 8 && strings.Contains(errs, "full"):
			failed++
			if p.ctl(0, "dump", ben) != before {
				t.Errorf("with %d bytes left half a merge stays", leave)
			}
		case code == 0:
			before = p.ctl(0, "dump", ben)
		default:
			t.Errorf("with %d bytes left: exit %d %s", leave, code, errs)
		}
	}
	if failed == 0 {
		t.Error("the disk was never full")
	}
	p.ctl(0, "sync", ben)
	p.agree(anna, ben)
	p.ctl(0, "check", ben)
	full := fillUp(t, disk, 100<<10)
	if _, errs, code := p.try("join", folder, filepath.Join(disk, "second.couplet")); code != 8 {
		t.Errorf("join: exit %d %s", code, errs)
	}
	full()
	entries, err := os.ReadDir(disk)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v stay on the disk (%v)", entries, err)
	}
}
