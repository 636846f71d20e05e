package vault

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// A way opens the casebook for one coach (docs/format.md, "A way"): it holds the data
// key, and the coach's identity, which opens what is sealed to that coach alone.
const (
	// WaySize is the size of one way as it stands in a header.
	WaySize = 200
	// MaxWays is how many ways a header has room for.
	MaxWays = wayCount

	identitySize  = 74 // "AGE-SECRET-KEY-1" and 58 characters
	waySealedSize = keySize + identitySize + chacha20poly1305.Overhead
	atWayAccount  = 32
	atWayNonce    = 48
	atWaySealed   = 72
	wayGiven      = 1 // the bit in byte 2
	atWayFlags    = 2
	wayBound      = atWayNonce
)

// way is one way, taken apart.
type way struct {
	kind    slotKind
	given   bool
	kdf     KDF
	salt    [saltSize]byte
	account [16]byte
	nonce   [chacha20poly1305.NonceSizeX]byte
	sealed  [waySealedSize]byte
}

func parseWay(raw []byte) way {
	w := way{
		kind: slotKind(raw[0]), given: raw[atWayFlags]&wayGiven != 0,
		kdf: KDF{Threads: raw[1], MemoryKiB: binary.BigEndian.Uint32(raw[4:]), Time: binary.BigEndian.Uint32(raw[8:])},
	}
	copy(w.salt[:], raw[16:])
	copy(w.account[:], raw[atWayAccount:])
	copy(w.nonce[:], raw[atWayNonce:])
	copy(w.sealed[:], raw[atWaySealed:])
	return w
}

func (w *way) encode() []byte {
	raw := make([]byte, WaySize)
	copy(raw, w.bound())
	copy(raw[atWayNonce:], w.nonce[:])
	copy(raw[atWaySealed:], w.sealed[:])
	return raw
}

// bound is what the sealing authenticates beside what it hides: kind, price, salt and account.
func (w *way) bound() []byte {
	b := make([]byte, wayBound)
	b[0], b[1] = byte(w.kind), w.kdf.Threads
	if w.given {
		b[atWayFlags] = wayGiven
	}
	binary.BigEndian.PutUint32(b[4:], w.kdf.MemoryKiB)
	binary.BigEndian.PutUint32(b[8:], w.kdf.Time)
	copy(b[16:], w.salt[:])
	copy(b[atWayAccount:], w.account[:])
	return b
}

// seal fills sealed under a wrapping key.
func (w *way) seal(kek, dataKey, identity []byte) error {
	aead, err := chacha20poly1305.NewX(kek)
	if err != nil {
		return err
	}
	defer wipeAEAD(aead)
	plain := slices.Concat(dataKey, identity)
	defer clear(plain)
	aead.Seal(w.sealed[:0], w.nonce[:], plain, w.bound())
	return nil
}

// unwrap is what the way holds, or nil when secret is not the one of this way.
func (w *way) unwrap(with secret) (*opened, error) {
	kek, err := wrappingKey(w.kind, w.kdf, w.salt[:], with)
	if err != nil {
		return nil, err
	}
	defer clear(kek)
	return w.open(kek)
}

func (w *way) open(kek []byte) (*opened, error) {
	plain, err := unsealed(kek, w.nonce[:], w.sealed[:], w.bound())
	if err != nil || plain == nil {
		return nil, err
	}
	return &opened{data: plain[:keySize:keySize], identity: plain[keySize:], account: w.account}, nil
}

// newWay wraps a data key and an identity for a secret.
func newWay(account [16]byte, s secret, kdf KDF, dataKey, identity []byte, given bool) ([]byte, error) {
	if len(identity) != identitySize {
		return nil, fmt.Errorf("an identity of %d bytes", len(identity))
	}
	w := way{kind: s.kind, account: account, given: given}
	if s.kind == slotPassphrase {
		w.kdf = kdf.atLeastFloor()
		if err := w.kdf.check(); err != nil {
			return nil, err
		}
	}
	rand.Read(w.salt[:]) // crypto/rand never returns an error
	rand.Read(w.nonce[:])
	kek, err := wrappingKey(w.kind, w.kdf, w.salt[:], s)
	if err != nil {
		return nil, err
	}
	defer clear(kek)
	if err := w.seal(kek, dataKey, identity); err != nil {
		return nil, err
	}
	return w.encode(), nil
}

// Way says what a way is, without opening it.
type Way struct {
	Account  [16]byte
	Recovery bool // it opens with a recovery key; else with a passphrase
	Given    bool // somebody else chose its passphrase, and could know it
}

// ReadWay takes a way apart.
func ReadWay(raw []byte) (Way, error) {
	if len(raw) != WaySize {
		return Way{}, errors.New("a way of another size")
	}
	w := parseWay(raw)
	if w.kind != slotPassphrase && w.kind != slotRecovery {
		return Way{}, fmt.Errorf("a way of kind %d", w.kind)
	}
	return Way{Account: w.account, Recovery: w.kind == slotRecovery, Given: w.given}, nil
}

// NewIdentity is a fresh identity of a coach: an X25519 key as age writes it.
func NewIdentity() (string, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	return id.String(), nil
}

// NewWay makes a way of an account into the casebook of k: for a passphrase at the price
// of kdf, or for a recovery key, which somebody other than its coach chose if given. It
// opens nothing until SetWays puts it into a header.
func (k *Key) NewWay(account [16]byte, s Secret, kdf KDF, identity string, given bool) ([]byte, error) {
	parsed, err := s.parse()
	if err != nil {
		return nil, err
	}
	defer clear(parsed.recovery)
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return nil, faultLocked(nil)
	}
	return newWay(account, parsed, kdf, k.data[:], []byte(identity), given)
}

// ClaimWay is NewWay for the passphrase that opened k, where that was one of the first
// programs' and belonged to nobody; nil if it was not.
func (k *Key) ClaimWay(account [16]byte, identity string) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return nil, faultLocked(nil)
	}
	if k.old == nil || k.old.kind != slotPassphrase || len(identity) != identitySize {
		return nil, nil
	}
	w := way{kind: slotPassphrase, account: account, kdf: k.old.kdf, salt: k.old.salt}
	rand.Read(w.nonce[:])
	if err := w.seal(k.wrapping, k.data[:], []byte(identity)); err != nil {
		return nil, err
	}
	return w.encode(), nil
}

// Enter lets a key that a slot of nobody opened go on as a way that was claimed with the
// same passphrase. It says whether it was.
func (k *Key) Enter(raw []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wiped || k.old == nil || len(raw) != WaySize {
		return false
	}
	w := parseWay(raw)
	if w.kind != k.old.kind || w.salt != k.old.salt || w.kdf != k.old.kdf {
		return false
	}
	o, err := w.open(k.wrapping)
	if err != nil || o == nil {
		return false
	}
	clear(o.data)
	k.account, k.identity = o.account, o.identity
	return true
}

// Account is whose way opened the casebook; zeros for a slot that belongs to nobody.
func (k *Key) Account() [16]byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.account
}

// Identity is the identity of the coach whose way opened the casebook, "" if there is none.
func (k *Key) Identity() string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return string(k.identity)
}

// Become gives the key another account and identity: its coach has a new way in.
func (k *Key) Become(account [16]byte, identity string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wiped {
		return
	}
	clear(k.identity)
	k.account, k.identity = account, []byte(identity)
}

// Ways are the ways in the header of k.
func (k *Key) Ways() ([][]byte, error) {
	raw, err := k.Header()
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(raw)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for i := range h.ways {
		if h.ways[i][0] != byte(slotEmpty) {
			out = append(out, slices.Clone(h.ways[i][:]))
		}
	}
	return out, nil
}

// OldRecovery says whether the header still has a recovery key of the first programs,
// which opens the casebook and nobody's identity.
func (k *Key) OldRecovery() bool {
	raw, err := k.Header()
	if err != nil {
		return false
	}
	h, err := parseHeader(raw)
	return err == nil && slices.ContainsFunc(h.slots[:], func(s [slotSize]byte) bool { return slotKind(s[0]) == slotRecovery })
}

// TooManyWays says that there is no room for another way.
func TooManyWays() error {
	return fault.New(fault.Refused, text.T("vault.ways", "A casebook can have %d passphrases and recovery keys together.", MaxWays),
		text.T("vault.ways_hint", "Close the access of somebody who has left. Nothing was changed."))
}

// SetWays makes ways all that opens the casebook at path: one copy of the header after
// the other, so that a power cut leaves what was or what is to be. Slots that belong to
// nobody go, but a recovery key of the first programs stays if keepOldRecovery. A header
// that says so already is not written.
func (k *Key) SetWays(path string, ways [][]byte, keepOldRecovery bool) (bool, error) {
	if len(ways) > MaxWays {
		return false, TooManyWays()
	}
	raw, err := k.Header()
	if err != nil {
		return false, err
	}
	h, err := parseHeader(raw)
	if err != nil {
		return false, err
	}
	if !h.setWays(ways, keepOldRecovery) {
		return false, nil
	}
	return true, k.rewrite(path, func(h *header, _ []byte) error {
		h.setWays(ways, keepOldRecovery)
		return nil
	})
}

// setWays says whether it changed anything.
func (h *header) setWays(ways [][]byte, keepOldRecovery bool) bool {
	was, slots := h.ways, h.slots
	h.ways = [wayCount][WaySize]byte{}
	for i, w := range ways {
		copy(h.ways[i][:], w)
	}
	for i := range h.slots {
		switch slotKind(h.slots[i][0]) {
		case slotPassphrase:
			h.slots[i] = [slotSize]byte{}
		case slotRecovery:
			if !keepOldRecovery {
				h.slots[i] = [slotSize]byte{}
			}
		}
	}
	return was != h.ways || slots != h.slots
}
