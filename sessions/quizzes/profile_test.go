package quizzes

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/internal/fault"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type profileVector struct {
	Answers []*int
	Scores  map[string]struct{ E, W, G *float64 }
	TotalE  *float64 `json:"total_E"`
	NTypes  int      `json:"n_types"`
	Lead    []string
	TopGap  []string `json:"top_gap"`
	TopG    *float64 `json:"top_gap_value"`
	Same    bool     `json:"straight"`
	Incons  *float64 `json:"inconsistency"`
	Pick    []string
}

func profileVectors(t *testing.T) map[string]profileVector {
	var all map[string]profileVector
	vector(t, "ICP18", &all)
	var two profileVector
	vector(t, "ICP_two_missing", &two)
	all["ICP_two_missing"] = two
	return all
}

func profileOf(t *testing.T, v profileVector) ProfileScores {
	t.Helper()
	p, err := ScoreProfile(quiz(t, "icp-18"), givenOrNot(v.Answers), v.Pick, 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestICP18Vectors(t *testing.T) {
	for name, v := range profileVectors(t) {
		p := profileOf(t, v)
		for _, c := range p.Channels {
			want := v.Scores[c.Code]
			if !same4(c.Experienced, want.E) || !same4(c.Wanted, want.W) || !same4(c.Gap, want.G) {
				t.Errorf("%s %s: E %v W %v G %v", name, c.Code, show(c.Experienced), show(c.Wanted), show(c.Gap))
			}
		}
		if len(p.Channels) != len(v.Scores) || p.Scored != v.NTypes || !same4(p.TotalExperienced, v.TotalE) || !same4(p.Inconsistency, v.Incons) {
			t.Errorf("%s: scored %d total %v inconsistency %v", name, p.Scored, show(p.TotalExperienced), show(p.Inconsistency))
		}
		if diff := cmp.Diff(v.Lead, p.Lead); diff != "" {
			t.Errorf("%s: lead %s", name, diff)
		}
		if diff := cmp.Diff(v.TopGap, p.TopWish); diff != "" {
			t.Errorf("%s: top wish %s", name, diff)
		}
		for _, code := range p.TopWish {
			if !same4(p.Channel(code).Gap, v.TopG) {
				t.Errorf("%s: top wish %s is %v, want %v", name, code, show(p.Channel(code).Gap), show(v.TopG))
			}
		}
		if slices.Contains(p.Flags, SameAnswer) != v.Same {
			t.Errorf("%s: flags %v", name, p.Flags)
		}
	}
}

func TestPartnerDifferences(t *testing.T) {
	all := profileVectors(t)
	for key, pair := range map[string][2]string{
		"ICP_diff_C1_baseline": {"C1A0", "C1B0"},
		"ICP_diff_C2_baseline": {"C2A0", "C2B0"},
		"ICP_diff_C1_end":      {"C1A1", "C1B1"},
	} {
		var want map[string]struct {
			DW *float64 `json:"dW"`
			DE *float64 `json:"dE"`
		}
		vector(t, key, &want)
		got := Differences(profileOf(t, all[pair[0]]), profileOf(t, all[pair[1]]))
		if len(got) != len(want) {
			t.Fatalf("%s: %d channels", key, len(got))
		}
		for _, d := range got {
			if !same4(d.Wanted, want[d.Code].DW) || !same4(d.Experienced, want[d.Code].DE) {
				t.Errorf("%s %s: dW %v dE %v", key, d.Code, show(d.Wanted), show(d.Experienced))
			}
		}
	}
}

func TestChangeOverCommonChannels(t *testing.T) {
	var totals map[string]struct {
		Common         []string
		T0, T1, Change float64
	}
	vector(t, "ICP_total_change", &totals)
	all := profileVectors(t)
	judged := map[string]Class{"C1A": ReliableGain, "C1B": NoReliableChange, "C2A": NoReliableChange, "C2B": NoReliableChange}
	for name, want := range totals {
		c, err := CompareProfiles(quiz(t, "icp-18"), profileOf(t, all[name+"0"]), profileOf(t, all[name+"1"]))
		if err != nil || c.Total == nil {
			t.Fatal(name, err)
		}
		if !close4(c.From, want.T0) || !close4(c.To, want.T1) || !close4(c.Total.Difference, want.Change) || *c.Total.Class != judged[name] {
			t.Errorf("%s: %g → %g = %g %s", name, c.From, c.To, c.Total.Difference, *c.Total.Class)
		}
		if diff := cmp.Diff(want.Common, c.Common); diff != "" {
			t.Errorf("%s: common %s", name, diff)
		}
	}
	for key, name := range map[string]string{"ICP_type_change_C1A": "C1A", "ICP_type_change_C1B": "C1B"} {
		var want map[string]float64
		vector(t, key, &want)
		c, err := CompareProfiles(quiz(t, "icp-18"), profileOf(t, all[name+"0"]), profileOf(t, all[name+"1"]))
		if err != nil {
			t.Fatal(err)
		}
		for code, w := range want {
			j := c.Channels[code]
			reliable := math.Abs(w) > 33.400608
			if !close4(j.Difference, w) || (*j.Class != NoReliableChange) != reliable {
				t.Errorf("%s %s: %g %s, want %g", key, code, j.Difference, *j.Class, w)
			}
		}
	}
}

func TestTotalChangeNeedsFiveCommonChannels(t *testing.T) {
	d, all := quiz(t, "icp-18"), profileVectors(t)
	c, err := CompareProfiles(d, profileOf(t, all["ICP_two_missing"]), profileOf(t, all["C2B1"]))
	if err != nil || c.Total != nil || len(c.Common) != 4 {
		t.Errorf("total %v over %v, %v", c.Total, c.Common, err)
	}
	if _, err := CompareProfiles(quiz(t, "ras"), ProfileScores{}, ProfileScores{}); !fault.Is(err, fault.BadInput) {
		t.Errorf("a quiz without channels was compared: %v", err)
	}
}

func TestNothingWanted(t *testing.T) {
	none := slices.Concat(given(3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1), given(0, 0, 0, 0, 0, 0))
	unsaid := slices.Concat(given(3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1), make([]Answer, 6))
	for name, answers := range map[string][]Answer{"all wishes 0": none, "no wish answered": unsaid} {
		p, err := ScoreProfile(quiz(t, "icp-18"), answers, []string{"EM"}, 0)
		if err != nil || len(p.Lead) != 0 || p.Lead == nil || len(p.TopWish) != 0 {
			t.Errorf("%s: lead %v top %v %v", name, p.Lead, p.TopWish, err)
		}
		if got := LeadSentence(quiz(t, "icp-18"), p); got != "No wish stands out at the moment." {
			t.Error(got)
		}
	}
}

func TestLeadTies(t *testing.T) {
	for _, c := range []struct {
		name  string
		wants []int
		picks []string
		lead  []string
		words string
	}{
		{"one", []int{4, 3, 3, 3, 3, 3}, nil, []string{"EM"}, "Your strongest wish at the moment is Emotional."},
		{"pick of a lower wish does not win", []int{4, 3, 3, 3, 3, 3}, []string{"SP"}, []string{"EM"}, "Your strongest wish at the moment is Emotional."},
		{"three co-leads in channel order", []int{1, 4, 1, 4, 1, 4}, nil, []string{"IN", "SX", "SP"}, "Your strongest wishes at the moment are Intellectual, Sexual and Meaning."},
		{"two of four picked", []int{4, 4, 4, 4, 1, 1}, []string{"SX", "IN"}, []string{"IN", "SX"}, "Your strongest wishes at the moment are Intellectual and Sexual."},
		{"four", []int{4, 4, 4, 4, 1, 1}, []string{"SP"}, []string{Balanced}, "Your wishes are balanced at the moment."},
	} {
		answers := slices.Concat(given(2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2), given(c.wants...))
		p, err := ScoreProfile(quiz(t, "icp-18"), answers, c.picks, 0)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if diff := cmp.Diff(c.lead, p.Lead); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if got := LeadSentence(quiz(t, "icp-18"), p); got != c.words {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestFlags(t *testing.T) {
	d := quiz(t, "icp-18")
	yes := given(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3) // 4 and 4 reversed lie 4 apart
	mild := given(4, 4, 4, 4, 4, 4, 1, 2, 1, 2, 1, 2, 3, 3, 3, 3, 3, 3)
	same := given(2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2)
	unsaid := make([]Answer, 18)
	for i := range unsaid {
		unsaid[i] = Answer{Status: PreferNot}
	}
	hole := append([]Answer(nil), same...)
	hole[17] = Answer{}
	edge := given(4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 1) // exactly 2 apart
	for _, c := range []struct {
		name    string
		answers []Answer
		seconds int
		flags   []Flag
	}{
		{"contradicting", yes, 0, []Flag{Contradicting}},
		{"exactly two steps apart", edge, 45, []Flag{Contradicting}},
		{"mild", mild, 0, []Flag{}},
		{"same and quick", same, 44, []Flag{SameAnswer, VeryQuick}},
		{"45 seconds are not quick", same, 45, []Flag{SameAnswer}},
		{"not timed", mild, 0, []Flag{}},
		{"not saying is no answer", unsaid, 0, []Flag{}},
		{"one left out", hole, 0, []Flag{}},
	} {
		p, err := ScoreProfile(d, c.answers, nil, c.seconds)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.flags, p.Flags); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestCoachPromptsOnlyForTouch(t *testing.T) {
	// More of everything than wanted: only AF and SX ask for a private word.
	p, err := ScoreProfile(quiz(t, "icp-18"), given(4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3), nil, 0)
	if err != nil || cmp.Diff([]string{"AF", "SX"}, p.CoachPrompts) != "" {
		t.Errorf("%v %v", p.CoachPrompts, err)
	}
	p, err = ScoreProfile(quiz(t, "icp-18"), given(4, 4, 3, 4, 4, 4, 0, 0, 0, 1, 0, 0, 3, 3, 3, 3, 3, 3), nil, 0)
	if err != nil || len(p.CoachPrompts) != 0 || p.CoachPrompts == nil {
		t.Errorf("-12.5 asks already: %v %v", p.CoachPrompts, err)
	}
}

func TestWords(t *testing.T) {
	for gap, want := range map[float64]string{
		100: "strong wish for more", 50: "strong wish for more", 49: "wish for more", 25: "wish for more", 24: "about right",
		0: "about right", -24: "about right", -25: "more than you want", -100: "more than you want",
	} {
		if got := GapWords(&gap); got != want {
			t.Errorf("gap %g: %q, want %q", gap, got, want)
		}
	}
	for apart, want := range map[float64]string{
		50: "clearly different", -50: "clearly different", 49: "somewhat different", -25: "somewhat different", 24: "much alike", 0: "much alike",
	} {
		if got := DifferenceWords(&apart); got != want {
			t.Errorf("apart %g: %q, want %q", apart, got, want)
		}
	}
	if GapWords(nil) != "not scored" || DifferenceWords(nil) != "not scored" {
		t.Error("a missing score must be said to be missing")
	}
}

func TestRoundingForDisplay(t *testing.T) {
	for x, want := range map[float64]string{62.5: "62.5", 50: "50", -12.5: "−12.5", 6.25: "6.5", -6.25: "−6.5", 8.33: "8.5", 0.1: "0", -0.1: "0", 100: "100"} {
		if got := ShowChannel(&x); got != want {
			t.Errorf("channel %g: %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{64.58333: "64.6", 52.08333: "52.1", 60: "60.0", 56.25: "56.3", -56.25: "−56.3", -0.01: "0.0", 0: "0.0"} {
		if got := ShowTotal(&x); got != want {
			t.Errorf("total %g: %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{29: "29", 4.142857: "4.14", 64.8: "64.80", -0.001: "0.00"} {
		if got := ShowScore(&x); got != want {
			t.Errorf("score %g: %s, want %s", x, got, want)
		}
	}
	if ShowChannel(nil) != "not scored" || ShowTotal(nil) != "not scored" || ShowScore(nil) != "not scored" {
		t.Error("a missing score must be said to be missing")
	}
}

func TestPicksRefused(t *testing.T) {
	line := "2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2"
	for pick, words := range map[string]string{"XX": "not a channel", "EM,EM": "picked twice", "EM,IN,AF": "at most 2", ",": "not a channel"} {
		_, err := ScoreJSON("icp-18", line, pick)
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != "19" || !strings.Contains(f.Sentence, words) {
			t.Errorf("pick %q: %v", pick, err)
		}
	}
	if _, err := ScoreJSON("ras", "4,4,4,2,4,5,2", "EM"); !fault.Is(err, fault.BadInput) {
		t.Errorf("a quiz without channels took a pick: %v", err)
	}
}

// An own quiz needs three of four experienced answers and one of two wishes.
func TestOwnChannelsWithSomeAnswersMissing(t *testing.T) {
	d := testQuiz(t, "own-channels")
	p, err := ScoreProfile(d, slices.Concat(
		[]Answer{Is(4), Is(3), Is(1), {}, {}, Is(2)},
		[]Answer{Is(4), {}, Is(0), {Status: PreferNot}, Is(4), Is(3)},
		given(2, 2, 2, 2, 0, 0),
	), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	aa, bb, cc := p.Channel("AA"), p.Channel("BB"), p.Channel("CC")
	if !same4(aa.Experienced, ptr(83.33333)) || !same4(aa.Wanted, ptr(50.0)) || bb.Experienced != nil || !same4(bb.Wanted, ptr(87.5)) || bb.Gap != nil || !same4(cc.Gap, ptr(-50.0)) {
		t.Errorf("%v %v", show(aa.Experienced), show(bb.Wanted))
	}
	if !same4(p.TotalExperienced, ptr(66.66667)) || p.Scored != 2 {
		t.Errorf("total %v of %d", show(p.TotalExperienced), p.Scored)
	}
}

func TestProfileProperties(t *testing.T) {
	d := quiz(t, "icp-18")
	rapid.Check(t, func(rt *rapid.T) {
		answers := anyAnswers(rt, d)
		pick := rapid.SampledFrom([][]string{nil, {"EM"}, {"SX", "AF"}, {"SP", "IN"}}).Draw(rt, "pick")
		p, err := ScoreProfile(d, answers, pick, 0)
		if err != nil {
			rt.Fatal(err)
		}
		highest := 0.0
		for _, c := range p.Channels {
			if c.Experienced != nil && math.Mod(*c.Experienced, 12.5) != 0 || c.Wanted != nil && math.Mod(*c.Wanted, 25) != 0 {
				rt.Fatalf("%s off its steps: %v %v", c.Code, show(c.Experienced), show(c.Wanted))
			}
			if (c.Gap == nil) != (c.Experienced == nil || c.Wanted == nil) || c.Gap != nil && *c.Gap != *c.Wanted-*c.Experienced {
				rt.Fatalf("%s gap %v", c.Code, show(c.Gap))
			}
			if c.Wanted != nil {
				highest = max(highest, *c.Wanted)
			}
		}
		for _, code := range p.Lead {
			if w := p.Channel(code).Wanted; code != Balanced && (w == nil || *w != highest) {
				rt.Fatalf("lead %s has %v of %g", code, show(w), highest)
			}
		}
		if len(p.Lead) > 3 || (len(p.Lead) == 0) != (highest == 0) || (p.TotalExperienced != nil) != (p.Scored >= 5) {
			rt.Fatalf("lead %v, total %v of %d", p.Lead, show(p.TotalExperienced), p.Scored)
		}
		c, err := CompareProfiles(d, p, p)
		if err != nil || c.Total != nil && c.Total.Difference != 0 {
			rt.Fatalf("a profile differs from itself: %+v %v", c, err)
		}
	})
}
