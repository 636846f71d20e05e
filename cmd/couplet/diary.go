package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"
)

// diaryCap is how long the log grows before it starts anew.
const diaryCap = 1 << 20

// diary keeps what helps to find a mistake in the program: references, Go types and
// stacks. Never a message, because messages may quote a client.
type diary struct {
	dir     string
	version string
	log     *slog.Logger
}

func openDiary(version string) (*diary, error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return nil, err
	}
	d := &diary{dir: filepath.Join(base, "couplet"), version: version}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(d.dir, "couplet.log")
	if info, err := os.Stat(name); err == nil && info.Size() > diaryCap {
		if err := os.Rename(name, name+".1"); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	d.log = slog.New(slog.NewTextHandler(f, nil))
	return d, nil
}

// note writes the reference that the person was shown.
func (d *diary) note(reference, kind string) {
	d.log.Error("unknown error", "reference", reference, "kind", kind, "version", d.version)
}

// onPanic, deferred, writes the crash file and lets the panic go on.
func (d *diary) onPanic() {
	if v := recover(); v != nil {
		d.crash(v, debug.Stack())
		panic(v)
	}
}

// crash writes where the program stopped. Of the value only a runtime error speaks
// ("index out of range"); any other may hold text and gives its type.
func (d *diary) crash(value any, stack []byte) {
	what := fmt.Sprintf("%T", value)
	if e, ok := value.(runtime.Error); ok {
		what = e.Error()
	}
	name := filepath.Join(d.dir, "crash-"+time.Now().UTC().Format("20060102-150405")+".txt")
	body := fmt.Sprintf("Couplet %s, %s, %s/%s\n%s\n\n%s", d.version, runtime.Version(), runtime.GOOS, runtime.GOARCH, what, stack)
	if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, "couplet: the crash file could not be written")
	}
}
