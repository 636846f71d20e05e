package vault

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// The header copy, byte by byte (docs/format.md, "The header").
const (
	magic         = "Couplet casebook"
	formatVersion = 1
	headerCopies  = 2

	atFormat     = 16
	atReader     = 18
	atGeneration = 20
	atSlots      = 32
	slotSize     = 128
	slotCount    = 8
	atMAC        = 4032
	atSum        = 4064

	saltSize    = 16
	wrappedSize = keySize + chacha20poly1305.Overhead
)

// slotKind is one way to open a casebook.
type slotKind uint8

const (
	slotEmpty      slotKind = 0
	slotPassphrase slotKind = 1
	slotRecovery   slotKind = 2
)

// slot holds the data key, wrapped for one way to open the casebook. Slots of a kind
// that this version does not know are kept as they are and never tried.
type slot struct {
	kind    slotKind
	kdf     KDF // passphrases only
	salt    [saltSize]byte
	nonce   [chacha20poly1305.NonceSizeX]byte
	wrapped [wrappedSize]byte
}

// header is one sound copy.
type header struct {
	generation uint32
	slots      [slotCount][slotSize]byte
	raw        []byte // the copy it was read from, or nil
}

// What a copy can be other than sound.
var (
	errNotMagic  = errors.New("the first bytes are not those of a casebook")
	errSum       = errors.New("the checksum does not match")
	errTampered  = errors.New("the header was changed by something without the key")
	errNewer     = errors.New("the file asks for a newer reader")
	errBadHeader = errors.New("the header contradicts itself")
)

// parseHeader reads one copy: the magic first, then the checksum, then whether this
// version may read it, and last what it says.
func parseHeader(raw []byte) (*header, error) {
	if len(raw) != copySize || string(raw[:len(magic)]) != magic {
		return nil, errNotMagic
	}
	sum := sha256.Sum256(raw[:atSum])
	if string(sum[:]) != string(raw[atSum:]) {
		return nil, errSum
	}
	if binary.BigEndian.Uint16(raw[atReader:]) > formatVersion {
		return nil, errNewer
	}
	if binary.BigEndian.Uint16(raw[atFormat:]) < formatVersion {
		return nil, errBadHeader
	}
	h := &header{generation: binary.BigEndian.Uint32(raw[atGeneration:]), raw: raw}
	for i := range h.slots {
		copy(h.slots[i][:], raw[atSlots+i*slotSize:])
	}
	return h, nil
}

// encode is the copy that goes into a file.
func (h *header) encode(dataKey []byte) []byte {
	raw := make([]byte, copySize)
	copy(raw, magic)
	binary.BigEndian.PutUint16(raw[atFormat:], formatVersion)
	binary.BigEndian.PutUint16(raw[atReader:], formatVersion)
	binary.BigEndian.PutUint32(raw[atGeneration:], h.generation)
	for i := range h.slots {
		copy(raw[atSlots+i*slotSize:], h.slots[i][:])
	}
	copy(raw[atMAC:], macWith(dataKey, "header", raw[:atMAC]))
	sum := sha256.Sum256(raw[:atSum])
	copy(raw[atSum:], sum[:])
	return raw
}

// authentic says whether the copy was written by a program that had the data key.
func (h *header) authentic(dataKey []byte) bool {
	return hmac.Equal(h.raw[atMAC:atSum], macWith(dataKey, "header", h.raw[:atMAC]))
}

// opened finds the data key that secret opens, trying every slot of its kind. It
// returns nil when none opens. An absurd price for a passphrase is an error.
func (h *header) opened(s secret) ([]byte, error) {
	for i := range h.slots {
		sl := parseSlot(h.slots[i])
		if sl.kind != s.kind {
			continue
		}
		key, err := sl.unwrap(s)
		if err != nil || key != nil {
			return key, err
		}
	}
	return nil, nil
}

// replace puts sl in the place of the first slot of its kind, or in an empty one.
func (h *header) replace(sl slot) error {
	for _, want := range []slotKind{sl.kind, slotEmpty} {
		for i := range h.slots {
			if slotKind(h.slots[i][0]) == want {
				h.slots[i] = sl.encode()
				return nil
			}
		}
	}
	return fmt.Errorf("all %d slots are taken", slotCount)
}

func parseSlot(raw [slotSize]byte) slot {
	s := slot{
		kind: slotKind(raw[0]),
		kdf:  KDF{Threads: raw[1], MemoryKiB: binary.BigEndian.Uint32(raw[4:]), Time: binary.BigEndian.Uint32(raw[8:])},
	}
	copy(s.salt[:], raw[16:])
	copy(s.nonce[:], raw[32:])
	copy(s.wrapped[:], raw[56:])
	return s
}

func (s *slot) encode() [slotSize]byte {
	var raw [slotSize]byte
	copy(raw[:], s.bound())
	copy(raw[32:], s.nonce[:])
	copy(raw[56:], s.wrapped[:])
	return raw
}

// bound is the first 32 bytes of a slot, which the wrapping authenticates: kind,
// parameters and salt.
func (s *slot) bound() []byte {
	b := make([]byte, 32)
	b[0], b[1] = byte(s.kind), s.kdf.Threads
	binary.BigEndian.PutUint32(b[4:], s.kdf.MemoryKiB)
	binary.BigEndian.PutUint32(b[8:], s.kdf.Time)
	copy(b[16:], s.salt[:])
	return b
}

// wrap makes a slot that opens dataKey with secret. Salt and nonce come from random.
func wrap(dataKey []byte, s secret, kdf KDF) (slot, error) {
	sl := slot{kind: s.kind}
	if s.kind == slotPassphrase {
		sl.kdf = kdf
	}
	rand.Read(sl.salt[:])
	rand.Read(sl.nonce[:])
	return sl, sl.seal(dataKey, s)
}

// seal fills wrapped from the slot's own salt and nonce.
func (s *slot) seal(dataKey []byte, with secret) error {
	kek, err := s.wrappingKey(with)
	if err != nil {
		return err
	}
	defer clear(kek)
	aead, err := chacha20poly1305.NewX(kek)
	if err != nil {
		return err
	}
	defer wipeAEAD(aead)
	aead.Seal(s.wrapped[:0], s.nonce[:], dataKey, s.bound())
	return nil
}

// unwrap is the data key, or nil when secret is not the one of this slot.
func (s *slot) unwrap(with secret) ([]byte, error) {
	kek, err := s.wrappingKey(with)
	if err != nil {
		return nil, err
	}
	defer clear(kek)
	aead, err := chacha20poly1305.NewX(kek)
	if err != nil {
		return nil, err
	}
	defer wipeAEAD(aead)
	key, err := aead.Open(nil, s.nonce[:], s.wrapped[:], s.bound())
	if err != nil {
		return nil, nil //nolint:nilerr // a secret that does not fit is an answer, not an error
	}
	return key, nil
}

func (s *slot) wrappingKey(with secret) ([]byte, error) {
	if s.kind == slotRecovery {
		return hkdf.Key(sha256.New, with.recovery, s.salt[:], label("recovery"), keySize)
	}
	if err := s.kdf.check(); err != nil {
		return nil, fmt.Errorf("%w: the passphrase slot asks for %w", errBadHeader, err)
	}
	return s.kdf.key(with.passphrase, s.salt[:]), nil
}
