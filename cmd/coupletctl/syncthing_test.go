package main

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

// node is one computer: a Syncthing of its own, a folder that it keeps, a casebook.
type node struct {
	t            *testing.T
	name, id     string
	home, folder string
	casebook     string
	listen, gui  string
}

// startNodes starts n Syncthings that know one another and nobody else: they listen on
// loopback alone, and neither announce themselves nor ask for updates.
func startNodes(t *testing.T, n, maxConflicts int) []*node {
	t.Helper()
	if _, err := exec.LookPath("syncthing"); err != nil {
		t.Fatal("syncthing is missing: run scripts/setup.sh test")
	}
	dir := t.TempDir()
	nodes := make([]*node, n)
	for i := range nodes {
		x := &node{t: t, name: fmt.Sprintf("n%d", i), listen: freePort(t), gui: freePort(t)}
		x.home, x.folder = filepath.Join(dir, x.name, "home"), filepath.Join(dir, x.name, "folder")
		x.casebook = filepath.Join(dir, x.name, "casebook.couplet")
		if err := os.MkdirAll(filepath.Join(x.folder, ".stfolder"), 0o700); err != nil {
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
		x.until("all are connected", func() bool { return x.connected() == n-1 })
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

func (x *node) command(args ...string) *exec.Cmd {
	cmd := exec.Command("syncthing", args...)
	cmd.Env = append(os.Environ(), "HOME="+x.home, "STNOUPGRADE=1", "STNODEFAULTFOLDER=1")
	return cmd
}

func (x *node) syncthing(args ...string) string {
	x.t.Helper()
	out, err := x.command(args...).Output()
	if err != nil {
		x.t.Fatalf("syncthing %v: %v", args, err)
	}
	return string(out)
}

func (x *node) start(all []*node, maxConflicts int) {
	x.t.Helper()
	var devices, members strings.Builder
	for _, o := range all {
		fmt.Fprintf(&devices, `<device id="%s" name="%s" compression="metadata"><address>tcp://%s</address></device>`, o.id, o.name, o.listen)
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
</configuration>`, x.folder, members.String(), maxConflicts, devices.String(), x.gui, apiKey, x.listen)
	if err := os.WriteFile(filepath.Join(x.home, "config.xml"), []byte(config), 0o600); err != nil {
		x.t.Fatal(err)
	}
	cmd := x.command("serve", "--home="+x.home, "--no-browser", "--no-restart", "--no-upgrade", "--logfile="+filepath.Join(x.home, "log"))
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	x.until("it answers", func() bool {
		_, err := x.ask(http.MethodGet, "system/ping")
		return err == nil
	})
}

// ask speaks to the Syncthing's interface.
func (x *node) ask(method, what string) ([]byte, error) {
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

func (x *node) must(method, what string, into any) {
	x.t.Helper()
	b, err := x.ask(method, what)
	if err == nil && into != nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		x.t.Fatalf("syncthing %s, %s: %v", x.name, what, err)
	}
}

// until waits for something that the Syncthings do in their own time.
func (x *node) until(what string, done func() bool) {
	x.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-tick.C {
		if done() {
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(x.home, "log")) // a help only
	x.t.Fatalf("%s: waited in vain until %s\n%s", x.name, what, log[max(0, len(log)-3000):])
}

func (x *node) connected() int {
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

// cut separates nodes of different groups.
func cut(nodes []*node, group func(i int) int) {
	for i, x := range nodes {
		alone := len(nodes) - 1
		for j, o := range nodes {
			if i != j && group(i) != group(j) {
				x.must(http.MethodPost, "system/pause?device="+o.id, nil)
				alone--
			}
		}
		x.until("it is cut off", func() bool { return x.connected() <= alone })
	}
}

func rejoin(nodes []*node) {
	for _, x := range nodes {
		x.must(http.MethodPost, "system/resume", nil)
	}
	for _, x := range nodes {
		x.until("all are connected again", func() bool { return x.connected() == len(nodes)-1 })
	}
}

// carried waits until every folder holds the same files and nothing is on its way.
func carried(nodes []*node) {
	for _, x := range nodes {
		x.must(http.MethodPost, "db/scan?folder=practice", nil)
	}
	nodes[0].until("all folders are equal", func() bool {
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
func (x *node) listing() string {
	var b strings.Builder
	filepath.WalkDir(x.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasPrefix(d.Name(), ".") {
			return nil //nolint:nilerr // it went while we looked: the next look tells
		}
		if content, err := os.ReadFile(path); err == nil {
			fmt.Fprintf(&b, "%s %x\n", path[len(x.folder):], sha256.Sum256(content))
		}
		return nil
	})
	return b.String()
}

func (x *node) copies() int {
	found, err := filepath.Glob(filepath.Join(x.folder, "*.sync-conflict-*"))
	if err != nil {
		x.t.Fatal(err)
	}
	return len(found)
}

// TestSyncthings has real Syncthings carry a shared casebook, cuts them off from each
// other while everybody writes the same things, and lets them meet again.
func TestSyncthings(t *testing.T) {
	long := faults(t)
	for _, maxConflicts := range []int{10, 0} {
		t.Run(fmt.Sprintf("maxConflicts=%d", maxConflicts), func(t *testing.T) {
			n, partitions := 2, 1
			if long {
				n, partitions = 5, 10
			}
			syncthings(t, n, partitions, maxConflicts)
		})
	}
}

func syncthings(t *testing.T, n, partitions, maxConflicts int) {
	p, first := newPractice(t)
	nodes := startNodes(t, n, maxConflicts)
	files := make([]string, n)
	for i, x := range nodes {
		files[i] = x.casebook
	}
	copyTree(t, first, files[0])
	p.ctl(0, "share", files[0], nodes[0].folder)
	carried(nodes)
	for i, x := range nodes[1:] {
		p.ctl(0, "join", x.folder, files[i+1])
	}
	edits, copies := 0, 0
	for round := range partitions {
		groups := n // everybody alone
		if round%2 == 1 {
			groups = 2
		}
		cut(nodes, func(i int) int { return i % groups })
		for i, x := range nodes {
			p.edit(files[i], fmt.Sprintf("number %d of %s", round, x.name))
			edits += 2
			if i < 2 { // two make the snapshot anew, so that it is in conflict
				snapshots, err := filepath.Glob(filepath.Join(x.folder, "*.couplet"))
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range snapshots {
					if err := os.Remove(s); err != nil {
						t.Fatal(err)
					}
				}
			}
			p.ctl(0, "sync", files[i])
		}
		rejoin(nodes)
		carried(nodes)
		copies += nodes[0].copies()
		for range 2 {
			for i := range nodes {
				p.ctl(0, "sync", files[i])
			}
			carried(nodes)
		}
		p.agree(files...)
	}
	if maxConflicts > 0 && copies == 0 {
		t.Error("no conflict copy was made: the test is none")
	}
	for _, f := range files {
		p.ctl(0, "check", f)
	}
	t.Logf("%d Syncthings, %d partitions, %d conflict copies of the snapshot, %d saves, 0 lost", n, partitions, copies, edits)
}
