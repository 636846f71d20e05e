// Package vault keeps a casebook sealed: it makes and opens the header with the key
// slots, and gives SQLite a file system (a VFS) in which every page is encrypted and
// authenticated before it reaches the disk. docs/format.md specifies the file.
//
// Unlock a file, open it through database/sql with Driver and Key.DSN, and Wipe the
// key when done. Whatever is not as expected is an error: there is no way to get
// unauthenticated data out of a casebook, or plain text into one.
//
// On Unix, closing any handle on a file drops the locks SQLite holds on it in this
// process. Functions here that take a path open and close that file; call them while
// holding the casebook's own lock, so that no other process is at it.
package vault

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"

	"github.com/google/uuid"

	"github.com/couplet-app/couplet/internal/durable"
	"github.com/couplet-app/couplet/internal/fault"
	"github.com/couplet-app/couplet/internal/text"
)

// Secret is what opens a casebook: exactly one of a passphrase and a recovery key.
type Secret struct {
	Passphrase string // in any Unicode form; it is normalised (NFKC)
	Recovery   string // as printed, in any case, with any spaces and dashes
	// First is the account whose passphrase is tried before those of the others: each
	// try takes its time. It may be zeros, or of somebody who is not there.
	First [16]byte
}

type secret struct {
	kind       slotKind
	passphrase string
	recovery   []byte
	first      [16]byte
}

func (s Secret) parse() (secret, error) {
	switch {
	case (s.Passphrase == "") == (s.Recovery == ""):
		return secret{}, fault.Input("passphrase", text.T("vault.one_secret", "Enter the passphrase or the recovery key."))
	case s.Recovery != "":
		key, err := parseRecovery(s.Recovery)
		if err != nil {
			return secret{}, fault.Wrap(fault.WrongKey, err,
				text.T("vault.recovery_text", "This is not a complete recovery key."),
				text.T("vault.recovery_text_hint", "Compare it with the printed one: eight groups of seven characters. Nothing was changed."))
		}
		return secret{kind: slotRecovery, recovery: key}, nil
	default:
		return secret{kind: slotPassphrase, passphrase: s.Passphrase, first: s.First}, nil
	}
}

// Create makes a new, empty casebook at path and returns its key and the text of its
// recovery key, which is kept nowhere else: two ways in, of one coach. A kdf below FloorKDF is raised to it.
// An existing file is refused and left alone (fs.ErrExist); after an error there is no
// file. The casebook is on the disk when Create returns.
func Create(path string, kdf KDF, passphrase string) (*Key, string, error) {
	pass, err := Secret{Passphrase: passphrase}.parse()
	if err != nil {
		return nil, "", err
	}
	identity, err := NewIdentity()
	if err != nil {
		return nil, "", err
	}
	dataKey, recovery := make([]byte, keySize), make([]byte, recoverySize)
	defer clear(dataKey)
	defer clear(recovery)
	rand.Read(dataKey)
	rand.Read(recovery)
	h := &header{generation: 1}
	var accounts [2][16]byte
	for i, s := range []secret{pass, {kind: slotRecovery, recovery: recovery}} {
		accounts[i] = [16]byte(uuid.Must(uuid.NewV7()))
		w, err := newWay(accounts[i], s, kdf, dataKey, []byte(identity), false)
		if err != nil {
			return nil, "", err
		}
		copy(h.ways[i][:], w)
	}
	k, err := newKey(dataKey, h.encode(dataKey))
	if err != nil {
		return nil, "", err
	}
	k.account, k.identity = accounts[0], []byte(identity)
	if err := durable.WriteNew(path, k.emptyFile(), 0o600); err != nil {
		k.Wipe()
		return nil, "", err
	}
	return k, formatRecovery(recovery), nil
}

// emptyFile is a casebook with nothing in it: the header and page 1 of an empty
// database, so that SQLite never has to make a file by itself.
func (k *Key) emptyFile() []byte {
	file := make([]byte, firstAt+pageSize)
	copy(file, k.header)
	copy(file[copySize:], k.header)
	k.seal(roleDatabase, 0, emptyPage(), file[firstAt:], make([]byte, aadSize))
	return file
}

// emptyPage is page 1 of an empty SQLite database in WAL mode with 40 reserved bytes
// per page, as sqlite.org/fileformat2.html describes it.
func emptyPage() []byte {
	p := make([]byte, pageSize)
	copy(p, "SQLite format 3\x00\x10\x00\x02\x02\x28\x40\x20\x20")
	put := func(at int, v uint32) { binary.BigEndian.PutUint32(p[at:], v) }
	put(24, 1)                                    // change counter
	put(28, 1)                                    // pages in the file
	put(44, 4)                                    // schema format
	put(56, 1)                                    // UTF-8
	put(92, 1)                                    // the change counter at which the page count held
	put(96, 3054001)                              // the SQLite version that the layout was taken from
	p[100] = 0x0d                                 // an empty table leaf
	binary.BigEndian.PutUint16(p[105:], dataSize) // cells would begin at the end of the page
	return p
}

// Unlock opens the header of the casebook at path. It reads the file and changes
// nothing. Its faults are WrongKey (a sound header, none of whose slots opens),
// Damaged (both header copies, or a file cut short before its first page), Newer,
// NotCasebook, and those of the system.
func Unlock(path string, s Secret) (*Key, error) {
	parsed, err := s.parse()
	if err != nil {
		return nil, err
	}
	k, _, err := unlock(path, parsed)
	return k, err
}

// Opens says whether the casebook at path stands under this key: the same casebook, or a
// copy of it, whatever its passphrase.
func (k *Key) Opens(path string) (bool, error) {
	copies, err := readCopies(path)
	if err != nil {
		return false, err
	}
	candidates, err := soundCopies(copies)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(candidates, k.wrote), nil
}

// Again is the same key once more, to be wiped by itself.
func (k *Key) Again() (*Key, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return nil, faultLocked(nil)
	}
	again, err := newKey(k.data[:], k.header)
	if err == nil {
		again.account, again.identity = k.account, slices.Clone(k.identity)
	}
	return again, err
}

func unlock(path string, s secret) (*Key, *header, error) {
	copies, err := readCopies(path)
	if err != nil {
		return nil, nil, err
	}
	var candidates []*header
	candidates, err = soundCopies(copies)
	if err != nil {
		return nil, nil, err
	}
	var lastErr error
	for _, h := range candidates {
		o, err := h.open(s)
		switch {
		case err != nil:
			lastErr = faultDamaged(err)
		case o == nil:
		case !h.authentic(o.data):
			o.wipe()
			lastErr = faultDamaged(errTampered)
		default:
			k, err := keyOf(o, h.raw)
			return k, h, err
		}
	}
	if lastErr == nil {
		lastErr = faultWrongKey()
	}
	return nil, nil, lastErr
}

// readCopies reads both header copies and sees that a first page follows. A file that
// is shorter gives what there is.
func readCopies(path string) ([headerCopies][]byte, error) {
	var copies [headerCopies][]byte
	info, err := os.Stat(path)
	if err != nil {
		return copies, err
	}
	if !info.Mode().IsRegular() { // a folder, or what would never end
		return copies, faultNotCasebook()
	}
	f, err := os.Open(path)
	if err != nil {
		return copies, err
	}
	defer f.Close()
	raw := make([]byte, firstAt+pageSize)
	n, err := io.ReadFull(f, raw)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return copies, err
	}
	if n < len(raw) {
		return copies, tooShort(raw[:n])
	}
	for i := range copies {
		copies[i] = raw[i*copySize : (i+1)*copySize]
	}
	return copies, nil
}

// tooShort is why a file without a whole first page cannot be opened.
func tooShort(start []byte) error {
	n := min(len(start), len(magic))
	if n == 0 || string(start[:n]) != magic[:n] {
		return faultNotCasebook()
	}
	return faultDamaged(io.ErrUnexpectedEOF)
}

// soundCopies are the different headers that can be tried, the newest first. After a
// change of passphrase that a power cut interrupted there are two.
func soundCopies(copies [headerCopies][]byte) ([]*header, error) {
	var sound []*header
	var errs []error
	for _, raw := range copies {
		h, err := parseHeader(raw)
		switch {
		case err != nil:
			errs = append(errs, err)
		case len(sound) == 1 && string(sound[0].raw) == string(h.raw):
		case len(sound) == 1 && h.generation > sound[0].generation:
			sound = []*header{h, sound[0]}
		default:
			sound = append(sound, h)
		}
	}
	if errors.Is(errors.Join(errs...), errNewer) {
		return nil, faultNewer()
	}
	if len(sound) > 0 {
		return sound, nil
	}
	all := func(target error) bool {
		for _, err := range errs {
			if !errors.Is(err, target) {
				return false
			}
		}
		return true
	}
	if all(errNotMagic) {
		return nil, faultNotCasebook()
	}
	return nil, faultDamaged(errors.Join(errs...))
}
