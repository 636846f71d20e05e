package goals

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
	"pgregory.net/rapid"
)

func TestGoalAttainmentVectors(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "sessions", "quizzes", "testdata", "scoring.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		GAS []struct {
			W, X []int
			T    float64
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.GAS) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range file.GAS {
		got, err := T(ratings(v.W, v.X))
		if err != nil || math.Abs(got-v.T) > 5.1e-5 {
			t.Errorf("w %v x %v: %v %v, want %v", v.W, v.X, got, err, v.T)
		}
	}
}

// The couples of the sample casebook.
func TestGoalAttainmentOfTheSample(t *testing.T) {
	for _, c := range []struct {
		w, x []int
		t    float64
	}{
		{[]int{2, 1}, []int{-1, -1}, 37.9517},
		{[]int{2, 1}, []int{1, 0}, 58.0322},
		{[]int{3, 2, 2}, []int{-1, -1, -1}, 36.4276},
		{[]int{3, 2, 2}, []int{1, 0, 1}, 59.6946},
	} {
		got, err := T(ratings(c.w, c.x))
		if err != nil || math.Abs(got-c.t) > 5.1e-5 {
			t.Errorf("w %v x %v: %v %v, want %v", c.w, c.x, got, err, c.t)
		}
	}
}

func ratings(weights, levels []int) []Rating {
	var rs []Rating
	for i := range weights {
		rs = append(rs, Rating{Weight: weights[i], Level: levels[i]})
	}
	return rs
}

func TestImpossibleRatings(t *testing.T) {
	for name, rs := range map[string][]Rating{
		"none": nil, "weight 0": {{0, 1}}, "weight below 0": {{1, 1}, {-1, 1}}, "level 3": {{1, 3}}, "level -3": {{1, -3}},
	} {
		if _, err := T(rs); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLevelWords(t *testing.T) {
	seen := map[string]bool{}
	for level := MinLevel; level <= MaxLevel; level++ {
		seen[LevelWords(level)] = true
	}
	if len(seen) != 5 || seen[LevelWords(3)] {
		t.Errorf("%v", seen)
	}
}

func TestGoalAttainmentProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rs := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Rating {
			return Rating{rapid.IntRange(1, 5).Draw(rt, "w"), rapid.IntRange(MinLevel, MaxLevel).Draw(rt, "x")}
		}), 1, 12).Draw(rt, "ratings")
		score := func(change func(Rating) Rating) float64 {
			var changed []Rating
			for _, r := range rs {
				changed = append(changed, change(r))
			}
			v, err := T(changed)
			if err != nil {
				rt.Fatal(err)
			}
			return v
		}
		is := score(func(r Rating) Rating { return r })
		if mirrored := score(func(r Rating) Rating { return Rating{r.Weight, -r.Level} }); math.Abs(is+mirrored-100) > 1e-9 {
			rt.Fatalf("%v and mirrored %v", is, mirrored)
		}
		if heavier := score(func(r Rating) Rating { return Rating{r.Weight * 3, r.Level} }); math.Abs(is-heavier) > 1e-9 {
			rt.Fatalf("%v, all weights times 3 %v", is, heavier)
		}
		if better := score(func(r Rating) Rating { return Rating{r.Weight, min(r.Level+1, MaxLevel)} }); better < is {
			rt.Fatalf("better levels took %v to %v", is, better)
		}
	})
}
