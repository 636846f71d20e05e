package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"

	"github.com/couplet-app/couplet/internal/durable"
)

// HeaderSize is the size of one copy of a header.
const HeaderSize = copySize

// Header is one copy of the header, for files beside the casebook that the same secrets
// open (Carried).
func (k *Key) Header() ([]byte, error) {
	raw := make([]byte, copySize)
	if !k.copyHeader(raw) {
		return nil, faultLocked(nil)
	}
	return raw, nil
}

// FileKey is the key of one file beside the casebook, from the file's own beginning:
// another use or another beginning gives another key.
func (k *Key) FileKey(use string, beginning []byte) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return nil, faultLocked(nil)
	}
	return hkdf.Key(sha256.New, k.data[:], beginning, label("file "+use), keySize)
}

// Carried opens a header that a file beside the casebook carries. Its faults are those
// of Unlock.
func Carried(raw []byte, s Secret) (*Key, error) {
	parsed, err := s.parse()
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(raw)
	switch {
	case errors.Is(err, errNewer):
		return nil, faultNewer()
	case err != nil:
		return nil, faultDamaged(err)
	}
	o, err := h.open(parsed)
	if err != nil {
		return nil, faultDamaged(err)
	}
	if o == nil {
		return nil, faultWrongKey()
	}
	if !h.authentic(o.data) {
		o.wipe()
		return nil, faultDamaged(errTampered)
	}
	return keyOf(o, h.raw)
}

// NewFile makes an empty casebook of this key at path, which must not exist. It is on
// the disk when NewFile returns.
func (k *Key) NewFile(path string) error {
	if _, err := k.Header(); err != nil {
		return err
	}
	return durable.WriteNew(path, k.emptyFile(), 0o600)
}
