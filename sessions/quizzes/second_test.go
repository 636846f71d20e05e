package quizzes

import (
	"encoding/json"
	"math"
	"path"
	"testing"

	"github.com/couplet-app/couplet/assets"
	"pgregory.net/rapid"
)

// second scores from the bare JSON of a definition and knows nothing of this package:
// two programs that were written apart must agree on every scale.
func second(t *rapid.T, document []byte, answers []*int) map[string]*float64 {
	var d map[string]any
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	list := func(v any) []map[string]any {
		var out []map[string]any
		if v != nil {
			for _, x := range v.([]any) {
				out = append(out, x.(map[string]any))
			}
		}
		return out
	}
	ends := map[string][2]float64{}
	for _, r := range list(d["response_sets"]) {
		ends[r["id"].(string)] = [2]float64{r["min"].(float64), r["max"].(float64)}
	}
	scored := map[string]float64{}
	for i, it := range list(d["items"]) {
		if answers[i] == nil {
			continue
		}
		v := float64(*answers[i])
		if it["values"] != nil {
			t.Fatal("the second scorer knows no value maps: teach it")
		}
		if it["reverse"] == true {
			e := ends[it["response_set"].(string)]
			v = e[1] - (v - e[0])
		}
		scored[it["id"].(string)] = v
	}
	out := map[string]*float64{}
	for _, s := range list(d["scales"]) {
		var got []float64
		for _, id := range s["items"].([]any) {
			if v, ok := scored[id.(string)]; ok {
				got = append(got, v)
			}
		}
		out[s["id"].(string)] = nil
		if float64(len(got)) < s["min_answered"].(float64) {
			continue
		}
		v := 0.0
		for _, g := range got {
			v += g
		}
		switch s["aggregate"] {
		case "mean":
			v /= float64(len(got))
		case "mean_times":
			v = v * s["factor"].(float64) / float64(len(got))
		default:
			if len(got) < len(s["items"].([]any)) {
				t.Fatal("the second scorer fills nothing up: teach it")
			}
		}
		out[s["id"].(string)] = &v
	}
	return out
}

func TestASecondScorerAgrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := rapid.SampledFrom(Shipped()).Draw(rt, "quiz")
		document, err := assets.Content.ReadFile(path.Join(shippedFolder, d.ID+".json"))
		if err != nil {
			t.Fatal(err)
		}
		answers := anyAnswers(rt, d)
		bare := make([]*int, len(answers))
		for i, a := range answers {
			if a.Status == Answered {
				bare[i] = &answers[i].Code
			}
		}
		got, err := Score(d, answers)
		if err != nil {
			rt.Fatal(err)
		}
		want := second(rt, document, bare)
		if len(got.Scales) != len(want) {
			rt.Fatalf("%d scales, want %d", len(got.Scales), len(want))
		}
		for id, w := range want {
			g := got.Scales[id]
			if (g == nil) != (w == nil) || g != nil && math.Abs(*g-*w) > 1e-9 {
				rt.Fatalf("%s %s: %v, the second says %v", d.ID, id, show(g), show(w))
			}
		}
		if d.Profile != nil {
			sameProfile(rt, d, answers, want)
		}
	})
}

// sameProfile computes gaps, total, lead and top wish once more, straight from the rules.
func sameProfile(rt *rapid.T, d *Definition, answers []Answer, scale map[string]*float64) {
	codes := []string{"EM", "IN", "AF", "SX", "EX", "SP"}
	picks := rapid.SampledFrom([][]string{nil, {"EM"}, {"IN", "SX"}, {"AF", "SP"}}).Draw(rt, "picks")
	p, err := ScoreProfile(d, answers, picks, 0)
	if err != nil {
		rt.Fatal(err)
	}
	sum, n, best, most := 0.0, 0, 0.0, 0.0
	var lead, picked, top, prompts []string
	for _, c := range codes {
		e, w := scale[c+".experienced"], scale[c+".wanted"]
		if e != nil {
			sum, n = sum+*e, n+1
		}
		if w != nil && *w > best {
			best, lead, picked = *w, nil, nil
		}
		if w != nil && *w == best && best > 0 {
			lead = append(lead, c)
			for _, x := range picks {
				if x == c {
					picked = append(picked, c)
				}
			}
		}
		if e == nil || w == nil {
			continue
		}
		gap := *w - *e
		if gap > most {
			most, top = gap, nil
		}
		if gap == most && gap > 0 {
			top = append(top, c)
		}
		if gap <= -25 && (c == "AF" || c == "SX") {
			prompts = append(prompts, c)
		}
	}
	if len(picked) > 0 {
		lead = picked
	}
	if len(lead) > 3 {
		lead = []string{"balanced"}
	}
	if (p.TotalExperienced == nil) != (n < 5) || n >= 5 && math.Abs(*p.TotalExperienced-sum/float64(n)) > 1e-9 || p.Scored != n {
		rt.Fatalf("total %v of %d, the second says %v of %d", show(p.TotalExperienced), p.Scored, sum/float64(n), n)
	}
	for name, x := range map[string][2][]string{"lead": {p.Lead, lead}, "top wish": {p.TopWish, top}, "prompts": {p.CoachPrompts, prompts}} {
		if len(x[0]) != len(x[1]) {
			rt.Fatalf("%s: %v, the second says %v", name, x[0], x[1])
		}
		for i := range x[0] {
			if x[0][i] != x[1][i] {
				rt.Fatalf("%s: %v, the second says %v", name, x[0], x[1])
			}
		}
	}
}
