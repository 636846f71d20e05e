package backup_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/backup"
	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/fault"
)

// A page or both headers gone: the newest sound backup is found, takes the casebook's
// place, and the damaged file lies beside it as it was.
func TestADamagedCasebookIsReplacedByItsNewestSoundBackup(t *testing.T) {
	for name, places := range map[string][]int{"page": {3*4096 + 100}, "headers": {100, 4096 + 100}} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XDG_DATA_HOME", t.TempDir())
			c, clock := casebooktest.NewClock(t)
			dir, err := backup.Folder(c)
			if err != nil {
				t.Fatal(err)
			}
			path := c.Path()
			for _, who := range []string{"First", "Second"} {
				add(t, c, who)
				if _, err := backup.Now(ctx, c, dir); err != nil {
					t.Fatal(err)
				}
				clock.Move(2 * time.Hour)
			}
			flip(t, list(t, dir)[0].Path) // the newest is no good
			add(t, c, "Third")
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range places {
				raw[at] ^= 1
			}
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := backup.Newest(ctx, path, secret)
			if err != nil || f.Path != list(t, dir)[1].Path {
				t.Fatalf("found %s (%v)", f.Path, err)
			}
			aside, err := backup.Replace(ctx, f.Path, path, secret, clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, raw) {
				t.Errorf("the damaged file is not kept as it was: %v", err)
			}
			r, err := casebook.Open(ctx, path, secret, casebook.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var n int
			if err := r.Reader().QueryRowContext(ctx, `SELECT count(*) FROM person`).Scan(&n); err != nil || n != 1 {
				t.Errorf("%d persons (%v)", n, err)
			}
			left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
			if err != nil || len(left) > 5 {
				t.Errorf("left: %v (%v)", left, err)
			}
		})
	}
}

func TestWithoutABackupNothingIsOffered(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	c := casebooktest.New(t)
	if _, err := backup.Newest(ctx, c.Path(), secret); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := backup.Newest(ctx, c.Path(), vault.Secret{Passphrase: "something else entirely"}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("got %v", err)
	}
}
