package share

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// long says whether the long run is asked for.
func long() bool { return os.Getenv("COUPLET_FAULTS") == "long" }

type seeded struct{ *rand.Rand }

func (s seeded) below(n int) int { return s.IntN(n) }

type drawn struct{ *rapid.T }

func (d drawn) below(n int) int { return rapid.IntRange(0, n-1).Draw(d.T, "") }

// TestWhateverOrderFilesComeIn plays random histories of a practice.
func TestWhateverOrderFilesComeIn(t *testing.T) {
	t.Parallel()
	n := 40
	if long() {
		n = 2000
	}
	from, stream := 0, uint64(1)
	if s := os.Getenv("COUPLET_SEED"); s != "" { // one history again
		n = 1
		fmt.Sscanf(s, "%d/%d/%d", &from, &stream, &n)
		n += from
	}
	for seed := from; seed < n; seed++ {
		if err := history(seeded{rand.New(rand.NewPCG(uint64(seed), stream))}, sound, seed%8 == 7); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// TestHistoriesThatRapidFinds is the same with rapid's choices, which it makes shorter when
// they find something.
func TestHistoriesThatRapidFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		if err := history(drawn{rt}, sound, false); err != nil {
			rt.Fatal(err)
		}
	})
}

// TestPlantedBugsAreCaught plants a bug at a time and sees that some history shows it, and
// that the same history is fine without it. The search begins near one that is known to.
func TestPlantedBugsAreCaught(t *testing.T) {
	for _, bug := range []struct {
		name string
		m    mutant
		from int
	}{
		{"no tie-break", noTieBreak, 22},
		{"deaf clock", deafClock, 145},
		{"wall clock", wallClock, 311},
		{"marks too much", markTooMuch, 2},
		{"late overwrites", lateOverwrites, 2},
	} {
		t.Run(bug.name, func(t *testing.T) {
			t.Parallel()
			play := func(seed int, m mutant) error {
				return history(seeded{rand.New(rand.NewPCG(uint64(seed), 2))}, m, bug.m == noTieBreak)
			}
			for n := range 2000 {
				seed := (bug.from + n) % 2000
				if err := play(seed, bug.m); errors.As(err, new(broken)) {
					t.Logf("caught by history %d: %.200v", seed, err)
					if err := play(seed, sound); err != nil {
						t.Errorf("the history breaks the rules without it, too: %v", err)
					}
					return
				}
			}
			t.Error("no history showed it")
		})
	}
}

// TestARowComesBeforeWhatItPointsTo, and without stand-ins it could not.
func TestARowComesBeforeWhatItPointsTo(t *testing.T) {
	if err := outOfOrder(sound); err != nil {
		t.Error(err)
	}
	if err := outOfOrder(noStandIns); !errors.As(err, new(broken)) {
		t.Errorf("nobody missed the stand-ins: %v", err)
	}
}
