package vault

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Finding is one thing that CheckPages has to say. It names a place, never content.
type Finding struct {
	Region string // "header", "database" or "log"
	Offset int64  // in the file of that region
	Text   string
	Notice bool // worth knowing, but nothing is lost
}

func (f Finding) String() string {
	return fmt.Sprintf("%s at byte %d: %s", f.Region, f.Offset, f.Text)
}

// lockPage is the page that SQLite never uses, for its lock bytes would stand in it;
// lockHole is where they do stand, and where no page is stored.
const (
	lockPage = 0x40000000 / pageSize // counted from 0
	lockHole = 0x40000000
)

// placeOf is where in the file the page stands that SQLite knows by offset off.
func placeOf(off int64) int64 {
	off += firstAt
	if off >= lockHole {
		off += pageSize
	}
	return off
}

// logicalSize is the size SQLite sees of a file of size bytes.
func logicalSize(size int64) int64 {
	if size > lockHole {
		size = max(lockHole, size-pageSize)
	}
	return max(0, size-firstAt)
}

// CheckPages reads the casebook at path to its last byte: both header copies, every
// page of the database, used or free, and the log beside it, if any. It changes
// nothing and writes nothing. An empty answer means that each byte is as a program
// with the key wrote it. It does not look at what the pages mean: for that, ask
// SQLite's integrity_check. Progress, which may be nil, is given bytes. It ends with the context.
func CheckPages(ctx context.Context, path string, key *Key, progress func(done, total int64)) ([]Finding, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	c := &checker{ctx: ctx, key: key, file: f, size: info.Size(), progress: progress}
	if err := c.header(); err != nil {
		return nil, err
	}
	log, err := readLog(path+"-wal", key)
	if err != nil {
		return nil, err
	}
	if err := c.database(log); err != nil {
		return nil, err
	}
	return append(c.found, log.findings()...), nil
}

type checker struct {
	ctx      context.Context
	key      *Key
	file     *os.File
	size     int64
	progress func(done, total int64)
	found    []Finding
}

func (c *checker) add(f Finding) { c.found = append(c.found, f) }

func (c *checker) header() error {
	var sound []string
	for i := range int64(headerCopies) {
		raw := make([]byte, copySize)
		if err := readWhole(c.file, raw, i*copySize); err != nil {
			return err
		}
		h, err := parseHeader(raw)
		if err == nil && !c.key.wrote(h) {
			err = errTampered
		}
		if err != nil {
			c.add(Finding{Region: "header", Offset: i * copySize, Text: fmt.Sprintf("copy %d is damaged (%v); the other one is used", i+1, err)})
			continue
		}
		sound = append(sound, string(raw))
	}
	if len(sound) == headerCopies && sound[0] != sound[1] {
		c.add(Finding{Region: "header", Notice: true, Text: "the two copies differ: a change of passphrase was interrupted"})
	}
	return nil
}

// wrote says whether h carries the mark of this key.
func (k *Key) wrote(h *header) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return !k.wiped && h.authentic(k.data[:])
}

// database authenticates every page and holds the number of pages to what page 1, or
// a later one in the log, says it should be.
func (c *checker) database(log *walLog) error {
	logical := logicalSize(c.size)
	if rest := (c.size - firstAt) % pageSize; rest != 0 {
		c.add(Finding{Region: "database", Offset: c.size - rest, Text: "the file ends within a page"})
	}
	want := log.pages
	var aad [aadSize]byte
	page := make([]byte, pageSize)
	for off := int64(0); off+pageSize <= logical; off += pageSize {
		if off == lockPage*pageSize {
			continue
		}
		ok, err := c.page(page, off, aad[:])
		if err != nil {
			return err
		}
		if !ok && !log.holds(uint32(off/pageSize)+1) {
			c.add(Finding{Region: "database", Offset: placeOf(off), Text: fmt.Sprintf("page %d is damaged", off/pageSize+1)})
		}
		if ok && off == 0 && want == 0 {
			want = binary.BigEndian.Uint32(page[28:])
		}
		if off%(1<<20) == 0 {
			if err := c.ctx.Err(); err != nil {
				return err
			}
			c.progress(off, logical)
		}
	}
	if log.pages == 0 && logical/pageSize < int64(want) {
		c.add(Finding{Region: "database", Offset: c.size, Text: fmt.Sprintf("the file is cut short: %d of %d pages are there", logical/pageSize, want)})
	}
	c.progress(logical, logical)
	return nil
}

// page reads and opens one page. Another connection may be writing it this moment: a
// page that does not authenticate is read again before it counts as damaged.
func (c *checker) page(page []byte, off int64, aad []byte) (bool, error) {
	for range 3 {
		if err := readWhole(c.file, page, placeOf(off)); err != nil {
			return false, err
		}
		if c.key.open(roleDatabase, off, page, aad) {
			return true, nil
		}
	}
	return false, nil
}

// readWhole reads len(b) bytes at off; where the file ends early, the rest is zeros.
func readWhole(f io.ReaderAt, b []byte, off int64) error {
	n, err := f.ReadAt(b, off)
	if errors.Is(err, io.EOF) {
		clear(b[n:])
		return nil
	}
	return err
}

// Verify opens the casebook at path and has SQLite look at its structure and foreign
// keys. Its error is a Damaged fault when something is off. CheckPages looks at the
// bytes, Verify at what they mean.
func Verify(ctx context.Context, path string, key *Key) (err error) {
	db, err := sql.Open(Driver, key.DSN(path, true))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return MapError(err)
	}
	if found != "ok" {
		return faultDamaged(errors.New(found))
	}
	err = db.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&found)
	switch {
	case err == nil:
		return faultDamaged(fmt.Errorf("a row of %s points to nothing", found))
	case !errors.Is(err, sql.ErrNoRows):
		return MapError(err)
	}
	return nil
}
