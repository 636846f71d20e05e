package casebooktest

import (
	"fmt"
	"slices"
	"time"

	"github.com/couplet-app/couplet/internal/ids"
)

// testCase is one way in which a row can be open or closed.
type testCase struct {
	subject, visibility, sensitivity string
	name                             string
	releases                         []release
	open                             bool // the releases open the whole row to the other and to both
	deleted                          bool
}

type release struct {
	partner, scope, state, given, expires string
}

// few are the cases that a window is opened for: one for each way to be open or closed.
func few(today time.Time) []testCase {
	return slices.DeleteFunc(cases(today), func(c testCase) bool {
		switch c.name {
		case "both × joint × normal", "third_party × joint × normal", "A × partner_A × normal", "B × partner_B × normal", "both × coach_only × normal", "A × everybody × normal", "B × partner_B × safety", "A × partner_A × unheard_of",
			"A × partner_A × normal, released", "B × partner_B × normal, released", "A × partner_A × normal, released until the day before yesterday", "A × partner_A × normal, released from the day after tomorrow", "A × partner_A × normal, a part released",
			"A × coach_only × normal, narrowed after the release", "deleted":
			return false
		}
		return true
	})
}

// cases are every subject, visibility and sensitivity, those included that no version
// knows, and every kind of release.
func cases(today time.Time) []testCase {
	var out []testCase
	for _, subject := range []string{"A", "B", "both", "third_party"} {
		for _, visibility := range []string{"joint", "partner_A", "partner_B", "coach_only", "everybody"} {
			for _, sensitivity := range []string{"normal", "sensitive", "safety", "unheard_of"} {
				out = append(out, testCase{subject: subject, visibility: visibility, sensitivity: sensitivity, name: subject + " × " + visibility + " × " + sensitivity})
			}
		}
	}
	on := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }
	given := func(partner string) release { return release{partner: partner, state: "given", given: on(-21)} }
	a, b := given("A"), given("B")
	later, over, part, taken := a, a, a, a
	later.given, over.expires, part.scope, taken.state = on(2), on(-2), `["EM"]`, "withdrawn"
	until := a
	until.expires = on(1)
	add := func(name, subject, visibility, sensitivity string, open bool, releases ...release) {
		c := testCase{subject: subject, visibility: visibility, sensitivity: sensitivity, releases: releases, open: open}
		c.name = fmt.Sprintf("%s × %s × %s, %s", subject, visibility, sensitivity, name)
		out = append(out, c)
	}
	add("released", "A", "partner_A", "normal", true, a)
	add("released, sensitive", "A", "partner_A", "sensitive", true, a)
	add("released", "B", "partner_B", "normal", true, b)
	add("released until tomorrow", "A", "partner_A", "normal", true, until)
	add("released until the day before yesterday", "A", "partner_A", "normal", false, over)
	add("released from the day after tomorrow", "A", "partner_A", "normal", false, later)
	add("withdrawn", "A", "partner_A", "normal", false, a, taken)
	add("a part released", "A", "partner_A", "normal", false, part)
	add("whole and part released", "A", "partner_A", "normal", false, a, part)
	add("released by the other", "A", "partner_A", "normal", false, b)
	add("narrowed after the release", "A", "coach_only", "normal", false, a)
	add("released, of safety", "A", "partner_A", "safety", false, a)
	add("released, of unknown sensitivity", "A", "partner_A", "unheard_of", false, a)
	add("released, of unknown visibility", "A", "everybody", "normal", false, a)
	add("a part released, of unknown visibility", "A", "everybody", "normal", false, part)
	add("a part released, of unknown sensitivity", "A", "partner_A", "unheard_of", false, part)
	add("released by one", "both", "partner_A", "normal", false, a)
	add("released by both", "both", "partner_A", "normal", true, a, b)
	add("released by both", "third_party", "partner_A", "normal", false, a, b)
	out = append(out, testCase{subject: "both", visibility: "joint", sensitivity: "normal", name: "deleted", deleted: true})
	return out
}

// readers is who besides the coach may read the row, told again without the gate: this
// is what the gate is held to.
func (c testCase) readers(table string) []string {
	if c.deleted || (c.sensitivity != "normal" && c.sensitivity != "sensitive") || table == "safety_screen" {
		return nil
	}
	var out []string
	switch c.visibility {
	case "joint":
		out = []string{"a", "b", "joint"}
	case "partner_A":
		out = []string{"a"}
		if c.open {
			out = append(out, "b", "joint")
		}
	case "partner_B":
		out = []string{"b"}
		if c.open {
			out = append(out, "a", "joint")
		}
	}
	if c.subject == "third_party" {
		out = slices.DeleteFunc(out, func(r string) bool { return r == "joint" })
	}
	return out
}

// row is a row of a table for this case.
func (c testCase) row(table string, couple ids.ID, set map[string]any) row {
	r := row{table: table, id: ids.New(), couple: couple, subject: c.subject, readers: c.readers(table), name: c.name, set: map[string]any{}}
	if c.name == "of another couple" {
		r.readers = nil
	}
	for k, v := range set {
		r.set[k] = v
	}
	if c.deleted {
		r.set["deleted"] = 1
	}
	if _, ok := set["visibility"]; !ok {
		r.set["subject"], r.set["visibility"], r.set["sensitivity"] = c.subject, c.visibility, c.sensitivity
	}
	return r
}

// partner is whose a row is that needs a partner: of both and of others in turn.
func (c testCase) partner(i int) string {
	if c.subject == "A" || c.subject == "B" {
		return c.subject
	}
	return []string{"A", "B"}[i%2]
}
