package share

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"

	"github.com/couplet-app/couplet/internal/ids"
)

// Bounds that no honest file comes near; a hostile one costs no more than them.
const (
	maxDevices = 10_000
	maxRanges  = 100_000 // of all devices together
	maxColumns = 200
	maxValue   = 64 << 20
	maxName    = 1000
	maxWindow  = 8 << 20
	maxPayload = 64 << 30
	maxRatio   = 400 // times the sealed size, beside a small allowance
	allowRatio = 1 << 20
)

// writer encodes a payload.
type writer struct {
	w    *bufio.Writer
	z    *zstd.Encoder
	base int64 // stamps are written as their distance from it
	err  error
	buf  [binary.MaxVarintLen64]byte
}

func newWriter(w io.Writer, as kind) (*writer, error) {
	window, level := 512<<10, zstd.SpeedBestCompression // a little, once: every byte of it travels
	if as == snapshot {
		window, level = 4<<20, zstd.SpeedDefault
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(level), zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	return &writer{w: bufio.NewWriterSize(z, 1<<16), z: z}, nil
}

func (w *writer) close() error {
	return errors.Join(w.err, w.w.Flush(), w.z.Close())
}

func (w *writer) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) uint(v uint64) {
	_, err := w.w.Write(w.buf[:binary.PutUvarint(w.buf[:], v)])
	w.keep(err)
}

func (w *writer) int(v int64) {
	_, err := w.w.Write(w.buf[:binary.PutVarint(w.buf[:], v)])
	w.keep(err)
}

func (w *writer) byte(b byte) { w.keep(w.w.WriteByte(b)) }

func (w *writer) id(id []byte) {
	_, err := w.w.Write(id)
	w.keep(err)
}

func (w *writer) text(s string) {
	w.uint(uint64(len(s)))
	_, err := w.w.WriteString(s)
	w.keep(err)
}

func (w *writer) clock(hlc int64) { w.int(hlc - w.base) }

// The kinds of values.
const (
	valNull byte = iota
	valInt
	valReal
	valText
	valBlob
	valID
)

func (w *writer) value(v any) {
	switch v := v.(type) {
	case nil:
		w.byte(valNull)
	case int64:
		w.byte(valInt)
		w.int(v)
	case float64:
		w.byte(valReal)
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], math.Float64bits(v))
		w.id(b[:])
	case string:
		w.byte(valText)
		w.text(v)
	case []byte:
		if len(v) == len(ids.ID{}) {
			w.byte(valID)
			w.id(v)
			return
		}
		w.byte(valBlob)
		w.text(string(v))
	default:
		w.keep(fmt.Errorf("a value of type %T cannot be shared", v))
	}
}

// reader decodes a payload. After an error everything it returns is empty.
type reader struct {
	r    *bufio.Reader
	z    *zstd.Decoder
	base int64
	err  error
	left int64 // bytes that may still come
}

// newReader reads the payload in r, which was sealed in size bytes.
func newReader(r io.Reader, size int64) (*reader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxPayload), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	d := &reader{z: z, left: min(maxPayload, allowRatio+size*maxRatio)}
	d.r = bufio.NewReaderSize(bounded{d}, 1<<16)
	return d, nil
}

func (r *reader) close() { r.z.Close() }

// bounded ends what unpacks to more than it may.
type bounded struct{ d *reader }

func (b bounded) Read(p []byte) (int, error) {
	if b.d.left <= 0 {
		return 0, errContents
	}
	n, err := b.d.z.Read(p[:min(int64(len(p)), b.d.left)])
	b.d.left -= int64(n)
	return n, err
}

// fail keeps the first error. The end where more should come, and what does not unpack,
// contradict a container that authenticated.
func (r *reader) fail(err error) {
	if r.err != nil {
		return
	}
	for _, e := range []error{errIncomplete, errDamaged, errContents} {
		if errors.Is(err, e) {
			r.err = e
			return
		}
	}
	r.err = fmt.Errorf("%w: %w", errContents, err)
}

func (r *reader) uint() uint64 {
	if r.err != nil {
		return 0
	}
	v, err := binary.ReadUvarint(r.r)
	if err != nil {
		r.fail(err)
		return 0
	}
	return v
}

func (r *reader) int() int64 {
	if r.err != nil {
		return 0
	}
	v, err := binary.ReadVarint(r.r)
	if err != nil {
		r.fail(err)
		return 0
	}
	return v
}

// count is a number of things of which there are at most most.
func (r *reader) count(most uint64) int {
	v := r.uint()
	if v > most {
		r.fail(errContents)
		return 0
	}
	return int(v)
}

func (r *reader) byte() byte {
	if r.err != nil {
		return 0
	}
	b, err := r.r.ReadByte()
	if err != nil {
		r.fail(err)
	}
	return b
}

func (r *reader) bytes(n int) []byte {
	if r.err != nil {
		return nil
	}
	const step = 1 << 20 // a length that is a lie costs no more than this
	b := make([]byte, 0, min(n, step))
	for len(b) < n {
		m := min(n-len(b), step)
		b = append(b, make([]byte, m)...)
		if _, err := io.ReadFull(r.r, b[len(b)-m:]); err != nil {
			r.fail(err)
			return nil
		}
	}
	return b
}

func (r *reader) id() (id ids.ID) {
	copy(id[:], r.bytes(len(id)))
	return id
}

func (r *reader) text(most uint64) string { return string(r.bytes(r.count(most))) }

// clock is a stamp; what no clock shows is refused.
func (r *reader) clock() int64 {
	v := r.base + r.int()
	if v < 0 || v > maxClock {
		r.fail(errContents)
		return 0
	}
	return v
}

func (r *reader) value() any {
	switch r.byte() {
	case valNull:
		return nil
	case valInt:
		return r.int()
	case valReal:
		b := r.bytes(8)
		if len(b) != 8 {
			return nil
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	case valText:
		return r.text(maxValue)
	case valBlob:
		return r.bytes(r.count(maxValue))
	case valID:
		return r.bytes(len(ids.ID{}))
	}
	r.fail(errContents)
	return nil
}
