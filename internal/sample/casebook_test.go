package sample

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/sessions"
)

func TestTheSampleIsSoundAndTellsOfSevenRecords(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "sample.couplet")
	recovery, err := Casebook(ctx, path, casebook.New{Passphrase: "x y z"}, "2026-11-22", 1)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := casebook.Open(ctx, path, vault.Secret{Recovery: recovery}, casebook.Options{})
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
	rows, err := clients.New(cb).Counts(ctx, clients.For(clients.CoachView, "2026-11-22"))
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d records (%v)", len(rows), err)
	}
}
