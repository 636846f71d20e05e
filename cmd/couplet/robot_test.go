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
	"strings"
	"testing"
	"time"
)

// patience is how long the robot waits for the window to show what it should.
const patience = 90 * time.Second

// robot drives the real window on a display of its own, with a real pointer and
// keyboard, and reads what stands there from the program's tree.
type robot struct {
	t       testing.TB
	display string
	home    string
	sock    string
	window  string
	program *exec.Cmd
	stderr  strings.Builder
}

// tools are what the smoke test needs beside the program.
var tools = []string{"Xvfb", "openbox", "xdotool", "xclip", "import", "pdftotext", "pdfinfo", "qpdf"}

func newRobot(t testing.TB) *robot {
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
func (r *robot) startDisplay(more ...string) {
	r.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		r.t.Fatal(err)
	}
	x := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp"}, more...)...)
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
		"XDG_CACHE_HOME=" + filepath.Join(r.home, "cache"), "XDG_RUNTIME_DIR=" + r.dir("run"), "TMPDIR=" + r.dir("tmp"), "FYNE_SCALE=1", "FYNE_THEME=light", "LANG=en_GB.UTF-8", "TZ=Europe/London",
	}, more...)...)
}

// dir is a folder of the program's own.
func (r *robot) dir(name string) string {
	dir := filepath.Join(r.home, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		r.t.Fatal(err)
	}
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

// kill ends the program as a power cut would.
func (r *robot) kill() {
	r.t.Helper()
	if err := r.program.Process.Kill(); err != nil {
		r.t.Fatal(err)
	}
	r.program.Wait() // that it was killed is no news
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
