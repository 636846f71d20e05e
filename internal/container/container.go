// Package container seals files that lie beside a casebook, or in the folder that it is
// shared through, so that nothing of them is used that is not whole and authentic, and
// none needs more memory than a chunk. docs/sharing.md says byte by byte what they look like.
package container

import (
	"bufio"
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// A container, byte by byte.
const (
	// Magic is what every container begins with.
	Magic = "COUPLET-SHARE\x00"
	// The first format knows the casebook's own key alone, the second those of later epochs.
	firstFormat = 1
	epochFormat = 2

	saltSize  = 32
	idSize    = 8
	fixedSize = len(Magic) + 2 + 2 + 1 + idSize + saltSize

	// ChunkSize is how much is sealed at once.
	ChunkSize = 64 << 10
	sealedMax = ChunkSize + chacha20poly1305.Overhead
	// maxRing is how long the sealed keys of all epochs can be.
	maxRing = 256 << 10
)

// Kind is what a container holds.
type Kind byte

// The kinds.
const (
	Changes  Kind = 1
	Snapshot Kind = 2 // carries the ways to open it, too
	Seen     Kind = 3 // what one computer has read: nothing to merge
	Content  Kind = 4 // the content of one file that is kept with the rows
)

// Why a container cannot be read. None of it says anything of what is in it.
var (
	ErrNotShare   = errors.New("not a file of a shared folder")
	ErrIncomplete = errors.New("the file has not come whole")
	ErrDamaged    = errors.New("the file was changed by something without the key")
	ErrNewer      = errors.New("the file asks for a newer reader")
	ErrForeign    = errors.New("the file is of another casebook")
	ErrNoKey      = errors.New("the file is sealed with a key that is not here")
	ErrContents   = errors.New("the contents of the file contradict themselves")
)

// Preamble is what stands in clear at the start of a container.
type Preamble struct {
	Kind   Kind
	Header []byte // snapshots: a copy of the casebook's header
	Ring   []byte // snapshots of a later epoch: its keys, sealed to those who may have them

	raw   []byte // all of it: the key of the file depends on every bit
	keyID []byte
	epoch []byte // nil for the first
}

// ReadPreamble reads it from r.
func ReadPreamble(r io.Reader) (Preamble, error) {
	raw := make([]byte, fixedSize)
	n, err := io.ReadFull(r, raw)
	if m := min(n, len(Magic)); string(raw[:m]) != Magic[:m] || n == 0 {
		return Preamble{}, ErrNotShare
	}
	if err != nil {
		return Preamble{}, cut(err)
	}
	at := len(Magic)
	needs := binary.BigEndian.Uint16(raw[at+2:])
	if needs > epochFormat {
		return Preamble{}, ErrNewer
	}
	p := Preamble{Kind: Kind(raw[at+4]), keyID: raw[at+5 : at+5+idSize], raw: raw}
	if needs == epochFormat {
		if p.epoch, err = p.more(r, idSize); err != nil {
			return Preamble{}, err
		}
	}
	switch p.Kind {
	case Changes, Seen, Content:
		return p, nil
	case Snapshot:
	default:
		return Preamble{}, ErrDamaged
	}
	if p.Header, err = p.more(r, vault.HeaderSize); err != nil || p.epoch == nil {
		return p, err
	}
	size, err := p.more(r, 4)
	if err != nil {
		return Preamble{}, err
	}
	if binary.BigEndian.Uint32(size) > maxRing {
		return Preamble{}, ErrDamaged
	}
	p.Ring, err = p.more(r, int(binary.BigEndian.Uint32(size)))
	return p, err
}

// more reads the next n bytes of the beginning.
func (p *Preamble) more(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, cut(err)
	}
	p.raw = append(p.raw, b...)
	return b, nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrIncomplete
	}
	return err
}

// chunkNonce is the number of a chunk and whether it is the last: what is cut off,
// added, mixed or moved does not authenticate.
func chunkNonce(n uint64, last bool) []byte {
	nonce := make([]byte, chacha20poly1305.NonceSize)
	binary.BigEndian.PutUint64(nonce[3:], n)
	if last {
		nonce[11] = 1
	}
	return nonce
}

// Sealer writes a container. Close ends it; what is written before counts for nothing.
type Sealer struct {
	w    io.Writer
	aead cipher.AEAD
	buf  []byte
	n    uint64
}

// NewSealer begins a container under the newest of keys. A snapshot of a later epoch
// carries ring, the sealed keys.
func NewSealer(w io.Writer, k *Keys, as Kind, ring []byte) (*Sealer, error) {
	id, err := KeyID(k.Casebook)
	if err != nil {
		return nil, err
	}
	epoch := k.newest()
	format := uint16(firstFormat)
	if epoch != nil {
		format = epochFormat
	}
	raw := append(make([]byte, 0, fixedSize+vault.HeaderSize), Magic...)
	raw = binary.BigEndian.AppendUint16(raw, format)
	raw = binary.BigEndian.AppendUint16(raw, format)
	raw = append(raw, byte(as))
	raw = append(raw, id...)
	salt := make([]byte, saltSize)
	rand.Read(salt) // crypto/rand never returns an error
	raw = append(raw, salt...)
	if epoch != nil {
		raw = append(raw, epoch.id()...)
	}
	if as == Snapshot {
		header, err := k.Casebook.Header()
		if err != nil {
			return nil, err
		}
		raw = append(raw, header...)
		if epoch != nil {
			raw = append(binary.BigEndian.AppendUint32(raw, uint32(len(ring))), ring...)
		}
	}
	aead, err := k.cipher(epoch, raw)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	return &Sealer{w: w, aead: aead, buf: make([]byte, 0, sealedMax)}, nil
}

// Write seals what comes, a chunk at a time.
func (s *Sealer) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if len(s.buf) == ChunkSize { // more follows: this one is not the last
			if err := s.flush(false); err != nil {
				return 0, err
			}
		}
		m := min(len(p), ChunkSize-len(s.buf))
		s.buf = append(s.buf, p[:m]...)
		p = p[m:]
	}
	return n, nil
}

func (s *Sealer) flush(last bool) error {
	sealed := s.aead.Seal(s.buf[:0], chunkNonce(s.n, last), s.buf, nil)
	s.n++
	_, err := s.w.Write(sealed)
	s.buf = s.buf[:0]
	return err
}

// Close writes the last chunk.
func (s *Sealer) Close() error { return s.flush(true) }

// Opener reads what Sealer wrote: nothing of a chunk is given out before it authenticates.
type Opener struct {
	r    *bufio.Reader
	aead cipher.AEAD
	raw  []byte
	left []byte
	n    uint64
	last bool
}

// NewOpener goes on after the preamble.
func NewOpener(r io.Reader, k *Keys, p Preamble) (*Opener, error) {
	id, err := KeyID(k.Casebook)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(p.keyID, id) {
		return nil, ErrForeign
	}
	n, ok := k.Epoch(p)
	if !ok {
		return nil, ErrNoKey
	}
	aead, err := k.cipher(k.at(n), p.raw)
	if err != nil {
		return nil, err
	}
	return &Opener{r: bufio.NewReaderSize(r, sealedMax+1), aead: aead, raw: make([]byte, sealedMax)}, nil
}

// Read gives out what is authentic.
func (o *Opener) Read(p []byte) (int, error) {
	for len(o.left) == 0 {
		if o.last {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.left)
	o.left = o.left[n:]
	return n, nil
}

func (o *Opener) next() error {
	n, err := io.ReadFull(o.r, o.raw)
	switch {
	case errors.Is(err, io.EOF):
		return ErrIncomplete // a chunk marked as the last should have come
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	_, err = o.r.Peek(1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	end := err != nil
	plain, err := o.aead.Open(o.raw[:0:len(o.raw)], chunkNonce(o.n, end), o.raw[:n], nil)
	if err != nil {
		if end { // what is on its way looks the same as what was changed
			return ErrIncomplete
		}
		return ErrDamaged
	}
	o.n++
	o.left, o.last = plain, end
	return nil
}
