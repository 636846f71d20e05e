package ids

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	randv2 "math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
)

// The source of randomness of ids and nonces. It is the system's, except while a
// sample casebook is made, which must come out the same every time.
var (
	sourceMu sync.Mutex
	source   io.Reader
	clock    func() time.Time
	count    uint32 // ids made by the deterministic source, so that later ones sort later
)

// Deterministic makes New and Random repeatable until restore is called: the same
// seed and the same clock give the same ids in the same order. It is for making
// samples, never for a person's casebook.
func Deterministic(seed uint64, now func() time.Time) (restore func()) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	sourceMu.Lock()
	defer sourceMu.Unlock()
	source, clock, count = randv2.NewChaCha8(key), now, 0
	return func() {
		sourceMu.Lock()
		defer sourceMu.Unlock()
		source, clock = nil, nil
	}
}

// New makes a fresh time-ordered identifier.
func New() ID {
	sourceMu.Lock()
	defer sourceMu.Unlock()
	if source == nil {
		return ID(uuid.Must(uuid.NewV7()))
	}
	var id ID
	read(id[:])
	ms := uint64(clock().UnixMilli())
	id[0], id[1], id[2], id[3], id[4], id[5] = byte(ms>>40), byte(ms>>32), byte(ms>>24), byte(ms>>16), byte(ms>>8), byte(ms)
	count++
	id[6], id[7], id[9], id[10] = 0x70|byte(count>>24)&0x0f, byte(count>>16), byte(count>>8), byte(count)
	id[8] = 0x80
	return id
}

// Random fills b with random bytes, for nonces.
func Random(b []byte) {
	sourceMu.Lock()
	defer sourceMu.Unlock()
	read(b)
}

func read(b []byte) {
	r := source
	if r == nil {
		r = rand.Reader
	}
	if _, err := io.ReadFull(r, b); err != nil {
		panic(err) // neither source can be empty
	}
}
