package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/couplet-app/couplet/internal/ids"
)

// The program started again on a casebook that a window shows already does not open it a
// second time: it asks that window to come to the front and ends. Each window listens on
// a socket of its own in one folder that only this user can enter.

// answerPatience is how long another window may take to answer; one that hangs must not
// keep a new one from starting.
const answerPatience = 2 * time.Second

// windowsFolder is where the sockets lie. Their names say nothing.
func windowsFolder() (string, error) {
	base := os.Getenv("XDG_RUNTIME_DIR")
	if base == "" {
		var err error
		if base, err = os.UserCacheDir(); err != nil {
			return "", err
		}
	}
	dir := filepath.Join(base, "couplet")
	return dir, os.MkdirAll(dir, 0o700)
}

// shownElsewhere asks every window in the folder to come to the front if it shows the
// casebook at path, and tells whether one did. What a killed program left is removed.
func shownElsewhere(folder, path string) bool {
	sockets, _ := filepath.Glob(filepath.Join(folder, "*.window")) // the pattern is sound
	for _, s := range sockets {
		c, err := net.DialTimeout("unix", s, answerPatience)
		if err != nil {
			os.Remove(s)
			continue
		}
		shown := false
		if c.SetDeadline(time.Now().Add(answerPatience)) == nil && json.NewEncoder(c).Encode(path) == nil {
			shown = json.NewDecoder(c).Decode(&shown) == nil && shown
		}
		c.Close()
		if shown {
			return true
		}
	}
	return false
}

// listenForOthers calls show with the path of each casebook that another start asks
// for, until stop; show tells whether this window has it.
func listenForOthers(folder string, show func(path string) bool) (stop func(), err error) {
	l, err := net.Listen("unix", filepath.Join(folder, ids.New().String()[24:]+".window"))
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // stopped
			}
			go func() {
				defer c.Close()
				var path string
				if c.SetDeadline(time.Now().Add(answerPatience)) == nil && json.NewDecoder(c).Decode(&path) == nil {
					_ = json.NewEncoder(c).Encode(show(path)) // who does not wait for the answer opens a window itself
				}
			}()
		}
	}()
	return func() { l.Close() }, nil
}

// sameFile tells whether two paths name one file; a path may be empty.
func sameFile(a, b string) bool {
	if a == b {
		return a != ""
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
