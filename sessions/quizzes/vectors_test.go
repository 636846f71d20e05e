package quizzes

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// vector reads one key of the worked vectors into v; a field that v does not know
// fails the test, so that nothing in the file stays unread.
func vector(t *testing.T, key string, v any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(vectorFile(t)[key]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		t.Fatalf("vector %s: %v", key, err)
	}
}

func vectorFile(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "scoring.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryVectorHasATest fails when the file gains a key that nobody reads.
func TestEveryVectorHasATest(t *testing.T) {
	here := []string{
		"RAS", "RAS_bug_no_reverse", "RAS_bug_only4", "CSI16", "CSI16_semdiff", "CSI16_prorate", "CSI4", "DAS7", "KMSS", "QMI",
		"RCI", "JT_cutoffs", "JT_c_unequal", "classify_RDAS", "classify_CSI16", "alpha",
		"ICP18", "ICP_diff_C1_baseline", "ICP_diff_C2_baseline", "ICP_diff_C1_end", "ICP_total_change",
		"ICP_type_change_C1A", "ICP_type_change_C1B", "ICP_two_missing",
	}
	elsewhere := []string{"GAS", "pipeline", "adherence", "conflict_median_understood"}
	for key := range vectorFile(t) {
		if !slices.Contains(here, key) && !slices.Contains(elsewhere, key) {
			t.Errorf("vector %s is read by no test", key)
		}
	}
}

// The vectors are written with four decimals, those of reliable change with six.
const (
	fourDecimals = 5.1e-5
	sixDecimals  = 5.1e-7
)

func close4(a, b float64) bool { return math.Abs(a-b) < fourDecimals }

func close6(a, b float64) bool { return math.Abs(a-b) < sixDecimals }

func same4(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return close4(*a, *b)
}

func show(v *float64) any {
	if v == nil {
		return "not scored"
	}
	return *v
}

func quiz(t testing.TB, id string) *Definition {
	t.Helper()
	d, err := ByID(id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func testQuiz(t testing.TB, name string) *Definition {
	t.Helper()
	d, err := Load(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func given(codes ...int) []Answer {
	var answers []Answer
	for _, c := range codes {
		answers = append(answers, Is(c))
	}
	return answers
}

// givenOrNot turns null into prefer not to say.
func givenOrNot(codes []*int) []Answer {
	var answers []Answer
	for _, c := range codes {
		if c == nil {
			answers = append(answers, Answer{Status: PreferNot})
		} else {
			answers = append(answers, Is(*c))
		}
	}
	return answers
}

func scoreOf(t *testing.T, d *Definition, scale string, answers []Answer) float64 {
	t.Helper()
	s, err := Score(d, answers)
	if err != nil {
		t.Fatal(err)
	}
	v, ok := s.Scales[scale]
	if !ok || v == nil {
		t.Fatalf("%s: scale %s is not scored", d.ID, scale)
	}
	return *v
}

func ptr[T any](v T) *T { return &v }
