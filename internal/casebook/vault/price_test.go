package vault

import (
	"crypto/cipher"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/couplet-app/couplet/internal/fault"
	"golang.org/x/crypto/chacha20poly1305"
)

func TestAWipedKeyOpensNothing(t *testing.T) {
	path, k, _ := fresh(t)
	db := connect(t, k.DSN(path, false))
	exec(t, db, "CREATE TABLE note(body TEXT) STRICT")
	pages := k.pages
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 50 { // some before, some after: none may see anything but rows or a fault
				if _, err := db.Exec("INSERT INTO note VALUES(hex(randomblob(3000)))"); err != nil && MapError(err) == err {
					t.Error(err)
				}
			}
		})
	}
	k.Wipe()
	wait.Wait()
	k.Wipe()
	if _, err := db.Exec("INSERT INTO note VALUES('x')"); err == nil {
		t.Error("a row was written after the key was wiped")
	}
	late := connect(t, k.DSN(path, true))
	if err := late.Ping(); !fault.Is(MapError(err), fault.System) {
		t.Errorf("a connection was opened after the key was wiped: %v", err)
	}
	if k.data != [keySize]byte{} {
		t.Error("the data key is still in memory")
	}
	sealed := pages.Seal(nil, make([]byte, 24), []byte("x"), nil)
	zero, err := chacha20poly1305.NewX(make([]byte, keySize))
	if err != nil {
		t.Fatal(err)
	}
	if !opens(zero, sealed) {
		t.Error("the page key is still in memory: x/crypto's AEAD has another shape now")
	}
	if k.Identity() != "" || len(k.wrapping) != 0 {
		t.Error("the coach's identity is still in memory")
	}
	if _, err := k.NewWay([16]byte{}, Secret{Passphrase: "second"}, cheap(t), strings.Repeat("A", identitySize), false); !fault.Is(err, fault.WrongKey) {
		t.Errorf("a wiped key made a way in: %v", err)
	}
}

func opens(a cipher.AEAD, sealed []byte) bool {
	_, err := a.Open(nil, make([]byte, 24), sealed, nil)
	return err == nil
}

func TestThePriceNeverFallsBelowTheFloor(t *testing.T) {
	for _, floor := range []time.Duration{0, time.Millisecond, 100 * time.Millisecond, 350 * time.Millisecond, time.Hour} {
		k := scaled(time.Second, floor)
		if k.check() != nil || k.atLeastFloor() != k {
			t.Errorf("a floor of %v gives %+v: %v", floor, k, k.check())
		}
	}
	if got, want := scaled(time.Second, 125*time.Millisecond), (KDF{256 << 10, 6, 4}); got != want {
		t.Errorf("eight times the floor: %+v, want %+v", got, want)
	}
	if got := (KDF{}).atLeastFloor(); got != FloorKDF {
		t.Errorf("the zero value stands for %+v", got)
	}
	if got := Calibrate(time.Nanosecond); got != FloorKDF {
		t.Errorf("a hurried calibration gives %+v", got)
	}
}

func TestAFileMadeAtTheFloorOpens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.couplet")
	k, _, err := Create(path, KDF{}, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	k.Wipe()
	h, err := parseHeader(readFile(t, path)[:copySize])
	if err != nil {
		t.Fatal(err)
	}
	if got := parseWay(h.ways[0][:]).kdf; got != FloorKDF {
		t.Errorf("made with %+v", got)
	}
	if err := unlocks(t, path, Secret{Passphrase: passphrase}); err != nil {
		t.Error(err)
	}
}
