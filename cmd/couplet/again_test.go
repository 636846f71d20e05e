package main

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

func TestASecondStartFindsTheWindowOfItsCasebook(t *testing.T) {
	folder, files := t.TempDir(), t.TempDir()
	mine, link, other := filepath.Join(files, "Mine.couplet"), filepath.Join(files, "link"), filepath.Join(files, "Other.couplet")
	for _, f := range []string{mine, other} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(mine, link); err != nil {
		t.Fatal(err)
	}
	if shownElsewhere(folder, mine) {
		t.Fatal("shown before anybody listens")
	}
	var asked []string
	stop, err := listenForOthers(folder, func(path string) bool {
		asked = append(asked, path)
		return sameFile(path, mine)
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{mine: true, link: true, other: false, filepath.Join(files, "none"): false, "": false} {
		if got := shownElsewhere(folder, path); got != want {
			t.Errorf("%q: shown %v", path, got)
		}
	}
	if len(asked) != 5 {
		t.Errorf("asked for %q", asked)
	}
	stop()
	if left, _ := os.ReadDir(folder); len(left) > 0 || shownElsewhere(folder, mine) {
		t.Errorf("after the end there is still %v", left)
	}
}

func TestAKilledWindowIsNoHindrance(t *testing.T) {
	folder := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(folder, "dead.window")})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false) // as after kill -9
	l.Close()
	if shownElsewhere(folder, "x") {
		t.Error("a dead window shows nothing")
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}
