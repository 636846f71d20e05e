package vault

import (
	"crypto/rand"
	"os"
)

// NewRecovery is a fresh recovery key as people copy it; it opens nothing until a
// way was made for it.
func NewRecovery() string {
	key := make([]byte, recoverySize)
	defer clear(key)
	rand.Read(key) // crypto/rand never returns an error
	return formatRecovery(key)
}

// HealHeader makes both header copies whole and equal again if one is damaged, or if a
// power cut came between them. What opened k opens the healed file. It says whether
// there was anything to do.
func (k *Key) HealHeader(path string) (bool, error) {
	copies, err := readCopies(path)
	if err != nil {
		return false, err
	}
	if _, err := parseHeader(copies[0]); err == nil && string(copies[0]) == string(copies[1]) {
		return false, nil
	}
	return true, k.rewrite(path, func(*header, []byte) error { return nil })
}

// rewrite puts the header of k, changed by change, into the file at path, which must
// be a casebook of the same data key.
func (k *Key) rewrite(path string, change func(h *header, dataKey []byte) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wiped {
		return faultLocked(nil)
	}
	copies, err := readCopies(path)
	if err != nil {
		return err
	}
	h, err := parseHeader(k.header)
	if err != nil {
		return err
	}
	order := []int{0, 1} // the copy that is worth least is overwritten first
	found := false
	for i := len(copies) - 1; i >= 0; i-- {
		there, err := parseHeader(copies[i])
		if err != nil || !there.authentic(k.data[:]) {
			continue
		}
		found = true
		order = []int{1 - i, i}
		h.generation = max(h.generation, there.generation)
	}
	if !found {
		return faultDamaged(errTampered)
	}
	if err := change(h, k.data[:]); err != nil {
		return err
	}
	h.generation++
	raw := h.encode(k.data[:])
	if err := writeCopies(path, raw, order); err != nil {
		return err
	}
	k.header = raw
	return nil
}

// writeCopies overwrites the header copies in this order, each on the disk before the
// next is begun.
func writeCopies(path string, raw []byte, order []int) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	for _, i := range order {
		if _, err := f.WriteAt(raw, int64(i)*copySize); err != nil {
			f.Close()
			return err
		}
		if err := f.Sync(); err != nil {
			f.Close()
			return err
		}
	}
	return f.Close()
}
