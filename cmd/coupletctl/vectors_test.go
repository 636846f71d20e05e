package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// document runs a command that needs no casebook and reads its document.
func document(t *testing.T, into any, argv ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), argv, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("%v: exit %d, %s", argv, code, errs.String())
	}
	d := json.NewDecoder(&out)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v: %v", argv, err)
	}
}

func vectors(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "sessions", "quizzes", "testdata", "scoring.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) < 0.00005
}

func TestScoreAgreesWithTheWorkedProfiles(t *testing.T) {
	all := vectors(t)
	type worked struct {
		Answers []*int                         `json:"answers"`
		Scores  map[string]map[string]*float64 `json:"scores"`
		Total   *float64                       `json:"total_E"`
		Types   int                            `json:"n_types"`
		Lead    []string                       `json:"lead"`
		Top     []string                       `json:"top_gap"`
		Pick    []string                       `json:"pick"`
	}
	profiles := map[string]worked{}
	if err := json.Unmarshal(all["ICP18"], &profiles); err != nil {
		t.Fatal(err)
	}
	var missing worked
	if err := json.Unmarshal(all["ICP_two_missing"], &missing); err != nil {
		t.Fatal(err)
	}
	profiles["two missing"] = missing
	for name, want := range profiles {
		fields := make([]string, len(want.Answers))
		for i, a := range want.Answers {
			fields[i] = "-"
			if a != nil {
				fields[i] = fmt.Sprint(*a)
			}
		}
		var got struct {
			Instrument   string                         `json:"instrument"`
			Version      string                         `json:"version"`
			Channels     map[string]map[string]*float64 `json:"channels"`
			Total        *float64                       `json:"total_experienced"`
			Scored       int                            `json:"channels_scored"`
			Lead         []string                       `json:"lead"`
			TopWish      []string                       `json:"top_wish"`
			Flags        []string                       `json:"flags"`
			CoachPrompts []string                       `json:"coach_prompts"`
		}
		document(t, &got, "score", "icp-18", "--answers", strings.Join(fields, ","), "--pick", strings.Join(want.Pick, ","), "--json")
		for code, s := range want.Scores {
			c := got.Channels[code]
			if !same(c["experienced"], s["E"]) || !same(c["wanted"], s["W"]) || !same(c["gap"], s["G"]) {
				t.Errorf("%s: channel %s", name, code)
			}
		}
		if !same(got.Total, want.Total) || got.Scored != want.Types || !slices.Equal(got.Lead, want.Lead) || !slices.Equal(got.TopWish, want.Top) {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Instrument != "icp-18" || got.Flags == nil || got.CoachPrompts == nil {
			t.Errorf("%s: a part is missing: %+v", name, got)
		}
	}
}

func TestScoreAgreesWithTheWorkedSums(t *testing.T) {
	all := vectors(t)
	var ras []struct {
		Raw  []int   `json:"raw"`
		Sum  float64 `json:"sum"`
		Mean float64 `json:"mean"`
	}
	if err := json.Unmarshal(all["RAS"], &ras); err != nil {
		t.Fatal(err)
	}
	if len(ras) == 0 {
		t.Fatal("no vectors")
	}
	for _, want := range ras {
		var got struct {
			Scales   map[string]*float64 `json:"scales"`
			Answered int                 `json:"answered"`
		}
		document(t, &got, "score", "ras", "--json", "--answers="+strings.Trim(strings.ReplaceAll(fmt.Sprint(want.Raw), " ", ","), "[]"))
		if !same(got.Scales["sum"], &want.Sum) || !same(got.Scales["mean"], &want.Mean) || got.Answered != 7 {
			t.Errorf("%v: %+v", want.Raw, got)
		}
	}
}

func TestChangeAgreesWithTheWorkedClasses(t *testing.T) {
	all := vectors(t)
	for name, parameters := range map[string][]string{"classify_RDAS": {"--threshold", "11.58", "--cutoff", "47.31"}, "classify_CSI16": {"--sd=17", "--reliability=.98", "--cutoff=51.5"}} {
		var cases []struct {
			From  float64 `json:"x1"`
			To    float64 `json:"x2"`
			Class string  `json:"cls"`
		}
		if err := json.Unmarshal(all[name], &cases); err != nil {
			t.Fatal(err)
		}
		if len(cases) == 0 {
			t.Fatal("no vectors")
		}
		for _, want := range cases {
			var got struct {
				Difference float64  `json:"difference"`
				RC         *float64 `json:"rc"`
				Threshold  *float64 `json:"threshold"`
				Class      *string  `json:"class"`
			}
			document(t, &got, append([]string{"change", "--json", "--from", fmt.Sprint(want.From), "--to", fmt.Sprint(want.To)}, parameters...)...)
			if got.Class == nil || *got.Class != want.Class || got.Difference != want.To-want.From || got.Threshold == nil || (got.RC == nil) != (name == "classify_RDAS") {
				t.Errorf("%s %g to %g: %+v", name, want.From, want.To, got)
			}
		}
	}
}
