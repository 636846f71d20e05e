package vault

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// KDF is what it costs to try one passphrase: the parameters of Argon2id (RFC 9106).
// The zero value stands for FloorKDF.
type KDF struct {
	MemoryKiB uint32 // memory in KiB
	Time      uint32 // passes over it
	Threads   uint8  // lanes
}

// FloorKDF is the least that a casebook is made with: 64 MiB, three passes, four
// lanes (RFC 9106, second recommendation). It takes about 0.35 s on an old laptop.
var FloorKDF = KDF{MemoryKiB: 64 << 10, Time: 3, Threads: 4}

// kdfFloor is FloorKDF but for tests.
var kdfFloor = FloorKDF

// What a header may ask of the reader: a file of unknown origin must not take the
// machine's memory or minutes of its time.
const (
	maxMemoryKiB  = 1 << 20 // 1 GiB
	maxTime       = 64
	maxThreads    = 64
	maxWorkKiB    = 8 << 20 // memory times passes: about 15 s on an old laptop
	calibrateSide = 256 << 10
)

// Calibrate finds parameters that take about target on this machine, and never less
// than FloorKDF. It takes about a second itself.
func Calibrate(target time.Duration) KDF {
	var runs [3]time.Duration
	for i := range runs {
		start := time.Now()
		FloorKDF.key("calibration", make([]byte, saltSize))
		runs[i] = time.Since(start)
	}
	slices.Sort(runs[:])
	return scaled(target, runs[1])
}

// scaled is FloorKDF made heavier by target/floor: memory first, up to 256 MiB, since
// it is what a specialised attacker pays for, then passes.
func scaled(target, floor time.Duration) KDF {
	k := FloorKDF
	factor := float64(target) / float64(max(floor, time.Microsecond))
	for factor >= 2 && k.MemoryKiB < calibrateSide {
		k.MemoryKiB *= 2
		factor /= 2
	}
	if factor > 1 {
		k.Time = uint32(min(float64(k.Time)*factor, float64(maxWorkKiB/k.MemoryKiB), maxTime))
	}
	return k
}

// atLeastFloor raises each parameter to the floor.
func (k KDF) atLeastFloor() KDF {
	return KDF{max(k.MemoryKiB, kdfFloor.MemoryKiB), max(k.Time, kdfFloor.Time), max(k.Threads, kdfFloor.Threads)}
}

// check refuses what no sensible program writes.
func (k KDF) check() error {
	switch {
	case k.Threads == 0 || k.Threads > maxThreads:
		return fmt.Errorf("%d lanes", k.Threads)
	case k.Time == 0 || k.Time > maxTime:
		return fmt.Errorf("%d passes", k.Time)
	case k.MemoryKiB < 8*uint32(k.Threads) || k.MemoryKiB > maxMemoryKiB:
		return fmt.Errorf("%d KiB of memory", k.MemoryKiB)
	case uint64(k.MemoryKiB)*uint64(k.Time) > maxWorkKiB:
		return fmt.Errorf("%d passes over %d KiB", k.Time, k.MemoryKiB)
	}
	return nil
}

// key is the 32-byte key that a passphrase and salt give. The passphrase is brought to
// NFKC first: the same letters typed on another system are the same passphrase.
func (k KDF) key(passphrase string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(passphrase)), salt, k.Time, k.MemoryKiB, k.Threads, keySize)
}
