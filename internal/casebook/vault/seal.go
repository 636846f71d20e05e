package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/chacha20poly1305"
)

// The layout of a sealed page (docs/format.md, "A sealed page").
const (
	pageSize = 4096
	dataSize = 4056                // what SQLite may use
	tagEnd   = dataSize + 16       // Poly1305 tag, then the 24-byte nonce
	aadSize  = 16                  // role and offset
	maskSize = 16                  // salts and checksums of a log frame
	copySize = 4096                // one copy of the header
	firstAt  = headerCopies * 4096 // where page 1 stands
	keySize  = 32
)

// role is what a page belongs to; a page of one role never authenticates as another.
type role string

const (
	roleDatabase role = "database"
	roleWAL      role = "logframe"
)

// Key is an unlocked casebook: its data key, ready for use, and the header that the
// key stands in. It is safe for concurrent use. Never log or store one.
type Key struct {
	handle int64

	mu     sync.RWMutex
	data   [keySize]byte // nothing but zeros once wiped
	header []byte        // one header copy, for files made under this key
	pages  cipher.AEAD
	masks  cipher.Block
	tweaks cipher.Block
	wiped  bool

	account  [16]byte // whose way opened it
	identity []byte   // of that coach
	old      *slot    // or the slot that belongs to nobody, and the key that opened it
	wrapping []byte
}

var (
	handles    sync.Map // int64 to *Key: what keyid in a DSN refers to
	lastHandle atomic.Int64
)

func keyByHandle(h int64) *Key {
	k, ok := handles.Load(h)
	if !ok {
		return nil
	}
	return k.(*Key)
}

// newKey readies data for use; header may still be nil.
func newKey(data []byte, header []byte) (*Key, error) {
	k := &Key{handle: lastHandle.Add(1), header: header}
	copy(k.data[:], data)
	pageKey, err := k.derive("pages")
	if err != nil {
		return nil, err
	}
	maskKeys, err := hkdf.Key(sha256.New, k.data[:], nil, label("log masks"), 2*keySize)
	if err != nil {
		return nil, err
	}
	defer clear(pageKey)
	defer clear(maskKeys)
	if k.pages, err = chacha20poly1305.NewX(pageKey); err != nil {
		return nil, err
	}
	if k.masks, err = aes.NewCipher(maskKeys[:keySize]); err != nil {
		return nil, err
	}
	if k.tweaks, err = aes.NewCipher(maskKeys[keySize:]); err != nil {
		return nil, err
	}
	handles.Store(k.handle, k)
	return k, nil
}

// keyOf readies what was opened, and takes it over.
func keyOf(o *opened, header []byte) (*Key, error) {
	k, err := newKey(o.data, header)
	clear(o.data)
	if err != nil {
		o.wipe()
		return nil, err
	}
	k.account, k.identity, k.old, k.wrapping = o.account, o.identity, o.slot, o.wrapping
	return k, nil
}

// label keeps the keys of this format apart from those of any other use of the data key.
func label(use string) string { return "couplet casebook 1: " + use }

func (k *Key) derive(use string) ([]byte, error) {
	return hkdf.Key(sha256.New, k.data[:], nil, label(use), keySize)
}

// Wipe overwrites the key and forgets its handle. Connections that are still open
// under it can read and write nothing more. What was copied out of the key's memory
// by the AES implementation or the Go runtime is left to the garbage collector.
func (k *Key) Wipe() {
	handles.Delete(k.handle)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wiped {
		return
	}
	clear(k.data[:])
	clear(k.identity)
	clear(k.wrapping)
	k.identity, k.wrapping = nil, nil
	wipeAEAD(k.pages)
	k.pages, k.masks, k.tweaks = nil, nil, nil
	k.wiped = true
}

// wipeAEAD overwrites the key that x/crypto's AEAD keeps and offers no way to clear.
// A test fails should its shape ever change.
func wipeAEAD(a cipher.AEAD) {
	v := reflect.ValueOf(a).Elem()
	if f := v.FieldByName("key"); f.IsValid() && f.Type() == reflect.TypeFor[[keySize]byte]() {
		*(*[keySize]byte)(f.Addr().UnsafePointer()) = [keySize]byte{}
	}
}

// MAC is HMAC-SHA256 of data under a key made from the data key for this label: 32
// bytes that nobody without the casebook's key can make or check. It is stable for
// the life of the data key. Of a wiped key there is none.
func (k *Key) MAC(use string, data []byte) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return nil, faultLocked(nil)
	}
	return macWith(k.data[:], "mac "+use, data), nil
}

func macWith(dataKey []byte, use string, data []byte) []byte {
	key, err := hkdf.Key(sha256.New, dataKey, nil, label(use), keySize)
	if err != nil {
		panic(fmt.Sprintf("vault: derive a key: %v", err)) // only for absurd lengths
	}
	defer clear(key)
	m := hmac.New(sha256.New, key)
	m.Write(data)
	return m.Sum(nil)
}

// bind fills aad with what a page is bound to: its role and where it stands.
func bind(aad []byte, r role, off int64) {
	copy(aad[:8], r)
	binary.BigEndian.PutUint64(aad[8:aadSize], uint64(off))
}

// seal writes the sealed form of page from to the page to. It says false once the key
// is wiped. The caller lends aad, so that nothing is allocated per page.
func (k *Key) seal(r role, off int64, from, to, aad []byte) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return false
	}
	bind(aad, r, off)
	nonce := to[tagEnd:pageSize]
	rand.Read(nonce) // never fails: the program ends if the system has no randomness
	k.pages.Seal(to[:0], nonce, from[:dataSize], aad)
	return true
}

// open turns a sealed page into its plain form in place; its last 40 bytes become
// zeros. It says false, and leaves zeros only, when the page is not authentic.
func (k *Key) open(r role, off int64, page, aad []byte) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		clear(page)
		return false
	}
	bind(aad, r, off)
	if _, err := k.pages.Open(page[:0], page[tagEnd:pageSize], page[:tagEnd], aad); err != nil {
		clear(page)
		return false
	}
	clear(page[dataSize:])
	return true
}

// mask hides or shows, in place, the 16 bytes of salts and checksums in the log frame
// that stands at off: one block of AES-256 in XEX form.
func (k *Key) mask(off int64, hide bool, block, tweak []byte) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return false
	}
	bind(tweak, roleWAL, off)
	k.tweaks.Encrypt(tweak, tweak)
	xor(block, tweak)
	if hide {
		k.masks.Encrypt(block, block)
	} else {
		k.masks.Decrypt(block, block)
	}
	xor(block, tweak)
	return true
}

func xor(b, with []byte) {
	for i := range b {
		b[i] ^= with[i]
	}
}

// copyHeader fills to with a header copy for a file that is made under this key.
func (k *Key) copyHeader(to []byte) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped || len(k.header) != copySize {
		return false
	}
	copy(to, k.header)
	return true
}
