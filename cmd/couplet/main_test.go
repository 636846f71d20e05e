package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/ui"
)

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		argv []string
		want arguments
		bad  bool
	}{
		{nil, arguments{}, false},
		{[]string{"a.couplet"}, arguments{path: "a.couplet"}, false},
		{[]string{"--sample"}, arguments{sample: true}, false},
		{[]string{"--version"}, arguments{version: true}, false},
		{[]string{"--what"}, arguments{}, true},
		{[]string{"a", "b"}, arguments{}, true},
	} {
		var errs bytes.Buffer
		got, err := parse(c.argv, &errs)
		if (err != nil) != c.bad || !c.bad && got != c.want {
			t.Errorf("%v: %+v, %v", c.argv, got, err)
		}
		if c.bad && !strings.Contains(errs.String(), "couplet [--sample] [--passphrase-file F]") {
			t.Errorf("%v: usage is %q", c.argv, errs.String())
		}
	}
}

func TestVersionNeedsNoDisplay(t *testing.T) {
	var out bytes.Buffer
	if code := run([]string{"--version"}, &out, &out); code != 0 || !strings.HasPrefix(out.String(), "Couplet ") {
		t.Errorf("code %d, %q", code, out.String())
	}
}

func TestCrashFileHoldsNoWords(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	d, err := openDiary("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	d.crash(errors.New("Mara said no"), debug.Stack())
	d.note("ab12", "*errors.errorString")
	files, err := filepath.Glob(filepath.Join(d.dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "Mara") || !strings.Contains(string(b), "1.2.3") || !strings.Contains(string(b), "errorString") {
			t.Errorf("%s: %s", f, b)
		}
	}
}

func TestCreateOpenAndLockARealCasebook(t *testing.T) {
	ctx, o := context.Background(), &opener{trouble: func(err error) { t.Error(err) }}
	path := filepath.Join(t.TempDir(), "Harbour.couplet")
	w, key, err := o.Create(ctx, ui.NewCasebook{Path: path, Passphrase: "kettle orbit walnut", Coach: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	if w.Name() != "Harbour" || key == "" {
		t.Errorf("name %q, key %q", w.Name(), key)
	}
	if _, err := o.Open(ctx, path, ui.Secret{Passphrase: "kettle orbit walnut"}); !fault.Is(err, fault.Busy) {
		t.Errorf("a second opening gives %v", err)
	}
	if err := w.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Open(ctx, path, ui.Secret{Passphrase: "wrong"}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("a wrong passphrase gives %v", err)
	}
	w, err = o.Open(ctx, path, ui.Secret{RecoveryKey: key})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(ctx); err != nil {
		t.Fatal(err)
	}
}
