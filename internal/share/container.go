package share

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

// A file in a shared folder, byte by byte (docs/sharing.md, "The container").
const (
	magic         = "COUPLET-SHARE\x00"
	formatVersion = 1

	saltSize  = 32
	keyIDSize = 8
	fixedSize = len(magic) + 2 + 2 + 1 + keyIDSize + saltSize

	chunkSize = 64 << 10
	sealedMax = chunkSize + chacha20poly1305.Overhead
)

// What a container holds.
type kind byte

const (
	changes  kind = 1
	snapshot kind = 2 // carries the ways to open it, too
	seen     kind = 3 // what one computer has read: nothing to merge
)

// Why a container cannot be read. None of it says anything of what is in it.
var (
	errNotShare   = errors.New("not a file of a shared folder")
	errIncomplete = errors.New("the file has not come whole")
	errDamaged    = errors.New("the file was changed by something without the key")
	errNewer      = errors.New("the file asks for a newer reader")
	errForeign    = errors.New("the file is of another casebook")
	errContents   = errors.New("the contents of the file contradict themselves")
)

// preamble is what stands in clear at the start of a container.
type preamble struct {
	kind   kind
	raw    []byte // all of it: the key of the file depends on every bit
	keyID  []byte
	header []byte // snapshots: a copy of the casebook's header
}

// readPreamble reads it from r.
func readPreamble(r io.Reader) (preamble, error) {
	raw := make([]byte, fixedSize)
	n, err := io.ReadFull(r, raw)
	if m := min(n, len(magic)); string(raw[:m]) != magic[:m] || n == 0 {
		return preamble{}, errNotShare
	}
	if err != nil {
		return preamble{}, cut(err)
	}
	at := len(magic)
	if binary.BigEndian.Uint16(raw[at+2:]) > formatVersion {
		return preamble{}, errNewer
	}
	p := preamble{kind: kind(raw[at+4]), keyID: raw[at+5 : at+5+keyIDSize]}
	switch p.kind {
	case changes, seen:
	case snapshot:
		p.header = make([]byte, vault.HeaderSize)
		if _, err := io.ReadFull(r, p.header); err != nil {
			return preamble{}, cut(err)
		}
	default:
		return preamble{}, errDamaged
	}
	p.raw = append(raw, p.header...)
	return p, nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errIncomplete
	}
	return err
}

// keyID tells files of one casebook from those of others, and nothing else.
func keyID(k *vault.Key) ([]byte, error) {
	id, err := k.MAC("share folder", nil)
	if err != nil {
		return nil, err
	}
	return id[:keyIDSize], nil
}

func fileCipher(k *vault.Key, beginning []byte) (cipher.AEAD, error) {
	key, err := k.FileKey("share", beginning)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return chacha20poly1305.New(key)
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

// sealer writes a container. Close ends it; what is written before counts for nothing.
type sealer struct {
	w    io.Writer
	aead cipher.AEAD
	buf  []byte
	n    uint64
}

func newSealer(w io.Writer, k *vault.Key, as kind) (*sealer, error) {
	id, err := keyID(k)
	if err != nil {
		return nil, err
	}
	raw := append(make([]byte, 0, fixedSize+vault.HeaderSize), magic...)
	raw = binary.BigEndian.AppendUint16(raw, formatVersion)
	raw = binary.BigEndian.AppendUint16(raw, formatVersion)
	raw = append(raw, byte(as))
	raw = append(raw, id...)
	salt := make([]byte, saltSize)
	rand.Read(salt) // crypto/rand never returns an error
	raw = append(raw, salt...)
	if as == snapshot {
		header, err := k.Header()
		if err != nil {
			return nil, err
		}
		raw = append(raw, header...)
	}
	aead, err := fileCipher(k, raw)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	return &sealer{w: w, aead: aead, buf: make([]byte, 0, sealedMax)}, nil
}

func (s *sealer) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if len(s.buf) == chunkSize { // more follows: this one is not the last
			if err := s.flush(false); err != nil {
				return 0, err
			}
		}
		m := min(len(p), chunkSize-len(s.buf))
		s.buf = append(s.buf, p[:m]...)
		p = p[m:]
	}
	return n, nil
}

func (s *sealer) flush(last bool) error {
	sealed := s.aead.Seal(s.buf[:0], chunkNonce(s.n, last), s.buf, nil)
	s.n++
	_, err := s.w.Write(sealed)
	s.buf = s.buf[:0]
	return err
}

func (s *sealer) Close() error { return s.flush(true) }

// opener reads what sealer wrote: nothing of a chunk is given out before it authenticates.
type opener struct {
	r    *bufio.Reader
	aead cipher.AEAD
	raw  []byte
	left []byte
	n    uint64
	last bool
}

// newOpener goes on after the preamble.
func newOpener(r io.Reader, k *vault.Key, p preamble) (*opener, error) {
	id, err := keyID(k)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(p.keyID, id) {
		return nil, errForeign
	}
	aead, err := fileCipher(k, p.raw)
	if err != nil {
		return nil, err
	}
	return &opener{r: bufio.NewReaderSize(r, sealedMax+1), aead: aead, raw: make([]byte, sealedMax)}, nil
}

func (o *opener) Read(p []byte) (int, error) {
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

func (o *opener) next() error {
	n, err := io.ReadFull(o.r, o.raw)
	switch {
	case errors.Is(err, io.EOF):
		return errIncomplete // a chunk marked as the last should have come
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
			return errIncomplete
		}
		return errDamaged
	}
	o.n++
	o.left, o.last = plain, end
	return nil
}
