package large_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/sample/large"
	"github.com/couplet-app/couplet/sessions"
)

func TestFillMakesASoundCasebookOfTheSizeAskedFor(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "large.couplet")
	size := large.Size{Coaches: 1, Years: 1}
	recovery, err := large.Fill(ctx, path, casebook.New{Passphrase: "seven lanterns"}, size, "2026-11-22", 1, nil)
	if err != nil || recovery == "" {
		t.Fatalf("%q, %v", recovery, err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Passphrase: "seven lanterns"}, casebook.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer cb.Close()
	found, err := cb.Check(ctx, nil, sessions.VerifyLocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("%s: %s", f.Area, f.Text)
	}
	want := size.Counts()
	for query, n := range map[string]int{
		`SELECT count(*) FROM couple`:                              want.Couples,
		`SELECT count(*) FROM session`:                             want.Sessions,
		`SELECT count(*) FROM note`:                                want.Notes,
		`SELECT count(*) FROM administration`:                      want.Quizzes,
		`SELECT count(*) FROM practice_log`:                        want.Logs,
		`SELECT count(*) FROM coach`:                               size.Coaches,
		`SELECT count(*) FROM note_rev WHERE length(body) > 20000`: 0,
		`SELECT count(*) FROM (SELECT note_id FROM note_field GROUP BY note_id, key HAVING count(*) > 1)`:                             0,
		`SELECT count(*) FROM session WHERE starts_at > unixepoch('2026-11-23') * 1000`:                                               0,
		`SELECT count(*) FROM note n WHERE created_at < unixepoch('2026-11-10') * 1000 AND id NOT IN (SELECT note_id FROM note_lock)`: 0,
	} {
		var got int
		if err := cb.Reader().QueryRowContext(ctx, query).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != n {
			t.Errorf("%s: %d, want %d", query, got, n)
		}
	}
}
