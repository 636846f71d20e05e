package quizzes

import (
	"encoding/json"
	"path"
	"testing"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/fault"
)

// FuzzParse holds every definition that is taken to what scoring relies on.
func FuzzParse(f *testing.F) {
	for _, id := range shippedOrder {
		b, err := assets.Content.ReadFile(path.Join(shippedFolder, id+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"format":1,"items":[{}],"scales":[{}],"profile":{}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		d, err := Parse(document)
		if err != nil {
			if !fault.Is(err, fault.BadInput) {
				t.Fatalf("%v", err)
			}
			return
		}
		lowest := make([]Answer, len(d.Items))
		for i, it := range d.Items {
			set, _ := d.ResponseSet(it.ResponseSet)
			lowest[i] = Is(set.Min)
		}
		scores, err := Score(d, lowest)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Scales {
			if v := scores.Scales[s.ID]; v == nil || *v < s.Range.Min && !near(*v, s.Range.Min) || *v > s.Range.Max && !near(*v, s.Range.Max) {
				t.Fatalf("scale %s scored %v of %v", s.ID, show(v), s.Range)
			}
		}
		if d.Profile != nil {
			if _, err := ScoreProfile(d, lowest, nil, 0); err != nil {
				t.Fatal(err)
			}
		}
		again, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(again); err != nil {
			t.Fatalf("written again it is refused: %v", err)
		}
	})
}

// FuzzAnswers holds typed answers to: refused with an item named, or one valid answer
// for each item that survives writing and reading.
func FuzzAnswers(f *testing.F) {
	for _, line := range []string{"2,1,2,2,1,2,3,4,2,2,3,2,4,4,3,3,4,2", "-,,–", "1,2,3", "", ",,", "9,9,9", "1, 2 ,+3"} {
		f.Add(line, "EM,IN")
	}
	f.Fuzz(func(t *testing.T, line, pick string) {
		for _, id := range []string{"icp-18", "kmss"} {
			d := quiz(t, id)
			answers, err := ParseAnswers(d, line)
			if err != nil {
				if e, ok := fault.As(err); !ok || e.Kind != fault.BadInput || e.Field == "" {
					t.Fatalf("%v", err)
				}
				continue
			}
			again, err := ParseAnswers(d, FormatAnswers(answers))
			if err != nil || FormatAnswers(again) != FormatAnswers(answers) || len(answers) != len(d.Items) {
				t.Fatalf("%q came back as %q, %v", line, FormatAnswers(again), err)
			}
			if b, err := ScoreJSON(id, line, pick); err == nil && !json.Valid(b) {
				t.Fatalf("%s", b)
			}
		}
	})
}
