package casebook

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/ids"
)

// ownDevice is the device that this file is: its number in clocks here, and its id.
type ownDevice struct {
	n  int64
	id ids.ID
}

// A device is one file on one computer. Its clock and the numbers of its files in a
// shared folder must have one writer, so a copy of the file, a restored backup among
// them, becomes a device of its own before it writes.

// mark tells the file on this computer from every copy of it; nil when there is no telling.
func (c *Casebook) mark() []byte {
	place, err := fileMark(c.path)
	if err != nil {
		return nil
	}
	mark, err := c.MAC("device mark", []byte(machine()+"\x00"+place))
	if err != nil {
		return nil
	}
	return mark[:16]
}

// machine names the computer.
func machine() string {
	if b, err := os.ReadFile("/etc/machine-id"); err == nil && len(b) > 0 {
		return strings.TrimSpace(string(b))
	}
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

// settle gives a copied file a device of its own.
func (c *Casebook) settle(ctx context.Context) error {
	now := c.mark()
	var was []byte
	if err := c.writer.QueryRowContext(ctx, `SELECT mark FROM device WHERE n = ?`, c.DeviceNumber()).Scan(&was); err != nil {
		return err
	}
	switch {
	case now == nil || string(was) == string(now):
		return nil
	case was == nil:
		_, err := c.writer.ExecContext(ctx, `UPDATE device SET mark = ? WHERE n = ?`, now, c.DeviceNumber())
		return err
	}
	return c.newDevice(ctx, now)
}

// Settle gives this file a device of its own if it is a copy, as the first write does.
// Whoever tells others of this device calls it before.
func (c *Casebook) Settle(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writer == nil {
		return closed()
	}
	return c.settleOnce(ctx)
}

// NewDevice makes this file a device of its own from now on. The changes made before
// stay under the device that made them.
func (c *Casebook) NewDevice(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writer == nil {
		return closed()
	}
	return vault.MapError(c.newDevice(ctx, c.mark()))
}

func (c *Casebook) newDevice(ctx context.Context, mark []byte) error {
	tx, err := c.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	device := ids.New()
	var n int64
	now := c.opts.Now().UnixMilli()
	for _, s := range []string{
		`INSERT OR REPLACE INTO share_seen SELECT d.n, 0, max(a.hlc) FROM device d JOIN action a ON a.dev = d.n WHERE d.own = 1 AND EXISTS (SELECT 1 FROM share_local) GROUP BY d.n`,
		fmt.Sprintf(`UPDATE device SET own = 0, last_seen = max(last_seen, %d) WHERE own = 1`, now), // its mark stays: it was one of this file
		`UPDATE share_local SET seq = 0, told = 0, heal = 1`,                                        // what the folder was told of the copy is not known: it is told all
		`DELETE FROM share_out`,
	} {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	if err := tx.QueryRowContext(ctx, `INSERT INTO device (uuid, own, mark, name) VALUES (?, 1, ?, (SELECT name FROM device WHERE n = ?)) RETURNING n`, device, mark, c.DeviceNumber()).Scan(&n); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	c.own.Store(&ownDevice{n, device})
	return nil
}

// DeviceNumber is the number that clocks in this file have for its own device.
func (c *Casebook) DeviceNumber() int64 { return c.own.Load().n }

// Locally runs fn in one transaction that no clock and no history notes: for what
// belongs to this computer alone. The tables of the domain refuse it.
func (c *Casebook) Locally(ctx context.Context, fn func(*sql.Tx) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writer == nil {
		return closed()
	}
	return vault.MapError(c.locally(ctx, fn))
}

func (c *Casebook) locally(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := c.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	var shared bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM share_local)`).Scan(&shared); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	c.shared = shared
	return nil
}
