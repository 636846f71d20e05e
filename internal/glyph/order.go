package glyph

import (
	"slices"
	"strings"
)

// Order puts the runs of one line from reading order into the order on the page,
// left to right (the Unicode bidirectional algorithm for text without embeddings,
// rules W2, W7, N1, N2, I1, I2, L2 and L4, on whole runs).
func Order(runs []Run, baseRTL bool) []Run {
	if !baseRTL && !slices.ContainsFunc(runs, Run.RTL) {
		return runs
	}
	runs = slices.Clone(runs)
	levels := levelsOf(runs, baseRTL)
	for i := range runs {
		if levels[i] == 1 && runs[i].class == neutral && !runs[i].Face.Shaped {
			runs[i].Text = mirror(runs[i].Text)
		}
	}
	for lvl := 2; lvl >= 1; lvl-- {
		for i := 0; i < len(runs); {
			j := i
			for j < len(runs) && levels[j] >= lvl {
				j++
			}
			slices.Reverse(runs[i:j])
			slices.Reverse(levels[i:j])
			i = max(j, i+1)
		}
	}
	return runs
}

func levelsOf(runs []Run, baseRTL bool) []int {
	base := left
	if baseRTL {
		base = right
	}
	// A number belongs to the letters before it; a neutral to what stands on both
	// sides of it, or to the base.
	strong := make([]class, len(runs))
	last := base
	for i, r := range runs {
		if r.class == left || r.class == right {
			last = r.class
		}
		strong[i] = last
	}
	next := base
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].class != neutral {
			next = strong[i]
			continue
		}
		if strong[i] != next {
			strong[i] = base
		}
	}
	levels := make([]int, len(runs))
	for i, r := range runs {
		switch {
		case strong[i] == right && r.class == number:
			levels[i] = 2
		case strong[i] == right:
			levels[i] = 1
		case baseRTL:
			levels[i] = 2
		}
	}
	return levels
}

// mirror turns punctuation round for a place where the text runs to the left.
func mirror(s string) string {
	pairs := strings.NewReplacer("(", ")", ")", "(", "[", "]", "]", "[", "{", "}", "}", "{", "<", ">", ">", "<", "«", "»", "»", "«")
	r := []rune(pairs.Replace(s))
	slices.Reverse(r)
	return string(r)
}
