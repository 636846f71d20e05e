package sessions_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/sessions"
)

// kills is how often a writing process is killed.
const kills = 200

// TestKilledWritersLoseNothingTheySaid starts a process that writes notes and prints
// each id after the commit, kills it at a random moment, and then holds the casebook
// to every id that was printed.
func TestKilledWritersLoseNothingTheySaid(t *testing.T) {
	if os.Getenv("COUPLET_KILL_CHILD") != "" {
		writeUntilKilled(t)
		return
	}
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "kill.couplet")
	cb, recovery, err := casebook.Create(ctx, path, casebook.New{Passphrase: "to be killed", KDF: vault.FloorKDF}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	couple, err := clients.New(cb).CreateCouple(ctx, clients.NewCouple{A: &clients.Person{Name: clients.Name{Given: "Ada"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := cb.Close(); err != nil {
		t.Fatal(err)
	}
	var said []string
	for round := range kills {
		said = append(said, killOne(t, path, recovery, couple)...)
		verify := round%20 == 19
		if cb, err = casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{}); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		holds(t, cb, said)
		if verify {
			found, err := cb.Check(ctx, nil, sessions.VerifyLocks)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if !f.Notice {
					t.Fatalf("round %d: %s %s", round, f.Area, f.Text)
				}
			}
		}
		if err := cb.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(said) < kills {
		t.Fatalf("only %d notes were acknowledged: the test proves little", len(said))
	}
	t.Logf("%d kills, %d acknowledged notes, none lost", kills, len(said))
}

// killOne runs one writer until a random moment and returns what it acknowledged.
func killOne(t *testing.T, path, recovery string, couple ids.ID) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWritersLoseNothingTheySaid$")
	cmd.Env = append(os.Environ(), "COUPLET_KILL_CHILD="+path, "COUPLET_KILL_KEY="+recovery, "COUPLET_KILL_COUPLE="+couple.String())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said []string
	after := 1 + rand.IntN(4)
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		id, ok := strings.CutPrefix(sc.Text(), "saved ")
		if !ok {
			continue
		}
		said = append(said, id)
		if len(said) == after {
			// The next commit is under way: a moment later, the end.
			timer := time.AfterFunc(time.Duration(rand.Int64N(int64(6*time.Millisecond))), func() { cmd.Process.Kill() })
			defer timer.Stop()
		}
	}
	cmd.Wait() // it was killed: its error says only that
	return said
}

// holds says that every acknowledged note is there with its text.
func holds(t *testing.T, cb *casebook.Casebook, said []string) {
	t.Helper()
	ctx := context.Background()
	for _, s := range said {
		id, err := ids.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		var body string
		err = cb.Reader().QueryRowContext(ctx, `SELECT r.body FROM note_field f JOIN note_rev r ON r.id = f.head WHERE f.note_id = ? AND r.body LIKE 'written by %'`, id).Scan(&body)
		if err != nil {
			t.Fatalf("note %s was acknowledged and is gone: %v", s, err)
		}
	}
}

func writeUntilKilled(t *testing.T) {
	ctx := context.Background()
	cb, err := casebook.Open(ctx, os.Getenv("COUPLET_KILL_CHILD"), vault.Secret{Recovery: os.Getenv("COUPLET_KILL_KEY")}, casebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	couple, err := ids.Parse(os.Getenv("COUPLET_KILL_COUPLE"))
	if err != nil {
		t.Fatal(err)
	}
	s := sessions.New(cb, nil)
	for i := 0; ; i++ {
		id, err := s.QuickNote(ctx, couple, clients.CoachView, fmt.Sprintf("written by %d as number %d, and not to be lost", os.Getpid(), i), cb.Now(), "UTC")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("saved " + id.String())
	}
}
