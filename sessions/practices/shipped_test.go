package practices

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/couplet-app/couplet/assets"
	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
)

func library14(t *testing.T) []*Practice {
	t.Helper()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 14 {
		t.Fatalf("the library has %d practices, want 14", len(all))
	}
	return all
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := fs.ReadFile(assets.Content, folder+"/practice.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("practice.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("practice.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// document is a shipped practice as bare JSON.
func document(t *testing.T, id string) map[string]any {
	t.Helper()
	b, err := fs.ReadFile(assets.Content, folder+"/"+id+".json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Each practice is held to every field of the record: all fields there, at least four
// steps, one care note, one entry of evidence, and the variants that apply.
func TestEachPracticeHoldsTheSchema(t *testing.T) {
	s := schema(t)
	for i, p := range library14(t) {
		if want := fmt.Sprintf("pr-%02d", i+1); p.ID != want {
			t.Errorf("practice %d has id %s, want %s", i+1, p.ID, want)
		}
		if err := s.Validate(document(t, p.ID)); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
}

// What the schema and Validate demand is what the record has: without any one field
// both refuse.
func TestNoFieldCanBeMissing(t *testing.T) {
	s := schema(t)
	whole := document(t, "pr-05")
	for key := range whole {
		m := map[string]any{}
		for k, v := range whole {
			if k != key {
				m[k] = v
			}
		}
		if s.Validate(m) == nil {
			t.Errorf("the schema takes a practice without %s", key)
		}
	}
}

func TestShortRecordsAreRefused(t *testing.T) {
	s := schema(t)
	for name, spoil := range map[string]func(map[string]any){
		"three steps":      func(m map[string]any) { m["steps"] = m["steps"].([]any)[:3] },
		"no care note":     func(m map[string]any) { m["care_notes"] = []any{} },
		"no evidence":      func(m map[string]any) { m["evidence"] = []any{} },
		"no touch variant": func(m map[string]any) { delete(m["variants"].(map[string]any), "no_touch") },
		"alcohol variant":  func(m map[string]any) { delete(m["variants"].(map[string]any), "alcohol_free") },
		"empty step":       func(m map[string]any) { m["steps"].([]any)[1] = "" },
		"strength E":       func(m map[string]any) { m["evidence"].([]any)[0].(map[string]any)["strength"] = "E" },
		"unknown field":    func(m map[string]any) { m["colour"] = "red" },
		"unknown condition": func(m map[string]any) {
			m["locks"] = []any{map[string]any{"condition": "rain", "scope": "", "why": "x"}}
		},
		"unknown channel":    func(m map[string]any) { m["channels"] = []any{"XX"} },
		"no stop rule":       func(m map[string]any) { m["stop_rules"] = []any{} },
		"no cadence":         func(m map[string]any) { m["cadence"].(map[string]any)["every"] = "sometimes" },
		"nobody does it":     func(m map[string]any) { m["who"] = "someone" },
		"reviewed in spring": func(m map[string]any) { m["reviewed_on"] = "spring" },
	} {
		m := document(t, "pr-05")
		spoil(m)
		if s.Validate(m) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(fstest.MapFS{folder + "/pr-05.json": {Data: b}}); err == nil {
			t.Errorf("%s: Read takes it", name)
		}
	}
}

func TestValidateNamesTheFields(t *testing.T) {
	err := (&Practice{}).Validate()
	for _, field := range []string{"id", "version", "language", "owner", "title", "article_heading", "channels", "purpose", "who", "level", "prerequisites", "materials", "steps", "duration_min", "cadence", "min_weeks", "measures", "care_notes", "stop_rules", "log_visibility", "evidence", "variants"} {
		if !slices.Contains(faultFields(err), field) {
			t.Errorf("an empty practice: nothing about %s", field)
		}
	}
}

// The shipped text keeps to words that couples can read, names nobody as a reviewer
// and cites papers rather than addresses.
func TestShippedText(t *testing.T) {
	words := regexp.MustCompile(`(?i)\b(patients?|diagnos\w*|treatments?|therap\w*|dysfunction\w*|compliance|failed|invalid|husband|wife)\b|https?:|www\.|doi\.org`)
	names, err := fs.Glob(assets.Content, folder+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 17 {
		t.Fatalf("only %d files", len(names))
	}
	for _, name := range names {
		if strings.HasSuffix(name, "schema.json") {
			continue
		}
		b, err := fs.ReadFile(assets.Content, name)
		if err != nil {
			t.Fatal(err)
		}
		if m := words.Find(b); m != nil {
			t.Errorf("%s says %q", name, m)
		}
	}
	for _, p := range library14(t) {
		if p.ReviewedBy != "" || p.ReviewedOn != "" || p.Owner != Shipped {
			t.Errorf("%s claims a review", p.ID)
		}
		for _, step := range slices.Concat(p.Steps, p.CareNotes, p.StopRules) {
			for _, sentence := range regexp.MustCompile(`[.?!;:] `).Split(step, -1) {
				if n := len(strings.Fields(sentence)); n > 20 {
					t.Errorf("%s: a sentence of %d words: %s", p.ID, n, sentence)
				}
			}
		}
	}
}

// What the practices draw from is complete: 30 rituals of which ten work at a
// distance, three decks of 24 different questions, 80 feeling words, and so on.
func TestLists(t *testing.T) {
	want := map[string]int{"pr-01/complacency_check": 8, "pr-05/ideas": 30, "pr-07/areas": 8, "pr-09/rungs": 5, "pr-10/level_1": 24, "pr-10/level_2": 24, "pr-10/level_3": 24, "pr-11/touches": 15, "pr-13/feeling_words": 80}
	distance := 0
	for _, p := range library14(t) {
		seen := map[string]bool{}
		for _, l := range p.Lists {
			if n, ok := want[p.ID+"/"+l.Key]; ok && n != len(l.Items) {
				t.Errorf("%s %s has %d items, want %d", p.ID, l.Key, len(l.Items), n)
			}
			delete(want, p.ID+"/"+l.Key)
			for _, i := range l.Items {
				if seen[i.Text] {
					t.Errorf("%s says %q twice", p.ID, i.Text)
				}
				seen[i.Text] = true
				if p.ID == "pr-05" && slices.Contains(i.Tags, "long_distance") {
					distance++
				}
				if p.ID == "pr-05" && regexp.MustCompile(`(?i)wine|beer|kiss|danc`).MatchString(i.Text) {
					t.Errorf("a ritual needs alcohol, a kiss or dancing: %s", i.Text)
				}
			}
		}
	}
	if distance < 10 || len(want) > 0 {
		t.Errorf("%d rituals at a distance; missing: %v", distance, want)
	}
}

// A paper has one identifier and an identifier one paper; most papers have one.
func TestPapersAreCitedByTheirDOI(t *testing.T) {
	paper, id := map[string]string{}, map[string]string{}
	for _, p := range library14(t) {
		for _, e := range p.Evidence {
			if e.DOI == "" {
				continue
			}
			if was, ok := paper[e.DOI]; ok && was != e.Citation || id[e.Citation] != "" && id[e.Citation] != e.DOI {
				t.Errorf("%s: %s is cited as %q and %q", p.ID, e.DOI, was, e.Citation)
			}
			paper[e.DOI], id[e.Citation] = e.Citation, e.DOI
		}
	}
	if len(paper) < 35 {
		t.Errorf("%d papers have their DOI", len(paper))
	}
	p := *library14(t)[0]
	p.Evidence = []Evidence{{Citation: "Somebody (2020). A Journal, 1.", DOI: "https://example.org/10.1000/1", Claim: "It helps.", Strength: "C"}}
	if err := p.Validate(); !fault.Is(err, fault.BadInput) {
		t.Errorf("an address passed for a DOI: %v", err)
	}
}

func TestByID(t *testing.T) {
	p, err := ByID("pr-09")
	if err != nil || p.Title != "Letting yourself be seen" {
		t.Errorf("%v, %v", p, err)
	}
	if !slices.ContainsFunc(p.SubPractices, func(s SubPractice) bool { return s.ID == "pr-09b" }) {
		t.Error("pr-09b is missing")
	}
	if _, err := ByID("pr-99"); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v, want not found", err)
	}
}

func TestCareDefaultsAreInherited(t *testing.T) {
	notes, err := CareDefaults()
	if err != nil || len(notes) != 5 {
		t.Errorf("%d care notes for all, %v", len(notes), err)
	}
	if s, err := LogNote(); err != nil || s == "" {
		t.Errorf("log note %q, %v", s, err)
	}
}

func TestDefaultLogVisibility(t *testing.T) {
	joint := []string{"pr-03", "pr-05"}
	for _, p := range library14(t) {
		got := p.DefaultLogAccess(clients.SlotB)
		want := clients.Access{Subject: clients.SubjectB, Visibility: clients.PartnerB, Sensitivity: clients.Normal}
		if slices.Contains(joint, p.ID) {
			want.Visibility = clients.Joint
		}
		if p.ID == "pr-11" {
			want.Sensitivity = clients.Sensitive
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", p.ID, got, want)
		}
	}
}
