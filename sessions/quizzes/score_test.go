package quizzes

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/fault"
)

func TestRAS(t *testing.T) {
	var cases []struct {
		Raw    []int
		Scored []float64
		Sum    float64
		Mean   float64
	}
	vector(t, "RAS", &cases)
	d := quiz(t, "ras")
	for _, c := range cases {
		points, err := ItemPoints(d, given(c.Raw...))
		if err != nil {
			t.Fatal(err)
		}
		for i, it := range d.Items {
			if points[it.ID] != c.Scored[i] {
				t.Errorf("%v: item %s scored %g, want %g", c.Raw, it.ID, points[it.ID], c.Scored[i])
			}
		}
		if got := scoreOf(t, d, "sum", given(c.Raw...)); got != c.Sum {
			t.Errorf("%v: sum %g, want %g", c.Raw, got, c.Sum)
		}
		if got := scoreOf(t, d, "mean", given(c.Raw...)); !close4(got, c.Mean) {
			t.Errorf("%v: mean %g, want %g", c.Raw, got, c.Mean)
		}
	}
}

// TestRASKnownMistakes shows that the two mistakes seen in the wild give other
// numbers, so that TestRAS can tell.
func TestRASKnownMistakes(t *testing.T) {
	for key, reversed := range map[string][]string{"RAS_bug_no_reverse": nil, "RAS_bug_only4": {"4"}} {
		var want struct{ Sum, Mean float64 }
		vector(t, key, &want)
		d := *quiz(t, "ras")
		d.Items = append([]Item(nil), d.Items...)
		for i := range d.Items {
			d.Items[i].Reverse = len(reversed) > 0 && d.Items[i].ID == reversed[0]
		}
		raw := given(4, 4, 4, 2, 4, 5, 2)
		if got := scoreOf(t, &d, "sum", raw); got != want.Sum {
			t.Errorf("%s: sum %g, want %g", key, got, want.Sum)
		}
		if got := scoreOf(t, &d, "mean", raw); !close4(got, want.Mean) {
			t.Errorf("%s: mean %g, want %g", key, got, want.Mean)
		}
		if right := scoreOf(t, quiz(t, "ras"), "sum", raw); right == want.Sum {
			t.Errorf("%s: the shipped definition makes this mistake", key)
		}
	}
}

func TestCSI16(t *testing.T) {
	var cases map[string]struct {
		Values   []int
		Total    float64
		BelowCut bool `json:"below_cut"`
	}
	vector(t, "CSI16", &cases)
	d := quiz(t, "csi-16")
	scale, _ := d.Scale("total")
	for name, c := range cases {
		got := scoreOf(t, d, "total", given(c.Values...))
		if got != c.Total || scale.CutOffs[0].Flags(got) != c.BelowCut {
			t.Errorf("%s: %g below %v, want %g below %v", name, got, scale.CutOffs[0].Flags(got), c.Total, c.BelowCut)
		}
	}
}

func TestCSI16WordPairsByPosition(t *testing.T) {
	var c struct {
		Positions []int
		Values    []float64
		Sum       float64
	}
	vector(t, "CSI16_semdiff", &c)
	d := testQuiz(t, "csi-16-positions")
	answers := append(make([]Answer, 10), given(c.Positions...)...)
	points, err := ItemPoints(d, answers)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range c.Values {
		if got := points[d.Items[10+i].ID]; got != want {
			t.Errorf("item %s: %g, want %g", d.Items[10+i].ID, got, want)
		}
	}
	if got := scoreOf(t, d, "pairs", answers); got != c.Sum {
		t.Errorf("pairs %g, want %g", got, c.Sum)
	}
}

func TestProration(t *testing.T) {
	var c struct {
		AnsweredSum float64 `json:"answered_sum"`
		AnsweredMax float64 `json:"answered_max"`
		Total       float64
	}
	vector(t, "CSI16_prorate", &c)
	allowed := testQuiz(t, "csi-16-prorated")
	answers := append([]Answer{{}}, given(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)...)
	if c.AnsweredSum != 15*4 || c.AnsweredMax != 15*5 {
		t.Fatalf("the vector is of other answers: %+v", c)
	}
	if got := scoreOf(t, allowed, "total", answers); !near(got, c.Total) {
		t.Errorf("prorated %v, want %v", got, c.Total)
	}
	s, err := Score(quiz(t, "csi-16"), answers)
	if err != nil || s.Scales["total"] != nil || s.Answered != 15 {
		t.Errorf("the shipped definition must not prorate: %v, %v", show(s.Scales["total"]), err)
	}
	few := append(make([]Answer, 3), given(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)...)
	if s, err := Score(allowed, few); err != nil || s.Scales["total"] != nil {
		t.Errorf("13 answers of at least 14 were scored: %v, %v", show(s.Scales["total"]), err)
	}
}

// Answers that begin at 1 fill up from the scale's own beginning, not from nothing:
// 7 and 1 of 1 to 7 are half of the way from 3 to 21.
func TestASumIsFilledUpFromItsLowestScore(t *testing.T) {
	m := shippedTree(t, "kmss")
	total := at(m, "scales", 0)
	total["min_answered"], total["proration"] = 2, "proportional_to_maximum"
	d, err := parseTree(t, m)
	if err != nil {
		t.Fatal(err)
	}
	if got := scoreOf(t, d, "total", append(given(7, 1), Answer{})); got != 12 {
		t.Errorf("filled up to %v, want 12", got)
	}
}

// A filled-up total of exactly the cut-off is not below it, whatever the rounding
// of binary fractions did.
func TestCutOffItselfIsGood(t *testing.T) {
	below := CutOff{Value: 51.5, Concern: "below"}
	above := CutOff{Value: 51.5, Concern: "above"}
	hair := 1.0 / 3 * 154.5 // 51.5, or a bit beside it
	for _, v := range []float64{51.5, hair, 51.5 - 1e-12, 51.5 + 1e-12} {
		if below.Flags(v) || above.Flags(v) {
			t.Errorf("%v counts as beyond 51.5", v)
		}
	}
	if !below.Flags(51.49) || below.Flags(51.51) || !above.Flags(51.51) || above.Flags(51.49) {
		t.Error("the sides are wrong")
	}
}

func TestCSI4(t *testing.T) {
	var c struct {
		Max   float64
		X, Y  []int
		Total float64
		Below bool
		TY    float64 `json:"ty"`
		YB    bool    `json:"yb"`
	}
	vector(t, "CSI4", &c)
	d := quiz(t, "csi-4")
	scale, _ := d.Scale("total")
	x, y := scoreOf(t, d, "total", given(c.X...)), scoreOf(t, d, "total", given(c.Y...))
	cut := scale.CutOffs[0]
	if x != c.Total || cut.Flags(x) != c.Below || y != c.TY || cut.Flags(y) != c.YB || scale.Range.Max != c.Max {
		t.Errorf("got %g %v, %g %v of %g; want %+v", x, cut.Flags(x), y, cut.Flags(y), scale.Range.Max, c)
	}
}

// TestSevenItems scores an instrument whose definition only a coach can enter.
func TestSevenItems(t *testing.T) {
	var c struct {
		V, Low   []int
		Total    float64
		LowTotal float64 `json:"low_total"`
		Max      float64
	}
	vector(t, "DAS7", &c)
	d := testQuiz(t, "seven")
	scale, _ := d.Scale("total")
	if got := scoreOf(t, d, "total", given(c.V...)); got != c.Total {
		t.Errorf("total %g, want %g", got, c.Total)
	}
	if got := scoreOf(t, d, "total", given(c.Low...)); got != c.LowTotal {
		t.Errorf("low total %g, want %g", got, c.LowTotal)
	}
	if scale.Range.Max != c.Max {
		t.Errorf("maximum %g, want %g", scale.Range.Max, c.Max)
	}
	for score, want := range map[float64]string{0: "lower", 20.9: "lower", 21: "upper", 36: "upper"} {
		if b, ok := scale.Band(score); !ok || b.Label != want {
			t.Errorf("band of %g is %q, want %q", score, b.Label, want)
		}
	}
	if _, ok := scale.Band(36.5); ok {
		t.Error("a score beyond the range has a band")
	}
}

func TestKMSS(t *testing.T) {
	var c struct {
		V, W  []int
		Total float64
		Cut   float64
		Below bool
		WT    float64 `json:"wt"`
		WB    bool    `json:"wb"`
	}
	vector(t, "KMSS", &c)
	d := quiz(t, "kmss")
	scale, _ := d.Scale("total")
	v, w, cut := scoreOf(t, d, "total", given(c.V...)), scoreOf(t, d, "total", given(c.W...)), scale.CutOffs[0]
	if cut.Value != c.Cut || v != c.Total || cut.Flags(v) != c.Below || w != c.WT || cut.Flags(w) != c.WB {
		t.Errorf("cut %g: %g %v, %g %v; want %+v", cut.Value, v, cut.Flags(v), w, cut.Flags(w), c)
	}
}

func TestQMI(t *testing.T) {
	var c struct {
		V               []int
		Total, Min, Max float64
	}
	vector(t, "QMI", &c)
	d := quiz(t, "qmi")
	scale, _ := d.Scale("total")
	if got := scoreOf(t, d, "total", given(c.V...)); got != c.Total {
		t.Errorf("total %g, want %g", got, c.Total)
	}
	if scale.Range != (Range{c.Min, c.Max}) {
		t.Errorf("range %v, want %g to %g", scale.Range, c.Min, c.Max)
	}
}

func TestAnswersRefusedWithTheItemNamed(t *testing.T) {
	for _, c := range []struct{ name, quiz, answers, item, words string }{
		{"P-14 above", "csi-16", "3,6,3,3,3,3,3,3,3,3,3,3,3,3,3,3", "2", "Item 2: 6 is not one of the answers 0 to 5."},
		{"P-14 below", "ras", "0,4,4,2,4,5,2", "1", "Item 1: 0"},
		{"P-14 ras above", "ras", "4,4,4,2,4,5,6", "7", "Item 7: 6"},
		{"too few", "ras", "4,4,4", "4", "first without one is item 4"},
		{"too many", "kmss", "4,4,4,4", "3", "nothing can follow item 3"},
		{"range before count", "ras", "9", "1", "Item 1: 9"},
		{"no number", "kmss", "4,x,4", "2", "Item 2: \"x\""},
		{"fraction", "kmss", "4,1.5,4", "2", "Item 2: \"1.5\""},
		{"huge", "kmss", "4,99999999999999999999,4", "2", "Item 2: \"99999999999999999999\""},
		{"beyond the items", "kmss", "4,4,4,x", "4", "number 4"},
		{"labelled", "pulse", "4,4,11,4,4", "3", "Item 3 (Differences): 11"},
		{"nothing at all", "kmss", "", "2", "first without one is item 2"},
	} {
		_, err := ScoreJSON(c.quiz, c.answers, "")
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.BadInput || f.Field != c.item || !strings.Contains(f.Sentence, c.words) || fault.ExitCode(err) != 1 {
			t.Errorf("%s: %v (field %q)", c.name, err, f.Field)
		}
	}
}

func TestParseAnswersTellsTheTwoWaysOfNotAnswering(t *testing.T) {
	got, err := ParseAnswers(quiz(t, "pulse"), " 0, -,,10,– ")
	want := []Answer{Is(0), {Status: PreferNot}, {}, Is(10), {Status: PreferNot}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	b, err := json.Marshal(got)
	if err != nil || string(b) != `[0,"-",null,10,"-"]` {
		t.Fatalf("%s %v", b, err)
	}
	if err := json.Unmarshal([]byte(`["x"]`), &got); err == nil {
		t.Error("an unknown stored answer was read")
	}
}

// anyAnswers draws answers that the quiz offers, some of them missing.
func anyAnswers(rt *rapid.T, d *Definition) []Answer {
	answers := make([]Answer, len(d.Items))
	for i, it := range d.Items {
		set, _ := d.ResponseSet(it.ResponseSet)
		switch rapid.IntRange(0, 9).Draw(rt, "missing") {
		case 0:
			answers[i] = Answer{Status: PreferNot}
		case 1:
			answers[i] = Answer{}
		default:
			answers[i] = Is(rapid.IntRange(set.Min, set.Max).Draw(rt, "code"))
		}
	}
	return answers
}

func anyQuiz(t *testing.T, rt *rapid.T) *Definition {
	all := append(Shipped(), testQuiz(t, "csi-16-positions"), testQuiz(t, "csi-16-prorated"), testQuiz(t, "seven"), testQuiz(t, "own-channels"))
	return rapid.SampledFrom(all).Draw(rt, "quiz")
}

func TestScoresStayInTheirRange(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := anyQuiz(t, rt)
		answers := anyAnswers(rt, d)
		s, err := Score(d, answers)
		if err != nil {
			rt.Fatal(err)
		}
		answered := map[string]bool{}
		for i, a := range answers {
			answered[d.Items[i].ID] = a.Status == Answered
		}
		for _, scale := range d.Scales {
			n := 0
			for _, id := range scale.Items {
				if answered[id] {
					n++
				}
			}
			v := s.Scales[scale.ID]
			if (v != nil) != (n >= scale.MinAnswered) {
				rt.Fatalf("%s %s: %d answers of %d needed gave %v", d.ID, scale.ID, n, scale.MinAnswered, show(v))
			}
			if v != nil && (*v < scale.Range.Min-nearlyEqual || *v > scale.Range.Max+nearlyEqual) {
				rt.Fatalf("%s %s: %g is outside %v", d.ID, scale.ID, *v, scale.Range)
			}
		}
	})
}

func TestAnswersSurviveWritingAndReading(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := anyQuiz(t, rt)
		answers := anyAnswers(rt, d)
		typed, err := ParseAnswers(d, FormatAnswers(answers))
		if err != nil || cmp.Diff(answers, typed) != "" {
			rt.Fatal(err, cmp.Diff(answers, typed))
		}
		b, err := json.Marshal(answers)
		if err != nil {
			rt.Fatal(err)
		}
		var stored []Answer
		if err := json.Unmarshal(b, &stored); err != nil || cmp.Diff(answers, stored) != "" {
			rt.Fatal(err, cmp.Diff(answers, stored))
		}
	})
}
