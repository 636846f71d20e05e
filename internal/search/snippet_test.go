package search

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What the first letters leave out is never what is looked for.
func TestEveryWordThatFoldsToTheTermIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		parts := rapid.SliceOf(rapid.OneOf(rapid.SampledFrom([]string{
			"river", "River", "RIVER", "rivers", "e\u0301te\u0301", "\u00e9t\u00e9", "Ete", "\u212aelvin", "kelvin", "Stra\u00dfe", "\u738b", "\u0645\u0627\u0621", "it's", "'", "a",
		}), rapid.String())).Draw(rt, "parts")
		body := strings.Join(parts, rapid.SampledFrom([]string{" ", "\n", ", ", "-", ""}).Draw(rt, "between"))
		want := rapid.SampledFrom([]string{"river", "ete", "kelvin", "stra\u00dfe", "\u738b", "\u0645\u0627\u0621", "a", "it"}).Draw(rt, "term")
		prefix := rapid.Bool().Draw(rt, "prefix")
		n := 0
		_, folded := wordsOf(body)
		for _, w := range folded {
			if w == want || prefix && strings.HasPrefix(w, want) {
				n++
			}
		}
		if got := len(matches(body, []term{{folded: []string{want}, prefix: prefix}})); got != min(n, maxFound) {
			rt.Fatalf("%q is in %q %d times, found %d times", want, body, n, got)
		}
	})
}
