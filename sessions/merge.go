package sessions

import (
	"slices"
	"strings"
)

// merge makes one text of two that were changed at the same time, line by line, as far
// as that is safe: no change of one lies at a change of the other, and no line stands
// anywhere twice, so that it is never in doubt which one was meant.
func merge(base, left, right string) (string, bool) {
	o, a, b := textLines(base), textLines(left), textLines(right)
	if repeats(o) || repeats(a) || repeats(b) {
		return "", false
	}
	as, bs := hunks(o, a), hunks(o, b)
	var out []string
	at := 0
	for len(as)+len(bs) > 0 {
		var h hunk
		switch {
		case len(bs) == 0 || (len(as) > 0 && as[0].to < bs[0].from):
			h, as = as[0], as[1:]
		case len(as) == 0 || bs[0].to < as[0].from:
			h, bs = bs[0], bs[1:]
		case as[0].from == bs[0].from && as[0].to == bs[0].to && slices.Equal(as[0].lines, bs[0].lines):
			h, as, bs = as[0], as[1:], bs[1:] // both did the same
		default:
			return "", false
		}
		out = append(append(out, o[at:h.from]...), h.lines...)
		at = h.to
	}
	out = append(out, o[at:]...)
	return strings.Join(out, "\n"), !repeats(out)
}

// textLines are the lines of a text.
func textLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
}

// repeats says whether a line with words stands there twice.
func repeats(lines []string) bool {
	seen := map[string]bool{}
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" && seen[l] {
			return true
		}
		seen[l] = true
	}
	return false
}

// hunk says that the lines from up to to of a text were replaced.
type hunk struct {
	from, to int
	lines    []string
}

// hunks are what has to be replaced in x to come to y. Lines with words are matched, and
// what lies between two of them is compared as a whole: lines without words are alike
// everywhere and tell nothing.
func hunks(x, y []string) []hunk {
	var out []hunk
	i, j := 0, 0
	gap := func(to, upto int) {
		for i < to && j < upto && x[i] == y[j] {
			i, j = i+1, j+1
		}
		for i < to && j < upto && x[to-1] == y[upto-1] {
			to, upto = to-1, upto-1
		}
		if i < to || j < upto {
			out = append(out, hunk{i, to, y[j:upto]})
		}
	}
	xa, xw := withWords(x)
	ya, yw := withWords(y)
	for _, p := range match(number(xw, yw)) {
		gap(xa[p.a], ya[p.b])
		i, j = xa[p.a]+1, ya[p.b]+1
	}
	gap(len(x), len(y))
	return out
}

// withWords are the lines that have words, and where they stand.
func withWords(lines []string) (at []int, out []word) {
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			at, out = append(at, i), append(out, word{text: l})
		}
	}
	return at, out
}
