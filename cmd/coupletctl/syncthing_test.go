package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/share/syncthingtest"
)

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
	nodes := syncthingtest.Start(t, n, maxConflicts)
	dir, files := t.TempDir(), make([]string, n)
	for i, x := range nodes {
		files[i] = filepath.Join(dir, x.Name+".couplet")
	}
	copyTree(t, first, files[0])
	p.ctl(0, "share", files[0], nodes[0].Folder)
	syncthingtest.Carried(nodes)
	for i, x := range nodes[1:] {
		p.ctl(0, "join", x.Folder, files[i+1])
	}
	kept, body := filepath.Join(dir, "kept.bin"), bytes.Repeat([]byte("seven lanterns "), 30_000)
	if err := os.WriteFile(kept, body, 0o600); err != nil {
		t.Fatal(err)
	}
	attached := strings.TrimSpace(p.ctl(0, "attach", files[n-1], "--couple", p.someCouple(files[n-1]), "--file", kept))
	edits, copies := 0, 0
	for round := range partitions {
		groups := n // everybody alone
		if round%2 == 1 {
			groups = 2
		}
		syncthingtest.Cut(nodes, func(i int) int { return i % groups })
		for i, x := range nodes {
			p.edit(files[i], fmt.Sprintf("number %d of %s", round, x.Name))
			edits += 2
			if i < 2 { // two make the snapshot anew, so that it is in conflict
				snapshots, err := filepath.Glob(filepath.Join(x.Folder, "*.couplet"))
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
		syncthingtest.Rejoin(nodes)
		syncthingtest.Carried(nodes)
		copies += nodes[0].Copies()
		for range 2 {
			for i := range nodes {
				p.ctl(0, "sync", files[i])
			}
			syncthingtest.Carried(nodes)
		}
		p.agree(files...)
	}
	if maxConflicts > 0 && copies == 0 {
		t.Error("no conflict copy was made: the test is none")
	}
	for i, f := range files {
		p.ctl(0, "check", f)
		out := filepath.Join(dir, fmt.Sprintf("kept%d", i))
		p.ctl(0, "attachment", f, attached, "--out", out)
		if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, body) {
			t.Errorf("computer %d has %d of %d bytes of the file that another one kept (%v)", i, len(got), len(body), err)
		}
	}
	t.Logf("%d Syncthings, %d partitions, %d conflict copies of the snapshot, %d saves, 0 lost", n, partitions, copies, edits)
}
