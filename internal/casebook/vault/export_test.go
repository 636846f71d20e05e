package vault

import "testing"

// WriteOldSlots makes the header of the casebook at path what the first programs wrote:
// the data key alone, for a passphrase and a recovery key, which belong to nobody.
func WriteOldSlots(t *testing.T, k *Key, path, passphrase, recovery string) {
	t.Helper()
	if err := k.rewrite(path, func(h *header, dataKey []byte) error {
		h.ways = [wayCount][WaySize]byte{}
		for i, s := range []Secret{{Passphrase: passphrase}, {Recovery: recovery}} {
			parsed, err := s.parse()
			if err != nil {
				return err
			}
			sl := slot{kind: parsed.kind}
			if parsed.kind == slotPassphrase {
				sl.kdf = FloorKDF
			}
			sl.salt[0], sl.nonce[0] = byte(i+1), byte(i+1)
			kek, err := wrappingKey(sl.kind, sl.kdf, sl.salt[:], parsed)
			if err != nil {
				return err
			}
			raw := append(sl.bound(), sl.nonce[:]...)
			copy(h.slots[i][:], append(raw, sealWith(t, kek, sl.nonce[:], dataKey, sl.bound())...))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
