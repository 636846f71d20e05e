package vault

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
)

// The write-ahead log as SQLite lays it out (sqlite.org/fileformat2.html, "The
// Write-Ahead Log"), with frames sealed as docs/format.md says.
const (
	walHeader   = 32
	frameHeader = 24
	frameSize   = frameHeader + pageSize
	maskAt      = 8
)

// walLog is what the log beside a casebook amounts to.
type walLog struct {
	size  int64
	bad   error  // the log's header is not one
	pages uint32 // pages of the database after the last commit; 0 without one
	newer map[uint32]bool
	torn  *tear
}

// tear is the first frame that does not count and is not a leftover either.
type tear struct {
	frame   int64
	offset  int64
	damaged bool // it was whole once: one bit is off, or something was written after it that must have waited for it
}

// holds says whether the log has a good copy of page n, so that the one in the
// database is of no account.
func (l *walLog) holds(n uint32) bool { return l.newer[n] }

func (l *walLog) findings() []Finding {
	switch {
	case l.bad != nil:
		return []Finding{{Region: "log", Text: l.bad.Error()}}
	case l.torn == nil:
		return nil
	case l.torn.damaged:
		return []Finding{{Region: "log", Offset: l.torn.offset, Text: fmt.Sprintf("frame %d is damaged; what was saved from there on cannot be read", l.torn.frame)}}
	default:
		return []Finding{{Region: "log", Offset: l.torn.offset, Notice: true, Text: fmt.Sprintf("frame %d is incomplete: the log ends in the middle of a change", l.torn.frame)}}
	}
}

// CheckLog looks at the log that a program which did not end normally left beside the
// casebook at path. Call it before opening: SQLite takes a damaged frame for the end
// of the log and goes on without what came after. A Notice is the torn end that a
// power cut leaves; any other finding means that acknowledged changes are lost.
func CheckLog(path string, key *Key) ([]Finding, error) {
	log, err := readLog(path+"-wal", key)
	if err != nil {
		return nil, err
	}
	return log.findings(), nil
}

// WholePages refuses a casebook whose file ends within a page. Call it when there is no
// log beside it: with one, that is what a power cut leaves, and the log has the page.
func WholePages(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if (info.Size()-firstAt)%pageSize != 0 {
		return faultDamaged(io.ErrUnexpectedEOF)
	}
	return nil
}

// frame is one frame of the log, opened.
type frame struct {
	head      [frameHeader]byte
	page      []byte
	authentic bool
}

func (f *frame) pgno() uint32   { return binary.BigEndian.Uint32(f.head[0:]) }
func (f *frame) commit() uint32 { return binary.BigEndian.Uint32(f.head[4:]) }
func (f *frame) salts() string  { return string(f.head[8:16]) }
func (f *frame) sum() [2]uint32 { return sumAt(f.head[16:]) }
func sumAt(b []byte) [2]uint32 {
	return [2]uint32{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}
}

func (f *frame) follows(order binary.ByteOrder, before [2]uint32) bool {
	return f.authentic && checksum(order, checksum(order, before, f.head[:8]), f.page) == f.sum()
}

// readLog reads the log at path; one that is not there or is empty is no log.
func readLog(path string, key *Key) (*walLog, error) {
	log := &walLog{newer: map[uint32]bool{}}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return log, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	log.size = info.Size()
	if log.size < walHeader+frameSize {
		return log, nil // no frame, nothing to lose
	}
	r := &logReader{key: key, file: file, frames: (log.size - walHeader) / frameSize}
	return log, r.read(log)
}

type logReader struct {
	key    *Key
	file   *os.File
	frames int64
	order  binary.ByteOrder // of the checksums; the machine's that began the log
	salts  string
}

func (r *logReader) read(log *walLog) error {
	var head [walHeader]byte
	if err := readWhole(r.file, head[:], 0); err != nil {
		return err
	}
	r.order = binary.LittleEndian
	if binary.BigEndian.Uint32(head[:])&1 == 1 {
		r.order = binary.BigEndian
	}
	r.salts = string(head[16:24])
	sum := sumAt(head[24:])
	if binary.BigEndian.Uint32(head[:])&^1 != 0x377f0682 || binary.BigEndian.Uint32(head[8:]) != pageSize || checksum(r.order, [2]uint32{}, head[:24]) != sum {
		return r.badHeader(log)
	}
	pending := map[uint32]bool{}
	for i := range r.frames {
		f, err := r.frame(i)
		if err != nil {
			return err
		}
		if !r.good(f, sum) {
			return r.ending(log, i, f, sum)
		}
		sum = f.sum()
		pending[f.pgno()] = true
		if f.commit() != 0 {
			log.pages = f.commit()
			maps.Copy(log.newer, pending)
			clear(pending)
		}
	}
	return nil
}

// good is what SQLite asks of a frame: this log's salts, a page number, and a checksum
// that goes on from the frame before; and what the vault asks.
func (r *logReader) good(f *frame, before [2]uint32) bool {
	return f.authentic && f.salts() == r.salts && f.pgno() != 0 && f.follows(r.order, before)
}

// frame reads frame i, counted from 0.
func (r *logReader) frame(i int64) (*frame, error) {
	var raw [frameSize]byte
	if err := readWhole(r.file, raw[:], walHeader+i*frameSize); err != nil {
		return nil, err
	}
	return r.opened(i, raw)
}

// opened makes a frame of what stands at the place of frame i.
func (r *logReader) opened(i int64, raw [frameSize]byte) (*frame, error) {
	var work [aadSize]byte
	at := walHeader + i*frameSize
	f := &frame{page: raw[frameHeader:]}
	if !r.key.mask(at, false, raw[maskAt:frameHeader], work[:]) {
		return nil, faultLocked(nil)
	}
	copy(f.head[:], raw[:])
	f.authentic = r.key.open(roleWAL, at+frameHeader, f.page, work[:])
	return f, nil
}

// oneBitOff says whether frame i would be good if one bit of it were another: of its
// page if that is not authentic, else of its head. It tries them all, in a fraction of
// a second.
func (r *logReader) oneBitOff(i int64, authentic bool, before [2]uint32) (bool, error) {
	var raw [frameSize]byte
	if err := readWhole(r.file, raw[:], walHeader+i*frameSize); err != nil {
		return false, err
	}
	part := raw[frameHeader:]
	if authentic {
		part = raw[:frameHeader]
	}
	for bit := range len(part) * 8 {
		part[bit/8] ^= 1 << (bit % 8)
		f, err := r.opened(i, raw)
		if err != nil || r.good(f, before) {
			return err == nil, err
		}
		part[bit/8] ^= 1 << (bit % 8)
	}
	return false, nil
}

// ending judges frame i, the first that is not good. A frame of an earlier log is how
// most logs end. Any other is either the unfinished change of a power cut, or damage.
// It is damage for certain when a whole change was written and then another after it:
// with synchronous=FULL, SQLite begins none before the last is on the disk. And it is
// damage when only one bit is off, which no power cut leaves.
func (r *logReader) ending(log *walLog, i int64, f *frame, before [2]uint32) error {
	if f.authentic && r.earlier(f) {
		return nil
	}
	log.torn = &tear{frame: i + 1, offset: walHeader + i*frameSize}
	var err error
	if log.torn.damaged, err = r.oneBitOff(i, f.authentic, before); err != nil || log.torn.damaged {
		return err
	}
	headIntact := f.salts() == r.salts
	// A frame header in two disk sectors may be half old after a power cut: then its
	// commit mark proves nothing.
	committed := (headIntact || f.authentic) && f.commit() != 0 && log.torn.offset%512 <= 512-frameHeader
	before = f.sum()
	for i++; i < r.frames; i++ {
		next, err := r.frame(i)
		if err != nil {
			return err
		}
		if !next.authentic || next.salts() != r.salts || headIntact && !next.follows(r.order, before) {
			return nil
		}
		if committed {
			log.torn.damaged = true
			return nil
		}
		committed = next.commit() != 0
		before, headIntact = next.sum(), true
	}
	return nil
}

// earlier says whether f carries the salts of a log before this one: SQLite counts
// the first salt up by one with every new log.
func (r *logReader) earlier(f *frame) bool {
	age := binary.BigEndian.Uint32([]byte(r.salts)) - binary.BigEndian.Uint32(f.head[maskAt:])
	return age != 0 && age < 1<<16
}

// badHeader judges a log whose first bytes are not those of one. If it has a frame of
// ours, there was a log.
func (r *logReader) badHeader(log *walLog) error {
	for i := range r.frames {
		f, err := r.frame(i)
		if err != nil {
			return err
		}
		if f.authentic {
			log.bad = errors.New("the log's header is damaged; what it held cannot be read")
			return nil
		}
	}
	return nil
}

// checksum is SQLite's running checksum over b, a multiple of 8 bytes.
func checksum(order binary.ByteOrder, s [2]uint32, b []byte) [2]uint32 {
	for ; len(b) >= 8; b = b[8:] {
		s[0] += order.Uint32(b) + s[1]
		s[1] += order.Uint32(b[4:]) + s[0]
	}
	return s
}
