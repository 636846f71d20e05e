package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
)

func unlocks(t *testing.T, path string, s Secret) error {
	t.Helper()
	k, err := Unlock(path, s)
	if err == nil {
		k.Wipe()
	}
	return err
}

func TestCreateLeavesAnExistingFileAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := Create(path, cheap(t), passphrase)
	if !errors.Is(err, fs.ErrExist) || !fault.Is(err, fault.System) {
		t.Errorf("Create over a file: %v", err)
	}
	if got := readFile(t, path); string(got) != "dear" {
		t.Errorf("the file is now %q", got)
	}
}

func TestOneSecretIsAskedFor(t *testing.T) {
	path, _, recovery := fresh(t)
	for _, s := range []Secret{{}, {Passphrase: passphrase, Recovery: recovery}} {
		if err := unlocks(t, path, s); !fault.Is(err, fault.BadInput) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestAPassphraseIsTheSameInEveryUnicodeForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.couplet")
	k, _, err := Create(path, cheap(t), "Grüße ﬁn Å")
	if err != nil {
		t.Fatal(err)
	}
	k.Wipe()
	if err := unlocks(t, path, Secret{Passphrase: "Gru\u0308ße fin A\u030a"}); err != nil {
		t.Error(err)
	}
	if err := unlocks(t, path, Secret{Passphrase: "grüße fin Å"}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("other capitals: %v", err)
	}
}

func TestRecoveryKeysAreReadAsPeopleWriteThem(t *testing.T) {
	path, _, recovery := fresh(t)
	sloppy := strings.ToLower(strings.ReplaceAll(recovery, "-", " \n"))
	sloppy = strings.NewReplacer("0", "o", "1", "l").Replace(sloppy)
	if err := unlocks(t, path, Secret{Recovery: sloppy}); err != nil {
		t.Errorf("%q: %v", sloppy, err)
	}
	mistyped := []byte(recovery)
	mistyped[3] = map[bool]byte{true: '8', false: '9'}[mistyped[3] == '9']
	for _, text := range []string{string(mistyped), recovery[1:], recovery + "7", "passphrase", strings.Replace(recovery, recovery[:1], "U", 1)} {
		err := unlocks(t, path, Secret{Recovery: text})
		if !errors.Is(err, ErrRecoveryText) || !fault.Is(err, fault.WrongKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
	err := unlocks(t, path, Secret{Recovery: formatRecovery(make([]byte, recoverySize))})
	if !fault.Is(err, fault.WrongKey) || errors.Is(err, ErrRecoveryText) {
		t.Errorf("another casebook's recovery key: %v", err)
	}
}

// resealed is a header copy changed by someone who can compute checksums but has no key.
func resealed(raw []byte, change func(raw []byte)) []byte {
	raw = bytes.Clone(raw)
	change(raw)
	sum := sha256.Sum256(raw[:atSum])
	copy(raw[atSum:], sum[:])
	return raw
}

func TestFilesThatAreNotOursToOpenAreToldApart(t *testing.T) {
	path, k, _ := fresh(t)
	good := readFile(t, path)
	with := func(one, two []byte) []byte {
		return bytes.Join([][]byte{one, two, good[firstAt:]}, nil)
	}
	head := good[:copySize]
	flipped := bytes.Clone(head)
	flipped[700] ^= 1
	newer := resealed(head, func(raw []byte) { raw[atReader+1]++ })
	compatible := resealed(head, func(raw []byte) {
		raw[atFormat+1]++
		copy(raw[atMAC:], macWith(k.data[:], "header", raw[:atMAC]))
	})
	price := func(memory, passes uint32, lanes byte) []byte {
		return resealed(head, func(raw []byte) {
			raw[atWays+1] = lanes
			binary.BigEndian.PutUint32(raw[atWays+4:], memory)
			binary.BigEndian.PutUint32(raw[atWays+8:], passes)
		})
	}
	tampered := resealed(head, func(raw []byte) { raw[atGeneration] = 9 })
	foreign := bytes.Repeat([]byte("x"), copySize)
	tests := []struct {
		name string
		file []byte
		want fault.Kind
	}{
		{"newer", with(newer, newer), fault.Newer},
		{"newer, the other copy torn", with(newer, flipped), fault.Newer},
		{"both copies damaged", with(flipped, flipped), fault.Damaged},
		{"another file", with(foreign, foreign), fault.NotCasebook},
		{"a plain SQLite database", append([]byte("SQLite format 3\x00"), make([]byte, 20000)...), fault.NotCasebook},
		{"a short text", []byte("hello"), fault.NotCasebook},
		{"a gigantic memory", with(price(1<<31, 3, 4), price(1<<31, 3, 4)), fault.Damaged},
		{"endless passes", with(price(1<<16, 1<<30, 4), price(1<<16, 1<<30, 4)), fault.Damaged},
		{"much of both", with(price(1<<20, 60, 4), price(1<<20, 60, 4)), fault.Damaged},
		{"no lanes", with(price(1<<16, 3, 0), price(1<<16, 3, 0)), fault.Damaged},
		{"no memory", with(price(0, 3, 4), price(0, 3, 4)), fault.Damaged},
		{"changed without the key", with(tampered, tampered), fault.Damaged},
	}
	for _, test := range tests {
		err := unlocks(t, put(t, test.file, nil), Secret{Passphrase: passphrase})
		if !fault.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	for name, file := range map[string][]byte{
		"copy 1 damaged":                 with(flipped, head),
		"copy 2 damaged":                 with(head, flipped),
		"copy 1 tampered with":           with(tampered, head),
		"copy 1 of another age":          with(foreign, head),
		"a later format for this reader": with(compatible, compatible),
	} {
		if err := unlocks(t, put(t, file, nil), Secret{Passphrase: passphrase}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := unlocks(t, path, Secret{Passphrase: "wrong"}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if err := unlocks(t, path+"x", Secret{Passphrase: passphrase}); !fault.Is(err, fault.System) {
		t.Errorf("no such file: %v", err)
	}
}

// replaced puts a new way in the place of the one of its kind, as the program does.
func replaced(t testing.TB, k *Key, path string, s Secret) error {
	t.Helper()
	ways, err := k.Ways()
	if err != nil {
		t.Fatal(err)
	}
	for i, raw := range ways {
		was, err := ReadWay(raw)
		if err != nil {
			t.Fatal(err)
		}
		if was.Recovery != (s.Recovery != "") {
			continue
		}
		if ways[i], err = k.NewWay(was.Account, s, cheap(t), k.Identity(), false); err != nil {
			return err
		}
	}
	_, err = k.SetWays(path, ways, false)
	return err
}

func anotherPassphrase(t testing.TB, k *Key, path, passphrase string) error {
	t.Helper()
	return replaced(t, k, path, Secret{Passphrase: passphrase})
}

func TestAnotherPassphrase(t *testing.T) {
	path, k, recovery := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE note(body TEXT) STRICT")
	if err := anotherPassphrase(t, k, path, "second"); err != nil { // while it is open
		t.Fatal(err)
	}
	exec(t, db, "INSERT INTO note VALUES('still here')")
	backup := filepath.Join(t.TempDir(), "b.couplet-backup")
	exec(t, db, "VACUUM INTO ?", k.Target(backup))
	for _, p := range []string{path, backup} {
		if err := unlocks(t, p, Secret{Passphrase: passphrase}); !fault.Is(err, fault.WrongKey) {
			t.Errorf("the old passphrase: %v", err)
		}
		if err := unlocks(t, p, Secret{Passphrase: "second"}); err != nil {
			t.Errorf("the new passphrase: %v", err)
		}
		if err := unlocks(t, p, Secret{Recovery: recovery}); err != nil {
			t.Errorf("the recovery key: %v", err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	recovered, err := Unlock(path, Secret{Recovery: recovery})
	if err != nil {
		t.Fatal(err)
	}
	defer recovered.Wipe()
	if recovered.Identity() == "" || recovered.Identity() != k.Identity() {
		t.Error("the recovery key opens another identity than the passphrase")
	}
	if err := anotherPassphrase(t, recovered, path, "third"); err != nil {
		t.Fatal(err)
	}
	again, err := Unlock(path, Secret{Passphrase: "third"})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Wipe()
	if found := findingsAt(t, path, again); len(found) != 0 {
		t.Errorf("check says %v", found)
	}
	mac := func(k *Key, use string) []byte {
		t.Helper()
		m, err := k.MAC(use, []byte("y"))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if !bytes.Equal(mac(again, "x"), mac(k, "x")) {
		t.Error("the data key changed")
	}
	if bytes.Equal(mac(k, "x"), mac(k, "z")) {
		t.Error("the label makes no difference")
	}
	again.Wipe()
	if m, err := again.MAC("x", nil); err == nil || m != nil {
		t.Error("a wiped key makes a MAC")
	}
	other, kOther, _ := fresh(t)
	if err := anotherPassphrase(t, kOther, path, "foreign"); !fault.Is(err, fault.Damaged) {
		t.Errorf("changed with the key of %s: %v", other, err)
	}
}

func TestAnotherRecoveryKey(t *testing.T) {
	path, k, before := fresh(t)
	after := NewRecovery()
	if _, err := parseRecovery(after); after == before || after == NewRecovery() || err != nil {
		t.Fatalf("not a fresh recovery key: %d characters", len(after))
	}
	if err := unlocks(t, path, Secret{Recovery: after}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("before it was given: %v", err)
	}
	if err := replaced(t, k, path, Secret{Recovery: after}); err != nil {
		t.Fatal(err)
	}
	if err := unlocks(t, path, Secret{Recovery: before}); !fault.Is(err, fault.WrongKey) {
		t.Errorf("the recovery key before: %v", err)
	}
	for _, s := range []Secret{{Recovery: after}, {Passphrase: passphrase}} {
		if err := unlocks(t, path, s); err != nil {
			t.Error(err)
		}
	}
	if found := findingsAt(t, path, k); len(found) != 0 {
		t.Errorf("check says %v", found)
	}
	if _, err := k.NewWay(k.Account(), Secret{Recovery: "nonsense"}, KDF{}, k.Identity(), false); !errors.Is(err, ErrRecoveryText) {
		t.Errorf("nonsense: %v", err)
	}
}

// A power cut at any point of the change leaves one passphrase or the other, and the
// next opening can make the header whole again.
func TestAnInterruptedChangeOfPassphrase(t *testing.T) {
	path, k, _ := fresh(t)
	before := readFile(t, path)
	if err := anotherPassphrase(t, k, path, "second"); err != nil {
		t.Fatal(err)
	}
	after := readFile(t, path)
	torn := func(copyAt, upTo int) []byte {
		return append(bytes.Clone(after[copyAt:copyAt+upTo]), before[copyAt+upTo:copyAt+copySize]...)
	}
	oldOne, newOne := before[:copySize], after[:copySize]
	for name, head := range map[string][2][]byte{
		"first copy torn":          {torn(0, 512), oldOne},
		"first copy torn later":    {torn(0, 4032), oldOne},
		"between the copies":       {newOne, oldOne},
		"the copies the other way": {oldOne, newOne},
		"second copy torn":         {newOne, torn(copySize, 1024)},
	} {
		file := bytes.Join([][]byte{head[0], head[1], before[firstAt:]}, nil)
		opened := 0
		for _, pass := range []string{passphrase, "second"} {
			path := put(t, file, nil)
			key, err := Unlock(path, Secret{Passphrase: pass})
			if fault.Is(err, fault.WrongKey) {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			opened++
			if found := findingsAt(t, path, key); len(found) != 1 {
				t.Errorf("%s: check says %v", name, found)
			}
			healed, err := key.HealHeader(path)
			if err != nil || !healed {
				t.Errorf("%s: healed %v, %v", name, healed, err)
			}
			if found := findingsAt(t, path, key); len(found) != 0 {
				t.Errorf("%s: after healing, check says %v", name, found)
			}
			if err := unlocks(t, path, Secret{Passphrase: pass}); err != nil {
				t.Errorf("%s: after healing: %v", name, err)
			}
			if healed, err := key.HealHeader(path); healed || err != nil {
				t.Errorf("%s: healed twice: %v, %v", name, healed, err)
			}
			key.Wipe()
		}
		if opened == 0 {
			t.Errorf("%s: neither passphrase opens the casebook", name)
		}
	}
}

func FuzzHeader(f *testing.F) {
	kdfFloor = KDF{MemoryKiB: 64, Time: 1, Threads: 1}
	path := filepath.Join(f.TempDir(), "a.couplet")
	k, recovery, err := Create(path, kdfFloor, passphrase)
	if err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	s, err := Secret{Recovery: recovery}.parse()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw[:copySize], true)
	f.Add(raw[:copySize], false)
	f.Add(raw[:atMAC], true)
	f.Add([]byte(magic), true)
	f.Fuzz(func(t *testing.T, data []byte, fixSum bool) {
		if fixSum && len(data) == copySize {
			data = resealed(data, func([]byte) {})
		}
		h, err := parseHeader(data)
		if err != nil {
			return
		}
		for _, raw := range h.slots {
			sl := parseSlot(raw)
			if sl.kdf.check() == nil && uint64(sl.kdf.MemoryKiB)*uint64(sl.kdf.Time) > maxWorkKiB {
				t.Errorf("%+v passes", sl.kdf)
			}
		}
		o, err := h.open(s)
		var dataKey []byte
		if o != nil {
			dataKey = o.data
		}
		if err == nil && dataKey != nil && !bytes.Equal(dataKey, k.data[:]) {
			t.Error("a slot gave another data key")
		}
		if dataKey != nil && h.authentic(dataKey) && !bytes.Equal(data, raw[:copySize]) && !bytes.Equal(data[:atMAC], raw[:atMAC]) {
			t.Error("a header that no key made is authentic")
		}
	})
}
