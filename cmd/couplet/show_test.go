package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// refused starts the program where no window can be made: it says so in a sentence with
// a hint, ends by itself, and has not crashed.
func refused(t *testing.T, home, display string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "--sample")
	cmd.Env = []string{
		"COUPLET_E2E_SOCK=" + filepath.Join(home, "tree"), "HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_RUNTIME_DIR=" + home, "TMPDIR=" + home,
		"PATH=" + os.Getenv("PATH"), "DISPLAY=" + display,
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 8 {
		t.Errorf("DISPLAY=%q: %v", display, err)
	}
	const said = "No window can be opened here: there is no display, or it has no OpenGL.\nStart Couplet on a desktop. coupletctl does everything without a window.\n"
	if !strings.HasSuffix(string(out), said) || strings.Contains(string(out), "goroutine") {
		t.Errorf("DISPLAY=%q: it says\n%s", display, out)
	}
	for _, pattern := range []string{"couplet/crash-*", "*/*.window", "couplet-sample-*"} {
		if left, err := filepath.Glob(filepath.Join(home, pattern)); err != nil || len(left) > 0 {
			t.Errorf("DISPLAY=%q: it left %v (%v)", display, left, err)
		}
	}
}

func TestWithoutADisplayItSaysSo(t *testing.T) {
	for _, display := range []string{"", ":59999"} {
		refused(t, t.TempDir(), display)
	}
}

// TestSmokeWithoutOpenGL needs a display, as the whole journey does.
func TestSmokeWithoutOpenGL(t *testing.T) {
	if os.Getenv("COUPLET_SMOKE") == "" {
		t.Skip("the real window runs in `make smoke`, which sets up a display")
	}
	r := &robot{t: t, home: t.TempDir()}
	r.startDisplay("-extension", "GLX")
	refused(t, t.TempDir(), r.display)
}
