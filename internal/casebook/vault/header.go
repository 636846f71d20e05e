package vault

import (
	"crypto/hkdf"
	"crypto/hmac"
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
	atWays       = 1056
	wayCount     = 14
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

// slot holds the data key alone, wrapped for one way to open the casebook, as the first
// programs wrote it: ways that belong to nobody (see Way for those that do). Slots of a
// kind that this version does not know are kept as they are and never tried.
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
	ways       [wayCount][WaySize]byte
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
	for i := range h.ways {
		copy(h.ways[i][:], raw[atWays+i*WaySize:])
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
	for i := range h.ways {
		copy(raw[atWays+i*WaySize:], h.ways[i][:])
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

// opened is what a secret opened: the data key, and whose way it was.
type opened struct {
	data     []byte
	account  [16]byte // of the way; zeros for a slot that belongs to nobody
	identity []byte   // what only this coach opens; nil for such a slot
	slot     *slot    // such a slot, with the key that opened it
	wrapping []byte
}

func (o *opened) wipe() {
	clear(o.data)
	clear(o.identity)
	clear(o.wrapping)
}

// open tries the secret on every way of its kind, first on the one of the account that
// opened last on this computer. It returns nil when none opens. An absurd price for a
// passphrase is an error.
func (h *header) open(s secret) (*opened, error) {
	for _, i := range h.order(s.first) {
		w := parseWay(h.ways[i][:])
		if w.kind != s.kind {
			continue
		}
		o, err := w.unwrap(s)
		if err != nil || o != nil {
			return o, err
		}
	}
	for i := range h.slots {
		sl := parseSlot(h.slots[i])
		if sl.kind != s.kind {
			continue
		}
		o, err := sl.unwrap(s)
		if err != nil || o != nil {
			return o, err
		}
	}
	return nil, nil
}

// order is the ways by number, that of an account before the others.
func (h *header) order(first [16]byte) []int {
	var before, after []int
	for i := range h.ways {
		if w := parseWay(h.ways[i][:]); w.kind != slotEmpty && w.account == first {
			before = append(before, i)
		} else {
			after = append(after, i)
		}
	}
	return append(before, after...)
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

// unwrap is what the slot holds, or nil when secret is not the one of this slot.
func (s *slot) unwrap(with secret) (*opened, error) {
	kek, err := wrappingKey(s.kind, s.kdf, s.salt[:], with)
	if err != nil {
		return nil, err
	}
	key, err := unsealed(kek, s.nonce[:], s.wrapped[:], s.bound())
	if err != nil || key == nil {
		clear(kek)
		return nil, err
	}
	return &opened{data: key, slot: s, wrapping: kek}, nil
}

// unsealed opens what a wrapping key sealed; nil when it was another one.
func unsealed(kek, nonce, sealed, bound []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(kek)
	if err != nil {
		return nil, err
	}
	defer wipeAEAD(aead)
	plain, err := aead.Open(nil, nonce, sealed, bound)
	if err != nil {
		return nil, nil //nolint:nilerr // a secret that does not fit is an answer, not an error
	}
	return plain, nil
}

// wrappingKey is the key that a secret gives with the salt and price of a way.
func wrappingKey(kind slotKind, kdf KDF, salt []byte, with secret) ([]byte, error) {
	if kind == slotRecovery {
		return hkdf.Key(sha256.New, with.recovery, salt, label("recovery"), keySize)
	}
	if err := kdf.check(); err != nil {
		return nil, fmt.Errorf("%w: the passphrase slot asks for %w", errBadHeader, err)
	}
	return kdf.key(with.passphrase, salt), nil
}
