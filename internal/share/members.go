package share

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// removedMark begins the name of the setting that says since when a computer takes part
// no longer. It travels like every setting.
const removedMark = "device.removed."

// The actions in the history that are about computers.
const (
	actionJoin   = "device.join"
	actionRename = "device.rename"
	actionRemove = "device.remove"
	actionLeave  = "device.leave"
)

// ErrRemoved is in the chain of the fault that says that this computer was removed.
var ErrRemoved = errors.New("this computer was removed from sharing")

// longestName is how long the name of a computer may be.
const longestName = 60

// Announce lets the others know of this computer before anything is written on it.
func Announce(ctx context.Context, cb *casebook.Casebook) error {
	return cb.Write(ctx, actionJoin, func(*casebook.Tx) error { return nil }) // the action makes a file
}

// Rename changes what this computer is called for the others. They read it in the next
// file from here.
func Rename(ctx context.Context, cb *casebook.Casebook, name string) error {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > longestName {
		return fault.Input("name", text.T("share.name", "Give this computer a name of 1 to %d letters.", longestName))
	}
	if err := cb.Locally(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE device SET name = ? WHERE own = 1`, name)
		return err
	}); err != nil {
		return err
	}
	// The action alone makes a file, and every file carries the name.
	return cb.Write(ctx, actionRename, func(*casebook.Tx) error { return nil })
}

// Remove says that a computer takes part no longer. What it wrote stays, and what it still
// sends is still merged, so that nothing is lost; once it reads of its removal it sends
// nothing more.
func Remove(ctx context.Context, cb *casebook.Casebook, device ids.ID) error {
	return mark(ctx, cb, actionRemove, device)
}

// TakeBack says that a computer that was removed takes part again.
func TakeBack(ctx context.Context, cb *casebook.Casebook, device ids.ID) error {
	return cb.Write(ctx, actionRemove, func(tx *casebook.Tx) error {
		_, err := tx.Exec(`UPDATE setting SET deleted = 1 WHERE name = ?`, removedMark+device.String())
		return err
	})
}

func mark(ctx context.Context, cb *casebook.Casebook, action string, device ids.ID) error {
	return cb.Write(ctx, action, func(tx *casebook.Tx) error {
		return tx.SetSetting(removedMark+device.String(), strconv.FormatInt(tx.Now.UnixMilli(), 10))
	})
}

// LeaveWell tells the others all that is new here, and that this computer leaves, and
// then ends sharing as Leave does. If the folder cannot be told, nothing was changed.
func LeaveWell(ctx context.Context, cb *casebook.Casebook, opts Options) error {
	if _, err := Sync(ctx, cb, opts); err != nil && !errors.Is(err, ErrRemoved) {
		return err
	}
	if err := mark(ctx, cb, actionLeave, cb.Device()); err != nil {
		return err
	}
	e, err := newEngine(ctx, cb, opts)
	if err != nil {
		return err
	}
	e.leaving = true
	_, _ = e.sync(ctx) // all but the farewell was told: without it they see a computer that is silent
	return Leave(ctx, cb)
}

// removed is since when computers take part no longer.
func removed(ctx context.Context, q casebook.Querier) (map[ids.ID]time.Time, error) {
	type row struct{ name, value string }
	rows, err := casebook.Collect(ctx, q, func(r *sql.Rows, v *row) error { return r.Scan(&v.name, &v.value) },
		`SELECT name, value FROM setting WHERE deleted = 0 AND name LIKE ? || '%'`, removedMark)
	if err != nil {
		return nil, err
	}
	out := map[ids.ID]time.Time{}
	for _, r := range rows {
		id, err := ids.Parse(strings.TrimPrefix(r.name, removedMark))
		if err != nil {
			continue // a file may say anything
		}
		ms, err := strconv.ParseInt(r.value, 10, 64)
		if err != nil {
			continue
		}
		out[id] = time.UnixMilli(ms)
	}
	return out, nil
}

// stillTakesPart refuses to tell the folder anything once somebody removed this computer.
// What the others wrote was merged before.
func (e *engine) stillTakesPart(ctx context.Context) error {
	if e.leaving {
		return nil
	}
	out, err := removed(ctx, e.cb.Whole())
	if err != nil {
		return err
	}
	if at, is := out[e.cb.Device()]; is {
		return fault.Wrap(fault.Refused, ErrRemoved, text.T("share.removed", "This computer was removed from sharing on %s.", at.Local().Format("2 January 2006")),
			text.T("share.removed_hint", "Everything stays in this casebook, and nothing is sent from here any more. To go on together, take part again: then the others get all that was written here."))
	}
	return nil
}
