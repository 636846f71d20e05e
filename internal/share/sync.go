package share

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"slices"

	"github.com/couplet-app/couplet/internal/casebook"
	"github.com/couplet-app/couplet/internal/container"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// engine is one turn of sharing.
type engine struct {
	cb       *casebook.Casebook
	opts     Options
	keys     *container.Keys
	local    local
	report   Report
	backed   bool
	followed bool              // what follows from own changes was found
	quiet    bool              // what only keeps a text that is being written is not told by itself
	looked   func(bytes int64) // tells how far a join has come; may be nil
	leaving  bool              // this computer ends its part, and tells so
	rowsOnly bool              // contents are carried at another time
	gone     gone              // what was erased, as far as files of the folder may hold it
	mutant   mutant
	step     func(string) error // tests stop between two steps
}

// local is what the casebook remembers of its folder.
type local struct {
	folder, name        string
	seq, told, historyN int64
	heal                bool
}

func newEngine(ctx context.Context, cb *casebook.Casebook, opts Options) (*engine, error) {
	e := loose(cb, opts)
	return e, e.load(ctx)
}

// loose is an engine that knows of no folder.
func loose(cb *casebook.Casebook, opts Options) *engine {
	return &engine{cb: cb, opts: opts, keys: container.Own(cb.Key()), step: func(string) error { return nil }}
}

func (e *engine) load(ctx context.Context) error {
	l := &e.local
	err := e.cb.Whole().QueryRowContext(ctx, `SELECT folder, name, seq, told, history_n, heal FROM share_local`).Scan(&l.folder, &l.name, &l.seq, &l.told, &l.historyN, &l.heal)
	if errors.Is(err, sql.ErrNoRows) {
		return notShared()
	}
	if err != nil {
		return err
	}
	e.keys, err = keysOf(ctx, e.cb)
	return err
}

// turn reads all, merges, tells the folder what is new here, and reads again what came
// meanwhile.
func (e *engine) turn(ctx context.Context) error {
	files, err := e.read(ctx)
	if err != nil {
		return err
	}
	if err := e.stillTakesPart(ctx); err != nil {
		return err
	}
	if err := e.readErased(ctx); err != nil {
		return err
	}
	told, err := e.publish(ctx, files)
	if err != nil {
		return err
	}
	if told {
		if files, err = e.read(ctx); err != nil {
			return err
		}
	}
	if err := e.scour(ctx, files); err != nil {
		return err
	}
	if err := e.tidy(ctx, files); err != nil || e.rowsOnly {
		return err
	}
	return e.carry(ctx)
}

// read looks at every file and merges what is new.
func (e *engine) read(ctx context.Context) ([]file, error) {
	files, err := list(e.local.folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.Wrap(fault.System, err, text.T("share.folder_gone", "The shared folder is not there."),
			text.T("share.folder_gone_hint", "Connect the disk or start the file service, then try again. If the folder was deleted or moved, share the casebook through a folder again. Nothing was lost."))
	}
	if err != nil {
		return nil, err
	}
	if err := e.forked(ctx, files); err != nil {
		return nil, err
	}
	if err := recall(ctx, e.cb.Whole(), files); err != nil {
		return nil, err
	}
	if err := e.learn(ctx, files); err != nil {
		return nil, err
	}
	for i := range files {
		if f := &files[i]; !f.read {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			f.trouble = f.inspect(e.local.folder, e.keys)
			f.old = f.epoch != e.keys.Newest()
			if err := e.shutOut(ctx, f); err != nil {
				return nil, err
			}
			if e.looked != nil {
				e.looked(f.size)
			}
		}
	}
	files = slices.DeleteFunc(files, notOurs)
	if err := e.copied(ctx, claimed(files)); err != nil {
		return nil, err
	}
	var fresh []*file
	for i := range files {
		if !files[i].read {
			fresh = append(fresh, &files[i])
		}
	}
	if err := e.mergeFiles(ctx, fresh); err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, notOurs)
	e.waiting(files)
	return files, nil
}

// notOurs are files of others, and those that somebody took away while we looked.
func notOurs(f file) bool {
	return errors.Is(f.trouble, errNotShare) || errors.Is(f.trouble, os.ErrNotExist)
}

// settle sees by the file itself that it is a copy, before it tells anybody anything.
func (e *engine) settle(ctx context.Context) error {
	was := e.cb.Device()
	if err := e.cb.Settle(ctx); err != nil || e.cb.Device() == was {
		return err
	}
	e.notice(NoticeNewDevice, "")
	return e.load(ctx)
}

// forked sees that somebody with our name was here after us: this file is a copy, or
// was put back. It gets a name of its own.
func (e *engine) forked(ctx context.Context, files []file) error {
	for _, f := range files {
		if ownNumber(f.path, e.cb.Device()) > e.local.seq {
			return e.rename(ctx)
		}
	}
	return nil
}

// copied sees the same by what files claim of us.
func (e *engine) copied(ctx context.Context, claims vector) error {
	mine, _, err := known(ctx, e.cb.Whole())
	if err != nil {
		return err
	}
	own := e.cb.Device()
	if (vector{own: mine[own]}).covers(vector{own: claims[own]}) {
		return nil
	}
	return e.rename(ctx)
}

func (e *engine) rename(ctx context.Context) error {
	if err := e.cb.NewDevice(ctx); err != nil {
		return err
	}
	e.notice(NoticeNewDevice, "")
	if err := e.load(ctx); !fault.Is(err, fault.Refused) {
		return err
	}
	return nil // not shared: a merge by hand
}
