package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// What follows reads casebooks by docs/format.md alone: it uses nothing of the package.

// documented are the test vectors of docs/format.md.
func documented(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../../docs/format.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```vectors\n(.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("docs/format.md has no vectors")
	}
	vectors := map[string]string{}
	var name string
	for line := range strings.Lines(string(block[1])) {
		if left, right, ok := strings.Cut(line, "="); ok {
			name, line = strings.TrimSpace(left), right
		}
		vectors[name] += strings.TrimSpace(line)
	}
	return vectors
}

func derived(t *testing.T, secret, salt []byte, info string, n int) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, salt, info, n)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func offset(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func sealWith(t *testing.T, key, nonce, plain, aad []byte) []byte {
	t.Helper()
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		t.Fatal(err)
	}
	return a.Seal(nil, nonce, plain, aad)
}

func openWith(t *testing.T, key, nonce, sealed, aad []byte) []byte {
	t.Helper()
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := a.Open(nil, nonce, sealed, aad)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func count(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i % 251)
	}
	return b
}

func TestTheDocumentedVectors(t *testing.T) {
	want := documented(t)
	got := map[string]string{}
	say := func(name string, b []byte) { got[name] = hex.EncodeToString(b) }

	data := count(32)
	pages := derived(t, data, nil, "couplet casebook 1: pages", 32)
	masks := derived(t, data, nil, "couplet casebook 1: log masks", 64)
	head := derived(t, data, nil, "couplet casebook 1: header", 32)
	say("page key", pages)
	say("mask key", masks[:32])
	say("tweak key", masks[32:])
	say("header key", head)
	mac := hmac.New(sha256.New, derived(t, data, nil, "couplet casebook 1: mac note", 32))
	mac.Write([]byte("hello"))
	say("MAC of \"hello\" with label \"note\"", mac.Sum(nil))

	nonce := bytes.Repeat([]byte{0x42}, 24)
	for name, aad := range map[string][]byte{
		"page 3 in the database":      append([]byte("database"), offset(8192)...),
		"page in the log's 2nd frame": append([]byte("logframe"), offset(32+4120+24)...),
	} {
		sealed := append(sealWith(t, pages, nonce, count(4056), aad), nonce...)
		say(name+", additional data", aad)
		say(name+", sealed, first 32 bytes", sealed[:32])
		say(name+", sealed, last 40 bytes", sealed[4056:])
		say(name+", sealed, SHA-256", sum(sealed))
	}

	maskBlock, err := aes.NewCipher(masks[:32])
	if err != nil {
		t.Fatal(err)
	}
	tweakBlock, err := aes.NewCipher(masks[32:])
	if err != nil {
		t.Fatal(err)
	}
	tweak, plain := make([]byte, 16), []byte("salts, checksums")
	tweakBlock.Encrypt(tweak, append([]byte("logframe"), offset(32+4120)...))
	masked := make([]byte, 16)
	for i := range masked {
		masked[i] = plain[i] ^ tweak[i]
	}
	maskBlock.Encrypt(masked, masked)
	for i := range masked {
		masked[i] ^= tweak[i]
	}
	say("mask of \"salts, checksums\" in the 2nd frame", masked)

	salt := bytes.Repeat([]byte{0x24}, 16)
	bound := append([]byte{1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0}, salt...)
	wrapping := argon2.IDKey([]byte("Gr\u00fc\u00dfe"), salt, 3, 65536, 4, 32)
	say("passphrase slot (Gr\u00fc\u00dfe), wrapping key", wrapping)
	slot1 := append(append(bytes.Clone(bound), nonce...), sealWith(t, wrapping, nonce, data, bound)...)
	say("passphrase slot (Gr\u00fc\u00dfe), first 104 bytes", slot1)

	recovery := bytes.Repeat([]byte{0xa5}, 32)
	bound = append([]byte{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, salt...)
	wrapping = derived(t, recovery, salt, "couplet casebook 1: recovery", 32)
	slot2 := append(append(bytes.Clone(bound), nonce...), sealWith(t, wrapping, nonce, data, bound)...)
	say("recovery slot (32 times a5), first 104 bytes", slot2)
	checked := append(bytes.Clone(recovery), sum(append([]byte("couplet casebook 1: recovery checksum"), recovery...))[:3]...)
	text := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(checked)
	got["recovery key (32 times a5) as text"] = strings.TrimSuffix(regexp.MustCompile(".{7}").ReplaceAllString(text, "$0-"), "-")

	copy1 := make([]byte, 4096)
	copy(copy1, "Couplet casebook\x00\x01\x00\x01\x00\x00\x00\x01")
	copy(copy1[32:], slot1)
	copy(copy1[160:], slot2)
	m := hmac.New(sha256.New, head)
	m.Write(copy1[:4032])
	copy(copy1[4032:], m.Sum(nil))
	copy(copy1[4064:], sum(copy1[:4064]))
	say("header of these two slots, last 64 bytes", copy1[4032:])

	account := bytes.Repeat([]byte{0x77}, 16)
	identity := []byte("AGE-SECRET-KEY-1Z3PD938QTSN4MP967PZLQ4P8NKEUN474Z9ZVZC2MCDXZEJ793QLQNG7GRU")
	bound = append([]byte{1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0}, append(bytes.Clone(salt), account...)...)
	wrapping = argon2.IDKey([]byte("Gr\u00fc\u00dfe"), salt, 3, 65536, 4, 32)
	way := append(append(bytes.Clone(bound), nonce...), sealWith(t, wrapping, nonce, append(bytes.Clone(data), identity...), bound)...)
	say("way (Gr\u00fc\u00dfe), first 194 bytes", way)

	for name, value := range got {
		if want[name] != value {
			t.Errorf("docs/format.md says of %s:\n%q\nwant\n%s = %s", name, want[name], name, value)
		}
	}
	if len(want) != len(got) {
		t.Errorf("docs/format.md has %d vectors, the test %d", len(want), len(got))
	}

	if formatted := formatRecovery(recovery); formatted != want["recovery key (32 times a5) as text"] {
		t.Errorf("the package writes the recovery key as %s", formatted)
	}

	// and the package agrees with them
	s, err := Secret{Passphrase: "Gru\u0308\u00dfe"}.parse()
	if err != nil {
		t.Fatal(err)
	}
	h, err := parseHeader(copy1)
	if err != nil {
		t.Fatal(err)
	}
	if o, err := h.open(s); err != nil || o == nil || !bytes.Equal(o.data, data) || !h.authentic(o.data) {
		t.Errorf("the package opens the documented header to %v, %v", o, err)
	}
	w := parseWay(append(way, make([]byte, 6)...))
	if o, err := w.unwrap(s); err != nil || o == nil || !bytes.Equal(o.data, data) || !bytes.Equal(o.identity, identity) || !bytes.Equal(o.account[:], account) {
		t.Errorf("the package opens the documented way to %v, %v", o, err)
	}
	k, err := newKey(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Wipe()
	page := append(sealWith(t, pages, nonce, count(4056), append([]byte("database"), offset(8192)...)), nonce...)
	if !k.open(roleDatabase, 8192, page, make([]byte, aadSize)) || !bytes.Equal(page[:4056], count(4056)) {
		t.Error("the package does not open the documented page")
	}
	if !k.mask(32+4120, false, masked, make([]byte, 16)) || !bytes.Equal(masked, plain) {
		t.Errorf("the package unmasks %q", masked)
	}
}

func sum(b []byte) []byte {
	s := sha256.Sum256(b)
	return s[:]
}

func TestAnotherProgramCanReadACasebook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Practice.couplet")
	k, _, err := Create(path, FloorKDF, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Wipe()
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE note(body TEXT) STRICT")
	exec(t, db, "INSERT INTO note VALUES('a word that is only here')")
	exec(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	exec(t, db, "INSERT INTO note VALUES('a word in the log')")

	file, log := readFile(t, path), readFile(t, path+"-wal")
	way := file[1056:1256]
	if string(file[:16]) != "Couplet casebook" || way[0] != 1 {
		t.Fatalf("the file begins %x", file[:48])
	}
	wrapping := argon2.IDKey([]byte(passphrase), way[16:32], binary.BigEndian.Uint32(way[8:]), binary.BigEndian.Uint32(way[4:]), way[1], 32)
	plainWay := openWith(t, wrapping, way[48:72], way[72:194], way[:48])
	data := plainWay[:32]
	if identity := string(plainWay[32:]); !strings.HasPrefix(identity, "AGE-SECRET-KEY-1") {
		t.Errorf("the way holds no identity: %d bytes", len(identity))
	}
	pages := derived(t, data, nil, "couplet casebook 1: pages", 32)
	var plain []byte
	for at := 8192; at < len(file); at += 4096 {
		p := file[at : at+4096]
		plain = append(plain, openWith(t, pages, p[4072:], p[:4072], append([]byte("database"), offset(uint64(at-8192))...))...)
		plain = append(plain, make([]byte, 40)...)
	}
	if !bytes.HasPrefix(plain, []byte("SQLite format 3\x00")) || !bytes.Contains(plain, []byte("a word that is only here")) {
		t.Error("the pages do not hold the database")
	}
	frame := log[32:]
	p := frame[24 : 24+4096]
	if !bytes.Contains(openWith(t, pages, p[4072:], p[:4072], append([]byte("logframe"), offset(32+24)...)), []byte("a word in the log")) {
		t.Error("the first frame does not hold the last change")
	}

	// SQLite agrees: what was read is a database of its own.
	out := filepath.Join(t.TempDir(), "plain.db")
	if err := os.WriteFile(out, plain, 0o600); err != nil {
		t.Fatal(err)
	}
	opened := connectPlain(t, out)
	wantSound(t, opened)
	if got := scalar[string](t, opened, "SELECT body FROM note"); got != "a word that is only here" {
		t.Errorf("read %q", got)
	}
}
