package sessions

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/couplet-app/couplet/clients"
	"github.com/couplet-app/couplet/internal/fault"
)

func TestShippedTemplates(t *testing.T) {
	all, err := Templates()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range all {
		got = append(got, x.ID)
	}
	want := []string{"brief-contact", "closing", "couple-session", "dap-couple", "discovery-call", "individual-contact", "reflection"}
	if !slices.Equal(got, want) {
		t.Errorf("templates are %v, want %v", got, want)
	}
	for _, x := range all {
		if f, ok := x.Field("safety"); !ok || f.Sensitivity != clients.Safety {
			t.Errorf("%s: no safety note with sensitivity safety", x.ID)
		}
		for _, f := range x.Fields {
			for _, word := range []string{"patient", "diagnos", "treatment", "therap", "failed", "invalid"} {
				if strings.Contains(strings.ToLower(f.Label+" "+f.Hint), word) {
					t.Errorf("%s %s says %q", x.ID, f.Key, word)
				}
			}
		}
	}
}

// A couple session holds a joint note, A's note, B's note and the coach's reflection.
func TestCoupleSessionHasAPartForEachReader(t *testing.T) {
	x, err := TemplateByID("couple-session")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]clients.Visibility{
		"note_both": clients.Joint, "agreements": clients.Joint, "note_a": clients.PartnerA, "note_b": clients.PartnerB,
		"reflection": clients.CoachOnly, "view_a": clients.CoachOnly, "view_b": clients.CoachOnly, "safety": clients.CoachOnly,
	} {
		f, ok := x.Field(key)
		if !ok || f.Access("").Visibility != want {
			t.Errorf("%s is visible to %q, want %q", key, f.Visibility, want)
		}
	}
	for _, f := range x.ForSingle().Fields {
		if f.Subject == clients.SubjectB {
			t.Errorf("a single client's note has %s", f.Key)
		}
	}
}

func TestAttendeeFieldsBelongToWhoCame(t *testing.T) {
	x, err := TemplateByID("individual-contact")
	if err != nil {
		t.Fatal(err)
	}
	f, _ := x.Field("note_own")
	for about, want := range map[clients.Slot]clients.Access{
		clients.SlotA: {Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal},
		clients.SlotB: {Subject: clients.SubjectB, Visibility: clients.PartnerB, Sensitivity: clients.Normal},
		"":            {Subject: clients.SubjectBoth, Visibility: clients.CoachOnly, Sensitivity: clients.Normal},
	} {
		if got := f.Access(about); got != want {
			t.Errorf("about %q: %+v, want %+v", about, got, want)
		}
	}
	if got := Named(f.Label, "Priya", "Thomas", clients.SlotB); got != "Note for Thomas" {
		t.Errorf("label %q", got)
	}
}

// Whatever a template says, what one partner said alone does not open to the other,
// and what concerns safety stays with the coach.
func TestTemplateThatLeaksIsRefused(t *testing.T) {
	good := TemplateField{Key: "k", Label: "K", Kind: FieldText, Subject: clients.SubjectA, Visibility: clients.PartnerA, Sensitivity: clients.Normal}
	cases := map[string]func(*TemplateField){
		"A's data to B":       func(f *TemplateField) { f.Visibility = clients.PartnerB },
		"A's data to both":    func(f *TemplateField) { f.Visibility = clients.Joint },
		"both's data to A":    func(f *TemplateField) { f.Subject = clients.SubjectBoth },
		"safety to A":         func(f *TemplateField) { f.Sensitivity = clients.Safety },
		"others' data to A":   func(f *TemplateField) { f.Subject = clients.SubjectThird },
		"no audience":         func(f *TemplateField) { f.Visibility = "" },
		"choice without any":  func(f *TemplateField) { f.Kind = FieldChoice },
		"unknown kind":        func(f *TemplateField) { f.Kind = "picture" },
		"B's own to attendee": func(f *TemplateField) { f.Subject, f.Visibility = clients.SubjectB, attendee },
	}
	tmpl := Template{ID: "x", Version: 1, Language: "en", Title: "X", For: []string{"joint"}, Fields: []TemplateField{good}}
	if err := tmpl.Validate(); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	for name, spoil := range cases {
		f := good
		spoil(&f)
		tmpl.Fields = []TemplateField{f}
		b, err := json.Marshal(tmpl)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadTemplates(fstest.MapFS{"content/templates/x.json": {Data: b}})
		if !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}
