package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/couplet-app/couplet/internal/awake"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/ui"
	"github.com/couplet-app/couplet/ui/kit"
	"github.com/couplet-app/couplet/ui/uitest"
)

// The benchmarks of the window start it beside a bare one, turn by turn, on a display of
// their own. COUPLET_BENCH_CASEBOOK and COUPLET_PASSPHRASE name a large casebook (`make
// bench` makes one).

const startRounds = 9

// unlockRounds is for what takes a tenth of a second of which the key is most: the best of
// many is compared, since what else the machine does only ever adds.
const unlockRounds = 25

// BenchmarkStart is from the start of the process to an unlock page that takes keys.
func BenchmarkStart(b *testing.B) {
	r, bare := newBenchRobot(b)
	book, _ := largeBook(b)
	for range b.N {
		var ours, theirs []time.Duration
		for range startRounds {
			theirs = append(theirs, r.untilFirstFrame(bare))
			ours = append(ours, r.untilFirstFrame(os.Args[0], book))
		}
		report(b, "start", median(ours), median(theirs), 1.5)
	}
}

// BenchmarkMemory is what is resident with Today on the screen.
func BenchmarkMemory(b *testing.B) {
	r, bare := newBenchRobot(b)
	book, pass := largeBook(b)
	for range b.N {
		program, _ := r.launch(bare)
		theirs := resident(b, program)
		r.end(program)
		r.start(book)
		r.unlock(pass)
		ours := resident(b, r.program)
		r.end(r.program)
		b.ReportMetric(float64(ours)/1024, "MB")
		b.ReportMetric(float64(theirs)/1024, "bare-MB")
		report(b, "memory", time.Duration(ours), time.Duration(theirs), 2.5)
	}
}

// BenchmarkUnlock is from Enter to a filled Today, beside deriving the key and what Today
// asks of the file. It is what the program itself does. The same in the real window, where
// the toolkit draws it, is in "on-screen-ms", beside a program that derives its first key,
// for which the memory is still to be had, and the same queries.
func BenchmarkUnlock(b *testing.B) {
	r, _ := newBenchRobot(b)
	book, pass := largeBook(b)
	for range b.N {
		var ours, key, bare, drawn, first []time.Duration
		for range unlockRounds {
			k, q := bareUnlock(b, book, pass)
			key, bare = append(key, k), append(bare, q)
			ours = append(ours, unlockUndrawn(b, book, pass))
		}
		for range startRounds {
			r.start(book)
			drawn = append(drawn, r.unlock(pass))
			r.end(r.program)
			first = append(first, firstKey(b, book))
		}
		b.ReportMetric(ms(slices.Min(key)), "key-ms")
		b.ReportMetric(ms(slices.Min(bare)), "queries-ms")
		b.ReportMetric(ms(median(drawn)), "on-screen-ms")
		b.ReportMetric(ms(median(first)), "first-key-ms")
		b.ReportMetric(float64(median(drawn))/float64(median(first)+2*slices.Min(bare)), "on-screen-ratio")
		report(b, "unlock", slices.Min(ours), slices.Min(key)+2*slices.Min(bare), 1)
	}
}

// unlockUndrawn opens the casebook in a window that is laid out and never drawn.
func unlockUndrawn(b *testing.B, book, passphrase string) time.Duration {
	b.Helper()
	a := test.NewTempApp(b)
	w := a.NewWindow("bench")
	defer w.Close()
	shell := ui.New(ui.Config{
		Window: w, Prefs: a.Preferences(), Runner: kit.Inline{}, Schedule: uitest.NewClock(), Now: time.Now, Awake: awake.Time,
		Opener: &opener{trouble: func(err error) { b.Error(err) }}, Paper: newPaper(a), Pages: pages, SetTheme: a.Settings().SetTheme, Exit: func() {}, Log: func(string, string) {},
	})
	shell.Start(book)
	w.Resize(fyne.NewSize(1280, 800))
	test.Type(w.Canvas().Focused(), passphrase)
	start := time.Now()
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	took := time.Since(start)
	if !slices.ContainsFunc(look(w).Nodes, func(n node) bool { return n.Text == "Open" && strings.Contains(n.Type, "Button") }) {
		b.Fatal("Today is not filled")
	}
	shell.Quit()
	return took
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func median(all []time.Duration) time.Duration { return slices.Sorted(slices.Values(all))[len(all)/2] }

func report(b *testing.B, what string, ours, theirs time.Duration, limit float64) {
	b.ReportMetric(0, "ns/op")
	if what != "memory" {
		b.ReportMetric(ms(ours), "ms")
		b.ReportMetric(ms(theirs), "beside-ms")
	}
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
	b.ReportMetric(limit, "limit")
}

// largeBook is a copy of the casebook to measure on.
func largeBook(b *testing.B) (path, passphrase string) {
	b.Helper()
	path, passphrase = os.Getenv("COUPLET_BENCH_CASEBOOK"), os.Getenv("COUPLET_PASSPHRASE")
	if path == "" {
		b.Skip("COUPLET_BENCH_CASEBOOK names no casebook: `make bench` makes one")
	}
	return path, passphrase
}

// bareUnlock is what opening cannot do without: the key, and the file with the
// statements of Today.
func bareUnlock(b *testing.B, path, passphrase string) (key, queries time.Duration) {
	b.Helper()
	ctx := b.Context()
	start := time.Now()
	k, err := vault.Unlock(path, vault.Secret{Passphrase: passphrase})
	if err != nil {
		b.Fatal(err)
	}
	key = time.Since(start)
	start = time.Now()
	cb, err := casebook.OpenKey(ctx, path, k, casebook.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer cb.Close()
	if _, err := newStores(cb).readToday(ctx); err != nil {
		b.Fatal(err)
	}
	return key, time.Since(start)
}

// firstKey is how long a program takes for the first key that it derives.
func firstKey(b *testing.B, path string) time.Duration {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "COUPLET_BENCH_KEY="+path)
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	took, err := time.ParseDuration(strings.TrimSpace(string(out)))
	if err != nil {
		b.Fatal(err)
	}
	return took
}

// deriveOnce is that program.
func deriveOnce(path string) int {
	start := time.Now()
	k, err := vault.Unlock(path, vault.Secret{Passphrase: os.Getenv("COUPLET_PASSPHRASE")})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(time.Since(start))
	k.Wipe()
	return 0
}

type benchRobot struct{ *robot }

func newBenchRobot(b *testing.B) (benchRobot, string) {
	b.Helper()
	bare := filepath.Join(b.TempDir(), "bare")
	if out, err := exec.Command("go", "build", "-tags", "sqlite_fts5,migrated_fynedo", "-o", bare, "./testdata/bare").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return benchRobot{newRobot(b)}, bare
}

// launch starts a program and waits for its first frame.
func (r benchRobot) launch(path string, args ...string) (*exec.Cmd, time.Duration) {
	r.t.Helper()
	cmd := exec.Command(path, args...)
	cmd.Env = r.env("COUPLET_E2E_SOCK=" + filepath.Join(r.home, fmt.Sprintf("bench-%d", time.Now().UnixNano())))
	out, err := cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { cmd.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if at, ok := strings.CutPrefix(lines.Text(), "first-frame "); ok {
			go io.Copy(io.Discard, out)
			n, err := strconv.ParseInt(at, 10, 64)
			if err != nil {
				r.t.Fatal(err)
			}
			return cmd, time.Unix(0, n).Sub(start)
		}
	}
	r.t.Fatalf("%s did not show a window", path)
	return nil, 0
}

func (r benchRobot) untilFirstFrame(path string, args ...string) time.Duration {
	r.t.Helper()
	cmd, took := r.launch(path, args...)
	r.end(cmd)
	return took
}

func (r benchRobot) end(cmd *exec.Cmd) {
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait() // that it was interrupted is no news
}

// unlock types the passphrase, presses Enter and waits for Today to be filled.
func (r benchRobot) unlock(passphrase string) time.Duration {
	r.t.Helper()
	r.write(passphrase)
	start := time.Now()
	r.x("key", "--delay", "0", "--", "Return")
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for time.Since(start) < patience {
		if slices.ContainsFunc(r.look().Nodes, func(n node) bool { return n.Text == "Open" && strings.Contains(n.Type, "Button") }) {
			return time.Since(start)
		}
		<-tick.C
	}
	r.fail("Today did not come")
	return 0
}

// resident is the memory of a process in KiB.
func resident(b *testing.B, cmd *exec.Cmd) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
