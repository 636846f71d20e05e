package quizzes

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/couplet-app/couplet/assets"
)

// schema checks a document against the part of JSON Schema that the shipped schema
// uses. A keyword that it does not know is an error, so that nothing passes unread.
type schema struct {
	root  tree
	wrong []string
}

func (s *schema) check(at string, rule tree, v any) {
	if ref, ok := rule["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/$defs/")
		s.check(at, s.root["$defs"].(tree)[name].(tree), v)
		return
	}
	for keyword, want := range rule {
		switch keyword {
		case "$schema", "$id", "$defs", "title", "description", "required", "properties", "additionalProperties", "propertyNames":
		case "type":
			s.must(hasType(v, want.(string)), at, "is no %v", want)
		case "const":
			s.must(reflect.DeepEqual(v, want), at, "is not %v", want)
		case "enum":
			s.must(contains(want.([]any), v), at, "%v is not one of %v", v, want)
		case "pattern":
			s.must(regexp.MustCompile(want.(string)).MatchString(fmt.Sprint(v)), at, "%q does not match %v", v, want)
		case "minLength":
			s.must(float64(utf8.RuneCountInString(fmt.Sprint(v))) >= want.(float64), at, "is too short")
		case "maxLength":
			s.must(float64(utf8.RuneCountInString(fmt.Sprint(v))) <= want.(float64), at, "is too long")
		case "minimum":
			s.must(number(v) >= want.(float64), at, "is below %v", want)
		case "maximum":
			s.must(number(v) <= want.(float64), at, "is above %v", want)
		case "exclusiveMinimum":
			s.must(number(v) > want.(float64), at, "is not above %v", want)
		case "exclusiveMaximum":
			s.must(number(v) < want.(float64), at, "is not below %v", want)
		case "minItems":
			s.must(float64(len(list(v))) >= want.(float64), at, "has too few")
		case "maxItems":
			s.must(float64(len(list(v))) <= want.(float64), at, "has too many")
		case "items":
			for i, element := range list(v) {
				s.check(fmt.Sprintf("%s[%d]", at, i), want.(tree), element)
			}
		case "oneOf":
			s.oneOf(at, want.([]any), v)
		default:
			s.must(false, at, "the schema uses %q, which this test does not know", keyword)
		}
	}
	if object, ok := v.(tree); ok {
		s.object(at, rule, object)
	}
}

func (s *schema) object(at string, rule, object tree) {
	required, _ := rule["required"].([]any)
	for _, name := range required {
		_, ok := object[name.(string)]
		s.must(ok, at, "lacks %v", name)
	}
	properties, _ := rule["properties"].(tree)
	for name, value := range object {
		if names, ok := rule["propertyNames"].(tree); ok {
			s.check(at+"."+name, names, name)
		}
		if property, ok := properties[name].(tree); ok {
			s.check(at+"."+name, property, value)
			continue
		}
		switch additional := rule["additionalProperties"].(type) {
		case bool:
			s.must(additional, at, "has the unknown field %s", name)
		case tree:
			s.check(at+"."+name, additional, value)
		}
	}
}

func (s *schema) oneOf(at string, rules []any, v any) {
	fits := 0
	for _, rule := range rules {
		inner := &schema{root: s.root}
		inner.check(at, rule.(tree), v)
		if len(inner.wrong) == 0 {
			fits++
		}
	}
	s.must(fits == 1, at, "fits %d of the alternatives", fits)
}

func (s *schema) must(ok bool, at, format string, args ...any) {
	if !ok {
		s.wrong = append(s.wrong, at+" "+fmt.Sprintf(format, args...))
	}
}

func hasType(v any, name string) bool {
	switch x := v.(type) {
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && x == float64(int(x))
	case []any:
		return name == "array"
	case tree:
		return name == "object"
	}
	return false
}

func contains(all []any, v any) bool {
	for _, a := range all {
		if reflect.DeepEqual(a, v) {
			return true
		}
	}
	return false
}

func number(v any) float64 { x, _ := v.(float64); return x }

func list(v any) []any { x, _ := v.([]any); return x }

func againstSchema(t *testing.T, document tree) []string {
	t.Helper()
	b, err := assets.Content.ReadFile(path.Join(shippedFolder, "instrument.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := &schema{root: asTree(t, b)}
	s.check("$", s.root, document)
	return s.wrong
}

func TestShippedQuizzesFitTheSchema(t *testing.T) {
	for _, id := range shippedOrder {
		if wrong := againstSchema(t, shippedTree(t, id)); len(wrong) > 0 {
			t.Errorf("%s: %s", id, strings.Join(wrong, "; "))
		}
	}
	for _, name := range []string{"csi-16-positions", "csi-16-prorated", "seven", "own-channels"} {
		b, err := json.Marshal(testQuiz(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if wrong := againstSchema(t, asTree(t, b)); len(wrong) > 0 {
			t.Errorf("%s, written again: %s", filepath.Join("testdata", name), strings.Join(wrong, "; "))
		}
	}
}

// The schema names every field that the program reads and no other, and refuses
// what it should.
func TestSchemaAndProgramAgree(t *testing.T) {
	for name, bend := range map[string]func(tree){
		"unknown field":       func(m tree) { m["x"] = 1.0 },
		"unknown item field":  func(m tree) { at(m, "items", 0)["x"] = 1.0 },
		"missing field":       func(m tree) { delete(m, "licence_note") },
		"wrong type":          func(m tree) { at(m, "items", 0)["reverse"] = "yes" },
		"both ways of change": func(m tree) { at(m, "scales", 0)["reliable_change"].(tree)["threshold"] = 3.0 },
		"no items":            func(m tree) { m["items"] = []any{} },
		"wrong direction":     func(m tree) { m["direction"] = "left" },
	} {
		m := shippedTree(t, "ras")
		bend(m)
		if len(againstSchema(t, m)) == 0 {
			t.Errorf("%s fits the schema", name)
		}
		if _, err := parseTree(t, m); err == nil {
			t.Errorf("%s is taken by the program", name)
		}
	}
	b, err := assets.Content.ReadFile(path.Join(shippedFolder, "instrument.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	root := asTree(t, b)
	sameFields(t, "definition", root, reflect.TypeFor[Definition]())
	sameFields(t, "scale", root["$defs"].(tree)["scale"].(tree), reflect.TypeFor[Scale]())
	items := root["properties"].(tree)["items"].(tree)["items"].(tree)
	sameFields(t, "item", items, reflect.TypeFor[Item]())
	profile := root["properties"].(tree)["profile"].(tree)
	sameFields(t, "profile", profile, reflect.TypeFor[Profile]())
}

func sameFields(t *testing.T, what string, rule tree, typ reflect.Type) {
	t.Helper()
	properties := rule["properties"].(tree)
	fields := map[string]bool{}
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		fields[name] = true
		if _, ok := properties[name]; !ok {
			t.Errorf("the schema's %s lacks %s", what, name)
		}
	}
	for name := range properties {
		if !fields[name] {
			t.Errorf("the program's %s lacks %s", what, name)
		}
	}
}
