package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/ids"
)

// TestPV22CommandsObeyTheRoleOfWhoOpens opens a casebook of another coach's couples with the
// passphrases of a colleague, a supervisor and an assistant: no command says a planted word,
// and what hands out the whole casebook is the owner's.
func TestPV22CommandsObeyTheRoleOfWhoOpens(t *testing.T) {
	for _, role := range []clients.Role{clients.RoleCoach, clients.RoleSupervisor, clients.RoleAssistant} {
		t.Run(string(role), func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("HOME", dir)
			cb, p := plant(t, dir, casebooktest.Few)
			ctx, path := context.Background(), cb.Path()
			if err := cb.Write(ctx, "tokens.coach", func(tx *casebook.Tx) error {
				all, err := casebook.Collect(ctx, tx, casebook.Value[ids.ID], `SELECT id FROM engagement`)
				for _, e := range all {
					if _, err := tx.Exec(`INSERT INTO engagement_coach (id, engagement_id, coach_id, created_at) VALUES (?, ?, ?, 1)`, ids.New(), e, tx.Coach); err != nil {
						return err
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			me := casebooktest.AddCoach(t, cb, "Mara Holt")
			if role != clients.RoleCoach {
				if err := clients.New(cb).SetRole(ctx, me, role); err != nil {
					t.Fatal(err)
				}
			}
			if err := cb.Close(); err != nil {
				t.Fatal(err)
			}
			t.Setenv("COUPLET_PASSPHRASE", casebooktest.AnotherPassphrase)
			out := filepath.Join(dir, "out")
			for _, args := range [][]string{
				{"couples", path},
				{"couples", path, "--json"},
				{"search", path, casebooktest.Lantern, "--for", "coach"},
				{"search", path, casebooktest.Lantern, "--for", "joint", "--json"},
				{"search", path, casebooktest.Lantern, "--for", "coach", "--couple", p.Couple.String()},
				{"history", path, p.Couple.String()},
				{"history", path, p.Notes[0].String(), "--json"},
				{"report", path, "--couple", p.Couple.String(), "--for", "coach", "--out", out + ".pdf"},
				{"note", path, "--couple", p.Couple.String(), "--for", "coach", "--text", "Hello"},
				{"contact", path, "--person", p.A.String(), "--phone", "123"},
				{"check", path, "--json"},
				{"devices", path, "--json"},
			} {
				_, said := told(args...)
				for _, w := range strings.Fields(casebooktest.Words(said)) {
					if role != clients.RoleAssistant || args[0] != "couples" && args[0] != "search" {
						t.Errorf("%v says %s", args, w)
					}
				}
				if role == clients.RoleAssistant {
					assistant(t, p, args, said)
				}
			}
			for _, args := range [][]string{{"export", path, "--out", out + ".json"}, {"dump", path}, {"backup", path, dir}} {
				code, said := told(args...)
				if code != 1 || !strings.Contains(said, "Only the owner of the casebook can do this.") || casebooktest.Words(said) != "" {
					t.Errorf("%v ends with %d: %s", args, code, said)
				}
			}
			for _, f := range []string{out + ".json", out + ".pdf"} {
				if _, err := os.Stat(f); err == nil {
					t.Errorf("%s was written", filepath.Base(f))
				}
			}
		})
	}
}

// assistant holds what a command says to names.
func assistant(t *testing.T, p *casebooktest.Planted, args []string, said string) {
	t.Helper()
	for _, k := range p.Tokens {
		switch k.Where {
		case "person.given_name", "person.family_name", "person.latin_name":
			continue
		}
		if strings.HasPrefix(k.Text, "zq") && strings.Contains(said, k.Text) {
			t.Errorf("%v says %s of %s", args, k.Text, k.Where)
		}
	}
}

// told runs a command and gives its exit code and all that it said.
func told(args ...string) (int, string) {
	var out, errs bytes.Buffer
	code := run(context.Background(), args, strings.NewReader(""), &out, &errs)
	return code, out.String() + "\n" + errs.String()
}
