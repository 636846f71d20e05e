package vault

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// Driver is the name under which database/sql opens casebooks, with a DSN from
// Key.DSN. Every connection it makes is in WAL mode with synchronous=FULL, keeps
// temporary tables in memory and enforces foreign keys.
const Driver = "couplet"

var sealed = &sealedDriver{sqlite3.SQLiteDriver{ConnectHook: ready}}

func init() {
	sql.Register(Driver, sealed)
}

type sealedDriver struct{ sqlite3.SQLiteDriver }

func (d *sealedDriver) Open(dsn string) (driver.Conn, error) {
	c, err := d.SQLiteDriver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{SQLiteConn: c.(*sqlite3.SQLiteConn)}, nil
}

// Connection is one connection of a Pool, for its hook.
type Connection struct {
	conn *sqlite3.SQLiteConn
	// Mark is what the hook wants to know of the connection the next time; nil at first.
	Mark any
}

// Exec runs statements without results.
func (c *Connection) Exec(query string, args ...driver.Value) error {
	_, err := c.conn.Exec(query, args)
	return err
}

// Func makes a Go function one of SQL, on this connection.
func (c *Connection) Func(name string, f any) error { return c.conn.RegisterFunc(name, f, true) }

// Pool opens casebooks like sql.Open(Driver, dsn). Before each use of a connection it calls
// hook; an error refuses the use.
func Pool(dsn string, hook func(*Connection) error) *sql.DB {
	return sql.OpenDB(&pool{dsn: dsn, hook: hook})
}

type pool struct {
	dsn  string
	hook func(*Connection) error
}

// Driver makes pool a driver.Connector.
func (p *pool) Driver() driver.Driver { return sealed }

// Connect makes pool a driver.Connector.
func (p *pool) Connect(context.Context) (driver.Conn, error) {
	dc, err := sealed.Open(p.dsn)
	if err != nil {
		return nil, err
	}
	c := dc.(*conn)
	own := &Connection{conn: c.SQLiteConn}
	c.before = func() error { return p.hook(own) }
	if err := c.before(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// conn is a connection that says when it must not be used again. After a refused write
// (a full disk, say) FTS5 keeps remembering what was rolled back, and the next text that
// is saved through the same connection spoils the index; a new connection does not.
// The crash tests found this, in plain SQLite 3.54.1 too.
type conn struct {
	*sqlite3.SQLiteConn
	before func() error // what a Pool asks before each use; nil for none
}

// ResetSession is called by database/sql before a connection is used again.
func (c *conn) ResetSession(context.Context) error {
	if c.before == nil || c.before() == nil {
		return nil
	}
	return driver.ErrBadConn // any other error would be passed over, and the connection used
}

// IsValid is asked by database/sql before the connection goes back to its pool.
func (c *conn) IsValid() bool {
	return c.SetFileControlInt("main", fcntlFailed, 0) == nil
}

// pragmas of every connection. They stand here and not in the DSN because go-sqlite3
// works the DSN off first, and sets synchronous=NORMAL itself.
var pragmas = []string{
	"temp_store = MEMORY", // a temporary file would hold plain text; the VFS refuses it
	"mmap_size = 0",
	"journal_mode = WAL",
	"synchronous = FULL",
	"busy_timeout = 5000",
	"foreign_keys = ON",
	"secure_delete = FAST",
	"trusted_schema = OFF",
	"cell_size_check = ON",
}

func ready(c *sqlite3.SQLiteConn) error {
	list := pragmas
	if runtime.GOOS == "darwin" {
		list = append(list[:len(list):len(list)], "fullfsync = ON", "checkpoint_fullfsync = ON")
	}
	for _, p := range list {
		if _, err := c.Exec("PRAGMA "+p, nil); err != nil {
			return fmt.Errorf("pragma %s: %w", p, MapError(err))
		}
	}
	return nil
}

// DSN names the casebook at path for sql.Open(Driver, …). It carries a number that
// means something in this process only, never the key. The file must exist.
//
// A read-only connection refuses every write (query_only) but opens the file for
// writing like any other, so that whichever connection closes last brings the log home
// and removes it. Transactions of other connections begin immediately.
func (k *Key) DSN(path string, readOnly bool) string {
	return k.dsn(vfsName, path, readOnly)
}

func (k *Key) dsn(vfs, path string, readOnly bool) string {
	mode := "_txlock=immediate"
	if readOnly {
		mode = "_query_only=1"
	}
	return fmt.Sprintf("%s?vfs=%s&keyid=%d&mode=rw&%s", fileURI(path), vfs, k.handle, mode)
}

// Target names a file that does not exist yet (or is empty) for VACUUM INTO: a whole
// casebook with the same data key and the same ways to open it.
func (k *Key) Target(path string) string {
	return k.target(vfsName, path)
}

func (k *Key) target(vfs, path string) string {
	return fmt.Sprintf("%s?vfs=%s&keyid=%d&mode=rwc", fileURI(path), vfs, k.handle)
}

// fileURI is path as SQLite reads it in a DSN.
func fileURI(path string) string {
	p := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" && !strings.HasPrefix(p, "/") {
		p = "/" + p // file:/C:/…
	}
	uri := "file:"
	if strings.HasPrefix(p, "//") {
		uri = "file://" // an empty authority: //server/share is the path
	}
	return uri + (&url.URL{Path: p}).EscapedPath()
}
