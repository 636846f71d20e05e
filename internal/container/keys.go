package container

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/couplet-app/couplet/internal/casebook/vault"
)

// EpochKeySize is the size of the key of an epoch.
const EpochKeySize = 32

// Keys open the containers of one casebook. In the first epoch they are sealed with the
// casebook's own key; when somebody may no longer read what is written, another epoch
// begins, with a key that they never get.
type Keys struct {
	Casebook *vault.Key
	Epochs   []Epoch // the later ones, the newest last: it seals
}

// Epoch is the key of a later epoch.
type Epoch []byte

// Own are the keys of a casebook in its first epoch, and of files beside it.
func Own(k *vault.Key) *Keys { return &Keys{Casebook: k} }

// id names the epoch in a container. It tells nothing but that files are of one epoch.
func (e Epoch) id() []byte {
	m := hmac.New(sha256.New, e)
	m.Write([]byte("couplet casebook 1: epoch"))
	return m.Sum(nil)[:idSize]
}

// ID is how the nth epoch is told from the others, "" for the first.
func (k *Keys) ID(n int) string {
	if n == 0 {
		return ""
	}
	return hex.EncodeToString(k.at(n).id())
}

// Newest is the ID of the epoch under which files are sealed now.
func (k *Keys) Newest() string { return k.ID(len(k.Epochs)) }

func (k *Keys) newest() Epoch { return k.at(len(k.Epochs)) }

// at is the nth epoch, nil for the first.
func (k *Keys) at(n int) Epoch {
	if n == 0 {
		return nil
	}
	return k.Epochs[n-1]
}

// Epoch says of which epoch a container is, 0 for the first; false if its key is not here.
func (k *Keys) Epoch(p Preamble) (int, bool) {
	if p.epoch == nil {
		return 0, true
	}
	for i, e := range k.Epochs {
		if bytes.Equal(e.id(), p.epoch) {
			return i + 1, true
		}
	}
	return 0, false
}

// KeyID tells files of one casebook from those of others, and nothing else.
func KeyID(k *vault.Key) ([]byte, error) {
	id, err := k.MAC("share folder", nil)
	if err != nil {
		return nil, err
	}
	return id[:idSize], nil
}

func (k *Keys) cipher(e Epoch, beginning []byte) (cipher.AEAD, error) {
	const use = "share"
	var key []byte
	var err error
	if e == nil {
		key, err = k.Casebook.FileKey(use, beginning)
	} else {
		key, err = hkdf.Key(sha256.New, e, beginning, "couplet casebook 1: file "+use, chacha20poly1305.KeySize)
	}
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return chacha20poly1305.New(key)
}
