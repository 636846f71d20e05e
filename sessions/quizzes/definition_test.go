package quizzes

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/internal/fault"
)

// tree is a definition as plain JSON, to be bent for a test.
type tree = map[string]any

func shippedTree(t testing.TB, id string) tree {
	t.Helper()
	b, err := assets.Content.ReadFile(path.Join(shippedFolder, id+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return asTree(t, b)
}

func asTree(t testing.TB, b []byte) tree {
	t.Helper()
	var m tree
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func at(m tree, list string, i int) tree { return m[list].([]any)[i].(tree) }

func parseTree(t testing.TB, m tree) (*Definition, error) {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(b)
}

func TestImportRefuses(t *testing.T) {
	bands := func(m tree, pieces ...[4]any) {
		var all []any
		for i, p := range pieces {
			all = append(all, tree{"label": string(rune('a' + i)), "source": "s", "min": p[0], "max": p[1], "include_min": p[2], "include_max": p[3]})
		}
		at(m, "scales", 0)["bands"] = all
	}
	for _, c := range []struct {
		name, quiz string
		bend       func(tree)
		says       string
	}{
		{"declared range", "ras", func(m tree) { at(m, "scales", 0)["range"] = tree{"min": 0, "max": 35} }, "The scale sum is declared as 0–35, but its items give 7–35."},
		{"mean's range", "ras", func(m tree) { at(m, "scales", 1)["range"] = tree{"min": 1, "max": 7} }, "The scale mean is declared as 1–7, but its items give 1–5."},
		{"item twice", "ras", func(m tree) { at(m, "items", 3)["id"] = "3" }, "Item 3 stands twice."},
		{"scale twice", "ras", func(m tree) { at(m, "scales", 1)["id"] = "sum" }, "The scale sum stands twice."},
		{"response set twice", "qmi", func(m tree) { at(m, "response_sets", 1)["id"] = "one_to_seven" }, "The response set \"one_to_seven\" stands twice."},
		{"scale item missing", "ras", func(m tree) { at(m, "scales", 0)["items"].([]any)[6] = "8" }, "The scale sum uses item 8, which is not defined."},
		{"scale item twice", "ras", func(m tree) { at(m, "scales", 0)["items"].([]any)[6] = "1" }, "counts item 1 twice"},
		{"value map short", "ras", func(m tree) { at(m, "items", 1)["values"] = tree{"1": 5, "2": 4, "3": 3, "5": 1} }, "Item 2: the value map has no value for the answer 4."},
		{"value map long", "ras", func(m tree) { at(m, "items", 1)["values"] = tree{"1": 5, "2": 4, "3": 3, "4": 2, "5": 1, "6": 0} }, "Item 2: the value map names the answer 6"},
		{"value map empty", "ras", func(m tree) { at(m, "items", 1)["values"] = tree{} }, "Item 2: the value map has no value for the answer 1."},
		{"response set unknown", "ras", func(m tree) { at(m, "items", 1)["response_set"] = "x" }, "Item 2 uses the response set \"x\""},
		{"response set inside out", "ras", func(m tree) { at(m, "response_sets", 0)["max"] = 0 }, "goes from 1 to 0"},
		{"response set endless", "ras", func(m tree) { at(m, "response_sets", 0)["max"] = 2000000000 }, "needs 2 to 101 answers"},
		{"response set beyond all numbers", "ras", func(m tree) {
			set := at(m, "response_sets", 0)
			set["min"], set["max"] = math.MinInt64, math.MaxInt64
			at(m, "items", 0)["values"] = tree{"1": 1}
		}, "needs 2 to 101 answers"},
		{"label of no answer", "ras", func(m tree) { at(m, "response_sets", 0)["labels"] = tree{"0": "x"} }, "labels the answer 0"},
		{"band gap", "pulse", func(m tree) { bands(m, [4]any{0, 20, true, true}, [4]any{21, 50, true, true}) }, "gap between the bands \"a\" and \"b\""},
		{"band gap of one value", "pulse", func(m tree) { bands(m, [4]any{0, 20, true, false}, [4]any{20, 50, false, true}) }, "gap between the bands \"a\" and \"b\""},
		{"band overlap", "pulse", func(m tree) { bands(m, [4]any{0, 21, true, true}, [4]any{20, 50, true, true}) }, "\"a\" and \"b\" overlap"},
		{"band overlap of one value", "pulse", func(m tree) { bands(m, [4]any{0, 20, true, true}, [4]any{20, 50, true, true}) }, "\"a\" and \"b\" overlap"},
		{"bands too short", "pulse", func(m tree) { bands(m, [4]any{0, 20, true, true}) }, "must reach from 0 to 50"},
		{"bands open at the end", "pulse", func(m tree) { bands(m, [4]any{0, 50, true, false}) }, "must reach from 0 to 50, both included"},
		{"both ways of judging", "csi-4", func(m tree) { at(m, "scales", 0)["reliable_change"].(tree)["threshold"] = 3 }, "not both"},
		{"half a way of judging", "csi-4", func(m tree) { delete(at(m, "scales", 0)["reliable_change"].(tree), "sd") }, "go together"},
		{"reliability above 1", "csi-4", func(m tree) { at(m, "scales", 0)["reliable_change"].(tree)["reliability"] = 1.2 }, "below 1"},
		{"kind unknown", "csi-4", func(m tree) { at(m, "scales", 0)["reliable_change"].(tree)["kind"] = "guess" }, "cannot be \"guess\""},
		{"retest without interval", "csi-4", func(m tree) { at(m, "scales", 0)["reliable_change"].(tree)["kind"] = "retest" }, "needs its interval"},
		{"numbers without source", "csi-4", func(m tree) { at(m, "scales", 0)["reliable_change"].(tree)["source"] = "" }, "need their source and sample"},
		{"cut-off outside", "csi-4", func(m tree) { at(at(m, "scales", 0), "cut_offs", 0)["value"] = 22 }, "the cut-off 22 lies outside 0–21"},
		{"cut-off on the wrong side", "csi-4", func(m tree) { at(at(m, "scales", 0), "cut_offs", 0)["concern"] = "above" }, "the side of concern is \"below\""},
		{"cut-off without source", "csi-4", func(m tree) { at(at(m, "scales", 0), "cut_offs", 0)["source"] = "" }, "the cut-off 13.5 has no source"},
		{"sum with holes", "csi-4", func(m tree) { at(m, "scales", 0)["min_answered"] = 3 }, "3 of 4 answers enough; it needs the rule"},
		{"mean of unlike items with holes", "qmi", func(m tree) {
			s := at(m, "scales", 0)
			s["aggregate"], s["min_answered"], s["range"] = "mean", 5, tree{"min": 1, "max": 7.5}
		}, "different ranges"},
		{"prorated mean", "ras", func(m tree) { at(m, "scales", 1)["proration"] = "proportional_to_maximum" }, "only sums are filled up"},
		{"more answers needed than items", "ras", func(m tree) { at(m, "scales", 0)["min_answered"] = 8 }, "needs 8 answers, but it has 7 items"},
		{"factor without need", "ras", func(m tree) { at(m, "scales", 0)["factor"] = 2 }, "a factor above 0 goes with mean_times"},
		{"unknown aggregate", "ras", func(m tree) { at(m, "scales", 0)["aggregate"] = "median" }, "cannot be \"median\""},
		{"total undefined", "ras", func(m tree) { m["total"] = "all" }, "the scale \"all\", which is not defined"},
		{"text promised", "pulse", func(m tree) { at(m, "items", 2)["text"] = "" }, "Item 3 has no text"},
		{"text endless", "pulse", func(m tree) { at(m, "items", 2)["text"] = strings.Repeat("x", 2001) }, "longer than 2000"},
		{"format of the future", "ras", func(m tree) { m["format"] = 2 }, "format is 2"},
		{"no licence note", "ras", func(m tree) { m["licence_note"] = "" }, "needs \"licence_note\""},
		{"no source", "ras", func(m tree) { m["sources"] = []any{} }, "names no source"},
		{"mode unknown", "ras", func(m tree) { m["modes"] = []any{"telepathy"} }, "\"telepathy\" is no way"},
		{"direction unknown", "ras", func(m tree) { m["direction"] = "left" }, "cannot be \"left\""},
		{"id with a path", "ras", func(m tree) { m["id"] = "../x" }, "The quiz id \"../x\""},
		{"channel twice", "icp-18", func(m tree) { at(m["profile"].(tree), "channels", 1)["code"] = "EM" }, "The channel EM stands twice."},
		{"channel of nothing", "icp-18", func(m tree) { at(m["profile"].(tree), "channels", 1)["wanted"] = "x" }, "The channel IN uses the scale \"x\""},
		{"channel off its range", "icp-18", func(m tree) {
			at(m, "scales", 0)["factor"], at(m, "scales", 0)["range"] = 10, tree{"min": 0, "max": 40}
		}, "must reach from 0 to 100"},
		{"two channels", "icp-18", func(m tree) { p := m["profile"].(tree); p["channels"] = p["channels"].([]any)[:2] }, "3 to 9 channels, not 2"},
		{"channels without the use", "icp-18", func(m tree) { m["use"] = "outcome" }, "Channels go with the use"},
		{"unknown field", "ras", func(m tree) { m["scoring_script"] = "x" }, "not a quiz definition"},
	} {
		m := shippedTree(t, c.quiz)
		c.bend(m)
		d, err := parseTree(t, m)
		if err == nil || d != nil {
			t.Errorf("%s: was taken", c.name)
			continue
		}
		if !fault.Is(err, fault.BadInput) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestImportSaysEverythingThatIsWrong(t *testing.T) {
	m := shippedTree(t, "ras")
	at(m, "items", 3)["id"] = "3"
	at(m, "items", 1)["response_set"] = "x"
	_, err := parseTree(t, m)
	var many interface{ Unwrap() []error }
	if !errors.As(err, &many) || len(many.Unwrap()) != 2 {
		t.Errorf("%v", err)
	}
}

func TestImportRefusesWhatIsNoDefinition(t *testing.T) {
	whole, err := json.Marshal(shippedTree(t, "kmss"))
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"nothing": "", "no JSON": "hello", "a list": "[]", "null": "null", "cut short": string(whole[:len(whole)-1]),
		"two": string(whole) + string(whole), "a wrong type": `{"format":"1"}`, "huge": strings.Repeat(" ", maxDefinitionBytes+1),
	} {
		if _, err := Parse([]byte(document)); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBandsThatTouchAreTaken(t *testing.T) {
	d := testQuiz(t, "seven")
	scale, _ := d.Scale("total")
	if len(scale.Bands) != 2 {
		t.Fatalf("%d bands", len(scale.Bands))
	}
}

func TestHashIdentifiesTheContent(t *testing.T) {
	d := quiz(t, "ras")
	laidOutAnew, err := parseTree(t, shippedTree(t, "ras"))
	if err != nil || laidOutAnew.Hash() != d.Hash() || len(d.Hash()) != 64 {
		t.Errorf("%s is not %s, %v", laidOutAnew.Hash(), d.Hash(), err)
	}
	m := shippedTree(t, "ras")
	at(m, "items", 0)["reverse"] = true
	changed, err := parseTree(t, m)
	if err != nil || changed.Hash() == d.Hash() {
		t.Errorf("another reverse key has the same hash, %v", err)
	}
	seen := map[string]string{}
	for _, d := range Shipped() {
		if other := seen[d.Hash()]; other != "" {
			t.Errorf("%s and %s share a hash", d.ID, other)
		}
		seen[d.Hash()] = d.ID
	}
}

func TestShippedQuizzes(t *testing.T) {
	files, err := assets.Content.ReadDir(shippedFolder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(Shipped())+1 {
		t.Errorf("%d files for %d quizzes and the schema", len(files), len(Shipped()))
	}
	for _, d := range Shipped() {
		if d.IntervalDays == 0 || len(d.Modes) != 5 || d.Version == "" {
			t.Errorf("%s: interval %d, modes %v", d.ID, d.IntervalDays, d.Modes)
		}
		own := slices.Contains([]string{"icp-18", "pulse", "signs"}, d.ID)
		if d.TextShippable != own {
			t.Errorf("%s: texts shippable is %v", d.ID, d.TextShippable)
		}
		for _, it := range d.Items {
			if (it.Text != "") != own {
				t.Errorf("%s item %s: text %q", d.ID, it.ID, it.Text)
			}
			set, _ := d.ResponseSet(it.ResponseSet)
			if !own && len(set.Labels) > 0 {
				t.Errorf("%s: answer words %v may not be shipped", d.ID, set.Labels)
			}
		}
		for _, s := range d.Sources {
			if !s.Unverified && !strings.Contains(s.Citation, "https://doi.org/10.") && !strings.HasPrefix(s.Citation, "Own ") && !strings.Contains(s.Citation, "Handbook") {
				t.Errorf("%s cites %q without its DOI", d.ID, s.Citation)
			}
		}
	}
}

// Numbers that nobody has compared with the paper carry the label.
func TestUnverifiedNumbersAreLabelled(t *testing.T) {
	for id, unverified := range map[string]bool{"csi-4": true, "csi-16": true, "ras": true, "icp-18": true, "qmi": false} {
		for _, s := range quiz(t, id).Scales {
			if s.Change != nil && s.Change.Unverified != unverified {
				t.Errorf("%s %s: unverified is %v", id, s.ID, s.Change.Unverified)
			}
		}
	}
	for _, id := range []string{"pulse", "signs", "kmss"} {
		for _, s := range quiz(t, id).Scales {
			if s.Change != nil {
				t.Errorf("%s must not judge change", id)
			}
		}
	}
}

// The wording is what partners answered: it never changes within a version.
func TestICP18IsTheAgreedForm(t *testing.T) {
	d := quiz(t, "icp-18")
	if len(d.Items) != 18 || d.RetakeDays != 21 || d.Profile.QuickBelow != 45 || d.Profile.Pick.Max != 2 || d.Profile.MinChannels != 5 {
		t.Fatalf("%d items", len(d.Items))
	}
	var codes []string
	for _, c := range d.Profile.Channels {
		codes = append(codes, c.Code)
		if c.PromptOnSurplus != (c.Code == "AF" || c.Code == "SX") {
			t.Errorf("%s prompts: %v", c.Code, c.PromptOnSurplus)
		}
	}
	if !slices.Equal(codes, []string{"EM", "IN", "AF", "SX", "EX", "SP"}) {
		t.Errorf("channels %v", codes)
	}
	for i, it := range d.Items {
		if it.Reverse != (i >= 6 && i < 12) || it.Sensitive != (i%6 == 3) {
			t.Errorf("item %s: reverse %v, sensitive %v", it.ID, it.Reverse, it.Sensitive)
		}
	}
	for n, text := range map[int]string{1: "I could tell my partner what I was really feeling.", 8: "Our talk stayed on chores and arrangements.", 12: "I felt alone with what gives my life meaning.", 18: "I would like time for shared values, purpose or belief."} {
		if d.Items[n-1].Text != text {
			t.Errorf("item %d reads %q", n, d.Items[n-1].Text)
		}
	}
	const hash = "2725e80453acbfa79fd356a58432f3b33957028462d4e199fe2dfe7f0912912a"
	if d.Hash() != hash {
		t.Errorf("icp-18 %s changed: give it a new version, then write its hash here: %s", d.Version, d.Hash())
	}
}

func TestLoad(t *testing.T) {
	_, err := Load("no-such-quiz")
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	if _, hint := fault.Words(err); !strings.Contains(hint, "icp-18, pulse") {
		t.Errorf("the hint must list the quizzes: %s", hint)
	}
	if _, err := Load(t.TempDir()); !fault.Is(err, fault.System) {
		t.Errorf("a folder: %v", err)
	}
	bad := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(bad, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(bad); !fault.Is(err, fault.BadInput) {
		t.Errorf("an empty definition: %v", err)
	}
}
