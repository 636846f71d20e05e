package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
)

const passphrase = "seven lanterns over a quiet harbour"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"coupletctl": func() {
		if off, err := time.ParseDuration(os.Getenv("CLOCK_IS_OFF_BY")); err == nil {
			now = func() time.Time { return time.Now().Add(off) }
		}
		main()
	}})
}

// samplePath is one sample casebook that all scripts copy: making one takes a while.
func samplePath(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "sample.couplet")
	t.Setenv("COUPLET_PASSPHRASE", passphrase)
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"new", path, "--sample", "--recovery-out", filepath.Join(dir, "recovery")}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	return path
}

func TestScripts(t *testing.T) {
	sample := samplePath(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("COUPLET_PASSPHRASE", passphrase)
			e.Setenv("XDG_DATA_HOME", e.Getenv("WORK")+"/data")
			e.Setenv("TZ", "Europe/Amsterdam")
			for from, to := range map[string]string{sample: "sample.couplet", filepath.Join(filepath.Dir(sample), "recovery"): "recovery"} {
				b, err := os.ReadFile(from)
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(e.WorkDir, to), b, 0o600); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "damage": damage, "hold": hold, "setid": setID, "jsonhas": jsonHas, "newer": newer,
			"keep": keep, "revise": revise, "agree": agree,
		},
	})
}

// exits runs coupletctl and holds it to an exit code: exits 2 couples.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	err := ts.Exec("coupletctl", args[1:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// damage changes one byte of a file, in the middle of what is named: damage FILE header|first|end.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	switch args[1] {
	case "headers":
		b[100] ^= 1
		b[4096+100] ^= 1
	case "first":
		b[2*4096+2000] ^= 1
	case "end":
		b[len(b)-2000] ^= 1
	case "cut":
		b = b[:len(b)-4096*3]
	case "byte":
		b = b[:len(b)-1]
	case "stump":
		b = b[:5000]
	case "half":
		b = b[:len(b)/2]
	case "bit":
		b[len(b)/2] ^= 1
	case "zeros":
		clear(b[len(b)/2:])
	case "reader": // the version of the reader that a shared file asks for
		b[17] += 9
	default:
		ts.Fatalf("no place %s", args[1])
	}
	ts.Check(os.WriteFile(path, b, 0o600))
}

// newer makes the casebook look as if a later version had migrated it.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	cb, err := casebook.Open(ctx, ts.MkAbs(args[0]), vault.Secret{Passphrase: passphrase}, casebook.Options{})
	ts.Check(err)
	ts.Check(cb.Local(ctx, `PRAGMA user_version = 999`))
	ts.Check(cb.Close())
}

// hold keeps a casebook open until the script ends.
func hold(ts *testscript.TestScript, _ bool, args []string) {
	cb, err := casebook.Open(context.Background(), ts.MkAbs(args[0]), vault.Secret{Passphrase: passphrase}, casebook.Options{})
	ts.Check(err)
	ts.Defer(func() { ts.Check(cb.Close()) })
}

// setID sets a variable to the id of the couple or single client with a name, or with
// person to that of the first person: setid NAME couple FILE; setid NAME person FILE.
func setID(ts *testscript.TestScript, _ bool, args []string) {
	cb, err := casebook.Open(context.Background(), ts.MkAbs(args[3]), vault.Secret{Passphrase: passphrase}, casebook.Options{})
	ts.Check(err)
	defer cb.Close()
	column := map[string]string{"couple": "c.id", "person": "p.id"}[args[1]]
	var id string
	ts.Check(cb.Reader().QueryRowContext(context.Background(), `SELECT lower(hex(`+column+`)) FROM couple c JOIN person p ON p.id IN (c.a_id, c.b_id) WHERE p.given_name = ? AND c.deleted = 0 ORDER BY c.id LIMIT 1`, args[2]).Scan(&id))
	ts.Setenv(args[0], id[:8]+"-"+id[8:12]+"-"+id[12:16]+"-"+id[16:20]+"-"+id[20:])
}

// jsonHas holds the last standard output to be one JSON document that has a value:
// jsonhas hits.0.kind note.
func jsonHas(ts *testscript.TestScript, neg bool, args []string) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	var v any
	ts.Check(d.Decode(&v))
	if d.More() {
		ts.Fatalf("more than one document")
	}
	for _, k := range strings.Split(args[0], ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[k]
		case []any:
			n := 0
			if err := json.Unmarshal([]byte(k), &n); err != nil || n >= len(x) {
				if k != "n" {
					ts.Fatalf("no element %s", k)
				}
				v = json.Number(itoa(len(x)))
				continue
			}
			v = x[n]
		}
	}
	b, err := json.Marshal(v)
	ts.Check(err)
	if has := string(b) == args[1] || string(b) == `"`+args[1]+`"`; has == neg {
		ts.Fatalf("%s is %s", args[0], b)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestNoWindowIsLinkedIn(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "sqlite_fts5,migrated_fynedo", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for p := range strings.Lines(string(out)) {
		if strings.Contains(p, "fyne.io/") || strings.Contains(p, "go-gl/") || strings.Contains(p, "/couplet/ui") {
			t.Errorf("coupletctl links %s", p)
		}
	}
	if !strings.Contains(string(out), "internal/casebook") {
		t.Error("the list of packages is not that of coupletctl")
	}
}

func TestArgumentsMayStandAnywhere(t *testing.T) {
	want := args{positional: []string{"search", "F", "-q"}, flags: map[string]string{"for": "a", "limit": "-3", "json": ""}}
	for _, line := range []string{
		"search F --for a --limit -3 --json -- -q",
		"--for=a search --json F --limit=-3 -- -q",
		"--json --limit -3 --for a -- search F -q",
	} {
		got, err := parseArgs(strings.Fields(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if strings.Join(got.positional, " ") != strings.Join(want.positional, " ") || len(got.flags) != len(want.flags) {
			t.Errorf("%s: %+v", line, got)
		}
		for k, v := range want.flags {
			if got.flags[k] != v {
				t.Errorf("%s: --%s is %q", line, k, got.flags[k])
			}
		}
	}
	for _, line := range []string{"search --nonsense", "search -x", "search --for", "search --json=yes", "search --for a --for b"} {
		if _, err := parseArgs(strings.Fields(line)); err == nil {
			t.Errorf("%s is taken", line)
		}
	}
}

// failing is a place that cannot be written to, as a full disk.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestOutputThatCannotBeWrittenIsTheSystemsFault(t *testing.T) {
	t.Setenv("COUPLET_PASSPHRASE", passphrase)
	path := filepath.Join(t.TempDir(), "new.couplet")
	for _, argv := range [][]string{{"help"}, {"change", "--from", "1", "--to", "2", "--json"}, {"new", path}} {
		var errs bytes.Buffer
		if code := run(context.Background(), argv, strings.NewReader(""), failing{}, &errs); code != 8 {
			t.Errorf("%v: exit %d, %s", argv, code, errs.String())
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a casebook stays whose recovery key nobody saw")
	}
}
