package quizzes

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/couplet-app/couplet/internal/fault"
)

func TestReliableChangeVectors(t *testing.T) {
	var all map[string]map[string]float64
	vector(t, "RCI", &all)
	for name, v := range all {
		if name == "RDAS_published" {
			j := judge(t, 40, 52, &Parameters{Threshold: ptr(v["threshold"])}, ptr(v["cut"]), Up)
			if *j.Threshold != v["threshold"] || j.RC != nil || !close6(*j.Threshold/twoSided95, v["sdiff_implied"]) || len(v) != 3 {
				t.Errorf("%s: %+v", name, j)
			}
			continue
		}
		sd, rel := v["sd"], v["rel"]
		for key, got := range map[string]float64{"sem": SEM(sd, rel), "sdiff": SDiff(sd, rel), "threshold": ThresholdPoints(sd, rel)} {
			if !close6(got, v[key]) {
				t.Errorf("%s %s: %v, want %v", name, key, got, v[key])
			}
		}
		p := &Parameters{SD: &sd, Reliability: &rel}
		for key, want := range v {
			from, to, ok := rcPair(t, key, v)
			if !ok {
				continue
			}
			j := judge(t, from, to, p, nil, Up)
			if !close6(*j.RC, want) || (*j.Class != NoReliableChange) != (math.Abs(want) > 1.96) {
				t.Errorf("%s %s: RC %v class %s, want %v", name, key, *j.RC, *j.Class, want)
			}
		}
	}
}

// rcPair reads the scores out of keys like RC_44_58; plain RC goes with x1 and x2.
func rcPair(t *testing.T, key string, v map[string]float64) (from, to float64, ok bool) {
	switch key {
	case "sd", "rel", "sem", "sdiff", "threshold", "x1", "x2":
		return 0, 0, false
	case "RC":
		return v["x1"], v["x2"], true
	}
	parts := strings.Split(key, "_")
	if len(parts) != 3 || parts[0] != "RC" {
		t.Fatalf("unknown key %s", key)
	}
	from, err1 := strconv.ParseFloat(parts[1], 64)
	to, err2 := strconv.ParseFloat(parts[2], 64)
	if err1 != nil || err2 != nil {
		t.Fatalf("unknown key %s", key)
	}
	return from, to, true
}

func judge(t *testing.T, from, to float64, p *Parameters, cutOff *float64, dir Direction) Judgement {
	t.Helper()
	j, err := Judge(from, to, p, cutOff, dir)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestCutOffs(t *testing.T) {
	var equal struct{ A, B, C float64 }
	vector(t, "JT_cutoffs", &equal)
	if a, b, c := CutOffA(40, 7.5, Up), CutOffB(60, 7.5, Up), CutOffC(40, 7.5, 60, 7.5); a != equal.A || b != equal.B || c != equal.C {
		t.Errorf("a %g b %g c %g", a, b, c)
	}
	var v struct{ M1, S1, M0, S0, C float64 }
	vector(t, "JT_c_unequal", &v)
	if c := CutOffC(v.M1, v.S1, v.M0, v.S0); c != v.C {
		t.Errorf("c %g, want %g", c, v.C)
	}
	if a, b := CutOffA(60, 7.5, Down), CutOffB(40, 7.5, Down); a != 45 || b != 55 {
		t.Errorf("where lower is better: a %g b %g", a, b)
	}
}

func TestClassVectors(t *testing.T) {
	type vec struct {
		X1, X2 float64
		Cls    Class
	}
	for key, by := range map[string]struct {
		p   Parameters
		cut float64
	}{
		"classify_RDAS":  {Parameters{Threshold: ptr(11.58)}, 47.31},
		"classify_CSI16": {*csiChange(t), 51.5},
	} {
		var cases []vec
		vector(t, key, &cases)
		for _, c := range cases {
			if j := judge(t, c.X1, c.X2, &by.p, &by.cut, Up); *j.Class != c.Cls {
				t.Errorf("%s %g→%g: %s, want %s", key, c.X1, c.X2, *j.Class, c.Cls)
			}
			// The mirror image, where lower is better, comes to the same.
			if j := judge(t, -c.X1, -c.X2, &by.p, ptr(-by.cut), Down); *j.Class != c.Cls || j.Difference != c.X1-c.X2 {
				t.Errorf("%s %g→%g mirrored: %s %g", key, c.X1, c.X2, *j.Class, j.Difference)
			}
		}
	}
}

func csiChange(t *testing.T) *Parameters {
	scale, _ := quiz(t, "csi-16").Scale("total")
	return scale.Change
}

func TestShippedScaleJudges(t *testing.T) {
	d := quiz(t, "csi-16")
	scale, _ := d.Scale("total")
	for _, c := range []struct {
		from, to float64
		want     Class
	}{{47, 58, ReliableGainCrossed}, {56, 60, NoReliableChange}, {35, 46, ReliableGain}} {
		j, err := d.JudgeScale(scale, c.from, c.to)
		if err != nil || *j.Class != c.want || !close6(*j.Threshold, 6.664) {
			t.Errorf("%g→%g: %s %v", c.from, c.to, *j.Class, err)
		}
	}
	kmss := quiz(t, "kmss")
	total, _ := kmss.Scale("total")
	if j, err := kmss.JudgeScale(total, 12, 21); err != nil || j.Class != nil || j.Threshold != nil || j.RC != nil || j.Difference != 9 {
		t.Errorf("without numbers nothing is judged: %+v %v", j, err)
	}
}

func TestEdges(t *testing.T) {
	threshold := &Parameters{Threshold: ptr(11.58)}
	csi := &Parameters{SD: ptr(17.0), Reliability: ptr(0.98)}
	for _, c := range []struct {
		name     string
		from, to float64
		p        *Parameters
		cut      *float64
		dir      Direction
		want     Class
	}{
		{"equal to the threshold", 40, 51.58, threshold, nil, Up, NoReliableChange},
		{"equal after rounding of fractions", 40.3, 51.88, threshold, nil, Up, NoReliableChange},
		{"equal, falling", 51.58, 40, threshold, nil, Up, NoReliableChange},
		{"just above", 40, 51.59, threshold, nil, Up, ReliableGain},
		{"equal to 1.96 errors", 45, 51.664, csi, nil, Up, NoReliableChange},
		{"arriving at the cut-off is crossing", 35, 47.31, threshold, ptr(47.31), Up, ReliableGainCrossed},
		{"leaving from the cut-off is crossing", 47.31, 30, threshold, ptr(47.31), Up, ReliableDropCrossed},
		{"falling to the cut-off is not", 60, 47.31, threshold, ptr(47.31), Up, ReliableDrop},
		{"lower is better", 30, 10, threshold, ptr(20.0), Down, ReliableGainCrossed},
		{"lower is better, at the cut-off", 32, 20, threshold, ptr(20.0), Down, ReliableGainCrossed},
		{"lower is better, worse", 20, 33, threshold, ptr(20.0), Down, ReliableDropCrossed},
		{"lower is better, worse, all below", 1, 15, threshold, ptr(20.0), Down, ReliableDrop},
	} {
		if j := judge(t, c.from, c.to, c.p, c.cut, c.dir); *j.Class != c.want {
			t.Errorf("%s: %s, want %s", c.name, *j.Class, c.want)
		}
	}
}

func TestChangeJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		in   ChangeInput
		want string
	}{
		{"nothing to judge by", ChangeInput{From: 44, To: 58, CutOff: ptr(51.5)}, `{"difference":14,"rc":null,"threshold":null,"class":null}`},
		{"published", ChangeInput{From: 55, To: 43, Threshold: ptr(11.58), CutOff: ptr(47.31)}, `{"difference":-12,"rc":null,"threshold":11.58,"class":"reliable_drop_crossed"}`},
		{"down", ChangeInput{From: 55, To: 43, Threshold: ptr(11.58), Direction: "down"}, `{"difference":-12,"rc":null,"threshold":11.58,"class":"reliable_gain"}`},
		{"spread", ChangeInput{From: 10, To: 20, SD: ptr(4.0), Reliability: ptr(.5)}, `{"difference":10,"rc":2.5,"threshold":7.84,"class":"reliable_gain"}`},
	} {
		j, err := c.in.Judge()
		if err != nil {
			t.Fatal(err)
		}
		var got, want map[string]any
		b, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		nearby := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
		if diff := cmp.Diff(want, got, nearby); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestImpossibleChanges(t *testing.T) {
	ok := ChangeInput{From: 1, To: 2}
	with := func(change func(*ChangeInput)) ChangeInput { in := ok; change(&in); return in }
	for name, c := range map[string]struct {
		in   ChangeInput
		kind fault.Kind
	}{
		"both":             {with(func(in *ChangeInput) { in.SD, in.Reliability, in.Threshold = ptr(1.), ptr(.5), ptr(3.) }), fault.Usage},
		"spread alone":     {with(func(in *ChangeInput) { in.SD = ptr(1.) }), fault.Usage},
		"reliability 1":    {with(func(in *ChangeInput) { in.SD, in.Reliability = ptr(1.), ptr(1.) }), fault.BadInput},
		"reliability < 0":  {with(func(in *ChangeInput) { in.SD, in.Reliability = ptr(1.), ptr(-.1) }), fault.BadInput},
		"reliability NaN":  {with(func(in *ChangeInput) { in.SD, in.Reliability = ptr(1.), ptr(math.NaN()) }), fault.BadInput},
		"spread 0":         {with(func(in *ChangeInput) { in.SD, in.Reliability = ptr(0.), ptr(.5) }), fault.BadInput},
		"threshold 0":      {with(func(in *ChangeInput) { in.Threshold = ptr(0.) }), fault.BadInput},
		"infinite":         {with(func(in *ChangeInput) { in.To = math.Inf(1) }), fault.BadInput},
		"cut-off NaN":      {with(func(in *ChangeInput) { in.CutOff = ptr(math.NaN()) }), fault.BadInput},
		"sideways":         {with(func(in *ChangeInput) { in.Direction = "sideways" }), fault.BadInput},
		"infinite spread":  {with(func(in *ChangeInput) { in.SD, in.Reliability = ptr(math.Inf(1)), ptr(.5) }), fault.BadInput},
		"infinite distant": {with(func(in *ChangeInput) { in.Threshold = ptr(math.Inf(1)) }), fault.BadInput},
	} {
		if _, err := c.in.Judge(); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClassWordsAreAClosedSet(t *testing.T) {
	gainUp, none := ReliableGainCrossed, NoReliableChange
	if got := (&gainUp).Words(Up); got != "clear gain, now above the usual cut-off" {
		t.Error(got)
	}
	if got := (*Class)(nil).Words(Up); got != "change not judged" {
		t.Error(got)
	}
	sentences := map[string]bool{}
	for _, c := range []Class{ReliableGainCrossed, ReliableGain, NoReliableChange, ReliableDrop, ReliableDropCrossed} {
		sentences[c.ptr().Sentence()] = true
		for _, dir := range []Direction{Up, Down} {
			w := c.ptr().Words(dir)
			if (w == none.ptr().Words(dir)) != (c == NoReliableChange) {
				t.Errorf("%s is said as %q", c, w)
			}
			for _, never := range []string{"recover", "cured", "deteriorat", "harm", "distress"} {
				if strings.Contains(w, never) {
					t.Errorf("%s says %q", c, w)
				}
			}
		}
		if c.ptr().IsDrop() != strings.Contains(string(c), "drop") {
			t.Errorf("%s: drop %v", c, c.ptr().IsDrop())
		}
	}
	if len(sentences) != 2 || (*Class)(nil).Sentence() != "" || (*Class)(nil).IsDrop() {
		t.Errorf("clients read %v", sentences)
	}
}

func (c Class) ptr() *Class { return &c }

func TestAlpha(t *testing.T) {
	var v struct {
		Data     [][]float64
		ItemVars []float64 `json:"item_vars"`
		TotalVar float64   `json:"total_var"`
		Alpha    float64
	}
	vector(t, "alpha", &v)
	alpha, items, total, err := Alpha(v.Data)
	if err != nil || !close6(alpha, v.Alpha) || !close6(total, v.TotalVar) || len(items) != len(v.ItemVars) {
		t.Fatalf("alpha %v total %v %v", alpha, total, err)
	}
	for i := range items {
		if !close6(items[i], v.ItemVars[i]) {
			t.Errorf("item %d variance %v, want %v", i+1, items[i], v.ItemVars[i])
		}
	}
	for name, rows := range map[string][][]float64{"one person": {{1, 2}}, "one item": {{1}, {2}}, "ragged": {{1, 2}, {1}}, "flat": {{1, 2}, {2, 1}}, "nobody": nil} {
		if _, _, _, err := Alpha(rows); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LocalParameters(v.Data); !fault.Is(err, fault.Refused) {
		t.Errorf("6 people were enough: %v", err)
	}
	var many [][]float64
	for range 5 {
		many = append(many, v.Data...)
	}
	p, err := LocalParameters(many)
	if err != nil || !p.Unverified || p.Sample != "n = 30" || !close6(*p.Reliability, v.Alpha) {
		t.Errorf("%+v %v", p, err)
	}
}

func TestJudgeProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		score := rapid.Float64Range(0, 100)
		from, to, cut := score.Draw(rt, "from"), score.Draw(rt, "to"), score.Draw(rt, "cut")
		p := &Parameters{SD: ptr(rapid.Float64Range(.5, 30).Draw(rt, "sd")), Reliability: ptr(rapid.Float64Range(0, .99).Draw(rt, "r"))}
		there, err := Judge(from, to, p, &cut, Up)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := Judge(to, from, p, &cut, Up)
		if err != nil {
			rt.Fatal(err)
		}
		opposite := map[Class]Class{
			ReliableGainCrossed: ReliableDropCrossed, ReliableGain: ReliableDrop, NoReliableChange: NoReliableChange,
			ReliableDrop: ReliableGain, ReliableDropCrossed: ReliableGainCrossed,
		}
		if *back.Class != opposite[*there.Class] || back.Difference != -there.Difference {
			rt.Fatalf("there %s, back %s", *there.Class, *back.Class)
		}
		// The threshold in points says the same as RC > 1.96.
		published, err := Judge(from, to, &Parameters{Threshold: there.Threshold}, &cut, Up)
		if err != nil || *published.Class != *there.Class {
			rt.Fatalf("%v %s %s", err, *published.Class, *there.Class)
		}
	})
}
