// Package share lets a small practice use one casebook on several computers through a
// folder that any file service keeps in step.
//
// The folder holds a sealed snapshot, Name.couplet, and Name.changes with one small
// sealed file for every time that something was published. Files are only carried there:
// each computer keeps a casebook of its own and merges whatever it finds, by rules that
// come to the same on every computer whatever order the files arrive in. docs/sharing.md
// says which rules, and what the files look like.
package share

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Options say how a turn of sharing goes. The zero value is right for tests.
type Options struct {
	// Device is what this computer is called for the others; "" is its own name.
	Device string
	// Backups is where merged copies of the snapshot are moved to; "" leaves them.
	Backups string
	// BeforeLarge is called before a merge of more than 1,000 rows; an error stops it.
	BeforeLarge func(ctx context.Context, cb *casebook.Casebook) error
	// Erased is called after a turn that emptied what somebody erased elsewhere.
	Erased func(ctx context.Context, cb *casebook.Casebook) error
}

// Report is what a turn of sharing did.
type Report struct {
	Merged    int // files that said something new
	Published int // files written
	Waiting   []Waiting
	Devices   []Device
	Notices   []Notice
}

// Device is one computer, or one copy of the casebook, as this one knows it.
type Device struct {
	ID       ids.ID
	Name     string
	Own      bool
	LastSeen time.Time // by its own clock, in the newest file of it
	Heard    time.Time // when that was read here; zero for never
	Removed  time.Time // since when it takes part no longer; zero while it does
	Earlier  bool      // was this casebook before it was copied or put back, and nothing was heard of it since
}

// Row names a row.
type Row struct {
	Table string
	ID    ids.ID
}

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notices.
const (
	NoticeBack      NoticeKind = "back"       // a deleted row came back: somebody changed it later
	NoticeClock     NoticeKind = "clock"      // a computer's clock is far ahead
	NoticeNewDevice NoticeKind = "new_device" // this file is a copy or was put back, and got a name of its own
	NoticeMoved     NoticeKind = "moved"      // a merged copy of the snapshot was moved to the backups
)

// Notice is worth knowing; there is nothing to do about it.
type Notice struct {
	Kind     NoticeKind
	Name     string // of the device or file
	Row      Row    // of what came back
	Sentence string
}

// Share makes a folder, if need be, and shares the casebook through it: a snapshot under
// the workspace's name. From now on Sync keeps the two in step.
func Share(ctx context.Context, cb *casebook.Casebook, folder string, opts Options) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if inFolder(cb.Path(), folder) {
		return fault.New(fault.Refused, text.T("share.inside", "The casebook itself lies in this folder."),
			text.T("share.inside_hint", "Choose a folder for sharing that the casebook does not lie in. Nothing was changed."))
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	name, err := workspaceName(ctx, cb)
	if err != nil {
		return err
	}
	if err := refuseForeign(cb, filepath.Join(folder, name+snapshotSuffix)); err != nil {
		return err
	}
	if err := cb.Settle(ctx); err != nil {
		return err
	}
	if out, err := removed(ctx, cb.Whole()); err != nil {
		return err
	} else if _, is := out[cb.Device()]; is { // it takes part again, under a name of its own
		if err := cb.NewDevice(ctx); err != nil {
			return err
		}
	}
	before := &engine{cb: cb}
	was := before.load(ctx)
	if err := begin(ctx, cb, folder, name, opts.Device, true); err != nil {
		return err
	}
	if _, err = Sync(ctx, cb, opts); err == nil {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if was != nil { // as if it had not been tried
		return errors.Join(err, Leave(ctx, cb))
	}
	return errors.Join(err, begin(ctx, cb, before.local.folder, before.local.name, opts.Device, true))
}

func inFolder(path, folder string) bool {
	path, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// refuseForeign refuses a folder in which another casebook is shared under this name.
func refuseForeign(cb *casebook.Casebook, path string) error {
	c, err := openContents(path, container.Own(cb.Key()))
	switch {
	case err == nil:
		c.close()
	case errors.Is(err, os.ErrNotExist):
	case errors.Is(err, errForeign), errors.Is(err, errNotShare):
		return fault.New(fault.Refused, text.T("share.taken", "Another casebook of this name lies in the folder."),
			text.T("share.taken_hint", "Choose another folder. Nothing was changed."))
	}
	return nil
}

// workspaceName is the name of the workspace as a file can have it.
func workspaceName(ctx context.Context, cb *casebook.Casebook) (string, error) {
	name, err := cb.Setting(ctx, "workspace")
	if err != nil {
		return "", err
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	if name = strings.Trim(name, " .~"); name == "" {
		name = "Casebook"
	}
	for len(name) > 100 {
		name = strings.TrimRight(strings.ToValidUTF8(name[:100], ""), " .")
	}
	return name, nil
}

// begin remembers the folder. Rows that came without a clock, from an import, get one.
func begin(ctx context.Context, cb *casebook.Casebook, folder, name, device string, heal bool) error {
	if device == "" {
		device, _ = os.Hostname() // without a name it has none
	}
	rules, err := casebook.Rules(ctx, cb.Whole())
	if err != nil {
		return err
	}
	return cb.Locally(ctx, func(tx *sql.Tx) error {
		for _, s := range []struct {
			query string
			args  []any
		}{
			{`INSERT OR REPLACE INTO share_local (one, folder, name, seq, told, history_n, heal) VALUES (1, ?, ?, coalesce((SELECT seq FROM share_local), 0), 0, (SELECT coalesce(max(n), 0) FROM history), ?)`, []any{folder, name, heal}},
			{`DELETE FROM share_file`, nil},
			{`UPDATE device SET name = ? WHERE own = 1`, []any{device}},
			{`INSERT OR IGNORE INTO share_seen SELECT d.n, 0, max(a.hlc) FROM device d JOIN action a ON a.dev = d.n WHERE d.own = 0 AND NOT EXISTS (SELECT 1 FROM share_seen s WHERE s.dev = d.n) GROUP BY d.n`, nil},
		} {
			if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
				return err
			}
		}
		for _, r := range rules {
			if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO row_clock SELECT ?1, t.id, 0, ?2 FROM `+r.Table+` t WHERE NOT EXISTS (SELECT 1 FROM share_stub s WHERE s.tbl = ?1 AND s.id = t.id)`, r.Num, cb.DeviceNumber()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Leave ends sharing for this computer. The casebook keeps everything; the folder is
// left as it is for the others.
func Leave(ctx context.Context, cb *casebook.Casebook) error {
	return cb.Locally(ctx, func(tx *sql.Tx) error {
		for _, s := range []string{`DELETE FROM share_local`, `DELETE FROM share_out`, `DELETE FROM share_file`} {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// Folder is the folder that a casebook is shared through, "" if it is not.
func Folder(ctx context.Context, cb *casebook.Casebook) (string, error) {
	var folder string
	err := cb.Whole().QueryRowContext(ctx, `SELECT folder FROM share_local`).Scan(&folder)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return folder, err
}

func notShared() error {
	return fault.New(fault.Refused, text.T("share.not_shared", "This casebook is not shared."), text.T("share.not_shared_hint", "Share it through a folder first. Nothing was changed."))
}

// Sync reads the whole folder, merges what is new, publishes what is new here, and
// reads again. What cannot be read waits: it is named in the report and harms nothing.
func Sync(ctx context.Context, cb *casebook.Casebook, opts Options) (Report, error) {
	e, err := newEngine(ctx, cb, opts)
	if err != nil {
		return Report{}, err
	}
	return e.sync(ctx)
}

func (e *engine) sync(ctx context.Context) (Report, error) {
	if err := e.settle(ctx); err != nil {
		return e.report, err
	}
	if err := e.turn(ctx); err != nil {
		return e.report, err
	}
	if err := e.clocks(ctx); err != nil {
		return e.report, err
	}
	if due, err := e.cb.EraseDue(ctx); err != nil {
		return e.report, err
	} else if e.opts.Erased != nil && (slices.Contains(due, casebook.DuePages) || slices.Contains(due, DueBackups)) {
		if err := e.opts.Erased(ctx, e.cb); err != nil {
			return e.report, err
		}
	}
	var err error
	e.report.Devices, err = Devices(ctx, e.cb)
	return e.report, err
}

// Devices are the computers that a casebook knows, its own first.
// An earlier copy of this one is left out once it was removed, or has been silent for as
// long as anybody is waited for.
func Devices(ctx context.Context, cb *casebook.Casebook) ([]Device, error) {
	gone, err := removed(ctx, cb.Whole())
	if err != nil {
		return nil, err
	}
	all, err := casebook.Collect(ctx, cb.Whole(), func(r *sql.Rows, d *Device) error {
		var seen, heard int64
		if err := r.Scan(&d.ID, &d.Name, &d.Own, &seen, &heard, &d.Earlier); err != nil {
			return err
		}
		if seen > 0 {
			d.LastSeen = time.UnixMilli(seen)
		}
		if heard > 0 {
			d.Heard = time.UnixMilli(heard)
		}
		d.Removed = gone[d.ID]
		return nil
	}, `SELECT uuid, name, own, last_seen, heard, own = 0 AND mark IS NOT NULL AND heard = 0 FROM device ORDER BY own DESC, name, n`)
	return slices.DeleteFunc(all, func(d Device) bool {
		return d.Earlier && (!d.Removed.IsZero() || cb.Now().Sub(d.LastSeen) > keepChanges)
	}), err
}

// farAhead is how far another computer's clock may be ahead before people are told.
const farAhead = 24 * time.Hour

// clocks tells of computers whose clock is far ahead of this one's.
func (e *engine) clocks(ctx context.Context) error {
	type late struct {
		name string
		hlc  int64
	}
	l, err := casebook.Collect(ctx, e.cb.Whole(), func(r *sql.Rows, v *late) error { return r.Scan(&v.name, &v.hlc) },
		`SELECT d.name, max(s.upto) FROM share_seen s JOIN device d ON d.n = s.dev WHERE d.own = 0 GROUP BY d.n`)
	for _, d := range l {
		if ahead := casebook.ClockTime(d.hlc).Sub(e.cb.Now()); ahead > farAhead {
			e.notice(NoticeClock, d.name)
		}
	}
	return err
}

func (e *engine) notice(k NoticeKind, name string) {
	n := Notice{Kind: k, Name: name}
	switch k {
	case NoticeClock:
		n.Sentence = text.T("share.clock", "The clock of %s is far ahead. Nothing is lost, but its times are not right.", name)
	case NoticeNewDevice:
		n.Sentence = text.T("share.new_device", "This casebook was copied or put back, so it now counts as a computer of its own.")
	}
	e.report.Notices = append(e.report.Notices, n)
}
