package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// patience is how long the robot waits for the window to show what it should.
const patience = 30 * time.Second

// robot drives the real window on a display of its own, with a real pointer and
// keyboard, and reads what stands there from the program's tree.
type robot struct {
	t       *testing.T
	display string
	home    string
	sock    string
	window  string
	program *exec.Cmd
	stderr  strings.Builder
}

// tools are what the smoke test needs beside the program.
var tools = []string{"Xvfb", "openbox", "xdotool", "xclip", "import", "pdftotext", "qpdf"}

func newRobot(t *testing.T) *robot {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing: run scripts/setup.sh test", tool)
		}
	}
	r := &robot{t: t, home: t.TempDir()}
	r.startDisplay()
	return r
}

// startDisplay starts an X server on a free display, and a window manager.
func (r *robot) startDisplay() {
	r.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		r.t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	write.Close()
	n, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		r.t.Fatalf("the display did not start: %v", err)
	}
	r.display = ":" + strings.TrimSpace(n)
	wm := exec.Command("openbox")
	wm.Env = append(os.Environ(), "DISPLAY="+r.display, "HOME="+r.home)
	if err := wm.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { wm.Process.Kill(); wm.Wait() })
}

// env is the program's: a home of its own, a fixed look.
func (r *robot) env(more ...string) []string {
	return append(os.Environ(), append([]string{
		"DISPLAY=" + r.display, "HOME=" + r.home, "XDG_CONFIG_HOME=" + filepath.Join(r.home, "config"), "XDG_DATA_HOME=" + filepath.Join(r.home, "data"),
		"XDG_CACHE_HOME=" + filepath.Join(r.home, "cache"), "TMPDIR=" + r.temp(), "FYNE_SCALE=1", "FYNE_THEME=light", "LANG=en_GB.UTF-8", "TZ=Europe/London",
	}, more...)...)
}

func (r *robot) temp() string {
	dir := filepath.Join(r.home, "tmp")
	os.MkdirAll(dir, 0o700)
	return dir
}

// start runs the program until its first frame is drawn.
func (r *robot) start(args ...string) {
	r.t.Helper()
	r.sock = filepath.Join(r.home, fmt.Sprintf("tree-%d", time.Now().UnixNano()))
	r.program = exec.Command(os.Args[0], args...)
	r.program.Env = r.env("COUPLET_E2E_SOCK=" + r.sock)
	r.program.Stderr = &r.stderr
	out, err := r.program.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.program.Start(); err != nil {
		r.t.Fatal(err)
	}
	program := r.program
	r.t.Cleanup(func() { program.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "first-frame") {
			go io.Copy(io.Discard, out)
			r.window = strings.TrimSpace(r.x("search", "--sync", "--onlyvisible", "--pid", fmt.Sprint(r.program.Process.Pid)))
			if i := strings.LastIndexByte(r.window, '\n'); i >= 0 {
				r.window = r.window[i+1:]
			}
			r.x("windowfocus", "--sync", r.window)
			return
		}
	}
	r.t.Fatalf("the window did not come: %s", r.stderr.String())
}

// quit ends the program as a person would, and waits for it.
func (r *robot) quit() {
	r.t.Helper()
	r.key("ctrl+q")
	done := make(chan error, 1)
	go func() { done <- r.program.Wait() }()
	select {
	case <-done:
	case <-time.After(patience):
		r.fail("the program did not end")
	}
}

// x runs xdotool.
func (r *robot) x(args ...string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+r.display, "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.fail("xdotool %v: %v %s", args, err, out)
	}
	return string(out)
}

// look asks the program what stands in its window.
func (r *robot) look() tree {
	r.t.Helper()
	c, err := net.Dial("unix", r.sock)
	if err != nil {
		r.t.Fatalf("the program is gone: %v\n%s", err, r.stderr.String())
	}
	defer c.Close()
	var t tree
	if err := json.NewDecoder(c).Decode(&t); err != nil {
		r.t.Fatal(err)
	}
	return t
}

// until looks again and again until found says yes.
func (r *robot) until(what string, found func(tree) bool) {
	r.t.Helper()
	end := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if found(r.look()) {
			return
		}
		select {
		case <-end:
			r.fail("%s did not come", what)
		case <-tick.C:
		}
	}
}

// sees waits for a text, whole or as a part.
func (r *robot) sees(words string) node {
	r.t.Helper()
	var got node
	r.until(fmt.Sprintf("%q", words), func(t tree) bool {
		i := slices.IndexFunc(t.Nodes, func(n node) bool { return strings.Contains(n.Text, words) && n.W > 0 && n.H > 0 })
		if i >= 0 {
			got = t.Nodes[i]
		}
		return i >= 0
	})
	return got
}

// missing says that a text does not stand in the window now.
func (r *robot) missing(words string) {
	r.t.Helper()
	for _, n := range r.look().Nodes {
		if strings.Contains(n.Text, words) {
			r.fail("%q stands in the window", words)
		}
	}
}

// click presses what carries exactly this text, the deepest and last of it that can be
// pressed; what lies over the page comes before what lies under it.
func (r *robot) click(words string) {
	r.t.Helper()
	r.clickNode(r.pressable(words))
}

func (r *robot) pressable(words string) node {
	r.t.Helper()
	return r.settled(fmt.Sprintf("something to press that says %q", words), func(t tree) (got node, found bool) {
		over := slices.ContainsFunc(t.Nodes, func(n node) bool { return n.Overlay })
		for _, n := range t.Nodes {
			if n.Text != words || n.Disabled || n.W <= 0 || n.X < 0 || n.Y < 0 || n.X+n.W/2 > t.W || n.Y+n.H/2 > t.H || over && !n.Overlay {
				continue
			}
			got, found = n, true
		}
		return got, found
	})
}

// settled waits until something is there and has stopped moving.
func (r *robot) settled(what string, find func(tree) (node, bool)) node {
	r.t.Helper()
	var before node
	still := 0
	r.until(what, func(t tree) bool {
		n, ok := find(t)
		if !ok || n.X != before.X || n.Y != before.Y || n.W != before.W {
			before, still = n, 0
			return false
		}
		still++
		return still >= 3
	})
	return before
}

func (r *robot) clickNode(n node) {
	r.t.Helper()
	r.x("mousemove", "--window", r.window, fmt.Sprint(n.X+n.W/2), fmt.Sprint(n.Y+n.H/2), "click", "1")
}

// fill puts text into the field whose label stands before it.
func (r *robot) fill(label, text string) {
	r.t.Helper()
	got := r.settled(fmt.Sprintf("a field for %q", label), func(t tree) (node, bool) { return after(t, label, isEntry) })
	r.clickNode(got)
	r.key("ctrl+a")
	r.write(text)
}

// after is the first thing of a kind behind a label.
func after(t tree, label string, kind func(node) bool) (node, bool) {
	past := false
	for _, n := range t.Nodes {
		switch {
		case strings.TrimSuffix(n.Text, " *") == label:
			past = true
		case past && kind(n):
			return n, true
		}
	}
	return node{}, false
}

func isEntry(n node) bool {
	return strings.Contains(n.Type, "Entry") || strings.Contains(n.Type, "NoteEditor")
}

// write types ASCII key by key and pastes the rest, as an input method would hand it over.
func (r *robot) write(text string) {
	r.t.Helper()
	for i := range len(text) {
		if text[i] >= 0x80 {
			r.paste(text)
			return
		}
	}
	r.x("type", "--delay", "4", "--", text)
}

func (r *robot) paste(text string) {
	r.t.Helper()
	clip := exec.Command("xclip", "-selection", "clipboard")
	clip.Env = append(os.Environ(), "DISPLAY="+r.display)
	clip.Stdin = strings.NewReader(text)
	if err := clip.Run(); err != nil {
		r.fail("xclip: %v", err)
	}
	r.key("ctrl+v")
}

// key presses keys one after the other.
func (r *robot) key(keys ...string) {
	r.t.Helper()
	r.x(append([]string{"key", "--delay", "20", "--"}, keys...)...)
}

// fail keeps a picture of the window and its tree for whoever reads the failure.
func (r *robot) fail(format string, args ...any) {
	r.t.Helper()
	dir := os.Getenv("COUPLET_SMOKE_OUT")
	if dir == "" {
		dir = os.TempDir()
	}
	shot := filepath.Join(dir, "couplet-smoke.png")
	grab := exec.Command("import", "-window", "root", shot)
	grab.Env = append(os.Environ(), "DISPLAY="+r.display)
	grab.Run() // the picture is a help, its absence no news
	var words []string
	if c, err := net.Dial("unix", r.sock); err == nil {
		var t tree
		if json.NewDecoder(c).Decode(&t) == nil {
			for _, n := range t.Nodes {
				if n.Text != "" {
					words = append(words, fmt.Sprintf("%s %q (%d,%d %dx%d)", n.Type, n.Text, n.X, n.Y, n.W, n.H))
				}
			}
		}
		c.Close()
	}
	r.t.Fatalf("%s\npicture: %s\n%s\n%s", fmt.Sprintf(format, args...), shot, strings.Join(words, "\n"), r.stderr.String())
}

// picture keeps what the window shows, where a folder for it is named.
func (r *robot) picture(name string) {
	dir := os.Getenv("COUPLET_SMOKE_OUT")
	if dir == "" {
		return
	}
	grab := exec.Command("import", "-window", r.window, filepath.Join(dir, name+".png"))
	grab.Env = append(os.Environ(), "DISPLAY="+r.display)
	if out, err := grab.CombinedOutput(); err != nil {
		r.t.Errorf("picture %s: %v %s", name, err, out)
	}
}

// clickNth presses the n-th button of several that say the same, counted from the top.
func (r *robot) clickNth(words string, n int) {
	r.t.Helper()
	r.until(fmt.Sprintf("%d buttons that say %q", n+1, words), func(t tree) bool {
		i := 0
		for _, x := range t.Nodes {
			if x.Text == words && strings.Contains(x.Type, "Button") {
				i++
			}
		}
		return i > n
	})
	r.clickNode(r.inView(words, n))
}

// inView scrolls until the n-th thing of several that say the same is well inside the
// window, and at rest; n below 0 is the first of anything.
func (r *robot) inView(words string, nth int) node {
	r.t.Helper()
	find := func(t tree) (got node, found bool) {
		i := 0
		for _, x := range t.Nodes {
			if x.Text != words || x.W <= 0 || nth >= 0 && !strings.Contains(x.Type, "Button") {
				continue
			}
			got, found = x, true
			if i == max(nth, 0) {
				break
			}
			i++
		}
		return got, found
	}
	for range 60 {
		n := r.settled(words, find)
		t := r.look()
		if n.Y > 280 && n.Y+n.H < t.H-180 {
			return n
		}
		button := "5"
		if n.Y <= 280 {
			button = "4"
		}
		r.x("mousemove", "--window", r.window, fmt.Sprint(t.W*2/3), fmt.Sprint(t.H*2/3), "click", "--repeat", "3", "--delay", "10", button)
		if now := r.settled(words, find); now.Y == n.Y {
			return now // it cannot be scrolled any further
		}
	}
	return node{}
}

// choose opens the list under a label and takes one of its values.
func (r *robot) choose(label, value string) {
	r.t.Helper()
	got := r.settled(label, func(t tree) (node, bool) {
		return after(t, label, func(n node) bool { return strings.Contains(n.Type, "Choice") })
	})
	r.clickNode(got)
	r.click(value)
}

// fillUnder types into the editor below a label, scrolling to it.
func (r *robot) fillUnder(label, text string) {
	r.t.Helper()
	r.sees(label)
	r.inView(label, -1)
	r.fill(label, text)
}

// gone waits until a text does not stand in the window any more.
func (r *robot) gone(words string) {
	r.t.Helper()
	r.until("the end of "+words, func(t tree) bool {
		return !slices.ContainsFunc(t.Nodes, func(n node) bool { return strings.Contains(n.Text, words) })
	})
}
