package casebook_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/casebook/casebooktest"
	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

func TestHourlyIsCalledBeforeTheFirstWriteAfterAnHour(t *testing.T) {
	now, calls := casebooktest.Start, 0
	refuse := errors.New("no room")
	var answer error
	c, _, err := casebook.Create(ctx, filepath.Join(t.TempDir(), "a.couplet"), casebook.New{Passphrase: casebooktest.Passphrase, KDF: vault.FloorKDF}, casebook.Options{
		Now:    func() time.Time { return now },
		Hourly: func(context.Context, *casebook.Casebook) error { calls++; return answer },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	save := func() error {
		return c.Write(ctx, "setting.set", func(tx *casebook.Tx) error { return tx.SetSetting("x", "1") })
	}
	for _, step := range []struct {
		later time.Duration
		want  int
	}{{0, 1}, {59 * time.Minute, 1}, {time.Minute, 2}, {time.Minute, 2}, {-30 * time.Minute, 3}, {time.Hour, 4}} {
		now = now.Add(step.later)
		if err := save(); err != nil || calls != step.want {
			t.Errorf("%s later: %d calls, want %d (%v)", step.later, calls, step.want, err)
		}
	}
	answer, now = refuse, now.Add(time.Hour)
	for range 2 {
		if err := save(); !errors.Is(err, refuse) {
			t.Errorf("refused, the write went on: %v", err)
		}
	}
	if calls != 6 {
		t.Errorf("after a refusal it is asked again: %d calls", calls)
	}
}

func TestANewDeviceWritesUnderItsOwnName(t *testing.T) {
	c := casebooktest.New(t)
	before := c.Device()
	if err := c.NewDevice(ctx); err != nil {
		t.Fatal(err)
	}
	if err := c.Write(ctx, "setting.set", func(tx *casebook.Tx) error { return tx.SetSetting("x", "1") }); err != nil {
		t.Fatal(err)
	}
	var devices int
	var wrote ids.ID
	if err := c.Reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM device), (SELECT d.uuid FROM action a JOIN device d ON d.n = a.dev ORDER BY a.hlc DESC LIMIT 1)`).Scan(&devices, &wrote); err != nil {
		t.Fatal(err)
	}
	if devices != 2 || wrote == before || wrote != c.Device() {
		t.Errorf("%d devices, and %s wrote, not %s", devices, wrote, c.Device())
	}
}
