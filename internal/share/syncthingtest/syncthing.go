// Package syncthingtest runs real Syncthings for tests: each with a home of its own, on
// loopback alone, and tests cut them off from one another and let them meet again.
package syncthingtest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long two Syncthings may take to tell each other what they have.
const patience = 2 * time.Minute

const apiKey = "the-key-of-a-test"

// Node is one computer: a Syncthing of its own and a folder that it keeps.
type Node struct {
	Name, Folder string

	t           *testing.T
	id, home    string
	listen, gui string
}

// Start starts n Syncthings that know one another and nobody else: they listen on
// loopback alone, and neither announce themselves nor ask for updates.
func Start(t *testing.T, n, maxConflicts int) []*Node {
	t.Helper()
	if _, err := exec.LookPath("syncthing"); err != nil {
		t.Fatal("syncthing is missing: run scripts/setup.sh test")
	}
	dir := t.TempDir()
	nodes := make([]*Node, n)
	for i := range nodes {
		x := &Node{t: t, Name: fmt.Sprintf("n%d", i), listen: freePort(t), gui: freePort(t)}
		x.home, x.Folder = filepath.Join(dir, x.Name, "home"), filepath.Join(dir, x.Name, "folder")
		if err := os.MkdirAll(filepath.Join(x.Folder, ".stfolder"), 0o700); err != nil {
			t.Fatal(err)
		}
		x.syncthing("generate", "--home="+x.home, "--no-default-folder")
		x.id = strings.TrimSpace(x.syncthing("--home="+x.home, "--device-id"))
		nodes[i] = x
	}
	for _, x := range nodes {
		x.start(nodes, maxConflicts)
	}
	for _, x := range nodes {
		x.Until("all are connected", func() bool { return x.connected() == n-1 })
	}
	return nodes
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (x *Node) command(args ...string) *exec.Cmd {
	cmd := exec.Command("syncthing", args...)
	cmd.Env = append(os.Environ(), "HOME="+x.home, "STNOUPGRADE=1", "STNODEFAULTFOLDER=1")
	return cmd
}

func (x *Node) syncthing(args ...string) string {
	x.t.Helper()
	out, err := x.command(args...).Output()
	if err != nil {
		x.t.Fatalf("syncthing %v: %v", args, err)
	}
	return string(out)
}

func (x *Node) start(all []*Node, maxConflicts int) {
	x.t.Helper()
	var devices, members strings.Builder
	for _, o := range all {
		fmt.Fprintf(&devices, `<device id="%s" name="%s" compression="metadata"><address>tcp://%s</address></device>`, o.id, o.Name, o.listen)
		fmt.Fprintf(&members, `<device id="%s"></device>`, o.id)
	}
	config := fmt.Sprintf(`<configuration version="36">
<folder id="practice" label="practice" path="%s" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="1" ignorePerms="false" autoNormalize="true">
<filesystemType>basic</filesystemType>%s<minDiskFree unit="%%">0</minDiskFree><maxConflicts>%d</maxConflicts><markerName>.stfolder</markerName></folder>
%s
<gui enabled="true" tls="false"><address>%s</address><apikey>%s</apikey></gui>
<options><listenAddress>tcp://%s</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled><localAnnounceEnabled>false</localAnnounceEnabled>
<relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled><urAccepted>-1</urAccepted><crashReportingEnabled>false</crashReportingEnabled>
<autoUpgradeIntervalH>0</autoUpgradeIntervalH><startBrowser>false</startBrowser><reconnectionIntervalS>1</reconnectionIntervalS><stunServer></stunServer><stunKeepaliveStartS>0</stunKeepaliveStartS></options>
</configuration>`, x.Folder, members.String(), maxConflicts, devices.String(), x.gui, apiKey, x.listen)
	if err := os.WriteFile(filepath.Join(x.home, "config.xml"), []byte(config), 0o600); err != nil {
		x.t.Fatal(err)
	}
	cmd := x.command("serve", "--home="+x.home, "--no-browser", "--no-restart", "--no-upgrade", "--logfile="+filepath.Join(x.home, "log"))
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	x.Until("it answers", func() bool {
		_, err := x.ask(http.MethodGet, "system/ping")
		return err == nil
	})
}

// ask speaks to the Syncthing's interface.
func (x *Node) ask(method, what string) ([]byte, error) {
	req, err := http.NewRequest(method, "http://"+x.gui+"/rest/"+what, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-API-Key", apiKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %s", what, resp.Status, b)
	}
	return b, err
}

func (x *Node) must(method, what string, into any) {
	x.t.Helper()
	b, err := x.ask(method, what)
	if err == nil && into != nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		x.t.Fatalf("syncthing %s, %s: %v", x.Name, what, err)
	}
}

// Until waits for something that the Syncthings do in their own time.
func (x *Node) Until(what string, done func() bool) {
	x.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-tick.C {
		if done() {
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(x.home, "log")) // a help only
	x.t.Fatalf("%s: waited in vain until %s\n%s", x.Name, what, log[max(0, len(log)-3000):])
}

func (x *Node) connected() int {
	var c struct {
		Connections map[string]struct{ Connected bool }
	}
	x.must(http.MethodGet, "system/connections", &c)
	n := 0
	for _, v := range c.Connections {
		if v.Connected {
			n++
		}
	}
	return n
}

// Cut separates nodes of different groups.
func Cut(nodes []*Node, group func(i int) int) {
	for i, x := range nodes {
		alone := len(nodes) - 1
		for j, o := range nodes {
			if i != j && group(i) != group(j) {
				x.must(http.MethodPost, "system/pause?device="+o.id, nil)
				alone--
			}
		}
		x.Until("it is cut off", func() bool { return x.connected() <= alone })
	}
}

// Rejoin lets them all meet again.
func Rejoin(nodes []*Node) {
	for _, x := range nodes {
		x.must(http.MethodPost, "system/resume", nil)
	}
	for _, x := range nodes {
		x.Until("all are connected again", func() bool { return x.connected() == len(nodes)-1 })
	}
}

// Carried waits until every folder holds the same files and nothing is on its way.
func Carried(nodes []*Node) {
	for _, x := range nodes {
		x.must(http.MethodPost, "db/scan?folder=practice", nil)
	}
	nodes[0].Until("all folders are equal", func() bool {
		for _, x := range nodes {
			var s struct {
				State          string
				NeedTotalItems int
			}
			x.must(http.MethodGet, "db/status?folder=practice", &s)
			if s.State != "idle" || s.NeedTotalItems != 0 {
				return false
			}
		}
		first := nodes[0].listing()
		for _, x := range nodes[1:] {
			if x.listing() != first {
				return false
			}
		}
		return true
	})
}

// listing names all files of the folder with what they hold.
func (x *Node) listing() string {
	var b strings.Builder
	filepath.WalkDir(x.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasPrefix(d.Name(), ".") {
			return nil //nolint:nilerr // it went while we looked: the next look tells
		}
		if content, err := os.ReadFile(path); err == nil {
			fmt.Fprintf(&b, "%s %x\n", path[len(x.Folder):], sha256.Sum256(content))
		}
		return nil
	})
	return b.String()
}

// Copies counts the conflict copies in a folder.
func (x *Node) Copies() int {
	found, err := filepath.Glob(filepath.Join(x.Folder, "*.sync-conflict-*"))
	if err != nil {
		x.t.Fatal(err)
	}
	return len(found)
}
