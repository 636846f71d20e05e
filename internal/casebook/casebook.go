// Package casebook is the one encrypted file in which a workspace keeps everything.
//
// It opens and creates the file, runs stamped write transactions, keeps the record of
// who changed what, migrates old files and checks them. It knows tables, not couples:
// what the rows mean, and who may see them, is the business of the domain packages.
package casebook

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"github.com/couplet-app/couplet/internal/casebook/vault"
	"github.com/couplet-app/couplet/internal/events"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/ids"
	"github.com/couplet-app/couplet/internal/text"
)

// Options says how to open a casebook. The zero value is right for a program that
// has a person in front of it.
type Options struct {
	// Now is the clock; nil is the computer's.
	Now func() time.Time
	// BeforeMigration is called with the open, still old file; an error stops the opening.
	BeforeMigration func(ctx context.Context, c *Casebook) error
	// Hourly is called before the first write after opening, and then before the first
	// write after each hour. An error refuses the write.
	Hourly func(ctx context.Context, c *Casebook) error
	// ReadOnly refuses every write and leaves an old file's schema as it is.
	ReadOnly bool
}

// New says what a fresh casebook begins with.
type New struct {
	Passphrase string
	KDF        vault.KDF
	Workspace  string // the business' name, may be empty
	Coach      string // the owner's name, may be empty
}

// Casebook is an open casebook. It is safe for use by several goroutines.
type Casebook struct {
	Changes events.Bus // told after every commit

	path string
	key  *vault.Key
	lock *flock.Flock
	opts Options

	writer  *sql.DB // writes anything: what merges, brings back and keeps the file
	guarded *sql.DB // writes what the coach signed in may; opened when it is needed
	reader  *sql.DB // sees what the coach signed in may see
	engine  *sql.DB // sees everything; opened when it is needed

	recorder atomic.Pointer[Recorder]

	own  atomic.Pointer[ownDevice] // read beside a write that makes this file another device
	eyes atomic.Pointer[eyes]      // nil for the owner, who sees everything

	mu      sync.Mutex // one write at a time
	hlc     int64
	coach   ids.ID
	me      ids.ID    // the coach signed in
	given   bool      // somebody else chose the passphrase of the coach signed in
	shut    bool      // their access was closed
	hourly  time.Time // when Hourly was called last
	settled bool      // this file is the device's own
	shared  bool      // what is new is noted for the folder
	glass   []broken  // records opened with a reason

	beside     sync.WaitGroup // work that goes on while the casebook is open
	besideDone context.Context
	endBeside  context.CancelFunc
}

// Create makes a new casebook at path, which must not exist, and returns it open,
// with the recovery key, which is shown once and stored nowhere.
func Create(ctx context.Context, path string, n New, opts Options) (c *Casebook, recovery string, err error) {
	lk, err := hold(path)
	if err != nil {
		return nil, "", err
	}
	key, recovery, err := vault.Create(path, n.KDF, n.Passphrase)
	if err != nil {
		release(lk)
		return nil, "", err
	}
	c, err = open(ctx, path, key, lk, opts)
	if err == nil {
		err = c.begin(ctx, n)
	}
	if err != nil {
		if c != nil {
			c.Close()
		}
		os.Remove(path)
		return nil, "", err
	}
	return c, recovery, nil
}

// begin writes the rows that every casebook has.
func (c *Casebook) begin(ctx context.Context, n New) error {
	owner := ids.New()
	c.coach, c.me = owner, owner
	ways, err := c.key.Ways()
	if err != nil {
		return err
	}
	return c.Write(ctx, "casebook.create", func(tx *Tx) error {
		if _, err := tx.Exec(`INSERT INTO coach (id, name, role, created_at) VALUES (?, ?, 'owner', ?)`, owner, n.Coach, tx.Now.UnixMilli()); err != nil {
			return err
		}
		if err := insertWays(tx, owner, ways, c.key.Identity()); err != nil {
			return err
		}
		return tx.SetSetting("workspace", n.Workspace)
	})
}

// Open opens the casebook at path. Errors are faults of the kinds WrongKey, Damaged,
// Newer, Busy, NotCasebook and System; when it returns one, nothing was written.
func Open(ctx context.Context, path string, s vault.Secret, opts Options) (*Casebook, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	if err := NotHeld(path); err != nil {
		return nil, err
	}
	key, err := vault.Unlock(path, s)
	if err != nil {
		return nil, err
	}
	return OpenKey(ctx, path, key, opts)
}

// OpenKey is Open with a key that was unlocked before; it takes the key over.
func OpenKey(ctx context.Context, path string, key *vault.Key, opts Options) (*Casebook, error) {
	lk, err := hold(path)
	if err != nil {
		key.Wipe()
		return nil, err
	}
	return open(ctx, path, key, lk, opts)
}

func open(ctx context.Context, path string, key *vault.Key, lk *flock.Flock, opts Options) (_ *Casebook, err error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	c := &Casebook{path: path, key: key, lock: lk, opts: opts}
	c.own.Store(&ownDevice{})
	c.besideDone, c.endBeside = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	if err = soundEnd(path, key); err != nil {
		return nil, err
	}
	if c.writer, err = sql.Open(vault.Driver, key.DSN(path, opts.ReadOnly)+stmtCache); err != nil {
		return nil, err
	}
	c.writer.SetMaxOpenConns(1)
	c.guarded = vault.Pool(key.DSN(path, opts.ReadOnly)+stmtCache, func(cn *vault.Connection) error { return c.dress(cn, opts.ReadOnly) })
	c.guarded.SetMaxOpenConns(1)
	c.reader = vault.Pool(key.DSN(path, true)+stmtCache, func(cn *vault.Connection) error { return c.dress(cn, true) })
	c.reader.SetMaxOpenConns(4)
	c.reader.SetMaxIdleConns(4)
	if c.engine, err = sql.Open(vault.Driver, key.DSN(path, true)+stmtCache); err != nil {
		return nil, err
	}
	c.engine.SetMaxOpenConns(4)
	if err = c.migrate(ctx); err != nil {
		return nil, vault.MapError(err)
	}
	if err = c.identify(ctx); err != nil {
		return nil, vault.MapError(err)
	}
	if err = c.signIn(ctx); err != nil {
		return nil, vault.MapError(err)
	}
	if err = c.look(ctx); err != nil {
		return nil, vault.MapError(err)
	}
	if !opts.ReadOnly {
		if _, err = key.HealHeader(path); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// soundEnd refuses a closed casebook that was cut within its last page, and one whose
// log was damaged: SQLite would silently drop what follows the damage. A log that a
// power cut tore is sound as far as it reaches.
func soundEnd(path string, key *vault.Key) error {
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		return vault.WholePages(path)
	}
	found, err := vault.CheckLog(path, key)
	if err != nil {
		return err
	}
	for _, f := range found {
		if !f.Notice {
			return fault.Wrap(fault.Damaged, errors.New(f.String()), text.T("casebook.log_damaged", "The last changes in this casebook are damaged."),
				text.T("casebook.log_damaged_hint", "Restore the newest backup. The damaged file is kept as it is."))
		}
	}
	return nil
}

// Beside does work on a goroutine of its own while saves and pages go on. Close ends its
// context and waits for it.
func (c *Casebook) Beside(work func(context.Context)) {
	c.beside.Go(func() { work(c.besideDone) })
}

// Close ends what goes on beside, checkpoints and closes: afterwards the file alone
// holds everything.
func (c *Casebook) Close() error {
	c.endBeside()
	c.beside.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if c.reader != nil {
		err = c.reader.Close() // whoever still reads is told that it is closed
	}
	if c.engine != nil {
		err = errors.Join(err, c.engine.Close())
	}
	if c.guarded != nil {
		err = errors.Join(err, c.guarded.Close())
	}
	if c.writer != nil {
		if e := c.writer.Close(); e != nil {
			err = e
		}
		c.writer = nil
	}
	c.key.Wipe()
	if c.lock != nil {
		dropEmptyLog(c.path)
		release(c.lock)
		c.lock = nil // a second Close must not touch the files of whoever came after
	}
	return vault.MapError(err)
}

// dropEmptyLog removes the log in which nothing stands, and its index: SQLite leaves
// them when a full disk kept it from beginning.
func dropEmptyLog(path string) {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() == 0 {
		os.Remove(path + "-wal")
		os.Remove(path + "-shm")
	}
}

// Path is where the casebook lies.
func (c *Casebook) Path() string { return c.path }

// Now is the time on the casebook's clock.
func (c *Casebook) Now() time.Time { return c.opts.Now() }

// Coach is who writes at present: the one whose passphrase opened the casebook.
func (c *Casebook) Coach() ids.ID { return c.coach }

// Device is this computer's replica of the casebook.
func (c *Casebook) Device() ids.ID { return c.own.Load().id }

// MAC is a keyed hash under the casebook's key, for commitments and report numbers.
func (c *Casebook) MAC(label string, data []byte) ([]byte, error) { return c.key.MAC(label, data) }

// Key is the open key, for the programs that copy, check or verify the file.
func (c *Casebook) Key() *vault.Key { return c.key }

// SetCoach names who writes from now on, for programs that write as others did (the
// sample). What only its author may read is sealed to the one signed in all the same.
func (c *Casebook) SetCoach(id ids.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.coach = id
}

// identify finds who we are: the device of this replica, and its clock.
func (c *Casebook) identify(ctx context.Context) error {
	var own ownDevice
	err := c.reader.QueryRowContext(ctx, `SELECT n, uuid FROM device WHERE own = 1`).Scan(&own.n, &own.id)
	if err == sql.ErrNoRows && !c.opts.ReadOnly {
		own.id = ids.New()
		err = c.writer.QueryRowContext(ctx, `INSERT INTO device (uuid, own, mark) VALUES (?, 1, ?) RETURNING n`, own.id, c.mark()).Scan(&own.n)
	}
	if err != nil {
		return err
	}
	c.own.Store(&own)
	if err := c.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM share_local)`).Scan(&c.shared); err != nil {
		return err
	}
	return c.reader.QueryRowContext(ctx, `SELECT max(coalesce((SELECT max(hlc) FROM action), 0), coalesce((SELECT hlc FROM brought), 0))`).Scan(&c.hlc)
}

// hold takes the one place that a casebook has for a program. The lock file goes with
// its holder, so a lock counts only on the file that has the name now.
func hold(path string) (*flock.Flock, error) {
	for {
		lk := flock.New(path + ".lock")
		ok, err := lk.TryLock()
		if err != nil {
			return nil, fault.Wrap(fault.System, err, text.T("casebook.no_lock", "This folder cannot be written to."),
				text.T("casebook.no_lock_hint", "Move the casebook to a folder of your own, or ask for permission. Nothing was changed."))
		}
		if !ok {
			return nil, busy()
		}
		named, err := os.Stat(lk.Path())
		if err == nil {
			if held, e := lk.Stat(); e == nil && os.SameFile(named, held) {
				return lk, nil
			}
		}
		lk.Unlock() // somebody closed the casebook in between and took the file along
	}
}

// NotHeld refuses a casebook that another program has open. It says so at once, before
// a passphrase is tried, and makes no file; the place itself is taken by opening.
func NotHeld(path string) error {
	lk := flock.New(path+".lock", flock.SetFlag(os.O_RDONLY))
	ok, err := lk.TryRLock()
	if err != nil {
		return nil // no lock file, or none that can be read: opening will say more
	}
	if !ok {
		return busy()
	}
	return lk.Unlock()
}

func busy() error {
	return fault.New(fault.Busy, text.T("casebook.busy", "The casebook is open in another program."),
		text.T("casebook.busy_hint", "Close it there and try again. Nothing was changed."))
}

func release(lk *flock.Flock) {
	os.Remove(lk.Path())
	lk.Unlock()
}

// stmtCache keeps the statements of the pages prepared.
const stmtCache = "&_stmt_cache_size=64"

// String never shows more than the type, so that a log line cannot leak a path or a name.
func (c *Casebook) String() string { return fmt.Sprintf("casebook %s", c.Device()) }
